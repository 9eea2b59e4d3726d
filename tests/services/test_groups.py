"""Groups through the service: roles, members, what was done for them, stepping up."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.errors import Conflict, Invalid, NotFound
from kithbook.services import batches, events, groups
from kithbook.store.models import LedgerEntry, Owner
from tests.services.factories import person, talk
from tests.services.helpers import key
from tests.services.test_growth import assert_constant_queries


def circle_of(owner: Owner, warm: int = 3, cold: int = 1) -> list[str]:
    """A group noted with its first event two years ago, and its members."""
    groups.add(owner, "Design Circle", kind="association")
    events.add(owner, "First evening", on=dt.date(2024, 11, 1), group="Design Circle")
    ids = []
    for number in range(warm + cold):
        who = person(owner, f"Person {'abcdefgh'[number] * 3}")
        talk(owner, who, *((60, 30, 10, 3) if number < warm else (1500, 1400)))
        groups.join(owner, "Design Circle", key(who))
        ids.append(key(who))
    return ids


def test_after_a_year_as_a_member_a_step_up_is_suggested(owner: Owner) -> None:
    """R114: three warm ties and a year as a member: the role to aim for, and whom to ask about it."""
    ids = circle_of(owner)
    groups.join(owner, "Design Circle", ids[1], role="Organiser")
    (found,) = groups.step_ups(owner)
    assert (found.group_name, found.role) == ("Design Circle", "Organiser")
    assert [one.id for one in found.ask] == [ids[1]]
    assert groups.show(owner, "Design Circle").step_up == found
    groups.edit(owner, "Design Circle", my_role="organiser")
    assert groups.step_ups(owner) == []


def test_no_step_up_in_a_young_group_or_among_strangers(owner: Owner) -> None:
    """R114: a group noted today, or one with two warm ties, suggests nothing."""
    circle_of(owner, warm=2, cold=4)
    groups.add(owner, "Young", my_role="member")
    for name in ("aaa", "bbb", "ccc"):
        who = person(owner, f"Young {name}")
        talk(owner, who, 30, 10, 3)
        groups.join(owner, "Young", key(who))
    assert groups.step_ups(owner) == []


def test_what_one_does_for_a_group_is_a_deposit(owner: Owner) -> None:
    """R114: service to the group is in the bank, with the group and those it was done with."""
    ids = circle_of(owner)
    view = groups.give(owner, "Design Circle", "organised the autumn evening", size=3, people=[ids[0]])
    assert [(one.text, one.size) for one in view.given] == [("organised the autumn evening", 3)]
    assert view.group.given == 1
    entry = LedgerEntry.objects.of(owner).get()
    assert (entry.kind, entry.direction, entry.group.name) == ("service", "gave", "Design Circle")
    groups.give(owner, "Design Circle", "wrote the minutes")
    assert groups.listing(owner)[0].given == 2
    assert view.batch
    batches.undo(owner, view.batch)
    assert [one.text for one in groups.show(owner, "Design Circle").given] == ["wrote the minutes"]
    for nonsense in ({"text": " "}, {"text": "x", "size": 6}, {"text": "x", "on": dt.date(2027, 1, 1)}):
        with pytest.raises(Invalid):
            groups.give(owner, "Design Circle", **nonsense)  # type: ignore[arg-type]


def test_members_have_roles_and_warmth(owner: Owner) -> None:
    ids = circle_of(owner, warm=1, cold=1)
    view = groups.join(owner, "Design Circle", ids[0], role="  chair ")
    assert [(one.person.id, one.role, one.state) for one in view.members] == [
        (ids[0], "chair", "alive"), (ids[1], "member", "dormant"),
    ]  # fmt: skip
    assert (view.group.members, view.group.warm, view.group.since) == (2, 1, dt.date(2024, 11, 1))
    assert [one.name for one in view.events] == ["First evening"]
    assert len(groups.leave(owner, "Design Circle", ids[0]).members) == 1
    with pytest.raises(NotFound, match="not noted"):
        groups.leave(owner, "Design Circle", ids[0])


def test_a_group_is_changed_and_taken_away(owner: Owner) -> None:
    groups.add(owner, "Design Circle")
    groups.add(owner, "Choir", my_role="tenor")
    with pytest.raises(Conflict, match="“Choir” already"):
        groups.edit(owner, "Design Circle", name="Choir")
    with pytest.raises(Conflict):
        groups.add(owner, "Choir")
    assert groups.edit(owner, "Choir", note="Tuesdays").note == "Tuesdays"
    events.add(owner, "Concert", group="Choir")
    groups.drop(owner, "Choir")
    assert [one.name for one in groups.listing(owner)] == ["Design Circle"]
    assert events.show(owner, "Concert").event.group is None


def test_a_stranger_sees_no_group(owner: Owner, stranger: Owner) -> None:
    circle_of(owner)
    assert groups.listing(stranger) == groups.step_ups(stranger) == []
    for act in (groups.show, groups.drop):
        with pytest.raises(NotFound):
            act(stranger, "Design Circle")


def test_groups_cost_the_same_for_ten_more(owner: Owner) -> None:
    circle_of(owner)

    def add() -> None:
        for number in range(10):
            name = f"Group {number}"
            groups.add(owner, name)
            who = person(owner, f"New {'abcdefghij'[number] * 3}")
            groups.join(owner, name, key(who))
            groups.join(owner, "Design Circle", key(who))
            groups.give(owner, name, "a talk")
            events.add(owner, f"Evening {number}", group=name)

    def read() -> object:
        return groups.listing(owner), groups.step_ups(owner), groups.show(owner, "Design Circle")

    assert_constant_queries(read, add)

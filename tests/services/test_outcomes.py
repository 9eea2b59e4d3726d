"""The log of outcomes: what came of the network, sought or by luck, and who opened the door."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.errors import Invalid, NotFound
from kithbook.core.ids import to_text
from kithbook.services import batches, clock, objectives, outcomes
from kithbook.store.models import Introduction, Owner, Referral
from tests.services.factories import person
from tests.services.helpers import key
from tests.services.test_growth import assert_constant_queries


def test_luck_is_attributed_to_people(owner: Owner) -> None:
    """R2, R49: a violin teacher found through a friend, without looking for one, is an outcome like a client is."""
    ada, bea = person(owner, "Ada Berg"), person(owner, "Bea Berg")
    outcomes.add(owner, "A violin teacher within a week", people=[key(ada), key(bea)], unexpected=True)
    outcomes.add(owner, "A gym", people=["Ada"], unexpected=True)
    outcomes.add(owner, "A client", people=["Ada"], value=12000.5)
    log = outcomes.listing(owner)
    assert (log.total, log.unexpected, log.value) == (3, 2, 12000.5)
    assert [(one.person.name, one.outcomes, one.unexpected) for one in log.contributors] == [
        ("Ada Berg", 3, 2), ("Bea Berg", 1, 1),
    ]  # fmt: skip
    assert {one.text for one in outcomes.listing(owner, unexpected=True).outcomes} == {
        "A gym", "A violin teacher within a week",
    }  # fmt: skip
    assert [one.text for one in outcomes.listing(owner, person="Bea").outcomes] == ["A violin teacher within a week"]


def test_an_introduction_or_referral_is_the_door(owner: Owner) -> None:
    """R7, R3: the job landed through an introduction names who introduced, with its date and value."""
    ada, bea, cem = (person(owner, name) for name in ("Ada Berg", "Bea Berg", "Cem Berg"))
    bridge = Introduction.objects.create(owner=owner, introducer=ada, first=bea, created_at=clock.now())
    door = Referral.objects.create(owner=owner, giver=cem, on=dt.date(2026, 10, 1))
    view = outcomes.add(
        owner, "The job at Meridian", on=dt.date(2026, 11, 2), introduction=to_text(bridge.pk),
        referral=to_text(door.pk), people=["Bea"], value=60000,
    )  # fmt: skip
    parties = {party.person.name: (party.introduction, party.referral) for party in view.parties}
    assert parties == {
        "Ada Berg": (to_text(bridge.pk), None), "Cem Berg": (None, to_text(door.pk)), "Bea Berg": (None, None),
    }  # fmt: skip
    assert (view.on, view.value) == (dt.date(2026, 11, 2), 60000.0)


def test_where_the_owner_introduced_the_first_of_the_two_is_named(owner: Owner) -> None:
    ada, bea = person(owner, "Ada Berg"), person(owner, "Bea Berg")
    bridge = Introduction.objects.create(owner=owner, first=ada, second=bea, created_at=clock.now())
    view = outcomes.add(owner, "They founded a firm", introduction=to_text(bridge.pk))
    assert [party.person.name for party in view.parties] == ["Ada Berg"]


def test_outcomes_of_an_objective(owner: Owner) -> None:
    """R3: what came of an objective, with those who contributed."""
    ada = person(owner, "Ada Berg")
    objectives.add(owner, "Clients")
    outcomes.add(owner, "First client", objective="Clients", people=[key(ada)])
    outcomes.add(owner, "A gym")
    log = outcomes.listing(owner, objective="Clients")
    assert [one.text for one in log.outcomes] == ["First client"]
    assert [one.person.name for one in log.contributors] == ["Ada Berg"]
    assert objectives.show(owner, "Clients").objective.outcomes == 1


def test_newest_come_first_and_one_can_be_taken_off_or_back(owner: Owner) -> None:
    old = outcomes.add(owner, "Old", on=dt.date(2024, 1, 1))
    new = outcomes.add(owner, "New", people=[key(person(owner, "Ada Berg"))])
    assert [one.text for one in outcomes.listing(owner).outcomes] == ["New", "Old"]
    assert new.batch
    batches.undo(owner, new.batch)
    outcomes.drop(owner, old.id)
    assert outcomes.listing(owner).total == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": " "}, "empty"),
        ({"text": "A job", "on": dt.date(2026, 11, 22)}, "still to come"),
        ({"text": "A job", "value": -1.0}, "cannot be noted"),
    ],
)
def test_nonsense_is_refused(owner: Owner, values: dict[str, object], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        outcomes.add(owner, **values)  # type: ignore[arg-type]


def test_a_stranger_sees_no_outcome(owner: Owner, stranger: Owner) -> None:
    ada = person(owner, "Ada Berg")
    view = outcomes.add(owner, "A job", people=[key(ada)])
    bridge = Introduction.objects.create(owner=owner, first=ada, created_at=clock.now())
    door = Referral.objects.create(owner=owner, giver=ada, on=dt.date(2026, 10, 1))
    assert outcomes.listing(stranger).total == 0
    for values in ({"introduction": to_text(bridge.pk)}, {"referral": to_text(door.pk)}, {"people": [key(ada)]}):
        with pytest.raises(NotFound):
            outcomes.add(stranger, "A job", **values)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        outcomes.drop(stranger, view.id)


def test_the_log_costs_the_same_for_ten_more(owner: Owner) -> None:
    ada = person(owner, "Ada Berg")
    objectives.add(owner, "Clients")

    def add(number: int) -> None:
        outcomes.add(owner, f"Outcome {number}", people=[key(ada)], objective="Clients")

    add(0)
    assert_constant_queries(lambda: outcomes.listing(owner), lambda: [add(n) for n in range(1, 11)])

"""The page before a meeting: everything that helps, nothing that is not known."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.errors import NotFound
from kithbook.services import bank, briefs, capturing, editing, facts
from kithbook.services.recording import record_interaction
from kithbook.store.models import Group, Membership, Owner, Promise
from tests.services.factories import person, talk
from tests.services.helpers import key, place
from tests.services.test_growth import assert_constant_queries, ten_more


def test_the_page_tells_who_what_was_said_and_what_is_open(owner: Owner) -> None:
    """R110: good notes at hand before a meeting."""
    cleo = person(owner, "Cleo Furt")
    anna = place(owner, person(owner, "Anna Berg", place="Graz", met_where="the fair", met_through=cleo), 3)
    editing.add_job(owner, key(anna), "Example GmbH", "engineer")
    record_interaction(owner, [anna], "call", on=dt.date(2026, 10, 1), minutes=20, note="her move to Linz")
    record_interaction(owner, [anna], "email", on=dt.date(2026, 9, 1), title="Re: Fwd: the plan")
    record_interaction(owner, [anna], "email", on=dt.date(2026, 8, 1), title="the plan")
    facts.note(owner, key(anna), "a flat in Linz", about="need")
    facts.note(owner, key(anna), "old maps", about="interest", on=dt.date(2023, 5, 1))
    Promise.objects.create(owner=owner, person=anna, text="the photos", made_on=dt.date(2026, 11, 1))
    Promise.objects.create(owner=owner, person=anna, by_me=False, text="a name", made_on=dt.date(2026, 11, 1))
    view = briefs.for_person(owner, "Anna")
    assert (view.place, view.affiliations[0].organisation) == ("Graz", "Example GmbH")
    assert view.met == "the fair, through Cleo Furt"
    assert [talk.text for talk in view.talks] == ["her move to Linz", "the plan"]
    assert [loop.kind for loop in view.mine_open] == ["promise"]
    assert [promise.text for promise in view.theirs_open] == ["a name"]
    assert view.give == ["They look for a flat in Linz: whom could you point them to?", "Something on old maps."]
    assert view.ask_about == ["Is it still true: old maps?", "What became of “her move to Linz”?"]
    assert [gap.code for gap in view.learn] == ["reach", "goal", "personal"]
    assert [one.name for one in view.in_common] == ["Cleo Furt"]
    assert view.may_ask


def test_how_often_and_how_fast_they_answer(owner: Owner) -> None:
    """R16: reply rate and latency of one person."""
    anna = person(owner, "Anna Berg")
    talk(owner, anna, 200, 150, 100, channel="email", direction=1)
    talk(owner, anna, 198, 146, channel="email", direction=-1)
    found = briefs.for_person(owner, key(anna)).replies
    assert (found.asked, found.answered, found.rate, found.median_days) == (3, 2, 0.667, 3.0)


def test_the_right_to_ask_is_in_a_line(owner: Owner) -> None:
    anna = place(owner, person(owner, "Anna Berg"), 5)
    talk(owner, anna, 60, 30, 10)
    assert "You may ask" in briefs.for_person(owner, key(anna)).may_ask
    bank.got(owner, key(anna), "referral", on=dt.date(2026, 11, 1))
    assert "Close a loop" in briefs.for_person(owner, key(anna)).may_ask


def test_sensitive_facts_are_seen_but_nothing_is_proposed_from_them(owner: Owner) -> None:
    """R110: shown to the owner, never brought along."""
    anna = person(owner, "Anna Berg")
    facts.note(owner, key(anna), "a lawyer for her divorce", about="need", sensitive=True, on=dt.date(2020, 1, 1))
    facts.note(owner, key(anna), "to be well again", about="goal", sensitive=True)
    view = briefs.for_person(owner, key(anna))
    assert [fact.text for fact in view.wants] == ["to be well again", "a lawyer for her divorce"]
    assert (view.give, view.ask_about) == ([], [])


def test_groups_make_people_in_common(owner: Owner) -> None:
    anna, ben, cleo = (person(owner, name) for name in ("Anna Berg", "Ben Stern", "Cleo Furt"))
    group = Group.objects.create(owner=owner, name="Choir")
    for one in (anna, ben):
        Membership.objects.create(owner=owner, group=group, person=one)
    assert [one.name for one in briefs.for_person(owner, key(anna)).in_common] == ["Ben Stern"]
    assert briefs.for_person(owner, key(cleo)).in_common == []


def test_somebody_of_whom_nothing_is_known_has_a_page_too(owner: Owner) -> None:
    view = briefs.for_person(owner, key(person(owner, "Nora Still")))
    assert (view.talks, view.mine_open, view.give, view.met, view.last_contact_on) == ([], [], [], "", None)
    assert view.learn


def test_a_stranger_gets_no_page(owner: Owner, stranger: Owner) -> None:
    anna = person(owner, "Anna Berg")
    with pytest.raises(NotFound):
        briefs.for_person(stranger, key(anna))


def test_the_page_costs_the_same_for_ten_more_of_everything(owner: Owner) -> None:
    anna = person(owner, "Anna Berg")

    def grow() -> None:
        ten_more(owner)()
        for number in range(10):
            facts.note(owner, key(anna), f"thing {number}", about="need")
            capturing.log(owner, f"promised Anna Berg a link {number}")
            talk(owner, anna, 10 + number)

    grow_first = lambda: capturing.log(owner, "promised Anna Berg a link")  # noqa: E731
    grow_first()
    facts.note(owner, key(anna), "thing", about="need")
    talk(owner, anna, 30)
    assert_constant_queries(lambda: briefs.for_person(owner, key(anna)), grow)

"""Promises both ways: made, kept, broken once, released, opened again; and how far words are kept."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import to_text
from kithbook.services import bankbook, batches, duties, ladder, people, promises
from kithbook.store.models import Batch, LedgerEntry, Owner, Person, Promise
from tests.services.factories import person
from tests.services.helpers import place, set_clock
from tests.services.test_growth import assert_constant_queries


@pytest.fixture
def anna(owner: Owner) -> Person:
    return person(owner, "Anna Berger")


def entries(owner: Owner) -> list[tuple[str, str]]:
    return list(LedgerEntry.objects.of(owner).order_by("pk").values_list("direction", "kind"))


def test_a_promise_of_mine_is_a_duty_until_it_is_kept_and_then_a_deposit(owner: Owner, anna: Person) -> None:
    """R92: a kept promise goes into the bank of the one who kept it."""
    row = promises.add(owner, "Anna", "  send the   paper ", due_on=dt.date(2026, 11, 25))
    assert (row.text, row.by_me, row.state, row.is_late) == ("send the paper", True, "open", False)
    assert [(duty.kind, duty.due_on) for duty in duties.gather(owner)] == [("promise", dt.date(2026, 11, 25))]
    kept = promises.keep(owner, row.id)
    assert (kept.state, kept.closed_on) == ("kept", dt.date(2026, 11, 21))
    assert entries(owner) == [("gave", "promise_kept")]
    assert duties.gather(owner) == []
    assert bankbook.account(owner, "Anna").gave == 2


def test_a_broken_promise_is_written_down_once_and_may_lower_the_stage(
    owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R92, R109: once in the bank, a repair to make, and a step down proposed."""
    place(owner, anna, 4)
    set_clock(monkeypatch, "2026-11-23T09:00:00+00:00")
    row = promises.add(owner, "Anna", "call back")
    promises.broken(owner, row.id)
    with pytest.raises(Refused):
        promises.broken(owner, row.id)
    assert entries(owner) == [("gave", "promise_broken")]
    assert bankbook.account(owner, "Anna").repairs[0].what.startswith("You broke a promise on 23 November 2026")
    proposal = people.show(owner, "Anna").proposal
    assert proposal is not None
    assert proposal.to_stage == 3


def test_what_they_broke_lowers_nothing_of_how_they_see_me(
    owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R92: their broken word is told where I say how I see them."""
    place(owner, anna, 4)
    set_clock(monkeypatch, "2026-11-23T09:00:00+00:00")
    promises.broken(owner, promises.add(owner, "Anna", "send the figures", by_me=False).id)
    assert entries(owner) == [("got", "promise_broken")]
    view = ladder.show(owner, "Anna")
    assert (view.proposal, view.theirs_broken_on) == (None, dt.date(2026, 11, 23))


def test_what_others_offer_without_a_day_is_remembered_and_never_late(owner: Owner, anna: Person) -> None:
    """R37: offers and intentions of others, undated, not chased."""
    promises.add(owner, "Anna", "be a resource one day", by_me=False)
    promises.add(owner, "Anna", "bring the book", by_me=False, due_on=dt.date(2026, 11, 21))
    found = promises.listing(owner)
    assert [row.text for row in found.offers] == ["be a resource one day"]
    assert [(row.text, row.is_late) for row in found.theirs] == [("bring the book", False)]
    assert duties.gather(owner) == []


def test_a_released_promise_counts_neither_way(owner: Owner, anna: Person) -> None:
    row = promises.add(owner, "Anna", "lunch")
    promises.release(owner, row.id)
    found = promises.listing(owner, "Anna")
    assert (found.my_reliability, found.my_words, entries(owner)) == (None, "", [])
    assert [one.state for one in found.closed] == ["released"]


def test_opening_again_takes_back_what_the_end_wrote(owner: Owner, anna: Person) -> None:
    first, second = (promises.add(owner, "Anna", "send the paper") for _ in range(2))
    promises.keep(owner, first.id)
    promises.keep(owner, second.id)
    promises.reopen(owner, first.id)
    assert entries(owner) == [("gave", "promise_kept")]
    assert [row.id for row in promises.listing(owner).mine] == [first.id]
    with pytest.raises(Refused):
        promises.reopen(owner, first.id)


def test_reliability_of_both_sides(owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """R92: reliability of each, overall and per person."""
    bruno = person(owner, "Bruno Costa")
    mine = [promises.add(owner, "Anna", f"thing {number}", due_on=dt.date(2026, 11, 22)) for number in range(3)]
    theirs = promises.add(owner, to_text(bruno.pk), "a link", by_me=False)
    set_clock(monkeypatch, "2026-11-23T09:00:00+00:00")
    assert [row.is_late for row in promises.listing(owner).mine] == [True] * 3
    promises.keep(owner, mine[0].id)
    promises.keep(owner, mine[1].id)
    promises.broken(owner, mine[2].id)
    promises.keep(owner, theirs.id)
    found = promises.listing(owner)
    assert (found.my_reliability, found.their_reliability) == (pytest.approx(2 / 3), 1.0)
    assert found.my_words == "You kept 2 of 3 promises, 2 of them after the day."
    assert promises.listing(owner, "Bruno").my_reliability is None


def test_a_promise_written_down_by_mistake_goes_away(owner: Owner, anna: Person) -> None:
    row = promises.add(owner, "Anna", "a slip")
    promises.drop(owner, row.id)
    assert not Promise.objects.exists()
    row = promises.add(owner, "Anna", "another slip")
    batches.undo(owner, to_text(Batch.objects.get(title="another slip").pk))
    assert promises.listing(owner).mine == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "},
        {"text": "x" * 501},
        {"text": "x", "made_on": dt.date(2026, 11, 22)},
        {"text": "x", "due_on": dt.date(2026, 11, 20)},
    ],
)
def test_a_promise_needs_words_and_days_in_order(owner: Owner, anna: Person, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        promises.add(owner, "Anna", **wrong)  # type: ignore[arg-type]
    assert not Promise.objects.exists()


def test_promises_come_by_their_day_those_without_last(owner: Owner, anna: Person) -> None:
    for text, due in (("c", None), ("b", dt.date(2026, 12, 2)), ("a", dt.date(2026, 12, 1))):
        promises.add(owner, "Anna", text, due_on=due)
    assert [row.text for row in promises.listing(owner).mine] == ["a", "b", "c"]


def test_the_list_costs_the_same_for_ten_more(owner: Owner, anna: Person) -> None:
    promises.add(owner, "Anna", "first")

    def grow() -> None:
        for number in range(10):
            promises.add(owner, to_text(person(owner, f"Other {number}").pk), "thing")

    assert_constant_queries(lambda: promises.listing(owner), grow)


def test_a_stranger_reads_and_closes_no_promise_of_mine(owner: Owner, stranger: Owner, anna: Person) -> None:
    row = promises.add(owner, "Anna", "send the paper")
    assert promises.listing(stranger).mine == []
    for act in (promises.keep, promises.broken, promises.release, promises.reopen, promises.drop):
        with pytest.raises(NotFound):
            act(stranger, row.id)
    with pytest.raises(NotFound):
        promises.add(stranger, to_text(anna.pk), "x")
    assert promises.listing(owner).mine == [row]

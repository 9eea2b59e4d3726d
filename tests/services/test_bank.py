"""The bank: what was given and got, with its size, day and person."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.errors import Invalid, NotFound
from kithbook.core.ids import to_text
from kithbook.core.ledger import KINDS
from kithbook.services import bank, batches, people, recording
from kithbook.store.models import Batch, EntryParty, LedgerEntry, Owner, Person
from tests.services.factories import person
from tests.services.helpers import key, snapshot


@pytest.fixture
def anna(owner: Owner) -> Person:
    return person(owner, "Anna Berger")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_given_and_got(owner: Owner, anna: Person, kind: str) -> None:
    for act, word in ((bank.gave, "gave"), (bank.got, "got")):
        view = act(owner, "Anna", kind)
        assert (view.direction, view.kind, view.size, view.label) == (word, kind, KINDS[kind].size, KINDS[kind].label)
    assert len(people.show(owner, "Anna").ledger) == 2


def test_size_note_and_day_are_kept(owner: Owner, anna: Person) -> None:
    day = dt.date(2026, 3, 1)
    view = bank.gave(owner, "Anna", "favour", size=5, note="Moved house", on=day)
    assert (view.size, view.note, view.on) == (5, "Moved house", day)
    assert people.show(owner, "Anna").ledger == [view]


@pytest.mark.parametrize(
    ("kind", "size", "on"),
    [("bribe", None, None), ("favour", 0, None), ("favour", 6, None), ("favour", 1, dt.date(2026, 11, 22))],
)
def test_what_cannot_be_entered_leaves_nothing(
    owner: Owner, anna: Person, kind: str, size: int | None, on: dt.date | None
) -> None:
    with pytest.raises(Invalid) as caught:
        bank.gave(owner, "Anna", kind, size=size, on=on)
    assert caught.value.hint
    assert not LedgerEntry.objects.exists()
    assert not Batch.objects.exists()


def test_giving_raises_the_balance_and_asking_draws_on_it(owner: Owner, anna: Person) -> None:
    assert people.show(owner, "Anna").balance == 0
    bank.gave(owner, "Anna", "favour", size=3)
    assert people.show(owner, "Anna").balance == 3
    bank.got(owner, "Anna", "ask", size=2)
    assert people.show(owner, "Anna").balance == 1
    bank.got(owner, "Anna", "gift", size=4)
    assert people.show(owner, "Anna").balance == 1


def test_the_balance_ages(owner: Owner, anna: Person) -> None:
    bank.gave(owner, "Anna", "favour", size=2, on=dt.date(2025, 11, 21))
    assert people.show(owner, "Anna").balance == pytest.approx(1, abs=0.01)


def test_entries_outside_the_balance_are_shown_and_not_counted(owner: Owner, anna: Person) -> None:
    view = bank.gave(owner, "Anna", "favour", size=3)
    LedgerEntry.objects.update(outside_balance=True)
    page = people.show(owner, "Anna")
    assert (page.balance, page.ledger) == (0, [view])


def test_a_person_is_one_party_of_an_entry(owner: Owner, anna: Person) -> None:
    row = recording.record_entry(owner, [anna, anna], "gave", "item")
    assert row.parties.count() == 1


def test_an_entry_is_taken_back(owner: Owner, anna: Person) -> None:
    before = snapshot(owner)
    view = bank.got(owner, "Anna", "referral")
    batches.undo(owner, view.batch or "")
    assert snapshot(owner) == before
    assert not EntryParty.objects.exists()


def test_thanks_that_name_an_entry_outlive_it(owner: Owner, anna: Person) -> None:
    view = bank.got(owner, "Anna", "referral")
    cause = LedgerEntry.objects.get()
    recording.record_entry(owner, [anna], "gave", "thanks", cause=cause)
    batches.undo(owner, view.batch or "")
    left = LedgerEntry.objects.of(owner).get()
    assert (left.kind, left.cause_entry_id) == ("thanks", None)


def test_a_stranger_enters_nothing_with_people_of_mine(owner: Owner, stranger: Owner, anna: Person) -> None:
    view = bank.gave(owner, "Anna", "item")
    for who in (key(anna), "Anna"):
        with pytest.raises(NotFound):
            bank.got(stranger, who, "favour")
    with pytest.raises(NotFound):
        batches.undo(stranger, view.batch or to_text(0))
    assert LedgerEntry.objects.count() == 1

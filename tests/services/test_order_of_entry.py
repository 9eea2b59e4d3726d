"""Rows of one day are listed in the order in which they were entered, though their ids are random."""

from __future__ import annotations

from kithbook.services import asks, bank, bankbook, capturing, editing, outcomes, personpage, promises, requests
from kithbook.store.ids import new_turn
from kithbook.store.models import Owner
from tests.services.factories import person
from tests.services.helpers import key, snapshot

TIMES = 12
"""Random ids would keep this order once in half a billion runs."""


def test_what_was_entered_last_on_a_day_is_listed_last_everywhere(owner: Owner) -> None:
    """R110: the bank, reasons to ask, promises, requests, outcomes and exchanges of a day keep the order of entry."""
    anna = person(owner, "Anna Berger")
    who, words = key(anna), [f"thing {number:02}" for number in range(TIMES)]
    for word in words:
        bank.gave(owner, who, "item", note=word)
        promises.add(owner, who, word)
        requests.received(owner, who, word)
        outcomes.add(owner, word)
        editing.note_topic(owner, who, "need", word)
        capturing.log(owner, f"call with Anna Berger {word}")
    newest = words[::-1]
    assert [row.note for row in bankbook.entries(owner, who).entries] == newest
    assert [row.text for row in requests.inbox(owner).open] == words
    assert [row.text for row in outcomes.listing(owner).outcomes] == newest
    page = personpage.page(owner, anna)
    assert [row.note for row in page.ledger] == newest
    assert [row.text for row in page.promises] == newest
    assert [row.text for row in page.topics if row.kind == "need"] == newest
    assert [row.note[-8:] for row in page.interactions] == newest
    given = [reason.fact for reason in asks.check(owner, who, 1).reasons if "thing" in reason.fact]
    assert given and [fact for fact in given if newest[0] in fact] == given[:1]


def test_the_order_of_entry_survives_an_export(owner: Owner) -> None:
    anna = person(owner, "Anna Berger")
    for number in range(TIMES):
        bank.gave(owner, key(anna), "item", note=f"{number:02}")
    rows = snapshot(owner)["tables"]["ledger_entry"]
    assert [row["note"] for row in sorted(rows, key=lambda row: row["turn"])] == [f"{n:02}" for n in range(TIMES)]
    assert all(0 < row["turn"] < 2**53 for row in rows)  # JavaScript reads them exactly


def test_a_turn_is_never_given_twice() -> None:
    turns = [new_turn() for _ in range(5_000)]
    assert turns == sorted(set(turns))

"""All entries of a person have one home: the list, the page, the bank and the right to ask reckon with the same."""

from __future__ import annotations

import datetime as dt

from kithbook.services import asks, bank, bankbook, batches, capturing, clock, duties, helping, people
from kithbook.store.models import Ask, Owner
from tests.services.factories import person
from tests.services.helpers import key


def test_help_is_counted_once_wherever_the_account_is_shown(owner: Owner) -> None:
    """R15, R100: entries, granted asks and missing thanks make one account for the list, the page and the bank."""
    frank = person(owner, "Frank Weber")
    long_ago = clock.today(owner) - dt.timedelta(days=60)
    bank.got(owner, key(frank), "referral", size=4, on=long_ago)
    bank.gave(owner, key(frank), "gift", size=3)
    # Of other programs: an ask that was granted, without an entry of the bank beside it.
    Ask.objects.create(owner=owner, person=frank, size=2, text="a desk", asked_on=long_ago, outcome="gladly")
    written = asks.record(owner, key(frank), 3, text="a reading", outcome="gladly")
    assert written.batch
    every = helping.whole(owner, [frank.pk])[frank.pk]
    assert sorted((entry.direction, entry.kind, entry.size) for entry in every) == [
        ("gave", "gift", 3), ("gave", "unthanked_referral", 2), ("gave", "unthanked_referral", 2),
        ("got", "ask", 2), ("got", "ask", 3), ("got", "referral", 4),
    ]  # fmt: skip
    account, page = bankbook.account(owner, key(frank)), people.show(owner, key(frank))
    assert account.net == page.balance == people.search(owner, "Frank").people[0].balance
    assert page.bank and (page.bank.gave, page.bank.got) == (account.gave, account.got)


def test_an_ask_granted_in_a_sentence_is_in_the_bank_as_if_it_was_recorded(owner: Owner) -> None:
    """R15: what a captured yes took is listed with the person, counted once, and goes with the undo."""
    frank = person(owner, "Frank Weber")
    done = capturing.log(owner, "asked Frank for a reading of the draft, he said yes")
    page = people.show(owner, key(frank))
    assert [(row.direction, row.kind) for row in page.ledger] == [("got", "ask")]
    assert len(helping.whole(owner, [frank.pk])[frank.pk]) == 1
    assert [(duty.kind, duty.ref.split(":")[0]) for duty in duties.gather(owner)] == [("thanks", "help")]
    batches.undo(owner, done.batch or "")
    assert helping.whole(owner, [frank.pk])[frank.pk] == []

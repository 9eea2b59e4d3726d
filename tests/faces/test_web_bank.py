"""The bank in the browser: entries with all their fields, the list of gifts, promises, what to put right."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from kithbook.services import bank, bankbook, editing, ladder, people, promises
from kithbook.services.views import PersonPage
from kithbook.store.models import LedgerEntry, Owner, Promise
from tests.faces.pages import section, source_of
from tests.services.helpers import set_clock


@pytest.fixture
def frank(owner: Owner) -> PersonPage:
    page = editing.add(owner, "Frank Okafor", email="frank@example.org")
    ladder.place(owner, page.id, 3)
    return people.show(owner, page.id)


def test_an_empty_bank_says_how_it_fills(client: Client, owner: Owner) -> None:
    page = source_of(client, reverse("bank"))
    assert "Nothing is written down yet" in page
    assert "this page says whom to give something next" in page


def test_the_form_writes_an_entry_with_all_its_fields(client: Client, owner: Owner, frank: PersonPage) -> None:
    """R4, R12, R19, R77: several people, minutes, private money, no strings, how it felt; taken back by undo."""
    editing.add(owner, "Dana Weiss")
    source = bank.got(owner, "Dana", "advice")
    sent = {
        "direction": "gave", "people": "Frank, Dana", "kind": "advice", "size": "3", "note": "On his talk",
        "on": "2026-11-20", "details": "1", "minutes": "45", "money": "12.50", "currency": "EUR", "meaningful": "yes",
        "inspired_by": source.id, "satisfaction": "Good to see him shine", "no_strings": "1", "asked": "1",
    }  # fmt: skip
    response = client.post(reverse("bank_add"), sent)
    assert response.headers["Location"] == reverse("bank")
    entry = bankbook.entries(owner, direction="gave").entries[0]
    assert [who.name for who in entry.people] == ["Dana Weiss", "Frank Okafor"]
    assert (entry.on, entry.size, entry.minutes, entry.money, entry.asked) == (
        dt.date(2026, 11, 20),
        3,
        45,
        "12.50",
        True,
    )
    assert (entry.inspired_by, entry.no_strings, entry.outside_balance) == (source.id, True, False)
    page = source_of(client, reverse("bank"))
    assert "“Good to see him shine”" in page
    undo = re.search(r'action="(/batches/[^"]+/undo)"', page)
    assert undo is not None
    client.post(undo.group(1))
    assert LedgerEntry.objects.count() == 1


def test_an_unknown_name_writes_nothing(client: Client, owner: Owner, frank: PersonPage) -> None:
    sent = {"direction": "gave", "people": "Frank, Nobody", "kind": "item"}
    assert client.post(reverse("bank_add"), sent).status_code == 404
    assert client.post(reverse("bank_add"), sent | {"people": ""}).status_code == 400
    assert not LedgerEntry.objects.exists()


def test_the_list_of_gifts_is_worked_off_by_one_click(client: Client, owner: Owner, frank: PersonPage) -> None:
    """R84, R85, R77, R18: each with one thing; done is a small deposit, and the week's help is seen."""
    editing.note_topic(owner, frank.id, "interest", "river boats")
    page = source_of(client, reverse("bank"))
    assert "Send them something on river boats." in section(page, 'id="give"')
    client.post(reverse("bank_give", args=[frank.id]), {"note": "Send them something on river boats."})
    entry = bankbook.entries(owner).entries[0]
    assert (entry.kind, entry.size, entry.direction) == ("item", 1, "gave")
    page = source_of(client, reverse("bank"))
    assert "Frank Okafor" not in section(page, 'id="give"')
    assert "in 1 of the last 12 weeks you gave something" in page


def test_an_entry_is_changed_and_taken_away_on_its_page(client: Client, owner: Owner, frank: PersonPage) -> None:
    view = bank.gave(owner, frank.id, "favour", size=2, note="Moved house")
    address = reverse("bank_entry_page", args=[view.id])
    page = source_of(client, address)
    assert 'value="Moved house"' in page
    sent = {"direction": "gave", "kind": "gift", "size": "4", "note": "A chair", "on": "2026-11-01", "details": "1",
            "meaningful": "no", "outside_balance": "1"}  # fmt: skip
    assert client.post(address, sent).status_code == 303
    entry = bankbook.entry(owner, view.id)
    assert (entry.kind, entry.size, entry.note, entry.meaningful) == ("gift", 4, "A chair", False)
    assert (entry.outside_balance, entry.no_strings, entry.asked) == (True, False, False)
    client.post(reverse("bank_entry_drop", args=[view.id]))
    assert not LedgerEntry.objects.exists()
    assert client.get(address).status_code == 404


def test_the_history_is_filtered_by_person_direction_and_kind(client: Client, owner: Owner, frank: PersonPage) -> None:
    """R20, R28: everything each way for ever."""
    bank.gave(owner, frank.id, "item", note="the article")
    bank.got(owner, frank.id, "referral", note="an old door", on=dt.date(2006, 1, 1))
    both = source_of(client, reverse("bank_entries"))
    assert "the article" in both
    assert "1 Jan 2006" in both
    gave = source_of(client, reverse("bank_entries") + "?direction=gave&person=Frank")
    assert "the article" in gave
    assert "an old door" not in gave
    assert "Nothing here" in source_of(client, reverse("bank_entries") + "?kind=gift&direction=sideways")


def test_promises_are_made_kept_and_opened_again(client: Client, owner: Owner, frank: PersonPage) -> None:
    """R92: promises both ways with due dates, kept and broken, and reliability."""
    sent = {"person": "Frank", "text": "send the paper", "by": "me", "due_on": "2026-11-25"}
    client.post(reverse("promise_add"), sent)
    row = promises.listing(owner).mine[0]
    assert "send the paper" in section(source_of(client, reverse("bank")), 'id="promises"')
    client.post(reverse("promise_keep", args=[row.id]))
    assert Promise.objects.get().state == "kept"
    page = source_of(client, reverse("bank"))
    assert "You kept 1 of 1 promise." in page
    assert reverse("promise_reopen", args=[row.id]) in page
    client.post(reverse("promise_reopen", args=[row.id]))
    assert Promise.objects.get().state == "open"
    client.post(reverse("promise_broken", args=[row.id]))
    assert LedgerEntry.objects.get().kind == "promise_broken"
    assert "You broke a promise" in source_of(client, reverse("bank"))
    assert client.post(reverse("promise_keep", args=[row.id])).status_code == 422


def test_an_offer_without_a_day_is_shown_and_never_due(client: Client, owner: Owner, frank: PersonPage) -> None:
    """R37: what others offered is remembered and nobody is reminded of it."""
    client.post(reverse("promise_add"), {"person": frank.id, "text": "be a resource one day", "by": "them"})
    part = section(source_of(client, reverse("bank")), "Offered without a day")
    assert "be a resource one day" in part
    assert 'class="tag' not in part
    assert "Offered without a day" in source_of(client, reverse("person", args=[frank.id]))


def test_friction_is_put_right_from_the_page(client: Client, owner: Owner, frank: PersonPage) -> None:
    """R109: the repair is proposed and done in place."""
    bank.gave(owner, frank.id, "friction", on=dt.date(2026, 11, 3))
    assert "Something rubbed on 3 November 2026" in source_of(client, reverse("bank"))
    client.post(reverse("bank_entry", args=[frank.id]), {"direction": "gave", "kind": "apology"})
    assert "Something rubbed" not in source_of(client, reverse("bank"))


def test_the_page_of_a_person_shows_the_account(client: Client, owner: Owner, frank: PersonPage) -> None:
    """R16, R89, R91, R115: both ways, rounds, replies and wishes, in words."""
    bank.gave(owner, frank.id, "advice", on=dt.date(2026, 10, 1))
    bank.got(owner, frank.id, "advice", on=dt.date(2026, 11, 1))
    part = section(source_of(client, reverse("person", args=[frank.id])), 'id="bank"')
    assert "It goes both ways." in part
    assert "1 round of giving each way, usually 31 days apart." in part
    assert "All 2 entries" in part


def test_the_balance_of_a_friend_is_not_on_the_page_unless_asked(
    client: Client, owner: Owner, frank: PersonPage
) -> None:
    """R10: with friends nobody keeps count; the owner may ask to see it."""
    ladder.place(owner, frank.id, 7)
    bank.gave(owner, frank.id, "gift", size=5)
    part = section(source_of(client, reverse("person", args=[frank.id])), 'id="bank"')
    assert "nobody keeps count" in part
    assert "<dl" not in part
    client.post(reverse("edit", args=[frank.id]), {"marks": "shows_balance", "shows_balance": "1"})
    assert "<dl" in section(source_of(client, reverse("person", args=[frank.id])), 'id="bank"')


def test_the_bank_never_speaks_of_owing(client: Client, village: Owner) -> None:
    """R10: no word of owing on the page, and nobody sorted by what they did not return."""
    page = re.sub(r"<[^>]+>", " ", source_of(client, reverse("bank"))).lower()
    for word in ("debt", "owes", "owed", "repay", "score"):
        assert word not in page


def test_the_pages_of_the_bank_cost_the_same_for_more_people(client: Client, owner: Owner) -> None:
    from tests.services.test_growth import assert_constant_queries, rich, ten_more

    rich(owner, "Anna Berger")
    assert_constant_queries(lambda: source_of(client, reverse("bank")), ten_more(owner))
    assert_constant_queries(lambda: source_of(client, reverse("bank_entries")), ten_more(owner, "Later"))


def test_the_page_of_a_person_costs_the_same_for_a_longer_account(
    client: Client, owner: Owner, frank: PersonPage
) -> None:
    from tests.services.test_growth import assert_constant_queries

    def grow(times: int = 10) -> None:
        for number in range(times):
            entry = bank.gave(owner, frank.id, "advice", note=f"talk {number}")
            bank.got(owner, frank.id, "advice", inspired_by=entry.id)
            promises.add(owner, frank.id, f"thing {number}")

    grow(2)
    assert_constant_queries(lambda: source_of(client, reverse("person", args=[frank.id])), grow)


def test_somebody_elses_entries_and_promises_are_not_there(client: Client, owner: Owner, stranger: Owner) -> None:
    theirs = editing.add(stranger, "Hidden Person")
    entry, word = bank.gave(stranger, theirs.id, "item"), promises.add(stranger, theirs.id, "a secret")
    assert client.get(reverse("bank_entry_page", args=[entry.id])).status_code == 404
    for address in (
        reverse("bank_entry_drop", args=[entry.id]),
        reverse("promise_keep", args=[word.id]),
        reverse("bank_give", args=[theirs.id]),
    ):
        assert client.post(address).status_code == 404
    assert "Hidden Person" not in source_of(client, reverse("bank"))
    assert promises.listing(stranger).mine[0].state == "open"


def test_weeks_without_a_gift_are_no_reproach(
    client: Client, owner: Owner, frank: PersonPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R39: nothing given for long is a plain list, without red and without counting up."""
    bank.gave(owner, frank.id, "item")
    set_clock(monkeypatch, "2027-11-21T09:00:00+00:00")
    page = section(source_of(client, reverse("bank")), 'id="give"')
    assert "Last given 12 months ago." in page
    assert "tag warm" not in page

"""The page of thanks: whom to thank and how, neglected referrers, referrals both ways, doors."""

from __future__ import annotations

import datetime as dt
import html

import pytest
from django.test import Client
from django.urls import reverse

from kithbook.services import bank, editing, referrals
from kithbook.services.views import PersonPage
from kithbook.store.models import LedgerEntry, Owner, Referral
from tests.faces.pages import count_queries

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def sabine(owner: Owner) -> PersonPage:
    return editing.add(owner, "Sabine Koestler")


@pytest.fixture
def door(owner: Owner, sabine: PersonPage) -> str:
    """A referral of last week, not thanked."""
    made = referrals.received(owner, sabine.id, "client", "told Dana about me", on=TODAY - dt.timedelta(days=7))
    return made.id


def text_of(client: Client, view: str = "thanks", query: str = "") -> str:
    response = client.get(reverse(view) + query)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def help_id(owner: Owner) -> str:
    found = referrals.thanks_owed(owner)
    return (*found.owed, *found.partly, *found.done)[0].id


def test_the_pages_say_what_they_are_for(client: Client, owner: Owner) -> None:
    assert "Everybody is thanked" in text_of(client)
    assert "No referrals yet" in text_of(client, "referrals")
    assert "No doors yet" in text_of(client, "doors")


def test_what_waits_for_thanks_is_shown_with_the_next_step(client: Client, door: str) -> None:
    """R98, R101, R102: a referral that was not thanked, and whom it came from."""
    page = text_of(client)
    assert "To thank" in page
    assert "told Dana about me" in page
    assert "Thank them by call" in page
    assert "Doors that were opened" in page
    assert "no second ask is advised" in page


def test_an_email_leaves_it_partly_thanked_and_a_card_thanks(client: Client, owner: Owner, door: str) -> None:
    """R103: thanks have ranks."""
    thank = reverse("thank", args=[help_id(owner)])
    client.post(thank, {"channel": "email"})
    page = text_of(client)
    assert "Partly thanked" in page
    assert "To thank" not in page
    client.post(thank, {"channel": "note", "note": "a card"})
    page = text_of(client)
    assert "Partly thanked" not in page
    assert "a handwritten note" in page
    assert LedgerEntry.objects.filter(kind="thanks").count() == 2


def test_thanks_are_taken_back(client: Client, owner: Owner, door: str) -> None:
    client.post(reverse("thank", args=[help_id(owner)]), {"channel": "call"})
    client.post("/batches/" + text_of(client).split('action="/batches/')[1].split('"')[0])
    assert "To thank" in text_of(client)


def test_they_are_told_how_it_goes(client: Client, owner: Owner, door: str) -> None:
    client.post(reverse("thanks_report", args=[help_id(owner)]), {"note": "we meet on Monday"})
    assert Referral.objects.get().reported_on == TODAY
    assert LedgerEntry.objects.get(kind="report").note == "we meet on Monday"


def test_helping_back_is_suggested(client: Client, owner: Owner, sabine: PersonPage, door: str) -> None:
    """R9, R106, R112: how could I help them reach their goal this year?"""
    editing.note_topic(owner, sabine.id, "goal", "a second shop in Graz")
    assert "Their goal: a second shop in Graz" in text_of(client)


def test_who_takes_no_gifts_is_marked(client: Client, owner: Owner, sabine: PersonPage, door: str) -> None:
    editing.edit(owner, sabine.id, no_gifts=True)
    page = text_of(client)
    assert "takes no gifts" in page
    assert "small gift" not in page


def test_a_referral_that_came_in_is_written_down(client: Client, owner: Owner, sabine: PersonPage) -> None:
    """R99, R104: it is in the bank as a large gift, and the door is remembered."""
    dana = editing.add(owner, "Dana Fuchs")
    sent = {"person": sabine.id, "text": "told Dana about me", "about": dana.id, "kind": "client"}
    client.post(reverse("referral_received"), sent)
    assert LedgerEntry.objects.get().size == 4
    assert "it leads to" in text_of(client, "referrals")
    doors = text_of(client, "doors", f"?person={dana.id}")
    assert "Told Dana about me." in doors
    assert "No doors yet" in text_of(client, "doors", f"?person={editing.add(owner, 'Bruno Costa').id}")


def test_a_referral_made_wants_a_word_on_vouching(client: Client, owner: Owner, sabine: PersonPage) -> None:
    """R105: my name stands behind it; how they did is asked."""
    refused = client.post(reverse("referral_given"), {"receiver": sabine.id, "text": "her shop"})
    assert refused.status_code == 422
    assert not Referral.objects.exists()
    client.post(reverse("referral_given"), {"receiver": sabine.id, "text": "her shop", "vouch": "know_of"})
    row = Referral.objects.get()
    made = referrals.listing(owner)[0]
    assert "I know of them" in text_of(client, "referrals")
    client.post(reverse("referral_outcome", args=[made.id]), {"outcome": "delighted", "went": "well"})
    row.refresh_from_db()
    assert row.outcome == "delighted"
    assert referrals.vouch(owner, sabine.id).level == "vouch"


def test_the_outcome_asks_for_thanks_again(client: Client, owner: Owner, door: str) -> None:
    client.post(reverse("thank", args=[help_id(owner)]), {"channel": "call", "on": "2026-11-16"})
    client.post(reverse("referral_outcome", args=[door]), {"outcome": "signed", "value": "1200"})
    page = text_of(client)
    assert "thank again" in page
    assert "What came of it: signed" in page
    assert "1,200" in page or "1200" in page


@pytest.mark.parametrize(
    ("view", "sent"),
    [
        ("referral_received", {}), ("referral_given", {"text": "x"}),
        ("referral_given", {"receiver": "Sabine", "vouch": "x"}),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(client: Client, sabine: PersonPage, view: str, sent: dict[str, str]) -> None:
    assert client.post(reverse(view), sent).status_code == 400
    assert not Referral.objects.exists()


def test_a_way_of_thanking_that_is_none_is_refused(client: Client, owner: Owner, door: str) -> None:
    assert client.post(reverse("thank", args=[help_id(owner)]), {"channel": "like"}).status_code == 400


def test_thanks_of_somebody_else_are_not_there(client: Client, stranger: Owner) -> None:
    theirs = editing.add(stranger, "Hidden Person")
    made = referrals.received(stranger, theirs.id, "client", "a secret")
    for view in ("thanks", "referrals", "doors"):
        assert "secret" not in text_of(client, view)
    hidden = help_id(stranger)
    assert client.post(reverse("thank", args=[hidden]), {"channel": "call"}).status_code == 404
    assert client.post(reverse("thanks_report", args=[hidden])).status_code == 404
    assert client.post(reverse("referral_outcome", args=[made.id]), {"outcome": "x"}).status_code == 404
    assert LedgerEntry.objects.count() == 1


def test_more_help_costs_no_more_queries(client: Client, owner: Owner) -> None:
    def add(number: int) -> None:
        page = editing.add(owner, f"Person {number}")
        referrals.received(owner, page.id, "client", "x")
        bank.got(owner, page.id, "advice")

    add(0)
    few = count_queries(client, reverse("thanks"))
    for number in range(1, 10):
        add(number)
    assert count_queries(client, reverse("thanks")) == few


def test_the_village_has_thanks_of_all_kinds(client: Client, village: Owner) -> None:
    page = text_of(client)
    for words in ("To thank", "Partly thanked", "Thanked", "Referrals", "Who opened which door"):
        assert words in page

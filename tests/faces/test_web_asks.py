"""The page of asks: look before asking, write asks down, plan them; and the section on a person's page."""

from __future__ import annotations

import datetime as dt
import html

import pytest
from django.test import Client
from django.urls import reverse

from kithbook.services import asks, bank, batches, capturing, editing, ladder
from kithbook.services.views import PersonPage
from kithbook.store.models import Ask, LedgerEntry, Owner
from tests.faces.pages import count_queries

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def frank(owner: Owner) -> PersonPage:
    """At Like, with a year of talks and one thing given."""
    page = editing.add(owner, "Frank Okafor")
    for days in (400, 300, 40):
        capturing.spoke(owner, page.id, on=TODAY - dt.timedelta(days=days))
    ladder.place(owner, page.id, 3)
    bank.gave(owner, page.id, "item", note="EU payments article", on=dt.date(2026, 11, 5))
    return page


def text_of(client: Client, query: str = "") -> str:
    response = client.get(reverse("asks") + query)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def test_the_page_says_what_it_is_for(client: Client, owner: Owner) -> None:
    page = text_of(client)
    assert "No asks yet" in page
    assert page.count("<h1") == 1


def test_a_check_shows_verdict_dated_facts_and_the_way_there(client: Client, frank: PersonPage) -> None:
    """R79, R81, R83: what gives me the right, and what comes first."""
    page = text_of(client, "?person=Frank&size=4&kind=reference")
    assert "Give something first" in page
    assert "You gave: useful item: EU payments article." in page
    assert reverse("person", args=[frank.id]) in page
    assert "The way there" in page
    assert "28 Nov 2026" in page
    assert "People say yes more often" in page
    assert "Ready" in text_of(client, "?person=Frank&size=1").split("verdict-word")[1][:40]


def test_who_was_never_met_is_named_as_a_cold_ask(client: Client, owner: Owner) -> None:
    """R71, R72, R73: out of the blue, with nothing given."""
    editing.add(owner, "Gregor Haas")
    page = text_of(client, "?person=Gregor&size=3&kind=interview")
    assert "Reintroduce yourself first" in page
    assert "Out of the blue" in page
    assert "something for nothing" in page


def test_a_name_that_fits_several_people_is_asked_about(client: Client, owner: Owner, frank: PersonPage) -> None:
    other = editing.add(owner, "Frank Meier")
    page = text_of(client, "?person=Frank&size=2")
    assert f"?person={other.id}&size=2" in page
    assert 'value="Frank"' in page
    assert "There is nobody called" in text_of(client, "?person=Zzyzx")


@pytest.mark.parametrize("query", ["?size=9", "?size=x", "?person=%20", "?person=Frank&size=-1"])
def test_nonsense_in_the_address_is_left_out(client: Client, frank: PersonPage, query: str) -> None:
    assert "May I ask?" in text_of(client, query)


def test_an_ask_is_written_down_with_its_outcome_and_taken_back(
    client: Client, owner: Owner, frank: PersonPage
) -> None:
    """R80: gladly, reluctantly, refused, silence."""
    sent = {"person": frank.id, "size": 2, "kind": "reference", "text": "a reference", "outcome": "gladly"}
    response = client.post(reverse("ask_record"), sent)
    assert response.status_code == 303
    page = text_of(client)
    assert "Thank them within two days" in page
    assert "1 gladly" in page
    assert LedgerEntry.objects.filter(kind="ask").count() == 1
    client.post("/batches/" + page.split('action="/batches/')[1].split('"')[0])
    assert not Ask.objects.exists()


def test_the_answer_can_be_given_later(client: Client, owner: Owner, frank: PersonPage) -> None:
    made = asks.record(owner, frank.id, 2, text="a reference")
    assert "No answer yet" in text_of(client)
    client.post(reverse("ask_outcome", args=[made.id]), {"outcome": "refused"})
    assert Ask.objects.get().outcome == "refused"
    page = text_of(client)
    assert "No answer yet" not in page
    assert "1 refused" in page


def test_a_planned_ask_shows_what_comes_before_it(client: Client, owner: Owner, frank: PersonPage) -> None:
    """R86: in May I will need a reference."""
    sent = {"person": frank.id, "size": 4, "text": "a reference", "on": "2027-05-03"}
    client.post(reverse("ask_plan"), sent)
    page = text_of(client)
    assert "for 3 May 2027" in page
    assert "19 Apr 2027" in page
    made = asks.listing(owner).planned[0]
    client.post(reverse("ask_record"), {"person": frank.id, "size": 4, "ask": made.id})
    assert [one.text for one in asks.listing(owner).open] == ["a reference"]


def test_a_planned_ask_can_be_dropped(client: Client, owner: Owner, frank: PersonPage) -> None:
    made = asks.plan(owner, frank.id, 2, dt.date(2027, 1, 1))
    client.post(reverse("ask_drop", args=[made.id]))
    assert not Ask.objects.exists()


@pytest.mark.parametrize(
    ("view", "sent"),
    [
        ("ask_record", {"size": 2}), ("ask_record", {"person": "Frank", "size": 7}),
        ("ask_plan", {"person": "Frank", "size": 2}),
        ("ask_record", {"person": "Frank", "size": 2, "outcome": "maybe"}),
        ("ask_plan", {"person": "Frank", "size": 2, "on": "2020-01-01"}),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said(
    client: Client, frank: PersonPage, view: str, sent: dict[str, object]
) -> None:
    response = client.post(reverse(view), sent)
    assert response.status_code == 400
    assert not Ask.objects.exists()


def test_the_page_of_a_person_shows_the_right_to_ask(client: Client, owner: Owner, frank: PersonPage) -> None:
    """R81: each size with its verdict and reason on the person's page."""
    page = html.unescape(client.get(reverse("person", args=[frank.id])).content.decode()).split('id="asks"')[1][:3000]
    assert "Size 1 to 2" in page
    assert "Give something first" in page
    assert "Ready from 28 Nov 2026." in page


def test_asks_of_somebody_else_are_not_there(client: Client, stranger: Owner) -> None:
    theirs = editing.add(stranger, "Hidden Person")
    made = asks.record(stranger, theirs.id, 2, text="a secret")
    assert "secret" not in text_of(client)
    assert "There is nobody" in text_of(client, "?person=Hidden")
    assert client.post(reverse("ask_outcome", args=[made.id]), {"outcome": "gladly"}).status_code == 404
    assert client.post(reverse("ask_record"), {"person": theirs.id, "size": 1}).status_code == 404
    assert client.post(reverse("ask_drop", args=[made.id])).status_code == 404


def test_more_asks_cost_no_more_queries(client: Client, owner: Owner) -> None:
    def add(number: int) -> None:
        page = editing.add(owner, f"Person {number}")
        asks.record(owner, page.id, 1, outcome="gladly")
        asks.record(owner, page.id, 1)
        asks.plan(owner, page.id, 1, dt.date(2027, 1, 1))

    add(0)
    few = count_queries(client, reverse("asks"))
    for number in range(1, 10):
        add(number)
    assert count_queries(client, reverse("asks")) == few


def test_the_village_has_asks_of_all_kinds(client: Client, village: Owner) -> None:
    page = text_of(client)
    assert "a reference from the board for hospital tenders" in page
    assert "1 refused" in page
    batches.undo(village, batches.listing(village)[0].id)
    assert "No asks yet" in text_of(client)

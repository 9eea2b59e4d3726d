"""The pages of introductions and requests: they act, and what they did is there."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from kithbook.core.ids import to_text
from kithbook.services import editing, introductions, ladder, people, requests
from kithbook.services.introviews import IntroductionCard
from kithbook.store.models import LedgerEntry, MatchVerdict, Owner
from tests.faces.pages import text_of
from tests.services.helpers import later


@pytest.fixture
def pair(owner: Owner) -> str:
    """Two people who could meet."""
    for name, email in (("Frank Okafor", "frank@example.org"), ("Sarah Feldmann", "sarah@example.org")):
        editing.add(owner, name, email=email)
        ladder.place(owner, name, 3)
    return introductions.add(owner, "Frank", "Sarah", purpose="a product role").card.id


def card_of(owner: Owner, introduction: str) -> IntroductionCard:
    return introductions.show(owner, introduction).card


def post(client: Client, name: str, *args: str, **sent: str) -> str:
    response = client.post(reverse(name, args=args), sent, follow=True)
    assert response.status_code == 200
    assert response.redirect_chain[-1][1] == 303
    return html.unescape(response.content.decode())


def test_an_empty_board_says_what_it_is_for(client: Client, owner: Owner) -> None:
    page = text_of(client, reverse("introductions"))
    assert "No introduction yet" in page
    assert reverse("introduction_suggestions") in page


def test_two_people_are_brought_together_on_the_page(client: Client, owner: Owner) -> None:
    """R6: noted, moved by its main button, seen in its column, and taken back by Undo."""
    for name in ("Frank Okafor", "Sarah Feldmann"):
        editing.add(owner, name)
    page = post(client, "introduction_add", a="Frank", b="Sarah", purpose="a product role")
    assert "Frank Okafor and Sarah Feldmann" in page
    card = introductions.board(owner).columns[0].cards[0]
    page = text_of(client, reverse("introductions"))
    assert f'name="to" value="{card.action}"' in page
    assert "I asked Frank" in page
    page = post(client, "introduction_move", card.id, to=card.action, next=reverse("introductions"))
    assert card_of(owner, card.id).state == "asked_first"
    assert "You asked Frank Okafor. Next: Frank Okafor answers." in page
    undo = re.search(r'action="(/batches/[^"]+/undo)"', page)
    assert undo
    client.post(undo[1], {"next": reverse("introductions")})
    assert card_of(owner, card.id).state == "idea"


def test_an_impossible_move_is_explained_and_changes_nothing(client: Client, owner: Owner, pair: str) -> None:
    response = client.post(reverse("introduction_move", args=[pair]), {"to": "met"})
    assert response.status_code == 422
    assert "it cannot go to" in response.content.decode()
    assert card_of(owner, pair).state == "idea"


def test_the_page_of_one_has_its_draft_for_the_mail_program(client: Client, owner: Owner, pair: str) -> None:
    """R68: the text can be changed, copied or opened in the user's mail program, and asks for own words."""
    page = text_of(client, reverse("introduction", args=[pair]))
    link = re.search(r'href="(mailto:frank@example\.org[^"]+)"', page)
    assert link
    assert "a product role" in unquote(link[1])
    assert "Square brackets ask for your own words" in page
    assert "<textarea" in page
    assert page.count("<h1") == 1


def test_the_outcome_is_kept_with_its_value_and_day(client: Client, owner: Owner, pair: str) -> None:
    """R7: what came of it, what it was worth and since when it is known."""
    introductions.move(owner, pair, "both_yes")
    introductions.move(owner, pair, "made")
    sent = {"to": "outcome", "outcome": "Frank starts in May", "value": "60000", "on": "2026-11-21"}
    page = post(client, "introduction_move", pair, **sent)
    view = introductions.show(owner, pair)
    assert (view.card.state, view.outcome, view.value) == ("outcome", "Frank starts in May", 60000.0)
    assert "Frank starts in May" in page
    post(client, "introduction_change", pair, marks="1", satisfaction="Joy", outside_balance="1")
    row = LedgerEntry.objects.of(owner).get(kind="introduction")
    assert (row.satisfaction, row.outside_balance) == ("Joy", True)
    post(client, "introduction_change", pair, marks="1", satisfaction="Joy")
    row.refresh_from_db()
    assert not row.outside_balance


def test_the_last_step_is_taken_back_on_the_page(client: Client, owner: Owner, pair: str) -> None:
    introductions.move(owner, pair, "asked_first")
    assert "Take the last step back" in text_of(client, reverse("introduction", args=[pair]))
    post(client, "introduction_back", pair)
    assert card_of(owner, pair).state == "idea"
    assert "Take the last step back" not in text_of(client, reverse("introduction", args=[pair]))


def test_words_are_changed_on_the_page(client: Client, owner: Owner, pair: str) -> None:
    """R105: how far one speaks for somebody is said there, and refused where trust is missing."""
    post(client, "introduction_change", pair, purpose="a better role", blurb="Calm.", endorsement="met", goal="")
    view = introductions.show(owner, pair)
    assert (view.card.purpose, view.blurb, view.endorsement) == ("a better role", "Calm.", "met")
    response = client.post(reverse("introduction_change", args=[pair]), {"endorsement": "vouch"})
    assert response.status_code == 422
    assert introductions.show(owner, pair).endorsement == "met"


def test_being_introduced_is_noted_with_somebody_new(client: Client, owner: Owner, pair: str) -> None:
    page = post(client, "introduction_introduced", by="Sarah", to="Adaeze Obi", purpose="a talk", on="2026-11-20")
    assert "Adaeze Obi, through Sarah Feldmann" in page
    assert people.show(owner, "Adaeze").name == "Adaeze Obi"
    assert "Answer, and thank Sarah Feldmann." in text_of(client, reverse("introductions"))


def test_one_without_answer_rests_below_and_does_not_nag(
    client: Client, owner: Owner, pair: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    introductions.move(owner, pair, "asked_first")
    later(monkeypatch, 19, since="2026-11-21T09:00:00+00:00")
    assert "Ask Frank Okafor once more." in text_of(client, reverse("introductions"))
    later(monkeypatch, 21, since="2026-11-21T09:00:00+00:00")
    page = text_of(client, reverse("introductions"))
    assert "No answer from Frank Okafor; it rests." in page
    assert "Nothing waits for you today." in page


def test_a_suggestion_becomes_an_idea_or_is_never_seen_again(client: Client, village: Owner) -> None:
    """R19, R34: suggested doors with their reason; yes makes an idea of it, no is remembered."""
    first, second = introductions.suggest(village, limit=2)
    page = text_of(client, reverse("introduction_suggestions"))
    assert first.why in page
    sent = {"needs": first.needs.id, "need": first.need, "kind": first.need_kind, "offers": first.offers.id}
    page = post(client, "introduction_verdict", **sent, verdict="yes")
    assert f"{first.needs.name} and {first.offers.name}" in page
    assert any(card.purpose == first.need for card in introductions.board(village).columns[0].cards)
    sent = {"needs": second.needs.id, "need": second.need, "kind": second.need_kind, "offers": second.offers.id}
    page = post(client, "introduction_verdict", **sent, verdict="no")
    said = MatchVerdict.objects.get(verdict="no")
    undo = reverse("batch_undo", args=[to_text(said.batch_id)])
    assert undo in page
    left = introductions.suggest(village, limit=50)
    assert not [one for one in left if {one.needs.id, one.offers.id} == {first.needs.id, first.offers.id}]
    assert not [one for one in left if (one.need, one.offers.id) == (second.need, second.offers.id)]
    client.post(undo)
    assert not MatchVerdict.objects.filter(verdict="no").exists()


def test_suggestions_of_one_person_and_who_connects(client: Client, village: Owner) -> None:
    """R8: connectors are listed with what they opened and how often they were asked lately."""
    introductions.introduced(village, "Priya Raghunath", "Somebody New")
    page = text_of(client, reverse("introduction_suggestions") + "?for=Elif+Demirci")
    assert "Elif Demirci's need" in page
    assert "Priya Raghunath" in page
    assert "2 introductions" in page
    assert "asked or brought in 2 times within three months" in page
    assert client.get(reverse("introduction_suggestions") + "?for=Nobody+Atall").status_code == 404


def test_a_request_is_noted_helped_with_and_taken_back(client: Client, owner: Owner, pair: str) -> None:
    """R5, R33: the inbox keeps what was asked; an answer leaves it and is written into the bank."""
    page = post(client, "request_add", person="Frank", kind="help", text="a look at his slides")
    assert "a look at his slides" in page
    key = requests.inbox(owner).open[0].id
    page = post(client, "request_close", key, state="helped", note="Two evenings", minutes="90")
    assert requests.inbox(owner).open == []
    assert LedgerEntry.objects.of(owner).get().minutes == 90
    assert "You helped 1 person within a year" in page
    undo = re.search(r'action="(/batches/[^"]+/undo)"', page)
    assert undo
    client.post(undo[1])
    assert [one.id for one in requests.inbox(owner).open] == [key]
    assert not LedgerEntry.objects.exists()


def test_a_request_is_passed_on_as_an_introduction(client: Client, owner: Owner) -> None:
    for name in ("Frank Okafor", "Dana Weiss"):
        editing.add(owner, name)
    post(client, "request_add", person="Frank", kind="introduction", target="Dana")
    key = requests.inbox(owner).open[0].id
    page = post(client, "request_close", key, state="passed_on", to="Dana Weiss")
    assert "Frank Okafor and Dana Weiss" in page
    assert requests.inbox(owner).closed[0].state == "passed_on"


def test_the_page_of_a_person_shows_introductions_requests_and_how_one_speaks(
    client: Client, owner: Owner, pair: str
) -> None:
    requests.received(owner, "Frank", "his slides")
    frank = people.show(owner, "Frank")
    page = text_of(client, reverse("person", args=[frank.id]))
    assert reverse("introduction", args=[pair]) in page
    assert "his slides" in page
    post(client, "introduction_permit", frank.id, level="worked_with", standing="1")
    found = introductions.speaking(owner, "Frank")
    assert (found.standing_permission, found.said, found.level) == (True, "worked_with", "worked_with")
    post(client, "introduction_permit", frank.id, level="")
    found = introductions.speaking(owner, "Frank")
    assert (found.standing_permission, found.said, found.level) == (False, "", "met")


def test_strangers_introductions_are_not_there(client: Client, owner: Owner, stranger: Owner) -> None:
    for name in ("Hidden One", "Hidden Two"):
        editing.add(stranger, name)
    theirs = introductions.add(stranger, "Hidden One", "Hidden Two").card.id
    assert client.get(reverse("introduction", args=[theirs])).status_code == 404
    assert client.post(reverse("introduction_move", args=[theirs]), {"to": "asked_first"}).status_code == 404
    assert introductions.show(stranger, theirs).card.state == "idea"
    assert "Hidden" not in text_of(client, reverse("introductions"))

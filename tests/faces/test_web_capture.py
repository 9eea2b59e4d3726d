"""Quick capture and the form for somebody new: shown first, then written down, and taken back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from kithbook.services import batches, editing, people
from kithbook.services.views import CaptureView, ChoiceView, PartView
from kithbook.store.models import Owner, Person
from kithbook.web import capture
from tests.faces.pages import section

SENTENCE = "coffee with Frank yesterday 45m, promised intro to Dana by Friday, he is looking for fintech roles"


@pytest.fixture
def frank(owner: Owner) -> str:
    editing.add(owner, "Dana Weber")
    return editing.add(owner, "Frank Okafor").id


def test_a_sentence_is_shown_before_anything_is_written(client: Client, owner: Owner, frank: str) -> None:
    before = len(batches.listing(owner))
    page = client.post(reverse("capture"), {"text": SENTENCE}).content.decode()
    assert "Is this right?" in page
    assert 'class="part' in page
    assert "45" in page
    assert len(batches.listing(owner)) == before
    assert people.show(owner, frank).interactions == []


def test_saving_writes_it_down_and_offers_undo(client: Client, owner: Owner, frank: str) -> None:
    response = client.post(reverse("capture_save"), {"text": SENTENCE, "next": "/people"}, follow=True)
    assert response.redirect_chain == [("/people", 303)]
    view = people.show(owner, frank)
    assert view.last_contact_on == dt.date(2026, 11, 20)
    assert [topic.text for topic in view.topics] == ["fintech roles"]
    undo = reverse("batch_undo", args=[view.interactions[0].batch])
    assert undo in response.content.decode()
    client.post(undo)
    assert people.show(owner, frank).interactions == []


def test_the_preview_says_that_somebody_new_will_be_made(client: Client, owner: Owner) -> None:
    page = client.post(reverse("capture"), {"text": SENTENCE}).content.decode()
    assert "New: Frank, Dana" in page
    assert not Person.objects.exists()
    saved = client.post(reverse("capture_save"), {"text": SENTENCE}, follow=True).content.decode()
    assert "Logged: Frank, Dana." in saved
    assert set(Person.objects.of(owner).values_list("name", flat=True)) == {"Dana", "Frank"}


def test_a_name_like_a_known_one_offers_whom_it_may_mean(client: Client, owner: Owner) -> None:
    known = editing.add(owner, "Frank Okafor").id
    sent = {"text": "call with Frank Weber yesterday"}
    page = client.post(reverse("capture"), sent).content.decode()
    assert 'name="choice:Frank Weber"' in page
    assert known in page
    client.post(reverse("capture_save"), sent | {"choice:Frank Weber": known})
    assert people.show(owner, known).last_contact_on == dt.date(2026, 11, 20)


def test_between_two_annas_it_asks_and_keeps_the_sentence(client: Client, owner: Owner) -> None:
    berger, cole = editing.add(owner, "Anna Berger").id, editing.add(owner, "Anna Cole").id
    sent = {"text": "call with Anna yesterday"}
    response = client.post(reverse("capture_save"), sent, headers={"hx-request": "true"})
    page = response.content.decode()
    assert response.status_code == 409
    assert response.headers["HX-Retarget"] == "#preview"
    assert 'name="choice:Anna"' in page
    assert berger in page
    assert cole in page
    assert "call with Anna yesterday" in page
    client.post(reverse("capture_save"), sent | {"choice:Anna": cole})
    assert people.show(owner, cole).last_contact_on == dt.date(2026, 11, 20)
    assert people.show(owner, berger).last_contact_on is None


def test_an_unknown_name_can_be_somebody_new(client: Client, owner: Owner) -> None:
    sent = {"text": "call with Zora Quist yesterday"}
    page = client.post(reverse("capture"), sent).content.decode()
    assert "Zora Quist" in page
    client.post(reverse("capture_save"), sent | {"choice:Zora Quist": "new"})
    assert [row.name for row in people.search(owner, "Zora").people] == ["Zora Quist"]


def test_a_choice_survives_another_look(client: Client, owner: Owner) -> None:
    editing.add(owner, "Anna Berger")
    cole = editing.add(owner, "Anna Cole").id
    sent = {"text": "call with Anna yesterday 20m", "choice:Anna": cole}
    page = client.post(reverse("capture"), sent).content.decode()
    assert f'name="choice:Anna" value="{cole}"' in page


def test_an_empty_sentence_opens_the_page_with_the_box(client: Client, owner: Owner) -> None:
    for response in (client.get(reverse("capture")), client.post(reverse("capture"), {"text": "  "})):
        assert response.status_code == 200
        assert "What happened?" in response.content.decode()


def test_a_sentence_about_nobody_is_refused_in_words(client: Client, owner: Owner) -> None:
    response = client.post(reverse("capture_save"), {"text": "it rained"}, headers={"hx-request": "true"})
    assert response.status_code in (400, 409)
    assert len(response.content.decode()) > 50


def test_text_of_a_sentence_is_never_markup(client: Client, owner: Owner, frank: str) -> None:
    page = client.post(
        reverse("capture"), {"text": "call with Frank <script>alert(1)</script> yesterday"}
    ).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_segments_put_the_sentence_together_again() -> None:
    text = "tea with Anna today"
    parts = [PartView(9, 13, "Anna", "person"), PartView(0, 3, "tea", "channel"), PartView(10, 12, "nn", "date")]
    asked = [ChoiceView("Anna", "with", [])]
    view = CaptureView(text, [], [], "meeting", None, None, [], [], asked, parts)
    segments = capture._segments(view)
    assert "".join(piece["text"] for piece in segments) == text
    assert [piece["meaning"] for piece in segments] == ["channel", "", "person", ""]
    assert [piece.get("unclear", False) for piece in segments] == [False, False, True, False]


def test_somebody_new_gets_topics_where_and_a_promise(client: Client, owner: Owner, frank: str) -> None:
    sent = {
        "name": "Noor Haddad", "at": "Payments meetup", "through": "Frank Okafor", "interests": "sailing, chess",
        "needs": "a designer", "goals": "first hire", "promised": "send the paper by Friday", "on": "2026-11-20",
        "reach": "noor@example.org", "organisation": "Cedar Pay",
    }  # fmt: skip
    response = client.post(reverse("met"), sent, follow=True)
    assert response.status_code == 200
    view = people.show(owner, people.search(owner, "Noor").people[0].id)
    assert sorted((topic.kind, topic.text) for topic in view.topics) == [
        ("goal", "first hire"), ("interest", "chess"), ("interest", "sailing"), ("need", "a designer"),
    ]  # fmt: skip
    assert view.met_where == "Payments meetup"
    assert view.met_on == dt.date(2026, 11, 20)
    assert [item.value for item in view.identities] == ["noor@example.org"]
    assert [job.organisation for job in view.affiliations] == ["Cedar Pay"]
    assert [promise.by_me for promise in view.promises] == [True]


def test_somebody_known_for_longer_is_added_without_first_steps(client: Client, owner: Owner) -> None:
    sent = {
        "name": "Old Friend", "reach": "+43 1 234 5678", "organisation": "Cedar Pay", "role": "cook", "place": "Graz",
    }  # fmt: skip
    assert reverse("known") in client.get(reverse("met")).content.decode()
    assert "Old Friend is among your people." in client.post(reverse("known"), sent, follow=True).content.decode()
    view = people.show(owner, "Old Friend")
    assert (view.place, view.last_contact_on, view.open_loops) == ("Graz", None, [])
    assert [(job.organisation, job.role) for job in view.affiliations] == [("Cedar Pay", "cook")]
    assert [item.kind for item in view.identities] == ["phone"]
    assert client.post(reverse("known"), {**sent, "name": "Nobody", "reach": "???"}).status_code == 400
    assert people.search(owner, "Nobody").total == 0


def test_the_form_for_somebody_new_keeps_what_was_typed(client: Client, owner: Owner) -> None:
    response = client.post(reverse("met"), {"name": "", "at": "Payments meetup"})
    assert response.status_code == 422
    assert 'value="Payments meetup"' in response.content.decode()
    response = client.post(reverse("met"), {"name": "Noor", "at": "Payments meetup", "through": "Nobody Known"})
    assert response.status_code == 404
    page = response.content.decode()
    assert "Nobody Known" in section(page, 'id="id_through"', "</div>")
    assert "kith" not in section(page, 'id="id_through"', "</div>")
    response = client.post(reverse("met"), {"name": "Noor", "reach": "???"})
    assert "neither an e-mail" in section(response.content.decode(), 'id="id_reach"', "</div>")
    assert people.search(owner, "Noor").total == 0

"""New people in the browser: the form of a meeting, the board, and acting on a step in place."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from kithbook.services import capturing, editing, newcomers, people
from kithbook.store.models import Interaction, Owner, Person
from tests.services.factories import person
from tests.services.helpers import key, set_clock


@pytest.fixture
def anna(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Met on Wednesday 18 November at noon; now it is Thursday afternoon."""
    set_clock(monkeypatch, "2026-11-18T12:00:00+00:00")
    capturing.met(owner, "Anna Berger", at="Care Evening", interests=["rowing"])
    set_clock(monkeypatch, "2026-11-19T13:00:00+00:00")
    return Person.objects.get()


def text_of(client: Client) -> str:
    response = client.get(reverse("newcomers"))
    assert response.status_code == 200
    return response.content.decode()


def states(owner: Owner) -> list[str]:
    (one,) = newcomers.board(owner).people
    return [step.state for step in one.steps]


def test_an_empty_board_says_how_it_fills(client: Client, owner: Owner) -> None:
    page = text_of(client)
    assert "No first steps are open" in page
    assert reverse("met") in page


def test_the_form_of_a_meeting_keeps_what_was_said_and_starts_the_steps(client: Client, owner: Owner) -> None:
    """R72, R75: interests, needs and goals, where and through whom, what was promised; then three steps."""
    person(owner, "Sabine Kern")
    sent = {
        "name": "Valerie Korn", "at": "Care Evening", "through": "Sabine", "on": "2026-11-20",
        "interests": "rowing, tea", "needs": "a printer", "goals": "a marathon", "promised": "send the paper",
    }  # fmt: skip
    client.post(reverse("met"), sent)
    page = people.show(owner, "Valerie")
    assert {(topic.kind, topic.text) for topic in page.topics} == {
        ("interest", "rowing"), ("interest", "tea"), ("need", "a printer"), ("goal", "a marathon"),
    }  # fmt: skip
    assert [item.text for item in page.promises] == ["send the paper"]
    assert "You met at Care Evening on 20 Nov 2026, through Sabine Kern." in text_of(client)


def test_the_board_shows_each_step_with_its_state_and_idea(client: Client, owner: Owner, anna: Person) -> None:
    """R58, R59: due today, the later ones with their days, and one concrete thing."""
    page = text_of(client)
    assert "Thank them, with a word about “rowing”." in page
    assert "today, until tomorrow" in page
    assert 'aria-current="step"' in page


def test_a_step_is_done_on_the_board_and_taken_back(client: Client, owner: Owner, anna: Person) -> None:
    """R58: done with its channel is contact; undo opens the step again."""
    response = client.post(
        reverse("newcomer_done", args=[key(anna)]), {"channel": "note", "note": "Thanks for the evening"}
    )
    assert response.headers["Location"] == reverse("newcomers")
    assert states(owner) == ["done", "upcoming", "upcoming"]
    row = Interaction.objects.get(channel="note")
    assert (row.minutes, row.note) == (5, "Thanks for the evening")
    page = text_of(client)
    address = page.split('class="notice done"', 1)[1].split('action="', 1)[1].split('"', 1)[0]
    client.post(address)
    assert states(owner)[0] == "open"
    assert not Interaction.objects.filter(channel="note").exists()


def test_a_step_is_left_out_and_the_steps_are_stopped(client: Client, owner: Owner, anna: Person) -> None:
    client.post(reverse("newcomer_skip", args=[key(anna)]))
    assert states(owner) == ["skipped", "upcoming", "upcoming"]
    assert "left out" in text_of(client)
    client.post(reverse("newcomer_stop", args=[key(anna)]))
    assert "No first steps are open" in text_of(client)
    assert people.show(owner, key(anna)).standing == "kept"


def test_the_steps_start_for_somebody_known(client: Client, owner: Owner) -> None:
    person(owner, "Carla Diaz")
    client.post(reverse("newcomer_start"), {"person": "Carla", "on": "2026-11-20"})
    assert states(owner) == ["open", "upcoming", "upcoming"]
    person(owner, "Dora Novak")
    client.post(reverse("newcomer_start"), {"person": "Dora", "on": "2026-02-20"})
    assert "is over; nothing is asked for" in text_of(client)
    assert client.post(reverse("newcomer_start"), {"person": "Nobody"}).status_code == 404
    assert client.post(reverse("newcomer_start"), {"person": "Carla", "on": "soon"}).status_code == 400


def test_the_first_year_and_the_pipeline_are_shown(client: Client, owner: Owner, anna: Person) -> None:
    """R23, R78: how far new people came, and conversations at events in the first year."""
    page = text_of(client)
    assert "A conversation or two at an event by 18 Nov 2027 would deepen it." in page
    assert "<dt>Met</dt><dd>1</dd>" in page
    assert "<dt>In first steps</dt><dd>1</dd>" in page


def test_the_board_costs_the_same_for_more_people(client: Client, owner: Owner, anna: Person) -> None:
    from tests.services.test_growth import assert_constant_queries

    def grow() -> None:
        for number in range(10):
            capturing.met(owner, f"Grower {'abcdefghij'[number] * 4}", at=f"Fair {number}", through="Anna")

    assert_constant_queries(lambda: text_of(client), grow)


def test_somebody_elses_person_gets_no_step(client: Client, owner: Owner, stranger: Owner) -> None:
    theirs = editing.add(stranger, "Hidden Person")
    newcomers.start(stranger, theirs.id, on=dt.date(2026, 11, 20))
    for name in ("newcomer_done", "newcomer_skip", "newcomer_stop"):
        assert client.post(reverse(name, args=[theirs.id])).status_code == 404
    assert newcomers.board(stranger).people[0].current == 1
    assert "Hidden" not in text_of(client)

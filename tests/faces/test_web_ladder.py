"""Stages in the browser: proposals decided in place, both views of a tie, where the minutes went."""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse

from kithbook.services import bank, editing, ladder, people, recording
from kithbook.store.models import Owner, Person, StageEvent
from tests.faces.pages import section, source_of
from tests.services.factories import person, talk
from tests.services.helpers import key, place, set_clock


@pytest.fixture
def anna(owner: Owner) -> Person:
    """Ready for Know."""
    row = person(owner, "Anna Berger")
    talk(owner, row, 120, 80, 40)
    editing.note_topic(owner, "Anna", "offer", "makes maps")
    editing.note_topic(owner, "Anna", "need", "a printer")
    return row


def test_an_empty_network_points_to_the_import(client: Client, owner: Owner) -> None:
    page = source_of(client, reverse("ladder"))
    assert "Nobody here yet" in page


def test_a_proposal_is_confirmed_in_place(client: Client, owner: Owner, anna: Person) -> None:
    """R55, R65: the move with its dated evidence; confirming moves the person and takes it off the list."""
    part = section(source_of(client, reverse("ladder")), 'id="proposals"')
    assert "Anna Berger" in part
    assert "3 exchanges went both ways, last on 12 October 2026." in part
    response = client.post(reverse("stage_confirm", args=[key(anna)]), {"next": reverse("ladder")})
    assert response.headers["Location"] == reverse("ladder")
    page = source_of(client, reverse("ladder"))
    assert "Now at Know" in page
    assert "Anna Berger" not in section(page, 'id="proposals"')
    anna.refresh_from_db()
    assert anna.stage == 2


def test_a_proposal_declined_stays_away(client: Client, owner: Owner, anna: Person) -> None:
    client.post(reverse("stage_decline", args=[key(anna)]), {"next": reverse("ladder")})
    assert "No move is proposed now" in source_of(client, reverse("ladder"))
    assert StageEvent.objects.get().decision == "declined"


def test_proposals_fold_by_stage_and_are_shown_on_demand(client: Client, village: Owner) -> None:
    moves = Counter((move.person.stage, move.to_stage) for move in ladder.proposals(village, limit=500).moves)
    assert max(moves.values()) > 5
    page = source_of(client, reverse("ladder"))
    assert page.count('class="fold moves"') == len(moves)
    assert page.count('class="fold moves" open') == 1
    assert page.count("data-card") == sum(min(5, count) for count in moves.values())
    first = ladder.proposals(village, limit=500).moves[0]
    count = moves[first.person.stage, first.to_stage]
    more = source_of(client, reverse("ladder") + "?shown=10")
    assert more.count("data-card") == page.count("data-card") - min(5, count) + min(10, count)
    assert client.get(reverse("ladder") + "?shown=x").status_code == 200


def test_the_moves_in_which_one_decided_stay_unfolded(client: Client, village: Owner) -> None:
    last = ladder.proposals(village, limit=500).moves[-1]
    page = source_of(client, f"{reverse('ladder')}?open={last.person.stage}-{last.to_stage}")
    unfolded = page.partition('class="fold moves" open')[2].partition("</details>")[0]
    assert f"open={last.person.stage}-{last.to_stage}" in unfolded


def test_a_year_at_like_is_shown_with_one_thing_to_do(
    client: Client, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R25, R65: who is in the middle for long, what is missing, one next step, and how long it usually takes."""
    set_clock(monkeypatch, "2025-10-10T09:00:00+00:00")
    row = place(owner, person(owner, "Bruno Costa"), 3)
    bank.gave(owner, key(row), "promise_kept")
    set_clock(monkeypatch, "2026-11-21T09:00:00+00:00")
    talk(owner, row, 60, 30)
    part = section(source_of(client, reverse("ladder")), "for more than a year")
    assert "Bruno Costa" in part
    assert "Let them help with something small" in part
    assert "Missing: a kept promise or favour by them." in part
    assert "From Like to Trust usually takes 6 to 24 months" in part


def test_minutes_stand_beside_their_share_as_bars_and_as_a_table(client: Client, owner: Owner, anna: Person) -> None:
    """R56, R64, R66: this week and twelve weeks, with the part that every stage keeps."""
    recording.record_interaction(owner, [anna], "call", minutes=50)
    part = section(source_of(client, reverse("ladder")), "Where the minutes went")
    assert "50 / 6" in part
    assert part.count("(not reached)") >= 6
    assert "50 min of 2 h" in part


def test_the_page_of_a_person_tells_both_sides(client: Client, owner: Owner, anna: Person) -> None:
    """R42, R55, R108: know, like and trust in facts; how I see them is said on the page and kept as history."""
    address = reverse("person", args=[key(anna)])
    part = section(source_of(client, address), 'id="ladder"')
    assert "They know you: yes" in part
    assert "They trust you: not yet" in part
    client.post(reverse("stage_see", args=[key(anna)]), {"stage": "6", "why": "She keeps her word"})
    part = section(source_of(client, address), 'id="ladder"')
    assert "How you see them: Advocate" in part
    assert "you see them at Advocate" in part
    assert "She keeps her word" in part
    assert people.show(owner, key(anna)).stage == 1
    assert client.post(reverse("stage_see", args=[key(anna)]), {"stage": "9"}).status_code == 400


def test_who_is_left_in_peace_is_told_with_day_and_reason(client: Client, owner: Owner, anna: Person) -> None:
    """R57, R60: the guard in words, on the page of stages and on the person's."""
    talk(owner, anna, 9, 4, channel="email", direction=recording.OUT)
    for address in (reverse("ladder"), reverse("person", args=[key(anna)])):
        page = source_of(client, address)
        assert "You wrote twice without an answer, last on 17 Nov." in page
        assert "16 Jan 2027" in page


def test_the_page_costs_the_same_for_more_people(client: Client, owner: Owner) -> None:
    from tests.services.test_growth import assert_constant_queries, rich, ten_more

    rich(owner, "Anna Berger")
    assert_constant_queries(lambda: source_of(client, reverse("ladder")), ten_more(owner))


def test_somebody_elses_person_is_not_moved(client: Client, owner: Owner, stranger: Owner) -> None:
    theirs = editing.add(stranger, "Hidden Person")
    for name in ("stage_see", "stage_place"):
        assert client.post(reverse(name, args=[theirs.id]), {"stage": "3"}).status_code == 404
    assert people.show(stranger, theirs.id).stage == 1
    assert "Hidden" not in source_of(client, reverse("ladder"))

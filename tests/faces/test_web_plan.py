"""Today and Week: what they show, and acting in place with and without JavaScript."""

from __future__ import annotations

import dataclasses
import re

import pytest
from django.test import Client
from django.urls import reverse

from kithbook.services import owners, touches, weeks
from kithbook.store.models import Owner
from tests.faces.pages import source_of


def test_a_new_install_begins_with_the_set_up(client: Client) -> None:
    assert client.get("/").headers["Location"] == reverse("setup")


def test_an_empty_network_points_to_the_import(client: Client, owner: Owner) -> None:
    owners.change_settings(owner, name="Alice")
    page = source_of(client, "/")
    assert "Nobody here yet" in page
    assert reverse("import") in page


def test_today_shows_each_touch_with_person_way_minutes_and_reason(client: Client, village: Owner) -> None:
    day = weeks.today(village)
    page = source_of(client, "/")
    assert "Saturday 21 November" in page
    assert day.touches
    for touch in day.touches:
        assert reverse("person", args=[touch.person.id]) in page
        assert f"touch-{touch.id}" in page
        assert touch.why
    assert page.count("data-card") == len(day.touches)
    assert f"of {day.minutes_budget} min" in page


def test_no_card_has_more_than_three_tags(client: Client, village: Owner) -> None:
    for card in source_of(client, reverse("week")).split('<li class="touch"')[1:]:
        assert 1 <= len(re.findall(r'class="tag[" ]', card.split("</li>")[0])) <= 3


def test_done_goes_back_to_the_page_with_a_notice_and_undo(client: Client, village: Owner) -> None:
    touch = weeks.today(village).touches[0]
    response = client.post(reverse("touch_done", args=[touch.id]), {"next": "/"}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [("/", 303)]
    assert f"Done: {touch.person.name}." in page.replace("&#x27;", "'")
    assert reverse("touch_reopen", args=[touch.id]) in page
    assert "Done today" in page
    assert touch.id not in {one.id for one in weeks.today(village).touches}


def test_a_notice_is_shown_once(client: Client, village: Owner) -> None:
    touch = weeks.today(village).touches[0]
    client.post(reverse("touch_later", args=[touch.id]), {"days": "3"})
    assert 'class="notice done"' in source_of(client, "/")
    assert 'class="notice done"' not in source_of(client, "/")


@pytest.mark.parametrize(
    ("act", "state"), [("touch_done", "done"), ("touch_later", "snoozed"), ("touch_skip", "skipped")]
)
def test_every_act_can_be_taken_back(client: Client, village: Owner, act: str, state: str) -> None:
    touch = weeks.week(village).touches[0]
    client.post(reverse(act, args=[touch.id]), {"days": "1"})
    assert touches.touch_view(touches.find_touch(village, touch.id)).state == state
    client.post(reverse("touch_reopen", args=[touch.id]))
    assert touches.touch_view(touches.find_touch(village, touch.id)).state == "open"


@pytest.mark.parametrize("days", ["", "0", "400", "soon"])
def test_a_strange_number_of_days_is_refused_in_words(client: Client, village: Owner, days: str) -> None:
    touch = weeks.week(village).touches[0]
    response = client.post(reverse("touch_later", args=[touch.id]), {"days": days})
    assert response.status_code == 400
    assert "Days:" in response.content.decode()


def test_acting_twice_is_refused_in_words(client: Client, village: Owner) -> None:
    touch = weeks.week(village).touches[0]
    client.post(reverse("touch_done", args=[touch.id]))
    response = client.post(reverse("touch_done", args=[touch.id]), headers={"hx-request": "true"})
    assert response.status_code == 422
    assert touch.person.name in response.content.decode()


@pytest.mark.parametrize(
    "act", ["touch_done", "touch_later", "touch_skip", "touch_reopen", "week_minutes", "demo_load"]
)
def test_acts_need_post(client: Client, village: Owner, act: str) -> None:
    args = ["abc"] if act.startswith("touch") else []
    assert client.get(reverse(act, args=args)).status_code == 405


@pytest.mark.parametrize(
    ("later", "words"), [(0, "Nothing else this week."), (1, "One more person"), (4, "4 more people")]
)
def test_when_nothing_is_left_the_end_is_said(
    client: Client, village: Owner, monkeypatch: pytest.MonkeyPatch, later: int, words: str
) -> None:
    day = dataclasses.replace(weeks.today(village), touches=[], later=later)
    monkeypatch.setattr(weeks, "today", lambda _owner: day)
    page = source_of(client, "/")
    assert "All caught up" in page
    assert words in page


def test_the_week_shows_every_touch_and_where_the_minutes_go(client: Client, village: Owner) -> None:
    week = weeks.week(village)
    page = source_of(client, reverse("week"))
    assert all(f"touch-{touch.id}" in page for touch in week.touches)
    assert "As a table" in page
    assert ("proven best" in page) == week.proven_optimal
    for item in week.left_out:
        assert reverse("person", args=[item.person.id]) in page


def test_obligations_come_first_within_a_day(client: Client, village: Owner) -> None:
    page = source_of(client, reverse("week"))
    for day in page.split('<section class="day">')[1:]:
        kinds = ["to keep" in card for card in day.split('<li class="touch" ')[1:]]
        assert kinds == sorted(kinds, reverse=True)


def test_minutes_of_this_week_can_be_changed_in_place(client: Client, village: Owner) -> None:
    client.post(reverse("week_minutes"), {"minutes_per_week": "30"})
    page = source_of(client, reverse("week"))
    assert "of 30 min planned" in page
    assert sum(touch.minutes for touch in weeks.week(village).touches) <= 30

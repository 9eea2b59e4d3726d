"""The page before a meeting."""

from __future__ import annotations

import html

from django.test import Client
from django.urls import reverse

from kithbook.services import briefs, facts, people
from kithbook.store.models import Owner


def test_the_brief_shows_what_the_service_knows(client: Client, village: Owner) -> None:
    """R16, R110: last talks, open loops, what to bring, what to ask, what to learn, answers."""
    marcus = people.search(village, "Marcus Eidinger").people[0].id
    view = briefs.for_person(village, marcus)
    page = html.unescape(client.get(reverse("brief", args=[marcus])).content.decode())
    for line in (*view.give, *view.ask_about, *(gap.question for gap in view.learn), view.may_ask):
        assert line in page
    for loop in view.mine_open:
        assert loop.text in page
    assert f"({view.replies.asked} in three years)" in page
    assert "<h1>Marcus Eidinger</h1>" in page


def test_a_sensitive_fact_is_not_printed(client: Client, village: Owner) -> None:
    """R110: seen on the screen, left off the sheet."""
    marcus = people.search(village, "Marcus Eidinger").people[0].id
    facts.note(village, marcus, "his knee", sensitive=True)
    page = client.get(reverse("brief", args=[marcus])).content.decode()
    assert '<li class="no-print">his knee' in page


def test_nobody_has_no_brief(client: Client, village: Owner) -> None:
    assert client.get(reverse("brief", args=["0000000000000"])).status_code == 404

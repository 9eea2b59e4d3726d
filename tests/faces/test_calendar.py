"""The calendar feed over HTTP: without a login, by its secret, as programs read it."""

from __future__ import annotations

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from kithbook.services import calendars, weeks
from kithbook.store.models import Owner
from tests.core.icalreader import read_calendar


def test_the_village_as_a_calendar(client: Client, village: Owner) -> None:
    """R51: touches of the week in the owner's calendar; read by a strict reader and by a library."""
    path = calendars.switch(village, True).path
    response = Client(headers={"host": "127.0.0.1"}).get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    text = response.content.decode()
    events = read_calendar(text)
    touches = weeks.week(village).touches
    assert sum(event["UID"].startswith("touch-") for event in events) == len(touches)
    library = icalendar.Calendar.from_ical(text)
    summaries = [str(event["SUMMARY"]) for event in library.walk("VEVENT")]
    assert len(summaries) == len(events)
    for touch in touches:
        assert any(touch.person.name in summary for summary in summaries)


def test_a_wrong_secret_is_not_found(client: Client, village: Owner) -> None:
    path = calendars.switch(village, True).path
    for wrong in (path[:-5] + ".ics", "/calendar/x.ics", "/calendar/0000000000000-x.ics", "/calendar/🙂.ics"):
        response = client.get(wrong)
        assert response.status_code == 404
        assert b"VCALENDAR" not in response.content


@pytest.mark.parametrize("act", ["on", "off", "renew"])
def test_the_settings_switch_and_renew_it(client: Client, owner: Owner, act: str) -> None:
    before = calendars.switch(owner, True).path
    response = client.post(reverse("settings_calendar"), {"act": act}, follow=True)
    owner.refresh_from_db()
    page = response.content.decode()
    now = calendars.feed(owner).path
    assert {"on": now == before, "off": now == "", "renew": now not in ("", before)}[act]
    assert (now in page) if now else (before not in page)


def test_changing_it_takes_a_post(client: Client, owner: Owner) -> None:
    path = calendars.switch(owner, True).path
    assert client.post(path).status_code == 405

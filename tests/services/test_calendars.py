"""What is in the calendar feed, and what never is."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.errors import NotFound
from kithbook.core.ical import Entry
from kithbook.services import bank, calendars, facts, owners, preferences, weeks
from kithbook.store.models import Ask, Event, Owner, PersonDate, Promise, Trip
from tests.services.factories import person, talk
from tests.services.helpers import circle, key, later, place
from tests.services.test_growth import assert_constant_queries, ten_more

MONDAY = dt.date(2026, 11, 23)


@pytest.fixture
def monday(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> Owner:
    """Alice on a Monday morning in Vienna."""
    later(monkeypatch, 0)
    owners.change_settings(owner, time_zone="Europe/Vienna")
    return owner


def kinds(owner: Owner) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in calendars.entries(owner):
        found.setdefault(entry.uid.partition("-")[0], []).append(entry)
    return found


def test_touches_go_into_the_relationship_time_of_their_day(monday: Owner) -> None:
    """R51: protected slots: they block the calendar, and the touches of the day stand in them, in UTC."""
    circle(monday, 8)
    days = "mon tue wed thu fri".split()
    preferences.change(monday, relationship_time=[f"{day} 16:00-17:00" for day in days])
    found = kinds(monday)
    touches = weeks.week(monday).touches
    assert len(found["touch"]) == len(touches)
    timed = [entry for entry in found["touch"] if isinstance(entry.starts, dt.datetime)]
    assert timed
    for entry in timed:
        assert isinstance(entry.starts, dt.datetime)
        assert entry.starts.hour == 15
        assert not entry.busy
    assert len(found["time"]) == 25
    assert all(entry.busy for entry in found["time"])


def test_relationship_time_keeps_its_hour_when_the_clocks_change(
    monday: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, 0, since="2026-03-16T09:00:00+00:00")
    preferences.change(monday, relationship_time=["tue 16:00-17:00"])
    hours = [entry.starts.astimezone(dt.UTC).hour for entry in kinds(monday)["time"]]  # type: ignore[union-attr]
    assert hours == [15, 15, 14, 14, 14]


def test_without_relationship_time_touches_have_the_whole_day(monday: Owner) -> None:
    circle(monday, 4)
    entries = kinds(monday)["touch"]
    assert all(type(entry.starts) is dt.date for entry in entries)
    again = kinds(Owner.objects.get(pk=monday.pk))["touch"]
    assert {entry.uid for entry in entries} == {entry.uid for entry in again}


def test_everything_that_has_a_day_is_there_once(monday: Owner) -> None:
    anna, ben = place(monday, person(monday, "Anna Berg"), 3), person(monday, "Ben Stern")
    PersonDate.objects.create(owner=monday, person=anna, kind="birthday", on="1980-02-29")
    PersonDate.objects.create(owner=monday, person=ben, kind="birthday", on="--05-01")
    Promise.objects.create(owner=monday, person=ben, by_me=False, text="a name", made_on=MONDAY, due_on=MONDAY)
    Promise.objects.create(owner=monday, person=anna, text="the photos", made_on=MONDAY, due_on=dt.date(2027, 1, 7))
    Ask.objects.create(owner=monday, person=anna, planned_on=dt.date(2027, 5, 1), text="a reference")
    Event.objects.create(owner=monday, name="Autumn fair", held_on=dt.date(2026, 12, 1), place="Graz")
    Event.objects.create(owner=monday, name="Long ago", held_on=dt.date(2026, 1, 1))
    Trip.objects.create(owner=monday, place="Lisbon", starts_on=dt.date(2026, 12, 5), ends_on=dt.date(2026, 12, 9))
    found = kinds(monday)
    assert [(e.title, e.starts) for e in found["date"]] == [("Anna Berg: birthday", dt.date(2027, 2, 28))]
    assert [e.title for e in found["promised"]] == ["Ben Stern promised: a name"]
    assert [(e.title, e.starts) for e in found["due"]] == [("Anna Berg: promise due", dt.date(2027, 1, 7))]
    assert [(e.title, e.note) for e in found["ask"]] == [("Anna Berg: planned ask", "a reference")]
    assert [(e.title, e.place) for e in found["event"]] == [("Autumn fair", "Graz")]
    assert [(e.title, e.ends) for e in found["trip"]] == [("In Lisbon", dt.date(2026, 12, 9))]


def test_what_is_in_this_weeks_plan_is_not_there_twice(monday: Owner) -> None:
    anna = person(monday, "Anna Berg")
    bank.got(monday, key(anna), "referral")
    found = kinds(monday)
    assert len(found["touch"]) == 1
    assert "due" not in found


def test_sensitive_facts_are_in_no_entry(monday: Owner) -> None:
    """R110: nothing marked as sensitive leaves through the calendar."""
    anna = place(monday, person(monday, "Anna Berg"), 3)
    talk(monday, anna, 200, 150, 100, 60)
    facts.note(monday, key(anna), "a lawyer for her divorce", about="need", sensitive=True)
    entries = calendars.entries(monday)
    assert any("Anna Berg" in entry.title for entry in entries)
    assert "divorce" not in str(entries)


def test_the_secret_is_good_until_it_is_renewed_or_the_feed_is_off(monday: Owner) -> None:
    assert calendars.feed(monday).path == ""
    old = calendars.secret_of(monday)
    with pytest.raises(NotFound):
        calendars.by_secret(old)
    calendars.switch(monday, True)
    assert calendars.by_secret(old).startswith("BEGIN:VCALENDAR")
    new = calendars.renew(monday).path.removeprefix("/calendar/").removesuffix(".ics")
    with pytest.raises(NotFound):
        calendars.by_secret(old)
    assert calendars.by_secret(new)
    calendars.switch(monday, False)
    with pytest.raises(NotFound):
        calendars.by_secret(new)


def test_one_owners_secret_never_opens_anothers(monday: Owner, stranger: Owner) -> None:
    circle(monday, 3)
    calendars.switch(stranger, True)
    text = calendars.by_secret(calendars.secret_of(stranger))
    assert "Kreis" not in text
    calendars.switch(monday, True)
    mixed = f"{calendars.secret_of(monday).partition('-')[0]}-{calendars.secret_of(stranger).partition('-')[2]}"
    with pytest.raises(NotFound):
        calendars.by_secret(mixed)


def test_the_feed_costs_the_same_for_ten_more_people(monday: Owner) -> None:
    ten_more(monday, "Early")()
    assert_constant_queries(lambda: calendars.entries(monday), ten_more(monday))

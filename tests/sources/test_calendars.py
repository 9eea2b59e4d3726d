"""Calendars: which meetings count, when and with whom; every trap of the format spoils one event at most."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kithbook.core.records import Counted, Exchange, Problem
from kithbook.sources.base import Record, Source
from kithbook.sources.calendars import CalendarSource
from kithbook.sources.detect import detect
from tests.sources.conformance import FileConformance

LATEST = int(dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC).timestamp())
WHO = "ORGANIZER;CN=Me:mailto:me@example.org\nATTENDEE;CN=Anna Berger:mailto:Anna@Example.org"


def event(body: str, uid: str = "1@x", who: str = WHO) -> str:
    return f"BEGIN:VEVENT\nUID:{uid}\nSUMMARY:Lunch\n{body}\n{who}\nEND:VEVENT\n"


def read(folder: Path, *events: str, zone: dt.tzinfo = dt.UTC, before: str = "") -> list[Record]:
    path = folder / "calendar"
    path.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\n{before}{''.join(events)}END:VCALENDAR\n", "utf-8")
    return list(CalendarSource(path, latest=LATEST, zone=zone).records())


def at(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).timestamp())


class TestCalendarConformance(FileConformance):
    kind = "calendar"
    name = "calendar.ics"
    prefix = b"BEGIN:VCALENDAR\nVERSION:2.0\n"
    extras = (event("STATUS:CANCELLED\nDTSTART:20260102T100000Z", "c@x").encode(),)
    expected = {"Exchange": 3, "Counted": 1}  # noqa: RUF012

    def piece(self, number: int) -> bytes:
        return event(f"DTSTART:20260101T{number % 24:02d}{number // 24 % 60:02d}00Z", f"{number}@x").encode()

    def open(self, path: Path) -> Source:
        return CalendarSource(path, latest=LATEST)


@pytest.mark.parametrize(
    ("body", "begins", "minutes"),
    [
        ("DTSTART:20260301T100000Z\nDTEND:20260301T104500Z", "2026-03-01T10:00+00:00", 45),
        ("DTSTART;TZID=Europe/Vienna:20260701T100000\nDURATION:PT1H", "2026-07-01T10:00+02:00", 60),
        ("DTSTART;TZID=W. Europe Standard Time:20260701T100000\nDURATION:PT1H", "2026-07-01T10:00+02:00", 60),
        ("DTSTART:20260701T100000", "2026-07-01T10:00-04:00", None),
        ("DTSTART;VALUE=DATE:20260701", "2026-07-01T12:00-04:00", None),
        ("DTSTART;TZID=America/New_York:20261101T013000\nDTEND;TZID=America/New_York:20261101T023000",
         "2026-11-01T01:30-04:00", 120),
    ],
)  # fmt: skip
def test_times_are_read_in_their_zone(tmp_path: Path, body: str, begins: str, minutes: int | None) -> None:
    (found,) = read(tmp_path, event(body), zone=ZoneInfo("America/New_York"))
    assert isinstance(found, Exchange)
    assert (found.at, found.minutes) == (at(begins), minutes)
    assert [party.name for party in found.others] == ["Me", "Anna Berger"]
    assert found.others[1].handles[0].key == "anna@example.org"


@pytest.mark.parametrize(
    ("body", "who", "reason"),
    [
        ("DTSTART:20261125T100000Z", WHO, "still to come"),
        ("DTSTART:20261121T083000Z\nDTEND:20261121T093000Z", WHO, "still to come"),
        ("DTSTART:20260301T100000Z\nSTATUS:CANCELLED", WHO, "cancelled"),
        ("DTSTART:20260301T100000Z", "X-NOTHING:1", "nobody invited"),
        ("DTSTART:20260301T100000Z", "ATTENDEE;CUTYPE=ROOM:mailto:room1@example.org", "nobody invited"),
        ("DESCRIPTION:no date", WHO, "no usable date"),
    ],
)
def test_what_is_no_meeting_is_counted_with_its_reason(tmp_path: Path, body: str, who: str, reason: str) -> None:
    (found,) = read(tmp_path, event(body, who=who))
    assert getattr(found, "reason", None) == reason


def test_each_past_occurrence_counts_but_exceptions_and_cancelled_ones_do_not(tmp_path: Path) -> None:
    series = event("DTSTART:20261102T100000Z\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=30\nEXDATE:20261104T100000Z")
    moved = event("RECURRENCE-ID:20261105T100000Z\nDTSTART:20261105T150000Z\nDURATION:PT30M")
    off = event("RECURRENCE-ID:20261106T100000Z\nDTSTART:20261106T100000Z\nSTATUS:CANCELLED")
    found = read(tmp_path, moved, series, off)
    times = sorted(record.at for record in found if isinstance(record, Exchange))
    assert at("2026-11-04T10:00+00:00") not in times
    assert at("2026-11-05T15:00+00:00") in times
    assert at("2026-11-05T10:00+00:00") not in times
    assert at("2026-11-06T10:00+00:00") not in times
    assert max(times) == at("2026-11-20T10:00+00:00")
    assert len(times) == 17
    assert len({record.key for record in found if isinstance(record, Exchange)}) == 17


def test_who_declined_was_not_there_and_an_own_entry_is_the_owners(tmp_path: Path) -> None:
    who = 'ATTENDEE;PARTSTAT=DECLINED:mailto:bruno@example.org\nATTENDEE;CN="Diaz, Carla":mailto:carla@example.org'
    (found,) = read(tmp_path, event("DTSTART:20260301T100000Z\nLOCATION:https://zoom.us/j/1", who=who))
    assert isinstance(found, Exchange)
    assert [(party.is_me, party.declined) for party in found.others] == [(True, False), (False, True), (False, False)]
    assert found.channel == "video"


def test_a_private_event_keeps_its_name_to_itself(tmp_path: Path) -> None:
    (found,) = read(tmp_path, event("DTSTART:20260301T100000Z\nCLASS:PRIVATE"))
    assert isinstance(found, Exchange)
    assert found.title == ""


def test_a_broken_event_spoils_only_itself(tmp_path: Path) -> None:
    found = read(tmp_path, event("DTSTART:2026ABC", "a@x"), event("DTSTART:20260301T100000Z", "b@x"))
    assert Counter(type(record) for record in found) == {Problem: 1, Exchange: 1}


def test_events_that_share_one_uid_are_all_read(tmp_path: Path) -> None:
    same = event("DTSTART:20260301T100000Z"), event("DTSTART:20260302T100000Z"), event("DTSTART:20260302T100000Z")
    found = read(tmp_path, *same)
    assert [r.at for r in found if isinstance(r, Exchange)] == [
        at("2026-03-01T10:00+00:00"),
        at("2026-03-02T10:00+00:00"),
    ]
    assert [r.reason for r in found if isinstance(r, Counted)] == ["older version of an event"]


def test_only_the_newest_version_of_a_moved_meeting_counts(tmp_path: Path) -> None:
    found = read(tmp_path, event("DTSTART:20260302T100000Z\nSEQUENCE:1"), event("DTSTART:20260301T100000Z"))
    assert [r.at for r in found if isinstance(r, Exchange)] == [at("2026-03-02T10:00+00:00")]
    assert [r.reason for r in found if isinstance(r, Counted)] == ["older version of an event"]


def test_an_occurrence_cancelled_without_a_date_of_its_own_spoils_no_series(tmp_path: Path) -> None:
    series = event("DTSTART:20260301T100000Z\nRRULE:FREQ=DAILY;COUNT=3\nSEQUENCE:1")
    found = read(tmp_path, series, event("RECURRENCE-ID:20260302T100000Z\nSTATUS:CANCELLED"))
    assert Counter(type(record) for record in found) == {Exchange: 2, Counted: 1}


@pytest.mark.parametrize("end", ["DTEND:20260301T10300Z", "DURATION:soon", "DTEND:20260301T090000Z"])
def test_an_end_that_makes_no_sense_does_not_spoil_the_meeting(tmp_path: Path, end: str) -> None:
    (found,) = read(tmp_path, event(f"DTSTART:20260301T100000Z\n{end}"))
    assert isinstance(found, Exchange)
    assert found.minutes is None


def test_a_beginning_told_twice_is_the_first(tmp_path: Path) -> None:
    (found,) = read(tmp_path, event("DTSTART:20260301T100000Z\nDTSTART:20260302T100000Z"))
    assert isinstance(found, Exchange)
    assert found.at == at("2026-03-01T10:00+00:00")


def test_an_event_without_a_calendar_around_it_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_text(event("DTSTART:20260301T100000Z"), "utf-8")
    assert detect(path).name == "calendar"
    (found,) = CalendarSource(path, latest=LATEST).records()
    assert isinstance(found, Exchange)


def test_tasks_and_journals_are_counted_and_do_not_touch_an_event_with_their_uid(tmp_path: Path) -> None:
    task = "BEGIN:VTODO\nUID:1@x\nSUMMARY:Buy rye\nEND:VTODO\n"
    found = read(tmp_path, task, event("DTSTART:20260301T100000Z"), task.replace("VTODO", "VJOURNAL"))
    assert [getattr(record, "reason", "meeting") for record in found] == ["task", "meeting", "journal entry"]


@pytest.mark.parametrize("rule", ["HOURLY;COUNT=3", "HOURLY;INTERVAL=24;COUNT=3", "MINUTELY;UNTIL=20100101T000200Z"])
def test_a_short_series_in_short_steps_is_whole(tmp_path: Path, rule: str) -> None:
    found = read(tmp_path, event(f"DTSTART:20100101T000000Z\nRRULE:FREQ={rule}"))
    assert [type(record) for record in found] == [Exchange] * 3


@pytest.mark.parametrize("step", ["HOURLY", "SECONDLY"])
def test_an_endless_series_is_bounded(tmp_path: Path, step: str) -> None:
    found = read(tmp_path, event(f"DTSTART:20100101T000000Z\nRRULE:FREQ={step}"))
    assert 4_900 < len(found) <= 5_001
    assert isinstance(found[-1], Problem)


@pytest.mark.parametrize(
    ("rule", "count"), [("HOURLY;BYHOUR=9;BYDAY=MO", 722), ("HOURLY;INTERVAL=6;BYHOUR=15,16;BYDAY=TU", 723)]
)
def test_a_series_of_few_hours_is_followed_to_its_end(tmp_path: Path, rule: str, count: int) -> None:
    found = read(tmp_path, event(f"DTSTART:20100104T090000Z\nRRULE:FREQ={rule};UNTIL=20231101T000000Z"))
    assert sum(isinstance(record, Exchange) for record in found) == count
    assert not any(isinstance(record, Problem) for record in found)


def test_until_when_a_series_in_short_steps_was_read_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, event("DTSTART:20100101T090000Z\nRRULE:FREQ=MINUTELY;BYHOUR=9;BYMINUTE=0"))
    assert len(found) > 300
    assert isinstance(found[-1], Problem)
    assert found[-1].what == "Of this event only what took place until 14 Dec 2010 was read."


def test_calendars_from_the_wild_are_read_without_a_crash(shared_data: Path) -> None:
    folder = shared_data / "ics"
    paths = sorted(folder.rglob("*.ics"))
    assert len(paths) > 50
    records = [record for path in paths for record in CalendarSource(path, latest=LATEST).records()]
    assert Counter(type(record).__name__ for record in records)["Exchange"] == 2

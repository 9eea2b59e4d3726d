"""Calendars as text: what RFC 5545 asks for, checked by a strict reader of its own."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.ical import Entry, escape, fold, write_calendar
from tests.core.icalreader import read_calendar, unescape

MADE = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 24)


def one(**fields: object) -> dict[str, str]:
    entry = Entry(**({"uid": "touch-1@kithbook", "title": "Anna", "starts": DAY} | fields))  # type: ignore[arg-type]
    (found,) = read_calendar(write_calendar("Kithbook", [entry], MADE))
    return found


def test_a_whole_day_ends_on_the_next_as_the_standard_wants() -> None:
    found = one()
    assert found["DTSTART;VALUE=DATE"] == "20261124"
    assert found["DTEND;VALUE=DATE"] == "20261125"
    assert found["DTSTAMP"] == "20261121T090000Z"
    assert found["TRANSP"] == "TRANSPARENT"


def test_times_are_in_utc_whatever_the_zone() -> None:
    vienna = dt.datetime(2026, 7, 7, 16, tzinfo=ZoneInfo("Europe/Vienna"))
    found = one(starts=vienna, ends=vienna + dt.timedelta(minutes=15), busy=True)
    assert (found["DTSTART"], found["DTEND"]) == ("20260707T140000Z", "20260707T141500Z")
    assert found["TRANSP"] == "OPAQUE"


@pytest.mark.parametrize(("ends", "last"), [(None, "20261125"), (DAY, "20261125"), (dt.date(2026, 11, 26), "20261127"),
                                            (dt.date(2026, 11, 1), "20261125")])  # fmt: skip
def test_several_days_end_after_the_last(ends: dt.date | None, last: str) -> None:
    assert one(ends=ends)["DTEND;VALUE=DATE"] == last


def test_texts_are_escaped() -> None:
    assert escape("a,b;c\\d\r\ne\x07") == "a\\,b\\;c\\\\d\\ne"
    assert one(note="one, two; three\nfour")["DESCRIPTION"] == "one\\, two\\; three\\nfour"


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_any_text_survives_the_way_out_and_in(text: str) -> None:
    found = one(title="x" + text)["SUMMARY"]
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in plain if c in "\n\t" or (ord(c) >= 32 and ord(c) != 127))
    assert unescape(found) == "x" + kept


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=400))
def test_lines_have_at_most_75_octets_and_no_character_is_cut(text: str) -> None:
    parts = list(fold(text))
    assert all(len(part.encode()) <= 75 for part in parts)
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == text
    assert all(part[0] == " " for part in parts[1:])


def test_an_empty_calendar_is_a_calendar() -> None:
    assert read_calendar(write_calendar("Kithbook", [], MADE)) == []

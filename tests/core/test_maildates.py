"""Dates of mail in all the forms that mailers write."""

from __future__ import annotations

import calendar
import os
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.maildates import choose_mail_time, is_plausible, parse_mail_date

LATEST = 1_800_000_000
DATES = {
    "Mon, 1 Jan 2024 10:00:00 +0000": "2024-01-01 10:00:00",
    "Mon, 01 Jan 2024 10:00:00 -0800 (PST)": "2024-01-01 18:00:00",
    "1 Jan 2024 10:00:00 +0530": "2024-01-01 04:30:00",
    "Fri, 1 Jan 2024 10:00:00 +0000": "2024-01-01 10:00:00",  # it was a Monday
    "Mon, 1 Jan 2024 10:00:00 -0000": "2024-01-01 10:00:00",
    "Mon, 1 Jan 2024 10:00:00": "2024-01-01 10:00:00",
    "Mon, 1 Jan 2024 10:00": "2024-01-01 10:00:00",
    "Mon, 1 Jan 2024 10:00:00 GMT (UTC)": "2024-01-01 10:00:00",
    "Mon, 1 Jan 2024 10:00:00 EST": "2024-01-01 15:00:00",
    "Mon, 1 Jan 2024 10:00:00 CEST": "2024-01-01 08:00:00",
    "Mon, 1 Jan 2024 10:00:00 Mitteleuropa": "2024-01-01 10:00:00",
    "Mon, 1 Jan 2024 10:00:00 -800": "2024-01-01 18:00:00",
    "Mon, 1 Jan 2024 10:00:00 +01:00": "2024-01-01 09:00:00",
    "Mon, 1 Jan 2024 10:00:00 GMT+0100": "2024-01-01 09:00:00",
    "Mon, 1 Jan 2024 10:00:00 +9900": "2024-01-01 10:00:00",
    "1 Jan 98 10:00 PST": "1998-01-01 18:00:00",
    "1 Jan 03 10:00:00 +0000": "2003-01-01 10:00:00",
    "1 Jan 103 10:00:00 +0000": "2003-01-01 10:00:00",
    "Wed, 31 Dec 2008 23:59:60 +0000": "2009-01-01 00:00:00",
    "1 Jan 2024 24:00:00 +0000": "2024-01-02 00:00:00",
    "Mon Jan  1 10:00:00 2024": "2024-01-01 10:00:00",
    "Mon Jan 01 10:00:00 +0000 2024": "2024-01-01 10:00:00",
    "Thu Jan 1 10:00:00 PST 1998": "1998-01-01 18:00:00",
    "2024-01-01T10:00:00Z": "2024-01-01 10:00:00",
    "2024-01-01 10:00:00.123+01:00": "2024-01-01 09:00:00",
    "01-Jan-24 10:00:00 -0800": "2024-01-01 18:00:00",
    "Mo, 1 Mär 2004 10:00:00 +0100": "2004-03-01 09:00:00",
    "January 5, 2020 3:04 PM": "2020-01-05 15:04:00",
    "Sat, 11 Nov 2023 9.15.00 +0200": "2023-11-11 07:15:00",
    "29 Feb 2024 10:00:00 +0000": "2024-02-29 10:00:00",
}


@pytest.mark.parametrize("text", DATES)
def test_a_date_is_read_in_every_form_that_mailers_write(text):
    at = parse_mail_date(text)
    assert at is not None
    assert datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S") == DATES[text]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "32 Foo 2024 99:99",
        "30 Feb 2024 10:00:00 +0000",
        "29 Feb 2023 10:00:00 +0000",
        "1 Jan 2024 25:00:00 +0000",
        "soon",
    ],
)
def test_what_is_no_date_gives_none(text):
    assert parse_mail_date(text) is None


def test_the_zone_of_this_machine_changes_nothing(monkeypatch):
    before = [parse_mail_date(text) for text in DATES]
    monkeypatch.setitem(os.environ, "TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert [parse_mail_date(text) for text in DATES] == before
    finally:
        monkeypatch.undo()
        time.tzset()


@given(st.datetimes(min_value=datetime(1901, 1, 1), max_value=datetime(2099, 12, 31)), st.integers(-14 * 4, 14 * 4))
def test_the_arithmetic_agrees_with_the_calendar(moment, quarters):
    sign, minutes = "-" if quarters < 0 else "+", abs(quarters) * 15
    text = f"{moment:%a, %d %b %Y %H:%M:%S} {sign}{minutes // 60:02}{minutes % 60:02}"
    expected = calendar.timegm(moment.timetuple()) - quarters * 900
    assert parse_mail_date(text) == expected
    assert parse_mail_date(text.replace(" 0", " ", 1)) == expected
    assert parse_mail_date(text.partition(", ")[2]) == expected


@given(st.text(max_size=60))
def test_any_text_is_read_as_a_date_without_failing(text):
    at = parse_mail_date(text)
    assert at is None or isinstance(at, int)


def test_a_time_is_plausible_from_1971_to_one_day_ahead():
    assert is_plausible(31_536_000, LATEST)
    assert is_plausible(LATEST + 86_400, LATEST)
    assert not is_plausible(31_535_999, LATEST)
    assert not is_plausible(LATEST + 86_401, LATEST)
    assert not is_plausible(None, LATEST)


def test_an_implausible_date_gives_way_to_the_next_evidence():
    received = ["from a by b; Tue, 2 Jan 2024 00:00:00 +0000", "from c by d; Mon, 1 Jan 2024 00:00:00 +0000"]
    assert choose_mail_time("Mon, 1 Jan 2024 10:00:00 +0000", received, "", 5, LATEST) == (1_704_103_200, "date")
    assert choose_mail_time("Thu, 1 Jan 1970 00:00:00 +0000", received, "", 5, LATEST) == (1_704_153_600, "received")
    assert choose_mail_time("1 Jan 2090 00:00 UT", ["x", "y;z"], "Mon Jan 1 10:00:00 2024", 5, LATEST) == (
        1_704_103_200,
        "separator",
    )
    assert choose_mail_time("", [], "Thu Jan 1 00:00:00 1970", 1_700_000_000, LATEST) == (1_700_000_000, "file")
    assert choose_mail_time("", [], "", LATEST + 10**9, LATEST) == (LATEST, "file")

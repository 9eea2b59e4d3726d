"""Dates and durations in text, worked out by hand (today is Saturday 21 November 2026 unless said)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithbook.core.spans import find_dates, find_durations

SATURDAY = date(2026, 11, 21)


def _days(text: str, *, ahead: bool = False, today: date = SATURDAY) -> list[str]:
    return [str(span.on) for span in find_dates(text, today=today, ahead=ahead)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-11-21"),
        ("yesterday", "2026-11-20"),
        ("yesterday evening", "2026-11-20"),
        ("this morning", "2026-11-21"),
        ("last night", "2026-11-20"),
        ("the day before yesterday", "2026-11-19"),
        ("2 hours ago", "2026-11-21"),
        ("Friday", "2026-11-20"),
        ("on Saturday", "2026-11-14"),
        ("Sun morning", "2026-11-15"),
        ("last Tuesday", "2026-11-17"),
        ("on Monday", "2026-11-16"),
        ("last week on Thursday", "2026-11-12"),
        ("Thursday last week", "2026-11-12"),
        ("3 days ago", "2026-11-18"),
        ("a week ago", "2026-11-14"),
        ("a fortnight ago", "2026-11-07"),
        ("a couple of days ago", "2026-11-19"),
        ("nine months ago", "2026-02-21"),
        ("a year ago", "2025-11-21"),
        ("12 March", "2026-03-12"),
        ("Mar 12", "2026-03-12"),
        ("March 12th, 2025", "2025-03-12"),
        ("the 12th of March", "2026-03-12"),
        ("24 December", "2025-12-24"),
        ("2026-03-12", "2026-03-12"),
        ("12.03.2026", "2026-03-12"),
        ("13/3", "2026-03-13"),
        ("3/13", "2026-03-13"),
        ("3/3", "2026-03-03"),
        ("13/03/26", "2026-03-13"),
        ("the 5th", "2026-11-05"),
        ("the 30th", "2026-10-30"),
        ("29 February", "2024-02-29"),
        ("12 mars 2026", "2026-03-12"),
        ("12. März 2026", "2026-03-12"),
    ],
)
def test_what_happened_lies_behind(text: str, day: str) -> None:
    assert _days(text) == [day]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tomorrow", "2026-11-22"),
        ("by Friday", "2026-11-27"),
        ("until Saturday", "2026-11-28"),
        ("before Friday", "2026-11-26"),
        ("this Friday", "2026-11-27"),
        ("next Friday", "2026-11-27"),
        ("Friday next week", "2026-11-27"),
        ("next week", "2026-11-27"),
        ("next month", "2026-12-31"),
        ("in two weeks", "2026-12-05"),
        ("within 10 days", "2026-12-01"),
        ("in a month", "2026-12-21"),
        ("two weeks from now", "2026-12-05"),
        ("by 12 March", "2027-03-12"),
        ("by 1 December", "2026-12-01"),
        ("by the 5th", "2026-12-05"),
        ("end of month", "2026-11-30"),
        ("by the end of the year", "2026-12-31"),
        ("by end of next quarter", "2027-03-31"),
        ("end of February", "2027-02-28"),
        ("by eom", "2026-11-30"),
        ("by month end", "2026-11-30"),
        ("by May", "2027-05-01"),
        ("in December", "2026-12-31"),
        ("29 February", "2028-02-29"),
    ],
)
def test_what_was_promised_lies_ahead(text: str, day: str) -> None:
    assert _days(text, ahead=True) == [day]


@pytest.mark.parametrize(
    "text",
    [
        "Sam May",
        "the Sun",
        "wait a second",
        "the second time",
        "March Hare",
        "may I go",
        "we may meet",
        "sat with Bob",
        "24/7",
        "1/3 of the time",
        "50/50",
        "on the 5th floor",
        "the 2nd edition",
        "every Friday",
        "the Friday talk",
        "Friday's talk",
        "room 12 building 2026",
        "grew sales in two years to a million",
        "version 2.3.1",
        "",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert _days(text) == []


@pytest.mark.parametrize(
    ("text", "ahead", "day", "question"),
    [
        ("12/3", False, None, "Does 12/3 mean 12 March or 3 December?"),
        ("31 February", False, None, "There is no day “31 February”: which day is meant?"),
        ("2026-02-30", False, None, "There is no day “2026-02-30”: which day is meant?"),
        ("in May", False, None, "Which day in May 2026?"),
        ("the other day", False, None, "Which day was “the other day”?"),
        ("last week", False, date(2026, 11, 12), "Which day last week? Taken: Thursday 12 November 2026."),
        ("a few days ago", False, date(2026, 11, 18), "How long exactly is “a few days ago”?"),
    ],
)
def test_what_fits_several_days_comes_with_a_question(text: str, ahead: bool, day: date | None, question: str) -> None:
    (span,) = find_dates(text, today=SATURDAY, ahead=ahead)
    assert (span.on, span.question) == (day, question)


def test_next_friday_on_a_monday_is_asked() -> None:
    (span,) = find_dates("next Friday", today=date(2026, 11, 16), ahead=True)
    assert span.on == date(2026, 11, 27)
    assert "Friday 20 November 2026 or Friday 27 November 2026" in span.question


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        (date(2024, 2, 29), "a year ago", "2023-02-28"),
        (date(2024, 3, 1), "yesterday", "2024-02-29"),
        (date(2026, 1, 1), "yesterday", "2025-12-31"),
        (date(2026, 1, 1), "Thursday", "2025-12-25"),
        (date(2026, 3, 31), "a month ago", "2026-02-28"),
        (date(2026, 3, 30), "the 31st", "2026-01-31"),
        (date(2024, 2, 29), "29 February", "2024-02-29"),
    ],
)
def test_the_edges_of_months_and_years(today: date, text: str, day: str) -> None:
    assert _days(text, today=today) == [day]


def test_masked_names_are_no_dates() -> None:
    text = "call with April Friday on 3 April"
    assert [span.text for span in find_dates(text, today=SATURDAY, masked=[(10, 22)])] == ["on 3 April"]


def test_several_dates_come_in_order_with_their_places() -> None:
    text = "seen on 12 March, and yesterday"
    assert [text[span.start : span.end] for span in find_dates(text, today=SATURDAY)] == ["on 12 March", "yesterday"]


def test_since_never_looks_ahead() -> None:
    (span,) = find_dates("since Monday", today=SATURDAY, ahead=True)
    assert (span.on, span.lead) == (date(2026, 11, 16), "since")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45m", 45),
        ("45 min", 45),
        ("45 MIN", 45),
        ("30-minute call", 30),
        ("1h30", 90),
        ("1h30m", 90),
        ("1 hour and 15 minutes", 75),
        ("1h", 60),
        ("1.5h", 90),
        ("1,5 h", 90),
        ("2 hours", 120),
        ("an hour", 60),
        ("half an hour", 30),
        ("a quarter of an hour", 15),
        ("three quarters of an hour", 45),
        ("an hour and a half", 90),
        ("two and a half hours", 150),
        ("90 minutes", 90),
        ("for about twenty minutes", 20),
        ("forty-five minutes", 45),
    ],
)
def test_lengths_of_time(text: str, minutes: int) -> None:
    assert [span.minutes for span in find_durations(text)] == [minutes]


@pytest.mark.parametrize(
    "text",
    [
        "in 30 minutes",
        "an hour ago",
        "20 min late",
        "$45m",
        "raised 45m",
        "45m ARR",
        "100h",
        "0 min",
        "10 m",
        "an hour before",
    ],
)
def test_what_is_no_length_of_an_exchange(text: str) -> None:
    assert find_durations(text) == []


@settings(max_examples=150)
@given(
    st.one_of(st.text(max_size=300), st.text("0123456789/.- adhimnorstuwy", max_size=80)),
    st.one_of(st.dates(), st.sampled_from([date.min, date.max])),
    st.booleans(),
)
def test_no_text_and_no_day_raises(text: str, today: date, ahead: bool) -> None:
    for span in find_dates(text, today=today, ahead=ahead):
        assert text[span.start : span.end] == span.text
        assert span.on or span.question
    for length in find_durations(text):
        assert 1 <= length.minutes <= 1440

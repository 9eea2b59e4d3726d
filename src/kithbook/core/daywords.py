"""Days in words, in English, the same on every machine."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

_EPOCH = date(1970, 1, 1)


def write_date(day: date) -> str:
    """A day in full: "3 March 2026"."""
    return f"{day.day} {write_month(day)}"


def write_month(day: date) -> str:
    """The month of a day: "March 2026"."""
    return f"{calendar.month_name[day.month]} {day.year}"


def say_date(day: date, today: date) -> str:
    """A day as one says it: "3 May", with the year where it is another one."""
    return f"{day.day} {calendar.month_name[day.month]}" if day.year == today.year else write_date(day)


def say_day(day: date) -> str:
    """A day near by, short: "3 Dec"."""
    return f"{day.day} {calendar.month_abbr[day.month]}"


def day_words(number: int) -> str:
    """A day number (days since 1970-01-01): "12 Mar 2026"."""
    day = _EPOCH + timedelta(days=number)
    return f"{say_day(day)} {day.year}"

"""Dates of address books, of which year, month or day may be unknown."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from kithbook.core.records import PartialDate

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Days outside these years are slips of the pen; inside them weeks and years can be added and taken off."""
APPLE_NO_YEAR = 1604
"""Apple's programs write a birthday without a year in this one, the first leap year of the Gregorian calendar."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier janv enero ene gennaio gen janeiro januari",
            "feb february februar février févr fév fevr febrero febbraio fevereiro fev februari",
            "mar march märz mär mrz mars marzo março maart mrt",
            "apr april avril avr abril abr aprile",
            "may mai mayo maggio mag maio mei",
            "jun june juni juin junio giugno giu junho",
            "jul july juli juillet juil julio luglio lug julho",
            "aug august août aout agosto ago augustus",
            "sep sept september septembre septiembre settembre set setembro",
            "oct october oktober okt octobre octubre ottobre ott outubro out",
            "nov november novembre noviembre novembro",
            "dec december dezember dez décembre déc diciembre dic dicembre dezembro december",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?:[t ].*)?\Z", re.DOTALL)
_NO_YEAR = re.compile(r"--(\d{2})?-?(\d{2})?(?:t.*)?\Z", re.DOTALL)
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ .-]+([^\W\d_]{3,10})[ .,-]+(\d{4}|\d{2})\Z")
_WORDS_US = re.compile(r"([^\W\d_]{3,10})[ .]+(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})\Z")
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})\Z")


def partial_text(day: PartialDate | None) -> str:
    """A partial date as the database and cards write it: "2021-04-07", "2021-04", "2021", "--04-07" or ""."""
    if day is None:
        return ""
    month = f"-{day.month:02d}" if day.month else ""
    date = f"-{day.day:02d}" if day.day and day.month else ""
    if day.year:
        return f"{day.year:04d}{month}{date}"
    return f"-{month}{date}" if month else ""


@lru_cache(maxsize=8192)  # people share days, and a network of connections a few thousand of them
def parse_partial_date(text: str) -> PartialDate | None:
    """Read a date as address books and LinkedIn write it; None if it is none.

    ISO in all its short forms, `--1006`, `---06`, Apple's year 1604 and the year 0000 for "no year", `08 Feb 2026`,
    `4-Apr-21` (Excel; always this century), `Feb 8, 2026`, `8.2.2026`. Where a date in figures does not say which is
    the month (4/5/1990), only the year is taken.
    """
    text = text.strip().lower()
    if not text or len(text) > 40:
        return None
    return _parse_iso(text) or _parse_words(text) or _parse_numbers(text)


def _parse_iso(text: str) -> PartialDate | None:
    match = _NO_YEAR.match(text)
    if match:
        return make_partial_date(None, match[1], match[2])
    match = _YEAR_MONTH.match(text) or _ISO.match(text)
    return make_partial_date(*match.groups()) if match else None


def _parse_words(text: str) -> PartialDate | None:
    match = _WORDS.match(text)
    if match:
        day, name, year = match.groups()
        if len(year) == 2 and "-" not in text:  # "05 Mar 20" is more likely a cut-off year
            return None
    else:
        match = _WORDS_US.match(text)
        if not match:
            return None
        name, day, year = match.groups()
    month = _MONTHS.get(name)
    return make_partial_date(year if len(year) == 4 else f"20{year}", str(month), day) if month else None


def _parse_numbers(text: str) -> PartialDate | None:
    match = _NUMBERS.match(text)
    if not match:
        return None
    first, separator, second, year = match.groups()
    if separator == "." or (int(first) > 12 >= int(second)):
        return make_partial_date(year, second, first)
    if int(second) > 12 >= int(first):
        return make_partial_date(year, first, second)
    return make_partial_date(year, first, second) if first == second else make_partial_date(year, None, None)


def make_partial_date(year: str | None, month: str | None = None, day: str | None = None) -> PartialDate | None:
    """A partial date from figures; None if there is no such day or nothing is known."""
    parts = [int(part) if part else None for part in (year, month, day)]
    if parts[0] in (0, APPLE_NO_YEAR):
        parts[0] = None
    if parts == [None, None, None]:
        return None
    try:
        dt.date(parts[0] or 2000, 1 if parts[1] is None else parts[1], 1 if parts[2] is None else parts[2])
    except ValueError:
        return None
    return PartialDate(*parts)

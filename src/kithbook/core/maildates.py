"""Dates of mail as epoch seconds UTC, read from everything that mailers have called a date.

Only integer arithmetic on civil days: no locale, no zone of this machine, no clock. What is "too late" is for the
caller to say (`latest`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

EARLIEST = 31_536_000  # 1971-01-01: an earlier "date" is a dead clock battery
_GRACE_SECONDS = 86_400
_MEMO_LIMIT = 20_000

_ISO = re.compile(r"\b(\d{4})[-/.](\d\d?)[-/.](\d\d?)(?=[T\s]|$)", re.IGNORECASE)
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?(?:[.,]\d+)?\s*([ap]\.?m\.?\b)?", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d\d)?(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_COMMENT = re.compile(r"\([^()]*\)")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen janv janvier enero gennaio januar",
            "feb fev fevr fév févr février febrero febbraio februar",
            "mar mär mrz maerz mars marzo mrt märz",
            "apr abr avr avril abril aprile",
            "may mai mei mag maj mayo maggio maio",
            "jun juin giu junio giugno juni",
            "jul juil lug juillet julio luglio juli",
            "aug ago aoû août aout agosto",
            "sep set sept septembre settembre septiembre",
            "oct okt out ott octobre octubre ottobre oktober",
            "nov novembre noviembre",
            "dec dez dic déc décembre diciembre dicembre dezember",
        ),
        start=1,
    )
    for name in names.split()
}
_ENGLISH = {name: n for n, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1)}
_FULL_ENGLISH = ("january february march april may june july august september october november december").split()
_MONTHS.update({name: number for number, name in enumerate(_FULL_ENGLISH, start=1)})

# Hours east of Greenwich. Names that mean several zones (IST, BST in Bangladesh) have the meaning seen in mail.
_ZONES = {
    **dict.fromkeys(("ut", "utc", "gmt", "z", "wet", "zulu"), 0.0),
    **dict.fromkeys(("cet", "met", "mez", "bst", "west", "wat"), 1.0),
    **dict.fromkeys(("cest", "mest", "mesz", "eet", "sast", "cat"), 2.0),
    **dict.fromkeys(("eest", "msk", "eat", "trt", "bt"), 3.0),
    **dict.fromkeys(("msd", "gst", "samt"), 4.0),
    **dict.fromkeys(("pkt", "yekt", "uzt"), 5.0),
    "ist": 5.5,
    "npt": 5.75,
    **dict.fromkeys(("omst", "novt"), 6.0),
    **dict.fromkeys(("ict", "wib", "krat"), 7.0),
    **dict.fromkeys(("hkt", "sgt", "pht", "awst", "cct", "irkt", "myt"), 8.0),
    **dict.fromkeys(("jst", "kst", "yakt"), 9.0),
    **dict.fromkeys(("acst",), 9.5),
    **dict.fromkeys(("aest", "vlat", "chst"), 10.0),
    **dict.fromkeys(("acdt",), 10.5),
    **dict.fromkeys(("aedt", "magt"), 11.0),
    **dict.fromkeys(("nzst", "nzt", "idle"), 12.0),
    "nzdt": 13.0,
    **dict.fromkeys(("azot",), -1.0),
    **dict.fromkeys(("ndt",), -2.5),
    **dict.fromkeys(("brt", "art", "adt", "uyt", "clst", "gft"), -3.0),
    "nst": -3.5,
    **dict.fromkeys(("ast", "edt", "clt", "bot"), -4.0),
    **dict.fromkeys(("est", "cdt", "pet", "cot", "ect"), -5.0),
    **dict.fromkeys(("cst", "mdt"), -6.0),
    **dict.fromkeys(("mst", "pdt"), -7.0),
    **dict.fromkeys(("pst", "akdt", "ydt"), -8.0),
    **dict.fromkeys(("akst", "yst", "hdt"), -9.0),
    **dict.fromkeys(("hst", "ahst"), -10.0),
}


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to a day of the proleptic Gregorian calendar.

    Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
    """
    year -= month <= 2
    era = year // 400
    year_of_era = year - era * 400
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def _midnight(year: int, month: int, day: int) -> int | None:
    """Epoch seconds of a day's first second, None where there is no such day."""
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1900 <= year <= 9999):
        return None
    days = days_from_civil(year, month, day)
    if day > 28 and days >= days_from_civil(year + month // 12, month % 12 + 1, 1):
        return None
    return days * 86_400


def _seconds(hour: int, minute: int, second: int) -> int | None:
    """Seconds since midnight; 24:00 and the leap second 60 run into what follows."""
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        return None
    return hour * 3600 + minute * 60 + second


class _Days(dict[str, int]):
    """A day as `24 Feb 1996 ` to the epoch seconds of its beginning; KeyError for what is no such day."""

    def __missing__(self, text: str) -> int:
        day, year = text[:2].lstrip(" ,"), text[7:11]
        if len(text) != 12 or not (day.isdecimal() and year.isdecimal() and text[2] == text[6] == text[11] == " "):
            raise KeyError(text)
        midnight = _midnight(int(year), _ENGLISH.get(text[3:6], 0), int(day))
        if midnight is None:
            raise KeyError(text)
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        self[text] = midnight
        return midnight


# The normal form is put together from parts: "24 Feb 1996 ", "02", ":21", ":36", " -0800".
_days = _Days()
_HOURS = {f"{hour:02}": hour * 3600 for hour in range(24)}
_MINUTES = {f":{minute:02}": minute * 60 for minute in range(60)}
_SECONDS = {f":{second:02}": second for second in range(61)}
_OFFSETS = {
    f" {sign}{hours:02}{minutes:02}": (hours * 3600 + minutes * 60) * (-1 if sign == "-" else 1)
    for sign in "+-"
    for hours in range(15)
    for minutes in (0, 15, 30, 45)
}


def _offset_seconds(sign: str, hours: int, minutes: int) -> int:
    """An offset that no place on earth has says nothing: UTC."""
    if hours > 15 or minutes > 59:
        return 0
    return (hours * 3600 + minutes * 60) * (-1 if sign == "-" else 1)


def parse_mail_date(text: str) -> int | None:
    """Epoch seconds UTC of a date as mail writes it, None where it cannot be read.

    The normal form of RFC 5322, and: two-digit years (00-49 are 2000s, 50-99 1900s; 100-199 are years since 1900),
    zone names, an unknown or missing zone (UTC), `-0000`, second 60, 24:00, a wrong weekday (ignored), asctime,
    ISO 8601, month names in some other languages. Whether it is plausible is for `is_plausible` to say.
    """
    colon = text.find(":")
    try:
        at = (
            _days[text[colon - 14 : colon - 2]]
            + _HOURS[text[colon - 2 : colon]]
            + _MINUTES[text[colon : colon + 3]]
            + _SECONDS[text[colon + 3 : colon + 6]]
            - _OFFSETS[text[colon + 6 : colon + 12]]
        )
    except KeyError:
        return _parse_slowly(text[:200])
    behind = text[colon + 12 : colon + 13]
    return at if not behind or behind in " \r\n\t(" else _parse_slowly(text[:200])


def _parse_slowly(text: str) -> int | None:
    bare = text
    for _ in range(4):  # comments may be nested
        bare = _COMMENT.sub(" ", bare)
    clock = _CLOCK.search(bare)
    seconds: int | None = 0
    rest, tail = bare, ""
    if clock:
        seconds = _clock_seconds(clock)
        rest, tail = f"{bare[: clock.start()]} \n {bare[clock.end() :]}", bare[clock.end() :]
    zone = _OFFSET.search(tail)
    if zone:
        rest = rest.replace(zone[0], " ", 1) if tail.count(zone[0]) else rest
    day = _civil_day(rest)
    if day is None or seconds is None:
        return None
    return day + seconds - _zone_seconds(zone, tail, text)


def _clock_seconds(clock: re.Match[str]) -> int | None:
    hour = int(clock[1])
    if clock[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if clock[4][0] in "pP" else 0)
    return _seconds(hour, int(clock[2]), int(clock[3] or 0))


def _civil_day(text: str) -> int | None:
    """Find year, month and day in what is left when clock and offset are taken out."""
    iso = _ISO.search(text.replace("\n", " "))
    if iso:
        return _midnight(int(iso[1]), int(iso[2]), int(iso[3]))
    month = 0
    for word in _WORD.findall(text.lower()):
        month = _MONTHS.get(word, 0) or _MONTHS.get(word[:3] if len(word) > 4 else "", 0)
        if month:
            break
    numbers = _NUMBER.findall(text)
    if not month or len(numbers) < 2:
        return None
    first, second = numbers[0], numbers[1]
    if len(first) > 2:
        first, second = second, first
    return _midnight(_full_year(second), month, int(first)) if len(first) <= 2 and len(second) <= 4 else None


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) <= 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _zone_seconds(zone: re.Match[str] | None, tail: str, text: str) -> int:
    if zone:
        digits = zone[2] + (zone[3] or "")
        if len(digits) == 3:  # -800
            digits = "0" + digits
        return _offset_seconds(zone[1], int(digits[:2]), int(digits[2:] or 0))
    for word in _WORD.findall(tail.lower()) or _WORD.findall(text.lower()):
        if word in _ZONES:
            return round(_ZONES[word] * 3600)
    return 0


def is_plausible(at: int | None, latest: int) -> bool:
    """Whether `at` lies between 1971 and one day after `latest` (both epoch seconds)."""
    return at is not None and EARLIEST <= at <= latest + _GRACE_SECONDS


def choose_mail_time(date: str, received: Iterable[str], separator: str, file_at: int, latest: int) -> tuple[int, str]:
    """When a mail was written, and which evidence said so: (epoch seconds, "date" | "received" | "separator" | "file").

    Tried in this order: the Date header, the Received headers from the newest (the topmost) down, the line that
    separates mails in an mbox, and at last `file_at`, the time of the file, no later than `latest`.
    """
    at = parse_mail_date(date)
    if at is not None and is_plausible(at, latest):
        return at, "date"
    for line in received:
        at = parse_mail_date(line.rpartition(";")[2])
        if at is not None and is_plausible(at, latest):
            return at, "received"
    at = parse_mail_date(separator)
    if at is not None and is_plausible(at, latest):
        return at, "separator"
    return min(file_at, latest), "file"

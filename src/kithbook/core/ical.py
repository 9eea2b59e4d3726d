"""Calendars as iCalendar text (RFC 5545): lines folded at 75 octets, text escaped, times in UTC or whole days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

PRODUCT: Final = "-//Kithbook//Kithbook//EN"
FOLD_OCTETS: Final = 75


class Entry(NamedTuple):
    """One event of a calendar.

    `starts` and `ends` are both aware datetimes, or both dates; an end date is the last day, the day itself where it
    is None. `busy` says whether it blocks the time. `uid` stays the same as long as the thing does.
    """

    uid: str
    title: str
    starts: dt.date | dt.datetime
    ends: dt.date | dt.datetime | None = None
    note: str = ""
    place: str = ""
    busy: bool = False


def write_calendar(name: str, entries: Iterable[Entry], made_at: dt.datetime) -> str:
    """The whole file, with CRLF at the end of each line; `made_at` is the stamp of every event."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H",
    ]  # fmt: skip
    for entry in entries:
        lines += _event(entry, made_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in fold(line))


def escape(text: str) -> str:
    """A text value: backslash, semicolon, comma and line breaks escaped, other control characters left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "".join(c for c in plain.replace("\n", "\\n") if c == "\t" or (ord(c) >= 32 and ord(c) != 127))


def fold(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets, each after the first with a blank before it; no character is cut apart."""
    part, octets = "", 0
    for character in line:
        width = len(character.encode("utf-8", "replace"))
        if octets + width > FOLD_OCTETS:
            yield part
            part, octets = " ", 1
        part += character
        octets += width
    yield part


def _event(entry: Entry, made_at: dt.datetime) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{escape(entry.uid)}", f"DTSTAMP:{_utc(made_at)}", *_times(entry)]
    lines.append(f"SUMMARY:{escape(entry.title)}")
    if entry.note:
        lines.append(f"DESCRIPTION:{escape(entry.note)}")
    if entry.place:
        lines.append(f"LOCATION:{escape(entry.place)}")
    lines += [f"TRANSP:{'OPAQUE' if entry.busy else 'TRANSPARENT'}", "END:VEVENT"]
    return lines


def _times(entry: Entry) -> list[str]:
    if isinstance(entry.starts, dt.datetime):
        ends = entry.ends if isinstance(entry.ends, dt.datetime) else entry.starts
        found = [f"DTSTART:{_utc(entry.starts)}"]
        return [*found, f"DTEND:{_utc(ends)}"] if ends > entry.starts else found
    last = entry.ends if entry.ends is not None and entry.ends >= entry.starts else entry.starts
    after = last + dt.timedelta(days=1) if last < dt.date.max else last
    return [f"DTSTART;VALUE=DATE:{entry.starts:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")

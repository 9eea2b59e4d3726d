"""A strict reader of iCalendar text for tests: it fails on anything that RFC 5545 does not allow."""

from __future__ import annotations

import re

NEEDED = ("UID", "DTSTAMP", "SUMMARY")
LINE = re.compile(r"([A-Z-]+(?:;[A-Z-]+=[A-Z-]+)*):(.*)", re.DOTALL)


def read_calendar(text: str) -> list[dict[str, str]]:
    """The events of a calendar, each a mapping from name (with parameters) to raw value."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    physical = text.split("\r\n")[:-1]
    assert all(0 < len(line.encode()) <= 75 for line in physical)
    lines: list[str] = []
    for line in physical:
        if line[0] in " \t":
            lines[-1] += line[1:]
        else:
            lines.append(line)
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-1] == "END:VCALENDAR"
    assert sum(line.startswith("PRODID:") for line in lines) == 1
    events: list[dict[str, str]] = []
    inside = False
    for line in lines[1:-1]:
        name, value = LINE.fullmatch(line).groups()  # type: ignore[union-attr]
        if line == "BEGIN:VEVENT":
            assert not inside
            inside = True
            events.append({})
        elif line == "END:VEVENT":
            assert all(key in events[-1] for key in NEEDED)
            assert sum(key.startswith("DTSTART") for key in events[-1]) == 1
            inside = False
        elif inside:
            assert name not in events[-1], name
            events[-1][name] = value
    assert not inside
    uids = [event["UID"] for event in events]
    assert len(uids) == len(set(uids)), "an event is there twice"
    return events


def unescape(text: str) -> str:
    """A text value as it was."""
    marks = {"n": "\n", "N": "\n"}
    return re.sub(r"\\(.)", lambda found: marks.get(found[1], found[1]), text)

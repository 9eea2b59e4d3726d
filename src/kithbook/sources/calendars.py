"""Calendars: meetings with other people that have taken place.

Read event by event, an event being all parts with one UID: memory does not grow with the calendar. Recurring events are
unfolded by recurring-ical-events, time zones (Windows names too) resolved by icalendar.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from os import PathLike, fspath
from pathlib import Path
from typing import Any, NamedTuple

from kithbook.core.addresses import normalise_email
from kithbook.core.cards import stable_key
from kithbook.core.records import Counted, Exchange, Handle, Party, Problem
from kithbook.sources.base import Progress, Record
from kithbook.sources.opening import told_plainly
from kithbook.sources.rawtext import read_text_lines

LONGEST_LINE = 1 << 20
LARGEST_EVENT = 2 << 20
MOST_OCCURRENCES = 5_000
"""Of one recurring event; more are a Problem: no meeting took place so often."""
MOST_STEPS = 100 * MOST_OCCURRENCES
"""Hours, minutes or seconds of a series that is restricted to some of them."""
_SHARES = {"BYSECOND": 60, "BYMINUTE": 60, "BYHOUR": 24, "BYDAY": 7, "BYMONTHDAY": 31, "BYMONTH": 12}
"""What restricts a series, and of how many each of its values is one."""
_SHORT_STEPS = {
    "SECONDLY": dt.timedelta(seconds=1), "MINUTELY": dt.timedelta(minutes=1), "HOURLY": dt.timedelta(hours=1),
}  # fmt: skip
CUT_OFF = "cut off"
EARLIEST = dt.date(1990, 1, 1)
LONGEST_MINUTES = 24 * 60
CANCELLED, AHEAD, NOBODY, NO_DATE = "cancelled", "still to come", "nobody invited", "no usable date"
OLDER = "older version of an event"
_BEGINS = re.compile(rb"^BEGIN[ \t]*:[ \t]*(?:VCALENDAR|VEVENT)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_EDGE = re.compile(r"(BEGIN|END)\s*:\s*([A-Z-]+)\s*\Z", re.IGNORECASE)
_UID = re.compile(r"UID\s*(?:;[^:]*)?:(.*)\Z", re.IGNORECASE)
_INVITED = re.compile(r"(?im)^ATTENDEE\b|^ORGANIZER\b")
_VIDEO = re.compile(
    r"(?i)zoom\.us/|meet\.google\.|teams\.(?:microsoft|live)\.|webex\.|jitsi|whereby\.com|X-GOOGLE-CONFERENCE"
)
_ONCE = ("UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "SEQUENCE", "SUMMARY", "STATUS", "CLASS")
_OTHERS = {"VTODO": "task", "VJOURNAL": "journal entry", "VFREEBUSY": "free or busy time"}
_KEPT = frozenset(("VEVENT", "VTIMEZONE", *_OTHERS))
_NO_PERSON = frozenset(("RESOURCE", "ROOM", "GROUP"))


def tells(head: bytes) -> str:
    """Why this is a calendar, "" if it is none."""
    return "It has the lines of a calendar." if _BEGINS.search(head) else ""


class _Part(NamedTuple):
    """The text of one event or time zone, from BEGIN to END, and the line at which it begins."""

    name: str
    line: int
    text: str
    uid: str
    done: int


class CalendarSource:
    """The meetings of one calendar file.

    Cancelled, future and lonely events are Counted; each occurrence of a recurring one is an Exchange of its own.
    """

    kind = "calendar"

    def __init__(self, path: str | PathLike[str], *, latest: int, zone: dt.tzinfo = dt.UTC) -> None:
        self.path = fspath(path)
        # Mail may be a day ahead of the clock; a meeting counts once it is over.
        self._now = dt.datetime.fromtimestamp(latest - 86_400, dt.UTC)
        self._zone = zone

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield an Exchange, Counted or Problem for each occurrence."""
        path = Path(self.path)
        with told_plainly(path):
            size = path.stat().st_size
            shared, zones = self._recurring(path)
        seen: set[str] = set()
        found = False
        for part in _parts(path):
            if part.name == "VTIMEZONE":
                continue
            found = True
            if part.name != "VEVENT":
                yield Counted(_OTHERS[part.name], f"{path.name}, line {part.line}")
                continue
            if progress:
                progress(min(part.done, size), size)
            if part.uid in shared:
                if part.uid not in seen:
                    seen.add(part.uid)
                    yield from self._read(shared[part.uid], zones, part)
            else:
                yield from self._read([part.text], zones, part)
        if not found:
            yield Problem(path.name, "There is no event in this calendar.")

    def _recurring(self, path: Path) -> tuple[dict[str, list[str]], list[str]]:
        """The parts of events that come in several (a rule and its exceptions), by UID; and all time zones."""
        counts: dict[str, int] = {}
        zones: list[str] = []
        for part in _parts(path):
            if part.name == "VTIMEZONE":
                zones.append(part.text)
            elif part.uid and part.name == "VEVENT":
                counts[part.uid] = counts.get(part.uid, 0) + 1
        several = {uid for uid, count in counts.items() if count > 1}
        shared: dict[str, list[str]] = {}
        for part in _parts(path) if several else ():
            if part.uid in several and part.name == "VEVENT":
                shared.setdefault(part.uid, []).append(part.text)
        return shared, list(dict.fromkeys(zones))

    def _read(self, texts: list[str], zones: list[str], part: _Part) -> Iterator[Record]:
        where = f"{Path(self.path).name}, line {part.line}"
        if CUT_OFF in texts:
            yield Problem(where, "The file ends in the middle of this event.")
            texts = [text for text in texts if text != CUT_OFF]
            if not texts:
                return
        if sum(map(len, texts)) > LARGEST_EVENT:
            yield Problem(where, f"This event is larger than {LARGEST_EVENT >> 20} MB and was left out.")
            return
        if not any(_INVITED.search(text) for text in texts):
            yield Counted(NOBODY, where)
            return
        used = [zone for zone in zones if _names(zone, texts)]
        try:
            # Whatever a broken calendar makes these libraries raise spoils this event only.
            yield from self._occurrences("\n".join(("BEGIN:VCALENDAR", *used, *texts, "END:VCALENDAR", "")), where)
        except Exception as error:
            yield Problem(where, f"This event cannot be read: {_plain(error)}.")

    def _occurrences(self, text: str, where: str) -> Iterator[Record]:
        import icalendar

        calendar = icalendar.Calendar.from_ical(text)
        events = [_tidy(event) for event in calendar.walk("VEVENT")]
        zones = [part for part in calendar.subcomponents if part.name == "VTIMEZONE"]
        dated = [event for event in events if "DTSTART" in event]
        yield from (Counted(NO_DATE, where) for _ in range(len(events) - len(dated)))
        exceptions = [event for event in dated if "RECURRENCE-ID" in event]
        mains = _current([event for event in dated if "RECURRENCE-ID" not in event])
        yield from (Counted(OLDER, where) for _ in range(len(dated) - len(exceptions) - len(mains)))
        for event in mains:
            if {"RRULE", "RDATE"} & set(event):
                # Parts of one UID need not be one series; programs are in the wild that give all events the same one.
                calendar.subcomponents = [*zones, event, *exceptions]
                exceptions = []
                yield from self._unfolded(calendar, where)
            else:
                yield self._exchange(event, where)
        for event in exceptions:
            yield self._exchange(event, where)

    def _unfolded(self, calendar: Any, where: str) -> Iterator[Record]:
        import recurring_ical_events

        now = self._now + dt.timedelta(days=1)
        until = min([now, *(end for event in calendar.walk("VEVENT") if (end := self._bound(event)))])
        found = recurring_ical_events.of(calendar, skip_bad_series=True).between(EARLIEST, until)
        for event in found[:MOST_OCCURRENCES]:
            yield self._exchange(event, where)
        rules = [rule for event in calendar.walk("VEVENT") for rule in _listed(event, "RRULE")]
        is_endless = not any("COUNT" in rule or "UNTIL" in rule for rule in rules)
        if len(found) > MOST_OCCURRENCES:
            yield Problem(where, f"Of this event only the first {MOST_OCCURRENCES} occurrences were read.")
        elif until < now and (is_endless or len(found) >= MOST_OCCURRENCES):
            yield Problem(where, f"Of this event only what took place until {until:%-d %b %Y} was read.")
        elif not found:
            yield Counted(AHEAD, where)

    def _bound(self, event: Any) -> dt.datetime | None:
        """Where to stop unfolding a series of hours or less, which would take for ever: after so many steps."""
        begin = self._moment(event.decoded("DTSTART"))
        short = [
            step * _steps(rule) * int(rule.get("INTERVAL", [1])[0])
            for rule in _listed(event, "RRULE")
            if (step := _SHORT_STEPS.get(str(rule.get("FREQ", [""])[0]).upper()))
        ]
        return max(begin, dt.datetime.combine(EARLIEST, dt.time(), dt.UTC)) + min(short) if begin and short else None

    def _exchange(self, event: Any, where: str) -> Record:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            return Counted(CANCELLED, where)
        times = self._times(event)
        if times is None:
            return Problem(where, "The date of this event cannot be read.")
        begin, end = times
        if end > self._now:
            return Counted(AHEAD, where)
        parties = _parties(event)
        if not any(not party.is_me for party in parties):
            return Counted(NOBODY, where)
        uid = str(event.get("UID", "")) or "|".join(handle.key for party in parties for handle in party.handles)
        private = str(event.get("CLASS", "")).upper() in ("PRIVATE", "CONFIDENTIAL")
        minutes = round((end - begin).total_seconds() / 60)
        return Exchange(
            key=stable_key("calendar", uid, begin.isoformat()),
            where=where,
            at=int(begin.timestamp()),
            channel="video" if _VIDEO.search(_places(event)) else "meeting",
            sender=None,
            others=parties,
            minutes=minutes if 0 < minutes < LONGEST_MINUTES else None,
            title="" if private else " ".join(str(event.get("SUMMARY", "")).split()),
        )

    def _times(self, event: Any) -> tuple[dt.datetime, dt.datetime] | None:
        """Begin and end; a whole day is taken at its noon, a time without a zone in the owner's."""
        begin = self._moment(event.decoded("DTSTART"))
        if begin is None:
            return None
        end = self._moment(event.decoded("DTEND")) if "DTEND" in event else None
        if end is None and "DURATION" in event and isinstance(length := event.decoded("DURATION"), dt.timedelta):
            end = begin + length
        return begin, max(begin, end or begin)

    def _moment(self, value: Any) -> dt.datetime | None:
        """A date or time of an event, None for what is neither."""
        if not isinstance(value, dt.date):
            return None
        if not isinstance(value, dt.datetime):
            value = dt.datetime.combine(value, dt.time(12), self._zone)
        # In UTC, because Python subtracts times of one zone by the clock on the wall, over a change of clocks too.
        moment: dt.datetime = value if value.tzinfo else value.replace(tzinfo=self._zone)
        return moment.astimezone(dt.UTC)


def _parts(path: Path) -> Iterator[_Part]:
    """The events and time zones of a file one after another, unfolded only as far as is needed to find them."""
    name, begun, lines, uid, depth, size, done = "", 0, [""], "", 0, 0, 0
    with told_plainly(path), path.open("rb") as file:
        for number, raw, done in read_text_lines(file, limit=LONGEST_LINE):
            line = raw.decode("utf-8", "replace")
            edge = _EDGE.match(line) if line[:1] in "BbEe" else None
            kind = edge[2].upper() if edge else ""
            if not name:
                if edge and edge[1].upper() == "BEGIN" and kind in _KEPT:
                    name, begun, lines, uid, depth, size = kind, number, [line], "", 0, 0
                continue
            size += len(line)
            if size <= LARGEST_EVENT + len(line):  # one line beyond the limit, and no more, to be seen as too large
                lines.append(line)
            if edge:
                depth += 1 if edge[1].upper() == "BEGIN" else -1
            if not depth and (match := _UID.match(line)):
                uid = match[1].strip()
            if edge and depth < 0:
                yield _Part(name, begun, "\n".join(lines), uid, done)
                name = ""
    if name == "VEVENT":
        yield _Part(name, begun, CUT_OFF, uid, done)


def _tidy(event: Any) -> Any:
    """The event with each property that there can be one of once, and with a day where only an exception's is told."""
    for name in _ONCE:
        if isinstance(event.get(name), list):
            event[name] = event[name][0]
    if "DTSTART" not in event and "RECURRENCE-ID" in event:
        event["DTSTART"] = event["RECURRENCE-ID"]
    return event


def _current(mains: list[Any]) -> list[Any]:
    """The newest version of each of the events that share a UID, one for each beginning."""
    newest = max(map(_sequence, mains), default=0)
    found = {repr(event.decoded("DTSTART")): event for event in mains if _sequence(event) == newest}
    return list(found.values())


def _sequence(event: Any) -> int:
    """The number of the event's version; what is none is 0."""
    found = event.get("SEQUENCE")
    return found if isinstance(found, int) else 0


def _names(zone: str, texts: list[str]) -> bool:
    match = re.search(r"(?im)^TZID[^:]*:\s*(.+?)\s*$", zone)
    return match is not None and any(match[1] in text for text in texts)


def _parties(event: Any) -> tuple[Party, ...]:
    """Everybody invited, the organiser too. Without an organiser it is an entry of the owner's own."""
    found = [("ORGANIZER", value) for value in _listed(event, "ORGANIZER")]
    found += [("ATTENDEE", value) for value in _listed(event, "ATTENDEE")]
    parties: dict[str, Party] = {}
    for role, value in found:
        if str(value.params.get("CUTYPE", "")).upper() in _NO_PERSON:
            continue
        address = str(value.params.get("EMAIL", "")) or re.sub(r"(?i)^mailto:", "", str(value)).strip()
        key = normalise_email(address)
        if not key:
            continue
        declined = role == "ATTENDEE" and str(value.params.get("PARTSTAT", "")).upper() == "DECLINED"
        name = " ".join(str(value.params.get("CN", "")).split())
        old = parties.get(key)
        plain_name = "" if "@" in name else name
        handles = (Handle("email", address.lower(), key),)
        parties[key] = Party(plain_name or (old.name if old else ""), handles, declined=declined)
    if not any(role == "ORGANIZER" for role, _ in found):
        return (Party("", (), is_me=True), *parties.values())
    return tuple(parties.values())


def _steps(rule: Any) -> int:
    """How many steps a short series is followed for: more where only some of the hours or days are meant."""
    steps = float(MOST_OCCURRENCES)
    for name, many in _SHARES.items():
        if rule.get(name):
            steps *= max(1.0, many / len(rule[name]))
    return min(int(steps), MOST_STEPS)


def _listed(event: Any, name: str) -> list[Any]:
    value = event.get(name)
    return [] if value is None else value if isinstance(value, list) else [value]


def _places(event: Any) -> str:
    names = ("LOCATION", "URL", "CONFERENCE", "X-GOOGLE-CONFERENCE", "DESCRIPTION")
    return " ".join(f"{name} {value}" for name in names for value in _listed(event, name))[:20_000]


def _plain(error: Exception) -> str:
    return " ".join(str(error).split())[:120].rstrip(".") or type(error).__name__

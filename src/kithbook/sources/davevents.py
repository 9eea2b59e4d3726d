"""Meetings of calendars on servers: fetched into a file without a name, and read like any other calendar."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from kithbook.core.records import Counted, Problem
from kithbook.sources.base import Progress, Record
from kithbook.sources.calendars import CalendarSource
from kithbook.sources.dav import Collection, Dav, Item

_WHOLE = re.compile(r"\s*BEGIN:VCALENDAR\s*\n.*\nEND:VCALENDAR\s*\Z", re.DOTALL | re.IGNORECASE)
_BEGINS, _ENDS = (re.compile(rf"^{word}:VEVENT\s*$", re.MULTILINE | re.IGNORECASE) for word in ("BEGIN", "END"))


class EventSpool:
    """Events on disk, in a folder that only this user can open and that is deleted at the end."""

    def __init__(self) -> None:
        self.events = 0
        self.tasks = 0
        self.broken: list[str] = []
        self._folder = tempfile.TemporaryDirectory(prefix="kithbook-")
        self.path = Path(self._folder.name) / "calendar.ics"
        self._file = self.path.open("wb")

    def add(self, items: Iterable[Item], beat: Callable[[], Any]) -> None:
        """Keep these. What is cut off would swallow the event behind it, and is kept by name only."""
        for item in items:
            text = item.text.replace("\r\n", "\n").replace("\r", "\n")
            self.events += 1
            if not _is_whole(text):
                self.broken.append(unquote(item.href).rpartition("/")[2])
            elif _BEGINS.search(text):
                self._file.write(text.encode("utf-8", "replace") + b"\n")
            else:
                self.tasks += 1
            beat()
        self._file.flush()

    def close(self) -> None:
        """Delete it."""
        self._file.close()
        self._folder.cleanup()


def _is_whole(text: str) -> bool:
    """Whether a calendar ends, and all events that begin in it."""
    return bool(_WHOLE.match(text)) and len(_BEGINS.findall(text)) == len(_ENDS.findall(text))


class DavEventSource:
    """The meetings of a spool under the name of their account."""

    kind = "calendar"

    def __init__(self, spool: EventSpool, name: str, *, latest: int, zone: dt.tzinfo) -> None:
        self.path = name
        self._spool, self._inner = spool, CalendarSource(spool.path, latest=latest, zone=zone)

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield what `CalendarSource` yields, and a Problem for each that is none."""
        yield from (Problem(name, "This is no whole event.") for name in self._spool.broken)
        yield from (Counted("a task, not a meeting") for _ in range(self._spool.tasks))
        if self._spool.events > self._spool.tasks + len(self._spool.broken):
            yield from self._inner.records(progress)


def fetch_calendar(
    dav: Dav,
    calendar: Collection,
    before: dict[str, Any],
    spool: EventSpool,
    now: dt.datetime,
    *,
    skip_old: bool,
    beat: Callable[[], Any],
) -> dict[str, Any]:
    """Fetch what changed in a calendar, and what took place since the last look; gives where it stands now.

    A meeting that was still to come when it was read first does not change when it has taken place: hence the second
    question. With `skip_old` a server that forgot our sync-token is not read again from the start.
    """
    found = dav.changes(calendar.url, before.get("token", ""))
    listed = {change.href: change.etag for change in found.changed}
    if found.whole and not found.token:
        # Without sync-tokens all ETags are compared by one digest of the list.
        digest = _digest(listed)
        hrefs = [] if before.get("digest") == digest else list(listed)
        place: dict[str, Any] = {"digest": digest}
    else:
        hrefs, place = list(listed), {"token": found.token}
    if not (skip_old and before and found.whole):
        spool.add(dav.fetch(calendar.url, hrefs), beat)
    if before.get("until"):
        spool.add(dav.query(calendar.url, _between(dt.datetime.fromisoformat(before["until"]), now)), beat)
    return {**place, "until": now.isoformat()}


def _digest(listed: dict[str, str]) -> str:
    from hashlib import blake2b

    lines = "\n".join(f"{href} {etag}" for href, etag in sorted(listed.items()))
    return blake2b(lines.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _between(since: dt.datetime, now: dt.datetime) -> str:
    """The filter for events that touch the time from the last look (a day before it, to be safe) until now."""
    start = (since - dt.timedelta(days=1)).astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    end = now.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    return (
        '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">'
        f'<C:time-range start="{start}" end="{end}"/></C:comp-filter></C:comp-filter></C:filter>'
    )

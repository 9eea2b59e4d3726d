"""WhatsApp's “export chat” as text: who wrote when. Texts are not kept; they only go into the key of a message.

The format follows the phone's language: order of the date, clock, brackets and separators are found from the whole
file. Read twice: once for the order of the dates and who takes part, once for the messages.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from os import PathLike, fspath
from pathlib import Path
from typing import NamedTuple

from kithbook.core.cards import stable_key
from kithbook.core.errors import Invalid
from kithbook.core.names import fold_name
from kithbook.core.phones import normalise_phone
from kithbook.core.records import Counted, Exchange, Handle, Party, Problem
from kithbook.sources.base import Progress, Record
from kithbook.sources.opening import told_plainly
from kithbook.sources.rawtext import NoiseWatch, read_lines

LONGEST_LINE = 1 << 16
MOST_WRITERS = 2_000
SYSTEM, NO_DATE = "notice of the app", "This message has a date that does not exist."
ORDERS = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}
"""Where year, month and day stand among the three numbers."""

_MARKS = "\u200e\u200f\u202a\u202b\u202c\ufeff"
_LINE = re.compile(
    rf"[{_MARKS}]*(?P<open>\[)?(\d{{1,4}})([./-])(\d{{1,2}})\3\s?(\d{{1,4}})\.?,?\s+"
    r"(?:klo|kl\.?|um|at|à|a las|às|alle)?\s*"
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s*([aApP])\.?\s?[mM]\.?)?(?(open)\]|\s+[-–])\s*(.*)\Z",
    re.DOTALL,
)


class _Message(NamedTuple):
    numbers: tuple[int, int, int]
    separator: str
    clock: tuple[int, int, int]
    rest: str


def tells(head: bytes) -> str:
    """Why this is a WhatsApp chat, "" if it is none."""
    lines = head.decode("utf-8", "replace").split("\n")[:60]
    read = [_parse(line) for line in lines if line.strip()]
    if not read or read[0] is None or not any(": " in message.rest for message in read if message):
        return ""
    return "It has the lines of a chat exported from WhatsApp."


class WhatsAppSource:
    """The messages of one chat; notices of the app are Counted.

    `order` ("dmy", "mdy", "ymd") is only needed where the dates of the whole file fit more than one. `records` raises
    Invalid in that case. `names` are those who wrote, once `records` was begun.
    """

    kind = "whatsapp"

    def __init__(
        self, path: str | PathLike[str], *, latest: int, zone: dt.tzinfo = dt.UTC, order: str | None = None
    ) -> None:
        self.path = fspath(path)
        self.names: tuple[str, ...] = ()
        self._text_ends = 0
        self._latest, self._zone, self._order = latest, zone, order

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield an Exchange, Counted or Problem for each message."""
        path = Path(self.path)
        with told_plainly(path):
            size = path.stat().st_size
        order, writers = self._survey()
        self.names = tuple(writers)
        parties = {name: _party(name) for name in writers}
        twins: Counter[tuple[int, str, str]] = Counter()
        is_first = True
        for number, message, done in self._messages():
            if progress:
                progress(min(done, size), size)
            where = f"{path.name}, line {number}"
            name, text = _split(message.rest)
            if name not in parties or (is_first and _is_notice(text)):
                yield Counted(SYSTEM, where)
                continue
            is_first = False
            at = self._moment(message, order)
            if at is None or not 0 < at <= self._latest:
                yield Problem(where, NO_DATE)
                continue
            # The same words twice in a minute are two messages, whichever export they are read from.
            twins[at, name, text] += 1
            yield Exchange(
                key=stable_key("whatsapp", str(at), fold_name(name) or name, text, str(twins[at, name, text])),
                where=where,
                at=at,
                channel="message",
                sender=parties[name],
                others=tuple(party for other, party in parties.items() if other != name),
            )
        if self._text_ends:
            yield Problem(f"{path.name}, line {self._text_ends}", "What stands here is no text.")

    def _survey(self) -> tuple[str, dict[str, int]]:
        """The order of the dates and who wrote, with how often."""
        dates: list[tuple[int, int, int]] = []
        separators: set[str] = set()
        writers: Counter[str] = Counter()
        for _, message, _ in self._messages():
            if not dates or dates[-1] != message.numbers:
                dates.append(message.numbers)
            separators.add(message.separator)
            name, text = _split(message.rest)
            if name and not (not writers and _is_notice(text)):
                writers[name] += 1
        if not dates:
            raise Invalid(
                f"{Path(self.path).name} holds no message of a WhatsApp chat.", "Export the chat again, without media."
            )
        if len(writers) > MOST_WRITERS:
            raise Invalid(f"{Path(self.path).name} has {len(writers)} writers; this is no chat of yours.", "")
        return self._order or self._find_order(dates, separators), dict(writers)

    def _find_order(self, dates: list[tuple[int, int, int]], separators: set[str]) -> str:
        if any(first > 31 for first, _, _ in dates):
            return "ymd"
        if separators == {"."} or any(first > 12 for first, _, _ in dates):
            return "dmy"
        if any(second > 12 for _, second, _ in dates):
            return "mdy"
        backwards = {name: _count_backwards(dates, name) for name in ("dmy", "mdy")}
        best = min(backwards, key=lambda name: backwards[name])
        if len(set(backwards.values())) == 1 and not _same_either_way(dates):
            day = "/".join(str(part) for part in dates[0])
            raise Invalid(
                f"Whether {day} in {Path(self.path).name} begins with the day or the month is not clear.",
                "Say so with --kind whatsapp-dmy or --kind whatsapp-mdy.",
            )
        return best

    def _messages(self) -> Iterator[tuple[int, _Message, int]]:
        path = Path(self.path)
        with told_plainly(path), path.open("rb") as file:
            watch = NoiseWatch()
            for number, (line, done, _) in enumerate(read_lines(file, limit=LONGEST_LINE), 1):
                if watch.is_noise(line):
                    self._text_ends = number
                    if watch.is_over:
                        return
                    continue
                message = _parse(line.decode("utf-8", "replace"))
                if message:
                    yield number, message, done

    def _moment(self, message: _Message, order: str) -> int | None:
        year, month, day = (message.numbers[place] for place in ORDERS[order])
        try:
            local = dt.datetime(year + 2000 if year < 100 else year, month, day, *message.clock, tzinfo=self._zone)
        except ValueError:
            return None
        return int(local.timestamp())


class DayFirst(WhatsAppSource):
    """A chat whose dates begin with the day, by the user's word."""

    def __init__(self, path: str | PathLike[str], *, latest: int, zone: dt.tzinfo = dt.UTC) -> None:
        super().__init__(path, latest=latest, zone=zone, order="dmy")


class MonthFirst(WhatsAppSource):
    """A chat whose dates begin with the month, by the user's word."""

    def __init__(self, path: str | PathLike[str], *, latest: int, zone: dt.tzinfo = dt.UTC) -> None:
        super().__init__(path, latest=latest, zone=zone, order="mdy")


def _parse(line: str) -> _Message | None:
    if not any(char.isdecimal() for char in line[:8]):
        return None
    match = _LINE.match(line)
    if not match:
        return None
    _, first, separator, second, third, hour, minute, seconds, half, rest = match.groups()
    clock = int(hour)
    if half:
        clock = clock % 12 + (12 if half in "pP" else 0)
    numbers = (int(first), int(second), int(third))
    return _Message(numbers, separator, (clock, int(minute), int(seconds or 0)), rest)


def _split(rest: str) -> tuple[str, str]:
    """Name and text of a message; no name where the app itself speaks."""
    name, colon, text = rest.partition(": ")
    if not colon:
        name, colon, text = (rest[:-1], ":", "") if rest.endswith(":") else ("", "", "")
    clean = " ".join(name.translate(dict.fromkeys(map(ord, _MARKS))).replace("~", "", 1).split())
    return (clean, text) if colon and 0 < len(clean) <= 100 else ("", "")


def _is_notice(text: str) -> bool:
    """Whether it is what an iPhone puts into the mouth of the other one as the first line of a chat."""
    return bool(text) and text[0] in _MARKS


def _party(name: str) -> Party:
    """Unsaved people are written as their number; the others only have the name of this address book."""
    number = normalise_phone(name) if name[:1] in "+(" or name[:1].isdecimal() else ""
    if number:
        return Party("", (Handle("phone", name, number),))
    return Party(name, (Handle("chat", name, f"whatsapp:{fold_name(name) or name}"),))


def _count_backwards(dates: list[tuple[int, int, int]], order: str) -> int:
    """How often a message would be older than the one before it; a day that does not exist counts as well."""
    years, months, days = ORDERS[order]
    ordered = [(day[years], day[months], day[days]) for day in dates]
    return sum(later < earlier for earlier, later in pairwise(ordered)) + sum(month > 12 for _, month, _ in ordered)


def _same_either_way(dates: list[tuple[int, int, int]]) -> bool:
    return all(first == second for first, second, _ in dates)

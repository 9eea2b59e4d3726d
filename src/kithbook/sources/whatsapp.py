"""WhatsApp's “export chat” as text: who wrote when. Texts are not kept; they only go into the key of a message.

The format follows the phone's language: order of the date, clock, brackets and separators are found from the whole
file. Read twice: once for the order of the dates and who takes part, once for the messages.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
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

_MARKS = "\u200e\u200f\u202a\u202b\u202c\u2068\u2069\ufeff"
_M = f"[{_MARKS}]*"
_DATE = (
    rf"(?:(?P<first>\d{{1,4}}){_M}(?P<mark>[./-]){_M}\s?(?P<second>\d{{1,2}}){_M}(?P=mark){_M}\s?(?P<third>\d{{1,4}})"
    r"|(?P<year>\d{4})[年년]\s?(?P<month>\d{1,2})[月월]\s?(?P<day>\d{1,2})[日일])"
)
_CLOCK = r"(?P<hour>\d{1,2})(?:[:.]|\s?h\s?)(?P<minute>\d{2})(?:[:.](?P<tick>\d{2}))?"
_WORD = r"[^\d\[\]()<>:/–-]{1,14}?"
_END = r"(?:(?(open)\]|\s+[-–])|(?P<loose>:)(?=\s))\s*(?P<rest>.*)\Z"
_LINES = (
    re.compile(
        rf"{_M}(?P<open>\[)?{_M}{_DATE}[.,،]?[\s{_MARKS}](?P<before>{_WORD})??{_CLOCK}(?P<after>{_WORD})??{_END}",
        re.DOTALL,
    ),
    re.compile(rf"{_M}(?P<open>\[)?{_M}(?P<before>{_WORD})??{_CLOCK}(?P<after>{_WORD})??,?\s+{_DATE}{_END}", re.DOTALL),
)
"""With the date first, as nearly everywhere, and with the clock first (Vietnam)."""
_BEFORE_NOON = frozenset(
    "am a πμ ص 오전 上午 午前 凌晨 早上 清晨 öö pg sa de vm fm ap dop पूर्वाह्न pd damanhã damadrugada".split()
)
_AFTER_NOON = frozenset(
    "pm p μμ م 오후 下午 午後 中午 晚上 ös ptg ch du nm em ip odp अपराह्न md datarde danoite".split()
)
_BETWEEN = frozenset(
    "klo kl um at om ob o à às alas alle la ora в г be พศ о lúc pukul saat ч uhr uur h hrs น".split()
) | {""}
"""Words around a clock that say nothing about the hour; with any other word there it is no message."""
_ENCRYPTED = re.compile(
    r"encrypt|verschlüssel|cifrad|criptograf|chiffr|crittograf|versleutel|шифр|şifrele|暗号化|加密|암호화|تشفير|مشف|מוצפנ"
    r"|एन्क्रिप्ट|szyfr|krypter|salattu|titkosít|šifrov|criptat|terenkripsi|mã hóa|เข้ารหัส|κρυπτογρ",
    re.IGNORECASE,
)
_LOG_LEVEL = re.compile(
    r"(?:\S*[.: ])?(?:info|debug|error|err|warn|warning|notice|critical|fatal|trace|alert)\Z", re.IGNORECASE
)


class _Message(NamedTuple):
    numbers: tuple[int, int, int]
    separator: str
    clock: tuple[int, int, int]
    rest: str
    style: tuple[bool, ...]


def tells(head: bytes) -> str:
    """Why this is a WhatsApp chat, "" if it is none."""
    lines = head.decode("utf-8", "replace").split("\n")[:60]
    read = [_parse(line) for line in lines if line.strip()]
    if not read or read[0] is None:
        return ""
    names = {_split(message.rest)[0] for message in read if message} - {""}
    if not names or all(map(_LOG_LEVEL.match, names)):
        return ""
    return "It has the lines of a chat exported from WhatsApp."


def writers(head: bytes) -> tuple[str, ...]:
    """Who writes among the first bytes of a chat."""
    messages = (message for line in head.decode("utf-8", "replace").split("\n") if (message := _parse(line)))
    said = [_split(message.rest) for message in messages]
    return tuple({name: None for name, text in said if name and text[:1] not in _MARKS and not _is_first_notice(text)})


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
        owner = owner_by_title(path, self.names)
        parties = {name: _party(name)._replace(is_me=name == owner) for name in writers}
        twins: Counter[tuple[int, str, str]] = Counter()
        is_first = True
        for number, message, done in self._messages():
            if progress:
                progress(min(done, size), size)
            where = f"{path.name}, line {number}"
            name, text = _split(message.rest)
            if name not in parties or (is_first and _is_first_notice(text)) or _is_about(name, text):
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
        talkers: set[str] = set()
        opener = ""
        for _, message, _ in self._messages():
            if not dates or dates[-1] != message.numbers:
                dates.append(message.numbers)
            separators.add(message.separator)
            name, text = _split(message.rest)
            if name and not writers and _is_first_notice(text):
                opener = opener or name
            elif name and not _is_about(name, text):
                writers[name] += 1
                if text[:1] not in _MARKS:
                    talkers.add(name)
        if len(talkers) > 1 and opener not in talkers:  # an iPhone lets a group speak in its own name
            del writers[opener]
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
        late_first, late_second = (any(date[place] > 12 for date in dates) for place in (0, 1))
        if late_second and not late_first:
            return "mdy"
        if late_first or separators == {"."}:
            return "dmy"
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
            watch, style = NoiseWatch(), None
            for number, (line, done, _) in enumerate(read_lines(file, limit=LONGEST_LINE), 1):
                if watch.is_noise(line):
                    self._text_ends = number
                    if watch.is_over:
                        return
                    continue
                message = _parse(line.decode("utf-8", "replace"))
                # Lines of another form are quoted: chats copied from elsewhere look so.
                if message and message.style == (style := style or message.style):
                    yield number, message, done

    def _moment(self, message: _Message, order: str) -> int | None:
        year, month, day = (message.numbers[place] for place in ORDERS[order])
        try:
            year = year + 2000 if year < 100 else year - 543 if year > 2500 else year  # the Buddha's years of Thailand
            local = dt.datetime(year, month, day, *message.clock, tzinfo=self._zone)
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
    match = _LINES[0].match(line) or _LINES[1].match(line)
    if not match:
        return None
    part = match.groupdict()
    words = {_bare(part["before"]), _bare(part["after"])}
    half = words & (_BEFORE_NOON | _AFTER_NOON)
    if words - half - _BETWEEN:
        return None
    hour = int(part["hour"])
    if half:
        hour = hour % 12 + (12 if half & _AFTER_NOON else 0)
    names = ("year", "month", "day") if part["year"] else ("first", "second", "third")
    year, month, day = (int(part[name]) for name in names)
    clock = (hour, int(part["minute"]), int(part["tick"] or 0))
    style = (bool(part["open"]), bool(part["loose"]), match.re is _LINES[1])
    return _Message((year, month, day), part["mark"] or "年", clock, part["rest"], style)


def _bare(word: str | None) -> str:
    """A word beside a clock without dots, blanks and marks: “p. m.” is “pm”."""
    return "".join(char for char in (word or "").lower() if unicodedata.category(char)[0] in "LM")


def _split(rest: str) -> tuple[str, str]:
    """Name and text of a message; no name where the app itself speaks."""
    name, colon, text = rest.partition(": ")
    if not colon:
        name, colon, text = (rest[:-1], ":", "") if rest.endswith(":") else ("", "", "")
    clean = " ".join(name.translate(dict.fromkeys(map(ord, _MARKS))).replace("~", "", 1).split())
    return (clean, text) if colon and 0 < len(clean) <= 100 else ("", "")


def _is_first_notice(text: str) -> bool:
    """Whether it is what the app puts into the mouth of the other one, or of the group, as the first line of a chat."""
    return bool(text) and (text[0] in _MARKS or _ENCRYPTED.search(text) is not None)


def _is_about(name: str, text: str) -> bool:
    """Whether an iPhone tells in somebody's name what they did: “Ada: Ada added Bob”."""
    return bool(text) and text[0] in _MARKS and text.strip(_MARKS + "~ \u202f").startswith(f"{name} ")


def owner_by_title(path: Path, names: tuple[str, ...]) -> str:
    """Who exported a chat of two whose file is called “WhatsApp Chat with Ada”: the other one; "" if it is not.

    A file called _chat.txt has its title around it: a folder or a zip.
    """
    title = path.parent.name.removesuffix(".zip") if path.stem == "_chat" else path.stem
    if len(names) != 2 or "whatsapp" not in title.casefold():
        return ""
    folded = re.sub(r"\s*\(\d+\)\Z", "", title).casefold()
    theirs = [name for name in names if re.search(rf"\W{re.escape(name.casefold())}\Z", folded)]
    return next(name for name in names if name not in theirs) if len(theirs) == 1 else ""


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

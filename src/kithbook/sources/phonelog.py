"""Calls and text messages of a phone, as SMS Backup & Restore writes them. Texts are not kept.

Parsed as a stream by defusedxml; references to halves of a surrogate pair, which that program writes for emoji, are no
XML and are replaced before.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import deque
from collections.abc import Iterator, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from kithbook.core.cards import stable_key
from kithbook.core.phones import normalise_phone
from kithbook.core.records import Counted, Exchange, Handle, Party, Problem
from kithbook.sources.base import Progress, Record
from kithbook.sources.opening import told_plainly
from kithbook.sources.rawtext import as_utf8

CHUNK = 1 << 20
LONGEST_VALUE = 8 << 20
"""Bytes without a quotation mark, a message's picture at most; the parser holds a tag in memory until it ends."""
MISSED_TYPES = {"3": True, "4": False, "5": False}
"""Missed, voicemail, rejected: what came in and was no conversation."""
BLOCKED, UNKNOWN, SERVICE, UNSENT = "blocked call", "unknown number", "service, not a person", "draft or not sent"
NOBODY = frozenset(("", "null", "(unknown)", "unknown"))
SHORTEST_NUMBER = 7
FIRST_MILLIS = 10**11
"""1973 in milliseconds, and the year 5138 in seconds."""
_SURROGATE = re.compile(rb"&#(?:5[5-6]\d{3}|57[0-2]\d{2}|573[0-3]\d|5734[0-3]|x[dD][89a-fA-F][0-9a-fA-F]{2});")
_CONTROL = re.compile(rb"&#(?:[0-8]|1[124-9]|2\d|3[01]|x0?[0-8bBcCeEfF]|x1[0-9a-fA-F]);")
_TELLS = re.compile(rb"<(calls|smses)\b[^>]*>\s*(?:<!--.*?-->\s*)*<(?:call|sms|mms)\b", re.DOTALL)


def tells(head: bytes) -> str:
    """Why this is such a backup, "" if it is none."""
    match = _TELLS.search(head)
    return f"It has the <{match[1].decode()}> of SMS Backup & Restore." if match else ""


class _Collector:
    """Takes the parser's events and keeps finished calls and messages until they are fetched."""

    def __init__(self) -> None:
        self.done: deque[tuple[str, Mapping[str, str], str]] = deque()
        self._open: tuple[str, dict[str, str]] | None = None
        self._from = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("call", "sms", "mms"):
            self._open, self._from = (tag, attributes), ""
        elif tag == "addr" and attributes.get("type") == "137":
            self._from = attributes.get("address", "")

    def end(self, tag: str) -> None:
        if self._open and self._open[0] == tag:
            self.done.append((*self._open, self._from))
            self._open = None

    def data(self, _text: str) -> None:
        """Texts are not kept."""

    def close(self) -> None:
        """Nothing is held back."""


class PhoneLogSource:
    """Calls and messages; drafts, services and unknown numbers are Counted.

    `region` is the country of numbers written without a prefix ("AT").
    """

    kind = "phone"

    def __init__(self, path: str | PathLike[str], *, latest: int, zone: dt.tzinfo = dt.UTC, region: str = "") -> None:
        self.path = fspath(path)
        self._latest, self._region = latest, region
        del zone  # its times are epoch milliseconds

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield an Exchange, Counted or Problem for each call and message."""
        path = Path(self.path)
        number = failed = 0
        for item in self._items(path, progress):
            if isinstance(item, Problem):
                failed += 1
                yield item
                continue
            number += 1
            tag, attributes, sender = item
            where = f"{path.name}, {tag} {number}"
            yield self._call(attributes, where) if tag == "call" else self._message(tag, attributes, sender, where)
        if not number and not failed:
            yield Problem(path.name, "There is no call and no message in this file.")

    def _items(self, path: Path, progress: Progress | None) -> Iterator[tuple[str, Mapping[str, str], str] | Problem]:
        from xml.etree.ElementTree import ParseError

        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import DefusedXMLParser

        with told_plainly(path):
            size = path.stat().st_size
        collector = _Collector()
        parser: Any = DefusedXMLParser(target=collector, forbid_dtd=True)
        done, since, held = 0, 0, b""
        with told_plainly(path), path.open("rb") as file:
            try:
                text = as_utf8(file)
                while chunk := text.read(CHUNK):
                    done += len(chunk)
                    last = max(chunk.rfind(b'"'), chunk.rfind(b"'"))
                    since = since + len(chunk) if last < 0 else len(chunk) - last
                    if since > LONGEST_VALUE:
                        raise ValueError("a value that does not end")
                    data, held = _whole_references(held + chunk)
                    parser.feed(_CONTROL.sub(b" ", _SURROGATE.sub(b"?", data)))
                    yield from _drain(collector)
                    if progress:
                        progress(done, size)
                parser.feed(held)
                parser.close()
            except (ParseError, DefusedXmlException, ValueError, LookupError) as error:  # the last: unknown encoding
                yield from _drain(collector)
                yield Problem(path.name, f"The file is cut off or no XML from here on: {_plain(error)}.")

    def _call(self, call: Mapping[str, str], where: str) -> Record:
        kind, at = call.get("type", ""), self._moment(call.get("date", ""))
        if kind == "6":
            return Counted(BLOCKED, where)
        party = self._party(call.get("number", ""), call.get("contact_name", ""))
        if isinstance(party, str):
            return Counted(party, where)
        if at is None:
            return Problem(where, "This call has no usable date.")
        seconds = int(call["duration"]) if call.get("duration", "").isdecimal() else 0
        me = Party("", (), is_me=True)
        sender, others = (me, (party,)) if kind == "2" else (party, (me,))
        return Exchange(
            key=stable_key("call", str(at), party.handles[0].key, kind),
            where=where,
            at=at,
            channel="call",
            sender=sender,
            others=others,
            minutes=-(-seconds // 60) if seconds else None,
            counts=kind not in MISSED_TYPES and seconds > 0,
        )

    def _message(self, tag: str, item: Mapping[str, str], sender: str, where: str) -> Record:
        kind = item.get("type" if tag == "sms" else "msg_box", "")
        if kind not in ("1", "2"):
            return Counted(UNSENT, where)
        numbers = item.get("address", "").split("~")
        names = item.get("contact_name", "").split(", ")
        named = names if len(names) == len(numbers) else [""] * len(numbers)
        found = [self._party(number, name) for number, name in zip(numbers, named, strict=True)]
        parties = [party for party in found if isinstance(party, Party)]
        if not parties:
            return Counted(str(found[0]), where)
        at = self._moment(item.get("date", ""))
        if at is None:
            return Problem(where, "This message has no usable date.")
        me = Party("", (), is_me=True)
        wrote = self._sender(sender, parties) if kind == "1" else me
        others = [party for party in (me, *parties) if party is not wrote]
        mark = "~".join(sorted(party.handles[0].key for party in parties))
        key = stable_key(tag, str(at), mark, kind, item.get("body", "") if tag == "sms" else item.get("m_id", ""))
        return Exchange(key, where, at, "message", wrote, tuple(others))

    def _sender(self, number: str, parties: list[Party]) -> Party:
        key = normalise_phone(number, self._region)
        return next((party for party in parties if party.handles[0].key == key), parties[0])

    def _party(self, number: str, name: str) -> Party | str:
        """Who has this number, or why it is nobody."""
        key = normalise_phone(number, self._region)
        clean = " ".join(name.split())
        clean = "" if clean.casefold() in NOBODY else clean
        if not key or number.startswith("-"):
            letters = any(char.isalpha() for char in number)
            digits = sum(char.isdigit() for char in number)
            return SERVICE if letters or 2 < digits < SHORTEST_NUMBER else UNKNOWN
        return Party(clean, (Handle("phone", number, key),))

    def _moment(self, millis: str) -> int | None:
        at = int(millis) if millis.isdecimal() and len(millis) < 15 else 0
        at = at if at < FIRST_MILLIS else at // 1000  # some programs that write this form count seconds
        return at if 0 < at <= self._latest else None


def _whole_references(data: bytes) -> tuple[bytes, bytes]:
    """Cut before a reference that the chunk ends in."""
    cut = data.rfind(b"&", max(0, len(data) - 12))
    return (data, b"") if cut < 0 or b";" in data[cut:] else (data[:cut], data[cut:])


def _drain(collector: _Collector) -> Iterator[tuple[str, Mapping[str, str], str]]:
    while collector.done:
        yield collector.done.popleft()


def _plain(error: Exception) -> str:
    return " ".join(str(error).split())[:100]

"""Every parser with good input to begin from, and what reading it means. Only a KithbookError may come out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kithbook.core.capture import understand
from kithbook.core.cards import write_card
from kithbook.core.errors import KithbookError
from kithbook.core.names import Known, NameIndex
from kithbook.core.records import Card
from kithbook.sources import feeds, kithbookfile, opml
from kithbook.sources.base import Source
from kithbook.sources.detect import make_source, open_sources
from kithbook.sources.linkedinfiles import FILES, LinkedInFileSource
from kithbook.sources.sniffing import HEAD, sniff
from kithbook.sources.vcard import VcardSource
from tests.fuzz import seeds

LATEST = 1_795_000_000
ZONE = ZoneInfo("Europe/Vienna")
TODAY = dt.date(2026, 11, 21)


class Parser(NamedTuple):
    """`read` reads a file to its end; `name` is also the beginning of the names of its regressions."""

    name: str
    seeds: tuple[bytes, ...]
    read: Callable[[Path], None]


def drain(source: Source) -> None:
    """Read all records; what is refused is fine. Texts must fit the database."""
    try:
        for record in source.records(lambda done, total: None):
            if not isinstance(record, tuple | Card):
                raise TypeError(f"{record!r} is no record")
            key = getattr(record, "key", 1)
            if not 0 < key < 1 << 63:
                raise ValueError(f"key {key} is out of bounds")
            for text in _texts(record):
                text.encode("utf-8")
                if "\0" in text:
                    raise ValueError(f"NUL in {text[:50]!r}")
    except KithbookError:
        return


def _texts(value: object) -> Iterator[str]:
    """All texts in a record, whatever it is nested in."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list | set | frozenset):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _texts(pair)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


def _kind(kind: str) -> Callable[[Path], None]:
    return lambda path: drain(make_source(kind, path, LATEST, ZONE))


def _maildir(path: Path) -> None:
    for folder in ("box/cur", "box/new"):
        (path.parent / folder).mkdir(parents=True, exist_ok=True)
    (path.parent / "box/cur/1.a.host:2,S").write_bytes(path.read_bytes())
    drain(make_source("maildir", path.parent / "box", LATEST, ZONE))


def _cards(path: Path) -> None:
    """What was read is written again and read again with nothing lost."""
    drain(VcardSource(path))
    for record in VcardSource(path).records():
        if isinstance(record, Card):
            written = write_card(record.lines)
            written.encode("utf-8")


def _linkedin_files(path: Path) -> None:
    for file in FILES:
        drain(LinkedInFileSource(path, file, latest=LATEST, zone=ZONE))


def _anything(path: Path) -> None:
    sniff(path.read_bytes()[:HEAD])
    try:
        sources = open_sources(path, latest=LATEST, zone=ZONE)
    except KithbookError:
        return
    for source in sources:
        drain(source)


def _export(path: Path) -> None:
    try:
        kithbookfile.tells(path.read_bytes()[:200])
        kithbookfile.read_head(path)
        for _ in kithbookfile.read_rows(path):
            pass
    except KithbookError:
        return


def _allowed(read: Callable[[bytes], object]) -> Callable[[Path], None]:
    def run(path: Path) -> None:
        try:
            read(path.read_bytes())
        except KithbookError:
            return

    return run


@cache
def _index() -> NameIndex:
    names = ("Anna Berger", "Anna Schmidt", "Zoë Quist", "Ben O'Hara", "Bo Lind", "Cy", "May June", "李 Wei")
    return NameIndex([Known(number, name) for number, name in enumerate(names, 1)])


def _sentence(data: bytes) -> None:
    understand(data[:2_000].decode("utf-8", "replace"), index=_index(), today=TODAY)


PARSERS = (
    Parser("mbox", (seeds.MBOX,), _kind("mbox")),
    Parser("eml", (seeds.MAIL,), _kind("eml")),
    Parser("maildir", (seeds.MAIL,), _maildir),
    Parser("vcard", (seeds.CARDS,), _cards),
    Parser("calendar", (seeds.CALENDAR,), _kind("calendar")),
    Parser("linkedin", (seeds.CONNECTIONS,), _kind("linkedin")),
    Parser("linkedin-files", tuple(seeds.LINKEDIN_FILES.values()), _linkedin_files),
    Parser("ldif", (seeds.LDIF,), _kind("ldif")),
    Parser("table", (seeds.GOOGLE, seeds.OUTLOOK), _kind("table")),
    Parser("whatsapp", (seeds.CHAT,), _kind("whatsapp")),
    Parser("telegram", (seeds.TELEGRAM,), _kind("telegram")),
    Parser("facebook", (seeds.FACEBOOK, seeds.FRIENDS), _kind("facebook")),
    Parser("phone", (seeds.PHONE, seeds.CALLS), _kind("phone")),
    Parser("monica", (seeds.MONICA,), _kind("monica")),
    Parser("export", (seeds.EXPORT,), _export),
    Parser("zip", seeds.ZIPS, _anything),
    Parser("opml", (seeds.OPML,), _allowed(opml.parse)),
    Parser("feed", (seeds.FEED,), _allowed(feeds.parse)),
    Parser("sentence", tuple(text.encode() for text in seeds.SENTENCES), _allowed(_sentence)),
    Parser(
        "anything",
        (seeds.MBOX, seeds.CARDS, seeds.CALENDAR, seeds.CONNECTIONS, seeds.GOOGLE, seeds.CHAT, seeds.TELEGRAM,
         seeds.FACEBOOK, seeds.PHONE, seeds.MONICA, *seeds.LINKEDIN_FILES.values()),
        _anything,
    ),
)  # fmt: skip

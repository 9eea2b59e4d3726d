"""The rest of LinkedIn's export: messages, invitations, notes, recommendations and endorsements.

Texts of messages are not kept. Recommendations and endorsements are entries of the bank. People without a profile
address are found among the connections of the same export, if one name and employer fits one of them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import BinaryIO, NamedTuple

from kithbook.core.addresses import normalise_url
from kithbook.core.cards import stable_key
from kithbook.core.errors import KithbookError
from kithbook.core.names import fold_name
from kithbook.core.nametags import clean_name
from kithbook.core.partialdates import parse_partial_date
from kithbook.core.records import Card, Counted, Deed, Exchange, Handle, Party, Problem, Remark
from kithbook.sources.base import Progress, Record
from kithbook.sources.csvtable import Table, read_table
from kithbook.sources.linkedin import LinkedInSource
from kithbook.sources.opening import told_plainly
from kithbook.sources.zips import find_member, open_zip, read_member

Row = Mapping[str, str]
DRAFT, SPAM, NOTICE, EMPTY = "draft", "spam", "notice of LinkedIn", "empty row"
MOST_NOTE = 1_000
MOST_MESSAGES_ASKED = 200_000
_ASSISTANT = re.compile(r"(?i)guide|coach|role_play")
"""In the names of the files that hold talks with LinkedIn's own assistant."""

_STAMP = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?(?: ?UTC)?\Z")
_SHORT = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4}),? (\d{1,2}):(\d{2})(?: ?([AP]M))?\Z", re.IGNORECASE)


class File(NamedTuple):
    """A file of the export: its usual name, the columns it is known by, and the kind its records are kept under."""

    name: str
    columns: frozenset[str]
    kind: str


FILES = (
    File("messages.csv", frozenset(("conversation id", "from", "date", "content")), "linkedin-messages"),
    File("messages.csv", frozenset(("from", "to", "date", "direction", "folder")), "linkedin-messages"),  # before 2019
    File("Invitations.csv", frozenset(("from", "to", "sent at", "direction")), "linkedin-invitations"),
    File("Notes.csv", frozenset(("connection first name", "note", "created on")), "linkedin-notes"),
    File(
        "Recommendations_Received.csv", frozenset(("first name", "text", "creation date", "status")), "linkedin-praise"
    ),
    File("Recommendations_Given.csv", frozenset(("first name", "text", "creation date", "status")), "linkedin-praised"),
    File("Endorsement_Received_Info.csv", frozenset(("endorsement date", "endorser first name")), "linkedin-endorsed"),
    File("Endorsement_Given_Info.csv", frozenset(("endorsement date", "endorsee first name")), "linkedin-endorses"),
)


def kind_of(columns: frozenset[str], name: str = "") -> File | None:
    """The file whose columns these lower-cased ones are; given and received recommendations differ in `name` only.

    Talks with LinkedIn's assistant, which only their `name` tells, are none.
    """
    if _ASSISTANT.search(name):
        return None
    found = [file for file in FILES if columns >= file.columns]
    if len(found) > 1 and "given" in name.lower():
        return found[1]
    return found[0] if found else None


class LinkedInFileSource:
    """One file of the export, alone or in its zip.

    `names` are the writers of messages where the export does not say who the owner is.
    """

    def __init__(
        self, path: str | PathLike[str], file: File, *, latest: int, zone: dt.tzinfo = dt.UTC
    ) -> None:  # fmt: skip
        self.path = fspath(path)
        self.kind = file.kind
        self.names: tuple[str, ...] = ()
        self._file, self._latest, self._zone = file, latest, zone

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield an Exchange, Deed or Remark, Counted or Problem for each row."""
        read = self._reader()
        for number, row in self._rows(progress):
            where = f"{self._file.name}, line {number}"
            yield Problem(where, "This row cannot be read.") if row is None else read(row, where)

    def _rows(self, progress: Progress | None = None) -> Iterator[tuple[int, Row | None]]:
        path = Path(self.path)
        with told_plainly(path), path.open("rb") as file:
            magic = file.read(2)
            file.seek(0)
            if magic == b"PK":
                with open_zip(file, path.name) as archive:
                    member = find_member(archive, self._file.name)
                    if member is not None:
                        yield from self._table(read_member(archive, member), member.file_size, progress)
            else:
                yield from self._table(file, path.stat().st_size, progress)

    def _table(self, stream: BinaryIO, size: int, progress: Progress | None) -> Iterator[tuple[int, Row | None]]:
        step = (lambda done: progress(min(done, size), size)) if progress else (lambda _: None)
        table = read_table(stream, lambda cells: cells >= self._file.columns, step)
        if not isinstance(table, Table):
            return
        names = [name.lower() for name in table.columns]
        for number, cells in table.rows:
            good = cells is not None and len([cell for cell in cells if cell]) <= len(names)
            yield number, dict(zip(names, cells or (), strict=False)) if good else None

    def _reader(self) -> Callable[[Row, str], Record]:
        if self.kind == "linkedin-messages":
            return self._messages()
        if self.kind == "linkedin-invitations":
            return self._invitation
        if self.kind == "linkedin-notes":
            return self._note
        people = _Connections(self.path)
        return lambda row, where: self._praise(row, where, people)

    def _messages(self) -> Callable[[Row, str], Record]:
        """Reads messages, once it is clear who the owner is: by the profile, every conversation, or the connections."""
        talks: dict[str, set[str]] = {}
        names: dict[str, str] = {}
        sent: set[str] = set()
        for count, (_, row) in enumerate(self._rows()):
            if row and count < MOST_MESSAGES_ASKED:
                for place, (name, url) in enumerate(_parties(row)):
                    talks.setdefault(row.get("conversation id", ""), set()).add(url or name)
                    names.setdefault(url or name, name)
                    if not place and row.get("direction", "").upper().startswith("OUT"):
                        sent.add(url or name)
        own_name = fold_name(LinkedInSource(self.path).owner_name())
        mine = {key for key, name in names.items() if own_name and fold_name(name) == own_name} or sent
        if not mine and len(talks) > 1:
            mine = set.intersection(*talks.values())
        if not mine:
            strangers = set(names) - _Connections(self.path).profiles
            mine = strangers if len(strangers) == 1 else set()  # nobody is among their own connections
        if not mine:
            self.names = tuple(dict.fromkeys(names.values()))
        twins: Counter[int] = Counter()
        return lambda row, where: self._message(row, where, mine, twins)

    def _message(self, row: Row, where: str, mine: set[str], twins: Counter[int]) -> Record:
        if _yes(row, "is message draft") or _yes(row, "is conversation draft"):
            return Counted(DRAFT, where)
        if row.get("folder", "").upper() == "SPAM":
            return Counted(SPAM, where)
        parties = list(_parties(row))
        if not row.get("from") or row["from"] == "LinkedIn Member":
            return Counted(NOTICE, where)
        at = self._moment(row.get("date", ""))
        if at is None:
            return Problem(where, "This message has no usable date.")
        sender, *others = [_party(name, url, is_me=(url or name) in mine) for name, url in parties]
        key = stable_key("linkedin", row.get("conversation id", ""), str(at), row["from"], row.get("content", ""))
        twins[key] += 1
        key = key if twins[key] == 1 else stable_key("linkedin", str(key), str(twins[key]))
        return Exchange(key, where, at, "message", sender, tuple(others))

    def _invitation(self, row: Row, where: str) -> Record:
        at = self._moment(row.get("sent at", ""))
        if at is None:
            return Problem(where, "This invitation has no usable date.")
        incoming = row.get("direction", "").upper().startswith("IN")
        inviter = _party(row.get("from", ""), row.get("inviterprofileurl", ""), is_me=not incoming)
        invitee = _party(row.get("to", ""), row.get("inviteeprofileurl", ""), is_me=incoming)
        other = inviter if incoming else invitee
        if not other.name and not other.handles:
            return Counted(EMPTY, where)
        handle = other.handles[0].key if other.handles else other.name
        channel = "message" if row.get("message") else "like"
        return Exchange(stable_key("invitation", str(at), handle), where, at, channel, inviter, (invitee,))

    def _note(self, row: Row, where: str) -> Record:
        text = row.get("note", "")
        name = clean_name(row.get("connection first name", ""), row.get("connection last name", "")).full
        if not text or not name:
            return Counted(EMPTY, where)
        person = _party(name, row.get("connection profile url", ""))
        mark = person.handles[0].key if person.handles else name
        return Remark(stable_key("note", mark, text), where, self._day(row.get("created on", "")), "note", person, text)

    def _praise(self, row: Row, where: str, people: _Connections) -> Record:
        gave = self.kind in ("linkedin-praised", "linkedin-endorses")
        endorsed = "endorsement date" in row
        who = ("endorsee " if gave else "endorser ") if endorsed else ""
        given, family = row.get(f"{who}first name", ""), row.get(f"{who}last name", "")
        name = clean_name(given, family).full
        if not name:
            return Counted(EMPTY, where)
        status = row.get("endorsement status" if endorsed else "status", "").upper()
        if status in ("REJECTED", "PENDING", "HIDDEN"):
            return Counted(f"{status.lower()} by LinkedIn or you", where)
        url = row.get(f"{who}public url", "")
        person = _party(name, url) if url else people.find(name, row.get("company", ""))
        note = f"Endorsed for {row.get('skill name', '')}" if endorsed else row.get("text", "")
        on = self._day(row.get("endorsement date") or row.get("creation date") or "")
        mark = person.handles[0].key if person.handles else name
        return Deed(
            stable_key(self.kind, mark, str(on), note), where, on, "gave" if gave else "got", "praise", person,
            note[:MOST_NOTE], 1 if endorsed else None,
        )  # fmt: skip

    def _moment(self, text: str) -> int | None:
        match = _STAMP.match(text.strip())
        try:
            if match:
                numbers = [int(part or 0) for part in match.groups()]
                at = int(dt.datetime(*numbers, tzinfo=dt.UTC).timestamp())  # type: ignore[misc, arg-type]
            else:
                at = self._local(text)
        except ValueError:
            return None
        return at if 0 < at <= self._latest else None

    def _local(self, text: str) -> int:
        """Times without a zone, as invitations have them ("1/29/26, 2:37 PM"): month first, always."""
        match = _SHORT.match(" ".join(text.split()))
        if not match:
            raise ValueError(text)
        month, day, year, hour, minute = (int(part) for part in match.groups()[:5])
        if match[6]:
            hour = hour % 12 + (12 if match[6].upper() == "PM" else 0)
        return int(dt.datetime(year % 100 + 2000, month, day, hour, minute, tzinfo=self._zone).timestamp())

    def _day(self, text: str) -> dt.date | None:
        at = self._moment(text)
        if at is not None:
            return dt.datetime.fromtimestamp(at, dt.UTC).date()
        found = parse_partial_date(text)
        return (
            dt.date(found.year, found.month, found.day) if found and found.year and found.month and found.day else None
        )


class _Connections:
    """The connections of the same export by name, to find the profile of people whom other files only name."""

    def __init__(self, path: str) -> None:
        self._by_name: dict[str, list[Card]] = {}
        self.profiles: set[str] = set()
        beside = Path(path).with_name("Connections.csv")
        source = LinkedInSource(beside if beside.is_file() else path)
        try:
            for record in source.records():
                if isinstance(record, Card):
                    self._by_name.setdefault(fold_name(record.name), []).append(record)
                    self.profiles |= {handle.key for handle in record.handles if handle.kind == "url"}
        except KithbookError:
            return  # there are no connections beside it

    def find(self, name: str, company: str) -> Party:
        """Who is meant: the only connection of this name, or the only one of this name and employer."""
        cards = [card for card in self._by_name.get(fold_name(name), ()) if card.handles]
        if len(cards) > 1:
            wanted = fold_name(company)
            cards = [card for card in cards if any(fold_name(job.organisation) == wanted for job in card.jobs)]
        return Party(name, cards[0].handles) if len(cards) == 1 else _party(name, "")


def _parties(row: Row) -> Iterator[tuple[str, str]]:
    """(name, profile) of the writer, then of everybody it went to."""
    yield row.get("from", ""), normalise_url(row.get("sender profile url", ""))
    names = [part.strip() for part in row.get("to", "").split(",") if part.strip()]
    urls = [normalise_url(part) for part in re.split(r"[,;\s]+", row.get("recipient profile urls", "")) if part]
    if len(names) == len(urls):
        yield from zip(names, urls, strict=True)
    else:
        yield from ((("", url) for url in urls) if urls else ((name, "") for name in names))


def _party(name: str, url: str, *, is_me: bool = False) -> Party:
    key = normalise_url(url)
    clean = clean_name(name, "").full
    if key.startswith("linkedin.com/in/"):
        return Party(clean, (Handle("url", url, key, "linkedin"),), is_me)
    return Party(clean, (Handle("chat", clean, f"linkedin:{fold_name(clean) or clean}"),) if clean else (), is_me)


def _yes(row: Row, column: str) -> bool:
    return row.get(column, "").lower() in ("yes", "true", "1")

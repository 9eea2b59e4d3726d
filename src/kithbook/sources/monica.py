"""Monica's export (version 4, JSON or SQL): people with their calls, activities, notes, gifts and relations."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from os import PathLike, fspath
from pathlib import Path

from kithbook.core.cards import stable_key
from kithbook.core.errors import Invalid
from kithbook.core.records import Counted, Deed, Exchange, Party, Problem, Remark
from kithbook.sources.base import Progress, Record
from kithbook.sources.monicaaccount import Account, Entry, day_of, read_json
from kithbook.sources.monicasql import MARKS, read_sql
from kithbook.sources.opening import told_plainly
from kithbook.sources.rawtext import clean_values

LARGEST = 100 << 20
PARTIAL = "only part of somebody else's entry"
MYSELF = "yourself"
UNREAD = frozenset(("task", "reminder", "debt", "document", "photo", "pet", "life_event"))
"""Kinds of entries that have no place in Kithbook or not enough in them; they are Counted."""
ELSEWHERE = frozenset(("contact_field", "address", "occupation"))
"""Kinds of entries that belong to the person's card."""
GIFT_STATES = {"given": "gave", "offered": "gave", "received": "got"}
_ME = Party("", (), is_me=True)
_TELLS = re.compile(rb'"version"\s*:\s*"1\.0-preview')
_SQL = re.compile(rb"(?i)\b(?:INSERT|REPLACE)\b[^;]{0,40}\bINTO\b|\bCREATE\s+TABLE\b")


def tells(head: bytes) -> str:
    """Why this is Monica's export, "" if it is none."""
    if _TELLS.search(head) and b'"account"' in head:
        return "It has the form of an export from Monica."
    return "It is SQL with tables of Monica's." if any(m in head for m in MARKS) and _SQL.search(head) else ""


class MonicaSource:
    """The people of one account. Raises Invalid for a broken file or one larger than 100 MB."""

    kind = "monica"

    def __init__(self, path: str | PathLike[str], *, latest: int, zone: dt.tzinfo = dt.UTC) -> None:
        self.path = fspath(path)
        self._latest, self._zone = latest, zone

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield Cards, then what happened with each person."""
        path = Path(self.path)
        with told_plainly(path):
            size = path.stat().st_size
        try:
            account = _open(path, size)
        except (ValueError, AttributeError, TypeError, KeyError, RecursionError):
            yield Problem(path.name, "The file is cut off or no export of Monica's version 4.")
            return
        for number, (done, contact) in enumerate(account.contacts, 1):
            if progress:
                progress(min(done, size), size)
            if isinstance(contact, Problem | Counted):
                yield contact
                continue
            where = f"{path.name}, contact {number}"
            try:
                yield from self._contact(contact, account, where)
            except (ValueError, AttributeError, TypeError, KeyError):
                yield Problem(where, "This contact is not as Monica writes it.")

    def _contact(self, contact: Entry, account: Account, where: str) -> Iterator[Record]:
        properties = contact.get("properties") or {}
        if properties.get("is_partial"):
            yield Counted(PARTIAL, where)
            return
        if str(contact.get("uuid")) in account.mine:
            yield Counted(MYSELF, where)
            return
        card = account.card(contact, where)
        yield card
        person = Party(card.name, card.handles)
        days: set[dt.date] = set()
        for kind, value in account.inside(contact):
            for record in self._entry(kind, value, person, where):
                if isinstance(record, Exchange):
                    days.add(dt.datetime.fromtimestamp(record.at, self._zone).date())
                yield record
        for text in account.told(contact):
            yield Remark(stable_key("monica", card.handles[0].key, text), where, None, "fact", person, text)
        talked = day_of(properties.get("last_talked_to"))
        if talked and talked not in days:
            yield self._exchange(f"talked|{card.handles[0].key}|{talked}", talked, "message", None, person, where)

    def _entry(self, kind: str, value: Entry, person: Party, where: str) -> Iterator[Record]:
        key, properties = str(value.get("uuid", "")), value.get("properties") or {}
        if kind == "call":
            day = day_of(properties.get("called_at"))
            theirs = bool(properties.get("contact_called"))
            yield self._exchange(key, day, "call", person if theirs else _ME, person, where)
        elif kind == "activity":
            yield self._exchange(
                f"{key}|{person.handles[0].key}", day_of(properties.get("happened_at")), "meeting", None, person, where,
                title=str(properties.get("summary") or ""),
            )  # fmt: skip
        elif kind == "conversation":
            yield from self._conversation(key, properties, person, where)
        elif kind == "note" and properties.get("body"):
            on = day_of(value.get("created_at"))
            yield Remark(stable_key("monica", key), where, on, "note", person, str(properties["body"]))
        elif kind == "gift":
            direction = GIFT_STATES.get(str(properties.get("status") or "").lower())
            if direction is None:
                yield Counted("idea for a gift", where)
                return
            on = day_of(properties.get("date")) or day_of(value.get("created_at"))
            name = str(properties.get("name") or "")
            yield Deed(stable_key("monica", key), where, on, direction, "gift", person, name)
        elif kind not in ELSEWHERE:
            yield Counted(f"{kind.replace('_', ' ')} of Monica" if kind in UNREAD else "empty entry of Monica", where)

    def _conversation(self, key: str, properties: Entry, person: Party, where: str) -> Iterator[Record]:
        """Who wrote and when, message by message; their texts are not kept."""
        messages = list(properties.get("messages") or ())
        for number, message in enumerate(messages):
            told = message.get("properties") or {}
            mine = _ME if told.get("written_by_me") else person
            one = str(message.get("uuid") or f"{key}|{number}")
            yield self._exchange(one, day_of(told.get("written_at")), "message", mine, person, where)
        if not messages:
            yield self._exchange(key, day_of(properties.get("happened_at")), "message", None, person, where)

    def _exchange(
        self,
        key: str,
        day: dt.date | None,
        channel: str,
        sender: Party | None,
        person: Party,
        where: str,
        title: str = "",
    ) -> Record:
        if day is None:
            return Problem(where, "An entry of this contact has no date.")
        at = int(dt.datetime.combine(day, dt.time(12), self._zone).timestamp())
        if at > self._latest:
            return Counted("still to come", where)
        others = tuple(party for party in (_ME, person) if not (sender and sender.is_me == party.is_me))
        return Exchange(stable_key("monica", key), where, at, channel, sender, others, title=title)


def _open(path: Path, size: int) -> Account:
    """The account, whichever way it was exported."""
    with told_plainly(path), path.open("rb") as file:
        if not file.read(1 << 12).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return read_sql(path)
        if size > LARGEST:
            raise Invalid(f"{path.name} is larger than {LARGEST >> 20} MB; no export of Monica is.", "")
        file.seek(0)
        content = file.read()
    return read_json(clean_values(json.loads(content.decode("utf-8-sig", "replace"))), size)

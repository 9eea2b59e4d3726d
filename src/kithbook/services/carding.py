"""Writes cards of address books and contact lists as people: recognised by their handles, never by name alone."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from json.encoder import encode_basestring_ascii
from typing import Any

from kithbook.core.partialdates import partial_text
from kithbook.core.records import Card, Handle, PartialDate
from kithbook.services import clock
from kithbook.services.describing import MOST_NICKNAMES, Told
from kithbook.services.keepout import REASON
from kithbook.services.recognising import PersonBook
from kithbook.store.bulk import Inserter, known_keys
from kithbook.store.ids import IdRun
from kithbook.store.models import Affiliation, Batch, CardCopy, Owner, PersonDate, Tag

CHUNK = 1_000
NETWORKS = {"linkedin": "LinkedIn", "facebook": "Facebook"}
"""Where one has met who is a connection there since a day."""
STRENGTH = {"uid": 0, "url": 1, "email": 2, "phone": 3}
AFFILIATION_COLUMNS = ("id", "owner", "person", "organisation", "role", "started_on", "ended_on", "noted_on", "batch")


class CardWriter:
    """Takes cards one by one and writes them in chunks; counts what became of each."""

    def __init__(self, owner: Owner, batch: Batch, book: PersonBook, source: str, mine: Collection[str]) -> None:
        self.matched = 0
        self.skipped: Counter[str] = Counter()
        self._owner, self._batch, self._book, self._source, self._mine = owner.pk, batch.pk, book, source, mine
        self._today = clock.today(owner).isoformat()
        self._waiting: dict[int, Card] = {}
        self._ids = IdRun()
        self._copies: list[tuple[Any, ...]] = []
        self._jobs: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        self._dates: dict[tuple[int, str], tuple[Any, ...]] = {}
        self._tags: dict[tuple[int, str], tuple[Any, ...]] = {}

    def add(self, card: Card) -> None:
        """Take one card."""
        if card.hidden:
            self.skipped["hidden member"] += 1
        elif card.is_group:
            self.skipped["a group, not a person"] += 1
        elif self._mine and any(handle.kind == "email" and handle.key in self._mine for handle in card.handles):
            self.skipped["your own card"] += 1
        elif self._book.keeps_out(card.handles):
            self.skipped[REASON] += 1
        elif card.key in self._waiting:
            self.matched += 1
        else:
            self._waiting[card.key] = card
            if len(self._waiting) >= CHUNK:
                self.flush()

    def flush(self) -> None:
        """Write what waits; the same card as before adds nothing."""
        known = known_keys(CardCopy, self._owner, self._source, list(self._waiting))
        self.matched += len(known)
        for key, card in self._waiting.items():
            if key not in known:
                self._describe(self._person(card), card)
        self._waiting.clear()
        self._write()

    def _person(self, card: Card) -> int:
        handles = sorted(card.handles, key=_strength)
        person = self._book.find(handles)
        if person is None:
            person = self._book.add_card_person(card.name or _unnamed(handles))
        else:
            self.matched += 1
            self._book.recognise(person, card.name)
        for handle in handles:
            self._book.add_handle(person, handle)
        return person

    def _describe(self, person: int, card: Card) -> None:
        owner, batch, new = self._owner, self._batch, self._ids.next
        self._book.describe(person, card.name, self._told(card))
        self._copies.append((new(), owner, person, self._source, card.key, _json_texts(card.lines), batch))
        for job in card.jobs:
            begun, ended = partial_text(job.started_on), partial_text(job.ended_on)
            at = (person, job.organisation[:300], job.role[:300], begun)
            self._jobs.setdefault(at, (new(), owner, *at, ended, self._today, batch))
        for kind, day in card.dates.items():
            if partial_text(day):
                self._dates.setdefault((person, kind), (new(), owner, person, kind[:40], partial_text(day), batch))
        for tag in card.tags:
            self._tags.setdefault((person, tag), (new(), owner, person, tag[:60], batch))

    def _told(self, card: Card) -> Told:
        met = _instant(card.connected_on)
        return Told(
            card.given_name[:150],
            card.family_name[:150],
            card.nicknames[:MOST_NICKNAMES],
            sys.intern(card.place[:200]),
            card.note,
            met,
            NETWORKS.get(self._source, "") if met is not None else "",
        )

    def _write(self) -> None:
        copies = Inserter(CardCopy, ("id", "owner", "person", "source", "external_key", "lines", "batch"))
        copies.insert(self._copies)
        jobs = Inserter(Affiliation, AFFILIATION_COLUMNS, ignore_known=True)
        jobs.insert(list(self._jobs.values()))
        dates = Inserter(PersonDate, ("id", "owner", "person", "kind", "on", "batch"), ignore_known=True)
        dates.insert(list(self._dates.values()))
        tags = Inserter(Tag, ("id", "owner", "person", "name", "batch"), ignore_known=True)
        tags.insert(list(self._tags.values()))
        for rows in (self._copies, self._jobs, self._dates, self._tags):
            rows.clear()


def _json_texts(texts: Iterable[str]) -> str:
    """What `json.dumps` gives for a list of texts, in half its time."""
    return f"[{', '.join(map(encode_basestring_ascii, texts))}]"


def _strength(handle: Handle) -> int:
    return STRENGTH.get(handle.kind, 9)


def _unnamed(handles: Sequence[Handle]) -> str:
    """What to call somebody without a name: how they are reached."""
    return next(
        (handle.value for kind in ("email", "phone", "url") for handle in handles if handle.kind == kind), "No name"
    )


def _instant(day: PartialDate | None) -> int | None:
    """Noon of a full date in epoch seconds; None for anything less, or a day that no calendar has."""
    if day is None or not (day.year and day.month and day.day):
        return None
    try:
        return int(dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC).timestamp())
    except ValueError:
        return None

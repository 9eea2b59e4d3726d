"""Reads entries of the bank in bulk: for sums as plain tuples, for pages as views."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from kithbook.core.bankchains import Deed, Link, find_chains, find_links
from kithbook.core.ids import to_text
from kithbook.core.ledger import KINDS, Direction, Entry, aged_size, gives_value
from kithbook.services import clock
from kithbook.services.bankviews import ChainView, EntryView
from kithbook.services.finding import brief
from kithbook.store.models import EntryParty, LedgerEntry, Owner, Person

CHAIN_WORDS = {
    "passed_on": "{first} helped you, and you passed it on to {then}.",
    "came_round": "You helped {first}, and it came round through {then}.",
    "gave_back": "{first} helped you, and you gave something back.",
    "came_back": "You helped {first}, and something came back.",
    "led_on": "What happened with {first} led on to {then}.",
}
INFERRED = " You met them through {first}."
CHAINS_SHOWN = 20


class Raw(NamedTuple):
    """An entry as sums need it; `entry` is the record that core reckons with."""

    id: int
    on: dt.date
    direction: Direction
    kind: str
    size: int
    outside: bool
    source: int | None
    entry: Entry


@dataclass(frozen=True, slots=True)
class Book:
    """All entries by id, and whose they are."""

    rows: dict[int, Raw]
    people_of: dict[int, list[int]]
    of_person: dict[int, list[Raw]]

    def counting(self) -> list[Entry]:
        """What goes into sums: every entry once, those outside the balance left out."""
        return [row.entry for row in self.rows.values() if not row.outside]

    def counting_of(self, person: int) -> list[Entry]:
        """The same for one person."""
        return [row.entry for row in self.of_person.get(person, ()) if not row.outside]


_COLUMNS = (
    "pk", "on", "direction", "kind", "size", "was_asked", "is_meaningful", "outside_balance", "inspired_by_id",
    "cause_entry_id",
)  # fmt: skip


def load(owner: Owner, entry_ids: Iterable[int] | None = None) -> Book:
    """The bank with everybody kept (or these entries): two queries."""
    parties = EntryParty.objects.of(owner)
    entries = LedgerEntry.objects.of(owner)
    if entry_ids is None:
        parties = parties.filter(person__standing="kept")
    else:
        wanted = list(entry_ids)
        parties, entries = parties.filter(entry__in=wanted), entries.filter(pk__in=wanted)
    people_of: dict[int, list[int]] = defaultdict(list)
    for entry, person in parties.order_by("person_id").values_list("entry_id", "person_id"):
        people_of[entry].append(person)
    rows: dict[int, Raw] = {}
    of_person: dict[int, list[Raw]] = defaultdict(list)
    for pk, on, direction, kind, size, asked, meant, outside, inspired, cause in entries.order_by(
        "on", "turn", "pk"
    ).values_list(*_COLUMNS):
        if pk in people_of:
            entry = Entry(on, direction, kind, size, asked, meant)
            rows[pk] = Raw(pk, on, direction, kind, size, outside, inspired or cause, entry)
            for person in people_of[pk]:
                of_person[person].append(rows[pk])
    return Book(rows, people_of, of_person)


def linked_ids(owner: Owner, entry_ids: Sequence[int]) -> set[int]:
    """These entries, those that inspired them, and those that they inspired."""
    mine = LedgerEntry.objects.of(owner)
    found = set(entry_ids)
    for column in ("inspired_by", "cause_entry"):
        found |= set(mine.filter(**{f"{column}__in": list(entry_ids)}).values_list("pk", flat=True))
        sources = mine.filter(pk__in=list(entry_ids)).exclude(**{column: None})
        found |= set(sources.values_list(f"{column}_id", flat=True))
    return found


def deeds_of(book: Book) -> list[Deed]:
    """What gave somebody something, as chains are made of."""
    return [
        Deed(row.id, row.on, row.direction, frozenset(book.people_of[row.id]), row.size, row.source)
        for row in book.rows.values()
        if gives_value(row.entry)
    ]


def chains_of(owner: Owner, book: Book, through: Mapping[int, int] | None = None) -> list[ChainView]:
    """Help that travelled, the latest first; thanks for help are no chain of their own."""
    links = {link[:2]: link for link in find_links(deeds_of(book), through) if _is_told(book, link)}
    found = find_chains(list(links.values()))
    place = {key: number for number, key in enumerate(book.rows)}
    found.sort(key=lambda chain: [place[key] for key in reversed(chain)], reverse=True)
    shown = found[:CHAINS_SHOWN]
    views = {view.id: view for view in entry_views(owner, {key for chain in shown for key in chain})}
    return [_chain([links[pair] for pair in pairwise(chain)], views) for chain in shown]


def _is_told(book: Book, link: Link) -> bool:
    return book.rows[link.then].kind not in ("thanks", "report")


def _chain(links: Sequence[Link], views: Mapping[str, EntryView]) -> ChainView:
    """One chain: what each step is to the one before it, in words."""
    text = []
    for link in links:
        names = {"first": _names(views[to_text(link.first)]), "then": _names(views[to_text(link.then)])}
        text.append(CHAIN_WORDS[link.kind].format(**names) + (INFERRED.format(**names) if link.inferred else ""))
    path = [links[0].first, *(link.then for link in links)]
    inferred = any(link.inferred for link in links)
    return ChainView(links[-1].kind, inferred, " ".join(text), [views[to_text(key)] for key in path])


def _names(view: EntryView) -> str:
    names = [person.name for person in view.people]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names) or "somebody"


def listed_entries(owner: Owner) -> QuerySet[LedgerEntry]:
    """Entries for lists: without those that are only with people in the trash."""
    parties = EntryParty.objects.of(owner)
    gone = parties.filter(person__standing="trashed").values("entry_id")
    others = parties.exclude(person__standing="trashed").values("entry_id")
    rows: QuerySet[LedgerEntry] = LedgerEntry.objects.of(owner)
    return rows.filter(~Q(pk__in=gone) | Q(pk__in=others))


def entry_views(owner: Owner, ids: Iterable[int]) -> list[EntryView]:
    """Entries as faces show them, newest first: two queries however many they are."""
    wanted = list(ids)
    rows = LedgerEntry.objects.of(owner).filter(pk__in=wanted).select_related("objective", "goal", "group")
    parties: dict[int, list[Person]] = defaultdict(list)
    listed = EntryParty.objects.of(owner).filter(entry__in=wanted).exclude(person__standing="trashed")
    for party in listed.select_related("person"):
        parties[party.entry_id].append(party.person)
    today = clock.today(owner)
    return [make_view(row, parties[row.pk], today) for row in rows.order_by("-on", "-turn", "-pk")]


def make_view(row: Any, people: Iterable[Person], today: dt.date) -> EntryView:
    """One entry with everything that is written on it."""
    entry = Entry(row.on, row.direction, row.kind, row.size, row.was_asked, row.is_meaningful)
    return EntryView(
        id=to_text(row.pk),
        on=row.on,
        direction=row.direction,
        kind=row.kind,
        label=KINDS[row.kind].label if row.kind in KINDS else row.kind,
        size=row.size,
        worth=0.0 if row.outside_balance else round(aged_size(entry, today), 2),
        minutes=row.minutes,
        money="" if row.money is None else f"{row.money:.2f}",
        currency=row.currency,
        asked=row.was_asked,
        meaningful=row.is_meaningful,
        no_strings=row.no_strings,
        outside_balance=row.outside_balance,
        satisfaction=row.satisfaction,
        note=row.note,
        people=[brief(person) for person in sorted(people, key=lambda one: (one.folded_name, one.pk))],
        inspired_by=to_text(row.inspired_by_id) if row.inspired_by_id else None,
        objective=row.objective.name if row.objective else "",
        goal=row.goal.text if row.goal else "",
        group=row.group.name if row.group else "",
        batch=to_text(row.batch_id) if row.batch_id else None,
    )

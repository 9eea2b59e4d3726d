"""Views of the trash, of everything about one person, of what erasing takes away, of splits and of bulk edits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from kithbook.services.views import PersonBrief


@dataclass(frozen=True, slots=True)
class TrashedView:
    """Somebody in the trash, since when, and the day on which they are erased."""

    person: PersonBrief
    since: dt.datetime
    on: dt.date
    goes_on: dt.date


@dataclass(frozen=True, slots=True)
class TrashView:
    """The trash, whoever goes first at the top; it empties itself after `days`."""

    total: int
    days: int
    people: list[TrashedView]


@dataclass(frozen=True, slots=True)
class PersonExport:
    """Everything that is kept about one person.

    `tables` has the rows by table, in the form of a whole export; `names` tells who or what the ids in them are.
    """

    format: str
    version: int
    made_at: dt.datetime
    person: dict[str, Any]
    tables: dict[str, list[dict[str, Any]]]
    names: dict[str, str]
    vcard: str


@dataclass(frozen=True, slots=True)
class GoesView:
    """One kind of thing that goes, and how many of it."""

    what: str
    count: int


@dataclass(frozen=True, slots=True)
class ErasureView:
    """What erasing a person takes away. `mentions` counts texts about others in which they become “someone”."""

    person: PersonBrief
    goes: list[GoesView]
    shared_exchanges: int
    mentions: int
    backups: list[str]


@dataclass(frozen=True, slots=True)
class ErasedView:
    """What was erased; `is_wiped` says whether the database file was written anew without it."""

    people: int
    rows: int
    mentions: int
    is_kept_out: bool
    is_wiped: bool
    message: str


@dataclass(frozen=True, slots=True)
class PartOfPerson:
    """Something of a person that a split can move; `id` is what names it."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ExchangesOfPerson:
    """How many exchanges with a person came over one channel from one source, and when."""

    channel: str
    source: str
    count: int
    first_on: dt.date
    last_on: dt.date


@dataclass(frozen=True, slots=True)
class PartsView:
    """What an entry is made of, to be divided between two people."""

    person: PersonBrief
    identities: list[PartOfPerson]
    jobs: list[PartOfPerson]
    tags: list[PartOfPerson]
    topics: list[PartOfPerson]
    exchanges: list[ExchangesOfPerson]


@dataclass(frozen=True, slots=True)
class SplitView:
    """A split: who was there before, who is new, and how much went to the new one."""

    batch: str
    person: PersonBrief
    new: PersonBrief
    rows: int
    exchanges: int
    message: str


@dataclass(frozen=True, slots=True)
class BulkView:
    """One change to many people; `batch` takes it back."""

    changed: int
    unchanged: int
    message: str
    batch: str | None

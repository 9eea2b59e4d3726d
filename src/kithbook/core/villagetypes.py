"""The records of the demo village: what `village.build` returns, and the dice it is thrown with.

People are named by a key made of their folded name ("anna-berger"). All times are aware UTC and lie before the
village's today, all dates are local dates of its owner.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import TypeVar

from kithbook.core.records import Job, PartialDate

T = TypeVar("T")
_MASK = (1 << 64) - 1


class Dice:
    """Seeded chance that falls alike on every Python version (SplitMix64 of Steele, Lea and Flood, 2014).

    Each name has its own dice, so that one person more leaves all others as they were.
    """

    def __init__(self, seed: int, name: str) -> None:
        self._state = int.from_bytes(blake2b(f"{seed}:{name}".encode(), digest_size=8).digest(), "big")

    def share(self) -> float:
        """A number from 0 up to, not including, 1."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return ((mixed ^ (mixed >> 31)) >> 11) / (1 << 53)

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.share() * (high - low + 1))

    def is_below(self, chance: float) -> bool:
        """True with this chance."""
        return self.share() < chance

    def one_of(self, things: Sequence[T]) -> T:
        """One of them, all alike likely."""
        return things[int(self.share() * len(things))]

    def some_of(self, things: Sequence[T], count: int) -> list[T]:
        """`count` different ones (all if there are fewer), in a thrown order."""
        left = list(things)
        return [left.pop(int(self.share() * len(left))) for _ in range(min(count, len(left)))]

    def spread(self, middle: float, sigma: float) -> float:
        """Log-normal with this median: most are smaller than the mean, a few very large."""
        radius = math.sqrt(-2.0 * math.log(1.0 - self.share()))
        return middle * math.exp(sigma * radius * math.cos(2.0 * math.pi * self.share()))


@dataclass(frozen=True, slots=True)
class Villager:
    """A person. `circle` says whence Robin knows them, `emails` are (address, label), `standing` as in the store."""

    key: str
    name: str
    circle: str
    stage: int
    met_at: datetime
    met_where: str
    place: str
    emails: tuple[tuple[str, str], ...]
    phone: str = ""
    jobs: tuple[Job, ...] = ()
    tags: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    note: str = ""
    birthday: PartialDate | None = None
    met_event: str = ""
    met_through: str = ""
    my_stage: int | None = None
    importance: int | None = None
    liking: int | None = None
    closeness: int | None = None
    is_kin: bool = False
    is_key: bool = False
    is_bridge: bool = False
    no_gifts: bool = False
    standing_permission: bool = False
    follows_up: bool = False
    standing: str = "kept"


@dataclass(frozen=True, slots=True)
class Exchange:
    """An interaction; fields as in the store, `people` are (person, "from" | "to" | "also"), `key` where needed."""

    at: datetime
    channel: str
    direction: int
    people: tuple[tuple[str, str], ...]
    size: int = 1
    minutes: int | None = None
    title: str = ""
    note: str = ""
    event: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Gift:
    """One entry of the bank. `referral`, `introduction` and `exchange` name what it belongs to and how it was given."""

    on: date
    direction: str
    kind: str
    size: int
    people: tuple[str, ...]
    note: str
    was_asked: bool = False
    is_meaningful: bool | None = None
    minutes: int | None = None
    referral: str = ""
    introduction: str = ""
    exchange: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A promise; `state` is "open", "kept" or "broken"."""

    person: str
    by_me: bool
    text: str
    made_on: date
    due_on: date | None
    state: str = "open"
    closed_on: date | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """An ask; a planned one has no `asked_on`."""

    person: str
    kind: str
    size: int
    text: str
    asked_on: date | None
    outcome: str = ""
    outcome_on: date | None = None
    planned_on: date | None = None
    objective: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One move of an introduction."""

    state: str
    at: datetime
    person: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bridge:
    """An introduction; `introducer` is "" where Robin introduces, `second` is "" where Robin is introduced."""

    key: str
    introducer: str
    first: str
    second: str
    purpose: str
    state: str
    steps: tuple[Step, ...]
    asked_by: str = ""
    blurb: str = ""
    endorsement: str = ""
    outcome: str = ""
    objective: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """A referral; `giver` or `receiver` is "" where it is Robin."""

    key: str
    giver: str
    receiver: str
    about: str
    kind: str
    text: str
    on: date
    vouch: str = ""
    outcome: str = ""
    outcome_on: date | None = None
    reported_on: date | None = None
    objective: str = ""
    introduction: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One move on the ladder."""

    person: str
    from_stage: int
    to_stage: int
    at: datetime
    why: str
    view: str = "they"
    decision: str = "confirmed"


@dataclass(frozen=True, slots=True)
class Aim:
    """An objective; `people` are (person, is a helper); `kind` and `target` say what it is and whom it needs."""

    name: str
    note: str
    share: float
    due_on: date
    created_at: datetime
    people: tuple[tuple[str, bool], ...]
    kind: str = "other"
    target: str = ""
    state: str = "open"
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A need, offer, interest, goal or fact of a person; "" is Robin."""

    person: str
    kind: str
    text: str
    noted_on: date
    source: str = ""
    is_sensitive: bool = False
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Circle:
    """A group with its members as (person, role)."""

    key: str
    name: str
    kind: str
    my_role: str
    note: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Gathering:
    """An event, perhaps still to come; `there` are (person, Robin talked to them, note)."""

    key: str
    name: str
    held_on: date
    place: str
    note: str
    group: str
    there: tuple[tuple[str, bool, str], ...]


@dataclass(frozen=True, slots=True)
class BulkMail:
    """What arrives often and is nobody: a mailing list or a newsletter, with the reason it makes no person."""

    name: str
    address: str
    mails: int
    reason: str


@dataclass(frozen=True, slots=True)
class OwnerFacts:
    """The owner of the village."""

    name: str
    address: str
    time_zone: str
    minutes_per_week: int


@dataclass(frozen=True, slots=True)
class Village:
    """Everything; `roles` are (person, role, objective or "")."""

    today: date
    owner: OwnerFacts
    people: tuple[Villager, ...]
    groups: tuple[Circle, ...]
    events: tuple[Gathering, ...]
    exchanges: tuple[Exchange, ...]
    gifts: tuple[Gift, ...]
    promises: tuple[Word, ...]
    asks: tuple[Request, ...]
    introductions: tuple[Bridge, ...]
    referrals: tuple[Door, ...]
    moves: tuple[Move, ...]
    objectives: tuple[Aim, ...]
    topics: tuple[Fact, ...]
    roles: tuple[tuple[str, str, str], ...]
    bulk_mail: tuple[BulkMail, ...]

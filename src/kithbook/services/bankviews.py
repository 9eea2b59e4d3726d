"""Views of the bank: entries, accounts, what to give, promises, chains."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kithbook.services.personviews import PersonBrief


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry with everything written on it; `worth` is its size as it counts today, `money` is private to you."""

    id: str
    on: dt.date
    direction: str
    kind: str
    label: str
    size: int
    worth: float
    minutes: int | None
    money: str
    currency: str
    asked: bool
    meaningful: bool | None
    no_strings: bool
    outside_balance: bool
    satisfaction: str
    note: str
    people: list[PersonBrief]
    inspired_by: str | None
    objective: str
    goal: str
    group: str
    batch: str | None


@dataclass(frozen=True, slots=True)
class EntryList:
    """A page of entries, newest first, and how many there are in all."""

    entries: list[EntryView]
    total: int
    offset: int


@dataclass(frozen=True, slots=True)
class GiftIdeaView:
    """Somebody who has had nothing of yours lately, and one concrete thing for this week."""

    person: PersonBrief
    last_on: dt.date | None
    idea: str


@dataclass(frozen=True, slots=True)
class GiveList:
    """Give to get: people without a recent deposit, and how many there are in all."""

    people: list[GiftIdeaView]
    total: int
    every_days: int


@dataclass(frozen=True, slots=True)
class HelpView:
    """One person to help this week, what was given this week already, and in how many of the last weeks you gave."""

    person: PersonBrief | None
    idea: str
    given: list[EntryView]
    weeks: int
    weeks_with: int


@dataclass(frozen=True, slots=True)
class MirrorView:
    """How you may look in other people's books over the last year."""

    contacts: int
    asks: int
    ask_share: float | None
    give_per_ask: float | None
    positives: int
    negatives: int
    is_amber: bool


@dataclass(frozen=True, slots=True)
class OneWayView:
    """Somebody to whom giving has been one-way so far, in words."""

    person: PersonBrief
    why: str


@dataclass(frozen=True, slots=True)
class RepairView:
    """Something that went wrong with somebody and is not mended yet."""

    person: PersonBrief
    entry: str
    on: dt.date
    mine: bool
    what: str


@dataclass(frozen=True, slots=True)
class YearView:
    """How often help went each way in a year."""

    year: int
    gave: int
    got: int


@dataclass(frozen=True, slots=True)
class ChainView:
    """Help that travelled: the acts in their order, and in words what they are to each other."""

    kind: str
    inferred: bool
    text: str
    entries: list[EntryView]


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise with its person."""

    id: str
    person: PersonBrief
    by_me: bool
    text: str
    made_on: dt.date
    due_on: dt.date | None
    closed_on: dt.date | None
    state: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class PromiseList:
    """Promises both ways, what others offered without a day, and how words are kept."""

    mine: list[PromiseRow]
    theirs: list[PromiseRow]
    offers: list[PromiseRow]
    closed: list[PromiseRow]
    my_reliability: float | None
    their_reliability: float | None
    my_words: str
    their_words: str


@dataclass(frozen=True, slots=True)
class BankView:
    """The bank over everybody: what went each way, whom to give something, how you look, what travels."""

    gave: float
    got: float
    entries_total: int
    recent: EntryList
    give: GiveList
    help_one: HelpView
    mirror: MirrorView
    mutuality: str
    rounds: int
    one_way: list[OneWayView]
    repairs: list[RepairView]
    thanks: list[EntryView]
    years: list[YearView]
    chains: list[ChainView]
    promises: PromiseList


@dataclass(frozen=True, slots=True)
class BankAccountView:
    """The bank with one person. `gave`, `got` and `net` are None where the balance is hidden."""

    person: PersonBrief
    hidden: bool
    gave: float | None
    got: float | None
    net: float | None
    mutuality: str
    rounds: int
    gap_days: int | None
    entries: list[EntryView]
    years: list[YearView]
    one_way: str
    need: str
    their_need: str
    replies: str
    reply_rate: float | None
    reply_days: float | None
    positives: int
    negatives: int
    is_amber: bool
    repairs: list[RepairView]
    thanks: list[EntryView]
    chains: list[ChainView]
    promises: PromiseList


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be named by its id."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class EntryChoices:
    """What an entry can name."""

    sources: list[Choice]
    objectives: list[str]
    groups: list[str]
    goals: list[Choice]

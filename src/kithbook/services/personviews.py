"""Views of people: in a list, on a page, and the parts of both."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonBrief:
    """Enough to show and to open a person."""

    id: str
    name: str
    stage: int


@dataclass(frozen=True, slots=True)
class IdentityView:
    """One way to reach or recognise a person."""

    kind: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class AffiliationView:
    """Where a person works or worked."""

    organisation: str
    role: str
    started_on: str
    ended_on: str


@dataclass(frozen=True, slots=True)
class LoopView:
    """Something open with a person: a promise, thanks, a 24-7-30 step."""

    kind: str
    text: str
    due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person in a list. `warmth` is 0 to 1; `balance` is None where it is hidden."""

    id: str
    name: str
    stage: int
    warmth: float
    state: str
    balance: float | None
    last_contact_on: dt.date | None
    identities: list[IdentityView]
    affiliations: list[AffiliationView]
    tags: list[str]
    tweener: bool
    open_loops: list[LoopView]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of a list of people, and how many there are in all."""

    people: list[PersonView]
    total: int
    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One named reason behind a warmth; `effect` is its part of the log-odds."""

    text: str
    effect: float


@dataclass(frozen=True, slots=True)
class ProspectView:
    """How warm a tie will be in 30 days if something is done now, or nothing."""

    text: str
    warmth: float
    state: str


@dataclass(frozen=True, slots=True)
class InteractionView:
    """One dated exchange with a person."""

    id: str
    at: dt.datetime
    on: dt.date
    channel: str
    direction: int
    role: str
    size: int
    minutes: int | None
    counts: bool
    title: str
    note: str
    others: list[PersonBrief]
    batch: str | None


@dataclass(frozen=True, slots=True)
class LedgerView:
    """One entry of the bank."""

    id: str
    on: dt.date
    direction: str
    kind: str
    label: str
    size: int
    note: str
    batch: str | None


@dataclass(frozen=True, slots=True)
class StageEventView:
    """One move on the ladder."""

    at: dt.datetime
    on: dt.date
    view: str
    from_stage: int
    to_stage: int
    decision: str
    why: str


@dataclass(frozen=True, slots=True)
class PromiseView:
    """Something one side said it would do."""

    id: str
    by_me: bool
    text: str
    made_on: dt.date
    due_on: dt.date | None
    state: str


@dataclass(frozen=True, slots=True)
class TopicView:
    """A need, offer, interest, goal or fact."""

    id: str
    kind: str
    text: str
    noted_on: dt.date


@dataclass(frozen=True, slots=True)
class AskView:
    """A request and its outcome."""

    id: str
    size: int
    text: str
    asked_on: dt.date | None
    planned_on: dt.date | None
    outcome: str


@dataclass(frozen=True, slots=True)
class IntroductionView:
    """An introduction in which the person has a part."""

    id: str
    people: list[PersonBrief]
    state: str
    purpose: str


@dataclass(frozen=True, slots=True)
class BalanceView:
    """Both directions of the bank with a person, aged to today."""

    gave: float
    got: float
    net: float
    hidden: bool


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A move on the ladder that the evidence suggests; the owner decides."""

    from_stage: int
    to_stage: int
    why: list[str]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything about one person."""

    id: str
    name: str
    stage: int
    stage_name: str
    warmth: float
    state: str
    balance: float | None
    last_contact_on: dt.date | None
    identities: list[IdentityView]
    affiliations: list[AffiliationView]
    tags: list[str]
    tweener: bool
    open_loops: list[LoopView]
    interactions: list[InteractionView]
    ledger: list[LedgerView]
    stage_events: list[StageEventView]
    promises: list[PromiseView]
    topics: list[TopicView]
    asks: list[AskView]
    introductions: list[IntroductionView]
    why: list[ReasonView]
    what_if: list[ProspectView]
    given_name: str
    family_name: str
    nicknames: list[str]
    place: str
    note: str
    standing: str
    importance: int | None
    liking: int | None
    closeness: int | None
    is_kin: bool
    is_key: bool
    no_gifts: bool
    dates: dict[str, str]
    met_on: dt.date | None
    met_where: str
    interactions_total: int
    bank: BalanceView | None
    proposal: ProposalView | None
    missing: list[str]
    warmth_history: list[tuple[dt.date, float]]

"""Views of introductions and of requests: cards, pages, drafts, suggestions, loads."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kithbook.services.views import PersonBrief


@dataclass(frozen=True, slots=True)
class IntroductionCard:
    """An introduction in a list. `role` is "mine" where you introduce, "to_me" where you were introduced.

    `who` acts next ("you", a name, or "" for nobody) and `next` says what; `due_on` is the day for it. `action` is
    the move that doing it means, `action_label` its words on a button; both are "" while others act.
    """

    id: str
    role: str
    first: PersonBrief
    second: PersonBrief | None
    introducer: PersonBrief | None
    asked_by: PersonBrief | None
    purpose: str
    state: str
    state_name: str
    column: str
    who: str
    next: str
    due_on: dt.date | None
    is_overdue: bool
    is_expired: bool
    action: str
    action_label: str
    created_on: dt.date
    since: dt.date


@dataclass(frozen=True, slots=True)
class IntroductionStepView:
    """One thing that happened to an introduction."""

    state: str
    text: str
    on: dt.date
    note: str


@dataclass(frozen=True, slots=True)
class IntroductionMoveView:
    """A move that is possible now."""

    to: str
    label: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """A text to begin with, never sent by the program. `mailto` opens it in your mail program; "" without address."""

    kind: str
    title: str
    to: list[PersonBrief]
    subject: str
    body: str
    mailto: str


@dataclass(frozen=True, slots=True)
class LoadView:
    """How often a person was asked or brought in within three months, and whether to leave a pause."""

    person: PersonBrief
    brought_in: int
    asked: int
    total: int
    most: int
    is_over: bool
    text: str


@dataclass(frozen=True, slots=True)
class IntroductionPage:
    """Everything about one introduction. `batch` takes the last act back; "" where there is none."""

    id: str
    state: str
    card: IntroductionCard
    blurb: str
    endorsement: str
    outcome: str
    value: float | None
    goal: str
    satisfaction: str
    outside_balance: bool
    steps: list[IntroductionStepView]
    moves: list[IntroductionMoveView]
    loads: list[LoadView]
    cautions: list[str]
    drafts: list[DraftView]
    batch: str


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of the board."""

    key: str
    title: str
    cards: list[IntroductionCard]


@dataclass(frozen=True, slots=True)
class IntroductionBoard:
    """All introductions by how far they are; `mine` counts those whose next move is yours by today."""

    columns: list[ColumnView]
    total: int
    mine: int


@dataclass(frozen=True, slots=True)
class IntroductionLoop:
    """An open loop of yours from an introduction: to whom, what, until when."""

    introduction: str
    person: PersonBrief
    text: str
    due_on: dt.date
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class IntroductionSuggestionView:
    """Two people of whom one could help the other. `before` says what comes first, if anything.

    `needs` looks for `need` (a need, goal or request), which `offers` could meet with `offer`; `strength` is 0 to 1.
    `load` says how often `offers` was asked lately, "" where not at all.
    """

    needs: PersonBrief
    need: str
    need_kind: str
    offers: PersonBrief
    offer: str
    strength: float
    why: str
    gives_back: str
    before: list[str]
    load: str
    goal_introductions: int


@dataclass(frozen=True, slots=True)
class SpeakingView:
    """How far you speak for a person: what you said yourself (`said`, perhaps ""), and what holds (`level`)."""

    person: PersonBrief
    standing_permission: bool
    said: str
    level: str


@dataclass(frozen=True, slots=True)
class ConnectorView:
    """Somebody who opens doors: introductions and referrals they made, people met through them, their load."""

    person: PersonBrief
    introductions: int
    referrals: int
    people_met: int
    last_on: dt.date | None
    load: LoadView


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal or need of a person with the introductions made for it."""

    id: str
    kind: str
    text: str
    introductions: list[IntroductionCard]


@dataclass(frozen=True, slots=True)
class RequestView:
    """What a person asked of you. `state` is open, helped, passed_on or declined."""

    id: str
    person: PersonBrief
    kind: str
    text: str
    target: PersonBrief | None
    asked_on: dt.date
    state: str
    closed_on: dt.date | None
    introduction: str
    minutes: int | None
    batch: str


@dataclass(frozen=True, slots=True)
class InboxView:
    """Requests that are open, the last ones closed, and whom you helped: people and minutes within a year."""

    open: list[RequestView]
    closed: list[RequestView]
    people_served: int
    minutes: int

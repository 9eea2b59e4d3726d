"""Views of the right to ask, of asks made and of asks planned."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kithbook.services.views import PersonBrief


@dataclass(frozen=True, slots=True)
class AskReason:
    """A fact and its day."""

    fact: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class AskStep:
    """A dated step towards an ask: what to do, the size of what is given, its kind."""

    on: dt.date
    deposit: str
    size: int
    kind: str


@dataclass(frozen=True, slots=True)
class AskFlag:
    """Something to be careful about: "cold", "no_deposits" or "need_only"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class AskCheckView:
    """Whether the owner is ready to ask, why, and what to do. `balance` is None where it is hidden.

    `rights` is what was invested so far; `reminder` says where, when and through whom they met; `need_only_share` is
    the share of contact in which something was asked.
    """

    person: PersonBrief
    size: int
    kind: str
    on: dt.date
    verdict: str
    reasons: list[AskReason]
    remedy: str
    plan: list[AskStep]
    ready_on: dt.date | None
    rights: list[AskReason]
    flags: list[AskFlag]
    reminder: str
    say_yes: str
    balance: float | None
    needed: int | None
    need_only_share: float | None


@dataclass(frozen=True, slots=True)
class AskItem:
    """An ask: open, planned or past. `steps` lead to a planned one, `ready_on` is when it would be ready after them."""

    id: str
    person: PersonBrief
    size: int
    kind: str
    text: str
    asked_on: dt.date | None
    planned_on: dt.date | None
    outcome: str
    outcome_on: dt.date | None
    steps: list[AskStep]
    ready_on: dt.date | None = None
    message: str = ""
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class AsksView:
    """All asks: those without an answer, those planned, and those with an outcome, the latest first."""

    open: list[AskItem]
    planned: list[AskItem]
    past: list[AskItem]
    outcomes: dict[str, int]


@dataclass(frozen=True, slots=True)
class AskSizeView:
    """The verdict for one size, in one line; `ready_on` is the day on which it is ready if its steps are followed."""

    size: int
    verdict: str
    reason: str
    remedy: str
    ready_on: dt.date | None

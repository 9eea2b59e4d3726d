"""What services hand to the faces: frozen records whose field names are the public contract's.

Ids are text; dates are dates; every face shows the same values.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kithbook.services.personviews import (
    AffiliationView,
    AskView,
    BalanceView,
    IdentityView,
    InteractionView,
    IntroductionView,
    LedgerView,
    LoopView,
    PeoplePage,
    PersonBrief,
    PersonPage,
    PersonView,
    PromiseView,
    ProposalView,
    ProspectView,
    ReasonView,
    StageEventView,
    TopicView,
)

__all__ = [
    "AffiliationView",
    "AskView",
    "BalanceView",
    "BatchView",
    "CaptureView",
    "Check",
    "ChoiceView",
    "DoctorView",
    "IdentityView",
    "ImportFile",
    "ImportProblem",
    "ImportReport",
    "InteractionView",
    "IntroductionView",
    "LedgerView",
    "LeftOutView",
    "LoopView",
    "Note",
    "OwnerView",
    "PartView",
    "PeoplePage",
    "PersonBrief",
    "PersonPage",
    "PersonView",
    "PromiseView",
    "ProposalView",
    "ProspectView",
    "ReasonView",
    "StageEventView",
    "TodayView",
    "TopicView",
    "TouchView",
    "UndoReport",
    "WeekView",
    "as_json",
]


def as_json(value: Any) -> Any:
    """A view as plain dicts, lists, text and numbers."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: as_json(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return value


def as_number(amount: Decimal | None) -> float | None:
    """An amount of money as views give it."""
    return None if amount is None else float(amount)


@dataclass(frozen=True, slots=True)
class OwnerView:
    """The owner's settings."""

    name: str
    addresses: list[str]
    unconfirmed_addresses: list[str]
    minutes_per_week: int
    time_zone: str
    is_set_up: bool


@dataclass(frozen=True, slots=True)
class ImportFile:
    """One file of an import."""

    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """One record that could not be used."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; `records` = added + known + skipped + problems of the kind the file holds.

    For mail, added and known are `interactions_…`; for address books they are `people_added` and `people_matched`.
    `left_aside` are files of a folder or zip that are of no kind Kithbook reads: pictures and the like. `notes` are
    sentences about what was taken for granted, such as who the owner is in chats, or an old encoding.
    """

    batch: str | None
    files: list[ImportFile]
    records: int
    people_added: int
    people_matched: int
    interactions_added: int
    interactions_known: int
    skipped: dict[str, int]
    problems: list[ImportProblem]
    problems_count: int
    seconds: float
    me: list[str]
    me_inferred: bool
    dry_run: bool
    left_aside: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BatchView:
    """One act that added something."""

    id: str
    kind: str
    title: str
    state: str
    at: dt.datetime
    people_added: int
    interactions_added: int


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What taking a batch back removed, and whom it kept because the owner had added to them since."""

    batch: str
    people_removed: int
    interactions_removed: int
    people_kept: list[str]


@dataclass(frozen=True, slots=True)
class TouchView:
    """One proposed contact."""

    id: str
    number: int
    person: PersonBrief
    kind: str
    channel: str
    minutes: int
    why: list[str]
    idea: str
    due_on: dt.date | None
    day_on: dt.date | None
    value: float
    state: str


@dataclass(frozen=True, slots=True)
class LeftOutView:
    """Somebody who is not in the plan, and why."""

    person: PersonBrief
    why: str


@dataclass(frozen=True, slots=True)
class WeekView:
    """The plan of one week. `minutes_planned` includes what was done; `is_look`: with other minutes, not kept."""

    week_of: dt.date
    minutes_budget: int
    minutes_planned: int
    minutes_done: int
    proven_optimal: bool
    touches: list[TouchView]
    done: list[TouchView]
    left_out: list[LeftOutView]
    by_stage: dict[str, int]
    by_objective: dict[str, int]
    people: int
    is_look: bool = False


@dataclass(frozen=True, slots=True)
class TodayView:
    """What to do today: obligations due and the touches of the day."""

    on: dt.date
    minutes_budget: int
    minutes_done: int
    minutes_week: int
    touches: list[TouchView]
    done_today: list[TouchView]
    later: int
    people: int


@dataclass(frozen=True, slots=True)
class PartView:
    """A stretch of a sentence and what it was understood as."""

    start: int
    end: int
    text: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """A name that fits several people, or nobody yet."""

    text: str
    role: str
    candidates: list[PersonBrief]


@dataclass(frozen=True, slots=True)
class CaptureView:
    """How a sentence was understood, and, once it is written down, what was made of it."""

    text: str
    people: list[PersonBrief]
    new_people: list[str]
    channel: str
    on: dt.date | None
    minutes: int | None
    lines: list[str]
    questions: list[str]
    choices: list[ChoiceView]
    parts: list[PartView]
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that `doctor` looked at; `advice` says what to do where it is not well."""

    name: str
    is_well: bool
    found: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class DoctorView:
    """All checks."""

    is_well: bool
    checks: list[Check] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Note:
    """A plain answer in one sentence; `batch` where it wrote something that can be taken back."""

    message: str
    batch: str | None = None

"""Views of tweeners, dormant ties and the list review."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from kithbook.services.clipviews import ReasonToWrite
from kithbook.services.personviews import PersonBrief


@dataclass(frozen=True, slots=True)
class ForecastView:
    """When a tie turns cold and falls asleep if neither side writes; None where that is not within five years."""

    person: PersonBrief
    warmth: float
    state: str
    cold_on: dt.date | None
    dormant_on: dt.date | None
    text: str


@dataclass(frozen=True, slots=True)
class CandidateView:
    """Somebody to decide about: keep, lighten or let go. `was_dropped`: silent after two to four interactions."""

    person: PersonBrief
    work: str
    last_contact_on: dt.date | None
    interactions: int
    was_dropped: bool
    rhythm_days: int | None
    why: str
    forecast: ForecastView
    reason: ReasonToWrite


@dataclass(frozen=True, slots=True)
class DormantView:
    """A tie that was strong and is silent for years; `rank` 0 to 1, and a way to begin again."""

    person: PersonBrief
    last_contact_on: dt.date | None
    years: float
    rank: float
    opener: str
    mail: str


@dataclass(frozen=True, slots=True)
class LetGoView:
    """Somebody who was let go: nothing is proposed, search finds them, any contact takes them back."""

    person: PersonBrief
    on: dt.date | None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What was decided about somebody. `batch` takes it back."""

    person: PersonBrief
    decision: str
    on: dt.date
    message: str
    batch: str


@dataclass(frozen=True, slots=True)
class BetweenView:
    """The review of a week: a few people to decide about, counters, and what was decided.

    `waiting` is how many of the tweeners were not asked about in the last 90 days; `initiated` the share of all
    exchanges that the owner began, None without any.
    """

    week_of: dt.date
    scope: str
    candidates: list[CandidateView]
    tweeners: int
    dropped: int
    waiting: int
    a_week: int
    decided_this_week: int
    kept: int
    lightened: int
    let_go: int
    reviewed_on: dt.date | None
    initiated: float | None
    dormant: list[DormantView] = field(default_factory=list)
    more_dormant: int = 0
    gone: list[LetGoView] = field(default_factory=list)

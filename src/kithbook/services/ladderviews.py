"""Views of the ladder and of new people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kithbook.services.personviews import PersonBrief, ProposalView


@dataclass(frozen=True, slots=True)
class StepView:
    """One of the light steps after a meeting; `state` is done, skipped, open, upcoming, late, lapsed or stopped."""

    number: int
    what: str
    channel: str
    minutes: int
    opens_on: dt.date
    due_on: dt.date
    due_at: dt.datetime
    closes_on: dt.date
    state: str
    done_on: dt.date | None
    why: str
    idea: str


@dataclass(frozen=True, slots=True)
class NewcomerView:
    """Somebody in 24-7-30. `current` is the number of the step to do now or next, 0 where none is left."""

    person: PersonBrief
    begun_on: dt.date
    line: str
    answered: bool
    current: int
    steps: list[StepView]
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class FirstYearView:
    """The first year with somebody: conversations at events since you met, and what would help."""

    person: PersonBrief
    met_on: dt.date
    until: dt.date
    conversations: int
    wanted: int
    advice: str


@dataclass(frozen=True, slots=True)
class PipelineView:
    """People met in the last twelve months, and how far they have come."""

    met: int
    in_steps: int
    answered: int
    known: int
    liked: int


@dataclass(frozen=True, slots=True)
class BoardView:
    """The 24-7-30 board: everybody in it by the day of their next step, the first year, and the pipeline."""

    people: list[NewcomerView]
    first_year: list[FirstYearView]
    first_year_total: int
    pipeline: PipelineView


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many people you keep see you at a stage, and how many you see there yourself."""

    stage: int
    people: int
    mine: int


@dataclass(frozen=True, slots=True)
class StageBandView:
    """Minutes of one stage against its share; `floor` is what is kept for it whatever gains more elsewhere."""

    stage: int
    minutes: int
    target: int
    floor: int
    below_floor: bool


@dataclass(frozen=True, slots=True)
class MinutesView:
    """Where the minutes of some weeks went; `effort` counts 1 for a light touch, 2 for a call, 3 for a meeting."""

    weeks: int
    since: dt.date
    minutes: int
    budget: int
    giving_minutes: int
    effort: float
    effort_budget: int
    bands: list[StageBandView]


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move on the ladder that is proposed for somebody."""

    person: PersonBrief
    to_stage: int
    why: list[str]


@dataclass(frozen=True, slots=True)
class GrowthView:
    """Somebody at Like or Trust: since when, how long the step takes, what is missing and one thing to do next."""

    person: PersonBrief
    since: dt.date | None
    pace: str
    missing: list[str]
    next_step: str


@dataclass(frozen=True, slots=True)
class PausedView:
    """Somebody to whom nothing more is proposed for now, and why."""

    person: PersonBrief
    until: dt.date
    why: str


@dataclass(frozen=True, slots=True)
class DeepeningView:
    """One way in which ties became deeper lately, and how often."""

    what: str
    times: int


@dataclass(frozen=True, slots=True)
class LadderView:
    """The seven stages of your network."""

    counts: list[StageCount]
    people: int
    proposals: list[MoveView]
    proposals_total: int
    stuck: list[GrowthView]
    stuck_total: int
    promising: list[GrowthView]
    paused: list[PausedView]
    paused_total: int
    week: MinutesView
    quarter: MinutesView
    deepening: list[DeepeningView]
    began_by_them: float | None
    answered: float | None


@dataclass(frozen=True, slots=True)
class DatedFactView:
    """Know, like or trust of one person: `state` is yes, partly, not yet or too early."""

    name: str
    state: str
    facts: list[str]


@dataclass(frozen=True, slots=True)
class PersonLadderView:
    """One person on the ladder, from both sides."""

    person: PersonBrief
    stage: int
    my_stage: int | None
    since: dt.date | None
    pace: str
    is_stuck: bool
    knowing: list[DatedFactView]
    symmetry: str
    guard: str
    guard_until: dt.date | None
    deepening: int
    theirs_broken_on: dt.date | None
    proposal: ProposalView | None


@dataclass(frozen=True, slots=True)
class MoveList:
    """Moves that are proposed, and how many there are in all."""

    moves: list[MoveView]
    total: int


@dataclass(frozen=True, slots=True)
class GrowthList:
    """People at Like or Trust for more than a year, and how many there are in all."""

    people: list[GrowthView]
    total: int

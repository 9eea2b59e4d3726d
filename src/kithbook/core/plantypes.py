"""The records of the weekly plan: what could be done, what must be done, the rules, and the result (method §10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from kithbook.core.errors import Invalid
from kithbook.core.stages import STAGES

DAYS = 7
STAGE_SHARES: Mapping[int, float] = MappingProxyType({rule.number: rule.share for rule in STAGES})
"""Share of the weekly minutes per stage (method §2)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One (person, channel) pair that could be done this week.

    `stage` 1..7; `minutes` the touch takes; `value` is v of method §10; `gain` is ∫₀^τ R(u)du − τ·R(τ) in warm-days
    that one answered contact on that channel buys; `reply` is q, the chance of an answer (0..1). `kind` is
    "investment", "giving", "reconnect" or "new". `held` says why nothing may be proposed before `earliest_on`
    ("asked twice without an answer"). `why` and `idea` are shown as they are.
    """

    person_id: int
    stage: int
    channel: str
    minutes: int
    value: float
    gain: float
    reply: float
    objective_ids: tuple[int, ...] = ()
    giving: bool = False
    social: bool = False
    kind: str = "investment"
    earliest_on: date | None = None
    held: str = ""
    why: tuple[str, ...] = ()
    idea: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that must be done: thanks, a report, a promise, a 24-7-30 step, an open loop, a date.

    `kind` is "thanks", "promise", "followup", "report", "loop" or "date"; `due_on` the last good day, `earliest_on`
    the first; `ref` is the caller's own name for it, handed back in `Planned.refs`.
    """

    person_id: int
    kind: str
    due_on: date
    minutes: int
    channel: str
    stage: int
    why: tuple[str, ...]
    idea: str = ""
    ref: str = ""
    earliest_on: date | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits of a week; every number is a default that the owner can change.

    `minutes` is the week's budget, `per_day_minutes` what Monday to Sunday can hold (0 = quiet day). `shares` maps
    stage to its share of the minutes, of which `floor_part` is kept as a floor. Giving with no purpose gets between
    `giving_floor` and `giving_ceiling` of the minutes. `objective_shares` maps objective to its share of the
    strategic part, which is `strategic_part` of the minutes; people linked to an objective together never take more
    than `strategic_ceiling` while there is anybody else. `social_minutes` caps social media; `max_touches` keeps the
    plan short (obligations are never dropped for it).
    """

    minutes: int = 120
    per_day_minutes: tuple[int, ...] = (90, 90, 90, 90, 90, 0, 0)
    shares: Mapping[int, float] = field(default_factory=lambda: STAGE_SHARES)
    floor_part: float = 1 / 3
    giving_floor: float = 0.10
    giving_ceiling: float = 0.15
    objective_shares: Mapping[int, float] = field(default_factory=dict)
    strategic_part: float = 0.30
    strategic_ceiling: float = 0.60
    social_minutes: int = 30
    max_touches: int = 12

    def __post_init__(self) -> None:
        if len(self.per_day_minutes) != DAYS or min(self.per_day_minutes) < 0 or self.minutes < 0:
            raise Invalid("A week needs a budget and seven daily limits of zero or more minutes.")
        parts = (self.giving_floor, self.giving_ceiling, self.strategic_part, self.strategic_ceiling, self.floor_part)
        if any(not 0 <= part <= 1 for part in (*parts, *self.shares.values(), *self.objective_shares.values())):
            raise Invalid("Shares of the week are numbers from 0 to 1.")


@dataclass(frozen=True, slots=True)
class Done:
    """What already happened in this week: minutes in all and by part, touches, and the people who had theirs."""

    minutes: int = 0
    touches: int = 0
    by_stage: Mapping[int, int] = field(default_factory=dict)
    by_objective: Mapping[int, int] = field(default_factory=dict)
    giving_minutes: int = 0
    social_minutes: int = 0
    person_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of the plan. `kind` is "obligation", "new", "giving", "investment" or "reconnect".

    `on` is the day it is planned for, `due_on` the day it is due (obligations). `value` is q·v·gain in
    value-weighted warm-days (0 for obligations). `refs` are those of the duties that this touch fulfils.
    """

    person_id: int
    stage: int
    kind: str
    channel: str
    minutes: int
    on: date
    value: float = 0.0
    why: tuple[str, ...] = ()
    idea: str = ""
    due_on: date | None = None
    refs: tuple[str, ...] = ()
    objective_ids: tuple[int, ...] = ()
    giving: bool = False
    social: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who is not in the plan, and why. `ref` names the duty where it is one."""

    person_id: int
    why: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """The plan. `value` is the sum over the chosen candidates, `bound` a proven upper limit of it in the same unit.

    `proven_optimal` is true only where no other choice under the same rules can be better. `missing_floor_minutes`
    is what the floors still lack because nobody was there to fill them. `minutes_planned` and the two sums by part
    count the touches of this plan, not what was done before.
    """

    week_of: date
    minutes_budget: int
    minutes_planned: int
    touches: tuple[Planned, ...]
    left_out: tuple[LeftOut, ...]
    proven_optimal: bool
    by_stage: Mapping[int, int]
    by_objective: Mapping[int, int]
    value: float = 0.0
    bound: float = 0.0
    missing_floor_minutes: int = 0

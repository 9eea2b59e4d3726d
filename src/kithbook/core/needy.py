"""The needy guard: how much the owner may write without an answer before it looks needy (method §2).

An answer of theirs, or anything both took part in, resets the count: the ceiling limits what goes out *unanswered*.
Past the ceiling of the stage, or after two unanswered in a row, nothing more is proposed until they answer or the
pause ends. Obligations are exempt, and logging by hand is always allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from kithbook.core.daywords import say_day
from kithbook.core.stages import STAGES

CEILING_DAYS: Mapping[int, int] = MappingProxyType(
    {rule.number: rule.ceiling_days for rule in STAGES if rule.ceiling_days is not None}
)
"""Days between two outbound touches without an answer, per stage; stages not named have no ceiling (d)."""

MOST_UNANSWERED = 2
PAUSE_DAYS = 60
"""Length of the pause after two unanswered in a row (d)."""


@dataclass(frozen=True, slots=True)
class GuardRules:
    """Ceilings in days per stage, how many unanswered in a row are too many, and the pause in days; all defaults."""

    ceiling_days: Mapping[int, int] = field(default_factory=lambda: CEILING_DAYS)
    most_unanswered: int = MOST_UNANSWERED
    pause_days: int = PAUSE_DAYS


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What went out since they last answered: how many days with an outbound touch, and the last of them."""

    count: int
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Allowance:
    """From when on a touch may be proposed (None: now), and why not earlier."""

    allowed_on: date | None
    why: str = ""

    def allows(self, day: date) -> bool:
        """Whether a touch may be proposed for that day."""
        return self.allowed_on is None or day >= self.allowed_on


FREE = Allowance(None)
GUARD = GuardRules()


def check_outbound(stage: int, unanswered: Unanswered, rules: GuardRules = GUARD) -> Allowance:
    """Whether one more touch may be proposed to somebody at this stage, and if not, from when on and why."""
    last = unanswered.last_on
    if last is None or unanswered.count <= 0:
        return FREE
    ceiling = rules.ceiling_days.get(stage, 0)
    pause = rules.pause_days if unanswered.count >= rules.most_unanswered else 0
    if not max(ceiling, pause):
        return FREE
    if pause >= ceiling:
        times = {1: "once", 2: "twice"}.get(unanswered.count, f"{unanswered.count} times")
        why = f"you wrote {times} without an answer, last on {say_day(last)}"
    else:
        why = f"you wrote on {say_day(last)}, and at this stage {ceiling} days without an answer are left between two"
    return Allowance(last + timedelta(days=max(ceiling, pause)), why)


def find_allowed_days(
    stage: NDArray[np.int64], count: NDArray[np.int64], last_on: NDArray[np.int64], rules: GuardRules = GUARD
) -> NDArray[np.int64]:
    """`check_outbound` for many at once: proleptic ordinals of the first allowed day, 0 where it is now.

    `last_on` holds ordinals of the last unanswered outbound day (any value where `count` is 0); one entry a person.
    """
    ceiling = np.zeros(max(7, *rules.ceiling_days) + 1, dtype=np.int64)
    for name, days in rules.ceiling_days.items():
        ceiling[name] = days
    pause = np.where(count >= rules.most_unanswered, rules.pause_days, 0)
    wait = np.where(count > 0, np.maximum(ceiling[stage], pause), 0)
    return np.where(wait > 0, last_on + wait, 0)


def quiet_note(stage: int, unanswered: Unanswered, day: date, rules: GuardRules = GUARD) -> str:
    """What is said when a touch past the ceiling is logged by hand; "" where there is nothing to say."""
    allowance = check_outbound(stage, unanswered, rules)
    if allowance.allows(day):
        return ""
    return f"{allowance.why[:1].upper()}{allowance.why[1:]}; it may be kind to wait for their answer now."

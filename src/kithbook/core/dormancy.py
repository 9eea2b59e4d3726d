"""When a tie will have faded: the day its warmth falls below a limit if neither side does anything (method §§1, 8)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kithbook.core.tiestate import States
from kithbook.core.warmth import curve

Floats = NDArray[np.float64]
COLD, DORMANT = 0.25, 0.1
"""Below the first a tie is cold, below the second dormant (method §1)."""
AHEAD_DAYS = 5 * 365
NEVER = -1
HOLDS = "This tie holds for years, even if neither of you writes."


def days_until_below(
    states: States,
    below: float,
    *,
    now: int,
    horizon_days: Floats,
    level: Floats,
    slow: NDArray[np.bool_],
    rating: Floats,
) -> NDArray[np.int64]:
    """After how many whole days from `now` (epoch seconds) the warmth is below a limit, shape (n,).

    0 where it is already, `NEVER` (-1) where it is not within five years. Warmth never rises with silence, so the day
    is found by halving: eleven looks at the curve.
    """

    def is_below(days: NDArray[np.int64]) -> NDArray[np.bool_]:
        # One more length of silence for each tie: a row of the curve holds its own.
        found = curve(
            states, now=now, taus_days=days[np.newaxis, :].astype(np.float64), horizon_days=horizon_days, level=level,
            slow=slow, rating=rating,
        )  # fmt: skip
        return np.asarray(found[:, 0] < below, dtype=np.bool_)

    low = np.full(len(states), -1, dtype=np.int64)
    high = np.full(len(states), AHEAD_DAYS, dtype=np.int64)
    reached = is_below(high)
    while np.any(high - low > 1):
        middle = (low + high) // 2
        fallen = is_below(middle)
        high = np.where(fallen, middle, high)
        low = np.where(fallen, low, middle)
    return np.where(reached, high, NEVER)


def describe_fall(name: str, state: str, cold_on: str, dormant_on: str) -> str:
    """What happens if nobody does anything, in words; days are "" where they lie more than five years ahead."""
    if state == "dormant":
        return f"This tie is asleep: nothing comes of it for {name} or for you until one of you writes."
    asleep = f"falls asleep about {dormant_on}" if dormant_on else ""
    if state == "cold":
        return f"If neither of you writes, it {asleep}; both of you lose it." if asleep else HOLDS
    if not cold_on:
        return HOLDS
    then = f" and {asleep}" if asleep else ""
    return f"If neither of you writes, it turns cold about {cold_on}{then}; both of you lose it."

"""What an answered touch buys, in warm-days: the index of method §10, and the same with a price on later touches.

`gain_of_cycle` is ∫₀^τ R(u)du − τ·R(τ): exact where an answered contact brings a tie back to the start of its curve,
answers do not depend on silence, and later touches are bought at the same price. It is Whittle's index of that
process (P. Whittle, "Restless bandits", J. Appl. Prob. 25A, 1988).

`gain_at_price` solves the tie's own small decision problem by dynamic programming instead: warmth earns, a touch costs
its price and is answered with a chance that falls with silence, and exchanges that come by themselves count. Its value
lies between the index (touches are cheap) and the bare area between "contact now" and "no contact" (there will be no
later touch). R. Howard, "Dynamic Programming and Markov Processes", 1960, for the policy iteration.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GRID_DAYS: Floats = np.array(
    [0, 7, 14, 21, 28, 42, 56, 84, 112, 168, 224, 336, 448, 672, 896, 1344], dtype=np.float64
)  # fmt: skip
"""Days of silence at which curves are given; at most weeks apart where they are steep."""

LOOK_AHEAD_DAYS = 730.0
"""What lies so far ahead counts 1/e as much as today."""

MOST_ROUNDS = 8
WEEK_DAYS = 7.0


class Curves(NamedTuple):
    """Per tie (row) on `GRID_DAYS` (columns): warmth R after a contact now, chance of an answer after so much silence.

    `horizon_days` is what warmth is the chance of an exchange within.
    """

    warmth: Floats
    reply: Floats
    horizon_days: float


def gain_of_cycle(warmth: Floats, silence_days: Floats) -> Floats:
    """∫₀^τ R(u)du − τ·R(τ) per tie, from curves on `GRID_DAYS` and the days τ of silence; never below 0."""
    steps = np.diff(GRID_DAYS) * (warmth[:, 1:] + warmth[:, :-1]) / 2
    area = np.concatenate((np.zeros((len(warmth), 1)), np.cumsum(steps, axis=1)), axis=1)
    return np.maximum(0.0, read_curve(area - GRID_DAYS * warmth, silence_days))


def read_curve(values: Floats, days: Floats) -> Floats:
    """Each tie's curve at its own day, by straight lines; beyond the grid its last value."""
    days = np.clip(days, 0.0, GRID_DAYS[-1])
    left = np.clip(np.searchsorted(GRID_DAYS, days, side="right") - 1, 0, len(GRID_DAYS) - 2)
    part = (days - GRID_DAYS[left]) / (GRID_DAYS[left + 1] - GRID_DAYS[left])
    rows = np.arange(len(days))
    return np.asarray(values[rows, left] * (1 - part) + values[rows, left + 1] * part)


def gain_at_price(curves: Curves, price: Floats, place_days: Floats) -> Floats:
    """What an answered touch is worth per tie in warm-days, against a week's wait, if later touches cost `price`.

    `price` in warm-days is what the least of this week's touches gains, divided by the value of the tie; `place_days`
    where on its curve the tie stands (its silence, where a contact wipes out the past).
    """
    steps = _steps(curves)
    fresh = np.zeros(len(price))
    best = np.zeros_like(curves.warmth)
    for _ in range(MOST_ROUNDS):
        best, better = _improve(curves, price, steps, fresh)
        if np.allclose(better, fresh, rtol=1e-6):
            break
        fresh = better
    now = read_curve(curves.warmth, place_days)
    spontaneous = 1 - (1 - np.clip(now, 0.0, 0.999)) ** (WEEK_DAYS / curves.horizon_days)
    later = spontaneous * fresh + (1 - spontaneous) * read_curve(best, place_days + WEEK_DAYS)
    keep = np.exp(-WEEK_DAYS / LOOK_AHEAD_DAYS)
    return np.asarray(np.maximum(0.0, fresh - (now * LOOK_AHEAD_DAYS * (1 - keep) + keep * later)))


def _steps(curves: Curves) -> tuple[Floats, Floats, Floats]:
    """Warm-days of each step of the grid, chance of an exchange by itself in it, and what is left of its weight."""
    warmth = curves.warmth
    mean = np.concatenate(((warmth[:, 1:] + warmth[:, :-1]) / 2, warmth[:, -1:]), axis=1)
    length = np.append(np.diff(GRID_DAYS), GRID_DAYS[-1])
    keep = np.exp(-length / LOOK_AHEAD_DAYS)
    spontaneous = 1 - (1 - np.clip(mean, 0.0, 0.999)) ** (length / curves.horizon_days)
    return mean * LOOK_AHEAD_DAYS * (1 - keep), spontaneous, keep


def _improve(
    curves: Curves, price: Floats, steps: tuple[Floats, Floats, Floats], fresh: Floats
) -> tuple[Floats, Floats]:
    """One round of policy iteration: the value of each step, and the better value of a fresh tie.

    Backwards over the grid the value of a state is written as a + b·(value of a fresh tie); at day 0 that equation is
    solved for the fresh tie itself.
    """
    rewards, spontaneous, keep = steps
    best = np.empty_like(rewards)
    a, b = rewards[:, -1] / (1 - keep[-1]), np.zeros(len(price))
    for k in range(rewards.shape[1] - 1, -1, -1):
        stay = 1 - spontaneous[:, k]
        a, b = rewards[:, k] + keep[k] * stay * a, keep[k] * (spontaneous[:, k] + stay * b)
        if k:
            reply = curves.reply[:, k]
            touch = reply * (fresh - a - b * fresh) > price
            a, b = np.where(touch, (1 - reply) * a - price, a), np.where(touch, reply + (1 - reply) * b, b)
        best[:, k] = a + b * fresh
    return best, a / (1 - b)

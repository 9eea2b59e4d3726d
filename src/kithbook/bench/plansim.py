"""Two years of weeks in a made world, one way of spending the time at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kithbook.bench.planadvice import Advice
from kithbook.bench.planknow import Knowledge
from kithbook.bench.planpolicies import CADENCE_DAYS, Policy, Turn
from kithbook.bench.planworlds import (
    WEEK_DAYS,
    Floats,
    Log,
    MakeWorld,
    Mistake,
    Patience,
    Rows,
    Village,
    fade_if,
    live,
    scale_answers,
)

WEEKS = 104
WARM_UP = 26
"""Weeks that are not counted: every policy starts from the same state."""
NEEDED_NONE = 0.7
"""A touch to a tie that was warmer than this by itself is counted as wasted."""
ALIVE = 0.5


class Outcome(NamedTuple):
    """What a policy reached.

    `warmth` value-weighted mean over time, of each owner in `each`, who weigh alike; `alive` share of ties at the end
    with warmth ≥ ½;
    `wasted` share of touches to ties that needed none; `answered` share of touches; `touches` per tie and year;
    `proven` share of weekly plans proven best (1 where there was nothing to prove).
    """

    warmth: float
    alive: float
    wasted: float
    answered: float
    touches: float
    proven: float
    each: list[float]


def simulate(
    village: Village,
    make_world: MakeWorld,
    mistake: Mistake,
    policy: Policy,
    *,
    per_tie_and_year: float,
    seed: int,
    weeks: int = WEEKS,
    made_up: bool = False,
) -> Outcome:
    """Run one policy; a `made_up` village lives first.

    All policies meet the same luck: chances are drawn per tie and week before anything is decided.
    """
    village = scale_answers(village, mistake)
    begun = np.random.default_rng((seed, 1))
    village, world = (
        live(village, make_world, mistake, begun) if made_up else (village, make_world(village, mistake, begun))
    )
    log, advice, informed = Log(village), Advice(village), Knowledge(village, world, mistake)
    luck, own_rng = np.random.default_rng((seed, 2)), np.random.default_rng((seed, 3))
    purse = np.zeros(len(np.bincount(village.owner)))
    weekly = per_tie_and_year * np.bincount(village.owner) * WEEK_DAYS / 365
    interval = np.array([CADENCE_DAYS[v] for v in village.value.tolist()])
    usual = _usual_gaps(village)
    tally, patience = _Tally(village), Patience(len(village), mistake.patience)
    for week in range(weeks):
        own, answer, wake, fall = luck.random((4, len(village)))
        purse += weekly
        touches = np.floor(purse).astype(np.int64)
        purse -= touches
        turn = Turn(village, log, advice, touches, own_rng, interval, usual, informed, week, tally.proven)
        rows = policy(turn)
        warmth = world.warmth(log)
        answered = answer[rows] < (village.answers * fade_if(mistake, log) * patience.left())[rows]
        tally.count(warmth, rows, answered)
        advice.learn(log, rows, answered)
        patience.note(rows, answered)
        log.touch(rows)
        for happened, worth in ((rows[answered], mistake.worth), (np.flatnonzero(own < world.weekly(log)), 1.0)):
            world.note(happened, worth, wake)
            log.add(happened, worth)
            advice.exchange(log, happened)
        world.advance(fall)
        patience.advance()
        log.now += WEEK_DAYS
    return tally.outcome(world.warmth(log))


def _usual_gaps(village: Village) -> Floats:
    """Mean days between the exchanges of the log, at least a week; 90 where there was only one."""
    known = np.isfinite(village.ages)
    count = known.sum(axis=1)
    span = np.where(known, village.ages, 0).max(axis=1) - village.ages.min(axis=1)
    return np.where(count > 1, np.maximum(span / np.maximum(count - 1, 1), WEEK_DAYS), 90.0)


class _Tally:
    """Sums over weeks."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.proven: list[bool] = []
        self.warmth: Floats = np.zeros(len(village))
        self.weeks = self.touches = self.wasted = self.answered = 0

    def count(self, warmth: Floats, rows: Rows, answered: np.ndarray) -> None:
        """One week, seen before its touches."""
        self.weeks += 1
        self.touches += len(rows)
        self.wasted += int((warmth[rows] >= NEEDED_NONE).sum())
        self.answered += int(answered.sum())
        if self.weeks > WARM_UP:
            self.warmth += warmth

    def outcome(self, last: Floats) -> Outcome:
        """The means, each owner weighing alike."""
        village, value = self.village, self.village.value
        mean = self.warmth / (self.weeks - WARM_UP)
        by_owner = np.bincount(village.owner, value * mean) / np.bincount(village.owner, value)
        years = self.weeks * WEEK_DAYS / 365
        return Outcome(
            float(by_owner.mean()),
            float((last >= ALIVE).mean()),
            self.wasted / max(self.touches, 1),
            self.answered / max(self.touches, 1),
            self.touches / len(village) / years,
            float(np.mean(self.proven)) if self.proven else 1.0,
            by_owner.tolist(),
        )

"""Ways to decide whom to write to: rules of thumb, the plain index, and Kithbook's planner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from kithbook.bench.planadvice import Advice
from kithbook.bench.planknow import Knowledge
from kithbook.bench.planworlds import Floats, Log, Rows, Village
from kithbook.core.needy import find_allowed_days
from kithbook.core.planning import Rules, plan_week
from kithbook.core.plantable import CHANNEL_CODES, make_table

TOUCH_MINUTES = 7
START = date(2026, 1, 5)
STAGE_OF_VALUE = {1.0: 2, 2.0: 3, 4.0: 4}
CADENCE_DAYS = {1.0: 365.0, 2.0: 90.0, 4.0: 30.0}


@dataclass(frozen=True, slots=True)
class Turn:
    """One week's decision: the log, the advice, this week's touches per owner, and a generator."""

    village: Village
    log: Log
    advice: Advice
    touches: Rows
    rng: np.random.Generator
    interval: Floats
    usual_gap: Floats
    informed: Knowledge | None = None
    week: int = 0
    proven: list[bool] = field(default_factory=list)


Policy = Callable[[Turn], Rows]


def best_per_owner(turn: Turn, worth: Floats) -> Rows:
    """The rows with the most worth, as many per owner as this week has touches."""
    order = np.lexsort((-worth, turn.village.owner))
    starts = np.searchsorted(turn.village.owner[order], np.arange(len(turn.touches)))
    ends = np.searchsorted(turn.village.owner[order], np.arange(len(turn.touches)), side="right")
    picks = [order[s : min(e, s + k)] for s, e, k in zip(starts, ends, turn.touches, strict=True)]
    return np.concatenate(picks)


def by_cadence(turn: Turn) -> Rows:
    """Fixed cadence: 30, 90 or 365 days by value; the reminders are worked off in the order of their due dates."""
    return best_per_owner(turn, turn.log.quiet - turn.interval)


def by_cadence_share(turn: Turn) -> Rows:
    """The same cadence, but whoever is furthest through their interval first: a stronger rule than reminders."""
    return best_per_owner(turn, turn.log.quiet / turn.interval)


def by_cadence_guarded(turn: Turn) -> Rows:
    """Fixed cadence under the needy guard that Kithbook keeps as well."""
    return _best_free(turn, turn.log.quiet - turn.interval, _is_free(turn))


def _is_free(turn: Turn) -> NDArray[np.bool_]:
    """Who may be written to by Friday under the needy guard."""
    return earliest_days(turn) <= start_of(turn).toordinal() + 4


def _best_free(turn: Turn, worth: Floats, free: NDArray[np.bool_]) -> Rows:
    rows = best_per_owner(turn, np.where(free, worth, -np.inf))
    return rows[free[rows]]


def start_of(turn: Turn) -> date:
    """The Monday of the week."""
    return START + timedelta(weeks=turn.week)


def stages_of(village: Village) -> Rows:
    """Stages by value: Know, Like, Trust."""
    return np.array([STAGE_OF_VALUE[v] for v in village.value.tolist()])


def earliest_days(turn: Turn) -> Rows:
    """The first day (ordinal) on which the needy guard lets each tie be written to; 0: any day."""
    log = turn.log
    ago = np.where(np.isfinite(log.touched), log.touched - log.now, 0).astype(np.int64)
    return find_allowed_days(stages_of(turn.village), log.unanswered, start_of(turn).toordinal() + ago)


def by_overdue(turn: Turn) -> Rows:
    """Most overdue first: silence against the tie's own usual gap, as reminder apps do."""
    return best_per_owner(turn, turn.log.quiet / turn.usual_gap)


def by_cold(turn: Turn) -> Rows:
    """Coldest first."""
    return best_per_owner(turn, -turn.advice.warmth(turn.log))


def by_stale(turn: Turn) -> Rows:
    """Longest silent first."""
    return best_per_owner(turn, turn.log.quiet)


def by_chance(turn: Turn) -> Rows:
    """Anybody."""
    return best_per_owner(turn, turn.rng.random(len(turn.village)))


def by_cycle(turn: Turn) -> Rows:
    """The bare index of method §10 per minute, by the owner's answers alone: what Kithbook's gain started from."""
    log, advice = turn.log, turn.advice
    return best_per_owner(turn, turn.village.value * advice.cycle_gain(log) * advice.owner_reply(log))


def by_index(turn: Turn) -> Rows:
    """Kithbook's value · chance of an answer · gain per minute, without guard and floors."""
    return best_per_owner(turn, turn.village.value * turn.advice.gain(turn.log) * turn.advice.reply(turn.log))


def by_index_guarded(turn: Turn) -> Rows:
    """The same under the needy guard, without floors: what the floors of the plan cost is the rest to Kithbook."""
    worth = turn.village.value * turn.advice.gain(turn.log) * turn.advice.reply(turn.log)
    return _best_free(turn, worth, _is_free(turn))


def by_knowledge(turn: Turn) -> Rows:
    """What could be bought by knowing the truth of the world, free of the guard; nobody has that."""
    return _by_knowledge(turn, np.ones(len(turn.village), dtype=np.bool_))


def by_knowledge_guarded(turn: Turn) -> Rows:
    """The same under the needy guard."""
    return _by_knowledge(turn, _is_free(turn))


def _by_knowledge(turn: Turn, free: NDArray[np.bool_]) -> Rows:
    known = turn.informed
    if known is None:
        raise ValueError("perfect knowledge needs a world")
    worth = known.worth(turn.log)
    rows = _best_free(turn, worth, free)
    known.learn_price(worth, rows, turn.touches)
    return rows


def by_plan(turn: Turn) -> Rows:
    """Kithbook: the plain index through `plan_week`, with needy guard, band floors, days and one touch a person."""
    village, log, advice = turn.village, turn.log, turn.advice
    week_of, stage, earliest = start_of(turn), stages_of(village), earliest_days(turn)
    gain, reply = advice.gain(log), advice.reply(log)
    picks: list[int] = []
    for owner in np.flatnonzero(turn.touches).tolist():
        own = np.flatnonzero(village.owner == owner)
        table = make_table(
            own, stage[own], np.full(len(own), CHANNEL_CODES["email"]), value=village.value[own], gain=gain[own],
            reply=reply[own], earliest=earliest[own],
        )  # fmt: skip
        touches = int(turn.touches[owner])
        minutes = touches * TOUCH_MINUTES
        week = plan_week(
            table, [], Rules(minutes=minutes, per_day_minutes=(minutes,) * 5 + (0, 0), max_touches=touches), week_of
        )
        turn.proven.append(week.proven_optimal)
        picks.extend(t.person_id for t in week.touches)
    return np.array(picks, dtype=np.int64)


def by_nothing(_turn: Turn) -> Rows:
    """Nobody: what is warm by itself."""
    return np.zeros(0, dtype=np.int64)


POLICIES: dict[str, Policy] = {
    "nothing": by_nothing,
    "fixed cadence": by_cadence,
    "cadence by share": by_cadence_share,
    "cadence, guarded": by_cadence_guarded,
    "most overdue": by_overdue,
    "coldest first": by_cold,
    "stalest first": by_stale,
    "random": by_chance,
    "bare cycle index": by_cycle,
    "plain index": by_index,
    "index, guarded": by_index_guarded,
    "perfect knowledge": by_knowledge,
    "perfect, guarded": by_knowledge_guarded,
    "kithbook": by_plan,
}

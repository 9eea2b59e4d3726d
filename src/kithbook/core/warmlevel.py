"""The owner's level: how much more, or less, goes on in this log than activation alone expects.

It is one number in log-odds for an owner and a horizon, the same for all ties: it calibrates, it hardly ranks. Counted
by looking back: what did the ties do in the horizons that ended now, one and two horizons ago, against what their
activation said then? Compute it at import and once a day; between, the last value is good.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .params.warmth import PARAMETERS
from .tiefeatures import Floats, activation, silence_days
from .tierow import Ints, light
from .tiestate import Log, States, replay_many
from .warmth import sigmoid

LAGS: Final = (1.0, 2.0, 3.0)
"""How many horizons ago the looks back begin."""
LAG_SHARES: Final = (0.6, 0.25, 0.15)
"""What each look back counts for."""
OFFSET: Final = -1.0
"""What is expected: σ(activation + OFFSET)."""
PRIOR: Final = 1.0
"""Ties added to hits and to what was expected, so that a few ties say little."""
LOG_DAYS: Final = 1000.0
"""Age of a log whose age adds nothing."""

LEVEL_WEIGHTS: Final[Floats] = np.array(PARAMETERS["level"])


class LevelCounts(NamedTuple):
    """What levels are computed from, for one horizon; one row per owner.

    `hits` and `expected` (owners, lags): ties with contact in the horizon that began one, two, three horizons ago, and
    how many activation alone expected; `log_days` (owners,): age of the log.
    """

    hits: Floats
    expected: Floats
    log_days: Floats


def count_level(
    log: Log, n: int, *, now: int, horizon_days: float, owner: NDArray[np.integer] | None = None, owners: int = 1
) -> LevelCounts:
    """Look back from `now` (epoch seconds) over the log of n ties.

    `owner` says whose tie each of the n is (0 … owners−1), all the same owner's by default. Only ties `in_sight` count.
    """
    whose = np.zeros(n, np.int64) if owner is None else np.asarray(owner, np.int64)
    hits, expected = np.zeros((owners, len(LAGS))), np.zeros((owners, len(LAGS)))
    at, tie, window = np.asarray(log.at), np.asarray(log.tie_index), int(horizon_days * 86_400)
    counts = np.asarray(log.counts, bool) & ~light(log.channel_code, np.asarray(log.size))
    for k, lag in enumerate(LAGS):
        then = now - int(lag * window)
        states = replay_many(*log, n, until_at=then)
        seen = np.zeros(n, bool)
        seen[tie[counts & (at > then) & (at <= then + window)]] = True
        scored = in_sight(states, then, horizon_days)
        past = states[scored]
        p = sigmoid(activation(past, silence_days(past, then), horizon_days) + OFFSET)
        hits[:, k] = np.bincount(whose[scored], seen[scored], owners)
        expected[:, k] = np.bincount(whose[scored], p, owners)
    return LevelCounts(hits, expected, _log_days(at, whose[tie], counts & (at <= now), now, owners))


def in_sight(states: States, now: int, horizon_days: float) -> NDArray[np.bool_]:
    """Ties with at least two contact-days and at most max(365, 4 H) days of silence."""
    near: NDArray[np.bool_] = silence_days(states, now) <= max(365.0, 4 * horizon_days)
    return near & (states["days"] >= 2)


def _log_days(at: Ints, whose: Ints, counts: NDArray[np.bool_], now: int, owners: int) -> Floats:
    """Age of each owner's log in days, at least one."""
    first = np.full(owners, now, np.int64)
    np.minimum.at(first, whose[counts], at[counts])
    return np.asarray(np.maximum((now - first) / 86_400.0, 1.0))


def level_terms(counts: LevelCounts) -> Floats:
    """The two parts of the level, shape (owners, 2): mean of ln((hits + 1)/(expected + 1)), and −ln(log age/1000 d).

    The second goes with the span of each tie: together they say for what share of the log the tie has lasted.
    """
    ratio = np.log((counts.hits + PRIOR) / (counts.expected + PRIOR))
    return np.column_stack([ratio @ np.array(LAG_SHARES), -np.log(counts.log_days / LOG_DAYS)])


def levels(counts: LevelCounts) -> Floats:
    """The level of each owner in log-odds: the fitted weights on `level_terms`."""
    return np.asarray(level_terms(counts) @ LEVEL_WEIGHTS)


def owner_level(log: Log, n: int, *, now: int, horizon_days: float) -> float:
    """The level of the one owner of a log of n ties; 0 for a log without contact before `now`."""
    at = np.asarray(log.at)
    if not bool((np.asarray(log.counts, bool) & (at <= now)).any()):
        return 0.0
    return float(levels(count_level(log, n, now=now, horizon_days=horizon_days))[0])

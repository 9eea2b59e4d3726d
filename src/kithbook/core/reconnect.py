"""Dormant but strong ties: once close, silent for years, offered two a month and never nagged about (method §8).

Rank = trust × willingness × novelty, each 0 to 1:
    trust = 1 − 1/(1 + two-way exchanges/10), at least 0.6 from Support up; willingness = share of exchanges they began
    or answered, smoothed to a half; novelty = 1 − 2^(−silence in years/4): the longer apart, the more there is to tell.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kithbook.core.tiestate import States

DORMANT_YEARS = 3
A_MONTH = 2
SUPPORT = 5
STRONG_TWO_WAY = 3
_YEAR = 365.25 * 86_400


def is_long_silent(states: States, now: int) -> NDArray[np.bool_]:
    """Whose last exchange is three years ago or more; all arrays have length n, `now` is epoch seconds."""
    return np.asarray((states["days"] > 0) & (now - states["last_at"] >= DORMANT_YEARS * _YEAR), dtype=np.bool_)


def rank(states: States, stage: NDArray[np.int64], liking: NDArray[np.float64], now: int) -> NDArray[np.float64]:
    """How much each dormant tie is worth reviving, 0 to 1; 0 for ties that are not dormant or never were strong."""
    two_way = states["two_way"].astype(np.float64)
    trust = 1 - 1 / (1 + two_way / 10)
    trust = np.where(stage >= SUPPORT, np.maximum(trust, 0.6), trust)
    theirs = states["count_in"] + states["count_both"] + 1.0
    willing = theirs / (theirs + states["count_out"] + 1.0)
    novelty = 1 - 2.0 ** (-(now - states["last_at"]) / _YEAR / 4)
    strong = (two_way >= STRONG_TWO_WAY) | (stage >= SUPPORT)
    liked = np.where(np.isnan(liking), 3.0, liking) / 5
    return np.asarray(np.where(is_long_silent(states, now) & strong, trust * willing * novelty * liked, 0.0))

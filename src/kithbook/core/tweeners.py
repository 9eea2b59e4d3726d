"""Tweeners: people in between who slip through the cracks (method §8). The word is Thom Singer's.

Not close (below Support), not a key person, not new (known for more than 60 days), at least two interactions, liked or
respected (3 of 5 or more, or unrated), last two-way exchange older than 90 days or than twice its own mean gap; also
those dropped after two to four interactions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kithbook.core.tiestate import States

SUPPORT = 5
NEW_DAYS, QUIET_DAYS = 60, 90
LEAST_LIKING = 3
DROPPED = (2, 4)
_DAY = 86_400


def find_tweeners(
    states: States, stage: NDArray[np.int64], key: NDArray[np.bool_], liking: NDArray[np.float64], now: int
) -> NDArray[np.bool_]:
    """Who is a tweener at `now` (epoch seconds); all arrays have length n."""
    today = now // _DAY
    contacts = states["count_in"] + states["count_out"] + states["count_both"]
    in_between = (stage < SUPPORT) & ~key & (contacts >= DROPPED[0]) & (today - states["first_day"] > NEW_DAYS)
    liked = np.isnan(liking) | (liking >= LEAST_LIKING)
    return np.asarray(in_between & liked & _is_quiet(states, now), dtype=np.bool_)


def _is_quiet(states: States, now: int) -> NDArray[np.bool_]:
    """Silent for 90 days, or for twice the usual gap where the two exchange more often than that."""
    two_way = states["last_two_way_at"]
    since = (now - np.where(two_way > 0, two_way, states["last_at"])) / _DAY
    gaps = np.maximum(states["days"] - 1, 1)
    mean_gap = (states["last_day"] - states["first_day"]) / gaps
    frequent = (states["days"] > DROPPED[1]) & (mean_gap > 0)
    quiet = (since > QUIET_DAYS) | (frequent & (since > np.maximum(2 * mean_gap, 14)))
    return np.asarray(quiet, dtype=np.bool_)

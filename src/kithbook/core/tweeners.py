"""Tweeners: people in between who slip through the cracks (method §8). The word is Thom Singer's.

Not close (below Support), no current client, prospect or key person, not new (known for more than 60 days), at least
two interactions, liked or respected (3 of 5 or more, or unrated), last two-way exchange older than 90 days or than
twice the mean gap of the two. Those who were dropped after two to four interactions are flagged among them.

Two refinements: a mean gap wants contact on two different days, and nobody is missed before two weeks are over,
however lively the exchange was. docs/explanation/tweeners.md has the table.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kithbook.core.tiestate import States

SUPPORT = 5
NEW_DAYS, QUIET_DAYS = 60, 90
GAPS_MISSED, LEAST_QUIET_DAYS = 2, 14
LEAST_LIKING = 3
LEAST_INTERACTIONS = 2
DROPPED = (2, 4)
KEY_ROLES = frozenset(("client", "customer", "prospect", "key person", "key account"))
"""What a person is to the owner (a role of theirs) that makes them somebody one keeps up with anyway."""
_DAY = 86_400


def is_key_role(role: str) -> bool:
    """Whether a role marks a client, a prospect or a key person."""
    return " ".join(role.casefold().split()) in KEY_ROLES


def find_tweeners(
    states: States, stage: NDArray[np.int64], key: NDArray[np.bool_], liking: NDArray[np.float64], now: int
) -> NDArray[np.bool_]:
    """Who is a tweener at `now` (epoch seconds); `key` marks key people, clients, prospects; arrays have length n."""
    today = now // _DAY
    known = today - states["first_day"] > NEW_DAYS
    in_between = (stage < SUPPORT) & ~key & (interactions(states) >= LEAST_INTERACTIONS) & known
    liked = np.isnan(liking) | (liking >= LEAST_LIKING)
    return np.asarray(in_between & liked & (silent_days(states, now) > quiet_after_days(states)), dtype=np.bool_)


def find_dropped(states: States, tweeners: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the tweeners were dropped after two to four interactions: nothing came of it at once."""
    count = interactions(states)
    return np.asarray(tweeners & (count >= DROPPED[0]) & (count <= DROPPED[1]), dtype=np.bool_)


def interactions(states: States) -> NDArray[np.int64]:
    """How many interactions that count each tie has had."""
    total = states["count_in"] + states["count_out"] + states["count_both"]
    return np.asarray(total, dtype=np.int64)


def silent_days(states: States, now: int) -> NDArray[np.float64]:
    """Days since the last two-way exchange, or since the last exchange of any kind where there was no two-way one."""
    two_way = states["last_two_way_at"]
    return np.asarray((now - np.where(two_way > 0, two_way, states["last_at"])) / _DAY, dtype=np.float64)


def mean_gap_days(states: States) -> NDArray[np.float64]:
    """The mean gap between days of contact, NaN where there were fewer than two such days."""
    span = (states["last_day"] - states["first_day"]).astype(np.float64)
    return np.where(states["days"] >= 2, span / np.maximum(states["days"] - 1, 1), np.nan)


def quiet_after_days(states: States) -> NDArray[np.float64]:
    """After how many days of silence somebody slips away: 90, or twice their mean gap where that is sooner."""
    twice = np.maximum(GAPS_MISSED * mean_gap_days(states), LEAST_QUIET_DAYS)
    return np.asarray(np.fmin(twice, float(QUIET_DAYS)), dtype=np.float64)

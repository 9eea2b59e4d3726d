"""A rhythm of one's own for a tie: how many days the owner wants between two contacts (method §8: keep, lighten).

It is a wish, not a duty: nothing is overdue when it passes; before it, nothing is proposed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LIGHTER_DAYS = (180, 365)
"""What "lighten" proposes: half a year, and a year where it is half a year already (d)."""
SHORTEST_DAYS, LONGEST_DAYS = 7, 3650


def lighter(days: int | None) -> int:
    """The next longer rhythm after `days` (None: no own rhythm yet)."""
    return next((step for step in LIGHTER_DAYS if days is None or step > days), max(days or 0, LIGHTER_DAYS[-1]))


def earliest_days(last_day: NDArray[np.int64], rhythm: NDArray[np.int64], met: NDArray[np.bool_]) -> NDArray[np.int64]:
    """From which day on each tie may be proposed again: `last_day` + `rhythm`, 0 (any day) without rhythm or contact.

    Days are day numbers of any one calendar; `rhythm` is 0 where the owner set none. Shape (n,).
    """
    return np.asarray(np.where((rhythm > 0) & met, last_day + rhythm, 0), dtype=np.int64)

"""v, the value of a tie to its owner (method §10): importance, liking, promotion, objectives, bridges.

    v = stage value × (0.4 + 0.2 · importance) × (0.55 + 0.15 · liking) × 1.2 [key] × 1.3 [bridge] + 0.5 [objective]

Unrated importance and liking count as 3. The numbers are judgement (d), the shape is the method's: no part can take
a tie to zero, so that nobody is excluded, and objectives add rather than multiply, so that liking still counts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STAGE_VALUES = np.array([0.0, 0.5, 0.8, 1.2, 1.3, 1.0, 1.0, 1.0])
"""By stage 1 to 7: Like and Trust can still rise, which is worth more than keeping what stands firm."""
UNRATED = 3.0
OBJECTIVE_VALUE = 0.5


def tie_values(
    stage: NDArray[np.int64],
    importance: NDArray[np.float64],
    liking: NDArray[np.float64],
    key: NDArray[np.bool_],
    bridge: NDArray[np.bool_],
    in_objective: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """V of each tie; all arrays have length n, ratings are 1 to 5 or NaN where unrated."""
    weighed = 0.4 + 0.2 * np.where(np.isnan(importance), UNRATED, importance)
    liked = 0.55 + 0.15 * np.where(np.isnan(liking), UNRATED, liking)
    value = STAGE_VALUES[stage] * weighed * liked * np.where(key, 1.2, 1.0) * np.where(bridge, 1.3, 1.0)
    return np.asarray(value + OBJECTIVE_VALUE * in_objective, dtype=np.float64)

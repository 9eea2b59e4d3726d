"""What a touch gains where ties do not simply start anew: the gain and the chance of an answer that the plan uses.

gain = √(cycle · added), in warm-days. `cycle` is the index of method §10 (`warmth.gain`), right where a contact wipes
out the past; `added` is what the touch leaves over the next half-year against no touch, right where the past adds up.
A touch must do well by both. Measured in docs/explanation/plan.md.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from . import warmth
from .tiefeatures import Floats
from .tiestate import States

AHEAD_DAYS: Final = 180.0
"""What a touch adds is looked at for half a year."""
OWN_WEIGHT: Final = 4.0
"""What was expected of a tie counts as much as this many messages to it."""
_DAY: Final = 86_400.0
_STEPS: Final = np.linspace(0.0, 1.0, 5) ** 2
_SIMPSON: Final = np.array([1, 4, 2, 4, 1]) / 12.0 * 2.0 * np.sqrt(_STEPS)


def unheard_days(states: States, now: int) -> Floats:
    """Days since anything last came from them, at most five years; own messages since then end no silence.

    Where nothing ever came it is the days since the last contact.
    """
    heard_at = np.where(states["last_in_at"] != 0, states["last_in_at"], states["last_at"])
    return np.asarray(np.clip((now - heard_at) / _DAY, 0.0, warmth.LONGEST_TAU_DAYS))


def added_warmth(
    states: States,
    *,
    now: int,
    horizon_days: float | Floats,
    channel: str,
    level: float | Floats = 0.0,
    slow: NDArray[np.bool_] | None = None,
) -> Floats:
    """∫ of the warmth with an answered touch now minus the warmth without, over the next half-year, in warm-days (n,).

    Simpson's rule on four steps, finer near the touch; arguments as for `warmth.gain`.
    """
    taus = AHEAD_DAYS * _STEPS
    with_touch, without = (
        warmth.curve(some, now=now, taus_days=taus, horizon_days=horizon_days, level=level, slow=slow)
        for some in (warmth.after_touch(states, now=now, channel=channel), states)
    )
    return np.asarray(np.maximum((with_touch - without) @ _SIMPSON * AHEAD_DAYS, 0.0))


def touch_gain(
    states: States,
    *,
    now: int,
    horizon_days: float | Floats,
    channel: str,
    level: float | Floats = 0.0,
    slow: NDArray[np.bool_] | None = None,
) -> Floats:
    """√(cycle · added) of a touch on that channel answered now, in warm-days (n,); 0 just after they were heard.

    The cycle is as long as nothing came from them: an own message without an answer does not end their silence.
    """
    cycle = warmth.gain(
        states, now=now, horizon_days=horizon_days, channel=channel, tau_days=unheard_days(states, now), level=level,
        slow=slow,
    )  # fmt: skip
    added = added_warmth(states, now=now, horizon_days=horizon_days, channel=channel, level=level, slow=slow)
    return np.asarray(np.sqrt(cycle * added))


def own_reply(expected: Floats, unanswered: NDArray[np.integer]) -> Floats:
    """The chance of an answer after so many of my messages in a row without one: expected · 4 / (4 + unanswered).

    The mean of a Beta prior with the owner's rate, worth four messages, after that many that were not answered.
    """
    return np.asarray(expected * OWN_WEIGHT / (OWN_WEIGHT + unanswered))

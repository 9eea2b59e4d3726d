"""What a touch gains where ties do not simply start anew: the gain and the chance of an answer that the plan uses.

gain = cycle^¼ · added^¾, in warm-days. `cycle` is the index of method §10 (`warmth.gain`), right where a contact wipes
out the past; `added` is what the touch leaves over the next half-year against no touch, right where the past adds up.
A touch must do well by both. Measured in docs/explanation/plan.md.

A touch that you plan is a contact like others, so it raises the activation; but it says nothing about how often and how
evenly the two are in touch by themselves, so the other terms of warmth stay what they are without it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import warmth
from .tiefeatures import TERMS, Floats, activation, silence_days
from .tierow import CHANNEL_CODES, evidence_weights
from .tiestate import States

AHEAD_DAYS: Final = 180.0
"""What a touch adds is looked at for half a year."""
ADDED_SHARE: Final = 0.75
"""The exponent of `added` in the gain; that of `cycle` is the rest to 1."""
OWN_WEIGHT: Final = 4.0
"""What was expected of a tie counts as much as this many messages to it."""
OLDEST: Final = 0.01
"""Σ weight / (ago/H + 0.1) is taken to be at least this: whoever was last in touch a lifetime ago starts from here."""
_DAY: Final = 86_400.0
_STEPS: Final = np.linspace(0.0, 1.0, 5) ** 2
_SIMPSON: Final = np.array([1, 4, 2, 4, 1]) / 12.0 * 2.0 * np.sqrt(_STEPS)
_ACTIVATION: Final = TERMS.index("activation")


class Outlook(NamedTuple):
    """What becomes of ties without a touch, on five days of the next half-year; arrays are (n, 5).

    `warmth`; `past` = Σ weight / (ago/H + 0.1) of what was; `fresh` the same of one e-mail sent now.
    """

    warmth: Floats
    past: Floats
    fresh: Floats

    def part(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Outlook:
        """Some of the ties."""
        return Outlook(*(values[rows] for values in self))


def unheard_days(states: States, now: int) -> Floats:
    """Days since anything last came from them, at most five years; own messages since then end no silence.

    Where nothing ever came it is the days since the last contact.
    """
    heard_at = np.where(states["last_in_at"] != 0, states["last_in_at"], states["last_at"])
    return np.asarray(np.clip((now - heard_at) / _DAY, 0.0, warmth.LONGEST_TAU_DAYS))


def look_ahead(
    states: States,
    *,
    now: int,
    horizon_days: float | Floats,
    level: float | Floats = 0.0,
    slow: NDArray[np.bool_] | None = None,
    days: Floats = AHEAD_DAYS * _STEPS,
) -> Outlook:
    """What becomes of the ties without a touch; the same for all channels. Arguments as for `warmth.curve`."""
    start, nothing = silence_days(states, now), np.zeros(len(states))
    left = warmth.curve(states, now=now, taus_days=days, horizon_days=horizon_days, level=level, slow=slow)
    past = [activation(states, warmth.slowed(start + day, slow), horizon_days) for day in days]
    fresh = [1.0 / (warmth.slowed(nothing + day, slow) / horizon_days + 0.1) for day in days]
    return Outlook(left, np.maximum(np.exp(np.column_stack(past)), OLDEST), np.column_stack(fresh))


def touched_warmth(ahead: Outlook, channel: str) -> Floats:
    """The warmth on the same days (n, 5) with an answered touch on that channel now: only the activation rises."""
    weight = float(evidence_weights(np.array([CHANNEL_CODES[channel]]), np.array([np.nan]))[0])
    odds = (1.0 + weight * ahead.fresh / ahead.past) ** warmth.WEIGHTS[_ACTIVATION]
    return np.asarray(ahead.warmth * odds / (1.0 - ahead.warmth + ahead.warmth * odds))


def added_warmth(ahead: Outlook, channel: str) -> Floats:
    """∫ of the warmth with an answered touch now minus the warmth without, over the next half-year, in warm-days (n,).

    Simpson's rule on four steps, finer near the touch.
    """
    return np.asarray((touched_warmth(ahead, channel) - ahead.warmth) @ _SIMPSON * AHEAD_DAYS)


def touch_gain(
    states: States,
    *,
    now: int,
    horizon_days: float | Floats,
    channel: str,
    level: float | Floats = 0.0,
    slow: NDArray[np.bool_] | None = None,
    ahead: Outlook | None = None,
) -> Floats:
    """cycle^¼ · added^¾ of a touch on that channel answered now, in warm-days (n,); 0 just after they were heard.

    The cycle is as long as nothing came from them: an own message without an answer does not end their silence.
    `ahead` is `look_ahead` of the same ties, where it is known already.
    """
    cycle = warmth.gain(
        states, now=now, horizon_days=horizon_days, channel=channel, tau_days=unheard_days(states, now), level=level,
        slow=slow,
    )  # fmt: skip
    ahead = ahead or look_ahead(states, now=now, horizon_days=horizon_days, level=level, slow=slow)
    return np.asarray(cycle ** (1.0 - ADDED_SHARE) * added_warmth(ahead, channel) ** ADDED_SHARE)


def own_reply(expected: Floats, unanswered: NDArray[np.integer]) -> Floats:
    """The chance of an answer after so many of my messages in a row without one: expected · 4 / (4 + unanswered).

    The mean of a Beta prior with the owner's rate, worth four messages, after that many that were not answered.
    """
    return np.asarray(expected * OWN_WEIGHT / (OWN_WEIGHT + unanswered))

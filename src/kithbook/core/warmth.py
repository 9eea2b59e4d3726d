"""Warmth: the calibrated probability that the two exchange again within the horizon if nothing special is done.

log-odds = intercept + Σ weight · term (`tiefeatures`) + the owner's level; one shipped set of constants
(`params.warmth`), fitted offline by `fitting`, with weights ≥ 0 where a term depends on silence or horizon. So warmth
never rises with more silence and never falls with a longer horizon. docs/explanation/warmth.md has the worked example.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from .params.warmth import PARAMETERS
from .tiefeatures import TERMS, Floats, features, silence_days
from .tiestate import States, fold_many

WORDS: Final = ((0.5, "alive"), (0.25, "cooling"), (0.1, "cold"))
"""The least warmth of each word (method §1); below the last it is dormant."""

SLOW_FACTOR: Final = 1 / 3
"""Kin and ties at Support and above fade as if a third of the silence had passed."""
RATING_FLOOR: Final = ((3.0, 0.0), (4.0, 0.25), (5.0, 0.5))
"""The least warmth where the owner rates the tie: 4 of 5 never turns cold, 5 of 5 stays alive; linear in between."""

LONGEST_TAU_DAYS: Final = 5 * 365.0
"""Longer silences count as this one in `gain`."""

WEIGHTS: Final[Floats] = np.array([PARAMETERS["weights"][term] for term in TERMS])
INTERCEPT: Final[float] = PARAMETERS["intercept"]
MET_ONCE: Final[float] = PARAMETERS["met_once"]
NEVER: Final[float] = PARAMETERS["never_met"]
"""Warmth of a tie without any contact that counts."""


def sigmoid(log_odds: Floats) -> Floats:
    """1 / (1 + e^−x), safe for any finite x."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -500.0, 500.0))))


def state_word(p: float) -> str:
    """`alive`, `cooling`, `cold` or `dormant` (method §1)."""
    return next((word for least, word in WORDS if p >= least), "dormant")


def slowed(silence: Floats, slow: NDArray[np.bool_] | None) -> Floats:
    """The silence that counts, in days: a third of it where `slow` (kin, Support and above)."""
    return silence if slow is None else np.where(slow, silence * SLOW_FACTOR, silence)


def rating_floor(rating: Floats) -> Floats:
    """The least warmth that the owner's own rating of closeness (1…5, NaN unknown) allows."""
    known, least = zip(*RATING_FLOOR, strict=True)
    return np.where(np.isnan(rating), 0.0, np.interp(np.nan_to_num(rating), known, least))


def warmth(
    states: States,
    *,
    now: int,
    horizon_days: float | Floats,
    level: float | Floats = 0.0,
    slow: NDArray[np.bool_] | None = None,
    rating: Floats | None = None,
) -> Floats:
    """Probability in [0, 1] of a contact within the horizon, one per tie (n,).

    `now` is epoch seconds; `horizon_days` one for all or one per tie (a few different ones); `level` the owner's
    (`owner_level`), one for all or one per tie; `slow` marks kin and ties at Support and above; `rating` is the owner's
    own closeness 1…5, NaN where unknown.
    """
    silence = slowed(silence_days(states, now), slow)
    return _with_rating(_warmth_after(states, silence, horizon_days, level), rating)


def _with_rating(p: Floats, rating: Floats | None) -> Floats:
    return p if rating is None else np.maximum(p, rating_floor(np.asarray(rating, float)))


def _warmth_after(states: States, silence: Floats, horizon_days: float | Floats, level: float | Floats) -> Floats:
    """Warmth after that many days of silence since the last contact."""
    log_odds = features(states, silence, horizon_days) @ WEIGHTS
    log_odds += INTERCEPT + np.asarray(level, float) + MET_ONCE * (states["days"] == 1)
    p = sigmoid(log_odds)
    return np.where(states["days"] > 0, p, NEVER)


def curve(
    states: States,
    *,
    now: int,
    taus_days: Floats,
    horizon_days: float | Floats,
    level: float | Floats = 0.0,
    slow: NDArray[np.bool_] | None = None,
    rating: Floats | None = None,
) -> Floats:
    """R(τ): warmth after τ more days without contact, shape (n, len(taus_days)); never rising along τ."""
    start = silence_days(states, now)
    columns = [
        _with_rating(_warmth_after(states, slowed(start + tau, slow), horizon_days, level), rating)
        for tau in np.asarray(taus_days, float)
    ]
    return np.column_stack(columns) if columns else np.empty((len(states), 0))


def after_touch(states: States, *, now: int, channel: str, answered: bool = True) -> States:
    """The states as if I had got in touch on that channel at `now` (epoch seconds), with them answering at once.

    Without an answer only the run of unanswered days grows: an answer that never comes resets nothing.
    """
    if not answered:
        touched = states.copy()
        touched["unanswered"] += 1
        return touched
    at = np.maximum(states["last_at"], now)
    fresh = np.where(states["days"] > 0, states["last_day"], now // 86_400)
    day = np.maximum(fresh + np.floor((at - states["last_at"]) / 86_400).astype(np.int64), fresh)
    day = np.where(states["days"] > 0, day, now // 86_400)
    return fold_many(states, at=at, day=day, channel=channel)


def gain(
    states: States,
    *,
    now: int,
    horizon_days: float | Floats,
    channel: str,
    tau_days: Floats | None = None,
    level: float | Floats = 0.0,
    slow: NDArray[np.bool_] | None = None,
) -> Floats:
    """Warm days that a touch answered now wins: ∫₀^τ R(u)du − τ·R(τ), in days × probability (n,).

    R(u) is the warmth u days after such a touch and τ the silence so far (`tau_days` to ask for another one): zero just
    after contact, small where a tie dies at once or hardly fades. Simpson's rule on 8 steps, finer near the touch.
    """
    touched = after_touch(states, now=now, channel=channel)
    tau = np.minimum(silence_days(states, now), LONGEST_TAU_DAYS) if tau_days is None else np.asarray(tau_days, float)
    steps = np.linspace(0.0, 1.0, 9) ** 2
    values = np.column_stack([_warmth_after(touched, slowed(tau * step, slow), horizon_days, level) for step in steps])
    # ∫ R du over u = τ s², du = 2 τ s ds, on nine evenly spaced s.
    simpson = np.array([1, 4, 2, 4, 2, 4, 2, 4, 1]) / 24.0
    area = (values * (2 * np.sqrt(steps) * simpson)).sum(1) * tau
    return np.asarray(np.maximum(area - tau * values[:, -1], 0.0))

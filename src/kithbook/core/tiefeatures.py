"""What the warmth of a tie is made of: named quantities of its state, vectorised over ties.

Each of them never rises with more silence and never falls with a longer horizon, so whatever adds them up with weights
≥ 0 has both properties. H is the horizon, x the silence so far, both in days.

- activation: ln Σ weight / (ago/H + 0.1) over contact-days: the power law of forgetting (Anderson & Schooler 1991).
- alive: log-odds of BG/NBD (Fader, Hardie & Lee 2005): that the tie goes on and brings a contact within H.
- rhythm: log-odds, from the tie's own gaps longer than x, that the next contact falls into (x, x+H]; the least value
  for any shorter silence is taken, since overdue ties come back less often than the few longest gaps promise.
- span: ln(first to last contact + 0.1 H).
- regularity: −√(variance of ln gap), shrunk: the metronome is surer than the burst.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .tierow import GAP_EDGES, RATES, RATIO, States

Floats = NDArray[np.float64]

TERMS: Final = ("activation", "alive", "rhythm", "span", "regularity")

BGNBD: Final = (0.3, 0.1, 0.2, 1.0)
"""(r, α, a, b) of BG/NBD, α in horizons: a fixed population, nothing is fitted to the owner."""
RHYTHM_PRIOR: Final = (0.5, 2.0)
"""Gaps added to those that end within H and to all that are longer than x."""

SPREAD_PRIOR: Final = (1.5, 2.0)
"""Variance of ln gap that a tie without history is taken to have, and the gaps this prior counts for."""

_BIN_EDGES: Final = np.append(0.5, np.array(GAP_EDGES) - 0.5)
_LOG_EDGES: Final = np.log(_BIN_EDGES)
_LOG_WIDTHS: Final = np.diff(_LOG_EDGES)
_LONGEST_GAP: Final = 2000.0
_TINY: Final = 1e-9
CHUNK: Final = 8_192
"""So many ties at a time are worked on: what lies between stays in the processor's cache."""


def silence_days(states: States, now: int) -> Floats:
    """Days since the last contact at `now` (epoch seconds); 0 for a contact in the future."""
    return np.maximum((now - states["last_at"]) / 86_400.0, 0.0)


class _Desk(NamedTuple):
    """Room for what lies between, used for one chunk after the other: new memory costs more than the sums do."""

    sums: Floats
    gaps: Floats
    chance: Floats
    other: Floats

    def part(self, n: int) -> _Desk:
        """The room for so many ties."""
        return _Desk(*(room[:, :n] for room in self))


def _lay_desk(n: int) -> _Desk:
    """A desk for n ties."""
    return _Desk(*(np.empty((rows, n)) for rows in (len(RATES), *[len(_BIN_EDGES)] * 3)))


def features(states: States, silence: Floats, horizon_days: float | Floats) -> Floats:
    """The quantities of `TERMS`, shape (n, 5), after `silence` days without contact (n,).

    `horizon_days` is one for all or one per tie (a few different ones).
    """
    horizons = np.asarray(horizon_days, float)
    out = np.empty((len(states), len(TERMS)))
    desk = _lay_desk(min(len(states), CHUNK))
    for start in range(0, len(states), CHUNK):
        part = slice(start, start + CHUNK)
        some = horizons if horizons.ndim == 0 else _all_alike(horizons[part])
        _fill(out[part], states[part], silence[part], some, desk.part(len(out[part])))
    return out


def _all_alike(horizons: Floats) -> Floats:
    """One horizon in place of many that are the same."""
    return np.asarray(horizons[0] if bool((horizons == horizons[0]).all()) else horizons)


def _fill(out: Floats, states: States, silence: Floats, horizons: Floats, desk: _Desk) -> None:
    """`features` of so few ties that what lies between stays in the processor's cache."""
    desk.sums[:] = states["sums"].T
    out[:, 0] = _activation(desk.sums, silence, horizons)
    between = (states["last_day"] - states["first_day"]).astype(float)
    repeats = np.maximum(states["days"] - 1.0, 0.0)
    out[:, 1] = _alive(repeats, between, between + silence, horizons)
    desk.gaps[:] = states["gaps"].T
    out[:, 2] = _rhythm(desk, silence, horizons)
    out[:, 3] = np.log(between + 0.1 * horizons)
    mean = states["gap_log_sum"] / np.maximum(repeats, 1.0)
    variance = np.maximum(states["gap_log_squares"] - repeats * mean**2, 0.0)
    out[:, 4] = -np.sqrt((variance + SPREAD_PRIOR[0] * SPREAD_PRIOR[1]) / (repeats + SPREAD_PRIOR[1]))


def _others(horizons: Floats) -> Iterator[tuple[float, NDArray[np.int64]]]:
    """Each horizon that is not the first one, with the ties it is for."""
    left = np.flatnonzero(horizons != horizons[0])
    while len(left):
        horizon = float(horizons[left[0]])
        same = horizons[left] == horizon
        yield horizon, left[same]
        left = left[~same]


def activation(states: States, silence: Floats, horizon_days: float | Floats) -> Floats:
    """Ln Σ weight / (ago/H + 0.1) over contact-days, after `silence` days; very low without any.

    `horizon_days` is one for all or one per tie (a few different ones).
    """
    if not len(states):
        return np.empty(0)
    return _activation(np.ascontiguousarray(states["sums"].T), silence, np.asarray(horizon_days, float))


def _activation(sums: Floats, silence: Floats, horizons: Floats) -> Floats:
    """`activation` from sums (rates, n), for one horizon or each tie's own."""
    weights = _kernel(float(horizons if horizons.ndim == 0 else horizons[0]))
    total = weights[-1] * sums[-1]
    # Each rate is three times the next slower one, so e^(−s x) is the cube of the one before: one exponential in all.
    fading = np.exp(-RATES[-2] * silence)
    for k in range(len(RATES) - 2, -1, -1):
        total += weights[k] * sums[k] * fading
        fading = fading * fading * fading
    found = np.asarray(np.log(total + _TINY))
    if horizons.ndim:
        for horizon, rows in _others(horizons):
            found[rows] = _activation(np.take(sums, rows, axis=1), silence[rows], np.asarray(horizon))
    return found


@lru_cache(maxsize=64)
def _kernel(horizon_days: float) -> Floats:
    """Weights w with Σ_k w_k e^(−s_k x) ≈ 1/(x/H + 0.1), by the trapezoid rule in ln s.

    What the rates below the slowest would add goes to the rate 0: they do not fade within a lifetime.
    """
    slower = RATES[-2] / RATIO ** np.arange(1, 30)

    def weigh(rates: Floats) -> Floats:
        return math.log(RATIO) * rates * horizon_days * np.exp(-0.1 * horizon_days * rates)

    return np.append(weigh(RATES[:-1]), weigh(slower).sum())


def _alive(repeats: Floats, between: Floats, life: Floats, horizon_days: Floats) -> Floats:
    """Log-odds of a contact within H by BG/NBD; `repeats` contact-days after the first, the rest in days."""
    r, alpha, a, b = BGNBD
    last, age = alpha + between / horizon_days, alpha + life / horizon_days
    shape = r + repeats
    log_gone = shape * np.log(age / last) + math.log(a) - np.log(b + np.maximum(repeats, 1.0) - 1.0)
    alive = 1.0 / (1.0 + np.where(repeats > 0, np.exp(np.minimum(log_gone, 30.0)), 0.0))
    p = np.clip(alive * -np.expm1(shape * np.log(age / (age + 1.0))) + 1e-4, 1e-4, 0.9999)
    return np.asarray(np.log(p / (1.0 - p)))


@lru_cache(maxsize=64)
def _shorter_by(horizon_days: float) -> Floats:
    """Share (edges, bins) of each bin of gaps that lies between each edge and that edge + H, linear in ln."""
    low, high = np.log(_BIN_EDGES), np.log(np.append(_BIN_EDGES[1:], _LONGEST_GAP))
    part = (high[None, :] - np.log(_BIN_EDGES + horizon_days)[:, None]) / (high - low)[None, :]
    return np.asarray(np.triu(np.ones_like(part)) - np.clip(part, 0.0, 1.0))


def _count_hits(desk: _Desk, horizons: Floats) -> None:
    """How many of each tie's gaps end within H after each edge, into `desk.chance`."""
    first = float(horizons if horizons.ndim == 0 else horizons[0])
    np.matmul(_shorter_by(first), desk.gaps, out=desk.chance)
    if horizons.ndim:
        for horizon, rows in _others(horizons):
            np.matmul(_shorter_by(horizon), desk.gaps, out=desk.other)
            for found, counted in zip(desk.chance, desk.other, strict=True):
                found[rows] = counted[rows]


def _rhythm(desk: _Desk, silence: Floats, horizons: Floats) -> Floats:
    """Log-odds that the tie's own gaps end within H after this silence, or a shorter one if that is less.

    `desk.gaps` holds the gaps (bins, n), and is used up.
    """
    hits, trials = RHYTHM_PRIOR
    _count_hits(desk, horizons)
    chance, longer = desk.chance, desk.gaps
    longer[-1] += trials
    for edge in range(len(longer) - 2, -1, -1):  # numpy's own accumulate is several times slower here
        longer[edge] += longer[edge + 1]
    chance += hits
    chance /= longer
    for edge in range(1, len(chance)):
        np.minimum(chance[edge], chance[edge - 1], out=chance[edge])
    bounded = np.clip(silence, _BIN_EDGES[0], _BIN_EDGES[-1])
    left = np.minimum(np.searchsorted(_BIN_EDGES, bounded, side="right") - 1, len(_BIN_EDGES) - 2)
    part = (np.log(bounded) - _LOG_EDGES[left]) / _LOG_WIDTHS[left]
    rows = np.arange(len(silence))
    p = chance[left, rows] * (1 - part) + chance[left + 1, rows] * part
    return np.asarray(np.log(p / (1.0 - p)))

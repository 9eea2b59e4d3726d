"""What warmth is compared with: five rules of textbooks and reminder apps, as strong as they can honestly be.

Each gives one number a tie. Where it has parameters, and to turn it into a probability, it is fitted on the file's own
past: ties one and two horizons before the cut-off, whose outcome lies before it. That is an advantage over warmth,
which is fitted on other data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from kithbook.core.fitting import fit_logistic
from kithbook.core.tiefeatures import Floats
from kithbook.core.warmth import sigmoid

from .tiedata import DAY, Snapshot

HALF_LIFE_DAYS: Final = 30.0
SAMPLE: Final = 4000
"""BG/NBD is fitted on at most so many ties."""


class Past(NamedTuple):
    """The history of each tie at a moment, from contact-days: counts, and times in days."""

    days: Floats
    silence: Floats
    between: Floats
    decay: Floats


def past_of(cut: Snapshot, moment: int) -> Past:
    """The histories of all ties of the snapshot as they were at `moment` (epoch seconds), not after its cut-off."""
    n = len(cut.ego)
    rows = np.flatnonzero(cut.log.at <= moment)
    tie, ago = cut.log.tie_index[rows], (moment - cut.log.at[rows]) // DAY
    fresh = np.ones(len(rows), bool)
    fresh[1:] = (np.diff(tie) != 0) | (np.diff(ago) != 0)
    tie, exact = tie[fresh], (moment - cut.log.at[rows])[fresh] / DAY
    silence, first = np.full(n, np.inf), np.zeros(n)
    np.minimum.at(silence, tie, exact)
    np.maximum.at(first, tie, exact)
    decay = np.asarray(np.bincount(tie, 0.5 ** (exact / HALF_LIFE_DAYS), n), float)
    days = np.bincount(tie, minlength=n).astype(float)
    return Past(days, silence, np.where(days > 0, first - np.where(days > 0, silence, 0), 0.0), decay)


def recency(past: Past) -> Floats:
    """The longer the silence, the colder."""
    return -np.log(past.silence + 1)


def contact_days(past: Past) -> Floats:
    """The more days of contact ever, the warmer."""
    return np.log(past.days)


def overdue_ratio(past: Past) -> Floats:
    """Silence relative to the usual gap: what reminder apps do."""
    return -np.log((past.silence + 1) / (past.between / np.maximum(past.days - 1, 1) + 1))


def exp_decay(past: Past) -> Floats:
    """Contact-days that lose half of their weight in 30 days."""
    return np.log(past.decay + 1e-6)


RULES: Final[dict[str, Callable[[Past], Floats]]] = {
    "recency": recency,
    "contact_days": contact_days,
    "overdue_ratio": overdue_ratio,
    "exp_decay_30d": exp_decay,
}


def baselines(cut: Snapshot) -> dict[str, Floats]:
    """Probabilities of every baseline for the scored ties of a snapshot."""
    today = _take(past_of(cut, cut.cutoff), cut.scored)
    lessons = [_lesson(cut, lag) for lag in (1, 2)]
    rules = dict(RULES)
    population = fit_bgnbd(today)
    rules["bg_nbd"] = lambda past: bgnbd_log_odds(past, population, cut.horizon_days)
    return {name: _calibrated(rule, today, lessons) for name, rule in rules.items()}


def _lesson(cut: Snapshot, lag: int) -> tuple[Past, Floats]:
    """Histories `lag` horizons before the cut-off, and what came in the horizon after, all known at the cut-off."""
    window = int(cut.horizon_days * DAY)
    moment = cut.cutoff - lag * window
    past = past_of(cut, moment)
    seen = np.zeros(len(cut.ego))
    seen[cut.log.tie_index[(cut.log.at > moment) & (cut.log.at <= moment + window)]] = 1.0
    near = (past.days >= 2) & (past.silence <= max(365.0, 4 * cut.horizon_days))
    return _take(past, near), seen[near]


def _take(past: Past, which: np.ndarray) -> Past:
    return Past(*(column[which] for column in past))


def _calibrated(rule: Callable[[Past], Floats], today: Past, lessons: list[tuple[Past, Floats]]) -> Floats:
    """The rule as a probability: a logistic curve fitted on the lessons, a guess where they say nothing."""
    x = np.concatenate([rule(past) for past, _ in lessons])
    y = np.concatenate([seen for _, seen in lessons])
    if len(np.unique(y)) < 2:
        return sigmoid(rule(today) - 1.0)
    beta = fit_logistic(x[:, None], y, np.ones(len(y)), bounded=np.array([True]), ridge=1.0)
    return sigmoid(beta[0] + max(float(beta[1]), 1e-6) * rule(today))


# ------------------------------------------------------------------------------------------------------------ BG/NBD


def fit_bgnbd(past: Past) -> Floats:
    """(r, α, a, b) of BG/NBD (Fader, Hardie & Lee 2005) by maximum likelihood on the histories; α in days."""
    x, last, age = past.days - 1, past.between, past.between + past.silence
    if len(x) > SAMPLE:
        pick = np.random.default_rng(0).permutation(len(x))[:SAMPLE]
        x, last, age = x[pick], last[pick], age[pick]

    def loss(logs: Floats) -> float:
        r, alpha, a, b = np.exp(np.clip(logs, -7, 9))
        gone = np.where(x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + last), -np.inf)
        stays = -(r + x) * np.log(alpha + age)
        share = log_gamma(a + b) + log_gamma(b + x) - log_gamma(b) - log_gamma(a + b + x)
        rate = log_gamma(r + x) - log_gamma(r) + r * np.log(alpha)
        return -float((share + rate + np.logaddexp(stays, gone)).mean()) + 1e-3 * float((logs**2).mean())

    return np.exp(np.clip(nelder_mead(loss, np.log([0.5, 30.0, 0.3, 1.5])), -7, 9))


def bgnbd_log_odds(past: Past, population: Floats, horizon_days: float) -> Floats:
    """Log-odds of a contact within the horizon: P(alive) × P(at least one | alive)."""
    r, alpha, a, b = population
    x, age = past.days - 1, past.between + past.silence
    gone = (r + x) * np.log((alpha + age) / (alpha + past.between)) + np.log(a) - np.log(b + np.maximum(x, 1) - 1)
    alive = 1 / (1 + np.where(x > 0, np.exp(np.minimum(gone, 50)), 0))
    p = np.clip(alive * -np.expm1((r + x) * np.log((alpha + age) / (alpha + age + horizon_days))), 1e-9, 1 - 1e-9)
    return np.asarray(np.log(p / (1 - p)))


def log_gamma(x: Floats | float) -> Floats:
    """Ln Γ(x) for x > 0: Stirling's series at x + 8, carried back."""
    z = np.asarray(x, float)
    product = np.ones_like(z)
    for step in range(8):
        product = product * (z + step)
    w = z + 8
    series = 1 / (12 * w) - 1 / (360 * w**3) + 1 / (1260 * w**5)
    return np.asarray((w - 0.5) * np.log(w) - w + 0.5 * np.log(2 * np.pi) + series - np.log(product))


def nelder_mead(loss: Callable[[Floats], float], start: Floats, steps: int = 250) -> Floats:
    """The point of the least loss found by the simplex method of Nelder and Mead (1965)."""
    simplex = np.vstack([start, start + 0.7 * np.eye(len(start))])
    values = np.array([loss(point) for point in simplex])
    for _ in range(steps):
        order = np.argsort(values)
        simplex, values = simplex[order], values[order]
        if values[-1] - values[0] < 1e-7:
            break
        centre = simplex[:-1].mean(0)
        tried = [centre + t * (centre - simplex[-1]) for t in (1.0, 2.0, 0.5, -0.5)]
        reflected = loss(tried[0])
        second = 1 if reflected < values[0] else 2 if reflected < values[-1] else 3
        options = [(reflected, 0), (loss(tried[second]), second)] if reflected >= values[-2] or second == 1 else []
        best, which = min(options, default=(reflected, 0))
        if best < values[-1]:
            simplex[-1], values[-1] = tried[which], best
        else:
            simplex[1:] = simplex[0] + 0.5 * (simplex[1:] - simplex[0])
            values[1:] = [loss(point) for point in simplex[1:]]
    return np.asarray(simplex[np.argmin(values)])

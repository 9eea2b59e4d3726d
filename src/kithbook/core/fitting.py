"""Fitting the constants of warmth, offline: a logistic regression with weights ≥ 0, every task counting the same.

Nothing here runs in the program itself; `benchmarks/ties_fit.py` uses it to write `params/warmth.py`.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .tiefeatures import TERMS, Floats
from .warmth import sigmoid

RIDGE: Final = 5.0
"""Strength of the pull of standardised weights to 0, in examples."""
TASK_PRIOR: Final = 500.0
"""A task of n examples weighs n/(n + this): small ones do not shout."""


class Examples(NamedTuple):
    """Ties at cut-offs: `terms` (n, 5) of `tiefeatures`, `level` (n, 2) of `warmlevel.level_terms`, label, task."""

    terms: Floats
    level: Floats
    y: Floats
    task: NDArray[np.int64]


def fit_logistic(x: Floats, y: Floats, weights: Floats, *, bounded: NDArray[np.bool_], ridge: float = RIDGE) -> Floats:
    """Intercept and weights (1 + columns) of a ridge logistic regression; columns in `bounded` get weights ≥ 0.

    Newton's method on standardised columns; a bounded column whose weight turns negative leaves the model.
    """
    mean, spread = x.mean(0), x.std(0) + 1e-9
    z = np.column_stack([np.ones(len(x)), (x - mean) / spread])
    penalty = np.append(0.0, np.full(x.shape[1], ridge))
    kept = np.ones(z.shape[1], bool)
    while True:
        part = _newton(z[:, kept], y, weights, penalty[kept])
        beta = np.zeros(z.shape[1])
        beta[kept] = part
        wrong = np.append(False, bounded) & (beta < 0)
        if not wrong.any():
            slopes = beta[1:] / spread
            return np.append(beta[0] - slopes @ mean, slopes)
        kept[np.argmin(np.where(wrong, beta, 0.0))] = False


def _newton(z: Floats, y: Floats, weights: Floats, penalty: Floats) -> Floats:
    beta = np.zeros(z.shape[1])
    for _ in range(50):
        p = sigmoid(z @ beta)
        gradient = z.T @ (weights * (p - y)) + penalty * beta
        hessian = (z * (weights * p * (1 - p))[:, None]).T @ z + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        beta -= step
        if float(np.abs(step).max()) < 1e-9:
            break
    return beta


def task_weights(task: NDArray[np.int64]) -> Floats:
    """A weight for each example, mean 1, with which tasks of any size count nearly the same."""
    weights = 1.0 / (np.bincount(task)[task] + TASK_PRIOR)
    return np.asarray(weights / weights.mean())


def fit_warmth(examples: Examples) -> dict[str, Any]:
    """The constants of warmth from examples: `intercept`, `weights` by term, `level` weights.

    The age of the log gets the weight of the span, so that only the share of the log matters that a tie has lasted.
    """
    span, (ratio, age) = TERMS.index("span"), examples.level.T
    x = np.column_stack([examples.terms, ratio])
    x[:, span] += age
    beta = fit_logistic(x, examples.y, task_weights(examples.task), bounded=np.ones(x.shape[1], bool))
    weights = beta[1:-1].tolist()
    return {
        "intercept": float(beta[0]),
        "weights": dict(zip(TERMS, weights, strict=True)),
        "level": (float(beta[-1]), weights[span]),
    }


def predict(parameters: dict[str, Any], examples: Examples) -> Floats:
    """Warmth of the examples under constants that need not be the shipped ones."""
    weights = np.array([parameters["weights"][term] for term in TERMS])
    return sigmoid(parameters["intercept"] + examples.terms @ weights + examples.level @ np.array(parameters["level"]))


def fit_shift(log_odds: Floats, y: Floats, weights: Floats) -> float:
    """The one number that added to the log-odds makes them fit the labels (for ties that were met on one day only)."""
    shift = 0.0
    for _ in range(100):
        p = sigmoid(log_odds + shift)
        step = float((weights * (y - p)).sum() / max(float((weights * p * (1 - p)).sum()), 1e-9))
        shift += max(-1.0, min(1.0, step))
        if abs(step) < 1e-10:
            break
    return shift

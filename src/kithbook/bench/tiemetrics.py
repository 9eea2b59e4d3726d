"""How good probabilities of contact are: ranking, calibration, and how sure we can be of either."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kithbook.core.tiefeatures import Floats

Ints = NDArray[np.int64]
ECE_BINS = 15
CLIP = 1e-4
RESAMPLES = 200
FEW_EGOS = 8


class Scored(NamedTuple):
    """Everything the metrics need, one element a tie at a cut-off; `group` numbers (cut-off, ego)."""

    ego: Ints
    alter: Ints
    cutoff: Ints
    group: Ints
    y: Floats
    active: NDArray[np.bool_]


def auc(y: Floats, p: Floats) -> float | None:
    """Area under the ROC curve with ties counting half; None where all labels are the same."""
    positive = y > 0.5
    ones, zeros = int(positive.sum()), int((~positive).sum())
    if not ones or not zeros:
        return None
    _, inverse, counts = np.unique(p, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2.0)[inverse]
    return float((ranks[positive].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def auc_within(groups: Ints, y: Floats, p: Floats) -> float | None:
    """Mean of the AUC inside each group that has both kinds of labels."""
    order = np.argsort(groups, kind="stable")
    cuts = np.flatnonzero(np.diff(groups[order])) + 1
    found = [auc(y[rows], p[rows]) for rows in np.split(order, cuts)] if len(order) else []
    known = [value for value in found if value is not None]
    return float(np.mean(known)) if known else None


def log_loss(y: Floats, p: Floats) -> float:
    """Mean negative log-likelihood, probabilities kept 1e-4 away from 0 and 1."""
    q = np.clip(p, CLIP, 1 - CLIP)
    return float(-(y * np.log(q) + (1 - y) * np.log(1 - q)).mean())


def ece(y: Floats, p: Floats) -> float:
    """Expected calibration error over 15 equal bins."""
    bins = np.minimum((p * ECE_BINS).astype(int), ECE_BINS - 1)
    error = np.bincount(bins, y, ECE_BINS) - np.bincount(bins, p, ECE_BINS)
    return float(np.abs(error).sum() / len(y))


def measure(scored: Scored, p: Floats) -> dict[str, float | None]:
    """All metrics of the contract for one model."""
    now = scored.active
    return {
        "auc": auc(scored.y, p),
        "auc_within_ego": auc_within(scored.group, scored.y, p),
        "auc_active": auc(scored.y[now], p[now]),
        "log_loss": log_loss(scored.y, p),
        "brier": float(((p - scored.y) ** 2).mean()),
        "ece": ece(scored.y, p),
    }


def resample(scored: Scored, seed: int = 0) -> list[NDArray[np.intp]]:
    """Row numbers of bootstrap samples: egos drawn with replacement (the ego's ties where there are few egos)."""
    few = len(np.unique(scored.ego)) < FEW_EGOS
    units, member = np.unique(scored.alter if few else scored.ego, return_inverse=True)
    order = np.argsort(member, kind="stable")
    cuts = np.searchsorted(member[order], np.arange(len(units) + 1))
    rows = [order[cuts[i] : cuts[i + 1]] for i in range(len(units))]
    generator = np.random.default_rng(seed)
    return [np.concatenate([rows[i] for i in generator.integers(0, len(units), len(units))]) for _ in range(RESAMPLES)]


def interval(values: list[float | None]) -> list[float] | None:
    """The middle 95 % of the values, None where there are none."""
    known = [value for value in values if value is not None]
    return [float(bound) for bound in np.quantile(known, [0.025, 0.975])] if known else None

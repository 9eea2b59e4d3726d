"""Villages from real logs: who exchanged with whom and when, and the constants of the kernel fitted to that log."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from kithbook.bench.planworlds import HORIZON_DAYS, MEMORY, Floats, Rows, Village

DAY_SECONDS = 86_400.0
MOST_RECIPIENTS = 10
MOST_TIES = 120
LEAST_TIES = 15
SCORED_WITHIN_DAYS = 365.0
SET_NAMES = (
    "edison", "enron", "moritz", "schnitzler_diary", "schnitzler_letters", "spener",
    "collegemsg", "eu_email", "radoslaw", "w3c",
)  # fmt: skip


class Events(NamedTuple):
    """Exchanges seen from each side, sorted by ego, alter and day (days since the first event of the log)."""

    ego: Rows
    alter: Rows
    day: Floats


class Fitted(NamedTuple):
    """P(exchange within 90 days) = σ(a + b·A) on `n` ties of one log."""

    a: float
    b: float
    n: int


def find_logs(folder: Path) -> dict[str, Path]:
    """The known logs that are there, by name."""
    found = {name: next(folder.glob(f"*/{name}.csv.gz"), None) for name in SET_NAMES}
    return {name: path for name, path in found.items() if path is not None}


def read_events(path: Path) -> Events:
    """Read a log; messages to more than ten people are dropped; a diary is seen from its writer only."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        raw = np.array([(int(r["source"]), int(r["target"]), float(r["unix_time"])) for r in rows])
    source, target, at = raw[:, 0].astype(np.int64), raw[:, 1].astype(np.int64), raw[:, 2]
    key = np.stack((source, at.astype(np.int64)), axis=1)
    _, where, size = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    writers = np.unique(source)
    direct = (size[where.ravel()] <= MOST_RECIPIENTS) | (len(writers) == 1)
    source, target, at = source[direct], target[direct], at[direct]
    day = np.floor((at - at.min()) / DAY_SECONDS)
    ego, alter = np.r_[source, target], np.r_[target, source]
    unique = np.unique(np.stack((ego, alter, np.r_[day, day].astype(np.int64)), axis=1), axis=0)
    if len(writers) == 1:
        unique = unique[unique[:, 0] == writers[0]]
    return Events(unique[:, 0], unique[:, 1], unique[:, 2].astype(float))


def pick_owners(events: Events, most: int) -> list[int]:
    """The egos with the most exchanges that have enough ties, busiest first."""
    egos, count = np.unique(events.ego, return_counts=True)
    pairs = np.unique(np.stack((events.ego, events.alter), axis=1), axis=0)[:, 0]
    ties = dict(zip(*np.unique(pairs, return_counts=True), strict=True))
    order = egos[np.lexsort((egos, -count))]
    return [int(ego) for ego in order if ties[ego] >= LEAST_TIES][:most]


def ties_at(events: Events, owner: int, cut: float) -> Iterator[tuple[int, Floats]]:
    """Each alter with at least two contact-days up to the cut, with its days."""
    own = slice(*np.searchsorted(events.ego, [owner, owner + 1]).tolist())
    alter, day = events.alter[own], events.day[own]
    past = day <= cut
    alter, day = alter[past], day[past]
    for part in np.split(np.arange(len(alter)), np.flatnonzero(np.diff(alter)) + 1):
        if len(part) >= 2:
            yield int(alter[part[0]]), day[part]


def span_of(events: Events, owner: int) -> tuple[float, float]:
    """First and last day of an ego."""
    own = slice(*np.searchsorted(events.ego, [owner, owner + 1]).tolist())
    return float(events.day[own].min()), float(events.day[own].max())


def fit_kernel(logs: list[Events], owners: int = 40) -> Fitted | None:
    """Fit a and b by Newton's method on four cut-offs of the busiest egos of each log; each log weighs alike.

    None where the logs are too short for the horizon.
    """
    xs, ys, weights = [], [], []
    for events in logs:
        found = [pair for owner in pick_owners(events, owners) for pair in _examples(events, owner)]
        if found:
            x, y = np.array(found).T
            xs.append(x)
            ys.append(y)
            weights.append(np.full(len(x), 1.0 / len(x)))
    if not xs:
        return None
    x, y, w = np.concatenate(xs), np.concatenate(ys), np.concatenate(weights)
    beta = np.zeros(2)
    design = np.column_stack((np.ones(len(x)), x))
    for _ in range(25):
        p = 1 / (1 + np.exp(-design @ beta))
        slope = design.T @ (w * (y - p))
        curvature = (design * (w * p * (1 - p))[:, None]).T @ design
        beta += np.linalg.solve(curvature + 1e-9 * np.eye(2), slope)
    return Fitted(float(beta[0]), float(beta[1]), len(x))


def _examples(events: Events, owner: int) -> Iterator[tuple[float, float]]:
    """(A, exchanged within the horizon) of each tie at four cut-offs."""
    first, last = span_of(events, owner)
    if last - first < 3 * HORIZON_DAYS:
        return
    own = slice(*np.searchsorted(events.ego, [owner, owner + 1]).tolist())
    alters, days = events.alter[own], events.day[own]
    for cut in np.linspace(first + 0.4 * (last - first), last - HORIZON_DAYS, 4):
        later = set(alters[(days > cut) & (days <= cut + HORIZON_DAYS)].tolist())
        for alter, past in ties_at(events, owner, float(cut)):
            ago = cut - past
            if ago.min() <= SCORED_WITHIN_DAYS:
                yield float(np.log((1 / (ago / HORIZON_DAYS + 0.1)).sum())), float(alter in later)


def village_of(name: str, events: Events, owners: int, rng: np.random.Generator) -> Village | None:
    """The ties of the busiest egos as they stood at 60 % of each ego's span; None where nobody has enough."""
    rows: list[Floats] = []
    owner_of: list[int] = []
    for owner in pick_owners(events, owners):
        first, last = span_of(events, owner)
        cut = first + 0.6 * (last - first)
        ties = [cut - days for _, days in ties_at(events, owner, cut) if cut - days[-1] <= 3 * SCORED_WITHIN_DAYS]
        if len(ties) < LEAST_TIES:
            continue
        kept = rng.choice(len(ties), min(MOST_TIES, len(ties)), replace=False)
        number = owner_of[-1] + 1 if owner_of else 0
        owner_of.extend([number] * len(kept))
        rows.extend(_newest(ties[k]) for k in sorted(kept.tolist()))
    if not rows:
        return None
    n = len(rows)
    value = rng.choice([1.0, 2.0, 4.0], n, p=[0.5, 0.3, 0.2])
    return Village(name, np.array(owner_of, dtype=np.int64), value, rng.beta(6, 4, n), np.array(rows))


def _newest(ages: Floats) -> Floats:
    """The newest exchanges of a tie, filled up with infinity."""
    newest = np.sort(np.maximum(ages, 0.5))[:MEMORY]
    return np.asarray(np.r_[newest, np.full(MEMORY - len(newest), np.inf)])

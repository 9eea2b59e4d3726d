"""The week as numbers: choose rows so that worth is largest under minutes, days, caps and floors (method §10).

Worth is scaled to at most 1 a minute. A minute that a floor lacks costs 2 (giving: 4), twice what the best minute
of the week can gain: minute for minute a floor always wins, and it gives way only where one more line of the plan would
gain more than the floor lacks. Much larger penalties were tried: they halved the worth of short plans to fill the
last minutes of floors, and took longer to solve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cap:
    """The rows in `rows` may take `minutes` together. `name` is for the reasons."""

    name: str
    rows: NDArray[np.bool_]
    minutes: int


@dataclass(frozen=True, slots=True)
class Floor:
    """The rows in `rows` are to take at least `minutes` together; `weight` orders floors that compete."""

    name: str
    rows: NDArray[np.bool_]
    minutes: int
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """What is left to decide once obligations are placed.

    Row i: `person`, `minutes` (≥ 1), `worth` (≤ 1 per minute), `first_day` (0..6). `budget` in minutes, `touches` the
    most rows to choose, `room` the free minutes of each day. Rows are in canonical order (person, channel).
    """

    person: Rows
    minutes: Rows
    worth: NDArray[np.float64]
    first_day: Rows
    budget: int
    touches: int
    room: tuple[int, ...]
    caps: tuple[Cap, ...] = ()
    floors: tuple[Floor, ...] = ()

    def __len__(self) -> int:
        return len(self.person)

    @property
    def index(self) -> NDArray[np.float64]:
        """Worth per minute."""
        return self.worth / self.minutes


def keep_rows(problem: Problem, rows: Rows) -> Problem:
    """The same problem with only these rows (in this order)."""
    return replace(
        problem,
        person=problem.person[rows],
        minutes=problem.minutes[rows],
        worth=problem.worth[rows],
        first_day=problem.first_day[rows],
        caps=tuple(replace(cap, rows=cap.rows[rows]) for cap in problem.caps),
        floors=tuple(replace(floor, rows=floor.rows[rows]) for floor in problem.floors),
    )


def penalty(problem: Problem) -> float:
    """What one missing floor minute costs: twice what the best minute gains."""
    return 2.0 * max(1.0, float(problem.index.max(initial=0.0)))


def missing_minutes(problem: Problem, rows: Rows) -> int:
    """Floor minutes that a choice lacks, each floor counted by its weight."""
    return sum(f.weight * max(0, f.minutes - int(problem.minutes[rows][f.rows[rows]].sum())) for f in problem.floors)


def score_rows(problem: Problem, rows: Rows) -> float:
    """What the plan aims at: worth minus the penalty of missing floor minutes. Larger is better."""
    return float(problem.worth[rows].sum()) - penalty(problem) * missing_minutes(problem, rows)


def cap_floors(problem: Problem) -> Problem:
    """Lower each floor to what the rows could reach at most: a floor binds only as far as somebody is there."""
    return replace(
        problem,
        floors=tuple(
            replace(f, minutes=min(f.minutes, reach))
            for f in problem.floors
            if (reach := most_minutes(problem, f.rows)) > 0 and f.minutes > 0
        ),
    )


def most_minutes(problem: Problem, mask: NDArray[np.bool_]) -> int:
    """The most minutes that these rows can fill with one row a person and the touches that are left."""
    people, where = np.unique(problem.person[mask], return_inverse=True)
    longest = np.zeros(len(people), dtype=np.int64)
    np.maximum.at(longest, where, problem.minutes[mask])
    return int(np.sort(longest)[::-1][: problem.touches].sum())


def most_touches(problem: Problem) -> int:
    """How many rows any plan can hold."""
    if not len(problem) or problem.budget <= 0:
        return 0
    return min(problem.touches, problem.budget // int(problem.minutes.min()))


def classes_of(problem: Problem) -> Rows:
    """A number for each row, the same for rows that every limit treats alike."""
    code = problem.minutes * 8 + problem.first_day
    for rows in [*(cap.rows for cap in problem.caps), *(floor.rows for floor in problem.floors)]:
        code = code * 2 + rows
        if code.max(initial=0) > 2**60:
            code = np.unique(code, return_inverse=True)[1].astype(np.int64)
    return np.asarray(np.unique(code, return_inverse=True)[1], dtype=np.int64)


def prune_rows(problem: Problem) -> Rows:
    """The rows that some best plan is made of, in canonical order.

    Per class of rows that all limits treat alike, the best `most_touches` people suffice: whoever else is in a plan
    can be replaced by one of them who is not in it, at no loss. So the pruning is exact.
    """
    most = most_touches(problem)
    if not most:
        return np.zeros(0, dtype=np.int64)
    code = classes_of(problem)
    order = np.argsort(code, kind="stable")
    edges = np.flatnonzero(np.diff(code[order])) + 1
    return np.sort(np.concatenate([_best_people(problem, part, most) for part in np.split(order, edges)]))


def _best_people(problem: Problem, rows: Rows, most: int) -> Rows:
    """The best row of each of the `most` people with the most worth; equal worth goes to the lower person."""
    worth = problem.worth[rows]
    take = most
    while take < len(rows):
        threshold = np.partition(worth, len(rows) - take)[len(rows) - take]
        chosen = rows[worth >= threshold]
        if len(np.unique(problem.person[chosen])) >= most:
            break
        take *= 2
    else:
        chosen = rows
    chosen = chosen[np.lexsort((chosen, -problem.worth[chosen]))]
    _, first = np.unique(problem.person[chosen], return_index=True)
    return np.asarray(chosen[np.sort(first)[:most]], dtype=np.int64)


def bound_worth(problem: Problem, excluded: Rows | None = None, tries: int = 8) -> tuple[float, NDArray[np.float64]]:
    """A proven upper limit of the worth of any plan, and per excluded row the limit of plans that hold it.

    Lagrangian relaxation of minutes (λ) and touches (μ): λ·budget + μ·touches + Σ over people of the best
    max(0, worth − λ·minutes − μ). Floors and caps are left out, which only raises the limit. `tries` values of μ are
    looked at besides the best one without λ; any of them gives a valid limit.
    """
    none = np.zeros(0)
    if not len(problem):
        return 0.0, none
    starts = np.flatnonzero(np.r_[True, np.diff(problem.person) != 0])
    top = float(problem.worth.max())
    mu = _lowest(lambda x: _lagrangian(problem, starts, 0.0, x), top)
    best = (_lagrangian(problem, starts, 0.0, mu), 0.0, mu)
    for mu in np.linspace(0.0, top, tries + 1)[:-1].tolist():
        lam = _lowest(lambda x, mu=mu: _lagrangian(problem, starts, x, mu), 1.0)  # type: ignore[misc]
        best = min(best, (_lagrangian(problem, starts, lam, mu), lam, mu))
    limit, lam, mu = best
    if excluded is None or not len(excluded):
        return limit, none
    reduced = problem.worth - lam * problem.minutes - mu
    own = np.maximum(np.maximum.reduceat(reduced, starts), 0.0)
    own_of_row = own[np.searchsorted(problem.person[starts], problem.person[excluded])]
    return limit, limit - own_of_row + reduced[excluded]


def _lagrangian(problem: Problem, starts: Rows, lam: float, mu: float) -> float:
    reduced = np.maximum(np.maximum.reduceat(problem.worth - lam * problem.minutes - mu, starts), 0.0)
    return lam * problem.budget + mu * problem.touches + float(reduced.sum())


def _lowest(convex: Callable[[float], float], high: float) -> float:
    """Where a convex function on 0..high is least, by ternary search."""
    low = 0.0
    for _ in range(36):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        if convex(left) <= convex(right):
            high = right
        else:
            low = left
    return (low + high) / 2


def pack_days(minutes: Sequence[int], first_days: Sequence[int], room: Sequence[int]) -> list[int] | None:
    """A day for each touch within `room`, or None where no simple rule finds one.

    Longest first; at first onto the day with the most room left, which spreads the week, then onto the day where
    it fits most tightly, which packs better.
    """
    order = sorted(range(len(minutes)), key=lambda i: (-minutes[i], -first_days[i], i))
    for tight in (False, True):
        days = _pack(order, minutes, first_days, list(room), tight)
        if days is not None:
            return days
    return None


def _pack(
    order: Sequence[int], minutes: Sequence[int], first_days: Sequence[int], room: list[int], tight: bool
) -> list[int] | None:
    days = [0] * len(minutes)
    for i in order:
        fitting = [d for d in range(first_days[i], len(room)) if room[d] >= minutes[i]]
        if not fitting:
            return None
        days[i] = min(fitting, key=lambda d: (room[d] if tight else -room[d], d))
        room[days[i]] -= minutes[i]
    return days

"""Greedy and exact choice side by side: the better one is taken, and what is proven is said honestly."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from kithbook.core.plangreedy import Basket, choose_greedy
from kithbook.core.planmilp import Solved, solve_exactly
from kithbook.core.planproblem import (
    Problem,
    Rows,
    bound_worth,
    cap_floors,
    keep_rows,
    missing_minutes,
    most_touches,
    penalty,
    prune_rows,
    score_rows,
)

MAX_ROWS = 4000
"""More rows than this are cut by index before the exact step; the bound then says whether that could matter."""
ROWS_PER_FLOOR = 200
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Choice:
    """`days` maps chosen positions of the problem to days; `for_floor` those that only a floor explains, to its name.

    `value` and `bound` are sums of worth; `missing` floor minutes, each floor counted once.
    """

    days: dict[int, int] = field(default_factory=dict)
    for_floor: dict[int, str] = field(default_factory=dict)
    value: float = 0.0
    bound: float = 0.0
    missing: int = 0
    proven: bool = True


def choose_rows(problem: Problem, time_limit_s: float) -> Choice:
    """The best choice that can be found in the time; never worse than greedy."""
    pruned = prune_rows(problem)
    if not len(pruned):
        return Choice()
    small = cap_floors(keep_rows(problem, pruned))
    single = most_touches(small) == 1
    greedy = _choose_single(small) if single else choose_greedy(small)
    days, proven = greedy.days, single or _is_as_good_as_the_bound(small, greedy.rows)
    kept = _cut(small)
    solved = None if proven else _solve(small, kept, greedy.rows, time_limit_s)
    if solved is not None:
        exact = {int(kept[row]): day for row, day in solved.days.items()}
        if score_rows(small, _rows(exact)) >= greedy.score - TOLERANCE:
            days = exact
            proven = solved.proven and _cut_is_harmless(small, kept, _rows(exact))
    rows = _rows(days)
    value = float(small.worth[rows].sum())
    return Choice(
        days={int(pruned[row]): days[int(row)] for row in rows},
        for_floor={int(pruned[row]): name for row, name in _explain_by_floor(small, rows).items()},
        value=value,
        bound=value if proven else max(value, _limit(small, solved, rows)),
        missing=sum(max(0, f.minutes - int(small.minutes[rows][f.rows[rows]].sum())) for f in small.floors),
        proven=proven,
    )


def _rows(days: dict[int, int]) -> Rows:
    return np.array(sorted(days), dtype=np.int64)


def _solve(small: Problem, kept: Rows, start: Rows, time_limit_s: float) -> Solved | None:
    """The exact step on the kept rows; None where it failed or HiGHS is not there."""
    try:
        return solve_exactly(keep_rows(small, kept), np.searchsorted(kept, np.intersect1d(start, kept)), time_limit_s)
    except ImportError:
        return None


def _choose_single(small: Problem) -> Basket:
    """The best plan of one row, by looking at each."""
    lacks = sum(
        (f.weight * np.maximum(0, f.minutes - small.minutes * f.rows) for f in small.floors), np.zeros(len(small))
    )
    score = small.worth - penalty(small) * lacks
    basket = Basket(small)
    basket.add_all(np.lexsort((np.arange(len(small)), -score)))
    return basket


def _is_as_good_as_the_bound(small: Problem, rows: Rows) -> bool:
    """Whether the greedy plan reaches the bound, which proves it without the exact step."""
    if missing_minutes(small, rows):
        return False
    return float(small.worth[rows].sum()) >= bound_worth(small, tries=1)[0] - TOLERANCE


def _cut(small: Problem) -> Rows:
    """The rows of the exact step: all, or the best by index, and the best of each floor."""
    if len(small) <= MAX_ROWS:
        return np.arange(len(small))
    order = np.lexsort((np.arange(len(small)), -small.index))
    parts = [order[:MAX_ROWS], *(order[floor.rows[order]][:ROWS_PER_FLOOR] for floor in small.floors)]
    return np.unique(np.concatenate(parts))


def _cut_is_harmless(small: Problem, kept: Rows, rows: Rows) -> bool:
    """Whether no plan with a row that was cut can be better than the one found."""
    cut = np.setdiff1d(np.arange(len(small)), kept)
    if not len(cut):
        return True
    if missing_minutes(small, rows):
        return False
    _, limits = bound_worth(small, cut)
    return bool((limits <= float(small.worth[rows].sum()) + TOLERANCE).all())


def _limit(small: Problem, solved: Solved | None, rows: Rows) -> float:
    """A proven upper limit of the worth where the choice itself is not proven best."""
    limit = bound_worth(small)[0]
    if solved is not None and not missing_minutes(small, rows) and len(_cut(small)) == len(small):
        limit = min(limit, solved.bound)
    return limit


def _explain_by_floor(small: Problem, rows: Rows) -> dict[int, str]:
    """Chosen rows that hold a floor while somebody left out, who would have fitted, gains more."""
    outside = _free_rows(small, rows)
    reasons: dict[int, str] = {}
    for row in rows.tolist():
        rivals = outside[small.minutes[outside] <= small.minutes[row]]
        if not len(rivals) or small.worth[rivals].max() <= small.worth[row] + TOLERANCE:
            continue
        for floor in small.floors:
            filled = int(small.minutes[rows][floor.rows[rows]].sum())
            if floor.rows[row] and filled - small.minutes[row] < floor.minutes:
                reasons[row] = floor.name
                break
    return reasons


def _free_rows(small: Problem, rows: Rows) -> Rows:
    """Rows of people who are not chosen, as far as no cap is in their way."""
    free = ~np.isin(small.person, small.person[rows])
    for cap in small.caps:
        left = cap.minutes - int(small.minutes[rows][cap.rows[rows]].sum())
        free &= ~cap.rows | (small.minutes <= left)
    return np.flatnonzero(free)

"""The plan proven best: a mixed-integer programme solved by HiGHS.

Reference: Huangfu & Hall, "Parallelizing the dual revised simplex method", Math. Prog. Comp. 10 (2018); highspy is its
Python interface. One thread and a fixed seed, so that the same week gives the same plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kithbook.core.planproblem import Problem, Rows, pack_days, penalty


@dataclass(frozen=True, slots=True)
class Solved:
    """`days` maps chosen rows to days; `proven` where nothing can be better; `bound` limits the score from above."""

    days: dict[int, int]
    proven: bool
    bound: float


@dataclass(slots=True)
class _Model:
    """Columns (chosen rows, then missing minutes, then touches of a size on a day) and linear rows of a programme."""

    cost: list[float]
    upper: list[float]
    integer: list[bool]
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[NDArray[np.int64]] = field(default_factory=list)
    factors: list[NDArray[np.float64]] = field(default_factory=list)

    def add_column(self, cost: float, upper: float, integer: bool) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.cost) - 1

    def add_row(self, columns: Rows, factors: NDArray[np.float64], low: float, high: float) -> None:
        self.columns.append(columns)
        self.factors.append(factors)
        self.starts.append(self.starts[-1] + len(columns))
        self.low.append(low)
        self.high.append(high)


def solve_exactly(problem: Problem, start: Rows, time_limit_s: float) -> Solved | None:
    """The best choice of rows with a day for each; None where HiGHS found nothing in time.

    `start` is a valid choice to begin from. Days are given afterwards; only where that fails the programme is solved
    again with the days in it.
    """
    for with_days in (False, True):
        model, sizes = _build(problem, with_days)
        result = _run(model, problem, None if with_days else start, time_limit_s)
        if result is None:
            return None
        values, proven, bound = result
        rows = np.flatnonzero(values[: len(problem)] > 0.5)
        if with_days:
            return Solved(_days_from_counts(problem, rows, sizes, values), proven, bound)
        rows = settle_ties(problem, rows)
        days = pack_days(problem.minutes[rows].tolist(), problem.first_day[rows].tolist(), problem.room)
        if days is not None:
            return Solved(dict(zip(rows.tolist(), days, strict=True)), proven, bound)
    return None


def settle_ties(problem: Problem, rows: Rows) -> Rows:
    """Give equal worth under equal limits to the lower person, so that the plan does not hang on the solver's path."""
    chosen = set(rows.tolist())
    taken = {int(problem.person[row]) for row in chosen}
    key = _keys(problem)
    groups: dict[tuple[float, ...], list[int]] = {}
    wanted = {key[row] for row in chosen}
    for row, name in enumerate(key):
        if name in wanted:
            groups.setdefault(name, []).append(row)
    for row in sorted(chosen):
        for other in groups[key[row]]:
            if other >= row:
                break
            if other not in chosen and int(problem.person[other]) not in taken:
                chosen.symmetric_difference_update({row, other})
                taken.symmetric_difference_update({int(problem.person[row]), int(problem.person[other])})
                break
    return np.array(sorted(chosen), dtype=np.int64)


def _keys(problem: Problem) -> list[tuple[float, ...]]:
    held = [*(cap.rows for cap in problem.caps), *(floor.rows for floor in problem.floors)]
    parts = [rows.astype(float) for rows in held]
    columns = [problem.worth, problem.minutes.astype(float), problem.first_day.astype(float), *parts]
    return [tuple(row) for row in np.column_stack(columns).tolist()]


def _build(problem: Problem, with_days: bool) -> tuple[_Model, dict[tuple[int, int], list[int]]]:
    n = len(problem)
    model = _Model((-problem.worth).tolist(), [1.0] * n, [True] * n)
    every, minutes = np.arange(n), problem.minutes.astype(float)
    model.add_row(every, minutes, -np.inf, problem.budget)
    model.add_row(every, np.ones(n), -np.inf, problem.touches)
    for cap in problem.caps:
        inside = np.flatnonzero(cap.rows)
        model.add_row(inside, minutes[inside], -np.inf, cap.minutes)
    for floor in problem.floors:
        lack = model.add_column(penalty(problem) * floor.weight, float(floor.minutes), False)
        inside = np.flatnonzero(floor.rows)
        model.add_row(np.r_[inside, lack], np.r_[minutes[inside], 1.0], floor.minutes, np.inf)
    edges = np.flatnonzero(np.diff(problem.person)) + 1
    for own in np.split(every, edges):
        if len(own) > 1:
            model.add_row(own, np.ones(len(own)), -np.inf, 1.0)
    return model, _add_days(model, problem) if with_days else {}


def _add_days(model: _Model, problem: Problem) -> dict[tuple[int, int], list[int]]:
    """Count touches of each (minutes, first day) on each day: exact, and far fewer columns than row × day."""
    sizes: dict[tuple[int, int], list[int]] = {}
    on_day: list[list[tuple[int, int]]] = [[] for _ in problem.room]
    pairs = np.column_stack((problem.minutes, problem.first_day))
    for length, first in np.unique(pairs, axis=0).tolist():
        fits = [r // length if day >= first else 0 for day, r in enumerate(problem.room)]
        sizes[length, first] = [model.add_column(0.0, float(most), True) for most in fits]
        for day, column in enumerate(sizes[length, first]):
            on_day[day].append((column, length))
        rows = np.flatnonzero((pairs == (length, first)).all(axis=1))
        counts = np.array(sizes[length, first], dtype=np.int64)
        model.add_row(np.r_[rows, counts], np.r_[np.ones(len(rows)), -np.ones(len(counts))], 0.0, 0.0)
    for day, entries in enumerate(on_day):
        columns = np.array([column for column, _ in entries], dtype=np.int64)
        model.add_row(columns, np.array([length for _, length in entries], dtype=float), -np.inf, problem.room[day])
    return sizes


def _days_from_counts(
    problem: Problem, rows: Rows, sizes: dict[tuple[int, int], list[int]], values: NDArray[np.float64]
) -> dict[int, int]:
    left = {size: [round(float(values[column])) for column in columns] for size, columns in sizes.items()}
    days: dict[int, int] = {}
    for row in rows.tolist():
        counts = left[int(problem.minutes[row]), int(problem.first_day[row])]
        day = next(d for d, count in enumerate(counts) if count > 0)
        counts[day] -= 1
        days[row] = day
    return days


def _run(
    model: _Model, problem: Problem, start: Rows | None, time_limit_s: float
) -> tuple[NDArray[np.float64], bool, float] | None:
    import highspy  # 0.3 s of CPU to import: only where a week is really planned

    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, Any] = {
        "output_flag": False, "threads": 1, "random_seed": 1, "time_limit": time_limit_s,
        "mip_rel_gap": 0.0, "mip_abs_gap": 1e-7,
    }  # fmt: skip
    for name, value in options.items():
        highs.setOptionValue(name, value)
    highs.passModel(_lp(highspy, model))
    if start is not None:
        _begin_from(highspy, highs, model, problem, start)
    highs.run()
    info = highs.getInfo()
    if info.primal_solution_status != highspy.kSolutionStatusFeasible:
        return None
    proven = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    values = np.array(highs.getSolution().col_value)
    return values, proven, -float(info.mip_dual_bound)


def _lp(highspy: Any, model: _Model) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.cost), len(model.low)
    lp.col_cost_ = np.array(model.cost)
    lp.col_lower_ = np.zeros(len(model.cost))
    lp.col_upper_ = np.array(model.upper)
    lp.row_lower_, lp.row_upper_ = np.array(model.low), np.array(model.high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array(model.starts)
    lp.a_matrix_.index_ = np.concatenate(model.columns)
    lp.a_matrix_.value_ = np.concatenate(model.factors)
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in model.integer]
    return lp


def _begin_from(highspy: Any, highs: Any, model: _Model, problem: Problem, start: Rows) -> None:
    values = np.zeros(len(model.cost))
    values[start] = 1.0
    for k, floor in enumerate(problem.floors):
        filled = int(problem.minutes[start][floor.rows[start]].sum())
        values[len(problem) + k] = max(0, floor.minutes - filled)
    solution = highspy.HighsSolution()
    solution.col_value = values.tolist()
    highs.setSolution(solution)

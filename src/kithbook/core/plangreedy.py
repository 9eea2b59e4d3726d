"""The plan by plain rules: fast, never fails, and the yardstick for the exact one."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kithbook.core.planproblem import Problem, Rows, penalty

MAX_ROUNDS = 4
NEAR = 200
"""Rows with the best index that the improvement looks at."""


class Basket:
    """Rows chosen so far, each with a day. `add` takes a row only where every limit still holds."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.days: dict[int, int] = {}
        self._people: set[int] = set()
        self._left = problem.budget
        self._room = list(problem.room)
        self._caps = [cap.minutes for cap in problem.caps]
        self._lacks = [floor.minutes for floor in problem.floors]
        self._penalty = penalty(problem)
        # Rows are looked at one by one, where plain lists are several times faster than arrays.
        self._person, self._minutes, self._first_day, self._worth = (
            column.tolist() for column in (problem.person, problem.minutes, problem.first_day, problem.worth)
        )
        self._in_caps = [cap.rows.tolist() for cap in problem.caps]
        self._in_floors = [floor.rows.tolist() for floor in problem.floors]

    def add(self, row: int) -> bool:
        """Take the row and give it the emptiest day; False where a limit forbids it."""
        minutes: int = self._minutes[row]
        if self._person[row] in self._people or minutes > self._left or len(self.days) >= self.problem.touches:
            return False
        if any(rows[row] and left < minutes for rows, left in zip(self._in_caps, self._caps, strict=True)):
            return False
        fitting = [d for d in range(self._first_day[row], len(self._room)) if self._room[d] >= minutes]
        if not fitting:
            return False
        self._book(row, max(fitting, key=lambda d: (self._room[d], -d)), minutes)
        return True

    def drop(self, row: int) -> int:
        """Take the row out again and say on which day it was."""
        day = self.days[row]
        self._book(row, day, -self._minutes[row])
        return day

    def put(self, row: int, day: int) -> None:
        """Book a row that was dropped back onto its day."""
        self._book(row, day, self._minutes[row])

    def _book(self, row: int, day: int, minutes: int) -> None:
        person = self._person[row]
        if minutes > 0:
            self.days[row] = day
            self._people.add(person)
        else:
            del self.days[row]
            self._people.discard(person)
        self._left -= minutes
        self._room[day] -= minutes
        for among, left in ((self._in_caps, self._caps), (self._in_floors, self._lacks)):
            for k, rows in enumerate(among):
                if rows[row]:
                    left[k] -= minutes

    def add_all(self, rows: Iterable[int]) -> None:
        """Offer rows one by one until the touches are used up."""
        for row in rows:
            if self._left <= 0 or len(self.days) >= self.problem.touches:
                break
            self.add(int(row))

    @property
    def rows(self) -> Rows:
        """The chosen rows in canonical order."""
        return np.array(sorted(self.days), dtype=np.int64)

    @property
    def score(self) -> float:
        """What `score_rows` says of the chosen rows, from sums that are kept up with each of them."""
        lacks = sum(f.weight * lack for f, lack in zip(self.problem.floors, self._lacks, strict=True) if lack > 0)
        return self.worth - self._penalty * lacks

    @property
    def worth(self) -> float:
        """The sum of the worth of the chosen rows."""
        return float(sum(self._worth[row] for row in sorted(self.days)))

    def gains_by(self, new: int, old: int) -> bool:
        """Whether one row is worth more than another."""
        return bool(self._worth[new] > self._worth[old])


def order_rows(problem: Problem, by_worth: bool = False) -> Rows:
    """Rows by worth per minute (or by worth), best first; equals in canonical order, so by person."""
    key = problem.worth if by_worth else problem.index
    return np.lexsort((np.arange(len(problem)), -key))


def choose_plain(problem: Problem) -> Basket:
    """The plain index rule: best worth per minute first, floors ignored."""
    basket = Basket(problem)
    basket.add_all(order_rows(problem))
    return basket


def choose_greedy(problem: Problem) -> Basket:
    """The best of four simple plans, each improved by swaps: never below the plain index rule."""
    plain = choose_plain(problem)
    plans = [plain]
    for by_worth in (False, True):
        order = order_rows(problem, by_worth)
        plans.append(_floors_first(problem, order))
        free = Basket(problem)
        free.add_all(order)
        plans.append(free)
    for plan in plans[1:]:
        _improve(plan)
    return max(plans, key=lambda plan: plan.score)


def _floors_first(problem: Problem, order: Rows) -> Basket:
    basket = Basket(problem)
    for floor in sorted(problem.floors, key=lambda f: -f.weight):
        need = floor.minutes - sum(int(problem.minutes[r]) for r in basket.days if floor.rows[r])
        for row in order[floor.rows[order]]:
            if need <= 0:
                break
            if basket.add(int(row)):
                need -= int(problem.minutes[row])
    basket.add_all(order)
    return basket


def _improve(basket: Basket) -> None:
    """Swap one chosen row for one of the near ones as long as that helps."""
    near = [int(row) for row in order_rows(basket.problem)[:NEAR]]
    best = basket.score
    for _ in range(MAX_ROUNDS):
        before = best
        for old in list(basket.days):
            best = _swap(basket, old, near, best)
        if best <= before:
            return


def _swap(basket: Basket, old: int, near: list[int], best: float) -> float:
    """Replace `old` by the first row that gives a better plan; otherwise leave everything as it was."""
    day = basket.drop(old)
    for row in near:
        if not basket.gains_by(row, old) or not basket.add(row):
            continue
        if (score := basket.score) > best + 1e-12:
            return score
        basket.drop(row)
    basket.put(old, day)
    return best

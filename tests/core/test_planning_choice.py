"""The choice of rows against brute force: greedy ≤ exact ≤ bound, and exact is the optimum."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithbook.core import planchoice
from kithbook.core.planchoice import choose_rows
from kithbook.core.plangreedy import choose_greedy, choose_plain
from kithbook.core.planmilp import settle_ties, solve_exactly
from kithbook.core.planproblem import (
    Cap,
    Floor,
    Problem,
    bound_worth,
    cap_floors,
    keep_rows,
    pack_days,
    prune_rows,
    score_rows,
)

LENGTHS = (2, 5, 7, 15, 30)


@st.composite
def problems(draw: st.DrawFn, most_people: int = 5) -> Problem:
    people = draw(st.integers(1, most_people))
    rows = []
    for person in range(people):
        rows.extend(
            (
                person,
                draw(st.sampled_from(LENGTHS)),
                draw(st.sampled_from([0.05, 0.2, 0.4, 0.40001, 0.7, 1.0])),
                draw(st.sampled_from([0, 0, 0, 1, 2])),
                draw(st.integers(1, 3)),
                draw(st.booleans()),
            )
            for _channel in range(draw(st.integers(1, 2)))
        )
    person, minutes, index, first, stage, marked = (np.array(column) for column in zip(*rows, strict=True))
    floors = [Floor(f"stage:{k}", stage == k, draw(st.sampled_from([0, 2, 6, 14]))) for k in (1, 2, 3)]
    floors.append(Floor("giving", marked, draw(st.sampled_from([0, 3, 8])), 2))
    return Problem(
        person, minutes, index * minutes, first, draw(st.sampled_from([0, 4, 12, 20, 44, 90])), draw(st.integers(1, 4)),
        tuple(draw(st.lists(st.sampled_from([0, 5, 15, 22, 60]), min_size=3, max_size=3))),
        (Cap("giving", marked, draw(st.sampled_from([0, 5, 12, 40]))),),
        tuple(f for f in floors if f.minutes and f.rows.any()),
    )  # fmt: skip


def packs(minutes: list[int], first: list[int], room: tuple[int, ...]) -> bool:
    """Whether any assignment to days fits, by trying all."""
    for days in itertools.product(range(len(room)), repeat=len(minutes)):
        used = [0] * len(room)
        for length, opens, day in zip(minutes, first, days, strict=True):
            used[day] += length if day >= opens else 10**6
        if all(u <= r for u, r in zip(used, room, strict=True)):
            return True
    return False


def is_allowed(problem: Problem, rows: list[int]) -> bool:
    chosen = np.array(rows, dtype=np.int64)
    minutes = problem.minutes[chosen]
    return (
        len(set(problem.person[chosen].tolist())) == len(rows) <= problem.touches
        and minutes.sum() <= problem.budget
        and all(minutes[cap.rows[chosen]].sum() <= cap.minutes for cap in problem.caps)
        and packs(minutes.tolist(), problem.first_day[chosen].tolist(), problem.room)
    )


def best_by_brute_force(problem: Problem) -> float:
    """The largest score of all subsets of rows with at most one a person."""
    own = [[None, *np.flatnonzero(problem.person == p).tolist()] for p in np.unique(problem.person)]
    best = -np.inf
    for picks in itertools.product(*own):
        rows = [row for row in picks if row is not None]
        score = score_rows(problem, np.array(rows, dtype=np.int64))
        if score > best and is_allowed(problem, rows):
            best = score
    return best


def rows_of(days: dict[int, int]) -> np.ndarray:
    return np.array(sorted(days), dtype=np.int64)


@settings(max_examples=120)
@given(problems())
def test_the_choice_is_the_best_of_all_choices(problem: Problem) -> None:
    choice = choose_rows(problem, 5.0)
    rows = rows_of(choice.days)
    assert is_allowed(problem, rows.tolist())
    assert choice.proven
    assert score_rows(problem, rows) == pytest.approx(best_by_brute_force(problem), abs=1e-5)


@settings(max_examples=120)
@given(problems(most_people=12))
def test_greedy_is_valid_and_lies_between_the_plain_rule_and_the_exact_plan(problem: Problem) -> None:
    small = cap_floors(problem)
    plain, greedy = choose_plain(small), choose_greedy(small)
    assert greedy.score >= plain.score
    solved = solve_exactly(small, greedy.rows, 5.0)
    assert solved is not None
    exact = score_rows(small, rows_of(solved.days))
    assert exact >= greedy.score - 1e-6
    assert exact <= solved.bound + 1e-5
    assert float(small.worth[rows_of(solved.days)].sum()) <= bound_worth(small)[0] + 1e-6
    for days in (plain.days, greedy.days, solved.days):
        used = [sum(int(small.minutes[r]) for r, d in days.items() if d == day) for day in range(len(small.room))]
        assert all(u <= room for u, room in zip(used, small.room, strict=True))
        assert all(day >= small.first_day[row] for row, day in days.items())


@settings(max_examples=80)
@given(problems())
def test_pruning_never_loses_the_optimum(problem: Problem) -> None:
    assert best_by_brute_force(keep_rows(problem, prune_rows(problem))) == pytest.approx(
        best_by_brute_force(problem), abs=1e-9
    )


@settings(max_examples=60)
@given(problems(most_people=12), st.integers(1, 6))
def test_a_cut_is_only_called_proven_where_the_bound_says_so(problem: Problem, most: int) -> None:
    full = choose_rows(problem, 5.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planchoice, "MAX_ROWS", most)
        patch.setattr(planchoice, "ROWS_PER_FLOOR", 1)
        cut = choose_rows(problem, 5.0)
    assert cut.value <= cut.bound + 1e-6
    if cut.proven:
        assert score_rows(problem, rows_of(cut.days)) == pytest.approx(
            score_rows(problem, rows_of(full.days)), abs=1e-5
        )


def test_without_the_solver_the_greedy_plan_is_taken_and_not_called_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_args: object) -> None:
        raise ImportError

    monkeypatch.setattr(planchoice, "solve_exactly", missing)
    ones = np.ones(3)
    problem = Problem(np.arange(3), np.array([15, 7, 2]), np.array([9.0, 7.0, 1.0]), np.zeros(3, int), 20, 5, (20,) * 7)
    choice = choose_rows(problem, 1.0)
    assert not choice.proven
    assert set(choice.days) == {0, 2}
    assert choice.value == 10.0 <= choice.bound <= float((problem.worth * ones).sum())


def test_a_knapsack_worked_by_hand_is_solved_better_than_by_the_index() -> None:
    """12 minutes; a: 7 min worth 7 (1.00/min), b and c: 6 min worth 5.4 (.90). The index takes a, b + c is best."""
    problem = Problem(np.arange(3), np.array([7, 6, 6]), np.array([7.0, 5.4, 5.4]), np.zeros(3, int), 12, 5, (12,) * 7)
    assert choose_plain(problem).rows.tolist() == [0]
    choice = choose_rows(problem, 1.0)
    assert sorted(choice.days) == [1, 2]
    assert choice.value == pytest.approx(10.8)
    assert choice.proven


def test_days_that_no_simple_rule_packs_are_solved_exactly() -> None:
    """Room 10, 9 and 12 for 3+3+3, 4+4+4 and 5+5: every minute is used; longest-first does not get there."""
    minutes = np.array([3, 3, 3, 4, 4, 4, 5, 5])
    room = (9, 12, 10)
    assert pack_days(minutes.tolist(), [0] * 8, room) is None
    problem = Problem(np.arange(8), minutes, minutes.astype(float), np.zeros(8, int), 31, 8, room)
    solved = solve_exactly(problem, choose_greedy(problem).rows, 5.0)
    assert solved is not None
    assert len(solved.days) == 8
    for day, limit in enumerate(room):
        assert sum(int(minutes[row]) for row, d in solved.days.items() if d == day) == limit


def test_equal_worth_goes_to_the_lower_person() -> None:
    problem = Problem(np.arange(40), np.full(40, 7), np.full(40, 7.0), np.zeros(40, int), 21, 12, (21,) * 7)
    assert settle_ties(problem, np.array([11, 25, 39])).tolist() == [0, 1, 2]
    assert sorted(choose_rows(problem, 1.0).days) == [0, 1, 2]


def test_a_floor_outweighs_any_worth_but_not_what_nobody_can_fill() -> None:
    stage = np.array([4, 4, 1])
    floors = (Floor("stage:1", stage == 1, 5),)
    problem = Problem(
        np.arange(3), np.array([5, 5, 5]), np.array([5.0, 4.0, 0.01]), np.zeros(3, int), 10, 9, (10,) * 7, (), floors
    )
    choice = choose_rows(problem, 1.0)
    assert sorted(choice.days) == [0, 2]
    assert choice.for_floor == {2: "stage:1"}
    assert choice.missing == 0

"""What a look decides, as a table; when it stops; when it comes again."""

from __future__ import annotations

import itertools

import pytest

from kithbook.core import syncplan
from kithbook.core.syncplan import (
    CHANGED,
    CONFLICT,
    DELETE_HERE,
    DELETE_THERE,
    FORGET,
    GONE,
    MERGE,
    NEVER,
    NOTHING,
    PULL,
    PUSH,
    SAME,
    Loss,
    decide,
    find_loss,
    minutes_until_next,
)


@pytest.mark.parametrize(
    ("mine", "theirs", "action"),
    [
        (SAME, SAME, NOTHING), (SAME, CHANGED, PULL), (CHANGED, SAME, PUSH), (CHANGED, CHANGED, MERGE),
        (SAME, GONE, DELETE_HERE), (GONE, SAME, DELETE_THERE), (CHANGED, GONE, CONFLICT), (GONE, CHANGED, CONFLICT),
        (GONE, GONE, FORGET), (NEVER, CHANGED, PULL), (CHANGED, NEVER, PUSH), (GONE, NEVER, FORGET),
    ],
)  # fmt: skip
def test_each_case_has_its_action(mine: str, theirs: str, action: str) -> None:
    assert decide(mine, theirs) == action


def test_nothing_that_changed_is_ever_deleted_without_asking() -> None:
    for mine, theirs in itertools.product((SAME, CHANGED, GONE), repeat=2):
        if CHANGED in (mine, theirs):
            assert decide(mine, theirs) not in (DELETE_HERE, DELETE_THERE, FORGET)


def test_without_permission_nothing_is_written_there() -> None:
    for mine, theirs in itertools.product((SAME, CHANGED, GONE), repeat=2):
        assert decide(mine, theirs, writes=False) not in syncplan.WRITING


@pytest.mark.parametrize(
    ("gone", "known", "stops"),
    [
        (0, 0, False),
        (0, 9, False),
        (1, 9, False),
        (4, 8, False),
        (5, 8, True),
        (9, 9, True),
        (1, 1, True),
        (1, 2, False),
    ],
)
def test_a_side_that_lost_all_or_more_than_half_stops_the_look(gone: int, known: int, stops: bool) -> None:
    assert (find_loss([DELETE_HERE] * gone, known) == Loss("there", gone, known)) is stops
    assert (find_loss({DELETE_THERE: gone}, known) == Loss("here", gone, known)) is stops


def test_waits_double_with_failures_up_to_a_day_and_wrong_passwords_wait_longer() -> None:
    assert [minutes_until_next(60, n) for n in (0, 1, 2, 3, 4, 5, 99)] == [60, 120, 240, 480, 960, 1440, 1440]
    assert [minutes_until_next(15, n, refused=True) for n in (1, 2, 5, 6, 7)] == [360, 360, 480, 960, 1440]
    assert minutes_until_next(10_080, 3) == 10_080

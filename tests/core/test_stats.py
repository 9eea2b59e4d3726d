"""Numbers over a year: replies, kept and lost, circles, periods."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from kithbook.core.stats import (
    compare,
    describe_period,
    find_circles,
    median,
    minutes_by_stage,
    reply_stats,
    top_share,
)
from tests.core.test_review import ANNA, BEN, MONDAY, contact

NOW = int(dt.datetime.combine(MONDAY + dt.timedelta(days=100), dt.time(), dt.UTC).timestamp())


def test_replies_count_the_first_message_of_a_day_and_answers_within_thirty_days() -> None:
    """R16: rate and days of waiting; what is younger than thirty days without an answer is still open."""
    rows = [
        contact(ANNA, 0), contact(ANNA, 0, hour=15), contact(ANNA, 2, way=-1),
        contact(ANNA, 10), contact(ANNA, 50, way=-1),
        contact(BEN, 0), contact(BEN, 4, way=0),
        contact(BEN, 90),
    ]  # fmt: skip
    found = reply_stats(rows, NOW)
    assert (found.asked, found.answered) == (3, 2)
    assert found.rate == pytest.approx(2 / 3)
    assert found.median_days == pytest.approx(3.0)


def test_no_messages_have_no_rate() -> None:
    """R16: somebody who was never written to has no rate of answers."""
    found = reply_stats([contact(ANNA, 0, way=-1)], NOW)
    assert (found.asked, found.rate, found.median_days) == (0, None, None)


def test_ties_are_kept_revived_lost_or_new_by_warmth_at_two_moments() -> None:
    """R48: a quarter of warmth decides, and whether there was contact before."""
    before = np.array([0.30, 0.20, 0.30, 0.00, 0.10])
    after = np.array([0.25, 0.25, 0.20, 0.50, 0.10])
    known = np.array([True, True, True, False, True])
    found = compare(before, after, known)
    assert [list(np.flatnonzero(mask)) for mask in found] == [[0], [1], [2], [3]]


def test_the_part_of_the_few_with_most() -> None:
    assert top_share({1: 60.0, 2: 30.0, 3: 10.0}, 1) == pytest.approx(0.6)
    assert top_share({}) is None


def test_minutes_go_to_the_stage_people_stand_at_and_strangers_are_left_out() -> None:
    """R31, R69: minutes by stage."""
    rows = [contact(ANNA, 0, minutes=30), contact(BEN, 0, minutes=10), contact(99, 0, minutes=500)]
    assert minutes_by_stage(rows, {ANNA: 3, BEN: 5}) == {3: 30.0, 5: 10.0}


def test_a_period_says_what_a_result_took() -> None:
    """R69: 90 minutes, 60 of them at Like and Trust, three results: 30 minutes each."""
    found = describe_period({3: 40.0, 4: 20.0, 1: 30.0}, 3, 90)
    assert (found.minutes, found.middle_share, found.minutes_per_result) == (90.0, pytest.approx(2 / 3), 30.0)
    assert describe_period({}, 0, 90)[2:] == (None, 0, None)


def test_circles_that_hang_on_nobody_or_one_come_first() -> None:
    """R32: three people or more; how many of them are warm; capitals make no second circle."""
    names = ["Graz", "graz ", "Graz", "Linz", "Linz", "Linz", "Linz", "Rome"]
    members = [("place", name, person) for person, name in enumerate(names)]
    warm = dict.fromkeys(range(8), False) | {0: True, 1: True, 3: True}
    found = find_circles(members, warm)
    assert [(one.name, one.known, one.warm) for one in found] == [("Linz", 4, 1), ("Graz", 3, 2)]


def test_the_middle_of_nothing_is_nothing() -> None:
    assert median([]) is None
    assert median([1.0, 9.0, 2.0]) == 2.0

"""The week in numbers: minutes, before need, who began, revived and lost; each with cases worked by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from kithbook.core.review import (
    BeforeNeed,
    Contact,
    before_need,
    find_clusters,
    find_lost,
    find_revived,
    is_late,
    is_round_ask,
    minutes_by_day,
    minutes_by_person,
    review_week,
    who_began,
)

MONDAY = dt.date(2026, 11, 16)
ANNA, BEN = 1, 2


def contact(person: int, day: int, channel: str = "call", way: int = 1, size: int = 1, minutes: int | None = None,
            hour: int = 12) -> Contact:  # fmt: skip
    """A contact so many days after the Monday."""
    on = MONDAY + dt.timedelta(days=day)
    at = int(dt.datetime.combine(on, dt.time(hour), dt.UTC).timestamp())
    return Contact(person, on, at, channel, way, size, minutes)


@pytest.mark.parametrize(
    ("rows", "minutes"),
    [
        ([], {}),
        ([contact(ANNA, 0)], {ANNA: 15}),
        ([contact(ANNA, 0, minutes=40)], {ANNA: 40}),
        ([contact(ANNA, 0, minutes=0)], {ANNA: 0}),
        ([contact(ANNA, 0, way=-1)], {}),
        ([contact(ANNA, 0, "email"), contact(ANNA, 0, "call", hour=15)], {ANNA: 15}),
        ([contact(ANNA, 0, "email"), contact(ANNA, 1, "email")], {ANNA: 14}),
        ([contact(ANNA, 0, minutes=10), contact(ANNA, 0, minutes=20, hour=15), contact(ANNA, 0, "call")], {ANNA: 30}),
        ([contact(ANNA, 0, "meeting", 0, 3, 90), contact(BEN, 0, "meeting", 0, 3, 90)], {ANNA: 30, BEN: 30}),
        ([contact(ANNA, 0, "like")], {ANNA: 0}),
        ([contact(ANNA, 0, "a channel of a later version")], {ANNA: 0}),
    ],
)
def test_minutes_are_what_was_said_or_usual_once_a_day_and_shared(
    rows: list[Contact], minutes: dict[int, float]
) -> None:
    assert minutes_by_person(rows) == minutes
    assert sum(minutes_by_day(rows).values()) == sum(minutes.values())


@pytest.mark.parametrize(("days", "near"), [(0, True), (14, True), (15, False), (-14, True), (-15, False)])
def test_two_weeks_before_and_after_are_round_an_ask(days: int, near: bool) -> None:
    assert is_round_ask(MONDAY + dt.timedelta(days=days), [MONDAY]) is near


def test_the_share_before_need_counts_days_of_the_owners_making() -> None:
    """R1: contacts with no ask around them, of all that the owner had a part in."""
    rows = [contact(ANNA, 0), contact(ANNA, 0, hour=18), contact(ANNA, 1, way=-1), contact(ANNA, 2, way=0)]
    rows += [contact(BEN, 0), contact(BEN, 40)]
    found = before_need(rows, {BEN: [MONDAY + dt.timedelta(days=5)]})
    assert found == BeforeNeed(4, 1)
    assert found.share == 0.75
    assert before_need([], {}).share is None


@pytest.mark.parametrize(
    ("contacts", "near", "late"), [(4, 4, False), (5, 1, False), (6, 2, False), (6, 3, True), (5, 5, True)]
)
def test_a_warning_wants_five_contacts_and_more_than_a_third_round_asks(contacts: int, near: int, late: bool) -> None:
    """R1: exactly two thirds away from asks is still good."""
    assert is_late(BeforeNeed(contacts, near)) is late


def test_people_met_only_round_an_ask_are_named_with_the_ask() -> None:
    """R1: three of four contacts round one ask are a cluster, two of two are not."""
    ask = MONDAY + dt.timedelta(days=10)
    rows = [contact(ANNA, day) for day in (0, 5, 9, 60)] + [contact(BEN, 0), contact(BEN, 5)]
    (found,) = find_clusters(rows, {ANNA: [ask, MONDAY + dt.timedelta(days=300)], BEN: [ask]})
    assert (found.person, found.near, found.contacts, found.ask_on) == (ANNA, 3, 4, ask)
    assert find_clusters(rows, {}) == []


def test_an_exchange_begins_after_seven_days_of_silence() -> None:
    """R43: who wrote first; an answer, and a meeting that both began, count for neither."""
    rows = [
        contact(ANNA, 0), contact(ANNA, 1, way=-1), contact(ANNA, 8, way=-1), contact(ANNA, 16, way=-1),
        contact(BEN, 2, way=0), contact(BEN, 30, way=1),
    ]  # fmt: skip
    found = who_began(rows, MONDAY)
    assert (found.mine, found.theirs) == (2, 1)
    assert found.share == pytest.approx(2 / 3)
    assert who_began([], MONDAY).share is None


def test_what_began_before_the_day_is_not_counted_again() -> None:
    rows = [contact(ANNA, -3), contact(ANNA, 2)]
    assert who_began(rows, MONDAY) == (0, 0)


def test_a_lost_tie_fell_through_a_quarter_was_real_and_is_silent() -> None:
    before = np.array([0.30, 0.30, 0.30, 0.25, 0.24, 0.30])
    after = np.array([0.24, 0.24, 0.24, 0.2499, 0.10, 0.25])
    silence = np.array([30.0, 29.9, 90.0, 90.0, 90.0, 90.0])
    two_way = np.array([2, 5, 1, 2, 5, 5], dtype=np.int32)
    assert find_lost(before, after, silence, two_way).tolist() == [True, False, False, True, False, False]


def test_a_revived_tie_took_part_again_after_a_long_silence_of_theirs() -> None:
    """R48: after 180 days at any warmth, after 90 where warmth rose through a quarter; a first answer is none."""
    before = np.array([0.20, 0.20, 0.40, 0.10, 0.10, 0.20])
    after = np.array([0.30, 0.30, 0.50, 0.20, 0.60, 0.30])
    silence = np.array([90.0, 89.0, 180.0, 179.0, np.inf, 400.0])
    part = np.array([True, True, True, True, True, False])
    assert find_revived(before, after, silence, part).tolist() == [True, False, True, False, False, False]


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        ("2026-11-16", "2026-11-09"),
        ("2026-11-19", "2026-11-09"),
        ("2026-11-20", "2026-11-16"),
        ("2026-11-22", "2026-11-16"),
    ],
)
def test_from_friday_on_the_present_week_is_reviewed(today: str, monday: str) -> None:
    assert review_week(dt.date.fromisoformat(today)) == dt.date.fromisoformat(monday)

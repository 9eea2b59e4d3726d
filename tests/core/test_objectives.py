"""Objectives: shares, minutes, and what was invested before need, on hand-worked cases."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.errors import Invalid
from kithbook.core.objectives import (
    KINDS,
    BeforeNeed,
    Exchange,
    check_share,
    count_before_need,
    count_minutes,
    kind_of,
    say_before_need,
)

OPENED = dt.date(2026, 11, 1)
TODAY = dt.date(2026, 11, 21)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_a_job_search_and_sales_are_pushes_that_need_other_roles_than_a_move() -> None:
    """R88: each context has the roles it lives from, and only a job search and sales are warned of."""
    assert [code for code, kind in KINDS.items() if kind.is_push] == ["job_search", "sales"]
    assert "referrer" in kind_of("job_search").roles
    assert "client" in kind_of("sales").roles
    assert kind_of("move").roles == ("connector", "supporter")
    assert kind_of("") is kind_of("a strange word") is KINDS["other"]


@pytest.mark.parametrize(
    ("share", "others"),
    [(0.0, {}), (1.0, {}), (0.3, {"A": 0.7}), (0.1, {"A": 0.1, "B": 0.2, "C": 0.6}), (0.0, {"A": 1.0, "B": 0.4})],
)
def test_shares_up_to_the_whole_are_fine(share: float, others: dict[str, float]) -> None:
    check_share(share, others)


@pytest.mark.parametrize(
    ("share", "others", "words"),
    [
        (-0.01, {}, "-0.01 is outside 0 to 1"),
        (1.01, {}, "1.01 is outside 0 to 1"),
        (0.4, {"Clients": 0.6, "Talk": 0.25}, "125 % of the strategic minutes (Clients 60 %, Talk 25 %)"),
        (0.01, {"Clients": 1.0}, "101 %"),
    ],
)
def test_shares_beyond_the_whole_are_refused_with_what_is_free(
    share: float, others: dict[str, float], words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_share(share, others)
    assert words in refused.value.message


def test_the_refusal_says_what_is_free() -> None:
    with pytest.raises(Invalid) as refused:
        check_share(0.4, {"Clients": 0.6, "Talk": 0.25})
    assert "At most 15 % is free" in refused.value.hint


@pytest.mark.parametrize(
    ("touches", "asked", "expected"),
    [
        ([], {}, BeforeNeed(0, 0, 0)),
        # The day before the opening is before need, the day itself is not.
        ([(1, "2026-10-31"), (1, "2026-11-01")], {}, BeforeNeed(1, 2, 0)),
        # Several touches of one day are one; another person's count by themselves.
        ([(1, "2026-10-01"), (1, "2026-10-01"), (2, "2026-10-01")], {}, BeforeNeed(2, 2, 0)),
        # An ask before the opening ends the innocence of that tie, not of the other.
        ([(1, "2026-09-30"), (1, "2026-10-01"), (2, "2026-10-01")], {1: "2026-10-01"}, BeforeNeed(2, 3, 1)),
        # Fourteen days before the ask is part of the asking, fifteen is not; the day of the ask is neither.
        ([(1, "2026-10-06"), (1, "2026-10-07"), (1, "2026-10-21")], {1: "2026-10-21"}, BeforeNeed(2, 3, 1)),
        # What is still to come does not count.
        ([(1, "2026-11-21"), (1, "2026-11-22")], {}, BeforeNeed(0, 1, 0)),
    ],
)
def test_touches_before_need_by_hand(
    touches: list[tuple[int, str]], asked: dict[int, str], expected: BeforeNeed
) -> None:
    """R1: a touch counts as invested before need only while nothing was wanted of that person."""
    found = count_before_need(
        [(person, day(on)) for person, on in touches], OPENED, {k: day(v) for k, v in asked.items()}, TODAY
    )
    assert found == expected


def test_the_share_before_need_is_nothing_without_contact() -> None:
    assert BeforeNeed(0, 0, 0).share is None
    assert BeforeNeed(3, 4, 0).share == 0.75


def test_touches_that_cluster_round_asks_are_said() -> None:
    """R1: where most contact fell into the weeks before an ask, the sentence says so."""
    assert "before an ask" in say_before_need(BeforeNeed(2, 3, 2))
    assert "before an ask" not in say_before_need(BeforeNeed(2, 4, 2))
    assert "No contact" in say_before_need(BeforeNeed(0, 0, 0))


def exchange(key: int, on: str, channel: str = "call", direction: int = 0, minutes: int | None = None) -> Exchange:
    return Exchange(key, 7, day(on), channel, direction, minutes)


@pytest.mark.parametrize(
    ("exchanges", "minutes"),
    [
        ([], 0),
        ([exchange(1, "2026-11-01", minutes=20)], 20),
        ([exchange(1, "2026-10-31", minutes=20), exchange(2, "2026-11-10", minutes=5)], 5),
        ([exchange(1, "2026-11-10", minutes=20), exchange(2, "2026-11-11", minutes=5)], 20),
        ([exchange(1, "2026-11-02")], 15),
        ([exchange(1, "2026-11-02", "email", 1), exchange(2, "2026-11-03", "email", -1)], 7),
        ([exchange(1, "2026-11-02", minutes=0)], 0),
        ([exchange(1, "2026-11-02", minutes=60), exchange(1, "2026-11-02", minutes=60)], 60),
    ],
)
def test_minutes_between_opening_and_end_by_hand(exchanges: list[Exchange], minutes: int) -> None:
    assert count_minutes(exchanges, OPENED, dt.date(2026, 11, 10)) == minutes


def test_ten_thousand_people_are_counted_at_once() -> None:
    touches = [(person, day("2026-10-01")) for person in range(10_000)]
    assert count_before_need(touches, OPENED, {}, TODAY) == BeforeNeed(10_000, 10_000, 0)

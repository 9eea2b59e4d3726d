"""Groups: rungs of roles, and when a step up is suggested."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.groups import Member, find_step_up, rank_of

TODAY = dt.date(2026, 11, 21)
YEAR_AGO = dt.date(2025, 11, 21)


@pytest.mark.parametrize(
    ("role", "rung"),
    [
        ("", 0), ("guest", 0), ("member", 1), ("Member ", 1), ("tenor", 1), ("former chair", 1), ("ex-president", 1),
        ("volunteer", 2), ("programme team", 2), ("speaker", 3), ("Co-organiser", 4), ("committee member", 4),
        ("board member", 5), ("Treasurer", 5), ("Vice-President", 5), ("chair", 6), ("Chair of the board", 6),
    ],
)  # fmt: skip
def test_rungs_of_roles(role: str, rung: int) -> None:
    assert rank_of(role) == rung


def members(warm: int, *roles: tuple[str, str, bool]) -> list[Member]:
    plain = [Member(100 + number, f"Warm {number}", "member", True) for number in range(warm)]
    return [*plain, *(Member(number, name, role, hot) for number, (name, role, hot) in enumerate(roles))]


def test_a_step_up_names_the_next_role_and_whom_to_ask() -> None:
    """R114: a member for more than a year with three warm ties is shown the lowest role above, and who has it."""
    found = find_step_up(
        "member", dt.date(2025, 11, 20), members(3, ("Zoe", "chair", True), ("Bea", "organiser", True)), TODAY
    )
    assert found is not None
    assert (found.role, found.ask) == ("organiser", (1, 0))
    assert "since November 2025: ask Bea and Zoe what is needed." in found.why


@pytest.mark.parametrize(
    ("mine", "since", "warm"),
    [
        ("member", YEAR_AGO, 3),  # exactly a year is not more than one
        ("member", None, 3),
        ("member", dt.date(2020, 1, 1), 2),
        ("volunteer", dt.date(2020, 1, 1), 5),
        ("chair", dt.date(2020, 1, 1), 5),
    ],
)
def test_it_is_too_early_or_not_needed(mine: str, since: dt.date | None, warm: int) -> None:
    """R114: no suggestion within the first year, with fewer than three warm ties, or where one helps already."""
    assert find_step_up(mine, since, members(warm), TODAY) is None


def test_where_nobodys_role_is_known_the_warm_ones_are_asked() -> None:
    found = find_step_up("member", dt.date(2020, 1, 1), members(4), TODAY)
    assert found is not None
    assert (found.role, found.ask) == ("volunteer", (100, 101))


def test_a_warm_holder_of_a_role_is_asked_before_a_cold_one() -> None:
    people = members(3, ("Cold", "organiser", False), ("Hot", "chair", True))
    found = find_step_up("", dt.date(2020, 1, 1), people, TODAY)
    assert found is not None
    assert (found.role, found.ask) == ("organiser", (1,))


def test_an_empty_group_asks_for_nothing_and_a_large_one_is_quick() -> None:
    assert find_step_up("member", dt.date(2020, 1, 1), [], TODAY) is None
    found = find_step_up("member", dt.date(2020, 1, 1), members(10_000), TODAY)
    assert found is not None
    assert found.why.startswith("10000 ties")

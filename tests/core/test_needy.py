"""The needy guard of method §2: ceilings per stage, two unanswered in a row, the pause."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.needy import (
    GuardRules,
    Unanswered,
    check_outbound,
    find_allowed_days,
    quiet_note,
)

TODAY = date(2026, 11, 21)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(("stage", "days"), [(1, 60), (2, 21), (3, 10), (4, 7)])
def test_each_stage_below_support_has_its_ceiling(stage: int, days: int) -> None:
    allowance = check_outbound(stage, Unanswered(1, TODAY))
    assert allowance.allowed_on == TODAY + timedelta(days=days)
    assert not allowance.allows(TODAY + timedelta(days=days - 1))
    assert allowance.allows(TODAY + timedelta(days=days))


@pytest.mark.parametrize("stage", [5, 6, 7])
def test_from_support_up_one_unanswered_is_no_matter(stage: int) -> None:
    assert check_outbound(stage, Unanswered(1, TODAY)).allows(TODAY)


@pytest.mark.parametrize("stage", range(1, 8))
def test_two_unanswered_in_a_row_pause_everybody(stage: int) -> None:
    allowance = check_outbound(stage, Unanswered(2, date(2026, 10, 4)))
    assert allowance.allowed_on == date(2026, 12, 3)
    assert allowance.why == "you wrote twice without an answer, last on 4 Oct"


def test_the_reason_names_the_ceiling() -> None:
    why = check_outbound(2, Unanswered(1, days_ago(3))).why
    assert why == "you wrote on 18 Nov, and at this stage 21 days without an answer are left between two"


def test_the_limits_are_the_owners_to_change() -> None:
    rules = GuardRules(ceiling_days={2: 5}, most_unanswered=3, pause_days=10)
    assert check_outbound(2, Unanswered(2, TODAY), rules).allowed_on == TODAY + timedelta(days=5)
    assert check_outbound(3, Unanswered(3, TODAY), rules).allowed_on == TODAY + timedelta(days=10)


def test_logging_by_hand_gets_a_quiet_note_only_past_the_ceiling() -> None:
    assert quiet_note(4, Unanswered(0, None), TODAY) == ""
    assert quiet_note(4, Unanswered(1, days_ago(8)), TODAY) == ""
    assert quiet_note(4, Unanswered(1, days_ago(2)), TODAY).startswith("You wrote on 19 Nov")


people = st.lists(st.tuples(st.integers(1, 7), st.integers(0, 4), st.integers(0, 90)), min_size=1, max_size=20)


@given(people)
def test_many_at_once_are_judged_as_one_by_one(many: list[tuple[int, int, int]]) -> None:
    stage, count, ago = (np.array(column) for column in zip(*many, strict=True))
    found = find_allowed_days(stage, count, TODAY.toordinal() - ago)
    for k, (own_stage, own_count, own_ago) in enumerate(many):
        single = check_outbound(own_stage, Unanswered(own_count, days_ago(own_ago) if own_count else None))
        assert found[k] == (single.allowed_on.toordinal() if single.allowed_on else 0)

"""Other minutes for a week: kept for that week only, or only looked at."""

from __future__ import annotations

import pytest

from kithbook.core.errors import Invalid
from kithbook.services import clock, owners, weeks
from kithbook.store.models import Owner, Plan, Promise
from tests.services.helpers import MONDAY, circle, later, set_clock, snapshot


@pytest.fixture(autouse=True)
def _monday(_fixed_clock: None, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, MONDAY)


def test_other_minutes_hold_for_this_week_only(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    circle(owner, 12)
    assert weeks.week(owner).minutes_budget == 120
    short = weeks.budget(owner, minutes=20)
    assert short.minutes_planned <= short.minutes_budget == 20
    assert weeks.week(owner) == short
    owner.refresh_from_db()
    assert owner.minutes_per_week == 120
    later(monkeypatch, 7)
    assert weeks.week(owner).minutes_budget == 120


@pytest.mark.parametrize("minutes", [0, 20, 600])
def test_a_look_with_other_minutes_changes_nothing(owner: Owner, minutes: int) -> None:
    people = circle(owner, 12)
    Promise.objects.create(owner=owner, person=people[0], text="the slides", made_on=clock.today(owner))
    owners.touch_revision(owner)
    kept, before = weeks.week(owner), snapshot(owner)
    look = weeks.week(owner, minutes=minutes)
    assert look.is_look
    assert look.minutes_planned <= look.minutes_budget == minutes
    assert {touch.number for touch in look.touches} <= {0}
    assert snapshot(owner) == before
    assert weeks.week(owner) == kept
    assert weeks.today(owner).minutes_budget == 120


def test_the_same_minutes_again_keep_the_plan(owner: Owner) -> None:
    circle(owner, 12)
    short = weeks.budget(owner, minutes=40)
    again = weeks.budget(owner, minutes=40)
    assert [touch.id for touch in short.touches] == [touch.id for touch in again.touches]


@pytest.mark.parametrize("minutes", [-1, 7 * 24 * 60 + 1])
def test_minutes_that_fit_no_week_are_refused(owner: Owner, minutes: int) -> None:
    for act in (weeks.week, weeks.budget):
        with pytest.raises(Invalid):
            act(owner, minutes=minutes)
    assert not Plan.objects.exists()

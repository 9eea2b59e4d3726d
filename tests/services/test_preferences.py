"""The owner's choices: they stay, nonsense is refused, and the plan keeps to them."""

from __future__ import annotations

import pytest

from kithbook.core.errors import Invalid
from kithbook.services import preferences, tips, weeks
from kithbook.store.models import Owner
from tests.services.helpers import circle, later


def test_choices_are_kept_and_the_rest_stays(owner: Owner) -> None:
    """R51: protected slots, quiet times and caps are the owner's."""
    preferences.change(owner, relationship_time=["Fri 9-9:30", "tue 16:00-17:00", "tue 16:00-17:00"], social_minutes=15)
    preferences.change(owner, review_day="wed", review_hour=7, quiet_days=["sunday", "mon"])
    view = preferences.show(Owner.objects.get(pk=owner.pk))
    assert view.relationship_time == ["tue 16:00-17:00", "fri 09:00-09:30"]
    assert (view.review_day, view.review_hour, view.quiet_days) == ("wednesday", 7, ["monday", "sunday"])
    assert (view.social_minutes, view.giving_share, view.quiet_from) == (15, 10, 20)


@pytest.mark.parametrize(
    "bad",
    [
        {"review_day": "someday"},
        {"review_hour": 24},
        {"social_minutes": -1},
        {"giving_share": 51},
        {"quiet_from": -1},
        {"quiet_days": ["x"]},
        {"relationship_time": ["late"]},
        {"relationship_time": [f"mon {h}:00-{h}:30" for h in range(15)]},
        {"shares": {"1": "100"}},
        {"shares": {str(n): "10" for n in range(1, 8)}},
        {"shares": {str(n): "x" for n in range(1, 8)}},
        {"shares": {str(n): "nan" for n in range(1, 8)}},
        {"review_to": "x@example.com"},
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(owner: Owner, bad: dict[str, object]) -> None:
    before = preferences.show(owner)
    with pytest.raises(Invalid):
        preferences.change(owner, **bad)  # type: ignore[arg-type]
    assert preferences.show(Owner.objects.get(pk=owner.pk)) == before


def test_shares_are_percentages_and_an_empty_list_brings_the_usual_back(owner: Owner) -> None:
    shares = {"1": "0", "2": "0", "3": "50", "4": "50", "5": "0", "6": "0", "7": "0"}
    assert preferences.change(owner, shares=shares).shares["3"] == 50
    assert preferences.change(owner, shares={}).shares == {"1": 5, "2": 10, "3": 30, "4": 35, "5": 10, "6": 5, "7": 5}


@pytest.mark.parametrize("share", [0, 15, 50])
def test_a_plan_is_made_for_every_giving_share(owner: Owner, share: int) -> None:
    circle(owner, 8)
    preferences.change(owner, giving_share=share)
    week = weeks.week(owner, minutes=200)
    giving = sum(touch.minutes for touch in week.touches if touch.kind == "giving")
    assert week.touches
    assert giving <= 200 * max(0.15, share / 100 + 0.05)


def test_quiet_days_hold_nothing(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """R51: what the owner protects, the plan respects."""
    later(monkeypatch, 0)
    circle(owner, 8)
    preferences.change(owner, quiet_days=["monday", "tuesday", "wednesday", "friday", "saturday", "sunday"])
    week = weeks.week(owner, minutes=200)
    assert {touch.day_on.weekday() for touch in week.touches if touch.day_on} == {3}


def test_changes_of_two_processes_do_not_lose_each_other(owner: Owner) -> None:
    first, second = Owner.objects.get(pk=owner.pk), Owner.objects.get(pk=owner.pk)
    preferences.change(first, social_minutes=5)
    preferences.change(second, review_hour=9)
    view = preferences.show(Owner.objects.get(pk=owner.pk))
    assert (view.social_minutes, view.review_hour) == (5, 9)


def test_a_strangers_choices_are_their_own(owner: Owner, stranger: Owner) -> None:
    preferences.change(owner, social_minutes=5)
    assert preferences.show(stranger).social_minutes == 30


def test_one_new_explanation_a_week_and_each_only_once(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """R50: a steady weekly rhythm of short explanations."""
    shown = []
    for week in range(6):
        later(monkeypatch, 7 * week)
        tip = tips.current(owner, "person")
        again = tips.current(Owner.objects.get(pk=owner.pk), "person")
        assert tip == again
        shown.append(tip.key if tip else None)
    assert len(set(shown[:4])) == 4
    assert shown[4:] == [None, None]


def test_a_closed_explanation_makes_room_next_week(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """R50: closing it is for good, and there is no second one in the same week."""
    later(monkeypatch, 0)
    first = tips.current(owner, "person")
    assert first
    tips.close(owner, first.key)
    assert tips.current(owner, "person") is None
    later(monkeypatch, 7)
    second = tips.current(owner, "person")
    assert second
    assert second.key != first.key

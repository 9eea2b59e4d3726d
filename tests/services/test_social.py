"""Minutes on social media: written down, capped, compared with what they achieved."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.errors import Invalid
from kithbook.services import batches, preferences, social
from kithbook.store.models import Owner, TimeSpent
from tests.services.factories import person, talk


def test_minutes_are_held_against_the_cap_and_what_came_of_them(owner: Owner) -> None:
    """R54: log minutes, cap, compare with effect."""
    anna, ben = person(owner, "Anna Berg"), person(owner, "Ben Stern")
    talk(owner, anna, 3, channel="comment")
    talk(owner, anna, 1, channel="email", direction=-1)
    talk(owner, ben, 3, 2, channel="like")
    talk(owner, ben, 20, channel="like")
    social.log(owner, 20)
    social.log(owner, 25, note="the feed", on=dt.date(2026, 11, 17))
    social.log(owner, 60, on=dt.date(2026, 11, 15))
    view = social.week(owner)
    assert (view.minutes, view.cap, view.over, view.touches, view.answers) == (45, 30, 15, 3, 1)
    assert view.minutes_per_answer == 45
    assert view.text == "45 minutes on social media, 15 past the 30 you set; 3 light touches, 1 answer."
    assert social.week(owner, dt.date(2026, 11, 10)).minutes == 60


def test_an_answer_before_the_light_touch_is_none_to_it(owner: Owner) -> None:
    anna = person(owner, "Anna Berg")
    talk(owner, anna, 4, channel="email", direction=-1)
    talk(owner, anna, 3, channel="comment")
    assert (social.week(owner).touches, social.week(owner).answers) == (1, 0)


def test_the_cap_is_the_owners(owner: Owner) -> None:
    preferences.change(owner, social_minutes=10)
    assert "10 of 10" in social.log(owner, 10).message


def test_it_can_be_taken_back(owner: Owner) -> None:
    note = social.log(owner, 10)
    assert note.batch
    batches.undo(owner, note.batch)
    assert not TimeSpent.objects.of(owner).exists()


@pytest.mark.parametrize(("minutes", "on"), [(0, None), (-5, None), (1441, None), (10, dt.date(2026, 11, 22))])
def test_nonsense_is_refused(owner: Owner, minutes: int, on: dt.date | None) -> None:
    with pytest.raises(Invalid):
        social.log(owner, minutes, on=on)
    assert not TimeSpent.objects.of(owner).exists()


def test_a_stranger_has_spent_nothing(owner: Owner, stranger: Owner) -> None:
    social.log(owner, 10)
    assert social.week(stranger).minutes == 0

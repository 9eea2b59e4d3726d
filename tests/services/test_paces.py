"""Days and limits that an owner may set otherwise: what reads them follows, and the usual ones come back."""

from __future__ import annotations

import pytest

from kithbook.core.errors import Invalid
from kithbook.core.introductions import DEFAULT_TIMERS
from kithbook.services import bankgiving, introducing, paces, preferences
from kithbook.store.models import Owner


def test_everything_that_reads_a_number_follows_it(owner: Owner, stranger: Owner) -> None:
    paces.change(owner, {"again": "9", "outcome_again": "200", "deposit_every_days": "60", "max_touches": "7"})
    again = Owner.objects.get(pk=owner.pk)
    assert introducing.timers(again).again == 9
    assert introducing.timers(again).outcome == (DEFAULT_TIMERS.outcome[0], 200)
    assert introducing.timers(again).idea == DEFAULT_TIMERS.idea
    assert bankgiving.every_days(again) == 60
    assert preferences.rules(again, 120, {}).max_touches == 7
    assert preferences.rules(stranger, 120, {}).max_touches == preferences.MOST_TOUCHES


def test_a_day_holds_as_many_minutes_as_one_says_and_nought_leaves_it_to_the_week(owner: Owner) -> None:
    paces.change(owner, {"minutes_per_day": "25"})
    assert set(preferences.rules(owner, 120, {}).per_day_minutes) == {0, 25}
    paces.change(owner, {"minutes_per_day": "0"})
    assert set(preferences.rules(owner, 120, {}).per_day_minutes) == {0, 90}


def test_the_usual_ones_come_back_and_nothing_else_is_lost(owner: Owner) -> None:
    preferences.change(owner, social_minutes=5)
    before = paces.listing(owner)
    assert all(one.value == one.usual for one in before)
    changed = paces.change(owner, {"thank": "3"})
    assert [one.name for one in changed if one.value != one.usual] == ["thank"]
    assert paces.change(owner, {}) == before
    assert preferences.show(owner).social_minutes == 5


@pytest.mark.parametrize("numbers", [{"again": "0"}, {"again": "731"}, {"again": "soon"}, {"again": ""}, {"nope": "3"}])
def test_what_does_not_fit_is_refused_and_changes_nothing(owner: Owner, numbers: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        paces.change(owner, {"thank": "3", **numbers})
    assert paces.listing(Owner.objects.get(pk=owner.pk)) == paces.listing(owner)
    assert all(one.value == one.usual for one in paces.listing(owner))

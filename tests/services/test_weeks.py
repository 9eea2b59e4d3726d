"""The week: within the minutes, stable while nothing changes, obligations first, nobody twice."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kithbook.core.errors import KithbookError
from kithbook.services import bank, batches, capturing, clock, editing, owners, touches, weeks
from kithbook.services.views import WeekView
from kithbook.store.models import Interaction, Owner, Participant, Person, Plan, Promise, Touch
from tests.services.factories import person, talk
from tests.services.helpers import MONDAY, circle, key, later, set_clock


@pytest.fixture(autouse=True)
def _monday(_fixed_clock: None, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, MONDAY)


def promise(owner: Owner, who: Person, text: str = "the slides", days: int = 2) -> Promise:
    day = clock.today(owner)
    owners.touch_revision(owner)
    return Promise.objects.create(
        owner=owner, person=who, text=text, made_on=day - dt.timedelta(days=3), due_on=day + dt.timedelta(days=days)
    )


def names(view: WeekView) -> list[str]:
    return [touch.person.name for touch in view.touches]


def test_the_plan_fits_the_minutes_and_says_why(owner: Owner) -> None:
    """R4, R51, R52: the few out of all for whom the minutes change most, with the reason for each line."""
    circle(owner, 12)
    view = weeks.week(owner)
    assert view.touches
    assert sum(touch.minutes for touch in view.touches) == view.minutes_planned <= view.minutes_budget == 120
    for touch in view.touches:
        assert touch.why
        assert view.week_of <= touch.day_on <= view.week_of + dt.timedelta(days=6)  # type: ignore[operator]
    assert view.people == 12
    assert sum(view.by_stage.values()) == view.minutes_planned


def test_who_was_left_out_is_named_with_the_reason(owner: Owner) -> None:
    circle(owner, 14)
    owners.change_settings(owner, minutes_per_week=30)
    view = weeks.week(owner)
    assert view.left_out
    assert all(item.why for item in view.left_out)
    assert not {item.person.id for item in view.left_out} & {touch.person.id for touch in view.touches}


def test_a_second_read_shows_the_same(owner: Owner) -> None:
    circle(owner)
    first = weeks.week(owner)
    made = Plan.objects.of(owner).get().made_at
    assert weeks.week(owner) == first
    assert Plan.objects.of(owner).get().made_at == made


def test_the_next_day_keeps_the_touches_that_were_shown(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    circle(owner)
    first = weeks.week(owner)
    later(monkeypatch, 1)
    second = weeks.week(owner)
    assert {touch.id for touch in first.touches} <= {touch.id for touch in second.touches}
    assert all(touch.day_on >= clock.today(owner) for touch in second.touches)  # type: ignore[operator]


def test_a_change_makes_the_plan_anew_and_keeps_open_touches(owner: Owner) -> None:
    people = circle(owner)
    first = weeks.week(owner)
    editing.tag(owner, key(people[0]), "chess")
    second = weeks.week(owner)
    assert {touch.id for touch in first.touches} == {touch.id for touch in second.touches}
    planned = {touch.person.id for touch in first.touches}
    editing.archive(owner, first.touches[0].person.id)
    third = weeks.week(owner)
    assert first.touches[0].person.id not in {touch.person.id for touch in third.touches}
    assert planned - {first.touches[0].person.id} <= {touch.person.id for touch in third.touches}


def test_obligations_come_first(owner: Owner) -> None:
    people = circle(owner)
    weeks.week(owner)
    promise(owner, people[3])
    view = weeks.week(owner)
    own = [touch for touch in view.touches if touch.person.id == key(people[3])]
    assert [touch.kind for touch in own] in (["obligation"], ["investment"])
    assert any("you promised the slides" in line for line in own[0].why)
    assert own[0].due_on == dt.date(2026, 11, 25)


def test_obligations_that_do_not_fit_are_left_out_and_never_dropped(owner: Owner) -> None:
    people = circle(owner, 10)
    for who in people:
        promise(owner, who)
    owners.change_settings(owner, minutes_per_week=25)
    view = weeks.week(owner)
    assert view.minutes_planned <= 25
    seen = {touch.person.id for touch in view.touches} | {item.person.id for item in view.left_out}
    assert seen >= {key(who) for who in people}
    view = weeks.budget(owner, minutes=0)
    assert view.touches == []
    assert {item.person.id for item in view.left_out} >= {key(who) for who in people}


def test_a_quiet_weekend_gets_nothing_while_the_week_has_days(owner: Owner) -> None:
    circle(owner, 12)
    assert all(touch.day_on.weekday() < 5 for touch in weeks.week(owner).touches)  # type: ignore[union-attr]


def test_opened_on_a_weekend_the_week_still_offers_something(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    circle(owner, 12)
    later(monkeypatch, 5)
    view = weeks.week(owner)
    assert view.touches
    assert {touch.day_on.weekday() for touch in view.touches} <= {5, 6}  # type: ignore[union-attr]


def test_a_network_without_people_has_an_empty_week(owner: Owner) -> None:
    view = weeks.week(owner)
    assert (view.touches, view.left_out, view.minutes_planned, view.people) == ([], [], 0, 0)
    today = weeks.today(owner)
    assert (today.touches, today.done_today, today.later) == ([], [], 0)


def test_people_without_any_contact_are_not_proposed(owner: Owner) -> None:
    for number in range(5):
        person(owner, f"Card {number}")
    assert weeks.week(owner).touches == []


def test_nobody_is_proposed_twice_in_a_week(owner: Owner) -> None:
    people = circle(owner, 10)
    for who in people[:4]:
        promise(owner, who)
        promise(owner, who, "a call back", 4)
        bank.got(owner, key(who), "referral")
    view = weeks.week(owner, minutes=600)
    assert max(Counter(names(view)).values()) == 1
    assert set(names(view)) >= {who.name for who in people[:4]}


@pytest.mark.parametrize(("channel", "is_done"), [("group_mail", False), ("email", True)])
def test_mail_to_many_completes_no_touch(owner: Owner, channel: str, is_done: bool) -> None:
    circle(owner, 8)
    touch = weeks.week(owner).touches[0]
    who = Person.objects.of(owner).get(name=touch.person.name)
    talk(owner, who, 0, channel=channel, direction=1)
    assert (touch.id in {one.id for one in weeks.week(owner).done}) is is_done


def test_who_had_contact_this_week_is_not_proposed_again(owner: Owner) -> None:
    people = circle(owner, 8)
    capturing.spoke(owner, key(people[2]))
    view = weeks.week(owner, minutes=600)
    assert people[2].name not in names(view)


def test_a_contact_logged_by_hand_completes_the_open_touch(owner: Owner) -> None:
    circle(owner, 8)
    first = weeks.week(owner)
    touch = first.touches[0]
    capturing.spoke(owner, touch.person.id, minutes=33)
    view = weeks.week(owner)
    assert [(done.id, done.minutes, done.state) for done in view.done] == [(touch.id, 33, "done")]
    assert touch.person.id not in {item.person.id for item in view.touches}
    assert view.minutes_done == 33
    assert view.minutes_planned <= view.minutes_budget


def test_a_logged_contact_that_is_taken_back_opens_the_touch_again(owner: Owner) -> None:
    circle(owner, 8)
    touch = weeks.week(owner).touches[0]
    batch = capturing.log(owner, f"call with {touch.person.name} today").batch
    assert [item.id for item in weeks.week(owner).done] == [touch.id]
    batches.undo(owner, batch or "")
    view = weeks.week(owner)
    assert view.done == []
    assert touch.id in {item.id for item in view.touches}


def test_a_message_from_them_alone_completes_nothing(owner: Owner) -> None:
    people = circle(owner, 8)
    touch = weeks.week(owner).touches[0]
    who = next(row for row in people if key(row) == touch.person.id)
    talk(owner, who, 0, channel="email", direction=-1)
    assert weeks.week(owner).done == []


def test_a_snoozed_person_is_planned_again_in_the_week_after_the_days_are_over(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    circle(owner, 4)
    touch = weeks.week(owner).touches[0]
    touches.snooze(owner, touch.id, days=8)
    assert touch.person.id not in {item.person.id for item in weeks.week(owner).touches}
    later(monkeypatch, 7)
    assert touch.person.id not in {item.person.id for item in weeks.week(owner).touches}
    later(monkeypatch, 8)
    editing.tag(owner, touch.person.id, "again")
    assert touch.person.id in {item.person.id for item in weeks.week(owner).touches}


def test_a_snooze_that_ends_within_the_week_brings_the_person_back(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    circle(owner, 4)
    touch = weeks.week(owner).touches[0]
    touches.snooze(owner, touch.id, days=2)
    later(monkeypatch, 1)
    assert touch.person.id not in {item.person.id for item in weeks.week(owner).touches}
    later(monkeypatch, 2)
    assert touch.person.id in {item.person.id for item in weeks.week(owner).touches}


def test_an_obligation_that_was_put_off_stays_away_until_its_day(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    people = circle(owner, 4)
    promise(owner, people[0])
    touch = next(item for item in weeks.week(owner).touches if item.person.id == key(people[0]))
    touches.snooze(owner, touch.id, days=9)
    later(monkeypatch, 7)
    assert touch.person.id not in {item.person.id for item in weeks.week(owner).touches}
    later(monkeypatch, 9)
    assert touch.person.id in {item.person.id for item in weeks.week(owner).touches}


def test_new_minutes_in_the_settings_change_this_weeks_plan(owner: Owner) -> None:
    circle(owner, 4)
    weeks.week(owner)
    owners.change_settings(owner, minutes_per_week=45)
    assert weeks.week(owner).minutes_budget == 45


def test_a_skipped_person_is_left_alone_for_the_rest_of_the_week(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    circle(owner, 4)
    touch = weeks.week(owner).touches[0]
    touches.skip(owner, touch.id)
    for day in (0, 2, 6):
        later(monkeypatch, day)
        assert touch.person.id not in {item.person.id for item in weeks.week(owner).touches}
    later(monkeypatch, 7)
    assert touch.person.id in {item.person.id for item in weeks.week(owner).touches}


def test_a_skipped_touch_makes_room_for_somebody_else(owner: Owner) -> None:
    circle(owner, 14)
    first = weeks.budget(owner, minutes=30)
    touches.skip(owner, first.touches[0].id)
    second = weeks.week(owner)
    before, after = ({touch.person.id for touch in view.touches} for view in (first, second))
    assert after - before
    assert before - after == {first.touches[0].person.id}


def test_today_shows_what_is_planned_up_to_today(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    circle(owner, 12)
    view = weeks.week(owner)
    first = weeks.today(owner)
    assert {touch.id for touch in first.touches} == {
        touch.id for touch in view.touches if touch.day_on == clock.today(owner)
    }
    assert len(first.touches) + first.later == len(view.touches)
    later(monkeypatch, 4)
    assert weeks.today(owner).later == 0


def test_what_was_done_today_is_shown_today_only(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    circle(owner, 8)
    touch = weeks.week(owner).touches[0]
    touches.done(owner, touch.id)
    assert [item.id for item in weeks.today(owner).done_today] == [touch.id]
    later(monkeypatch, 1)
    assert weeks.today(owner).done_today == []
    assert [item.id for item in weeks.week(owner).done] == [touch.id]


def test_minutes_spent_count_against_the_budget(owner: Owner) -> None:
    circle(owner, 14)
    first = weeks.week(owner)
    touches.done(owner, first.touches[0].id, minutes=110)
    view = weeks.week(owner)
    pinned = sum(touch.minutes for touch in first.touches[1:])
    assert view.minutes_done == 110
    assert sum(touch.minutes for touch in view.touches) <= max(pinned, 10)


def test_a_new_week_begins_a_new_plan(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    circle(owner, 8)
    first = weeks.week(owner)
    later(monkeypatch, 7)
    second = weeks.week(owner)
    assert second.week_of == first.week_of + dt.timedelta(days=7)
    assert not {touch.id for touch in first.touches} & {touch.id for touch in second.touches}


def test_a_stranger_has_a_week_of_their_own(owner: Owner, stranger: Owner) -> None:
    people = circle(owner, 6)
    promise(owner, people[0])
    weeks.week(owner)
    assert weeks.week(stranger).touches == []
    assert weeks.today(stranger).touches == []
    assert weeks.week(stranger).people == 0
    assert Touch.objects.of(stranger).count() == 0


def test_a_stranger_with_the_same_people_gets_the_same_plan(owner: Owner, stranger: Owner) -> None:
    circle(owner, 6)
    circle(stranger, 6)
    shown = [
        {(t.person.name, t.channel, t.minutes) for t in weeks.week(who, minutes=600).touches}
        for who in (owner, stranger)
    ]
    assert shown[0] == shown[1]


ACTS = ("done", "snooze", "skip", "reopen", "log", "promise", "tomorrow", "minutes")
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 11)), max_size=6)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_done_the_plan_stays_in_budget_and_nobody_has_two_open_touches(
    owner: Owner, monkeypatch: pytest.MonkeyPatch, steps: list[tuple[str, int]]
) -> None:
    from django.db import transaction

    day = 0.0
    set_clock(monkeypatch, MONDAY)
    with transaction.atomic():
        people = circle(owner, 6)
        view = weeks.week(owner)
        for act, number in steps:
            shown = [*view.touches, *view.done]
            who = people[number % len(people)]
            try:
                if act == "tomorrow":
                    day = min(day + 1, 6)
                    later(monkeypatch, day)
                elif act == "log":
                    capturing.spoke(owner, key(who))
                elif act == "promise":
                    promise(owner, who, days=number % 4)
                elif act == "minutes":
                    weeks.budget(owner, minutes=30 + 10 * number)
                elif shown:
                    getattr(touches, act)(owner, shown[number % len(shown)].id)
            except KithbookError as error:
                assert error.message
            view = weeks.week(owner)
            open_people = [touch.person.id for touch in view.touches]
            assert len(open_people) == len(set(open_people))
            assert sum(touch.minutes for touch in view.touches) <= max(0, view.minutes_budget - view.minutes_done)
            assert Touch.objects.of(owner).filter(state="done", interaction=None).count() == 0
            assert weeks.week(owner) == view
        transaction.set_rollback(True)
    assert not Interaction.objects.of(owner).exists()
    assert not Participant.objects.of(owner).exists()


def test_thousands_of_people_give_a_short_week(owner: Owner) -> None:
    """R52: choosing among thousands stays choosing: a dozen lines, those with most to gain, in interactive time."""
    from benchmarks.week_speed import fill

    fill(3_000)
    week = weeks.week(owner)
    assert 5 <= len(week.touches) <= 12
    assert week.minutes_planned <= week.minutes_budget
    assert all(touch.why for touch in week.touches)

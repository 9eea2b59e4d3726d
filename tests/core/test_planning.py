"""The weekly plan by examples worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kithbook.core.errors import Invalid
from kithbook.core.planning import Candidate, Done, Duty, Planned, Rules, plan_week

MONDAY = date(2026, 11, 16)
OPEN = Rules(minutes=60, shares={}, giving_floor=0.0, giving_ceiling=1.0)


def person(person_id: int, gain: float, channel: str = "call", minutes: int = 15, **more: object) -> Candidate:
    return replace(Candidate(person_id, 3, channel, minutes, 1.0, gain, 0.5), **more)


def duty(person_id: int, due: int, minutes: int = 10, **more: object) -> Duty:
    base = Duty(
        person_id, "promise", date(2026, 11, due), minutes, "email", 3, ("You promised it.",), ref=f"p{person_id}"
    )
    return replace(base, **more)


def test_an_empty_network_gives_an_empty_plan_that_is_proven() -> None:
    week = plan_week([], [], Rules(), MONDAY)
    assert week.touches == week.left_out == ()
    assert week.proven_optimal
    assert week.minutes_planned == 0


def test_a_week_worked_by_hand() -> None:
    """60 minutes. Worth q·v·gain: Ana call 15 min 20, Ben call 15 min 10 or e-mail 7 min 8, Cleo meeting 45 min 28,
    Dan message 2 min 1. Best: Ana 15 + Cleo 45 = 48 in 60 minutes. Ana + Ben by call + Dan are 31 only."""
    week = plan_week(
        [
            person(1, 40), person(2, 20), person(2, 16, "email", 7), person(3, 56, "meeting", 45),
            person(4, 2, "message", 2),
        ],
        [], OPEN, MONDAY, names={1: "Ana", 2: "Ben", 3: "Cleo", 4: "Dan"},
    )  # fmt: skip
    assert [(t.person_id, t.channel, t.minutes, t.value) for t in sorted(week.touches, key=lambda t: t.person_id)] == [
        (1, "call", 15, 20.0),
        (3, "meeting", 45, 28.0),
    ]
    assert week.proven_optimal
    assert week.value == week.bound == pytest.approx(48.0)
    assert week.minutes_planned == 60
    assert week.by_stage == {3: 60}
    assert [(left.person_id, left.why) for left in week.left_out] == [
        (2, "Less gained per minute than the call for Ana."),
        (4, "Less gained per minute than the meeting for Cleo."),
    ]


def test_each_line_says_what_the_time_changes() -> None:
    candidate = person(1, 40, why=("Last call on 2 May.",), idea="Send the clip on tides.")
    (touch,) = plan_week([candidate], [], OPEN, MONDAY).touches
    assert touch.why == (
        "Last call on 2 May.",
        "One call now buys about 20 warm days, with a 50 % chance of an answer.",
    )
    assert touch.idea == "Send the clip on tides."


def test_obligations_come_first_by_due_day_and_what_does_not_fit_is_shown() -> None:
    rules = replace(OPEN, minutes=30)
    week = plan_week([person(9, 500)], [duty(1, 20, 20), duty(2, 17, 15), duty(3, 18, 10)], rules, MONDAY)
    assert [(t.person_id, t.kind, t.due_on) for t in week.touches] == [
        (2, "obligation", date(2026, 11, 17)),
        (3, "obligation", date(2026, 11, 18)),
    ]
    assert [(left.person_id, left.ref) for left in week.left_out if left.ref] == [(1, "p1")]
    assert week.left_out[0].why == "No time left this week: it needs 20 minutes, 5 left."


def test_duties_of_later_weeks_wait_unseen() -> None:
    week = plan_week([], [duty(1, 23), duty(2, 30)], OPEN, MONDAY)
    assert week.touches == week.left_out == ()


def test_an_overdue_duty_is_planned_at_once_and_says_so() -> None:
    (touch,) = plan_week([], [duty(1, 12)], OPEN, MONDAY).touches
    assert touch.on == MONDAY
    assert "It was due on 12 Nov." in touch.why


def test_two_duties_to_one_person_are_one_touch() -> None:
    thanks = duty(1, 18, 15, kind="thanks", channel="call", why=("Thank her.",), ref="t1")
    week = plan_week([person(1, 50)], [duty(1, 17, 10), thanks], OPEN, MONDAY)
    (touch,) = week.touches
    assert touch.refs == ("p1", "t1")
    assert (touch.channel, touch.minutes) == ("call", 17)
    assert touch.why == ("You promised it.", "Thank her.")


def test_a_duty_that_cannot_yet_be_done_is_not_merged_but_shown() -> None:
    step = duty(1, 21, 5, kind="followup", ref="f1", earliest_on=date(2026, 11, 20))
    week = plan_week([], [duty(1, 17), step], OPEN, MONDAY)
    assert [t.refs for t in week.touches] == [("p1",)]
    assert [(left.person_id, left.ref) for left in week.left_out] == [(1, "f1")]


def test_a_followup_alone_is_new_and_keeps_its_window() -> None:
    step = duty(1, 21, 5, kind="followup", earliest_on=date(2026, 11, 19))
    (touch,) = plan_week([], [step], OPEN, MONDAY).touches
    assert touch.kind == "new"
    assert touch.on == date(2026, 11, 19)


def test_a_birthday_on_a_quiet_day_is_greeted_before_it() -> None:
    birthday = duty(1, 21, 2, kind="date", earliest_on=date(2026, 11, 21))
    (touch,) = plan_week([], [birthday], OPEN, MONDAY).touches
    assert touch.on == date(2026, 11, 20)


def test_a_pinned_touch_stays_and_takes_a_duty_to_the_same_person() -> None:
    pinned = Planned(7, 4, "investment", "call", 15, date(2026, 11, 18), 3.0, ("Shown on Monday.",))
    week = plan_week([person(7, 900), person(8, 10)], [duty(7, 18)], replace(OPEN, minutes=20), MONDAY, pinned=[pinned])
    (touch,) = week.touches
    assert (touch.person_id, touch.on, touch.minutes) == (7, pinned.on, 15)
    assert touch.why == ("Shown on Monday.", "You promised it.")
    assert touch.refs == ("p7",)


def test_whoever_was_met_this_week_is_not_proposed_again_but_duties_to_them_are() -> None:
    done = Done(minutes=30, person_ids=frozenset({1, 2}))
    week = plan_week([person(1, 50), person(3, 5)], [duty(2, 19)], OPEN, MONDAY, done=done)
    assert sorted(t.person_id for t in week.touches) == [2, 3]
    assert week.minutes_planned == 25


def test_somebody_on_hold_is_left_out_with_the_reason() -> None:
    held = person(1, 500, earliest_on=date(2026, 12, 3), held="asked twice without an answer")
    week = plan_week([held, person(2, 1)], [], OPEN, MONDAY)
    assert [t.person_id for t in week.touches] == [2]
    assert week.left_out[0].why == "Asked twice without an answer: paused until 3 Dec."


def test_a_hold_that_ends_in_the_week_moves_the_touch_behind_it() -> None:
    (touch,) = plan_week([person(1, 5, earliest_on=date(2026, 11, 19))], [], OPEN, MONDAY).touches
    assert touch.on == date(2026, 11, 19)


def test_giving_keeps_its_part_between_floor_and_ceiling() -> None:
    """100 minutes, floor 10, ceiling 15: of ten gifts of 5 minutes two or three, whatever they gain."""
    gifts = [person(k, 1, "item", 5, giving=True) for k in range(10)]
    calls = [person(100 + k, 400, minutes=10) for k in range(12)]
    rules = Rules(minutes=100, shares={}, per_day_minutes=(40,) * 7, max_touches=50)
    poor = plan_week([*gifts, *calls], [], rules, MONDAY)
    assert sum(t.minutes for t in poor.touches if t.giving) == 10
    rich = plan_week([*(replace(g, gain=9000) for g in gifts), *calls], [], rules, MONDAY)
    assert sum(t.minutes for t in rich.touches if t.giving) == 15
    gift = next(t for t in poor.touches if t.giving)
    assert gift.kind == "giving"
    assert "Part of the week is kept for giving without a purpose." in gift.why


def test_social_media_is_capped() -> None:
    posts = [person(k, 900, "comment", 4, social=True) for k in range(20)]
    week = plan_week([*posts, person(50, 1)], [], replace(OPEN, minutes=90, social_minutes=10), MONDAY)
    assert sum(t.minutes for t in week.touches if t.social) == 8
    assert any(left.why == "This week's minutes for social media are used up." for left in week.left_out)


def test_every_band_keeps_a_floor_where_somebody_is_there() -> None:
    """120 minutes, a third of 35 % of them = 14 for Trust: one call, although Like would gain more everywhere."""
    rules = Rules(minutes=120, shares={3: 0.30, 4: 0.35, 7: 0.05}, giving_floor=0, max_touches=50)
    week = plan_week([*(person(k, 100) for k in range(9)), person(20, 1, stage=4)], [], rules, MONDAY)
    assert week.by_stage == {3: 105, 4: 15}
    assert week.missing_floor_minutes == 0
    trust = next(t for t in week.touches if t.stage == 4)
    assert trust.why[-1] == "Part of the week is kept for people at Trust."


def test_a_week_too_short_for_half_a_touch_of_a_band_keeps_no_floor_for_it() -> None:
    """A third of 35 % of 60 minutes = 7: less than half of a call of 15; of 66 minutes = 7.7, still; of 70 = 8."""
    people = [*(person(k, 100) for k in range(9)), person(20, 1, stage=4)]
    rules = Rules(shares={3: 0.30, 4: 0.35}, giving_floor=0, max_touches=50)
    short, long = (plan_week(people, [], replace(rules, minutes=minutes), MONDAY) for minutes in (60, 70))
    assert short.by_stage == {3: 60}
    assert long.by_stage == {3: 45, 4: 15}


def test_objectives_get_their_share_and_never_crowd_out_the_rest() -> None:
    """100 minutes: strategic part 30, half of it for each objective; people linked to any never above 60."""
    linked = [person(k, 500, minutes=10, objective_ids=(1,)) for k in range(20)]
    other = [person(40 + k, 5, minutes=10, objective_ids=(2,)) for k in range(5)]
    liked = [person(60 + k, 50, minutes=10) for k in range(20)]
    rules = Rules(
        minutes=100, shares={}, giving_floor=0, objective_shares={1: 0.5, 2: 0.5}, per_day_minutes=(50,) * 7,
        max_touches=50,
    )  # fmt: skip
    week = plan_week([*linked, *other, *liked], [], rules, MONDAY)
    assert week.by_objective == {1: 40, 2: 20}
    assert week.minutes_planned == 100


def test_where_only_linked_people_are_known_the_week_is_not_left_empty() -> None:
    linked = [person(k, 5, minutes=10, objective_ids=(1,)) for k in range(20)]
    rules = Rules(minutes=100, shares={}, giving_floor=0, per_day_minutes=(50,) * 7, max_touches=50)
    assert plan_week(linked, [], rules, MONDAY).minutes_planned == 100


def test_the_plan_stays_short_and_obligations_leave_room_for_a_quarter_of_it() -> None:
    people = [person(k, 5, "message", 2) for k in range(40)]
    assert len(plan_week(people, [], replace(OPEN, minutes=90, max_touches=8), MONDAY).touches) == 8
    duties = [duty(100 + k, 18, 2) for k in range(10)]
    week = plan_week(people, duties, replace(OPEN, minutes=90, max_touches=8), MONDAY)
    assert sum(t.kind == "obligation" for t in week.touches) == 10
    assert sum(t.kind == "investment" for t in week.touches) == 2


def test_what_is_longer_than_every_free_day_is_said() -> None:
    rules = replace(OPEN, minutes=90, per_day_minutes=(20, 20, 20, 20, 10, 0, 0))
    week = plan_week([person(1, 50, "meeting", 75), person(2, 1)], [duty(3, 18, 40)], rules, MONDAY)
    assert [t.person_id for t in week.touches] == [2]
    reasons = {left.person_id: left.why for left in week.left_out}
    assert reasons[3] == "It needs 40 minutes; the longest free day has 20."
    assert reasons[1] == "It needs 75 minutes; the longest free day has 20."


def test_a_day_is_never_fuller_than_it_can_hold() -> None:
    rules = replace(OPEN, minutes=200, per_day_minutes=(0, 31, 0, 16, 45, 0, 7), max_touches=50)
    people = [person(k, 10 + k, "call", 15) for k in range(8)] + [person(90, 9, "email", 7)]
    week = plan_week(people, [], rules, MONDAY)
    used = [sum(t.minutes for t in week.touches if (t.on - MONDAY).days == day) for day in range(7)]
    assert used == [0, 30, 0, 15, 45, 0, 7]


@pytest.mark.parametrize("wrong", [{"minutes": -1}, {"per_day_minutes": (10,) * 6}, {"giving_floor": 1.5}])
def test_impossible_rules_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        Rules(**wrong)


def test_worth_that_is_no_number_is_left_aside() -> None:
    week = plan_week([person(1, float("nan")), person(2, float("inf")), person(3, -4), person(4, 0)], [], OPEN, MONDAY)
    assert week.touches == ()
    assert week.proven_optimal

"""24-7-30: windows in local time, moved off weekends and quiet hours; completion; the stop rule (method §3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.followups import (
    Decision,
    Exchange,
    FollowUp,
    QuietTimes,
    explain_step,
    find_current,
    move_back,
    move_on,
    plan_steps,
    remember_line,
)

BERLIN = ZoneInfo("Europe/Berlin")
MET = datetime(2026, 11, 2, 18, 0, tzinfo=BERLIN)  # a Monday


def steps(now: datetime, *exchanges: Exchange, met_at: datetime = MET) -> tuple[FollowUp, ...]:
    return plan_steps(met_at, exchanges, now, BERLIN)


def after(days: float = 0, hours: float = 0, met_at: datetime = MET) -> datetime:
    return met_at + timedelta(days=days, hours=hours)


def test_three_steps_in_their_windows() -> None:
    first, second, third = steps(MET)
    assert (first.opens_at, first.due_at, first.closes_at) == (after(hours=12), after(hours=24), after(hours=36))
    assert (second.opens_at, second.due_at, second.closes_at) == (after(5), after(7), after(9))
    assert (third.opens_at, third.due_at, third.closes_at) == (after(25), after(30), after(37))
    assert [s.state for s in (first, second, third)] == ["upcoming"] * 3
    assert all(s.minutes <= 5 for s in (first, second, third))


def test_thanks_for_a_friday_evening_wait_for_monday() -> None:
    friday = datetime(2026, 11, 6, 18, 0, tzinfo=BERLIN)
    first = plan_steps(friday, (), friday, BERLIN)[0]
    assert first.due_at == datetime(2026, 11, 9, 8, 0, tzinfo=BERLIN)
    assert first.closes_at == datetime(2026, 11, 10, 0, 0, tzinfo=BERLIN)
    assert plan_steps(friday, (), datetime(2026, 11, 9, 10, 0, tzinfo=BERLIN), BERLIN)[0].state == "open"


def test_a_due_moment_at_night_moves_to_the_evening_before() -> None:
    late = datetime(2026, 11, 2, 22, 30, tzinfo=BERLIN)
    assert plan_steps(late, (), late, BERLIN)[0].due_at == datetime(2026, 11, 3, 20, 0, tzinfo=BERLIN)


def test_a_week_after_a_saturday_is_the_friday_before() -> None:
    saturday = datetime(2026, 11, 7, 12, 0, tzinfo=BERLIN)
    assert plan_steps(saturday, (), saturday, BERLIN)[1].due_at == datetime(2026, 11, 13, 20, 0, tzinfo=BERLIN)


def test_days_keep_the_local_hour_across_a_change_of_clocks() -> None:
    before = datetime(2026, 10, 22, 9, 0, tzinfo=BERLIN)  # clocks go back on 25 Oct
    first, second, _ = plan_steps(before, (), before, BERLIN)
    assert second.due_at == datetime(2026, 10, 29, 9, 0, tzinfo=BERLIN)
    assert first.opens_at.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=12)


def test_a_meeting_in_utc_is_followed_up_in_local_time() -> None:
    first = plan_steps(datetime(2026, 11, 2, 17, 0, tzinfo=UTC), (), MET, BERLIN)[0]
    assert first.due_at == after(hours=24)
    assert first.due_at.tzinfo is BERLIN


@pytest.mark.parametrize("direction", ["in", "out", "both"])
def test_any_counting_exchange_inside_a_window_completes_the_step(direction: str) -> None:
    first, second, third = steps(after(8), Exchange(after(hours=20), direction), Exchange(after(6), direction))
    assert (first.state, first.done_at) == ("done", after(hours=20))
    assert (second.state, second.done_at) == ("done", after(6))
    assert third.state == "upcoming"


def test_thanks_the_same_evening_are_thanks() -> None:
    assert steps(after(1), Exchange(after(hours=4), "out"))[0].state == "done"


def test_the_meeting_itself_is_no_followup() -> None:
    assert steps(after(1), Exchange(after(hours=0.5), "both"), Exchange(after(-3), "out"))[0].state == "open"


def test_one_exchange_completes_one_step_only() -> None:
    assert [s.state for s in steps(after(6), Exchange(after(2), "in"))] == ["done", "open", "upcoming"]


def test_an_exchange_of_the_future_completes_nothing_yet() -> None:
    assert steps(after(6), Exchange(after(7), "out"))[1].state == "open"


def test_a_missed_step_is_late_until_the_next_opens_and_then_lapses() -> None:
    assert [s.state for s in steps(after(3))] == ["late", "upcoming", "upcoming"]
    assert [s.state for s in steps(after(6))] == ["lapsed", "open", "upcoming"]
    assert [s.state for s in steps(after(40))] == ["lapsed", "lapsed", "late"]
    assert [s.state for s in steps(after(61))] == ["lapsed", "lapsed", "lapsed"]


def test_silence_after_the_second_step_stops_the_rest_and_leaves_one_hello() -> None:
    sent = (Exchange(after(1), "out"), Exchange(after(6), "out"))
    first, second, third, hello = steps(after(10), *sent)
    assert (first.state, second.state, third.state) == ("done", "done", "stopped")
    assert third.why == "nothing was answered after the second step"
    assert (hello.number, hello.state) == (4, "upcoming")
    assert hello.due_at.date() == date(2027, 2, 1)  # 31 Jan is a Sunday
    assert steps(after(88), *sent)[3].state == "open"
    assert steps(after(99), *sent)[3].state == "lapsed"


def test_a_late_answer_revives_the_third_step() -> None:
    sent = (Exchange(after(1), "out"), Exchange(after(6), "out"), Exchange(after(20), "in"))
    assert [s.state for s in steps(after(26), *sent)] == ["done", "done", "open"]


def test_whoever_never_wrote_was_not_left_without_an_answer() -> None:
    assert [s.number for s in steps(after(30))] == [1, 2, 3]


def test_the_current_step_is_the_first_that_still_can_be_done() -> None:
    assert find_current(steps(after(3))).number == 1  # type: ignore[union-attr]
    assert find_current(steps(after(6))).number == 2  # type: ignore[union-attr]
    assert find_current(steps(after(70))) is None


def test_the_reason_says_when_and_where_you_met() -> None:
    assert explain_step(steps(MET)[0], MET, "the harbour fair") == (
        "You met at the harbour fair on 2 Nov: time for a specific thank-you."
    )


moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(lambda t: t.replace(tzinfo=BERLIN))
quiets = st.builds(
    QuietTimes,
    starts=st.integers(17, 23).map(time),
    ends=st.integers(5, 10).map(time),
    weekdays=st.frozensets(st.integers(0, 6), max_size=6),
)


@given(moments, quiets)
def test_due_moments_are_never_in_quiet_times_nor_outside_their_window(met_at: datetime, quiet: QuietTimes) -> None:
    for step in plan_steps(met_at, (), met_at, BERLIN, quiet):
        assert step.opens_at <= step.due_at <= step.closes_at
        assert step.due_at.weekday() not in quiet.weekdays
        assert quiet.ends <= step.due_at.time() <= quiet.starts


@given(moments, quiets)
def test_moving_goes_one_way_and_rests_where_it_is_good(at: datetime, quiet: QuietTimes) -> None:
    on, back = move_on(at, quiet), move_back(at, quiet)
    assert back.astimezone(UTC) <= at.astimezone(UTC) + timedelta(hours=1)  # an hour that clocks skip does not exist
    assert on.astimezone(UTC) >= at.astimezone(UTC) - timedelta(hours=1)
    assert move_on(on, quiet) == on
    assert move_back(back, quiet) == back


def test_a_week_of_quiet_days_moves_nothing() -> None:
    quiet = QuietTimes(weekdays=frozenset(range(7)))
    assert move_on(MET, quiet) == move_back(MET, quiet) == MET


def test_what_was_decided_by_hand_holds_over_the_log() -> None:
    decided = {1: Decision("skipped", after(hours=20)), 2: Decision("done", after(3))}
    first, second, third = plan_steps(MET, (), after(4), BERLIN, decided=decided)
    assert (first.state, first.done_at) == ("skipped", None)
    assert (second.state, second.done_at) == ("done", after(3))
    assert find_current((first, second, third)) == third


def test_a_step_that_was_done_is_never_called_skipped() -> None:
    first = plan_steps(
        MET, [Exchange(after(hours=20), "out")], after(2), BERLIN, decided={1: Decision("skipped", MET)}
    )[0]
    assert (first.state, first.done_at) == ("done", after(hours=20))


@pytest.mark.parametrize(
    ("met_on", "where", "through", "line"),
    [
        (date(2026, 11, 2), "the fair", "Anna", "You met at the fair on 2 Nov 2026, through Anna."),
        (date(2026, 11, 2), "", "", "You met on 2 Nov 2026."),
        (None, "the fair", "", "You met at the fair."),
        (None, "", "Anna", "You met, through Anna."),
        (None, "", "", ""),
    ],
)
def test_the_line_that_helps_them_place_you(met_on: date | None, where: str, through: str, line: str) -> None:
    """R72: where, when and through whom you met."""
    assert remember_line(met_on, where, through) == line

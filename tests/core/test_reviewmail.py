"""When the weekly mail is due: day and hour, time zones, changes of clocks, sleeping machines, once a week."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.reviewmail import due_week, last_moment

VIENNA = ZoneInfo("Europe/Vienna")
SUNDAY = 6


def at(text: str, zone: ZoneInfo = VIENNA) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2026-11-22T16:59", None),
        ("2026-11-22T17:00", "2026-11-16"),
        ("2026-11-24T17:00", "2026-11-16"),
        ("2026-11-24T17:01", None),
        ("2026-11-28T12:00", None),
        ("2026-11-29T18:00", "2026-11-23"),
    ],
)
def test_the_mail_is_due_from_its_hour_on_for_two_days(now: str, week: str | None) -> None:
    found = due_week(at(now), SUNDAY, 17, None)
    assert found == (dt.date.fromisoformat(week) if week else None)


def test_a_week_that_had_its_mail_has_no_second_even_if_the_day_is_changed() -> None:
    sent = due_week(at("2026-11-17T09:00"), 1, 9, None)
    assert sent == dt.date(2026, 11, 16)
    assert due_week(at("2026-11-22T17:00"), SUNDAY, 17, sent) is None
    assert due_week(at("2026-11-29T17:00"), SUNDAY, 17, sent) == dt.date(2026, 11, 23)


def test_an_hour_that_the_clocks_leave_out_comes_when_they_have_jumped() -> None:
    spring = dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC).astimezone(VIENNA)
    assert last_moment(spring, SUNDAY, 2) == dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC)


@given(
    st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC)),
    st.integers(0, 6),
    st.integers(0, 23),
    st.sampled_from(["Europe/Vienna", "Pacific/Kiritimati", "America/St_Johns"]),
)
def test_the_last_moment_is_past_and_within_a_week(now: dt.datetime, day: int, hour: int, zone: str) -> None:
    local = now.astimezone(ZoneInfo(zone))
    found = last_moment(local, day, hour)
    assert dt.timedelta(0) <= local - found <= dt.timedelta(days=7, hours=1)
    assert found.weekday() == day

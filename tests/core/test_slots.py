"""Relationship time: reading it, and putting touches into it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.errors import Invalid
from kithbook.core.slots import Slot, parse_slot, place_touches, say_slot, weekday_of

TUESDAY = dt.date(2026, 11, 24)
HOUR = Slot(1, dt.time(16), dt.time(17))


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("tue 16:00-17:00", HOUR),
        (" Tuesday 16 – 17 ", HOUR),
        ("Tue., 16 to 17:00", HOUR),
        ("sun 9:15-9:30", Slot(6, dt.time(9, 15), dt.time(9, 30))),
    ],
)
def test_slots_are_read_as_people_write_them(text: str, slot: Slot) -> None:
    assert parse_slot(text) == slot
    assert parse_slot(say_slot(slot)) == slot


@pytest.mark.parametrize(
    "text", ["", "tue", "16:00-17:00", "tue 17:00-16:00", "tue 16:00-16:00", "tue 25:00-26:00", "t 16-17", "may 16-17"]
)
def test_what_is_no_slot_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Invalid):
        parse_slot(text)


@given(st.text(max_size=30))
def test_any_text_is_a_slot_or_refused(text: str) -> None:
    try:
        assert parse_slot(text).minutes > 0
    except Invalid as error:
        assert error.hint


def test_days_go_by_their_first_letters() -> None:
    assert [weekday_of(word) for word in ("mo", "Tues", "SUNDAY", "th.")] == [0, 1, 6, 3]
    with pytest.raises(Invalid):
        weekday_of("t")


def test_touches_fill_the_slot_of_their_day_and_the_rest_has_the_whole_day() -> None:
    """R51: 15 + 30 minutes fit the hour, 20 more do not; a small one after it still does; other days have no slot."""
    days = [(TUESDAY, 15), (TUESDAY, 30), (TUESDAY, 20), (TUESDAY, 15), (TUESDAY + dt.timedelta(days=1), 5)]
    found = [one.starts for one in place_touches(days, [HOUR])]
    assert found == [dt.time(16), dt.time(16, 15), None, dt.time(16, 45), None]


@given(st.lists(st.integers(0, 90), max_size=12))
def test_nothing_is_put_past_the_end_of_a_slot_or_onto_something_else(lengths: list[int]) -> None:
    placed = [one for one in place_touches([(TUESDAY, n) for n in lengths], [HOUR]) if one.starts]
    free_at = 16 * 60
    for one in placed:
        assert one.starts is not None
        begins = one.starts.hour * 60 + one.starts.minute
        assert begins == free_at
        free_at += one.minutes
    assert free_at <= 17 * 60

"""What a touch gains: zero after hearing from them, unmoved by messages of one's own, high where both parts are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core import touchgain, warmth
from kithbook.core.tiestate import Contact, States, empty, fold

DAY = 86_400
NOW = 20_000 * DAY


def tie(*ago: int, unanswered_ago: int | None = None) -> States:
    """One tie with exchanges so many days ago, and perhaps a message of mine since then."""
    state = empty()
    for days in sorted(ago, reverse=True):
        state = fold(state, Contact(NOW - days * DAY, 20_000 - days, "email", 0, 1, None, True))
    if unanswered_ago is not None:
        at = NOW - unanswered_ago * DAY
        state = fold(state, Contact(at, at // DAY, "email", 1, 1, None, True))
    return np.array([state])


def gain(states: States, **more: object) -> float:
    return float(touchgain.touch_gain(states, now=NOW, horizon_days=90.0, channel="email", **more)[0])


def test_nothing_is_gained_just_after_they_were_heard() -> None:
    assert gain(tie(300, 200, 0)) == 0.0


def test_a_message_of_mine_without_answer_does_not_end_their_silence() -> None:
    written = tie(500, 400, 200, unanswered_ago=3)
    assert touchgain.unheard_days(written, NOW)[0] == 200
    assert gain(written) > 0.5 * gain(tie(500, 400, 200))
    assert warmth.gain(written, now=NOW, horizon_days=90.0, channel="email")[0] < 0.1 * gain(written)


def test_without_any_word_from_them_the_last_contact_counts() -> None:
    assert touchgain.unheard_days(tie(unanswered_ago=40), NOW)[0] == 40


def test_the_gain_lies_between_its_two_parts() -> None:
    states = tie(400, 300, 150)
    cycle = warmth.gain(states, now=NOW, horizon_days=90.0, channel="email")[0]
    added = touchgain.added_warmth(states, now=NOW, horizon_days=90.0, channel="email")[0]
    assert min(cycle, added) <= gain(states) <= max(cycle, added)
    assert gain(states) == pytest.approx((cycle * added) ** 0.5)


def test_the_added_warmth_is_the_area_between_the_two_curves() -> None:
    states = tie(400, 300, 150)
    days = np.linspace(0, touchgain.AHEAD_DAYS, 721)
    touched = warmth.after_touch(states, now=NOW, channel="email")
    high, low = (warmth.curve(s, now=NOW, taus_days=days, horizon_days=90.0)[0] for s in (touched, states))
    exact = float(np.trapezoid(high - low, days))
    found = touchgain.added_warmth(states, now=NOW, horizon_days=90.0, channel="email")[0]
    assert found == pytest.approx(exact, rel=0.05)


def test_kin_and_support_gain_less_since_they_fade_slowly() -> None:
    states = tie(400, 300, 150)
    assert gain(states, slow=np.array([True])) < gain(states)


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=12), st.integers(0, 400))
def test_gains_are_finite_and_never_negative(ago: list[int], written: int) -> None:
    states = tie(*ago, unanswered_ago=min(written, *ago))
    assert 0.0 <= gain(states) < 2000.0


def test_each_message_in_a_row_without_an_answer_lowers_the_chance_of_one() -> None:
    chances = touchgain.own_reply(np.full(4, 0.5), np.arange(4))
    assert chances.tolist() == pytest.approx([0.5, 0.4, 1 / 3, 2 / 7])

"""What a touch gains: zero after hearing from them, unmoved by messages of one's own, high where both parts are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core import tiefeatures, touchgain, warmth
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
    added = touchgain.added_warmth(touchgain.look_ahead(states, now=NOW, horizon_days=90.0), "email")[0]
    assert min(cycle, added) <= gain(states) <= max(cycle, added)
    assert gain(states) == pytest.approx(cycle**0.25 * added**0.75)


def test_the_added_warmth_is_the_area_between_the_two_curves() -> None:
    states = tie(400, 300, 150)
    days = np.linspace(0, touchgain.AHEAD_DAYS, 721)
    finely = touchgain.look_ahead(states, now=NOW, horizon_days=90.0, days=days)
    exact = float(np.trapezoid((touchgain.touched_warmth(finely, "email") - finely.warmth)[0], days))
    coarsely = touchgain.look_ahead(states, now=NOW, horizon_days=90.0)
    assert touchgain.added_warmth(coarsely, "email")[0] == pytest.approx(exact, rel=0.05)


def test_a_touch_raises_the_activation_as_a_folded_contact_does_and_no_other_term() -> None:
    """Activation ln 1.08 = .07 after three exchanges; a call of weight √2 now makes it ln(1.08 + 14.1) = 2.72."""
    states = tie(400, 300, 150)
    folded = warmth.after_touch(states, now=NOW, channel="call")
    ahead = touchgain.look_ahead(states, now=NOW, horizon_days=90.0)
    shift = tiefeatures.activation(folded, np.zeros(1), 90.0) - np.log(ahead.past[:, 0])
    before, after = ahead.warmth[0, 0], touchgain.touched_warmth(ahead, "call")[0, 0]
    log_odds = np.log(after / (1 - after)) - np.log(before / (1 - before))
    assert log_odds == pytest.approx(warmth.WEIGHTS[0] * shift[0], rel=0.02)


def test_a_heavier_channel_adds_more() -> None:
    ahead = touchgain.look_ahead(tie(400, 300, 150), now=NOW, horizon_days=90.0)
    message, email, call = (touchgain.added_warmth(ahead, name)[0] for name in ("message", "email", "call"))
    assert 0 < message < email < call


def test_whoever_was_never_in_touch_still_has_a_finite_outlook() -> None:
    ahead = touchgain.look_ahead(np.array([empty()]), now=NOW, horizon_days=90.0)
    assert (ahead.past == touchgain.OLDEST).all()
    assert 0 < touchgain.added_warmth(ahead, "email")[0] < touchgain.AHEAD_DAYS


def test_kin_and_support_gain_less_while_they_are_warm_since_they_fade_slowly() -> None:
    states = tie(100, 60, 20)
    assert gain(states, slow=np.array([True])) < gain(states)


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=12), st.integers(0, 400))
def test_gains_are_finite_and_never_negative(ago: list[int], written: int) -> None:
    states = tie(*ago, unanswered_ago=min(written, *ago))
    assert 0.0 <= gain(states) < 2000.0


def test_each_tie_may_have_its_own_horizon_and_nobody_is_nobody() -> None:
    ties = np.concatenate([tie(400, 300, 150), tie(90, 30), tie(700, 20)])
    horizons, slow = np.array([90.0, 365.0, 90.0]), np.array([False, True, False])
    many = touchgain.touch_gain(ties, now=NOW, horizon_days=horizons, channel="call", slow=slow)
    for row in range(3):
        one = slice(row, row + 1)
        alone = touchgain.touch_gain(
            ties[one], now=NOW, horizon_days=float(horizons[row]), channel="call", slow=slow[one]
        )
        assert many[row] == pytest.approx(alone[0], rel=1e-9)
    assert touchgain.touch_gain(ties[:0], now=NOW, horizon_days=horizons[:0], channel="call").shape == (0,)


def test_each_message_in_a_row_without_an_answer_lowers_the_chance_of_one() -> None:
    chances = touchgain.own_reply(np.full(4, 0.5), np.arange(4))
    assert chances.tolist() == pytest.approx([0.5, 0.4, 1 / 3, 2 / 7])

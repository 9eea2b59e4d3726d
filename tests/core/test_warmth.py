"""Warmth: never rising with silence, never falling with the horizon, and the cases that models get wrong."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithbook.core.params.warmth import FITTED, PARAMETERS
from kithbook.core.tiefeatures import TERMS, activation
from kithbook.core.tiestate import STATE, Contact, Log, empty, replay, replay_many
from kithbook.core.warmlevel import owner_level
from kithbook.core.warmth import NEVER, after_touch, curve, gain, state_word, warmth

DAY = 86_400
NOW = 20_000 * DAY + 43_200


def mail(days_ago: float, direction: int = 1, channel: str = "email", size: int = 1) -> Contact:
    at = NOW - int(days_ago * DAY)
    return Contact(at, at // DAY, channel, direction, size, None, True)


def states_of(*logs: list[Contact]) -> np.ndarray:
    return np.array([replay(log) for log in logs], STATE)


def p_of(log: list[Contact], horizon: float = 90.0, **options: object) -> float:
    arrays = {k: np.array([v]) if k in {"slow", "rating"} else v for k, v in options.items()}
    return float(warmth(states_of(log), now=NOW, horizon_days=horizon, **arrays)[0])  # type: ignore[arg-type]


logs = st.lists(
    st.builds(mail, st.floats(0, 15_000), st.sampled_from([-1, 0, 1]), st.sampled_from(["call", "email", "like"])),
    max_size=20,
)


@settings(max_examples=200)
@given(logs, st.floats(0, 3000), st.floats(0, 3000), st.sampled_from([30.0, 90.0, 200.0, 365.0]))
def test_more_silence_never_warms(log: list[Contact], less: float, more: float, horizon: float) -> None:
    less, more = sorted((less, more))
    early, late = curve(states_of(log), now=NOW, taus_days=np.array([less, more]), horizon_days=horizon)[0]
    assert late <= early + 1e-12


@settings(max_examples=200)
@given(logs, st.floats(10, 400), st.floats(10, 400))
def test_a_longer_horizon_never_cools(log: list[Contact], short: float, long: float) -> None:
    short, long = sorted((short, long))
    assert p_of(log, short) <= p_of(log, long) + 1e-12


@settings(max_examples=100)
@given(logs)
def test_warmth_is_a_probability_and_finite_over_decades(log: list[Contact]) -> None:
    assert 0.0 <= p_of(log) <= 1.0
    assert 0.0 <= p_of(log, level=50.0) <= 1.0


def test_every_weight_that_silence_or_horizon_touches_is_at_least_zero() -> None:
    assert set(PARAMETERS["weights"]) == set(TERMS)
    assert min(PARAMETERS["weights"].values()) >= 0


def test_a_monthly_call_is_alive_on_day_twenty_and_long_after() -> None:
    monthly = [mail(20 + 30 * k, 0, "call") for k in range(24)]
    assert state_word(p_of(monthly)) == "alive"
    assert p_of(monthly) > 0.85
    assert state_word(p_of([mail(44 + 30 * k, 0, "call") for k in range(24)])) == "alive"


def test_a_monthly_call_missed_for_a_year_is_no_longer_alive() -> None:
    assert p_of([mail(365 + 30 * k, 0, "call") for k in range(24)]) < 0.5


def test_a_yearly_letter_is_alive_over_a_year_but_not_over_a_month() -> None:
    yearly = [mail(200 + 365 * k) for k in range(10)]
    assert p_of(yearly, 365) > 0.5 > p_of(yearly, 30)


def test_even_intervals_are_warmer_than_uneven_ones_with_as_many_days_in_the_same_time() -> None:
    even = [mail(60 + 30 * k) for k in range(13)]
    uneven = [mail(60 + 30 * k + (14 if k % 2 else 0)) for k in range(13)]
    assert p_of(even) > p_of(uneven)


def test_one_contact_yesterday_is_warmer_than_one_last_year_and_cooler_than_three() -> None:
    assert p_of([mail(365)]) < p_of([mail(1)]) < p_of([mail(1), mail(10), mail(25)])


def test_an_empty_state_has_the_small_prior_at_any_time() -> None:
    assert p_of([]) == NEVER
    assert float(warmth(np.array([empty()], STATE), now=0, horizon_days=365.0)[0]) == NEVER
    assert warmth(np.zeros(0, STATE), now=NOW, horizon_days=90.0).shape == (0,)


def test_group_mail_broadcasts_and_likes_alone_stay_dormant() -> None:
    weekly = [mail(7 * k, -1, "group_mail", 40) for k in range(50)]
    assert state_word(p_of(weekly)) == "dormant"
    assert state_word(p_of([mail(7 * k, -1, "email", 11) for k in range(50)])) == "dormant"
    assert state_word(p_of([mail(7 * k, 1, "like") for k in range(50)])) == "dormant"


def test_group_mail_does_not_end_a_silence() -> None:
    quiet = [mail(400), mail(430), mail(460)]
    assert p_of([*quiet, mail(1, -1, "group_mail", 40)]) == p_of(quiet)


def test_future_contacts_never_count_when_the_replay_is_cut_at_now() -> None:
    past = [mail(300), mail(330)]
    cut = np.array([replay([*past, mail(-20, 0, "meeting")], until_at=NOW)], STATE)
    assert float(warmth(cut, now=NOW, horizon_days=90.0)[0]) == p_of(past)


def test_little_contact_does_not_mean_a_weak_tie_where_the_owner_says_so() -> None:
    quiet = [mail(900), mail(1000)]
    assert state_word(p_of(quiet)) in {"cold", "dormant"}
    assert state_word(p_of(quiet, rating=5.0)) == "alive"
    assert state_word(p_of(quiet, rating=4.0)) == "cooling"
    assert p_of(quiet, rating=math.nan) == p_of(quiet) == p_of(quiet, rating=1.0)
    busy = [mail(2 * k) for k in range(40)]
    assert p_of(busy, rating=5.0) == p_of(busy)


def test_kin_and_support_fade_slowly() -> None:
    log = [mail(300 + 20 * k) for k in range(10)]
    assert p_of(log, slow=True) > p_of(log)
    assert p_of(log, slow=False) == p_of(log)


def test_one_horizon_per_tie_gives_the_same_as_one_at_a_time() -> None:
    both = states_of([mail(20), mail(50)], [mail(200), mail(400)])
    mixed = warmth(both, now=NOW, horizon_days=np.array([90.0, 365.0]))
    for i, horizon in enumerate((90.0, 365.0)):
        assert mixed[i] == pytest.approx(warmth(both, now=NOW, horizon_days=horizon)[i], rel=1e-12)


def test_the_short_sum_of_exponentials_keeps_the_power_kernel_within_a_percent_and_three_over_forty_years() -> None:
    for days_ago, error in ((0.0, 0.01), (1.0, 0.01), (10.0, 0.01), (100.0, 0.01), (1000.0, 0.01), (15_000.0, 0.03)):
        for horizon in (30.0, 90.0, 180.0, 365.0):
            kept = activation(states_of([mail(0)]), np.array([days_ago]), horizon)
            assert math.exp(kept[0]) == pytest.approx(1 / (days_ago / horizon + 0.1), rel=error)


def test_a_touch_that_is_answered_warms_and_one_that_is_not_resets_nothing() -> None:
    cold = states_of([mail(200), mail(230), mail(300)])
    before = warmth(cold, now=NOW, horizon_days=90.0)
    assert warmth(after_touch(cold, now=NOW, channel="call"), now=NOW, horizon_days=90.0) > before
    silent = after_touch(cold, now=NOW, channel="call", answered=False)
    assert warmth(silent, now=NOW, horizon_days=90.0) == before
    assert silent["unanswered"][0] == cold["unanswered"][0] + 1


def test_a_heavier_channel_warms_at_least_as_much() -> None:
    cold = states_of([mail(200), mail(230)])
    call, message = (
        warmth(after_touch(cold, now=NOW, channel=channel), now=NOW, horizon_days=90.0)
        for channel in ("call", "message")
    )
    assert call > message


def test_the_gain_of_a_touch_is_zero_just_after_contact_and_largest_in_the_middle() -> None:
    once_a_month = [30.0 * k for k in range(12)]
    gains = {
        silence: float(
            gain(states_of([mail(silence + gap) for gap in once_a_month]), now=NOW, horizon_days=90.0, channel="call")[
                0
            ]
        )
        for silence in (0.0, 10.0, 60.0, 200.0)
    }
    assert gains[0.0] == pytest.approx(0.0, abs=1e-9)
    assert gains[0.0] < gains[10.0] < gains[60.0] < gains[200.0]


def test_the_gain_agrees_with_a_fine_integral() -> None:
    states = states_of([mail(150 + 30 * k) for k in range(12)])
    touched = after_touch(states, now=NOW, channel="email")
    taus = np.linspace(0, 150, 3001)
    values = curve(touched, now=NOW, taus_days=taus, horizon_days=90.0)[0]
    fine = float(np.trapezoid(values, taus) - 150 * values[-1])
    assert gain(states, now=NOW, horizon_days=90.0, channel="email")[0] == pytest.approx(fine, rel=0.03)


def log_of(ties: list[list[Contact]]) -> Log:
    flat = [(i, c) for i, tie in enumerate(ties) for c in tie]
    tie, at = np.array([i for i, _ in flat]), np.array([c.at for _, c in flat])
    way, size = np.array([c.direction for _, c in flat]), np.array([c.size for _, c in flat])
    return Log(tie, at, at // DAY, np.full(len(flat), 6), way, size, None, np.ones(len(flat), bool))


def test_the_level_rises_when_ties_went_on_and_falls_when_they_stopped() -> None:
    going_on = log_of([[mail(15 + 30 * k) for k in range(40)] for _ in range(10)])
    stopped = log_of([[mail(95 + 30 * k) for k in range(38)] for _ in range(10)])
    assert owner_level(going_on, 10, now=NOW, horizon_days=90.0) > owner_level(stopped, 10, now=NOW, horizon_days=90.0)


def test_the_level_of_an_empty_log_is_zero_and_what_lies_ahead_is_not_seen() -> None:
    empty_log = Log(*(np.zeros(0, np.int64) for _ in range(6)), None, np.zeros(0, bool))
    assert owner_level(empty_log, 0, now=NOW, horizon_days=90.0) == 0.0
    ties = [[mail(15 + 30 * k) for k in range(40)] for _ in range(5)]
    ahead = [[*tie, mail(-40), mail(-70)] for tie in ties]
    levels = [owner_level(log_of(t), 5, now=NOW, horizon_days=90.0) for t in (ties, ahead)]
    assert levels[0] == levels[1]


def test_the_shipped_constants_say_what_they_were_fitted_on() -> None:
    assert all(name.startswith("clear/") for name in FITTED["data"])
    assert all(FITTED["data"].values())
    assert FITTED["date"]


@pytest.mark.parametrize(
    ("p", "word"),
    [(0.5, "alive"), (0.49, "cooling"), (0.25, "cooling"), (0.1, "cold"), (0.09, "dormant")],
)
def test_the_words_of_warmth(p: float, word: str) -> None:
    assert state_word(p) == word


def test_replaying_in_bulk_gives_the_warmth_of_replaying_alone() -> None:
    ties = [[mail(20), mail(50, -1)], [mail(200), mail(400), mail(420)]]
    bulk = replay_many(*log_of(ties), 2)
    np.testing.assert_allclose(
        warmth(bulk, now=NOW, horizon_days=90.0), warmth(states_of(*ties), now=NOW, horizon_days=90.0)
    )

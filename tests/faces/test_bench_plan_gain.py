"""What an answered touch buys: the index of method §10 by closed forms, and its relation to the priced gain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.bench.plangain import (
    GRID_DAYS,
    LOOK_AHEAD_DAYS,
    Curves,
    gain_at_price,
    gain_of_cycle,
)


def fading(half_life_days: float) -> np.ndarray:
    return 0.5 ** (GRID_DAYS / half_life_days)[None, :]


def at(days: float) -> np.ndarray:
    return np.array([float(days)])


def test_the_index_of_an_exponential_curve_is_its_closed_form() -> None:
    """R = e^(−ku), k = ln 2 / 180: the gain is (1 − e^(−kτ))/k − τe^(−kτ); at τ = 112: 91.0 − 72.8 = 18.2."""
    k = np.log(2) / 180
    exact = (1 - np.exp(-k * 112)) / k - 112 * np.exp(-k * 112)
    assert exact == pytest.approx(18.2, abs=0.1)
    assert gain_of_cycle(fading(180), at(112))[0] == pytest.approx(exact, rel=0.02)


def test_nothing_is_gained_just_after_contact() -> None:
    assert gain_of_cycle(fading(90), at(0))[0] == 0.0


def test_ties_that_die_at_once_and_ties_that_hardly_fade_gain_less_than_those_in_the_middle() -> None:
    gains = [gain_of_cycle(fading(half), at(120))[0] for half in (5, 60, 20_000)]
    assert gains[1] > 2 * gains[0]
    assert gains[1] > 10 * gains[2]


@given(st.floats(5, 2000), st.floats(0, 1300), st.floats(0, 300))
def test_waiting_never_lowers_the_index(half_life: float, silence: float, more: float) -> None:
    curve = fading(half_life)
    assert gain_of_cycle(curve, at(silence + more))[0] >= gain_of_cycle(curve, at(silence))[0] - 1e-9


def priced(half_life: float, price: float, place: float, reply: float = 1.0) -> float:
    curve = fading(half_life)
    return float(gain_at_price(Curves(curve, np.full_like(curve, reply), 1e12), np.array([price]), at(place))[0])


def test_without_any_later_touch_the_gain_is_the_area_between_contact_and_none() -> None:
    """R = e^(−ku), discounted at D: the area from 0 is 1/(k + 1/D), from τ on e^(−kτ) of that."""
    k = np.log(2) / 180
    area = (1 - np.exp(-k * 224)) / (k + 1 / LOOK_AHEAD_DAYS)
    assert priced(180, 1e9, 224) == pytest.approx(area, rel=0.06)


def test_the_dearer_later_touches_are_the_more_this_one_is_worth() -> None:
    gains = [priced(120, price, 168) for price in (1.0, 10.0, 40.0, 1e9)]
    assert gains == sorted(gains)
    assert gains[0] < 0.5 * gains[-1]


def test_at_its_own_price_the_gain_agrees_with_the_index() -> None:
    """Touching at silence τ for ever costs λ = index(τ): a fresh tie is worth just λ more than that at τ."""
    index = float(gain_of_cycle(fading(180), at(112))[0])
    assert priced(180, index, 112) == pytest.approx(index, rel=0.15)


def test_many_ties_are_judged_as_one_by_one() -> None:
    halves, prices, places = [20.0, 90.0, 400.0], np.array([3.0, 15.0, 60.0]), np.array([10.0, 100.0, 500.0])
    curves = np.concatenate([fading(half) for half in halves])
    many = gain_at_price(Curves(curves, np.full_like(curves, 0.5), 90.0), prices, places)
    for k in range(3):
        single = Curves(curves[k : k + 1], np.full((1, len(GRID_DAYS)), 0.5), 90.0)
        assert gain_at_price(single, prices[k : k + 1], places[k : k + 1])[0] == pytest.approx(many[k], rel=1e-4)

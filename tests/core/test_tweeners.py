"""Tweeners by hand, boundary by boundary; the rhythm of a tie; when it falls asleep."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from kithbook.core import dormancy, rhythm, tweeners
from kithbook.core.tiestate import Contact, States, replay
from kithbook.core.warmth import warmth

DAY = 86_400
TODAY = 20_778
NOW = TODAY * DAY + 9 * 3600
NAN = float("nan")


def tie(*days_ago: float, direction: int = 0, channel: str = "call") -> np.void:
    """A tie with contacts so many days (of 24 hours) before now."""
    moments = [int(NOW - ago * DAY) for ago in days_ago]
    return replay(Contact(at, at // DAY, channel, direction, 1, None, counts=True) for at in moments)


def is_tweener(state: np.void, *, stage: int = 2, key: bool = False, liking: float = NAN) -> bool:
    states = np.array([state])
    return bool(tweeners.find_tweeners(states, np.array([stage]), np.array([key]), np.array([liking]), NOW)[0])


BETWEEN = tie(100, 200, 300, 400, 500)


@pytest.mark.parametrize(
    ("what", "state", "options", "expected"),
    [
        ("liked by nobody's rating, quiet, known", BETWEEN, {}, True),
        ("stage 4 is below Support", BETWEEN, {"stage": 4}, True),
        ("Support is close", BETWEEN, {"stage": 5}, False),
        ("a key person, client or prospect", BETWEEN, {"key": True}, False),
        ("rated 3 of 5", BETWEEN, {"liking": 3.0}, True),
        ("rated 2 of 5", BETWEEN, {"liking": 2.0}, False),
        ("one interaction is an encounter", tie(100), {}, False),
        ("two interactions", tie(100, 250), {}, True),
        ("two interactions on one day have no gap: 90 days count", tie(91, 91), {}, True),
        ("the same a day earlier", tie(89, 89), {}, False),
        ("known for 60 days is new", tie(25, 60, 60), {}, False),
        ("known for 61 days is not: twice the gap of 18 days is over", tie(43, 61), {}, True),
        ("90 days of silence are not more than 90", tie(90, 300, 500), {}, False),
        ("91 days are", tie(91, 300, 500), {}, True),
        ("gap 40, silent 80: not yet more than twice", tie(80, 120, 160, 200), {}, False),
        ("gap 40, silent 81", tie(81, 121, 161, 201), {}, True),
        ("gap 5, silent 14: not before two weeks", tie(14, 19, 24, 29, 34, 39, 44, 49, 54, 59, 64), {}, False),
        ("gap 5, silent 15", tie(15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65), {}, True),
        ("never any contact", tie(), {}, False),
    ],
)  # fmt: skip
def test_who_is_a_tweener(what: str, state: np.void, options: dict[str, float], expected: bool) -> None:
    """R24: every clause of the definition at its boundary."""
    assert is_tweener(state, **options) is expected, what  # type: ignore[arg-type]


def test_a_message_without_an_answer_is_no_two_way_exchange() -> None:
    """R24: what counts is the last exchange in both directions; my own mails since do not hide the silence."""
    both = [Contact(NOW - ago * DAY, TODAY - ago, "call", 0, 1, None, counts=True) for ago in (200, 300, 400)]
    mine = [Contact(NOW - 5 * DAY, TODAY - 5, "email", 1, 1, None, counts=True)]
    assert is_tweener(replay([*both, *mine]))
    answered = [Contact(NOW - 4 * DAY, TODAY - 4, "email", -1, 1, None, counts=True)]
    assert not is_tweener(replay([*both, *mine, *answered]))


@pytest.mark.parametrize(
    ("count", "expected"), [(2, True), (3, True), (4, True), (5, False)], ids=["two", "three", "four", "five"]
)
def test_those_dropped_after_two_to_four_interactions_are_flagged(count: int, expected: bool) -> None:
    """R26: nothing came of it at once, and the tie was dropped."""
    states = np.array([tie(*(150 + 3 * n for n in range(count)))])
    found = np.array([True])
    assert bool(tweeners.find_dropped(states, found)[0]) is expected
    assert not tweeners.find_dropped(states, np.array([False]))[0]


@pytest.mark.parametrize(
    ("role", "expected"),
    [("client", True), ("Client", True), (" key  person", True), ("prospect", True), ("mentor", False), ("", False)],
)
def test_clients_and_prospects_are_kept_up_with_anyway(role: str, expected: bool) -> None:
    assert tweeners.is_key_role(role) is expected


def test_an_empty_network_has_no_tweeners() -> None:
    nobody = np.zeros(0)
    states: States = np.zeros(0, tie(1).dtype)
    found = tweeners.find_tweeners(states, nobody.astype(int), nobody.astype(bool), nobody, NOW)
    assert found.shape == (0,)


@pytest.mark.parametrize(("days", "expected"), [(None, 180), (30, 180), (179, 180), (180, 365), (365, 365), (800, 800)])
def test_lighten_asks_for_the_next_longer_rhythm(days: int | None, expected: int) -> None:
    assert rhythm.lighter(days) == expected


def test_a_rhythm_says_from_when_on_somebody_is_proposed_again() -> None:
    """R41: last contact plus the rhythm; any day without a rhythm or without contact."""
    last, days = np.array([100, 100, 0]), np.array([30, 0, 30])
    assert list(rhythm.earliest_days(last, days, np.array([True, True, False]))) == [130, 0, 0]


def fall(state: np.void, below: float) -> tuple[int, dict[str, object]]:
    shape = {
        "now": NOW, "horizon_days": np.array([90.0]), "level": np.zeros(1), "slow": np.zeros(1, bool),
        "rating": np.array([NAN]),
    }  # fmt: skip
    return int(dormancy.days_until_below(np.array([state]), below, **shape)[0]), shape  # type: ignore[arg-type]


@pytest.mark.parametrize("below", [dormancy.COLD, dormancy.DORMANT])
def test_the_day_of_the_forecast_is_the_first_below_the_limit(below: float) -> None:
    """R47: the warmth of that day is below the limit, that of the day before is not."""
    state = tie(10, 24, 38, 52, 66, 80)
    days, shape = fall(state, below)
    assert 0 < days < dormancy.AHEAD_DAYS

    def later(number: int) -> float:
        states = np.array([state])
        return float(warmth(states, **{**shape, "now": NOW + number * DAY})[0])  # type: ignore[arg-type]

    assert later(days) < below <= later(days - 1)


def test_what_is_asleep_already_and_what_never_falls_asleep() -> None:
    assert fall(tie(3000), dormancy.DORMANT)[0] == 0
    rated = {
        "now": NOW, "horizon_days": np.array([90.0]), "level": np.zeros(1), "slow": np.zeros(1, bool),
        "rating": np.array([5.0]),
    }  # fmt: skip
    assert dormancy.days_until_below(np.array([tie(50)]), 0.25, **rated)[0] == dormancy.NEVER  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "cold_on", "dormant_on", "words"),
    [
        ("alive", "3 May", "May 2028", "turns cold about 3 May and falls asleep about May 2028"),
        ("cooling", "3 May", "", "turns cold about 3 May; both of you lose it"),
        ("cold", "", "May 2028", "it falls asleep about May 2028; both of you lose it"),
        ("cold", "", "", "holds for years"),
        ("alive", "", "", "holds for years"),
        ("dormant", "", "", "asleep: nothing comes of it for Ada or for you"),
    ],
)
def test_the_forecast_says_what_follows_for_both(state: str, cold_on: str, dormant_on: str, words: str) -> None:
    """R47: the consequence in words."""
    assert words in dormancy.describe_fall("Ada", state, cold_on, dormant_on)


def test_the_fixed_day_is_what_the_table_says() -> None:
    assert dt.date(1970, 1, 1) + dt.timedelta(days=TODAY) == dt.date(2026, 11, 21)

"""Reasons in words: at most five, and they add up."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithbook.core.daywords import day_words
from kithbook.core.tiestate import STATE, Contact, replay
from kithbook.core.warmreasons import reasons, words_for_days
from kithbook.core.warmth import warmth

DAY = 86_400
NOW = 20_560 * DAY + 40_000


def met(days_ago: int, channel: str = "call", size: int = 1) -> Contact:
    at = NOW - days_ago * DAY
    return Contact(at, at // DAY, channel, 0, size, None, True)


@settings(max_examples=150)
@given(
    st.lists(st.builds(met, st.integers(0, 9000), st.sampled_from(["call", "email", "group_mail"])), max_size=12),
    st.sampled_from([30.0, 90.0, 365.0]),
    st.sampled_from([0.0, -0.7, 1.3]),
    st.booleans(),
    st.sampled_from([None, 2.0, 4.0, 5.0]),
)
def test_at_most_five_reasons_add_up_to_the_warmth(
    log: list[Contact], horizon: float, level: float, slow: bool, rating: float | None
) -> None:
    state = replay(log)
    found = reasons(state, now=NOW, horizon_days=horizon, level=level, slow=slow, rating=rating)
    p = warmth(
        np.array([state], STATE),
        now=NOW,
        horizon_days=horizon,
        level=level,
        slow=np.array([slow]),
        rating=np.array([math.nan if rating is None else rating]),
    )[0]
    assert 1 <= len(found) <= 5
    assert 1 / (1 + math.exp(-sum(reason.effect for reason in found))) == pytest.approx(p, abs=1e-9)
    assert all(reason.text and math.isfinite(reason.effect) for reason in found)
    assert [abs(reason.effect) for reason in found] == sorted((abs(reason.effect) for reason in found), reverse=True)


def texts(log: list[Contact], **options: float) -> dict[str, str]:
    return {r.name: r.text for r in reasons(replay(log), now=NOW, horizon_days=90.0, **options)}  # type: ignore[arg-type]


def test_the_words_name_dates_and_rhythm() -> None:
    said = texts([met(40 + 21 * k) for k in range(8)], level=-0.4)
    assert said == {
        "history": "you usually talk every 3 weeks, 8 days of contact in all",
        "silence": "last exchange 8 Mar 2026, 6 weeks ago",
        "span": "in touch for 5 months",
        "regularity": "at even intervals",
        "level": "your contacts went on less than their histories promised",
    }


def test_silence_only_cools_and_a_slow_tie_says_so() -> None:
    log = [met(400), met(430)]
    effects = {r.name: r.effect for r in reasons(replay(log), now=NOW, horizon_days=90.0)}
    slowly = {r.name: r for r in reasons(replay(log), now=NOW, horizon_days=90.0, slow=True)}
    assert effects["silence"] < slowly["silence"].effect < 0
    assert slowly["silence"].text.endswith("(a tie that fades slowly)")


def test_without_an_exchange_there_is_one_reason() -> None:
    assert texts([]) == {"history": "no exchange yet"}
    assert texts([met(3, "group_mail", 40)]) == {"history": "mail to groups only"}
    assert texts([met(3)])["history"] == "one day of contact only"


def test_the_owner_is_told_that_the_own_rating_decides() -> None:
    assert texts([met(900), met(950)], rating=5.0)["rating"] == "you rate this tie 5 of 5"
    assert "rating" not in texts([met(3), met(9), met(20), met(30)], rating=5.0)


@pytest.mark.parametrize(
    ("days", "words"),
    [(0.4, "1 day"), (9, "9 days"), (21, "3 weeks"), (95, "3 months"), (800, "2 years"), (4000, "11 years")],
)
def test_lengths_of_time_are_words(days: float, words: str) -> None:
    assert words_for_days(days) == words


def test_days_before_1970_are_dates_too() -> None:
    assert day_words(0) == "1 Jan 1970"
    assert day_words(-1) == "31 Dec 1969"

"""Ids, display names, ideas, the worth of a tie, tweeners and dormant ties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core import reconnect
from kithbook.core.errors import NotFound
from kithbook.core.ideas import find_idea
from kithbook.core.ids import from_text, is_id, to_text
from kithbook.core.personnames import best_name, clean_display_name, split_name
from kithbook.core.tiestate import Contact, replay
from kithbook.core.tweeners import find_tweeners
from kithbook.core.worth import tie_values

NOW = 1_795_250_000
TODAY = NOW // 86_400


@given(st.integers(0, 2**62 - 1))
def test_ids_survive_the_way_out_and_in(number: int) -> None:
    text = to_text(number)
    assert len(text) == 13
    assert from_text(text) == from_text(text.upper()) == number


@pytest.mark.parametrize("text", ["", "12", "u" * 13, "0123456789abcd", "…" * 13])
def test_what_is_no_id_is_not_found(text: str) -> None:
    assert not is_id(text)
    with pytest.raises(NotFound):
        from_text(text)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ('"Berger, Anna"', "Anna Berger"),
        ("Anna Berger via LinkedIn", "Anna Berger"),
        ("Berger, Anna (Anni Berger)", "Anna Berger"),
        ("'anna@example.org'", ""),
        ("Anna <anna@example.org>", "Anna"),
        ("Martin, Jr.", "Martin, Jr."),
        ("  Zoë   van der Berg ", "Zoë van der Berg"),
        ("12345", ""),
        ("李明", "李明"),
    ],
)
def test_display_names_are_made_fit_to_show(raw: str, name: str) -> None:
    assert clean_display_name(raw) == name


@given(st.text(max_size=300))
def test_cleaning_a_name_twice_changes_nothing_more(raw: str) -> None:
    once = clean_display_name(raw)
    assert len(once) <= 120
    assert clean_display_name(once) in (once, clean_display_name(clean_display_name(once)))


def test_the_best_name_is_full_then_frequent_and_does_not_depend_on_order() -> None:
    counts = {"anna": 9, "Anna Berger": 2, "Anna B": 2}
    assert best_name(counts) == best_name(dict(reversed(counts.items()))) == "Anna Berger"
    assert best_name({}) == ""


def test_names_are_split_at_the_last_space() -> None:
    assert split_name("Zoë van der Berg") == ("Zoë van der", "Berg")
    assert split_name("Cher") == ("Cher", "")


def test_a_need_makes_a_better_idea_than_the_channel() -> None:
    assert find_idea(("need", "Ask how it goes with fintech roles."), "call") == "Ask how it goes with fintech roles."
    assert find_idea(("checkin", "Write a short hello."), "item").startswith("Send one thing")
    assert "“Lunch”" in find_idea(None, "call", "Lunch")


def test_the_worth_of_a_tie_by_hand() -> None:
    nan = float("nan")
    value = tie_values(
        np.array([3, 4, 1, 3]), np.array([nan, 5.0, 1.0, nan]), np.array([nan, 5.0, 1.0, nan]),
        np.array([False, True, False, False]), np.array([False, False, False, True]),
        np.array([False, False, False, True]),
    )  # fmt: skip
    assert value == pytest.approx([1.2, 1.3 * 1.4 * 1.3 * 1.2, 0.5 * 0.6 * 0.7, 1.2 * 1.3 + 0.5])


def tie(*days_ago: int, direction: int = 0) -> np.void:
    return replay(Contact(NOW - ago * 86_400, TODAY - ago, "call", direction, 1, None, counts=True) for ago in days_ago)


def tweener(state: np.void, stage: int = 2, *, key: bool = False, liking: float = float("nan")) -> bool:
    states = np.array([state])
    return bool(find_tweeners(states, np.array([stage]), np.array([key]), np.array([liking]), NOW)[0])


@pytest.mark.parametrize(
    ("state", "options", "expected"),
    [
        (tie(100, 200), {}, True),
        (tie(80, 200), {}, False),
        (tie(100), {}, False),
        (tie(100, 200), {"stage": 5}, False),
        (tie(100, 200), {"key": True}, False),
        (tie(100, 200), {"liking": 2.0}, False),
        (tie(100, 200), {"liking": 3.0}, True),
        (tie(20, 40), {}, False),
        (tie(50, 60, 70, 80, 90, 100), {}, True),
        (tie(50, 90, 130, 170, 210, 250), {}, False),
    ],
)
def test_tweeners_are_in_between_liked_and_quiet(state: np.void, options: dict, expected: bool) -> None:  # type: ignore[type-arg]
    assert tweener(state, **options) is expected


def test_dormant_strong_ties_are_ranked_by_trust_and_novelty() -> None:
    year = 365
    strong = tie(*(4 * year + 10 * n for n in range(20)))
    weaker = tie(*(4 * year + 10 * n for n in range(4)))
    recent = tie(*(10 * n for n in range(20)))
    passing = tie(5 * year, 5 * year + 3)
    states = np.array([strong, weaker, recent, passing])
    rank = reconnect.rank(states, np.array([2, 2, 2, 2]), np.full(4, np.nan), NOW)
    assert rank[0] > rank[1] > 0
    assert rank[2] == rank[3] == 0
    assert list(reconnect.is_long_silent(states, NOW)) == [True, True, False, True]


def test_somebody_at_support_is_offered_however_little_they_wrote() -> None:
    passing = np.array([tie(5 * 365, 5 * 365 + 3)])
    assert reconnect.rank(passing, np.array([5]), np.array([np.nan]), NOW)[0] > 0

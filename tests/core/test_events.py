"""Events: follow-up at the edges of its fourteen days, what one was worth, what to ask, and pasted lists of names."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.events import (
    Followed,
    Noted,
    ask_next,
    first_follow_up,
    follow_up,
    is_unseen,
    judge_event,
    read_names,
    say_event,
)

HELD = dt.date(2026, 11, 1)


def on(day: int, month: int = 11) -> dt.date:
    return dt.date(2026, month, day)


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ([], None),
        ([on(1)], None),  # the talk itself, or a mail of the same day
        ([on(2)], on(2)),
        ([on(15)], on(15)),  # the fourteenth day
        ([on(16)], None),
        ([on(31, 10)], None),
        ([on(9), on(4), on(20)], on(4)),
    ],
)
def test_a_follow_up_comes_after_the_event_and_within_fourteen_days(days: list[dt.date], found: dt.date | None) -> None:
    assert first_follow_up(days, HELD) == found


@pytest.mark.parametrize(
    ("met", "exchanges", "today", "expected"),
    [
        ([], {}, on(30), Followed(0, 0, True)),
        ([1, 2, 2], {1: [on(3)]}, on(5), Followed(2, 1, False)),
        ([1], {1: [on(20)], 2: [on(3)]}, on(15), Followed(1, 0, False)),
        ([1], {1: [on(20)]}, on(16), Followed(1, 0, True)),
        ([1], {1: [on(15)]}, on(16), Followed(1, 1, True)),
    ],
)
def test_an_event_is_judged_by_what_followed(
    met: list[int], exchanges: dict[int, list[dt.date]], today: dt.date, expected: Followed
) -> None:
    """R113: of those met, the ones with an exchange in the fourteen days after; until then the verdict waits."""
    assert judge_event(HELD, met, exchanges, today) == expected


def test_an_event_is_lost_only_when_people_were_met_and_time_is_over() -> None:
    """R113: showing up alone counts for little."""
    assert Followed(3, 0, True).is_lost
    assert not Followed(3, 0, False).is_lost
    assert not Followed(3, 1, True).is_lost
    assert not Followed(0, 0, True).is_lost
    assert (Followed(0, 0, True).share, Followed(4, 1, True).share) == (None, 0.25)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Followed(0, 0, True), "nobody"),
        (Followed(1, 0, False), "1 person; the next days decide"),
        (Followed(3, 0, True), "3 people; nothing followed"),
        (Followed(3, 2, True), "3 people; 2 heard from you"),
    ],
)
def test_what_an_event_was_worth_is_said(found: Followed, words: str) -> None:
    assert words in say_event(found)


@pytest.mark.parametrize(
    ("seen", "unseen"), [(None, True), (on(21), False), (on(23, 5), False), (on(22, 5), True), (on(22, 12), False)]
)
def test_six_months_are_one_hundred_and_eighty_two_days(seen: dt.date | None, unseen: bool) -> None:
    """R45: not seen for more than 182 days, or never."""
    assert is_unseen(seen, on(21)) == unseen


TOPICS = [Noted("interest", "night shifts"), Noted("goal", "a book."), Noted("fact", "two sons")]


def test_what_to_ask_begins_with_their_promise_then_their_goal() -> None:
    assert ask_next(TOPICS, ["send the plan."]) == "They wanted to send the plan: ask kindly how it went."
    assert ask_next(TOPICS) == "Ask how it goes with their goal: a book."
    assert ask_next(TOPICS[:1]) == "Ask what is new in night shifts."


def test_of_somebody_of_whom_nothing_is_noted_ask_about_their_year() -> None:
    """R106, R75: what do they want to reach this year, and how could you help; a newcomer: what do they care about?"""
    assert ask_next([Noted("fact", "two sons")]) == "Ask what they want to reach this year, and how you could help."
    assert "care about" in ask_next([], is_new=True)


def test_afterwards_there_is_one_thing_to_write() -> None:
    assert follow_up(TOPICS) == "Send them something on night shifts."
    assert follow_up([], "hospital app") == "Write a line on what you talked about."
    assert follow_up([]) == "Write that you enjoyed the talk."


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("Ada Lovelace", ["Ada Lovelace"]),
        ("Ada Lovelace\n\n  Charles Babbage \nada lovelace", ["Ada Lovelace", "Charles Babbage"]),
        ("1. Ada Lovelace - Analytical Engines\n2) Charles Babbage – Cambridge", ["Ada Lovelace", "Charles Babbage"]),
        ("• Ada Lovelace <ada@example.org>\n- Mary Somerville (speaker)", ["Ada Lovelace", "Mary Somerville"]),
        ("Ada Lovelace, Analytical Engines\nCharles Babbage\tCambridge", ["Ada Lovelace", "Charles Babbage"]),
        ("Ada Lovelace, Charles Babbage, Mary Somerville", ["Ada Lovelace", "Charles Babbage", "Mary Somerville"]),
        ("Ada Lovelace; Jean-Luc Picard-Dupont", ["Ada Lovelace", "Jean-Luc Picard-Dupont"]),
        ("---\n42\n…", []),
    ],
)
def test_names_of_a_pasted_list(text: str, names: list[str]) -> None:
    """R46: a list of participants as it comes."""
    assert read_names(text) == names


def test_a_long_list_is_cut() -> None:
    assert len(read_names("\n".join(f"Person {'abcdefghij'[n % 10]}{n}" for n in range(10_000)))) == 500

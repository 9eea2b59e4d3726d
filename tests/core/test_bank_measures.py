"""Mutuality, replies, kept words, chains, gifts and repairs, worked by hand (21 November 2026)."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.bankchains import Deed, Link, find_chains, find_links
from kithbook.core.bankgiving import (
    Act,
    Receiver,
    Wish,
    choose_for_week,
    count_weeks_of_giving,
    find_gift,
    find_receivers,
    find_repairs,
)
from kithbook.core.bankhealth import (
    Reliability,
    Replies,
    Word,
    measure_reliability,
    measure_replies,
    say_reliability,
    say_replies,
)
from kithbook.core.bankmutual import (
    Mutuality,
    YearOfHelp,
    count_asks,
    count_rounds,
    count_their_asks,
    list_years,
    measure_mutuality,
    recent,
    say_need,
)
from kithbook.core.ledger import Direction, Entry, turned

TODAY = date(2026, 11, 21)


def act(direction: Direction, days_ago: int, size: int = 2, kind: str = "favour", *, asked: bool = False) -> Entry:
    return Entry(TODAY - timedelta(days=days_ago), direction, kind, size, asked)


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ([], Mutuality("nothing yet", 0, 0, None)),
        ([act("gave", 0)], Mutuality("mostly you", 0, 1, None)),
        ([act("gave", 10), act("got", 0)], Mutuality("both ways", 1, 2, 10)),
        ([act("gave", 0, 2), act("got", 0, 1)], Mutuality("both ways", 1, 2, None)),
        ([act("gave", 0, 5), act("got", 0, 2)], Mutuality("mostly you", 1, 2, None)),
        ([act("got", 30), act("got", 10)], Mutuality("mostly they", 0, 2, 20)),
        ([act("gave", -1)], Mutuality("nothing yet", 0, 0, None)),
        ([act("gave", 5, kind="friction")], Mutuality("nothing yet", 0, 0, None)),
    ],
)
def test_mutuality_is_told_by_aged_value_and_rounds(entries: list[Entry], found: Mutuality) -> None:
    """R91, R10, R115: how mutual a tie is and how often it recurs, in words of giving."""
    assert measure_mutuality(entries, TODAY) == found


def test_a_round_is_complete_when_both_have_given_since_the_last() -> None:
    order = ["gave", "gave", "got", "got", "gave", "gave"]
    assert count_rounds([act(way, 10 - place) for place, way in enumerate(order)]) == 2  # type: ignore[arg-type]


def test_history_is_kept_year_by_year_for_ever() -> None:
    """R20, R28: help of many years ago is still there."""
    entries = [
        Entry(date(2003, 5, 1), "got", "referral", 4),
        Entry(date(2026, 1, 1), "gave", "item", 1),
        Entry(date(2026, 12, 31), "gave", "ask", 2),
        Entry(date(2026, 2, 1), "got", "spam", 1),
    ]
    assert list_years(entries) == [YearOfHelp(2026, 2, 0), YearOfHelp(2003, 0, 1)]
    assert list_years([]) == []


def test_the_last_months_end_with_the_day_itself() -> None:
    edge = [Entry(date(2025, 11, 21), "gave", "item", 1), Entry(date(2025, 11, 20), "gave", "item", 1)]
    assert recent(edge, TODAY, 12) == edge[:1]
    assert recent([act("gave", -1)], TODAY, 12) == []


@pytest.mark.parametrize(
    ("asked_days_ago", "entries", "count"),
    [
        ([], [], 0),
        ([5], [], 1),
        ([5], [act("got", 5, kind="ask")], 1),
        ([35], [act("got", 5, kind="ask")], 1),
        ([36], [act("got", 5, kind="ask")], 2),
        ([3], [act("got", 5, kind="ask")], 2),
        ([], [act("got", 5, asked=True), act("got", 5), act("gave", 5, asked=True)], 1),
        ([9, 5], [act("got", 4, kind="ask"), act("got", 4, kind="ask")], 2),
    ],
)
def test_an_ask_and_its_answer_are_one_wish(asked_days_ago: list[int], entries: list[Entry], count: int) -> None:
    assert count_asks([TODAY - timedelta(days=ago) for ago in asked_days_ago], entries) == count
    assert count_their_asks(turned(entries), [TODAY - timedelta(days=ago) for ago in asked_days_ago]) == count


@pytest.mark.parametrize(
    ("contacts", "asks", "mine", "words"),
    [
        (2, 2, True, ""),
        (3, 4, True, ""),
        (4, 2, True, "You asked for something in 2 of 4 contacts: a check-in without a wish would do good."),
        (5, 2, True, "You asked for something in 2 of 5 contacts."),
        (4, 3, False, "They asked for something in 3 of 4 contacts that they began: they mostly come with a wish."),
        (4, 0, False, "They asked for something in 0 of 4 contacts that they began."),
    ],
)
def test_how_much_is_only_need(contacts: int, asks: int, mine: bool, words: str) -> None:
    """R89, R90: the share of contacts with a wish, per person and from both sides."""
    assert say_need(contacts, asks, mine=mine) == words


NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def at(*days_ago: tuple[float, int]) -> list[tuple[datetime, int]]:
    return [(NOON - timedelta(days=ago), way) for ago, way in days_ago]


@pytest.mark.parametrize(
    ("exchanges", "found"),
    [
        ([], Replies(0, 0, None)),
        (at((5, 1)), Replies(0, 0, None)),
        (at((30, 1)), Replies(0, 0, None)),
        (at((31, 1)), Replies(1, 0, None)),
        (at((10, 1), (8, -1)), Replies(1, 1, 2.0)),
        (at((10, 1), (9, 1), (8, 0)), Replies(1, 1, 2.0)),
        (at((60, 1), (30, -1)), Replies(1, 1, 30.0)),
        (at((60, 1), (29, -1)), Replies(1, 0, None)),
        (at((80, 1), (40, 1), (39, -1)), Replies(2, 1, 1.0)),
        (at((10, -1), (9, -1)), Replies(0, 0, None)),
        (at((10, 1), (-1, -1)), Replies(0, 0, None)),
    ],
)
def test_messages_in_a_row_are_one_and_answered_within_thirty_days(
    exchanges: list[tuple[datetime, int]], found: Replies
) -> None:
    """R16: whether calls are returned, and how soon."""
    assert measure_replies(exchanges, NOON) == found
    assert measure_replies(exchanges[::-1], NOON) == found


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        (Replies(2, 2, 1.0), ""),
        (Replies(3, 0, None), "0 of your 3 messages were answered."),
        (Replies(3, 2, 0.4), "2 of your 3 messages were answered, usually within a day."),
        (Replies(4, 4, 1.2), "4 of your 4 messages were answered, usually after 1 day."),
    ],
)
def test_replies_in_words(replies: Replies, words: str) -> None:
    assert say_replies(replies) == words


def test_words_kept_broken_released_and_open() -> None:
    """R92: reliability of one side, from promises with and without a day."""
    yesterday = TODAY - timedelta(days=1)
    words = [
        Word(True, "kept", TODAY, TODAY),
        Word(True, "kept", yesterday, TODAY),
        Word(True, "kept", None, TODAY),
        Word(True, "broken", yesterday, TODAY),
        Word(True, "released", None, TODAY),
        Word(True, "open", TODAY),
        Word(True, "open", yesterday),
        Word(True, "open"),
    ]
    found = measure_reliability(words, TODAY)
    assert found == Reliability(kept=3, on_time=2, broken=1, released=1, open=3, late=1, share=0.75)
    assert say_reliability(found, mine=True) == "You kept 3 of 4 promises, 1 of them after the day."
    assert say_reliability(measure_reliability(words[:1], TODAY), mine=False) == "They kept 1 of 1 promise."
    nothing = measure_reliability([Word(True, "open")], TODAY)
    assert (nothing.share, say_reliability(nothing, mine=True)) == (None, "")


ANNA, BEN, CARA = 1, 2, 3


def deed(key: int, direction: str, who: int, ago: int, source: int | None = None, size: int = 3) -> Deed:
    return Deed(key, TODAY - timedelta(days=ago), direction, frozenset({who}), size, source)


@pytest.mark.parametrize(
    ("first", "then", "kind"),
    [
        (("got", ANNA), ("gave", BEN), "passed_on"),
        (("got", ANNA), ("gave", ANNA), "gave_back"),
        (("gave", ANNA), ("got", ANNA), "came_back"),
        (("gave", ANNA), ("got", BEN), "came_round"),
        (("got", ANNA), ("got", BEN), "led_on"),
        (("gave", ANNA), ("gave", BEN), "led_on"),
    ],
)
def test_two_deeds_are_linked_by_direction_and_person(first: tuple[str, int], then: tuple[str, int], kind: str) -> None:
    """R14, R38: help passed on, and help that comes round through somebody else."""
    links = find_links([deed(1, *first, 10), deed(2, *then, 5, source=1)])
    assert links == [Link(1, 2, kind)]


def test_help_from_somebody_met_through_a_person_helped_before_is_attributed_to_that_person() -> None:
    """R38: the indirect return of help to Anna, through Ben whom she brought."""
    deeds = [deed(1, "gave", ANNA, 300), deed(2, "gave", ANNA, 200), deed(3, "got", BEN, 100), deed(4, "got", CARA, 90)]
    assert find_links(deeds, {BEN: ANNA}) == [Link(2, 3, "came_round", inferred=True)]
    assert find_links(deeds[2:], {BEN: ANNA}) == []
    assert find_links([deed(1, "gave", ANNA, 300, size=1), deed(3, "got", BEN, 100)], {BEN: ANNA}) == []
    assert find_links([deed(1, "gave", ANNA, 50), deed(3, "got", BEN, 100)], {BEN: ANNA}) == []
    told = [deed(1, "gave", ANNA, 300), deed(2, "gave", CARA, 200), deed(3, "got", BEN, 100, source=2)]
    assert find_links(told, {BEN: ANNA}) == [Link(2, 3, "came_round")]


def test_links_to_deeds_that_are_gone_and_to_themselves_are_left_out() -> None:
    assert find_links([deed(1, "gave", ANNA, 1, source=99), deed(2, "gave", ANNA, 1, source=2)]) == []
    assert find_links([]) == []


def test_chains_run_from_their_first_deed_to_every_last_one() -> None:
    links = [Link(1, 2, "passed_on"), Link(2, 3, "led_on"), Link(2, 4, "led_on"), Link(7, 8, "gave_back")]
    assert find_chains(links) == [(1, 2, 3), (1, 2, 4), (7, 8)]
    assert find_chains([]) == []


def test_a_circle_of_deeds_is_cut_where_it_closes() -> None:
    assert find_chains([Link(1, 2, "led_on"), Link(2, 1, "led_on")]) == [(1, 2)]


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=8, unique_by=lambda pair: pair[1]))
def test_no_chain_names_a_deed_twice(pairs: list[tuple[int, int]]) -> None:
    for chain in find_chains([Link(first, then, "led_on") for first, then in pairs if first != then]):
        assert len(set(chain)) == len(chain) >= 2


def waiting(person: int, name: str, stage: int, days_ago: int | None, wish: bool = False) -> Receiver:
    return Receiver(person, name, stage, None if days_ago is None else TODAY - timedelta(days=days_ago), wish)


def test_gifts_are_due_after_ninety_days_and_listed_by_where_time_goes() -> None:
    """R84: nobody is ranked by what they returned; Trust and Like come first, then who waited longest."""
    people = [
        waiting(1, "Ada", 2, None),
        waiting(2, "Bea", 3, 91),
        waiting(3, "Cem", 3, 90),
        waiting(4, "Dora", 4, 91),
        waiting(5, "Ede", 4, None),
        waiting(6, "Fay", 1, None),
        waiting(8, "Gil", 3, 91),
        waiting(7, "gil", 3, 91),
    ]
    assert [one.person for one in find_receivers(people, TODAY)] == [5, 4, 2, 7, 8, 1]
    assert find_receivers([], TODAY) == []
    assert [one.person for one in find_receivers(people, TODAY, every_days=30, least_stage=1)][-1] == 6


def test_one_thing_for_each_from_what_they_look_for() -> None:
    """R85, R106: the newest need, else goal, else interest, else what is useful to most."""
    wishes = [
        Wish("interest", "maps", date(2026, 11, 1)),
        Wish("goal", "a marathon.", date(2026, 10, 1)),
        Wish("goal", "a book", date(2026, 9, 1)),
    ]
    assert find_gift(wishes) == "Ask how you can help with a marathon."
    assert find_gift(wishes[:1]) == "Send them something on maps."
    assert find_gift([*wishes, Wish("need", "a printer", date(2020, 1, 1))]).startswith(
        "Ask how it goes with a printer"
    )
    assert find_gift([]) == find_gift([Wish("fact", "has a dog", TODAY)])
    assert "useful" in find_gift([])


def test_another_person_is_helped_each_week_and_the_same_one_all_week() -> None:
    """R18: one person to help each week."""
    people = [waiting(number, f"P{number}", 3, None, wish=number % 2 == 0) for number in range(1, 9)]
    monday = date(2026, 11, 16)
    chosen = [choose_for_week(people, monday + timedelta(weeks=week)) for week in range(4)]
    assert sorted(one.person for one in chosen if one) == [2, 4, 6, 8]
    assert choose_for_week([one for one in people if not one.has_wish], monday) is not None
    assert choose_for_week([], monday) is None


def test_weeks_of_giving_count_once_each() -> None:
    monday = date(2026, 11, 16)
    days = [monday, TODAY, monday - timedelta(days=1), monday - timedelta(weeks=11), monday - timedelta(days=78)]
    assert count_weeks_of_giving(days, monday, 12) == 3
    assert count_weeks_of_giving([], monday, 12) == 0


@pytest.mark.parametrize(
    ("acts", "open_kinds"),
    [
        ([], []),
        ([("gave", "friction")], ["friction"]),
        ([("gave", "friction"), ("gave", "apology")], []),
        ([("gave", "friction"), ("got", "apology")], ["friction"]),
        ([("gave", "friction"), ("got", "clarity")], []),
        ([("gave", "apology"), ("gave", "friction")], ["friction"]),
        ([("gave", "missed_meeting"), ("gave", "promise_kept")], ["missed_meeting"]),
        ([("gave", "promise_broken"), ("gave", "promise_kept")], []),
        ([("got", "friction")], ["friction"]),
        ([("got", "friction"), ("got", "apology")], []),
        ([("got", "promise_broken"), ("got", "missed_meeting"), ("got", "spam")], []),
    ],
)
def test_what_went_wrong_waits_until_it_is_mended(acts: list[tuple[str, str]], open_kinds: list[str]) -> None:
    """R109: friction asks for an apology or a clear word, and stays until there was one."""
    rows = [Act(number, TODAY + timedelta(days=number), *one) for number, one in enumerate(acts)]
    found = find_repairs(rows)
    assert [one.kind for one in found] == open_kinds
    assert all(one.what for one in found)


def test_a_word_of_the_same_day_mends() -> None:
    assert find_repairs([Act(1, TODAY, "gave", "friction"), Act(2, TODAY, "gave", "apology")]) == []


def test_a_turned_entry_is_the_other_persons() -> None:
    assert [one.direction for one in turned([act("gave", 1), act("got", 1)])] == ["got", "gave"]


def test_ten_thousand_people_are_listed_at_once() -> None:
    people = [waiting(number, f"P{number % 97}", 1 + number % 7, number % 400) for number in range(10_000)]
    begun = time.perf_counter()
    found = find_receivers(people, TODAY)
    assert time.perf_counter() - begun < 1.0
    assert found == find_receivers(people[::-1], TODAY)
    assert len(found) == sum(one.stage >= 2 and number % 400 > 90 for number, one in enumerate(people))

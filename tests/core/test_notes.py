"""Facts, tips and social minutes: small rules with their edges."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.facts import GAPS, Known, accent_classes, fold_text, help_with, is_stale, learn_next
from kithbook.core.social import judge_week, say_week
from kithbook.core.tips import TIPS, next_tip


@pytest.mark.parametrize(
    ("noted", "today", "stale"),
    [
        ("2024-11-21", "2026-11-21", False),
        ("2024-11-20", "2026-11-21", True),
        ("2024-02-29", "2026-02-28", False),
        ("2024-02-29", "2026-03-01", True),
    ],
)
def test_a_fact_is_old_the_day_after_two_years(noted: str, today: str, stale: bool) -> None:
    """R110: the second anniversary itself is not yet old."""
    assert is_stale("fact", dt.date.fromisoformat(noted), dt.date.fromisoformat(today)) is stale


def test_goals_belong_to_their_year_and_are_not_asked_again() -> None:
    assert not is_stale("goal", dt.date(2020, 1, 1), dt.date(2026, 1, 1))


def test_what_to_learn_next_goes_by_stage() -> None:
    """R110: at Recognise the basics, at Trust also a birthday; nothing is asked that is known."""
    assert [gap.code for gap in learn_next(Known(1))] == ["work", "met", "reach"]
    known = Known(4, work=True, met=True, reach=True, need=True, interest=True, place=True, goal=True)
    assert [gap.code for gap in learn_next(known)] == ["personal", "offer", "birthday"]
    everything = Known(7, **{code: True for code, *_ in GAPS})  # type: ignore[arg-type]
    assert learn_next(everything) == []


def test_what_belongs_to_the_next_stage_comes_after_this_one() -> None:
    known = Known(1, work=True, met=True, reach=True)
    assert [gap.code for gap in learn_next(known)] == ["need", "interest", "place"]


def test_help_is_a_sentence_about_the_need_or_goal() -> None:
    assert help_with("need", "a designer.") == "They look for a designer: whom could you point them to?"
    assert "a book" in help_with("goal", "a book")


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Café MÜLLER", "cafe muller"), ("Straße", "strasse"), ("Łódź", "lodz"), ("ÆØ", "aeo"), ("Ёлка", "елка")]
)  # fmt: skip
def test_texts_are_folded_for_finding(text: str, folded: str) -> None:
    assert fold_text(text) == folded


LETTERS = st.characters(min_codepoint=0x41, max_codepoint=0x17F, categories=("Ll", "Lu"))


@given(st.text(LETTERS, min_size=1, max_size=12))
def test_every_european_word_is_among_the_spellings_of_its_folded_form(word: str) -> None:
    """What the database is asked for finds whatever folds to the same letters, one by one."""
    folded = fold_text(word)
    if len(folded) != len(word) or any(len(fold_text(letter)) != 1 for letter in word):
        return  # letters that stand for two are covered by the second way, below
    ways = accent_classes(folded)
    assert all(letter in place for letter, place in zip(word, ways[0], strict=True))


def test_letters_that_stand_for_two_are_a_second_way() -> None:
    ways = accent_classes("strasse")
    assert len(ways) == 2
    assert "ß" in ways[1][4]
    assert accent_classes("tom") == [["tTŢţŤť", "oOºÒÓÔÕÖØòóôõöøŌōŎŏŐő", "mM"]]


def test_each_tip_has_two_or_three_sentences_and_its_own_key() -> None:
    """R50: short, in own words, one for each rule."""
    assert len(TIPS) >= 20
    for tip in TIPS.values():
        assert 1 <= tip.text.count(". ") + 1 <= 3, tip.key
        assert tip.text.endswith("."), tip.key
        assert len(tip.text) < 240, tip.key
    assert len({tip.title for tip in TIPS.values()}) == len(TIPS)


def test_a_tip_comes_where_its_rule_is_met_and_once() -> None:
    """R50: rules that have not come up yet wait."""
    assert next_tip("review", (), {"lost"}).key == "lost"  # type: ignore[union-attr]
    assert next_tip("review", ("lost",), {"lost"}) is None
    assert next_tip("brief", ("brief",)) is None


PAST = (
    "45 minutes on social media, 15 past the 30 you set; 1 light touch, no answer yet. "
    "The same minutes are a call or two."
)


@pytest.mark.parametrize(
    ("minutes", "answered", "text"),
    [
        ([], [], ""),
        ([10], [], "10 of 30 minutes on social media; no light touch came of it."),
        ([30], [True, False], "30 of 30 minutes on social media; 2 light touches, 1 answer."),
        ([20, 25], [False], PAST),
    ],
)  # fmt: skip
def test_a_week_of_social_media_in_a_calm_sentence(minutes: list[int], answered: list[bool], text: str) -> None:
    """R54: minutes against the cap and what they achieved; past the cap is said without blame."""
    assert say_week(judge_week(minutes, 30, answered)) == text


def test_minutes_for_one_answer() -> None:
    """R54: 40 minutes, two answers."""
    assert judge_week([40], 30, [True, True]).minutes_per_answer == 20
    assert judge_week([40], 30, [False]).minutes_per_answer is None

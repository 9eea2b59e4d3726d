"""How a tie grows and where the minutes go, worked by hand (21 November 2026)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kithbook.core.bands import Band, Spent, make_bands, sum_effort, sum_minutes
from kithbook.core.firstyear import Pipeline, Progress, count_pipeline, plan_year
from kithbook.core.growth import count_months, grow, is_promising, know_like_trust, say_pace, say_symmetry, share_of
from kithbook.core.stages import STAGES, Evidence
from tests.core.test_stages import FULL, TODAY


def test_know_like_and_trust_are_told_by_their_facts_whatever_the_stage() -> None:
    """R108: know, like and trust of a person, each with the dated facts for it."""
    know, like, trust = know_like_trust(replace(FULL, does_on=None, given_on=None, received_on=None))
    assert (know.name, know.state, len(know.facts)) == ("know", "partly", 2)
    assert (like.state, like.facts[1]) == ("yes", "Something personal was exchanged on 3 March 2026.")
    assert (trust.state, trust.facts) == ("not yet", ())


@pytest.mark.parametrize(
    ("stage", "since", "words"),
    [
        (3, date(2026, 7, 21), "At Like for 4 months. From Like to Trust usually takes 6 to 24 months: it is early."),
        (3, date(2024, 11, 21), "At Like for 24 months. From Like to Trust usually takes 6 to 24 months."),
        (
            3,
            date(2024, 10, 21),
            (
                "At Like for 25 months. From Like to Trust usually takes 6 to 24 months: it takes longer here, which "
                "happens."
            ),
        ),
        (1, date(2026, 10, 21), "At Recognise for 1 month. From Recognise to Know usually takes 1 to 6 months."),
        (
            1,
            date(2026, 11, 1),
            "At Recognise since 1 November 2026. From Recognise to Know usually takes 1 to 6 months.",
        ),
        (7, date(2020, 1, 1), ""),
        (3, None, ""),
        (3, date(2026, 11, 22), ""),
    ],
)
def test_the_pace_is_told_beside_what_is_usual_and_never_as_a_failure(
    stage: int, since: date | None, words: str
) -> None:
    """R25: expected durations per stage; nothing is marked as failed early."""
    assert say_pace(stage, since, TODAY) == words
    assert "fail" not in words


@pytest.mark.parametrize(
    ("since", "months"),
    [
        (date(2026, 11, 21), 0),
        (date(2026, 10, 22), 0),
        (date(2026, 10, 21), 1),
        (date(2025, 11, 22), 11),
        (date(2025, 11, 21), 12),
        (date(2024, 2, 29), 32),
    ],
)
def test_months_are_whole_ones(since: date, months: int) -> None:
    assert count_months(since, TODAY) == months


@pytest.mark.parametrize(
    ("theirs", "mine", "answered", "words"),
    [
        (0, 2, 1, "Too few exchanges so far to say who reaches out."),
        (0, 3, 1, "So far only you have reached out: they began 0 of 3 exchanges, and 1 of your 3 were answered."),
        (1, 5, 9, "Mostly you reach out: they began 1 of 6 exchanges, and 5 of your 5 were answered."),
        (3, 3, 2, "You reach out in turn: they began 3 of 6 exchanges, and 2 of your 3 were answered."),
        (4, 0, 0, "Mostly they reach out: they began 4 of 4 exchanges."),
    ],
)
def test_their_side_of_the_tie_in_words(theirs: int, mine: int, answered: int, words: str) -> None:
    """R42: who begins, and what becomes of what I begin."""
    assert say_symmetry(theirs, mine, answered) == words


def test_somebody_one_piece_from_the_next_stage_is_promising() -> None:
    """R65: promotion candidates at Like and Trust, with the next step."""
    near = replace(FULL, received_on=None)
    assert is_promising(near, 3)
    assert not is_promising(near, 2)
    assert not is_promising(replace(near, given_on=None), 3)
    assert not is_promising(FULL, 3)
    assert grow(near, 3).next_step == "Let them help with something small, and tell them what came of it."
    assert grow(FULL, 3) == ((), "")


def test_one_answer_is_no_habit_yet() -> None:
    thin = Evidence(on=TODAY, two_way=2, last_two_way_on=TODAY, outbound=2, answered=2, personal_on=TODAY)
    assert know_like_trust(thin)[1].state == "partly"
    assert know_like_trust(replace(thin, started_by_them=1))[1].state == "yes"


def test_a_share_needs_something_to_share() -> None:
    assert share_of([], []) is None
    assert share_of([0], [0]) is None
    assert share_of([1, 2], [4, 8]) == 0.25


SHARES = {rule.number: rule.share for rule in STAGES}


def test_minutes_go_to_stages_and_are_divided_among_those_who_shared_them() -> None:
    rows = [Spent(3, "meeting", 60, 3), Spent(4, "meeting", 60, 3), Spent(4, "meeting", 60, 3), Spent(4, "email", None)]
    assert sum_minutes(rows) == {3: 20, 4: pytest.approx(47)}
    assert sum_effort(rows) == pytest.approx(4)
    assert sum_minutes([]) == {}
    assert sum_minutes([Spent(1, "pigeon", None), Spent(1, "call", 0)]) == {1: 0}


def test_bands_stand_beside_their_share_and_floor() -> None:
    """R56, R64, R66: 120 minutes: Like has 36, of which 12 are kept; Know 12, of which 4 are kept."""
    bands = make_bands({3: 40, 2: 3.9, 4: 14}, 120, SHARES)
    assert [band.stage for band in bands] == [1, 2, 3, 4, 5, 6, 7]
    assert bands[2] == Band(3, 40, 36, 12, below_floor=False)
    assert bands[1] == Band(2, 4, 12, 4, below_floor=True)
    assert bands[3] == Band(4, 14, 42, 14, below_floor=False)
    assert sum(band.target for band in bands) == pytest.approx(120, abs=3)
    assert not any(band.below_floor for band in make_bands({}, 0, SHARES))


@pytest.mark.parametrize(
    ("today", "days", "count"),
    [
        (date(2026, 11, 2), [], 0),
        (date(2026, 11, 2), [date(2026, 11, 2)], 0),
        (date(2026, 12, 1), [date(2026, 11, 3), date(2026, 11, 3), date(2026, 12, 2)], 1),
        (date(2027, 11, 2), [date(2026, 11, 3), date(2027, 11, 2)], 2),
    ],
)
def test_conversations_count_from_the_day_after_the_meeting_to_its_anniversary(
    today: date, days: list[date], count: int
) -> None:
    plan = plan_year(date(2026, 11, 2), days, today)
    assert plan is not None
    assert (plan.conversations, plan.wanted, plan.until) == (count, 2, date(2027, 11, 2))


def test_the_first_year_has_an_end_and_a_beginning() -> None:
    assert plan_year(date(2026, 11, 2), [], date(2027, 11, 3)) is None
    assert plan_year(date(2026, 11, 2), [], date(2026, 11, 1)) is None


def test_the_next_event_is_named_while_a_conversation_is_wanted() -> None:
    met, fair = date(2026, 11, 2), (date(2026, 12, 10), "the fair")
    first = plan_year(met, [], TODAY, fair)
    assert first is not None
    assert first.advice == (
        "A conversation or two at an event by 2 Nov 2027 would deepen it. You will both be at the fair on 10 Dec."
    )
    full = plan_year(met, [date(2026, 11, 5), date(2026, 11, 9)], TODAY, fair)
    assert full is not None
    assert full.advice == "2 conversations at events since you met: enough for the first year."


def test_the_pipeline_counts_how_far_people_came() -> None:
    rows = [Progress(True, False, 1), Progress(False, True, 2), Progress(False, True, 3), Progress(False, False, 7)]
    assert count_pipeline(rows) == Pipeline(4, 1, 2, 3, 2)
    assert count_pipeline([]) == Pipeline(0, 0, 0, 0, 0)


def test_liking_is_not_judged_by_one_or_two_exchanges() -> None:
    """R108: "They like you" is too early to say until three exchanges were begun."""
    few = Evidence(on=TODAY, two_way=2, outbound=1, answered=1, started_by_them=1)
    assert know_like_trust(few)[1].state == "too early"
    assert know_like_trust(replace(few, outbound=2))[1].state == "partly"
    assert know_like_trust(replace(few, outbound=7))[1].state == "not yet"

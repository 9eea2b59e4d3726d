"""Readiness: cover words at their boundaries, whom to call first, the smallest steps, the warning before a push."""

from __future__ import annotations

import pytest

from kithbook.core.readiness import (
    Cover,
    Fit,
    judge_cover,
    judge_push,
    say_cover,
    smallest_steps,
    sort_callable,
    step_for,
    warn_before_push,
)

WARMTH = {"alive": 0.8, "cooling": 0.4, "cold": 0.2, "dormant": 0.05}


def fit(number: int, state: str = "alive", verdict: str = "ready", **more: object) -> Fit:
    given = {"name": f"Person {number}", "warmth": WARMTH[state]} | more
    return Fit(number, str(given["name"]), state, verdict, float(str(given["warmth"])), str(given.get("remedy", "")))


@pytest.mark.parametrize(
    ("people", "word"),
    [
        ([], "empty"),
        ([fit(1, "cold"), fit(2, "dormant")], "cold"),
        ([fit(1, "cooling")], "thin"),
        ([fit(1)], "thin"),
        ([fit(1), fit(2, "cooling")], "thin"),
        ([fit(1, verdict="wait"), fit(2, verdict="deposit")], "thin"),
        # Somebody dormant keeps the right to ask, but a warm tie that can be asked is what cover wants.
        ([fit(1, verdict="wait"), fit(2, verdict="wait"), fit(3, "dormant")], "thin"),
        ([fit(1), fit(2, verdict="wait")], "ready"),
        ([fit(1), fit(1)], "thin"),
    ],
)
def test_the_word_of_a_cover(people: list[Fit], word: str) -> None:
    """R11: two ties alive, one of them to be asked, are cover; the same person twice is one."""
    assert judge_cover(people).word == word


def test_a_cover_counts_by_state_and_by_who_could_be_asked() -> None:
    people = [fit(1), fit(2, "cooling", "wait"), fit(3, "cold", "reintroduce"), fit(4, "dormant")]
    assert judge_cover(people) == Cover(1, 1, 1, 1, 2, "thin")
    assert judge_cover(people).people == 4


def test_ready_ones_come_first_then_the_warmest_then_by_name_and_id() -> None:
    people = [
        fit(1, "cold"), fit(2, verdict="wait"), fit(4, name="Bea"), fit(3, name="bea"), fit(5, name="Ada"),
    ]  # fmt: skip
    assert [one.person_id for one in sort_callable(people)] == [5, 3, 4, 1, 2]


def test_the_smallest_steps_are_for_those_nearest_to_ready() -> None:
    """R11: who is not to be asked yet comes with one step, that of the ask check where it gave one."""
    people = [
        fit(1),
        fit(2, "dormant", "reintroduce"),
        fit(3, "cooling", "wait"),
        fit(4, "alive", "deposit", remedy="Send the paper."),
    ]
    assert smallest_steps(people) == [
        (4, "Send the paper."),
        (3, "A short hello this week, with nothing asked."),
        (2, "Begin again: a line on what you last did together, and one question about them."),
    ]
    assert smallest_steps(people, 0) == smallest_steps([], 5) == []


@pytest.mark.parametrize("state", WARMTH)
def test_every_state_has_a_step_of_its_own(state: str) -> None:
    steps = {step_for(fit(1, other, "")) for other in WARMTH}
    assert len(steps) == 4
    assert step_for(fit(1, state, "")) in steps


def test_a_push_stands_on_more_than_one_role() -> None:
    good, none = judge_cover([fit(1), fit(2)]), judge_cover([])
    assert judge_push(good, {"sponsor": none, "mentor": good}).word == "thin"
    assert judge_push(good, {"sponsor": judge_cover([fit(3, "cooling")]), "mentor": good}).word == "ready"
    assert judge_push(judge_cover([fit(1, "cold")]), {}).word == "cold"


def test_the_warning_names_who_is_to_be_warmed_up_first() -> None:
    """R96: thin or cold cover is said with names and lacking roles before a job search begins; good cover is not."""
    people = [fit(1, "cold", "reintroduce", name="Ada"), fit(2, "dormant", "reintroduce", name="Bea")]
    roles = {"sponsor": judge_cover([]), "referrer": judge_cover(people)}
    warning = warn_before_push("job search", judge_cover(people), people, roles)
    assert warning.startswith("Cover for this job search is cold.")
    assert "Nobody warm is a sponsor or referrer for you." in warning
    assert "some weeks before you ask: Ada and Bea." in warning
    good = [fit(1), fit(2)]
    assert warn_before_push("sales", judge_cover(good), good, {}) == ""


def test_the_warning_without_anybody_says_what_to_note() -> None:
    warning = warn_before_push("sales", judge_cover([]), [], {"client": judge_cover([])})
    assert "Nobody in your network is noted for this yet." in warning
    assert "Nobody warm is a client for you." in warning
    assert "note who could help" in warning


def test_the_sentence_has_the_first_names() -> None:
    ready = [fit(1, name="Ada"), fit(2, name="Bea"), fit(3, name="Cem"), fit(4, name="Dan")]
    assert say_cover(judge_cover(ready), ready) == "4 people fit; 4 could be asked tomorrow, first Ada, Bea and Cem."
    one = [fit(1, name="Ada")]
    assert say_cover(judge_cover(one), one).startswith("1 person fits, 1 with a tie that is alive; 1 could")
    cold = [fit(1, "dormant", name="Ada")]
    assert (
        say_cover(judge_cover(cold), cold) == "1 person fits, but no tie is warm: Ada. 1 could be asked all the same."
    )


def test_ten_thousand_people_are_judged_at_once() -> None:
    people = [fit(number, ("alive", "cooling", "cold", "dormant")[number % 4]) for number in range(10_000)]
    assert judge_cover(people) == Cover(2500, 2500, 2500, 2500, 10_000, "ready")
    assert [one.person_id for one in sort_callable(people)][:1] == [0]

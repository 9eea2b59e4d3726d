"""Introductions: which moves are possible, whose turn it is and until when. Worked out by hand."""

from __future__ import annotations

import pytest

from kithbook.core.errors import Refused
from kithbook.core.introductions import (
    MINE,
    MOVES_OF_ACTS,
    NOTES,
    STATES,
    TO_ME,
    Timers,
    move,
    next_step,
    possible,
    read_state,
)
from tests.core.introductionfacts import DAY, MADE, at, facts


@pytest.mark.parametrize(
    ("state", "free", "wanted"),
    [
        ("idea", (False, False), ("asked_first", "both_yes", "closed")),
        ("idea", (True, False), ("asked_second", "both_yes", "closed")),
        ("idea", (False, True), ("asked_first", "both_yes", "closed")),
        ("idea", (True, True), ("made", "both_yes", "closed")),
        ("asked_first", (False, False), ("asked_second", "both_yes", "declined", "nudged", "closed")),
        ("asked_first", (False, True), ("both_yes", "declined", "nudged", "closed")),
        ("asked_second", (False, False), ("both_yes", "declined", "nudged", "closed")),
        ("both_yes", (False, False), ("made", "declined", "closed")),
        ("made", (False, False), ("acknowledged", "met", "outcome", "nudged", "closed")),
        ("acknowledged", (False, False), ("met", "outcome", "nudged", "closed")),
        ("met", (False, False), ("outcome", "nudged", "closed")),
        ("outcome", (False, False), ("reported", "thanked", "closed")),
        ("reported", (False, False), ("thanked", "closed")),
        ("thanked", (False, False), ("closed",)),
        ("closed", (False, False), ()),
        ("declined", (False, False), ("closed",)),
    ],
)
def test_moves_of_one_who_introduces(state: str, free: tuple[bool, bool], wanted: tuple[str, ...]) -> None:
    assert possible(facts(state, free_first=free[0], free_second=free[1])) == wanted


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        ("made", ("acknowledged", "met", "outcome", "told", "declined", "closed")),
        ("acknowledged", ("met", "outcome", "told", "declined", "closed")),
        ("met", ("outcome", "told", "closed")),
        ("outcome", ("reported", "closed")),
        ("reported", ("thanked", "closed")),
        ("thanked", ("closed",)),
        ("closed", ()),
    ],
)
def test_moves_of_one_who_is_introduced(state: str, wanted: tuple[str, ...]) -> None:
    assert possible(facts(state, MADE, role=TO_ME)) == wanted


def test_an_impossible_move_is_refused_and_the_possible_ones_are_named() -> None:
    with pytest.raises(Refused, match="both say yes first") as caught:
        move(facts("idea"), "made")
    assert caught.value.hint == "Possible now: asked_first, both_yes, closed."
    with pytest.raises(Refused, match="From “met” it cannot go to “asked first”"):
        move(facts("met", MADE), "asked_first")
    with pytest.raises(Refused) as caught:
        move(facts("closed"), "made")
    assert "It is over" in caught.value.hint
    with pytest.raises(Refused, match="nonsense"):
        move(facts("idea"), "nonsense")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("both yes", "both_yes"),
        ("Asked-A", "asked_first"),
        (" asked b ", "asked_second"),
        ("again", "nudged"),
        ("made", "made"),
    ],
)
def test_states_are_understood_in_several_spellings(text: str, state: str) -> None:
    assert read_state(text) == state


def test_a_note_leaves_the_state() -> None:
    assert move(facts("asked_first", ("asked_first", 0)), "again") == "asked_first"
    assert move(facts("met", MADE, ("met", 3), role=TO_ME), "told") == "met"


def test_no_move_leads_out_of_the_states() -> None:
    for role in (MINE, TO_ME):
        for state in STATES:
            for free in (False, True):
                now = facts(state, MADE, role=role, free_first=free, free_second=free, asker="other")
                assert all(move(now, to) in STATES for to in possible(now))


# who, act, due on day, overdue, for an introduction asked on day 0
@pytest.mark.parametrize(
    ("day", "nudged", "who", "act", "due", "late"),
    [
        (0, None, "first", "answer", 5, False),
        (4, None, "first", "answer", 5, False),
        (5, None, "me", "again", 5, False),
        (6, None, "me", "again", 5, True),
        (20, None, "me", "again", 5, True),
        (21, None, "", "expired", 21, False),
        (400, None, "", "expired", 21, False),
        (6, 5, "first", "answer", 26, False),
        (21, 5, "first", "answer", 26, False),
        (25, 5, "first", "answer", 26, False),
        (26, 5, "", "expired", 26, False),
        (41, 30, "first", "answer", 51, False),
    ],
)
def test_an_answer_is_asked_for_again_after_five_days_and_expires_after_three_weeks(
    day: int, nudged: int | None, who: str, act: str, due: int, late: bool
) -> None:
    steps = [("asked_first", 0)] + ([("nudged", nudged)] if nudged is not None else [])
    found = next_step(facts("asked_first", *steps), at(day))
    assert (found.who, found.act, found.due_on, found.is_overdue) == (who, act, at(due), late)
    assert found.is_expired == (act == "expired")


def test_the_second_side_has_its_own_five_days() -> None:
    now = facts("asked_second", ("asked_first", 0), ("nudged", 6), ("asked_second", 8))
    assert next_step(now, at(12))[:4] == ("second", "answer", "second", at(13))
    assert next_step(now, at(13))[:4] == ("me", "again", "second", at(13))


@pytest.mark.parametrize(
    ("day", "due", "late"), [(0, 7, False), (7, 7, False), (8, 7, True), (20, 7, True), (21, None, False)]
)
def test_an_idea_waits_a_week_and_rests_after_three(day: int, due: int | None, late: bool) -> None:
    found = next_step(facts("idea", ("idea", 0)), at(day))
    assert (found.who, found.act, found.is_overdue) == ("me", "ask_first", late)
    assert found.due_on == (None if due is None else at(due))


def test_standing_permission_skips_asking_that_side() -> None:
    assert next_step(facts("idea", free_first=True), DAY)[1:3] == ("ask_second", "second")
    assert next_step(facts("idea", free_first=True, free_second=True), DAY)[1:3] == ("make", "both")
    assert next_step(facts("idea", free_second=True), DAY)[1:3] == ("ask_first", "first")


def test_two_yes_want_the_introduction_within_two_days() -> None:
    now = facts("both_yes", ("both_yes", 3))
    assert next_step(now, at(5))[:5] == ("me", "make", "both", at(5), False)
    assert next_step(now, at(6)).is_overdue


# after made on day 0: state, day, day of a note, who, act, due
@pytest.mark.parametrize(
    ("state", "day", "noted", "who", "act", "due"),
    [
        ("made", 1, None, "both", "acknowledged", 2),
        ("made", 2, None, "me", "check_acknowledged", 2),
        ("made", 13, None, "me", "check_acknowledged", 2),
        ("made", 14, None, "me", "check_met", 14),
        ("made", 3, 2, "both", "met", 14),
        ("made", 14, 2, "me", "check_met", 14),
        ("made", 45, 14, "me", "check_outcome", 45),
        ("made", 50, None, "me", "check_outcome", 45),
        ("acknowledged", 13, None, "both", "met", 14),
        ("acknowledged", 14, None, "me", "check_met", 14),
        ("acknowledged", 15, 14, "both", "outcome", 45),
        ("met", 14, None, "both", "outcome", 45),
        ("met", 44, None, "both", "outcome", 45),
        ("met", 45, None, "me", "check_outcome", 45),
        ("met", 119, 45, "both", "outcome", 120),
        ("met", 120, 45, "me", "check_outcome", 120),
        ("met", 121, 120, "both", "rest", None),
        ("met", 300, 121, "both", "rest", None),
    ],
)
def test_looking_after_two_people_after_2_14_45_and_120_days(
    state: str, day: int, noted: int | None, who: str, act: str, due: int | None
) -> None:
    steps = [MADE] + ([(state, 1)] if state != "made" else []) + ([("nudged", noted)] if noted is not None else [])
    found = next_step(facts(state, *steps), at(day))
    assert (found.who, found.act) == (who, act)
    assert found.due_on == (None if due is None else at(due))


def test_the_outcome_is_told_to_a_third_who_wanted_it_and_thanks_follow() -> None:
    known = (MADE, ("outcome", 40))
    assert next_step(facts("outcome", *known, asker="other"), at(40))[:4] == ("me", "report", "asker", at(42))
    assert next_step(facts("outcome", *known, asker="first"), at(40))[:4] == ("me", "thank", "second", at(47))
    assert next_step(facts("reported", *known, ("reported", 41)), at(41))[:4] == ("me", "thank", "second", at(48))
    assert next_step(facts("thanked"), DAY)[:2] == ("", "finish")
    assert next_step(facts("closed"), DAY)[:2] == ("", "")


def test_a_no_is_passed_on_to_whoever_waits_and_to_nobody_else() -> None:
    said_no = (("asked_first", 0), ("asked_second", 2), ("declined", 4))
    assert next_step(facts("declined", *said_no), at(4))[:4] == ("me", "tell", "first", at(6))
    assert next_step(facts("declined", *said_no, ("told", 5)), at(5)).who == ""
    assert next_step(facts("declined", *said_no), at(24)).who == "me"
    assert next_step(facts("declined", *said_no), at(25)).who == ""
    alone = facts("declined", ("asked_first", 0), ("declined", 1))
    assert next_step(alone, at(1)).who == ""
    assert possible(alone) == ("closed",)
    third = facts("declined", ("asked_first", 0), ("declined", 1), asker="other")
    assert next_step(third, at(1))[:4] == ("me", "tell", "asker", at(3))
    assert possible(third) == ("told", "closed")


# I am introduced on day 0
@pytest.mark.parametrize(
    ("state", "steps", "day", "act", "to", "due", "late"),
    [
        ("made", (), 0, "acknowledge", "introducer", 1, False),
        ("made", (), 1, "acknowledge", "introducer", 1, False),
        ("made", (), 2, "acknowledge", "introducer", 1, True),
        ("acknowledged", (("acknowledged", 1),), 6, "tell_progress", "introducer", 7, False),
        ("acknowledged", (("acknowledged", 1),), 8, "tell_progress", "introducer", 7, True),
        ("acknowledged", (("acknowledged", 1), ("told", 7)), 8, "meet", "first", 14, False),
        ("acknowledged", (("acknowledged", 1), ("told", 7)), 15, "meet", "first", 14, True),
        ("met", (("acknowledged", 1), ("told", 7), ("met", 9)), 9, "tell_progress", "introducer", 11, False),
        ("met", (("met", 9), ("told", 10)), 11, "tell_progress", "introducer", 45, False),
        ("met", (("met", 9), ("told", 45)), 46, "tell_progress", "introducer", 120, False),
        ("met", (("met", 9), ("told", 120)), 130, "rest", "", None, False),
        ("outcome", (("met", 9), ("outcome", 20)), 20, "tell_outcome", "introducer", 22, False),
        ("outcome", (("met", 9), ("outcome", 20)), 23, "tell_outcome", "introducer", 22, True),
        ("reported", (("outcome", 20), ("reported", 21)), 21, "thank", "introducer", 23, False),
        ("thanked", (("outcome", 20), ("reported", 21), ("thanked", 21)), 22, "finish", "", None, False),
    ],
)
def test_what_one_who_is_introduced_does_until_when(
    state: str, steps: tuple[tuple[str, int], ...], day: int, act: str, to: str, due: int | None, late: bool
) -> None:
    found = next_step(facts(state, MADE, *steps, role=TO_ME), at(day))
    assert (found.act, found.to, found.is_overdue) == (act, to, late)
    assert found.due_on == (None if due is None else at(due))


def test_the_owner_can_change_the_days() -> None:
    assert next_step(facts("asked_first", ("asked_first", 0)), at(3), Timers(again=3)).act == "again"


def test_what_is_due_is_a_move_that_is_possible() -> None:
    for role in (MINE, TO_ME):
        for state in STATES[:-1] if role == MINE else ("made", "acknowledged", "met", "outcome", "reported", "thanked"):
            for day in (0, 2, 5, 7, 14, 45, 120):
                for asker in ("", "other"):
                    now = facts(state, MADE, (state, 0), role=role, asker=asker)
                    act = next_step(now, at(day)).act
                    if next_step(now, at(day)).who == "me" and act in MOVES_OF_ACTS:
                        assert MOVES_OF_ACTS[act] in possible(now), (role, state, day)


def test_notes_are_no_states() -> None:
    assert not set(NOTES) & set(STATES)

"""Stage proposals, worked by hand (evidence gathered on 21 November 2026)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.stages import (
    STAGES,
    Evidence,
    Stage,
    import_reason,
    initial_stage,
    is_stuck,
    missing,
    propose,
    stage_rule,
)

TODAY = date(2026, 11, 21)
FULL = Evidence(
    on=TODAY,
    met_on=date(2025, 3, 1),
    two_way=8,
    first_two_way_on=date(2025, 3, 3),
    last_two_way_on=date(2026, 11, 1),
    outbound=9,
    answered=6,
    started_by_them=3,
    does_on=date(2025, 3, 1),
    wants_on=date(2025, 4, 1),
    personal_on=date(2026, 3, 3),
    given_on=date(2026, 4, 4),
    received_on=date(2026, 5, 5),
    ask_granted_on=date(2026, 6, 6),
    unasked_on=date(2026, 7, 7),
    friend_on=date(2026, 8, 8),
)


def test_the_table_is_the_one_of_the_method() -> None:
    assert [(rule.number, rule.name, rule.ceiling_days, rule.gap_days, rule.share) for rule in STAGES] == [
        (1, "Recognise", 60, (90, 180), 0.05),
        (2, "Know", 21, (60, 90), 0.10),
        (3, "Like", 10, (30, 45), 0.30),
        (4, "Trust", 7, (30, 60), 0.35),
        (5, "Support", None, (90, 120), 0.10),
        (6, "Advocate", None, (120, 180), 0.05),
        (7, "Friend", None, (180, 365), 0.05),
    ]
    assert sum(rule.share for rule in STAGES) == pytest.approx(1)


@pytest.mark.parametrize(("stage", "number"), [(-3, 1), (0, 1), (1, 1), (7, 7), (99, 7)])
def test_a_stage_outside_the_table_is_read_as_the_nearest(stage: int, number: int) -> None:
    assert stage_rule(stage).number == number


@pytest.mark.parametrize(
    ("stage", "why"),
    [
        (1, ("8 exchanges went both ways, last on 1 November 2026.", "What they do was noted on 1 March 2025.",
             "What they want was noted on 1 April 2025.")),
        (2, ("Of 12 contacts they began 3 and answered 6 (75 %).",
             "Something personal was exchanged on 3 March 2026.")),
        (3, ("You kept a promise or did a favour on 4 April 2026.",
             "They kept a promise or did you a favour on 5 May 2026.")),
        (4, ("They granted an ask on 6 June 2026.",)),
        (5, ("They recommended or introduced you unasked on 7 July 2026.",)),
        (6, ("You called them a friend on 8 August 2026.",)),
    ],
)  # fmt: skip
def test_evidence_proposes_one_step_up_and_says_when(stage: int, why: tuple[str, ...]) -> None:
    assert propose(FULL, stage) == (stage, stage + 1, why)


def test_a_friend_is_the_last_stage() -> None:
    assert propose(FULL, 7) is None
    assert missing(FULL, 7) == ()


@pytest.mark.parametrize(
    ("stage", "lacking"),
    [
        (1, {"two_way": 1}),
        (1, {"does_on": None}),
        (1, {"wants_on": None}),
        (2, {"answered": 0, "started_by_them": 0}),
        (2, {"personal_on": None}),
        (3, {"given_on": None}),
        (3, {"received_on": None}),
        (4, {"ask_granted_on": None}),
        (4, {"ask_granted_on": date(2026, 11, 22)}),
        (5, {"unasked_on": None}),
        (6, {"friend_on": None}),
    ],
)
def test_one_missing_piece_holds_the_step_back_and_is_named(stage: int, lacking: dict[str, object]) -> None:
    evidence = replace(FULL, **lacking)  # type: ignore[arg-type]
    assert propose(evidence, stage) is None
    (lack,) = missing(evidence, stage)
    assert lack.evidence
    assert lack.next_step.endswith(".")


@pytest.mark.parametrize(
    ("outbound", "answered", "started", "reaches"),
    [(3, 1, 0, True), (4, 1, 0, False), (4, 1, 1, True), (0, 0, 0, False)],
)
def test_a_third_of_the_contacts_is_enough(outbound: int, answered: int, started: int, reaches: bool) -> None:
    evidence = replace(FULL, outbound=outbound, answered=answered, started_by_them=started)
    assert (propose(evidence, 2) is not None) is reaches


def test_nothing_known_proposes_nothing() -> None:
    assert all(propose(Evidence(TODAY), stage) is None for stage in range(1, 8))
    assert len(missing(Evidence(TODAY), 1)) == 3


@pytest.mark.parametrize("stage", range(2, 8))
def test_a_broken_promise_proposes_one_step_down_at_any_stage(stage: int) -> None:
    evidence = replace(FULL, promise_broken_on=date(2026, 11, 10))
    assert propose(evidence, stage) == (stage, stage - 1, ("A promise was broken on 10 November 2026.",))


def test_an_unthanked_referral_proposes_a_step_down_until_it_is_mended() -> None:
    evidence = replace(FULL, unthanked_on=date(2026, 10, 1))
    assert propose(evidence, 4) == (4, 3, ("Help of 1 October 2026 has not been thanked.",))
    assert missing(evidence, 4)[0].evidence == "mended: Help of 1 October 2026 has not been thanked."
    mended = propose(replace(evidence, mended_on=date(2026, 10, 1)), 4)
    assert mended is not None
    assert mended.to_stage == 5


def test_the_same_breach_is_not_held_against_anybody_twice() -> None:
    stepped = replace(FULL, promise_broken_on=date(2026, 11, 10), stage_since=date(2026, 11, 12), stepped_down=True)
    assert propose(stepped, 3) is None


def test_nobody_falls_below_recognise() -> None:
    assert propose(replace(FULL, promise_broken_on=TODAY), 1) is None


@pytest.mark.parametrize(
    ("stage", "falls"), [(1, False), (2, True), (3, True), (4, True), (5, False), (6, False), (7, False)]
)
def test_long_silence_may_lower_know_to_trust_and_never_support_and_above(stage: int, falls: bool) -> None:
    evidence = replace(FULL, last_two_way_on=date(2025, 5, 20), friend_on=None)
    proposal = propose(evidence, stage)
    assert (proposal is not None and proposal.to_stage < stage) is falls
    if stage < 5 and proposal:
        assert "20 May 2025" in proposal.why[0]


@pytest.mark.parametrize(("last", "falls"), [(date(2025, 5, 21), False), (date(2025, 5, 20), True)])
def test_silence_is_long_after_eighteen_months_to_the_day(last: date, falls: bool) -> None:
    proposal = propose(replace(FULL, last_two_way_on=last), 4)
    assert (proposal is not None and proposal.to_stage == 3) is falls


def test_after_a_step_down_for_silence_neither_down_nor_up_is_proposed_again_at_once() -> None:
    silent = replace(
        FULL, last_two_way_on=date(2025, 1, 1), stage_since=date(2026, 11, 1), stepped_down=True, friend_on=None
    )
    assert propose(silent, 3) is None


def test_after_a_step_down_something_new_must_go_both_ways() -> None:
    stepped = replace(FULL, stage_since=date(2026, 11, 5), stepped_down=True, friend_on=None)
    assert propose(stepped, 3) is None
    again = propose(replace(stepped, last_two_way_on=date(2026, 11, 6)), 3)
    assert again is not None
    assert again.to_stage == 4


@pytest.mark.parametrize(
    ("changes", "stage"),
    [
        ({"two_way": 0, "first_two_way_on": None, "last_two_way_on": None}, 1),
        ({"two_way": 1}, 1),
        ({"two_way": 2}, 2),
        ({"two_way": 5}, 2),
        ({"two_way": 6}, 3),
        ({"two_way": 500}, 3),
        ({"first_two_way_on": date(2026, 8, 4)}, 2),
        ({"first_two_way_on": date(2026, 8, 3)}, 3),
        ({"outbound": 100, "answered": 10, "started_by_them": 3}, 2),
        ({"started_by_them": 1}, 2),
        ({"started_by_them": 2}, 3),
        ({"first_two_way_on": date(2020, 1, 1), "last_two_way_on": date(2025, 5, 20)}, 2),
        ({"first_two_way_on": date(2020, 1, 1), "last_two_way_on": date(2025, 5, 21)}, 3),
    ],
)
def test_an_import_alone_gives_like_at_most(changes: dict[str, object], stage: int) -> None:
    evidence = replace(FULL, **changes)  # type: ignore[arg-type]
    assert initial_stage(evidence) == stage
    assert import_reason(evidence).startswith("From import: ")


def test_the_reason_of_an_import_names_what_was_seen() -> None:
    assert import_reason(FULL) == (
        "From import: 8 exchanges went both ways, last on 1 November 2026. "
        "Of 12 contacts they began 3 and answered 6 (75 %)."
    )


@pytest.mark.parametrize(
    ("stage", "since", "today", "stuck"),
    [
        (3, date(2025, 11, 21), TODAY, False),
        (3, date(2025, 11, 20), TODAY, True),
        (4, date(2024, 2, 29), date(2025, 2, 28), False),
        (4, date(2024, 2, 29), date(2025, 3, 1), True),
        (2, date(2020, 1, 1), TODAY, False),
        (5, date(2020, 1, 1), TODAY, False),
        (3, None, TODAY, False),
    ],
)
def test_more_than_a_year_at_like_or_trust_is_stuck(stage: int, since: date | None, today: date, stuck: bool) -> None:
    assert is_stuck(stage, since, today) is stuck


DAYS = st.one_of(st.none(), st.dates(date(2015, 1, 1), date(2026, 11, 21)))
EVIDENCE = st.builds(
    Evidence, on=st.just(TODAY), two_way=st.integers(0, 40), first_two_way_on=DAYS, last_two_way_on=DAYS,
    outbound=st.integers(0, 40), answered=st.integers(0, 40), started_by_them=st.integers(0, 40), does_on=DAYS,
    wants_on=DAYS, personal_on=DAYS, given_on=DAYS, received_on=DAYS, ask_granted_on=DAYS, unasked_on=DAYS,
    friend_on=DAYS, promise_broken_on=DAYS, unthanked_on=DAYS, mended_on=DAYS, stage_since=DAYS,
    stepped_down=st.booleans(),
)  # fmt: skip


@given(EVIDENCE, st.integers(1, 7))
def test_every_proposal_is_one_step_with_reasons_and_fits_what_is_missing(evidence: Evidence, stage: int) -> None:
    proposal = propose(evidence, stage)
    assert initial_stage(evidence) <= Stage.LIKE
    if proposal is None:
        return
    assert abs(proposal.to_stage - proposal.from_stage) == 1
    assert 1 <= proposal.to_stage <= 7
    assert all(line.endswith(".") for line in proposal.why)
    assert proposal.why
    if proposal.to_stage > stage:
        assert missing(evidence, stage) == ()


def test_a_lively_exchange_that_never_pauses_is_judged_by_its_messages() -> None:
    """Nobody begins anew what never stops: 26 letters and 26 answers are one beginning, and yet they answer."""
    weekly = {
        "two_way": 51,
        "last_two_way_on": date(2026, 11, 20),
        "outbound": 1,
        "answered": 1,
        "personal_on": date(2026, 6, 1),
    }
    found = propose(Evidence(on=date(2026, 11, 21), sent=26, came=26, **weekly), 2)  # type: ignore[arg-type]
    assert found is not None
    assert found.to_stage == 3
    assert found.why[0] == "Of 52 messages 26 came from them (50 %)."
    assert propose(Evidence(on=date(2026, 11, 21), sent=40, came=12, **weekly), 2) is None  # type: ignore[arg-type]
    few = weekly | {"two_way": 5}
    assert propose(Evidence(on=date(2026, 11, 21), sent=5, came=5, **few), 2) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mine", "theirs", "so_far"),
    [(0, 0, "there has been none"), (1, 0, "there has been one"), (0, 1, "there has been one"),
     (1, 1, "there have been two"), (2, 0, "there have been two")],
)  # fmt: skip
def test_one_or_two_exchanges_begun_ask_for_more_of_them_and_blame_nobody(mine: int, theirs: int, so_far: str) -> None:
    few = replace(FULL, two_way=2, outbound=mine, answered=mine, started_by_them=theirs)
    (wanted,) = missing(few, Stage.KNOW)
    assert wanted.evidence == f"three exchanges that one of you began; so far {so_far}"
    assert "less often" not in wanted.next_step
    (wanted,) = missing(replace(few, outbound=9, answered=1, started_by_them=0), Stage.KNOW)
    assert wanted.next_step.startswith("Write less often")


LIVELY = Evidence(
    on=TODAY, two_way=6, first_two_way_on=date(2026, 5, 1), last_two_way_on=date(2026, 7, 30), outbound=1, answered=1,
    started_by_them=0, sent=60, came=30,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "stage"),
    [
        ({}, Stage.LIKE),
        ({"came": 29}, Stage.KNOW),  # 29 of 89 is less than a third
        ({"two_way": 5}, Stage.KNOW),
        ({"last_two_way_on": date(2026, 7, 29)}, Stage.KNOW),  # 89 days
        ({"outbound": 3, "answered": 3}, Stage.KNOW),  # begun often enough to be judged by that: they never began
        ({"last_two_way_on": date(2027, 7, 30), "on": date(2029, 7, 30)}, Stage.KNOW),  # forgotten since
    ],
)
def test_a_lively_exchange_is_placed_by_its_messages(changes: dict[str, object], stage: int) -> None:
    """R55: whoever writes all the time without ever beginning anew is no stranger."""
    found = replace(LIVELY, **changes)  # type: ignore[arg-type]
    assert initial_stage(found) == stage
    if stage == Stage.LIKE:
        assert import_reason(found).endswith("Of 90 messages 30 came from them (33 %).")

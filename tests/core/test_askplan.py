"""The way to "ready": plans that are followed get there, planned asks have their deposits before them (method §5)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kithbook.core import askplan, asks
from kithbook.core.askrules import Asked, Facts, Loop, Standing, decide, net, stand, verdict_code
from kithbook.core.ledger import Entry
from tests.core.test_asks import TODAY, ago, gift, known, verdict

ENTRIES = st.builds(
    Entry, st.integers(0, 900).map(ago), st.sampled_from(("gave", "got")),
    st.sampled_from(("item", "favour", "ask", "promise_broken", "friction", "referral", "thanks")),
    st.integers(1, 5), st.booleans(), st.sampled_from((None, True, False)),
)  # fmt: skip
ASKS = st.builds(
    lambda days, size, outcome: Asked(ago(days), size, outcome, ago(days) if outcome else None),
    st.integers(0, 120), st.integers(1, 5), st.sampled_from(("", "gladly", "reluctantly", "refused", "silence")),
)  # fmt: skip
LOOPS = st.builds(Loop, st.just("thanks"), st.just("Not thanked."), st.integers(0, 90).map(ago), st.just("Thank them."))


@st.composite
def facts_in_any_state(draw: st.DrawFn) -> Facts:
    two_way = draw(st.integers(0, 4))
    first = draw(st.integers(0, 1_500)) if two_way else None
    last = draw(st.integers(0, first)) if first is not None else None
    return Facts(
        stage=draw(st.integers(1, 7)),
        entries=tuple(draw(st.lists(ENTRIES, max_size=8))),
        asks=tuple(draw(st.lists(ASKS, max_size=3))),
        loops=tuple(draw(st.lists(LOOPS, max_size=3))),
        two_way=two_way,
        conversations=draw(st.integers(0, two_way)),
        first_on=None if first is None else ago(first),
        last_two_way_on=None if last is None else ago(last),
    )


def follow(facts: Facts, steps: tuple[askplan.Step, ...]) -> Facts:
    """Do what the plan says, by hand: write down what is given, talk, close, note what came of earlier asks."""
    for step in steps:
        if step.gives:
            facts = replace(facts, entries=(*facts.entries, Entry(step.on, "gave", step.gives, step.size)))
        if step.kind == "close":
            facts = replace(facts, loops=())
        elif step.kind == "answer":
            facts = replace(facts, asks=tuple(one._replace(outcome=one.outcome or "refused") for one in facts.asks))
        elif step.kind in ("introduce", "talk"):
            facts = replace(
                facts, two_way=facts.two_way + 1, conversations=facts.conversations + 1, last_two_way_on=step.on,
                first_on=facts.first_on or step.on,
            )  # fmt: skip
    return facts


class TestPlan:
    def test_the_deposit_of_today_reaches_it_in_a_week(self) -> None:
        found = asks.check(known(), 3, TODAY)
        assert (found.verdict, found.ready_on) == ("deposit", TODAY + timedelta(days=7))
        assert [(step.on, step.size) for step in found.plan] == [(TODAY, 2)]

    def test_steps_keep_the_distance_of_the_stage(self) -> None:
        days = [step.on for step in asks.check(known(2, entries=(gift(3, 1),)), 5, TODAY).plan]
        assert days[0] == ago(3) + timedelta(days=21)
        assert all((later - earlier).days >= 21 for earlier, later in itertools.pairwise(days))

    def test_only_time_is_missing(self) -> None:
        young = known(first_on=ago(100), entries=(gift(0, 5),))
        found = asks.check(young, 3, TODAY)
        assert found.verdict == "deposit"
        assert found.ready_on == ago(100) + timedelta(days=180)
        assert len(found.plan) == 1

    @settings(max_examples=250)
    @given(facts=facts_in_any_state(), size=st.integers(1, 5))
    def test_whoever_follows_the_plan_is_ready_on_the_day_it_names(self, facts: Facts, size: int) -> None:
        """R83, R86: the dated plan reaches the ask."""
        found = asks.check(facts, size, TODAY)
        assert found.ready_on is not None
        done = follow(facts, found.plan)
        assert verdict(done, size, found.ready_on) == "ready"
        assert [step.on for step in found.plan] == sorted(step.on for step in found.plan)
        assert all(TODAY <= step.on <= found.ready_on for step in found.plan)
        assert (found.verdict == "ready") == (found.plan == () and found.ready_on == TODAY)

    @settings(max_examples=150)
    @given(facts=facts_in_any_state(), size=st.integers(1, 5), days=st.integers(1, 400))
    def test_the_schedule_of_a_planned_ask_reaches_it_or_says_when(self, facts: Facts, size: int, days: int) -> None:
        """R86: a planned ask has its deposits before it."""
        by = TODAY + timedelta(days=days)
        way = askplan.schedule(facts, size, TODAY, by)
        assert way.ready_on is not None
        assert all(step.on >= TODAY for step in way.steps)
        if way.ready_on == by:
            done = follow(facts, way.steps)
            assert verdict(done, size, by) == "ready"
            assert all(step.on <= by for step in way.steps)

    def test_deposits_lie_as_late_as_they_may(self) -> None:
        """R74, R86: somebody ready without one gets something before the ask all the same."""
        by = date(2027, 5, 1)
        way = askplan.schedule(known(6), 1, TODAY, by)
        assert [(step.on, step.size) for step in way.steps] == [(date(2027, 4, 17), 1)]
        twice = askplan.schedule(known(3), 4, TODAY, by)
        assert [step.on for step in twice.steps] == [date(2027, 4, 7), date(2027, 4, 17)]

    def test_a_step_that_was_done_leaves_the_others_where_they_were(self) -> None:
        by = date(2027, 5, 1)
        facts = known(3, last_two_way_on=date(2027, 4, 1))
        first = askplan.schedule(facts, 4, TODAY, by).steps
        done = replace(facts, entries=(Entry(first[0].on, "gave", "advice", 2),))
        assert askplan.schedule(done, 4, first[0].on, by).steps == first[1:]


class TestColumns:
    """The rule on ten thousand rows is the rule on one."""

    @settings(max_examples=60)
    @given(people=st.lists(facts_in_any_state(), min_size=1, max_size=12), size=st.integers(1, 5))
    def test_many_are_judged_as_one_is(self, people: list[Facts], size: int) -> None:
        rows = [stand(facts, TODAY) for facts in people]
        table = Standing(*(np.concatenate(column) for column in zip(*rows, strict=True)))
        assert decide(table, size, TODAY).tolist() == [verdict_code(facts, size, TODAY) for facts in people]

    def test_nobody_at_all(self) -> None:
        empty = Standing(*(np.zeros(0, dtype=np.int64) for _ in range(7)), np.zeros(0))
        assert decide(empty, 3, TODAY).tolist() == []


def test_the_example_of_the_explanation() -> None:
    """R79, R83: docs/explanation/right-to-ask.md, worked by hand.

    On 21 November 2026 an ask of size 4 to somebody at Like wants 2. Advice of size 2 given 365 days before weighs
    2 · 2^(-365/365.25) = 1.0005: not enough. A week later it weighs 0.9873; one more thing of size 1 would weigh 0.9868
    (together 1.9741, still not enough), of size 2 it weighs 1.9736: together 2.9609, and the ask is ready.
    """
    year = Entry(TODAY - timedelta(days=365), "gave", "advice", 2)
    facts = known(entries=(year,))
    found = asks.check(facts, 4, TODAY)
    assert round(found.net, 4) == round(2 * 2 ** (-365 / 365.25), 4) == 1.0005
    assert (found.verdict, found.needed) == ("deposit", 2)
    assert [(step.on, step.size) for step in found.plan] == [(TODAY, 2)]
    assert found.ready_on == date(2026, 11, 28)
    after = follow(facts, found.plan)
    assert round(net(after, found.ready_on), 4) == 2.9609

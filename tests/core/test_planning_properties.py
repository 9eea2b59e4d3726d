"""What holds for every plan: budget, days, ceilings, one touch a person, pinned kept, order irrelevant."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kithbook.core.needy import Unanswered, check_outbound
from kithbook.core.planning import Candidate, Duty, Planned, Rules, Week, plan_week

MONDAY = date(2026, 11, 16)
CHANNELS = (("call", 15), ("email", 7), ("message", 2), ("meeting", 75), ("item", 5))


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    rows = []
    for person_id in range(draw(st.integers(0, 14))):
        stage = draw(st.integers(1, 7))
        count = draw(st.sampled_from([0, 0, 1, 2, 3]))
        last = MONDAY - timedelta(days=draw(st.integers(0, 70)))
        held = check_outbound(stage, Unanswered(count, last if count else None))
        for channel, minutes in draw(st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=3, unique=True)):
            rows.append(
                Candidate(
                    person_id, stage, channel, minutes, draw(st.sampled_from([0.5, 1.0, 2.0])),
                    draw(st.sampled_from([0.0, 3.0, 11.0, 40.0])), draw(st.sampled_from([0.2, 0.5, 0.9])),
                    objective_ids=draw(st.sampled_from([(), (), (1,), (1, 2)])), giving=draw(st.booleans()),
                    social=draw(st.booleans()), earliest_on=held.allowed_on, held=held.why,
                )
            )  # fmt: skip
    return rows


duties = st.lists(
    st.builds(
        Duty,
        person_id=st.integers(0, 20),
        kind=st.sampled_from(["thanks", "promise", "followup", "date"]),
        due_on=st.integers(-9, 10).map(lambda days: MONDAY + timedelta(days=days)),
        minutes=st.sampled_from([2, 5, 15, 40]),
        channel=st.sampled_from(["email", "call"]),
        stage=st.integers(1, 7),
        why=st.just(("Because.",)),
        ref=st.uuids().map(str),
        earliest_on=st.none(),
    ),
    max_size=6,
)
rules = st.builds(
    Rules,
    minutes=st.sampled_from([0, 10, 45, 120, 300]),
    per_day_minutes=st.lists(st.sampled_from([0, 8, 20, 90]), min_size=7, max_size=7).map(tuple),
    objective_shares=st.sampled_from([{}, {1: 0.5, 2: 0.5}]),
    social_minutes=st.sampled_from([0, 5, 30]),
    max_touches=st.sampled_from([1, 5, 12]),
)
pins = st.lists(
    st.builds(
        Planned,
        person_id=st.integers(0, 20),
        stage=st.integers(1, 7),
        kind=st.just("investment"),
        channel=st.just("call"),
        minutes=st.just(15),
        on=st.integers(0, 6).map(lambda day: MONDAY + timedelta(days=day)),
    ),
    max_size=3,
    unique_by=lambda pin: pin.person_id,
)


def plain(week: Week) -> tuple[object, ...]:
    return week.touches, week.left_out, week.proven_optimal, week.value


@settings(max_examples=150)
@given(candidates(), duties, rules, pins, st.randoms())
def test_every_plan_keeps_every_limit(
    rows: list[Candidate], due: list[Duty], limits: Rules, pinned: list[Planned], random: object
) -> None:
    week = plan_week(rows, due, limits, MONDAY, pinned=pinned)
    fixed = sum(p.minutes for p in pinned)
    assert week.minutes_planned == sum(t.minutes for t in week.touches) <= max(limits.minutes, fixed)
    assert max(Counter(t.person_id for t in week.touches).values(), default=0) <= 1
    by_day = Counter()
    pinned_by_day = Counter()
    for touch in week.touches:
        by_day[(touch.on - MONDAY).days] += touch.minutes
    for pin in pinned:
        pinned_by_day[(pin.on - MONDAY).days] += pin.minutes
    assert all(used <= max(limits.per_day_minutes[day], pinned_by_day[day]) for day, used in by_day.items())
    assert {(p.person_id, p.channel, p.on) for p in pinned} <= {(t.person_id, t.channel, t.on) for t in week.touches}
    assert sum(t.minutes for t in week.touches if t.social) <= limits.social_minutes
    holds = {(r.person_id, r.channel): r.earliest_on for r in rows}
    for touch in week.touches:
        if touch.kind == "investment" and touch.person_id not in {p.person_id for p in pinned}:
            hold = holds[touch.person_id, touch.channel]
            assert hold is None or touch.on >= hold
    shuffled, shuffled_due = list(rows), list(due)
    random.shuffle(shuffled)
    random.shuffle(shuffled_due)
    assert plain(plan_week(shuffled, shuffled_due, limits, MONDAY, pinned=pinned)) == plain(week)


@settings(max_examples=100)
@given(candidates(), duties, rules)
def test_no_duty_is_dropped_silently(rows: list[Candidate], due: list[Duty], limits: Rules) -> None:
    week = plan_week(rows, due, limits, MONDAY)
    seen = {ref for t in week.touches for ref in t.refs} | {left.ref for left in week.left_out}
    assert {d.ref for d in due if d.due_on <= MONDAY + timedelta(days=6)} <= seen


@settings(max_examples=60)
@given(candidates(), duties, rules)
def test_nobody_is_both_planned_and_left_out_for_the_same_thing(
    rows: list[Candidate], due: list[Duty], limits: Rules
) -> None:
    week = plan_week(rows, due, limits, MONDAY)
    planned = {t.person_id for t in week.touches}
    assert not planned & {left.person_id for left in week.left_out if not left.ref}
    assert all(left.why for left in week.left_out)

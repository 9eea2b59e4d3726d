"""The sufficient statistics of a tie: folding, replaying and replaying in bulk are the same thing."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithbook.core.tiestate import (
    CHANNEL_CODES,
    RATES,
    STATE,
    Contact,
    contact_order,
    empty,
    evidence_weight,
    fold,
    fold_many,
    replay,
    replay_many,
)

DAY = 86_400
START = 1_700_000_000

contacts = st.lists(
    st.builds(
        lambda seconds, channel, direction, size, minutes, counts: Contact(
            START + seconds, (START + seconds) // DAY, channel, direction, size, minutes, counts
        ),
        st.one_of(st.integers(0, 3 * DAY), st.integers(0, 40 * 365 * DAY)),
        st.sampled_from(sorted(CHANNEL_CODES)),
        st.sampled_from([-1, 0, 1]),
        st.integers(1, 300),
        st.none() | st.floats(0.5, 500),
        st.booleans() | st.just(True),
    ),
    max_size=25,
)


def assert_same(left: np.void, right: np.void) -> None:
    for name in STATE.names or ():
        np.testing.assert_allclose(left[name], right[name], rtol=1e-9, atol=1e-9, err_msg=name)


def in_bulk(logs: list[list[Contact]], until_at: int | None = None) -> np.ndarray:
    flat = [(i, c) for i, log in enumerate(logs) for c in log]
    return replay_many(
        np.array([i for i, _ in flat], np.int64),
        np.array([c.at for _, c in flat], np.int64),
        np.array([c.day for _, c in flat], np.int64),
        np.array([CHANNEL_CODES[c.channel] for _, c in flat], np.int64),
        np.array([c.direction for _, c in flat], np.int64),
        np.array([c.size for _, c in flat], np.int64),
        np.array([np.nan if c.minutes is None else c.minutes for _, c in flat], float),
        np.array([c.counts for _, c in flat], bool),
        len(logs),
        until_at=until_at,
    )


@settings(max_examples=150)
@given(st.lists(contacts, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_folding_one_by_one_replaying_and_replaying_in_bulk_agree_in_any_order(
    logs: list[list[Contact]], random: object
) -> None:
    shuffled = [list(log) for log in logs]
    for log in shuffled:
        random.shuffle(log)  # type: ignore[attr-defined]
    bulk = in_bulk(shuffled)
    for i, log in enumerate(logs):
        state = empty()
        for contact in sorted(log, key=contact_order):
            state = fold(state, contact)
        assert_same(state, replay(shuffled[i]))
        assert_same(state, bulk[i])


@settings(max_examples=60)
@given(contacts, st.integers(0, 40 * 365 * DAY))
def test_what_lies_after_the_cut_off_never_happened(log: list[Contact], seconds: int) -> None:
    until = START + seconds
    past = [c for c in log if c.at <= until]
    assert_same(replay(log, until_at=until), replay(past))
    assert_same(in_bulk([log], until)[0], replay(past))


def mail(at: int, direction: int = 1, size: int = 1, channel: str = "email") -> Contact:
    return Contact(at, at // DAY, channel, direction, size, None, True)


def test_several_contacts_on_one_day_count_once_and_the_heaviest_counts() -> None:
    noon = START // DAY * DAY + 12 * 3600
    both = replay([mail(noon, channel="comment"), mail(noon + 60, channel="meeting"), mail(noon + 120)])
    alone = replay([mail(noon + 120, channel="meeting")])
    np.testing.assert_allclose(both["sums"], alone["sums"])
    assert both["days"] == 1
    assert both["count_out"] == 3


def test_the_sums_fade_with_the_rates() -> None:
    state = replay([mail(START), mail(START + 50 * DAY)])
    np.testing.assert_allclose(state["sums"], 1 + np.exp(-50 * RATES))


def test_a_contact_that_does_not_count_changes_nothing() -> None:
    before = replay([mail(START)])
    assert_same(fold(before, mail(START + DAY)._replace(counts=False)), before)


def test_folding_leaves_the_given_state_alone() -> None:
    before = replay([mail(START)])
    kept = before.copy()
    fold(before, mail(START + DAY))
    assert_same(before, kept)


def test_a_contact_older_than_the_last_is_refused_by_fold() -> None:
    with pytest.raises(ValueError, match="order of time"):
        fold(replay([mail(START)]), mail(START - 1))


def test_days_i_wrote_without_an_answer_are_counted_until_they_write() -> None:
    log = [mail(START), mail(START + 60), mail(START + 3 * DAY), mail(START + 9 * DAY)]
    assert replay(log)["unanswered"] == 3
    assert replay([*log, mail(START + 10 * DAY, -1)])["unanswered"] == 0
    assert replay([*log, mail(START + 10 * DAY, 0, channel="meeting")])["unanswered"] == 0


def test_an_answer_within_thirty_days_and_a_meeting_are_two_way() -> None:
    log = [mail(START), mail(START + 5 * DAY, -1), mail(START + 90 * DAY)]
    log.append(mail(START + 200 * DAY, 0, channel="meeting"))
    state = replay(log)
    assert state["two_way"] == 2
    assert state["last_two_way_at"] == START + 200 * DAY
    assert replay(log[:3])["last_two_way_at"] == START + 5 * DAY


def test_who_starts_an_exchange_is_counted_after_a_week_of_silence() -> None:
    state = replay([mail(START, -1), mail(START + DAY, 1), mail(START + 30 * DAY, -1), mail(START + 60 * DAY, 1)])
    assert (state["started_in"], state["started_out"]) == (2, 1)


def test_heavier_channels_weigh_more() -> None:
    heavy_first = ("meeting", "call", "email", "message", "comment", "group_mail", "like")
    weights = [evidence_weight(mail(0, channel=c)) for c in heavy_first]
    assert all(heavy > light for heavy, light in pairwise(weights))
    assert evidence_weight(mail(0)) == 1.0


def test_broadcasts_group_mail_and_likes_are_counted_and_touch_nothing_else() -> None:
    log = [mail(START, -1, size=11), mail(START + DAY, channel="group_mail"), mail(START + 2 * DAY, channel="like")]
    state = replay(log)
    assert (state["light"], state["last_light_at"], state["days"], state["last_at"]) == (3, START + 2 * DAY, 0, 0)
    assert replay([*log, mail(START + 3 * DAY, size=10)])["days"] == 1


def test_a_short_call_weighs_less_than_a_long_one() -> None:
    call = mail(0, channel="call")
    assert evidence_weight(call._replace(minutes=2.0)) < evidence_weight(call._replace(minutes=30.0))


@settings(max_examples=60)
@given(st.lists(contacts, min_size=1, max_size=4), st.integers(0, 400), st.sampled_from(["call", "email", "meeting"]))
def test_folding_an_answered_contact_into_many_ties_is_folding_both_ways(
    logs: list[list[Contact]], days: int, channel: str
) -> None:
    states = in_bulk(logs)
    at = np.where(states["days"] > 0, states["last_at"], START) + days * DAY
    day = np.maximum(at // DAY, states["last_day"])
    for i, state in enumerate(fold_many(states, at=at, day=day, channel=channel)):
        once = fold(states[i], Contact(int(at[i]), int(day[i]), channel, 1, 1, None, True))
        assert_same(state, fold(once, Contact(int(at[i]), int(day[i]), channel, -1, 1, None, True)))


def test_a_state_is_small_enough_to_keep_with_each_tie() -> None:
    assert STATE.itemsize <= 400
    row = replay([mail(START)])
    assert_same(np.frombuffer(row.tobytes(), STATE)[0], row)

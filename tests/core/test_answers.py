"""Which messages count as answered."""

from __future__ import annotations

import numpy as np

from kithbook.core.answers import count_answers
from kithbook.core.tierow import Log
from kithbook.core.tiestate import CHANNEL_CODES

DAY = 86_400
NOW = 20_000 * DAY
OUT, IN, BOTH = 1, -1, 0


def log(*contacts: tuple[int, int, int], channel: str = "email") -> Log:
    """(tie, days ago, direction) of each contact, in any order."""
    rows = np.array(contacts, dtype=np.int64).reshape(-1, 3)
    at = NOW - rows[:, 1] * DAY
    n = len(rows)
    code = np.full(n, CHANNEL_CODES[channel])
    return Log(rows[:, 0], at, at // DAY, code, rows[:, 2], np.ones(n, np.int64), None, np.ones(n, np.bool_))


def counts(*contacts: tuple[int, int, int]) -> tuple[float, float]:
    found = count_answers(log(*contacts), now=NOW)
    return float(found.answered.sum()), float(found.unanswered.sum())


def test_an_answer_within_thirty_days_counts() -> None:
    assert counts((0, 300, IN), (0, 200, OUT), (0, 170, IN)) == (1, 0)
    assert counts((0, 300, IN), (0, 200, OUT), (0, 169, IN)) == (0, 1)


def test_a_meeting_is_an_answer_too() -> None:
    assert counts((0, 300, IN), (0, 200, OUT), (0, 190, BOTH)) == (1, 0)


def test_somebody_elses_answer_is_none() -> None:
    assert counts((0, 300, IN), (0, 200, OUT), (1, 199, IN)) == (0, 1)


def test_a_recent_message_is_still_open() -> None:
    assert counts((0, 300, IN), (0, 20, OUT)) == (0, 0)


def test_the_first_message_ever_follows_no_silence() -> None:
    assert counts((0, 200, OUT), (0, 190, IN)) == (0, 0)


def test_the_silence_before_chooses_the_bucket_and_the_order_does_not_matter() -> None:
    contacts = [(0, 300, IN), (0, 200, OUT), (0, 190, IN)]
    found = count_answers(log(*contacts), now=NOW)
    same = count_answers(log(*reversed(contacts)), now=NOW)
    assert found.answered[3, CHANNEL_CODES["email"]] == 1
    assert np.array_equal(found.answered, same.answered)


def test_an_empty_log_has_no_answers() -> None:
    assert counts() == (0, 0)

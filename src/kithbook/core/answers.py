"""Counts which of the owner's messages were answered, by silence before them and channel (see `core.replies`)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kithbook.core.replies import BUCKET_DAYS, BUCKET_EDGES
from kithbook.core.tierow import ANSWER_DAYS, Log
from kithbook.core.tiestate import CHANNEL_CODES

_DAY = 86_400


class AnswerCounts(NamedTuple):
    """Messages answered and not, each of shape (buckets of silence, channels)."""

    answered: NDArray[np.float64]
    unanswered: NDArray[np.float64]


def count_answers(log: Log, *, now: int) -> AnswerCounts:
    """Count the owner's first message of each day to each tie as answered if they were in touch within 30 days.

    Messages younger than that without an answer are still open and not counted; a first message ever has no silence.
    """
    keep = np.asarray(log.counts, bool) & (np.asarray(log.at) <= now)
    columns = (log.tie_index, log.at, log.day, log.direction, log.channel_code)
    tie, at, day, way, code = (np.asarray(column, np.int64)[keep] for column in columns)
    order = np.lexsort((at, tie))
    tie, at, day, way, code = tie[order], at[order], day[order], way[order], code[order]
    shape = (len(BUCKET_DAYS), len(CHANNEL_CODES))
    if len(at) < 2:
        return AnswerCounts(np.zeros(shape), np.zeros(shape))
    same = np.r_[False, tie[1:] == tie[:-1]]
    asked = (way > 0) & same & (np.r_[0, day[:-1]] != day)
    silence = np.where(same, at - np.r_[at[0], at[:-1]], 0) / _DAY
    answered = _next_answer(tie, at, way) - at <= ANSWER_DAYS * _DAY
    settled = answered | (now - at > ANSWER_DAYS * _DAY)
    bucket = np.searchsorted(BUCKET_EDGES, silence, side="right")
    cell = bucket * shape[1] + code

    def count(which: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(cell[which], minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)

    return AnswerCounts(count(asked & answered), count(asked & settled & ~answered))


def _next_answer(tie: NDArray[np.int64], at: NDArray[np.int64], way: NDArray[np.int64]) -> NDArray[np.int64]:
    """When each tie is next heard of after each contact; far away where never. Rows are by tie, then time."""
    never = np.iinfo(np.int64).max // 2
    rows = np.flatnonzero(way <= 0)
    following = np.searchsorted(rows, np.arange(len(at)), side="right")
    found = np.append(rows, len(at))[following]
    inside = found < len(at)
    target = np.minimum(found, len(at) - 1)
    return np.where(inside & (tie[target] == tie), at[target], never)

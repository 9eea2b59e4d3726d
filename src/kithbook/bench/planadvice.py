"""What the planner believes in the simulation: exactly what the product does, with `core.warmth` and `core.replies`.

Nothing here knows the world: the constants are the shipped ones, states are folded from what owner and planner can
see, the owner's level and the chance of an answer are learnt from it as `services.habits` does.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kithbook.bench.planworlds import HORIZON_DAYS, Floats, Log, Rows, Village
from kithbook.core import tierow, warmlevel, warmth
from kithbook.core.replies import BUCKET_DAYS, BUCKET_EDGES, ReplyModel, learn_replies, reply_probability
from kithbook.core.tiestate import CHANNEL_CODES, Contact, States, fold, fold_many, replay_many
from kithbook.core.touchgain import own_reply, touch_gain

CHANNEL = "email"
CODE = CHANNEL_CODES[CHANNEL]
START_DAY = 20_458
"""2026-01-05, the first Monday, in days since 1970."""
LEVEL_WEEKS = 4
"""So often the owner's level is counted anew (the product: each day)."""
_DAY = 86_400
_WEEK_DAYS = 7.0


class Advice:
    """Beliefs of all owners of a village."""

    def __init__(self, village: Village) -> None:
        self.owner = village.owner
        self.owners = int(village.owner.max()) + 1
        tie, newest_last = np.nonzero(np.isfinite(village.ages))
        at = ((START_DAY - village.ages[tie, newest_last]) * _DAY).astype(np.int64)
        self._tie, self._at = [tie.astype(np.int64)], [at]
        self.states: States = replay_many(*self._log(), len(village))
        shape = (self.owners, len(BUCKET_DAYS), len(CHANNEL_CODES))
        self.answered, self.unanswered = np.zeros(shape), np.zeros(shape)
        self.models: list[ReplyModel] = [learn_replies(self.answered[0], self.unanswered[0])] * self.owners
        self.level: Floats = np.zeros(len(village))
        self.levelled = -np.inf
        self._waiting: list[Callable[[], None]] = []

    def warmth(self, log: Log) -> Floats:
        """Warmth now."""
        return warmth.warmth(self.states, now=seconds(log), horizon_days=HORIZON_DAYS, level=self._level(log))

    def gain(self, log: Log) -> Floats:
        """Warm days that an answered e-mail wins."""
        level = self._level(log)
        return touch_gain(self.states, now=seconds(log), horizon_days=HORIZON_DAYS, channel=CHANNEL, level=level)

    def cycle_gain(self, log: Log) -> Floats:
        """The same by the cycle alone, from the last contact in either direction (the bare index of method §10)."""
        level = self._level(log)
        return warmth.gain(self.states, now=seconds(log), horizon_days=HORIZON_DAYS, channel=CHANNEL, level=level)

    def reply(self, log: Log) -> Floats:
        """Chance of an answer per tie now, by the owner's answers so far and the tie's own silence."""
        self._catch_up()
        return own_reply(self.owner_reply(log), self.states["unanswered"])

    def owner_reply(self, log: Log) -> Floats:
        """The same by the owner's answers alone."""
        self._catch_up()
        silence, found = self._silence(seconds(log)), np.empty(len(self.owner))
        for owner, model in enumerate(self.models):
            mine = self.owner == owner
            found[mine] = reply_probability(model, silence[mine], CHANNEL)
        return found

    def learn(self, log: Log, rows: Rows, answered: NDArray[np.bool_]) -> None:
        """Take in what came of this week's touches: counts of answers, and messages without one in the states."""
        at = seconds(log)
        self._waiting.append(lambda: self._learn(at, rows, answered))

    def exchange(self, log: Log, rows: Rows) -> None:
        """Note an exchange with each of these ties now."""
        at = seconds(log)
        self._waiting.append(lambda: self._exchange(at, rows))

    def _catch_up(self) -> None:
        """Fold what happened since somebody last asked: rules of thumb never ask, and need not wait for it."""
        for event in self._waiting:
            event()
        self._waiting.clear()

    def _learn(self, at: int, rows: Rows, answered: NDArray[np.bool_]) -> None:
        bucket = np.searchsorted(BUCKET_EDGES, self._silence(at)[rows], side="right").astype(np.int64)
        for counts, which in ((self.answered, answered), (self.unanswered, ~answered)):
            np.add.at(counts, (self.owner[rows[which]], bucket[which], np.full(int(which.sum()), CODE)), 1.0)
        for owner in np.unique(self.owner[rows]).tolist():
            self.models[owner] = learn_replies(self.answered[owner], self.unanswered[owner])
        for row in rows[~answered].tolist():
            self.states[row] = fold(self.states[row], Contact(at, at // _DAY, CHANNEL, 1, 1, None, True))

    def _exchange(self, at: int, rows: Rows) -> None:
        many = np.full(len(rows), at, np.int64)
        self.states[rows] = fold_many(self.states[rows], at=many, day=many // _DAY, channel=CHANNEL)
        self._tie.append(rows.astype(np.int64))
        self._at.append(many)

    def _silence(self, at: int) -> Floats:
        return np.asarray(np.maximum(at - self.states["last_at"], 0) / _DAY)

    def _level(self, log: Log) -> Floats:
        """The level of each tie's owner, counted anew every few weeks; after it the states are those of now."""
        self._catch_up()
        if log.now - self.levelled >= LEVEL_WEEKS * _WEEK_DAYS:
            counts = warmlevel.count_level(
                self._log(), len(self.owner), now=seconds(log), horizon_days=HORIZON_DAYS, owner=self.owner,
                owners=self.owners,
            )  # fmt: skip
            self.level, self.levelled = warmlevel.levels(counts)[self.owner], log.now
        return self.level

    def _log(self) -> tierow.Log:
        tie, at = np.concatenate(self._tie), np.concatenate(self._at)
        n = len(at)
        return tierow.Log(
            tie, at, at // _DAY, np.full(n, CODE), np.zeros(n, np.int64), np.ones(n, np.int64), None, np.ones(n, bool)
        )


def seconds(log: Log) -> int:
    """The log's now in epoch seconds."""
    return int((START_DAY + log.now) * _DAY)

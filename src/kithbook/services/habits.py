"""What is learnt of the owner from the log: how lively their ties are, and how often a message is answered.

Learnt after each import and once a day; both are means over many ties, so a sample of them is enough.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kithbook.core.answers import count_answers
from kithbook.core.replies import ReplyModel, learn_replies, reply_probability
from kithbook.core.tierow import Log
from kithbook.core.warmlevel import owner_level
from kithbook.services import clock
from kithbook.store import contacts
from kithbook.store.models import Owner

HORIZONS = (90, 365)
SAMPLE_PEOPLE, SAMPLE_ROWS = 2_000, 50_000
"""So many ties, or rows of their logs, are looked at."""
LEARNT_FOR = dt.timedelta(days=1)

Replies = Callable[[NDArray[np.float64], str], NDArray[np.float64]]
"""(days of silence, channel) -> chance of an answer."""


def learn(owner: Owner) -> None:
    """Learn the owner's habits anew from a sample of the log."""
    from kithbook.services.ties import log_of

    people = contacts.sample_of_people(owner.pk, SAMPLE_PEOPLE, SAMPLE_ROWS)
    log = log_of(owner, people)
    owner.habits = _learnt(log, len(people)) if len(log.at) else {}
    Owner.objects.filter(pk=owner.pk).update(habits=owner.habits)


def _learnt(log: Log, people: int) -> dict[str, Any]:
    now = int(clock.now().timestamp())
    return {
        "level": {str(h): round(owner_level(log, people, now=now, horizon_days=h), 4) for h in HORIZONS},
        "replies": [round(float(odds), 4) for odds in learn_replies(*count_answers(log, now=now)).log_odds],
        "learnt_at": now,
    }


def learn_if_stale(owner: Owner) -> None:
    """Learn again where it was last done more than a day ago, by the owner's clock."""
    learnt_at = owner.habits.get("learnt_at", 0)
    if abs(clock.now().timestamp() - learnt_at) > LEARNT_FOR.total_seconds():
        learn(owner)


def levels(owner: Owner, horizon: NDArray[np.float64]) -> NDArray[np.float64]:
    """The owner's level of activity for each horizon (n,), 0 where nothing is learnt yet."""
    known = owner.habits.get("level", {})
    found = np.zeros(len(horizon))
    for days in HORIZONS:
        found[horizon == days] = float(known.get(str(days), 0.0))
    return found


def reply_model(owner: Owner) -> Replies:
    """The chance of an answer, from the owner's own answers where there are any, else the prior."""
    known = owner.habits.get("replies")
    model = ReplyModel(np.array(known, dtype=np.float64)) if known else learn_replies(*count_answers(_NO_LOG, now=0))
    return lambda silence, channel: reply_probability(model, silence, channel)


_NOTHING = np.zeros(0, np.int64)
_NO_LOG = Log(_NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING, None, np.zeros(0, np.bool_))

"""What a look at an account decides: who is in step, what goes where, when to stop, when to look again.

Pure: both sides are compared with what they last agreed on, everything is decided first, and acted upon later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SAME, CHANGED, GONE, NEVER = "same", "changed", "gone", "never"
"""What became of one side since both agreed: NEVER means that it was not there then either."""

NOTHING, PULL, PUSH, MERGE, CONFLICT = "nothing", "pull", "push", "merge", "conflict"
DELETE_HERE, DELETE_THERE, FORGET = "delete here", "delete there", "forget"
WRITING = (PUSH, DELETE_THERE)

LONGEST_WAIT = 24 * 60
REFUSED_WAIT = 6 * 60
"""Minutes until a wrong password is tried again: some servers lock an account after a few wrong ones (d)."""

_TABLE = {
    (SAME, SAME): NOTHING,
    (SAME, CHANGED): PULL,
    (CHANGED, SAME): PUSH,
    (CHANGED, CHANGED): MERGE,
    (SAME, GONE): DELETE_HERE,
    (GONE, SAME): DELETE_THERE,
    (CHANGED, GONE): CONFLICT,
    (GONE, CHANGED): CONFLICT,
    (GONE, GONE): FORGET,
    (NEVER, CHANGED): PULL,
    (CHANGED, NEVER): PUSH,
    (NEVER, GONE): FORGET,
    (GONE, NEVER): FORGET,
    (NEVER, NEVER): FORGET,
}


def decide(mine: str, theirs: str, *, writes: bool = True) -> str:
    """What to do with one card, from what became of it here and there since both agreed.

    Without `writes` what would change the server waits: NOTHING. A side that is new counts as CHANGED.
    """
    action = _TABLE[mine, theirs]
    return NOTHING if action in WRITING and not writes else action


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a run stops before it deletes anything: `gone` of `known` cards are missing on one side."""

    side: str
    gone: int
    known: int


def find_loss(actions: Mapping[str, int] | Iterable[str], known: int) -> Loss | None:
    """The side that lost everything or more than half of the `known` cards, as an accident would do it."""
    counts: dict[str, int] = {}
    if isinstance(actions, Mapping):
        counts.update(actions)
    else:
        for action in actions:
            counts[action] = counts.get(action, 0) + 1
    for side, action in (("there", DELETE_HERE), ("here", DELETE_THERE)):
        gone = counts.get(action, 0)
        if gone and (gone >= known or 2 * gone > known):
            return Loss(side, gone, known)
    return None


def minutes_until_next(every_minutes: int, failures: int, *, refused: bool = False) -> int:
    """Minutes until an account is looked at again: its own pace, doubled with each failure, a day at most."""
    if not failures:
        return every_minutes
    wait = every_minutes << min(failures, 10)
    return max(every_minutes, min(LONGEST_WAIT, max(wait, REFUSED_WAIT) if refused else wait))

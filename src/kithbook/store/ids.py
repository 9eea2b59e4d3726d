"""Row ids: 62 random bits, so that no id can be guessed and rows can move between machines by owner."""

from __future__ import annotations

import secrets
import threading
import time
from itertools import accumulate

_BITS = 62
_GAP_BITS = 20
_STEP_BITS = 40


def new_id() -> int:
    """One unguessable id."""
    return secrets.randbits(_BITS)


def id_after(last: int) -> int:
    """An id above this one that cannot be guessed."""
    return last + 1 + secrets.randbits(_STEP_BITS)


_turns = threading.Lock()
_last_turn = 0


def new_turn() -> int:
    """The place of a row among all that is written: microseconds of the machine's clock, never the same twice here."""
    global _last_turn  # noqa: PLW0603  one counter a process is the point
    with _turns:
        _last_turn = max(_last_turn + 1, time.time_ns() // 1_000)
        return _last_turn


class IdRun:
    """A run of ascending ids from a random start with random gaps, for bulk inserts.

    Ascending keys are appended to one place of the B-tree instead of all over it; the start keeps them unguessable.
    """

    def __init__(self) -> None:
        # Half the space is left above the start, so that a run of a million rows cannot leave the 62 bits.
        self._last = secrets.randbits(_BITS - 1)
        self._ready: list[int] = []  # the next ones, last first

    def next(self) -> int:
        """The next id of the run."""
        if not self._ready:
            gaps = memoryview(secrets.token_bytes(4096)).cast("I")
            self._ready = list(accumulate(((gap >> (32 - _GAP_BITS)) + 1 for gap in gaps), initial=self._last))[:0:-1]
            self._last = self._ready[0]
        return self._ready.pop()

"""Row ids: 62 random bits, so that no id can be guessed and rows can move between machines by owner."""

from __future__ import annotations

import secrets

_BITS = 62
_GAP_BITS = 20


def new_id() -> int:
    """One unguessable id."""
    return secrets.randbits(_BITS)


class IdRun:
    """A run of ascending ids from a random start with random gaps, for bulk inserts.

    Ascending keys are appended to one place of the B-tree instead of all over it; the start keeps them unguessable.
    """

    def __init__(self) -> None:
        # Half the space is left above the start, so that a run of a million rows cannot leave the 62 bits.
        self._last = secrets.randbits(_BITS - 1)
        self._gaps: list[int] = []

    def next(self) -> int:
        """The next id of the run."""
        if not self._gaps:
            pool = secrets.token_bytes(4096)
            self._gaps = [int.from_bytes(pool[i : i + 4], "big") >> (32 - _GAP_BITS) for i in range(0, 4096, 4)]
        self._last += self._gaps.pop() + 1
        return self._last

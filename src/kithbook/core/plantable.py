"""Candidates as columns: a hundred thousand people fit into a few arrays, words are made for the chosen only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kithbook.core.channels import CHANNELS
from kithbook.core.plantypes import Candidate

CHANNEL_NAMES: tuple[str, ...] = tuple(CHANNELS)
CHANNEL_CODES: dict[str, int] = {name: code for code, name in enumerate(CHANNEL_NAMES)}
KINDS: tuple[str, ...] = ("investment", "giving", "reconnect", "new")
MAX_OBJECTIVES = 62
Words = Callable[[int], tuple[tuple[str, ...], str]]
Held = Callable[[int], str]
Foresee = Callable[[NDArray[np.int64]], None]


def no_words(_row: int) -> tuple[tuple[str, ...], str]:
    """Nothing to say about any row."""
    return (), ""


def not_held(_row: int) -> str:
    """No reason for any row."""
    return ""


def no_need(_rows: NDArray[np.int64]) -> None:
    """Nothing to look up."""


@dataclass(frozen=True, slots=True)
class CandidateTable:
    """`Candidate` as columns, one entry a row; all arrays have the same length n.

    `channel` holds codes of `CHANNEL_CODES`, `kind` positions in `KINDS`, `objectives` a bit for each entry of
    `objective_ids` (at most 62), `earliest` proleptic ordinals of dates (0 = any day). `words(row)` gives
    (why, idea) and `held(row)` the reason of a hold; both are called only for the rows that are shown. `foresee(rows)`
    is told once for which rows `words` will be asked, so that they can be looked up together.
    """

    person: NDArray[np.int64]
    stage: NDArray[np.int64]
    channel: NDArray[np.int64]
    minutes: NDArray[np.int64]
    value: NDArray[np.float64]
    gain: NDArray[np.float64]
    reply: NDArray[np.float64]
    giving: NDArray[np.bool_]
    social: NDArray[np.bool_]
    kind: NDArray[np.int64]
    objectives: NDArray[np.int64]
    earliest: NDArray[np.int64]
    objective_ids: tuple[int, ...] = ()
    words: Words = no_words
    held: Held = not_held
    foresee: Foresee = no_need

    def __len__(self) -> int:
        return len(self.person)

    def worth(self) -> NDArray[np.float64]:
        """q·v·gain per row in value-weighted warm-days; what is not a positive finite number counts as 0."""
        worth = self.reply * self.value * self.gain
        return np.where(np.isfinite(worth) & (worth > 0), worth, 0.0)

    def channel_of(self, row: int) -> str:
        """The name of the row's channel."""
        return CHANNEL_NAMES[int(self.channel[row])]

    def objectives_of(self, row: int) -> tuple[int, ...]:
        """The objectives that this row serves."""
        bits = int(self.objectives[row])
        return tuple(o for position, o in enumerate(self.objective_ids) if bits >> position & 1)


def make_table(
    person: NDArray[np.int64],
    stage: NDArray[np.int64],
    channel: NDArray[np.int64],
    *,
    value: NDArray[np.float64],
    gain: NDArray[np.float64],
    reply: NDArray[np.float64],
    words: Words = no_words,
    held: Held = not_held,
    earliest: NDArray[np.int64] | None = None,
) -> CandidateTable:
    """A table of investments with the usual minutes of each channel and no objectives (method §9)."""
    usual = np.array([c.minutes for c in CHANNELS.values()], dtype=np.int64)
    n = len(person)
    nothing = np.zeros(n, dtype=np.int64)
    no = np.zeros(n, dtype=np.bool_)
    return CandidateTable(
        person, stage, channel, usual[channel], value, gain, reply, no, no, nothing, nothing,
        nothing if earliest is None else earliest, (), words, held,
    )  # fmt: skip


def table_of(candidates: Sequence[Candidate]) -> CandidateTable:
    """The same candidates as columns, in the order given."""
    objective_ids = tuple(sorted({o for c in candidates for o in c.objective_ids}))[:MAX_OBJECTIVES]
    bit = {o: 1 << position for position, o in enumerate(objective_ids)}
    kept = tuple(candidates)
    return CandidateTable(
        person=np.array([c.person_id for c in kept], dtype=np.int64),
        stage=np.array([c.stage for c in kept], dtype=np.int64),
        channel=np.array([CHANNEL_CODES[c.channel] for c in kept], dtype=np.int64),
        minutes=np.array([c.minutes for c in kept], dtype=np.int64),
        value=np.array([c.value for c in kept], dtype=np.float64),
        gain=np.array([c.gain for c in kept], dtype=np.float64),
        reply=np.array([c.reply for c in kept], dtype=np.float64),
        giving=np.array([c.giving for c in kept], dtype=np.bool_),
        social=np.array([c.social for c in kept], dtype=np.bool_),
        kind=np.array([KINDS.index(c.kind) for c in kept], dtype=np.int64),
        objectives=np.array([sum(bit.get(o, 0) for o in set(c.objective_ids)) for c in kept], dtype=np.int64),
        earliest=np.array([c.earliest_on.toordinal() if c.earliest_on else 0 for c in kept], dtype=np.int64),
        objective_ids=objective_ids,
        words=lambda row: (kept[row].why, kept[row].idea),
        held=lambda row: kept[row].held,
    )

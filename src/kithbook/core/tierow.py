"""The row that keeps a tie, and what one contact weighs in it (see `tiestate`)."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .channels import CHANNELS, duration_factor

STATE_VERSION: Final = 1

RATIO: Final = 3.0
RATES: Final[NDArray[np.float64]] = np.append(1.8 / RATIO ** np.arange(11), 0.0)
"""Decay rates per day of the kept sums; the last (0) keeps the plain sum of weights."""

GAP_EDGES: Final = (2, 4, 7, 11, 16, 24, 35, 50, 75, 110, 160, 240, 350, 550, 900)
"""Upper edges (days, exclusive) of the bins of the histogram of gaps; one more bin holds what is longer."""

NEW_EXCHANGE_DAYS: Final = 7
"""A contact after more than this many days of silence starts a new exchange: who wrote first is counted there."""
ANSWER_DAYS: Final = 30
"""A contact in the other direction within this many days makes the exchange two-way."""
LIGHT_SIZE: Final = 10
"""A message to more people than this is a broadcast; with group mail and likes it is light."""
LIGHT_WEIGHT: Final = 0.1
"""Channels below this weight are light: counted, never a contact-day, and they do not end a silence."""

SECONDS: Final = 86_400

STATE: Final = np.dtype(
    [
        ("sums", "f8", (len(RATES),)),
        ("day_weight", "f8"),
        ("direct_sum", "f8"),
        ("gap_log_sum", "f8"),
        ("gap_log_squares", "f8"),
        ("last_at", "i8"),
        ("last_in_at", "i8"),
        ("last_out_at", "i8"),
        ("last_two_way_at", "i8"),
        ("last_light_at", "i8"),
        ("first_day", "i4"),
        ("last_day", "i4"),
        ("last_out_day", "i4"),
        ("last_direction", "i4"),
        ("days", "i4"),
        ("count_in", "i4"),
        ("count_out", "i4"),
        ("count_both", "i4"),
        ("count_group", "i4"),
        ("light", "i4"),
        ("two_way", "i4"),
        ("started_in", "i4"),
        ("started_out", "i4"),
        ("unanswered", "i4"),
        ("gaps", "i4", (len(GAP_EDGES) + 1,)),
    ]
)
"""One tie. Days are calendar day numbers of the owner's place, `*_at` epoch seconds (0: never), `days` contact-days,
`unanswered` days in a row on which I wrote and nothing came back; `sums` are as of `last_day`;
`light` contacts are counted and touch nothing else."""

State = np.void
States = NDArray[np.void]
Ints = NDArray[np.integer[Any]]


class Contact(NamedTuple):
    """One exchange as the tie sees it.

    `at` epoch seconds; `day` the owner's local calendar day number; `channel` of `core.channels`; `direction` +1 I to
    them, −1 they to me, 0 both (a meeting, a call that was held); `size` people addressed besides the sender; `minutes`
    if known; `counts` whether it is contact at all.
    """

    at: int
    day: int
    channel: str
    direction: int
    size: int
    minutes: float | None
    counts: bool


CHANNEL_CODES: Final[dict[str, int]] = {name: code for code, name in enumerate(CHANNELS)}
"""The number of each channel in the arrays that `replay_many` takes."""

_WEIGHT_CAP: Final = 1.5
_CHANNEL_WEIGHTS: Final = np.array([channel.weight / CHANNELS["email"].weight for channel in CHANNELS.values()])
_LIGHT_CHANNELS: Final = np.array([channel.weight < LIGHT_WEIGHT for channel in CHANNELS.values()])


def evidence_weights(codes: Ints, minutes: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much one contact-day says about the next one; a personal e-mail is 1.

    √(channel weight relative to an e-mail × duration factor of method §9), at most 1.5; `minutes` is NaN where unknown.
    """
    length = np.where(minutes > 0, np.minimum(2.0, np.sqrt(np.where(minutes > 0, minutes, 15.0) / 15.0)), 1.0)
    return np.asarray(np.minimum(_WEIGHT_CAP, np.sqrt(_CHANNEL_WEIGHTS[codes] * length)))


def evidence_weight(contact: Contact) -> float:
    """`evidence_weights` of one contact."""
    single = float(_CHANNEL_WEIGHTS[CHANNEL_CODES[contact.channel]]) * duration_factor(contact.minutes)
    return min(_WEIGHT_CAP, math.sqrt(single))


def light(codes: Ints, sizes: Ints) -> NDArray[np.bool_]:
    """Broadcasts, group mail and likes: they are counted, but nobody was in touch."""
    return np.asarray(_LIGHT_CHANNELS[codes] | (sizes > LIGHT_SIZE))


def is_light(contact: Contact) -> bool:
    """`light` of one contact."""
    return bool(_LIGHT_CHANNELS[CHANNEL_CODES[contact.channel]]) or contact.size > LIGHT_SIZE


class Log(NamedTuple):
    """A log as arrays, one element a contact (see `Contact`), in any order; `replay_many(*log, n)` takes it.

    `tie_index` says whose contact it is (0 … n−1); `minutes` is NaN where unknown (None: everywhere).
    """

    tie_index: Ints
    at: Ints
    day: Ints
    channel_code: Ints
    direction: Ints
    size: Ints
    minutes: NDArray[np.floating[Any]] | None
    counts: NDArray[np.bool_]

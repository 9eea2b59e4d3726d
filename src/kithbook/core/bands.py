"""Where minutes and effort went, stage by stage, against the shares and floors of the method (§§2, 10).

Minutes of one exchange with several people are divided among them. Effort is the second thing a week has little of:
a message is 1, a call 2, a meeting 3, whatever the clock says (judgement).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from kithbook.core.channels import CHANNELS

FLOOR_PART = 1 / 3
"""So much of a stage's share is kept for it whatever gains more elsewhere (d)."""
MINUTES_PER_EFFORT = 10
"""A budget of 120 minutes a week goes with an effort of 12 (d)."""
EFFORT: Mapping[str, int] = MappingProxyType(
    {
        "meeting": 3, "video": 2, "call": 2, "gift": 2, "note": 2, "event": 2, "email": 1, "item": 1, "message": 1,
        "comment": 1, "group_mail": 1, "like": 0,
    }
)  # fmt: skip
"""Effort of one exchange by channel: 0 nothing, 1 light, 2 some, 3 much (judgement)."""


class Spent(NamedTuple):
    """One person's part in one exchange: their stage, its channel, its minutes if known, and with how many it was."""

    stage: int
    channel: str
    minutes: int | None
    people: int = 1


class Band(NamedTuple):
    """Minutes of one stage beside its share of the budget and its floor, all in whole minutes."""

    stage: int
    minutes: int
    target: int
    floor: int
    below_floor: bool


def sum_minutes(rows: Iterable[Spent]) -> dict[int, float]:
    """Minutes by stage; where no length is known, what the channel usually takes."""
    found: dict[int, float] = {}
    for row in rows:
        usual = CHANNELS[row.channel].minutes if row.channel in CHANNELS else 0
        length = usual if row.minutes is None else row.minutes
        found[row.stage] = found.get(row.stage, 0.0) + length / max(1, row.people)
    return found


def sum_effort(rows: Iterable[Spent]) -> float:
    """Effort of these exchanges, each counted once however many people took part."""
    return sum(EFFORT.get(row.channel, 1) / max(1, row.people) for row in rows)


def make_bands(minutes: Mapping[int, float], budget: float, shares: Mapping[int, float]) -> list[Band]:
    """One band for each stage that has a share, in its order; targets and floors are parts of the budget."""
    return [
        Band(
            stage,
            round(minutes.get(stage, 0.0)),
            round(share * budget),
            round(share * budget * FLOOR_PART),
            minutes.get(stage, 0.0) < share * budget * FLOOR_PART,
        )
        for stage, share in sorted(shares.items())
    ]

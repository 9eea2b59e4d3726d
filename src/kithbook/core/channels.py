"""Channels of contact with their weight and usual minutes (method §9).

One personal 15-minute call is 1.0. The order comes from the literature, the ratios are judgement.
"""

from __future__ import annotations

import math
from typing import NamedTuple


class Channel(NamedTuple):
    """`weight` relative to a 15-minute call, `minutes` a touch usually takes, `label` for people."""

    weight: float
    minutes: int
    label: str


CHANNELS: dict[str, Channel] = {
    "meeting": Channel(1.8, 75, "meeting"),
    "video": Channel(1.05, 30, "video call"),
    "call": Channel(1.0, 15, "call"),
    "gift": Channel(1.0, 25, "gift with a note"),
    "note": Channel(0.9, 12, "handwritten note"),
    "event": Channel(0.8, 10, "chat at an event"),
    "email": Channel(0.5, 7, "e-mail"),
    "item": Channel(0.5, 5, "useful item"),
    "message": Channel(0.3, 2, "message"),
    "comment": Channel(0.2, 2, "comment"),
    "group_mail": Channel(0.05, 1, "group mail"),
    "like": Channel(0.02, 0, "like"),
}


def duration_factor(minutes: float | None) -> float:
    """How much longer contact counts: min(2, sqrt(minutes / 15)); 1 where the length is unknown."""
    return 1.0 if not minutes else min(2.0, math.sqrt(minutes / 15))

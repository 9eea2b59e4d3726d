"""Numbers of the method that an owner can change, with core's defaults where they did not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kithbook.core.followups import QuietTimes
from kithbook.core.plantypes import DAYS, STAGE_SHARES, Rules
from kithbook.store.models import Owner

DAY_SHARE = 0.75
"""A day holds at most this share of the week's minutes, but always room for one meeting (d)."""
LEAST_DAY_MINUTES = 90
MOST_TOUCHES, LEAST_CHOSEN = 12, 6
"""A week's list stays short (d); so many of its lines stay free beside obligations."""


def quiet_times(owner: Owner) -> QuietTimes:
    """Hours and weekdays in which nothing is planned."""
    own: dict[str, Any] = owner.settings
    default = QuietTimes()
    return QuietTimes(
        starts=dt.time(own.get("quiet_from", default.starts.hour)),
        ends=dt.time(own.get("quiet_until", default.ends.hour)),
        weekdays=frozenset(own.get("quiet_weekdays", default.weekdays)),
    )


def rules(
    owner: Owner, minutes: int, objective_shares: dict[int, float], days_left: int = DAYS, duties: int = 0
) -> Rules:
    """The limits of a week; of the days only the last `days_left` still have room.

    However many obligations are due, a few touches beside them stay possible where the minutes allow.
    """
    own: dict[str, Any] = owner.settings
    quiet = quiet_times(owner).weekdays
    capacity = own.get("minutes_per_day") or max(LEAST_DAY_MINUTES, round(minutes * DAY_SHARE))
    per_day = tuple(0 if day in quiet or day < DAYS - days_left else capacity for day in range(DAYS))
    if not any(per_day):
        # Opened on a quiet weekend: what is left of the week is still the user's to use.
        per_day = tuple(0 if day < DAYS - days_left else capacity for day in range(DAYS))
    return Rules(
        minutes=minutes,
        per_day_minutes=per_day,
        shares={int(k): float(v) for k, v in own.get("shares", STAGE_SHARES).items()},
        giving_floor=own.get("giving_floor", 0.10),
        objective_shares=objective_shares,
        social_minutes=own.get("social_minutes", 30),
        max_touches=max(own.get("max_touches", MOST_TOUCHES), duties + LEAST_CHOSEN),
    )

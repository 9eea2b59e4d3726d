"""When the weekly mail is due (method §11): on the day and hour the owner chose, in their time zone, once a week."""

from __future__ import annotations

import datetime as dt
from typing import Final

LATE_HOURS: Final = 48
"""A machine that slept at the hour sends when it wakes, but not more than two days late (d)."""


def last_moment(now: dt.datetime, weekday: int, hour: int) -> dt.datetime:
    """The last time the chosen weekday (Monday 0) and hour came round; `now` is aware and local.

    An hour that a change of clocks leaves out comes when the clock has jumped over it.
    """
    day = now.date() - dt.timedelta(days=(now.weekday() - weekday) % 7)
    moment = _settle(dt.datetime.combine(day, dt.time(hour), tzinfo=now.tzinfo))
    if moment > now:
        moment = _settle(dt.datetime.combine(day - dt.timedelta(days=7), dt.time(hour), tzinfo=now.tzinfo))
    return moment


def due_week(now: dt.datetime, weekday: int, hour: int, last_week: dt.date | None) -> dt.date | None:
    """The Monday of the week whose mail is due now, else None; `last_week` is that of the mail before.

    At most one mail in a week from Monday to Sunday, also when the day or the hour is changed meanwhile.
    """
    moment = last_moment(now, weekday, hour)
    week = moment.date() - dt.timedelta(days=moment.weekday())
    if now - moment > dt.timedelta(hours=LATE_HOURS) or (last_week is not None and week <= last_week):
        return None
    return week


def _settle(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).astimezone(moment.tzinfo)

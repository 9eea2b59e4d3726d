"""What time it is: the machine's clock, or `KITHBOOK_NOW` for tests and demos."""

from __future__ import annotations

import datetime as dt
import os
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kithbook.core.errors import Invalid
from kithbook.core.partialdates import FIRST_YEAR, LAST_YEAR
from kithbook.store.models import Owner


def now() -> dt.datetime:
    """The present instant, aware UTC; raises Invalid for a malformed `KITHBOOK_NOW`."""
    fixed = os.environ.get("KITHBOOK_NOW")
    if not fixed:
        return dt.datetime.now(dt.UTC)
    try:
        moment = dt.datetime.fromisoformat(fixed)
        if not FIRST_YEAR < moment.year < LAST_YEAR:
            raise ValueError
    except ValueError as error:
        raise Invalid(
            f"KITHBOOK_NOW is “{fixed}”, which is not a time.", "Write it like 2026-11-21T09:00:00+00:00."
        ) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def zone(owner: Owner) -> ZoneInfo:
    """The owner's time zone, UTC where the stored one is unknown to this machine."""
    try:
        return ZoneInfo(owner.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def today(owner: Owner) -> dt.date:
    """The date where the owner is."""
    return now().astimezone(zone(owner)).date()


def past_day(owner: Owner, on: dt.date | None, hint: str = "Write down what has happened.") -> dt.date:
    """The local day of something that has happened, today by default; raises Invalid for a day to come."""
    day = today(owner)
    if on and on > day:
        raise Invalid(f"{on:%-d %B %Y} is still to come.", hint)
    return on or day


def week_start(day: dt.date) -> dt.date:
    """The Monday of the week."""
    return day - dt.timedelta(days=day.weekday())


def noon(owner: Owner, day: dt.date) -> dt.datetime:
    """Midday of a local date, for things known to the day only; never later than now if the day is today."""
    moment = dt.datetime.combine(day, dt.time(12), zone(owner)).astimezone(dt.UTC)
    return min(moment, now()) if day == today(owner) else moment

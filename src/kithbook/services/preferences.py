"""Numbers of the method that an owner can change, with core's defaults where they did not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction

from kithbook.core.addresses import normalise_email
from kithbook.core.errors import Invalid
from kithbook.core.followups import QuietTimes
from kithbook.core.plantypes import DAYS, STAGE_SHARES, Rules
from kithbook.core.slots import MOST_SLOTS, WEEKDAYS, Slot, parse_slot, say_slot, weekday_of
from kithbook.core.social import CAP_MINUTES
from kithbook.services.owners import touch_revision
from kithbook.services.registry import operation
from kithbook.services.reviewviews import PreferencesView
from kithbook.store.models import Owner, OwnerAddress

DAY_SHARE = 0.75
"""A day holds at most this share of the week's minutes, but always room for one meeting (d)."""
LEAST_DAY_MINUTES = 90
MOST_TOUCHES, LEAST_CHOSEN = 12, 6
"""A week's list stays short (d); so many of its lines stay free beside obligations."""
GIVING_FLOOR, GIVING_CEILING, GIVING_ROOM = 0.10, 0.15, 0.05
"""Shares of the minutes that go to giving with no purpose (d); a larger floor moves the ceiling up with it."""
REVIEW_DAY, REVIEW_HOUR = 6, 17
"""Sunday at five (d)."""
MOST_SOCIAL, MOST_GIVING = 24 * 60, 50


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
    giving = own.get("giving_floor", GIVING_FLOOR)
    capacity = own.get("minutes_per_day") or max(LEAST_DAY_MINUTES, round(minutes * DAY_SHARE))
    per_day = tuple(0 if day in quiet or day < DAYS - days_left else capacity for day in range(DAYS))
    if not any(per_day):
        # Opened on a quiet weekend: what is left of the week is still the user's to use.
        per_day = tuple(0 if day < DAYS - days_left else capacity for day in range(DAYS))
    return Rules(
        minutes=minutes,
        per_day_minutes=per_day,
        shares=stage_shares(owner),
        giving_floor=giving,
        giving_ceiling=max(GIVING_CEILING, giving + GIVING_ROOM),
        objective_shares=objective_shares,
        social_minutes=social_cap(owner),
        max_touches=max(own.get("max_touches", MOST_TOUCHES), duties + LEAST_CHOSEN),
    )


def remember(owner: Owner, key: str, change: Callable[[Any], Any]) -> Any:
    """Change one entry of the owner's settings: `change` gets its value (None where there is none) and gives the new.

    The row is read under the write lock, so that two who change different entries never lose each other's.
    """
    with transaction.atomic():
        row = Owner.objects.select_for_update().get(pk=owner.pk)
        value = change(row.settings.get(key))
        row.settings = {**row.settings, key: value}
        Owner.objects.filter(pk=owner.pk).update(settings=row.settings)
    owner.settings = row.settings
    return value


def slots(owner: Owner) -> list[Slot]:
    """Relationship time: the protected stretches of the week."""
    return [parse_slot(text) for text in owner.settings.get("slots", [])]


def social_cap(owner: Owner) -> int:
    """Minutes a week for social media."""
    return int(owner.settings.get("social_minutes", CAP_MINUTES))


def stage_shares(owner: Owner) -> dict[int, float]:
    """Share of the weekly minutes for each stage."""
    return {int(k): float(v) for k, v in owner.settings.get("shares", STAGE_SHARES).items()}


def review_time(owner: Owner) -> tuple[int, int]:
    """Weekday (Monday 0) and hour of the weekly review."""
    own = owner.settings
    return int(own.get("review_day", REVIEW_DAY)), int(own.get("review_hour", REVIEW_HOUR))


@operation(reads=True)
def show(owner: Owner) -> PreferencesView:
    """Your choices: review day and mail, relationship time, caps, shares and quiet times."""
    quiet, (day, hour) = quiet_times(owner), review_time(owner)
    own: dict[str, Any] = owner.settings
    return PreferencesView(
        review_day=WEEKDAYS[day],
        review_hour=hour,
        review_mail=bool(own.get("review_mail", False)),
        review_to=own.get("review_to", ""),
        social_minutes=social_cap(owner),
        giving_share=round(100 * own.get("giving_floor", GIVING_FLOOR)),
        quiet_from=quiet.starts.hour,
        quiet_until=quiet.ends.hour,
        quiet_days=[WEEKDAYS[number] for number in sorted(quiet.weekdays)],
        relationship_time=[say_slot(slot) for slot in slots(owner)],
        shares={str(stage): round(100 * share) for stage, share in sorted(stage_shares(owner).items())},
        calendar_on=bool(own.get("calendar", {}).get("on", False)),
    )


@operation()
def change(
    owner: Owner,
    review_day: str | None = None,
    review_hour: int | None = None,
    review_mail: bool | None = None,
    review_to: str | None = None,
    social_minutes: int | None = None,
    giving_share: int | None = None,
    quiet_from: int | None = None,
    quiet_until: int | None = None,
    quiet_days: list[str] | None = None,
    relationship_time: list[str] | None = None,
    shares: dict[str, str] | None = None,
) -> PreferencesView:
    """Change some of your choices; what is left out stays as it is.

    Days are names ("sunday"), hours 0 to 23, shares percentages; `relationship_time` is like "tue 16:00-17:00".
    `shares` maps stage 1 to 7 to its percentage; an empty one brings the usual shares back.
    """
    found: dict[str, Any] = {
        "review_hour": _within(review_hour, 0, 23, "hour"),
        "review_mail": review_mail,
        "social_minutes": _within(social_minutes, 0, MOST_SOCIAL, "number of minutes"),
        "giving_floor": None if giving_share is None else (_within(giving_share, 0, MOST_GIVING, "share") or 0) / 100,
        "quiet_from": _within(quiet_from, 0, 23, "hour"),
        "quiet_until": _within(quiet_until, 0, 23, "hour"),
    }
    if review_day is not None:
        found["review_day"] = weekday_of(review_day)
    if review_to is not None:
        found["review_to"] = _own_address(owner, review_to)
    if quiet_days is not None:
        found["quiet_weekdays"] = sorted({weekday_of(name) for name in quiet_days})
    if relationship_time is not None:
        found["slots"] = _slots(relationship_time)
    found = {key: value for key, value in found.items() if value is not None}
    if shares is not None:
        found["shares"] = _shares(shares)
    _save(owner, found)
    return show(owner)


@transaction.atomic
def _save(owner: Owner, found: dict[str, Any]) -> None:
    row = Owner.objects.select_for_update().get(pk=owner.pk)
    merged = {**row.settings, **found}
    row.settings = {key: value for key, value in merged.items() if value is not None}
    Owner.objects.filter(pk=owner.pk).update(settings=row.settings)
    touch_revision(owner)
    owner.settings = row.settings


def _within(value: int | None, least: int, most: int, what: str) -> int | None:
    if value is not None and not least <= value <= most:
        raise Invalid(f"{value} is not a {what} that fits.", f"Give {least} to {most}.")
    return value


def _own_address(owner: Owner, text: str) -> str:
    """A confirmed address of the owner's, or "" for the first of them; the review goes nowhere else."""
    if not text.strip():
        return ""
    row = OwnerAddress.objects.of(owner).filter(key=normalise_email(text) or "-", is_confirmed=True).first()
    if row is None:
        raise Invalid(f"{text.strip()[:80]} is not one of your own addresses.", "Add it to your addresses first.")
    return str(row.value)


def _slots(texts: list[str]) -> list[str]:
    found = sorted({parse_slot(text) for text in texts if text.strip()})
    if len(found) > MOST_SLOTS:
        raise Invalid(f"{len(found)} times are too many for one week.", f"Give at most {MOST_SLOTS}.")
    return [say_slot(slot) for slot in found]


def _shares(texts: dict[str, str]) -> dict[str, float] | None:
    """Shares as parts of 1; None (the usual ones) for an empty mapping."""
    if not texts:
        return None
    try:
        parts = {int(stage): float(text) for stage, text in texts.items()}
    except ValueError:
        raise Invalid("A share is not a number.", "Give each stage 1 to 7 a percentage.") from None
    if set(parts) != set(STAGE_SHARES) or any(not 0 <= part <= 100 for part in parts.values()):
        raise Invalid("Every stage from 1 to 7 needs a percentage.", "Give 0 to 100 for each.")
    if not 99 <= sum(parts.values()) <= 101:
        raise Invalid(f"The shares add up to {sum(parts.values()):g} %.", "They have to be 100 % together.")
    return {str(stage): part / 100 for stage, part in sorted(parts.items())}

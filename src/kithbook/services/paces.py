"""The days and limits of the method that an owner may set otherwise, each with what is usual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction

from kithbook.core.errors import Invalid
from kithbook.core.introductions import DEFAULT_TIMERS as TIMERS
from kithbook.core.ledger import DEPOSIT_EVERY_DAYS
from kithbook.services import preferences
from kithbook.services.owners import touch_revision
from kithbook.services.registry import operation
from kithbook.store.models import Owner

INTRODUCTIONS = "introductions"
MOST_DAYS = 730


class Pace(NamedTuple):
    """One number: where it stands in the settings (in a part of them, or at the top), its limits, what it says."""

    part: str
    usual: int
    least: int
    most: int
    group: str
    text: str


def _days(usual: int, text: str) -> Pace:
    return Pace(INTRODUCTIONS, usual, 1, MOST_DAYS, "Introductions: days", text)


PACES: dict[str, Pace] = {
    "max_touches": Pace("", preferences.MOST_TOUCHES, 1, 60, "The week", "People in a week at most"),
    "minutes_per_day": Pace("", 0, 0, 24 * 60, "The week", "Minutes a day at most (0: as the week needs)"),
    "deposit_every_days": Pace(
        "",
        DEPOSIT_EVERY_DAYS,
        7,
        MOST_DAYS,
        "The bank",
        "Days without anything from you until somebody is on “Give to get”",
    ),
    "idea": _days(TIMERS.idea, "Until an idea is asked about or dropped"),
    "again": _days(TIMERS.again, "Until you ask once more"),
    "expire": _days(TIMERS.expire, "Until it rests without an answer"),
    "make": _days(TIMERS.make, "To introduce once both said yes"),
    "acknowledged": _days(TIMERS.acknowledged, "Until both should have answered"),
    "met": _days(TIMERS.met, "Until you ask whether they met"),
    "outcome": _days(TIMERS.outcome[0], "Until you ask what came of it"),
    "outcome_again": _days(TIMERS.outcome[1], "Until you ask a last time"),
    "report": _days(TIMERS.report, "To report to who asked for it"),
    "thank": _days(TIMERS.thank, "To thank"),
}


@dataclass(frozen=True, slots=True)
class PaceView:
    """One number with its limits and the usual one."""

    name: str
    group: str
    text: str
    value: int
    usual: int
    least: int
    most: int


@operation(reads=True)
def listing(owner: Owner) -> list[PaceView]:
    """The days and limits that you can set otherwise, with the usual ones."""
    return [
        PaceView(name, one.group, one.text, int(_part(owner, one).get(name, one.usual)), one.usual, one.least, one.most)
        for name, one in PACES.items()
    ]


@operation()
@transaction.atomic
def change(owner: Owner, numbers: dict[str, str]) -> list[PaceView]:
    """Set some of the days and limits, by name; an empty mapping brings all the usual ones back."""
    wanted = {name: _number(name, text) for name, text in numbers.items()}
    parts = {one.part for one in PACES.values()}
    row = Owner.objects.select_for_update().get(pk=owner.pk)
    settings = dict(row.settings)
    for part in parts:
        inside = dict(settings.get(part, {})) if part else settings
        for name, one in PACES.items():
            if one.part == part and (name in wanted or not numbers):
                inside.pop(name, None)
                if wanted.get(name, one.usual) != one.usual:
                    inside[name] = wanted[name]
        if part:
            settings[part] = inside
    Owner.objects.filter(pk=owner.pk).update(settings=settings)
    touch_revision(owner)
    owner.settings = settings
    return listing(owner)


def _part(owner: Owner, one: Pace) -> dict[str, Any]:
    settings: dict[str, Any] = owner.settings
    return dict(settings.get(one.part, {})) if one.part else settings


def _number(name: str, text: str) -> int:
    one = PACES.get(name)
    if one is None:
        raise Invalid(f"There is no number “{name[:40]}”.", f"Use one of: {', '.join(PACES)}.")
    number = int(text) if text.strip().isdecimal() and len(text.strip()) < 9 else -1
    if not one.least <= number <= one.most:
        raise Invalid(f"{one.text}: “{text[:20]}” does not fit.", f"Give {one.least} to {one.most}.")
    return number

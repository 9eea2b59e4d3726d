"""Relationship time: weekly slots that the owner protects (R51), and touches put into them one after the other."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from kithbook.core.errors import Invalid

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_SLOTS: Final = 14
_SLOT = re.compile(r"\s*([a-z]+)\.?,?\s+(\d{1,2})(?::(\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?::(\d{2}))?\s*", re.IGNORECASE)


class Slot(NamedTuple):
    """A stretch of one weekday (Monday 0), from–to by the owner's clock, within the day."""

    weekday: int
    starts: dt.time
    ends: dt.time

    @property
    def minutes(self) -> int:
        """Its length."""
        return (self.ends.hour - self.starts.hour) * 60 + self.ends.minute - self.starts.minute


class Placed(NamedTuple):
    """A touch by its place in the list that was given, with its time; `starts` is None where no slot had room."""

    number: int
    day: dt.date
    starts: dt.time | None
    minutes: int


def weekday_of(text: str) -> int:
    """Monday 0 … Sunday 6 from a name or its beginning; raises Invalid for anything else."""
    word = text.strip().lower().rstrip(".")
    found = [number for number, name in enumerate(WEEKDAYS) if len(word) >= 2 and name.startswith(word)]
    if len(found) != 1:
        raise Invalid(f"“{text[:30]}” is not a day of the week.", f"Use one of: {', '.join(WEEKDAYS)}.")
    return found[0]


def parse_slot(text: str) -> Slot:
    """Read "tue 16:00-17:00"; raises Invalid with an example for anything else."""
    match = _SLOT.fullmatch(text)
    if match is None:
        raise Invalid(f"“{text[:40]}” is not a time of the week.", "Write it like: tue 16:00-17:00.")
    try:
        starts = dt.time(int(match[2]), int(match[3] or 0))
        ends = dt.time(int(match[4]), int(match[5] or 0))
    except ValueError:
        raise Invalid(f"“{text[:40]}” holds no time of day.", "Write it like: tue 16:00-17:00.") from None
    if starts >= ends:
        raise Invalid(f"“{text[:40]}” ends before it begins.", "Write it like: tue 16:00-17:00.")
    return Slot(weekday_of(match[1]), starts, ends)


def say_slot(slot: Slot) -> str:
    """A slot in the form that `parse_slot` reads."""
    return f"{WEEKDAYS[slot.weekday][:3]} {slot.starts:%H:%M}-{slot.ends:%H:%M}"


def place_touches(touches: Iterable[tuple[dt.date, int]], slots: Sequence[Slot]) -> list[Placed]:
    """Put touches (day, minutes) into the slots of their day, in order; what does not fit has the whole day."""
    taken: dict[tuple[dt.date, Slot], int] = {}
    placed = []
    for number, (day, minutes) in enumerate(touches):
        length = max(minutes, 1)
        for slot in sorted(one for one in slots if one.weekday == day.weekday()):
            used = taken.get((day, slot), 0)
            if used + length <= slot.minutes:
                taken[day, slot] = used + length
                at = slot.starts.hour * 60 + slot.starts.minute + used
                placed.append(Placed(number, day, dt.time(at // 60, at % 60), length))
                break
        else:
            placed.append(Placed(number, day, None, length))
    return placed

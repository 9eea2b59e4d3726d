"""Numbers over a year: depth before counts, where effort goes, and what came of it (R31, R48, R69, R94).

Rates are shares from 0 to 1 and None where there is nothing to divide by.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from kithbook.core.review import WARM, Contact, Floats, Mask, minutes_by_day

ANSWER_DAYS: Final = 30
CLOSE_STAGE: Final = 4
MIDDLE: Final = (3, 4)
"""Like and Trust, where the method wants most of the minutes."""
LEAST_AFTER_DAYS: Final = 28
"""A comparison with the time before the first plan wants so many days after it (d)."""
LEAST_CIRCLE: Final = 3


class Replies(NamedTuple):
    """Messages of the owner's that had time for an answer, how many got one, and after how many days (median)."""

    asked: int
    answered: int
    median_days: float | None

    @property
    def rate(self) -> float | None:
        """Share that was answered."""
        return self.answered / self.asked if self.asked else None


class Change(NamedTuple):
    """What became of ties between two moments, as masks of length n."""

    kept: Mask
    revived: Mask
    lost: Mask
    new: Mask


class Circle(NamedTuple):
    """A circle (place, skill, sector): how many people are known in it and how many of them are warm."""

    kind: str
    name: str
    known: int
    warm: int


class Period(NamedTuple):
    """One stretch of time: days, minutes, the part of them at Like and Trust, results, and minutes a result took."""

    days: int
    minutes: float
    middle_share: float | None
    results: int
    minutes_per_result: float | None


def reply_stats(contacts: Iterable[Contact], now: int) -> Replies:
    """How often and how fast the owner's messages are answered.

    The first message of a day counts; an answer is anything they had a part in within 30 days. Messages younger than
    that without an answer are still open and not counted. `now` is epoch seconds.
    """
    by_person: dict[int, list[Contact]] = defaultdict(list)
    for one in contacts:
        by_person[one.person].append(one)
    asked = 0
    waits: list[float] = []
    for rows in by_person.values():
        rows.sort(key=lambda row: (row.at, row.direction))
        answer: int | None = None
        last_out: tuple[dt.date, int, int | None] | None = None
        for one in reversed(rows):
            if one.direction <= 0:
                answer = one.at
                continue
            if last_out and last_out[0] != one.on:
                asked += _count(last_out, now, waits)
            last_out = (one.on, one.at, answer)
        if last_out:
            asked += _count(last_out, now, waits)
    return Replies(asked, len(waits), float(np.median(waits)) if waits else None)


def _count(message: tuple[dt.date, int, int | None], now: int, waits: list[float]) -> int:
    """1 where the message is settled; its wait in days goes on the list where it was answered."""
    _, at, answer = message
    if answer is not None and answer - at <= ANSWER_DAYS * 86_400:
        waits.append((answer - at) / 86_400)
        return 1
    return int(now - at > ANSWER_DAYS * 86_400)


def compare(before: Floats, after: Floats, known_before: Mask) -> Change:
    """Sort ties by warmth .25 at two moments: kept warm, revived, lost, new (no contact before the first moment)."""
    warm_then, warm_now = before >= WARM, after >= WARM
    return Change(
        kept=np.asarray(known_before & warm_then & warm_now, dtype=np.bool_),
        revived=np.asarray(known_before & ~warm_then & warm_now, dtype=np.bool_),
        lost=np.asarray(known_before & warm_then & ~warm_now, dtype=np.bool_),
        new=np.asarray(~known_before & warm_now, dtype=np.bool_),
    )


def top_share(minutes: Mapping[int, float], most: int = 10) -> float | None:
    """The part of all minutes that the few people with most of them take."""
    total = sum(minutes.values())
    return sum(sorted(minutes.values(), reverse=True)[:most]) / total if total else None


def minutes_by_stage(contacts: Iterable[Contact], stage_of: Mapping[int, int]) -> dict[int, float]:
    """Minutes at each stage, by the stage people stand at now."""
    sums: dict[int, float] = defaultdict(float)
    for (person, _), minutes in minutes_by_day(contacts).items():
        if person in stage_of:
            sums[stage_of[person]] += minutes
    return dict(sums)


def describe_period(by_stage: Mapping[int, float], results: int, days: int) -> Period:
    """Sum up a stretch of time."""
    minutes = sum(by_stage.values())
    middle = sum(by_stage.get(stage, 0.0) for stage in MIDDLE)
    return Period(days, minutes, middle / minutes if minutes else None, results, minutes / results if results else None)


def find_circles(members: Iterable[tuple[str, str, int]], warm: Mapping[int, bool]) -> list[Circle]:
    """Circles of at least three known people, those that hang on nobody or on one warm person first.

    `members` are (kind, name, person); names that differ only in capitals are one circle.
    """
    people: dict[tuple[str, str], set[int]] = defaultdict(set)
    shown: dict[tuple[str, str], str] = {}
    for kind, name, person in members:
        if name.strip() and person in warm:
            key = (kind, name.strip().casefold())
            people[key].add(person)
            shown.setdefault(key, name.strip())
    found = [
        Circle(key[0], shown[key], len(ids), sum(warm[one] for one in ids))
        for key, ids in people.items()
        if len(ids) >= LEAST_CIRCLE
    ]
    return sorted(found, key=lambda one: (min(one.warm, 2), -one.known, one.kind, one.name))


def median(values: Sequence[float]) -> float | None:
    """The middle value, None of nothing."""
    return float(np.median(values)) if len(values) else None

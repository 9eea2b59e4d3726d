"""The first year with somebody new: a conversation or two at events, and how far new people have come (method §3).

After the first three steps a tie deepens by a conversation or two at events within the year of the meeting.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from kithbook.core.daywords import say_day
from kithbook.core.ledger import add_months
from kithbook.core.stages import Stage

YEAR_MONTHS = 12
CONVERSATIONS = 2
"""Conversations at events wanted in the first year (d)."""


class YearPlan(NamedTuple):
    """`conversations` at events since the meeting, `wanted` of them, the year's last day, and a sentence."""

    conversations: int
    wanted: int
    until: date
    advice: str


class Progress(NamedTuple):
    """How far one new person has come: still in the three steps, ever answered, and the stage now."""

    in_steps: bool
    answered: bool
    stage: int


class Pipeline(NamedTuple):
    """How many new people there are, and how many of them have come so far."""

    met: int
    in_steps: int
    answered: int
    known: int
    liked: int


def plan_year(
    met_on: date, talked_on: Iterable[date], today: date, coming: tuple[date, str] | None = None
) -> YearPlan | None:
    """The plan of the first year, None once it is over (the anniversary itself is its last day).

    `talked_on` are the days of conversations at events; the meeting itself and days ahead do not count, a day counts
    once. `coming` is the next event where both will be: its day and name.
    """
    until = add_months(met_on, YEAR_MONTHS)
    if not met_on <= today <= until:
        return None
    count = len({day for day in talked_on if met_on < day <= min(today, until)})
    return YearPlan(count, CONVERSATIONS, until, _advise(count, until, coming))


def count_pipeline(people: Iterable[Progress]) -> Pipeline:
    """Count new people by how far they have come."""
    rows = list(people)
    return Pipeline(
        met=len(rows),
        in_steps=sum(row.in_steps for row in rows),
        answered=sum(row.answered for row in rows),
        known=sum(row.stage >= Stage.KNOW for row in rows),
        liked=sum(row.stage >= Stage.LIKE for row in rows),
    )


def _advise(count: int, until: date, coming: tuple[date, str] | None) -> str:
    if count >= CONVERSATIONS:
        return f"{count} conversations at events since you met: enough for the first year."
    ahead = f" You will both be at {coming[1]} on {say_day(coming[0])}." if coming else ""
    wish = "One more conversation" if count else "A conversation or two"
    return f"{wish} at an event by {say_day(until)} {until.year} would deepen it.{ahead}"

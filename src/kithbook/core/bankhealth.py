"""Whether calls are returned and words kept: the health of an account (method §§1, 4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from statistics import median
from typing import NamedTuple

ANSWER_DAYS = 30
LEAST_MESSAGES = 3
OUT, IN, BOTH = 1, -1, 0


class Replies(NamedTuple):
    """Messages of the owner whose time for an answer is over or that were answered; `days` is the median wait."""

    sent: int
    answered: int
    days: float | None


class Word(NamedTuple):
    """A promise: by whom, its state ("open", "kept", "broken", "released"), when it is due and was closed."""

    by_me: bool
    state: str
    due_on: date | None = None
    closed_on: date | None = None


class Reliability(NamedTuple):
    """Promises of one side: `share` is kept of kept or broken, None before the first; `late`: open past their day."""

    kept: int
    on_time: int
    broken: int
    released: int
    open: int
    late: int
    share: float | None


def measure_replies(exchanges: Iterable[tuple[datetime, int]], now: datetime) -> Replies:
    """How often and how fast they answer.

    Messages of the owner in a row are one; it is answered by anything from them or with them within 30 days. A row
    younger than that and still unanswered is not counted yet. `exchanges` are (when, +1 mine, −1 theirs, 0 both).
    """
    waits: list[float] = []
    sent = 0
    begun: datetime | None = None
    for at, way in sorted(exchanges):
        if at > now:
            break
        if way == OUT:
            if begun is not None and at - begun > timedelta(days=ANSWER_DAYS):
                sent, begun = sent + 1, None
            begun = begun or at
        elif begun is not None:
            sent += 1
            wait = at - begun
            if wait <= timedelta(days=ANSWER_DAYS):
                waits.append(wait / timedelta(days=1))
            begun = None
    if begun is not None and now - begun > timedelta(days=ANSWER_DAYS):
        sent += 1
    return Replies(sent, len(waits), round(median(waits), 1) if waits else None)


def say_replies(replies: Replies) -> str:
    """The same in a sentence; "" with too few messages to tell."""
    if replies.sent < LEAST_MESSAGES:
        return ""
    head = f"{replies.answered} of your {replies.sent} messages were answered"
    if replies.days is None:
        return f"{head}."
    return f"{head}, usually {_wait(replies.days)}."


def measure_reliability(words: Iterable[Word], today: date) -> Reliability:
    """Count the promises of one side; a promise kept on its day is in time, one without a day always."""
    rows = list(words)
    kept = [row for row in rows if row.state == "kept"]
    broken = sum(row.state == "broken" for row in rows)
    waiting = [row for row in rows if row.state == "open"]
    judged = len(kept) + broken
    return Reliability(
        kept=len(kept),
        on_time=sum(not (row.due_on and row.closed_on and row.closed_on > row.due_on) for row in kept),
        broken=broken,
        released=sum(row.state == "released" for row in rows),
        open=len(waiting),
        late=sum(row.due_on is not None and row.due_on < today for row in waiting),
        share=len(kept) / judged if judged else None,
    )


def say_reliability(found: Reliability, *, mine: bool) -> str:
    """The same in a sentence; "" before the first promise was kept or not."""
    judged = found.kept + found.broken
    if not judged:
        return ""
    who = "You kept" if mine else "They kept"
    late = found.kept - found.on_time
    tail = f", {late} of them after the day" if late else ""
    return f"{who} {found.kept} of {judged} promise{'s' if judged != 1 else ''}{tail}."


def _wait(days: float) -> str:
    if days < 1:
        return "within a day"
    rounded = round(days)
    return f"after {rounded} day{'s' if rounded != 1 else ''}"

"""24-7-30: three light steps after meeting somebody, and one hello at month three (method §3).

Windows: 12–36 hours, 5–9 days, 25–37 days after the meeting, moved off weekends and quiet hours in the owner's time
zone. Any counting interaction inside a window completes its step; a late one completes it too, until the next window
opens. If nothing was answered after step 2, step 3 stops and one no-ask hello is offered at month three. What the
owner decided by hand (done, skipped) holds whatever the log shows.
The names 24-7-30 and the idea are Andy Lopata's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kithbook.core.daywords import say_day
from kithbook.core.plantypes import DAYS

EARLIEST_AFTER = timedelta(hours=1)
"""What is logged within an hour of the meeting is taken for the meeting itself."""

LAPSES_AFTER_DAYS = 60
"""A step that was not done in its window stays on offer until the next opens, the last one until here (d)."""


class Exchange(NamedTuple):
    """A counting interaction: `at` aware UTC, `direction` "out", "in" or "both"."""

    at: datetime
    direction: str


class StepRule(NamedTuple):
    """`opens`, `due` and `closes` after the meeting; with its words, its usual channel and minutes."""

    number: int
    opens: timedelta
    due: timedelta
    closes: timedelta
    channel: str
    minutes: int
    what: str


STEPS: tuple[StepRule, ...] = (
    StepRule(1, timedelta(hours=12), timedelta(hours=24), timedelta(hours=36), "email", 5, "a specific thank-you"),
    StepRule(2, timedelta(days=5), timedelta(days=7), timedelta(days=9), "item", 5, "something useful for them"),
    StepRule(3, timedelta(days=25), timedelta(days=30), timedelta(days=37), "email", 5, "a short check-in or a coffee"),
)
HELLO = StepRule(
    4, timedelta(days=83), timedelta(days=90), timedelta(days=97), "message", 5, "a hello that asks nothing"
)


@dataclass(frozen=True, slots=True)
class QuietTimes:
    """Hours and weekdays (Monday 0) in which nothing is planned; `ends` is the first good hour of a day."""

    starts: time = time(20)
    ends: time = time(8)
    weekdays: frozenset[int] = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One step. `state` is "done", "skipped", "open", "upcoming", "late", "lapsed" or "stopped"; times aware, local.

    `due_at` lies outside weekends and quiet hours; `closes_at` is never before the end of that day where it had to be
    moved past the window. `done_at` is when an interaction completed it.
    """

    number: int
    what: str
    channel: str
    minutes: int
    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    state: str
    done_at: datetime | None = None
    why: str = ""


class Decision(NamedTuple):
    """What the owner said of a step by hand: `state` "done" or "skipped", and when (aware)."""

    state: str
    at: datetime


DEFAULT_QUIET = QuietTimes()
NOTHING_DECIDED: Mapping[int, Decision] = MappingProxyType({})


def plan_steps(
    met_at: datetime,
    exchanges: Iterable[Exchange],
    now: datetime,
    zone: ZoneInfo,
    quiet: QuietTimes = DEFAULT_QUIET,
    decided: Mapping[int, Decision] = NOTHING_DECIDED,
) -> tuple[FollowUp, ...]:
    """The steps after a meeting as they stand `now` (both aware): three, and the hello where it applies.

    `decided` holds, by the number of the step, what the owner said of it by hand.
    """
    after = sorted(e for e in exchanges if met_at + EARLIEST_AFTER <= e.at <= now)
    answered = any(e.direction != "out" for e in after)
    windows = [_window(rule, met_at, zone, quiet) for rule in STEPS]
    ends = [windows[1][0], windows[2][0], _later(met_at, timedelta(days=LAPSES_AFTER_DAYS), zone)]
    stopped = bool(after) and not answered and now >= windows[1][2]
    steps = []
    for rule, window, end in zip(STEPS, windows, ends, strict=True):
        start = met_at if rule.number == 1 else window[0]
        step = _step(rule, window, (start, end), after, now)
        if rule.number == 3 and stopped and step.state != "done":
            step = replace(step, state="stopped", why="nothing was answered after the second step")
        steps.append(step)
    if stopped:
        window = _window(HELLO, met_at, zone, quiet)
        steps.append(_step(HELLO, window, (window[0], window[2]), after, now))
    return tuple(_decide(step, decided.get(step.number)) for step in steps)


def _decide(step: FollowUp, decision: Decision | None) -> FollowUp:
    """The word of the owner over what the log shows; what was done is never called skipped."""
    if decision is None or step.state == "done":
        return step
    done_at = decision.at if decision.state == "done" else None
    return replace(step, state=decision.state, done_at=done_at, why="")


def find_current(steps: Sequence[FollowUp]) -> FollowUp | None:
    """The step to do now, or the next to come; None where all are done, lapsed or stopped."""
    return next((s for s in steps if s.state in ("open", "late", "upcoming")), None)


def explain_step(step: FollowUp, met_at: datetime, place: str = "") -> str:
    """One sentence for the plan: where and when you met, and what comes now."""
    where = f" at {place}" if place else ""
    return f"You met{where} on {say_day(met_at.astimezone(step.due_at.tzinfo).date())}: time for {step.what}."


def remember_line(met_on: date | None, where: str = "", through: str = "") -> str:
    """Where, when and through whom you met, as a line that helps them place you; "" where nothing of it is known."""
    parts = [f"at {where}" if where else "", f"on {say_day(met_on)} {met_on.year}" if met_on else ""]
    met = " ".join(part for part in parts if part)
    if not (met or through):
        return ""
    return f"You met{' ' + met if met else ''}{', through ' + through if through else ''}."


def move_on(at: datetime, quiet: QuietTimes) -> datetime:
    """The first moment from `at` on (aware, local) that is neither in quiet hours nor on a quiet weekday."""
    if len(quiet.weekdays) >= DAYS:
        return at
    if at.time() < quiet.ends:
        at = _at_time(at, quiet.ends)
    elif at.time() > quiet.starts > quiet.ends:
        at = _at_time(at + timedelta(days=1), quiet.ends)
    while at.weekday() in quiet.weekdays:
        at = _at_time(at + timedelta(days=1), quiet.ends)
    return at


def move_back(at: datetime, quiet: QuietTimes) -> datetime:
    """The last moment up to `at` (aware, local) that is neither in quiet hours nor on a quiet weekday."""
    if len(quiet.weekdays) >= DAYS:
        return at
    latest = quiet.starts if quiet.starts > quiet.ends else time(23)
    if at.time() < quiet.ends:
        at = _at_time(at - timedelta(days=1), latest)
    elif at.time() > latest:
        at = _at_time(at, latest)
    while at.weekday() in quiet.weekdays:
        at = _at_time(at - timedelta(days=1), latest)
    return at


def _at_time(day: datetime, clock: time) -> datetime:
    return _settle(datetime.combine(day.date(), clock, tzinfo=day.tzinfo))


def _settle(at: datetime) -> datetime:
    """The same moment as a clock shows it: hours that a change of time leaves out do not exist."""
    return at.astimezone(UTC).astimezone(at.tzinfo)


def _later(met_at: datetime, after: timedelta, zone: ZoneInfo) -> datetime:
    """Hours pass as they are, days keep the hour of the local clock."""
    if after < timedelta(days=2):
        return (met_at.astimezone(UTC) + after).astimezone(zone)
    return _settle(met_at.astimezone(zone) + after)


def _window(rule: StepRule, met_at: datetime, zone: ZoneInfo, quiet: QuietTimes) -> tuple[datetime, datetime, datetime]:
    """Opening, due moment and end, local.

    The due moment moves to the nearest good moment inside the window; where the whole window is quiet, on past it, and
    the window then lasts to the end of that day.
    """
    opens, due, closes = (_later(met_at, after, zone) for after in (rule.opens, rule.due, rule.closes))
    later, earlier = move_on(due, quiet), move_back(due, quiet)
    good = [moved for moved in (later, earlier) if opens <= moved <= closes]
    if good:
        return opens, min(good, key=lambda moved: abs(moved - due)), closes
    return opens, later, _at_time(later + timedelta(days=1), time(0))


def _step(
    rule: StepRule,
    window: tuple[datetime, datetime, datetime],
    span: tuple[datetime, datetime],
    after: Sequence[Exchange],
    now: datetime,
) -> FollowUp:
    """The step as it stands: anything inside `span` completes it, and it lapses at the end of `span`."""
    opens, due, closes = window
    end = max(span[1], closes)
    done_at = next((e.at for e in after if span[0] <= e.at < end), None)
    if done_at is not None:
        state = "done"
    elif now < opens:
        state = "upcoming"
    elif now <= closes:
        state = "open"
    else:
        state = "late" if now < end else "lapsed"
    return FollowUp(rule.number, rule.what, rule.channel, rule.minutes, opens, due, closes, state, done_at)

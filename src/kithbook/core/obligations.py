"""Dated duties: thanks, reports, promises, open loops, dates that matter, 24-7-30 steps (method §§3, 6, 7, 10).

Each function takes the bare facts about one thing and gives the `Duty` records that follow from it now, each with a
due day, the minutes it takes and the reason. `planning.plan_week` puts them into the week.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kithbook.core.channels import CHANNELS
from kithbook.core.daywords import say_day
from kithbook.core.followups import FollowUp, explain_step, find_current
from kithbook.core.plantypes import Duty
from kithbook.core.records import PartialDate

THANKS_DAYS = 2
BETTER_THANKS_DAYS = 14
PROGRESS_DAYS = 30
NEXT_PROGRESS_DAYS = 90
GIVE_BACK_DAYS = 365
GIVE_BACK_NOTICE_DAYS = 60
PROMISE_DAYS = 7
ACKNOWLEDGE_DAYS = 1
SILENT_REPORT_DAYS = 7
MEETING_REPORT_DAYS = 2
"""Days after which something is due; all defaults (d)."""

THANKS_RANKS = {"email": 1, "message": 2, "call": 2, "video": 2, "note": 3, "gift": 4, "meeting": 4}
"""E-mail < message or call < handwritten note < gift or lunch (method §7); other channels do not thank."""


@dataclass(frozen=True, slots=True)
class Help:
    """A referral or help that the owner got. `thanked` are (day, channel), `reported_on` the days of progress reports.

    `result_on` is the day its outcome became known, `returned_on` when something was given back. `what` completes
    "for …" ("the referral to Dana"); `size` is that of the help, 1 to 5.
    """

    person_id: int
    stage: int
    on: date
    what: str
    is_referral: bool = False
    thanked: tuple[tuple[date, str], ...] = ()
    reported_on: tuple[date, ...] = ()
    result_on: date | None = None
    returned_on: date | None = None
    ref: str = ""
    size: int = 2


@dataclass(frozen=True, slots=True)
class Promised:
    """Something the owner said they would do. `what` completes "you promised …"."""

    person_id: int
    stage: int
    made_on: date
    what: str
    due_on: date | None = None
    minutes: int = 10
    channel: str = "email"
    closed_on: date | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Introduced:
    """An introduction of the owner to `whom`, made by the person; days are None while it has not happened."""

    person_id: int
    stage: int
    on: date
    whom: str
    acknowledged_on: date | None = None
    met_on: date | None = None
    reported_on: date | None = None
    outcome_on: date | None = None
    outcome_reported_on: date | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Loop:
    """Anything else that waits for the owner, with its own day: `why` is a whole sentence."""

    person_id: int
    stage: int
    due_on: date
    why: str
    minutes: int = 5
    channel: str = "email"
    idea: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date that matters to them; a date without month or day gives no duty."""

    person_id: int
    stage: int
    what: str
    when: PartialDate
    channel: str = "message"
    greeted_on: date | None = None
    ref: str = ""


def duties_of_help(got: Help, today: date, *, no_gifts: bool = False) -> list[Duty]:
    """Thank within two days (an e-mail alone is half a thank-you for a referral), report, thank again, give back.

    Each says in its idea what to do, by the ranks of thanks; to whoever takes no gifts none is suggested.
    """
    duties = []
    best = max((THANKS_RANKS.get(channel, 0) for _, channel in got.thanked), default=0)
    if best == 0:
        channel, due = "call" if got.is_referral else "message", got.on + timedelta(days=THANKS_DAYS)
        duties.append(_thanks(got, due, channel, "has no thanks yet", "thanks", _thanks_step(got, no_gifts)))
    elif got.is_referral and best == 1:
        due = got.on + timedelta(days=BETTER_THANKS_DAYS)
        duties.append(_thanks(got, due, "note", "has had an e-mail only", "better-thanks", _better_step(no_gifts)))
    duties.extend(_after_help(got, today))
    return duties


def _after_help(got: Help, today: date) -> Iterable[Duty]:
    if got.result_on is None and got.is_referral:
        last = max(got.reported_on, default=None)
        due = got.on + timedelta(days=PROGRESS_DAYS) if last is None else last + timedelta(days=NEXT_PROGRESS_DAYS)
        told = f"last told on {say_day(last)}" if last else "they have not heard how it goes"
        why = f"You got {got.what} on {say_day(got.on)}; {told}."
        idea = "Tell them how it goes, also if nothing has moved."
        yield _duty(got, "report", due, "email", why=why, part="report", idea=idea)
    if got.result_on is not None and not any(day >= got.result_on for day, _ in got.thanked):
        why = f"{_upper(got.what)} came to a result on {say_day(got.result_on)}: tell them and thank again."
        idea = "Tell them what came of it, and thank again."
        due = got.result_on + timedelta(days=THANKS_DAYS)
        yield _duty(got, "thanks", due, "call", why=why, part="result", idea=idea)
    due = got.on + timedelta(days=GIVE_BACK_DAYS)
    if got.returned_on is None and today >= due - timedelta(days=GIVE_BACK_NOTICE_DAYS):
        why = f"You got {got.what} on {say_day(got.on)} and have not given anything back yet; a year is soon over."
        idea = "Give something back: ask what would help them."
        yield _duty(got, "loop", due, "item", why=why, part="return", idea=idea)


def duties_of_promise(promised: Promised) -> list[Duty]:
    """One duty while the promise is open; without a date it is due a week after it was made."""
    if promised.closed_on is not None:
        return []
    due = promised.due_on or promised.made_on + timedelta(days=PROMISE_DAYS)
    why = f"On {say_day(promised.made_on)} you promised {promised.what}."
    return [
        Duty(
            promised.person_id, "promise", due, promised.minutes, promised.channel, promised.stage, (why,),
            f"Keep it, or say when: {promised.what}.", promised.ref,
        )
    ]  # fmt: skip


def duties_of_introduction(made: Introduced) -> list[Duty]:
    """Acknowledge in a day, report after the meeting or a week of silence, report the outcome whatever it is."""
    said = f"introduced you to {made.whom} on {say_day(made.on)}"
    if made.acknowledged_on is None:
        due = made.on + timedelta(days=ACKNOWLEDGE_DAYS)
        return [_report(made, "thanks", due, f"They {said}: answer and thank.", "acknowledge")]
    if made.outcome_on is not None and made.outcome_reported_on is None:
        due = made.outcome_on + timedelta(days=THANKS_DAYS)
        return [
            _report(made, "report", due, f"They {said}; the outcome is known: tell them and thank again.", "outcome")
        ]
    if made.reported_on is None and made.outcome_on is None:
        if made.met_on is not None:
            due = made.met_on + timedelta(days=MEETING_REPORT_DAYS)
            return [
                _report(made, "report", due, f"They {said}; you met on {say_day(made.met_on)}: tell them.", "report")
            ]
        due = made.on + timedelta(days=SILENT_REPORT_DAYS)
        return [_report(made, "report", due, f"They {said}: say where it stands.", "report")]
    return []


def duty_of_loop(loop: Loop) -> Duty:
    """The duty of an open loop."""
    return Duty(
        loop.person_id, "loop", loop.due_on, loop.minutes, loop.channel, loop.stage, (loop.why,), loop.idea, loop.ref
    )


def duties_of_day(special: SpecialDay, today: date) -> list[Duty]:
    """The next time this date comes round, unless it was greeted within the last 180 days."""
    due = next_date(special.when, today)
    if due is None or (special.greeted_on is not None and (due - special.greeted_on).days < 180):
        return []
    year = f" ({special.when.year})" if special.when.year else ""
    why = f"Their {special.what}{year} is on {say_day(due)}."
    minutes = max(1, CHANNELS[special.channel].minutes)
    return [
        Duty(
            special.person_id, "date", due, minutes, special.channel, special.stage, (why,), "", special.ref,
            earliest_on=due,
        )
    ]  # fmt: skip


def next_date(when: PartialDate, today: date) -> date | None:
    """The next day from today on with this month and day; 29 Feb is kept on the 28th in other years."""
    if when.month is None or when.day is None:
        return None
    for year in (today.year, today.year + 1):
        day = min(when.day, calendar.monthrange(year, when.month)[1])
        if (found := date(year, when.month, day)) >= today:
            return found
    return None


def duties_of_followups(
    person_id: int, stage: int, steps: Sequence[FollowUp], met_at: datetime, *, place: str = "", ref: str = ""
) -> list[Duty]:
    """The step to do now or next as a duty; the later ones follow when this one is done."""
    step = find_current(steps)
    if step is None:
        return []
    why = explain_step(step, met_at, place)
    return [
        Duty(
            person_id, "followup", step.due_at.date(), step.minutes, step.channel, stage, (why,),
            f"Send {step.what}.", f"{ref}:{step.number}" if ref else "", earliest_on=step.opens_at.date(),
        )
    ]  # fmt: skip


def sort_duties(duties: Iterable[Duty]) -> list[Duty]:
    """By due day, then person and kind: the order in which the week is filled."""
    return sorted(duties, key=lambda d: (d.due_on, d.person_id, d.kind, d.ref))


def _thanks(got: Help, due_on: date, channel: str, state: str, part: str, idea: str) -> Duty:
    why = f"What you got on {say_day(got.on)}, {got.what}, {state}."
    return _duty(got, "thanks", due_on, channel, why=why, part=part, idea=idea)


def _thanks_step(got: Help, no_gifts: bool) -> str:
    if not got.is_referral:
        return "Thank them: a message or a call does more than an e-mail."
    return f"Thank them by call, then {_finest(no_gifts)}."


def _better_step(no_gifts: bool) -> str:
    return f"An e-mail alone is half a thank-you: {_finest(no_gifts)}."


def _finest(no_gifts: bool) -> str:
    if no_gifts:
        return "send a handwritten note (they take no gifts)"
    return "send a handwritten note, a small gift, or suggest a lunch"


def _duty(got: Help, kind: str, due_on: date, channel: str, *, why: str, part: str, idea: str) -> Duty:
    ref = f"{got.ref}:{part}" if got.ref else ""
    return Duty(got.person_id, kind, due_on, CHANNELS[channel].minutes, channel, got.stage, (why,), idea, ref)


def _report(made: Introduced, kind: str, due_on: date, why: str, part: str) -> Duty:
    ref = f"{made.ref}:{part}" if made.ref else ""
    return Duty(made.person_id, kind, due_on, CHANNELS["email"].minutes, "email", made.stage, (why,), "", ref)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]

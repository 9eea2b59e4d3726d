"""Obligations first: who is due gets a day, by due date, before anything else is weighed (method §10.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from kithbook.core.channels import CHANNELS
from kithbook.core.plantypes import DAYS, Done, Duty, LeftOut, Planned, Rules
from kithbook.core.planwords import (
    ANOTHER_TOUCH,
    explain_full,
    explain_no_day,
    explain_overdue,
)

FURTHER_MATTER_MINUTES = 2
"""What a second thing to say to the same person adds to a touch (d)."""


class Agenda:
    """The week while it fills: touches so far, minutes and room left, people who have theirs, and what fell out."""

    def __init__(self, rules: Rules, week_of: date, pinned: tuple[Planned, ...], done: Done) -> None:
        self.rules = rules
        self.week_of = week_of
        self.done = done
        self.touches: list[Planned] = list(pinned)
        self.left_out: list[LeftOut] = []
        self.busy: set[int] = set(done.person_ids) | {t.person_id for t in pinned}
        self.room = list(rules.per_day_minutes)
        for touch in pinned:
            day = self.day_of(touch.on)
            if 0 <= day < DAYS:
                self.room[day] = max(0, self.room[day] - touch.minutes)

    @property
    def ends_on(self) -> date:
        """The Sunday."""
        return self.week_of + timedelta(days=DAYS - 1)

    @property
    def minutes_left(self) -> int:
        """Minutes of the budget that nothing has taken yet (0 where pinned touches took more)."""
        return max(0, self.rules.minutes - self.done.minutes - sum(t.minutes for t in self.touches))

    @property
    def touches_left(self) -> int:
        """Lines the plan may still get: never under a quarter of the limit, however many duties there are."""
        most = self.rules.max_touches
        return max(most - len(self.touches) - self.done.touches, -(-most // 4))

    def day_of(self, day: date) -> int:
        """Position in the week; below 0 before it, above 6 after it."""
        return (day - self.week_of).days

    def book(self, touch: Planned) -> None:
        """Take the touch into the plan."""
        self.touches.append(touch)
        self.busy.add(touch.person_id)
        self.room[self.day_of(touch.on)] -= touch.minutes

    def minutes_of_stage(self, stage: int) -> int:
        """Minutes spent or planned for a stage."""
        return self.done.by_stage.get(stage, 0) + sum(t.minutes for t in self.touches if t.stage == stage)

    def minutes_of_objective(self, objective: int) -> int:
        """Minutes spent or planned for an objective."""
        planned = sum(t.minutes for t in self.touches if objective in t.objective_ids)
        return self.done.by_objective.get(objective, 0) + planned


def place_duties(agenda: Agenda, duties: Sequence[Duty]) -> None:
    """Give each person with a duty due by Sunday one touch; duties of later weeks are not looked at."""
    by_person: dict[int, list[Duty]] = {}
    for duty in sorted(duties, key=_urgency):
        if duty.due_on <= agenda.ends_on and (duty.earliest_on is None or duty.earliest_on <= agenda.ends_on):
            by_person.setdefault(duty.person_id, []).append(duty)
    pinned = {t.person_id: position for position, t in enumerate(agenda.touches)}
    for person_id, own in by_person.items():
        if person_id in pinned:
            agenda.touches[pinned[person_id]] = _attach(agenda, agenda.touches[pinned[person_id]], own)
        else:
            _place(agenda, own)


def _urgency(duty: Duty) -> tuple[date, int, str, str, int]:
    return duty.due_on, duty.person_id, duty.kind, duty.ref, duty.minutes


def _attach(agenda: Agenda, touch: Planned, duties: list[Duty]) -> Planned:
    """The pinned touch, now also for these duties, as far as its day suits them."""
    for duty in duties:
        if duty.ref and duty.ref in touch.refs:
            continue
        if duty.earliest_on is not None and duty.earliest_on > touch.on:
            agenda.left_out.append(LeftOut(duty.person_id, ANOTHER_TOUCH, duty.ref))
            continue
        why = tuple(line for line in duty.why if line not in touch.why)
        due_on = min(duty.due_on, touch.due_on or duty.due_on)
        refs = (*touch.refs, duty.ref) if duty.ref else touch.refs
        touch = replace(touch, why=(*touch.why, *why), refs=refs, due_on=due_on)
    return touch


def _place(agenda: Agenda, duties: list[Duty]) -> None:
    """One touch for all duties towards a person that can be fulfilled together; on the first day with room."""
    first = duties[0]
    together = [d for d in duties if d.earliest_on is None or d.earliest_on <= max(first.due_on, agenda.week_of)]
    agenda.left_out.extend(LeftOut(d.person_id, ANOTHER_TOUCH, d.ref) for d in duties if d not in together)
    agenda.busy.add(first.person_id)
    minutes = max(1, *(d.minutes for d in together)) + FURTHER_MATTER_MINUTES * (len(together) - 1)
    day = _first_day(agenda, together, minutes)
    if minutes > agenda.minutes_left or day is None:
        why = explain_no_day(minutes, max(agenda.room))
        if minutes > agenda.minutes_left:
            why = explain_full(minutes, agenda.minutes_left)
        agenda.left_out.extend(LeftOut(d.person_id, why, d.ref) for d in together)
        return
    agenda.book(_touch(together, minutes, agenda.week_of + timedelta(days=day), agenda.week_of))


def _first_day(agenda: Agenda, duties: list[Duty], minutes: int) -> int | None:
    opens = max([agenda.day_of(d.earliest_on) for d in duties if d.earliest_on is not None], default=0)
    day = next((day for day in range(max(0, opens), DAYS) if agenda.room[day] >= minutes), None)
    if day is None and all(d.kind == "date" for d in duties):
        # A greeting a day early is better than none where the day itself is a quiet one.
        day = next((day for day in range(min(opens, DAYS) - 1, -1, -1) if agenda.room[day] >= minutes), None)
    return day


def _touch(duties: list[Duty], minutes: int, on: date, week_of: date) -> Planned:
    """The touch that fulfils these duties, on the channel that weighs most among theirs (method §9)."""
    first = duties[0]
    why = list(dict.fromkeys(line for d in duties for line in d.why))
    if first.due_on < week_of:
        why.append(explain_overdue(first.due_on))
    return Planned(
        person_id=first.person_id,
        stage=first.stage,
        kind="new" if all(d.kind == "followup" for d in duties) else "obligation",
        channel=max((d.channel for d in duties), key=lambda name: CHANNELS[name].weight),
        minutes=minutes,
        on=on,
        why=tuple(why),
        idea=" ".join(dict.fromkeys(d.idea for d in duties if d.idea)),
        due_on=first.due_on,
        refs=tuple(d.ref for d in duties if d.ref),
    )

"""The plan of the week and of the day: made when something changed, kept stable while nothing did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from kithbook.core.errors import Invalid
from kithbook.core.ids import to_text
from kithbook.core.planning import plan_week
from kithbook.core.plantypes import Done, Duty, Planned, Week
from kithbook.services import candidates, clock, duties, habits, newcomers
from kithbook.services.finding import brief
from kithbook.services.owners import MOST_MINUTES, touch_revision
from kithbook.services.preferences import rules
from kithbook.services.reasons import Words
from kithbook.services.registry import operation
from kithbook.services.touches import put_off, touch_view, week_touches
from kithbook.services.views import LeftOutView, TodayView, TouchView, WeekView
from kithbook.store.erase import erase
from kithbook.store.models import Objective, Owner, Participant, Person, Plan, Touch

SUNDAY = 6
FREE, PUT_OFF = ("open", "lapsed"), ("snoozed", "skipped")


@operation(reads=True)
def week(owner: Owner, minutes: int | None = None) -> WeekView:
    """This week's plan: whom, how, how long and why, within your minutes.

    `minutes` only looks at what another budget would bring: the plan stays as it is.
    """
    if minutes is None:
        return _view(owner, _current_plan(owner))
    _check(minutes)
    plan = _current_plan(owner)
    if minutes == plan.minutes_budget:
        return _view(owner, plan)
    with transaction.atomic():
        view = _view(owner, _Planner(owner, plan.week_of, clock.today(owner), minutes, keep=False).run(), is_look=True)
        transaction.set_rollback(True)
    return view


@operation()
def budget(owner: Owner, minutes: int) -> WeekView:
    """Plan this week with another budget; the weeks after it keep the minutes of the settings."""
    _check(minutes)
    return _view(owner, _current_plan(owner, minutes))


def _check(minutes: int) -> None:
    if not 0 <= minutes <= MOST_MINUTES:
        raise Invalid(f"{minutes} minutes do not fit a week.", "Most people choose 30 to 240.")


@operation(reads=True)
def today(owner: Owner) -> TodayView:
    """What to do today, from this week's plan; what was planned for days before and is still open comes along."""
    view = _view(owner, _current_plan(owner))
    day = clock.today(owner)
    closed = _before_window(owner, view.week_of)
    due = [
        touch for touch in view.touches
        if touch.id not in closed and ((touch.day_on or day) <= day or (touch.due_on or dt.date.max) <= day)
    ]  # fmt: skip
    acted = {row.pk: row for row in Touch.objects.of(owner).filter(week_of=view.week_of, state="done")}
    done_today = [
        touch for touch in view.done if any(
            to_text(key) == touch.id and row.acted_at and row.acted_at.astimezone(clock.zone(owner)).date() == day
            for key, row in acted.items()
        )
    ]  # fmt: skip
    return TodayView(
        on=day,
        minutes_budget=view.minutes_budget,
        minutes_done=view.minutes_done,
        minutes_week=view.minutes_planned,
        touches=due,
        done_today=done_today,
        later=len(view.touches) - len(due),
        people=view.people,
    )


def _before_window(owner: Owner, week_of: dt.date) -> set[str]:
    """Touches that are nothing but a step of 24-7-30 whose window opens later today (method §3)."""
    rows = Touch.objects.of(owner).filter(week_of=week_of, state="open", ref__startswith="followup:")
    refs = {key: (person, ref) for key, person, ref in rows.values_list("pk", "person_id", "ref") if " " not in ref}
    if not refs:
        return set()
    now, people = clock.now(), [person for person, _ in refs.values()]
    waits = {
        (one.person.pk, step.number)
        for one in newcomers.series(owner, people)
        for step in one.steps
        if step.opens_at > now
    }
    return {to_text(key) for key, (person, ref) in refs.items() if (person, int(ref.rpartition(":")[2])) in waits}


def _current_plan(owner: Owner, minutes: int | None = None) -> Plan:
    """The stored plan if nothing changed since it was made today, else a new one."""
    owner.refresh_from_db(fields=["revision", "minutes_per_week", "settings", "habits", "time_zone"])
    day = clock.today(owner)
    week_of = clock.week_start(day)
    plan: Plan | None = Plan.objects.of(owner).filter(week_of=week_of).first()
    budget = minutes if minutes is not None else (plan.minutes_budget if plan else owner.minutes_per_week)
    if (
        plan
        and minutes is None
        and plan.revision == owner.revision
        and plan.made_at.astimezone(clock.zone(owner)).date() == day
    ):
        return plan
    with transaction.atomic():
        return _Planner(
            owner, week_of, day, budget, keep=minutes is None or bool(plan and plan.minutes_budget == minutes)
        ).run()


@dataclass(slots=True)
class _Planner:
    """Makes the plan of a week anew: done touches stay, open ones stay where they still make sense."""

    owner: Owner
    week_of: dt.date
    day: dt.date
    budget: int
    keep: bool

    def run(self) -> Plan:
        habits.learn_if_stale(self.owner)
        owed = duties.gather(self.owner)
        rows = list(Touch.objects.of(self.owner).filter(week_of=self.week_of).select_related("person"))
        self._complete(rows)
        spent = [row for row in rows if row.state == "done"]
        done = _done(spent)
        hidden = put_off(self.owner)
        busy = hidden | frozenset({row.person_id for row in spent})
        open_duties = [duty for duty in owed if duty.person_id not in hidden and not _is_met(duty, spent)]
        sunday = self.week_of + dt.timedelta(days=SUNDAY)
        due_now = [duty for duty in open_duties if duty.due_on <= sunday]
        busy |= duties.spoken_for(open_duties, sunday)
        room = self.budget - done.minutes - sum(duty.minutes for duty in due_now)
        pinned = self._pinned(rows, open_duties, room) if self.keep else []
        words = Words(self.owner)
        table = candidates.find(self.owner, busy, self.week_of, words)
        names = dict(Person.objects.of(self.owner).filter(standing="kept").values_list("pk", "name"))
        shares, objective_names = _objectives(self.owner)
        limits = rules(self.owner, self.budget, shares, days_left=7 - self.day.weekday(), duties=len(due_now))
        result = plan_week(
            table,
            open_duties,
            limits,
            self.week_of,
            pinned=pinned,
            done=done,
            names=names,
            objective_names=objective_names,
        )
        return self._save(rows, hidden, result)

    def _complete(self, rows: Sequence[Touch]) -> None:
        """A contact that happened by itself since the touch was proposed has done it."""
        waiting = [row for row in rows if row.state == "open" and not row.ref]
        if not waiting:
            return
        begun = dt.datetime.combine(self.week_of, dt.time(), clock.zone(self.owner))
        happened = Participant.objects.of(self.owner).filter(
            person__in=[row.person_id for row in waiting], interaction__counts=True,
            interaction__at__gte=begun, interaction__at__lte=clock.now(),
        ).exclude(Q(role="also") | Q(interaction__direction=-1) | Q(interaction__channel="group_mail"))  # fmt: skip
        latest = {part.person_id: part.interaction for part in happened.select_related("interaction")}
        for row in waiting:
            interaction = latest.get(row.person_id)
            if interaction:
                row.state, row.acted_at, row.interaction = "done", interaction.at, interaction
                row.minutes_spent = interaction.minutes if interaction.minutes is not None else row.minutes
                row.save()

    def _pinned(self, rows: Sequence[Touch], owed: Sequence[Duty], room: int) -> list[Planned]:
        """Open touches that were shown stay while obligations leave room for them; obligations are made anew."""
        busy = {duty.person_id for duty in owed}
        shown = [row for row in rows if row.state == "open" and not row.ref and row.person_id not in busy]
        kept = []
        for row in sorted(shown, key=lambda row: (-row.value / max(row.minutes, 1), row.pk)):
            if row.person.standing == "kept" and row.minutes <= room:
                room -= row.minutes
                kept.append(_as_planned(row, self.day))
        return kept

    def _save(self, rows: Sequence[Touch], hidden: frozenset[int], result: Week) -> Plan:
        usable = [row for row in rows if row.state in FREE or (row.state in PUT_OFF and row.person_id not in hidden)]
        before = {(row.person_id, row.ref): row for row in usable}
        taken = {(row.person_id, row.ref) for row in rows} - set(before)
        kept = set()
        for planned in result.touches:
            key = (planned.person_id, " ".join(sorted(planned.refs))[:300])
            if key in taken:
                continue
            row = before.get(key) or Touch(owner=self.owner, week_of=self.week_of, person_id=key[0], ref=key[1])
            _fill(row, planned, keep_id=key in before)
            kept.add(row.pk)
        gone = [row.pk for row in before.values() if row.pk not in kept and row.state in FREE]
        erase(Touch, self.owner.pk, gone)
        touch_revision(self.owner)
        plan, _ = Plan.objects.update_or_create(
            owner=self.owner,
            week_of=self.week_of,
            defaults={
                "minutes_budget": self.budget,
                "proven_optimal": result.proven_optimal,
                "left_out": [[to_text(item.person_id), item.why] for item in result.left_out],
                # A new plan is a change as well: what is kept in memory may speak of its touches.
                "revision": self.owner.revision + 1,
                "made_at": clock.now(),
            },
        )
        return plan


def _as_planned(row: Touch, day: dt.date) -> Planned:
    return Planned(
        person_id=row.person_id,
        stage=row.person.stage,
        kind=row.kind,
        channel=row.channel,
        minutes=row.minutes,
        on=max(row.day_on or day, day),
        value=row.value,
        why=tuple(row.why),
        idea=row.idea,
        giving=row.kind == "giving",
    )


def _fill(row: Touch, planned: Planned, *, keep_id: bool) -> None:
    row.kind, row.channel, row.minutes = planned.kind, planned.channel, planned.minutes
    row.why, row.idea, row.value = list(planned.why), planned.idea, planned.value
    row.due_on, row.day_on, row.state = planned.due_on, planned.on, "open"
    row.save(force_insert=not keep_id)


def _is_met(duty: Duty, spent: Sequence[Touch]) -> bool:
    """Whether a touch done this week stood for this duty."""
    return bool(duty.ref) and any(duty.ref in row.ref.split(" ") for row in spent)


def _done(spent: Sequence[Touch]) -> Done:
    by_stage: dict[int, int] = {}
    for row in spent:
        by_stage[row.person.stage] = by_stage.get(row.person.stage, 0) + (row.minutes_spent or 0)
    return Done(
        minutes=sum(row.minutes_spent or 0 for row in spent),
        touches=len(spent),
        by_stage=by_stage,
        giving_minutes=sum(row.minutes_spent or 0 for row in spent if row.kind == "giving"),
        person_ids=frozenset(row.person_id for row in spent),
    )


def _objectives(owner: Owner) -> tuple[dict[int, float], dict[int, str]]:
    rows = list(Objective.objects.of(owner).filter(state="open"))
    return {row.pk: row.share for row in rows if row.share > 0}, {row.pk: row.name for row in rows}


def _view(owner: Owner, plan: Plan, *, is_look: bool = False) -> WeekView:
    rows = week_touches(owner, plan.week_of)
    # A number stands for a line of the plan that is kept.
    numbered = [(touch_view(row, 0 if is_look else number), row) for number, row in enumerate(rows, start=1)]
    touches = [view for view, row in numbered if row.state == "open"]
    acted = [view for view, row in numbered if row.state == "done"]
    spent = sum(view.minutes for view in acted)
    return WeekView(
        week_of=plan.week_of,
        minutes_budget=plan.minutes_budget,
        minutes_planned=spent + sum(touch.minutes for touch in touches),
        minutes_done=spent,
        proven_optimal=plan.proven_optimal,
        touches=touches,
        done=acted,
        left_out=_left_out(owner, plan.left_out),
        by_stage=_sum_by_stage([*touches, *acted]),
        by_objective=_sum_by_objective(owner, rows),
        people=Person.objects.of(owner).filter(standing="kept").count(),
        is_look=is_look,
    )


def _left_out(owner: Owner, stored: Sequence[Any]) -> list[LeftOutView]:
    from kithbook.core.ids import from_text

    ids = [from_text(item[0]) for item in stored]
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=ids)}
    return [LeftOutView(brief(people[key]), why) for key, (_, why) in zip(ids, stored, strict=True) if key in people]


def _sum_by_stage(touches: Sequence[TouchView]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for touch in touches:
        sums[str(touch.person.stage)] = sums.get(str(touch.person.stage), 0) + touch.minutes
    return dict(sorted(sums.items()))


def _sum_by_objective(owner: Owner, rows: Sequence[Touch]) -> dict[str, int]:
    minutes = {row.person_id: row.minutes_spent if row.state == "done" else row.minutes for row in rows}
    sums: dict[str, int] = {}
    links = Objective.objects.of(owner).filter(state="open", people__person__in=list(minutes))
    for name, person in links.values_list("name", "people__person_id"):
        if person in minutes:
            sums[name] = sums.get(name, 0) + (minutes[person] or 0)
    return sums

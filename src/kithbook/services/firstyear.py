"""The first year with people met lately: conversations at events since, and how far everybody has come."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kithbook.core.firstyear import Pipeline, Progress, YearPlan, count_pipeline, plan_year
from kithbook.core.ledger import add_months
from kithbook.services import clock
from kithbook.services.finding import brief
from kithbook.services.ladderviews import FirstYearView, PipelineView
from kithbook.store.models import Attendance, Owner, Participant, Person

if TYPE_CHECKING:
    from kithbook.services.newcomers import Series

SHOWN = 30
MONTHS = 12


class FirstYear(NamedTuple):
    """Those shown, how many there are in all, and the pipeline."""

    people: list[FirstYearView]
    total: int
    pipeline: PipelineView


def listing(owner: Owner, running: Sequence[Series]) -> FirstYear:
    """Everybody met in the last twelve months, those with the fewest conversations first, then the longest known."""
    today, zone = clock.today(owner), clock.zone(owner)
    since = dt.datetime.combine(add_months(today, -MONTHS), dt.time(), zone)
    rows = list(
        Person.objects.of(owner).filter(standing="kept", met_at__gte=since, met_at__lte=clock.now()).order_by("pk")
    )
    ids = [row.pk for row in rows]
    talked, coming = _talked(owner, ids), _coming(owner, ids, today)
    planned: list[tuple[YearPlan, dt.date, Person]] = []
    for row in rows:
        met_on = row.met_at.astimezone(zone).date()
        plan = plan_year(met_on, talked.get(row.pk, ()), today, coming.get(row.pk))
        if plan:
            planned.append((plan, met_on, row))
    planned.sort(key=lambda one: (one[0].conversations, one[1], one[2].folded_name, one[2].pk))
    views = [
        FirstYearView(brief(row), met_on, plan.until, plan.conversations, plan.wanted, plan.advice)
        for plan, met_on, row in planned[:SHOWN]
    ]
    return FirstYear(views, len(planned), _pipeline(owner, rows, running))


def _pipeline(owner: Owner, rows: Iterable[Person], running: Sequence[Series]) -> PipelineView:
    busy = {one.person.pk for one in running}
    people = list(rows)
    heard = _heard(owner, people)
    found: Pipeline = count_pipeline(Progress(row.pk in busy, row.pk in heard, row.stage) for row in people)
    return PipelineView(*found)


def _heard(owner: Owner, people: Sequence[Person]) -> set[int]:
    """Those from whom something came after the hour of the meeting."""
    met = {row.pk: row.met_at + dt.timedelta(hours=1) for row in people}
    parts = Participant.objects.of(owner).filter(person__in=list(met), interaction__counts=True)
    parts = parts.exclude(role="also").exclude(interaction__direction=1)
    rows = parts.values_list("person_id", "interaction__at")
    return {person for person, at in rows if met[person] < at <= clock.now()}


def _talked(owner: Owner, ids: Sequence[int]) -> dict[int, set[dt.date]]:
    """Days of conversations at events: chats written down, and encounters on the list of an event."""
    zone = clock.zone(owner)
    found: dict[int, set[dt.date]] = defaultdict(set)
    chats = Participant.objects.of(owner).filter(person__in=ids, interaction__channel="event", interaction__counts=True)
    for person, at in chats.exclude(role="also").values_list("person_id", "interaction__at"):
        found[person].add(at.astimezone(zone).date())
    there = Attendance.objects.of(owner).filter(person__in=ids, met=True, event__held_on__isnull=False)
    for person, day in there.values_list("person_id", "event__held_on"):
        found[person].add(day)
    return found


def _coming(owner: Owner, ids: Sequence[int], today: dt.date) -> dict[int, tuple[dt.date, str]]:
    """The next event of each person that is on the owner's list too."""
    rows = Attendance.objects.of(owner).filter(person__in=ids, event__held_on__gt=today).order_by("-event__held_on")
    return {person: (day, name) for person, day, name in rows.values_list("person_id", "event__held_on", "event__name")}

"""Objectives as lists and pages: people, minutes, what was invested before need, what came of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Min, Q

from kithbook.core.ids import to_text
from kithbook.core.objectives import Exchange, count_before_need, count_minutes, kind_of, say_before_need
from kithbook.core.thanks import help_back
from kithbook.services import clock, keepingup, outcomes, readiness
from kithbook.services.finding import brief
from kithbook.services.objectiveviews import (
    ObjectiveBrief,
    ObjectivePersonView,
    ObjectivesView,
    ObjectiveView,
)
from kithbook.services.persons import judge
from kithbook.store.models import (
    Ask,
    Objective,
    ObjectivePerson,
    Outcome,
    Owner,
    Participant,
    Role,
    Topic,
    Touch,
)

ORDER = {"open": 0, "reached": 1, "dropped": 2}
OUTCOMES_SHOWN = 20


def list_view(owner: Owner) -> ObjectivesView:
    """All objectives, open ones first, and what is left of the strategic minutes."""
    rows = sorted(
        Objective.objects.of(owner), key=lambda row: (ORDER[row.state], row.due_on or dt.date.max, row.name.casefold())
    )
    views = briefs(owner, rows)
    taken = sum(row.share for row in rows if row.state == "open")
    return ObjectivesView(views, round(taken, 4), round(max(0.0, 1 - taken), 4))


def briefs(owner: Owner, rows: Sequence[Objective]) -> list[ObjectiveBrief]:
    """Objectives for a list, with a fixed number of queries."""
    ids = [row.pk for row in rows]
    links = ObjectivePerson.objects.of(owner).filter(objective__in=ids, person__standing="kept")
    counts = {
        key: (people, helpers)
        for key, people, helpers in links.values_list("objective").annotate(
            people=Count("pk"), helpers=Count("pk", filter=Q(is_helper=True))
        )
    }
    came = dict(Outcome.objects.of(owner).filter(objective__in=ids).values_list("objective").annotate(n=Count("pk")))
    spent, planned = _minutes(owner, rows)
    zone = clock.zone(owner)
    return [
        ObjectiveBrief(
            id=to_text(row.pk), name=row.name, kind=row.kind or "other", kind_label=kind_of(row.kind).label,
            state=row.state, share=row.share, due_on=row.due_on, ended_on=row.ended_on,
            opened_on=row.created_at.astimezone(zone).date(), people=counts.get(row.pk, (0, 0))[0],
            helpers=counts.get(row.pk, (0, 0))[1], outcomes=came.get(row.pk, 0),
            minutes_spent=spent[row.pk], minutes_planned=planned[row.pk],
        )
        for row in rows
    ]  # fmt: skip


def _minutes(owner: Owner, rows: Sequence[Objective]) -> tuple[dict[int, int], dict[int, int]]:
    """Minutes with the people of each objective: spent while it was open, and planned in this week."""
    people: dict[int, set[int]] = defaultdict(set)
    links = ObjectivePerson.objects.of(owner).filter(objective__in=[row.pk for row in rows])
    for objective, person in links.values_list("objective_id", "person_id"):
        people[objective].add(person)
    week_of = clock.week_start(clock.today(owner))
    touches = Touch.objects.of(owner).filter(week_of=week_of, state="open", person__in=links.values("person_id"))
    open_minutes: dict[int, int] = defaultdict(int)
    for person, minutes in touches.values_list("person_id", "minutes"):
        open_minutes[person] += minutes
    log = _exchanges(owner, links, min((row.created_at for row in rows), default=None))
    zone = clock.zone(owner)
    spent = {
        row.pk: count_minutes(
            (one for one in log if one.person_id in people[row.pk]),
            row.created_at.astimezone(zone).date(),
            row.ended_on,
        )
        for row in rows
    }
    return spent, {row.pk: sum(open_minutes[person] for person in people[row.pk]) for row in rows}


def _exchanges(owner: Owner, links: Any, since: dt.datetime | None) -> list[Exchange]:
    """Counting exchanges with the linked people up to now, from `since` on where it is given."""
    parts = Participant.objects.of(owner).filter(
        person__in=links.values("person_id"), interaction__counts=True, interaction__at__lte=clock.now()
    )
    if since:
        parts = parts.filter(interaction__at__gte=since - dt.timedelta(days=1))
    zone = clock.zone(owner)
    columns = ("interaction_id", "person_id", "interaction__at", "interaction__channel", "interaction__direction")
    return [
        Exchange(key, person, at.astimezone(zone).date(), channel, direction, minutes)
        for key, person, at, channel, direction, minutes in parts.exclude(role="also").values_list(
            *columns, "interaction__minutes"
        )
    ]


def page(owner: Owner, row: Objective, *, batch: int | None = None, looks: bool = False) -> ObjectiveView:
    """Everything about one objective; who could be called is looked up only where `looks` asks for it."""
    row.refresh_from_db()
    view = briefs(owner, [row])[0]
    links = ObjectivePerson.objects.of(owner).filter(objective=row, person__standing="kept")
    asks = Ask.objects.of(owner).filter(person__in=links.values("person_id"), asked_on__isnull=False)
    first_asks = dict(asks.values_list("person").annotate(first=Min("asked_on")))
    days = [(one.person_id, one.on) for one in _exchanges(owner, links, None)]
    found = count_before_need(days, view.opened_on, first_asks, clock.today(owner))
    came = Outcome.objects.of(owner).filter(objective=row).order_by("-on", "-turn", "-pk")[:OUTCOMES_SHOWN]
    others = Objective.objects.of(owner).filter(state="open").exclude(pk=row.pk)
    return ObjectiveView(
        objective=view,
        target=row.target,
        note=row.note,
        people=_people(owner, links, row),
        before_need=found.before,
        contacts=found.total,
        before_need_share=None if found.share is None else round(found.share, 3),
        before_need_text=say_before_need(found),
        asks=Ask.objects.of(owner).filter(objective=row, asked_on__isnull=False).count(),
        outcomes=outcomes.views_of(owner, came),
        readiness=readiness.check(owner, objective=to_text(row.pk)) if looks and row.state == "open" else None,
        share_free=round(max(0.0, 1 - sum(others.values_list("share", flat=True))), 4),
        keep_up=keepingup.touches_after(owner, row) if row.state == "reached" else [],
        batch=to_text(batch) if batch else None,
    )


def _people(owner: Owner, links: Any, row: Objective) -> list[ObjectivePersonView]:
    """Helpers first, then by warmth."""
    rows = list(links.select_related("person"))
    ids = [link.person_id for link in rows]
    judged = judge(owner, ids)
    roles: dict[int, list[str]] = defaultdict(list)
    mine = Role.objects.of(owner).filter(Q(objective=row) | Q(objective=None), person__in=ids).order_by("role")
    for person, word in mine.values_list("person_id", "role"):
        if word not in roles[person]:
            roles[person].append(word)
    goals = _goals(owner, ids)
    views = [
        ObjectivePersonView(
            person=brief(link.person), helper=link.is_helper, roles=roles[link.person_id],
            state=judged[link.person_id].state, warmth=judged[link.person_id].warmth,
            last_contact_on=judged[link.person_id].last_contact_on, goals=goals.get(link.person_id, []),
            prompt=prompt_for(goals.get(link.person_id, []), is_helper=link.is_helper),
        )
        for link in rows
    ]  # fmt: skip
    return sorted(views, key=lambda one: (not one.helper, -one.warmth, one.person.name.casefold(), one.person.id))


def _goals(owner: Owner, ids: Sequence[int]) -> dict[int, list[str]]:
    """What people want to reach this year."""
    year = clock.today(owner).year
    found: dict[int, list[str]] = defaultdict(list)
    rows = Topic.objects.of(owner).filter(
        Q(year=year) | Q(year=None, noted_on__year=year), person__in=ids, kind="goal", ended_on=None
    )
    for person, text in rows.order_by("-noted_on", "-turn", "-pk").values_list("person_id", "text"):
        found[person].append(text)
    return found


def prompt_for(goals: Sequence[str], *, is_helper: bool) -> str:
    """How to help somebody with their goal of this year; of a helper whose goal is not known, what to ask."""
    return help_back(goals, ())[0] if goals or is_helper else ""

"""Events as lists and pages: how many were met and followed up, and a brief on everybody who is there."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from kithbook.core.events import FOLLOW_UP_DAYS, Noted, ask_next, first_follow_up, follow_up, judge_event, say_event
from kithbook.core.ids import to_text
from kithbook.services import clock
from kithbook.services.eventviews import AttendeeView, EventBrief, EventsView, EventView
from kithbook.services.finding import brief
from kithbook.services.persons import judge, open_loops
from kithbook.store.models import Affiliation, Attendance, Event, Group, Owner, Participant, Topic

INTERESTS = 3
THEIRS = "their promise"


def list_view(owner: Owner, limit: int, offset: int) -> EventsView:
    """Events ahead, soonest first, and a page of past ones, latest first."""
    today = clock.today(owner)
    rows = Event.objects.of(owner)
    ahead = rows.filter(held_on__gte=today).order_by("held_on", "name", "pk")
    past = rows.exclude(held_on__gte=today).order_by("-held_on", "name", "pk")
    both = briefs(owner, [*ahead, *past[offset : offset + limit]])
    count = ahead.count()
    return EventsView(both[:count], both[count:], count + past.count())


def briefs(owner: Owner, rows: Sequence[Event]) -> list[EventBrief]:
    """Events for a list, with a fixed number of queries."""
    ids, today = [row.pk for row in rows], clock.today(owner)
    links = Attendance.objects.of(owner).filter(event__in=ids, person__standing__in=("kept", "archived"))
    there: dict[int, int] = defaultdict(int)
    met: dict[int, set[int]] = defaultdict(set)
    for event, person, talked in links.values_list("event_id", "person_id", "met"):
        there[event] += 1
        if talked:
            met[event].add(person)
    days = _days_after(owner, rows, links.filter(met=True))
    groups = dict(
        Group.objects.of(owner).filter(pk__in={row.group_id for row in rows if row.group_id}).values_list("pk", "name")
    )
    views = []
    for row in rows:
        held_on = row.held_on or today
        found = judge_event(held_on, met[row.pk], days, today)
        views.append(
            EventBrief(
                id=to_text(row.pk), name=row.name, on=row.held_on, place=row.place,
                group=to_text(row.group_id) if row.group_id else None, group_name=groups.get(row.group_id, ""),
                people=there[row.pk], met=found.met, followed=found.followed,
                text=say_event(found) if held_on <= today else "", upcoming=held_on >= today,
            )
        )  # fmt: skip
    return views


def _days_after(owner: Owner, rows: Sequence[Event], links: Any) -> dict[int, set[dt.date]]:
    """Days on which people met at these events exchanged with the owner, as far as they can be follow-ups."""
    held = [row.held_on for row in rows if row.held_on]
    if not held:
        return {}
    zone = clock.zone(owner)
    begun = dt.datetime.combine(min(held), dt.time(), zone)
    ended = dt.datetime.combine(max(held) + dt.timedelta(days=FOLLOW_UP_DAYS + 1), dt.time(), zone)
    parts = Participant.objects.of(owner).filter(
        person__in=links.values("person_id"), interaction__counts=True, interaction__at__gte=begun,
        interaction__at__lt=min(ended, clock.now()),
    )  # fmt: skip
    days: dict[int, set[dt.date]] = defaultdict(set)
    for person, at in parts.exclude(role="also").values_list("person_id", "interaction__at"):
        days[person].add(at.astimezone(zone).date())
    return days


def page(owner: Owner, row: Event, *, batch: int | None = None) -> EventView:
    """One event with its people: by name before and on the day, those talked to first afterwards."""
    row.refresh_from_db()
    view = briefs(owner, [row])[0]
    links = Attendance.objects.of(owner).filter(event=row, person__standing__in=("kept", "archived"))
    people = _Roster(owner, row, list(links.select_related("person"))).views()
    is_past = row.held_on is not None and row.held_on < clock.today(owner)
    people.sort(key=lambda one: (is_past and not one.met, one.person.name.casefold(), one.person.id))
    return EventView(view, row.note, people, to_text(batch) if batch else None)


class _Roster:
    """Briefs on the people of one event."""

    def __init__(self, owner: Owner, event: Event, links: Sequence[Attendance]) -> None:
        self.event, self.links, self.today = event, links, clock.today(owner)
        ids = [link.person_id for link in links]
        self.judged = judge(owner, ids)
        self.loops = open_loops(owner, ids)
        self.jobs: dict[int, str] = {}
        jobs = Affiliation.objects.of(owner).filter(person__in=ids, ended_on="").order_by("pk")
        for person, role, organisation in jobs.values_list("person_id", "role", "organisation"):
            self.jobs.setdefault(person, f"{role}, {organisation}" if role else organisation)
        self.topics: dict[int, list[Noted]] = defaultdict(list)
        topics = Topic.objects.of(owner).filter(person__in=ids, ended_on=None, is_sensitive=False)
        for person, *noted in topics.order_by("-noted_on", "-turn", "-pk").values_list("person_id", "kind", "text"):
            self.topics[person].append(Noted(*noted))
        self.days = _days_after(owner, [event], Attendance.objects.of(owner).filter(event=event, met=True))

    def views(self) -> list[AttendeeView]:
        """One brief each."""
        return [self._view(link) for link in self.links]

    def _view(self, link: Attendance) -> AttendeeView:
        person, judged = link.person_id, self.judged[link.person_id]
        topics, loops = self.topics[person], self.loops.get(person, [])
        followed_on = None
        if link.met and self.event.held_on:
            followed_on = first_follow_up(self.days.get(person, ()), self.event.held_on)
        return AttendeeView(
            person=brief(link.person), met=link.met, note=link.note,
            who=", ".join(filter(None, (self.jobs.get(person, ""), link.person.place))), state=judged.state,
            last_contact_on=judged.last_contact_on, open_loops=[loop.text for loop in loops],
            interests=[topic.text for topic in topics if topic.kind == "interest"][:INTERESTS],
            ask=self._idea(link, topics, [loop.text for loop in loops if loop.kind == THEIRS]),
            is_new=link.person.met_event_id == self.event.pk, followed_on=followed_on,
        )  # fmt: skip

    def _idea(self, link: Attendance, topics: Sequence[Noted], promises: Sequence[str]) -> str:
        """What to ask at the event; afterwards what to write."""
        if link.met and self.event.held_on and self.event.held_on < self.today:
            return follow_up(topics, link.note)
        return ask_next(topics, promises, is_new=self.judged[link.person_id].last_contact_on is None)

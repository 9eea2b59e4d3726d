"""Events: who will be there, a brief on each, encounters, and what followed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from kithbook.core.errors import Invalid, NotFound
from kithbook.core.events import FOLLOW_UP_DAYS, read_names
from kithbook.core.names import NameIndex, fold_name
from kithbook.services import clock, encounters, eventpage, seeing
from kithbook.services.editing import make_person
from kithbook.services.eventviews import EventBrief, EventsView, EventView, RosterMatch, UnseenView
from kithbook.services.finding import brief, find_person, name_index
from kithbook.services.lookup import find_event, find_group
from kithbook.services.owners import touch_revision
from kithbook.services.recording import start_batch
from kithbook.services.registry import operation
from kithbook.services.remembering import remembered
from kithbook.services.seeing import last_seen
from kithbook.services.views import Note
from kithbook.store.erase import erase
from kithbook.store.models import Attendance, Event, Owner, Person

__all__ = ["last_seen"]

MOST = 500
LONGEST_ROSTER = 500
CANDIDATES = 12


@operation(reads=True)
@remembered
def listing(owner: Owner, limit: int = 50, offset: int = 0) -> EventsView:
    """Events ahead, and past ones with how many you talked to and followed up."""
    if not 0 <= limit <= MOST or offset < 0:
        raise Invalid("This page does not exist.", f"Ask for at most {MOST} events, from 0 on.")
    return eventpage.list_view(owner, limit, offset)


@operation(reads=True)
def show(owner: Owner, event: str) -> EventView:
    """One event: who is there, a brief on each, what is open with them, and what to ask."""
    return eventpage.page(owner, find_event(owner, event))


@operation()
@transaction.atomic
def add(
    owner: Owner, name: str, on: dt.date | None = None, place: str = "", note: str = "", group: str = ""
) -> EventView:
    """Note an event, past or ahead; `group` is the association or team that holds it."""
    circle = find_group(owner, group) if group.strip() else None
    batch = start_batch(owner, "event", f"event: {_name(name)}")
    row = Event.objects.create(
        owner=owner, name=_name(name), held_on=on or clock.today(owner), place=place.strip()[:200], note=note.strip(),
        group=circle, batch=batch,
    )  # fmt: skip
    touch_revision(owner)
    return eventpage.page(owner, row, batch=batch.pk)


@operation()
@transaction.atomic
def edit(
    owner: Owner,
    event: str,
    name: str | None = None,
    on: dt.date | None = None,
    place: str | None = None,
    note: str | None = None,
    group: str | None = None,
) -> EventView:
    """Change an event; what is left out stays as it is; an empty group takes it away."""
    row = find_event(owner, event)
    changes: dict[str, Any] = {}
    if name is not None:
        changes["name"] = _name(name)
    if on is not None:
        changes["held_on"] = on
    if place is not None:
        changes["place"] = place.strip()[:200]
    if note is not None:
        changes["note"] = note.strip()
    if group is not None:
        changes["group"] = find_group(owner, group) if group.strip() else None
    if changes:
        Event.objects.of(owner).filter(pk=row.pk).update(**changes)
        touch_revision(owner)
    return eventpage.page(owner, row)


@operation()
@transaction.atomic
def drop(owner: Owner, event: str) -> Note:
    """Take an event away; the people and what you noted with them stay."""
    row = find_event(owner, event)
    erase(Event, owner.pk, [row.pk])
    touch_revision(owner)
    return Note(f"“{row.name}” was taken away.")


@operation(reads=True)
def read_roster(owner: Owner, text: str) -> list[RosterMatch]:
    """Read a pasted list of names: whom you know, which names fit several, and who would be new. Writes nothing."""
    names = read_names(text, LONGEST_ROSTER)
    if not names:
        raise Invalid("There is no name in the list.", "Paste one name a line.")
    index = name_index(owner)
    found = {name: _who(name, index) for name in names}
    wanted = {person for ids in found.values() for person in ids}
    rows = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=wanted)}
    return [RosterMatch(name, [brief(rows[key]) for key in ids if key in rows]) for name, ids in found.items()]


def _who(name: str, index: NameIndex) -> tuple[int, ...]:
    """People called exactly so; part of a name is no hint in a list of strangers' names."""
    hit = index.lookup(tuple(fold_name(name).split()))
    return hit[0][:CANDIDATES] if hit else ()


@operation()
@transaction.atomic
def roster(owner: Owner, event: str, people: list[str] | None = None, new: list[str] | None = None) -> EventView:
    """Put people on the list of an event: those you know by name or id, and `new` ones by their names."""
    row = find_event(owner, event)
    named = [find_person(owner, who) for who in people or ()]
    fresh = list(dict.fromkeys(" ".join(name.split()) for name in new or () if name.strip()))
    if not named and not fresh:
        raise Invalid("Nobody was named.", "Give people by name or id, or names of new ones.")
    batch = start_batch(owner, "event", f"on the list of {row.name}")
    rows = {one.pk: one for one in [*named, *(make_person(owner, name, batch) for name in fresh)]}
    there = set(Attendance.objects.of(owner).filter(event=row, person__in=list(rows)).values_list("person", flat=True))
    Attendance.objects.bulk_create(
        Attendance(owner=owner, event=row, person=one, batch=batch) for key, one in rows.items() if key not in there
    )
    touch_revision(owner)
    return eventpage.page(owner, row, batch=batch.pk)


@operation()
@transaction.atomic
def leave_out(owner: Owner, event: str, person: str) -> EventView:
    """Take a person off the list of an event; somebody you talked to there stays on it."""
    row, who = find_event(owner, event), find_person(owner, person)
    links = Attendance.objects.of(owner).filter(event=row, person=who, met=False)
    if not erase(Attendance, owner.pk, list(links.values_list("pk", flat=True))):
        raise NotFound(f"{who.name} is not on the list of “{row.name}”, or you talked to them.", "See who is there.")
    touch_revision(owner)
    return eventpage.page(owner, row)


@operation()
@transaction.atomic
def encounter(
    owner: Owner,
    event: str,
    person: str,
    note: str = "",
    interests: list[str] | None = None,
    needs: list[str] | None = None,
    goals: list[str] | None = None,
    promised: str = "",
    promised_for: dt.date | None = None,
    minutes: int | None = None,
    new: bool = False,
) -> EventView:
    """Note that you talked to a person at an event; with `new` somebody of that name you had not met.

    It is one exchange a person and day; somebody new gets the three light steps; interests, needs, goals and what you
    promised are kept. An event still to come takes notes only on its day.
    """
    row = find_event(owner, event)
    topics = {"interest": interests or [], "need": needs or [], "goal": goals or []}
    met = encounters.Encounter(note.strip(), topics, promised.strip(), promised_for, minutes)
    batch = encounters.write(owner, row, person, met, is_new=new)
    return eventpage.page(owner, row, batch=batch.pk)


@operation()
@transaction.atomic
def take_back(owner: Owner, event: str, person: str) -> EventView:
    """Take back that you talked to a person at an event: the exchange and what was noted with it go."""
    row, who = find_event(owner, event), find_person(owner, person)
    if not Attendance.objects.of(owner).filter(event=row, person=who, met=True).exists():
        raise NotFound(f"No talk with {who.name} is noted at “{row.name}”.", "See who is there.")
    encounters.take_back(owner, row, who)
    touch_revision(owner)
    return eventpage.page(owner, row)


@operation(reads=True)
@remembered
def without_follow_up(owner: Owner, months: int = 12) -> list[EventBrief]:
    """Past events at which you talked to people and nobody heard from you, or wrote, in the two weeks after."""
    if not 1 <= months <= 120:
        raise Invalid(f"{months} months cannot be looked at.", "Look at 1 to 120 months.")
    since = clock.today(owner) - dt.timedelta(days=round(30.44 * months))
    until = clock.today(owner) - dt.timedelta(days=FOLLOW_UP_DAYS)
    rows = Event.objects.of(owner).filter(held_on__gte=since, held_on__lt=until).order_by("-held_on", "pk")
    return [one for one in eventpage.briefs(owner, list(rows)) if one.met and not one.followed]


@operation(reads=True)
@remembered
def coffee(owner: Owner, limit: int = 5) -> list[UnseenView]:
    """People worth a coffee or lunch: from Like up, still in touch, but not seen anywhere for six months."""
    if not 1 <= limit <= MOST:
        raise Invalid(f"{limit} people cannot be listed.", f"Ask for 1 to {MOST}.")
    return seeing.unseen(owner, limit)


def _name(text: str) -> str:
    clean = " ".join(text.split())[:300]
    if not clean:
        raise Invalid("An event needs a name.", "For example: Design Week.")
    return clean

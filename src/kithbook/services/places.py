"""Places: who is where, and what to do before a trip or a move."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import transaction

from kithbook.core.errors import Invalid, Refused
from kithbook.core.ids import from_text, to_text
from kithbook.core.places import Place, is_same, read_place
from kithbook.services import clock, localpeople
from kithbook.services.eventviews import PlaceBrief, PlacesView, PlaceView, TripBrief, TripView
from kithbook.services.localpeople import Everybody
from kithbook.services.lookup import find_trip
from kithbook.services.owners import touch_revision
from kithbook.services.recording import start_batch
from kithbook.services.registry import operation
from kithbook.services.remembering import remembered
from kithbook.services.seeing import HOME, home_of
from kithbook.services.views import Note
from kithbook.store.erase import erase
from kithbook.store.models import Owner, Person, Trip

KINDS = ("visit", "moving")
SHOWN, MOST, PAST_SHOWN = 60, 500, 20
EACH = 40


@operation(reads=True)
@remembered
def listing(owner: Owner) -> PlacesView:
    """Where your people are, your trips, and where you live."""
    everybody = Everybody(owner)
    trips = [_brief(owner, row, everybody) for row in Trip.objects.of(owner).order_by("starts_on", "pk")]
    past = [one for one in trips if one.over]
    return PlacesView(
        home=owner.settings.get(HOME, ""),
        trips=[one for one in trips if not one.over],
        past_trips=past[::-1][:PAST_SHOWN],
        places=_places(everybody)[:SHOWN],
        without_place=everybody.without_place,
    )


@operation(reads=True)
def who(owner: Owner, place: str, limit: int = 50) -> PlaceView:
    """Who is in a town or country, the warmest first, with a light thing to do for each."""
    if not 1 <= limit <= MOST:
        raise Invalid(f"{limit} people cannot be listed.", f"Ask for 1 to {MOST}.")
    everybody = Everybody(owner)
    found = everybody.at(_place(place))
    return PlaceView(" ".join(place.split()), localpeople.views(owner, everybody, found[:limit]), len(found))


@operation(reads=True)
def trip(owner: Owner, trip: str, limit: int = EACH) -> TripView:
    """Whom to see on a trip: the warm, those worth reviving, who may know people; when moving, whom to keep."""
    if not 1 <= limit <= MOST:
        raise Invalid(f"{limit} people cannot be listed.", f"Ask for 1 to {MOST}.")
    return _page(owner, find_trip(owner, trip), limit)


@operation()
@transaction.atomic
def add_trip(
    owner: Owner, place: str, starts_on: dt.date, ends_on: dt.date | None = None, kind: str = "visit", note: str = ""
) -> TripView:
    """Note that you go to a place: `visit` for some days, `moving` to live there."""
    fields = {"place": _text(place), "kind": _kind(kind), "note": note.strip()}
    _check_days(starts_on, ends_on)
    batch = start_batch(owner, "trip", f"trip: {fields['place']}")
    row = Trip.objects.create(owner=owner, starts_on=starts_on, ends_on=ends_on, batch=batch, **fields)
    touch_revision(owner)
    return _page(owner, row, EACH, batch=batch.pk)


@operation()
@transaction.atomic
def edit_trip(
    owner: Owner,
    trip: str,
    place: str | None = None,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    kind: str | None = None,
    note: str | None = None,
) -> TripView:
    """Change a trip; what is left out stays as it is."""
    row = find_trip(owner, trip)
    changes: dict[str, Any] = {}
    if place is not None:
        changes["place"] = _text(place)
    if kind is not None:
        changes["kind"] = _kind(kind)
    if note is not None:
        changes["note"] = note.strip()
    changes |= {name: day for name, day in (("starts_on", starts_on), ("ends_on", ends_on)) if day}
    _check_days(changes.get("starts_on", row.starts_on), changes.get("ends_on", row.ends_on))
    if changes:
        Trip.objects.of(owner).filter(pk=row.pk).update(**changes)
        touch_revision(owner)
    return _page(owner, row, EACH)


@operation()
@transaction.atomic
def drop_trip(owner: Owner, trip: str) -> Note:
    """Take a trip away."""
    row = find_trip(owner, trip)
    erase(Trip, owner.pk, [row.pk])
    touch_revision(owner)
    return Note(f"The trip to {row.place} was taken away.")


@operation()
@transaction.atomic
def keep_lightly(owner: Owner, trip: str) -> TripView:
    """Give everybody on the keep list of a move a light rhythm of their own; rhythms that you set stay.

    A word two to four times a year keeps most of what was built: nothing is proposed before that time is over.
    """
    row = find_trip(owner, trip)
    if row.kind != "moving":
        raise Refused(f"{row.place} is a visit.", "Only a move leaves people behind.")
    days = {from_text(one.person.id): one.every_days for one in _page(owner, row, MOST).keep}
    free = Person.objects.of(owner).filter(pk__in=list(days), rhythm_days=None)
    changed = {person: days[person] for person in free.values_list("pk", flat=True)}
    batch = start_batch(owner, "trip", f"keep lightly: {row.place}")
    batch.before = {"people": {str(person): {"rhythm_days": [None, every]} for person, every in changed.items()}}
    batch.save(update_fields=["before"])
    for every in sorted(set(changed.values())):
        ids = [person for person, wanted in changed.items() if wanted == every]
        Person.objects.of(owner).filter(pk__in=ids).update(rhythm_days=every)
    touch_revision(owner)
    return _page(owner, row, EACH, batch=batch.pk)


@operation()
@transaction.atomic
def home(owner: Owner, place: str) -> PlacesView:
    """Say where you live, so that a move knows which place you leave; an empty place takes it back."""
    text = " ".join(place.split())[:200]
    fresh = Owner.objects.select_for_update().get(pk=owner.pk)
    kept = {name: value for name, value in fresh.settings.items() if name != HOME}
    Owner.objects.filter(pk=owner.pk).update(settings={**kept, HOME: text} if text else kept)
    touch_revision(owner)
    owner.refresh_from_db()
    return listing(owner)


def _text(place: str) -> str:
    _place(place)
    return " ".join(place.split())[:200]


def _place(text: str) -> Place:
    found = read_place(text)
    if not found.key:
        raise Invalid("No place was named.", "Give a town or a country, e.g. Lyon.")
    return found


def _kind(text: str) -> str:
    word = text.strip().casefold()
    if word not in KINDS:
        raise Invalid(f"“{text[:30]}” is not a kind of trip.", "Use visit, or moving.")
    return word


def _check_days(starts_on: dt.date, ends_on: dt.date | None) -> None:
    if ends_on and ends_on < starts_on:
        raise Invalid(f"The trip would end on {ends_on:%-d %B %Y}, before it begins.", "Give a later day.")


def _places(everybody: Everybody) -> list[PlaceBrief]:
    """Places by how many are there, called as most people write them."""
    ids: dict[str, list[int]] = defaultdict(list)
    for person, place in everybody.place.items():
        ids[place.key].append(person)
    found = [
        PlaceBrief(everybody.name_of(people), len(people), sum(everybody.is_warm(one) for one in people))
        for people in ids.values()
    ]
    return sorted(found, key=lambda one: (-one.people, one.name.casefold()))


def _brief(owner: Owner, row: Trip, everybody: Everybody) -> TripBrief:
    last = row.ends_on or row.starts_on
    return TripBrief(
        id=to_text(row.pk), place=row.place, kind=row.kind, starts_on=row.starts_on, ends_on=row.ends_on, note=row.note,
        people=len(everybody.at(read_place(row.place))), over=last < clock.today(owner),
    )  # fmt: skip


def _page(owner: Owner, row: Trip, limit: int, *, batch: int | None = None) -> TripView:
    row.refresh_from_db()
    everybody, there = Everybody(owner), read_place(row.place)
    found = everybody.at(there)
    warm = [one for one in found if everybody.is_warm(one)]
    asleep = everybody.worth_reviving([one for one in found if not everybody.is_warm(one)])
    rest = [one for one in found if one not in {*warm, *asleep}]
    leaving = _leaving(owner, row, everybody) if row.kind == "moving" else ""
    left = read_place(leaving)
    keep = everybody.worth_keeping(everybody.at(left)) if left.key and not is_same(left, there) else []
    when = row.starts_on
    return TripView(
        trip=_brief(owner, row, everybody),
        warm=localpeople.views(owner, everybody, warm[:limit], before=when),
        worth_reviving=localpeople.views(owner, everybody, asleep[:limit], before=when),
        others=localpeople.views(owner, everybody, rest[:limit], before=when),
        friends=localpeople.friends(owner, everybody, there, frozenset(found)),
        leaving=leaving if keep or left.key else "",
        keep=localpeople.views(owner, everybody, keep[:limit], is_left=True),
        batch=to_text(batch) if batch else None,
    )


def _leaving(owner: Owner, row: Trip, everybody: Everybody) -> str:
    """The place that a move leaves: that of the last move, else where the owner lives, else where most are warm."""
    before = Trip.objects.of(owner).filter(kind="moving", starts_on__lt=row.starts_on).exclude(pk=row.pk)
    last: Trip | None = before.order_by("-starts_on", "-pk").first()
    if last:
        return str(last.place)
    return home_of(owner, everybody)

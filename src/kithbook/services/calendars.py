"""The calendar feed: touches, dates that matter, promises, first steps, events and trips, to subscribe to.

Off until it is switched on. Its address holds a secret made of the install's key; a new one makes the old worthless.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from typing import Any

from kithbook.core.channels import CHANNELS
from kithbook.core.errors import NotFound
from kithbook.core.ical import Entry, write_calendar
from kithbook.core.ids import from_text, is_id, to_text
from kithbook.core.obligations import SpecialDay, duties_of_day
from kithbook.core.slots import Slot, place_touches
from kithbook.services import clock, duties, preferences, weeks
from kithbook.services.registry import operation
from kithbook.services.reviewviews import CalendarView
from kithbook.services.views import TouchView
from kithbook.store.home import secret_key
from kithbook.store.models import Ask, Event, Owner, Person, PersonDate, Promise, Trip

KEY = "calendar"
NAME = "Kithbook"
SLOT_WEEKS, AHEAD_DAYS, BACK_DAYS = 5, 400, 30
LIKE = 3
SECRET_BYTES = 20
WORDS = {
    "thanks": "thanks due",
    "promise": "promise due",
    "followup": "first steps",
    "report": "report due",
    "loop": "open loop",
}


@operation(reads=True)
def feed(owner: Owner) -> CalendarView:
    """Whether your calendar feed is on, and its secret path."""
    is_on = bool(owner.settings.get(KEY, {}).get("on"))
    return CalendarView(is_on, f"/calendar/{secret_of(owner)}.ics" if is_on else "")


@operation()
def switch(owner: Owner, on: bool) -> CalendarView:
    """Switch the calendar feed on or off."""
    preferences.remember(owner, KEY, lambda kept: {**(kept or {}), "on": on})
    return feed(owner)


@operation()
def renew(owner: Owner) -> CalendarView:
    """Give the calendar feed a new secret address; the old one stops working."""
    preferences.remember(owner, KEY, lambda kept: {**(kept or {}), "counter": int((kept or {}).get("counter", 0)) + 1})
    return feed(owner)


def secret_of(owner: Owner) -> str:
    """The owner's id and a keyed digest of it and of the number of renewals."""
    counter = int(owner.settings.get(KEY, {}).get("counter", 0))
    text = f"kithbook.calendar:{owner.pk}:{counter}".encode()
    digest = hmac.new(secret_key().encode(), text, hashlib.sha256).digest()[:SECRET_BYTES]
    return f"{to_text(owner.pk)}-{base64.b32encode(digest).decode().lower()}"


def by_secret(secret: str) -> str:
    """The feed as iCalendar text; raises NotFound for a wrong or old secret and for a feed that is off."""
    key = secret.partition("-")[0]
    owner = Owner.objects.filter(pk=from_text(key)).first() if is_id(key) else None
    if owner is None or not owner.settings.get(KEY, {}).get("on"):
        raise _nothing()
    if not hmac.compare_digest(secret.encode("utf-8", "replace"), secret_of(owner).encode()):
        raise _nothing()
    return write_calendar(NAME, entries(owner), clock.now())


def _nothing() -> NotFound:
    return NotFound("There is no calendar at this address.", "Its address may have been renewed in the settings.")


def entries(owner: Owner) -> list[Entry]:
    """Everything that has a day. Facts marked as sensitive are in none of it."""
    today = clock.today(owner)
    week = weeks.week(owner)
    return [
        *_touches(owner, week.touches, today),
        *_protected(owner, week.week_of),
        *_duties(owner, week.touches),
        *_dates(owner, today),
        *_promised(owner),
        *_asks(owner, today),
        *_events(owner, today),
        *_trips(owner, today),
    ]


def _uid(kind: str, key: str) -> str:
    return f"{kind}-{key}@kithbook"


def _touches(owner: Owner, touches: Sequence[TouchView], today: dt.date) -> Iterable[Entry]:
    """Open touches of the week: in the relationship time of their day while it has room, else on the whole day."""
    zone = clock.zone(owner)
    days = [(max(touch.day_on or today, today), touch.minutes) for touch in touches]
    for placed in place_touches(days, preferences.slots(owner)):
        touch = touches[placed.number]
        channel = CHANNELS[touch.channel].label if touch.channel in CHANNELS else touch.channel
        title = f"{touch.person.name}: {channel}, {touch.minutes} min"
        note = "\n".join(filter(None, (touch.idea, *touch.why)))
        starts: dt.date = placed.day
        ends: dt.date | None = None
        if placed.starts is not None:
            starts = dt.datetime.combine(placed.day, placed.starts, zone).astimezone(dt.UTC)
            ends = starts + dt.timedelta(minutes=placed.minutes)
        yield Entry(_uid("touch", touch.id), title, starts, ends, note)


def _protected(owner: Owner, monday: dt.date) -> Iterable[Entry]:
    """Relationship time of this week and the next four: it blocks the calendar. Single events, as the clocks change."""
    slots, zone = preferences.slots(owner), clock.zone(owner)
    for number in range(SLOT_WEEKS):
        for slot in slots:
            day = monday + dt.timedelta(days=7 * number + slot.weekday)
            starts, ends = (dt.datetime.combine(day, time, zone) for time in (slot.starts, slot.ends))
            yield Entry(_uid("time", _slot_key(day, slot)), "Time for people", starts, ends, busy=True)


def _slot_key(day: dt.date, slot: Slot) -> str:
    return f"{day:%Y%m%d}-{slot.starts:%H%M}-{slot.ends:%H%M}"


def _duties(owner: Owner, touches: Sequence[TouchView]) -> Iterable[Entry]:
    """What is due and is in no touch of this week; dates have their own entries."""
    planned = {touch.person.id for touch in touches if touch.kind == "obligation"}
    open_duties = [
        duty for duty in duties.gather(owner) if duty.kind != "date" and to_text(duty.person_id) not in planned
    ]
    names = _names(owner, (duty.person_id for duty in open_duties))
    for duty in open_duties:
        name = names.get(duty.person_id)
        if name:
            key = (duty.ref or f"{duty.kind}-{to_text(duty.person_id)}").replace(":", "-")
            yield Entry(
                _uid("due", key), f"{name}: {WORDS.get(duty.kind, duty.kind)}", duty.due_on, note=" ".join(duty.why)
            )


def _dates(owner: Owner, today: dt.date) -> Iterable[Entry]:
    """Birthdays and the like of people from Like up and of kin, once in the coming year."""
    rows = PersonDate.objects.of(owner).filter(person__standing="kept").select_related("person")
    for row in rows:
        if row.person.stage < LIKE and not row.person.is_kin:
            continue
        special = SpecialDay(row.person_id, row.person.stage, row.kind, duties.to_partial(row.on))
        for duty in duties_of_day(special, today):
            key = f"{to_text(row.pk)}-{duty.due_on.year}"
            yield Entry(_uid("date", key), f"{row.person.name}: {row.kind}", duty.due_on)


def _promised(owner: Owner) -> Iterable[Entry]:
    """What others promised, on its day."""
    rows = Promise.objects.of(owner).filter(state="open", by_me=False, person__standing="kept").exclude(due_on=None)
    for row in rows.select_related("person"):
        yield Entry(_uid("promised", to_text(row.pk)), f"{row.person.name} promised: {row.text}", row.due_on)


def _asks(owner: Owner, today: dt.date) -> Iterable[Entry]:
    rows = Ask.objects.of(owner).filter(asked_on=None, planned_on__gte=today, person__standing="kept")
    for row in rows.select_related("person"):
        yield Entry(_uid("ask", to_text(row.pk)), f"{row.person.name}: planned ask", row.planned_on, note=row.text)


def _events(owner: Owner, today: dt.date) -> Iterable[Entry]:
    first, last = today - dt.timedelta(days=BACK_DAYS), today + dt.timedelta(days=AHEAD_DAYS)
    for row in Event.objects.of(owner).filter(held_on__gte=first, held_on__lte=last):
        yield Entry(_uid("event", to_text(row.pk)), row.name, row.held_on, place=row.place)


def _trips(owner: Owner, today: dt.date) -> Iterable[Entry]:
    first = today - dt.timedelta(days=BACK_DAYS)
    for row in Trip.objects.of(owner).filter(starts_on__gte=first):
        title = f"{'Moving to' if row.kind == 'moving' else 'In'} {row.place}"
        yield Entry(_uid("trip", to_text(row.pk)), title, row.starts_on, row.ends_on, place=row.place)


def _names(owner: Owner, ids: Iterable[Any]) -> dict[int, str]:
    return dict(Person.objects.of(owner).filter(pk__in=set(ids), standing="kept").values_list("pk", "name"))

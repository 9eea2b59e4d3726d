"""When people were last seen in one place with the owner, and who is worth a coffee."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from django.db.models import Max

from kithbook.core.events import SEEN_CHANNELS, is_unseen
from kithbook.core.places import NOWHERE, Place, is_same, read_place
from kithbook.core.warmth import state_word
from kithbook.core.worth import tie_values
from kithbook.services import clock, ties, touches
from kithbook.services.eventviews import UnseenView
from kithbook.services.finding import brief
from kithbook.services.localpeople import Everybody
from kithbook.store.models import Attendance, Owner, Participant, Person

LEAST_STAGE, LEAST_WARMTH = 3, 0.25
CANDIDATES = 1_000
"""So many of those who matter most are looked at; a handful is proposed."""
HOME = "home_place"
"""Where the owner lives, among the owner's settings."""


def last_seen(owner: Owner, ids: Sequence[int]) -> dict[int, dt.date]:
    """The last day on which each of these people was seen: at a meeting, in a video call, at an event."""
    zone = clock.zone(owner)
    rows = Participant.objects.of(owner).filter(
        person__in=list(ids), interaction__channel__in=sorted(SEEN_CHANNELS), interaction__counts=True,
        interaction__at__lte=clock.now(),
    )  # fmt: skip
    spoken = rows.exclude(role="also").values_list("person").annotate(last=Max("interaction__at"))
    found: dict[int, dt.date] = {person: at.astimezone(zone).date() for person, at in spoken}
    there = Attendance.objects.of(owner).filter(person__in=list(ids), met=True, event__held_on__lte=clock.today(owner))
    for person, day in there.values_list("person").annotate(last=Max("event__held_on")):
        found[person] = max(day, found.get(person, day))
    return found


def unseen(owner: Owner, limit: int) -> list[UnseenView]:
    """Who matters most of those still in touch, from Like up, not seen for six months, nor put off."""
    table = ties.table(owner)
    warm = table.warmth(int(clock.now().timestamp()))
    quiet = touches.put_off(owner)
    free = ~np.isin(table.ids, np.fromiter(quiet, np.int64, len(quiet)))
    rows = np.flatnonzero((table.stage >= LEAST_STAGE) & (warm >= LEAST_WARMTH) & (table.states["days"] > 0) & free)
    part = table.part(rows)
    none = np.zeros(len(part), dtype=np.bool_)
    value = tie_values(part.stage, part.importance, part.liking, part.key, part.bridge, none)
    best = np.lexsort((part.ids, -value))[:CANDIDATES]
    seen, today = last_seen(owner, [int(key) for key in part.ids[best]]), clock.today(owner)
    order = [int(i) for i in best if is_unseen(seen.get(int(part.ids[i])), today)][:limit]
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=[int(part.ids[i]) for i in order])}
    home = read_place(home_of(owner, Everybody(owner, table)))
    views = []
    for i in order:
        row, on = people[int(part.ids[i])], seen.get(int(part.ids[i]))
        views.append(
            UnseenView(
                person=brief(row), state=state_word(float(warm[rows[i]])), seen_on=on,
                last_contact_on=ties.day_of(int(part.states["last_day"][i])),
                why=f"Last seen on {on:%-d %B %Y}." if on else "You wrote or called, and were never in one place.",
                idea=_idea(home, row),
            )
        )  # fmt: skip
    return views


def home_of(owner: Owner, everybody: Everybody) -> str:
    """Where the owner lives: as they told, else where most of their warm ties are."""
    return str(owner.settings.get(HOME, "")) or everybody.where_most_are_warm()


def _idea(home: Place, row: Person) -> str:
    place = read_place(row.place)
    if NOWHERE in (home, place) or is_same(home, place):
        return "Suggest a coffee or a lunch."
    return f"Suggest a video call, and a coffee when one of you is in {row.place}."

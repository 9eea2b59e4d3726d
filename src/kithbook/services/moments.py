"""The log of a stretch of time, and ties as they stood at a moment."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection

import numpy as np
from django.db.models import BigIntegerField, ExpressionWrapper, F, QuerySet

from kithbook.core.review import Contact
from kithbook.core.tiestate import replay_many
from kithbook.services import clock
from kithbook.services.ties import TieTable, day_of, local_days, log_of
from kithbook.store import contacts
from kithbook.store.models import Interaction, Owner, Participant

COLUMNS = (
    "person_id", "second", "interaction__channel", "interaction__direction", "interaction__size",
    "interaction__minutes",
)  # fmt: skip
SECOND = ExpressionWrapper(F("interaction__at"), output_field=BigIntegerField())
"""The instant as the database has it: a year of contacts as datetimes would take three times as long to read."""


def epoch(owner: Owner, day: dt.date) -> int:
    """Epoch seconds of a local midnight."""
    return int(dt.datetime.combine(day, dt.time(), clock.zone(owner)).timestamp())


def contacts_between(owner: Owner, first: dt.date, last: dt.date, people: Collection[int]) -> list[Contact]:
    """Contacts of these people on the local days from first to last, both included; what is still to come is not."""
    start = epoch(owner, first)
    end = min(epoch(owner, last + dt.timedelta(days=1)), int(clock.now().timestamp()) + 1)
    inside = Interaction.objects.of(owner).filter(counts=True, at__gte=start, at__lt=end).values("pk")
    rows = Participant.objects.of(owner).filter(interaction__in=inside)
    return [one for one in read(owner, rows) if one.person in people]


def read(owner: Owner, parts: QuerySet[Participant]) -> list[Contact]:
    """Participants as contacts, without those who only appear on a mail."""
    rows = list(parts.exclude(role="also").annotate(second=SECOND).values_list(*COLUMNS))
    numbers = local_days(np.fromiter((row[1] for row in rows), np.int64, len(rows)), clock.zone(owner)).tolist()
    days = {number: day_of(number) for number in set(numbers)}
    return [
        Contact(person, days[number], second, channel, direction, size, minutes)
        for (person, second, channel, direction, size, minutes), number in zip(rows, numbers, strict=True)
    ]


def table_at(owner: Owner, table: TieTable, moment: int, people: Collection[int] | None = None) -> TieTable:
    """The same people with their ties as they stood at a moment (epoch seconds); stages stay today's.

    Where `people` are named only theirs are put back, which spares reading the logs of all the others.
    """
    states = table.states.copy()
    moved = (states["last_at"] > moment) | (states["last_light_at"] > moment)
    if people is not None:
        moved &= np.isin(table.ids, np.fromiter(people, np.int64, len(people)))
    later = np.flatnonzero(moved)
    place = {int(table.ids[row]): int(row) for row in later}
    for part in contacts.runs_of_people(owner.pk, list(place)):
        rows = [place[person] for person in part]
        states[rows] = replay_many(*log_of(owner, part), len(part), until_at=moment)
    return dataclasses.replace(table, states=states)

"""Talking to somebody at an event: one exchange a person and day, what was learnt, what was promised, first steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kithbook.core.errors import Invalid, NotFound
from kithbook.services import clock
from kithbook.services.editing import make_person
from kithbook.services.finding import find_person
from kithbook.services.owners import touch_revision
from kithbook.services.recording import record_interaction, start_batch
from kithbook.store.models import Attendance, Batch, Event, Interaction, Owner, Participant, Person, Promise, Topic

CHANNEL = "event"
KIND = "encounter"


@dataclass(frozen=True, slots=True)
class Encounter:
    """What was said: a note, topics by kind, a promise of the owner's and its day, how long it took."""

    note: str
    topics: Mapping[str, Sequence[str]]
    promised: str
    promised_for: dt.date | None
    minutes: int | None


def write(owner: Owner, event: Event, who: str, met: Encounter, *, is_new: bool) -> Batch:
    """Write an encounter down as one batch; raises Invalid for an event that is still to come."""
    day = event.held_on or clock.today(owner)
    if day > clock.today(owner):
        raise Invalid(
            f"“{event.name}” is on {day:%-d %B %Y}.", "Put people on its list; note what they said on the day."
        )
    known = None if is_new else _find(owner, who)
    batch = start_batch(owner, KIND, f"{known.name if known else who.strip()} at {event.name}")
    if known is None:
        row = make_person(
            owner, who, batch, met_at=clock.noon(owner, day), met_where=event.name, met_event=event, follows_up=True
        )
    else:
        row = known
        if not _has_talked(owner, row):
            _begin_steps(owner, row, event, day, batch)
    _exchange(owner, event, row, day, met, batch)
    _attend(owner, event, row, met.note, batch)
    for kind, texts in met.topics.items():
        for text in filter(None, (text.strip() for text in texts)):
            Topic.objects.create(
                owner=owner, person=row, kind=kind, text=text[:500], noted_on=day, source=f"at {event.name}"[:200],
                year=day.year if kind == "goal" else None, batch=batch,
            )  # fmt: skip
    if met.promised:
        Promise.objects.create(
            owner=owner, person=row, text=met.promised[:500], made_on=day, due_on=met.promised_for, batch=batch
        )
    touch_revision(owner)
    return batch


def _find(owner: Owner, who: str) -> Person:
    try:
        return find_person(owner, who)
    except NotFound as error:
        raise NotFound(error.message, "Say that they are new, or use another name.") from error


def _has_talked(owner: Owner, row: Person) -> bool:
    parts = Participant.objects.of(owner).filter(person=row, interaction__counts=True, interaction__at__lte=clock.now())
    return row.met_at is not None or parts.exclude(role="also").exists()


def _begin_steps(owner: Owner, row: Person, event: Event, day: dt.date, batch: Batch) -> None:
    """Somebody on the list of whom only the name was known is met now: the batch keeps what was."""
    changes: dict[str, Any] = {
        "met_at": clock.noon(owner, day), "met_where": event.name, "met_event_id": event.pk, "follows_up": True,
    }  # fmt: skip
    kept = batch.before.setdefault("people", {}).setdefault(str(row.pk), {})
    for field, value in changes.items():
        plain = int(value.timestamp()) if isinstance(value, dt.datetime) else value
        kept[field] = [getattr(row, field), plain]
        setattr(row, field, value)
    batch.save(update_fields=["before"])
    row.save(update_fields=["met_at", "met_where", "met_event", "follows_up"])


def _exchange(owner: Owner, event: Event, row: Person, day: dt.date, met: Encounter, batch: Batch) -> None:
    """One chat a person and day; what is said in a second one of the same day is added to the note of the first."""
    begun = dt.datetime.combine(day, dt.time(), clock.zone(owner))
    ended = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), clock.zone(owner))
    same = Interaction.objects.of(owner).filter(
        channel=CHANNEL, participants__person=row, participants__owner=owner, at__gte=begun, at__lt=ended
    )
    found = same.exclude(participants__role="also").order_by("at", "pk").first()
    if found is None:
        made = record_interaction(owner, [row], CHANNEL, on=day, minutes=met.minutes, note=met.note, batch=batch)
        Interaction.objects.of(owner).filter(pk=made.pk).update(event=event)
        return
    note = "\n".join(dict.fromkeys(filter(None, (found.note, met.note))))
    Interaction.objects.of(owner).filter(pk=found.pk).update(note=note, event=found.event_id or event.pk)


def _attend(owner: Owner, event: Event, row: Person, note: str, batch: Batch) -> None:
    link, is_new = Attendance.objects.get_or_create(
        owner=owner, event=event, person=row, defaults={"met": True, "note": note, "batch": batch}
    )
    if not is_new:
        said = "\n".join(dict.fromkeys(filter(None, (link.note, note))))
        Attendance.objects.of(owner).filter(pk=link.pk).update(met=True, note=said)


def take_back(owner: Owner, event: Event, row: Person) -> None:
    """Undo that the owner talked to somebody at an event; who was on its list before stays on it."""
    from kithbook.core.ids import to_text
    from kithbook.services import batches

    acts = Batch.objects.of(owner).filter(kind=KIND, state="done")
    chats = Interaction.objects.of(owner).filter(event=event, participants__person=row, batch__in=acts)
    for key in set(chats.values_list("batch_id", flat=True)):
        batches.undo(owner, to_text(key))
    Attendance.objects.of(owner).filter(event=event, person=row.pk).update(met=False, note="")

"""Writes single things that happened: an interaction, an entry of the bank; and keeps the ties in step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kithbook.core.channels import CHANNELS
from kithbook.core.errors import Invalid
from kithbook.core.ledger import KINDS, find_kind
from kithbook.services import clock, ties
from kithbook.services.owners import touch_revision
from kithbook.store.ids import new_turn
from kithbook.store.models import Batch, EntryParty, Interaction, LedgerEntry, Owner, Participant, Person

OUT, BOTH, IN = 1, 0, -1
LONGEST_MINUTES = 24 * 60
BOTH_WAYS = frozenset(("meeting", "video", "call", "event"))
"""Channels on which both sides speak."""


def start_batch(owner: Owner, kind: str, title: str) -> Batch:
    """A batch for one act of the owner's, so that it can be taken back."""
    batch = Batch(owner=owner, kind=kind, title=title[:300], state="done", started_at=clock.now())
    batch.finished_at = batch.started_at
    batch.save(force_insert=True)
    return batch


def record_interaction(
    owner: Owner,
    people: Sequence[Person],
    channel: str,
    *,
    on: dt.date | None = None,
    direction: int | None = None,
    minutes: int | None = None,
    title: str = "",
    note: str = "",
    batch: Batch | None = None,
) -> Interaction:
    """Write one exchange with these people on a day (today by default) and fold it into their ties.

    Raises Invalid for an unknown channel, minutes that fit no day, or a day in the future.
    """
    if channel not in CHANNELS:
        raise Invalid(f"“{channel[:30]}” is not a channel.", f"Use one of: {', '.join(CHANNELS)}.")
    if minutes is not None and not 0 <= minutes <= LONGEST_MINUTES:
        raise Invalid(f"{minutes} minutes do not fit a day.", "Give the minutes it took, e.g. 45.")
    day = clock.past_day(owner, on, "Write down what has happened; promises can have a day ahead.")
    people = list({person.pk: person for person in people}.values())
    if direction is None:
        direction = BOTH if channel in BOTH_WAYS else OUT
    row = Interaction(
        owner=owner, at=clock.noon(owner, day), channel=channel, direction=direction, size=max(1, len(people)),
        minutes=minutes, title=title[:200], note=note, source="hand", external_key=new_turn(), batch=batch,
    )  # fmt: skip
    row.save(force_insert=True)
    role = "from" if direction == IN else "to"
    Participant.objects.bulk_create(
        [Participant(owner=owner, interaction=row, person=person, role=role) for person in people]
    )
    _welcome(owner, people, batch)
    ties.refold(owner, [person.pk for person in people], batch=batch)
    touch_revision(owner)
    return row


def _welcome(owner: Owner, people: Sequence[Person], batch: Batch | None) -> None:
    """Someone let go is revived by contact, and someone only seen on mails is now known; the batch keeps what was."""
    sleeping = {person.pk: person.standing for person in people if person.standing in ("archived", "seen")}
    if not sleeping:
        return
    Person.objects.of(owner).filter(pk__in=sleeping).update(standing="kept")
    if batch:
        batch.note_people({person: {"standing": [old, "kept"]} for person, old in sleeping.items()})
        batch.save(update_fields=["before"])


def record_entry(
    owner: Owner,
    people: Sequence[Person],
    direction: str,
    kind: str,
    *,
    on: dt.date | None = None,
    size: int | None = None,
    note: str = "",
    interaction: Interaction | None = None,
    cause: LedgerEntry | None = None,
    batch: Batch | None = None,
) -> LedgerEntry:
    """Write one entry of the bank; raises Invalid for an unknown kind, a size outside 1 to 5 or a future day."""
    kind = find_kind(kind)
    if size is not None and not 1 <= size <= 5:
        raise Invalid(f"A size of {size} is outside 1 to 5.", "1 is a link sent, 5 opened a career.")
    day = clock.past_day(owner, on)
    row = LedgerEntry(
        owner=owner, on=day, direction=direction, kind=kind, size=size or KINDS[kind].size, note=note,
        was_asked=kind == "ask", interaction=interaction, cause_entry=cause, batch=batch,
    )  # fmt: skip
    row.save(force_insert=True)
    parties = {person.pk: person for person in people}.values()
    EntryParty.objects.bulk_create([EntryParty(owner=owner, entry=row, person=person) for person in parties])
    touch_revision(owner)
    return row

"""What asks that are planned put into the weeks before them: the next thing to give, and the ask itself on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from kithbook.core.askplan import SETTLING, Step
from kithbook.core.channels import CHANNELS
from kithbook.core.daywords import say_day
from kithbook.core.ids import from_text, to_text
from kithbook.core.ledger import KINDS
from kithbook.core.plantypes import Duty
from kithbook.services import asks, clock, rowchanges
from kithbook.services.recording import record_entry
from kithbook.store.models import Ask, Batch, Interaction, Owner, Person

NOTICE_DAYS = 14
"""A step shows up so many days before its day."""
CHANNELS_OF = {"deposit": "item", "introduce": "email", "talk": "call", "close": "call"}
GIVEN = ("item", "gift")
"""Channels whose use is written down as something given by itself."""


def duties(owner: Owner, person_ids: Sequence[int] | None, day: dt.date) -> Iterable[Duty]:
    """For each planned ask the next step, or the ask itself once its day is near."""
    rows = Ask.objects.of(owner).filter(asked_on=None, planned_on__isnull=False, person__standing="kept")
    rows = rows if person_ids is None else rows.filter(person__in=list(person_ids))
    planned = list(rows.select_related("person").order_by("planned_on", "turn", "pk"))
    ways = asks.ways_to(owner, planned)
    for row in planned:
        step = next((step for step in ways[row.pk].steps if step.kind not in SETTLING), None)
        planned_on = row.planned_on or day
        if step is not None and planned_on > day and (step.on - day).days <= NOTICE_DAYS:
            yield _step(row, step, planned_on)
        elif (planned_on - day).days <= NOTICE_DAYS:
            yield _ask(row, planned_on)


def fulfil(owner: Owner, key: str, what: str, person: Person, interaction: Interaction, batch: Batch) -> None:
    """A step that was done is something given; the ask that was made waits for its answer."""
    if what == "ask":
        row = Ask.objects.of(owner).filter(pk=from_text(key), asked_on=None).first()
        if row:
            rowchanges.change(batch, row, asked_on=clock.today(owner))
    elif what in KINDS and interaction.channel not in GIVEN:
        record_entry(owner, [person], "gave", what, interaction=interaction, batch=batch)


def _step(row: Ask, step: Step, planned_on: dt.date) -> Duty:
    channel = "call" if step.kind == "deposit" and step.size > 1 else CHANNELS_OF[step.kind]
    what = f" for {row.text}" if row.text else ""
    why = f"You plan to ask them{what} on {say_day(planned_on)}; this comes first."
    ref = f"ask:{to_text(row.pk)}:{step.gives or 'talk'}"
    return Duty(
        row.person_id, "loop", step.on, CHANNELS[channel].minutes, channel, row.person.stage, (why,), step.deposit, ref
    )


def _ask(row: Ask, planned_on: dt.date) -> Duty:
    what = f"for {row.text}" if row.text else "for something"
    why = f"You planned to ask them {what} on {say_day(planned_on)}."
    idea = "Ask plainly for one thing, and make it easy to say no."
    ref = f"ask:{to_text(row.pk)}:ask"
    return Duty(
        row.person_id, "loop", planned_on, CHANNELS["call"].minutes, "call", row.person.stage, (why,), idea, ref,
        earliest_on=planned_on,
    )  # fmt: skip

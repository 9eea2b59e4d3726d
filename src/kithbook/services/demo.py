"""The demo network: a village of invented people, loaded as one batch and taken back as one act."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from kithbook.core import village
from kithbook.core.errors import Conflict, Refused
from kithbook.core.ids import to_text
from kithbook.core.villagelately import list_lately
from kithbook.core.villagetypes import OwnerFacts, Village
from kithbook.services import batches, clock, ties
from kithbook.services.demolately import LatelyWriter
from kithbook.services.demorows import VillageWriter
from kithbook.services.owners import add_addresses, touch_revision
from kithbook.services.recording import start_batch
from kithbook.services.registry import operation
from kithbook.services.views import Note
from kithbook.store import statistics
from kithbook.store.models import Batch, Owner

KIND = "demo"
TITLE = "Demo network"


@operation(reads=True)
def is_loaded(owner: Owner) -> bool:
    """Whether the demo network is here."""
    return _batch(owner) is not None


@operation()
def load(owner: Owner) -> Note:
    """Load a network of 150 invented people over five years, to try things out; it can be removed as one act."""
    if is_loaded(owner):
        raise Refused("The demo network is here already.", "Remove it first to load it again.")
    try:
        with transaction.atomic():
            # The village never reaches past the present, wherever the owner lives.
            people, exchanges = write(owner, village.build(min(clock.today(owner), clock.now().date())))
    except IntegrityError as error:
        raise Conflict(
            "Some of your own people, groups or objectives have the names or addresses of the demo's.",
            "Load the demo into a home of its own: kith demo.",
        ) from error
    return Note(f"Loaded {people} invented people and {exchanges} exchanges over five years.")


@operation()
@transaction.atomic
def remove(owner: Owner) -> Note:
    """Take the demo network back: its people, their history and its objectives; what you added yourself stays."""
    batch = _batch(owner)
    if batch is None:
        raise Refused("The demo network is not here.", "There is nothing to remove.")
    report = batches.undo(owner, to_text(batch.pk))
    kept = f" Kept, because you added to them: {', '.join(report.people_kept)}." if report.people_kept else ""
    return Note(f"Removed {report.people_removed} people of the demo network.{kept}")


def _batch(owner: Owner) -> Batch | None:
    return Batch.objects.of(owner).filter(kind=KIND).exclude(state="undone").first()


def write(owner: Owner, plan: Village) -> tuple[int, int]:
    """Write a village, or a town made of it (`core.town`), as one batch; returns people kept and exchanges written."""
    batch = start_batch(owner, KIND, TITLE)
    changed = _set_up(owner, plan.owner, batch)
    writer = VillageWriter(owner, batch, plan)
    writer.write()
    LatelyWriter(owner, batch, writer).write(list_lately(plan.today))
    statistics.refresh(len(plan.people) + len(plan.exchanges))
    ties.refold(owner, writer.people.values(), batch=batch)
    kept = sum(one.standing != "seen" for one in plan.people)
    batch.before = {"owner": changed}
    batch.report = {
        "people_added": kept,
        "interactions_added": len(plan.exchanges),
        "skipped": {mail.reason: mail.mails for mail in plan.bulk_mail},
    }
    batch.save(update_fields=["before", "report"])
    touch_revision(owner)
    return kept, len(plan.exchanges)


def _set_up(owner: Owner, facts: OwnerFacts, batch: Batch) -> dict[str, list[Any]]:
    """Give an owner who is not set up the name, minutes and time zone of the village's; returns {field: [old, new]}."""
    if owner.is_set_up:
        return {}
    new = {
        "name": facts.name,
        "minutes_per_week": facts.minutes_per_week,
        "time_zone": facts.time_zone,
        "is_set_up": True,
    }
    changed = {field: [getattr(owner, field), value] for field, value in new.items()}
    Owner.objects.filter(pk=owner.pk).update(**new)
    owner.refresh_from_db()
    add_addresses(owner, [facts.address], batch=batch)
    return changed

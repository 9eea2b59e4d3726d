"""The relationship bank: what was given and got."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from kithbook.core.ids import to_text
from kithbook.core.ledger import KINDS
from kithbook.services.finding import find_person
from kithbook.services.recording import record_entry, start_batch
from kithbook.services.registry import operation
from kithbook.services.views import LedgerView
from kithbook.store.models import LedgerEntry, Owner


@operation()
def gave(
    owner: Owner, person: str, kind: str, size: int | None = None, note: str = "", on: dt.date | None = None
) -> LedgerView:
    """Write down something you gave: an item, advice, an introduction, thanks, … of size 1 to 5."""
    return _enter(owner, person, "gave", kind, size, note, on)


@operation()
def got(
    owner: Owner, person: str, kind: str, size: int | None = None, note: str = "", on: dt.date | None = None
) -> LedgerView:
    """Write down something you got from a person, so that it is thanked and remembered."""
    return _enter(owner, person, "got", kind, size, note, on)


@transaction.atomic
def _enter(
    owner: Owner, who: str, direction: str, kind: str, size: int | None, note: str, on: dt.date | None
) -> LedgerView:
    person = find_person(owner, who)
    batch = start_batch(owner, "entry", f"{direction} {kind}: {person.name}")
    row = record_entry(owner, [person], direction, kind, size=size, note=note, on=on, batch=batch)
    return ledger_view(row)


def ledger_view(row: LedgerEntry) -> LedgerView:
    """An entry as faces show it."""
    label = KINDS[row.kind].label if row.kind in KINDS else row.kind
    batch = to_text(row.batch_id) if row.batch_id else None
    return LedgerView(to_text(row.pk), row.on, row.direction, row.kind, label, row.size, row.note, batch)

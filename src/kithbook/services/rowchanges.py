"""Changes to asks, referrals and verdicts, kept with the batch of the act: taking it back puts the old values back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kithbook.store.models import Ask, Batch, MatchVerdict, Owner, Referral

TABLES: dict[str, Any] = {"ask": Ask, "referral": Referral, "verdict": MatchVerdict}
KEY = "rows"


def change(batch: Batch, row: Any, **values: Any) -> None:
    """Set fields of a stored row and keep with the batch what they were."""
    table = next(name for name, model in TABLES.items() if isinstance(row, model))
    kept = batch.before.setdefault(KEY, {}).setdefault(f"{table}:{row.pk}", {})
    for field, value in values.items():
        kept[field] = [_plain(getattr(row, field)), _plain(value)]
        setattr(row, field, value)
    row.save(update_fields=list(values))
    batch.save(update_fields=["before"])


def put_back(owner: Owner, before: dict[str, Any]) -> None:
    """Put the old values back, except where the owner changed them again since."""
    for name, fields in before.get(KEY, {}).items():
        table, _, key = name.partition(":")
        row = TABLES[table].objects.of(owner).filter(pk=int(key)).first()
        if row is None:
            continue
        back = {field: old for field, (old, new) in fields.items() if _plain(getattr(row, field)) == new}
        for field, old in back.items():
            setattr(row, field, row._meta.get_field(field).to_python(old))
        row.save(update_fields=list(back))


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if value is None or isinstance(value, int | str) else str(value)

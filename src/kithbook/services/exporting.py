"""Everything out: JSON with every row, vCards for address books, CSV for spreadsheets.

Files are written beside their name and moved into place, so that an export is whole or not there.
"""

from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.db import models

from kithbook import __version__
from kithbook.core.errors import Invalid, Unavailable
from kithbook.services.persons import rows_of
from kithbook.services.vcards import card_texts
from kithbook.services.views import Note, as_json
from kithbook.sources.kithbookfile import FILES
from kithbook.store import contacts
from kithbook.store.models import (
    Account,
    ApiToken,
    Batch,
    Device,
    Owner,
    Person,
    Plan,
    ServedCard,
    SyncItem,
    SyncRun,
    TextVector,
    Tie,
    Touch,
)
from kithbook.store.rows import plain_row

VERSION = 1
LEFT_OUT = (Tie, Plan, TextVector, Account, SyncRun, SyncItem, Device, ApiToken, ServedCard)
"""Made again from the rest at any time; and accounts, devices and programs, which belong to one install."""


def export(owner: Owner, folder: Path, format: str = "json") -> Note:
    """Write everything of this owner into a folder.

    Raises Invalid for an unknown format, Unavailable if it cannot be written.
    """
    if format not in FILES:
        raise Invalid(f"“{format[:20]}” is not a format.", f"Use one of: {', '.join(FILES)}.")
    writer = {"json": _write_json, "vcard": _write_vcards, "csv": _write_csv}[format]
    name = FILES[format]
    draft = folder / f".{name}.part"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        with draft.open("w", encoding="utf-8", newline="" if format != "json" else None) as file:
            count = writer(owner, file)
        draft.replace(folder / name)
    except OSError as error:
        raise Unavailable(f"{folder / name} cannot be written: {error.strerror}.", "Name another folder.") from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    what = "rows" if format == "json" else "people"
    return Note(f"Wrote {count} {what} to {folder / name}.")


def exported_tables() -> list[type[models.Model]]:
    """The owned tables that an export holds, in the order of their names."""
    found = [m for m in apps.get_app_config("store").get_models() if m not in (*LEFT_OUT, Owner)]
    return sorted(found, key=lambda model: model._meta.db_table)


def _write_json(owner: Owner, file: IO[str]) -> int:
    """One JSON object: a head, the owner, and each table as a list with one row a line, ordered by id."""
    head = {"format": "kithbook", "version": VERSION, "program": __version__, "owner": _owner_row(owner)}
    file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "tables": {\n')
    count = 0
    for number, model in enumerate(exported_tables()):
        file.write(f'{"," if number else ""}"{model._meta.db_table.removeprefix("kith_")}": [')
        for place, row in enumerate(_rows(model, owner)):
            file.write(("," if place else "") + "\n" + json.dumps(row, ensure_ascii=False, sort_keys=True))
            count += 1
        file.write("]\n")
    file.write("}}\n")
    return count


def _owner_row(owner: Owner) -> dict[str, Any]:
    owner.refresh_from_db()
    return {
        "name": owner.name,
        "time_zone": owner.time_zone,
        "minutes_per_week": owner.minutes_per_week,
        "settings": owner.settings,
    }


def _rows(model: type[models.Model], owner: Owner) -> Iterator[dict[str, Any]]:
    rows = model._default_manager.filter(owner_id=owner.pk)
    if model is Touch:
        rows = rows.exclude(state__in=("open", "lapsed"))
    if model is Batch:
        rows = rows.filter(state="done").exclude(kind="rebuild")
    yield from map(plain_row, rows.order_by("pk").iterator(chunk_size=2_000))


def _people(owner: Owner) -> Iterator[list[int]]:
    ids = list(
        Person.objects.of(owner)
        .filter(standing__in=("kept", "archived"))
        .order_by("folded_name", "pk")
        .values_list("pk", flat=True)
    )
    for part in contacts.chunks(ids, 500):
        yield list(part)


def _write_vcards(owner: Owner, file: IO[str]) -> int:
    count = 0
    for part in _people(owner):
        for text in card_texts(owner, part).values():
            file.write(text)
            count += 1
    return count


COLUMNS = (
    "id",
    "name",
    "stage",
    "warmth",
    "state",
    "last_contact_on",
    "emails",
    "phones",
    "organisation",
    "role",
    "tags",
)


def _write_csv(owner: Owner, file: IO[str]) -> int:
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    count = 0
    for part in _people(owner):
        for person in rows_of(owner, part):
            flat = as_json(person)
            emails = " ".join(i.value for i in person.identities if i.kind == "email")
            phones = " ".join(i.value for i in person.identities if i.kind == "phone")
            job = person.affiliations[0] if person.affiliations else None
            row = [flat[c] for c in COLUMNS[:6]] + [
                emails,
                phones,
                job.organisation if job else "",
                job.role if job else "",
            ]
            writer.writerow([_safe(cell) for cell in [*row, " ".join(person.tags)]])
            count += 1
    return count


def _safe(cell: Any) -> Any:
    """A cell that begins like a formula is run by spreadsheets: a quote in front keeps it text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell

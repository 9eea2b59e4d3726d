"""Kithbook's own export read back: into an empty network, to the same state, as one act."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import IntegrityError, models, transaction

from kithbook.core.errors import Invalid, Refused
from kithbook.core.ids import to_text
from kithbook.services import habits, ties
from kithbook.services.exporting import VERSION, exported_tables
from kithbook.services.owners import touch_revision
from kithbook.services.recording import start_batch
from kithbook.services.views import ImportFile, ImportProblem, ImportReport, as_json
from kithbook.sources.kithbookfile import FORMAT, read_head, read_rows
from kithbook.store import statistics
from kithbook.store.models import Batch, Owner, Person, Plan, TextVector, Tie
from kithbook.store.rows import row_of

KIND = "rebuild"
CHUNK = 1_000
PROBLEMS_SHOWN = 1_000
OWNER_FIELDS = ("name", "time_zone", "minutes_per_week", "settings")


def rebuild(owner: Owner, path: Path, *, dry_run: bool = False) -> ImportReport:
    """Read an export into an empty network; ids, dates and the owner's settings are as they were.

    Raises Refused where there are people already or the export is from a newer version, Invalid for a broken file.
    """
    started = time.monotonic()
    head = read_head(path)
    if head.get("format") != FORMAT or not isinstance(head.get("version"), int):
        raise Invalid(f"{path.name} is no export of Kithbook's.", "Give the kithbook.json that `kith export` wrote.")
    if head["version"] > VERSION:
        raise Refused(
            f"{path.name} was written by a newer Kithbook ({head.get('program', '?')}).", "Install that version first."
        )
    if Person.objects.of(owner).exists():
        raise Refused(
            "An export is read back into an empty network only, and you have people already.",
            "Use another data folder with --home; single people come over as vCards.",
        )
    with transaction.atomic():
        report = _write(owner, path, head, started, dry_run)
        if dry_run:
            transaction.set_rollback(True)
    return report


def _write(owner: Owner, path: Path, head: dict[str, Any], started: float, dry_run: bool) -> ImportReport:
    tables = {model._meta.db_table.removeprefix("kith_"): model for model in exported_tables()}
    counts: dict[str, int] = {}
    skipped: dict[str, int] = {}
    problems: list[ImportProblem] = []
    for name, rows in groupby(read_rows(path), key=lambda pair: pair[0]):
        if name not in tables:
            skipped[f"table {name[:40]} that this version does not know"] = sum(1 for _ in rows)
            continue
        counts[name] = _insert(owner, tables[name], (row for _, row in rows), path.name, problems)
    _restore_owner(owner, head)
    statistics.refresh(sum(counts.values()))
    batch = start_batch(owner, KIND, path.name)
    ties.refold(owner, list(Person.objects.of(owner).values_list("pk", flat=True)))
    habits.learn(owner)
    touch_revision(owner)
    owner.refresh_from_db()
    report = ImportReport(
        batch=None if dry_run else to_text(batch.pk), files=[ImportFile(str(path), FORMAT)],
        records=sum(counts.values()) + sum(skipped.values()) + len(problems),
        people_added=Person.objects.of(owner).filter(standing__in=("kept", "archived")).count(), people_matched=0,
        interactions_added=counts.get("interaction", 0), interactions_known=0, skipped=skipped, problems=problems,
        problems_count=len(problems), seconds=round(time.monotonic() - started, 2), me=[], me_inferred=False,
        dry_run=dry_run,
    )  # fmt: skip
    batch.report = {**as_json(report), "revision": owner.revision}
    batch.save(update_fields=["report"])
    return report


def _insert(owner: Owner, model: type[models.Model], values: Any, name: str, problems: list[ImportProblem]) -> int:
    count = 0
    for chunk in _chunks(values):
        rows = []
        for number, row in enumerate(chunk, count + 1):
            try:
                rows.append(row_of(model, owner.pk, row))
            except (ValueError, TypeError, ArithmeticError):
                table = model._meta.db_table.removeprefix("kith_")
                problems.append(
                    ImportProblem(f"{name}, {table} {number}", "This row holds a value that fits no column.")
                )
        try:
            with transaction.atomic():
                model._default_manager.bulk_create(rows)
        except IntegrityError:
            raise Refused(
                f"Rows of {name} are in this database already, perhaps under another user.",
                "Use another data folder with --home.",
            ) from None
        count += len(rows)
    return count


def _chunks(values: Any) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in values:
        chunk.append(row)
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _restore_owner(owner: Owner, head: dict[str, Any]) -> None:
    told = head.get("owner")
    values = {field: told[field] for field in OWNER_FIELDS if isinstance(told, dict) and field in told}
    Owner.objects.filter(pk=owner.pk).update(**values, is_set_up=True)


def take_back(owner: Owner, batch: Batch) -> None:
    """Empty the network again, if nothing was changed since the export was read back."""
    owner.refresh_from_db()
    if owner.revision != batch.report.get("revision"):
        raise Refused(
            "You have changed things since this export was read back, so that it cannot be taken back as one act.",
            "To start anew, use another data folder with --home.",
        )
    tables: list[type[models.Model]] = [*exported_tables(), Tie, Plan, TextVector]
    for model in tables:
        if model is not Batch:
            model._default_manager.filter(owner_id=owner.pk).delete()
    Batch.objects.of(owner).exclude(pk=batch.pk).delete()

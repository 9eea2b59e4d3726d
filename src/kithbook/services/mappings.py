"""What the columns of a table mean, as the owner said once; used again for every table with these columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import transaction

from kithbook.core.columns import MEANINGS, fold_column, guess_columns, signature
from kithbook.core.errors import Invalid, NotFound
from kithbook.core.ids import from_text, to_text
from kithbook.services import clock
from kithbook.services.registry import operation
from kithbook.sources.csvtable import Table, read_table
from kithbook.sources.opening import told_plainly
from kithbook.store.erase import erase
from kithbook.store.models import ColumnMapping, Owner

SAMPLES = 3
NEEDED = frozenset(("name", "given", "family", "email"))


@dataclass(frozen=True, slots=True)
class TableColumnView:
    """One column of a table: its name, a few cells, and what it means ("" where nobody knows)."""

    name: str
    samples: list[str]
    meaning: str


@dataclass(frozen=True, slots=True)
class MappingView:
    """Saved meanings of columns."""

    id: str
    title: str
    columns: dict[str, str]


def look(owner: Owner, path: Path) -> list[TableColumnView]:
    """The columns of a table with samples and what is known or guessed. Raises Invalid where it is no table."""
    with told_plainly(path), path.open("rb") as file:
        table = read_table(file, lambda cells: len(cells) > 1)
        rows = [cells for _, cells in islice(table.rows, SAMPLES) if cells] if isinstance(table, Table) else []
    if not isinstance(table, Table):
        raise Invalid(f"{path.name} is no table with columns.", "Save it as CSV, with the names of the columns on top.")
    saved = known(owner).get(signature(table.columns), {})
    guess = guess_columns(table.columns, rows).columns
    return [
        TableColumnView(
            name,
            [row[place] for row in rows if place < len(row) and row[place]],
            saved.get(fold_column(name), "" if saved else guess.get(place, "")),
        )
        for place, name in enumerate(table.columns)
        if name
    ]


def known(owner: Owner) -> dict[int, dict[str, str]]:
    """All saved meanings by the signature of the columns."""
    return dict(ColumnMapping.objects.of(owner).values_list("signature", "columns"))


@operation(reads=True)
def listing(owner: Owner) -> list[MappingView]:
    """Tables whose columns you explained."""
    rows = ColumnMapping.objects.of(owner).order_by("title", "pk")
    return [MappingView(to_text(row.pk), row.title, row.columns) for row in rows]


@operation()
@transaction.atomic
def save(owner: Owner, columns: dict[str, str], title: str = "") -> MappingView:
    """Say what the columns of a table mean, all of them, by name.

    A meaning is one of name, given, middle, family, nickname, email, phone, url, organisation, role, city, country,
    note, tag, birthday, anniversary, met_on, met_through, interest, label, id or ignore.
    """
    return _save(owner, list(columns), columns, title)


def _save(owner: Owner, names: Sequence[str], columns: Mapping[str, str], title: str) -> MappingView:
    if wrong := sorted({what for what in columns.values() if what and what not in MEANINGS}):
        raise Invalid(f"“{wrong[0][:30]}” is nothing a column can mean.", f"Use one of: {', '.join(MEANINGS)}.")
    if not NEEDED & set(columns.values()):
        raise Invalid("No column holds a name or an address.", "Say which column holds the name.")
    folded = {fold_column(name): what or "ignore" for name, what in columns.items() if fold_column(name)}
    row, _ = ColumnMapping.objects.update_or_create(
        owner=owner, signature=signature(names),
        defaults={"title": title[:200], "columns": folded, "created_at": clock.now()},
    )  # fmt: skip
    return MappingView(to_text(row.pk), row.title, row.columns)


@operation()
@transaction.atomic
def drop(owner: Owner, mapping: str) -> list[MappingView]:
    """Forget what the columns of a table mean."""
    row = ColumnMapping.objects.of(owner).filter(pk=from_text(mapping)).first()
    if row is None:
        raise NotFound("There is no such table.", "See them with `kith op mappings listing`.")
    erase(ColumnMapping, owner.pk, [row.pk])
    return listing(owner)

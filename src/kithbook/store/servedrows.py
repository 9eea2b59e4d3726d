"""Reads and writes of cards served to devices, many at once, as plain rows. No rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

from kithbook.store.models import Affiliation, CardCopy, Identity, Person, PersonDate, ServedCard, Tag

FETCHED = 2_000
SOURCE = "vcard"
"""The copies of cards that are vCards, and go out as they came."""

_READ: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Identity, ("kind", "key", "value", "label")),
    (Affiliation, ("organisation", "role", "ended_on")),
    (PersonDate, ("kind", "on")),
    (Tag, ("name",)),
)


def rows_behind_cards(owner_id: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """(person id, values) of every row that a card is made of, the person's own row first; kept people only.

    JSON comes as text: these rows are only compared, never read.
    """
    people = Person.objects.of(owner_id).known().annotate(
        nicknames_text=Cast("nicknames", TextField()), edited_text=Cast("edited", TextField())
    )  # fmt: skip
    columns = ("pk", "name", "given_name", "family_name", "nicknames_text", "note", "place", "edited_text")
    for key, *values in people.values_list(*columns).iterator(chunk_size=FETCHED):
        yield key, ("person", *values)
    for model, names in _READ:
        rows = model.objects.of(owner_id).order_by("person_id", "pk").values_list("person_id", *names)
        for key, *values in rows.iterator(chunk_size=FETCHED):
            yield key, (model.__name__, *values)
    copies = CardCopy.objects.of(owner_id).filter(source=SOURCE).order_by("person_id", "pk")
    texts = copies.annotate(text=Cast("lines", TextField())).values_list("person_id", "text")
    for key, text in texts.iterator(chunk_size=100):
        yield key, ("copy", text)


def update_served(rows: Sequence[ServedCard]) -> None:
    """Write person, etag, change and whether it is gone of rows that are there."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE kith_served_card SET person_id = %s, etag = %s, changed = %s, is_gone = %s "
            "WHERE owner_id = %s AND id = %s",
            [(row.person_id, row.etag, row.changed, row.is_gone, row.owner_id, row.pk) for row in rows],
        )

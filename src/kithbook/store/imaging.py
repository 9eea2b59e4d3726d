"""Rows taken away with an image that puts them back, and chosen rows that are to name another person. No rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.db import connection, models

from kithbook.store import contacts
from kithbook.store.erase import erase
from kithbook.store.listing import as_list, in_list
from kithbook.store.models import Participant, Person
from kithbook.store.rows import plain_row, row_of

Image = dict[str, Any]


def tables() -> dict[str, type[models.Model]]:
    """The owned tables by the names that images and exports use."""
    return {model._meta.db_table.removeprefix("kith_"): model for model in apps.get_app_config("store").get_models()}


def take_away(model: type[models.Model], owner_id: int, ids: Iterable[int]) -> Image:
    """Delete rows; the image puts them back: {table: rows}."""
    rows = list(model._default_manager.filter(owner_id=owner_id, pk__in=list(ids)))
    erase(model, owner_id, [row.pk for row in rows])
    return {model._meta.db_table.removeprefix("kith_"): [plain_row(row) for row in rows]} if rows else {}


def put_back(owner_id: int, image: Image) -> None:
    """Make rows of an image again, except those whose person is gone or that are there in another form."""
    known = tables()
    for name, rows in image.items():
        made = [row_of(known[name], owner_id, row) for row in rows]
        ids = {row.person_id for row in made if hasattr(row, "person_id")}
        there = set(Person.objects.of(owner_id).filter(pk__in=ids).values_list("pk", flat=True))
        left = [row for row in made if getattr(row, "person_id", None) in there]
        known[name]._default_manager.bulk_create(left, ignore_conflicts=True, batch_size=500)


def hand_over(model: type[models.Model], owner_id: int, ids: Sequence[int], person: int) -> int:
    """Let rows name another person; how many did."""
    return model._default_manager.filter(owner_id=owner_id, pk__in=ids).update(person_id=person)


def give_exchanges(owner_id: int, interactions: Sequence[int], source: int, target: int) -> int:
    """Let `target` take the place of `source` in these exchanges, except where they took part too; how many did."""
    theirs = Participant.objects.of(owner_id).filter(person=target).values("interaction_id")
    rows = Participant.objects.of(owner_id).filter(person=source, interaction__in=interactions)
    moved = list(rows.exclude(interaction__in=theirs).values_list("interaction_id", flat=True))
    for part in contacts.chunks(moved):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE kith_participant SET person_id = %s WHERE owner_id = %s AND person_id = %s "
                f"AND interaction_id IN {in_list()}",
                [target, owner_id, source, as_list(part)],
            )
    return len(moved)

"""Moves everything that hangs on one person to another and back again, whatever the table. No rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection, models

from kithbook.core.ids import from_text, to_text
from kithbook.store import contacts
from kithbook.store.erase import erase, links
from kithbook.store.listing import as_list, in_list
from kithbook.store.models import NotSame, Participant, Person, Tie
from kithbook.store.rows import plain_row, row_of

APART = (Tie, Participant, NotSame, Person)
"""Ties are derived; participants have no id of their own; the others name people in an order."""

Image = dict[str, Any]
"""{"moved": {"table.column": ids}, "dropped": {table: rows}, "exchanges": {"moved": ids, "shared": {id: role}}}"""


def move_everything(owner_id: int, source: int, target: int) -> Image:
    """Let all rows that name `source` name `target`. Rows that `target` has already are deleted; gives the image."""
    image: Image = {"moved": {}, "dropped": {}}
    for model, column in links(Person):
        if model not in APART:
            _move(image, model, column, owner_id, source, target)
    image["exchanges"] = _move_exchanges(image, owner_id, source, target)
    brought = Person.objects.of(owner_id).filter(met_through=source).exclude(pk=target)
    image["moved"]["person.met_through_id"] = [to_text(key) for key in brought.values_list("pk", flat=True)]
    brought.update(met_through=target)
    _move_not_same(image, owner_id, source, target)
    contacts.delete_ties(owner_id, [source])
    return image


def move_back(owner_id: int, source: int, target: int, image: Image) -> None:
    """Undo `move_everything`: what still names `target` names `source` again, and what was deleted is back."""
    tables = {_name(model): model for model in apps.get_app_config("store").get_models()}
    for place, ids in image["moved"].items():
        table, _, column = place.partition(".")
        for part in contacts.chunks([from_text(key) for key in ids]):
            rows = tables[table]._default_manager.filter(owner_id=owner_id, pk__in=part, **{column: target})
            rows.update(**{column: source})
    _move_exchanges_back(owner_id, source, target, image["exchanges"])
    for pair in image.get("apart", []):
        erase(NotSame, owner_id, [from_text(pair)])
    for table, rows in image["dropped"].items():
        model = tables[table]
        model._default_manager.bulk_create(
            [row_of(model, owner_id, row) for row in rows], ignore_conflicts=True, batch_size=500
        )


def _name(model: type[models.Model]) -> str:
    return model._meta.db_table.removeprefix("kith_")


def _move(image: Image, model: type[models.Model], column: Any, owner_id: int, source: int, target: int) -> None:
    rows = model._default_manager.filter(**{"owner_id": owner_id, column.attname: source})
    twice = [row for row in rows if _has_same(model, column, row, target)] if _unique_with(model, column) else []
    if twice:
        image["dropped"].setdefault(_name(model), []).extend(plain_row(row) for row in twice)
        erase(model, owner_id, [row.pk for row in twice])
    ids = list(rows.values_list("pk", flat=True))
    if ids:
        image["moved"][f"{_name(model)}.{column.attname}"] = [to_text(key) for key in ids]
        rows.update(**{column.attname: target})


def _unique_with(model: type[models.Model], column: Any) -> list[tuple[str, ...]]:
    return [
        tuple(rule.fields)
        for rule in model._meta.constraints
        if isinstance(rule, models.UniqueConstraint) and column.name in rule.fields
    ]


def _has_same(model: type[models.Model], column: Any, row: models.Model, target: int) -> bool:
    """Whether the other person has a row that would be the same one under a unique key."""
    for fields in _unique_with(model, column):
        names = {name: model._meta.get_field(name).attname for name in fields}  # type: ignore[union-attr]
        same = {attname: target if name == column.name else getattr(row, attname) for name, attname in names.items()}
        if model._default_manager.filter(**same).exists():
            return True
    return False


def _move_exchanges(image: Image, owner_id: int, source: int, target: int) -> dict[str, Any]:
    """Participants by two statements; where both took part in one exchange, the stronger role stays."""
    mine = Participant.objects.of(owner_id).filter(person=source)
    theirs = dict(Participant.objects.of(owner_id).filter(person=target).values_list("interaction_id", "role"))
    shared = [row for row in mine.order_by() if row.interaction_id in theirs]
    raised = [row.interaction_id for row in shared if theirs[row.interaction_id] == "also" and row.role != "also"]
    roles = {to_text(row.interaction_id): theirs[row.interaction_id] for row in shared}
    image["dropped"].setdefault("participant", []).extend(plain_row(row) for row in shared)
    for row in shared:
        if row.interaction_id in raised:
            Participant.objects.of(owner_id).filter(person=target, interaction=row.interaction_id).update(role=row.role)
    _run("DELETE FROM kith_participant WHERE owner_id = %s AND person_id = %s", [owner_id, source], _keys(shared))
    moved = list(mine.values_list("interaction_id", flat=True))
    _run(
        "UPDATE kith_participant SET person_id = %s WHERE owner_id = %s AND person_id = %s", [target, owner_id, source]
    )
    return {"moved": [to_text(key) for key in moved], "shared": roles}


def _move_exchanges_back(owner_id: int, source: int, target: int, image: dict[str, Any]) -> None:
    _run(
        "UPDATE kith_participant SET person_id = %s WHERE owner_id = %s AND person_id = %s",
        [source, owner_id, target],
        [from_text(key) for key in image["moved"]],
    )
    for key, role in image["shared"].items():
        Participant.objects.of(owner_id).filter(person=target, interaction=from_text(key)).update(role=role)


def _keys(rows: Iterable[Participant]) -> list[int]:
    return [row.interaction_id for row in rows]


def _run(sql: str, values: list[int], interactions: list[int] | None = None) -> None:
    """One statement on participants, for some interactions only where they are named."""
    with connection.cursor() as cursor:
        if interactions is None:
            cursor.execute(sql, values)
            return
        for part in contacts.chunks(interactions):
            cursor.execute(f"{sql} AND interaction_id IN {in_list()}", [*values, as_list(part)])


def _move_not_same(image: Image, owner_id: int, source: int, target: int) -> None:
    """Whoever is not `source` is not `target` either; the pair itself is said to be one now."""
    rows = [
        *NotSame.objects.of(owner_id).filter(first=source),
        *NotSame.objects.of(owner_id).filter(second=source),
    ]  # fmt: skip
    image["dropped"].setdefault("not_same", []).extend(plain_row(row) for row in rows)
    made = []
    for row in rows:
        other = row.second_id if row.first_id == source else row.first_id
        if other != target:
            first, second = sorted((other, target))
            new, is_new = NotSame.objects.get_or_create(owner_id=owner_id, first_id=first, second_id=second)
            made += [to_text(new.pk)] if is_new else []
    erase(NotSame, owner_id, [row.pk for row in rows])
    image["apart"] = made

"""Deleting within one owner, following the links that the models declare; and looking for links that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import models
from django.db.models.deletion import CASCADE

CHUNK = 5_000


def links(model: type[models.Model]) -> Iterator[tuple[type[models.Model], models.ForeignKey]]:
    """Owned tables that point at this one, with the pointing column."""
    for other in apps.get_app_config("store").get_models():
        for column in other._meta.concrete_fields:
            if isinstance(column, models.ForeignKey) and column.related_model is model and column.name != "owner":
                yield other, column


def erase(model: type[models.Model], owner_id: int, ids: Iterable[int]) -> int:
    """Delete these rows of one owner and what hangs on them; links declared SET_NULL are emptied. Rows deleted."""
    wanted = list(ids)
    total = 0
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        for other, column in links(model):
            hanging = other._default_manager.filter(**{"owner_id": owner_id, f"{column.attname}__in": chunk})
            if column.remote_field.on_delete is not CASCADE:
                hanging.update(**{column.attname: None})
            elif any(links(other)):
                total += erase(other, owner_id, list(hanging.values_list("pk", flat=True)))
            else:
                total += hanging._raw_delete(hanging.db)
        rows = model._default_manager.filter(owner_id=owner_id, pk__in=chunk)
        total += rows._raw_delete(rows.db)
    return total


def orphans(using: str = "default") -> list[str]:
    """Sentences about links that lead to no row of the same owner; empty when all is well. `using` names a database."""
    found = []
    for model in apps.get_app_config("store").get_models():
        for column in model._meta.concrete_fields:
            if not isinstance(column, models.ForeignKey) or column.name == "owner":
                continue
            target = column.related_model._default_manager.using(using).filter(
                pk=models.OuterRef(column.attname), owner_id=models.OuterRef("owner_id")
            )
            rows = model._default_manager.using(using).filter(**{f"{column.attname}__isnull": False})
            lost = rows.filter(~models.Exists(target)).count()
            if lost:
                found.append(f"{model._meta.db_table}.{column.column}: {lost} rows point at nothing")
    return found

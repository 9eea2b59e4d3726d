"""Rows as plain JSON values and back: for exports, and for the images that undo needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models

from kithbook.core.ids import from_text, to_text


def plain_row(row: models.Model) -> dict[str, Any]:
    """A row of an owned table as JSON values by column, without its owner; ids and keys as text."""
    return {
        str(field.column): plain_value(field, getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name != "owner"
    }


def plain_value(field: models.Field[Any, Any], value: Any) -> Any:
    """One value as JSON holds it."""
    if isinstance(value, int) and not isinstance(value, bool) and _is_link(field):
        return to_text(value)
    if _is_key(field):
        return str(value)  # up to 64 bits, which JavaScript would round
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def row_of(model: type[models.Model], owner_id: int, values: Mapping[str, Any]) -> models.Model:
    """The unsaved row that `plain_row` wrote; columns that are missing get their default.

    Raises ValueError for a value that its column cannot hold.
    """
    given: dict[str, Any] = {"owner_id": owner_id}
    for field in model._meta.concrete_fields:
        if field.name != "owner" and field.column in values:
            given[field.attname] = _python_value(field, values[field.column])
    return model(**given)


def _python_value(field: models.Field[Any, Any], value: Any) -> Any:
    if value is None:
        return None
    if _is_link(field):
        return from_text(value)
    if _is_key(field):
        return int(value)
    if isinstance(field, models.BigIntegerField) and isinstance(value, str):  # an instant
        return dt.datetime.fromisoformat(value)
    return field.to_python(value)


def _is_link(field: models.Field[Any, Any]) -> bool:
    return bool(field.is_relation or field.primary_key)


def _is_key(field: models.Field[Any, Any]) -> bool:
    return field.name in ("external_key", "text_key", "signature") or (
        field.name == "key" and isinstance(field, models.BigIntegerField)
    )

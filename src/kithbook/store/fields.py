"""Column types: instants as epoch seconds and dates of which a part may be unknown."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?|-(?:-(\d{2})(?:-(\d{2}))?)")


class InstantField(models.BigIntegerField):
    """An aware UTC datetime in Python, whole epoch seconds in the database.

    Integers sort, compare and aggregate alike on SQLite and PostgreSQL, cost a third of a text timestamp to
    insert, and can be read into arrays without parsing.
    """

    description = "Instant, to the second"
    if TYPE_CHECKING:
        _pyi_private_set_type: dt.datetime | int | models.Combinable
        _pyi_private_get_type: dt.datetime

    def from_db_value(self, value: int | None, _expression: object, _connection: object) -> dt.datetime | None:
        """Seconds to a datetime."""
        return None if value is None else dt.datetime.fromtimestamp(value, dt.UTC)

    def to_python(self, value: Any) -> Any:
        """Accept datetimes and epoch seconds."""
        if value is None or isinstance(value, dt.datetime):
            return value
        return dt.datetime.fromtimestamp(int(value), dt.UTC)

    def get_prep_value(self, value: Any) -> int | None:
        """A datetime to seconds; naive datetimes are refused, they have no instant."""
        if isinstance(value, dt.datetime):
            if value.tzinfo is None:
                raise ValidationError("A time needs its time zone.")
            return int(value.timestamp())
        return None if value is None else int(value)


class PartialDateField(models.CharField):
    """A date as "2021", "2021-04", "2021-04-07" or, without a year, "--04-07"; "" where unknown."""

    description = "Date of which a part may be unknown"

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", 10)
        options.setdefault("blank", True)
        options.setdefault("default", "")
        super().__init__(*args, **options)

    def validate(self, value: str, model_instance: models.Model | None) -> None:
        """Refuse what is not one of the four forms."""
        super().validate(value, model_instance)
        if value and not PARTIAL.fullmatch(value):
            raise ValidationError("A date is written 2021-04-07, 2021-04, 2021 or --04-07.")

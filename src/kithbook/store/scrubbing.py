"""Takes words and ids out of every text of an owner's rows, and freed pages out of the database file. No rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from kithbook.core.ids import to_text
from kithbook.store.fields import PartialDateField
from kithbook.store.models import Account, ApiToken, Device, Identity, Owner, OwnerAddress, Participant, TextVector, Tie

INSTEAD = "someone"
UNTOUCHED: tuple[type[models.Model], ...] = (
    Account, ApiToken, Device, Identity, OwnerAddress, Participant, TextVector, Tie,
)  # fmt: skip
"""What these hold belongs to the owner or to another person by itself, or is no text."""
NO_PROSE = frozenset(
    ("url", "href", "etag", "modified", "uid", "mine", "name", "folded_name", "given_name", "family_name", "nicknames")
)
NAMED_BY_THE_OWNER = frozenset(("event", "group", "objective", "tag"))
"""Tables whose `name` is a text of the owner's, not the name of a person."""
FETCHED, TOGETHER = 5_000, 100
_TOKENS = re.compile(r"[^\w@]+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


class Scrubber:
    """Replaces phrases by “someone”, and takes ids of rows that are gone out of images.

    Phrases of several words are found in any capitals and with any blanks between them; single words only as they are
    written, because many names are also words.
    """

    def __init__(self, phrases: Iterable[str], ids: Iterable[int]) -> None:
        wanted = sorted({" ".join(text.split()) for text in phrases if text.strip()}, key=len, reverse=True)
        self._numbers = frozenset(ids)
        self._texts = frozenset(form for key in self._numbers for form in (str(key), to_text(key)))
        self._pattern = re.compile("|".join(_pattern(text) for text in wanted)) if wanted else None
        anchors = {max(_TOKENS.split(text.casefold()), key=len) for text in wanted}
        self._anchors = frozenset(anchors | self._texts)

    def may_be_in(self, raw: str) -> bool:
        """Quickly whether a text as stored can hold a phrase or an id at all."""
        if "\\u" in raw:
            raw = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), raw)
        return not self._anchors.isdisjoint(_TOKENS.split(raw.casefold()))

    def text(self, value: str) -> str:
        """The text without the phrases."""
        return self._pattern.sub(INSTEAD, value) if self._pattern else value

    def json(self, value: Any) -> Any:
        """A JSON value without the phrases, and without entries about rows that are gone."""
        if isinstance(value, str):
            return None if value in self._texts else self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.json(item) for key, item in value.items() if not self._is_gone(key)}
        if isinstance(value, list):
            return [self.json(item) for item in value if not self._drops(item)]
        return None if isinstance(value, int) and value in self._numbers else value

    def _is_gone(self, key: str) -> bool:
        return key in self._texts or key.partition(":")[2] in self._texts

    def _drops(self, item: Any) -> bool:
        """Whether an entry of a list is about a row that is gone: its id as text, or a row that names it."""
        if isinstance(item, dict):
            return any(isinstance(part, str) and part in self._texts for part in item.values())
        return isinstance(item, str) and item in self._texts


def _pattern(phrase: str) -> str:
    words = [re.escape(word) for word in phrase.split()]
    together = r"[\s_,.\-]+".join(words)
    case = "(?i:%s)" if len(words) > 1 or "@" in phrase else "%s"
    return rf"(?<!\w){case % together}(?!\w)"


def scrub(owner_id: int, scrubber: Scrubber) -> int:
    """Take the phrases and ids out of all texts of this owner; how many rows that changed."""
    count = 0
    for model in apps.get_app_config("store").get_models():
        columns = [] if model in UNTOUCHED else _columns(model)
        if columns:
            for key, values in _hits(model, columns, owner_id, scrubber):
                changed = _changed(columns, values, scrubber)
                count += bool(changed)
                if changed:
                    _write(model, owner_id, key, changed)
    return count


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns of a table in which something about a person may be written."""
    table = model._meta.db_table.removeprefix("kith_")
    return [
        field
        for field in model._meta.concrete_fields
        if (isinstance(field, models.JSONField) and field.name not in NO_PROSE)
        or (
            isinstance(field, models.CharField | models.TextField)
            and not isinstance(field, PartialDateField)
            and not field.choices
            and (field.name not in NO_PROSE or (field.name == "name" and table in NAMED_BY_THE_OWNER))
        )
    ]


def _hits(
    model: type[models.Model], columns: Sequence[models.Field[Any, Any]], owner_id: int, scrubber: Scrubber
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows of the owner whose texts may hold what is looked for, with those texts."""
    quote = connection.ops.quote_name
    mine = "id" if model is Owner else "owner_id"
    names = ", ".join(f"CAST({quote(str(field.column))} AS TEXT)" for field in columns)
    key = quote("id")
    found = []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, {names} FROM {quote(model._meta.db_table)} WHERE {mine} = %s", [owner_id])
        while rows := cursor.fetchmany(FETCHED):
            found += _possible(rows, scrubber)
    for start in range(0, len(found), 500):
        part = model._default_manager.filter(pk__in=found[start : start + 500])
        for row in list(part.values_list("pk", *(field.attname for field in columns))):
            yield row[0], row[1:]


def _possible(rows: Sequence[Sequence[Any]], scrubber: Scrubber) -> Iterator[int]:
    """Keys of the rows (key, text, …) that may hold it; many are looked through at once, as hardly any does."""
    for start in range(0, len(rows), TOGETHER):
        some = rows[start : start + TOGETHER]
        texts = ["\n".join(filter(None, row[1:])) for row in some]
        if scrubber.may_be_in("\n".join(texts)):
            yield from (row[0] for row, text in zip(some, texts, strict=True) if scrubber.may_be_in(text))


def _changed(columns: Sequence[models.Field[Any, Any]], values: Sequence[Any], scrubber: Scrubber) -> dict[str, Any]:
    changed = {}
    for field, old in zip(columns, values, strict=True):
        if isinstance(field, models.JSONField):
            new = scrubber.json(old)
        else:
            new = scrubber.text(old or "")[: field.max_length]
        if new != (old if isinstance(field, models.JSONField) else old or ""):
            changed[field.attname] = new
    return changed


def _write(model: type[models.Model], owner_id: int, key: int, changed: dict[str, Any]) -> None:
    """Write the new texts; where another row has that name already, a number tells them apart."""
    mine = {} if model is Owner else {"owner_id": owner_id}
    row = model._default_manager.filter(pk=key, **mine)
    for number in range(1, 1_000):
        told = {
            name: f"{value} ({number})" if number > 1 and isinstance(value, str) else value
            for name, value in changed.items()
        }
        try:
            with transaction.atomic():
                row.update(**told)
            return
        except IntegrityError:
            continue


def hide_freed() -> None:
    """From now on this connection writes zeros over what it deletes."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")


def wipe() -> bool:
    """Write the database file anew without freed pages, and empty its log; False if it is in use just now.

    PostgreSQL frees what is deleted by itself (autovacuum), in its own time.
    """
    if connection.vendor != "sqlite":
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return not cursor.fetchone()[0]
    except DatabaseError:
        return False

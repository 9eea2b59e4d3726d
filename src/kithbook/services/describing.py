"""What cards tell of people while an import runs, put together and written into their rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.db import connection

from kithbook.store.models import Owner, Person

FIELDS = ("given_name", "family_name", "nicknames", "place", "note", "met_at", "met_where")
CHUNK = 1_000
MOST_NICKNAMES = 20


class Told(NamedTuple):
    """What is told of one person; "", () or None where nothing is. `met_at` is in epoch seconds."""

    given: str = ""
    family: str = ""
    nicknames: tuple[str, ...] = ()
    place: str = ""
    note: str = ""
    met_at: int | None = None
    met_where: str = ""


NOTHING = Told()
Row = tuple[str, str, object, str, str, int | None, str]
"""The values of `FIELDS` as the database stores them."""


class Descriptions:
    """What is told of each person by however many cards; the order of the cards makes no difference to names."""

    def __init__(self) -> None:
        self._told: dict[int, Told] = {}
        field = Person._meta.get_field("nicknames")
        self._stored: Callable[[list[str]], Any] = lambda words: field.get_db_prep_save(words, connection)
        self._no_nicknames = self._stored([])

    def add(self, person: int, told: Told) -> None:
        """Take what one card tells."""
        before = self._told.get(person)
        self._told[person] = told if before is None else _together(before, told)

    def row(self, person: int, given: str, family: str) -> Row:
        """The columns of a new person, with name parts guessed from the display name where no card tells them."""
        told = self._told.get(person, NOTHING)
        if told.given or told.family:
            given, family = told.given, told.family
        nicknames = self._stored(list(told.nicknames)) if told.nicknames else self._no_nicknames
        return given, family, nicknames, told.place, told.note, told.met_at, told.met_where

    def changes(self, owner: Owner, new: Iterable[int]) -> Iterator[tuple[int, dict[str, list[object]]]]:
        """(person, [old, new] by field) of people there already: what their rows leave open, never over what is there.

        Fields that the owner changed by hand stay. A note is added below the one that is there.
        """
        ids = sorted(self._told.keys() - set(new))
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            for values in Person.objects.of(owner).filter(pk__in=chunk).values_list("pk", "edited", *FIELDS):
                filled = _filled(dict(zip(FIELDS, values[2:], strict=True)), values[1], self._told[values[0]])
                if filled:
                    yield values[0], filled


def _together(first: Told, second: Told) -> Told:
    given, family = max((first[:2], second[:2]), key=lambda parts: (all(parts), len("".join(parts)), parts))
    met = min((one[5:] for one in (first, second) if one.met_at is not None), default=(None, ""))
    notes = [paragraph for note in (first.note, second.note) for paragraph in note.split("\n\n") if paragraph]
    return Told(
        given,
        family,
        tuple(dict.fromkeys((*first.nicknames, *second.nicknames)))[:MOST_NICKNAMES],
        max(first.place, second.place, key=lambda place: (len(place), place)),
        "\n\n".join(dict.fromkeys(notes)),
        *met,
    )


def _filled(row: dict[str, Any], edited: list[str], told: Told) -> dict[str, list[object]]:
    offered = dict(zip(FIELDS, told, strict=True))
    if row["met_at"]:  # where belongs to when
        offered["met_where"] = ""
    changed: dict[str, list[object]] = {}
    for field, value in offered.items():
        old = row[field]
        if not value or field in edited:
            continue
        if field == "note" and old and told.note not in old:
            changed[field] = [old, f"{old}\n\n{told.note}"]
        elif not old:
            changed[field] = [_plain(old), list(told.nicknames) if field == "nicknames" else value]
    return changed


def _plain(value: object) -> object:
    return int(value.timestamp()) if isinstance(value, dt.datetime) else value

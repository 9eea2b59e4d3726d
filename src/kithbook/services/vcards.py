"""People as vCards: what a source once gave, line by line, with what is known now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from kithbook.core.cardfields import card_from_lines
from kithbook.core.cards import write_card
from kithbook.core.ids import to_text
from kithbook.core.records import Handle
from kithbook.core.servedcards import Facts, compose, modern, unknown
from kithbook.store.models import Affiliation, CardCopy, Identity, Owner, Person, PersonDate, Tag
from kithbook.store.servedrows import SOURCE

LINKED: dict[Any, tuple[str, ...]] = {
    Identity: ("kind", "value", "key", "label"),
    Affiliation: ("organisation", "role", "started_on", "ended_on"),
    PersonDate: ("kind", "on"),
    Tag: ("name",),
}


def card_texts(owner: Owner, people: Sequence[int]) -> dict[int, str]:
    """What the cards of these people say, by person, in the order of `people`."""
    return {person: write_card(lines) for person, lines in card_lines(owner, people).items()}


def card_lines(owner: Owner, people: Sequence[int]) -> dict[int, list[str]]:
    """The logical lines of the cards of those of these people who are there, in the order of `people`."""
    known = facts_of(owner, people)
    copies: dict[int, list[str]] = {}
    rows = CardCopy.objects.of(owner).filter(person__in=people, source=SOURCE).order_by("pk")
    for person, lines in rows.values_list("person_id", "lines"):
        if lines:
            copies.setdefault(person, lines)
    cards = {person: card_from_lines(modern(copies.get(person, ()))) for person in known}
    foreign = (unknown(cards[person], facts) for person, facts in known.items())
    taken = _taken(owner, {key for keys in foreign for key in keys})
    return {person: compose(cards[person], facts, taken) for person, facts in known.items()}


def _taken(owner: Owner, keys: set[tuple[str, str]]) -> set[tuple[str, str]]:
    if not keys:
        return set()
    rows = Identity.objects.of(owner).filter(key__in=[key for _, key in keys])
    return set(rows.values_list("kind", "key"))


def facts_of(owner: Owner, people: Sequence[int]) -> dict[int, Facts]:
    """What is known of these people that a card has a place for."""
    linked: dict[Any, dict[int, list[Any]]] = {}
    for model, columns in LINKED.items():
        rows: dict[int, list[Any]] = defaultdict(list)
        found = model.objects.of(owner).filter(person__in=people).order_by("pk").values_list("person_id", *columns)
        for person, *values in found:
            rows[person].append(tuple(values))
        linked[model] = rows
    there = {person.pk: person for person in Person.objects.of(owner).filter(pk__in=people)}
    return {
        person.pk: Facts(
            uid=f"kithbook-{to_text(person.pk)}",
            name=person.name,
            given_name=person.given_name,
            family_name=person.family_name,
            nicknames=tuple(person.nicknames),
            note=person.note,
            place=person.place,
            handles=tuple(Handle(*row) for row in linked[Identity][person.pk]),
            jobs=_present(linked[Affiliation][person.pk]),
            dates=tuple(linked[PersonDate][person.pk]),
            tags=tuple(word for (word,) in linked[Tag][person.pk]),
            edited=frozenset(person.edited),
        )
        for person in (there[key] for key in people if key in there)
    }


def _present(rows: Sequence[tuple[str, str, str, str]]) -> tuple[tuple[str, str], ...]:
    """Work that has not ended, the newest first."""
    present = [(begun, (organisation, role)) for organisation, role, begun, ended in rows if not ended]
    return tuple(job for _, job in sorted(present, key=lambda pair: pair[0], reverse=True))

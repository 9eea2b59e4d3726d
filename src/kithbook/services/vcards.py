"""People as vCards: what a source once gave, line by line, with what is known now added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from kithbook.core.cardfields import card_from_lines
from kithbook.core.cards import parse_line
from kithbook.core.ids import to_text
from kithbook.store.models import Affiliation, CardCopy, Identity, Owner, Person, PersonDate, Tag

FIELDS = {"email": "EMAIL", "phone": "TEL", "url": "URL"}


def lines_of_person(owner: Owner, ids: Sequence[int]) -> Iterator[list[str]]:
    """The logical vCard lines of each person, in the order of `ids`."""
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=ids)}
    linked = {
        model: _grouped(model.objects.of(owner).filter(person__in=ids).order_by("pk"))
        for model in (CardCopy, Identity, Affiliation, PersonDate, Tag)
    }
    for key in ids:
        if key in people:
            yield _lines(people[key], {model: rows[key] for model, rows in linked.items()})


def _grouped(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def _lines(person: Person, linked: dict[Any, list[Any]]) -> list[str]:
    """A copy that a vCard gave goes out as it came; what it lacks is added at its end."""
    copy = next((row.lines for row in linked[CardCopy] if row.source == "vcard" and row.lines), None)
    lines = [line for line in copy or () if not line.upper().startswith(("BEGIN:VCARD", "END:VCARD"))]
    card = card_from_lines(lines)
    lines = [line for line in lines if _name(line) not in _replaced(person)]
    names = {_name(line) for line in lines}
    known = {(handle.kind, handle.key) for handle in card.handles}
    if "FN" not in names:
        lines.append(f"FN:{_text(person.name)}")
    if "N" not in names:
        lines.append(f"N:{_text(person.family_name)};{_text(person.given_name)};;;")
    if "UID" not in names:
        lines.append(f"UID:kithbook-{to_text(person.pk)}")
    lines += [
        f"{FIELDS[row.kind]}:{_text(row.value) if row.kind == 'email' else row.value}"
        for row in linked[Identity]
        if row.kind in FIELDS and (row.kind, row.key) not in known
    ]
    if "ORG" not in names:
        lines += _work(linked[Affiliation])
    if "BDAY" not in names:
        lines += [f"BDAY:{row.on}" for row in linked[PersonDate] if row.kind == "birthday"]
    if person.note and "NOTE" not in names:
        lines.append(f"NOTE:{_text(person.note)}")
    tags = [row.name for row in linked[Tag] if row.name not in card.tags]
    if tags:
        lines.append(f"CATEGORIES:{','.join(map(_text, tags))}")
    return lines


def _name(line: str) -> str:
    found = parse_line(line)
    return found.name if found else ""


def _replaced(person: Person) -> set[str]:
    """Properties of the copy that the owner has written anew since."""
    edited = {field for field in ("name", "note") if field in person.edited}
    return {word for field in edited for word in {"name": ("FN", "N"), "note": ("NOTE",)}[field]}


def _work(rows: list[Affiliation]) -> list[str]:
    """The present work; vCard 3.0 has one place for it."""
    current = [row for row in rows if not row.ended_on][:1]
    return [
        line
        for row in current
        for line in (f"ORG:{_text(row.organisation)}", f"TITLE:{_text(row.role)}")
        if line[-1] != ":"
    ]


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\r", "").replace("\n", "\\n")

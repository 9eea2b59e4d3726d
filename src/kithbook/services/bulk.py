"""One change to many people at once, taken back as one act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from kithbook.core.errors import Invalid, Refused
from kithbook.core.ids import from_text, is_id, to_text
from kithbook.services import clock
from kithbook.services.finding import find_person
from kithbook.services.owners import touch_revision
from kithbook.services.privacyviews import BulkView
from kithbook.services.recording import start_batch
from kithbook.services.registry import operation
from kithbook.store import imaging
from kithbook.store.models import Batch, Owner, Person, Tag

KIND = "bulk"
MOST = 1_000
STANDINGS = {"let_go": "archived", "trash": "trashed", "keep": "kept"}
SAID = {"let_go": "let go", "trash": "in the trash", "keep": "kept"}


@operation()
@transaction.atomic
def change(
    owner: Owner,
    people: list[str],
    tag: str = "",
    untag: str = "",
    standing: str = "",
    importance: int | None = None,
    liking: int | None = None,
) -> BulkView:
    """Change many people at once: put a tag on or take it off, let go, trash or keep, importance, liking.

    `standing` is let_go, trash or keep; ratings are 1 to 5, 0 takes one back. Everything is taken back as one act.
    """
    if standing and standing not in STANDINGS:
        raise Invalid(f"“{standing[:30]}” cannot be done with many.", f"Use one of: {', '.join(STANDINGS)}.")
    word, off = (" ".join(text.split())[:60] for text in (tag, untag))
    ratings = {name: value for name, value in (("importance", importance), ("liking", liking)) if value is not None}
    if any(not 0 <= value <= 5 for value in ratings.values()):
        raise Invalid("This is not a rating.", "Ratings go from 1 to 5; 0 takes one back.")
    if not (word or off or standing or ratings):
        raise Refused("Nothing was said about what to change.", "Give a tag, a rating, or what becomes of them.")
    rows = _people(owner, people)
    done = _done(word, off, standing, ratings)
    batch = start_batch(owner, KIND, f"{_count(len(rows))}: {done}")
    changed = _change_rows(batch, rows, _values(standing, ratings))
    changed |= _add_tag(owner, batch, rows, word) | _take_tag(owner, batch, rows, off)
    batch.save(update_fields=["before"])
    touch_revision(owner)
    return BulkView(
        len(changed),
        len(rows) - len(changed),
        f"{_count(len(changed))}: {done}.",
        to_text(batch.pk) if changed else None,
    )


def _people(owner: Owner, wanted: Sequence[str]) -> list[Person]:
    """The people meant, each once, in the order of their names; ids are looked up by one statement."""
    if not wanted:
        raise Invalid("Nobody was chosen.", "Choose people in the list first.")
    if len(wanted) > MOST:
        raise Invalid(f"{len(wanted)} people are too many at once.", f"Choose at most {MOST:,}.")
    ids = {from_text(text) for text in wanted if is_id(text)}
    rows: dict[int, Person] = {
        row.pk: row for row in Person.objects.of(owner).filter(pk__in=ids).exclude(standing="seen")
    }
    for text in wanted:
        # A name may look like an id; whoever is neither is said to be missing.
        if not is_id(text) or from_text(text) not in rows:
            row = find_person(owner, text)
            rows[row.pk] = row
    return sorted(rows.values(), key=lambda row: (row.folded_name, row.pk))


def _values(standing: str, ratings: dict[str, int]) -> dict[str, Any]:
    values: dict[str, Any] = {name: value or None for name, value in ratings.items()}
    if standing:
        values["standing"] = STANDINGS[standing]
        values["trashed_at"] = clock.now() if standing == "trash" else None
    return values


def _change_rows(batch: Batch, rows: Sequence[Person], values: dict[str, Any]) -> set[int]:
    """Set the fields and keep what was; who is like that already stays as they are."""
    changed: list[Person] = []
    image: dict[str, Any] = batch.before.setdefault("people", {})
    for row in rows:
        if all(getattr(row, field) == value for field, value in values.items() if field != "trashed_at"):
            continue
        edited = sorted({*row.edited, *values})
        image[str(row.pk)] = {
            field: [_plain(getattr(row, field)), _plain(value)]
            for field, value in (values | {"edited": edited}).items()
        }
        for field, value in values.items():
            setattr(row, field, value)
        row.edited = edited
        changed.append(row)
    if changed:
        Person.objects.bulk_update(changed, [*values, "edited"], batch_size=200)
    return {row.pk for row in changed}


def _plain(value: Any) -> Any:
    """As images of people hold it: instants as seconds."""
    return int(value.timestamp()) if hasattr(value, "timestamp") else value


def _add_tag(owner: Owner, batch: Batch, rows: Sequence[Person], word: str) -> set[int]:
    if not word:
        return set()
    ids = [row.pk for row in rows]
    there = set(Tag.objects.of(owner).filter(person__in=ids, name=word).values_list("person_id", flat=True))
    new = [row for row in rows if row.pk not in there]
    Tag.objects.bulk_create([Tag(owner=owner, person=row, name=word, batch=batch) for row in new], batch_size=500)
    return {row.pk for row in new}


def _take_tag(owner: Owner, batch: Batch, rows: Sequence[Person], word: str) -> set[int]:
    if not word:
        return set()
    tags = Tag.objects.of(owner).filter(person__in=[row.pk for row in rows], name=word)
    found = dict(tags.values_list("pk", "person_id"))
    batch.before["gone"] = imaging.take_away(Tag, owner.pk, list(found))
    return set(found.values())


def _done(word: str, off: str, standing: str, ratings: dict[str, int]) -> str:
    said = [f"tag “{word}” put on" if word else "", f"tag “{off}” taken off" if off else "", SAID.get(standing, "")]
    said += [f"{name} {value}" if value else f"no {name} any more" for name, value in ratings.items()]
    return ", ".join(filter(None, said))


def _count(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"

"""What a changed card changes of a person, row by row, with the image before, so that one act takes it back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from kithbook.core.cards import stable_key
from kithbook.core.names import fold_name
from kithbook.core.partialdates import partial_text
from kithbook.core.personnames import split_name
from kithbook.core.records import Card, Handle
from kithbook.core.servedcards import REACHED
from kithbook.services import clock
from kithbook.store.erase import erase
from kithbook.store.models import Affiliation, Batch, CardCopy, Identity, Owner, Person, PersonDate, Tag
from kithbook.store.rows import plain_row, row_of
from kithbook.store.servedrows import SOURCE

LONGEST_NOTE = 20_000
KEY = "cards"
TABLES: dict[str, Any] = {
    model.__name__: model for model in (Affiliation, CardCopy, Identity, PersonDate, Tag)
}  # fmt: skip


class CardChanges:
    """Writes the difference between two cards of one person, and keeps with the batch what was there before."""

    def __init__(self, owner: Owner, batch: Batch, person: Person) -> None:
        self.owner, self.batch, self.person = owner, batch, person
        self._gone: list[list[Any]] = []
        self._changed: list[list[Any]] = []
        self._fields: dict[str, Any] = {}

    def save(self, *, by_hand: bool = True) -> None:
        """Write the person's fields, marked as the owner's own unless told otherwise, and the batch with the image."""
        self.keep(by_hand=by_hand)
        self.batch.save(update_fields=["before"])

    def keep(self, *, by_hand: bool = True) -> None:
        """The same, but the batch has yet to be saved: once for many cards."""
        if by_hand and self._fields:
            self.set(edited=sorted({*self.person.edited, *self._fields}))
        if self._fields:
            self.person.save(update_fields=[*self._fields])
        if self._fields and self.person.batch_id != self.batch.pk:
            self.batch.note_people({self.person.pk: self._fields})
        image = self.batch.before.setdefault(KEY, {"gone": [], "changed": []})
        image["gone"] += self._gone
        image["changed"] += self._changed

    def set(self, **values: Any) -> None:
        """Set fields of the person."""
        for field, value in values.items():
            old = getattr(self.person, field)
            if old != value:
                self._fields[field] = [_plain(old), _plain(value)]
                setattr(self.person, field, value)

    def apply(self, old: Card, new: Card) -> None:
        """Change of the person what differs between the card as it was served and the one that came back."""
        if new.name and new.name != old.name:
            self.rename(new)
        elif (new.given_name, new.family_name) != (old.given_name, old.family_name):
            self.set(given_name=new.given_name[:150], family_name=new.family_name[:150])
        if new.nicknames != old.nicknames:
            self.set(nicknames=list(new.nicknames))
        if new.note != old.note:
            self.set(note=new.note[:LONGEST_NOTE])
        if new.place != old.place:
            self.set(place=new.place[:200])
        self._leave_handles(old, new)
        self.add_handles(handle for handle in new.handles if handle not in old.handles)
        self._change_jobs(old, new)
        self._change_dates(old, new)
        self._change_tags(old, new)

    def rename(self, card: Card) -> None:
        """Take the names of the card."""
        given, family = card.given_name, card.family_name
        if not (given or family):
            given, family = split_name(card.name)
        name = card.name[:300]
        self.set(
            name=name, folded_name=fold_name(name)[:300], given_name=given[:150], family_name=family[:150]
        )  # fmt: skip

    def add_handles(self, handles: Iterable[Handle]) -> None:
        """Give the person these handles, but none that somebody has."""
        for handle in handles:
            key = handle.key[:500]
            if not Identity.objects.of(self.owner).filter(kind=handle.kind, key=key).exists():
                self._add(Identity, kind=handle.kind, key=key, value=handle.value[:500], label=handle.label[:60])

    def _leave_handles(self, old: Card, new: Card) -> None:
        kept = {(handle.kind, handle.key) for handle in new.handles}
        for handle in old.handles:
            if handle.kind in REACHED and (handle.kind, handle.key) not in kept:
                self._remove(Identity, kind=handle.kind, key=handle.key[:500])

    def leave_urls(self, values: Iterable[str]) -> None:
        """Take away addresses of pages by what is written; many are no profile and have no key in a card."""
        for value in values:
            self._remove(Identity, kind="url", value=value[:500])

    def _change_jobs(self, old: Card, new: Card) -> None:
        before, after = ([(job.organisation[:300], job.role[:300]) for job in card.jobs] for card in (old, new))
        self.leave_jobs(job for job in before if job not in after)
        self.add_jobs(job for job in after if job not in before)

    def leave_jobs(self, jobs: Iterable[tuple[str, str]]) -> None:
        """Present work of these is over today; past work is kept."""
        for organisation, role in jobs:
            for row in self._mine(Affiliation).filter(organisation=organisation, role=role, ended_on="").order_by("pk"):
                self._change(row, "ended_on", clock.today(self.owner).isoformat())

    def add_jobs(self, jobs: Iterable[tuple[str, str]]) -> None:
        """Note present work; what had ended goes on."""
        for organisation, role in jobs:
            rows = list(self._mine(Affiliation).filter(organisation=organisation, role=role).order_by("pk"))
            if not rows:
                self._add(Affiliation, organisation=organisation, role=role, noted_on=clock.today(self.owner))
            elif all(row.ended_on for row in rows):
                self._change(rows[-1], "ended_on", "")

    def _change_dates(self, old: Card, new: Card) -> None:
        for kind in {*old.dates, *new.dates}:
            on = partial_text(new.dates.get(kind))
            if on != partial_text(old.dates.get(kind)):
                self.set_date(kind, on)

    def set_date(self, kind: str, on: str) -> None:
        """The date of this kind, "" for none."""
        row = self._mine(PersonDate).filter(kind=kind).first()
        if row and on:
            self._change(row, "on", on)
        elif row:
            self._remove(PersonDate, kind=kind)
        elif on:
            self._add(PersonDate, kind=kind, on=on)

    def add_dates(self, card: Card) -> None:
        """Note dates of kinds that the person has none of."""
        for kind, day in card.dates.items():
            if partial_text(day) and not self._mine(PersonDate).filter(kind=kind).exists():
                self._add(PersonDate, kind=kind, on=partial_text(day))

    def _change_tags(self, old: Card, new: Card) -> None:
        self.leave_tags(word for word in old.tags if word not in new.tags)
        self.add_tags(word for word in new.tags if word not in old.tags)

    def leave_tags(self, words: Iterable[str]) -> None:
        """Take these words away from the person."""
        for word in words:
            self._remove(Tag, name=word[:60])

    def add_tags(self, words: Iterable[str]) -> None:
        """Put these words on the person."""
        for word in dict.fromkeys(word[:60] for word in words):
            if not self._mine(Tag).filter(name=word).exists():
                self._add(Tag, name=word)

    def keep_lines(self, lines: list[str], key: int) -> None:
        """Keep the card line by line; `key` is the stable key of its source."""
        row = next((row for row in self._mine(CardCopy).filter(source=SOURCE).order_by("pk") if row.lines), None)
        if row:
            self._change(row, "lines", lines)
            return
        if CardCopy.objects.of(self.owner).filter(source=SOURCE, external_key=key).exists():
            key = stable_key("served", str(self.person.pk))
        self._add(CardCopy, source=SOURCE, external_key=key, lines=lines)

    def _mine(self, model: Any) -> Any:
        return model.objects.of(self.owner).filter(person=self.person)

    def _add(self, model: Any, **values: Any) -> None:
        model.objects.create(owner=self.owner, person=self.person, batch=self.batch, **values)

    def _remove(self, model: Any, **values: Any) -> None:
        rows = list(self._mine(model).filter(**values))
        self._gone += [[model.__name__, plain_row(row)] for row in rows]
        erase(model, self.owner.pk, [row.pk for row in rows])

    def _change(self, row: Any, column: str, value: Any) -> None:
        self._changed.append([type(row).__name__, str(row.pk), column, getattr(row, column), _mark(value)])
        setattr(row, column, value)
        row.save(update_fields=[column])


def take_back(owner: Owner, before: dict[str, Any]) -> None:
    """Put back what a batch's cards changed and took away, except where it was changed or given anew since."""
    image = before.get(KEY, {})
    for table, key, column, old, mark in reversed(image.get("changed", [])):
        row = TABLES[table].objects.of(owner).filter(pk=int(key)).first()
        if row is not None and _mark(getattr(row, column)) == mark:
            setattr(row, column, old)
            row.save(update_fields=[column])
    for table, values in image.get("gone", []):
        row = row_of(TABLES[table], owner.pk, values)
        if _is_free(owner, row):
            row.save(force_insert=True)


def _is_free(owner: Owner, row: Any) -> bool:
    """Whether the person is still there and nothing took the row's place."""
    model = type(row)
    if not Person.objects.of(owner).filter(pk=row.person_id).exists() or model.objects.filter(pk=row.pk).exists():
        return False
    names = next(constraint.fields for constraint in model._meta.constraints)
    same = {name: getattr(row, model._meta.get_field(name).attname) for name in names}
    return not model.objects.filter(**same).exists()


def _plain(value: Any) -> Any:
    return int(value.timestamp()) if hasattr(value, "timestamp") else value


def _mark(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:32]

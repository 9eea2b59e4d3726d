"""Erasing people for good: what is theirs goes, and what others share with them no longer names them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.db.models.deletion import CASCADE

from kithbook.core.names import fold_name
from kithbook.services import habits, keepout, meaning
from kithbook.services.owners import touch_revision
from kithbook.store import contacts
from kithbook.store.erase import erase, links
from kithbook.store.models import (
    Batch,
    EntryParty,
    Identity,
    Interaction,
    Introduction,
    LedgerEntry,
    Owner,
    Participant,
    Person,
    Plan,
    SyncItem,
    Tie,
)
from kithbook.store.scrubbing import Scrubber, hide_freed, scrub, wipe

ACTS = ("import", "demo", "rebuild")
"""Batches named after a file, not after what was written down about somebody."""
ERASED = "Something about somebody who was erased"
LEAST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Goes:
    """What erasing some people takes away: rows by table, exchanges of theirs alone, and what they share with others.

    `mentions` counts texts about others in which their name or address becomes “someone”.
    """

    rows: dict[str, int]
    exchanges: int
    shared_exchanges: int
    entries: int
    mentions: int


@dataclass(frozen=True, slots=True)
class _Found:
    """Ids of everything that goes with some people."""

    people: list[int]
    exchanges: list[int]
    shared: int
    entries: list[int]
    introductions: list[int]
    sync_items: list[int]

    def all(self) -> list[int]:
        return [*self.people, *self.exchanges, *self.entries, *self.introductions, *self.sync_items]


def rehearse(owner: Owner, people: Sequence[Person]) -> Goes:
    """What would go: it is done and taken back at once, so that the numbers are those of the act."""
    with transaction.atomic():
        goes = _carry_out(owner, people, keep_out=False)
        transaction.set_rollback(True)
    owner.refresh_from_db()
    return goes


def run(owner: Owner, people: Sequence[Person], *, keep_out: bool) -> tuple[Goes, bool]:
    """Erase these people; what went, and whether the database file was written anew without them.

    With `keep_out` a hash of each address stays, so that no import brings them back. The file is written anew only
    where no transaction is open around this.
    """
    hide_freed()
    with transaction.atomic():
        goes = _carry_out(owner, people, keep_out=keep_out)
        habits.learn(owner)
        touch_revision(owner)
    return goes, not transaction.get_connection().in_atomic_block and wipe()


def _carry_out(owner: Owner, people: Sequence[Person], *, keep_out: bool) -> Goes:
    found = _find(owner, [row.pk for row in people])
    scrubber = _scrubber(owner, people, found)
    rows = _count(owner, found)
    keepout.leave_cards(owner, found.people)
    handles = Identity.objects.of(owner).filter(person__in=found.people)
    kept = list(handles.values_list("kind", "key")) if keep_out else []
    _erase(owner, found)
    mentions = scrub(owner.pk, scrubber)
    owner.refresh_from_db()
    keepout.remember(owner, kept)
    return Goes(rows, len(found.exchanges), found.shared, len(found.entries), mentions)


def _find(owner: Owner, ids: list[int]) -> _Found:
    theirs = Participant.objects.of(owner).filter(person__in=ids)
    others = Participant.objects.of(owner).exclude(person__in=ids).exclude(role="also")
    mine = set(theirs.values_list("interaction_id", flat=True))
    shared = mine & set(
        others.filter(interaction__in=theirs.values("interaction_id")).values_list("interaction_id", flat=True)
    )
    parties = EntryParty.objects.of(owner).filter(person__in=ids)
    with_others = EntryParty.objects.of(owner).exclude(person__in=ids).filter(entry__in=parties.values("entry_id"))
    entries = set(parties.values_list("entry_id", flat=True)) - set(with_others.values_list("entry_id", flat=True))
    made = Introduction.objects.of(owner).filter(Q(introducer__in=ids) | Q(first__in=ids) | Q(second__in=ids))
    items = SyncItem.objects.of(owner).filter(person__in=ids)
    return _Found(
        people=ids,
        exchanges=sorted(mine - shared),
        shared=len(shared),
        entries=sorted(entries),
        introductions=list(made.values_list("pk", flat=True)),
        sync_items=list(items.values_list("pk", flat=True)),
    )


def _count(owner: Owner, found: _Found) -> dict[str, int]:
    """Rows by table that name these people, without exchanges and entries."""
    rows: dict[str, int] = {}
    for model, column in links(Person):
        if model in (Tie, Participant, EntryParty, Introduction) or column.remote_field.on_delete is not CASCADE:
            continue
        count = model._default_manager.filter(**{"owner_id": owner.pk, f"{column.attname}__in": found.people}).count()
        if count:
            name = model._meta.db_table.removeprefix("kith_")
            rows[name] = rows.get(name, 0) + count
    for name, ids in (("introduction", found.introductions), ("sync_item", found.sync_items)):
        if ids:
            rows[name] = len(ids)
    return dict(sorted(rows.items()))


def _erase(owner: Owner, found: _Found) -> None:
    batches = _acts(owner, found)
    for model, ids in (
        (Introduction, found.introductions),
        (SyncItem, found.sync_items),
        (LedgerEntry, found.entries),
        (Interaction, found.exchanges),
        (Person, found.people),
    ):
        erase(model, owner.pk, ids)
    contacts.delete_ties(owner.pk, found.people)
    # Plans and vectors of texts are made anew from what is left.
    Plan.objects.of(owner).delete()
    meaning.forget(owner)
    _close_acts(owner, batches)


def _acts(owner: Owner, found: _Found) -> set[int]:
    """Batches of single acts that wrote rows about these people: their titles are what the owner typed."""
    named: set[int] = set()
    for model, column in links(Person):
        if any(field.name == "batch" for field in model._meta.concrete_fields):
            rows = model._default_manager.filter(**{"owner_id": owner.pk, f"{column.attname}__in": found.people})
            named |= set(rows.values_list("batch_id", flat=True))
    theirs = Participant.objects.of(owner).filter(person__in=found.people)
    for rows in (
        Person.objects.of(owner).filter(pk__in=found.people),
        Interaction.objects.of(owner).filter(pk__in=theirs.values("interaction_id")),
        LedgerEntry.objects.of(owner).filter(parties__person__in=found.people),
        Introduction.objects.of(owner).filter(pk__in=found.introductions),
    ):
        named |= set(rows.values_list("batch_id", flat=True))
    acts = Batch.objects.of(owner).filter(pk__in=named - {None}).exclude(kind__in=ACTS)
    return set(acts.values_list("pk", flat=True))


def _close_acts(owner: Owner, batches: set[int]) -> None:
    """An act of which nothing is left goes; the others lose the sentence that they were made from."""
    left: set[int] = set()
    for model, column in links(Batch):
        rows = model._default_manager.filter(**{"owner_id": owner.pk, f"{column.attname}__in": batches})
        left |= set(rows.values_list(column.attname, flat=True))
    erase(Batch, owner.pk, sorted(batches - left))
    Batch.objects.of(owner).filter(pk__in=left).update(title=ERASED, report={})


def _scrubber(owner: Owner, people: Sequence[Person], found: _Found) -> Scrubber:
    ids = [row.pk for row in people]
    phrases = {form for row in people for form in _forms(row)}
    for value, key in Identity.objects.of(owner).filter(person__in=ids).values_list("value", "key"):
        phrases |= {value, key}
    return Scrubber(phrases - _shared_names(owner, ids, phrases), found.all())


def _forms(row: Person) -> Iterable[str]:
    """How somebody's name may be written in a text. Nicknames of one word are words of everyday too often."""
    yield row.name
    if row.given_name and row.family_name:
        yield f"{row.given_name} {row.family_name}"
        yield f"{row.family_name} {row.given_name}"
    yield from (name for name in row.nicknames if " " in name.strip())


def _shared_names(owner: Owner, ids: list[int], phrases: set[str]) -> set[str]:
    """Names that somebody else has as well, or has as a part of theirs, and what is too short to be looked for."""
    folded = {phrase: f" {fold_name(phrase)} " for phrase in phrases if "@" not in phrase}
    shared = {phrase for phrase in phrases if len(phrase.strip()) < LEAST_LETTERS}
    names = Person.objects.of(owner).exclude(pk__in=ids).exclude(standing="seen")
    wanted = {phrase: name for phrase, name in folded.items() if phrase not in shared and name.strip()}
    for name in names.values_list("folded_name", flat=True).iterator(chunk_size=5_000):
        shared |= {phrase for phrase, part in wanted.items() if part.strip() in name and part in f" {name} "}
    return shared

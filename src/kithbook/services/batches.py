"""Batches: what was added in one act, and taking it back as one act."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from kithbook.core.errors import NotFound, Refused
from kithbook.core.ids import from_text, to_text
from kithbook.core.names import fold_name
from kithbook.services import cardchanges, habits, introducing, ladder, rowchanges, ties, touches
from kithbook.services.clock import now
from kithbook.services.owners import touch_revision
from kithbook.services.registry import operation
from kithbook.services.views import BatchView, UndoReport
from kithbook.store import contacts, imaging
from kithbook.store.bulk import update_alike
from kithbook.store.erase import erase, links
from kithbook.store.models import (
    Affiliation,
    Ask,
    Attendance,
    Batch,
    CardCopy,
    Clip,
    ClipUse,
    EntryParty,
    Event,
    Feed,
    Group,
    Identity,
    Interaction,
    Introduction,
    LedgerEntry,
    MatchVerdict,
    Membership,
    Objective,
    ObjectivePerson,
    Outcome,
    Owner,
    OwnerAddress,
    Participant,
    Person,
    PersonDate,
    Promise,
    Referral,
    Request,
    ReviewDecision,
    Role,
    Snooze,
    SourceKey,
    StageEvent,
    Tag,
    TimeSpent,
    Topic,
    Touch,
    Trip,
)

LISTED = 200
# In this order: what hangs on other rows of the batch goes before what it hangs on.
ROWS = (
    SourceKey, ClipUse, Clip, Feed, Request, ReviewDecision, Trip, TimeSpent, MatchVerdict, Outcome,
    Ask, Promise, LedgerEntry, Referral, Introduction, Topic, Snooze, Tag, PersonDate, Affiliation, CardCopy,
    Membership, Attendance, StageEvent, Role, ObjectivePerson, Objective, Event, Group, OwnerAddress,
)  # fmt: skip
SHARED = (Objective, Event, Group)
"""Tables whose rows several acts can name."""

OF_ONE_PERSON = (
    Ask, Promise, Topic, Tag, PersonDate, Affiliation, CardCopy, Membership, Attendance, StageEvent, Snooze, Role,
    ObjectivePerson, Identity, Request, ReviewDecision, ClipUse,
)  # fmt: skip
PERSON_ROWS: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    *((model, ("person_id",)) for model in OF_ONE_PERSON),
    (Introduction, ("introducer_id", "first_id", "second_id")),
    (Referral, ("giver_id", "receiver_id")),
    (MatchVerdict, ("needs_id", "offers_id")),
)
"""Tables with a batch whose rows speak of people, and the columns that name them."""


@operation(reads=True)
def listing(owner: Owner) -> list[BatchView]:
    """What was added, newest first: imports, sentences written down, the demo network."""
    rows = Batch.objects.of(owner).order_by("-started_at", "-pk")[:LISTED]
    return [_view(row) for row in rows]


@operation()
@transaction.atomic
def undo(owner: Owner, batch: str) -> UndoReport:
    """Take a batch back as one act. People whom you have added to since are kept and named."""
    row = Batch.objects.of(owner).filter(pk=from_text(batch)).first()
    if row is None:
        raise NotFound(f"There is no batch {batch[:20]}.", "See them with `kith import list`.")
    if row.state == "undone":
        raise Refused("This was taken back already.", "Import the file again to have it back.")
    report = _take_back_by_kind(owner, row)
    Batch.objects.of(owner).filter(pk=row.pk).update(state="undone", finished_at=now(), before={})
    touch_revision(owner)
    return report


def _take_back_by_kind(owner: Owner, row: Batch) -> UndoReport:
    if row.kind == "rebuild":
        return _take_back_export(owner, row)
    if row.kind == "split":
        from kithbook.services import splitting

        splitting.take_back(owner, row)
        return UndoReport(to_text(row.pk), 1, 0, [])
    return _take_back(owner, row)


def _take_back_export(owner: Owner, row: Batch) -> UndoReport:
    from kithbook.services import rebuilding

    people = Person.objects.of(owner).exclude(standing="seen").count()
    interactions = Interaction.objects.of(owner).count()
    rebuilding.take_back(owner, row)
    return UndoReport(to_text(row.pk), people, interactions, [])


def find_batch(owner: Owner, text: str) -> Batch:
    """A batch by id or by an unambiguous beginning of it."""
    wanted = text.strip().lower()
    rows: list[Batch] = [row for row in Batch.objects.of(owner) if wanted and to_text(row.pk).startswith(wanted)]
    if len(rows) != 1:
        raise NotFound(f"There is no batch {text[:20]}.", "See them with `kith import list`.")
    return rows[0]


def _take_back(owner: Owner, row: Batch) -> UndoReport:
    introducing.take_back(owner, row.before)
    rowchanges.put_back(owner, row.before)
    affected = contacts.people_in_batch(owner.pk, row.pk)
    moved = set(_of(StageEvent, owner, row).values_list("person_id", flat=True))
    touches.reopen_touches(owner, Touch.objects.of(owner).filter(interaction__in=_of(Interaction, owner, row)))
    interactions = _delete_interactions(owner, row)
    for model in ROWS:
        erase(model, owner.pk, _alone(model, owner, row))
    _restore(owner, row.before)
    imaging.put_back(owner.pk, row.before.get("gone", {}))
    cardchanges.take_back(owner, row.before)
    removed, kept, shown = _remove_people(owner, row)
    left = [person for person in affected if person not in removed]
    contacts.delete_ties(owner.pk, sorted(removed))
    ties.refold(owner, left)
    ladder.reset_stages(owner, [*left, *(moved - removed)])
    habits.learn(owner)
    return UndoReport(to_text(row.pk), shown, interactions, kept)


def _of(model: Any, owner: Owner, row: Batch) -> Any:
    return model.objects.of(owner).filter(batch=row)


def _alone(model: Any, owner: Owner, row: Batch) -> set[int]:
    """Rows of the batch to erase; a gathering or group that rows from elsewhere name as well becomes the owner's."""
    ids = set(_of(model, owner, row).values_list("pk", flat=True))
    if model not in SHARED:
        return ids
    named: set[int] = set()
    for other, column in links(model):
        rows = other._default_manager.filter(owner=owner)
        if any(field.name == "batch" for field in other._meta.concrete_fields):
            rows = rows.filter(~Q(batch=row) | Q(batch=None))
        named |= _whose(rows, ids, column.attname)
    _of(model, owner, row).filter(pk__in=named).update(batch=None)
    return ids - named


def _delete_interactions(owner: Owner, row: Batch) -> int:
    """Participants and interactions by two statements, however many there are; links to them are emptied."""
    mine = _of(Interaction, owner, row)
    for model in (LedgerEntry, Promise, Ask):
        model.objects.of(owner).filter(interaction__in=mine.values("pk")).update(interaction=None)
    parts = Participant.objects.of(owner).filter(interaction__in=mine.values("pk"))
    parts._raw_delete(parts.db)
    return int(mine._raw_delete(mine.db))


def _restore(owner: Owner, before: dict[str, Any]) -> None:
    """Put back the values that the batch changed, except where the owner changed them again since."""
    settings = before.get("owner", {})
    if settings and all(getattr(owner, field) == new for field, (_, new) in settings.items()):
        Owner.objects.filter(pk=owner.pk).update(**{field: old for field, (old, _) in settings.items()})
        owner.refresh_from_db()
    people = {int(person): fields for person, fields in before.get("people", {}).items()}
    for part in contacts.chunks(sorted(people)):
        rows = Person.objects.of(owner).filter(pk__in=part)
        update_alike(Person, owner.pk, {row.pk: _values_before(row, people[row.pk]) for row in rows})


def _values_before(row: Any, fields: dict[str, list[Any]]) -> dict[str, Any]:
    """The old values of those fields of a person that still have the value that the batch gave them."""
    back: dict[str, Any] = {}
    for field, (old, new) in fields.items():
        current = getattr(row, field)
        plain = int(current.timestamp()) if hasattr(current, "timestamp") else current
        if plain == new:
            back[field] = row._meta.get_field(field).to_python(old)
    if "name" in back:
        back["folded_name"] = fold_name(back["name"])[:300]
    return back


def _remove_people(owner: Owner, row: Batch) -> tuple[set[int], list[str], int]:
    """Delete the people of the batch that nothing else hangs on; the others become the owner's own.

    Returns the ids deleted, the names kept, and how many of the deleted were shown in lists.
    """
    mine = set(_of(Person, owner, row).values_list("pk", flat=True))
    needed = _added_to(owner, row, mine)
    copied = _whose(Participant.objects.of(owner).filter(role="also"), mine, "person_id") - needed
    gone = mine - needed - copied
    shown = Person.objects.of(owner).filter(pk__in=gone).exclude(standing="seen").count()
    erase(Person, owner.pk, sorted(gone))
    # Other mail still shows them beside the owner, without an exchange: they are as if only that mail were here.
    Person.objects.of(owner).filter(pk__in=copied).update(standing="seen")
    kept = Person.objects.of(owner).filter(pk__in=needed | copied)
    names = list(kept.exclude(standing="seen").order_by("folded_name").values_list("name", flat=True))
    Identity.objects.of(owner).filter(batch=row, person__in=needed | copied).update(batch=None)
    kept.update(batch=None)
    erase(Identity, owner.pk, _of(Identity, owner, row).values_list("pk", flat=True))
    return gone, names, shown


def _added_to(owner: Owner, row: Batch, people: set[int]) -> set[int]:
    """Those of the people to whom something was added that is not of this batch."""
    needed: set[int] = set()
    others = ~Q(batch=row) | Q(batch=None)
    for model, columns in PERSON_ROWS:
        for column in columns:
            needed |= _whose(model._default_manager.filter(others, owner=owner), people, column)
    needed |= _whose(EntryParty.objects.of(owner), people, "person_id")
    needed |= _whose(Participant.objects.of(owner).exclude(role="also"), people, "person_id")
    needed |= _whose(Touch.objects.of(owner).exclude(state__in=("open", "lapsed")), people, "person_id")
    edited = Person.objects.of(owner).filter(batch=row).exclude(edited=[])
    return needed | _whose(edited, people, "pk")


def _whose(rows: Any, people: Iterable[int], column: str) -> set[int]:
    wanted = set(people)
    return {person for person in rows.values_list(column, flat=True).distinct() if person in wanted}


def _view(row: Batch) -> BatchView:
    report = row.report or {}
    return BatchView(
        id=to_text(row.pk),
        kind=row.kind,
        title=row.title,
        state=row.state,
        at=row.started_at,
        people_added=report.get("people_added", 0),
        interactions_added=report.get("interactions_added", 0),
    )

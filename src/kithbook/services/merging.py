"""Two entries for one person made one, field by field, with the image before; and taken back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import from_text, to_text
from kithbook.core.names import fold_name
from kithbook.services import clock, ties
from kithbook.services.finding import brief, find_person
from kithbook.services.owners import touch_revision
from kithbook.services.registry import operation
from kithbook.services.views import PersonBrief
from kithbook.store.erase import erase
from kithbook.store.models import MergeLog, NotSame, Owner, Person
from kithbook.store.moving import move_back, move_everything
from kithbook.store.rows import plain_row, plain_value, row_of

CHOICES = ("name", "place", "note", "stage", "importance", "liking", "closeness", "met")
"""What the owner can choose to take from the second entry."""
KEPT_FIRST = (
    "given_name",
    "family_name",
    "place",
    "importance",
    "liking",
    "closeness",
    "shows_balance",
    "rhythm_days",
    "vouch",
)
EITHER = ("is_kin", "is_key", "is_bridge", "no_gifts", "standing_permission", "follows_up")
MET = ("met_at", "met_where", "met_event_id", "met_through_id")
STANDINGS = ("kept", "archived", "trashed", "seen")
LISTED = 100


@dataclass(frozen=True, slots=True)
class MergeView:
    """A merge: who was kept, the name of the entry that went into it, and when."""

    id: str
    kept: PersonBrief
    gone: str
    at: dt.datetime
    is_undone: bool


@operation()
@transaction.atomic
def merge(owner: Owner, person: str, other: str, take: list[str] | None = None) -> MergeView:
    """Make two entries one: everything of the second goes to the first; `merging undo` takes it back.

    Where both have a value the first one's stays; `take` names fields to take from the second: name, place, note,
    stage, importance, liking, closeness, met. Notes and names are never dropped.
    """
    kept, gone = find_person(owner, person), find_person(owner, other)
    wanted = frozenset(take or ())
    if unknown := sorted(wanted - set(CHOICES)):
        raise Invalid(f"“{unknown[0][:30]}” cannot be taken.", f"Use some of: {', '.join(CHOICES)}.")
    if kept.pk == gone.pk:
        raise Invalid(f"Both are {kept.name}.", "Name two entries; ids tell two people with one name apart.")
    before = {name: (field, getattr(kept, field.attname)) for name, field in _fields()}
    image: dict[str, Any] = {"gone": plain_row(gone)}
    combine(kept, gone, wanted)
    image["kept"] = {
        name: [plain_value(field, old), plain_value(field, getattr(kept, field.attname))]
        for name, (field, old) in before.items()
        if getattr(kept, field.attname) != old
    }
    image |= move_everything(owner.pk, gone.pk, kept.pk)
    kept.save()
    erase(Person, owner.pk, [gone.pk])
    log = MergeLog.objects.create(owner=owner, kept=kept, gone_name=gone.name, before=image, at=_next_moment(owner))
    ties.refold(owner, [kept.pk])
    touch_revision(owner)
    return _view(log, kept)


@operation(reads=True)
def merges(owner: Owner) -> list[MergeView]:
    """Which entries were made one, newest first."""
    rows = MergeLog.objects.of(owner).select_related("kept").order_by("-at", "-pk")[:LISTED]
    return [_view(row, row.kept) for row in rows]


@operation()
@transaction.atomic
def undo(owner: Owner, merge: str) -> MergeView:
    """Take a merge back: both entries are as they were, and what came since stays with the one that was kept."""
    log = MergeLog.objects.of(owner).filter(pk=from_text(merge)).select_related("kept").first()
    if log is None:
        raise NotFound("There is no merge with this id.", "See them with `kith op merging merges`.")
    if log.undone_at:
        raise Refused("This merge was taken back already.", "Merge the two again if it was right after all.")
    later = MergeLog.objects.of(owner).filter(kept=log.kept, undone_at=None, at__gt=log.at).order_by("-at").first()
    if later:
        raise Refused(
            f"{log.kept.name} was merged with “{later.gone_name}” after that.", "Take the later merge back first."
        )
    image, kept = log.before, log.kept
    gone: Any = row_of(Person, owner.pk, image["gone"])
    gone.save(force_insert=True)
    move_back(owner.pk, gone.pk, kept.pk, image)
    _restore(owner, kept, image["kept"])
    MergeLog.objects.of(owner).filter(pk=log.pk).update(undone_at=clock.now(), before={})
    ties.refold(owner, [kept.pk, gone.pk])
    touch_revision(owner)
    log.refresh_from_db()
    return _view(log, log.kept)


@operation()
@transaction.atomic
def keep_apart(owner: Owner, person: str, other: str) -> list[PersonBrief]:
    """Say that two people are not the same; they are not proposed again."""
    first, second = sorted((find_person(owner, person), find_person(owner, other)), key=lambda row: row.pk)
    if first.pk == second.pk:
        raise Invalid(f"Both are {first.name}.", "Name two entries; ids tell two people with one name apart.")
    NotSame.objects.get_or_create(owner=owner, first=first, second=second)
    touch_revision(owner)
    return [brief(first), brief(second)]


def combine(kept: Person, gone: Person, take: frozenset[str]) -> None:
    """Set the fields of the kept row to what both entries say together."""
    others = {kept.name, *kept.nicknames}
    if "name" in take:
        kept.name, kept.given_name, kept.family_name = gone.name, gone.given_name, gone.family_name
    kept.folded_name = fold_name(kept.name)[:300]
    names = [*kept.nicknames, *gone.nicknames, *sorted(others), gone.name]
    kept.nicknames = [name for name in dict.fromkeys(names) if name != kept.name and "@" not in name]
    for field in KEPT_FIRST:
        old, new = getattr(kept, field), getattr(gone, field)
        if new not in ("", None) and (old in ("", None) or field in take):
            setattr(kept, field, new)
    for field in EITHER:
        setattr(kept, field, getattr(kept, field) or getattr(gone, field))
    notes = [gone.note, kept.note] if "note" in take else [kept.note, gone.note]
    kept.note = "\n\n".join(dict.fromkeys(filter(None, (note.strip() for note in notes))))
    kept.stage = gone.stage if "stage" in take else max(kept.stage, gone.stage)
    kept.my_stage = max(filter(None, (kept.my_stage, gone.my_stage)), default=None)
    kept.standing = min(kept.standing, gone.standing, key=STANDINGS.index)
    kept.edited = sorted({*kept.edited, *gone.edited})
    kept.created_at = min(kept.created_at, gone.created_at)
    if gone.met_at and ("met" in take or kept.met_at is None or gone.met_at < kept.met_at):
        for field in MET:
            setattr(kept, field, getattr(gone, field))
    if kept.met_through_id in (kept.pk, gone.pk):
        kept.met_through_id = None


def _next_moment(owner: Owner) -> dt.datetime:
    """Now, or the second after the last merge: merges are taken back in reverse order."""
    last = MergeLog.objects.of(owner).order_by("-at").values_list("at", flat=True).first()
    return max(clock.now(), last + dt.timedelta(seconds=1)) if last else clock.now()


def _fields() -> list[tuple[str, Any]]:
    return [(field.name, field) for field in Person._meta.concrete_fields if field.name not in ("id", "owner")]


def _restore(owner: Owner, kept: Person, changed: dict[str, list[Any]]) -> None:
    """Put the fields back that still have the value of the merge."""
    fields = dict(_fields())
    values: dict[str, Any] = {}
    for name, (old, new) in changed.items():
        field = fields[name]
        if plain_value(field, getattr(kept, field.attname)) == new:
            before = row_of(Person, owner.pk, {field.column: old})
            values[field.attname] = getattr(before, field.attname)
    if values:
        Person.objects.of(owner).filter(pk=kept.pk).update(**values)


def _view(log: MergeLog, kept: Person) -> MergeView:
    return MergeView(to_text(log.pk), brief(kept), log.gone_name, log.at, is_undone=log.undone_at is not None)

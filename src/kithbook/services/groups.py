"""Groups: associations, clubs, boards and teams; my role in them, who is there, and what I do for them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Count, Min

from kithbook.core.errors import Conflict, Invalid, NotFound
from kithbook.core.groups import Member, find_step_up
from kithbook.core.ids import to_text
from kithbook.services import clock, eventpage
from kithbook.services.eventviews import GroupBrief, GroupServiceView, GroupView, MemberView, StepUpView
from kithbook.services.finding import find_person
from kithbook.services.lookup import find_group
from kithbook.services.owners import touch_revision
from kithbook.services.persons import Judged, judge
from kithbook.services.personviews import PersonBrief
from kithbook.services.recording import record_entry, start_batch
from kithbook.services.registry import operation
from kithbook.services.remembering import remembered
from kithbook.services.views import Note
from kithbook.store.erase import erase
from kithbook.store.models import Batch, Event, Group, LedgerEntry, Membership, Owner

WARM = ("alive", "cooling")
EVENTS_SHOWN, GIVEN_SHOWN = 20, 20
SERVICE = "service"


@operation(reads=True)
@remembered
def listing(owner: Owner) -> list[GroupBrief]:
    """Your groups: your role, how many members, how many of them are warm, what you did for it."""
    rows = sorted(Group.objects.of(owner), key=lambda row: (row.name.casefold(), row.pk))
    members = _members(owner, rows)
    return _briefs(owner, rows, members, judge(owner, _ids(members)))


@operation(reads=True)
def show(owner: Owner, group: str) -> GroupView:
    """One group: its members with their roles, its events, what you did for it, and whether to step up."""
    return _page(owner, find_group(owner, group))


@operation(reads=True)
@remembered
def step_ups(owner: Owner) -> list[StepUpView]:
    """Groups in which you are only a member, for more than a year and with three warm ties: the next role to take."""
    rows = sorted(Group.objects.of(owner), key=lambda row: (row.name.casefold(), row.pk))
    members, since = _members(owner, rows), _since(owner, rows)
    judged = judge(owner, _ids(members))
    found = (_step_up(owner, row, members[row.pk], judged, since.get(row.pk)) for row in rows)
    return [one for one in found if one]


@operation()
@transaction.atomic
def add(owner: Owner, name: str, kind: str = "", my_role: str = "member", note: str = "") -> GroupView:
    """Note a group: an association, club, board, community or team, and your role in it."""
    batch = start_batch(owner, "group", f"group: {_name(name)}")
    fields = {"name": _name(name), "kind": kind.strip()[:40], "my_role": my_role.strip()[:100], "note": note.strip()}
    try:
        with transaction.atomic():
            row = Group.objects.create(owner=owner, batch=batch, **fields)
    except IntegrityError as error:
        raise Conflict(f"There is a group “{fields['name']}” already.", "Give it another name.") from error
    touch_revision(owner)
    return _page(owner, row, batch=batch)


@operation()
@transaction.atomic
def edit(
    owner: Owner,
    group: str,
    name: str | None = None,
    kind: str | None = None,
    my_role: str | None = None,
    note: str | None = None,
) -> GroupView:
    """Change a group or your role in it; what is left out stays as it is."""
    row = find_group(owner, group)
    given = {"kind": (kind, 40), "my_role": (my_role, 100), "note": (note, 20_000)}
    changes: dict[str, Any] = {
        field: value.strip()[:most] for field, (value, most) in given.items() if value is not None
    }
    if name is not None:
        changes["name"] = _name(name)
    if changes:
        try:
            with transaction.atomic():
                Group.objects.of(owner).filter(pk=row.pk).update(**changes)
        except IntegrityError as error:
            raise Conflict(f"There is a group “{changes['name']}” already.", "Give it another name.") from error
        touch_revision(owner)
    return _page(owner, row)


@operation()
@transaction.atomic
def drop(owner: Owner, group: str) -> Note:
    """Take a group away; its people and events stay."""
    row = find_group(owner, group)
    erase(Group, owner.pk, [row.pk])
    touch_revision(owner)
    return Note(f"“{row.name}” was taken away.")


@operation()
@transaction.atomic
def join(owner: Owner, group: str, person: str, role: str = "member") -> GroupView:
    """Say that a person is in a group, and their role there; a role noted before is replaced."""
    row, who = find_group(owner, group), find_person(owner, person)
    Membership.objects.update_or_create(
        owner=owner, group=row, person=who, defaults={"role": " ".join(role.split())[:100]}
    )
    touch_revision(owner)
    return _page(owner, row)


@operation()
@transaction.atomic
def leave(owner: Owner, group: str, person: str) -> GroupView:
    """Say that a person is no longer in a group."""
    row, who = find_group(owner, group), find_person(owner, person)
    rows = Membership.objects.of(owner).filter(group=row, person=who)
    if not erase(Membership, owner.pk, list(rows.values_list("pk", flat=True))):
        raise NotFound(f"{who.name} is not noted in “{row.name}”.", "See its members with `kith op groups show`.")
    touch_revision(owner)
    return _page(owner, row)


@operation()
@transaction.atomic
def give(
    owner: Owner, group: str, text: str, size: int = 2, on: dt.date | None = None, people: list[str] | None = None
) -> GroupView:
    """Write down what you did for a group: an evening organised, minutes written, a talk; `people` it was done with."""
    row = find_group(owner, group)
    if not text.strip():
        raise Invalid("What you did is empty.", "Say in a few words what it was.")
    named = [find_person(owner, who) for who in people or ()]
    batch = start_batch(owner, "entry", f"for {row.name}: {text.strip()}")
    entry = record_entry(owner, named, "gave", SERVICE, on=on, size=size, note=text.strip(), batch=batch)
    LedgerEntry.objects.of(owner).filter(pk=entry.pk).update(group=row)
    return _page(owner, row, batch=batch)


def _name(text: str) -> str:
    clean = " ".join(text.split())[:300]
    if not clean:
        raise Invalid("A group needs a name.", "For example: Design Circle.")
    return clean


class _Link(NamedTuple):
    """Somebody in a group, without the whole row of the person."""

    person_id: int
    person: PersonBrief
    role: str


def _members(owner: Owner, rows: Sequence[Group]) -> dict[int, list[_Link]]:
    found: dict[int, list[_Link]] = defaultdict(list)
    links = Membership.objects.of(owner).filter(group__in=[row.pk for row in rows], person__standing="kept")
    columns = ("group_id", "person_id", "person__name", "person__stage", "role")
    for group, key, name, stage, role in links.order_by("person__folded_name", "pk").values_list(*columns):
        found[group].append(_Link(key, PersonBrief(to_text(key), name, stage), role))
    return found


def _ids(members: dict[int, list[_Link]]) -> list[int]:
    return sorted({link.person_id for links in members.values() for link in links})


def _since(owner: Owner, rows: Sequence[Group]) -> dict[int, dt.date]:
    """Since when the owner is part of each group, as far as it is known: its first event, or the day it was noted."""
    ids = [row.pk for row in rows]
    found: dict[int, dt.date] = {}
    noted = Batch.objects.of(owner).filter(pk__in={row.batch_id for row in rows if row.batch_id})
    started = {key: at.astimezone(clock.zone(owner)).date() for key, at in noted.values_list("pk", "started_at")}
    for row in rows:
        if row.batch_id in started:
            found[row.pk] = started[row.batch_id]
    held = Event.objects.of(owner).filter(group__in=ids, held_on__isnull=False).values_list("group")
    for group, first in held.annotate(first=Min("held_on")):
        found[group] = min(first, found.get(group, first))
    return found


def _briefs(
    owner: Owner, rows: Sequence[Group], members: dict[int, list[_Link]], judged: dict[int, Judged]
) -> list[GroupBrief]:
    ids = [row.pk for row in rows]
    held = dict(Event.objects.of(owner).filter(group__in=ids).values_list("group").annotate(n=Count("pk")))
    gave = LedgerEntry.objects.of(owner).filter(group__in=ids, direction="gave")
    given = dict(gave.values_list("group").annotate(n=Count("pk")))
    since = _since(owner, rows)
    return [
        GroupBrief(
            id=to_text(row.pk), name=row.name, kind=row.kind, my_role=row.my_role, members=len(members[row.pk]),
            warm=sum(judged[link.person_id].state in WARM for link in members[row.pk]), events=held.get(row.pk, 0),
            given=given.get(row.pk, 0), since=since.get(row.pk),
        )
        for row in rows
    ]  # fmt: skip


def _step_up(
    owner: Owner, row: Group, links: Iterable[_Link], judged: dict[int, Judged], since: dt.date | None
) -> StepUpView | None:
    people = {link.person_id: link for link in links}
    known = [Member(key, one.person.name, one.role, judged[key].state in WARM) for key, one in people.items()]
    found = find_step_up(row.my_role, since, known, clock.today(owner))
    if found is None:
        return None
    return StepUpView(to_text(row.pk), row.name, found.role, [people[key].person for key in found.ask], found.why)


def _page(owner: Owner, row: Group, *, batch: Batch | None = None) -> GroupView:
    row.refresh_from_db()
    members = _members(owner, [row])
    judged = judge(owner, _ids(members))
    view = _briefs(owner, [row], members, judged)[0]
    events = Event.objects.of(owner).filter(group=row).order_by("-held_on", "pk")[:EVENTS_SHOWN]
    given = (
        LedgerEntry.objects.of(owner).filter(group=row, direction="gave").order_by("-on", "-turn", "-pk")[:GIVEN_SHOWN]
    )
    return GroupView(
        group=view,
        note=row.note,
        members=[
            MemberView(link.person, link.role, judged[link.person_id].state, judged[link.person_id].last_contact_on)
            for link in members[row.pk]
        ],
        events=eventpage.briefs(owner, list(events)),
        given=[
            GroupServiceView(
                to_text(one.pk), one.on, one.note, one.size, to_text(one.batch_id) if one.batch_id else None
            )
            for one in given
        ],
        step_up=_step_up(owner, row, members[row.pk], judged, view.since),
        batch=to_text(batch.pk) if batch else None,
    )

"""Objectives: what you want to reach, with a share of the strategic minutes, the people for it, and its end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from kithbook.core.errors import Conflict, Invalid, NotFound, Refused
from kithbook.core.ids import to_text
from kithbook.core.objectives import KINDS, OTHER, check_share
from kithbook.services import clock, objectivepage, outcomes
from kithbook.services.finding import find_person
from kithbook.services.lookup import find_objective
from kithbook.services.objectiveviews import ObjectivesView, ObjectiveView
from kithbook.services.owners import touch_revision
from kithbook.services.recording import start_batch
from kithbook.services.registry import operation
from kithbook.services.remembering import remembered
from kithbook.services.views import Note
from kithbook.store.erase import erase
from kithbook.store.models import Objective, ObjectivePerson, Owner

MOST_OPEN = 62
"""The plan tells so many objectives apart."""


@operation(reads=True)
@remembered
def listing(owner: Owner) -> ObjectivesView:
    """What you want to reach: shares, people, minutes spent and planned, outcomes."""
    return objectivepage.list_view(owner)


@operation(reads=True)
def show(owner: Owner, objective: str) -> ObjectiveView:
    """One objective: who could help and how warm they are, what was invested before need, what came of it."""
    return objectivepage.page(owner, find_objective(owner, objective), looks=True)


@operation()
@transaction.atomic
def add(
    owner: Owner,
    name: str,
    kind: str = "other",
    share: float = 0.0,
    target: str = "",
    due_on: dt.date | None = None,
    note: str = "",
    people: list[str] | None = None,
) -> ObjectiveView:
    """Open an objective: job_search, sales, move, project or other; `share` (0 to 1) of the strategic minutes.

    `target` says in words whom or what it needs. A job search or sales push on thin cover comes back with a warning.
    """
    if Objective.objects.of(owner).filter(state="open").count() >= MOST_OPEN:
        raise Refused(f"{MOST_OPEN} objectives are open already.", "Reach or drop one first.")
    fields = {"name": _name(name), "kind": _kind(kind), "share": share, "due_on": due_on}
    fields |= {"target": target.strip()[:500], "note": note.strip()}
    check_share(share, _shares(owner))
    batch = start_batch(owner, "objective", f"objective: {fields['name']}")
    try:
        with transaction.atomic():
            row = Objective.objects.create(owner=owner, created_at=clock.now(), batch=batch, **fields)
    except IntegrityError as error:
        raise Conflict(f"There is an objective “{fields['name']}” already.", "Give it another name.") from error
    for who in {found.pk: found for found in (find_person(owner, one) for one in people or ())}.values():
        ObjectivePerson.objects.create(owner=owner, objective=row, person=who, batch=batch)
    touch_revision(owner)
    return objectivepage.page(owner, row, batch=batch.pk, looks=True)


@operation()
@transaction.atomic
def edit(
    owner: Owner,
    objective: str,
    name: str | None = None,
    kind: str | None = None,
    share: float | None = None,
    target: str | None = None,
    due_on: dt.date | None = None,
    note: str | None = None,
    clear_due: bool = False,
) -> ObjectiveView:
    """Change an objective; what is left out stays as it is; `clear_due` takes the due date away."""
    row = find_objective(owner, objective)
    changes: dict[str, Any] = {}
    if name is not None:
        changes["name"] = _name(name)
    if kind is not None:
        changes["kind"] = _kind(kind)
    if share is not None:
        check_share(share, _shares(owner, but=row) if row.state == "open" else {})
        changes["share"] = share
    if target is not None:
        changes["target"] = target.strip()[:500]
    if note is not None:
        changes["note"] = note.strip()
    if due_on is not None or clear_due:
        changes["due_on"] = due_on
    _save(owner, row, changes)
    return objectivepage.page(owner, row)


@operation()
@transaction.atomic
def link(owner: Owner, objective: str, person: str, helper: bool = False) -> ObjectiveView:
    """Say that a person matters to an objective; `helper` where they help you to reach it."""
    aim, who = find_objective(owner, objective), find_person(owner, person)
    row, is_new = ObjectivePerson.objects.get_or_create(
        owner=owner, objective=aim, person=who, defaults={"is_helper": helper}
    )
    if helper and not is_new and not row.is_helper:
        ObjectivePerson.objects.of(owner).filter(pk=row.pk).update(is_helper=True)
    touch_revision(owner)
    return objectivepage.page(owner, aim)


@operation()
@transaction.atomic
def unlink(owner: Owner, objective: str, person: str) -> ObjectiveView:
    """Say that a person no longer matters to an objective."""
    aim, who = find_objective(owner, objective), find_person(owner, person)
    rows = ObjectivePerson.objects.of(owner).filter(objective=aim, person=who)
    if not erase(ObjectivePerson, owner.pk, list(rows.values_list("pk", flat=True))):
        raise NotFound(f"{who.name} is not linked to “{aim.name}”.", "See its people with `kith op objectives show`.")
    touch_revision(owner)
    return objectivepage.page(owner, aim)


@operation()
@transaction.atomic
def helper(owner: Owner, objective: str, person: str, helps: bool = True) -> ObjectiveView:
    """Mark a person as a helper of an objective, or with `helps` false as one no longer."""
    aim, who = find_objective(owner, objective), find_person(owner, person)
    row, _ = ObjectivePerson.objects.get_or_create(owner=owner, objective=aim, person=who)
    ObjectivePerson.objects.of(owner).filter(pk=row.pk).update(is_helper=helps)
    touch_revision(owner)
    return objectivepage.page(owner, aim)


@operation()
@transaction.atomic
def reach(
    owner: Owner,
    objective: str,
    outcome: str = "",
    on: dt.date | None = None,
    value: float | None = None,
    unexpected: bool = False,
) -> ObjectiveView:
    """Close an objective as reached: what came of it is noted, and every helper gets a keep-up plan, not silence.

    `value` is what it is worth if that can be counted; `unexpected` marks an outcome that came by luck.
    """
    row = find_objective(owner, objective)
    if row.state == "reached":
        raise Refused(f"“{row.name}” is reached already.", "Open it again with `kith op objectives reopen`.")
    day = clock.past_day(owner, on, "Say it when it is reached.")
    _save(owner, row, {"state": "reached", "ended_on": day})
    words = outcome.strip() or (row.name if unexpected or value is not None else "")
    if words:
        helpers = ObjectivePerson.objects.of(owner).filter(objective=row, is_helper=True)
        outcomes.add(
            owner, words, on=day, people=[to_text(key) for key in helpers.values_list("person_id", flat=True)],
            objective=to_text(row.pk), unexpected=unexpected, value=value,
        )  # fmt: skip
    return objectivepage.page(owner, row)


@operation()
@transaction.atomic
def drop(owner: Owner, objective: str) -> ObjectiveView:
    """Close an objective without reaching it: it takes no more minutes; its history is kept."""
    row = find_objective(owner, objective)
    if row.state == "dropped":
        raise Refused(f"“{row.name}” is dropped already.", "Open it again with `kith op objectives reopen`.")
    _save(owner, row, {"state": "dropped", "ended_on": clock.today(owner)})
    return objectivepage.page(owner, row)


@operation()
@transaction.atomic
def reopen(owner: Owner, objective: str) -> ObjectiveView:
    """Open a reached or dropped objective again; its share is lowered to what the others leave."""
    row = find_objective(owner, objective)
    if row.state == "open":
        raise Refused(f"“{row.name}” is open.", "Reach or drop it when it is over.")
    free = max(0.0, 1 - sum(_shares(owner).values()))
    _save(owner, row, {"state": "open", "ended_on": None, "share": round(min(row.share, free), 4)})
    return objectivepage.page(owner, row)


@operation()
@transaction.atomic
def delete(owner: Owner, objective: str) -> Note:
    """Take an objective away altogether; what came of it stays in the log of outcomes."""
    row = find_objective(owner, objective)
    erase(Objective, owner.pk, [row.pk])
    touch_revision(owner)
    return Note(f"“{row.name}” was taken away.")


def _save(owner: Owner, row: Objective, changes: dict[str, Any]) -> None:
    if not changes:
        return
    try:
        with transaction.atomic():
            Objective.objects.of(owner).filter(pk=row.pk).update(**changes)
    except IntegrityError as error:
        raise Conflict(f"There is an objective “{changes['name']}” already.", "Give it another name.") from error
    touch_revision(owner)


def _shares(owner: Owner, but: Objective | None = None) -> dict[str, float]:
    rows = Objective.objects.of(owner).filter(state="open")
    return dict((rows.exclude(pk=but.pk) if but else rows).values_list("name", "share"))


def _name(text: str) -> str:
    clean = " ".join(text.split())[:200]
    if not clean:
        raise Invalid("An objective needs a name.", "For example: five new clients until summer.")
    return clean


def _kind(text: str) -> str:
    word = text.strip().casefold().replace(" ", "_").replace("-", "_") or OTHER
    if word not in KINDS:
        raise Invalid(f"“{text[:30]}” is not a kind of objective.", f"Use one of: {', '.join(KINDS)}.")
    return word

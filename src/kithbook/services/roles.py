"""Roles: what a person is to you, perhaps for one objective: mentor, supporter, sponsor, connector, client."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from kithbook.core.errors import Invalid, NotFound
from kithbook.core.ids import to_text
from kithbook.core.readiness import ROLES
from kithbook.services.finding import brief, find_person
from kithbook.services.lookup import find_objective
from kithbook.services.objectiveviews import RoleView
from kithbook.services.owners import touch_revision
from kithbook.services.persons import judge
from kithbook.services.registry import operation
from kithbook.services.views import Note
from kithbook.store.erase import erase
from kithbook.store.models import Owner, Role

LONGEST = 40


@operation()
@transaction.atomic
def give(owner: Owner, person: str, role: str, objective: str = "") -> RoleView:
    """Say what a person is to you: mentor, supporter, sponsor, connector, adviser, client, or another short word."""
    row = find_person(owner, person)
    aim = find_objective(owner, objective) if objective.strip() else None
    found, _ = Role.objects.get_or_create(owner=owner, person=row, role=clean_role(role), objective=aim)
    touch_revision(owner)
    return _views(owner, Role.objects.of(owner).filter(pk=found.pk))[0]


@operation()
@transaction.atomic
def take(owner: Owner, person: str, role: str, objective: str = "") -> Note:
    """Take a role back from a person; without an objective the one that holds for everything."""
    row = find_person(owner, person)
    aim = find_objective(owner, objective) if objective.strip() else None
    word = clean_role(role)
    rows = Role.objects.of(owner).filter(person=row, role=word, objective=aim)
    if not erase(Role, owner.pk, list(rows.values_list("pk", flat=True))):
        raise NotFound(f"{row.name} is not noted as {word}.", "See roles with `kith op roles listing`.")
    touch_revision(owner)
    return Note(f"{row.name} is no longer noted as {word}.")


@operation(reads=True)
def listing(owner: Owner, person: str = "", role: str = "", objective: str = "") -> list[RoleView]:
    """Who is what to you, by role; only of one person, role or objective if you name it."""
    rows = Role.objects.of(owner).filter(person__standing="kept")
    if person.strip():
        rows = rows.filter(person=find_person(owner, person))
    if role.strip():
        rows = rows.filter(role=clean_role(role))
    if objective.strip():
        rows = rows.filter(objective=find_objective(owner, objective))
    return _views(owner, rows)


def clean_role(text: str) -> str:
    """A role as it is stored: small letters, one word or a few; raises Invalid for an empty or long one."""
    word = " ".join(text.split()).casefold()
    if not word or len(word) > LONGEST:
        raise Invalid("A role is one word or a few.", f"For example: {', '.join(ROLES)}.")
    return word


def _views(owner: Owner, rows: QuerySet[Role]) -> list[RoleView]:
    found = list(rows.select_related("person", "objective"))
    judged = judge(owner, sorted({row.person_id for row in found}))
    views = [
        RoleView(
            brief(row.person), row.role, to_text(row.objective_id) if row.objective_id else None,
            row.objective.name if row.objective else "", judged[row.person_id].state,
        )
        for row in found
    ]  # fmt: skip
    return sorted(views, key=lambda view: (view.role, view.objective_name, view.person.name.casefold(), view.person.id))

"""Who opened which door: where people, introductions, referrals and outcomes came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from kithbook.services import clock
from kithbook.services.finding import brief
from kithbook.services.thankviews import DoorView
from kithbook.services.views import as_number
from kithbook.store.models import Introduction, OutcomeParty, Owner, Person, Referral

SHOWN = ("kept", "archived")


def listing(owner: Owner, row: Person | None = None) -> list[DoorView]:
    """Every door that somebody opened, the latest first; of one person those they opened and those that led to them."""
    found = [*_introductions(owner, row), *_referrals(owner, row), *_outcomes(owner, row)]
    named = {(door.opener.id, door.to.id) for door in found if door.to}
    found += [door for door in _people(owner, row) if door.to and (door.opener.id, door.to.id) not in named]
    return sorted(found, key=lambda door: (door.on or dt.date.min, door.opener.name, door.what), reverse=True)


def _people(owner: Owner, row: Person | None) -> Iterable[DoorView]:
    rows = Person.objects.of(owner).filter(
        met_through__isnull=False, met_through__standing__in=SHOWN, standing__in=SHOWN
    )
    rows = rows.filter(Q(pk=row.pk) | Q(met_through=row)) if row else rows
    zone = clock.zone(owner)
    for one in rows.select_related("met_through"):
        on = one.met_at.astimezone(zone).date() if one.met_at else None
        yield DoorView(brief(one.met_through), "person", f"You know {one.name} through them.", on, brief(one), "", None)


def _introductions(owner: Owner, row: Person | None) -> Iterable[DoorView]:
    rows = Introduction.objects.of(owner).filter(introducer__isnull=False, second=None)
    rows = rows.filter(Q(introducer=row) | Q(first=row)) if row else rows
    zone = clock.zone(owner)
    for one in rows.exclude(state="declined").select_related("introducer", "first"):
        what = f"Introduced you to {one.first.name}" + (f": {one.purpose.rstrip('.')}." if one.purpose else ".")
        on = one.created_at.astimezone(zone).date()
        yield DoorView(
            brief(one.introducer), "introduction", what, on, brief(one.first), one.outcome, as_number(one.value)
        )


def _referrals(owner: Owner, row: Person | None) -> Iterable[DoorView]:
    rows = Referral.objects.of(owner).filter(giver__isnull=False)
    rows = rows.filter(Q(giver=row) | Q(about=row)) if row else rows
    for one in rows.select_related("giver", "about"):
        what = one.text or f"A referral{': ' + one.kind if one.kind else ''}"
        to = brief(one.about) if one.about else None
        yield DoorView(brief(one.giver), "referral", _sentence(what), one.on, to, one.outcome, as_number(one.value))


def _outcomes(owner: Owner, row: Person | None) -> Iterable[DoorView]:
    rows: Any = OutcomeParty.objects.of(owner).filter(person__standing__in=SHOWN)
    rows = rows.filter(person=row) if row else rows
    for party in rows.select_related("outcome", "person"):
        one = party.outcome
        yield DoorView(
            brief(party.person), "outcome", _sentence(one.text), one.on, None, one.text, as_number(one.value)
        )


def _sentence(text: str) -> str:
    clean = text.strip()
    return f"{clean[:1].upper()}{clean[1:].rstrip('.')}."

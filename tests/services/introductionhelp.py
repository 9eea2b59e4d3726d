"""What tests of introductions share: walking one on, and what then stands in the bank and in the plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kithbook.services import duties, introductions
from kithbook.services.introviews import IntroductionPage
from kithbook.store.models import EntryParty, LedgerEntry, Owner, Person


def walk(owner: Owner, introduction: str, *states: str, **more: Any) -> IntroductionPage:
    for state in states:
        page = introductions.move(owner, introduction, state, **more)
    return page


def entries(owner: Owner) -> list[tuple[str, str, list[str]]]:
    found = []
    for row in LedgerEntry.objects.of(owner).order_by("on", "pk"):
        names = EntryParty.objects.of(owner).filter(entry=row).order_by("person__name")
        found.append((row.direction, row.kind, list(names.values_list("person__name", flat=True))))
    return found


def refs(owner: Owner) -> list[tuple[str, str, dt.date]]:
    """(who, part, due day) of each duty from introductions."""
    names = dict(Person.objects.of(owner).values_list("pk", "name"))
    return [
        (names[duty.person_id].split()[0], duty.ref.split(":")[2], duty.due_on)
        for duty in duties.gather(owner)
        if duty.ref.startswith("intro:")
    ]


def day(n: int) -> dt.date:
    return dt.date(2026, 11, 23) + dt.timedelta(days=n)

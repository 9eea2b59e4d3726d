"""Your own needs, goals and offers, and what your people look for: the two ends of every match."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from kithbook.core.errors import Invalid, NotFound
from kithbook.core.ids import from_text, to_text
from kithbook.services import clock
from kithbook.services.finding import brief
from kithbook.services.owners import touch_revision
from kithbook.services.personviews import PersonBrief
from kithbook.services.registry import operation
from kithbook.services.remembering import remembered
from kithbook.store.erase import erase
from kithbook.store.models import Owner, Request, Topic

KINDS = ("need", "goal", "offer")
MOST = 200


@dataclass(frozen=True, slots=True)
class WishView:
    """A need, goal, request or offer; `person` is None for the owner's own."""

    id: str
    person: PersonBrief | None
    kind: str
    text: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class WishesView:
    """Several of them, the newest first."""

    wishes: list[WishView]


@operation(reads=True)
def own(owner: Owner) -> WishesView:
    """Your own needs, goals and offers."""
    rows = (
        Topic.objects.of(owner).filter(person=None, ended_on=None, kind__in=KINDS).order_by("-noted_on", "-turn", "-pk")
    )
    return WishesView([WishView(to_text(row.pk), None, row.kind, row.text, row.noted_on) for row in rows[:MOST]])


@operation(reads=True)
@remembered
def inbox(owner: Owner, limit: int = 20) -> WishesView:
    """What your people look for: their open needs, goals and requests, the newest first."""
    if not 1 <= limit <= MOST:
        raise Invalid(f"{limit} needs cannot be shown.", f"Ask for 1 to {MOST}.")
    topics = Topic.objects.of(owner).filter(kind__in=("need", "goal"), ended_on=None, is_sensitive=False)
    rows = topics.filter(person__standing="kept").select_related("person").order_by("-noted_on", "-turn", "-pk")[:limit]
    asked = Request.objects.of(owner).filter(state="open", person__standing="kept").select_related("person")
    found = [(row.noted_on, row.turn, row.kind, row) for row in rows]
    found += [(row.asked_on, row.turn, "request", row) for row in asked.order_by("-asked_on", "-turn", "-pk")[:limit]]
    found.sort(key=lambda one: one[:2], reverse=True)
    return WishesView(
        [WishView(to_text(row.pk), brief(row.person), kind, row.text, on) for on, _, kind, row in found[:limit]]
    )


@operation()
@transaction.atomic
def note(owner: Owner, kind: str, text: str) -> WishesView:
    """Note a need, goal or offer of your own, so that people who fit are found."""
    if kind not in KINDS:
        raise Invalid(f"“{kind[:30]}” is not something of your own to note.", f"Use one of: {', '.join(KINDS)}.")
    words = " ".join(text.split())[:500]
    if not words:
        raise Invalid("The text is empty.", "Say in a few words what it is.")
    known = Topic.objects.of(owner).filter(person=None, kind=kind, text=words, ended_on=None)
    if not known.exists():
        Topic.objects.create(owner=owner, kind=kind, text=words, noted_on=clock.today(owner))
        touch_revision(owner)
    return own(owner)


@operation()
@transaction.atomic
def drop(owner: Owner, wish: str) -> WishesView:
    """Take a need, goal or offer of your own away again."""
    rows = Topic.objects.of(owner).filter(person=None, pk=from_text(wish))
    if not erase(Topic, owner.pk, rows.values_list("pk", flat=True)):
        raise NotFound("You have no such need, goal or offer.", "See yours with `kith op wishes own`.")
    touch_revision(owner)
    return own(owner)

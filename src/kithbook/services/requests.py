"""Requests that people made of you: help, an answer, "please introduce me to …"; and what came of each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Sum

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import from_text, to_text
from kithbook.services import clock, introductions
from kithbook.services.finding import brief, find_person
from kithbook.services.introviews import InboxView, RequestView
from kithbook.services.owners import touch_revision
from kithbook.services.recording import record_entry, start_batch
from kithbook.services.registry import operation
from kithbook.store.models import Batch, EntryParty, Introduction, LedgerEntry, Owner, Person, Request

KINDS = ("help", "introduction", "question")
ENTRIES = {"help": "favour", "introduction": "introduction", "question": "advice"}
"""What having helped is called in the bank."""
ENDS = ("helped", "passed_on", "declined")
CLOSED_SHOWN = 20
YEAR_DAYS = 365
HELPING = ("item", "advice", "introduction", "referral", "praise", "favour", "hospitality", "goal_help")
LONGEST_MINUTES = 7 * 24 * 60


@operation()
@transaction.atomic
def received(
    owner: Owner, person: str, text: str, kind: str = "help", target: str = "", on: dt.date | None = None
) -> RequestView:
    """Note what a person asked of you: help, an introduction to `target`, or a question."""
    row = find_person(owner, person)
    clean = " ".join(text.split())[:500]
    if kind not in KINDS:
        raise Invalid(f"“{kind[:20]}” is not a kind of request.", f"Use one of: {', '.join(KINDS)}.")
    whom = find_person(owner, target) if target.strip() else None
    if kind == "introduction" and whom and not clean:
        clean = f"An introduction to {whom.name}"
    if not clean:
        raise Invalid("It is not said what they asked for.", "A few words are enough.")
    if whom and whom.pk == row.pk:
        raise Invalid(f"{row.name} cannot be introduced to {row.name}.", "Name whom they want to meet.")
    day = clock.past_day(owner, on)
    batch = start_batch(owner, "request", f"request of {row.name}: {clean}")
    made = take(owner, row, kind, clean, day, batch, target=whom)
    touch_revision(owner)
    return _view(made, batch)


def take(
    owner: Owner, row: Person, kind: str, text: str, day: dt.date, batch: Batch, target: Person | None = None
) -> Request:
    """Write down what a person asked of the owner, as part of an act."""
    made: Request = Request.objects.create(
        owner=owner, person=row, kind=kind, text=text[:500], target=target, asked_on=day, batch=batch
    )  # fmt: skip
    return made


@operation(reads=True)
def inbox(owner: Owner) -> InboxView:
    """Show the requests that are open, oldest first, the last ones closed, and how many people you helped."""
    rows = Request.objects.of(owner).select_related("person", "target", "entry")
    waiting = [_view(row) for row in rows.filter(state="open").order_by("asked_on", "turn", "pk")]
    closed = [_view(row) for row in rows.exclude(state="open").order_by("-closed_on", "-turn", "-pk")[:CLOSED_SHOWN]]
    since = clock.today(owner) - dt.timedelta(days=YEAR_DAYS)
    given = LedgerEntry.objects.of(owner).filter(direction="gave", kind__in=HELPING, on__gte=since)
    served = EntryParty.objects.of(owner).filter(entry__in=given.values("pk")).values("person").distinct().count()
    minutes = given.aggregate(total=Sum("minutes"))["total"] or 0
    return InboxView(waiting, closed, served, minutes)


@operation()
@transaction.atomic
def close(
    owner: Owner, request: str, state: str, note: str = "", minutes: int | None = None, to: str = ""
) -> RequestView:
    """Close a request as helped, passed_on or declined; passed on to somebody it becomes an introduction idea."""
    row = find_request(owner, request)
    if state not in ENDS:
        raise Invalid(f"“{state[:20]}” does not close a request.", f"Use one of: {', '.join(ENDS)}.")
    if row.state != "open":
        raise Refused(
            f"This request is {row.state.replace('_', ' ')} already.", "Take that back first if it was a slip."
        )
    if minutes is not None and not 0 <= minutes <= LONGEST_MINUTES:
        raise Invalid(f"{minutes} minutes do not fit a week.", "Give the minutes it took, e.g. 45.")
    batch = start_batch(owner, "request", f"{state.replace('_', ' ')}: {row.text}")
    batch.before["requests"] = [row.pk]
    batch.save(update_fields=["before"])
    if state == "helped":
        row.entry = _write_help(owner, row, note, minutes, batch)
    elif state == "passed_on":
        row.introduction = _pass_on(owner, row, to, note, batch)
    row.state, row.closed_on = state, clock.today(owner)
    row.save(update_fields=["state", "closed_on", "entry", "introduction"])
    touch_revision(owner)
    return _view(row, batch)


def find_request(owner: Owner, text: str) -> Request:
    """One request by its id."""
    row: Request | None = (
        Request.objects.of(owner).filter(pk=from_text(text.strip())).select_related("person", "target", "entry").first()
    )
    if row is None:
        raise NotFound("There is no request with this id.", "See them with `kith op requests inbox`.")
    return row


def of_person(owner: Owner, person: str) -> list[RequestView]:
    """The open requests of a person, oldest first."""
    row = find_person(owner, person)
    rows = Request.objects.of(owner).filter(person=row, state="open").select_related("person", "target", "entry")
    return [_view(one) for one in rows.order_by("asked_on", "turn", "pk")]


def _write_help(owner: Owner, row: Request, note: str, minutes: int | None, batch: Batch) -> LedgerEntry:
    """Help that was asked for, with the minutes it took."""
    entry = record_entry(
        owner, [row.person], "gave", ENTRIES[row.kind], note=(note.strip() or row.text)[:500], batch=batch
    )
    entry.was_asked, entry.minutes = True, minutes
    entry.save(update_fields=["was_asked", "minutes"])
    return entry


def _pass_on(owner: Owner, row: Request, to: str, note: str, batch: Batch) -> Introduction:
    """The idea to introduce the one who asked to the one who can help."""
    target = find_person(owner, to) if to.strip() else row.target
    if target is None:
        raise Invalid("It is not said to whom you pass it on.", "Name who could help.")
    if target.pk == row.person_id:
        raise Invalid(f"{target.name} asked for it.", "Name somebody else who could help.")
    return introductions.begin(
        owner, row.person, target, batch, asked_by=row.person, purpose=(note.strip() or row.text)[:500]
    )


def _view(row: Any, batch: Batch | None = None) -> RequestView:
    return RequestView(
        id=to_text(row.pk),
        person=brief(row.person),
        kind=row.kind,
        text=row.text,
        target=brief(row.target) if row.target else None,
        asked_on=row.asked_on,
        state=row.state,
        closed_on=row.closed_on,
        introduction=to_text(row.introduction_id) if row.introduction_id else "",
        minutes=row.entry.minutes if row.entry else None,
        batch=to_text(batch.pk) if batch else "",
    )

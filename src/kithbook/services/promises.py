"""Promises both ways: made, kept, not kept, released; and how far words can be relied on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from kithbook.core.bankhealth import Word, measure_reliability, say_reliability
from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import from_text, to_text
from kithbook.services import clock
from kithbook.services.bankviews import PromiseList, PromiseRow
from kithbook.services.finding import brief, find_person
from kithbook.services.owners import touch_revision
from kithbook.services.recording import record_entry, start_batch
from kithbook.services.registry import operation
from kithbook.store.erase import erase
from kithbook.store.models import Batch, LedgerEntry, Owner, Person, Promise

CLOSED_SHOWN = 50
LONGEST = 500


@operation(reads=True)
def listing(owner: Owner, person: str = "") -> PromiseList:
    """Promises both ways with their days, what others offered without a day, and how far words are kept."""
    row = find_person(owner, person) if person else None
    return promises_of(owner, row)


@operation()
@transaction.atomic
def add(
    owner: Owner,
    person: str,
    text: str,
    by_me: bool = True,
    due_on: dt.date | None = None,
    made_on: dt.date | None = None,
) -> PromiseRow:
    """Write down a promise of yours, or with `by_me` false one of theirs; an offer of theirs needs no day."""
    row = find_person(owner, person)
    clean = " ".join(text.split())
    today = clock.today(owner)
    made = clock.past_day(owner, made_on, "Say when it was promised.")
    if not clean or len(clean) > LONGEST:
        raise Invalid("A promise needs its words, 500 letters at most.", "For example: send the paper.")
    if due_on and due_on < made:
        raise Invalid("It would be due before it was made.", "Give a later day, or none.")
    batch = start_batch(owner, "promise", clean)
    made_row = Promise.objects.create(
        owner=owner, person=row, by_me=by_me, text=clean, made_on=made, due_on=due_on, batch=batch
    )
    touch_revision(owner)
    return view(made_row, today)


@operation()
def keep(owner: Owner, promise: str) -> PromiseRow:
    """Mark a promise as kept; it goes into the bank of the one who kept it."""
    return _close(owner, promise, "kept", "promise_kept")


@operation()
def broken(owner: Owner, promise: str) -> PromiseRow:
    """Mark a promise as not kept; it is written into the bank once, and an apology mends it."""
    return _close(owner, promise, "broken", "promise_broken")


@operation()
def release(owner: Owner, promise: str) -> PromiseRow:
    """Let a promise go by agreement: it counts neither as kept nor as broken."""
    return _close(owner, promise, "released", "")


@operation()
@transaction.atomic
def reopen(owner: Owner, promise: str) -> PromiseRow:
    """Open a promise again; what its end wrote into the bank is taken back."""
    row = find_promise(owner, promise)
    if row.state == "open":
        raise Refused("This promise is open already.", "Mark it with `kith op promises keep`.")
    for batch in Batch.objects.of(owner).filter(kind="promise", report__promise=to_text(row.pk)):
        erase(LedgerEntry, owner.pk, LedgerEntry.objects.of(owner).filter(batch=batch).values_list("pk", flat=True))
    row.state, row.closed_on = "open", None
    row.save(update_fields=["state", "closed_on"])
    touch_revision(owner)
    return view(row, clock.today(owner))


@operation()
@transaction.atomic
def drop(owner: Owner, promise: str) -> PromiseRow:
    """Take a promise away that was written down by mistake."""
    row = find_promise(owner, promise)
    found = view(row, clock.today(owner))
    erase(Promise, owner.pk, [row.pk])
    touch_revision(owner)
    return found


@transaction.atomic
def _close(owner: Owner, promise: str, state: str, kind: str) -> PromiseRow:
    row = find_promise(owner, promise)
    if row.state != "open":
        raise Refused(f"This promise is {row.state} already.", "Open it again first if that was a slip.")
    today = clock.today(owner)
    if kind:
        batch = start_batch(owner, "promise", row.text)
        Batch.objects.of(owner).filter(pk=batch.pk).update(report={"promise": to_text(row.pk)})
        record_entry(owner, [row.person], "gave" if row.by_me else "got", kind, note=row.text, batch=batch)
    row.state, row.closed_on = state, today
    row.save(update_fields=["state", "closed_on"])
    touch_revision(owner)
    return view(row, today)


def find_promise(owner: Owner, text: str) -> Promise:
    """A promise by its id; NotFound for anything else."""
    row: Promise | None = Promise.objects.of(owner).filter(pk=from_text(text)).select_related("person").first()
    if row is None:
        raise NotFound("There is no such promise.", "See them with `kith op promises listing`.")
    return row


def promises_of(owner: Owner, person: Person | None = None) -> PromiseList:
    """Promises of one person or of everybody: open ones by their day, closed ones newest first."""
    today = clock.today(owner)
    rows = Promise.objects.of(owner).select_related("person")
    rows = rows.filter(person=person) if person else rows.filter(person__standing="kept")
    found = list(rows.order_by(F("due_on").asc(nulls_last=True), "made_on", "turn", "pk"))
    waiting = [row for row in found if row.state == "open"]
    closed = sorted(
        (row for row in found if row.closed_on), key=lambda row: (row.closed_on, row.turn, row.pk), reverse=True
    )
    mine, theirs = (measure_reliability(_words(found, by_me=by_me), today) for by_me in (True, False))
    return PromiseList(
        mine=[view(row, today) for row in waiting if row.by_me],
        theirs=[view(row, today) for row in waiting if not row.by_me and row.due_on],
        offers=[view(row, today) for row in waiting if not row.by_me and not row.due_on],
        closed=[view(row, today) for row in closed[:CLOSED_SHOWN]],
        my_reliability=mine.share,
        their_reliability=theirs.share,
        my_words=say_reliability(mine, mine=True),
        their_words=say_reliability(theirs, mine=False),
    )


def _words(rows: Iterable[Promise], *, by_me: bool) -> list[Word]:
    return [Word(row.by_me, row.state, row.due_on, row.closed_on) for row in rows if row.by_me == by_me]


def view(row: Promise, today: dt.date) -> PromiseRow:
    """A promise as faces show it; what others offered without a day is never late."""
    late = row.state == "open" and row.due_on is not None and row.due_on < today
    return PromiseRow(
        to_text(row.pk), brief(row.person), row.by_me, row.text, row.made_on, row.due_on, row.closed_on, row.state, late
    )

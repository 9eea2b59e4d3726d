"""Acting on a planned touch: done, later, not this person; and taking that back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from kithbook.core.errors import Conflict, Invalid, NotFound, Refused
from kithbook.core.ids import from_text, is_id, to_text
from kithbook.services import askduties, clock, introducing
from kithbook.services.finding import brief
from kithbook.services.owners import touch_revision
from kithbook.services.recording import record_entry, record_interaction, start_batch
from kithbook.services.registry import operation
from kithbook.services.views import TouchView
from kithbook.store.erase import erase
from kithbook.store.models import Batch, Interaction, LedgerEntry, Owner, Promise, Snooze, Touch

SHORTEST_PREFIX = 3
LONGEST_SNOOZE_DAYS = 366
DEPOSITS = frozenset(("item", "gift"))
"""Channels whose use is itself something given (method §9); the kinds of entries have the same names."""


def find_touch(owner: Owner, text: str) -> Touch:
    """A touch by its number in this week's list, its id, or an unambiguous beginning of the id."""
    wanted = text.strip().lower()
    rows = list(week_touches(owner, clock.week_start(clock.today(owner))))
    if wanted.isdecimal() and 1 <= int(wanted) <= len(rows) and len(wanted) < SHORTEST_PREFIX:
        return rows[int(wanted) - 1]
    found = [row for row in rows if len(wanted) >= SHORTEST_PREFIX and to_text(row.pk).startswith(wanted)]
    if not found and len(wanted) == len(to_text(0)):
        found = list(Touch.objects.of(owner).filter(pk=from_text(wanted)).select_related("person"))
    if len(found) > 1:
        raise Conflict(f"“{wanted}” begins {len(found)} touches of this week.", "Give more letters of the id.")
    if not found:
        raise NotFound(f"There is no touch “{text[:30]}” this week.", "See them with `kith week`.")
    return found[0]


def week_touches(owner: Owner, week_of: dt.date) -> list[Touch]:
    """The touches of a week in the order of the list; numbers shown to people are positions in it."""
    rows = Touch.objects.of(owner).filter(week_of=week_of).exclude(state="lapsed").select_related("person")
    return sorted(
        rows, key=lambda row: (row.day_on or week_of, row.kind != "obligation", row.due_on or dt.date.max, row.pk)
    )


def put_off(owner: Owner) -> frozenset[int]:
    """People left alone by the owner's wish today; they come back by themselves on their day."""
    rows = Snooze.objects.of(owner).filter(until_on__gt=clock.today(owner))
    return frozenset(rows.values_list("person_id", flat=True))


def touch_view(row: Touch, number: int = 0) -> TouchView:
    """A touch as faces show it."""
    return TouchView(
        id=to_text(row.pk),
        number=number,
        person=brief(row.person),
        kind=row.kind,
        channel=row.channel,
        minutes=row.minutes_spent if row.state == "done" and row.minutes_spent is not None else row.minutes,
        why=list(row.why),
        idea=row.idea,
        due_on=row.due_on,
        day_on=row.day_on,
        value=round(row.value, 3),
        state=row.state,
    )


@operation()
@transaction.atomic
def done(owner: Owner, touch: str, minutes: int | None = None) -> TouchView:
    """Mark a touch as done: it is written down as contact, and what it fulfils is closed."""
    row = _open_touch(owner, touch)
    batch = start_batch(owner, "touch", f"{row.channel} with {row.person.name}")
    interaction = record_interaction(
        owner, [row.person], row.channel, minutes=minutes if minutes is not None else row.minutes, batch=batch
    )
    for part in row.ref.split():
        _fulfil(owner, row, part, interaction, batch)
    if row.channel in DEPOSITS:
        record_entry(owner, [row.person], "gave", row.channel, interaction=interaction, batch=batch)
    row.state, row.acted_at, row.interaction = "done", clock.now(), interaction
    row.minutes_spent = minutes if minutes is not None else row.minutes
    row.save()
    return touch_view(row)


@operation()
@transaction.atomic
def snooze(owner: Owner, touch: str, days: int = 7) -> TouchView:
    """Put a touch off for some days; the person is planned again after that."""
    if not 1 <= days <= LONGEST_SNOOZE_DAYS:
        raise Invalid(f"{days} days cannot be waited for.", "Give 1 to 366 days.")
    return _put_off(owner, touch, "snoozed", clock.today(owner) + dt.timedelta(days=days), "later")


@operation()
@transaction.atomic
def skip(owner: Owner, touch: str) -> TouchView:
    """Not this person this week; the plan fills the time with somebody else."""
    week_of = clock.week_start(clock.today(owner))
    return _put_off(owner, touch, "skipped", week_of + dt.timedelta(days=7), "not this week")


@operation()
@transaction.atomic
def reopen(owner: Owner, touch: str) -> TouchView:
    """Take back done, later or not this person."""
    from kithbook.services import batches

    row = find_touch(owner, touch)
    if row.state == "open":
        raise Refused("This touch is open already.", "Mark it with `kith done`.")
    if row.interaction:
        batch = row.interaction.batch
        if batch is None or batch.kind != "touch":
            raise Refused(
                f"You had contact with {row.person.name}; that is what has done this touch.",
                "Take back what you wrote down, if it was a slip.",
            )
        batches.undo(owner, to_text(batch.pk))
    ids = Snooze.objects.of(owner).filter(person=row.person, ref=to_text(row.pk)).values_list("pk", flat=True)
    erase(Snooze, owner.pk, ids)
    Touch.objects.of(owner).filter(pk=row.pk).update(state="open", acted_at=None, minutes_spent=None, interaction=None)
    touch_revision(owner)
    return touch_view(Touch.objects.of(owner).select_related("person").get(pk=row.pk))


def _open_touch(owner: Owner, text: str) -> Touch:
    row = find_touch(owner, text)
    if row.state != "open":
        raise Refused(
            f"The touch with {row.person.name} is {row.state} already.", "Take that back first if it was a slip."
        )
    return row


def _put_off(owner: Owner, touch: str, state: str, until_on: dt.date, why: str) -> TouchView:
    row = _open_touch(owner, touch)
    Snooze.objects.create(
        owner=owner, person=row.person, until_on=until_on, ref=to_text(row.pk), why=why, made_at=clock.now()
    )
    row.state, row.acted_at = state, clock.now()
    row.save()
    touch_revision(owner)
    return touch_view(row)


def _fulfil(owner: Owner, row: Touch, part: str, interaction: Interaction, batch: Batch) -> None:
    """Close what a duty stands for: a promise is kept, help is thanked, a report is given."""
    kind, _, rest = part.partition(":")
    key, _, what = rest.partition(":")
    if not is_id(key):
        return  # the end of a list of duties that was too long to be kept whole; the rest is planned again
    if kind == "promise":
        kept = Promise.objects.of(owner).filter(pk=from_text(key), state="open").first()
        if kept:
            kept.state, kept.closed_on = "kept", clock.today(owner)
            kept.save(update_fields=["state", "closed_on"])
            record_entry(
                owner, [row.person], "gave", "promise_kept", note=kept.text, interaction=interaction, batch=batch
            )
    elif kind == "repair":
        record_entry(owner, [row.person], "gave", "apology", interaction=interaction, batch=batch)
    elif kind == "intro":
        introducing.fulfil(owner, key, what, interaction, batch)
    elif kind == "ask":
        askduties.fulfil(owner, key, what, row.person, interaction, batch)
    elif kind == "asked" and what != "return":
        given = "report" if what == "report" else "thanks"
        record_entry(owner, [row.person], "gave", given, interaction=interaction, batch=batch)
    elif kind == "help" and not (what == "return" and row.channel in DEPOSITS):
        entry = LedgerEntry.objects.of(owner).filter(pk=from_text(key)).first()
        given = {"report": "report", "return": "favour"}.get(what, "thanks")
        record_entry(
            owner,
            [row.person],
            "gave",
            given,
            interaction=interaction,
            cause=entry,
            batch=batch,
        )


def reopen_touches(owner: Owner, rows: Iterable[Touch]) -> None:
    """Open touches again whose contact is taken back, with the promises they kept; the bank's entries go with it."""
    for row in rows:
        kept = [part.partition(":")[2] for part in row.ref.split() if part.startswith("promise:")]
        ids = [from_text(key) for key in kept if is_id(key)]
        Promise.objects.of(owner).filter(pk__in=ids, state="kept").update(state="open", closed_on=None)
        Touch.objects.of(owner).filter(pk=row.pk).update(
            state="open", acted_at=None, minutes_spent=None, interaction=None
        )

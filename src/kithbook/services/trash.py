"""The trash for people: out of every list and plan, back with one word, erased by itself after a while."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from kithbook.core.errors import Invalid, Refused
from kithbook.services import clock, editing, erasing, preferences
from kithbook.services.finding import brief
from kithbook.services.privacyviews import ErasedView, TrashedView, TrashView
from kithbook.services.registry import operation
from kithbook.services.views import PersonPage
from kithbook.store.models import Owner, Person

DAYS = 30
"""Days in the trash before somebody is erased (d)."""
MOST_DAYS = 3_650
SETTING = "trash_days"
MOST = 500


@operation(reads=True)
def listing(owner: Owner, limit: int = 100, offset: int = 0) -> TrashView:
    """Who is in the trash, since when, and the day on which they are erased."""
    if not 0 <= limit <= MOST or offset < 0:
        raise Invalid("This page does not exist.", f"Ask for at most {MOST} people, from 0 on.")
    rows = _trashed(owner)
    shown = rows.order_by("trashed_at", "folded_name", "pk")[offset : offset + limit]
    return TrashView(rows.count(), days(owner), [_view(owner, row) for row in shown])


def days(owner: Owner) -> int:
    """After how many days somebody in the trash is erased."""
    return int(owner.settings.get(SETTING, DAYS))


def _trashed(owner: Owner) -> QuerySet[Person]:
    rows: QuerySet[Person] = Person.objects.of(owner).filter(standing="trashed")
    return rows


def _view(owner: Owner, row: Person) -> TrashedView:
    since = row.trashed_at or clock.now()
    on = since.astimezone(clock.zone(owner)).date()
    return TrashedView(brief(row), since, on, on + dt.timedelta(days=days(owner)))


@operation()
def put_in(owner: Owner, person: str) -> PersonPage:
    """Put a person into the trash: out of every list and plan at once, erased after some weeks."""
    return editing.trash(owner, person)


@operation()
def take_out(owner: Owner, person: str) -> PersonPage:
    """Take a person out of the trash; everything about them is as it was."""
    return editing.untrash(owner, person)


@operation()
def keep_for(owner: Owner, days: int) -> TrashView:
    """Change after how many days people in the trash are erased."""
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"{days} days do not fit the trash.", f"Give 1 to {MOST_DAYS:,}.")
    preferences.remember(owner, SETTING, lambda _old: days)
    return listing(owner)


@operation()
def empty(owner: Owner, sure: bool = False) -> ErasedView:
    """Erase everybody in the trash now, for good; `sure` has to be said."""
    if not sure:
        raise Refused(
            f"{_people(_trashed(owner).count())} would be erased for good.",
            "Say that you are sure, or take out whom you want to keep.",
        )
    return _erase(owner, list(_trashed(owner)))


def empty_due(owner: Owner) -> ErasedView:
    """Erase those whose days in the trash are over; the server's clock calls it, and so does its start."""
    owner.refresh_from_db()
    before = clock.now() - dt.timedelta(days=days(owner))
    return _erase(owner, list(_trashed(owner).filter(trashed_at__lte=before)))


def _erase(owner: Owner, rows: list[Person]) -> ErasedView:
    if not rows:
        return ErasedView(0, 0, 0, is_kept_out=False, is_wiped=False, message="There was nobody to erase.")
    goes, is_wiped = erasing.run(owner, rows, keep_out=False)
    count = len(rows) + goes.exchanges + goes.entries + sum(goes.rows.values())
    text = f"{_people(len(rows))} {'is' if len(rows) == 1 else 'are'} erased."
    return ErasedView(len(rows), count, goes.mentions, is_kept_out=False, is_wiped=is_wiped, message=text)


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"

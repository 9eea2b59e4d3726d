"""The relationship bank: what was given and got is written down, changed and taken away here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from kithbook.core.errors import Invalid, NotFound
from kithbook.core.ids import from_text, to_text
from kithbook.core.ledger import KINDS, find_kind
from kithbook.services import clock
from kithbook.services.bankviews import EntryView
from kithbook.services.finding import find_person
from kithbook.services.owners import touch_revision
from kithbook.services.recording import record_entry, start_batch
from kithbook.services.registry import operation
from kithbook.services.views import LedgerView
from kithbook.store.erase import erase
from kithbook.store.models import Group, LedgerEntry, Objective, Owner, Person, Topic

MOST_MINUTES = 100_000
MOST_MONEY = Decimal(10) ** 9
LONGEST_NOTE, LONGEST_WORD = 20_000, 200
ANSWERS = {"yes": True, "no": False, "unknown": None, "": None}
"""Whether it meant something to them."""


@operation()
def gave(
    owner: Owner,
    person: str,
    kind: str,
    size: int | None = None,
    note: str = "",
    on: dt.date | None = None,
    others: list[str] | None = None,
    minutes: int | None = None,
    money: str = "",
    currency: str = "",
    asked: bool = False,
    meaningful: str = "unknown",
    inspired_by: str = "",
    objective: str = "",
    goal: str = "",
    group: str = "",
    satisfaction: str = "",
    no_strings: bool = True,
    outside_balance: bool = False,
) -> LedgerView:
    """Write down something you gave: an item, advice, an introduction, thanks, … of size 1 to 5.

    No return is expected. `asked`: they had asked for it. `meaningful` to them: yes, no or unknown. `inspired_by`
    is the id of the help that made you pass it on; `objective`, `goal` and `group` say what it was for;
    `satisfaction` is how it felt; `outside_balance` keeps it out of every sum. Money is private to you.
    """
    kind = find_kind(kind)
    more = _details(
        owner, kind, minutes=minutes, money=money, currency=currency, asked=asked, meaningful=meaningful,
        inspired_by=inspired_by, objective=objective, goal=goal, group=group, satisfaction=satisfaction,
        no_strings=no_strings, outside_balance=outside_balance,
    )  # fmt: skip
    return _enter(owner, [person, *(others or ())], "gave", kind, size, note, on, more)


@operation()
def got(
    owner: Owner,
    person: str,
    kind: str,
    size: int | None = None,
    note: str = "",
    on: dt.date | None = None,
    others: list[str] | None = None,
    minutes: int | None = None,
    money: str = "",
    currency: str = "",
    asked: bool = False,
    meaningful: str = "unknown",
    inspired_by: str = "",
    objective: str = "",
    goal: str = "",
    group: str = "",
    satisfaction: str = "",
    outside_balance: bool = False,
) -> LedgerView:
    """Write down something you got from a person, so that it is thanked and remembered.

    `asked`: you had asked for it. `inspired_by` is the id of the help of yours that it came round from, also where
    somebody else brings it.
    """
    kind = find_kind(kind)
    more = _details(
        owner, kind, minutes=minutes, money=money, currency=currency, asked=asked, meaningful=meaningful,
        inspired_by=inspired_by, objective=objective, goal=goal, group=group, satisfaction=satisfaction,
        no_strings=True, outside_balance=outside_balance,
    )  # fmt: skip
    return _enter(owner, [person, *(others or ())], "got", kind, size, note, on, more)


@operation()
@transaction.atomic
def edit(
    owner: Owner,
    entry: str,
    kind: str | None = None,
    size: int | None = None,
    note: str | None = None,
    on: dt.date | None = None,
    minutes: int | None = None,
    money: str | None = None,
    currency: str | None = None,
    asked: bool | None = None,
    meaningful: str | None = None,
    inspired_by: str | None = None,
    objective: str | None = None,
    goal: str | None = None,
    group: str | None = None,
    satisfaction: str | None = None,
    no_strings: bool | None = None,
    outside_balance: bool | None = None,
) -> EntryView:
    """Change an entry of the bank; what is left out stays, an empty text takes a value away."""
    from kithbook.services.bankbook import entry_view

    row = find_entry(owner, entry)
    changes: dict[str, Any] = {}
    if kind is not None:
        changes["kind"] = find_kind(kind)
    if size is not None:
        changes["size"] = _size(size)
    if note is not None:
        changes["note"] = note.strip()[:LONGEST_NOTE]
    if on is not None:
        changes["on"] = clock.past_day(owner, on)
    given = {
        "minutes": minutes, "money": money, "currency": currency, "asked": asked, "meaningful": meaningful,
        "inspired_by": inspired_by, "objective": objective, "goal": goal, "group": group,
        "satisfaction": satisfaction, "no_strings": no_strings, "outside_balance": outside_balance,
    }  # fmt: skip
    changes |= _details(owner, kind or row.kind, **{name: value for name, value in given.items() if value is not None})
    if changes.get("inspired_by") and changes["inspired_by"].pk == row.pk:
        raise Invalid("An entry cannot be inspired by itself.", "Name the help that came before it.")
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes)) if changes else None
    touch_revision(owner)
    return entry_view(owner, row)


@operation()
@transaction.atomic
def drop(owner: Owner, entry: str) -> EntryView:
    """Take an entry of the bank away that was written down by mistake."""
    from kithbook.services.bankbook import entry_view

    row = find_entry(owner, entry)
    found = entry_view(owner, row)
    erase(LedgerEntry, owner.pk, [row.pk])
    touch_revision(owner)
    return found


def find_entry(owner: Owner, text: str) -> LedgerEntry:
    """An entry by its id; NotFound for anything else."""
    row: LedgerEntry | None = LedgerEntry.objects.of(owner).filter(pk=from_text(text.strip())).first()
    if row is None:
        raise NotFound("There is no such entry in the bank.", "See them with `kith op bankbook entries`.")
    return row


@transaction.atomic
def _enter(
    owner: Owner,
    who: Sequence[str],
    direction: str,
    kind: str,
    size: int | None,
    note: str,
    on: dt.date | None,
    more: dict[str, Any],
) -> LedgerView:
    people: list[Person] = [find_person(owner, one) for one in who if one.strip() or one == who[0]]
    batch = start_batch(owner, "entry", f"{direction} {kind}: {', '.join(person.name for person in people)}")
    row = record_entry(owner, people, direction, kind, size=size, note=note.strip()[:LONGEST_NOTE], on=on, batch=batch)
    if more:
        for name, value in more.items():
            setattr(row, name, value)
        row.save(update_fields=list(more))
    return ledger_view(row)


def _details(owner: Owner, kind: str, **given: Any) -> dict[str, Any]:
    """What is said about an entry beside person, kind and size, as columns; only what was given."""
    found: dict[str, Any] = {}
    if given.get("minutes") is not None:
        found["minutes"] = _minutes(given["minutes"])
    if given.get("money") is not None:
        found["money"] = _money(given["money"])
    if given.get("currency") is not None:
        found["currency"] = _currency(given["currency"])
    if given.get("asked") is not None:
        found["was_asked"] = kind == "ask" or given["asked"]
    if given.get("meaningful") is not None:
        found["is_meaningful"] = _answer(given["meaningful"])
    if given.get("satisfaction") is not None:
        found["satisfaction"] = given["satisfaction"].strip()[:LONGEST_WORD]
    for name in ("no_strings", "outside_balance"):
        if given.get(name) is not None:
            found[name] = given[name]
    return found | _causes(owner, given)


def _causes(owner: Owner, given: dict[str, Any]) -> dict[str, Any]:
    """What it came from and what it was for: rows by id, objectives and groups by their name too."""
    found: dict[str, Any] = {}
    if given.get("inspired_by") is not None:
        found["inspired_by"] = find_entry(owner, given["inspired_by"]) if given["inspired_by"].strip() else None
    for name, model in (("objective", Objective), ("group", Group)):
        if given.get(name) is not None:
            found[name] = _named(owner, model, given[name].strip(), name)
    if given.get("goal") is not None:
        text = given["goal"].strip()
        rows = Topic.objects.of(owner).filter(kind__in=("goal", "need"))
        row = rows.filter(pk=from_text(text)).first() if text else None
        if text and row is None:
            raise NotFound("There is no such goal.", "Note it on the person's page first.")
        found["goal"] = row
    return found


def _named(owner: Owner, model: Any, text: str, what: str) -> Any:
    if not text:
        return None
    row = model.objects.of(owner).filter(name__iexact=text).order_by("pk").first()
    row = row or (model.objects.of(owner).filter(pk=from_text(text)).first() if len(text) == len(to_text(0)) else None)
    if row is None:
        raise NotFound(f"There is no {what} called “{text[:60]}”.", f"Make the {what} first, or leave it out.")
    return row


def _size(size: int) -> int:
    if not 1 <= size <= 5:
        raise Invalid(f"A size of {size} is outside 1 to 5.", "1 is a link sent, 5 opened a career.")
    return size


def _minutes(minutes: int) -> int:
    if not 0 <= minutes <= MOST_MINUTES:
        raise Invalid(f"{minutes} minutes are not believable.", "Give the minutes it took, e.g. 45.")
    return minutes


def _money(text: str) -> Decimal | None:
    clean = text.strip().replace(" ", "").replace(",", ".")
    if not clean:
        return None
    try:
        value = Decimal(clean)
    except InvalidOperation as error:
        raise Invalid(f"“{text[:30]}” is not an amount.", "Write it like 25 or 25.50.") from error
    if not value.is_finite() or not 0 <= value <= MOST_MONEY:
        raise Invalid(f"“{text[:30]}” is not an amount.", "Write it like 25 or 25.50.")
    return value.quantize(Decimal("0.01"))


def _currency(text: str) -> str:
    clean = text.strip().upper()
    if clean and not (len(clean) == 3 and clean.isascii() and clean.isalpha()):
        raise Invalid(f"“{text[:10]}” is not a currency.", "Use its three letters, e.g. EUR.")
    return clean


def _answer(text: str) -> bool | None:
    clean = text.strip().lower()
    if clean not in ANSWERS:
        raise Invalid(f"“{text[:30]}” is not an answer.", "Say yes, no or unknown.")
    return ANSWERS[clean]


def ledger_view(row: LedgerEntry) -> LedgerView:
    """An entry as the page of a person lists it."""
    label = KINDS[row.kind].label if row.kind in KINDS else row.kind
    batch = to_text(row.batch_id) if row.batch_id else None
    return LedgerView(to_text(row.pk), row.on, row.direction, row.kind, label, row.size, row.note, batch)

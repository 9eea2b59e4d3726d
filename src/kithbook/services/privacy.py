"""Everything about one person, to hand over; and erasing them for good."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection, models

from kithbook.core.errors import Refused
from kithbook.core.ids import to_text
from kithbook.services import clock, editing, erasing, keepout
from kithbook.services.finding import brief, find_person
from kithbook.services.privacyviews import ErasedView, ErasureView, GoesView, PersonExport
from kithbook.services.registry import operation
from kithbook.services.remembering import remembered
from kithbook.services.vcards import card_texts
from kithbook.services.views import Note
from kithbook.store.erase import links
from kithbook.store.home import home_path
from kithbook.store.models import Account, Batch, Owner, Person, Tie
from kithbook.store.rows import plain_row

FORMAT, VERSION = "kithbook-person", 1
OUT_OF_EXPORT = (Batch, Account, Owner, Person)
"""Rows that others lead to and that are not about the person: acts, accounts with their passwords, other people."""

WORDS: dict[str, str] = {
    "affiliation": "jobs",
    "ask": "asks",
    "attendance": "times at events",
    "card_copy": "copies of cards",
    "clip_use": "things passed on",
    "identity": "addresses and numbers",
    "introduction": "introductions",
    "match_verdict": "answers to suggestions",
    "membership": "memberships",
    "merge_log": "merges with their images",
    "not_same": "notes that two are not the same",
    "objective_person": "parts in objectives",
    "outcome_party": "parts in outcomes",
    "person_date": "dates",
    "promise": "promises",
    "referral": "referrals",
    "request": "requests",
    "review_decision": "decisions of reviews",
    "role": "roles",
    "snooze": "times put off",
    "stage_event": "moves on the ladder",
    "sync_item": "links to cards on servers",
    "tag": "tags",
    "topic": "needs, offers, interests, goals and facts",
    "touch": "lines of plans",
}


@operation(reads=True)
def export(owner: Owner, person: str) -> PersonExport:
    """Everything that is kept about one person: all rows that name them, and their card as vCard."""
    row = find_person(owner, person)
    found = _rows_about(owner, row)
    rows = [item for listed in found.values() for item in listed]
    return PersonExport(
        format=FORMAT,
        version=VERSION,
        made_at=clock.now(),
        person=plain_row(row),
        tables={name: [plain_row(item) for item in listed] for name, listed in sorted(found.items())},
        names=_names(owner, [row, *rows]),
        vcard=card_texts(owner, [row.pk])[row.pk],
    )


def _rows_about(owner: Owner, person: Person) -> dict[str, list[models.Model]]:
    """Rows that name the person, by table, and the exchanges, entries, events and groups that those lead to."""
    found: dict[str, dict[Any, models.Model]] = {}
    for model, column in links(Person):
        if model is Tie or model is Person:
            continue
        for row in model._default_manager.filter(**{"owner_id": owner.pk, column.attname: person.pk}):
            found.setdefault(_table(model), {})[row.pk] = row
    for name in list(found):
        for target, ids in _led_to(list(found[name].values())).items():
            rows = target._default_manager.filter(owner_id=owner.pk, pk__in=ids)
            found.setdefault(_table(target), {}).update((row.pk, row) for row in rows)
    steps = apps.get_model("store", "IntroductionStep")
    told = steps._default_manager.filter(owner_id=owner.pk, introduction__in=list(found.get("introduction", {})))
    found.setdefault("introduction_step", {}).update((row.pk, row) for row in told)
    return {
        name: sorted(rows.values(), key=lambda row: str(getattr(row, "at", row.pk)))
        for name, rows in found.items()
        if rows
    }


def _led_to(rows: list[models.Model]) -> dict[type[models.Model], set[int]]:
    """Rows of other tables that these point at."""
    found: dict[type[models.Model], set[int]] = {}
    for column in rows[0]._meta.concrete_fields if rows else ():
        target = column.related_model
        if isinstance(column, models.ForeignKey) and isinstance(target, type) and target not in OUT_OF_EXPORT:
            ids = {getattr(row, column.attname) for row in rows} - {None}
            if ids:
                found.setdefault(target, set()).update(ids)
    return found


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table.removeprefix("kith_")


def _names(owner: Owner, rows: list[models.Model]) -> dict[str, str]:
    """Who the people are whom these rows name."""
    ids = {
        getattr(row, column.attname)
        for row in rows
        for column in row._meta.concrete_fields
        if column.related_model is Person
    }
    ids |= {row.pk for row in rows if isinstance(row, Person)}
    people = Person.objects.of(owner).filter(pk__in=ids - {None}).order_by("folded_name", "pk")
    return {to_text(key): name for key, name in people.values_list("pk", "name")}


@operation(reads=True)
@remembered
def what_goes(owner: Owner, person: str) -> ErasureView:
    """What erasing a person would take away, counted; nothing is changed."""
    row = find_person(owner, person)
    goes = erasing.rehearse(owner, [row])
    return ErasureView(
        person=brief(row),
        goes=_said(goes),
        shared_exchanges=goes.shared_exchanges,
        mentions=goes.mentions,
        backups=sorted(path.name for path in home_path().glob("before-restore-*.sqlite3")),
    )


def _said(goes: erasing.Goes) -> list[GoesView]:
    listed = [
        GoesView("exchanges with nobody else", goes.exchanges),
        GoesView("entries of the bank", goes.entries),
        *(GoesView(WORDS.get(name, name.replace("_", " ")), count) for name, count in goes.rows.items()),
    ]
    return [item for item in listed if item.count]


@operation()
def erase(owner: Owner, person: str, sure: bool = False, keep_out: bool = False) -> ErasedView:
    """Erase a person for good: nothing in the database names them afterwards, and nothing brings them back.

    `sure` has to be said; see `privacy what-goes` first. With `keep_out` a hash of each of their addresses stays, so
    that no import brings them back.
    """
    row = find_person(owner, person)
    if not sure:
        goes = erasing.rehearse(owner, [row])
        listed = ", ".join(f"{item.count} {item.what}" for item in _said(goes))
        raise Refused(
            f"Erasing {row.name} is final. It takes away: {listed or 'their name'}.",
            "Say that you are sure, or put them into the trash.",
        )
    goes, is_wiped = erasing.run(owner, [row], keep_out=keep_out)
    rows = 1 + sum(item.count for item in _said(goes))
    message = f"{rows} rows are erased." if rows > 1 else "Their name is erased; there was nothing else."
    if keep_out:
        message += " No import brings them back."
    if connection.vendor == "sqlite" and not is_wiped:
        message += " Freed pages of the file hold zeros; its log is emptied when nobody else uses the database."
    return ErasedView(1, rows, goes.mentions, keep_out, is_wiped, message)


@operation()
def let_back(owner: Owner, value: str) -> Note:
    """Let an e-mail, phone number or profile address of somebody who was erased come in again with an import."""
    kind, key = editing.handle_of(value)
    if not keepout.forget(owner, kind, key):
        raise Refused("This address is not kept out.", "Imports may bring it in already.")
    return Note("Imports may bring this address in again.")

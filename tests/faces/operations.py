"""What tests of every operation share: values that an operation takes, and one of each thing of Alice's."""

from __future__ import annotations

import datetime as dt
import json
import types
from typing import Any, Literal, Union, get_args, get_origin

from django.apps import apps

from kithbook.core.errors import KithbookError
from kithbook.services import (
    asks,
    bankbook,
    batches,
    events,
    groups,
    introductions,
    objectives,
    outcomes,
    people,
    places,
    promises,
    referrals,
    registry,
    requests,
    weeks,
)
from kithbook.services.views import as_json
from kithbook.store.models import Owner

OPERATIONS = registry.operations()
NOUNS = sorted({name.partition(".")[0] for name in OPERATIONS})
JSON = "application/json"
IDS = frozenset(
    """
    person through touch batch choices entry inspired_by promise objective outcome event group trip wish ask
    referral help_id receiver introduction request a b by needs other merge mapping account device clip feed
    item token
    """.split()
)
"""Arguments that lead to a row."""
NOBODY = "aaaaaaaaaaaaa"
PLAUSIBLE: dict[str, Any] = {
    "text": "coffee with Anna yesterday 45m",
    "name": "Berta Brandt",
    "value": "berta@example.org",
    "email": "berta@example.org",
    "tag": "fintech",
    "organisation": "Example Ltd",
    "sort": "warmth",
    "channel": "call",
    "time_zone": "Europe/Vienna",
    "addresses": ["alice@example.org"],
    "direction": "gave",
    "meaningful": "yes",
    "money": "25",
    "verdict": "no",
    "state": "declined",
    "columns": {"Name": "name"},
    "take": ["place"],
    "numbers": {"thank": "3"},
    "currency": "EUR",
}
KINDS = {
    "objectives.add": "sales",
    "objectives.edit": "sales",
    "groups.add": "club",
    "groups.edit": "club",
    "places.add_trip": "visit",
    "places.edit_trip": "moving",
    "bank.gave": "advice",
    "bank.got": "advice",
    "bank.edit": "advice",
    "bankbook.entries": "advice",
    "editing.note_topic": "need",
    "wishes.note": "need",
    "asks.check": "reference",
    "asks.record": "reference",
    "asks.plan": "reference",
    "referrals.received": "client",
    "requests.received": "help",
}


def bare(kind: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def plausible(operation: registry.Operation, argument: registry.Argument) -> Any:
    """A value that the operation takes for this argument, by its name or else by its type."""
    if argument.name == "kind":
        return KINDS.get(operation.name, "some words")
    if argument.name in PLAUSIBLE:
        return PLAUSIBLE[argument.name]
    kind = bare(argument.type)
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    samples = {int: 3, float: 0.5, bool: True, dt.date: dt.date(2026, 11, 20), str: "some words"}
    return samples.get(kind, [])


def aims_of(owner: Owner) -> dict[str, str]:
    """One of each thing to aim for and to go to, made where there is none."""
    return {
        "objective": (objectives.listing(owner).objectives or [objectives.add(owner, "A book").objective])[0].id,
        "outcome": (outcomes.listing(owner).outcomes or [outcomes.add(owner, "A gym")])[0].id,
        "event": (events.listing(owner).past or [events.add(owner, "Design Week").event])[0].id,
        "group": (groups.listing(owner) or [groups.add(owner, "Design Circle").group])[0].id,
        "trip": (places.listing(owner).trips or [places.add_trip(owner, "Graz", dt.date(2026, 12, 1)).trip])[0].id,
    }


def asked_of(owner: Owner, person: str) -> dict[str, str]:
    """An ask, a referral and help that waits for thanks, made where there is none."""
    planned = asks.listing(owner).planned or [asks.plan(owner, person, 2, dt.date(2027, 1, 4))]
    referral = (referrals.listing(owner) or [referrals.received(owner, person, "client")])[0]
    owed = referrals.thanks_owed(owner)
    return {"ask": planned[0].id, "referral": referral.id, "help_id": (owed.owed + owed.partly + owed.done)[0].id}


def ids_of(owner: Owner) -> dict[str, Any]:
    person = people.search(owner, sort="warmth").people[0]
    return {
        "person": person.id,
        "people": [person.id],
        "through": person.id,
        "touch": weeks.week(owner).touches[0].id,
        "batch": batches.listing(owner)[0].id,
        "choices": {"Anna": person.id},
        "entry": bankbook.entries(owner, limit=1).entries[0].id,
        "inspired_by": bankbook.entries(owner, limit=1).entries[0].id,
        "promise": promises.listing(owner).mine[0].id,
        "receiver": person.id,
        **dict.fromkeys(("a", "b", "by", "needs"), person.id),
        "introduction": next((card.id for column in introductions.board(owner).columns for card in column.cards), ""),
        "request": next((one.id for one in requests.inbox(owner).open), ""),
        **asked_of(owner, person.id),
        **aims_of(owner),
    }


def rows_of(owner: Owner) -> dict[str, list[Any]]:
    """Everything that an owner has, as it stands in the database."""
    owned = [model for model in apps.get_app_config("store").get_models() if hasattr(model.objects, "of")]
    return {model.__name__: list(model.objects.of(owner).order_by("pk").values()) for model in owned}


def told(operation: registry.Operation, owner: Owner, values: dict[str, Any]) -> str:
    """All that an owner is told, be it an answer or that there is nothing to be done."""
    try:
        return json.dumps(as_json(operation.run(owner, **values)))
    except KithbookError as error:
        return f"{error.message} {error.hint} {error.details}"


def leads(argument: registry.Argument) -> bool:
    """Whether an argument names a row; `needs` is a list of texts in some operations and a person in others."""
    return argument.name in IDS and get_origin(bare(argument.type)) is not list

"""A small made-up list of operations with every kind of argument and failure, and an address list for it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.db import DataError, OperationalError
from django.urls import path

from kithbook.api.health import health
from kithbook.api.routes import build_api
from kithbook.core.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from kithbook.services import registry
from kithbook.services.views import BatchView, Note, PersonBrief

FAILURES = {
    "not_found": NotFound("There is nobody called Zoe.", "Look at the list."),
    "invalid": Invalid("Size 9 does not exist.", "Use 1 to 5."),
    "refused": Refused("The ceiling is reached.", "Wait."),
    "unavailable": Unavailable("The disk is full.", "Make room."),
    "locked": OperationalError("database is locked"),
    "overlong": DataError("value too long for type character varying(200)"),
}


def find(
    owner: Any,
    query: str,
    stage: int | None = None,
    warmth: float = 0.5,
    sort: Literal["warmth", "name"] = "warmth",
    tweeners: bool = False,
    tags: list[str] | None = None,
    choices: dict[str, str] | None = None,
    since_on: dt.date | None = None,
) -> Note:
    """Repeat what was understood.

    A second paragraph, 100 % of it.
    """
    return Note(repr((query, stage, warmth, sort, tweeners, tags, choices, since_on)))


def show(owner: Any, person: str) -> PersonBrief:
    """Show one person."""
    if person == "Anna":
        raise Conflict(
            "Two people are called Anna.", "Say which.", candidates=[PersonBrief("0000000000001", "Anna B", 2)]
        )
    return PersonBrief("0000000000000", person, 3)


def listing(owner: Any) -> list[BatchView]:
    """List nothing."""
    return [BatchView("1", "mail", "m", "done", dt.datetime(2026, 1, 2, tzinfo=dt.UTC), 1, 2)]


def add(
    owner: Any, name: str, tags: list[str] | None = None, choices: dict[str, str] | None = None, size: int = 1
) -> Note:
    """Add somebody."""
    return Note(repr((name, tags, choices, size)))


def rest_a_while(owner: Any, days: int = 7, is_kin: bool | None = None) -> Note:
    """Change with no required argument."""
    return Note(repr((days, is_kin)))


def fail(owner: Any, how: str) -> Note:
    """Fail as told."""
    raise FAILURES[how]


def _listed(reads: bool, function: Any) -> registry.Operation:
    return registry._describe("fakes", registry.operation(reads=reads)(function))


OPERATIONS = [
    _listed(True, find),
    _listed(True, show),
    _listed(True, listing),
    _listed(False, add),
    _listed(False, rest_a_while),
    _listed(False, fail),
]
api = build_api(OPERATIONS)
urlpatterns = [path("api/v1/", api.urls), path("healthz", health)]

"""Finds an objective, event, group, trip, outcome or token by id or name; several matches are an error with a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kithbook.core.errors import Conflict, Invalid, NotFound
from kithbook.core.ids import from_text, is_id, to_text
from kithbook.store.models import ApiToken, Event, Group, Objective, Outcome, Owner, Trip

LISTED = 8


def find_objective(owner: Owner, text: str) -> Objective:
    """The objective of that id or name."""
    found: Objective = _find(owner, Objective, text, "objective", "`kith op objectives listing`")
    return found


def find_event(owner: Owner, text: str) -> Event:
    """The event of that id or name."""
    found: Event = _find(owner, Event, text, "event", "`kith op events listing`")
    return found


def find_group(owner: Owner, text: str) -> Group:
    """The group of that id or name."""
    found: Group = _find(owner, Group, text, "group", "`kith op groups listing`")
    return found


def find_trip(owner: Owner, text: str) -> Trip:
    """The trip of that id or to that place."""
    found: Trip = _find(owner, Trip, text, "trip", "`kith op places listing`", column="place")
    return found


def find_token(owner: Owner, text: str) -> ApiToken:
    """The token of that id, or of the program of that name."""
    found: ApiToken = _find(owner, ApiToken, text, "token", "`kith op tokens listing`")
    return found


def find_outcome(owner: Owner, text: str) -> Outcome:
    """The outcome of that id."""
    row: Outcome | None = Outcome.objects.of(owner).filter(pk=from_text(text.strip())).first()
    if row is None:
        raise NotFound(f"There is no outcome {text[:20]}.", "See them with `kith op outcomes listing`.")
    return row


def _find(owner: Owner, model: Any, text: str, noun: str, where: str, column: str = "name") -> Any:
    wanted = " ".join(text.split())
    if not wanted:
        raise Invalid(f"No {noun} was named.", f"Give its {column} or id; see them with {where}.")
    if is_id(wanted) and (row := model.objects.of(owner).filter(pk=from_text(wanted)).first()):
        return row
    names = list(model.objects.of(owner).values_list("pk", column))
    ids = _matching(names, wanted.casefold())
    if not ids:
        raise NotFound(f"There is no {noun} “{wanted[:60]}”.", f"See them with {where}.")
    if len(ids) > 1:
        called = dict(names)
        listed = ", ".join(f"{called[pk]} ({to_text(pk)})" for pk in ids[:LISTED])
        more = f" and {len(ids) - LISTED} more" if len(ids) > LISTED else ""
        raise Conflict(f"“{wanted[:60]}” fits {len(ids)}: {listed}{more}.", "Use the id.")
    return model.objects.of(owner).get(pk=ids[0])


def _matching(names: Iterable[tuple[int, str]], wanted: str) -> list[int]:
    """Those called exactly so, else those whose name holds the words, by name."""
    folded = sorted((name.casefold(), pk) for pk, name in names)
    return [pk for name, pk in folded if name == wanted] or [pk for name, pk in folded if wanted in name]

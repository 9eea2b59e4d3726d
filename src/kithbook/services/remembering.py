"""What is costly to read and stays the same until something changes: kept in memory, per owner.

Every writer says that it changed something (`owners.touch_revision`), and the owner's choices are part of the stamp.
What also depends on the hour (warmth, steps that are due) is made anew with it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import connection

from kithbook.services import clock
from kithbook.store.models import Owner

P = ParamSpec("P")
T = TypeVar("T")
MOST_OWNERS, MOST_VIEWS = 20, 300
_kept: dict[int, tuple[tuple[Any, ...], dict[Any, Any]]] = {}


def remembered(function: Callable[Concatenate[Owner, P], T]) -> Callable[Concatenate[Owner, P], T]:
    """Mark a reading function whose answer is kept while nothing changes; nobody may change what it gives.

    Inside a transaction nothing is kept: what was read there may never come to be. Nor is what was asked of a list of
    several people, which is hardly ever asked again.
    """

    @wraps(function)
    def read(owner: Owner, /, *args: P.args, **kwargs: P.kwargs) -> T:
        given = (*args, *kwargs.values())
        if connection.in_atomic_block or any(isinstance(one, list) and len(one) > 1 for one in given):
            return function(owner, *args, **kwargs)
        views = _views(owner)
        name = (function.__module__, function.__qualname__, tuple(kwargs), *map(_frozen, given))
        if name not in views:
            while len(views) >= MOST_VIEWS:
                views.pop(next(iter(views)), None)
            views[name] = function(owner, *args, **kwargs)
        found: T = views[name]
        return found

    return read


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _views(owner: Owner) -> dict[Any, Any]:
    """What is kept for the present state; a request that still reads an older one keeps its own."""
    columns = ("revision", "settings", "habits", "minutes_per_week", "time_zone", "name")
    state = Owner.objects.filter(pk=owner.pk).values_list(*columns).first()
    stamp = (repr(state), clock.now().replace(minute=0, second=0, microsecond=0), clock.today(owner))
    kept = _kept.get(owner.pk)
    if kept is None or kept[0] != stamp:
        if len(_kept) >= MOST_OWNERS:
            _kept.clear()
        kept = _kept[owner.pk] = (stamp, {})
    return kept[1]

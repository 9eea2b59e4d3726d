"""Long lists on pages: so many at first, more on demand, never without end."""

from __future__ import annotations

from typing import NamedTuple

from kithbook.web import forms
from kithbook.web.requests import Request

MOST = 500


class Shown(NamedTuple):
    """How many of each list of a page are shown (`upto` in templates), and how many after “Show more”."""

    upto: int
    more: int


def shown(request: Request, step: int) -> Shown:
    """What the address asks for: `?shown=…`, at least one step."""
    wanted = max(step, min(MOST, forms.whole(request.GET.get("shown", ""), step)))
    return Shown(wanted, min(MOST, wanted + max(step, wanted)))

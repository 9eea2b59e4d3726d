"""The page to read before meeting somebody; made to be printed on one sheet."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kithbook.services import briefs, tips
from kithbook.web.requests import Request


@require_safe
def page(request: Request, person: str) -> HttpResponse:
    """`/people/<id>/brief`."""
    view = briefs.for_person(request.owner, person)
    return render(request, "web/brief.html", {"brief": view, "tip": tips.current(request.owner, "brief")})

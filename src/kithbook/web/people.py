"""People: search, filters, sorting, pages of fifty."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kithbook.services import people
from kithbook.web import forms, words
from kithbook.web.requests import Request

PAGE = 50


@require_safe
def page(request: Request) -> HttpResponse:
    """`/people`: the list; htmx asks for the same page and takes the list out of it."""
    wanted = forms.PeopleFilter(request.GET).values()
    offset = wanted.pop("offset")
    found = people.search(request.owner, **wanted, limit=PAGE, offset=offset)
    kept = {"q" if key == "query" else key: value for key, value in wanted.items() if value}
    context = {
        "found": found,
        "filter": wanted,
        "is_filtered": any(wanted[key] for key in ("query", "stage", "state", "tweeners")),
        "first": offset + 1,
        "last": offset + len(found.people),
        "previous": urlencode(kept | {"offset": max(0, offset - PAGE)}) if offset else "",
        "next": urlencode(kept | {"offset": offset + PAGE}) if offset + PAGE < found.total else "",
        "stages": words.STAGES,
        "states": words.STATES,
        "sorts": words.SORTS,
    }
    return render(request, "web/people.html", context)

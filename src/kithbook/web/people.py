"""People: search, filters, sorting, pages of fifty."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kithbook.services import people
from kithbook.services.views import PersonView
from kithbook.web import forms, words
from kithbook.web.requests import Request

PAGE = 50
OFFERED = 8
"""Names offered while one types."""


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


@require_safe
def names(request: Request) -> HttpResponse:
    """`/people/names?q=`: whom the letters may mean, for the fields that take a person; the warmest first."""
    typed = request.GET.get("q", "").strip()[:200]
    found = people.search(request.owner, typed, limit=OFFERED).people if typed else []
    called = Counter(one.name for one in found)
    offered = [
        # Where two have one name, the id stands for whom is meant.
        {"name": one.name if called[one.name] == 1 else one.id, "about": ", ".join([one.name, *_works_at(one)])}
        for one in found
    ]
    return JsonResponse({"names": offered})


def _works_at(person: PersonView) -> list[str]:
    return [job.organisation for job in person.affiliations[:1]]

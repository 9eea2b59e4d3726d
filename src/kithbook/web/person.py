"""The page of one person."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kithbook.services import batches, between, facts, people, reasons, tips
from kithbook.services.views import PersonPage, PromiseView
from kithbook.web import asks, bank, charts, forms, introductions, ladder, objectives, timeline, words
from kithbook.web.requests import Request

STEP = 25
SHOWN_AT_MOST = 5000
RHYTHMS = (14, 30, 60, 90, 180, 365)
"""Days between two contacts that the page offers."""


@require_safe
def page(request: Request, person: str) -> HttpResponse:
    """`/people/<id>`: everything about one person, edited in place."""
    view = people.show(request.owner, person)
    lines = timeline.entries(view)
    shown = _shown(request)
    context = {
        "person": view,
        "chart": charts.warmth_line(view.warmth_history),
        "months": timeline.by_month(lines[:shown]),
        "lines": len(lines),
        "more": shown + STEP if len(lines) > shown else 0,
        "not_loaded": max(0, view.interactions_total - len(view.interactions)),
        "jobs": [job for job in view.affiliations if not job.ended_on],
        "past_jobs": [job for job in view.affiliations if job.ended_on],
        "loops": _other_loops(view),
        "mail_to": next((item.value for item in view.identities if item.kind == "email"), ""),
        "logged": {one.id for one in batches.listing(request.owner) if one.kind == "log" and one.state != "undone"},
        **bank.account_context(request, view.id),
        **asks.sizes_context(request, view.id),
        **ladder.rungs_context(request, view.id),
        "topics": [
            (kind, label, [item for item in view.topics if item.kind == kind]) for kind, label in words.TOPICS.items()
        ],
        "noted": facts.of_person(request.owner, view.id),
        "tip": tips.current(request.owner, "person"),
        "occasions": reasons.for_person(request.owner, view.id),
        "forecast": between.forecast(request.owner, view.id),
        "rhythms": RHYTHMS,
        **objectives.roles_context(request, view.id),
        "together": introductions.of_person(request, view.id, view.name),
        **_choices(view),
    }
    return render(request, "web/person.html", context)


def _choices(view: PersonPage) -> dict[str, Any]:
    """What the forms of the page offer."""
    return {
        "stages": words.STAGES,
        "spoke": words.SPOKE,
        "ratings": [(field, label, getattr(view, field)) for field, label in words.RATINGS.items()],
    }


def _shown(request: Request) -> int:
    wanted = forms.whole(request.GET.get("shown", ""), STEP)
    return max(STEP, min(SHOWN_AT_MOST, wanted))


def _other_loops(view: PersonPage) -> list[Any]:
    """Open loops without the promises, which have their own list."""
    texts = {item.text for item in view.promises if isinstance(item, PromiseView) and item.state == "open"}
    return [loop for loop in view.open_loops if loop.kind != "promise" and loop.text not in texts]

"""The page of one person."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kithbook.core.ledger import KINDS
from kithbook.services import people
from kithbook.services.views import PersonPage, PromiseView
from kithbook.web import charts, forms, timeline, words
from kithbook.web.requests import Request

STEP = 25
SHOWN_AT_MOST = 5000


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
        "promises": [item for item in view.promises if item.state == "open"],
        "loops": _other_loops(view),
        "topics": [
            (kind, label, [item for item in view.topics if item.kind == kind]) for kind, label in words.TOPICS.items()
        ],
        "bank_most": max(view.bank.gave, view.bank.got, 1.0) if view.bank else 1.0,
        **_choices(view),
    }
    return render(request, "web/person.html", context)


def _choices(view: PersonPage) -> dict[str, Any]:
    """What the forms of the page offer."""
    return {
        "stages": words.STAGES,
        "spoke": words.SPOKE,
        "ratings": [(field, label, getattr(view, field)) for field, label in words.RATINGS.items()],
        "bank_kinds": [(code, kind.label) for code, kind in KINDS.items() if kind.is_deposit],
    }


def _shown(request: Request) -> int:
    wanted = forms.whole(request.GET.get("shown", ""), STEP)
    return max(STEP, min(SHOWN_AT_MOST, wanted))


def _other_loops(view: PersonPage) -> list[Any]:
    """Open loops without the promises, which have their own list."""
    texts = {item.text for item in view.promises if isinstance(item, PromiseView) and item.state == "open"}
    return [loop for loop in view.open_loops if loop.kind != "promise" and loop.text not in texts]

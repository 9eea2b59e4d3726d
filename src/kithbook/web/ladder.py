"""Stages: who stands where, what is proposed, who could come further, where the minutes go."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kithbook.services import ladder
from kithbook.services.ladderviews import MinutesView
from kithbook.web import forms, notices, words
from kithbook.web.requests import Request

STEP, MOST = 10, 500


@require_safe
def page(request: Request) -> HttpResponse:
    """`/ladder`: the seven stages of everybody."""
    shown = max(STEP, min(MOST, forms.whole(request.GET.get("shown", ""), STEP)))
    view = ladder.overview(request.owner, limit=shown)
    most = max([1, *(count.people for count in view.counts)])
    context = {
        "view": view,
        "most": most,
        "shown": shown,
        "more": shown + STEP if max(view.proposals_total, view.stuck_total) > shown else 0,
        "spans": [
            (_("This week"), view.week, _shares(view.week)),
            (_("Twelve weeks"), view.quarter, _shares(view.quarter)),
        ],
        "deepened": sum(item.times for item in view.deepening),
    }
    return render(request, "web/ladder.html", context)


@require_POST
def see(request: Request, person: str) -> HttpResponse:
    """Say how I see somebody."""
    wanted = forms.require(forms.StageForm(request.POST))
    view = ladder.see(request.owner, person, wanted["stage"], why=wanted["why"])
    stage = words.say(words.STAGES, view.my_stage)
    notices.say(request, _("You see %(name)s at %(stage)s.") % {"name": view.person.name, "stage": stage})
    return notices.back(request, reverse("person", args=[person]))


def rungs_context(request: Request, person: str) -> dict[str, Any]:
    """One person on the ladder, for their page."""
    return {"rungs": ladder.show(request.owner, person)}


def _shares(view: MinutesView) -> list[dict[str, Any]]:
    """Bars of all stages on one scale, with the mark of their share."""
    most = max([1, *(band.minutes for band in view.bands), *(band.target for band in view.bands)])
    return [
        {"band": band, "width": round(100 * band.minutes / most, 1), "mark": round(100 * band.target / most, 1)}
        for band in view.bands
    ]

"""Stages: who stands where, what is proposed, who could come further, where the minutes go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kithbook.services import ladder
from kithbook.services.ladderviews import MinutesView, MoveView
from kithbook.web import forms, lists, notices, words
from kithbook.web.requests import Request

STEP, MOST = 5, 500


class Moves(NamedTuple):
    """Proposed moves from one stage to the next; `is_open` where the page shows them unfolded."""

    from_stage: int
    to_stage: int
    moves: list[MoveView]
    total: int
    is_open: bool


@require_safe
def page(request: Request) -> HttpResponse:
    """`/ladder`: the seven stages of everybody, the counts first; moves fold by stage."""
    view, shown = ladder.overview(request.owner, limit=MOST), lists.shown(request, STEP)
    context = {
        "view": view,
        "most": max([1, *(count.people for count in view.counts)]),
        "shown": shown,
        "groups": _groups(view.proposals, request.GET.get("open", ""), shown.upto),
        "spans": [
            (_("This week"), view.week, _shares(view.week)),
            (_("Twelve weeks"), view.quarter, _shares(view.quarter)),
        ],
        "deepened": sum(item.times for item in view.deepening),
    }
    return render(request, "web/ladder.html", context)


def _groups(moves: Sequence[MoveView], wanted: str, upto: int) -> list[Moves]:
    """In the order of the first move of each; the one that is asked for is unfolded, and `upto` of it are shown."""
    found: dict[tuple[int, int], list[MoveView]] = {}
    for move in moves:
        found.setdefault((move.person.stage, move.to_stage), []).append(move)
    keys = [f"{came}-{to}" for came, to in found]
    unfolded = wanted if wanted in keys else next(iter(keys), "")
    return [
        Moves(came, to, rows[: upto if key == unfolded else STEP], len(rows), key == unfolded)
        for key, ((came, to), rows) in zip(keys, found.items(), strict=True)
    ]


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

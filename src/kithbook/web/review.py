"""The weekly review in four steps that can be acted upon, and the numbers of the year."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kithbook.services import review, social, stats, tips, weeks
from kithbook.services.reviewviews import BandView, MonthView, ReviewView, StageStatsView, StatsView
from kithbook.web import forms, notices
from kithbook.web.requests import Request

STEPS = {
    "look": gettext_lazy("Look back"),
    "loops": gettext_lazy("Close loops"),
    "help": gettext_lazy("Help somebody"),
    "ahead": gettext_lazy("Look ahead"),
}
CHART_WIDTH, CHART_HEIGHT, BAR_PART = 600.0, 100.0, 0.7


@require_safe
def page(request: Request, step: str = "look") -> HttpResponse:
    """`/review` and its steps."""
    if step not in STEPS:
        raise Http404
    view = review.review(request.owner, _week(request.GET.get("week", "")))
    keys = list(STEPS)
    number = keys.index(step)
    context: dict[str, Any] = {
        "review": view,
        "step": step,
        "steps": list(STEPS.items()),
        "number": number + 1,
        "before": keys[number - 1] if number else "",
        "after": keys[number + 1] if number + 1 < len(keys) else "",
        "query": f"?week={view.week_of.isoformat()}" if request.GET.get("week") else "",
        "earlier": (view.week_of - dt.timedelta(days=7)).isoformat(),
        "title": STEPS[step],
    }
    if step == "look":
        context["bands"] = _bands(view)
    if step == "loops":
        context |= _loops(request, view)
    return render(request, f"web/review/{step}.html", context)


def _week(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _bands(view: ReviewView) -> list[dict[str, Any]]:
    """Bars of minutes spent at each stage, with a mark at its usual share; all on one scale."""
    most = max([1, *(max(band.spent, band.target) for band in view.bands)])
    return [_bar(band, most) for band in view.bands]


def _bar(band: BandView, most: int) -> dict[str, Any]:
    return {"band": band, "width": 100 * band.spent / most, "mark": 100 * band.target / most}


def _loops(request: Request, view: ReviewView) -> dict[str, Any]:
    """What is open: as touches that can be done here where this week's plan has them, the rest as a list."""
    touches = [touch for touch in weeks.week(request.owner).touches if touch.kind == "obligation"]
    planned = {touch.person.id for touch in touches}
    return {"touches": touches, "open": [item for item in view.open if item.person.id not in planned]}


@require_safe
def numbers(request: Request) -> HttpResponse:
    """`/review/numbers`: the year in numbers, depth first."""
    view = stats.overview(request.owner)
    context = {
        "stats": view,
        "stages": _stage_bars(view),
        "chart": _month_bars(view.months),
        "thin": [circle for circle in view.circles if circle.warm < 2],
        "tip": tips.current(request.owner, "stats"),
    }
    return render(request, "web/review/numbers.html", context)


def _stage_bars(view: StatsView) -> list[dict[str, Any]]:
    most = max([0.01, *(max(stage.share, stage.target) for stage in view.stages)])
    return [_stage_bar(stage, most) for stage in view.stages]


def _stage_bar(stage: StageStatsView, most: float) -> dict[str, Any]:
    return {"stage": stage, "width": 100 * stage.share / most, "mark": 100 * stage.target / most}


def _month_bars(months: list[MonthView]) -> dict[str, Any] | None:
    """Bars of minutes a month in a box of 600 by 100; None where there was no month with any."""
    most = max((month.minutes for month in months), default=0)
    if not most:
        return None
    step = CHART_WIDTH / len(months)
    bars = [
        {
            "x": round(step * (number + (1 - BAR_PART) / 2), 1),
            "y": round(CHART_HEIGHT * (1 - month.minutes / most), 1),
            "height": round(CHART_HEIGHT * month.minutes / most, 1),
            "month": month,
        }
        for number, month in enumerate(months)
    ]
    return {"bars": bars, "width": round(step * BAR_PART, 1), "most": most}


def _back(request: Request, step: str) -> HttpResponse:
    return notices.back(request, reverse("review_step", args=[step]))


@require_POST
def finish(request: Request) -> HttpResponse:
    """Done for this week."""
    note = review.finish(request.owner, _week(request.POST.get("week", "")))
    notices.say(request, note.message, undo=reverse("review_reopen"))
    return _back(request, "ahead")


@require_POST
def reopen(request: Request) -> HttpResponse:
    """Open the review of this week again."""
    notices.say(request, review.reopen(request.owner, _week(request.POST.get("week", ""))).message)
    return _back(request, "look")


@require_POST
def choose(request: Request) -> HttpResponse:
    """Choose the one thing of a week."""
    person = request.POST.get("person", "").strip() or None
    week = _week(request.POST.get("week", ""))
    note = review.choose_action(request.owner, request.POST.get("text", ""), person, week)
    notices.say(request, note.message)
    return _back(request, "help")


@require_POST
def action_done(request: Request) -> HttpResponse:
    """The one thing is done, or open again."""
    is_done = request.POST.get("done") != "0"
    notices.say(request, review.close_action(request.owner, is_done, _week(request.POST.get("week", ""))).message)
    return _back(request, "help")


@require_POST
def social_minutes(request: Request) -> HttpResponse:
    """Minutes on social media."""
    note = social.log(request.owner, forms.whole(request.POST.get("minutes", ""), 0), request.POST.get("note", ""))
    notices.say_done(request, note.message, note.batch)
    return _back(request, "help")


@require_POST
def close_tip(request: Request, tip: str) -> HttpResponse:
    """An explanation that was read."""
    tips.close(request.owner, tip)
    notices.say(request, _("It will not come again."))
    return notices.back(request, reverse("review"))

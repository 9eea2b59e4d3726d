"""Week: the plan by day, where the minutes go, and who was left out."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kithbook.core.plantypes import STAGE_SHARES
from kithbook.services import weeks
from kithbook.services.views import TouchView, WeekView
from kithbook.web import forms, notices
from kithbook.web.requests import Request

LEFT_OUT_SHOWN = 6


@require_safe
def page(request: Request) -> HttpResponse:
    """`/week`: the plan of the week."""
    week = weeks.week(request.owner)
    context = {
        "week": week,
        "ends_on": week.week_of + dt.timedelta(days=6),
        "days": _by_day(week.touches),
        "shares": _shares(week),
        "left_out": week.left_out[:LEFT_OUT_SHOWN],
        "left_more": week.left_out[LEFT_OUT_SHOWN:],
        "presets": forms.MINUTE_PRESETS,
    }
    return render(request, "web/week.html", context)


@require_POST
def minutes(request: Request) -> HttpResponse:
    """Another budget for this week only; the plan is made anew."""
    wanted = forms.require(forms.WeekMinutesForm(request.POST))["minutes_per_week"]
    weeks.budget(request.owner, wanted)
    notices.say(request, _("The week is planned anew with %(n)d minutes.") % {"n": wanted})
    return notices.back(request, reverse("week"))


def _by_day(touches: list[TouchView]) -> list[tuple[dt.date | None, list[TouchView]]]:
    """Touches of each day in order, obligations first; those without a day come last."""
    ordered = sorted(touches, key=lambda one: (one.day_on or dt.date.max, one.kind != "obligation"))
    return [(day, list(rows)) for day, rows in groupby(ordered, key=lambda one: one.day_on)]


def _shares(week: WeekView) -> list[dict[str, Any]]:
    """Per stage the minutes planned beside the stage's share of the budget; `most` scales all bars alike."""
    planned = {int(stage): minutes for stage, minutes in week.by_stage.items() if str(stage).isdigit()}
    targets = {stage: share * week.minutes_budget for stage, share in STAGE_SHARES.items()}
    most = max([1.0, *planned.values(), *targets.values()])
    return [
        {
            "stage": stage,
            "minutes": planned.get(stage, 0),
            "target": round(target),
            "width": round(100 * planned.get(stage, 0) / most, 1),
            "mark": round(100 * target / most, 1),
        }
        for stage, target in targets.items()
    ]

"""Today: the few people to think of now, acted on in place."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kithbook.services import owners, touches, weeks
from kithbook.services.views import TodayView, TouchView
from kithbook.web import forms, notices
from kithbook.web.requests import Request


@require_safe
def page(request: Request) -> HttpResponse:
    """`/`: the touches of the day; the first visit of a new install goes to the set-up."""
    day = weeks.today(request.owner)
    if not day.people and not owners.settings(request.owner).is_set_up:
        return HttpResponseRedirect(reverse("setup"))
    return render(request, "web/today.html", {"day": day, "minutes_today": _minutes(day)})


def _minutes(day: TodayView) -> int:
    return sum(touch.minutes for touch in day.touches)


@require_POST
def done(request: Request, touch: str) -> HttpResponse:
    """Mark a touch as done."""
    minutes = forms.require(forms.MinutesForm(request.POST))["minutes"]
    view = touches.done(request.owner, touch, minutes=minutes)
    return _after(request, view, _("Done: %(name)s.") % {"name": view.person.name})


@require_POST
def snooze(request: Request, touch: str) -> HttpResponse:
    """Put a touch off by some days."""
    days = forms.require(forms.SnoozeForm(request.POST))["days"]
    view = touches.snooze(request.owner, touch, days=days)
    text = ngettext("%(name)s comes back in %(n)d day.", "%(name)s comes back in %(n)d days.", days)
    return _after(request, view, text % {"name": view.person.name, "n": days})


@require_POST
def skip(request: Request, touch: str) -> HttpResponse:
    """Not this person."""
    view = touches.skip(request.owner, touch)
    return _after(request, view, _("%(name)s is left out this week.") % {"name": view.person.name})


@require_POST
def reopen(request: Request, touch: str) -> HttpResponse:
    """Take back what was done with a touch."""
    view = touches.reopen(request.owner, touch)
    notices.say(request, _("%(name)s is open again.") % {"name": view.person.name})
    return notices.back(request, reverse("today"))


def _after(request: Request, view: TouchView, text: str) -> HttpResponse:
    notices.say(request, text, undo=reverse("touch_reopen", args=[view.id]))
    return notices.back(request, reverse("today"))

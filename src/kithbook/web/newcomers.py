"""New people: the board of 24-7-30, the first year, and how far everybody has come."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kithbook.services import newcomers
from kithbook.services.ladderviews import NewcomerView
from kithbook.web import forms, lists, notices, words
from kithbook.web.requests import Request

STEP = 8
WAYS = ("email", "message", "item", "call", "note", "meeting")


@require_safe
def page(request: Request) -> HttpResponse:
    """`/newcomers`: everybody in the first steps."""
    view = newcomers.board(request.owner)
    context = {"board": view, "ways": [(code, words.CHANNELS[code]) for code in WAYS], "form": forms.StartForm()}
    context["shown"] = lists.shown(request, STEP)
    return render(request, "web/newcomers.html", context)


@require_POST
def start(request: Request) -> HttpResponse:
    """Begin the steps with somebody met earlier."""
    wanted = forms.require(forms.StartForm(request.POST))
    view = newcomers.start(request.owner, wanted["person"], on=wanted["on"])
    if view.current:
        text = _("Three light steps with %(name)s begin.") % {"name": view.person.name}
    else:
        text = _("The time for the first steps with %(name)s is over; nothing is asked for.") % {
            "name": view.person.name
        }
    return _back(request, view, text)


@require_POST
def done(request: Request, person: str) -> HttpResponse:
    """The present step is done."""
    wanted = forms.require(forms.StepForm(request.POST))
    view = newcomers.done(
        request.owner, person, channel=wanted["channel"], minutes=wanted["minutes"], note=wanted["note"]
    )
    return _back(request, view, _("Done: %(name)s.") % {"name": view.person.name})


@require_POST
def skip(request: Request, person: str) -> HttpResponse:
    """Leave the present step out."""
    view = newcomers.skip(request.owner, person)
    return _back(request, view, _("One step less with %(name)s.") % {"name": view.person.name})


@require_POST
def stop(request: Request, person: str) -> HttpResponse:
    """No more steps with this person."""
    view = newcomers.stop(request.owner, person)
    return _back(
        request, view, _("No more first steps with %(name)s; they stay in your network.") % {"name": view.person.name}
    )


def _back(request: Request, view: NewcomerView, text: str) -> HttpResponse:
    notices.say_done(request, text, view.batch)
    return notices.back(request, reverse("newcomers"))

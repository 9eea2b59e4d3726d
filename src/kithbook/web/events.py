"""Events: who will be there, a brief on each, talks noted on the spot, and what followed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kithbook.services import clock, events, groups
from kithbook.services.eventviews import RosterMatch
from kithbook.web import aimforms, forms, lists, notices
from kithbook.web.requests import Request

HERE = "events"
PAGE, GROUPS_SHOWN = 12, 5


@require_safe
def page(request: Request) -> HttpResponse:
    """`/events`: ahead, past, those that faded, people worth a coffee, and groups."""
    offset = forms.whole(request.GET.get("offset", ""), 0)
    found = events.listing(request.owner, PAGE, offset)
    later = offset + PAGE
    context = {
        "here": HERE,
        "found": found,
        "faded": events.without_follow_up(request.owner)[:5],
        "coffee": events.coffee(request.owner),
        "groups": groups.listing(request.owner),
        "steps": groups.step_ups(request.owner),
        "shown": lists.shown(request, GROUPS_SHOWN),
        "older": later if later < found.total - len(found.ahead) else 0,
        "offset": offset,
    }
    return render(request, "web/events.html", context)


@require_safe
def show(request: Request, event: str) -> HttpResponse:
    """`/events/<id>`: one of them."""
    return _render(request, event)


def _render(request: Request, event: str, matches: list[RosterMatch] | None = None) -> HttpResponse:
    view = events.show(request.owner, event)
    day = view.event.on
    context: dict[str, Any] = {
        "here": HERE,
        "gathering": view,
        "item": view.event,
        "is_ahead": day is not None and day > clock.today(request.owner),
        "matches": matches,
        "groups": groups.listing(request.owner),
        "met": sum(one.met for one in view.roster),
    }
    return render(request, "web/event.html", context)


@require_POST
def add(request: Request) -> HttpResponse:
    """A new one."""
    values = forms.require(aimforms.EventForm(request.POST))
    view = events.add(request.owner, **values)
    notices.say_done(request, _("“%(name)s” is noted.") % {"name": view.event.name}, view.batch)
    return notices.back(request, reverse("event", args=[view.event.id]))


@require_POST
def edit(request: Request, event: str) -> HttpResponse:
    """Change one."""
    events.edit(request.owner, event, **forms.require(aimforms.EventForm(request.POST)))
    return _back(request, event, _("Saved."))


@require_POST
def drop(request: Request, event: str) -> HttpResponse:
    """Take one away."""
    notices.say(request, events.drop(request.owner, event).message)
    return notices.back(request, reverse("events"))


@require_POST
def read(request: Request, event: str) -> HttpResponse:
    """A pasted list of names, shown before anything is written."""
    return _render(request, event, events.read_roster(request.owner, request.POST.get("names", "")))


@require_POST
def roster(request: Request, event: str) -> HttpResponse:
    """People onto the list."""
    people = [who for who in request.POST.getlist("person") if who.strip()]
    view = events.roster(request.owner, event, people=people, new=request.POST.getlist("new"))
    return _back(request, event, _("On the list: %(n)d people.") % {"n": view.event.people}, view.batch)


@require_POST
def leave_out(request: Request, event: str) -> HttpResponse:
    """Somebody off the list."""
    events.leave_out(request.owner, event, request.POST.get("person", ""))
    return _back(request, event)


@require_POST
def encounter(request: Request, event: str) -> HttpResponse:
    """A talk."""
    form = aimforms.EncounterForm(request.POST)
    forms.require(form)
    view = events.encounter(request.owner, event, **form.arguments())
    return _back(request, event, _("Noted."), view.batch)


@require_POST
def take_back(request: Request, event: str) -> HttpResponse:
    """It was no talk after all."""
    events.take_back(request.owner, event, request.POST.get("person", ""))
    return _back(request, event, _("Taken back."))


def _back(request: Request, event: str, text: str = "", batch: str | None = None) -> HttpResponse:
    if text:
        notices.say_done(request, text, batch)
    return notices.back(request, reverse("event", args=[event]))

"""Groups: my role, who is there, what I do for them, stepping up."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kithbook.services import groups
from kithbook.web import aimforms, forms, lists, notices
from kithbook.web.requests import Request

HERE = "events"
STEP = 12


@require_safe
def page(request: Request) -> HttpResponse:
    """`/groups`: all of them."""
    context = {"here": HERE, "groups": groups.listing(request.owner), "steps": groups.step_ups(request.owner)}
    context["shown"] = lists.shown(request, STEP)
    return render(request, "web/groups.html", context)


@require_safe
def show(request: Request, group: str) -> HttpResponse:
    """`/groups/<id>`: one of them."""
    view = groups.show(request.owner, group)
    context = {"here": HERE, "circle": view, "item": view.group, "shown": lists.shown(request, STEP)}
    return render(request, "web/group.html", context)


@require_POST
def add(request: Request) -> HttpResponse:
    """A new one."""
    view = groups.add(request.owner, **forms.require(aimforms.GroupForm(request.POST)))
    notices.say_done(request, _("“%(name)s” is noted.") % {"name": view.group.name}, view.batch)
    return notices.back(request, reverse("group", args=[view.group.id]))


@require_POST
def edit(request: Request, group: str) -> HttpResponse:
    """Change one, or my role."""
    groups.edit(request.owner, group, **forms.require(aimforms.GroupForm(request.POST)))
    return _back(request, group, _("Saved."))


@require_POST
def join(request: Request, group: str) -> HttpResponse:
    """Somebody in it, with their role."""
    groups.join(request.owner, group, request.POST.get("person", ""), request.POST.get("role", "") or "member")
    return _back(request, group)


@require_POST
def leave(request: Request, group: str) -> HttpResponse:
    """Somebody no longer in it."""
    groups.leave(request.owner, group, request.POST.get("person", ""))
    return _back(request, group)


@require_POST
def give(request: Request, group: str) -> HttpResponse:
    """Something done for it."""
    values = forms.require(aimforms.GivenForm(request.POST))
    view = groups.give(request.owner, group, values["text"], size=values["size"] or 2, on=values["on"])
    return _back(request, group, _("Written down."), view.batch)


def _back(request: Request, group: str, text: str = "", batch: str | None = None) -> HttpResponse:
    if text:
        notices.say_done(request, text, batch)
    return notices.back(request, reverse("group", args=[group]))

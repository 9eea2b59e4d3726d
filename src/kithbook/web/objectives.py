"""Objectives: what to reach, who could help and how ready that is, and what came of the network."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kithbook.core.readiness import ROLES
from kithbook.services import objectives, outcomes, readiness, roles
from kithbook.web import aimforms, forms, notices
from kithbook.web.requests import Request

KINDS: dict[str, Any] = {
    "job_search": gettext_lazy("Job search"), "sales": gettext_lazy("Sales"), "move": gettext_lazy("Move"),
    "project": gettext_lazy("Project"), "other": gettext_lazy("Something else"),
}  # fmt: skip
COVER: dict[str, Any] = {
    "ready": gettext_lazy("ready"), "thin": gettext_lazy("thin"), "cold": gettext_lazy("cold"),
    "empty": gettext_lazy("nobody yet"),
}  # fmt: skip
HERE = "objectives"
OUTCOMES = 20


@require_safe
def page(request: Request) -> HttpResponse:
    """`/objectives`: all of them, readiness for anything, and the log of outcomes."""
    need = request.GET.get("need", "").strip()[:200]
    context = {
        "here": HERE,
        "found": objectives.listing(request.owner),
        "need": need,
        "ready": readiness.check(request.owner, need),
        "log": outcomes.listing(request.owner, limit=OUTCOMES),
        "kinds": KINDS,
        "cover_words": COVER,
    }
    return render(request, "web/objectives.html", context)


@require_safe
def show(request: Request, objective: str) -> HttpResponse:
    """`/objectives/<id>`: one of them."""
    view = objectives.show(request.owner, objective)
    return render(request, "web/objective.html", {
        "here": HERE, "aim": view, "item": view.objective, "ready": view.readiness, "kinds": KINDS,
        "cover_words": COVER, "roles": ROLES, "percent": round(view.objective.share * 100),
    })  # fmt: skip


@require_POST
def add(request: Request) -> HttpResponse:
    """Open one; thin cover before a push is said at once."""
    form = aimforms.ObjectiveForm(request.POST)
    forms.require(form)
    view = objectives.add(request.owner, **form.arguments())
    warning = view.readiness.warning if view.readiness else ""
    notices.say(request, warning or _("“%(name)s” is open.") % {"name": view.objective.name})
    return notices.back(request, reverse("objective", args=[view.objective.id]))


@require_POST
def edit(request: Request, objective: str) -> HttpResponse:
    """Change one."""
    form = aimforms.ObjectiveForm(request.POST)
    forms.require(form)
    values = form.arguments()
    objectives.edit(request.owner, objective, clear_due=values["due_on"] is None, **values)
    return _back(request, objective, _("Saved."))


@require_POST
def link(request: Request, objective: str) -> HttpResponse:
    """Somebody who matters to it."""
    objectives.link(request.owner, objective, request.POST.get("person", ""), helper="helper" in request.POST)
    return _back(request, objective)


@require_POST
def unlink(request: Request, objective: str) -> HttpResponse:
    """Somebody who does not."""
    objectives.unlink(request.owner, objective, request.POST.get("person", ""))
    return _back(request, objective)


@require_POST
def helper(request: Request, objective: str) -> HttpResponse:
    """Somebody who helps, or no longer does."""
    objectives.helper(request.owner, objective, request.POST.get("person", ""), helps="helps" in request.POST)
    return _back(request, objective)


@require_POST
def reach(request: Request, objective: str) -> HttpResponse:
    """It is reached."""
    values = forms.require(aimforms.ReachForm(request.POST))
    view = objectives.reach(request.owner, objective, **values)
    text = _("Reached. Those who helped are not left in silence: light touches follow over the year.")
    plain = _("Reached.")
    return _back(request, objective, text if view.objective.helpers else plain)


@require_POST
def drop(request: Request, objective: str) -> HttpResponse:
    """It is given up."""
    objectives.drop(request.owner, objective)
    notices.say(request, _("Closed. Its history is kept."), undo=reverse("objective_reopen", args=[objective]))
    return notices.back(request, reverse("objective", args=[objective]))


@require_POST
def reopen(request: Request, objective: str) -> HttpResponse:
    """It is open again."""
    objectives.reopen(request.owner, objective)
    return _back(request, objective, _("Open again."))


@require_POST
def add_outcome(request: Request) -> HttpResponse:
    """Something came of it."""
    values = forms.require(aimforms.OutcomeForm(request.POST))
    view = outcomes.add(request.owner, **values)
    notices.say_done(request, _("Noted: %(text)s.") % {"text": view.text.rstrip(".")}, view.batch)
    return notices.back(request, reverse("objectives"))


@require_POST
def drop_outcome(request: Request, outcome: str) -> HttpResponse:
    """Off the log."""
    note = outcomes.drop(request.owner, outcome)
    notices.say(request, note.message)
    return notices.back(request, reverse("objectives"))


@require_POST
def give_role(request: Request, person: str) -> HttpResponse:
    """What a person is to you."""
    roles.give(request.owner, person, request.POST.get("role", ""), request.POST.get("objective", ""))
    return notices.back(request, reverse("person", args=[person]))


@require_POST
def take_role(request: Request, person: str) -> HttpResponse:
    """What they no longer are."""
    roles.take(request.owner, person, request.POST.get("role", ""), request.POST.get("objective", ""))
    return notices.back(request, reverse("person", args=[person]))


def roles_context(request: Request, person: str) -> dict[str, Any]:
    """What the page of a person shows of roles and outcomes."""
    return {
        "person_roles": roles.listing(request.owner, person),
        "person_outcomes": outcomes.listing(request.owner, person, limit=OUTCOMES),
        "role_words": ROLES,
        "open_objectives": [one for one in objectives.listing(request.owner).objectives if one.state == "open"],
    }


def _back(request: Request, objective: str, text: str = "") -> HttpResponse:
    if text:
        notices.say(request, text)
    return notices.back(request, reverse("objective", args=[objective]))

"""In between: a few people a week to keep, lighten or let go; dormant ties; those let go. And a rhythm of one's own."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kithbook.core.errors import Invalid
from kithbook.services import between
from kithbook.web import forms, notices
from kithbook.web.requests import Request

SCOPES = {"tweeners": gettext_lazy("In between"), "everyone": gettext_lazy("My whole list")}
DECISIONS = {"keep": between.keep, "lighten": between.lighten, "let_go": between.let_go}
MORE = 5


@require_safe
def page(request: Request) -> HttpResponse:
    """`/between`: the weekly review of people in between."""
    scope = request.GET.get("scope", "")
    scope = scope if scope in SCOPES else "tweeners"
    more = min(between.MOST, forms.whole(request.GET.get("more", ""), 0))
    view = between.review(request.owner, scope, more or None)
    shown = len(view.candidates)
    context = {
        "view": view,
        "scope": scope,
        "scopes": SCOPES,
        "more": min(between.MOST, shown + MORE) if view.waiting > shown else 0,
        "left": max(0, view.a_week - view.decided_this_week),
    }
    return render(request, "web/between.html", context)


@require_POST
def decide(request: Request, person: str) -> HttpResponse:
    """Keep, lighten or let go."""
    act = DECISIONS.get(request.POST.get("decision", ""))
    if act is None:
        raise Invalid(_("Nothing was decided."), _("Choose to keep, to lighten or to let go."))
    view = act(request.owner, person)
    notices.say(request, view.message, undo=reverse("between_undo", args=[view.batch]))
    return notices.back(request, reverse("between"))


@require_POST
def undo(request: Request, batch: str) -> HttpResponse:
    """Take a decision back."""
    notices.say(request, between.undo(request.owner, batch).message)
    return notices.back(request, reverse("between"))


@require_POST
def rhythm(request: Request, person: str) -> HttpResponse:
    """How often the owner wants to be in touch with somebody."""
    days = forms.whole(request.POST.get("days", ""), 0)
    notices.say(request, between.rhythm(request.owner, person, days).message)
    return notices.back(request, reverse("person", args=[person]))

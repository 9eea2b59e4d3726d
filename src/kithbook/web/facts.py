"""Facts about people: noted on their page, confirmed when they are old, searched."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kithbook.services import facts
from kithbook.web import notices
from kithbook.web.requests import Request

STALE_SHOWN = 12


@require_safe
def page(request: Request) -> HttpResponse:
    """`/facts`: words found in all notes; what may not be true any more."""
    query = request.GET.get("q", "").strip()[:200]
    context = {
        "query": query,
        "found": facts.search(request.owner, query) if query else [],
        "stale": facts.stale(request.owner, STALE_SHOWN),
    }
    return render(request, "web/review/facts.html", context)


@require_POST
def note(request: Request, person: str) -> HttpResponse:
    """Note a fact."""
    sent = request.POST
    answer = facts.note(
        request.owner, person, sent.get("text", ""), sent.get("about", "fact"), sent.get("source", ""),
        sensitive="sensitive" in sent,
    )  # fmt: skip
    notices.say_done(request, answer.message, answer.batch)
    return _back(request, person)


@require_POST
def confirm(request: Request, person: str) -> HttpResponse:
    """Still true."""
    view = facts.confirm(request.owner, person, request.POST.get("topic", ""))
    notices.say(request, _("Still true as of today: %(text)s") % {"text": view.text})
    return _back(request, person)


@require_POST
def sensitive(request: Request, person: str) -> HttpResponse:
    """Keep a fact out of drafts, calendars and mails, or not."""
    view = facts.mark_sensitive(
        request.owner, person, request.POST.get("topic", ""), sensitive=request.POST.get("sensitive") != "0"
    )
    text = _("Kept out of drafts, calendars and mails.") if view.is_sensitive else _("Not sensitive any more.")
    notices.say(request, text)
    return _back(request, person)


def _back(request: Request, person: str) -> HttpResponse:
    return notices.back(request, reverse("person", args=[person]))

"""The trash, and one change to many people of the list."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kithbook.core.errors import Invalid
from kithbook.services import bulk, trash
from kithbook.web import forms, notices
from kithbook.web.requests import Request

STEP = 100
ACTS = ("tag", "untag", "let_go", "trash", "keep", "importance", "liking")


@require_safe
def page(request: Request) -> HttpResponse:
    """`/trash`: who is in it, since when, and until when."""
    offset = max(0, forms.whole(request.GET.get("from", ""), 0))
    found = trash.listing(request.owner, limit=STEP, offset=offset)
    following = offset + STEP if offset + STEP < found.total else 0
    return render(request, "web/trash.html", {"found": found, "following": following})


@require_POST
def empty(request: Request) -> HttpResponse:
    """Erase everybody in it now."""
    done = trash.empty(request.owner, sure=request.POST.get("sure") == "yes")
    text = ngettext("%(n)d person is erased.", "%(n)d people are erased.", done.people) % {"n": done.people}
    notices.say(request, text)
    return notices.back(request, reverse("trash_list"))


@require_POST
def days(request: Request) -> HttpResponse:
    """After how many days it empties itself."""
    found = trash.keep_for(request.owner, forms.whole(request.POST.get("days", ""), 0))
    text = _("Whoever is in the trash is erased after %(n)d days.") % {"n": found.days}
    notices.say(request, text)
    return notices.back(request, reverse("trash_list"))


@require_POST
def change_many(request: Request) -> HttpResponse:
    """One change to everybody chosen in the list of people."""
    act = request.POST.get("do", "")
    if act not in ACTS:
        raise Invalid(_("Nothing was said about what to change."), _("Use one of the buttons below the list."))
    done = bulk.change(request.owner, request.POST.getlist("people"), **_change(request, act))
    unchanged = ngettext("%(n)d was like that already.", "%(n)d were like that already.", done.unchanged)
    text = done.message + (f" {unchanged % {'n': done.unchanged}}" if done.unchanged else "")
    notices.say_done(request, text, done.batch)
    return notices.back(request, reverse("people"))


def _change(request: Request, act: str) -> dict[str, Any]:
    """The button that was pressed as arguments of `bulk.change`."""
    if act in ("tag", "untag"):
        return {act: request.POST.get("tag", "")}
    if act in ("importance", "liking"):
        return {act: forms.whole(request.POST.get("rating", ""), -1)}
    return {"standing": act}

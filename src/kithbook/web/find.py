"""Who can help: the go-to search, what you and your people look for, and how well things are covered."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kithbook.services import goto, matching, wishes
from kithbook.web import forms, notices, words
from kithbook.web.requests import Request

SHOWN, SUGGESTED, COVERED = 12, 6, 10


@require_safe
def page(request: Request) -> HttpResponse:
    """`/find?q=…&place=…`: the answer, or without a question what could be asked."""
    wanted = _wanted(request.GET)
    context: dict[str, Any] = {"filter": wanted, "stages": words.STAGES}
    if wanted["q"] or wanted["place"]:
        context["found"] = goto.who_can_help(
            request.owner, wanted["q"], wanted["place"], SHOWN, stage=wanted["stage"], warm=wanted["warm"]
        )
        context["here_again"] = f"{reverse('find')}?{urlencode({key: value for key, value in wanted.items() if value})}"
    else:
        context |= {
            "own": wishes.own(request.owner).wishes,
            "mine": matching.mine(request.owner, SUGGESTED).matches,
            "inbox": wishes.inbox(request.owner, SUGGESTED).wishes,
            "giving": matching.giving(request.owner, SUGGESTED).matches,
            "cover": goto.coverage(request.owner, COVERED),
            "served": goto.served(request.owner),
        }
    return render(request, "web/find.html", context)


def _wanted(asked: Any) -> dict[str, Any]:
    stage = forms.whole(asked.get("stage", ""), 0)
    return {
        "q": asked.get("q", "").replace("\x00", "").strip()[:300],
        "place": asked.get("place", "").replace("\x00", "").strip()[:100],
        "stage": stage if stage in words.STAGES else None,
        "warm": bool(asked.get("warm")),
    }


@require_POST
def decline(request: Request) -> HttpResponse:
    """Not this person for this: remembered."""
    note = matching.decide(
        request.owner, request.POST.get("need", ""), request.POST.get("offers", ""), "no",
        needs=request.POST.get("needs", ""),
    )  # fmt: skip
    notices.say_done(request, note.message, note.batch)
    return notices.back(request, reverse("find"))


@require_POST
def note(request: Request) -> HttpResponse:
    """Note a need, goal or offer of one's own."""
    wishes.note(request.owner, request.POST.get("kind", ""), request.POST.get("text", ""))
    notices.say(request, _("Noted. People who fit are shown here."))
    return notices.back(request, reverse("find"))


@require_POST
def drop(request: Request, wish: str) -> HttpResponse:
    """Take one of them away."""
    wishes.drop(request.owner, wish)
    notices.say(request, _("Taken away."))
    return notices.back(request, reverse("find"))

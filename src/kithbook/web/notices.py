"""One-line notices after an act, most of them with Undo; and where to go afterwards."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def say(request: HttpRequest, text: str, undo: str = "") -> None:
    """Keep a sentence for the next page; `undo` is the address that takes the act back by POST."""
    messages.success(request, text, extra_tags=undo)


def say_done(request: HttpRequest, text: str, batch: str | None) -> None:
    """Keep a sentence for the next page; where the act is a batch it can be taken back from there."""
    say(request, text, undo=reverse("batch_undo", args=[batch]) if batch else "")


def pending(request: HttpRequest) -> list[dict[str, Any]]:
    """The notices to show now; each is shown once."""
    if not hasattr(request, "_messages"):
        return []
    return [{"level": "done", "text": str(item), "undo": item.extra_tags} for item in messages.get_messages(request)]


def back(request: HttpRequest, default: str) -> HttpResponse:
    """Redirect to the page the form was on, if that is one of ours, else to `default`."""
    # 303: the next request is a GET, also for htmx.
    return HttpResponseRedirect(own_address(request.POST.get("next", ""), default), status=303)


def own_address(wanted: str, default: str) -> str:
    """The address if it is one of ours, else `default`."""
    mine = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if mine else default

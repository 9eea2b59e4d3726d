"""Phones and desktops that read the people as an address book, how each is set up, and programs with a token."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kithbook.core.errors import Invalid, Refused
from kithbook.services import batches, devices, tokens
from kithbook.services.deviceviews import NewDevice
from kithbook.services.tokenviews import NewToken
from kithbook.web import errors, notices
from kithbook.web.requests import Request

CHANGES = 20
"""Shown at most."""


@require_safe
def page(request: Request) -> HttpResponse:
    """`/devices`: the list, a form for another one, and how to set each kind up."""
    return _page(request)


@require_POST
def add(request: Request) -> HttpResponse:
    """Make a password for a device; it is shown in this answer and never again."""
    name = request.POST.get("name", "")
    try:
        new = devices.add(request.owner, name, writes=bool(request.POST.get("writes")))
    except (Invalid, Refused) as error:
        return _page(request, problem=error.told, name=name, status=errors.STATUS[error.kind])
    return _page(request, new=new)


@require_POST
def rename(request: Request, device: str) -> HttpResponse:
    """Another name."""
    devices.rename(request.owner, device, request.POST.get("name", ""))
    notices.say(request, _("Renamed."))
    return _to_page()


@require_POST
def permit(request: Request, device: str) -> HttpResponse:
    """Read and write, or read only."""
    writes = request.POST.get("writes") == "1"
    devices.permit(request.owner, device, writes)
    notices.say(request, _("It may change people now.") if writes else _("It only reads now."))
    return _to_page()


@require_POST
def remove(request: Request, device: str) -> HttpResponse:
    """Switch one device off."""
    devices.remove(request.owner, device)
    notices.say(request, _("Switched off. What it had read stays on it until its account is removed there."))
    return _to_page()


@require_POST
def plain(request: Request) -> HttpResponse:
    """Whether devices may come without encryption."""
    allowed = request.POST.get("allowed") == "1"
    devices.allow_plain(request.owner, allowed)
    notices.say(request, _("Devices may come without encryption now.") if allowed else _("Only encrypted now."))
    return _to_page()


@require_POST
def add_program(request: Request) -> HttpResponse:
    """Make a token for a program; it is shown in this answer and never again."""
    name = request.POST.get("name", "")
    try:
        new = tokens.add(request.owner, name, writes=bool(request.POST.get("writes")))
    except (Invalid, Refused) as error:
        problem = error.told
        return _page(request, token_problem=problem, token_name=name, status=errors.STATUS[error.kind])
    return _page(request, new_token=new)


@require_POST
def remove_program(request: Request, token: str) -> HttpResponse:
    """Take a program's token away."""
    tokens.remove(request.owner, token)
    notices.say(request, _("Taken away. The program is not answered any more."))
    return _to_page()


def _to_page() -> HttpResponse:
    return HttpResponseRedirect(reverse("devices"), status=303)


def _page(
    request: Request,
    *,
    new: NewDevice | None = None,
    new_token: NewToken | None = None,
    status: int = 200,
    **typed: str,
) -> HttpResponse:
    address = request.build_absolute_uri(devices.PATH)
    parts = urlsplit(address)
    context = {
        "found": devices.listing(request.owner),
        "changes": [batch for batch in batches.listing(request.owner) if batch.kind == "device"][:CHANGES],
        "new": new,
        "tokens": tokens.listing(request.owner),
        "new_token": new_token,
        "address": address,
        "host": parts.netloc,
        "is_near": parts.hostname in ("127.0.0.1", "localhost", "::1"),
        "is_encrypted": parts.scheme == "https",
        **typed,
    }
    response = render(request, "web/devices.html", context, status=status)
    if new or new_token:
        # A secret that is shown once must not wait in the browser's cache.
        response["Cache-Control"] = "no-store"
    return response

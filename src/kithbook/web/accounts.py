"""Accounts: mailboxes, calendars and address books on servers, the looks at them, and cards to decide on."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kithbook.core.errors import Invalid, Refused, Unavailable
from kithbook.services import accounts
from kithbook.web import forms, notices
from kithbook.web.requests import Request

SECONDS = 20
"""A page waits no longer; what is left of a big mailbox is read in the background."""
KINDS = {
    "imap": gettext_lazy("Mailbox (IMAP)"),
    "caldav": gettext_lazy("Calendar (CalDAV)"),
    "carddav": gettext_lazy("Address book (CardDAV)"),
}
PACES = {
    15: gettext_lazy("every 15 minutes"),
    60: gettext_lazy("every hour"),
    360: gettext_lazy("every 6 hours"),
    1440: gettext_lazy("once a day"),
}


@require_safe
def page(request: Request) -> HttpResponse:
    """`/accounts`: the list, and a form for another one."""
    found = [(view, KINDS[view.kind]) for view in accounts.listing(request.owner)]
    return render(request, "web/accounts.html", {"accounts": found, "kinds": KINDS, "paces": PACES})


@require_safe
def one(request: Request, account: str) -> HttpResponse:
    """`/accounts/<id>`: one account with its history."""
    found = accounts.show(request.owner, account)
    paces = dict(PACES)
    paces.setdefault(found.account.every_minutes, _("every %(n)d minutes") % {"n": found.account.every_minutes})
    context = {
        "found": found,
        "account": found.account,
        "kind": KINDS[found.account.kind],
        "paces": paces,
        "places": "\n".join(found.account.places),
    }
    return render(request, "web/account.html", context)


@require_POST
def add(request: Request) -> HttpResponse:
    """Add an account and try its login."""
    view = accounts.add(
        request.owner,
        kind=request.POST.get("kind", ""),
        url=request.POST.get("url", ""),
        user_name=request.POST.get("user_name", ""),
        password=request.POST.get("password", ""),
        name=request.POST.get("name", ""),
        address=request.POST.get("address", ""),
    )
    notices.say(request, _try_out(request, view.id))
    return HttpResponseRedirect(reverse("account", args=[view.id]), status=303)


def _try_out(request: Request, account: str) -> str:
    try:
        found = accounts.test(request.owner, account)
    except (Invalid, Refused, Unavailable) as error:
        return error.told
    names = ", ".join(found.usual[:8])
    return f"{found.message} " + (_("Read are: %(names)s.") % {"names": names} if names else "")


@require_POST
def test(request: Request, account: str) -> HttpResponse:
    """Try the login."""
    notices.say(request, _try_out(request, account))
    return _back(request, account)


@require_POST
def edit(request: Request, account: str) -> HttpResponse:
    """Change an account; an empty password field leaves the password as it is."""
    sent = request.POST
    changes: dict[str, Any] = {name: sent[name] for name in ("name", "url", "user_name") if name in sent}
    if sent.get("password"):
        changes["password"] = sent["password"]
    if "every_minutes" in sent:
        changes["every_minutes"] = forms.whole(sent["every_minutes"], 0)
    if "places" in sent:
        changes["places"] = [line for line in sent["places"].splitlines() if line.strip()]
    view = accounts.edit(request.owner, account, **changes)
    notices.say(request, _("%(name)s is changed.") % {"name": view.name})
    return _back(request, account)


@require_POST
def look(request: Request, account: str) -> HttpResponse:
    """Look at it now."""
    found = accounts.run_now(request.owner, account, seconds=SECONDS)
    run = found.runs[0]
    notices.say_done(request, run.error or run.summary, run.batch)
    return _back(request, account)


@require_POST
def switch(request: Request, account: str) -> HttpResponse:
    """Pause it, or go on."""
    view = accounts.switch(request.owner, account, on=request.POST.get("on") == "1")
    text = _("%(name)s is looked at again.") if view.is_on else _("%(name)s is paused.")
    notices.say(request, text % {"name": view.name})
    return _back(request, account)


@require_POST
def reread(request: Request, account: str) -> HttpResponse:
    """Read it from the start the next time."""
    notices.say(request, accounts.reread(request.owner, account).message)
    return _back(request, account)


@require_POST
def remove(request: Request, account: str) -> HttpResponse:
    """Forget it."""
    notices.say(request, accounts.remove(request.owner, account).message)
    return HttpResponseRedirect(reverse("accounts"), status=303)


@require_POST
def writes(request: Request, account: str) -> HttpResponse:
    """Let an address book be written to, or read it only."""
    view = accounts.let_write(request.owner, account, on=request.POST.get("on") == "1")
    text = _("Kithbook may write to %(name)s now.") if view.writes else _("%(name)s is only read.")
    notices.say(request, text % {"name": view.name})
    return _back(request, account)


@require_POST
def put(request: Request, account: str) -> HttpResponse:
    """Put somebody into an address book."""
    notices.say(request, accounts.put_card(request.owner, account, request.POST.get("person", "")).message)
    return _back(request, account)


@require_POST
def loss(request: Request, account: str) -> HttpResponse:
    """Cards that are gone are meant to be gone."""
    notices.say(request, accounts.let_loss_through(request.owner, account).message)
    return _back(request, account)


@require_POST
def resolve(request: Request, account: str, card: str) -> HttpResponse:
    """Decide about a card that both sides changed."""
    note = accounts.resolve(request.owner, account, card, request.POST.get("keep", ""))
    notices.say(request, note.message)
    return _back(request, account)


def _back(request: Request, account: str) -> HttpResponse:
    return notices.back(request, reverse("account", args=[account]))

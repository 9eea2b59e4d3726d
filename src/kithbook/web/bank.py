"""The bank: whom to give something, what went each way, promises, and how it may look from the other side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kithbook.core.ledger import KINDS
from kithbook.services import bank, bankbook, promises
from kithbook.services.bankviews import PromiseRow
from kithbook.services.views import LedgerView
from kithbook.web import forms, lists, notices
from kithbook.web.requests import Request

GIVE_STEP = 5
PAGE = 30
MUTUALITY: dict[str, Any] = {
    "both ways": later("It goes both ways."),
    "mostly you": later("So far it goes mostly from you to them. Nothing has to come back."),
    "mostly they": later("So far it comes mostly from them to you."),
    "nothing yet": later("Nothing has gone either way yet."),
}

OVERALL: dict[str, Any] = {
    "both ways": later("Over everybody it goes both ways."),
    "mostly you": later("Over everybody you give more than you get: that is what a bank is for."),
    "mostly they": later("Over everybody more has come to you than gone out: a good time to give."),
    "nothing yet": later("Nothing is written down yet."),
}


@require_safe
def page(request: Request) -> HttpResponse:
    """`/bank`: the bank over everybody."""
    shown = lists.shown(request, GIVE_STEP)
    view = bankbook.overview(request.owner, limit=shown.upto)
    context = {
        "bank": view,
        "most": max(view.gave, view.got, 1.0),
        "overall": OVERALL[view.mutuality],
        "shown": shown,
        **entry_choices(request),
    }
    return render(request, "web/bank.html", context)


@require_safe
def entries(request: Request) -> HttpResponse:
    """`/bank/entries`: the whole history, filtered."""
    offset = forms.whole(request.GET.get("offset", ""), 0)
    asked = {key: request.GET.get(key, "").strip()[:100] for key in ("person", "direction", "kind")}
    if asked["direction"] not in ("gave", "got"):
        asked["direction"] = ""
    if asked["kind"] not in KINDS:
        asked["kind"] = ""
    found = bankbook.entries(request.owner, **asked, limit=PAGE, offset=offset)
    kept = {key: value for key, value in asked.items() if value}
    context = {
        "found": found,
        "filter": asked,
        "kinds": [(code, kind.label) for code, kind in KINDS.items()],
        "first": offset + 1,
        "last": offset + len(found.entries),
        "previous": urlencode(kept | {"offset": max(0, offset - PAGE)}) if offset else "",
        "next": urlencode(kept | {"offset": offset + PAGE}) if offset + PAGE < found.total else "",
    }
    return render(request, "web/bank_entries.html", context)


@require_POST
def add(request: Request) -> HttpResponse:
    """Write down something given or got, with one person or several."""
    names = forms.phrases(request.POST.get("people", ""))
    view = write_entry(request, names[0] if names else "", names[1:])
    return _back(request, _("Written down: %(what)s.") % {"what": view.label}, view.batch)


def write_entry(request: Request, person: str, others: list[str]) -> LedgerView:
    """What a form of an entry says, through the services."""
    wanted = forms.require(forms.BankForm(request.POST))
    direction = wanted.pop("direction")
    more = {**wanted, **forms.entry_details(request.POST)}
    if direction == "gave":
        return bank.gave(request.owner, person, others=others, **more)
    more.pop("no_strings", None)
    return bank.got(request.owner, person, others=others, **more)


@require_POST
def give(request: Request, person: str) -> HttpResponse:
    """One click on the list of gifts: it was sent."""
    note = request.POST.get("note", "").strip()[:1000]
    view = bank.gave(request.owner, person, "item", note=note)
    return _back(request, _("Given: %(what)s.") % {"what": (view.note or view.label).rstrip(".")}, view.batch)


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: Request, entry: str) -> HttpResponse:
    """`/bank/entries/<id>`: one entry, to look at and change."""
    if request.method == "POST":
        wanted = forms.require(forms.BankForm(request.POST))
        wanted.pop("direction")
        bank.edit(request.owner, entry, **wanted, **forms.entry_details(request.POST))
        return _back(request, _("Saved."), None, reverse("bank_entry_page", args=[entry]))
    view = bankbook.entry(request.owner, entry)
    person = view.people[0].id if view.people else ""
    return render(request, "web/bank_entry.html", {"entry": view, **entry_choices(request, person)})


@require_POST
def drop(request: Request, entry: str) -> HttpResponse:
    """Take an entry away."""
    bank.drop(request.owner, entry)
    return _back(request, _("The entry was taken away."), None)


@require_POST
def promise_add(request: Request) -> HttpResponse:
    """Write down a promise."""
    wanted = forms.require(forms.PromiseForm(request.POST))
    row = promises.add(
        request.owner, wanted["person"], wanted["text"], by_me=wanted["by"] == "me", due_on=wanted["due_on"]
    )
    notices.say(request, _("Written down: %(what)s.") % {"what": row.text}, undo=reverse("promise_drop", args=[row.id]))
    return notices.back(request, reverse("bank"))


ACTS: dict[str, tuple[Callable[[Any, str], PromiseRow], Any]] = {
    "keep": (promises.keep, later("Kept: %(what)s.")),
    "broken": (promises.broken, later("Noted as not kept: %(what)s. A word of apology mends it.")),
    "release": (promises.release, later("Let go: %(what)s.")),
    "reopen": (promises.reopen, later("Open again: %(what)s.")),
    "drop": (promises.drop, later("Taken away: %(what)s.")),
}


@require_POST
def promise(request: Request, promise: str, act: str) -> HttpResponse:
    """Kept, not kept, released, open again, or taken away."""
    change, text = ACTS[act]
    row = change(request.owner, promise)
    undo = reverse("promise_reopen", args=[promise]) if act in ("keep", "broken", "release") else ""
    notices.say(request, text % {"what": row.text}, undo=undo)
    return notices.back(request, reverse("bank"))


def account_context(request: Request, person: str) -> dict[str, Any]:
    """The bank with one person, for their page."""
    view = bankbook.account(request.owner, person)
    return {
        "account": view,
        "mutual": MUTUALITY[view.mutuality],
        "bank_most": max(view.gave or 0, view.got or 0, 1.0),
        **entry_choices(request, person),
    }


def entry_choices(request: Request, person: str = "") -> dict[str, Any]:
    """What the form of an entry offers."""
    return {
        "choices": bankbook.choices(request.owner, person),
        "given_kinds": [(code, kind.label) for code, kind in KINDS.items() if kind.is_deposit],
        "taken_kinds": [(code, kind.label) for code, kind in KINDS.items() if not kind.is_deposit],
    }


def _back(request: Request, text: str, batch: str | None, default: str = "") -> HttpResponse:
    notices.say_done(request, text, batch)
    return notices.back(request, default or reverse("bank"))

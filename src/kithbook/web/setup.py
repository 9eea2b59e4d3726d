"""First run and settings: the same few fields."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import kithbook
from kithbook.core.errors import KithbookError
from kithbook.services import demo, owners
from kithbook.services.views import OwnerView
from kithbook.web import errors, forms, notices, preferences
from kithbook.web.requests import Request


@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: Request) -> HttpResponse:
    """`/setup`: name, addresses, minutes and time zone, then import or look around."""
    return _form(request, "web/setup.html", {"is_first": True})


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Request) -> HttpResponse:
    """`/settings`: the same fields; where the data is; about."""
    extra = {"home": django_settings.HOME, "version": kithbook.__version__, "has_demo": demo.is_loaded(request.owner)}
    extra |= preferences.context(request)
    return _form(request, "web/settings.html", extra)


def _form(request: Request, template: str, extra: dict[str, Any]) -> HttpResponse:
    now = owners.settings(request.owner)
    form = forms.OwnerForm(request.POST or None, initial=_initial(now))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                owners.change_settings(request.owner, **form.arguments())
            except KithbookError as error:
                form.add_error(None, error.told)
                status = errors.STATUS[error.kind]
            else:
                return _saved(request, template)
    context = {"form": form, "settings": now, "presets": forms.MINUTE_PRESETS, **extra}
    return render(request, template, context, status=status)


def _initial(now: OwnerView) -> dict[str, Any]:
    known = ", ".join([*now.addresses, *now.unconfirmed_addresses])
    return {**{field: getattr(now, field) for field in ("name", "minutes_per_week", "time_zone")}, "addresses": known}


def _saved(request: Request, template: str) -> HttpResponse:
    if template == "web/setup.html":
        return HttpResponseRedirect(reverse("import"), status=303)
    notices.say(request, _("Saved."))
    return HttpResponseRedirect(reverse("settings"), status=303)


@require_POST
def confirm_addresses(request: Request) -> HttpResponse:
    """The addresses found in the mail are mine."""
    owners.confirm_addresses(request.owner)
    notices.say(request, _("Thank you. These addresses are yours."))
    return notices.back(request, reverse("settings"))

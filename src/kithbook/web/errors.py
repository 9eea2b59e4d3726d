"""Failures as calm pages: one table from kind to status, and the pages of the server's own errors."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kithbook.core.errors import KithbookError

STATUS = {"not_found": 404, "invalid": 400, "conflict": 409, "refused": 422, "unavailable": 503}
"""HTTP status of each kind of `KithbookError`."""

API_KINDS = {403: "refused", 500: "unavailable", **{status: kind for kind, status in STATUS.items()}}
"""What programs below `/api/` are told, in the API's own form, where none of its routes has answered."""
_LISTED = re.compile(r": .* \([0-9a-hjkmnp-tv-z]{13}\).*")


def told(error: KithbookError) -> tuple[str, str]:
    """Message and hint as a page says them: without ids, and without commands, which nobody can type there."""
    if "candidates" in error.details:
        return _LISTED.sub(".", error.message), _("Write the full name or the e-mail, or open who is meant:")
    if "`kith" in error.hint and error.kind != "unavailable":
        missing = error.kind == "not_found"
        return error.message, _("It may be spelt differently here, or have been taken back.") if missing else ""
    return error.message, error.hint


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks, which puts the answer into the page that is open."""
    return request.headers.get("HX-Request") == "true"


def failed(request: HttpRequest, error: KithbookError) -> HttpResponse:
    """What went wrong and what to do. Within an open page it becomes a notice, so that nothing typed is lost."""
    return _page(request, STATUS.get(error.kind, 500), *told(error), error.details.get("candidates", ()))


def into(response: HttpResponse, selector: str) -> HttpResponse:
    """Make htmx put the answer into the named part of the page, whatever the form had asked for."""
    response["HX-Retarget"] = selector
    response["HX-Reselect"] = selector
    response["HX-Reswap"] = "outerMorph show:top"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django passes it
    """404: no such address."""
    return _page(request, 404, _("There is nothing at this address."), _("It may have been moved or taken back."))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django passes it
    """400: a foreign Host, too many files, broken form data."""
    hint = _("Open Kithbook by the address it printed when it started.")
    return _page(request, 400, _("This request could not be read."), hint)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: sent from another site, or as `exception` says."""
    message, hint = (exception.args if exception else ()) or (
        _("Nothing was changed."),
        _("The request came from another site or address than this page. Open Kithbook itself and try again."),
    )
    return _page(request, 403, message, hint)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django passes it
    """403: the form's token is missing or old."""
    return _page(
        request, 403, _("Nothing was changed."),
        _("This form is out of date, perhaps because cookies were cleared. Go back, reload the page, send it again."),
    )  # fmt: skip


def broken(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours."""
    return _page(
        request, 500, _("Something went wrong on our side."),
        _("Your data is as it was. The details are in the terminal where Kithbook runs; `kith doctor` may help."),
    )  # fmt: skip


def _page(request: HttpRequest, status: int, message: str, hint: str, candidates: Any = ()) -> HttpResponse:
    """The notice or the whole page; `candidates` are people who may be meant."""
    if f"{request.path}/".startswith("/api/"):
        return JsonResponse({"error": {"kind": API_KINDS[status], "message": message, "hint": hint}}, status=status)
    if is_partial(request):
        context = {"notices": [{"level": "error", "text": message, "hint": hint, "candidates": candidates}]}
        return into(render(None, "web/_notices.html", context, status=status), "#notices")
    # Without the request: its session or database may be what failed.
    context = {"status": status, "message": message, "hint": hint, "candidates": candidates}
    return render(None, "web/error.html", context, status=status)

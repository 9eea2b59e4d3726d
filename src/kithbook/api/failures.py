"""How a failure looks over HTTP: one table from kind to status, one shape for all of them."""

from __future__ import annotations

import json
from typing import Any, Literal

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from kithbook.core.errors import Invalid, KithbookError, NotFound, Refused
from kithbook.services.calling import refusal
from kithbook.services.views import as_json

STATUS = {"invalid": 422, "not_found": 404, "conflict": 409, "refused": 403, "unavailable": 503}
"""HTTP status of each kind of KithbookError."""


class WrongMediaType(Invalid):
    """The body is not declared as JSON."""


class NoLength(Invalid):
    """The body comes in chunks, without its length."""


class NotAllowed(Invalid):
    """The address exists, but not with this method."""


class NoToken(Refused):
    """A token is missing, or nobody's."""


_OWN_STATUS: dict[type[KithbookError], int] = {WrongMediaType: 415, NotAllowed: 405, NoToken: 401, NoLength: 411}


class Failure(Schema):
    """What went wrong, and what to do about it."""

    kind: Literal["invalid", "not_found", "conflict", "refused", "unavailable"]
    message: str = Field(description="One sentence for a person.")
    hint: str = Field(description="What to do about it; may be empty.")
    details: dict[str, Any] | None = Field(
        default=None, description="For some conflicts: `candidates`, the people whom the words fit, or `capture`."
    )


class FailureBody(Schema):
    """The body of every answer that is not 200."""

    error: Failure


MEANING = {
    400: "The request cannot be read: broken JSON, or a host or a header that does not fit.",
    401: "The token is nobody's, or one is needed: from anywhere but the machine that Kithbook runs on.",
    403: "Understood, and not done because a rule forbids it, or because the token only reads.",
    404: "Nothing of this owner's has that name or id.",
    409: "The words fit several people, or two things claim the same place.",
    411: "The body comes in chunks, without its length.",
    413: "The request is too large.",
    415: "The body must be sent as application/json.",
    422: "An argument is missing, unknown, or does not have the form or the value that is needed.",
    503: "Something needed is not there just now, such as a locked database.",
}
READ_FAILURES = (400, 401, 403, 404, 409, 422, 503)
"""Statuses that every read route may answer; documented on each."""
WRITE_FAILURES = (400, 401, 403, 404, 409, 411, 413, 415, 422, 503)
"""Statuses that every write route may answer."""


def json_response(value: Any, status: int = 200) -> HttpResponse:
    """Plain JSON values as an answer that no cache keeps."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return HttpResponse(text, status=status, content_type="application/json", headers={"Cache-Control": "no-store"})


def failure_response(error: Any) -> HttpResponse:
    """Answer with a failure."""
    response = _answer(_OWN_STATUS.get(type(error), STATUS.get(error.kind, 400)), error)
    if response.status_code == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def add_handlers(api: NinjaAPI) -> None:
    """Turn every failure that a caller can cause into the one shape."""
    api.add_exception_handler(KithbookError, lambda _request, error: failure_response(error))
    api.add_exception_handler(ValidationError, _on_validation)
    api.add_exception_handler(HttpError, _on_http_error)
    api.add_exception_handler(SuspiciousOperation, _on_suspicious)
    api.add_exception_handler(Http404, lambda _request, _error: failure_response(no_such_address()))


def no_such_address() -> NotFound:
    """Name the failure of an address that the API does not have."""
    return NotFound("The API has no such address.", "All addresses are listed in /api/v1/openapi.json.")


def _answer(status: int, error: KithbookError) -> HttpResponse:
    body: dict[str, Any] = {"kind": error.kind, "message": error.message, "hint": error.hint}
    if error.details:
        body["details"] = as_json(error.details)
    return json_response({"error": body}, status)


def _on_validation(_request: HttpRequest, error: Any) -> HttpResponse:
    # ninja puts "query" or "body" and the name of the view's parameter before the argument's name.
    errors = [{**item, "loc": _argument(item["loc"])} for item in error.errors]
    return failure_response(refusal(errors))


def _argument(place: tuple[Any, ...]) -> tuple[Any, ...]:
    rest = place[1:]
    return rest[1:] if rest[:1] == ("arguments",) else rest


def _on_http_error(_request: HttpRequest, error: Any) -> HttpResponse:
    return _answer(error.status_code, Invalid("The body is not JSON.", "Send one JSON object, such as {}."))


def _on_suspicious(_request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, RequestDataTooBig):
        return _answer(413, Invalid("The request is too large.", "Send less at a time."))
    return _answer(400, Invalid("The request cannot be read.", "Send fewer and simpler values."))

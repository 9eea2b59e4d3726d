"""Whether this process and its database answer; for supervisors and load balancers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from kithbook.api.failures import failure_response, json_response
from kithbook.core.errors import Unavailable
from kithbook.services.calling import ping


def health(_request: HttpRequest) -> HttpResponse:
    """Answer 200 and `{"status": "ok"}`, or 503 in the API's shape of a failure; nothing about anybody."""
    try:
        ping()
    except Unavailable as error:
        return failure_response(error)
    return json_response({"status": "ok"})

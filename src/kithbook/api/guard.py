"""Who may call: on loopback the single local owner, and no page of another origin."""

from __future__ import annotations

from django.http import HttpRequest

from kithbook.api.failures import WrongMediaType
from kithbook.core.errors import Refused
from kithbook.services.owners import local_owner

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_FETCH_SITES = frozenset({"", "none", "same-origin"})


def owner_of(request: HttpRequest) -> object:
    """Find the owner for whom the request is answered.

    Raises Refused or WrongMediaType for a request that a page of another site smuggles in.
    """
    refuse_strangers(request)
    if request.method not in SAFE_METHODS:
        require_json(request)
    return local_owner()


def refuse_strangers(request: HttpRequest) -> None:
    """Raise Refused if a browser says that a page of another origin sent this.

    Another port of the same machine is another origin, although browsers call it the same site.
    """
    origin, host = request.headers.get("Origin"), request.get_host().lower()
    is_foreign = origin is not None and origin.lower() not in {f"http://{host}", f"https://{host}"}
    if is_foreign or request.headers.get("Sec-Fetch-Site", "") not in _OWN_FETCH_SITES:
        raise Refused("A page of another site may not use this API.", "Call it from Kithbook's own pages or a program.")


def require_json(request: HttpRequest) -> None:
    """Raise WrongMediaType unless the request is one that no HTML form of another page can make.

    A browser asks first before it sends JSON or a header of its own to another origin, and it is never allowed here.
    """
    if request.content_type == "application/json":
        return
    if request.headers.get("X-Kithbook") == "1" and request.headers.get("Content-Length", "0") in ("", "0"):
        return
    raise WrongMediaType(
        "The body must be JSON.", "Send Content-Type: application/json, or X-Kithbook: 1 and no body at all."
    )

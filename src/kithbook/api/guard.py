"""Who may call: the local owner on this machine, a program with a token from anywhere, no page of another origin."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

from kithbook.api.failures import NoLength, NoToken, WrongMediaType
from kithbook.core.errors import Refused
from kithbook.core.nearness import is_near
from kithbook.services.owners import local_owner
from kithbook.services.tokens import owner_of_token

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_FETCH_SITES = frozenset({"", "none", "same-origin"})
_MAKE_ONE = "Make one on the page Phones and programs, or with `kith op tokens add --name NAME`."


class Token:
    """`owner_of` with what the OpenAPI file says about it."""

    openapi_security_schema: ClassVar = {"type": "http", "scheme": "bearer"}

    def __call__(self, request: HttpRequest) -> object:
        """Find the owner."""
        return owner_of(request)


def owner_of(request: HttpRequest) -> object:
    """Find the owner for whom the request is answered: the token's, or without one on this machine the local one.

    Raises Refused or WrongMediaType for a request that a page of another site smuggles in, NoToken where a token is
    missing or not known, Refused for a write with one that only reads.
    """
    refuse_strangers(request)
    is_write = request.method not in SAFE_METHODS
    if is_write:
        require_json(request)
    header = request.headers.get("Authorization")
    if header is not None:
        return _owner_by_token(header, is_write=is_write)
    if settings.SIGN_IN_BY_PROXY or is_near(request.META, split_domain_port(request.get_host())[0]):
        return local_owner()
    raise NoToken("From anywhere but its own machine Kithbook answers only with a token.", _MAKE_ONE)


def _owner_by_token(header: str, *, is_write: bool) -> object:
    scheme, _, text = header.partition(" ")
    found = owner_of_token(text.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise NoToken("This is no token of Kithbook.", f"Send `Authorization: Bearer TOKEN`. {_MAKE_ONE}")
    owner, writes = found
    if is_write and not writes:
        raise Refused("This token only reads.", "Make another one that may change things.")
    return owner


def refuse_strangers(request: HttpRequest) -> None:
    """Raise Refused if a browser says that a page of another origin sent this.

    Another port of the same machine is another origin, although browsers call it the same site.
    """
    origin, host = request.headers.get("Origin"), request.get_host().lower()
    is_foreign = origin is not None and origin.lower() not in {f"http://{host}", f"https://{host}"}
    if is_foreign or request.headers.get("Sec-Fetch-Site", "") not in _OWN_FETCH_SITES:
        raise Refused("A page of another site may not use this API.", "Call it from Kithbook's own pages or a program.")


def require_json(request: HttpRequest) -> None:
    """Raise WrongMediaType unless the request is one that no HTML form of another page can make; NoLength for chunks.

    A browser asks first before it sends JSON or a header of its own to another origin, and it is never allowed here.
    """
    if request.content_type == "application/json":
        if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
            raise NoLength("The length of the body is missing.", "Send it whole with Content-Length, not in chunks.")
        return
    if request.headers.get("X-Kithbook") == "1" and request.headers.get("Content-Length", "0") in ("", "0"):
        return
    raise WrongMediaType(
        "The body must be JSON.", "Send Content-Type: application/json, or X-Kithbook: 1 and no body at all."
    )

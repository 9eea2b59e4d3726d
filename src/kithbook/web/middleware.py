"""Who may send requests, and for whom they are answered."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from kithbook.core.errors import KithbookError
from kithbook.core.nearness import is_near
from kithbook.services import owners
from kithbook.web import errors

Respond = Callable[[HttpRequest], HttpResponse]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
TRUSTED_SITES = frozenset({"same-origin", "none"})


class SameOrigin:
    """Refuses other sites: by the Host header on every request, by Sec-Fetch-Site and Origin on every change.

    The CSRF token guards forms; this guards everything that a page of another site, or of another port of this
    machine, could send without a token. Programs send neither header and pass.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse with 400 (foreign Host) or 403 (foreign site)."""
        # First of all, static files included: a name that another site points here must not read anything.
        try:
            host = request.get_host()
        except DisallowedHost:
            return errors.bad_request(request)
        if request.method not in SAFE_METHODS and not self._is_own(request, host):
            return errors.forbidden(request)
        return self.get_response(request)

    def _is_own(self, request: HttpRequest, host: str) -> bool:
        if request.headers.get("Sec-Fetch-Site", "none") not in TRUSTED_SITES:
            return False
        origin = request.headers.get("Origin")
        if origin is None:
            return True
        return origin == f"{request.scheme}://{host}"


class LocalOwner:
    """Gives every request from this machine the owner of this install, and every understood failure its page.

    There is no sign-in: who asks for a page from elsewhere gets none that shows anything of the owner's.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with `request.owner` set."""
        request.owner = SimpleLazyObject(lambda: _owner_for(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        # What a page shows may have been undone since: a browser asks again instead of showing it from its store.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for one of the five kinds of failure, or for who has no owner here; a fault of ours goes on."""
        if isinstance(error, PermissionDenied):
            return errors.forbidden(request, error)
        return errors.failed(request, error) if isinstance(error, KithbookError) else None


def _owner_for(request: HttpRequest) -> object:
    name = split_domain_port(request.get_host())[0]
    if settings.SIGN_IN_BY_PROXY or is_near(request.META, name):
        return owners.local_owner()
    raise PermissionDenied(
        _("These pages have no sign-in, so they are shown only on the machine that Kithbook runs on."),
        _("From elsewhere use an SSH tunnel, or a proxy that signs you in, started with KITHBOOK_SIGN_IN=proxy."),
    )

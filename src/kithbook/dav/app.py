"""The WSGI application of the address book; what it needs is loaded by the first request for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

PREFIX = "/dav"
WELL_KNOWN = "/.well-known/carddav"


def is_ours(path: str) -> bool:
    """Whether the path of a request is for the address book."""
    return path == PREFIX or path.startswith(f"{PREFIX}/") or path.rstrip("/") == WELL_KNOWN


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request whose path is ours."""
    from kithbook.dav import front

    return front.application(environ, start_response)

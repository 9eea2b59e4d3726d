"""Who may speak to the address book, and how: addresses, encryption, signing in. Then Radicale answers."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.http.request import split_domain_port, validate_host

from kithbook.core.nearness import is_near
from kithbook.dav.app import PREFIX
from kithbook.services import devices

MOST_BYTES = 8 << 20
REALM = 'Basic realm="Kithbook", charset="UTF-8"'

Environ = dict[str, Any]
Start = Callable[..., Any]


def application(environ: Environ, start_response: Start) -> Iterable[bytes]:
    """The WSGI application of the address book; 404 until there is a device."""
    close_old_connections()
    try:
        return list(_answer(environ, start_response))
    finally:
        close_old_connections()


def _answer(environ: Environ, start: Start) -> Iterable[bytes]:
    host = environ.get("HTTP_HOST", "")
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return _say(start, "400 Bad Request", "This name is not served here.")
    if not devices.is_on():
        return _say(start, "404 Not Found", "There is nothing here.")
    path = environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")
    if not path.startswith(PREFIX):
        return _say(start, "301 Moved Permanently", "", ("Location", f"{PREFIX}/"))
    user_name, password = _credentials(environ.get("HTTP_AUTHORIZATION", ""))
    if not _is_safe(environ, host) and not devices.allows_plain(user_name):
        return _say(start, "403 Forbidden", "Use https: over this connection the password could be read.")
    if not user_name:
        return _say(start, "401 Unauthorized", "Sign in as a device.", ("WWW-Authenticate", REALM))
    try:
        visit = devices.sign_in(user_name, password, environ.get("REMOTE_ADDR", ""))
    except devices.Slow as slow:
        return _say(start, "429 Too Many Requests", str(slow), ("Retry-After", str(slow.seconds)))
    if visit is None:
        return _say(start, "401 Unauthorized", "This password is not right.", ("WWW-Authenticate", REALM))
    body = _body(environ)
    if body is None:
        return _say(start, "413 Content Too Large", "This is too large for a card.")
    return _serve(environ, start, path, body, visit)


def _serve(environ: Environ, start: Start, path: str, body: bytes, visit: devices.Visit) -> Iterable[bytes]:
    from kithbook.dav.book import Request, here

    inner = {
        key: value for key, value in environ.items() if key not in ("HTTP_X_SCRIPT_NAME", "HTTP_TRANSFER_ENCODING")
    }
    inner |= {
        "SCRIPT_NAME": PREFIX,
        "PATH_INFO": path[len(PREFIX) :] or "/",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
    }
    mark = here.set(Request(visit))
    try:
        answer: Iterable[bytes] = _server()(inner, start)
        return answer
    finally:
        here.reset(mark)


@cache
def _server() -> Any:
    """Radicale is loaded by the first device that comes."""
    from kithbook.dav.server import make_server

    return make_server()


def _credentials(header: str) -> tuple[str, str]:
    kind, _, value = header.partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return "", ""
    user_name, _, password = text.partition(":")
    return user_name, password


def _is_safe(environ: Environ, host: str) -> bool:
    """Encrypted, or without leaving this machine.

    The server itself takes X-Forwarded-Proto from a proxy on this machine, and from nobody else.
    """
    return environ.get("wsgi.url_scheme") == "https" or is_near(environ, split_domain_port(host)[0])


def _body(environ: Environ) -> bytes | None:
    """The body, also one sent in pieces; None if it is too large."""
    length = environ.get("CONTENT_LENGTH") or ""
    chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
    if not length and not chunked:
        return b""
    if length and (not length.isdigit() or int(length) > MOST_BYTES):
        return None
    body: bytes = environ["wsgi.input"].read(int(length) if length else MOST_BYTES + 1)
    return body if len(body) <= MOST_BYTES else None


def _say(start: Start, status: str, text: str, *headers: tuple[str, str]) -> Iterable[bytes]:
    body = text.encode()
    plain = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start(status, [*plain, ("Cache-Control", "no-store"), *headers])
    return [body]

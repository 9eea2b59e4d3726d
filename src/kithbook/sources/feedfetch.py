"""Fetches one feed over http or https: only from the open internet, only so long, only so much.

The address is looked up and checked at the moment of connecting, and the connection goes to the very address that was
checked: a name that changes its address in between, or a redirect into the own network, reaches nothing. No proxy of
the environment is used, as it would do the looking-up itself. What is packed is unpacked piece by piece, so that a
small answer cannot grow without end.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import httpcore2
import httpx2

from kithbook.core.errors import Refused, Unavailable
from kithbook.core.feeds import clean_url, is_public

MOST_BYTES = 2_000_000
SECONDS = 10.0
REDIRECTS = 3
PIECE = 65_536
ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered: `data` is None where nothing changed since the last time (304)."""

    data: bytes | None
    etag: str
    modified: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How much, how long, how far; `allow_private` only for tests and feeds of the own network."""

    most_bytes: int = MOST_BYTES
    seconds: float = SECONDS
    redirects: int = REDIRECTS
    allow_private: bool = False


def fetch(url: str, etag: str = "", modified: str = "", limits: Limits | None = None) -> Fetched:
    """Get a feed; raises Refused for an address that may not be fetched, Unavailable for what did not work."""
    rules = limits or Limits()
    if not clean_url(url):
        raise Refused("This is no address of a feed.", "It begins with https:// or http://.")
    headers = {"Accept": ACCEPT, "User-Agent": "Kithbook", "Accept-Encoding": "gzip"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": modified} if modified else {}
    until = time.monotonic() + rules.seconds
    try:
        with _client(rules, until) as client, client.stream("GET", url, headers=headers) as answer:
            return _read(answer, rules, until)
    except Refused:
        raise
    except (httpx2.TimeoutException, httpcore2.TimeoutException) as error:
        raise Unavailable(f"The server did not answer within {rules.seconds:g} seconds.") from error
    except httpx2.TooManyRedirects as error:
        raise Unavailable(f"The address leads on more than {rules.redirects} times.") from error
    except httpx2.UnsupportedProtocol as error:
        raise Refused("The address leads on to something else than http or https.") from error
    except (httpx2.HTTPError, httpx2.InvalidURL, httpcore2.NetworkError, OSError, ValueError) as error:
        raise Unavailable("The server could not be reached, or did not speak plain HTTP.") from error


def _client(rules: Limits, until: float) -> httpx2.Client:
    context = httpx2.create_ssl_context(trust_env=False)
    transport = httpx2.HTTPTransport(verify=context, trust_env=False)
    # The pool of the transport is replaced by one with our own way to connect, which the transport does not offer.
    transport._pool.close()
    transport._pool = httpcore2.ConnectionPool(
        ssl_context=context,
        max_connections=1,
        network_backend=_Backend(rules, until),
    )
    return httpx2.Client(
        transport=transport,
        trust_env=False,
        follow_redirects=True,
        max_redirects=rules.redirects,
        timeout=rules.seconds,
    )


def _read(answer: httpx2.Response, rules: Limits, until: float) -> Fetched:
    etag, modified = answer.headers.get("etag", "")[:300], answer.headers.get("last-modified", "")[:100]
    if answer.status_code == 304:
        return Fetched(None, etag, modified)
    if answer.status_code != 200:
        raise Unavailable(f"The server answered with {answer.status_code}.", _hint(answer.status_code))
    parts, size = [], 0
    for part in _unpacked(answer, rules.most_bytes):
        size += len(part)
        if size > rules.most_bytes:
            raise Unavailable(f"The feed is larger than {rules.most_bytes / 1e6:g} MB.")
        if time.monotonic() > until:
            raise httpx2.ReadTimeout("too slow")
        parts.append(part)
    return Fetched(b"".join(parts), etag, modified)


def _unpacked(answer: httpx2.Response, most_bytes: int) -> Iterator[bytes]:
    """The content in pieces, none of them much larger than allowed."""
    packing = answer.headers.get("content-encoding", "identity").strip().lower()
    if packing in ("", "identity"):
        yield from answer.iter_raw(PIECE)
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise Unavailable("The server packs its answer in a way that was not asked for.")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        for part in answer.iter_raw(PIECE):
            yield unpacker.decompress(part, most_bytes + 1)
            if unpacker.unconsumed_tail:
                yield unpacker.decompress(unpacker.unconsumed_tail, most_bytes + 1)
    except zlib.error as error:
        raise Unavailable("The server sent something that cannot be unpacked.") from error


def _hint(status: int) -> str:
    return {
        401: "It wants a password; Kithbook reads open feeds only.",
        403: "It does not let programs read this.",
        404: "The feed may have moved; look on the site for its new address.",
        410: "The feed is gone.",
        429: "It wants fewer visits; Kithbook waits.",
    }.get(status, "")


class _Backend(httpcore2.NetworkBackend):
    """Connects to addresses that were checked, and lets nothing last beyond the moment `until` (monotonic seconds)."""

    def __init__(self, rules: Limits, until: float) -> None:
        self._rules, self._until = rules, until
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Look the host up, refuse it if any of its addresses is not of the open internet, then connect."""
        failure: Exception = httpcore2.ConnectError(f"{host} is not known")
        for address in self._checked(host, port):
            try:
                left = _left(self._until, timeout)
                stream = self._plain.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._until)
        raise failure

    def _checked(self, host: str, port: int) -> list[str]:
        addresses = list(dict.fromkeys(self._look_up(host, port)))
        if not self._rules.allow_private and not all(is_public(address) for address in addresses):
            raise Refused(
                "This address leads into a private network.",
                "Kithbook fetches feeds from the open internet only; see KITHBOOK_ALLOW_PRIVATE_FEEDS in the docs.",
            )
        return addresses

    def _look_up(self, host: str, port: int) -> list[str]:
        """All addresses of a host. The system's look-up knows no time limit, so it is waited for in a thread."""
        found: list[str] = []

        def ask() -> None:
            with contextlib.suppress(OSError, UnicodeError):
                found.extend(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))

        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(_left(self._until, None))
        if thread.is_alive():
            raise httpcore2.ConnectTimeout("the name was not found in time")
        return found


class _Stream(httpcore2.NetworkStream):
    """A connection on which no read or write waits beyond the end of the whole fetch."""

    def __init__(self, stream: httpcore2.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes, before the end."""
        return self._stream.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of the bytes, before the end."""
        self._stream.write(buffer, _left(self._until, timeout))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        """The same connection, encrypted; the certificate is checked against the name, not the address."""
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(self._until, timeout)), self._until)

    def get_extra_info(self, info: str) -> Any:
        """What the connection beneath says."""
        return self._stream.get_extra_info(info)


def _left(until: float, timeout: float | None) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the time for this fetch is over")
    return left if timeout is None else min(left, timeout)

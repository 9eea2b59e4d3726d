"""What goes wrong on the way to a server, told in one sentence without the words of a library."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from kithbook.core.errors import KithbookError, Refused, Unavailable


def told_plainly(host: str, error: BaseException, server: str) -> KithbookError | None:
    """The sentence for an error, or for what caused it; None where it is of no known kind. `server` says what kind."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Refused(
                f"The certificate of {host} cannot be trusted, so no password was sent.",
                "Check the address; a certificate of your own can be made known with SSL_CERT_FILE.",
            )
        if isinstance(cause, ssl.SSLError):
            return Unavailable(f"No encrypted connection to {host} came about.", "Check the port.")
        if isinstance(cause, TimeoutError):
            return Unavailable(f"{host} did not answer in time.", "It is tried again later.")
        if isinstance(cause, socket.gaierror):
            return Unavailable(f"There is no server {host}.", "Check the address.")
        if isinstance(cause, ConnectionRefusedError):
            return Unavailable(f"No {server} listens at {host} on this port.", "Check address and port.")
        if isinstance(cause, ConnectionError):
            return Unavailable(f"The connection to {host} broke off.", "It is tried again later.")
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__

"""Serves web app and API in one process, on loopback only."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

from kithbook.core.errors import Invalid, Refused, Unavailable

APPLICATION = "kithbook.config.asgi:application"
HOSTS = ("127.0.0.1", "localhost", "::1")


def address_of(host: str, port: int) -> str:
    """The address to open in a browser.

    Raises Refused for a host that others can reach, Invalid for a port that cannot be, Unavailable for a taken one.
    """
    if host not in HOSTS:
        raise _refusal(host)
    if not 1 <= port <= 65_535:
        raise Invalid(f"There is no port {port}.", "Choose one from 1024 to 65535 with --port.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unavailable(f"Port {port} on {host} is not free.", "Choose another with --port.") from error
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _refusal(host: str) -> Refused:
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if is_loopback:
        return Refused(f"Kithbook does not answer at {host}.", f"Serve on one of: {', '.join(HOSTS)}.")
    return Refused(
        f"{host} can be reached from other machines, and the pages have no sign-in.",
        "Serve on 127.0.0.1; from elsewhere use an SSH tunnel or a web server in front (docs/reference/api.md).",
    )


def serve(owner: Any, host: str, port: int, tell: Callable[[str], object]) -> None:
    """Serve until stopped; the address is told when everything is ready. Raises what `address_of` does."""
    import uvicorn

    from kithbook.services import jobs, ties

    address = address_of(host, port)
    ties.refresh_all(owner)
    jobs.start(address.rstrip("/"))
    tell(address)
    uvicorn.run(APPLICATION, host=host, port=port, log_level="warning", access_log=False, lifespan="off")

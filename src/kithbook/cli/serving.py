"""Serves web app and API in one process, on loopback only."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

from kithbook.core.errors import Invalid, Refused, Unavailable

APPLICATION = "kithbook.config.asgi:application"


def serve(owner: Any, host: str, port: int) -> None:
    """Serve until stopped; raises Refused for an address that others can reach, Unavailable for a taken port."""
    import uvicorn

    from kithbook.services import jobs, ties

    _check(host, port)
    ties.refresh_all(owner)
    jobs.start(f"http://{f'[{host}]' if ':' in host else host}:{port}")
    print(f"\nKithbook is at http://{host}:{port}/  (stop with Ctrl-C)", flush=True)
    uvicorn.run(APPLICATION, host=host, port=port, log_level="warning", access_log=False, lifespan="off")


def _check(host: str, port: int) -> None:
    try:
        is_loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise Refused(
            f"{host} can be reached from other machines, and the pages have no sign-in.",
            "Serve on 127.0.0.1; from elsewhere use an SSH tunnel or a web server in front (docs/reference/api.md).",
        )
    if not 1 <= port <= 65_535:
        raise Invalid(f"There is no port {port}.", "Choose one from 1024 to 65535 with --port.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unavailable(f"Port {port} on {host} is not free.", "Choose another with --port.") from error

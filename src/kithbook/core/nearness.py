"""Whether a request was made on this machine, read from what a server says of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


def is_near(environ: Mapping[str, Any], name: str) -> bool:
    """Whether it came from this machine and no proxy passed it on; `name` is the host that was asked for, no port.

    A proxy shows by what it forwards, or by the name that was asked for.
    """
    if any(key in environ for key in _FORWARDED):
        return False
    try:
        came_from_here = ipaddress.ip_address(environ.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return came_from_here and name in LOCAL_NAMES

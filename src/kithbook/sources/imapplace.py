"""Where a mail server is: from what a user writes to host, port and kind of encryption."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from kithbook.core.errors import Invalid, Refused

LONGEST = 1_000
_HINT = "Write it like imaps://mail.example.org, with a port if it is another one: imaps://mail.example.org:993."


class ImapPlace(NamedTuple):
    """`security` is "tls" from the first byte, "starttls" after asking for it, or "plain" on this machine only."""

    host: str
    port: int
    security: str


def place_of(url: str) -> ImapPlace:
    """Read imaps://host, imap://host (encrypted by STARTTLS) or a bare host.

    Raises Invalid for what is no such address, also where a password was written into it.
    """
    text = url.strip()
    parts = split_plainly(text if "://" in text else f"imaps://{text}", _HINT)
    if parts.scheme not in ("imap", "imaps") or parts.path.strip("/"):
        raise Invalid("This is no address of a mail server.", _HINT)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "imaps":
        return ImapPlace(host, port or 993, "tls")
    return ImapPlace(host, port or 143, "plain" if is_loopback(host) else "starttls")


def split_plainly(url: str, hint: str) -> SplitResult:
    """The parts of an address with a host and without user name and password; raises Invalid."""
    try:
        parts = urlsplit(url)
        host, has_user, _port = parts.hostname or "", parts.username or parts.password, parts.port
    except ValueError:
        raise Invalid("This is no address of a server.", hint) from None
    if has_user:
        raise Invalid("The address has a user name or a password in it.", "Write these in their own fields.")
    if not host or len(url) > LONGEST or any(char.isspace() or not char.isprintable() for char in url):
        raise Invalid("This is no address of a server.", hint)
    return parts


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its very name or number."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_plain(host: str) -> None:
    """Raise Refused where a password would be sent unencrypted to another machine."""
    if not is_loopback(host):
        raise Refused("The password would travel unencrypted.", "Use an address that begins with https:// or imaps://.")

"""Feeds: what one entry is, which addresses may be fetched at all, and when to look again."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

MOST_KEPT = 200
"""So many clips of one feed are kept that nobody has used."""
EVERY_HOURS, LONGEST_HOURS = 1, 7 * 24
LONGEST_ADDRESS = 1000
_TAG = re.compile(r"<[^>]{0,2000}>")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class FeedEntry(NamedTuple):
    """One entry of a feed; `published_at` is aware UTC, None where the feed does not say."""

    url: str
    title: str
    summary: str
    published_at: dt.datetime | None


class FeedRead(NamedTuple):
    """What a feed says about itself, and its entries in its own order."""

    title: str
    entries: tuple[FeedEntry, ...]


class Listed(NamedTuple):
    """A feed in a list of feeds (OPML)."""

    url: str
    title: str


def clean_url(text: str) -> str:
    """The address of a feed as it is kept, or "" for what is none: http and https only, without name and password."""
    url = text.strip()
    if url.lower().startswith(("feed://", "feed:http")):
        url = url[5:] if url[5:].lower().startswith("http") else f"https:{url[5:]}"
    if (
        url
        and "://" not in url
        and "." in url.partition("/")[0]
        and " " not in url
        and ":" not in url.partition("/")[0]
    ):
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return ""
    odd = any(letter.isspace() or ord(letter) < 32 for letter in url)
    if parts.scheme.lower() not in ("http", "https") or not host or parts.username is not None or odd:
        return ""
    return url if len(url) <= LONGEST_ADDRESS else ""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not private, loopback, link-local, multicast or reserved.

    An IPv6 address that stands for an IPv4 one (mapped, 6to4, NAT64) is judged by that one. Not an address: False.
    """
    try:
        ip: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = (
            ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        )
        if inner is not None:
            return is_public(str(inner))
        if ip.teredo:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def is_due(fetched_at: dt.datetime | None, failures: int, now: dt.datetime) -> bool:
    """Whether it is time to look again: hourly, after each failure in a row twice as late, at most a week."""
    if fetched_at is None:
        return True
    hours = min(LONGEST_HOURS, EVERY_HOURS * 2 ** min(failures, 10))
    return now - fetched_at >= dt.timedelta(hours=hours)


def plain_text(html: str, longest: int) -> str:
    """Text without tags, in one line, cut at a word."""
    text = " ".join(unescape(_TAG.sub(" ", html)).split())
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0] + "…"

"""The pages of a running server: one of each kind, found by following links."""

from __future__ import annotations

import re
import urllib.request
from html import unescape
from typing import NamedTuple
from urllib.error import HTTPError

from kithbook.bench.pages import LEFT_OUT, kind_of, plain_addresses

FIRST = ("/people?sort=last", "/")
LINK = re.compile(r'href="(/[^"#]*)')


class Sitemap(NamedTuple):
    """Where the server is, one address of each kind of page, and the id of somebody with a history ("" for nobody)."""

    home: str
    pages: dict[str, str]
    person: str


def draw(home: str) -> Sitemap:
    pages: dict[str, str] = {}
    waiting = [*FIRST, *plain_addresses()]
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if not kind or kind in pages or kind in LEFT_OUT:
            continue
        try:
            with urllib.request.urlopen(home + address, timeout=30) as answer:
                body = answer.read().decode()
                is_page = "text/html" in answer.headers["Content-Type"] and answer.url == home + address
        except HTTPError:
            continue  # it takes forms only
        if is_page:
            pages[kind] = address
            waiting += map(unescape, LINK.findall(body))
    return Sitemap(home, pages, pages.get("person", "").rpartition("/")[2])

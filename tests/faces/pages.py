"""Reads pages as a browser gets them."""

from __future__ import annotations

import html

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def source_of(client: Client, address: str) -> str:
    """A page's source, as sent."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def text_of(client: Client, address: str) -> str:
    """A page's source with quotes, angle brackets and the like as they are read."""
    return html.unescape(source_of(client, address))


def section(page: str, start: str, end: str = "</section>") -> str:
    """What stands between two texts of a page."""
    return page.split(start, 1)[1].split(end, 1)[0]


def count_queries(client: Client, address: str) -> int:
    """Queries that a page takes when it is asked for again."""
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len(seen)

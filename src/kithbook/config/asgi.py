"""The server's application: Django as WSGI in a pool of threads.

Django's own ASGI handler costs 60 to 130 % more CPU a request on SQLite (docs/decisions/0003-one-process.md).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from kithbook.dav.app import application as cards
from kithbook.dav.app import is_ours

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kithbook.config.settings")

THREADS = 8

_pages = get_wsgi_application()


def dispatch(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The address book of phones answers under its own addresses, pages and API everywhere else."""
    answer: Iterable[bytes] = (cards if is_ours(environ["PATH_INFO"]) else _pages)(environ, start_response)
    return answer


application = WSGIMiddleware(dispatch, workers=THREADS)

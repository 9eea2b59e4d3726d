"""The server's application: Django as WSGI in a pool of threads.

Django's own ASGI handler costs 60 to 130 % more CPU a request on SQLite (docs/decisions/0003-one-process.md).
"""

from __future__ import annotations

import os

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kithbook.config.settings")

THREADS = 8

application = WSGIMiddleware(get_wsgi_application(), workers=THREADS)

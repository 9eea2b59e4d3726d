"""The JSON API of all registered operations; `path("api/v1/", api.urls)` puts it in its place."""

from __future__ import annotations

from kithbook.api.routes import build_api
from kithbook.services.registry import operations

api = build_api(operations().values())
"""Made on import, which loads every service; import it where addresses are listed and nowhere else."""

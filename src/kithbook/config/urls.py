"""All addresses of the app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from kithbook.api.app import api
from kithbook.api.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health),
    path("api/v1/", api.urls),
    path("", include("kithbook.web.urls")),
]
handler400 = "kithbook.web.errors.bad_request"
handler403 = "kithbook.web.errors.forbidden"
handler404 = "kithbook.web.errors.not_found"
handler500 = "kithbook.web.errors.broken"

"""The Django app that holds templates and static files."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages; no models."""

    name = "kithbook.web"
    label = "web"

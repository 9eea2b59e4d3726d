"""The Django app that holds all tables."""

from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """One app, one migration history."""

    name = "kithbook.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"

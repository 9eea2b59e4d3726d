"""What the database knows of the sizes of its tables, which decides how it joins them."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

MANY = 1_000
"""Rows written in one act from which on a second look at the tables pays."""


def refresh(written: int) -> None:
    """Let PostgreSQL look at the tables at once after so many rows were written.

    Its own service comes by a minute later at the soonest and never within a transaction. Until then a table that was
    empty counts as one row, and thousands are joined by trying each with each. SQLite goes by its indexes alone.
    """
    if connection.vendor != "postgresql" or written < MANY:
        return
    names = [connection.ops.quote_name(model._meta.db_table) for model in apps.get_app_config("store").get_models()]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(names)}")

"""Start Django and bring the database to the current schema, quickly when there is nothing to do."""

from __future__ import annotations

import os

from kithbook.core.errors import Unavailable
from kithbook.store.home import alone

SCHEMA = 6
"""Goes up with every migration; SQLite's `user_version` says which one a file has."""


def start_django() -> None:
    """Load settings and apps once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kithbook.config.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def ensure_schema() -> None:
    """Migrate when needed; raises Unavailable if the database cannot be opened, or is newer than this program."""
    start_django()
    from django.db import DatabaseError, connection

    try:
        if connection.vendor != "sqlite":
            _migrate()
            return
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA user_version")
            found = cursor.fetchone()[0]
        if found > SCHEMA:
            raise Unavailable(
                f"The database was written by a newer Kithbook (schema {found}, this one knows {SCHEMA}).",
                "Install the newer version, or restore a backup made with this one.",
            )
        if found < SCHEMA:
            _migrate_alone()
    except DatabaseError as error:
        raise Unavailable(
            f"The database cannot be opened: {error}.", "Run `kith doctor`; restore a backup if the file is damaged."
        ) from error


def _migrate_alone() -> None:
    """Bring a SQLite file up to date while no other process does; whoever comes second finds it done."""
    from django.db import connection

    with alone("migrating"), connection.cursor() as cursor:
        cursor.execute("PRAGMA user_version")
        if cursor.fetchone()[0] < SCHEMA:
            _migrate()
            cursor.execute(f"PRAGMA user_version={SCHEMA}")


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)

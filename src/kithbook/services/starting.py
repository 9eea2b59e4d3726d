"""Start Django and bring the database to the current schema, quickly when there is nothing to do."""

from __future__ import annotations

import os

from kithbook.core.errors import Unavailable
from kithbook.store.home import alone

SCHEMA = 6
"""Goes up with every migration; SQLite's `user_version` says which one a file has."""

_RIGHTS = "Give yourself the right to write in the data folder and its files."
_TROUBLES = (
    (
        "locked",
        "The database is busy: another command or an import is writing.",
        "Try again in a moment.",
    ),
    ("is full", "There is no room left on the disk of the data folder.", "Make room, and try again."),
    ("readonly", "The database may be read only.", _RIGHTS),
    ("disk I/O", "The disk of the data folder cannot be read or written.", "See whether there is room left on it."),
    ("unable to open", "The database file may not be opened, or not be written.", _RIGHTS),
)
"""A word in what SQLite says, what it means, what to do."""


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
        raise trouble(error) from error


def trouble(error: Exception) -> Unavailable:
    """What a refusal of the database itself means, and what to do about it."""
    text = " ".join(str(error).split()).rstrip(".?")
    for sign, message, hint in _TROUBLES:
        if sign in text:
            return Unavailable(message, hint)
    if os.environ.get("KITHBOOK_DATABASE"):
        return Unavailable(
            f"The database server does not answer: {text}.", "Check KITHBOOK_DATABASE, and that the server runs."
        )
    return Unavailable(
        f"The database cannot be used: {text}.",
        "Put the last backup in place with `kith restore FILE`; what is there now is kept beside it.",
    )


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

"""Another SQLite file beside the one in use, opened as a database of its own and brought to the current schema."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor


@contextlib.contextmanager
def opened(path: Path) -> Iterator[str]:
    """The alias under which this thread can read and write a file with `using`, until the block ends."""
    alias = f"beside-{uuid4().hex}"
    # Without the write-ahead log, so that all there is is in the one file.
    options = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=DELETE;PRAGMA synchronous=NORMAL;"}
    settings = {**connection.settings_dict, "NAME": str(path), "OPTIONS": options}
    connections[alias] = type(connections["default"])(settings, alias)
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]


def migrate(alias: str, schema: int) -> list[str]:
    """Bring the file to the schema of this program and mark it so; the names of the migrations that it took."""
    executor = MigrationExecutor(connections[alias])
    wanted = executor.loader.graph.leaf_nodes()
    names = [migration.name for migration, _ in executor.migration_plan(wanted) if migration.app_label == "store"]
    executor.migrate(wanted)
    with connections[alias].cursor() as cursor:
        cursor.execute(f"PRAGMA user_version={int(schema)}")
    return names

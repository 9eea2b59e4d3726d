"""A consistent copy of the whole database while it is in use, and back again."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from django.db import DatabaseError, OperationalError, connection
from django.db.models import F, Max

from kithbook.core.errors import Invalid, NotFound, Refused, Unavailable
from kithbook.services import clock
from kithbook.services.starting import SCHEMA, ensure_schema
from kithbook.services.views import Note
from kithbook.store.home import DATABASE_NAME, ensure_home
from kithbook.store.models import Owner

PAGES_A_STEP = 4_096
MAGIC = b"SQLite format 3\x00"


def backup(path: Path) -> Note:
    """Write a consistent copy of the database to a file that is not there yet, even while Kithbook is in use."""
    _need_sqlite()
    if path.exists():
        raise Refused(f"{path} is there already.", "Name a file that is not there yet, e.g. with the date in it.")
    _copy(path, is_checked=True)
    return Note(f"Backed up to {path} ({path.stat().st_size / 1e6:.1f} MB).")


def _copy(path: Path, *, is_checked: bool) -> None:
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        with contextlib.closing(sqlite3.connect(draft)) as target:
            _live().backup(target, pages=PAGES_A_STEP)
            if is_checked:
                _check(target, Path(DATABASE_NAME))
        draft.replace(path)
    except (OSError, sqlite3.Error, DatabaseError) as error:
        why = (isinstance(error, OSError) and error.strerror) or error
        raise Unavailable(f"{path} cannot be written: {why}.", "Name another file, or make room.") from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def restore(path: Path) -> Note:
    """Put a backup in place of the present database; the present one is kept beside it.

    The copy runs as one transaction of the database itself: stopped half-way, the present state stays.
    """
    _need_sqlite()
    with _opened(path) as source:
        _check(source, path)
        found = source.execute("PRAGMA user_version").fetchone()[0]
        if found > SCHEMA:
            raise Refused(
                f"{path.name} was written by a newer Kithbook (schema {found}, this one knows {SCHEMA}).",
                "Install the newer version first.",
            )
        kept, revision = _keep_present(), _latest_revision()
        try:
            source.backup(_live(), pages=-1)
        except (sqlite3.Error, DatabaseError) as error:
            raise Unavailable(
                f"The backup cannot be put in place: {error}.", "Stop `kith serve` and try again."
            ) from error
    connection.close()
    ensure_schema()
    # What was kept in memory for a state with the same number is out of date now.
    Owner.objects.update(revision=F("revision") + revision + 1)
    return Note(f"Restored {path.name}. What was there before is in {kept.name} in the data folder.")


def _keep_present() -> Path:
    """A copy of the present database, damaged or not; one that cannot even be opened is put aside as it is."""
    kept = _free(ensure_home() / f"before-restore-{clock.now():%Y%m%d-%H%M%S}.sqlite3")
    try:
        _copy(kept, is_checked=False)
    except Unavailable as error:
        present = ensure_home() / DATABASE_NAME
        if isinstance(error.__cause__, OSError | sqlite3.OperationalError | OperationalError) or not present.is_file():
            raise
        connection.close()
        for ending in ("-wal", "-shm", ""):
            with contextlib.suppress(FileNotFoundError):
                present.with_name(present.name + ending).rename(kept.with_name(kept.name + ending))
    return kept


def _latest_revision() -> int:
    try:
        return int(Owner.objects.aggregate(latest=Max("revision"))["latest"] or 0)
    except DatabaseError:
        return 0


def _free(path: Path) -> Path:
    number = 1
    found = path
    while found.exists():
        number += 1
        found = path.with_stem(f"{path.stem}-{number}")
    return found


def _need_sqlite() -> None:
    if connection.vendor != "sqlite":
        raise Refused("The data is in PostgreSQL.", "Back it up with pg_dump, and restore it with pg_restore.")


def _live() -> sqlite3.Connection:
    connection.ensure_connection()
    live: sqlite3.Connection = connection.connection
    return live


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        raise NotFound(f"There is no file {path}.", "Name a file made with `kith backup`.")
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise Invalid(f"{path.name} is not a backup of Kithbook.", "Name a file made with `kith backup`.")
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source:
        yield source


def _check(database: sqlite3.Connection, path: Path) -> None:
    """Whether the file is whole and Kithbook's; raises Invalid."""
    try:
        answer = database.execute("PRAGMA quick_check(1)").fetchone()[0]
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        raise Invalid(f"{path.name} is damaged: {error}.", "Use another backup.") from error
    if answer != "ok":
        raise Invalid(f"{path.name} is damaged: {answer}.", "Use another backup.")
    if not {"kith_owner", "kith_person"} <= tables:
        raise Invalid(f"{path.name} is not a database of Kithbook.", "Name a file made with `kith backup`.")

"""A consistent copy of the whole database while it is in use, and back again."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError, OperationalError, connection
from django.db.models import F, Max

from kithbook.core.errors import Invalid, NotFound, Refused, Unavailable
from kithbook.services import clock
from kithbook.services.starting import SCHEMA, ensure_schema
from kithbook.services.views import Note
from kithbook.store import beside
from kithbook.store.erase import orphans
from kithbook.store.home import DATABASE_NAME, ensure_home
from kithbook.store.models import Batch, Interaction, Owner, Person

PAGES_A_STEP = 4_096
ABANDONED_S = 3_600
"""Seconds after which an unfinished copy is nobody's work any more."""
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


@dataclass(frozen=True, slots=True)
class RehearsalView:
    """What putting a backup in place would do.

    `schema` is the file's, `migrations` bring it to this program's. Counts are of the backup, `…_now` of the present
    database and None where that cannot be read. `problems` are links that lead nowhere: told, and no hindrance.
    """

    file: str
    schema: int
    migrations: list[str]
    people: int
    exchanges: int
    people_now: int | None
    exchanges_now: int | None
    last_change: dt.datetime | None
    problems: list[str]
    message: str


def rehearse(path: Path) -> RehearsalView:
    """Check a backup and bring a copy of it up to date, without changing anything that is in use."""
    with _rehearsed(path) as (_draft, view):
        return view


def restore(path: Path) -> Note:
    """Put a backup in place of the present database; the present one is kept beside it.

    A copy is checked and brought up to date first. It is put in place as one transaction of the database itself:
    stopped half-way, the present state stays.
    """
    with _rehearsed(path) as (draft, view):
        kept, revision = _keep_present(), _latest_revision()
        try:
            with contextlib.closing(sqlite3.connect(draft)) as source:
                source.backup(_live(), pages=-1)
        except (sqlite3.Error, DatabaseError) as error:
            raise Unavailable(
                f"The backup cannot be put in place: {error}.", "Stop `kith serve` and try again."
            ) from error
    connection.close()
    ensure_schema()
    # What was kept in memory for a state with the same number is out of date now.
    Owner.objects.update(revision=F("revision") + revision + 1)
    return Note(
        f"Restored {path.name}. It has {_count(view.people, 'person', 'people')} and "
        f"{_count(view.exchanges, 'exchange', 'exchanges')}. What was there before is in {kept.name} in the data "
        f"folder; go back with `kith restore {kept}`."
    )


def _sweep(home: Path, draft: Path) -> None:
    """Delete unfinished copies that killed programs left; one that is much older than this draft is written no more."""
    draft.touch(mode=0o600)
    for left in home.glob(".*.sqlite3.part*"):
        with contextlib.suppress(OSError):
            if draft.stat().st_mtime - left.stat().st_mtime > ABANDONED_S:
                left.unlink()


@contextlib.contextmanager
def _rehearsed(path: Path) -> Iterator[tuple[Path, RehearsalView]]:
    """A copy of a backup, whole and up to date, in the data folder until the block ends; raises where that fails."""
    _need_sqlite()
    home = ensure_home()
    draft = home / f".rehearsal-{os.getpid()}.sqlite3.part"
    try:
        _sweep(home, draft)
        with _opened(path) as source:
            _check(source, path)
            found = source.execute("PRAGMA user_version").fetchone()[0]
            if found > SCHEMA:
                raise Refused(
                    f"{path.name} was written by a newer Kithbook (schema {found}, this one knows {SCHEMA}).",
                    "Install the newer version first.",
                )
            _write_draft(source, draft, path)
        with beside.opened(draft) as alias:
            view = _bring_up_to_date(alias, path, found)
        yield draft, view
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                draft.with_name(draft.name + ending).unlink(missing_ok=True)


def _write_draft(source: sqlite3.Connection, draft: Path, path: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        with contextlib.closing(sqlite3.connect(draft)) as target:
            source.backup(target)
    except OSError as error:
        raise Unavailable(f"{draft} cannot be written: {error.strerror}.", "Make room, and try again.") from error
    except sqlite3.Error as error:
        raise Invalid(f"{path.name} cannot be read: {error}.", "Use another backup.") from error


def _bring_up_to_date(alias: str, path: Path, schema: int) -> RehearsalView:
    try:
        migrations = beside.migrate(alias, SCHEMA)
        people = Person.objects.using(alias).exclude(standing="seen").count()
        exchanges = Interaction.objects.using(alias).count()
        last = Batch.objects.using(alias).aggregate(latest=Max("started_at"))["latest"]
        problems = orphans(alias)
    except DatabaseError as error:
        raise Invalid(f"{path.name} cannot be brought up to date: {error}.", "Use another backup.") from error
    people_now, exchanges_now = _present_counts()
    message = (
        f"{path.name} is whole: {_count(people, 'person', 'people')} and "
        f"{_count(exchanges, 'exchange', 'exchanges')}{_now(people_now, exchanges_now)}. "
    )
    message += f"It would be brought from schema {schema} to {SCHEMA}. " if migrations else ""
    message += "Nothing was changed."
    return RehearsalView(
        path.name, schema, migrations, people, exchanges, people_now, exchanges_now, last, problems, message
    )


def _present_counts() -> tuple[int | None, int | None]:
    """People and exchanges in the present database, which may be damaged, older, or not there at all."""
    try:
        return Person.objects.exclude(standing="seen").count(), Interaction.objects.count()
    except DatabaseError:
        return None, None


def _now(people: int | None, exchanges: int | None) -> str:
    return "" if people is None else f" (now there are {people} and {exchanges})"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


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
        answer = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        raise Invalid(f"{path.name} is damaged: {error}.", "Use another backup.") from error
    if answer != "ok":
        raise Invalid(f"{path.name} is damaged: {answer}.", "Use another backup.")
    if not {"kith_owner", "kith_person"} <= tables:
        raise Invalid(f"{path.name} is not a database of Kithbook.", "Name a file made with `kith backup`.")

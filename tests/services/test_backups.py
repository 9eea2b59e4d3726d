"""Backups: a whole consistent copy, and back to exactly that state, or not at all."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from kithbook.core.errors import Invalid, NotFound, Refused, Unavailable
from kithbook.services import backups, bank, clock, editing, people, weeks
from kithbook.services.starting import SCHEMA
from kithbook.store import beside
from kithbook.store.home import DATABASE_NAME, home_path
from kithbook.store.models import Owner, Person
from tests.faces.commanding import program, start
from tests.services.factories import person
from tests.services.helpers import circle, snapshot

pytestmark = pytest.mark.django_db(transaction=True)
needs_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL has pg_dump and pg_restore for this"
)


@pytest.fixture(autouse=True)
def _schema_mark(transactional_db: None) -> None:
    """The test database is made by migrations alone; a real one also says which schema it has."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA user_version={SCHEMA}")


def backup(folder: Path, name: str = "copy.sqlite3") -> Path:
    path = folder / name
    backups.backup(path)
    return path


@needs_sqlite
def test_a_restored_backup_gives_the_identical_export(owner: Owner, tmp_path: Path) -> None:
    circle(owner, 3)
    bank.gave(owner, "Ada", "item")
    before, week = snapshot(owner), weeks.week(owner)
    path = backup(tmp_path)
    editing.edit(owner, "Ada", name="Somebody Else")
    editing.add(owner, "Bruno Costa", "bruno@example.org")
    note = backups.restore(path)
    assert note.message.startswith("Restored copy.sqlite3.")
    owner = Owner.objects.get(pk=owner.pk)
    assert snapshot(owner) == before
    assert weeks.week(owner) == week


@needs_sqlite
def test_names_are_found_as_they_are_after_a_restore(owner: Owner, tmp_path: Path) -> None:
    editing.add(owner, "Anna Berger")
    path = backup(tmp_path)
    editing.add(owner, "Bruno Costa")
    assert people.show(owner, "Bruno").name == "Bruno Costa"
    backups.restore(path)
    editing.add(owner, "Carla Diaz")
    assert people.show(owner, "Carla").name == "Carla Diaz"
    with pytest.raises(NotFound):
        people.show(owner, "Bruno")


@needs_sqlite
def test_what_was_there_before_is_kept_beside(owner: Owner, tmp_path: Path) -> None:
    path = backup(tmp_path)
    person(owner, "Anna Berger")
    before = set(home_path().glob("before-restore-*"))
    backups.restore(path)
    assert not Person.objects.exists()
    kept = set(home_path().glob("before-restore-*")) - before
    assert len(kept) == 1
    backups.restore(kept.pop())
    assert Person.objects.get().name == "Anna Berger"
    assert len(set(home_path().glob("before-restore-*")) - before) == 2


@needs_sqlite
def test_the_copy_is_for_the_owners_eyes_only_and_leaves_no_draft(owner: Owner, tmp_path: Path) -> None:
    path = backup(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@needs_sqlite
def test_a_file_that_is_there_is_never_overwritten(owner: Owner, tmp_path: Path) -> None:
    path = tmp_path / "copy.sqlite3"
    path.write_bytes(b"precious")
    with pytest.raises(Refused, match="is there already"):
        backups.backup(path)
    assert path.read_bytes() == b"precious"


@needs_sqlite
def test_a_folder_that_is_not_there_is_said_so(owner: Owner, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="No such file or directory") as caught:
        backups.backup(tmp_path / "nowhere" / "copy.sqlite3")
    assert "Errno" not in caught.value.message


@needs_sqlite
def test_names_with_signs_of_addresses_are_plain_names(owner: Owner, tmp_path: Path) -> None:
    person(owner, "Anna Berger")
    path = backup(tmp_path, "a?mode=memory #1 50%20.sqlite3")
    Person.objects.all().delete()
    backups.restore(path)
    assert Person.objects.get().name == "Anna Berger"


@needs_sqlite
def test_a_backup_of_a_newer_kithbook_is_refused(owner: Owner, tmp_path: Path) -> None:
    path = backup(tmp_path)
    with closing(sqlite3.connect(path)) as copy:
        copy.execute(f"PRAGMA user_version={SCHEMA + 1}")
    person(owner, "Anna Berger")
    kept = set(home_path().glob("before-restore-*"))
    with pytest.raises(Refused, match="newer Kithbook"):
        backups.restore(path)
    assert Person.objects.get().name == "Anna Berger"
    assert set(home_path().glob("before-restore-*")) == kept


@needs_sqlite
def test_a_damaged_backup_is_refused(owner: Owner, tmp_path: Path) -> None:
    for number in range(40):
        person(owner, f"Person {number}")
    path = backup(tmp_path)
    whole = path.read_bytes()
    before = snapshot(owner)
    for number, data in enumerate((whole[: len(whole) // 2], whole[:5_000] + b"\xff" * 40_000 + whole[45_000:])):
        broken = tmp_path / f"broken{number}.sqlite3"
        broken.write_bytes(data)
        with pytest.raises(Invalid, match="damaged") as caught:
            backups.restore(broken)
        assert caught.value.hint
    assert snapshot(owner) == before


PROGRAM = """
import sys
from pathlib import Path
from kithbook.services import starting
starting.start_django()
from kithbook.services import backups, editing, owners, people
act, path = sys.argv[1], Path(sys.argv[2])
if act == "make":
    starting.ensure_schema()
    editing.add(owners.local_owner(), "Anna Berger")
    backups.backup(path)
else:
    backups.restore(path)
    print(people.search(owners.local_owner()).people[0].name)
"""


def run(act: str, home: Path, path: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "KITHBOOK_DATABASE"}
    environment |= {"KITHBOOK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "kithbook.config.settings"}
    command = [sys.executable, "-c", PROGRAM, act, str(path)]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=60).stdout


@needs_sqlite
@pytest.mark.parametrize("start", [0, 8_192])
def test_a_damaged_present_database_is_put_aside(db: None, tmp_path: Path, start: int) -> None:
    home, path = tmp_path / "home", tmp_path / "copy.sqlite3"
    run("make", home, path)
    live = home / DATABASE_NAME
    data = live.read_bytes()
    live.write_bytes(data[:start] + b"\xff" * 40_000 + data[start + 40_000 :])
    broken = live.read_bytes()
    assert run("restore", home, path) == "Anna Berger\n"
    kept = [item for item in home.iterdir() if item.name.startswith("before-restore-")]
    assert len(kept) == 1
    assert kept[0].stat().st_size >= len(broken)


@needs_sqlite
def test_what_is_no_backup_is_refused(owner: Owner, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")
        database.commit()
    text = tmp_path / "notes.txt"
    text.write_text("SQLite", "utf-8")
    empty = tmp_path / "empty"
    empty.touch()
    for path in (other, text, empty):
        with pytest.raises(Invalid, match="not a"):
            backups.restore(path)
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(NotFound):
            backups.restore(path)


@needs_sqlite
def test_a_stranger_of_the_same_install_is_in_the_copy_and_back(owner: Owner, stranger: Owner, tmp_path: Path) -> None:
    person(stranger, "Bruno Costa")
    path = backup(tmp_path)
    Person.objects.all().delete()
    backups.restore(path)
    assert people.search(owner).total == 0
    assert people.search(stranger).total == 1


@needs_sqlite
def test_a_rehearsal_says_what_a_backup_holds_and_changes_nothing(owner: Owner, tmp_path: Path) -> None:
    circle(owner, 2)
    path = backup(tmp_path)
    person(owner, "Anna Berger")
    before, files = snapshot(owner), sorted(home_path().iterdir())
    view = backups.rehearse(path)
    assert (view.people, view.people_now) == (2, 3)
    assert (view.exchanges, view.exchanges_now) == (10, 10)
    assert (view.schema, view.migrations, view.problems) == (SCHEMA, [], [])
    assert view.last_change is None or view.last_change <= clock.now()
    assert "2 people and 10 exchanges (now there are 3 and 10)" in view.message
    assert snapshot(owner) == before
    assert sorted(home_path().iterdir()) == files


@needs_sqlite
def test_a_rehearsal_tells_of_links_that_lead_nowhere(owner: Owner, tmp_path: Path) -> None:
    editing.add(owner, "Anna Berger", "anna@example.org")
    path = backup(tmp_path)
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("DELETE FROM kith_person")
        copy.commit()
    assert any("kith_identity.person_id: 1 rows" in text for text in backups.rehearse(path).problems)


def old_backup(path: Path) -> Path:
    """A database as the first version left it, with one person in it."""
    with beside.opened(path) as alias:
        MigrationExecutor(connections[alias]).migrate([("store", "0001_initial")])
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "INSERT INTO kith_owner (id, user_name, name, time_zone, minutes_per_week, is_set_up, settings, habits,"
                " revision, created_at) VALUES (1, 'local', 'Alice', 'UTC', 120, 1, '{}', '{}', 5, 0)"
            )
            columns = {"id": 7, "owner_id": 1, "name": "Old Friend", "folded_name": "old friend", "standing": "kept"}
            cursor.execute("PRAGMA table_info(kith_person)")
            for _, name, kind, is_needed, _, _ in cursor.fetchall():
                if is_needed and name not in columns:
                    columns[name] = (
                        "[]" if name in ("nicknames", "edited") else "" if "char" in kind or kind == "text" else 0
                    )
            names = ", ".join(columns)
            cursor.execute(
                f"INSERT INTO kith_person ({names}) VALUES ({', '.join(['%s'] * len(columns))})", [*columns.values()]
            )
            cursor.execute("PRAGMA user_version=1")
    return path


@needs_sqlite
def test_a_backup_of_the_first_version_is_brought_up_to_date(owner: Owner, tmp_path: Path) -> None:
    path = old_backup(tmp_path / "old.sqlite3")
    whole = path.read_bytes()
    view = backups.rehearse(path)
    assert (view.schema, view.people) == (1, 1)
    assert len(view.migrations) == SCHEMA - 1
    assert f"from schema 1 to {SCHEMA}" in view.message
    note = backups.restore(path)
    assert "go back with `kith restore" in note.message
    assert people.search(Owner.objects.get(user_name="local")).people[0].name == "Old Friend"
    assert path.read_bytes() == whole
    assert not list(home_path().glob(".rehearsal*"))


@needs_sqlite
def test_a_backup_that_cannot_be_brought_up_to_date_leaves_everything(owner: Owner, tmp_path: Path) -> None:
    path = old_backup(tmp_path / "old.sqlite3")
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("CREATE TABLE kith_feed (id INTEGER)")
        copy.commit()
    person(owner, "Anna Berger")
    for act in (backups.rehearse, backups.restore):
        with pytest.raises(Invalid, match="cannot be brought up to date"):
            act(path)
    assert Person.objects.get().name == "Anna Berger"
    assert not list(home_path().glob(".rehearsal*"))


@needs_sqlite
def test_a_restore_that_is_killed_leaves_the_old_or_the_new_state(tmp_path: Path) -> None:
    """SIGKILL at ten moments: afterwards the database is whole and is one of the two."""
    home, path = tmp_path / "home", tmp_path / "copy.sqlite3"
    assert program(home, "met", "Anna Berger").code == 0
    assert program(home, "backup", path).code == 0
    assert program(home, "restore", path, "--rehearse", "--json").data["people"] == 1
    seen = set()
    for number in range(10):
        assert program(home, "met", f"Bruno {number} Costa").code == 0
        process = start(home, "restore", path)
        time.sleep(0.15 + 0.12 * number)
        process.kill()
        process.communicate()
        answer = program(home, "people", "--json", "--limit", "50")
        assert answer.code == 0, answer
        names = {item["name"] for item in answer.data["people"]}
        assert "Anna Berger" in names
        seen.add(f"Bruno {number} Costa" in names)
        assert program(home, "doctor").code == 0
        with closing(sqlite3.connect(home / DATABASE_NAME)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert True in seen, "at least one restore was stopped before it was done"


@pytest.mark.skipif(connection.vendor == "sqlite", reason="the refusal is about PostgreSQL")
def test_postgres_is_left_to_its_own_tools(owner: Owner, tmp_path: Path) -> None:
    for act in (backups.backup, backups.restore, backups.rehearse):
        with pytest.raises(Refused) as caught:
            act(tmp_path / "x")
        assert "pg_" in caught.value.hint

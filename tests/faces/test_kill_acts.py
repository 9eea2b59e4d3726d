"""Imports of several kinds, merges, restores and exports read back, each killed at random moments and run again."""

# ruff: noqa: E501  the files are easier to compare with real ones where their lines are whole
from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.faces.commanding import program
from tests.faces.killing import (
    assert_well,
    assert_whole,
    content,
    count,
    database,
    digest,
    is_either,
    killed_homes,
    moments,
    timed,
)
from tests.faces.mixedfiles import ME, MY_NAME, email, write_files

PEOPLE, CHATTED = 60, 2_000
MINE = ("--me", ME, "--me", MY_NAME)
FIRST, SECOND = "Ada Adler", "Bo Adler"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with people, mail, chats and calls, made once and only copied."""
    folder = tmp_path_factory.mktemp("full")
    files = write_files(folder / "files", PEOPLE, ("all.mbox", "people.vcf", "meetings.ics", "calls.xml"))
    assert program(folder / "home", "import", *files, "--me", ME).code == 0
    (folder / "more").mkdir()
    (folder / "more" / "chat.txt").write_bytes(chat_with_first())
    assert program(folder / "home", "import", folder / "more" / "chat.txt", *MINE, "--kind", "whatsapp-dmy").code == 0
    return folder


def chat_with_first() -> bytes:
    """So many messages of somebody of their own that moving them to another entry takes a while."""
    lines = [
        f"{n % 27 + 1:02d}.{n // 27 % 12 + 1:02d}.{n // 324 + 10:02d}, 10:{n % 60:02d} - {('Mia Long', MY_NAME)[n % 2]}: x"
        for n in range(CHATTED)
    ]
    return "\n".join([*lines, ""]).encode()


def test_an_import_of_several_kinds_killed_at_any_moment(full: Path, tmp_path: Path) -> None:
    files = write_files(tmp_path / "files", PEOPLE, ("google.csv", "linkedin.zip", "monica.json"))
    more = write_files(tmp_path / "many", CHATTED, ("chat.txt",))
    words = ("import", *files, *more, *MINE)
    calm, home = tmp_path / "calm", tmp_path / "home"
    for copy in (calm, home):
        shutil.copytree(full / "home", copy)
    before = digest(home)
    _, usual_s = timed(calm, *words)
    after = assert_whole(calm)
    assert after[0] == 3
    acted = 0
    at = moments(10, usual_s, "several")
    for killed, moment, _ in killed_homes(full / "home", tmp_path, words, at):
        if is_either(killed, before, lambda folder: count(folder, "batch") == after[0]):
            assert assert_whole(killed) == after, moment
            acted += 1
    assert acted < len(at)
    timed(home, *words)
    assert content(home, tmp_path / "a") == content(calm, tmp_path / "b")
    assert_well(home)


def test_a_merge_killed_at_any_moment_is_done_or_not_done(full: Path, tmp_path: Path) -> None:
    words = ("merge", FIRST, "Mia Long")
    calm, home = tmp_path / "calm", tmp_path / "home"
    for copy in (calm, home):
        shutil.copytree(full / "home", copy)
    before, people, meetings = digest(home), count(home, "person"), count(home, "interaction")
    _, usual_s = timed(calm, *words)
    acted = 0
    at = moments(8, usual_s, "merge")
    for killed, moment, _ in killed_homes(full / "home", tmp_path, words, at):
        if is_either(killed, before, lambda folder: bool(count(folder, "merge_log"))):
            acted += 1
            assert (count(killed, "person"), count(killed, "interaction")) == (people - 1, meetings), moment
    assert acted < len(at)
    timed(home, *words)
    assert content(home, tmp_path / "a") == content(calm, tmp_path / "b")
    merge = program(home, "merge", "list", "--json").data[0]["id"]
    assert program(home, "merge", "undo", merge).code == 0
    assert count(home, "person") == people
    assert program(home, "person", "Mia Long", "--json").data["interactions_total"] == CHATTED
    assert_well(home)


def test_a_restore_killed_at_any_moment_leaves_one_of_the_two_states_whole(full: Path, tmp_path: Path) -> None:
    home, backup = tmp_path / "home", tmp_path / "backup.sqlite3"
    shutil.copytree(full / "home", home)
    wanted = digest(home)
    assert program(home, "backup", backup).code == 0
    assert program(home, "met", "Zoe Quist", "--on", "2026-11-01").code == 0
    assert program(home, "import", full / "files" / "all.mbox", "--me", ME).code == 0
    before = digest(home)
    origin = tmp_path / "origin"
    shutil.copytree(home, origin)
    _, usual_s = timed(home, "restore", backup)
    assert digest(home) == wanted
    acted = 0
    at = moments(8, usual_s, "restore")
    for killed, _, _ in killed_homes(origin, tmp_path, ("restore", backup), at):
        has_acted = is_either(killed, before, lambda folder: digest(folder) == wanted)
        acted += has_acted
        kept = [path for path in killed.glob("before-restore-*") if path.suffix == ".sqlite3"]
        for path in kept:  # what was there before is kept whole, or not at all
            with contextlib.closing(database_at(path, tmp_path)) as file:
                assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert kept or not has_acted
        for left in killed.glob(".*.part*"):
            os.utime(left, (1_000_000_000, 1_000_000_000))
        assert program(killed, "restore", backup).code == 0
        assert digest(killed) == wanted
        assert not list(killed.glob(".*.part*"))  # what was left half-copied is gone as well
    assert acted < len(at)
    assert_well(home)


def database_at(path: Path, folder: Path) -> sqlite3.Connection:
    """A database file under another name, opened."""
    place = folder / "opened"
    place.mkdir(exist_ok=True)
    shutil.copy(path, place / "kithbook.sqlite3")
    return database(place)


def test_an_export_that_is_read_back_and_killed_leaves_nothing_or_everything(full: Path, tmp_path: Path) -> None:
    assert program(full / "home", "export", tmp_path / "out").code == 0
    origin, home = tmp_path / "origin", tmp_path / "home"
    assert program(origin, "people").code == 0
    shutil.copytree(origin, home)
    words = ("import", tmp_path / "out" / "kithbook.json")
    _, usual_s = timed(home, *words)
    before, people = digest(origin), count(full / "home", "person")
    acted = 0
    at = moments(8, usual_s, "export")
    for killed, moment, _ in killed_homes(origin, tmp_path, words, at):
        if is_either(killed, before, lambda folder: bool(count(folder, "person"))):
            acted += 1
            assert (count(killed, "person"), count(killed, "batch", "kind = 'rebuild'")) == (people, 1), moment
    assert acted < len(at)
    assert program(home, "person", email(3), "--json").data["name"] == "Dina Adler"
    assert program(home, "export", tmp_path / "again").code == 0
    assert exported(tmp_path / "again") == exported(tmp_path / "out")
    assert_well(home)


def exported(folder: Path) -> str:
    """The whole export as text."""
    return (folder / "kithbook.json").read_text("utf-8")

"""Two writers at once: both finish, or one is refused in one clear sentence; nothing is lost, nothing doubled."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from benchmarks.mailmaker import ME, write_mailbox
from tests.faces.commanding import finish, program, start
from tests.faces.killing import assert_well, assert_whole, count, is_done_or_refused
from tests.faces.mixedfiles import write_files

MESSAGES = 12_000
MINE = ("--me", ME)


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mailbox(tmp_path_factory.mktemp("mail") / "lists.mbox", MESSAGES, body=200)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with sixty people in it, made once and only copied."""
    folder = tmp_path_factory.mktemp("known")
    files = write_files(folder / "files", 60, ("people.vcf",))
    assert program(folder / "home", "import", *files, *MINE).code == 0
    return folder / "home"


def test_two_imports_at_once_both_finish_or_one_is_refused(mailbox: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert program(home, "people").code == 0
    other = write_mailbox(tmp_path / "other.mbox", 3_000, body=200, people=50, personal=True, seed=9)
    other.write_bytes(other.read_bytes().replace(b".mail@", b".other@"))
    both = [start(home, "import", path, *MINE, "--json") for path in (mailbox, other)]
    answers = [finish(process) for process in both]
    done = [answer for answer in answers if is_done_or_refused(answer)]
    assert done
    assert assert_whole(home) == (len(done), sum(answer.data["interactions_added"] for answer in done))


def test_the_same_file_twice_at_once_adds_everything_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert program(home, "people").code == 0
    files = write_files(tmp_path / "files", 60, ("all.mbox", "people.vcf", "calls.xml", "google.csv"))
    words = ("import", *files, "--me", "robin@home.example", "--json")
    answers = [finish(process) for process in [start(home, *words) for _ in range(2)]]
    done = [answer for answer in answers if is_done_or_refused(answer)]
    assert done
    assert sum(answer.data["interactions_added"] for answer in done) == count(home, "interaction") == 180
    assert sum(answer.data["people_added"] for answer in done) == count(home, "person", "standing = 'kept'") == 60
    assert assert_whole(home)[0] == len(done)


def test_a_sentence_during_an_import_waits_or_is_refused(mailbox: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert program(home, "met", "Zoe Quist", "--on", "2026-11-01").code == 0
    process = start(home, "import", mailbox, *MINE, "--json")
    time.sleep(1)
    reading = program(home, "people", "zoe", "--json")
    assert reading.data["total"] == 1  # reading never waits
    written = is_done_or_refused(program(home, "log", "coffee with Zoe yesterday"))
    imported = is_done_or_refused(finish(process))
    assert written or imported
    assert assert_whole(home)[0] == 1 + written + imported
    assert program(home, "person", "zoe", "--json").data["interactions_total"] == 1 + written


def test_a_merge_during_an_import_that_knows_both_entries(known: Path, tmp_path: Path) -> None:
    """The import holds in memory who is who; a merge beside it must not leave it writing to an entry that is gone."""
    home = tmp_path / "home"
    shutil.copytree(known, home)
    people = count(home, "person")
    files = write_files(tmp_path / "files", 60, ("all.mbox", "meetings.ics", "calls.xml", "google.csv"))
    process = start(home, "import", *files, "--me", "robin@home.example", "--json")
    time.sleep(0.9)
    merged = is_done_or_refused(program(home, "merge", "Ada Adler", "Bo Adler"))
    imported = is_done_or_refused(finish(process))
    assert merged or imported
    assert count(home, "person") == people - merged
    assert assert_whole(home)[0] == 1 + imported
    if imported:
        assert count(home, "interaction") == 240
        told = program(home, "person", "Ada Adler", "--json").data["interactions_total"]
        assert told == (8 if merged else 4)  # two mails, a meeting and a call of each
    assert_well(home)


def test_two_first_commands_at_once_make_one_database(tmp_path: Path) -> None:
    home = tmp_path / "home"
    answers = [
        finish(process) for process in [start(home, "met", name) for name in ("Anna Berger", "Bo Lind", "Cy Ott")]
    ]
    assert all(is_done_or_refused(answer) for answer in answers), answers
    assert program(home, "people", "--json").data["total"] == 3

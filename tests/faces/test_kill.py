"""A program that is killed at any moment leaves the state before or the state after: 50 kills in all.

Here and in test_kill_acts.py: 16 of a mail import, 10 of an import of cards, chat and tables, 8 each of a merge, a
restore and an export that is read back.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from benchmarks.mailmaker import ME, write_mailbox
from tests.faces.commanding import program, start
from tests.faces.killing import assert_well, assert_whole, content, kill_after, moments, timed

MESSAGES = 4_000
FIRST_KILLS, KILLS = 3, 13
MINE = ("--me", ME)


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mailbox(tmp_path_factory.mktemp("mail") / "lists.mbox", MESSAGES, body=200)


def test_an_import_killed_at_any_moment_leaves_the_state_before(mailbox: Path, tmp_path: Path) -> None:
    calm, home = tmp_path / "calm", tmp_path / "home"
    _, first_s = timed(calm, "people")
    answer, usual_s = timed(calm, "import", mailbox, *MINE, "--json")
    report = answer.data
    assert report["records"] == MESSAGES
    assert report["interactions_added"] > MESSAGES // 5
    at = moments(FIRST_KILLS, first_s, "first") + moments(KILLS, usual_s, "mail")  # at first the tables are made
    killed = 0
    for moment in at:
        process = start(home, "import", mailbox, *MINE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        was_killed = kill_after(process, moment)
        killed += was_killed
        found = assert_whole(home) if (home / "kithbook.sqlite3").exists() else (0, 0)
        if found != (0, 0):  # it was quicker than at first, and all of it is there
            assert found == (1, report["interactions_added"]), moment
            shutil.rmtree(home)
    assert killed >= len(at) * 3 // 5
    timed(home, "import", mailbox, *MINE)
    assert content(home, tmp_path / "a") == content(calm, tmp_path / "b")
    assert_well(home)


def test_a_second_import_that_is_killed_leaves_the_first(mailbox: Path, tmp_path: Path) -> None:
    home, small = tmp_path / "home", write_mailbox(tmp_path / "small.mbox", 300, body=200, seed=5)
    assert program(home, "import", small, *MINE).code == 0
    before = content(home, tmp_path / "a")
    process = start(home, "import", mailbox, *MINE, stdout=subprocess.DEVNULL)
    while process.poll() is None and not (home / "kithbook.sqlite3-wal").exists():
        time.sleep(0.01)
    assert kill_after(process, 0.3)
    assert assert_whole(home)[0] == 1
    assert content(home, tmp_path / "b") == before

"""An import that is killed leaves the state before; two writers at once both finish, or one is refused clearly."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks.mailmaker import ME, write_mailbox
from tests.faces.commanding import Answer, assert_plain, finish, program, start

MESSAGES = 20_000
FIRST_KILLS, KILLS = 4, 20
SEED = 2026
MINE = ("--me", ME)


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mailbox(tmp_path_factory.mktemp("mail") / "lists.mbox", MESSAGES, body=200)


def content(home: Path, folder: Path) -> dict[str, list[str]]:
    """What a data folder holds, ids replaced by what they stand for, so that two folders can be compared."""
    assert program(home, "export", folder).code == 0
    tables: dict[str, list[dict[str, Any]]] = json.loads((folder / "kithbook.json").read_text("utf-8"))["tables"]
    stands_for: dict[Any, str] = {
        row["person_id"]: row["key"] for row in sorted(tables["identity"], key=lambda r: r["key"])
    }
    stands_for |= {row["id"]: f"interaction {row['external_key']}" for row in tables["interaction"]}
    stands_for |= {row["id"]: "the import" for row in tables["batch"]}
    found = {}
    for name, rows in tables.items():
        for row in rows:
            if row.get("id") not in stands_for:
                row.pop("id", None)
            row.pop("report", None)  # it says how long the import took
        plain = [
            {key: stands_for.get(value, value) if isinstance(value, str) else value for key, value in row.items()}
            for row in rows
        ]
        found[name] = sorted(json.dumps(row, sort_keys=True) for row in plain)
    return found


def database(home: Path) -> sqlite3.Connection:
    return sqlite3.connect(home / "kithbook.sqlite3")


def assert_whole(home: Path) -> tuple[int, int]:
    """The file is sound and no batch is half-done; gives the numbers of batches and interactions."""
    with contextlib.closing(database(home)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'kith_batch'").fetchone():
            return 0, 0
        states = [row[0] for row in file.execute("SELECT state FROM kith_batch")]
        assert set(states) <= {"done"}
        return len(states), file.execute("SELECT count(*) FROM kith_interaction").fetchone()[0]


def kill_after(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Kill a program without warning, unless it has ended already."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
        return False
    process.send_signal(signal.SIGKILL)
    process.wait()
    return True


def timed(home: Path, *words: object) -> tuple[Answer, float]:
    """Run a command; what it said and the seconds it took."""
    began = time.monotonic()
    answer = program(home, *words)
    assert answer.code == 0, answer
    return answer, time.monotonic() - began


def test_an_import_killed_at_any_moment_leaves_the_state_before(mailbox: Path, tmp_path: Path) -> None:
    calm, home, rng = tmp_path / "calm", tmp_path / "home", random.Random(SEED)
    _, first_s = timed(calm, "people")
    answer, usual_s = timed(calm, "import", mailbox, *MINE, "--json")
    report = answer.data
    assert report["records"] == MESSAGES
    assert report["interactions_added"] > MESSAGES // 5
    moments = sorted(rng.uniform(0.05, 0.95) * first_s for _ in range(FIRST_KILLS))  # while the tables are made
    moments += sorted(rng.uniform(0.05, 0.95) * usual_s for _ in range(KILLS))
    killed = 0
    for number, moment in enumerate(moments):
        process = start(home, "import", mailbox, *MINE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        was_killed = kill_after(process, moment)
        killed += was_killed
        found = assert_whole(home) if (home / "kithbook.sqlite3").exists() else (0, 0)
        if found != (0, 0):  # it was quicker than at first, and all of it is there
            assert found == (1, report["interactions_added"]), moment
            assert not was_killed or number > FIRST_KILLS
            shutil.rmtree(home)
    assert killed >= KILLS
    timed(home, "import", mailbox, *MINE)
    assert content(home, tmp_path / "a") == content(calm, tmp_path / "b")
    checks = {check["name"]: check for check in program(home, "doctor", "--json").data["checks"]}
    assert all(checks[name]["is_well"] for name in ("Database", "Links between rows", "Ties", "Imports")), checks


def test_a_second_import_that_is_killed_leaves_the_first(mailbox: Path, tmp_path: Path) -> None:
    home, small = tmp_path / "home", write_mailbox(tmp_path / "small.mbox", 300, body=200, seed=5)
    assert program(home, "import", small, *MINE).code == 0
    before = content(home, tmp_path / "a")
    process = start(home, "import", mailbox, *MINE, stdout=subprocess.DEVNULL)
    while process.poll() is None and not (home / "kithbook.sqlite3-wal").exists():
        time.sleep(0.01)
    assert kill_after(process, 0.4)
    assert assert_whole(home)[0] == 1
    assert content(home, tmp_path / "b") == before


def is_done_or_refused(answer: Answer) -> bool:
    """Whether it was done; if not it was refused in one clear line."""
    assert_plain(answer)
    if answer.code:
        assert "busy" in answer.err
    return answer.code == 0


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


def test_two_first_commands_at_once_make_one_database(tmp_path: Path) -> None:
    home = tmp_path / "home"
    answers = [
        finish(process) for process in [start(home, "met", name) for name in ("Anna Berger", "Bo Lind", "Cy Ott")]
    ]
    assert all(is_done_or_refused(answer) for answer in answers), answers
    assert program(home, "people", "--json").data["total"] == 3

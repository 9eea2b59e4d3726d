"""Kills programs without warning and looks at what is left of their data."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.faces.commanding import Answer, assert_plain, program, start

SEED = 2026
TIMES = int(os.environ.get("KITHBOOK_KILLS", "1"))
"""So many times as many kills as usual, for a long run by hand."""
MUST_BE_WELL = ("Database", "Links between rows", "Ties", "Imports", "Jobs")
LATER = 0.3
"""Part of a run before which hardly anything but Python's modules is loaded; few kills go there."""


def timed(home: Path, *words: object) -> tuple[Answer, float]:
    """Run a command; what it said and the seconds it took."""
    began = time.monotonic()
    answer = program(home, *words)
    assert answer.code == 0, answer
    return answer, time.monotonic() - began


def kill_after(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Kill a program without warning, unless it has ended already."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
        return False
    process.send_signal(signal.SIGKILL)
    process.wait()
    return True


def moments(count: int, length_s: float, name: str) -> list[float]:
    """`count` random moments of a run of this length (times `TIMES`), one in eight of them while the program starts."""
    rng = random.Random(f"{SEED}/{name}")
    count *= TIMES
    early = count // 8
    return [
        *(rng.uniform(0.02, LATER) * length_s for _ in range(early)),
        *(rng.uniform(LATER, 1.0) * length_s for _ in range(count - early)),
    ]


def killed_homes(
    origin: Path, folder: Path, words: tuple[object, ...], at: list[float]
) -> Iterator[tuple[Path, float, bool]]:
    """For each moment: a copy of the data folder in which the command was killed then, the moment, and whether it was.

    The copy is deleted afterwards.
    """
    for number, moment in enumerate(at):
        home = folder / f"killed-{number}"
        shutil.copytree(origin, home)
        process = start(home, *words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        was_killed = kill_after(process, moment)
        yield home, moment, was_killed
        shutil.rmtree(home)


def kills(origin: Path, folder: Path, words: tuple[object, ...], count: int, length_s: float) -> Iterator[Path]:
    """Copies of the data folder, of which `count` saw the command killed at a random moment.

    A run that was over before its moment is given too, and makes the next moments earlier: however fast the machine is
    by then, so many kills are in time.
    """
    rng = random.Random(f"{SEED}/{' '.join(map(str, words))}")
    killed = 0
    while killed < count * TIMES:
        moment = rng.uniform(LATER, 1.0) * length_s
        for home, _, was_killed in killed_homes(origin, folder, words, [moment]):
            killed += was_killed
            length_s = length_s if was_killed else moment
            yield home


def database(home: Path) -> sqlite3.Connection:
    """The data of a folder, opened beside the program."""
    return sqlite3.connect(home / "kithbook.sqlite3")


def assert_whole(home: Path) -> tuple[int, int]:
    """The file is sound and no batch is half-done; gives the numbers of batches and interactions."""
    with contextlib.closing(database(home)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        if not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'kith_batch'").fetchone():
            return 0, 0
        states = [row[0] for row in file.execute("SELECT state FROM kith_batch")]
        assert set(states) <= {"done"}
        return len(states), file.execute("SELECT count(*) FROM kith_interaction").fetchone()[0]


def digest(home: Path) -> str:
    """A fingerprint of every row of every table, but for the counter that plans are remembered by."""
    found = hashlib.sha256()
    with contextlib.closing(database(home)) as file:
        names = [
            row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'kith_%'")
        ]
        for name in sorted(names):
            columns = [row[1] for row in file.execute(f"PRAGMA table_info({name})") if row[1] != "revision"]
            listed = ", ".join(f'"{column}"' for column in columns)
            for row in file.execute(f"SELECT {listed} FROM {name} ORDER BY {listed}"):
                found.update(repr((name, row)).encode())
    return found.hexdigest()


def count(home: Path, table: str, where: str = "1") -> int:
    """The number of rows of a table."""
    with contextlib.closing(database(home)) as file:
        return int(file.execute(f"SELECT count(*) FROM kith_{table} WHERE {where}").fetchone()[0])


def content(home: Path, folder: Path) -> dict[str, list[str]]:
    """What a data folder holds, ids replaced by what they stand for, so that two folders can be compared."""
    assert program(home, "export", folder).code == 0
    tables: dict[str, list[dict[str, Any]]] = json.loads((folder / "kithbook.json").read_text("utf-8"))["tables"]
    stands_for: dict[Any, str] = {
        row["person_id"]: row["key"] for row in sorted(tables["identity"], key=lambda r: r["key"])
    }
    stands_for |= {row["id"]: f"interaction {row['external_key']}" for row in tables["interaction"]}
    stands_for |= {row["id"]: "the import" for row in tables["batch"]}
    stands_for |= {row["id"]: f"entry {row['note']}" for row in tables["ledger_entry"]}
    found = {}
    for name, rows in tables.items():
        for row in rows:
            if row.get("id") not in stands_for:
                row.pop("id", None)
            row.pop("report", None)  # it says how long the import took
            row.pop("turn", None)  # and this one when
        plain = [
            {key: stands_for.get(value, value) if isinstance(value, str) else value for key, value in row.items()}
            for row in rows
        ]
        found[name] = sorted(json.dumps(row, sort_keys=True) for row in plain)
    return found


def assert_well(home: Path) -> None:
    """`kith doctor` finds nothing wrong with the data."""
    checks = {check["name"]: check for check in program(home, "doctor", "--json").data["checks"]}
    assert all(checks[name]["is_well"] for name in MUST_BE_WELL), checks


def is_done_or_refused(answer: Answer) -> bool:
    """Whether it was done; if not it was refused in one clear line."""
    assert_plain(answer)
    if answer.code:
        assert answer.err.count("\n") <= 1, answer.err
        assert "busy" in answer.err, answer.err
    return answer.code == 0


def is_either(home: Path, before: str, is_after: Callable[[Path], bool]) -> bool:
    """Whether an act took place; if not, not one row may differ from before."""
    assert_whole(home)
    if is_after(home):
        return True
    assert digest(home) == before
    return False

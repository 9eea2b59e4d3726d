"""Runs `kith` for tests: in this process on the test database, or as a program of its own in a home of its own."""

from __future__ import annotations

import atexit
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kithbook.cli.main import main

PROGRAM = (sys.executable, "-c", "from kithbook.cli.main import run; run()")
LONGEST_S = 300
INTERNALS = re.compile(
    r"Traceback|foresee|Error:|Errno|SQLITE_|object at 0x|django|<class|kithbook\.(core|services|store|sources|cli)"
)
"""What no user should have to read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The answer as JSON."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """The error as JSON."""
        found: dict[str, Any] = json.loads(self.out)["error"]
        return found


Run = Callable[..., Answer]


def in_process(capsys: Any, *words: object) -> Answer:
    """Run a command here, on the database of the test."""
    capsys.readouterr()
    try:
        code = main([str(word) for word in words])
    except SystemExit as stop:
        code = int(stop.code or 0)
    said = capsys.readouterr()
    return Answer(code, said.out, said.err)


@functools.cache
def compiled() -> str:
    """A folder for compiled modules: without one every program of a test would compile all of Django again."""
    folder = tempfile.mkdtemp(prefix="kithbook-compiled-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a program with its own data folder, a fixed clock and SQLite."""
    left_out = ("KITHBOOK_DATABASE", "KITHBOOK_DEBUG", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {
        **kept, "KITHBOOK_HOME": str(home), "KITHBOOK_NOW": "2026-11-21T09:00:00+00:00", "OMP_NUM_THREADS": "1",
        "PYTHONPYCACHEPREFIX": compiled(), **more,
    }  # fmt: skip


def start(home: Path, *words: object, **options: Any) -> subprocess.Popen[bytes]:
    """Start a command as a program of its own."""
    given: dict[str, Any] = {
        "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
        "env": environment(home, **options.pop("env", {})),
    }  # fmt: skip
    return subprocess.Popen(
        [*PROGRAM, *(os.fspath(w) if isinstance(w, Path) else str(w) for w in words)], **given | options
    )


def finish(process: subprocess.Popen[bytes]) -> Answer:
    """Wait for a program and take what it said."""
    out, err = process.communicate(timeout=LONGEST_S)
    return Answer(process.returncode, (out or b"").decode(), (err or b"").decode())


def program(home: Path, *words: object, **options: Any) -> Answer:
    """Run a command as a program of its own, in its own data folder."""
    return finish(start(home, *words, **options))


def assert_plain(answer: Answer) -> None:
    """Nothing in an answer looks like the inside of the program."""
    assert not INTERNALS.search(answer.err), answer.err
    assert answer.code == 0 or not INTERNALS.search(answer.out), answer.out


def assert_refused(answer: Answer, *said: str) -> None:
    """Exit code 1, nothing on standard output, one clear line on standard error with these words in it."""
    assert (answer.code, answer.out) == (1, ""), answer
    assert_plain(answer)
    line = answer.err.strip()
    assert "\n" not in line, line
    assert 10 < len(line) < 1_000, line
    assert line.endswith((".", "”")), line
    for word in said:
        assert word in line, line

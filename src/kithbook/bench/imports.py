"""`kith bench import FILE`: scan alone and whole import beside `wc -l` and Python's `mailbox` + `email`, in one run.

Every figure comes from a process of its own, in turn A B C D A B C D, as the operating system accounts for it; ratios
are formed round by round and their median is given, so that a machine that slows down slows all four alike.

Each import goes into a new data folder whose tables are there already. Python's compiled files are kept for the time
of the measurement, as in an ordinary installation. Linux counts the peak memory of a process from before the program
started, so that no peak is below that of this process (`peak_mb_least`).
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kithbook.core.errors import Invalid, NotFound

PEER = """
import mailbox, sys
from email.utils import getaddresses, parsedate_tz
count = 0
for message in mailbox.mbox(sys.argv[1], create=False):
    for name in ("From", "To", "Cc"):
        getaddresses([str(value) for value in message.get_all(name, [])])
    parsedate_tz(str(message.get("Date", "")))
    message.get("Message-ID")
    count += 1
print(count)
"""
SCAN = """
import sys, time
from pathlib import Path
from kithbook.core.records import Mail
from kithbook.sources.mbox import MboxSource
count = 0
for record in MboxSource(Path(sys.argv[1]), latest=int(time.time())).records():
    count += type(record) is Mail
print(count)
"""
IMPORT = """
import sys
from kithbook.cli.main import main
sys.exit(main(["import", sys.argv[1], "--home", sys.argv[2], *sys.argv[3:]]))
"""
RATIOS = (
    ("scan", "wc", "cpu"),
    ("mailbox_email", "wc", "cpu"),
    ("mailbox_email", "scan", "cpu"),
    ("mailbox_email", "import", "cpu"),
    ("mailbox_email", "import", "wall"),
)
FIRST_MAIL = """From jane@example.org Thu Jan  1 10:00:00 2026
From: Jane <jane@example.org>
To: me@example.org
Date: Thu, 1 Jan 2026 10:00:00 +0000
Message-ID: <1@example.org>

"""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: CPU and wall seconds, peak resident memory in MB, what it printed."""

    cpu_s: float
    wall_s: float
    peak_mb: float
    output: str


def measure(
    command: Sequence[str], environment: Mapping[str, str] | None = None, *, may_fail: bool = False
) -> Run:  # fmt: skip
    """Run a command to its end and account for it, its children's CPU included; raises Invalid where it fails."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdout=out, stderr=errors, stdin=subprocess.DEVNULL, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - started
        out.seek(0)
        errors.seek(0)
        if process.returncode and not may_fail:
            said = errors.read(2_000).decode(errors="replace").strip().splitlines()
            raise Invalid(f"Measuring stopped: {said[-1] if said else command[0]}", "Try the import itself first.")
        return Run(usage.ru_utime + usage.ru_stime, wall, _peak_mb(usage), out.read().decode(errors="replace"))


def _peak_mb(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def run(path: Path, me: Sequence[str] = (), runs: int = 3, *, with_peer: bool = True) -> dict[str, Any]:
    """Measure a mailbox file `runs` times; medians, and medians of the ratios of each round.

    Without the peer (`mailbox` + `email`) its figures and ratios are left out: it takes most of the time.
    """
    if not path.is_file():
        raise NotFound(f"There is no file {path}.", "Give one mailbox file (mbox).")
    from kithbook.sources.mbox import looks_like_mbox

    with path.open("rb") as file:
        if not looks_like_mbox(file.read(65_536)):
            raise Invalid(f"{path.name} is not a mailbox (mbox).", "Other kinds are not measured here.")
    with tempfile.TemporaryDirectory(prefix="kithbook-bench-") as folder:
        place = prepare(Path(folder))
        rounds = [_round(path, me, place, with_peer) for _ in range(max(1, runs))]
    megabytes = path.stat().st_size / 1e6
    messages = int(rounds[0]["scan"].output.strip().splitlines()[-1])
    return {
        "file_mb": round(megabytes, 1),
        "messages": messages,
        "runs": len(rounds),
        "python": sys.version.split()[0],
        "peak_mb_least": round(_peak_mb(resource.getrusage(resource.RUSAGE_SELF)), 1),
        **{name: _summary([r[name] for r in rounds], messages, megabytes) for name in rounds[0]},
        "ratios": {
            f"{first}_{figure}_per_{second}_{figure}": _ratio(rounds, first, second, f"{figure}_s")
            for first, second, figure in RATIOS
            if first in rounds[0]
        },
    }


@dataclass(frozen=True, slots=True)
class Place:
    """Where measurements run: a data folder to copy for each import, and the environment with a cache for Python."""

    home: Path
    environment: dict[str, str]

    @contextlib.contextmanager
    def new_home(self) -> Iterator[Path]:
        """A copy of the prepared data folder."""
        with tempfile.TemporaryDirectory(prefix="kithbook-bench-") as folder:
            yield Path(shutil.copytree(self.home, Path(folder) / "home"))


def prepare(folder: Path) -> Place:
    """A data folder whose tables are made, and all modules compiled, by a trial import that keeps nothing."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    first = folder / "first.mbox"
    first.write_text(FIRST_MAIL, "ascii")
    home = folder / "home"
    command = [sys.executable, "-c", IMPORT, str(first), str(home), "--me", "me@example.org", "--dry-run"]
    measure(command, environment)
    return Place(home, environment)


def _round(path: Path, me: Sequence[str], place: Place, with_peer: bool) -> dict[str, Run]:
    own = [word for address in me for word in ("--me", address)]
    wc = shutil.which("wc")
    if wc is None:
        raise NotFound("`wc` is not installed here, and everything is compared with it.", "Run this on Linux or macOS.")
    with place.new_home() as home:
        commands: dict[str, list[str]] = {
            "wc": [wc, "-l", str(path)],
            **({"mailbox_email": [sys.executable, "-c", PEER, str(path)]} if with_peer else {}),
            "scan": [sys.executable, "-c", SCAN, str(path)],
            "import": [sys.executable, "-c", IMPORT, str(path), str(home), *own],
        }
        return {name: measure(command, place.environment) for name, command in commands.items()}


def _summary(found: Sequence[Run], messages: int, megabytes: float) -> dict[str, float]:
    cpu = statistics.median(item.cpu_s for item in found)
    wall = statistics.median(item.wall_s for item in found)
    return {
        "cpu_s": round(cpu, 3),
        "wall_s": round(wall, 3),
        "peak_mb": round(max(item.peak_mb for item in found), 1),
        "messages_per_s": round(messages / wall) if wall else 0,
        "mb_per_s": round(megabytes / wall, 1) if wall else 0,
    }


def _ratio(rounds: Sequence[dict[str, Run]], first: str, second: str, figure: str = "cpu_s") -> float:
    pairs = [(getattr(item[first], figure), getattr(item[second], figure)) for item in rounds]
    return round(statistics.median(a / b for a, b in pairs if b > 0), 2) if any(b > 0 for _, b in pairs) else 0.0

"""`kith bench import FILE`: reading alone and whole import beside `wc -l` and the plain way to read it, in one run.

Takes whatever `kith import` takes. Every figure comes from a process of its own, in turn A B C D A B C D, as the
operating system accounts for it; ratios are formed round by round and their median is given, so that a machine that
slows down slows all alike. Files that can be cut are imported by a quarter and by half as well.

Each import goes into a new data folder whose tables are there already. Python's compiled files are kept for the time
of the measurement, as in an ordinary installation. Linux counts the peak memory of a process from before the program
started, so that no peak is below that of this process (`peak_mb_least`).
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kithbook.bench.importparts import write_part
from kithbook.bench.importplain import Plain, plain_way
from kithbook.core.errors import Invalid, NotFound

SCAN = """
import sys, time
from pathlib import Path
from kithbook.core.records import Problem
from kithbook.sources.detect import open_sources
from kithbook.sources.kithbookfile import is_export, read_rows
path, kind = Path(sys.argv[1]), sys.argv[2] or None
count = 0
if is_export(path):
    count = sum(1 for row in read_rows(path))
else:
    for source in open_sources(path, kind=kind, latest=int(time.time())):
        for record in source.records():
            count += type(record) is not Problem
print(count)
"""
IMPORT = """
import sys
from kithbook.cli.main import main
sys.exit(main(["import", sys.argv[1], "--home", sys.argv[2], *sys.argv[3:]]))
"""
LINES = 'find "$1" -type f -exec cat {} + | wc -l'
"""`wc -l` over all files of a folder."""
SHARES = {"quarter": 0.25, "half": 0.5}
CARD_KINDS = ("vcard", "table", "linkedin")
"""Kinds that tell of people and of no exchanges with them: no tie is reckoned after their import."""
MAIL_KINDS = ("mbox", "maildir", "eml")
FIRST_ME = "me@example.org"
FIRST_CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jane\r\nEND:VCARD\r\n"
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
            raise Invalid(f"Measuring stopped: {_sentence(said[-1]) if said else command[0]}", "Try the import first.")
        return Run(usage.ru_utime + usage.ru_stime, wall, _peak_mb(usage), out.read().decode(errors="replace"))


def _sentence(line: str) -> str:
    """What a line on standard error says, which may be a failure as JSON."""
    with contextlib.suppress(ValueError, LookupError, TypeError):
        error = json.loads(line)["error"]
        return f"{error['message']} {error['hint']}".strip()
    return line


def _peak_mb(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def run(
    path: Path,
    me: Sequence[str] = (),
    runs: int = 3,
    *,
    kind: str | None = None,
    with_peer: bool = True,
    with_growth: bool = True,
) -> dict[str, Any]:
    """Measure the import of a file or folder `runs` times; medians, and medians of the ratios of each round.

    Without the peer (the plain way to read it) its figures and ratios are left out: it takes most of the time.
    Raises NotFound, Invalid or Unavailable for what cannot be imported.
    """
    found, is_single = _kind_of(path, kind)
    plain = plain_way(found, is_whole_file=is_single)
    with tempfile.TemporaryDirectory(prefix="kithbook-bench-") as folder:
        place = prepare(Path(folder))
        parts = _parts(path, found, Path(folder)) if with_growth and is_single else {}
        job = _Job(path, ["--kind", kind] if kind else [], me, plain if with_peer else None, parts, found in CARD_KINDS)
        rounds = [job.round(place) for _ in range(max(1, runs))]
    megabytes = _size(path) / 1e6
    records = _records(rounds[0]["import"])
    return {
        "file_mb": round(megabytes, 1),
        "kind": found,
        "records": records,
        **({"messages": records} if found in MAIL_KINDS else {}),
        "runs": len(rounds),
        "python": sys.version.split()[0],
        "peak_mb_least": round(_peak_mb(resource.getrusage(resource.RUSAGE_SELF)), 1),
        **{
            name: _summary([r[name] for r in rounds], records, megabytes, found)
            for name in ("wc", plain.name, "scan", "import")
            if name in rounds[0]
        },
        "ratios": {
            f"{first}_{figure}_per_{second}_{figure}": _ratio(rounds, first, second, f"{figure}_s")
            for first, second, figure in _pairs(plain.name)
            if first in rounds[0]
        },
        "growth": _growth(rounds, [*parts, "import"]) if parts else [],
    }


def _pairs(plain: str) -> tuple[tuple[str, str, str], ...]:
    return (
        ("scan", "wc", "cpu"), ("import", "wc", "cpu"), (plain, "wc", "cpu"), (plain, "scan", "cpu"),
        (plain, "import", "cpu"), (plain, "import", "wall"),
    )  # fmt: skip


def _kind_of(path: Path, kind: str | None) -> tuple[str, bool]:
    """The kind of what lies there, and whether it is one file with one source; for a folder or zip "folder", "zip"."""
    from kithbook.sources.detect import open_sources
    from kithbook.sources.kithbookfile import is_export

    if is_export(path):
        return "kithbook", True
    sources = open_sources(path, kind=kind, latest=int(time.time()))
    kinds = {source.kind for source in sources}
    is_single = len(sources) == 1 and (path.is_dir() or not zipfile.is_zipfile(path))
    return (kinds.pop() if len(kinds) == 1 else "folder" if path.is_dir() else "zip"), is_single


def _size(path: Path) -> int:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)


def _parts(path: Path, kind: str, folder: Path) -> dict[str, Path]:
    """A quarter and a half of the file, where its kind can be cut."""
    if not path.is_file():
        return {}
    written = {name: write_part(path, kind, share, folder / f"{name}{path.suffix}") for name, share in SHARES.items()}
    return {name: part for name, part in written.items() if part is not None}


def _records(done: Run) -> int:
    return int(json.loads(done.output)["records"])


def _growth(rounds: Sequence[dict[str, Run]], names: Sequence[str]) -> list[dict[str, float]]:
    """Each part and the whole: CPU a record without start-up, beside the first of them."""
    found: list[dict[str, float]] = []
    for name in names:
        done = [one[name] for one in rounds]
        cpu = statistics.median(one[name].cpu_s - one["start"].cpu_s for one in rounds)
        records = _records(done[0])
        each = 1e6 * max(cpu, 0.0) / max(1, records)
        found.append({
            "records": records,
            "cpu_s": round(statistics.median(one.cpu_s for one in done), 3),
            "peak_mb": round(max(one.peak_mb for one in done), 1),
            "us_per_record": round(each, 1),
        })  # fmt: skip
    first = found[0]["us_per_record"]
    return [{**one, "beside_first": round(one["us_per_record"] / first, 2) if first else 0.0} for one in found]


@dataclass(frozen=True, slots=True)
class _Job:
    """What is measured in each round."""

    path: Path
    kind: list[str]
    me: Sequence[str]
    plain: Plain | None
    parts: dict[str, Path]
    is_cards: bool

    def round(self, place: Place) -> dict[str, Run]:
        """Every process once."""
        path, environment = str(self.path), place.environment
        if shutil.which("wc") is None:
            raise NotFound("`wc` is not installed here; all else is compared with it.", "Run this on Linux or macOS.")
        count = ["wc", "-l", path] if self.path.is_file() else ["sh", "-c", LINES, "sh", path]
        found = {"wc": measure(count, environment)}
        if self.plain:
            found[self.plain.name] = measure([sys.executable, "-c", self.plain.program, path], environment)
        found["scan"] = measure([sys.executable, "-c", SCAN, path, *(self.kind[1:] or [""])], environment)
        if self.parts:
            found["start"] = _import(place, place.card if self.is_cards else place.mail, ["--me", FIRST_ME])
        words = [*self.kind, *(word for address in self.me for word in ("--me", address))]
        for name, part in self.parts.items():
            found[name] = _import(place, part, words)
        return {**found, "import": _import(place, self.path, words)}


def _import(place: Place, path: Path, words: Sequence[str]) -> Run:
    with place.new_home() as home:
        command = [sys.executable, "-c", IMPORT, str(path), str(home), "--json", *words]
        return measure(command, place.environment)


@dataclass(frozen=True, slots=True)
class Place:
    """Where measurements run: a data folder to copy for each import, the environment with a cache for Python.

    `mail` and `card` are files of one record each, the import of which is all start-up.
    """

    home: Path
    environment: dict[str, str]
    mail: Path
    card: Path

    @contextlib.contextmanager
    def new_home(self) -> Iterator[Path]:
        """A copy of the prepared data folder."""
        with tempfile.TemporaryDirectory(prefix="kithbook-bench-") as folder:
            yield Path(shutil.copytree(self.home, Path(folder) / "home"))


def prepare(folder: Path) -> Place:
    """A data folder whose tables are made, and all modules compiled, by a trial import that keeps nothing."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    mail, card = folder / "first.mbox", folder / "first.vcf"
    mail.write_text(FIRST_MAIL, "ascii")
    card.write_text(FIRST_CARD, "ascii")
    home = folder / "home"
    command = [sys.executable, "-c", IMPORT, str(mail), str(home), "--me", FIRST_ME, "--dry-run"]
    measure(command, environment)
    return Place(home, environment, mail, card)


def _summary(found: Sequence[Run], records: int, megabytes: float, kind: str) -> dict[str, float]:
    cpu = statistics.median(item.cpu_s for item in found)
    wall = statistics.median(item.wall_s for item in found)
    each = round(records / wall) if wall else 0
    return {
        "cpu_s": round(cpu, 3),
        "wall_s": round(wall, 3),
        "peak_mb": round(max(item.peak_mb for item in found), 1),
        "records_per_s": each,
        **({"messages_per_s": each} if kind in MAIL_KINDS else {}),
        "mb_per_s": round(megabytes / wall, 1) if wall else 0,
    }


def _ratio(rounds: Sequence[dict[str, Run]], first: str, second: str, figure: str = "cpu_s") -> float:
    pairs = [(getattr(item[first], figure), getattr(item[second], figure)) for item in rounds]
    return round(statistics.median(a / b for a, b in pairs if b > 0), 2) if any(b > 0 for _, b in pairs) else 0.0

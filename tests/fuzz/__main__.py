"""Fuzz every parser: `python -m tests.fuzz [N] [--seed S] [--only NAME]`, or `make fuzz N=1000`.

Each parser runs in a process of its own whose memory is limited; each input has a time limit. An input that brings out
anything but a KithbookError, takes too long or too much memory is kept under tests/fuzz/regressions, where the ordinary
tests replay it ever after.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from types import FrameType

LONGEST_S = 5
MOST_BYTES = 400 << 20
"""Address space that reading may take beyond that of the program itself."""
REGRESSIONS = Path(__file__).parent / "regressions"


class TooLongError(Exception):
    """One input took longer than LONGEST_S."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=300, help="inputs for each parser")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        return _child(args.only, args.count, args.seed)
    from tests.fuzz.parsers import PARSERS

    failed = 0
    for one in PARSERS:
        if args.only in ("", one.name):
            failed += _run(one.name, args.count, args.seed)
    print("Nothing found." if not failed else f"{failed} parsers failed; see tests/fuzz/regressions.")
    return min(failed, 1)


def _run(name: str, count: int, seed: int) -> int:
    """Fuzz one parser in a process of its own; an input that kills the process is kept as well."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kithbook-fuzz-") as folder:
        command = [sys.executable, "-m", "tests.fuzz", str(count), "--seed", str(seed), "--only", name, "--child"]
        done = subprocess.run(command, env={**os.environ, "TMPDIR": folder}, check=False)
        if done.returncode not in (0, 1):
            for last in Path(folder).glob("*/input"):
                print(f"{name}: the process ended with {done.returncode}; kept {keep(name, last.read_bytes())}")
    print(f"{name:15} {count} inputs, {time.monotonic() - began:.1f} s, {'well' if not done.returncode else 'FAILED'}")
    return int(done.returncode != 0)


def _child(name: str, count: int, seed: int) -> int:
    from tests.fuzz.mutating import mutate
    from tests.fuzz.parsers import PARSERS

    parser = next(one for one in PARSERS if one.name == name)
    failures: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input"
        for data in parser.seeds:  # whatever is imported late is imported now, before memory is limited
            path.write_bytes(data)
            parser.read(path)
        _limit_memory()
        signal.signal(signal.SIGALRM, _stop)
        for number in range(count):
            data = mutate(parser.seeds, random.Random(f"{seed}/{name}/{number}"))
            path.write_bytes(data)
            signal.setitimer(signal.ITIMER_REAL, LONGEST_S)
            try:
                parser.read(path)
            except Exception as error:
                signal.setitimer(signal.ITIMER_REAL, 0)
                where = traceback.extract_tb(error.__traceback__)[-1]
                mark = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
                if mark not in failures:
                    failures.add(mark)
                    print(f"{name}: {mark}: {str(error)[:200]} (kept as {keep(name, data)})")
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
    return int(bool(failures))


def _limit_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    most = pages * resource.getpagesize() + MOST_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TooLongError(f"longer than {LONGEST_S} s")


def keep(name: str, data: bytes) -> str:
    """Save an input as a regression; gives the name of its file."""
    REGRESSIONS.mkdir(exist_ok=True)
    path = REGRESSIONS / f"{name}.{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    return path.name


if __name__ == "__main__":
    sys.exit(main())

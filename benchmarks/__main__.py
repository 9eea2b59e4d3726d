"""All benchmarks, one table: `python -m benchmarks [--quick]`. The full run takes about a quarter of an hour.

`--quick` uses small inputs to see that everything runs; its figures mean little.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
from collections.abc import Iterator
from functools import partial

os.environ.setdefault("OMP_NUM_THREADS", "1")

from benchmarks import Figure, imports, imports_cards, pages, plan_speed, table
from kithbook.core.planning import Rules

HELP = (sys.executable, "-c", "from kithbook.cli.main import run; run()", "--help")


def start_up(runs: int = 7) -> Iterator[Figure]:
    """CPU of `kith --help`, the least of some runs."""
    spent = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(HELP, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    yield Figure("`kith --help`, CPU", f"{min(spent):.2f} s", "< 0.3 s")


def planning(sizes: tuple[int, ...], repeat: int = 5) -> Iterator[Figure]:
    """CPU to choose a week of 12 touches."""
    rules = Rules(minutes=120, max_touches=12, per_day_minutes=(90,) * 5 + (0, 0))
    for people in sizes:
        _, cpu, proven = plan_speed.measure(people, rules, repeat)
        yield Figure(f"week chosen among {people:,} people, CPU", f"{cpu:.2f} s ({proven} of {repeat} proven best)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    parts = (
        start_up,
        partial(planning, (1_000,) if quick else (1_000, 10_000, 100_000)),
        partial(imports.figures, 10_000 if quick else 1_000_000, 1 if quick else 3),
        partial(imports_cards.figures, 1_000 if quick else 100_000, 1 if quick else 3, (2 if quick else 200) << 20),
        partial(pages.figures, 300 if quick else 10_000, 2_000 if quick else 200_000),
    )
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}\n")
    print(table(figure for part in parts for figure in part()))


if __name__ == "__main__":
    main()

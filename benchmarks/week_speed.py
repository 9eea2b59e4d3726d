"""How long a week takes from the database to the answer: `python -m benchmarks.week_speed [--people N ...]`.

For each size a database in a temporary home is filled with made-up people and the states of their ties (ten contacts
each, as an import folds them); then the service makes the week's plan from nothing, several times. Each size runs in a
process of its own. Seconds of CPU and of wall time; `first` is with all imports and the first learning, `week` the
median of the following; `warmth` is the warmth of all ties from their states. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import numpy as np

SIZES = (1_000, 10_000, 100_000)
CONTACTS = 10
MINUTES = 240
STAGE_SHARES = (0.5, 0.25, 0.12, 0.06, 0.04, 0.02, 0.01)
CLOCK = "2026-11-21T09:00:00+00:00"
_DAY = 86_400


def environment(home: str) -> dict[str, str]:
    """A data folder of its own, a fixed day, one core."""
    return {
        **os.environ, "KITHBOOK_HOME": home, "KITHBOOK_NOW": CLOCK, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
    }  # fmt: skip


def fill(people: int, seed: int = 1) -> None:
    """Rows in bulk: people at all stages, most of them at Recognise and Know, and their ties."""
    from django.db import transaction

    from kithbook.core import tiestate
    from kithbook.services import clock, owners
    from kithbook.store import contacts
    from kithbook.store.bulk import Inserter
    from kithbook.store.ids import IdRun
    from kithbook.store.models import Person

    owner, rng, ids = owners.local_owner(), np.random.default_rng(seed), IdRun()
    keys = [ids.next() for _ in range(people)]
    stages = rng.choice(np.arange(1, 8), people, p=STAGE_SHARES).tolist()
    n, now = people * CONTACTS, int(clock.now().timestamp())
    at = now - (rng.exponential(400 * _DAY, n)).astype(np.int64)
    states = tiestate.replay_many(
        rng.integers(0, people, n), at, at // _DAY, rng.integers(0, 7, n), rng.choice([-1, 0, 1], n),
        np.ones(n, np.int64), None, np.ones(n, np.bool_), people,
    )  # fmt: skip
    rows = [(key, owner.pk, f"P {i}", f"p {i}", stages[i], 0) for i, key in enumerate(keys)]
    columns = ("id", "owner", "name", "folded_name", "stage", "created_at")
    with transaction.atomic():
        Inserter(Person, columns).insert(rows)
        contacts.save_ties(owner.pk, tiestate.STATE_VERSION, [(key, states[i].tobytes()) for i, key in enumerate(keys)])


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of CPU and of wall time."""
    began, spent = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - spent, time.perf_counter() - began


def measure(people: int, repeat: int) -> str:
    """One row of the table; the environment is set already."""
    from kithbook.services import starting

    starting.ensure_schema()
    from kithbook.services import clock, owners, ties, weeks
    from kithbook.store.models import Plan, Touch

    fill(people)
    owner = owners.local_owner()
    runs, lines, proven = [], 0, 0
    for _ in range(repeat + 1):
        Plan.objects.all().delete()
        Touch.objects.all().delete()
        runs.append(timed(lambda: weeks.week(owner, MINUTES)))
        view = weeks.week(owner)
        lines, proven = len(view.touches), proven + view.proven_optimal
    table = ties.table(owner)
    now = int(clock.now().timestamp())
    warm = min(timed(lambda: table.warmth(now))[0] for _ in range(5))
    cpu, wall = (statistics.median(column) for column in zip(*runs[1:], strict=True))
    return (
        f"| {people:,} | {cpu:.2f} | {wall:.2f} | {runs[0][0]:.2f} | {1_000 * warm:.1f} | {lines} "
        f"| {proven} of {repeat + 1} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--row", action="store_true", help="one size in this process, as the script itself does")
    args = parser.parse_args()
    if args.row:
        print(measure(args.people[0], args.repeat))
        return
    print("| people | week, CPU s | week, wall s | first, CPU s | warmth of all, CPU ms | touches | proven best |")
    print("|---|---|---|---|---|---|---|", flush=True)
    command = [sys.executable, "-m", "benchmarks.week_speed", "--row", "--repeat", str(args.repeat), "--people"]
    for people in args.people:
        with tempfile.TemporaryDirectory(prefix="kithbook-week-") as home:
            subprocess.run([*command, str(people)], env=environment(home), check=True)


if __name__ == "__main__":
    main()

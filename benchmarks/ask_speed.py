"""How long the ask check of everybody takes: `python -m benchmarks.ask_speed [--people N ...]`.

For each size a database in a temporary home is filled with made-up people, their ties (as `week_speed` does), three
entries of the bank for one in five, asks of one in fifty, promises of one in twenty (at 10,000 people 6,000 entries: 23
a week for five years; `--dense` gives three to everybody). Then the service judges all of them for
an ask of size 3, from the database to the answer, several times; and one person with all reasons, plan and words. Each
size runs in a process of its own. Median and slowest, in milliseconds of CPU and of wall time. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import subprocess
import sys
import tempfile
from typing import Any

import numpy as np

from benchmarks.week_speed import environment, fill, timed

SIZES = (1_000, 10_000)
ENTRIES = 3
EVERY = 5
SIZE = 3


def fill_bank(every: int, seed: int = 2) -> None:
    """Entries of all kinds within five years, asks with outcomes, promises."""
    from django.db import transaction

    from kithbook.core.ledger import KINDS
    from kithbook.services import clock, owners
    from kithbook.store.bulk import Inserter
    from kithbook.store.ids import IdRun
    from kithbook.store.models import Ask, EntryParty, LedgerEntry, Person, Promise

    owner, rng, ids = owners.local_owner(), np.random.default_rng(seed), IdRun()
    people = list(Person.objects.of(owner).values_list("pk", flat=True))
    known = people[::every]
    today, kinds = clock.today(owner), list(KINDS)

    def day() -> dt.date:
        return today - dt.timedelta(days=int(rng.integers(0, 1_825)))

    entries: list[Any] = []
    parties: list[Any] = []
    for number in range(len(known) * ENTRIES):
        row = ids.next()
        way = "gave" if rng.random() < 0.6 else "got"
        kind = kinds[int(rng.integers(0, len(kinds)))]
        entries.append((row, owner.pk, day(), way, kind, int(rng.integers(1, 6))))
        parties.append((ids.next(), owner.pk, row, known[number % len(known)]))
    outcomes = ("gladly", "reluctantly", "refused", "silence", "")
    asks = [(ids.next(), owner.pk, who, 2, day(), outcomes[i % 5], None) for i, who in enumerate(known[::10])]
    words = [(ids.next(), owner.pk, who, "the paper", day()) for who in known[::4]]
    with transaction.atomic():
        Inserter(LedgerEntry, ("id", "owner", "on", "direction", "kind", "size")).insert_values(entries)
        Inserter(EntryParty, ("id", "owner", "entry", "person")).insert_values(parties)
        columns = ("id", "owner", "person", "size", "asked_on", "outcome", "outcome_on")
        Inserter(Ask, columns).insert_values(asks)
        Inserter(Promise, ("id", "owner", "person", "text", "made_on")).insert_values(words)


def measure(people: int, repeat: int, every: int) -> str:
    """One row of the table; the environment is set already."""
    from kithbook.services import starting

    starting.ensure_schema()
    from kithbook.core.ids import to_text
    from kithbook.services import asks, owners
    from kithbook.store.models import Person

    fill(people)
    fill_bank(every)
    owner = owners.local_owner()
    somebody = to_text(Person.objects.of(owner).values_list("pk", flat=True)[people // 2])
    everybody = [timed(lambda: asks.ready_many(owner, SIZE)) for _ in range(repeat + 1)][1:]
    one = [timed(lambda: asks.check(owner, somebody, SIZE)) for _ in range(repeat + 1)][1:]
    verdicts = list(asks.ready_many(owner, SIZE).values())
    spread = ", ".join(f"{word} {verdicts.count(word):,}" for word in sorted(set(verdicts)))
    cells = []
    for runs in (everybody, one):
        cpu, wall = zip(*runs, strict=True)
        cells.append(f"{1_000 * statistics.median(cpu):.0f}")
        cells.append(f"{1_000 * statistics.median(wall):.0f} ({1_000 * max(wall):.0f})")
    return f"| {people:,} | {' | '.join(cells)} | {spread} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--dense", action="store_true", help="entries for everybody")
    parser.add_argument("--row", action="store_true", help="one size in this process, as the script itself does")
    args = parser.parse_args()
    every = 1 if args.dense else EVERY
    if args.row:
        print(measure(args.people[0], args.repeat, every))
        return
    print("| people | all, CPU ms | all, wall ms (slowest) | one, CPU ms | one, wall ms (slowest) | verdicts |")
    print("|---|---|---|---|---|---|", flush=True)
    command = [sys.executable, "-m", "benchmarks.ask_speed", "--row", "--repeat", str(args.repeat)]
    command += [*(["--dense"] if args.dense else []), "--people"]
    for people in args.people:
        with tempfile.TemporaryDirectory(prefix="kithbook-asks-") as home:
            subprocess.run([*command, str(people)], env=environment(home), check=True)


if __name__ == "__main__":
    main()

"""How long matching takes: `python -m benchmarks.match_speed [--people N] [--topics N]`. Prints a Markdown table.

First 500 needs against 5,000 offers from nothing, without a database: pieces, quick vectors, explicit words, the best
40 of each need, and a second look of the stronger model at the 100 strongest pairs. Then a database in a temporary home
with made-up people and topics, and the services that pages call: cold (a new process), after a change, and warm.
Texts are put together from the concepts' own words, all different.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from benchmarks import Figure, table
from benchmarks.week_speed import environment

PAIRS_LOOKED_AT = 100


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall time and of CPU."""
    began, spent = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - spent


def texts(count: int, seed: int) -> list[str]:
    """Short texts like those that people note."""
    from kithbook.services import meaning

    told = meaning.quick()
    words, rng = sorted(told.lexicon.concepts), np.random.default_rng(seed)
    forms = (
        "{a} for {b} in Lyon", "{a}, {b} and {c}", "head of {a} at a {b} company", "{a} who knows {b}",
        "looking for {a}",
    )  # fmt: skip
    found = []
    for number in range(count):
        a, b, c = (words[int(i)] for i in rng.integers(0, len(words), 3))
        found.append(forms[number % len(forms)].format(a=a, b=b, c=c) + f" {number}")
    return found


def from_nothing(needs: int = 500, offers: int = 5_000) -> None:
    """All needs against all offers in the core, models loaded."""
    from kithbook.core import meaning as core
    from kithbook.core.meaningwords import hear
    from kithbook.services import meaning

    told, deep = meaning.quick(), meaning.packaged()
    asked, offered = texts(needs, 1), texts(offers, 2)
    shelf = core.stock(told, offered)
    heard = [hear(told.lexicon, text) for text in asked]
    lines = core.shelve(told.lexicon, asked, core.embed_needs(told, asked), heard)
    found = core.match_all(told.lexicon, lines, shelf, meaning.quick_reference())
    best = sorted(((one.strength, i, one.row) for i, row in enumerate(found) for one in row[:1]), reverse=True)
    best = best[:PAIRS_LOOKED_AT]
    vectors = deep.embed([asked[i] for _, i, _ in best]), deep.embed([offered[row] for _, _, row in best])
    for place, (_, i, row) in enumerate(best):
        one = vectors[1][place : place + 1]
        core.second_look(told.lexicon, heard[i], vectors[0][place], shelf, np.array([row]), one, one, deep.ordinary)


def fill(people: int, topics: int) -> None:
    """People with a job each, and topics, in bulk."""
    from django.db import transaction

    from kithbook.services import clock, owners
    from kithbook.store.bulk import Inserter
    from kithbook.store.ids import IdRun
    from kithbook.store.models import Affiliation, Person, Topic

    owner, ids = owners.local_owner(), IdRun()
    keys = [ids.next() for _ in range(people)]
    kinds, today = ("need", "offer", "interest"), clock.today(owner)
    jobs, said = texts(people, 3), texts(topics, 4)
    with transaction.atomic():
        Inserter(Person, ("id", "owner", "name", "folded_name", "place", "created_at")).insert_values(
            [
                (key, owner.pk, f"P {i}", f"p {i}", ("Lyon", "Berlin", "")[i % 3], clock.now())
                for i, key in enumerate(keys)
            ]
        )
        Inserter(
            Affiliation, ("id", "owner", "person", "organisation", "role", "started_on", "ended_on")
        ).insert_values([(ids.next(), owner.pk, key, f"Firm {i % 900}", jobs[i], "", "") for i, key in enumerate(keys)])
        Inserter(Topic, ("id", "owner", "person", "kind", "text", "noted_on")).insert_values(
            [(ids.next(), owner.pk, keys[i % people], kinds[i % 3], text, today) for i, text in enumerate(said)]
        )


def services(people: int, topics: int) -> Iterator[Figure]:
    """What pages call, in a process of its own."""
    from kithbook.services import starting

    starting.ensure_schema()
    from kithbook.services import editing, goto, matching, owners

    fill(people, topics)
    owner, size = owners.local_owner(), f"{people:,} people, {topics:,} topics"
    acts: dict[str, Callable[[], object]] = {
        "suggestions": lambda: matching.suggest(owner),
        "who can help": lambda: goto.who_can_help(owner, "who can help with a visa in Lyon"),
        "cover": lambda: goto.coverage(owner),
    }
    for name, act in acts.items():
        yield figure(f"{name}, {size}, first in a process", act)
    person = goto.who_can_help(owner, "who is in Lyon", limit=1).people[0].person.id
    editing.note_topic(owner, person, "need", "a new roof for the barn")
    yield figure("suggestions after a new need", acts["suggestions"])
    for name, act in acts.items():
        timings = [timed(act) for _ in range(5)]
        wall, cpu = (sorted(column)[2] for column in zip(*timings, strict=True))
        yield Figure(f"{name}, warm", f"{1000 * wall:.0f} ms ({1000 * cpu:.0f} ms CPU)", "< 200 ms")


def figure(name: str, act: Callable[[], object]) -> Figure:
    wall, cpu = timed(act)
    return Figure(name, f"{wall:.2f} s ({cpu:.2f} s CPU)")


def core_figures() -> Iterator[Figure]:
    """The core alone."""
    from kithbook.services import starting

    starting.start_django()
    from kithbook.services import meaning

    yield figure("models loaded", lambda: (meaning.quick(), meaning.packaged(), meaning.quick_reference()))
    sample = texts(200, 5)
    cpu = timed(lambda: meaning.packaged().embed(sample))[1]
    yield Figure("a text read by the stronger model, CPU", f"{1000 * cpu / 200:.1f} ms")
    timings = sorted(timed(from_nothing) for _ in range(3))
    yield Figure("500 needs × 5,000 offers from nothing", f"{timings[1][0]:.2f} s ({timings[1][1]:.2f} s CPU)", "< 2 s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--topics", type=int, default=30_000)
    parser.add_argument("--inside", action="store_true", help="in a home that is there, as the script itself does")
    args = parser.parse_args()
    if args.inside:
        print(table([*core_figures(), *services(args.people, args.topics)]))
        return
    command = [sys.executable, "-m", "benchmarks.match_speed", "--inside"]
    with tempfile.TemporaryDirectory(prefix="kithbook-match-") as home:
        size = ["--people", str(args.people), "--topics", str(args.topics)]
        subprocess.run([*command, *size], env=environment(home), check=True)


if __name__ == "__main__":
    main()

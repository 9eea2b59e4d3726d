"""Import beside `mu index`: `python -m benchmarks.imports_mu [--messages 20000] [--runs 3]`.

The same made-up mails as an mbox and as a Maildir. `mu` (maildir-utils, the mail indexer) reads the Maildir only, into
a new database each time; Kithbook reads both, into a new data folder each time. They take turns, so that a machine
that slows down slows all alike; ratios are formed round by round. `mu` indexes the bodies as well, which Kithbook never
reads. Says so in one line and stops where `mu` is not installed.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import Figure, table
from benchmarks.imports import BODY
from benchmarks.mailmaker import ENDED_AT, ME, write_mailbox
from kithbook.bench.imports import IMPORT, Place, Run, measure, prepare
from kithbook.sources.mbox import MboxSource

ASK = "≤ 0.20 ×"


def write_maildir(mailbox: Path, folder: Path) -> Path:
    """The mails of a mailbox as files of a Maildir, without the lines that separate them."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    starts = [one.offset for one in MboxSource(mailbox, latest=ENDED_AT + 86_400).records() if hasattr(one, "offset")]
    with mailbox.open("rb") as file:  # never whole: the peak of this process would be taken for that of its children
        for number, (start, end) in enumerate(zip(starts, [*starts[1:], mailbox.stat().st_size], strict=True)):
            file.seek(start)
            mail = file.read(end - start).partition(b"\n")[2]
            (folder / "cur" / f"{1_420_000_000 + number}.M{number}P1.host:2,S").write_bytes(mail)
    return folder


def _mu(maildir: Path) -> Run:
    with tempfile.TemporaryDirectory(prefix="kithbook-bench-mu-") as home:
        first = measure(["mu", "init", f"--muhome={home}", f"--maildir={maildir}", f"--my-address={ME}"])
        then = measure(["mu", "index", "--quiet", f"--muhome={home}"])
    peak = max(first.peak_mb, then.peak_mb)
    return Run(first.cpu_s + then.cpu_s, first.wall_s + then.wall_s, peak, then.output)


def _ours(path: Path, place: Place) -> Run:
    with place.new_home() as home:
        return measure([sys.executable, "-c", IMPORT, str(path), str(home), "--me", ME], place.environment)


def figures(messages: int = 20_000, runs: int = 3) -> Iterator[Figure]:
    """CPU and wall of each, and their ratios."""
    with tempfile.TemporaryDirectory(prefix="kithbook-bench-") as made:
        folder = Path(made)
        mailbox = write_mailbox(folder / "all.mbox", messages, body=BODY)
        maildir = write_maildir(mailbox, folder / "Maildir")
        place = prepare(folder)
        rounds = [(_mu(maildir), _ours(mailbox, place), _ours(maildir, place)) for _ in range(runs)]
    for place_of, name in enumerate(("mu init + mu index, Maildir", "kith import, mbox", "kith import, Maildir")):
        yield from _of_one(f"{messages:,} mails: {name}", [one[place_of] for one in rounds], [one[0] for one in rounds])


def _of_one(what: str, found: Sequence[Run], peer: Sequence[Run]) -> Iterator[Figure]:
    cpu, wall = (statistics.median(getattr(one, name) for one in found) for name in ("cpu_s", "wall_s"))
    yield Figure(what, f"CPU {cpu:.2f} s, wall {wall:.2f} s, {max(one.peak_mb for one in found):.0f} MB")
    if found[0] is not peer[0]:
        for name in ("cpu_s", "wall_s"):
            ratio = statistics.median(
                getattr(one, name) / getattr(other, name) for one, other in zip(found, peer, strict=True)
            )
            yield Figure(f"{what}: {name.partition('_')[0]} / mu", f"{ratio:.2f} ×", ASK)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    if shutil.which("mu") is None:
        print("mu is not installed (Debian: apt install maildir-utils); nothing was measured.")
        return
    print(table(figures(args.messages, args.runs)))


if __name__ == "__main__":
    main()

"""Address books, LinkedIn, noise, duplicates: `python -m benchmarks.imports_cards [--largest N] [--runs 3] [--noise]`.

Every import is a process of its own into a new data folder whose tables are there already; CPU, wall and peak memory
are those of the whole process, start-up included. Noise is 200 MB behind a good beginning of each kind of file.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import Figure, table
from benchmarks.cardmaker import write_cards, write_connections
from kithbook.bench.imports import IMPORT, Place, Run, measure, prepare

ME = "me@home.example.org"
SMALLEST, COMPARED, LINKEDIN_ROWS = 1_000, 10_000, 30_000
NOISE_BYTES = 200 << 20
SECONDS = {10_000: 2, 30_000: 5, 100_000: 20}
GOOD = {
    "vcf": b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Adler\r\nEMAIL:ada%d@one.example\r\nEND:VCARD\r\n",
    "ics": (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:e%d\r\nDTSTART:20230301T100000Z\r\nORGANIZER:mailto:me@home.example.org"
        b"\r\nATTENDEE:mailto:ada@one.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ),
    "json": b'{"sender_name":"Ada","timestamp_ms":16095780%05d},',
    "xml": b'<call number="+436601234567" duration="61" date="16095780%05d" type="1" contact_name="Ada" />',
    "csv": b"Ada Adler,ada%d@one.example\r\n",
    "txt": b"31.12.23, 10:%02d - Ada: x\n31.12.23, 10:59 - Me: y\n",
}
BEGINS = {
    "vcf": b"", "ics": b"", "csv": b"Name,Email\r\n", "txt": b"", "xml": b"<calls>",
    "json": b'{"participants":[{"name":"Ada"},{"name":"Me"}],"messages":[',
}  # fmt: skip
OPENS = {
    "json": b'{"sender_name":"',
    "xml": b'<call number="',
    "vcf": b"BEGIN:VCARD\r\nNOTE:",
    "ics": b"BEGIN:VEVENT\r\nSUMMARY:",
}
DUPLICATES = """
import sys, time
from kithbook.services.starting import start_django
start_django()
from kithbook.services import duplicates, owners
began = time.process_time()
print(duplicates.find(owners.local_owner()).total, time.process_time() - began)
"""


def run_import(path: Path, place: Place, *more: str) -> tuple[Run, str]:
    """Import a file into a copy of the prepared folder; a refusal is an answer as well."""
    with place.new_home() as home:
        command = [sys.executable, "-c", IMPORT, str(path), str(home), "--me", ME, *more]
        return measure(command, place.environment, may_fail=True), path.name


def figures(largest: int = 100_000, runs: int = 3, noise_bytes: int = NOISE_BYTES) -> Iterator[Figure]:
    """Address books of growing size, then LinkedIn, duplicates and noise."""
    with tempfile.TemporaryDirectory(prefix="kithbook-bench-") as folder:
        place = prepare(Path(folder))
        yield from _growing(Path(folder), place, largest, runs)
        rows = write_connections(Path(folder) / "Connections.csv", LINKEDIN_ROWS)
        yield from _of_one(f"{LINKEDIN_ROWS:,} rows of LinkedIn", LINKEDIN_ROWS, rows, place, runs)
        yield from noise(Path(folder), place, noise_bytes)


def _growing(folder: Path, place: Place, largest: int, runs: int) -> Iterator[Figure]:
    start = min(run_import(place.card, place)[0].cpu_s for _ in range(runs))
    yield Figure("one vCard, which is all start-up: CPU", f"{start:.2f} s")
    compared = 0.0
    size = SMALLEST
    while size <= largest:
        path = write_cards(folder / "people.vcf", size)
        found = list(_of_one(f"{size:,} vCards", size, path, place, runs))
        yield from found
        each = 1e6 * (float(found[0].found.split()[0]) - start) / size
        compared = compared or (each if size == COMPARED else 0.0)
        beside = f", {each / compared:.2f} × of {COMPARED:,}" if size > COMPARED else ""
        yield Figure(f"{size:,} vCards: CPU a card, start-up taken off", f"{each:.0f} µs{beside}", "linear")
        size *= 10
    yield from _duplicates(path, place, size // 10)


def _of_one(what: str, size: int, path: Path, place: Place, runs: int) -> Iterator[Figure]:
    found = [run_import(path, place)[0] for _ in range(runs)]
    ask = f"≤ {SECONDS[size]} s" if size in SECONDS else ""
    yield Figure(f"{what}: CPU", f"{statistics.median(one.cpu_s for one in found):.2f} s", ask)
    yield Figure(f"{what}: wall", f"{statistics.median(one.wall_s for one in found):.2f} s", ask)
    yield Figure(f"{what}: peak memory", f"{max(one.peak_mb for one in found):.0f} MB", "≤ 200")


def _duplicates(path: Path, place: Place, size: int) -> Iterator[Figure]:
    with place.new_home() as home:
        measure([sys.executable, "-c", IMPORT, str(path), str(home), "--me", ME], place.environment)
        done = measure([sys.executable, "-c", DUPLICATES], {**place.environment, "KITHBOOK_HOME": str(home)})
        pairs, cpu = done.output.split()
        yield Figure(f"duplicates among {size:,}: CPU ({int(pairs):,} pairs)", f"{float(cpu):.1f} s", "seconds")


def noise(folder: Path, place: Place, size: int = NOISE_BYTES) -> Iterator[Figure]:
    """`size` random bytes, and so many letters in one endless line, behind a good beginning of each kind."""
    block = random.Random(200).randbytes(1 << 20)
    letters = block.translate(bytes(97 + value % 26 for value in range(256)))
    for ending, good in GOOD.items():
        for what, content in (("bytes", block), ("letters", letters)):
            path = folder / f"noise.{ending}"
            _write(path, ending, good, content, size)
            done, _ = run_import(path, place, *(("--me", "Me") if ending in ("json", "txt") else ()))
            path.unlink()
            yield Figure(
                f".{ending} that ends in {size >> 20} MB of {what}",
                f"{done.wall_s:.1f} s, {done.peak_mb:.0f} MB",
                "seconds, ≤ 200 MB",
            )


def _write(path: Path, ending: str, good: bytes, content: bytes, size: int) -> None:
    with path.open("wb") as file:
        file.write(BEGINS[ending])
        for number in range(1_500):
            file.write(good % (number % 60 if ending == "txt" else number))
        file.write(OPENS.get(ending, b""))
        for _ in range(size >> 20):
            file.write(content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--noise", action="store_true", help="noise alone")
    args = parser.parse_args()
    if args.noise:
        with tempfile.TemporaryDirectory(prefix="kithbook-bench-") as folder:
            print(table(noise(Path(folder), prepare(Path(folder)))))
    else:
        print(table(figures(args.largest, args.runs)))


if __name__ == "__main__":
    main()

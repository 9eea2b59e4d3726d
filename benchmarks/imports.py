"""How imports grow: `python -m benchmarks.imports [--largest 1000000] [--runs 3]`.

Mailboxes of made-up list mail, ten times larger each; scan and whole import beside `wc -l` and Python's `mailbox` +
`email` in the same rounds (without the latter for the largest, which would take an hour). Figures are ratios, so that
they mean the same on another machine. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import Figure, table
from benchmarks.mailmaker import ME, write_mailbox
from kithbook.bench import imports

SMALLEST = 10_000
BODY = 4_700
"""Characters of a body: with the headers 7.3 KB a message, as on public developers' lists."""
COMPARED_UP_TO = 100_000
"""Messages up to which the slow peer runs too."""


def sizes(largest: int) -> list[int]:
    """10,000 messages, ten times as many, and so on."""
    found = [min(SMALLEST, largest)]
    while found[-1] * 10 <= largest:
        found.append(found[-1] * 10)
    return found


def figures(largest: int = 100_000, runs: int = 3) -> Iterator[Figure]:
    """Ratios for each size, and CPU a message beside that of the smallest."""
    first: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="kithbook-bench-") as folder:
        for size in sizes(largest):
            path = write_mailbox(Path(folder) / f"{size}.mbox", size, body=BODY)
            compared = size <= COMPARED_UP_TO
            found = imports.run(path, [ME], runs if compared else 1, with_peer=compared, with_growth=False)
            path.unlink()
            yield from _of_one(size, found, first, compared)


def _of_one(size: int, found: dict[str, dict[str, float]], first: dict[str, float], compared: bool) -> Iterator[Figure]:
    what, ratios = f"{size:,} messages, {found['file_mb']} MB: ", found["ratios"]
    yield Figure(f"{what}scan / `wc -l`, CPU", f"{ratios['scan_cpu_per_wc_cpu']} ×", "≤ 25")
    if compared:
        yield Figure(f"{what}mailbox + email / scan, CPU", f"{ratios['mailbox_email_cpu_per_scan_cpu']} ×", "≥ 12")
        yield Figure(f"{what}mailbox + email / import, CPU", f"{ratios['mailbox_email_cpu_per_import_cpu']} ×", "≥ 5")
    for part in ("scan", "import"):
        each = found[part]["cpu_s"] / size
        growth = each / first.setdefault(part, each)
        if growth != 1:
            yield Figure(f"{what}CPU a message of {part}, beside {SMALLEST:,}", f"{growth:.2f} ×", "≤ 1.1")
    yield Figure(f"{what}peak memory of import", f"{found['import']['peak_mb']:.0f} MB", "≤ 150")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    print(table(figures(args.largest, args.runs)))


if __name__ == "__main__":
    main()

"""How long pages take: `python -m benchmarks.pages [--people 10000] [--interactions 200000]`.

A network of made-up people comes in as a mailbox; then a running server is asked for each page in turn, over one
connection, from this machine. Wall milliseconds of whole answers; the first one (cold) is given apart. Prints a
Markdown table.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import Figure, table
from benchmarks.mailmaker import ME, write_mailbox

KITH = (sys.executable, "-c", "from kithbook.cli.main import run; run()")
CLOCK = "2026-11-21T09:00:00+00:00"
PAGES = (
    "/", "/week", "/people", "/people?q=rada", "/people?sort=name&page=40", "/people/{person}", "/import", "/capture",
    "/api/v1/weeks/week", "/healthz",
)  # fmt: skip
START_S = 60


def environment(home: Path) -> dict[str, str]:
    """A data folder of its own and a fixed day."""
    return {**os.environ, "KITHBOOK_HOME": str(home), "KITHBOOK_NOW": CLOCK}


def make_network(folder: Path, people: int, interactions: int) -> str:
    """Import the mailbox; gives the id of the warmest person."""
    path = write_mailbox(folder / "mail.mbox", interactions, people=people, personal=True, body=100)
    home = environment(folder / "home")
    subprocess.run([*KITH, "import", str(path), "--me", ME], env=home, check=True, stdout=subprocess.DEVNULL)
    path.unlink()
    listed = subprocess.run([*KITH, "people", "--limit", "1", "--json"], env=home, check=True, capture_output=True)
    found = json.loads(listed.stdout)
    if found["total"] != people:
        raise SystemExit(f"{found['total']} people came in, {people} were meant to")
    return str(found["people"][0]["id"])


@contextlib.contextmanager
def serving(home: Path) -> Iterator[http.client.HTTPConnection]:
    """A connection to a running server, which is stopped afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([*KITH, "serve", "--port", str(port)], env=environment(home), stdout=subprocess.DEVNULL)
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        give_up_at = time.monotonic() + START_S
        while True:
            try:
                link.connect()
                break
            except ConnectionRefusedError:
                if time.monotonic() > give_up_at or server.poll() is not None:
                    raise
                time.sleep(0.1)
        yield link
    finally:
        link.close()
        server.terminate()
        server.wait()


def ask(link: http.client.HTTPConnection, page: str) -> tuple[float, int]:
    """Milliseconds of one answer, and its status."""
    began = time.perf_counter()
    link.request("GET", page)
    answer = link.getresponse()
    answer.read()
    return (time.perf_counter() - began) * 1_000, answer.status


def figures(people: int = 10_000, interactions: int = 200_000, repeat: int = 15) -> Iterator[Figure]:
    """Cold, median and slowest of each page."""
    with tempfile.TemporaryDirectory(prefix="kithbook-bench-") as name:
        person = make_network(Path(name), people, interactions)
        with serving(Path(name) / "home") as link:
            for template in PAGES:
                page = template.format(person=person)
                (cold, status), *warm = [ask(link, page) for _ in range(repeat + 1)]
                if status != 200:
                    raise SystemExit(f"{page} answered {status}")
                times = [milliseconds for milliseconds, _ in warm]
                shown = f"{statistics.median(times):.0f} ms (first {cold:.0f}, slowest {max(times):.0f})"
                what = template.replace("{person}", "<id>")
                yield Figure(f"{people:,} people, {interactions:,} interactions: `{what}`", shown)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--interactions", type=int, default=200_000)
    parser.add_argument("--repeat", type=int, default=15)
    args = parser.parse_args()
    print(table(figures(args.people, args.interactions, args.repeat)))


if __name__ == "__main__":
    main()

"""Times the address book that phones read, over HTTP on loopback: `python -m benchmarks.carddav_speed 1000 10000`.

For each size a fresh home with so many made-up cards (`benchmarks.cardmaker`) is served by `kith serve`. First sync: a
sync-collection without a token that asks for ETags, then all cards by multiget in hundreds, as phones do.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

KITH = (sys.executable, "-c", "from kithbook.cli.main import run; run()")
SYNC = (
    '<sync-collection xmlns="DAV:"><sync-token>{}</sync-token><sync-level>1</sync-level>'
    "<prop>{}</prop></sync-collection>"
)
ETAG = "<getetag/>"
DATA = '<getetag/><address-data xmlns="urn:ietf:params:xml:ns:carddav"/>'
MULTIGET = (
    '<C:addressbook-multiget xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">'
    "<prop>{}</prop>{}</C:addressbook-multiget>"
)


def kith(home: Path, *words: str) -> str:
    """What a command answers."""
    environment = os.environ | {"KITHBOOK_HOME": str(home)}
    return subprocess.run([*KITH, *words], env=environment, capture_output=True, text=True, check=True).stdout


@contextmanager
def served(home: Path) -> Iterator[tuple[int, int]]:
    """Port and process id of a server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen([*KITH, "serve", "--port", str(port)], env=os.environ | {"KITHBOOK_HOME": str(home)})
    try:
        while True:
            try:
                httpx2.get(f"http://127.0.0.1:{port}/healthz")
                break
            except httpx2.TransportError:
                time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def cpu_seconds(pid: int) -> float:
    """CPU seconds a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_megabytes(pid: int) -> float:
    """The largest resident set of a process."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


class Phone:
    """A device that reads the book."""

    def __init__(self, port: int, pid: int, user_name: str, password: str) -> None:
        self.pid, self.token = pid, ""
        self.url = f"http://127.0.0.1:{port}/dav/{user_name}/people/"
        self.http = httpx2.Client(auth=(user_name, password), timeout=300)

    def report(self, body: str) -> str:
        """The answer to a REPORT."""
        answer = self.http.request("REPORT", self.url, content=body, headers={"Content-Type": "application/xml"})
        assert answer.status_code == 207, answer.text[:300]
        return answer.text

    def sync(self, wanted: str = ETAG, *, anew: bool = False) -> list[str]:
        """Names of the cards that changed."""
        text = self.report(SYNC.format("" if anew else self.token, wanted))
        self.token = re.search(r"<sync-token>([^<]+)", text)[1]  # type: ignore[index]
        return re.findall(r"<response><href>([^<]+)", text)

    def read(self, hrefs: list[str]) -> int:
        """Read these cards in hundreds; how many came."""
        came = 0
        for start in range(0, len(hrefs), 100):
            names = "".join(f"<href>{href}</href>" for href in hrefs[start : start + 100])
            came += self.report(MULTIGET.format(DATA, names)).count("BEGIN:VCARD")
        return came

    def timed(self, what: str, step: object) -> object:
        """Run a step and print what it took."""
        cpu, began = cpu_seconds(self.pid), time.perf_counter()
        result = step()  # type: ignore[operator]
        seconds = time.perf_counter() - began
        count = len(result) if isinstance(result, list) else result
        print(f"  {what:<42} {seconds:7.2f} s  {cpu_seconds(self.pid) - cpu:7.2f} s CPU  {count} cards")
        return result


def measure(size: int, folder: Path) -> None:
    """One size."""
    home, cards = folder / f"home{size}", folder / f"{size}.vcf"
    subprocess.run([sys.executable, "-m", "benchmarks.cardmaker", str(cards), str(size)], check=True)
    kith(home, "import", str(cards))
    added = json.loads(kith(home, "op", "devices", "add", "--name", "Phone", "--json"))
    user_name, password = added["device"]["user_name"], added["password"]
    print(f"{size} cards")
    with served(home) as (port, pid):
        phone = Phone(port, pid, user_name, password)
        hrefs = phone.timed("first look: names and ETags, book made", phone.sync)
        phone.timed("first look: all cards in hundreds", lambda: phone.read(hrefs))  # type: ignore[arg-type]
        phone.timed("nothing changed", phone.sync)
        phone.timed("names and ETags of all once more", lambda: phone.sync(anew=True))
        phone.timed("all cards in one answer", lambda: phone.sync(DATA, anew=True))
        kith(home, "op", "editing", "add", "--name", "Zoë Newcomer")
        phone.timed("after one person was added elsewhere", phone.sync)
        print(f"  largest memory {peak_megabytes(pid):.0f} MB")
    with served(home) as (port, pid):
        again = Phone(port, pid, user_name, password)
        again.token = phone.token
        again.timed("nothing changed, server just started", again.sync)


def main() -> None:
    """Measure the sizes given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="+")
    with tempfile.TemporaryDirectory() as folder:
        for size in parser.parse_args().sizes:
            measure(size, Path(folder))


if __name__ == "__main__":
    main()

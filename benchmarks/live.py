"""Times looks at live accounts against a real Dovecot and a real Radicale on loopback.

`python -m benchmarks.live --mails 10000 --cards 5000`: the first look, one with nothing new, and one with ten new
things. Each look is a `kith sync` of its own; its CPU is without the servers', its wall time with them.
"""

from __future__ import annotations

import argparse
import os
import pwd
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2

from benchmarks import Figure, table
from benchmarks.cardmaker import write_cards
from tests.liveservers import PASSWORD, USER, dovecot, radicale

KITH = (sys.executable, "-c", "from kithbook.cli.main import run; run()")
NEW = 10


def kith(home: Path, *words: str, told: str = "") -> str:
    """What a command answers."""
    environment = os.environ | {"KITHBOOK_HOME": str(home)}
    done = subprocess.run([*KITH, *words], env=environment, input=told, capture_output=True, text=True, check=True)
    return done.stdout


def look(home: Path, what: str, expected: str) -> Figure:
    """One look, which has to say what is expected."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    answer = " ".join(kith(home, "sync", "Live").split())
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert expected in answer, answer
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Figure(what, f"{cpu:.2f} s CPU, {wall:.2f} s wall")


def looks(home: Path, what: str, add_new: Callable[[], None]) -> Iterator[Figure]:
    """The first look, an idle one, and one with something new."""
    yield look(home, f"first look at {what}", "added")
    yield look(home, f"look at {what}, nothing new", "Nothing new")
    add_new()
    yield look(home, f"look at {what}, {NEW} new", f"{NEW} ")


def letter(number: int) -> str:
    """One mail of somebody among a thousand."""
    who = number % 1_000
    return (
        f"From: Person {who} <p{who}@example.org>\nTo: {USER}\nDate: {1 + number % 28} Oct 2026 09:00:00 +0000\n"
        f"Message-ID: <{number}@example.org>\nSubject: About {number}\n\n{'Some words. ' * 100}\n"
    )


def mailbox(mails: int, folder: Path) -> Iterator[Figure]:
    """A mailbox of this size; mails are put into its Maildir directly."""
    with dovecot() as server:
        client = server.client()
        client.select("INBOX")  # makes it
        place = next((server.folder / "mail").glob("*/cur"))
        owner = pwd.getpwuid(place.stat().st_uid)
        for number in range(mails):
            path = place / f"{number}.bench:2,S"
            path.write_text(letter(number), "utf-8")
            os.chown(path, owner.pw_uid, owner.pw_gid)
        home = folder / "mail"
        kith(home, "sync", "add", "imap", f"imap://127.0.0.1:{server.port}", USER, "--name", "Live", told=PASSWORD)
        new = [letter(number) for number in range(mails, mails + NEW)]
        yield from looks(home, f"{mails:,} mails", lambda: server.put(*new))


def book(cards: int, folder: Path) -> Iterator[Figure]:
    """An address book of this size; cards are put into Radicale's folder directly."""
    with radicale() as server:
        url = server.make("friends", "book")
        place = server.folder / "data" / "collection-root" / USER / "friends"
        made = write_cards(folder / "people.vcf", cards + NEW).read_bytes().decode().split("END:VCARD\r\n")[:-1]
        texts = [f"{text}END:VCARD\r\n" for text in made]
        for number, text in enumerate(texts[:cards]):
            (place / f"{number}.vcf").write_text(text, "utf-8", newline="")
        # Radicale reads files that it did not write itself once, for many seconds.
        httpx2.request("PROPFIND", url, headers={"Depth": "1"}, auth=(USER, PASSWORD), timeout=600, trust_env=False)

        def add_new() -> None:
            for number, text in enumerate(texts[cards:], cards):
                assert server.call("PUT", f"{url}{number}.vcf", text, Content_Type="text/vcard")[0] == 201

        home = folder / "cards"
        kith(home, "sync", "add", "carddav", url, USER, "--name", "Live", told=PASSWORD)
        yield from looks(home, f"{cards:,} cards", add_new)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--cards", type=int, default=5_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(table([*mailbox(given.mails, Path(folder)), *book(given.cards, Path(folder))]))


if __name__ == "__main__":
    main()

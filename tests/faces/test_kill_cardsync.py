"""A two-way look at an address book that is killed while it writes: nothing is lost, doubled or overwritten."""

from __future__ import annotations

import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.faces.commanding import environment, program, start
from tests.faces.killing import TIMES, assert_whole, count, database, kills, timed
from tests.faces.test_cli_sync import LATER, add_account
from tests.liveservers import Radicale, radicale

CARDS, KILLS = 40, 4
CHANGES_HERE = """
import django
django.setup()
from kithbook.services import accounts, editing, owners
alice = owners.local_owner()
accounts.let_write(alice, "Phone", on=True)
for number in range(0, 24):
    editing.edit(alice, f"Person {number:02d}", note=f"Here; {number}", place="Graz, Austria")
    editing.add_identity(alice, f"Person {number:02d}", f"p{number}@here.example")
    editing.tag(alice, f"Person {number:02d}", "sailing")
for number in (24, 25):
    editing.trash(alice, f"Person {number:02d}")
for name in ("Dora Novak", "Emil Ito"):
    editing.add(alice, name, email=f"{name[:4].lower()}@example.org")
    accounts.put_card(alice, "Phone", name)
"""
TOLD = (
    "SELECT name, standing, note, place FROM kith_person",
    "SELECT p.name, k.kind, k.key FROM kith_identity k JOIN kith_person p ON p.id = k.person_id",
    "SELECT p.name, k.name FROM kith_tag k JOIN kith_person p ON p.id = k.person_id",
    "SELECT p.name, k.href FROM kith_sync_item k JOIN kith_person p ON p.id = k.person_id",
)


def card(number: int, *more: str) -> str:
    lines = (
        "BEGIN:VCARD", "VERSION:3.0", f"UID:{number}", f"FN:Person {number:02d}", f"N:{number:02d};Person;;;",
        f"EMAIL;TYPE=HOME:p{number}@example.org", f"X-KEEP;A=b:{number}", *more, "END:VCARD", "",
    )  # fmt: skip
    return "\r\n".join(lines)


class Book:
    """The book on the server: forty cards, ten of them changed since, two new, one deleted."""

    def __init__(self, server: Radicale) -> None:
        self.server, self.url = server, server.make("friends", "book")
        self.place, self.saved = server.folder / "data" / "collection-root", server.folder / "saved"
        for number in range(CARDS):
            self.put(number)

    def put(self, number: int, *more: str) -> None:
        told = self.server.call("PUT", f"{self.url}{number}.vcf", card(number, *more), Content_Type="text/vcard")
        assert told[0] in (201, 204)

    def change(self) -> None:
        for number in range(18, 28):
            more = () if number in (24, 25) else ("TEL:+43 664 10000" + str(number), "NICKNAME:There")
            self.put(number, *more)
        for number in (CARDS, CARDS + 1):
            self.put(number)
        assert self.server.call("DELETE", f"{self.url}39.vcf")[0] == 200
        shutil.copytree(self.place, self.saved)

    def restore(self) -> None:
        shutil.rmtree(self.place)
        shutil.copytree(self.saved, self.place)

    def cards(self) -> dict[str, list[str]]:
        """What lies on the server, unfolded."""
        found = self.server.cards("friends")
        return {name: re.sub(r"\r?\n[ \t]", "", text).splitlines() for name, text in found.items()}


@pytest.fixture
def book() -> Iterator[Book]:
    with radicale() as server:
        yield Book(server)


def told(home: Path) -> list[list[Any]]:
    """What is known of everybody, and which card is theirs."""
    with closing(database(home)) as file:
        return [sorted(file.execute(query)) for query in TOLD]


def test_a_two_way_look_killed_at_any_moment_loses_and_doubles_nothing_on_either_side(
    book: Book, tmp_path: Path
) -> None:
    origin, calm = tmp_path / "origin", tmp_path / "calm"
    add_account(origin, "carddav", book.url, "Phone")
    assert "40 people added" in program(origin, "sync", "Phone").out
    told_env = environment(origin) | {"DJANGO_SETTINGS_MODULE": "kithbook.config.settings"}
    subprocess.run([sys.executable, "-c", CHANGES_HERE], check=True, env=told_env)
    book.change()
    shutil.copytree(origin, calm)
    answer, length_s = timed(calm, "sync", "Phone")
    assert "26 cards written to the server, 2 cards deleted on the server" in " ".join(answer.out.split())
    cards, people = book.cards(), told(calm)
    assert len(cards) == CARDS + 1 and len(people[0]) == CARDS + 4
    assert {"NOTE:Here\\; 20", "NICKNAME:There", "X-KEEP;A=b:20", "ADR:;;;Graz;;;Austria"} <= set(cards["20.vcf"])
    book.restore()
    at_any_time = kills(origin, tmp_path, ("sync", "Phone"), 3, length_s)
    for home in chain(kills_while_writing(book, origin, tmp_path), at_any_time):
        assert_whole(home)
        later = program(home, "sync", "Phone", env={"KITHBOOK_NOW": LATER})
        assert later.code == 0, later
        assert book.cards() == cards and told(home) == people
        assert count(home, "sync_run", "state = 'running'") == 0
        assert count(home, "sync_item", "state = 'conflict'") == 0
        book.restore()


def kills_while_writing(book: Book, origin: Path, folder: Path) -> Iterator[Path]:
    """Copies of the data folder in which the look was killed once so many cards were written."""
    home, before, rng = folder / "writing", book.cards(), random.Random("cards")
    for _ in range(KILLS * TIMES):
        shutil.copytree(origin, home)
        process, wanted = start(home, "sync", "Phone", stdout=subprocess.DEVNULL), rng.randint(1, 22)
        while process.poll() is None and sum(before.get(name) != now for name, now in book.cards().items()) < wanted:
            time.sleep(0.01)
        process.kill()
        assert process.wait() == -signal.SIGKILL
        yield home
        shutil.rmtree(home)

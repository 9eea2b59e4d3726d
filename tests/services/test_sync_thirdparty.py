"""A third program on the same address book: vdirsyncer between its own folder and the Radicale that Kithbook uses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kithbook.services import accounts, editing
from kithbook.store.models import Owner, Person
from tests.liveservers import PASSWORD, USER, radicale

CONFIG = """
[general]
status_path = "{folder}/status/"
[pair friends]
a = "folder"
b = "server"
collections = ["friends"]
conflict_resolution = "b wins"
[storage folder]
type = "filesystem"
path = "{folder}/cards/"
fileext = ".vcf"
[storage server]
type = "carddav"
url = "{url}"
username = "{user}"
password = "{password}"
"""
BEN = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ben\r\nFN:Ben Ito\r\nN:Ito;Ben;;;\r\nEMAIL:ben@example.org\r\nX-ABOUT:kept\r\n"
    "END:VCARD\r\n"
)


def vdirsyncer(folder: Path, *words: str) -> None:
    program = "from vdirsyncer.cli import app; app()"
    done = subprocess.run(
        [sys.executable, "-c", program, "-c", str(folder / "config"), *words],
        capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "HOME": str(folder)}, input="y\ny\ny\n",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_cards_travel_between_vdirsyncer_and_kithbook_and_back(owner: Owner, tmp_path: Path) -> None:
    pytest.importorskip("vdirsyncer")
    cards = tmp_path / "cards" / "friends"
    cards.mkdir(parents=True)
    with radicale() as server:
        book = server.make("friends", "book")
        (tmp_path / "config").write_text(
            CONFIG.format(folder=tmp_path, url=server.root, user=USER, password=PASSWORD), "utf-8"
        )
        (cards / "ben.vcf").write_text(BEN, "utf-8")
        vdirsyncer(tmp_path, "discover")
        vdirsyncer(tmp_path, "sync")
        view = accounts.add(owner, "carddav", book, USER, PASSWORD)
        accounts.let_write(owner, view.id, on=True)
        assert accounts.run_now(owner, view.id).runs[0].summary == "1 person added."
        assert Person.objects.get().name == "Ben Ito"
        editing.edit(owner, "Ben Ito", note="Met in Graz")
        editing.add(owner, "Dora Novak")
        accounts.put_card(owner, view.id, "Dora Novak")
        assert accounts.run_now(owner, view.id).runs[0].summary == "2 cards written to the server."
        vdirsyncer(tmp_path, "sync")
        texts = {path.name: path.read_text("utf-8") for path in cards.glob("*.vcf")}
        ben = texts["ben.vcf"]
        assert "NOTE:Met in Graz" in ben and "X-ABOUT:kept" in ben and "EMAIL:ben@example.org" in ben
        assert len(texts) == 2 and any("FN:Dora Novak" in text for text in texts.values())
        (cards / "ben.vcf").write_text(ben.replace("Met in Graz", "Met in Linz"), "utf-8")
        vdirsyncer(tmp_path, "sync")
        assert accounts.run_now(owner, view.id).runs[0].summary == "1 person changed."
        assert Person.objects.get(name="Ben Ito").note == "Met in Linz"
        assert accounts.run_now(owner, view.id).runs[0].summary == "Nothing new."

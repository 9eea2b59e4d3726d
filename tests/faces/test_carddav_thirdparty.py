"""vdirsyncer as a device of Kithbook's own address book: both directions, and what both sides changed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.faces.commanding import program
from tests.faces.test_serve import serving
from tests.thirdparty import configure, vdirsyncer

CARDS = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:anna-1\r\nFN:Anna Berger\r\nN:Berger;Anna;;;\r\nEMAIL:anna@example.org\r\n"
    "X-SPIRIT-ANIMAL:otter\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ben-1\r\nFN:Ben Ito\r\nN:Ito;Ben;;;\r\nEMAIL:ben@example.org\r\nEND:VCARD\r\n"
)
DORA = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:dora-1\r\nFN:Dora Novak\r\nN:Novak;Dora;;;\r\nEND:VCARD\r\n"


def texts(folder: Path) -> dict[str, Path]:
    """The files of the folder by the name on the card."""
    found = {path: path.read_text("utf-8") for path in folder.glob("*.vcf")}
    return {re.search(r"FN:([^\r\n]+)", text)[1]: path for path, text in found.items()}  # type: ignore[index]


def note(home: Path, name: str, text: str) -> None:
    assert program(home, "op", "editing", "edit", "--person", name, "--note", text).code == 0


def with_note(path: Path, text: str) -> str:
    lines = [line for line in path.read_text("utf-8").split("\n") if not line.startswith("NOTE")]
    return "\n".join([*lines[:2], f"NOTE:{text}\r" if lines[0].endswith("\r") else f"NOTE:{text}", *lines[2:]])


def test_a_folder_and_kithbook_stay_in_step_through_vdirsyncer(tmp_path: Path) -> None:
    pytest.importorskip("vdirsyncer")
    home, cards = tmp_path / "home", tmp_path / "cards" / "people"
    cards.mkdir(parents=True)
    home.mkdir()
    (home / "cards.vcf").write_text(CARDS, newline="")
    assert program(home, "import", home / "cards.vcf").code == 0
    device = json.loads(program(home, "op", "devices", "add", "--name", "Laptop", "--json").out)
    with serving(home) as (port, _):
        there = (f"http://127.0.0.1:{port}/dav/", device["device"]["user_name"], device["password"])
        configure(tmp_path, *there, name="people")
        vdirsyncer(tmp_path, "discover")
        vdirsyncer(tmp_path, "sync")
        assert set(texts(cards)) == {"Anna Berger", "Ben Ito"}
        # Here to there, there to here, somebody new, somebody taken away: all in one go.
        note(home, "Anna Berger", "Met in Graz")
        ben = texts(cards)["Ben Ito"]
        ben.write_text(with_note(ben, "Sings"), "utf-8", newline="")
        (cards / "dora.vcf").write_text(DORA, "utf-8", newline="")
        vdirsyncer(tmp_path, "sync")
        anna = texts(cards)["Anna Berger"].read_text("utf-8")
        assert "NOTE:Met in Graz" in anna and "X-SPIRIT-ANIMAL:otter" in anna
        assert "Sings" in program(home, "person", "ben@example.org").out
        assert "Dora Novak" in program(home, "person", "Dora").out
        (cards / "dora.vcf").unlink()
        # Both sides change the same card: vdirsyncer is told, and nothing is overwritten until it is decided.
        note(home, "Anna Berger", "From Kithbook")
        path = texts(cards)["Anna Berger"]
        path.write_text(with_note(path, "From the folder"), "utf-8", newline="")
        assert "conflict" in vdirsyncer(tmp_path, "sync", code=1).lower()
        assert "From the folder" in path.read_text("utf-8")
        assert "From Kithbook" in program(home, "person", "anna@example.org").out
        configure(tmp_path, *there, name="people", wins="a")
        vdirsyncer(tmp_path, "sync")
        shown = program(home, "person", "anna@example.org", "--json").out
        assert "From the folder" in shown and "From Kithbook" not in shown
        assert program(home, "op", "trash", "listing", "--json").data["total"] == 1
        vdirsyncer(tmp_path, "sync")
        assert set(texts(cards)) == {"Anna Berger", "Ben Ito"}

"""A third program on the same address book: vdirsyncer between its own folder and the Radicale that Kithbook uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from kithbook.services import accounts, editing
from kithbook.store.models import Owner, Person
from tests.liveservers import PASSWORD, USER, radicale
from tests.thirdparty import configure, vdirsyncer

BEN = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ben\r\nFN:Ben Ito\r\nN:Ito;Ben;;;\r\nEMAIL:ben@example.org\r\nX-ABOUT:kept\r\n"
    "END:VCARD\r\n"
)


def test_cards_travel_between_vdirsyncer_and_kithbook_and_back(owner: Owner, tmp_path: Path) -> None:
    pytest.importorskip("vdirsyncer")
    cards = tmp_path / "cards" / "friends"
    cards.mkdir(parents=True)
    with radicale() as server:
        book = server.make("friends", "book")
        configure(tmp_path, server.root, USER, PASSWORD, name="friends")
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


def test_what_vdirsyncer_and_kithbook_both_changed_waits_and_the_decision_reaches_both(
    owner: Owner, tmp_path: Path
) -> None:
    pytest.importorskip("vdirsyncer")
    cards = tmp_path / "cards" / "friends"
    cards.mkdir(parents=True)
    with radicale() as server:
        book = server.make("friends", "book")
        configure(tmp_path, server.root, USER, PASSWORD, name="friends")
        (cards / "ben.vcf").write_text(BEN, "utf-8")
        vdirsyncer(tmp_path, "discover")
        vdirsyncer(tmp_path, "sync")
        view = accounts.add(owner, "carddav", book, USER, PASSWORD)
        accounts.let_write(owner, view.id, on=True)
        accounts.run_now(owner, view.id)
        editing.edit(owner, "Ben Ito", note="From here")
        (cards / "ben.vcf").write_text(BEN.replace("X-ABOUT", "NOTE:From there\r\nX-ABOUT"), "utf-8")
        vdirsyncer(tmp_path, "sync")
        (conflict,) = accounts.run_now(owner, view.id).conflicts
        assert [(one.mine, one.theirs) for one in conflict.fields] == [("From here", "From there")]
        accounts.resolve(owner, view.id, conflict.id, "mine")
        assert accounts.run_now(owner, view.id).runs[0].summary == "1 card written to the server."
        vdirsyncer(tmp_path, "sync")
        text = (cards / "ben.vcf").read_text("utf-8")
        assert "NOTE:From here" in text and "X-ABOUT:kept" in text and "From there" not in text

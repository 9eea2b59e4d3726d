"""Everything about one person out, and a person erased so that no byte of the database names them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from kithbook.core.errors import NotFound, Refused
from kithbook.core.ids import to_text
from kithbook.services import (
    asks,
    bank,
    batches,
    bulk,
    capturing,
    editing,
    importing,
    introductions,
    ladder,
    merging,
    people,
    privacy,
    promises,
    recording,
    trash,
    weeks,
)
from kithbook.services.views import as_json
from kithbook.store.models import (
    Account,
    CardCopy,
    Event,
    Interaction,
    MergeLog,
    Owner,
    Participant,
    Person,
    Plan,
    Snooze,
    SyncItem,
    TextVector,
    Topic,
)
from tests.faces.commanding import program
from tests.services.factories import ME, person, talk, write_mbox
from tests.services.helpers import key, snapshot

SECRETS = (
    "quendel", "zora", "+43 1 555 77 88", "+4315557788", "wears a yellow hat", "a bookkeeper for the workshop",
    "repairs violins", "quendel & daughters", "plays the theremin",
)  # fmt: skip
"""What must be nowhere afterwards, in small letters."""


def rich(owner: Owner, other: Person) -> Person:
    """Somebody who has left traces in every corner."""
    row = person(owner, "Zora Quendel", place="Graz", note="She wears a yellow hat.", importance=5, liking=5)
    who = key(row)
    talk(owner, row, 400, 200, 150, 100, 60)
    editing.add_identity(owner, who, "zora@example.org")
    editing.add_identity(owner, who, "+43 1 555 77 88")
    editing.add_job(owner, who, "Quendel & Daughters", "founder")
    editing.tag(owner, who, "violins")
    editing.note_topic(owner, who, "need", "a bookkeeper for the workshop")
    editing.note_topic(owner, who, "offer", "repairs violins")
    bank.gave(owner, who, "advice", others=[key(other)], note="dinner with Zora Quendel")
    bank.gave(owner, who, "item", note="a book; Zora Quendel plays the theremin")
    promises.add(owner, who, "send Zora the plans")
    asks.record(owner, who, 2, text="ask whether she plays the theremin")
    ladder.place(owner, who, 4, why="plays the theremin")
    capturing.log(owner, "coffee with Zora Quendel, who plays the theremin", choices={"Zora Quendel": who})
    recording.record_interaction(owner, [row, other], "meeting", title="Quendel, Zora and Bruno", minutes=60)
    introductions.add(owner, key(other), who, purpose="Bruno helps Zora Quendel")
    twin = person(owner, "Z. Quendel")
    merging.merge(owner, who, key(twin))
    bulk.change(owner, [who, key(other)], importance=4)
    Snooze.objects.create(
        owner=owner, person=row, until_on=dt.date(2027, 1, 1), why="Zora travels", made_at=row.created_at
    )
    CardCopy.objects.create(owner=owner, person=row, source="vcard", external_key=5, lines=["FN:Zora Quendel"])
    account = Account.objects.create(
        owner=owner, kind="carddav", name="home", url="https://x.example", created_at=row.created_at
    )
    SyncItem.objects.create(owner=owner, account=account, person=row, href="/1.vcf", lines=["TEL:+43 1 555 77 88"])
    TextVector.objects.create(owner=owner, model="m", text_key=7, value=b"\0")
    Event.objects.create(owner=owner, name="Dinner at Zora  Quendel’s")
    editing.edit(owner, key(other), note="Met through ZORA QUENDEL in 2019; her mail is zora@example.org.")
    editing.note_topic(owner, key(other), "fact", "married to Zora Quendel")
    weeks.week(owner)
    return Person.objects.get(pk=row.pk)


def everything() -> list[tuple[str, str]]:
    """Every text and blob of every column of every table, in small letters, as it stands in the database."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for name, value in zip(columns, row, strict=True):
                    if isinstance(value, bytes | memoryview):
                        value = bytes(value).decode("latin-1")
                    if isinstance(value, dict | list):
                        value = json.dumps(value)
                    found.append((f"{table}.{name}", str(value).encode().decode("unicode_escape", "ignore").casefold()))
                    found.append((f"{table}.{name}", str(value).casefold()))
    return found


def traces(*secrets: str) -> list[tuple[str, str]]:
    return [(place, text) for place, text in everything() if any(secret in text for secret in secrets)]


def test_nothing_in_the_database_names_somebody_who_was_erased(owner: Owner) -> None:
    other = person(owner, "Bruno Costa")
    row = rich(owner, other)
    ids = (str(row.pk), to_text(row.pk))
    assert all(traces(secret) for secret in SECRETS)
    goes = privacy.what_goes(owner, key(row))
    counts = {item.what: item.count for item in goes.goes}
    assert counts["addresses and numbers"] == 2
    assert counts["exchanges with nobody else"] == 6
    assert counts["entries of the bank"] == 1
    assert goes.shared_exchanges == 1
    assert goes.mentions >= 3
    erased = privacy.erase(owner, key(row), sure=True)
    assert erased.mentions == goes.mentions
    assert traces(*SECRETS) == []
    assert traces(*ids) == []
    assert people.show(owner, key(other)).note == "Met through someone in 2019; her mail is someone."
    assert Event.objects.of(owner).get().name == "Dinner at someone’s"
    assert Interaction.objects.of(owner).count() == 1
    assert Participant.objects.of(owner).get().person_id == other.pk


def test_everything_else_stays_and_can_be_taken_back(owner: Owner) -> None:
    other = person(owner, "Bruno Costa")
    row = rich(owner, other)
    privacy.erase(owner, key(row), sure=True)
    assert people.show(owner, "Bruno").importance == 4
    view = next(item for item in batches.listing(owner) if item.kind == "bulk")
    batches.undo(owner, view.id)
    assert people.show(owner, "Bruno").importance is None
    for item in batches.listing(owner):
        if item.state == "done":
            batches.undo(owner, item.id)
    assert people.show(owner, "Bruno").name == "Bruno Costa"
    assert weeks.week(owner).touches == []


def test_it_asks_first_and_says_what_goes(owner: Owner) -> None:
    row = rich(owner, person(owner, "Bruno Costa"))
    before = snapshot(owner)
    with pytest.raises(Refused, match=r"Erasing Zora Quendel is final.* 2 addresses and numbers"):
        privacy.erase(owner, key(row))
    privacy.what_goes(owner, key(row))
    assert snapshot(owner) == before


def test_names_that_others_have_as_well_stay(owner: Owner) -> None:
    first = person(owner, "Anna Berger")
    twin = person(owner, "Anna Berger", note="Anna Berger the younger")
    single = person(owner, "Will")
    person(owner, "Bruno Costa", note="He will call Will, and Anna Berger.")
    privacy.erase(owner, key(first), sure=True)
    privacy.erase(owner, key(single), sure=True)
    assert people.show(owner, key(twin)).note == "Anna Berger the younger"
    assert people.show(owner, "Bruno").note == "He will call someone, and Anna Berger."


def test_texts_with_letters_beyond_ascii_are_found(owner: Owner) -> None:
    row = person(owner, "Jörg Çelik")
    other = person(owner, "Bruno Costa", note="JÖRG ÇELIK’s friend")
    CardCopy.objects.create(owner=owner, person=other, source="vcard", external_key=5, lines=["NOTE:with Jörg Çelik"])
    privacy.erase(owner, key(row), sure=True)
    assert people.show(owner, key(other)).note == "someone’s friend"
    assert CardCopy.objects.get().lines == ["NOTE:with someone"]


def test_a_strangers_people_are_not_touched(owner: Owner, stranger: Owner) -> None:
    row = rich(owner, person(owner, "Bruno Costa"))
    theirs = person(stranger, "Zora Quendel", note="zora@example.org")
    with pytest.raises(NotFound):
        privacy.export(stranger, key(row))
    with pytest.raises(NotFound):
        privacy.erase(stranger, key(row), sure=True)
    privacy.erase(owner, key(row), sure=True)
    assert people.show(stranger, key(theirs)).note == "zora@example.org"


def test_an_import_brings_nobody_back_who_is_kept_out(owner: Owner, tmp_path: Path) -> None:
    path = write_mbox(tmp_path)
    importing.run(owner, [path], me=[ME])
    privacy.erase(owner, "Anna Berger", sure=True, keep_out=True)
    report = importing.run(owner, [path])
    assert report.skipped["somebody you erased"] == 1
    assert people.search(owner, "Anna").total == 0
    card = tmp_path / "card.vcf"
    card.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Anna Berger\nEMAIL:Anna@example.org\nEND:VCARD\n")
    assert importing.run(owner, [card]).skipped == {"somebody you erased": 1}
    assert traces("anna") == []
    privacy.let_back(owner, "anna@example.org")
    assert importing.run(owner, [card]).people_added == 1
    with pytest.raises(Refused):
        privacy.let_back(owner, "anna@example.org")


def test_without_that_an_import_brings_them_back(owner: Owner, tmp_path: Path) -> None:
    path = write_mbox(tmp_path)
    importing.run(owner, [path], me=[ME])
    privacy.erase(owner, "Anna Berger", sure=True)
    importing.run(owner, [path])
    assert people.search(owner, "Anna").total == 1


def test_somebody_added_again_by_hand_is_imported_again(owner: Owner, tmp_path: Path) -> None:
    path = write_mbox(tmp_path)
    importing.run(owner, [path], me=[ME])
    privacy.erase(owner, "Anna Berger", sure=True, keep_out=True)
    editing.add(owner, "Anna Berger", "anna@example.org")
    importing.run(owner, [path])
    assert people.show(owner, "Anna").interactions_total == 1


def test_the_export_of_a_person_has_every_row_that_names_them(owner: Owner) -> None:
    other = person(owner, "Bruno Costa")
    row = rich(owner, other)
    found: dict[str, Any] = as_json(privacy.export(owner, "Zora Quendel"))
    text = json.dumps(found, ensure_ascii=False)
    assert (found["format"], found["version"]) == ("kithbook-person", 1)
    for secret in SECRETS:
        assert secret in text.casefold()
    assert found["names"][to_text(other.pk)] == "Bruno Costa"
    assert "FN:Zora Quendel" in found["vcard"]
    assert "married to" not in text, "what is noted about others is theirs"
    named = {
        model._meta.db_table.removeprefix("kith_")
        for model in apps.get_app_config("store").get_models()
        for column in model._meta.concrete_fields
        if column.related_model is Person
        and model._meta.db_table not in ("kith_tie", "kith_person")
        and model._default_manager.filter(**{column.attname: row.pk}).exists()
    }
    assert named <= set(found["tables"])
    assert {"interaction", "ledger_entry"} <= set(found["tables"])
    assert len(found["tables"]["interaction"]) == 7


FORGOTTEN = ("Quendel", "Zora", "zora@example.org", "yellow hat", "5557788", "theremin")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about the bytes of SQLite's file")
def test_the_bytes_of_the_file_do_not_hold_them_either(db: None, tmp_path: Path) -> None:
    """Freed pages, the write-ahead log and everything else in the data folder."""
    home = tmp_path / "home"

    def kith(*words: object) -> str:
        answer = program(home, *words)
        assert answer.code == 0, answer
        return answer.out

    kith("op", "editing", "add", "--name", "Zora Quendel", "--email", "zora@example.org", "--phone", "+4315557788",
         "--note", "She wears a yellow hat." * 400)  # fmt: skip
    kith("met", "Bruno Costa")
    kith("log", "coffee with Zora Quendel, she plays the theremin")
    kith("op", "editing", "edit", "--person", "Zora Quendel", "--note", "A yellow hat, a theremin")
    kith("week")

    def there(word: str) -> list[str]:
        files = [path for path in home.rglob("*") if path.is_file()]
        return [path.name for path in files if word.encode().lower() in path.read_bytes().lower()]

    assert all(there(word) for word in FORGOTTEN)
    answer = kith("op", "privacy", "erase", "--person", "Zora Quendel", "--sure", "--keep-out", "--json")
    assert json.loads(answer)["is_wiped"] is True
    assert [(word, there(word)) for word in FORGOTTEN if there(word)] == []
    assert "Bruno Costa" in kith("people")


def test_somebody_in_the_trash_is_erased_as_completely(owner: Owner) -> None:
    row = rich(owner, person(owner, "Bruno Costa"))
    trash.put_in(owner, key(row))
    trash.empty(owner, sure=True)
    assert traces(*SECRETS) == []
    assert not MergeLog.objects.exists()
    assert not Topic.objects.of(owner).filter(text__contains="Zora").exists()
    assert not Plan.objects.of(owner).exists()

"""Everything out: every row, the same text each time, for the owner's eyes only, whole or not there."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from kithbook.core.cardfields import card_from_lines
from kithbook.core.cards import logical_lines
from kithbook.core.errors import Invalid, Unavailable
from kithbook.core.ids import is_id
from kithbook.services import capturing, editing, exporting, importing, owners, touches, weeks
from kithbook.sources.kithbookfile import FILES
from kithbook.store.bulk import Inserter
from kithbook.store.ids import IdRun
from kithbook.store.models import CardCopy, Owner, Person
from tests.services.factories import person, talk
from tests.services.helpers import circle, key

CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:abc-1\r\nFN:Anna Berger\r\nN:Berger;Anna;;;\r\nX-SHOE-SIZE;TYPE=eu:39\r\n"
    "item1.EMAIL;TYPE=home:anna@example.org\r\nitem1.X-ABLabel:cottage\r\nTEL;TYPE=cell:+43 664 1234567\r\n"
    "CATEGORIES:chess\r\nNOTE:Plays\\, reads\r\nEND:VCARD\r\n"
)


def export(owner: Owner, folder: Path, format: str = "json") -> str:
    exporting.export(owner, folder, format)
    with (folder / FILES[format]).open(encoding="utf-8", newline="") as file:
        return file.read()


def cards(text: str) -> list[list[str]]:
    assert text.startswith("BEGIN:VCARD\r\n") or not text
    plain = text.replace("\r\n", "\n")
    return [logical_lines(part.encode()) for part in plain.split("BEGIN:VCARD\n")[1:]]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def from_card(owner: Owner, folder: Path, text: str = CARD) -> None:
    path = folder / "in.vcf"
    path.write_text(text, "utf-8", newline="")
    importing.run(owner, [path])


def test_json_is_the_same_each_time(village: Owner, tmp_path: Path) -> None:
    assert export(village, tmp_path / "a") == export(village, tmp_path / "b")


def test_json_holds_every_owned_table_and_every_row(village: Owner, tmp_path: Path) -> None:
    touches.done(village, weeks.week(village).touches[0].id)
    found = json.loads(export(village, tmp_path))
    tables: dict[str, list[dict[str, Any]]] = found["tables"]
    expected = {m._meta.db_table.removeprefix("kith_"): m for m in apps.get_app_config("store").get_models()}
    for derived in (*exporting.LEFT_OUT, Owner):
        del expected[derived._meta.db_table.removeprefix("kith_")]
    assert set(tables) == set(expected)
    for name, model in expected.items():
        stored = model._default_manager.filter(owner_id=village.pk)
        if name == "touch":
            stored = stored.exclude(state="open")
        assert len(tables[name]) == stored.count(), name
        columns = {field.column for field in model._meta.concrete_fields} - {"owner_id"}
        assert all(set(row) == columns for row in tables[name]), name
    assert found["owner"]["name"] == "Robin Vale"
    assert sum(map(len, tables.values())) > 1_000


def test_ids_leave_as_text_and_lead_to_rows(village: Owner, tmp_path: Path) -> None:
    tables = json.loads(export(village, tmp_path))["tables"]
    people = {row["id"] for row in tables["person"]}
    assert all(map(is_id, people))
    assert {row["person_id"] for row in tables["participant"]} <= people
    for name, listed in tables.items():
        for row in listed:
            for column, value in row.items():
                assert not isinstance(value, int) or isinstance(value, bool) or abs(value) < 2**53, (name, column)


def test_what_is_shared_by_nobody_is_not_in_the_export(owner: Owner, stranger: Owner, tmp_path: Path) -> None:
    for who, name in ((owner, "Anna Berger"), (stranger, "Bruno Costa")):
        row = person(who, name)
        talk(who, row, 10)
        editing.add_identity(who, key(row), f"{name.split()[0]}@example.org")
    for format in FILES:
        text = export(owner, tmp_path / "mine", format)
        assert "Anna" in text
        assert "Bruno" not in text
        assert "Anna" not in export(stranger, tmp_path / "theirs", format)


@pytest.mark.parametrize("format", FILES)
def test_an_owner_with_nobody_gets_a_valid_file(owner: Owner, tmp_path: Path, format: str) -> None:
    text = export(owner, tmp_path, format)
    if format == "json":
        assert json.loads(text)["tables"]["person"] == []
    elif format == "csv":
        assert (rows(text), text.startswith("id,name,")) == ([], True)
    else:
        assert text == ""


def test_a_thousand_people_leave_in_all_forms(owner: Owner, tmp_path: Path) -> None:
    ids = IdRun()
    made = [(ids.next(), owner.pk, f"Person, {n}; “x”\\", f"person {n:04}", 0) for n in range(1_000)]
    Inserter(Person, ("id", "owner", "name", "folded_name", "created_at")).insert(made)
    assert len(json.loads(export(owner, tmp_path))["tables"]["person"]) == 1_000
    found = cards(export(owner, tmp_path, "vcard"))
    assert [card_from_lines(lines).name for lines in found] == [name for _, _, name, _, _ in made]
    assert [row["name"] for row in rows(export(owner, tmp_path, "csv"))] == [name for _, _, name, _, _ in made]


def test_a_vcard_goes_out_with_every_line_it_came_with(owner: Owner, tmp_path: Path) -> None:
    from_card(owner, tmp_path)
    out = cards(export(owner, tmp_path, "vcard"))
    assert len(out) == 1
    assert set(cards(CARD)[0]) <= set(out[0])
    assert len(out[0]) == len(cards(CARD)[0])


def test_what_was_added_since_is_added_to_the_card(owner: Owner, tmp_path: Path) -> None:
    from_card(owner, tmp_path)
    editing.add_identity(owner, "Anna", "a@example.org")
    editing.add_identity(owner, "Anna", "+43 664 7654321")
    editing.add_job(owner, "Anna", "Maps, Inc.", "Surveyor")
    editing.tag(owner, "Anna", "fin;tech")
    card = card_from_lines(cards(export(owner, tmp_path, "vcard"))[0])
    assert {handle.value for handle in card.handles if handle.kind == "email"} == {"anna@example.org", "a@example.org"}
    assert len([handle for handle in card.handles if handle.kind == "phone"]) == 2
    assert [(job.organisation, job.role) for job in card.jobs] == [("Maps, Inc.", "Surveyor")]
    assert set(card.tags) == {"chess", "fin;tech"}


def test_an_address_taken_away_does_not_leave_with_the_stored_card(owner: Owner, tmp_path: Path) -> None:
    from_card(owner, tmp_path)
    editing.remove_identity(owner, "Anna Berger", "anna@example.org")
    (lines,) = cards(export(owner, tmp_path, "vcard"))
    assert not any("anna@example.org" in line for line in lines)
    assert "X-SHOE-SIZE;TYPE=eu:39" in lines


def test_what_the_owner_wrote_anew_replaces_the_cards_words(owner: Owner, tmp_path: Path) -> None:
    from_card(owner, tmp_path)
    editing.edit(owner, "Anna", name="Anna Huber", note="Line one\nline; two")
    lines = cards(export(owner, tmp_path, "vcard"))[0]
    card = card_from_lines(lines)
    assert (card.name, card.family_name, card.note) == ("Anna Huber", "Huber", "Line one\nline; two")
    assert sum(line.startswith("FN") for line in lines) == 1
    assert "X-SHOE-SIZE;TYPE=eu:39" in lines


def test_what_went_out_comes_back_in_for_somebody_else(owner: Owner, stranger: Owner, tmp_path: Path) -> None:
    from_card(owner, tmp_path)
    editing.tag(owner, "Anna", "fintech")
    export(owner, tmp_path, "vcard")
    report = importing.run(stranger, [tmp_path / "kithbook.vcf"])
    assert (report.records, report.people_added, report.problems) == (1, 1, [])
    first, second = (list(cards(export(who, tmp_path / who.user_name, "vcard"))[0]) for who in (owner, stranger))
    assert sorted(first) == sorted(second)
    assert CardCopy.objects.of(stranger).count() == 1


@pytest.mark.parametrize("name", ["=1+1", "+43", "-x", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_no_cell_begins_like_a_formula(owner: Owner, tmp_path: Path, name: str) -> None:
    row = person(owner, f"{name} Anna")
    editing.tag(owner, key(row), name)
    editing.add_job(owner, key(row), name, name)
    cells = rows(export(owner, tmp_path, "csv"))[0]
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for cell in cells.values() if not cell.isnumeric())
    assert cells["name"] == f"'{name} Anna"
    assert cells["organisation"] == f"'{name}"


def test_people_let_go_leave_with_the_others_and_the_trash_does_not(owner: Owner, tmp_path: Path) -> None:
    for name in ("Anna Berger", "Bruno Costa", "Carla Diaz"):
        person(owner, name)
    editing.archive(owner, "Bruno")
    editing.trash(owner, "Carla")
    for format in ("csv", "vcard"):
        text = export(owner, tmp_path, format)
        assert "Bruno" in text
        assert "Carla" not in text
    assert "Carla" in export(owner, tmp_path)


def test_reading_a_week_leaves_the_export_as_it_was(owner: Owner, tmp_path: Path) -> None:
    circle(owner, 4)
    before = export(owner, tmp_path)
    weeks.week(owner)
    assert export(owner, tmp_path) == before


@pytest.mark.parametrize("format", FILES)
def test_files_are_for_the_owners_eyes_only(owner: Owner, tmp_path: Path, format: str) -> None:
    folder = tmp_path / "new" / "deep"
    export(owner, folder, format)
    assert stat.S_IMODE((folder / FILES[format]).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0
    assert [path.name for path in folder.iterdir()] == [FILES[format]]


def test_an_export_replaces_the_one_before(owner: Owner, tmp_path: Path) -> None:
    before = export(owner, tmp_path)
    person(owner, "Anna Berger")
    assert export(owner, tmp_path) != before
    owners.change_settings(owner, name="Alice")
    assert json.loads(export(owner, tmp_path))["owner"]["name"] == "Alice"


@pytest.mark.parametrize("format", FILES)
def test_an_export_that_fails_leaves_the_one_before_and_no_draft(
    owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    person(owner, "Anna Berger")
    before = export(owner, tmp_path, format)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("_rows", "card_texts", "rows_of"):
        monkeypatch.setattr(exporting, name, fail)
    with pytest.raises(Unavailable, match="No space left"):
        exporting.export(owner, tmp_path, format)
    assert [path.name for path in tmp_path.iterdir()] == [FILES[format]]
    assert (tmp_path / FILES[format]).read_bytes().decode() == before


def test_a_folder_that_is_a_file_is_refused(owner: Owner, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    for folder in (path, path / "inside"):
        with pytest.raises(Unavailable) as caught:
            exporting.export(owner, folder)
        assert caught.value.hint
    assert path.read_bytes() == b""


def test_an_unknown_form_is_refused(owner: Owner, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        exporting.export(owner, tmp_path / "x", "xml")
    assert "json, vcard, csv" in caught.value.hint
    assert not (tmp_path / "x").exists()


def test_a_sentence_with_every_sign_survives(owner: Owner, tmp_path: Path) -> None:
    person(owner, "Zoë \u2028 “Q” O'Neil")
    text = 'call with Zoë today, she is looking for "a < b" & \t𝔘nicode 😀'
    capturing.log(owner, text)
    found = json.loads(export(owner, tmp_path))
    assert [row["title"] for row in found["tables"]["batch"]] == [text]


def test_every_exported_table_is_owned() -> None:
    for model in exporting.exported_tables():
        assert isinstance(model._meta.get_field("owner"), models.ForeignKey)

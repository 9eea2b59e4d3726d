"""Every command in words and as JSON; the names of the JSON are the public contract's."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from kithbook.store.models import Interaction, Owner, Person
from tests.faces.commanding import Run, assert_plain, assert_refused, program
from tests.services.factories import write_mbox

IMPORT = {
    "batch", "files", "records", "people_added", "people_matched", "interactions_added", "interactions_known",
    "skipped", "problems", "seconds",
}  # fmt: skip
PERSON = {
    "id", "name", "stage", "warmth", "state", "balance", "last_contact_on", "identities", "affiliations", "tags",
    "tweener", "open_loops",
}  # fmt: skip
PERSON_PAGE = PERSON | {
    "interactions", "ledger", "stage_events", "promises", "topics", "asks", "introductions", "why",
}  # fmt: skip
TOUCH = {"id", "person", "kind", "channel", "minutes", "why", "idea", "due_on", "value"}
KINDS = {"obligation", "new", "giving", "investment", "reconnect"}
WEEK = {
    "week_of", "minutes_budget", "minutes_planned", "proven_optimal", "touches", "left_out", "by_stage", "by_objective",
}  # fmt: skip
STATES = {"alive", "cooling", "cold", "dormant"}
ME = ("--me", "me@example.org")
ID = re.compile(r"[0-9a-hjkmnp-tv-z]{13}\Z")


def assert_touch(touch: dict[str, Any]) -> None:
    assert set(touch) >= TOUCH
    assert set(touch["person"]) >= {"id", "name", "stage"}
    assert touch["kind"] in KINDS
    assert touch["why"]
    assert ID.match(touch["id"])


def names(kith: Run, *words: str) -> list[str]:
    return [person["name"] for person in kith("people", "--json", *words).data["people"]]


def test_importing_in_words_says_what_was_added_and_how_to_take_it_back(kith: Run, tmp_path: Path) -> None:
    answer = kith("import", write_mbox(tmp_path), *ME)
    assert (answer.code, answer.err) == (0, "")
    assert "Imported 4 records from 1 file (mbox)" in answer.out
    assert re.search(r"3  people added\n +3  interactions added\n +1  left out: automatic mail\n", answer.out)
    batch = re.search(r"kith import undo (\w+)", answer.out)
    assert batch
    assert "mail.mbox  3 people, 3 interactions" in kith("import", "list").out
    undone = kith("import", "undo", batch[1][:6])
    assert undone.out == "Taken back: 3 people and 3 interactions removed.\n"
    assert "undone" in kith("import", "list").out
    assert_refused(kith("import", "undo", batch[1]), "taken back already")
    assert kith("people").out == "Nobody fits.\n"


def test_importing_as_json_has_the_names_of_the_contract(kith: Run, tmp_path: Path) -> None:
    path = write_mbox(tmp_path)
    dry = kith("import", path, *ME, "--dry-run", "--json").data
    assert (dry["batch"], dry["interactions_added"], names(kith)) == (None, 3, [])
    report = kith("import", path, *ME, "--json").data
    assert set(report) >= IMPORT
    assert ID.match(report["batch"])
    assert report["files"] == [{"path": str(path), "kind": "mbox"}]
    assert report["skipped"] == {"automatic mail": 1}
    again = kith("import", path, "--json").data
    assert (again["interactions_added"], again["interactions_known"], again["people_added"]) == (0, 3, 0)
    first = next(row for row in kith("import", "list", "--json").data if row["id"] == report["batch"])
    assert (first["state"], first["interactions_added"]) == ("done", 3)
    undone = kith("import", "undo", report["batch"], "--json").data
    assert (undone["batch"], undone["interactions_removed"]) == (report["batch"], 3)


def test_problems_are_listed_with_where_and_what(kith: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.mbox"
    write_mbox(tmp_path).rename(path)
    path.write_bytes(path.read_bytes()[:-60])
    [problem] = kith("import", path, *ME, "--dry-run", "--json").data["problems"]
    assert set(problem) == {"where", "what"}
    words = " ".join(kith("import", path, *ME, "--dry-run").out.split())
    assert f"1 could not be read: {problem['where']}: {problem['what']}" in words


def test_imports_and_undo_say_what_is_missing(kith: Run) -> None:
    assert kith("import", "list").out == "Nothing.\n"
    assert kith("import", "list", "--json").data == []
    assert_refused(kith("import", "undo"), "Which batch")
    assert_refused(kith("import", "undo", "zzz"), "There is no batch zzz.")
    assert_refused(kith("log", "undo"), "Which batch")


def test_a_file_called_list_or_undo_can_be_imported(kith: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_mbox(tmp_path).rename(tmp_path / "list")
    monkeypatch.chdir(tmp_path)
    assert kith("import", "list", *ME, "--json").data["interactions_added"] == 3
    (tmp_path / "list").rename(tmp_path / "undo")
    assert kith("import", "undo", *ME, "--json").data["interactions_known"] == 3


def test_meeting_someone_starts_24_7_30(kith: Run) -> None:
    words = ("met", "Anna Berger", "--at", "Design fair", "--interests", "jazz, tea", "--needs", "a printer")
    answer = kith(*words, "--goals", "a studio", "--on", "2026-11-20")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("Anna Berger\nRecognise · ")
    page = kith("person", "anna", "--json").data
    assert set(page) >= PERSON_PAGE
    assert {(topic["kind"], topic["text"]) for topic in page["topics"]} == {
        ("interest", "jazz"), ("interest", "tea"), ("need", "a printer"), ("goal", "a studio"),
    }  # fmt: skip
    assert (page["met_on"], page["met_where"]) == ("2026-11-20", "Design fair")
    assert page["open_loops"]
    assert "Design fair" in kith("person", "Anna Berger").out
    through = kith("met", "Bo Lind", "--through", "anna", "--json").data
    assert set(through) >= PERSON_PAGE


def test_a_sentence_is_shown_written_down_and_taken_back(kith: Run) -> None:
    kith("met", "Anna Berger", "--on", "2026-11-01")
    sentence = "coffee with Anna Berger yesterday 45m, promised her the notes by Friday"
    before = Interaction.objects.count()
    dry = kith("log", "--dry-run", sentence)
    assert dry.out.startswith("Understood:\n")
    assert Interaction.objects.count() == before
    shown = kith("log", "--dry-run", "--json", sentence).data
    assert (shown["channel"], shown["minutes"], shown["on"], shown["batch"]) == ("meeting", 45, "2026-11-20", None)
    done = kith("log", sentence)
    assert done.out.startswith("Written down:\n")
    assert Interaction.objects.count() == before + 1
    batch = re.search(r"kith log undo (\w+)", done.out)
    assert batch
    assert "notes" in kith("person", "anna").out
    assert kith("log", "undo", batch[1]).code == 0
    assert Interaction.objects.count() == before
    written = kith("log", "--json", *sentence.split()).data
    assert [person["name"] for person in written["people"]] == ["Anna Berger"]
    assert ID.match(written["batch"])
    assert kith("log", "undo", written["batch"], "--json").data["interactions_removed"] == 1


def test_a_name_that_fits_two_lists_both_and_writes_nothing(kith: Run) -> None:
    ids = {
        name: kith("met", name, "--on", "2026-11-01", "--json").data["id"] for name in ("Anna Berger", "Anna Lindqvist")
    }
    before = Interaction.objects.count()
    for words in (("person", "Anna"), ("gave", "Anna", "advice"), ("log", "coffee with Anna")):
        answer = kith(*words)
        assert_refused(answer, *ids, *ids.values())
        error = kith(*words, "--json").error
        assert error["kind"] == "conflict"
        assert {person["id"] for person in error["candidates"]} == set(ids.values())
    assert Interaction.objects.count() == before
    chosen = kith("log", "coffee with Anna", "--who", f"Anna={ids['Anna Berger']}", "--json").data
    assert [person["name"] for person in chosen["people"]] == ["Anna Berger"]
    assert kith("log", "coffee with Anna", "--who", "anna=Anna Lindqvist", "--json").data["batch"]
    assert kith("log", "coffee with Anna", "--who", "Anna=new", "--json").data["new_people"] == ["Anna"]
    assert_refused(kith("log", "coffee with Anna", "--who", "Anna"), "does not say who is meant")


def test_the_sentence_of_the_contract_works_in_an_empty_home(kith: Run) -> None:
    text = "coffee with Frank yesterday 45m, promised intro to Dana by Friday, he is looking for fintech roles"
    done = kith("log", text)
    assert (done.code, done.err) == (0, "")
    assert "New: Frank, Dana" in done.out
    assert sorted(names(kith)) == ["Dana", "Frank"]
    assert kith("log", "undo", done.out.split()[-1]).code == 0
    assert names(kith) == []
    assert kith("log", text, "--json").data["new_people"] == ["Frank", "Dana"]


def test_a_name_like_a_known_one_is_asked_about_and_can_be_new(kith: Run) -> None:
    assert kith("log", "coffee with Frank Okafor yesterday").code == 0
    assert_refused(kith("log", "coffee with Frank Weber yesterday"), "or Frank Okafor", "--who “Frank Weber=new”")
    assert kith("log", "coffee with Frank Weber yesterday", "--who", "Frank Weber=new").code == 0
    assert sorted(names(kith)) == ["Frank Okafor", "Frank Weber"]


def test_the_week_in_words_and_as_json(kith: Run, village: Owner) -> None:
    week = kith("week", "--json").data
    assert set(week) >= WEEK
    assert week["week_of"] == "2026-11-16"
    assert week["minutes_planned"] <= week["minutes_budget"]
    for touch in week["touches"]:
        assert_touch(touch)
    for item in week["left_out"]:
        assert set(item) == {"person", "why"}
        assert item["why"]
    words = kith("week")
    assert (words.code, words.err) == (0, "")
    assert words.out.startswith("Week of Monday 16 November 2026 · ")
    for touch in week["touches"]:
        assert f"{touch['number']:>3}  " in words.out
        assert touch["person"]["name"] in words.out
    smaller = kith("week", "--minutes", "30", "--json").data
    assert (smaller["minutes_budget"], smaller["minutes_planned"] <= 30) == (30, True)
    assert kith("week", "--json").data["touches"] == smaller["touches"]
    assert all(kith("skip", touch["id"]).code == 0 for touch in smaller["touches"][:1])


def test_touches_are_done_put_off_and_skipped(kith: Run, village: Owner) -> None:
    touches = kith("week", "--json").data["touches"]
    first, second, third, fourth = touches[:4]
    label = _label(kith, first)
    assert kith("done", first["number"], "--minutes", "20").out == (
        f"Done: {first['person']['name']}, {label}, 20 min.\n"
    )
    assert_refused(kith("done", first["id"]), "done already")
    put_off = kith("snooze", second["id"], "--days", "3", "--json").data
    assert_touch(put_off)
    assert put_off["state"] == "snoozed"
    assert kith("skip", third["id"][:8]).out.startswith(f"Not this week: {third['person']['name']}")
    done = kith("done", fourth["id"], "--json").data
    assert (done["state"], done["minutes"]) == ("done", fourth["minutes"])
    week = kith("week", "--json").data
    assert {touch["id"] for touch in week["done"]} == {first["id"], fourth["id"]}
    assert not {second["id"], third["id"]} & {touch["id"] for touch in week["touches"]}
    today = kith("today", "--json").data
    assert today["minutes_done"] == week["minutes_done"] == 20 + fourth["minutes"]
    for touch in today["touches"]:
        assert_touch(touch)
    words = kith("today")
    assert words.out.startswith(f"Saturday 21 November 2026 · {20 + fourth['minutes']} of ")
    assert first["person"]["name"] in kith("week").out


def _label(kith: Run, touch: dict[str, Any]) -> str:
    line = next(line for line in kith("week").out.splitlines() if touch["person"]["name"] in line)
    return line.split(" · ")[1]


def test_people_are_found_filtered_sorted_and_paged(kith: Run, village: Owner) -> None:
    page = kith("people", "--limit", "7", "--offset", "3", "--sort", "name", "--json").data
    assert (page["offset"], page["limit"], len(page["people"])) == (3, 7, 7)
    for person in page["people"]:
        assert set(person) >= PERSON
        assert person["state"] in STATES
        assert 0 <= person["warmth"] <= 1
        assert 1 <= person["stage"] <= 7
    listed = kith("people", "--limit", "7", "--offset", "3", "--sort", "name")
    assert f"4–10 of {page['total']:,}; the next with --offset 10." in listed.out
    assert all(person["id"] in listed.out for person in page["people"])
    last = kith("people", "--limit", "500", "--offset", page["total"] - 1)
    assert "the next" not in last.out
    everybody = {state: kith("people", "--state", state, "--json").data["total"] for state in STATES}
    assert sum(everybody.values()) == page["total"]
    assert all(p["stage"] == 4 for p in kith("people", "--stage", "4", "--json").data["people"])
    assert all(p["tweener"] for p in kith("people", "--tweeners", "--json").data["people"])
    found = kith("people", "anna", "berger", "--json").data
    assert [person["name"] for person in found["people"]] == ["Anna Berger"]


def test_a_person_is_found_by_name_part_mail_and_id(kith: Run, village: Owner) -> None:
    page = kith("person", "Anna Berger", "--json").data
    assert set(page) >= PERSON_PAGE
    address = next(identity["value"] for identity in page["identities"] if identity["kind"] == "email")
    for who in (page["id"], address, "berger", "anna BERGER"):
        assert kith("person", who, "--json").data["id"] == page["id"]
    words = kith("person", "Anna", "Berger")
    for part in ("Anna Berger\n", "Support · ", address, "\nLast exchanges\n", f"id {page['id']}"):
        assert part in words.out
    assert all(len(line) <= 100 for line in words.out.splitlines()), words.out


def test_the_bank_is_written_in_both_directions(kith: Run) -> None:
    kith("met", "Anna Berger")
    assert re.fullmatch(r"Noted: gave .*, size \d, 21 Nov 2026\.\n", kith("gave", "anna", "advice").out)
    got = kith("got", "anna", "referral", "--size", "4", "--note", "told Bo", "--json").data
    assert {
        "direction": "got",
        "kind": "referral",
        "size": 4,
        "note": "told Bo",
        "on": "2026-11-21",
    }.items() <= got.items()
    page = kith("person", "anna", "--json").data
    assert {entry["direction"] for entry in page["ledger"]} == {"gave", "got"}
    assert "told Bo" in kith("person", "anna").out
    assert_refused(kith("gave", "anna", "banana"), "“banana” is not a kind of entry.", "advice")
    assert_refused(kith("got", "nobody", "advice"), "nobody called “nobody”")


def test_everything_can_be_exported(kith: Run, tmp_path: Path) -> None:
    kith("met", "=Anna Berger", "--at", "Fair")
    folder = tmp_path / "out" / "deep"
    assert kith("export", folder).out == f"Wrote {len(_rows(folder))} rows to {folder / 'kithbook.json'}.\n"
    assert kith("export", folder, "--format", "vcard", "--json").data.keys() == {"message", "batch"}
    assert "Berger" in (folder / "kithbook.vcf").read_text("utf-8")
    kith("export", folder, "--format", "csv")
    with (folder / "people.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["name"].endswith("Anna Berger")
    assert not row["name"].startswith("=")
    assert sorted(path.name for path in folder.iterdir()) == ["kithbook.json", "kithbook.vcf", "people.csv"]
    assert_refused(kith("export", folder / "people.csv"), "cannot be written")


def _rows(folder: Path) -> list[dict[str, Any]]:
    path = folder / "kithbook.json"
    return [row for rows in json.loads(path.read_text("utf-8"))["tables"].values() for row in rows]


def test_doctor_says_what_it_looked_at(kith: Run) -> None:
    view = kith("doctor", "--json").data
    assert set(view) == {"is_well", "checks"}
    assert {"Database", "Data folder", "Imports", "Python"} <= {check["name"] for check in view["checks"]}
    words = kith("doctor").out
    assert words.count("✓") + words.count("✗") == len(view["checks"])
    assert all(check["is_well"] or check["advice"] in words for check in view["checks"])


def test_any_operation_can_be_called_by_its_name(kith: Run) -> None:
    kith("met", "Anna Berger")
    assert [p["name"] for p in kith("op", "people", "search", "--query", "anna", "--json").data["people"]] == [
        "Anna Berger"
    ]
    assert "Anna Berger" in kith("--json", "op", "people", "show", "--person", "anna").out
    assert "minutes per week: 90" in kith("op", "owners", "change-settings", "--minutes-per-week", "90").out
    assert_refused(kith("op", "people", "show", "--person", "nobody"), "nobody called “nobody”")


def test_an_empty_book_says_what_to_do(kith: Run) -> None:
    for words in (("week",), ("today",)):
        assert "You have no people yet." in kith(*words).out
        assert kith(*words, "--json").data["touches"] == []
    assert Person.objects.count() == 0


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("person", "nobody"), "not_found"),
        (("import", "/nope"), "not_found"),
        (("gave", "nobody", "advice"), "not_found"),
        (("done", "1"), "not_found"),
        (("people", "--limit", "-1"), "invalid"),
        (("met", ""), "invalid"),
        (("log", " "), "invalid"),
    ],
)
def test_errors_as_json_have_kind_message_and_hint(words: tuple[str, ...], kind: str, kith: Run) -> None:
    answer = kith(*words, "--json")
    assert answer.code == 1
    assert_plain(answer)
    assert answer.error.keys() == {"kind", "message", "hint"}
    assert answer.error["kind"] == kind
    assert json.loads(answer.err) == json.loads(answer.out)


def test_a_backup_comes_back_as_it_was(tmp_path: Path) -> None:
    home, copy = tmp_path / "home", tmp_path / "copy.sqlite3"
    assert program(home, "met", "Anna Berger").code == 0
    answer = program(home, "backup", copy)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"Backed up to {copy} (")
    assert copy.stat().st_mode & 0o077 == 0
    assert_refused(program(home, "backup", copy), "is there already")
    assert program(home, "met", "Bo Lind").code == 0
    restored = program(home, "restore", copy, "--json")
    assert restored.data["message"].startswith("Restored copy.sqlite3.")
    assert [p["name"] for p in program(home, "people", "--json").data["people"]] == ["Anna Berger"]
    [kept] = home.glob("before-restore-*")
    assert program(home, "restore", kept).code == 0
    assert program(home, "people", "--json").data["total"] == 2


def test_what_is_no_backup_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    copy = tmp_path / "copy.sqlite3"
    assert program(home, "met", "Anna Berger").code == 0
    assert program(home, "backup", copy).code == 0
    half = tmp_path / "half.sqlite3"
    half.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    text = tmp_path / "text"
    text.write_text("hello")
    for path, said in (
        (half, "damaged"),
        (text, "not a backup"),
        (tmp_path / "nope", "no file"),
        (tmp_path, "no file"),
    ):
        answer = program(home, "restore", path)
        assert (answer.code, answer.out) == (1, ""), answer
        assert said in answer.err
        assert "Traceback" not in answer.err
    assert program(home, "people", "--json").data["total"] == 1

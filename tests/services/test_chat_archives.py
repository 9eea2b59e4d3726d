"""Heaps of chats: who the owner is is found out once for all of them, or asked once."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from kithbook.core.errors import Invalid
from kithbook.services import batches, importing
from kithbook.store.models import Owner, Participant, Person

START = 1_700_000_000_000


def chat(*people: str, writer: str = "") -> dict[str, Any]:
    """A chat as Facebook writes it."""
    texts = [{"sender_name": writer or people[-1], "timestamp_ms": START + number} for number in range(2)]
    broken = json.loads(json.dumps([{"name": name.encode().decode("latin-1")} for name in people]))
    return {"participants": broken, "messages": [*texts, {"sender_name": people[0], "timestamp_ms": START + 9}]}


def archive(folder: Path, files: dict[str, Any], *, zipped: bool) -> Path:
    if zipped:
        folder = folder / "facebook-export.zip"
        with zipfile.ZipFile(folder, "w") as packed:
            for name, content in files.items():
                packed.writestr(name, content if isinstance(content, str) else json.dumps(content))
        return folder
    for name, content in files.items():
        path = folder / "export" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return folder / "export"


def names() -> list[str]:
    return list(Person.objects.filter(standing="kept").order_by("name").values_list("name", flat=True))


@pytest.mark.parametrize("zipped", [True, False])
def test_the_name_in_all_chats_is_the_owner(owner: Owner, tmp_path: Path, zipped: bool) -> None:
    files = {
        "messages/inbox/ada_1/message_1.json": chat("Ada Quill", "A. Owner"),
        "messages/inbox/ada_1/message_2.json": chat("Ada Quill", "A. Owner"),
        "messages/inbox/bob_2/message_1.json": chat("Bob Lum", "A. Owner"),
        "messages/inbox/group_3/message_1.json": chat("Ada Quill", "Bob Lum", "Cy Dorn", "A. Owner"),
        "friends/friends.json": {"friends_v2": [{"name": "Eve Fjord", "timestamp": 1_500_000_000}]},
    }
    report = importing.run(owner, [archive(tmp_path, files, zipped=zipped)])
    assert report.problems == []
    assert report.notes == ["You are “A. Owner” in these chats, as they show. If not, take this back and say --me."]
    assert report.records == report.people_added - 3 + report.interactions_added + report.interactions_known
    assert names() == ["Ada Quill", "Bob Lum", "Cy Dorn", "Eve Fjord"]
    assert report.batch
    batches.undo(owner, report.batch)
    owner.refresh_from_db()
    assert (names(), owner.settings.get("own_names")) == ([], None)


def test_what_was_found_is_known_at_the_next_import(owner: Owner, tmp_path: Path) -> None:
    files = {f"messages/inbox/{name}/message_1.json": chat(name, "A. Owner") for name in ("Ada", "Bob")}
    importing.run(owner, [archive(tmp_path, files, zipped=True)])
    (tmp_path / "one.json").write_text(json.dumps(chat("Cy Dorn", "A. Owner")))
    report = importing.run(owner, [tmp_path / "one.json"])
    assert (report.interactions_added, report.notes) == (3, [])
    assert names() == ["Ada", "Bob", "Cy Dorn"]


@pytest.mark.parametrize(
    "profile",
    [
        {"profile_v2": {"name": {"full_name": "Zo\u00c3\u00ab Owner", "first_name": "Zo\u00c3\u00ab"}}},
        {"profile_user": [{"string_map_data": {"Correo": {"value": "z@x.example"}, "Nombre": {"value": "Zoë Owner"}}}]},
    ],
)
def test_the_profile_in_an_export_tells_the_owner(owner: Owner, tmp_path: Path, profile: dict[str, Any]) -> None:
    files = {"messages/inbox/a/message_1.json": chat("Ada Quill", "Zoë Owner"), "profile.json": profile}
    report = importing.run(owner, [archive(tmp_path, files, zipped=True)])
    assert (names(), report.problems, report.left_aside) == (["Ada Quill"], [], [])
    assert report.skipped == {"your own profile": 1}


def test_facebook_and_instagram_in_one_export_have_a_name_each(owner: Owner, tmp_path: Path) -> None:
    files = {
        f"{app}/messages/inbox/{name}/message_1.json": chat(name, me)
        for app, me in (("your_facebook_activity", "A. Owner"), ("your_instagram_activity", "owner.a"))
        for name in ("Ada", "Bob")
    }
    assert len(importing.run(owner, [archive(tmp_path, files, zipped=True)]).notes) == 2
    assert names() == ["Ada", "Bob"]


@pytest.mark.parametrize("zipped", [True, False])
def test_where_it_is_not_clear_one_question_is_asked_for_all(owner: Owner, tmp_path: Path, zipped: bool) -> None:
    files = {
        f"messages/inbox/{name}/message_1.json": chat("Ada Quill", name, "A. Owner") for name in ("Bob", "Cy", "Eve")
    }
    path = archive(tmp_path, files, zipped=zipped)
    report = importing.run(owner, [path])
    (problem,) = report.problems
    assert problem.what == (
        "Which of “Ada Quill”, “A. Owner”, “Bob”, “Cy”, “Eve” in 3 chats are you?"
        " Say so with --me and your name as it stands there."
    )
    assert report.records == 9 + 1 == sum(report.skipped.values()) + report.problems_count
    assert importing.run(owner, [path], me=["A. Owner"]).interactions_added == 9


def whatsapp(*said: str, hour: int = 10) -> str:
    lines = (f"1{number % 9}.01.24, {hour}:{number:02d} - {name}: hi\n" for number, name in enumerate(said))
    return "13.01.24, 09:00 - Messages are end-to-end encrypted\n" + "".join(lines)


def test_exports_of_whatsapp_show_together_who_the_owner_is(owner: Owner, tmp_path: Path) -> None:
    for name in ("Ada", "Bob", "Cy"):
        (tmp_path / f"{name}.txt").write_text(whatsapp(name, "A. Owner"), "utf-8")
    (tmp_path / "group.txt").write_text(whatsapp("Bob", "Ada", "A. Owner", "Eve", hour=11), "utf-8")
    report = importing.run(owner, [tmp_path])
    assert (report.problems, len(report.notes), report.interactions_added) == ([], 1, 10)
    assert names() == ["Ada", "Bob", "Cy", "Eve"]


def test_one_greeting_to_many_in_one_minute_is_an_exchange_with_each(owner: Owner, tmp_path: Path) -> None:
    for name in ("Ada", "Bob", "Cy"):
        text = f"01.01.24, 00:01 - A. Owner: Happy new year!\n02.01.24, 10:00 - {name}: thanks\n"
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    first = importing.run(owner, [tmp_path], me=["A. Owner"])
    assert (first.interactions_added, first.interactions_known) == (6, 0)
    with_each = Participant.objects.filter(role="to").order_by("person__name").values_list("person__name", flat=True)
    assert list(with_each) == ["Ada", "Bob", "Cy"]
    again = importing.run(owner, [tmp_path])
    assert (again.interactions_added, again.interactions_known) == (0, 6)


def test_the_name_of_one_export_tells_the_owner_in_the_groups(owner: Owner, tmp_path: Path) -> None:
    for title, text in (
        ("WhatsApp Chat - Ada", whatsapp("Ada", "A. Owner")),
        ("WhatsApp Chat - Rowers", whatsapp("Bob", "A. Owner", "Cy")),
    ):
        with zipfile.ZipFile(tmp_path / f"{title}.zip", "w") as packed:
            packed.writestr("_chat.txt", text)
    report = importing.run(owner, [tmp_path])
    assert report.problems == []
    assert names() == ["Ada", "Bob", "Cy"]


def test_a_chat_alone_in_a_zip_is_asked_about_as_outside(owner: Owner, tmp_path: Path) -> None:
    path = tmp_path / "chat.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("_chat.txt", whatsapp("Ada", "A. Owner"))
    with pytest.raises(Invalid, match="are you"):
        importing.run(owner, [path])

"""A folder of every kind of file gives one network, whatever the order, however often, and is taken back exactly."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kithbook.services import batches, duplicates, importing, merging
from kithbook.store.models import Identity, Owner, Person
from tests.faces.mixedfiles import MAKERS, ME, MY_NAME, email, write_files
from tests.services.factories import person, talk
from tests.services.helpers import snapshot
from tests.services.test_rebuilding import empty

PEOPLE = 23
KINDS = tuple(MAKERS)
ORDERS = (
    KINDS,
    KINDS[::-1],
    (*KINDS[3:], *KINDS[:3]),
    ("monica.json", "calls.xml", "all.mbox", "google.csv", "chat.txt", "linkedin.zip", "people.vcf", "meetings.ics"),
)
LEFT_OUT = frozenset(("batch", "owner_address", "source_key"))


def read(owner: Owner, paths: Sequence[Path]) -> Any:
    """Import; a name is told only where there is a chat to be found in."""
    chats = any(path.is_dir() or path.name == "chat.txt" for path in paths)
    return importing.run(owner, paths, me=[ME, MY_NAME] if chats else [ME])


def network(owner: Owner) -> dict[str, Any]:
    """Who is known with what, without ids: people stand for themselves by their strongest identity."""
    tables: dict[str, list[dict[str, Any]]] = snapshot(owner)["tables"]
    keys: dict[str, list[str]] = {row["id"]: [] for row in tables["person"]}
    for row in tables["identity"]:
        keys[row["person_id"]].append(f"{row['kind']} {row['key']}")
    names: dict[str, str] = {row["id"]: "|".join(sorted(keys[row["id"]])) for row in tables["person"]}
    names |= {row["id"]: f"{row['source']} {row['external_key']}" for row in tables["interaction"]}
    names |= {row["id"]: f"entry {row['note']}" for row in tables["ledger_entry"]}
    found: dict[str, Any] = {}
    for table, rows in tables.items():
        if table not in LEFT_OUT:
            plain = [
                {key: names.get(value, value) if isinstance(value, str) else value for key, value in row.items()
                 if key not in ("batch_id", "created_at", "turn") and not (key == "id" and value not in names)}
                for row in rows
            ]  # fmt: skip
            found[table] = sorted(json.dumps(row, sort_keys=True) for row in plain)
    return found


def differences(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """What is in one network only, by table."""
    return {
        name: (sorted(set(rows) - set(second[name]))[:4], sorted(set(second[name]) - set(rows))[:4])
        for name, rows in first.items()
        if rows != second[name]
    }


def test_every_order_of_files_in_one_act_gives_the_same_network(owner: Owner, tmp_path: Path) -> None:
    networks = []
    for number, order in enumerate(ORDERS):
        report = read(owner, write_files(tmp_path / str(number), PEOPLE, order))
        assert report.people_added == PEOPLE + 1  # and the one of the chat, who has no address
        networks.append(network(owner))
        empty(owner)
    for other in networks[1:]:
        assert differences(networks[0], other) == {}


def test_one_file_after_another_loses_and_doubles_nothing(owner: Owner, tmp_path: Path) -> None:
    """Calls and connections that come before the cards that join them leave several entries, which are proposed."""
    seen = []
    for number, order in enumerate(ORDERS):
        for file in write_files(tmp_path / str(number), PEOPLE, order):
            read(owner, [file])
        while pairs := duplicates.find(owner).pairs:
            assert pairs[0].first.person.name == pairs[0].second.person.name
            merging.merge(owner, pairs[0].first.person.id, pairs[0].second.person.id)
        assert Person.objects.of(owner).filter(standing="kept").count() == PEOPLE  # the name in the chat is one of them
        found = network(owner)
        seen.append({table: [json.loads(row) for row in found[table]] for table in ("identity", "interaction")})
        empty(owner)
    keys = [sorted((row["kind"], row["key"]) for row in found["identity"]) for found in seen]
    assert all(one == keys[0] for one in keys)
    times = [sorted((row["at"], row["channel"], row["external_key"]) for row in found["interaction"]) for found in seen]
    assert all(one == times[0] for one in times)


def test_a_folder_imported_twice_adds_nothing(owner: Owner, tmp_path: Path) -> None:
    write_files(tmp_path, PEOPLE)
    first = read(owner, [tmp_path])
    assert first.people_added == PEOPLE + 1
    assert first.interactions_added > 5 * PEOPLE
    assert first.problems == []
    before = network(owner)
    again = read(owner, [tmp_path])
    assert (again.people_added, again.interactions_added, again.interactions_known) == (0, 0, first.interactions_added)
    assert differences(before, network(owner)) == {}


def editing_person(owner: Owner) -> Person:
    """Somebody noted by hand with an address that the files know."""
    row = person(owner, "Ada Adler")
    Identity.objects.create(owner=owner, person=row, kind="email", value=email(0), key=email(0))
    return row


@pytest.mark.parametrize("kinds", [*((kind,) for kind in KINDS), KINDS], ids=lambda kinds: "+".join(kinds)[:20])
def test_what_was_there_before_is_there_again_after_taking_back(
    owner: Owner, tmp_path: Path, kinds: tuple[str, ...]
) -> None:
    """The people of the second import are known already, with less: it fills in and is taken back to the letter."""
    known = editing_person(owner)
    talk(owner, known, 400, 300)
    Person.objects.filter(pk=known.pk).update(note="Rows at dawn.", nicknames=["Addy"], edited=["nicknames"])
    read(owner, write_files(tmp_path / "first", 5, ("all.mbox",)))
    before = snapshot(owner)
    report = read(owner, write_files(tmp_path / "then", 9, kinds))
    assert report.batch
    assert network(owner) != {}
    batches.undo(owner, report.batch)
    after = snapshot(owner)
    for tables in (before["tables"], after["tables"]):
        tables["batch"] = [row for row in tables["batch"] if row["state"] == "done"]
    assert differences(plain(before), plain(after)) == {}


def plain(found: dict[str, Any]) -> dict[str, list[str]]:
    """The tables of an export as texts, what the owner is remembered by among them."""
    tables = {name: sorted(json.dumps(row, sort_keys=True) for row in rows) for name, rows in found["tables"].items()}
    return {**tables, "owner": [json.dumps(found["owner"], sort_keys=True)]}

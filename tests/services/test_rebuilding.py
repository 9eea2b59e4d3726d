"""An export read back: the same state, only into an empty network, as one act."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.apps import apps

from kithbook.core.errors import Invalid, Refused
from kithbook.services import (
    batches,
    demo,
    editing,
    exporting,
    habits,
    importing,
    ladder,
    merging,
    owners,
    persons,
    weeks,
)
from kithbook.sources import kithbookfile
from kithbook.store.models import Owner, Person
from tests.services.factories import person, talk, write_mbox


def export(owner: Owner, folder: Path) -> str:
    exporting.export(owner, folder)
    return (folder / "kithbook.json").read_text("utf-8")


def empty(owner: Owner) -> None:
    """Everything of the owner's away, as on a new machine."""
    for model in apps.get_app_config("store").get_models():
        if model is not Owner:
            model._default_manager.filter(owner_id=owner.pk).delete()
    Owner.objects.filter(pk=owner.pk).update(name="", settings={}, habits={}, minutes_per_week=120, time_zone="UTC")
    owner.refresh_from_db()


def judged(owner: Owner) -> list[object]:
    ids = list(Person.objects.of(owner).order_by("pk").values_list("pk", flat=True)[:40])
    return [(one.name, one.stage, one.warmth, one.balance, one.tags) for one in persons.rows_of(owner, ids)]


def test_an_export_read_back_is_the_same_state(owner: Owner, tmp_path: Path) -> None:
    demo.load(owner)
    owners.change_settings(owner, name="Alice", minutes_per_week=90, time_zone="Europe/Vienna")
    importing.run(owner, [write_mbox(tmp_path)], me=["me@example.org"])
    first, second = Person.objects.of(owner).filter(standing="kept").order_by("name")[:2]
    from kithbook.core.ids import to_text

    merging.merge(owner, to_text(first.pk), to_text(second.pk))
    habits.learn(owner)  # of those who are left after the merge, as it is learnt again after reading back
    before, seen = export(owner, tmp_path / "a"), judged(owner)
    empty(owner)
    report = importing.run(owner, [tmp_path / "a" / "kithbook.json"])
    assert report.problems == []
    assert report.people_added > 100
    assert json.loads(export(owner, tmp_path / "b")) == json.loads(before)
    assert judged(owner) == seen
    assert weeks.week(owner).minutes_budget == 90
    assert owner.time_zone == "Europe/Vienna"


def test_the_folder_of_an_export_is_read_back_unless_something_else_lies_in_it(owner: Owner, tmp_path: Path) -> None:
    person(owner, "Anna Berger")
    for kind in ("json", "vcard", "csv"):
        exporting.export(owner, tmp_path, kind)
    assert kithbookfile.find_export(tmp_path) == tmp_path / "kithbook.json"
    empty(owner)
    assert importing.run(owner, [tmp_path]).people_added == 1
    assert Person.objects.of(owner).get().name == "Anna Berger"
    write_mbox(tmp_path)
    assert kithbookfile.find_export(tmp_path) is None


def test_it_is_taken_back_as_one_act_unless_something_was_changed(owner: Owner, tmp_path: Path) -> None:
    talk(owner, person(owner, "Ada Quill"), 3)
    export(owner, tmp_path)
    empty(owner)
    report = importing.run(owner, [tmp_path / "kithbook.json"])
    assert report.batch
    batches.undo(owner, report.batch)
    assert not Person.objects.exists()
    report = importing.run(owner, [tmp_path / "kithbook.json"])
    assert report.batch
    ladder.place(owner, "Ada Quill", 3)
    with pytest.raises(Refused, match="changed things since"):
        batches.undo(owner, report.batch)
    assert Person.objects.get().stage == 3


def test_it_is_never_mixed_with_what_is_there(owner: Owner, stranger: Owner, tmp_path: Path) -> None:
    person(owner, "Ada Quill")
    export(owner, tmp_path)
    with pytest.raises(Refused, match="empty network"):
        importing.run(owner, [tmp_path / "kithbook.json"])
    with pytest.raises(Refused, match="in this database already"):
        importing.run(stranger, [tmp_path / "kithbook.json"])
    assert not Person.objects.of(stranger).exists()


@pytest.mark.parametrize("length", [30, 200, 1_500, -2])
def test_a_cut_off_export_changes_nothing(owner: Owner, tmp_path: Path, length: int) -> None:
    for name in ("Ada Quill", "Bob Stone"):
        editing.add(owner, name)
    whole = export(owner, tmp_path)
    empty(owner)
    (tmp_path / "kithbook.json").write_text(whole[:length])
    with pytest.raises((Invalid, Refused)):
        importing.run(owner, [tmp_path / "kithbook.json"])
    assert not Person.objects.exists()


def test_a_newer_export_is_refused_and_odd_rows_are_reported(owner: Owner, tmp_path: Path) -> None:
    person(owner, "Ada Quill")
    whole = json.loads(export(owner, tmp_path))
    empty(owner)
    path = tmp_path / "kithbook.json"
    path.write_text(json.dumps({**whole, "version": 99}))
    with pytest.raises(Refused, match="newer"):
        importing.run(owner, [path])
    whole["tables"]["person"].append({**whole["tables"]["person"][0], "created_at": "some day", "id": "aaaaaaaaaaaab"})
    whole["tables"]["moon"] = [{"id": "x"}]
    path.write_text(json.dumps(whole))
    report = importing.run(owner, [path], dry_run=True)
    assert not Person.objects.exists()
    assert (report.problems_count, report.people_added) == (1, 1)
    assert report.skipped == {"table moon that this version does not know": 1}

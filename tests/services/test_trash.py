"""The trash: out of every list at once, back as they were, erased when their days are over."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import to_text
from kithbook.services import (
    asks,
    bank,
    calendars,
    editing,
    exporting,
    jobs,
    matching,
    people,
    promises,
    registry,
    trash,
    weeks,
)
from kithbook.services.views import as_json
from kithbook.store.models import Identity, Interaction, Owner, Person
from tests.services.factories import person, talk
from tests.services.helpers import key, set_clock, snapshot

EXCEPT = ("trash.", "batches.", "merging.", "privacy.")
"""The trash itself, and lists of acts, which are named after what was typed."""


def rich(owner: Owner, name: str) -> Person:
    """Somebody with something in every list."""
    row = person(owner, name, place="Graz", importance=5, liking=5)
    who = key(row)
    talk(owner, row, 400, 200, 150, 100, 60)
    editing.add_identity(owner, who, "zora@example.org")
    editing.note_topic(owner, who, "need", "a bookkeeper for the workshop")
    editing.note_topic(owner, who, "offer", "repairs violins")
    bank.got(owner, who, "introduction")
    bank.gave(owner, who, "item")
    promises.add(owner, who, "send the plans", due_on=dt.date(2026, 11, 22))
    asks.record(owner, who, 2, text="the address of the landlord")
    return row


def test_whoever_is_in_the_trash_is_in_no_list(owner: Owner, tmp_path: Path) -> None:
    """Every operation that reads without being told of whom."""
    row = rich(owner, "Zora Quendel")
    rich_other = person(owner, "Bruno Costa")
    talk(owner, rich_other, 90, 60)
    found = [
        item
        for item in registry.operations().values()
        if item.reads and not any(part.is_required for part in item.arguments) and not item.name.startswith(EXCEPT)
    ]

    def naming() -> list[str]:
        return [item.name for item in found if "Zora Quendel" in json.dumps(as_json(item.run(owner)), default=str)]

    assert "people.search" in naming()
    assert "weeks.week" in naming()
    assert matching.offers(owner, "somebody who repairs violins").matches
    trash.put_in(owner, key(row))
    assert naming() == []
    assert matching.offers(owner, "somebody who repairs violins").matches == []
    exporting.export(owner, tmp_path, "vcard")
    exporting.export(owner, tmp_path, "csv")
    for name in ("kithbook.vcf", "people.csv"):
        assert "Zora" not in (tmp_path / name).read_text()
        assert "Bruno" in (tmp_path / name).read_text()
    with pytest.raises(NotFound):
        people.show(owner, "Zora Quendel")


def test_whoever_is_taken_out_is_as_before(owner: Owner) -> None:
    row = rich(owner, "Zora Quendel")
    week = weeks.week(owner)
    before = snapshot(owner)["tables"]
    trash.put_in(owner, key(row))
    found = trash.listing(owner)
    assert [(item.person.name, item.on, item.goes_on) for item in found.people] == [
        ("Zora Quendel", dt.date(2026, 11, 21), dt.date(2026, 12, 21))
    ]
    trash.take_out(owner, key(row))
    after = snapshot(owner)["tables"]
    for tables in (before, after):
        for item in tables["person"]:
            item.pop("edited")
    assert after == before
    assert {touch.person.name for touch in weeks.week(owner).touches} == {touch.person.name for touch in week.touches}
    assert trash.listing(owner).total == 0


def test_the_days_begin_when_somebody_is_put_in_first(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    row = person(owner, "Zora Quendel")
    trash.put_in(owner, key(row))
    set_clock(monkeypatch, "2026-12-01T09:00:00+00:00")
    trash.put_in(owner, key(row))
    assert trash.listing(owner).people[0].on == dt.date(2026, 11, 21)


def test_the_trash_empties_itself_after_its_days(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    first, later = rich(owner, "Zora Quendel"), person(owner, "Bruno Costa")
    trash.put_in(owner, key(first))
    set_clock(monkeypatch, "2026-12-10T09:00:00+00:00")
    trash.put_in(owner, key(later))
    job = next(item for item in jobs.JOBS if item.name == "trash")
    set_clock(monkeypatch, "2026-12-21T08:59:00+00:00")
    job.run(owner)
    assert trash.listing(owner).total == 2
    set_clock(monkeypatch, "2026-12-21T09:00:00+00:00")
    job.run(owner)
    assert [item.person.name for item in trash.listing(owner).people] == ["Bruno Costa"]
    assert not Identity.objects.of(owner).exists()
    assert not Interaction.objects.of(owner).exists()


def test_the_days_can_be_changed(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    row = person(owner, "Zora Quendel")
    trash.put_in(owner, key(row))
    assert trash.keep_for(owner, 2).people[0].goes_on == dt.date(2026, 11, 23)
    set_clock(monkeypatch, "2026-11-23T10:00:00+00:00")
    assert trash.empty_due(owner).people == 1
    with pytest.raises(Invalid):
        trash.keep_for(owner, 0)


def test_emptying_now_asks_first_and_spares_everybody_else(owner: Owner, stranger: Owner) -> None:
    gone, kept = person(owner, "Zora Quendel"), person(owner, "Bruno Costa")
    theirs = person(stranger, "Zora Quendel")
    trash.put_in(owner, key(gone))
    trash.put_in(stranger, key(theirs))
    with pytest.raises(Refused, match="1 person would be erased"):
        trash.empty(owner)
    assert trash.listing(owner).total == 1
    assert trash.empty(owner, sure=True).people == 1
    assert list(Person.objects.of(owner).values_list("pk", flat=True)) == [kept.pk]
    assert trash.listing(stranger).total == 1
    assert trash.empty(owner, sure=True).message == "There was nobody to erase."


def test_a_stranger_sees_and_changes_nothing_of_the_trash(owner: Owner, stranger: Owner) -> None:
    row = person(owner, "Zora Quendel")
    trash.put_in(owner, key(row))
    assert trash.listing(stranger).total == 0
    with pytest.raises(NotFound):
        trash.take_out(stranger, to_text(row.pk))
    trash.empty(stranger, sure=True)
    assert trash.listing(owner).total == 1


def test_the_calendar_does_not_name_whoever_is_in_the_trash(owner: Owner) -> None:
    row = rich(owner, "Zora Quendel")
    weeks.week(owner)
    assert any("Zora Quendel" in entry.title for entry in calendars.entries(owner))
    trash.put_in(owner, key(row))
    assert not any("Zora Quendel" in entry.title for entry in calendars.entries(owner))

"""Monica's export: people, calls, activities, notes, gifts, relations; broken parts spoil only themselves."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from kithbook.core.records import Card, Deed, Exchange, PartialDate, Remark
from kithbook.sources.base import Record, Source
from kithbook.sources.detect import detect
from kithbook.sources.monica import MonicaSource
from tests.sources.conformance import SourceConformance

LATEST = 1_800_000_000


def entry(key: str, **properties: object) -> dict[str, object]:
    return {"uuid": key, "created_at": "2020-01-02T00:00:00.000000Z", "properties": properties}


def part(kind: str, *values: object) -> dict[str, object]:
    return {"count": len(values), "type": kind, "values": list(values)}


def contact(number: int, *data: object, **properties: object) -> dict[str, object]:
    plain = {"first_name": "Ada", "last_name": f"Quill{number}", "is_partial": False}
    return {**entry(f"c{number}", **(plain | properties)), "data": list(data)}


def export(folder: Path, contacts: list[Any], *more: object) -> Path:
    whole = {
        "version": "1.0-preview.1",
        "account": {"uuid": "a", "data": [part("contact", *contacts), *more]},
        "instance": {"contact_field_types": [entry("t1", name="Email", type="email")]},
    }
    path = folder / "monica.json"
    path.write_text(json.dumps(whole), "utf-8")
    return path


def read(folder: Path, contacts: list[Any], *more: object) -> list[Record]:
    path = export(folder, contacts, *more)
    assert detect(path).name == "monica"
    return list(MonicaSource(path, latest=LATEST).records())


class TestMonicaConformance(SourceConformance):
    kind = "monica"
    expected = {"Card": 3, "Counted": 1, "Problem": 1}  # noqa: RUF012

    def make(self, folder: Path) -> Source:
        contacts = [contact(1), contact(2), contact(3), contact(4, is_partial=True), {"properties": {}}]
        return MonicaSource(export(folder, contacts), latest=LATEST)

    def make_reversed(self, folder: Path) -> Source:
        return MonicaSource(export(folder, [contact(3), contact(2), contact(1)]), latest=LATEST)


def test_calls_activities_notes_and_gifts_keep_their_dates(tmp_path: Path) -> None:
    data = (
        part("call", entry("k1", called_at="2023-12-31T00:00:00.000000Z", contact_called=True)),
        part("note", entry("n1", body="likes rye")),
        part("activity", "act1"),
        part(
            "gift", entry("g1", name="a book", status="given", date="2022-02-03"), entry("g2", name="x", status="idea")
        ),
        part("task", entry("t", title="x")),
    )
    birthday = {"date": "1604-10-06T00:00:00Z", "is_year_unknown": True, "is_age_based": False}
    found = read(
        tmp_path,
        [contact(1, *data, birthdate=birthday, last_talked_to="2023-12-31", food_preferences="vegan", tags=["choir"])],
        part("activity", entry("act1", summary="Concert", happened_at="2023-11-11")),
        part("relationship", entry("r", type="child", contact_is="c1", of_contact="c1")),
    )
    card = next(record for record in found if isinstance(record, Card))
    assert (card.dates["birthday"], card.note, card.tags) == (PartialDate(None, 10, 6), "Food: vegan", ("choir",))
    call, concert = (record for record in found if isinstance(record, Exchange))
    assert (call.channel, call.sender == concert.others[1], concert.title) == ("call", True, "Concert")
    assert [remark.text for remark in found if isinstance(remark, Remark)] == ["likes rye", "Child: Ada Quill1."]
    (gift,) = (record for record in found if isinstance(record, Deed))
    assert (gift.direction, gift.kind, str(gift.on)) == ("gave", "gift", "2022-02-03")


def test_the_day_last_talked_counts_once(tmp_path: Path) -> None:
    found = read(tmp_path, [contact(1, last_talked_to="2023-12-31")])
    assert Counter(type(record).__name__ for record in found) == {"Card": 1, "Exchange": 1}


def test_a_file_cut_off_anywhere_is_one_problem(tmp_path: Path) -> None:
    path = export(tmp_path, [contact(1)])
    whole = path.read_bytes()
    for length in range(1, len(whole) - 1, 11):
        path.write_bytes(whole[:length])
        assert [type(r).__name__ for r in MonicaSource(path, latest=LATEST).records()] == ["Problem"]


def test_the_sample_is_read_with_its_counts(shared_data: Path) -> None:
    path = shared_data / "exports/monica/monica_4x_export.json"
    counts = Counter(type(record).__name__ for record in MonicaSource(path, latest=LATEST).records())
    assert counts == {"Card": 1, "Exchange": 2, "Remark": 2, "Counted": 1}

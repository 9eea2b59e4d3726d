"""Real and sample cards, where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from kithbook.core.cards import logical_lines, read_properties, write_card
from kithbook.core.records import Card, Counted, PartialDate, Problem
from kithbook.sources.vcard import VcardSource

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data folder is not there")

# (cards, people with an address, with a number, other records), counted by eye in the files.
CARDS = {
    "ez-vcard/*ANDROID.vcf": (6, 4, 3, 0),  # one has numbers of six digits only
    "ez-vcard/*BLACK_BERRY.vcf": (1, 0, 1, 0),
    "ez-vcard/*EVOLUTION.vcf": (1, 1, 1, 0),
    "ez-vcard/*John_Doe_GMAIL.vcf": (1, 1, 1, 0),
    "ez-vcard/*IPHONE.vcf": (1, 1, 1, 0),
    "ez-vcard/*LOTUS_NOTES.vcf": (1, 1, 1, 0),
    "ez-vcard/*MAC_ADDRESS_BOOK.vcf": (1, 1, 1, 0),
    "ez-vcard/*MS_OUTLOOK.vcf": (1, 1, 1, 0),
    "ez-vcard/*fullcontact.vcf": (1, 1, 1, 0),
    "ez-vcard/*gmail-list.vcf": (3, 3, 0, 0),
    "ez-vcard/*gmail-single.vcf": (1, 1, 1, 0),
    "ez-vcard/*gmail-single2.vcf": (1, 1, 1, 0),
    "ez-vcard/*outlook-2003.vcf": (1, 1, 0, 0),
    "ez-vcard/*outlook-2007.vcf": (1, 1, 1, 0),
    "ez-vcard/*rfc2426-example.vcf": (2, 2, 2, 0),
    "ez-vcard/*rfc6350-example.vcf": (1, 1, 1, 0),
    "ez-vcard/*thunderbird*.vcf": (1, 1, 1, 0),
    "ez-vcard/*issue114.vcf": (1, 1, 1, 0),
    "radicale/*broken-vcard.vcf": (1, 1, 0, 0),
    "radicale/*broken-vcards.vcf": (2, 2, 0, 0),
    "radicale/*broken-vcards2.vcf": (2, 2, 0, 0),
    "radicale/*broken-vcards2-no_uid.vcf": (2, 2, 0, 0),
    "radicale/*contact1.vcf": (1, 0, 0, 0),
    "radicale/*contact1_v4.vcf": (1, 0, 0, 0),
    "radicale/*contact2-with-bday.vcf": (1, 0, 0, 0),
    "radicale/*contact3-with-bday.vcf": (1, 0, 0, 0),
    "radicale/*contact4-with-bday-no-year.vcf": (1, 0, 0, 0),
    "radicale/*contact_multiple.vcf": (2, 0, 0, 0),
    "radicale/*contact_multiple_v4.vcf": (2, 0, 0, 0),
    "radicale/*contact_photo_with_data_uri.vcf": (1, 0, 0, 0),
    "radicale/*contact_photo_with_data_uri_v4.vcf": (1, 0, 0, 0),
    "sabre/*issue153.vcf": (1, 0, 0, 0),
    "sabre/*issue64.vcf": (0, 0, 0, 1),
}


def read(path: Path) -> list[Card | Counted | Problem]:
    return list(VcardSource(path).records())  # type: ignore[arg-type]


def all_files() -> list[Path]:
    return [*DATA.glob("cards/*/*.vcf"), *DATA.glob("exports/vcard/*.vcf"), *DATA.glob("exports/khard/*.vcf")]


@pytest.mark.parametrize("pattern", CARDS)
def test_real_cards_are_counted_right(pattern: str) -> None:
    path = next((DATA / "cards").glob(pattern))
    records = read(path)
    people = [record for record in records if isinstance(record, Card)]
    having = [sum(any(h.kind == kind for h in person.handles) for person in people) for kind in ("email", "phone")]
    assert (len(people), *having, len(records) - len(people)) == CARDS[pattern]


def test_the_table_names_every_real_file() -> None:
    assert len(CARDS) == len(list((DATA / "cards").glob("*/*.vcf")))


def test_no_real_card_is_a_problem_and_all_are_written_back_whole() -> None:
    for path in all_files():
        for record in read(path):
            assert not isinstance(record, Problem), (path, record)
            if isinstance(record, Card):
                text = write_card(record.lines).replace("\r\n", "\n")
                again = logical_lines(text.removeprefix("BEGIN:VCARD\n").removesuffix("END:VCARD\n").encode())
                before = [(item.group, item.name, item.text()) for item in read_properties(record.lines)]
                after = [(item.group, item.name, item.text()) for item in read_properties(again)]
                assert [row for row in after if row[1] != "VERSION"] == [row for row in before if row[1] != "VERSION"]


def test_sample_exports_all_show_the_same_baker() -> None:
    found = {path.stem: read(path)[0] for path in all_files() if "exports" in path.parts}
    assert len(found) == 6
    for name, record in found.items():
        assert isinstance(record, Card)
        assert record.name == ("Zoë" if name == "utf16le_bom" else "Zoë Müller"), name
    apple, newest = found["apple_30_groups"], found["v4_rfc6350"]
    assert isinstance(apple, Card)
    assert isinstance(newest, Card)
    assert apple.dates == {"birthday": PartialDate(None, 10, 6), "anniversary": PartialDate(2011, 5, 1)}
    assert [(handle.key, handle.label) for handle in apple.handles] == [
        ("zoe@brot.example", "homepage"),
        ("+4915123456789", "bakery"),
    ]
    assert newest.note == "commas, semicolons; and\nnewlines folded here"
    assert 'X-KEEP;X-P="a:b;c":raw' in newest.lines


def test_fields_of_real_cards_are_read_right() -> None:
    evolution = read(next((DATA / "cards").glob("ez-vcard/*EVOLUTION.vcf")))[0]
    assert isinstance(evolution, Card)
    assert (evolution.name, evolution.given_name, evolution.family_name) == (
        "Mr. John Richter, James Doe Sr.",
        "John",
        "Doe",
    )
    assert (evolution.jobs[0].organisation, evolution.jobs[0].role, evolution.tags) == (
        "IBM",
        "Money Counter",
        ("VIP",),
    )
    outlook = read(next((DATA / "cards").glob("ez-vcard/*outlook-2003.vcf")))[0]
    assert isinstance(outlook, Card)
    assert outlook.jobs[0].organisation == "Company, The"
    assert outlook.note.startswith("This is the note field!!\nSecond line\n\nThird line is empty")
    iphone = read(next((DATA / "cards").glob("ez-vcard/*IPHONE.vcf")))[0]
    assert isinstance(iphone, Card)
    assert iphone.place == "New York, United States of America"
    assert max(map(len, iphone.lines)) > 40_000  # the photo is below the limit and kept

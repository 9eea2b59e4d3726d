"""Address books as tables: Google, Outlook, any other; what each column means, and what is no person."""

from __future__ import annotations

from pathlib import Path

import pytest

from kithbook.core.columns import fold_column, guess_columns, signature
from kithbook.core.errors import Invalid
from kithbook.core.records import Card, Counted, PartialDate, Problem, Remark
from kithbook.sources.addresstable import AddressTableSource
from kithbook.sources.base import Record, Source
from kithbook.sources.detect import detect
from tests.sources.conformance import FileConformance


def read(folder: Path, text: str | bytes, **more: object) -> list[Record]:
    path = folder / "people.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(AddressTableSource(path, **more).records())  # type: ignore[arg-type]


class TestTableConformance(FileConformance):
    kind = "table"
    name = "people.csv"
    prefix = b"First Name,Last Name,E-mail Address,Hobby\n"
    extras = (b",,not an address,\n", b"too,many,cells,for,this,header\n")
    expected = {"Card": 3, "Counted": 1, "Problem": 1}  # noqa: RUF012

    def piece(self, number: int) -> bytes:
        return f"Ada,Quill{number},ada{number}@example.org,\n".encode()

    def open(self, path: Path) -> Source:
        return AddressTableSource(path)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("E-mail 2 Address", "e-mail address"),
        ("E-mail 1 - Value", "e-mail value"),
        ("Téléphone mobile", "telephone mobile"),
        ("\ufeffFirst_Name", "first name"),
        ("Address 1 - City", "address city"),
        ("PhoneNumbers", "phone numbers"),
        ("LinkedIn URL", "linkedin url"),
        ("Ville (bureau)", "ville bureau"),
    ],
)
def test_names_of_columns_are_folded(name: str, folded: str) -> None:
    assert fold_column(name) == folded


@pytest.mark.parametrize(
    ("names", "is_people"),
    [
        (["Vorname", "Nachname", "E-Mail-Adresse"], True),
        (["Prénom", "Nom", "Société"], True),
        (["Name", "Number", "Type", "Date", "Duration"], False),
        (["Date", "Amount"], False),
        (["Email"], True),
        (["Name", "Price"], False),
        (["Given Name", "Family Name"], True),
        (["Name", "Url", "Authority", "License Number"], False),
        (["Name", "LinkedIn URL"], True),
        (["First Name", "Last Name", "Maiden Name", "Headline"], False),
        (["First Name", "Last Name", "Transaction Made At"], False),
    ],
)
def test_tables_of_people_are_told_from_others(names: list[str], is_people: bool) -> None:
    assert guess_columns(names).is_people is is_people


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("Primary Email", "email"), ("Secondary Email", "email"), ("E-Mail 2: Adresse", "email"),
        ("Alternate Email 1", "email"), ("Email opt out", None), ("Mobile Number", "phone"),
        ("Téléphone (bureau)", "phone"), ("Móvil", "phone"), ("Company Main Phone", "ignore"),
        ("Assistant's Phone", "ignore"), ("Radio Phone", None), ("Fax Number", None), ("Account Name", "organisation"),
        ("Source", None),
    ],
)  # fmt: skip
def test_a_column_is_known_by_a_part_of_its_name(name: str, meaning: str | None) -> None:
    assert guess_columns(["Name", name]).columns.get(1) == meaning


def test_a_title_is_a_role_only_where_no_other_column_is(tmp_path: Path) -> None:
    assert guess_columns(["Name", "Title"]).columns[1] == "role"
    assert 1 not in guess_columns(["Nom", "Titre", "Fonction"]).columns


def test_thunderbird_and_yahoo_keep_their_addresses_phones_and_birthdays(tmp_path: Path) -> None:
    thunderbird = (
        "First Name,Last Name,Display Name,Primary Email,Secondary Email,Work Phone,Mobile Number,Birth Year,"
        "Birth Month,Birth Day,Web Page 1\nAda,Quill,Ada Q,ada@example.org,a2@example.org,,+43 1 5550100,1980,2,3,\n"
        "Bob,Berg,Bob,b@example.org,,,,,12,24,\n"
    )
    ada, bob = (record for record in read(tmp_path, thunderbird) if isinstance(record, Card))
    assert [handle.key for handle in ada.handles] == ["ada@example.org", "a2@example.org", "+4315550100"]
    assert (ada.dates["birthday"], bob.dates["birthday"]) == (PartialDate(1980, 2, 3), PartialDate(None, 12, 24))
    yahoo = "First,Last,Email,Messenger ID,Home,Work,Yahoo Phone,Title\nAda,Quill,,,+43 1 5550100,,,Baker\n"
    (card,) = read(tmp_path, yahoo)
    assert isinstance(card, Card)
    assert ([handle.key for handle in card.handles], card.jobs[0].role) == (["+4315550100"], "Baker")


def test_the_lines_of_a_card_that_lost_its_beginning_are_no_table(tmp_path: Path) -> None:
    path = tmp_path / "half.vcf"
    path.write_text("VERSION:3.0\nFN:Ada Quill\nEMAIL;TYPE=INTERNET:ada@example.org\nTEL;TYPE=HOME:1\n", "utf-8")
    assert detect(path).name == "unknown"


def test_a_column_without_a_name_shows_by_its_addresses() -> None:
    assert guess_columns(["Name", "x"], [["Ada", "ada@example.org"], ["Bob", ""]]).columns[1] == "email"


def test_the_signature_does_not_depend_on_the_order_of_columns() -> None:
    assert signature(["A b", "C"]) == signature(["c", "a_b"]) != signature(["a"])


GOOGLE = (
    "First Name,Middle Name,Last Name,Nickname,Organization Name,Organization Title,Birthday,Notes,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - City,Address 1 - Country\r\n"
    'Grace,B.,Hopper,Amazing,US Navy,Admiral, --12-09,"one\r\ntwo",* myContacts ::: Navy ::: * starred,'
    "* Work,grace@navy.example ::: g2@navy.example,Mobile,+1 212 555 0199 ::: (212) 555-0198,Arlington,USA\r\n"
)


def test_google_joins_values_in_one_cell_and_marks_its_own_groups(tmp_path: Path) -> None:
    (card,) = read(tmp_path, GOOGLE)
    assert isinstance(card, Card)
    assert [(h.kind, h.key, h.label) for h in card.handles] == [
        ("email", "grace@navy.example", "work"), ("email", "g2@navy.example", "work"),
        ("phone", "+12125550199", "mobile"), ("phone", "2125550198", "mobile"),
    ]  # fmt: skip
    assert (card.name, card.tags, card.place) == ("Grace B. Hopper", ("Navy",), "Arlington, USA")
    assert card.dates == {"birthday": PartialDate(None, 12, 9)}
    assert card.note == "one\ntwo"


OUTLOOK = (
    "First Name,Last Name,Title,Birthday,Anniversary,Notes,E-mail Address,Company Main Phone,Company,Job Title,"
    "Referred By,Hobby,Categories\r\n"
    '"Zoë","Müller","Dr.","2/1/1975","0/0/00","","zoe@example.org","02 123 4567","Brot","Baker","Ada Quill",'
    '"Choir; Rowing","Friends;Work"\r\n'
)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_outlook_is_read_in_each_of_its_encodings(tmp_path: Path, encoding: str) -> None:
    card, *remarks = read(tmp_path, OUTLOOK.encode(encoding))
    assert isinstance(card, Card)
    assert (card.name, card.jobs[0].role, card.tags) == ("Zoë Müller", "Baker", ("Friends", "Work"))
    assert [handle.key for handle in card.handles] == ["zoe@example.org"]
    assert card.dates == {"birthday": PartialDate(1975, None, None)}
    assert [(r.kind, r.text) for r in remarks if isinstance(r, Remark)] == [
        ("interest", "Choir"), ("interest", "Rowing"), ("note", "Referred by Ada Quill."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "header", "row", "name"),
    [
        ("cp1251", "Name,Email", "Иван Петров,ivan@example.org", "Иван Петров"),
        ("cp932", "Name,Email", "山田 太郎,taro@example.org", "山田 太郎"),
        ("cp1252", "Name,Email", "Zoë Müller,zoe@example.org", "Zoë Müller"),
    ],
)
def test_old_encodings_of_other_scripts_are_told(
    tmp_path: Path, encoding: str, header: str, row: str, name: str
) -> None:
    (card,) = read(tmp_path, f"{header}\n{row}\n".encode(encoding))
    assert isinstance(card, Card)
    assert card.name == name


def test_columns_of_the_owners_choice_are_used(tmp_path: Path) -> None:
    text = "wer;wo;was\nAda Quill;ada@example.org;rowing\n"
    with pytest.raises(Invalid):
        read(tmp_path, text)
    card, remark = read(tmp_path, text, columns={"wer": "name", "wo": "email", "was": "interest"})
    assert isinstance(card, Card)
    assert (card.name, card.handles[0].key) == ("Ada Quill", "ada@example.org")
    assert isinstance(remark, Remark)


def test_a_company_without_a_person_is_kept_by_its_name_and_an_empty_row_is_counted(tmp_path: Path) -> None:
    company, empty, wide = read(tmp_path, "Name,Company,Phone\n,Acme,\n,,1\nAda,Acme,1,2\n")
    assert isinstance(company, Card)
    assert company.name == "Acme"
    assert isinstance(empty, Counted)
    assert isinstance(wide, Problem)


def test_samples_of_google_and_outlook_are_found_by_content(shared_data: Path) -> None:
    found = {}
    for path in sorted([*(shared_data / "exports/google").iterdir(), *(shared_data / "exports/outlook").iterdir()]):
        assert detect(path).name == "table"
        found[path.name] = [r.name for r in AddressTableSource(path).records() if isinstance(r, Card)]
    assert found == {
        "contacts_new_2024.csv": ["Grace Brewster Hopper", "翼 愛川"],
        "contacts_old.csv": ["Ada Lovelace"],
        "contacts_outlook_cp1252.csv": ["Bob Builder", "Zoë Straße"],
        "contacts_utf8bom.csv": ["Bob Builder", "Zoë Straße"],
    }

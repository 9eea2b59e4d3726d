"""LDIF: folded and encoded lines, the attributes of Mozilla and of directories, lists, and what is nobody."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from kithbook.core.records import Card, Counted, PartialDate, Problem
from kithbook.sources.base import Record, Source
from kithbook.sources.detect import detect, open_sources
from kithbook.sources.ldif import LARGEST_ENTRY, LdifSource
from tests.sources.conformance import FileConformance

LATEST = 1_800_000_000


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def read(folder: Path, text: str | bytes) -> list[Record]:
    path = folder / "book"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(LdifSource(path, latest=LATEST).records())


def read_one(folder: Path, *lines: str) -> Card:
    (found,) = read(folder, "\n".join(("dn: cn=x", *lines, "")))
    assert isinstance(found, Card), found
    return found


class TestLdifConformance(FileConformance):
    kind = "ldif"
    name = "book.ldif"
    prefix = b"version: 1\r\n\r\n"
    expected = {"Card": 4, "Counted": 1, "Problem": 1}  # noqa: RUF012
    extras = (
        b"dn: cn=Friends\r\nobjectclass: groupOfNames\r\ncn: Friends\r\nmember: cn=Ada,mail=ada@example.org\r\n\r\n",
        b"dn: ou=People\r\nobjectclass: organizationalUnit\r\nou: People\r\ndescription: all of us\r\n\r\n",
        b"some words\r\n\r\n",
    )

    def piece(self, number: int) -> bytes:
        return f"dn: cn=P{number}\r\ncn: Person Number {number}\r\nmail: p{number}@one.example\r\n\r\n".encode()

    def open(self, path: Path) -> Source:
        return LdifSource(path, latest=LATEST)


def test_an_entry_of_thunderbird_is_a_person(tmp_path: Path) -> None:
    found = read_one(
        tmp_path,
        "objectclass: top",
        "objectclass: inetOrgPerson",
        "objectclass: mozillaAbPersonAlpha",
        "givenName: Ada",
        f"sn:: {encoded('Süß')}",
        f"cn:: {encoded('Ada Süß')}",
        "mozillaNickname: Addy",
        "mail: Ada@Example.org",
        "mozillaSecondEmail: ada@home.example",
        "telephoneNumber: +43 1 5877",
        "mobile: +43 664 1234567",
        "facsimileTelephoneNumber: +43 1 58 99",
        "o: Quill & Sons",
        "title: Head of a very ",
        " long title",
        "mozillaHomeLocalityName: Linz",
        "mozillaHomeCountryName: Austria",
        "birthyear: 1980",
        "birthmonth: 6",
        "birthday: 7",
        "jpegPhoto:: /9j/4AAQ",
        " SkZJRgAB",
        "description: Rows at dawn.",
        "modifytimestamp: 1700000000",
    )
    assert (found.name, found.given_name, found.family_name, found.nicknames) == ("Ada Süß", "Ada", "Süß", ("Addy",))
    assert [(handle.kind, handle.key, handle.label) for handle in found.handles] == [
        ("email", "ada@example.org", ""), ("email", "ada@home.example", ""), ("phone", "+4315877", "work"),
        ("phone", "+436641234567", "mobile"),
    ]  # fmt: skip
    assert [(job.organisation, job.role) for job in found.jobs] == [("Quill & Sons", "Head of a very long title")]
    assert (found.place, found.note) == ("Linz, Austria", "Rows at dawn.")
    assert found.dates == {"birthday": PartialDate(1980, 6, 7)}


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("cn: Ada Quill", "sn: Quill"), "Ada Quill"),  # a directory must have the family name
        (("cn: ada", "givenName: Ada", "sn: Quill"), "Ada Quill"),
        (("cn;lang-en: Ada Quill",), "Ada Quill"),
        (("CN: Ada Quill", "mail:< file:///etc/passwd"), "Ada Quill"),
        (("cn:: !!!", "displayName: Ada Quill"), "Ada Quill"),
        (("# cn: Zoe", " Quist", "cn: Ada Quill"), "Ada Quill"),
        (("mail: ada@example.org",), ""),
    ],
)
def test_a_name_is_found_however_it_is_written(tmp_path: Path, lines: tuple[str, ...], name: str) -> None:
    assert read_one(tmp_path, *lines).name == name


def test_what_is_nobody_is_counted_with_its_reason(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "dn: dc=example\nobjectclass: domain\ndescription: us\no: Example\n\n"
        "dn: cn=Ada\nchangetype: delete\n\ndn: cn=\nobjectclass: person\n\n",
    )
    assert [getattr(record, "reason", record) for record in found] == [
        "not a person", "change of an entry", "empty card",
    ]  # fmt: skip


def test_a_list_of_addresses_is_a_group(tmp_path: Path) -> None:
    found = read_one(tmp_path, "objectclass: groupOfNames", "cn: Rowers", "member: cn=Ada,mail=ada@example.org")
    assert (found.name, found.is_group) == ("Rowers", True)


def test_an_old_encoding_is_found_and_told(tmp_path: Path) -> None:
    path = tmp_path / "old.ldif"
    path.write_bytes("dn: cn=x\ncn: Иван Петров\nmail: ivan@example.org\n".encode("cp1251"))
    source = LdifSource(path, latest=LATEST)
    (found,) = source.records()
    assert isinstance(found, Card)
    assert found.name == "Иван Петров"
    assert "Cyrillic" in source.notes[0]


def test_an_entry_without_end_is_a_problem_and_the_next_is_read(tmp_path: Path) -> None:
    huge = b"dn: cn=x\ncn: Ada\njpegPhoto:: " + b"AAAA\n " * (LARGEST_ENTRY // 5) + b"\n\n"
    large, found = read(tmp_path, huge + b"dn: cn=y\ncn: Bob\n")
    assert isinstance(large, Problem)
    assert isinstance(found, Card)
    assert found.name == "Bob"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("version: 1\n\ndn: cn=Ada\ncn: Ada\n", "ldif"),
        ("# made by\n#  hand\n\ndn:: Y249WsO8\nobjectClass: person\nsn: Zü\n", "ldif"),
        ("dn: cn=Ada\nsome: thing\n", "unknown"),
        ("cn: Ada\ndn: cn=Ada\n", "unknown"),
        ("version: 1\nservices:\n  mail: x\n", "unknown"),
    ],
)
def test_it_is_known_by_its_first_entry(tmp_path: Path, text: str, kind: str) -> None:
    path = tmp_path / "file"
    path.write_text(text, "utf-8")
    assert detect(path).name == kind


def test_a_file_in_a_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "abook").write_text("dn: cn=Ada\ncn: Ada\nmail: ada@example.org\n", "utf-8")
    (source,) = open_sources(tmp_path, latest=LATEST)
    assert source.kind == "ldif"
    assert not any(isinstance(record, Counted | Problem) for record in source.records())

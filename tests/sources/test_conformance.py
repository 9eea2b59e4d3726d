"""The conformance suite, applied to every source."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from kithbook.core.records import Card, Counted, Problem
from kithbook.sources.base import Source
from kithbook.sources.linkedin import LinkedInSource
from kithbook.sources.memory import MemorySource
from kithbook.sources.vcard import VcardSource
from tests.sources.conformance import FileConformance, SourceConformance

LATEST = 1_800_000_000


def needs(module: str) -> pytest.MarkDecorator:
    missing = importlib.util.find_spec(f"kithbook.sources.{module}") is None
    return pytest.mark.skipif(missing, reason=f"sources/{module}.py is not there")


class TestMemorySource(SourceConformance):
    kind = "memory"
    expected = {"Card": 2, "Counted": 1, "Problem": 1}  # noqa: RUF012
    items = (
        Card(1, "here", "Ada Fictional"),
        Counted("hidden member", "row 2"),
        Problem("row 3", "This row cannot be read."),
        Card(2, "there", "Bob Made-Up"),
    )

    def make(self, folder: Path) -> Source:
        return MemorySource(self.items)

    def make_reversed(self, folder: Path) -> Source:
        return MemorySource(self.items[::-1])


class TestVcardSource(FileConformance):
    kind = "vcard"
    name = "people.vcf"
    expected = {"Card": 5, "Counted": 1, "Problem": 1}  # noqa: RUF012
    extras = (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nFN;ENCODING=QUOTED-PRINTABLE:Zo=C3=\r\n=AB\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n",
        b"some words\r\n",
        b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:L\xe4tin\r\nPHOTO;ENCODING=b:AAAA\r\n AAAA\r\nEND:VCARD\r\n",
    )

    def piece(self, number: int) -> bytes:
        text = (
            f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u{number}\r\nFN:Person Nº {number}\r\nEMAIL:p{number}@one.example\r\n"
        )
        return f"{text}END:VCARD\r\n".encode()

    def open(self, path: Path) -> Source:
        return VcardSource(path)


class TestLinkedInSource(FileConformance):
    kind = "linkedin"
    name = "Connections.csv"
    prefix = (
        b'\xef\xbb\xbfNotes:\r\n"Some, of the\r\naddresses are missing"\r\n\r\n'
        b"First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n"
    )
    expected = {"Card": 4, "Counted": 1, "Problem": 1}  # noqa: RUF012
    extras = (
        b",,,,,,07 Jun 2026\r\n",
        b'Zo\xc3\xab,"van der Berg, PhD",,,"M\xc3\xbcller, Schmidt",Baker,4-Apr-21\r\n',
        b"only,three,cells\r\n",
    )

    def piece(self, number: int) -> bytes:
        url = f"https://www.linkedin.com/in/person-{number}"
        return f"Person,Number{number},{url},,Works,Engineer,08 Feb 2026\r\n".encode()

    def open(self, path: Path) -> Source:
        return LinkedInSource(path)


def mail_bytes(number: int) -> bytes:
    return (
        f"From: Person {number} <p{number}@one.example>\nTo: me@home.example\nSubject: Lunch {number}\n"
        f"Date: Tue, 0{number % 9 + 1} Mar 2022 10:00:00 +0000\nMessage-ID: <m{number}@one.example>\n\nHello\n"
    ).encode()


@needs("mbox")
class TestMboxSource(FileConformance):
    kind = "mbox"
    name = "inbox"
    expected = {"Mail": 3}  # noqa: RUF012

    def piece(self, number: int) -> bytes:
        return b"From p@one.example Tue Mar  1 10:00:00 2022\n" + mail_bytes(number) + b"\n"

    def open(self, path: Path) -> Source:
        from kithbook.sources.mbox import MboxSource

        return MboxSource(str(path), latest=LATEST)


@needs("eml")
class TestEmlSource(FileConformance):
    kind = "eml"
    name = "one.eml"
    expected = {"Mail": 1}  # noqa: RUF012
    test_memory_does_not_grow_with_the_file = None  # type: ignore[assignment]  # one file holds one mail

    def piece(self, number: int) -> bytes:
        return mail_bytes(number)

    def pieces(self) -> list[bytes]:
        return [self.piece(0)]

    def open(self, path: Path) -> Source:
        from kithbook.sources.eml import EmlSource

        return EmlSource(str(path), latest=LATEST)


@needs("maildir")
class TestMaildirSource(SourceConformance):
    kind = "maildir"
    expected = {"Mail": 3}  # noqa: RUF012

    def make(self, folder: Path) -> Source:
        return self.fill(folder, [0, 1, 2])

    def make_reversed(self, folder: Path) -> Source:
        return self.fill(folder, [2, 1, 0])

    def fill(self, folder: Path, numbers: list[int]) -> Source:
        from kithbook.sources.maildir import MaildirSource

        for name in ("cur", "new", "tmp"):
            (folder / name).mkdir()
        for place, number in enumerate(numbers):
            (folder / "cur" / f"164612{place}.M{place}.host:2,S").write_bytes(mail_bytes(number))
        return MaildirSource(str(folder), latest=LATEST)

"""Bad input: clear words, no traceback, nothing half-written."""

from __future__ import annotations

import base64
import contextlib
import gzip
import io
import os
import random
import resource
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from django.apps import apps

from tests.faces.commanding import Answer, Run, assert_plain, assert_refused, program

MAIL = b"""From anna@example.org Mon Nov  2 09:00:00 2026
From: Anna Berger <anna@example.org>
To: Me <me@example.org>
Date: Mon, 2 Nov 2026 09:00:00 +0000
Message-ID: <1@example.org>
Subject: Lunch?

Body that is never stored.

"""
ME = ("--me", "me@example.org")
SURNAME_GB = "王小明"
LINKEDIN = (
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    "Ana,Berg,https://www.linkedin.com/in/anaberg,,Nova,Owner,08 Feb 2026\n"
)


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


def rows() -> dict[str, int]:
    """How many rows each table has."""
    return {model.__name__: model._default_manager.count() for model in apps.get_app_config("store").get_models()}


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def zipped(name: str, parts: list[bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as file:
        for part in parts:
            file.write(part)
    return held.getvalue()


def folder_without_mail(folder: Path) -> Path:
    inside = folder / "pictures"
    inside.mkdir()
    put(inside, "a.jpg", b"\xff\xd8\xff\xe0" + noise(1_000))
    return inside


def loop(folder: Path) -> Path:
    path = folder / "loop"
    path.symlink_to(path)
    return path


def loop_of_folders(folder: Path) -> Path:
    inside = folder / "round"
    inside.mkdir()
    (inside / "again").symlink_to(inside)
    return inside


def half_a_zip(folder: Path) -> Path:
    whole = zipped("Connections.csv", [LINKEDIN.encode(), noise(20_000)])
    return put(folder, "half.zip", whole[: len(whole) // 2])


def bomb(folder: Path) -> Path:
    return put(folder, "bomb.zip", zipped("Connections.csv", [LINKEDIN.encode(), *[b"A" * 1_000_000] * 210]))


def locked_zip(folder: Path) -> Path:
    content = bytearray(zipped("a.eml", [MAIL]))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + place] |= 1
    return put(folder, "locked.zip", bytes(content))


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "an empty file": (lambda folder: put(folder, "empty.mbox", b""), "empty.mbox cannot be imported. It is empty."),
    "spaces only": (lambda folder: put(folder, "blank", b" \n\n\t\x00"), "It is empty."),
    "an empty folder": (lambda folder: folder, "holds nothing that can be imported"),
    "a folder without mail": (folder_without_mail, "The folder pictures holds nothing that can be imported"),
    "noise": (lambda folder: put(folder, "noise.mbox", noise(20_000_000)), "It holds no readable text."),
    "noise that begins like mail": (
        lambda folder: put(folder, "n.mbox", b"From " + noise(300_000)),
        "no readable text",
    ),
    "a PDF": (lambda folder: put(folder, "a.pdf", b"%PDF-1.7\n" + noise(500)), "It is a PDF."),
    "prose": (lambda folder: put(folder, "a.txt", b"Dear diary. Today I met Anna.\n" * 50), "neither mail nor vCards"),
    "a table with other columns": (lambda folder: put(folder, "t.csv", b"Colour,Size\nred,4\n"), "Colour, Size"),
    "a link to itself": (loop, "loop cannot be read"),
    "a folder that holds itself": (loop_of_folders, "holds nothing that can be imported"),
    "half a zip": (half_a_zip, "half.zip is a broken zip file."),
    "a zip that unpacks to far more": (bomb, "would unpack to"),
    "a zip with a password": (locked_zip, "a.eml in the zip is locked by a password. Unpack it"),
    "a zip in a zip": (
        lambda folder: put(folder, "outer.zip", zipped("inner.zip", [zipped("a.eml", [MAIL])])),
        "It is a zip in a zip; unpack it first.",
    ),
    "mail packed by gzip": (lambda folder: put(folder, "a.mbox.gz", gzip.compress(MAIL)), "gzip; unpack it first"),
    "mail as UTF-16": (lambda folder: put(folder, "a.eml", MAIL.decode().encode("utf-16")), "saved as UTF-16"),
    "a list of feeds": (
        lambda folder: put(folder, "a.opml", b'<?xml version="1.0"?><opml version="2.0"><body/></opml>'),
        "It is a list of feeds (OPML)",
    ),
    "a chat as a web page": (
        lambda folder: put(folder, "messages.html", b"<!DOCTYPE html>\n<html><body>Ada: hello</body></html>"),
        "export chats of Telegram or Facebook as JSON",
    ),
    "a path that is not there": (lambda folder: folder / "nope.mbox", "There is no file or folder"),
    "a name with NUL": (lambda folder: folder / "a\0b", "cannot be read"),
    "a file as a folder": (lambda folder: put(folder, "a.mbox", MAIL) / "inside", "There is no file or folder"),
    "a device": (lambda _: Path("/dev/null"), "It is a device or a pipe"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_holds_nothing_is_refused_in_one_line(what: str, kith: Run, tmp_path: Path) -> None:
    make, said = REFUSED[what]
    before = rows()
    assert_refused(kith("import", make(tmp_path), *ME), said)
    assert rows() == before


def test_an_empty_path_is_not_the_folder_one_stands_in(kith: Run) -> None:
    assert_refused(kith("import", ""), "A path is empty.")


def test_one_bad_file_of_several_stops_the_whole_import(kith: Run, tmp_path: Path) -> None:
    before = rows()
    assert_refused(kith("import", put(tmp_path, "a.mbox", MAIL), tmp_path / "nope", *ME), "There is no file or folder")
    assert rows() == before


@pytest.mark.parametrize("kind", ["banana", "", "\x1b[31m", "x" * 10_000])
def test_an_unknown_kind_is_refused(kind: str, kith: Run, tmp_path: Path) -> None:
    answer = kith("import", put(tmp_path, "a.mbox", MAIL), "--kind", kind, *ME)
    assert_refused(answer, "There is no kind", "mbox, maildir, eml, vcard, linkedin")
    assert "\x1b" not in answer.err


@pytest.mark.parametrize("kind", ["mbox", "maildir", "eml", "linkedin"])
def test_noise_is_no_file_of_the_kind_that_was_said(kind: str, kith: Run, tmp_path: Path) -> None:
    before = rows()
    answer = kith("import", put(tmp_path, "noise", noise(100_000)), "--kind", kind, *ME)
    assert (answer.code, answer.out) == (1, "")
    assert_plain(answer)
    assert "is not" in answer.err
    assert len(answer.err) < 2_000
    assert rows() == before


@pytest.mark.parametrize("address", ["nonsense", "", "@", "a@b@c", "a b@c.org", "x" * 5_000])
def test_an_own_address_that_is_none_is_refused(address: str, kith: Run, tmp_path: Path) -> None:
    before = rows()
    assert_refused(kith("import", put(tmp_path, "a.mbox", MAIL), "--me", address), "is not a mail address")
    assert rows() == before


@contextlib.contextmanager
def without_rights() -> Iterator[None]:
    """Root reads everything: be somebody else for a moment."""
    mine = os.geteuid()
    if mine == 0:
        os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(mine)


def test_a_file_without_read_permission_is_named(kith: Run) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        path = put(folder, "locked.mbox", MAIL)
        assert kith("import", path, *ME, "--dry-run").code == 0  # everything that it needs is loaded now
        path.chmod(0)
        before = rows()
        with without_rights():
            alone, inside = kith("import", path, *ME), kith("import", folder, *ME, "--dry-run", "--json")
    assert_refused(alone, "locked.mbox cannot be read: Permission denied.")
    assert [problem["where"] for problem in inside.data["problems"]] == ["locked.mbox"]
    assert rows() == before


def test_a_truncated_mailbox_keeps_what_is_whole_and_names_the_rest(kith: Run, tmp_path: Path) -> None:
    second = MAIL.replace(b"<1@", b"<2@")
    answer = kith("import", put(tmp_path, "cut.mbox", MAIL + second[:100]), *ME, "--json")
    assert answer.code == 0
    assert (answer.data["records"], answer.data["interactions_added"]) == (2, 1)
    [problem] = answer.data["problems"]
    assert f"byte {len(MAIL)}" in problem["where"]
    assert "ends in the middle" in problem["what"]


CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Paula Photo\r\nEMAIL:p@example.org\r\n%sEND:VCARD\r\n"
PHOTO = b"PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ!!!no base64%%%\r\n \x00\xff\r\n"


def test_a_broken_photo_spoils_neither_the_card_nor_the_next(kith: Run, tmp_path: Path) -> None:
    cards = (CARD % PHOTO) + (CARD % b"").replace(b"Paula Photo", b"Quentin Next").replace(b"p@", b"q@")
    answer = kith("import", put(tmp_path, "cards.vcf", cards), "--json")
    assert (answer.code, answer.data["people_added"]) == (0, 2)
    assert {person["name"] for person in kith("people", "--json").data["people"]} == {"Paula Photo", "Quentin Next"}


NAMES = {
    "raw Latin-1": ("Jörg Müller".encode("latin-1"), "Jörg Müller"),
    "raw UTF-8": ("Jörg Müller".encode(), "Jörg Müller"),
    "GB18030 in an encoded word": (b"=?GB18030?B?%s?=" % base64.b64encode(SURNAME_GB.encode("gb18030")), SURNAME_GB),
    "Latin-1 in an encoded word": (b"=?iso-8859-1?q?J=F6rg_M=FCller?=", "Jörg Müller"),
    "an unknown encoding": (b"=?x-klingon?q?J=C3=B6rg?=", "Jörg"),
}


@pytest.mark.parametrize("what", NAMES)
def test_names_in_other_encodings_are_read(what: str, kith: Run, tmp_path: Path) -> None:
    raw, name = NAMES[what]
    answer = kith("import", put(tmp_path, "a.mbox", MAIL.replace(b"Anna Berger", raw)), *ME, "--json")
    assert (answer.code, answer.data["problems"]) == (0, [])
    assert [person["name"] for person in kith("people", "--json").data["people"]] == [name]


OTHER = b",\n p%d@example.org"
HUGE = {
    "a subject of 1 MB": (b"Lunch?", b"x" * 1_000_000),
    "a name of 10,000 letters": (b"Anna Berger", b"N" * 10_000),
    "50,000 others on it": (b"Me <me@example.org>", b"me@example.org" + b"".join(map(OTHER.__mod__, range(50_000)))),
    "an unknown header of 1 MB": (b"Subject:", b"X-Long: " + b"y" * 1_000_000 + b"\nSubject:"),
    "folded for ever": (b"Lunch?", b"a\n " * 300_000),
    "an address of 10,000 letters": (b"anna@", b"a" * 10_000 + b"@"),
    "a message id of 1 MB": (b"<1@", b"<" + b"1" * 1_000_000 + b"@"),
}  # fmt: skip


@pytest.mark.parametrize("what", HUGE)
def test_huge_headers_are_taken_or_reported(what: str, kith: Run, tmp_path: Path) -> None:
    old, new = HUGE[what]
    after = MAIL.replace(b"<1@", b"<2@").replace(b"anna@", b"bruno@").replace(b"Anna Berger", b"Bruno Costa")
    answer = kith("import", put(tmp_path, "a.mbox", MAIL.replace(old, new, 1) + after), *ME, "--json")
    assert_plain(answer)
    report = answer.data
    assert answer.code == 0
    assert report["records"] == 2
    assert report["interactions_added"] + sum(report["skipped"].values()) + report["problems_count"] == 2
    assert "Bruno Costa" in {person["name"] for person in kith("people", "--json").data["people"]}
    assert_plain(kith("people"))


def test_a_card_with_huge_values_is_cut_to_size(kith: Run, tmp_path: Path) -> None:
    fields = (b"ORG", b"TITLE", b"NOTE", b"TEL", b"CATEGORIES", b"BDAY", b"URL", b"NICKNAME", b"ADR", b"X-ODD", b"UID")
    card = (CARD % b"".join(b"%s:%s\r\n" % (name, b"9" * 50_000) for name in fields)).replace(b"Paula", b"P" * 10_000)
    answer = kith("import", put(tmp_path, "a.vcf", card), "--json")
    assert (answer.code, answer.data["people_added"]) == (0, 1)
    assert kith("person", "p@example.org").code == 0


CONTROLS = b"An\x00na\x1b[31m Ber\x07ger"


@pytest.mark.parametrize("words", [("people",), ("person", "anna@example.org"), ("week",), ("import", "list")])
def test_nothing_in_other_peoples_mail_controls_the_terminal(words: tuple[str, ...], kith: Run, tmp_path: Path) -> None:
    mail = MAIL.replace(b"Anna Berger", CONTROLS).replace(b"Lunch?", b"\x1b]0;owned\x07 \xe2\x80\xae L\x00unch")
    assert kith("import", put(tmp_path, "\x1b[31mred\n\u202e.mbox", mail), *ME).code == 0
    card = CARD % b"NOTE:a\x1b[2Jb\r\nORG:Ev\x1b[31mil\r\nTITLE:x\x9b31my\r\n"
    assert kith("import", put(tmp_path, "a.vcf", card)).code == 0
    for answer in (kith(*words), kith("person", "p@example.org")):
        assert answer.code == 0
        assert not set(answer.out) & {chr(code) for code in (*range(10), *range(11, 32), 127, 0x9B, 0x202E)}


def test_a_file_whose_name_is_no_text_can_be_imported(kith: Run, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.mbox")
    path.write_bytes(MAIL)
    assert kith("import", path, *ME).code == 0
    assert "caf" in kith("import", "list").out
    assert_refused(kith("import", tmp_path / os.fsdecode(b"nope\xe9")), "There is no file or folder")


HOSTILE = {
    "controls": "\x1b[31mred\x07 \x00 \x9b2J",
    "right to left": "\u202egnidaer אבג",
    "SQL": "'; DROP TABLE kith_person; --",
    "HTML": "<script>alert(1)</script>",
    "wild cards": "%_\\*?[",
    "formats": "{0.__class__} %s %(x)s $HOME `id`",
    "100 KB": "x" * 100_000,
    "100 KB of words": "and with " * 11_000,
    "no Unicode": "\udcff\udcfe",
    "emoji": "👩‍👩‍👧‍👦" * 200,
    "marks upon marks": "e" + "\u0301" * 5_000,
    "only spaces": " \t\n\u00a0\u2003 ",
    "a number": "9" * 400,
}


def assert_calm(answer: Answer) -> None:
    """Done, or refused in one line; never a word of the inside."""
    assert answer.code in (0, 1), answer
    assert_plain(answer)
    assert "\x1b" not in answer.out + answer.err
    if answer.code:
        assert answer.out == ""
        assert "\n" not in answer.err.strip()


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_words_are_written_down_or_refused(what: str, kith: Run) -> None:
    text = HOSTILE[what]
    assert kith("met", "Anna Berger").code == 0
    for words in (
        ("met", text), ("met", "Bo", "--at", text, "--interests", text), ("met", "Di", "--through", text),
        ("log", "--", text), ("log", f"coffee with Anna Berger, {text}"), ("log", f"coffee with {text} yesterday"),
        ("gave", "Anna Berger", "item", "--note", text), ("gave", "Anna Berger", text), ("got", text, "advice"),
        ("log", "coffee", "--who", text), ("log", "coffee with Anna", "--who", f"Anna={text}"),
    ):  # fmt: skip
        assert_calm(kith(*words))
    assert kith("person", "Anna Berger").code == 0


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_words_find_nobody_and_break_nothing(what: str, kith: Run) -> None:
    text = HOSTILE[what]
    assert kith("met", "Anna Berger").code == 0
    before = rows()
    for words in (
        ("people", "--", text), ("person", "--", text), ("done", "--", text), ("snooze", "--", text),
        ("skip", "--", text), ("import", "undo", text), ("log", "undo", text),
        ("op", "people", "show", f"--person={text}"), ("op", "people", "search", f"--query={text}"),
        ("restore", text.replace("\0", "")),
    ):  # fmt: skip
        assert_calm(kith(*words))
    assert rows() == before


@pytest.mark.parametrize("number", [-1, 0, 10**30, 2**63, 2**31])
def test_numbers_that_fit_nothing_are_refused_or_harmless(number: int, kith: Run) -> None:
    assert kith("met", "Anna Berger").code == 0
    for words in (
        ("week", "--minutes", number), ("people", "--limit", number), ("people", "--offset", number),
        ("snooze", "1", "--days", number), ("done", "1", "--minutes", number), ("done", number),
        ("op", "people", "search", f"--limit={number}"),
        ("op", "owners", "change-settings", f"--minutes-per-week={number}"),
    ):  # fmt: skip
        assert_calm(kith(*words))


@pytest.mark.parametrize("day", ["2026-13-45", "9999-12-31", "tomorrow", "", "0", "2026-11-22"])
def test_days_that_cannot_be_are_refused(day: str, kith: Run) -> None:
    answer = kith("met", "Zed", "--on", day)
    if day:
        assert_refused(answer)
    else:
        assert answer.code == 0


def test_a_big_file_of_noise_is_refused_without_being_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "noise.mbox"
    with path.open("wb") as file:
        file.write(noise(1_000_000))
        file.truncate(4_000_000_000)  # sparse: four gigabytes in name only
    limit = partial(resource.setrlimit, resource.RLIMIT_DATA, (1_000_000_000, 1_000_000_000))
    answer = program(tmp_path / "home", "import", path, *ME, preexec_fn=limit)
    assert_refused(answer, "It holds no readable text.")


def test_a_report_tells_what_was_left_aside_and_when_an_address_is_missing(kith: Run, tmp_path: Path) -> None:
    put(tmp_path, "a.mbox", MAIL)
    put(tmp_path, "holiday.jpg", b"\xff\xd8\xff\xe0" + noise(500))
    answer = kith("import", tmp_path, "--me", "somebody.else@example.org")
    assert "Of no kind that Kithbook reads: 1 file (holiday.jpg)." in answer.out
    assert "name other addresses of yours with --me" in " ".join(answer.out.split())
    assert "take it back" not in answer.out
    assert kith("import", tmp_path, *ME, "--json").data["left_aside"] == ["holiday.jpg"]

from __future__ import annotations

import importlib.util
import os
import random
import shutil
import tempfile
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.errors import Invalid, NotFound, Unavailable
from kithbook.core.records import Card, Exchange, Mail, Problem
from kithbook.sources.detect import detect, open_sources
from kithbook.sources.sniffing import sniff

LATEST = 1_800_000_000
VCARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nEND:VCARD\r\n"
MAIL = (
    b"Received: from a\nFrom: Ada <ada@works.example>\nTo: me@home.example\n"
    b"Date: Tue, 1 Mar 2022 10:00:00 +0000\n\nHello\n"
)
MBOX = b"From ada@works.example Tue Mar  1 10:00:00 2022\n" + MAIL + b"\n"
LINKEDIN = (
    b'Notes:\n"x, y"\n\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\nAda,F,,,,,08 Feb 2026\n'
)

needs_mail = pytest.mark.skipif(
    any(importlib.util.find_spec(f"kithbook.sources.{name}") is None for name in ("mbox", "maildir", "eml")),
    reason="the mail sources are not there",
)


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def pack(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


class TestDetect:
    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (VCARD, "vcard"),
            (VCARD.decode().encode("utf-16"), "vcard"),
            (VCARD.replace(b"\r\n", b"\r"), "vcard"),
            (b"\xef\xbb\xbf\n" + VCARD.lower(), "vcard"),
            (MBOX, "mbox"),
            (b"\xef\xbb\xbf\r\n" + MBOX.replace(b"\n", b"\r\n"), "mbox"),
            (MAIL, "eml"),
            (b"From ada@works.example\r\n" + MAIL, "eml"),
            (b"1234\n" + MAIL, "eml"),
            (b"From: Ada <ada@works.example>\n\nHello\n", "eml"),
            (b"From: ada@works.example\nand other words\n", "unknown"),
            (b"MIME-Version: 1.0\nContent-Type: text/html\n\nsaved by a browser\n", "unknown"),
            (MAIL.decode().encode("utf-16"), "packed"),
            (b"Subject: with a card\nMIME-Version: 1.0\n\n" + VCARD, "eml"),
            (LINKEDIN, "linkedin-connections"),
            (LINKEDIN.replace(b"\n", b"\r\n").decode().encode("utf-16"), "linkedin-connections"),
            (LINKEDIN.replace(b",", b";"), "linkedin-connections"),
            (b"", "unknown"),
            (b" \n\n", "unknown"),
            (b"Dear Ada, From now on: nothing.\nSee you\n", "unknown"),
            (b"From Russia with love\nYear: 1963\n", "unknown"),
            (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "calendar"),
            (b"\x1f\x8b\x08rest", "packed"),
            (b'{"a": [1, 2, 3], "b": 2, "c": 3}', "unknown"),
        ],
    )
    def test_the_content_tells_the_kind_whatever_the_name(self, tmp_path: Path, content: bytes, name: str) -> None:
        kind = detect(write(tmp_path / "file.vcf.mbox", content))
        assert kind.name == name
        assert kind.reason.endswith(".")

    def test_a_beginning_followed_by_noise_is_no_address_book(self) -> None:
        noise = random.Random(1).randbytes(60_000)
        assert sniff(b"BEGIN:VCARD\r\nVERSION:3.0\r\nNOTE:" + noise).name == "unknown"
        assert sniff(VCARD + b"BEGIN:VCARD\nPHOTO;ENCODING=b:" + noise).name == "vcard"  # one photo gone bad

    def test_folders_and_zips_are_told_apart(self, tmp_path: Path) -> None:
        for name in ("cur", "new", "tmp"):
            (tmp_path / "Maildir" / name).mkdir(parents=True)
        assert detect(tmp_path / "Maildir").name == "maildir"
        assert detect(tmp_path).name == "folder"
        assert detect(pack(tmp_path / "a.zip", {"Connections.csv": LINKEDIN})).name == "linkedin-zip"
        assert detect(pack(tmp_path / "b.zip", {"Takeout/Mail/All mail.mbox": MBOX})).name == "zip"

    def test_a_missing_path_is_not_found(self, tmp_path: Path) -> None:
        for path in (tmp_path / "none", write(tmp_path / "file", b"x") / "below"):
            with pytest.raises(NotFound):
                detect(path)
            with pytest.raises(NotFound):
                open_sources(path, latest=LATEST)
            with pytest.raises(NotFound):
                open_sources(path, kind="vcard", latest=LATEST)

    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        assert detect(tmp_path / "pipe").name == "unknown"

    @given(st.binary(max_size=500))
    def test_any_bytes_have_a_kind(self, content: bytes) -> None:
        assert sniff(content).reason


class TestOpen:
    def test_a_file_is_opened_by_what_it_holds(self, tmp_path: Path) -> None:
        for content, kind in ((VCARD, "vcard"), (LINKEDIN, "linkedin")):
            sources = open_sources(write(tmp_path / "file", content), latest=LATEST)
            assert [source.kind for source in sources] == [kind]
            assert [type(record) for record in sources[0].records()] == [Card]

    @needs_mail
    def test_mail_is_opened_by_its_sources(self, tmp_path: Path) -> None:
        write(tmp_path / "m" / "cur" / "1:2,S", MAIL)
        (tmp_path / "m" / "new").mkdir()
        for path, kind in (
            (write(tmp_path / "a", MBOX), "mbox"),
            (write(tmp_path / "b", MAIL), "eml"),
            (tmp_path / "m", "maildir"),
        ):
            (source,) = open_sources(path, latest=LATEST)
            assert source.kind == kind
            assert [type(record) for record in source.records()] == [Mail]

    def test_a_kind_that_is_asked_for_is_not_guessed(self, tmp_path: Path) -> None:
        (source,) = open_sources(write(tmp_path / "x", MAIL), kind="vcard", latest=LATEST)
        assert source.kind == "vcard"
        assert open_sources(tmp_path / "x", kind="linkedin-zip", latest=LATEST)[0].kind == "linkedin"
        assert len(open_sources(tmp_path, kind="vcard", latest=LATEST)) == 1
        with pytest.raises(Invalid) as caught:
            open_sources(tmp_path / "x", kind="fax", latest=LATEST)
        assert "mbox, maildir, eml, vcard, linkedin" in caught.value.hint

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b"\x00" * 5000, "empty"),
            (random.Random(2).randbytes(70_000), "no readable text"),
            (b"just some words\n", "neither mail nor vCards"),
            (b"\x1f\x8b\x08", "gzip"),
            (b"Order,Amount,Shipped On\na,b,c\n", "Order, Amount, Shipped On"),
            (b"when,what\nMonday,soup\n", "when, what"),
        ],
    )
    def test_what_cannot_be_read_is_refused_in_clear_words(self, tmp_path: Path, content: bytes, words: str) -> None:
        with pytest.raises(Invalid) as caught:
            open_sources(write(tmp_path / "thing.csv", content), latest=LATEST)
        assert words in caught.value.message
        assert "thing.csv" in caught.value.message
        assert caught.value.hint

    def test_a_large_file_of_noise_is_refused_at_once(self, tmp_path: Path) -> None:
        path = write(tmp_path / "noise", random.Random(3).randbytes(1 << 17))
        os.truncate(path, 200 << 20)
        began = time.process_time()
        with pytest.raises(Invalid):
            open_sources(path, latest=LATEST)
        assert time.process_time() - began < 0.5

    def test_a_folder_gives_a_source_for_each_file_in_the_order_of_names(self, tmp_path: Path) -> None:
        write(tmp_path / "b.vcf", VCARD)
        write(tmp_path / "a" / "Connections.csv", LINKEDIN)
        write(tmp_path / "a" / "notes.txt", b"nothing of interest\n")
        write(tmp_path / ".hidden.vcf", VCARD)
        write(tmp_path / ".git" / "x.vcf", VCARD)
        write(tmp_path / "empty.vcf", b"")
        names = [Path(source.path).name for source in open_sources(tmp_path, latest=LATEST)]
        assert names == ["Connections.csv", "b.vcf"]

    def test_links_in_a_circle_end_and_nothing_is_read_twice(self, tmp_path: Path) -> None:
        write(tmp_path / "a" / "x.vcf", VCARD)
        (tmp_path / "a" / "up").symlink_to(tmp_path)
        (tmp_path / "again.vcf").symlink_to(tmp_path / "a" / "x.vcf")
        (tmp_path / "gone.vcf").symlink_to(tmp_path / "nowhere")
        assert len(open_sources(tmp_path, latest=LATEST)) == 1

    @needs_mail
    def test_a_maildir_in_a_folder_is_one_source(self, tmp_path: Path) -> None:
        write(tmp_path / "Mail" / "cur" / "1:2,S", MAIL)
        write(tmp_path / "Mail" / "cur" / "2:2,S", MAIL)
        (tmp_path / "Mail" / "new").mkdir()
        assert [source.kind for source in open_sources(tmp_path, latest=LATEST)] == ["maildir"]

    def test_a_folder_with_nothing_readable_is_refused(self, tmp_path: Path) -> None:
        write(tmp_path / "x.txt", b"words\n")
        with pytest.raises(Invalid) as caught:
            open_sources(tmp_path, latest=LATEST)
        assert "nothing that can be imported" in caught.value.message

    def test_a_broken_file_in_a_folder_becomes_a_problem_beside_the_others(self, tmp_path: Path) -> None:
        write(tmp_path / "a.zip", b"PK\x03\x04 broken")
        write(tmp_path / "b.vcf", VCARD)
        bad, good = open_sources(tmp_path, latest=LATEST)
        assert [type(record) for record in bad.records()] == [Problem]
        assert [type(record) for record in good.records()] == [Card]

    def test_what_must_be_unpacked_first_is_a_problem_and_other_files_are_named(self, tmp_path: Path) -> None:
        write(tmp_path / "a.vcf", VCARD)
        write(tmp_path / "b.vcf.gz", b"\x1f\x8b\x08rest")
        write(tmp_path / "c.jpg", b"\xff\xd8\xff" + random.Random(4).randbytes(500))
        pack(tmp_path / "d.zip", {"e.vcf": VCARD, "f.zip": b"PK\x03\x04", "g.jpg": b"\xff\xd8\xff"})
        aside: list[str] = []
        records = [r for source in open_sources(tmp_path, latest=LATEST, aside=aside) for r in source.records()]
        assert [type(record) for record in records] == [Card, Problem, Card, Problem]
        assert [record.where for record in records if isinstance(record, Problem)] == ["b.vcf.gz", "d.zip/f.zip"]
        assert aside == ["c.jpg", "d.zip/g.jpg"]

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_a_file_that_may_not_be_read_is_unavailable(self, tmp_path: Path) -> None:
        path = write(tmp_path / "x.vcf", VCARD)
        path.chmod(0)
        with pytest.raises(Unavailable):
            open_sources(path, latest=LATEST)

    def test_no_permission_is_said_in_words(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*args: object, **kwargs: object) -> None:
            raise PermissionError(13, "Permission denied")

        path = write(tmp_path / "x.vcf", VCARD)
        monkeypatch.setattr(Path, "open", refuse)
        with pytest.raises(Unavailable) as caught:
            open_sources(path, latest=LATEST)
        assert caught.value.message == "x.vcf cannot be read: Permission denied."


class TestZips:
    def test_the_linkedin_zip_is_one_source(self, tmp_path: Path) -> None:
        path = pack(tmp_path / "Basic_LinkedInDataExport_11-02-2026.zip", {"Connections.csv": LINKEDIN, "x.vcf": VCARD})
        assert [source.kind for source in open_sources(path, latest=LATEST)] == ["linkedin"]

    def test_members_are_read_and_their_copies_deleted(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "t"))
        (tmp_path / "t").mkdir()
        files = {
            "Takeout/Contacts/All.vcf": VCARD,
            "Takeout/.x.vcf": VCARD,
            "__MACOSX/y.vcf": VCARD,
            "index.html": b"<p>",
        }
        (source,) = open_sources(pack(tmp_path / "t.zip", files), latest=LATEST)
        assert (source.kind, source.path) == ("vcard", f"{tmp_path}/t.zip/Takeout/Contacts/All.vcf")
        (record,) = source.records()
        assert isinstance(record, Card)
        assert record.where == "All.vcf, line 1"
        assert list(source.records()) == [record]
        assert list((tmp_path / "t").iterdir()) == []

    @needs_mail
    def test_a_takeout_zip_gives_its_mailboxes(self, tmp_path: Path) -> None:
        files = {"Takeout/Mail/All mail-002.mbox": MBOX, "Takeout/Mail/All mail.mbox": MBOX * 2}
        sources = open_sources(pack(tmp_path / "t.zip", files), latest=LATEST)
        assert [source.kind for source in sources] == ["mbox", "mbox"]
        assert [len(list(source.records())) for source in sources] == [1, 2]

    def test_reading_that_stops_half_way_deletes_the_copy(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "t"))
        (tmp_path / "t").mkdir()
        (source,) = open_sources(pack(tmp_path / "t.zip", {"a.vcf": VCARD * 3}), latest=LATEST)
        reading = source.records()
        next(reading)
        reading.close()  # type: ignore[attr-defined]
        assert list((tmp_path / "t").iterdir()) == []

    @needs_mail
    def test_a_mail_without_a_date_has_that_of_its_member_and_not_of_its_copy(self, tmp_path: Path) -> None:
        for year, at in ((2021, 1_609_556_644), (1980, 0)):
            with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
                member = zipfile.ZipInfo("a.eml", (year, 1, 2, 3, 4, 4))
                archive.writestr(member, b"From: ada@works.example\nTo: me@home.example\n\nHello\n")
            (source,) = open_sources(tmp_path / "t.zip", latest=LATEST)
            (record,) = source.records()
            assert isinstance(record, Mail)
            assert (record.at, record.at_from) == (at, "file")

    def test_the_name_of_a_chats_zip_tells_whom_it_is_with(self, tmp_path: Path) -> None:
        chat = b"[13/01/2024, 10:00:00] Ada: hi\n[13/01/2024, 10:01:00] Bob: hello\n"
        for name, member in (("WhatsApp Chat - Ada.zip", "_chat.txt"), ("x.zip", "WhatsApp Chat - Ada/_chat.txt")):
            (source,) = open_sources(pack(tmp_path / name, {member: chat}), latest=LATEST)
            assert [r.sender.is_me for r in source.records() if isinstance(r, Exchange) and r.sender] == [False, True]

    def test_a_zip_of_many_members_is_opened_once(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = pack(tmp_path / "t.zip", {f"{number}.vcf": VCARD for number in range(5)})
        sources = open_sources(path, latest=LATEST)
        opened = []
        real = zipfile.ZipFile
        monkeypatch.setattr(zipfile, "ZipFile", lambda file: opened.append(file) or real(file))  # type: ignore[func-returns-value]
        assert [len(list(source.records())) for source in sources * 2] == [1] * 10
        assert len(opened) == 2

    def test_a_member_cannot_leave_its_folder(self, tmp_path: Path) -> None:
        (source,) = open_sources(pack(tmp_path / "t.zip", {"../../../evil.vcf": VCARD}), latest=LATEST)
        assert len(list(source.records())) == 1
        assert not (tmp_path.parent / "evil.vcf").exists()

    def test_no_room_on_the_disk_is_said_before_anything_is_written(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (source,) = open_sources(pack(tmp_path / "t.zip", {"a.vcf": VCARD}), latest=LATEST)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
        with pytest.raises(Unavailable) as caught:
            list(source.records())
        assert "no room" in caught.value.message

    def test_a_damaged_member_gives_what_could_be_read_and_a_problem(self, tmp_path: Path) -> None:
        cards = b"".join(VCARD.replace(b"Ada", f"Ada {number * 7919 % 10007}".encode()) for number in range(30_000))
        path = pack(tmp_path / "t.zip", {"a.vcf": cards})
        content = bytearray(path.read_bytes())
        content[len(content) * 2 // 3] ^= 0xFF
        path.write_bytes(content)
        (source,) = open_sources(path, latest=LATEST)
        records = list(source.records())
        assert isinstance(records[0], Card)
        assert isinstance(records[-1], Problem)
        assert "Only the first part of a.vcf" in records[-1].what

    def test_a_zip_with_nothing_readable_or_broken_is_refused(self, tmp_path: Path) -> None:
        for path in (pack(tmp_path / "t.zip", {"a.txt": b"words"}), write(tmp_path / "u.zip", b"PK\x03\x04 broken")):
            with pytest.raises(Invalid):
                open_sources(path, latest=LATEST)

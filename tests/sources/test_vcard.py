from __future__ import annotations

import random
from pathlib import Path

import pytest

from kithbook.core.cards import LEFT_OUT, MAX_MEDIA, write_card
from kithbook.core.errors import NotFound, Unavailable
from kithbook.core.records import Card, Counted, Job, PartialDate, Problem
from kithbook.sources import rawtext
from kithbook.sources.base import Record
from kithbook.sources.vcard import MAX_CARD, VcardSource


def read(folder: Path, content: str | bytes) -> list[Record]:
    path = folder / "people.vcf"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(VcardSource(path).records())


def read_one(folder: Path, body: str | bytes, version: str = "3.0") -> Card:
    body = body.encode() if isinstance(body, str) else body
    found = read(folder, f"BEGIN:VCARD\nVERSION:{version}\n".encode() + body + b"\nEND:VCARD\n")
    assert len(found) == 1
    assert isinstance(found[0], Card), found
    return found[0]


def card(name: str, *lines: str) -> str:
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", f"FN:{name}", *lines, "END:VCARD", ""])


def handles(found: Card) -> list[tuple[str, str, str]]:
    return [(handle.kind, handle.key, handle.label) for handle in found.handles]


def names(records: list[Record]) -> list[str]:
    return [record.name if isinstance(record, Card) else type(record).__name__ for record in records]


class TestFiles:
    def test_cards_come_in_order_and_say_where_they_stand(self, tmp_path: Path) -> None:
        found = read(tmp_path, card("Ada", "TEL:+49 30 1234567") + card("Bob"))
        assert [(item.name, item.where) for item in found if isinstance(item, Card)] == [
            ("Ada", "people.vcf, line 1"),
            ("Bob", "people.vcf, line 6"),
        ]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
    def test_every_kind_of_line_end_is_read(self, tmp_path: Path, end: str) -> None:
        text = (card("Ada", "NOTE:a long", "  note") + card("Bob")).replace("\r\n", end)
        found = read(tmp_path, text)
        assert names(found) == ["Ada", "Bob"]
        assert isinstance(found[0], Card)
        assert found[0].note == "a long note"
        assert isinstance(found[1], Card)
        assert found[1].where == "people.vcf, line 7"

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
    def test_cards_may_lie_across_chunks(self, tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
        text = "﻿" + "".join(card(f"Zoë {number}", "NOTE:one", "  two") for number in range(4)).replace("\n", "\r\n")
        whole = read(tmp_path, text)
        monkeypatch.setattr(rawtext, "CHUNK", size)
        if size > 3:  # a mark and the first zeros must lie in the first chunk
            assert read(tmp_path, text) == whole
        assert read(tmp_path, text.removeprefix("﻿")) == whole

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    def test_wide_encodings_and_marks_are_understood(self, tmp_path: Path, encoding: str) -> None:
        assert names(read(tmp_path, card("Zoë 山田").encode(encoding))) == ["Zoë 山田"]

    @pytest.mark.parametrize(
        ("charset", "written", "language"),
        [
            ("cp1251", ("Иван Петров", "Анна Ершова"), "Cyrillic"), ("cp1253", ("Γιώργος Παππάς",), "Greek"),
            ("cp932", ("山田 太郎",), "Japanese"), ("cp949", ("김철수",), "Korean"), ("cp950", ("陳大文",), "Big5"),
            ("gb18030", ("王二狗 北京大学",), "GB 18030"), ("cp1250", ("Małgorzata", "Paweł"), "Central European"),
            ("cp1252", ("Zoë", "Jörg"), "Western"),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("quoted", [False, True])
    def test_an_old_encoding_that_no_card_names_is_found_from_the_file(
        self, tmp_path: Path, charset: str, written: tuple[str, ...], language: str, quoted: bool
    ) -> None:
        parts = []
        for name in (*written, "Zed"):
            raw = name.encode(charset)
            value = b"".join(b"=%02X" % byte for byte in raw) if quoted else raw
            head = b"FN;ENCODING=QUOTED-PRINTABLE:" if quoted else b"FN:"
            parts.append(b"BEGIN:VCARD\r\nVERSION:2.1\r\n" + head + value + b"\r\nEND:VCARD\r\n")
        path = tmp_path / "old.vcf"
        path.write_bytes(b"".join(parts))
        source = VcardSource(path)
        found = list(source.records())
        assert names(found) == [*written, "Zed"]
        assert len(source.notes) == 1
        assert language in source.notes[0]
        again = [line for item in found if isinstance(item, Card) for line in write_card(item.lines).splitlines()]
        assert [line for line in again if line.startswith("FN:")] == [f"FN:{name}" for name in (*written, "Zed")]

    def test_text_that_says_what_it_is_needs_no_note(self, tmp_path: Path) -> None:
        head = b"BEGIN:VCARD\r\nVERSION:2.1\r\nFN;"
        path = tmp_path / "said.vcf"
        path.write_bytes(
            head + b"CHARSET=windows-1251:" + "Иван".encode("cp1251") + b"\r\nEND:VCARD\r\n"
            + head + b"ENCODING=QUOTED-PRINTABLE:=D0=98=D0=\r\n=B2=D0=B0=D0=BD\r\nEND:VCARD\r\n"
            + "BEGIN:VCARD\r\nFN:Zoë\r\nEND:VCARD\r\n".encode()
        )  # fmt: skip
        source = VcardSource(path)
        assert names(list(source.records())) == ["Иван", "Иван", "Zoë"]
        assert source.notes == ()

    def test_files_joined_with_their_marks_are_read(self, tmp_path: Path) -> None:
        assert names(read(tmp_path, card("Ada").encode("utf-8-sig") * 1 + card("Bob").encode("utf-8-sig"))) == [
            "Ada",
            "Bob",
        ]

    def test_a_card_without_an_end_does_not_swallow_the_next(self, tmp_path: Path) -> None:
        found = read(tmp_path, card("Ada").replace("END:VCARD\r\n", "") + card("Bob"))
        assert names(found) == ["Ada", "Bob"]

    def test_the_last_card_may_lack_its_end(self, tmp_path: Path) -> None:
        assert names(read(tmp_path, card("Ada").replace("END:VCARD\r\n", ""))) == ["Ada"]
        assert names(read(tmp_path, card("Ada").rstrip())) == ["Ada"]

    def test_a_file_cut_off_within_a_line_keeps_the_card_and_says_so(self, tmp_path: Path) -> None:
        found = read(tmp_path, card("Ada", "EMAIL:ada@works.example").split(".exam")[0])
        assert names(found) == ["Ada", "Problem"]
        assert isinstance(found[0], Card)
        assert not found[0].handles
        assert isinstance(found[1], Problem)
        assert "middle of this card" in found[1].what

    def test_text_between_cards_is_one_problem(self, tmp_path: Path) -> None:
        found = read(tmp_path, "hello\nthere\n" + card("Ada") + "\n\n" + card("Bob") + "bye")
        assert names(found) == ["Problem", "Ada", "Bob", "Problem"]
        assert found[0] == Problem("people.vcf, line 1", "Text outside of a card was left out.")

    def test_a_card_with_nobody_in_it_is_counted(self, tmp_path: Path) -> None:
        empty = "BEGIN:VCARD\nVERSION:3.0\nN:;;;;\nUID:1\nPHOTO;ENCODING=b:AAAA\nEND:VCARD\n"
        assert read(tmp_path, empty + card("Ada"))[0] == Counted("empty card", "people.vcf, line 1")

    def test_a_file_without_any_card_is_one_problem(self, tmp_path: Path) -> None:
        assert read(tmp_path, "")[0] == Problem("people.vcf", "There is no vCard in this file.")

    def test_a_huge_card_is_a_problem_and_the_next_one_is_read(self, tmp_path: Path) -> None:
        found = read(tmp_path, card("Ada") + card("Big", "NOTE:" + "x" * (MAX_CARD + 10)) + card("Bob"))
        assert names(found) == ["Ada", "Problem", "Bob"]
        assert found[1] == Problem("people.vcf, line 5", "This card is larger than 4 MB and was left out.")
        assert isinstance(found[2], Card)
        assert found[2].where == "people.vcf, line 10"

    def test_noise_after_a_beginning_is_one_problem(self, tmp_path: Path) -> None:
        noise = random.Random(1).randbytes(3 * MAX_CARD)
        found = read(tmp_path, b"BEGIN:VCARD\r\nVERSION:3.0\r\nNOTE:" + noise)
        assert names(found) == ["Problem"]

    def test_missing_and_unreadable_files_are_told_apart(self, tmp_path: Path) -> None:
        with pytest.raises(NotFound):
            list(VcardSource(tmp_path / "none.vcf").records())
        with pytest.raises(Unavailable):
            list(VcardSource(tmp_path).records())


class TestFields:
    def test_a_name_comes_from_fn_or_n_or_what_else_there_is(self, tmp_path: Path) -> None:
        assert read_one(tmp_path, "FN:\nFN:Zoë Müller\nN:Müller;Zoë").name == "Zoë Müller"
        assert read_one(tmp_path, "N:Müller;Zoë;Anna;Dr.;").name == "Zoë Anna Müller"
        assert read_one(tmp_path, "NICKNAME:Zo,Z").name == "Zo"
        assert read_one(tmp_path, "N:;;;;\nORG:Pizza Napoli;Kitchen").name == "Pizza Napoli"
        assert read_one(tmp_path, "EMAIL:justmail@shop.example").name == ""

    def test_a_card_of_an_organisation_has_no_job_there(self, tmp_path: Path) -> None:
        assert read_one(tmp_path, "ORG:Pizza Napoli\nTEL:+49 30 9991234").jobs == ()

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("N:Müller;Zoë", ("Müller", "Zoë")),
            ("N:Müller", ("Müller", "")),
            ("N:Müller;Zoë,Anna;;;;x;y", ("Müller", "Zoë Anna")),
            ("n:Müller;Zoë;;", ("Müller", "Zoë")),
        ],
    )
    def test_n_may_have_any_number_of_fields(self, tmp_path: Path, line: str, expected: tuple[str, str]) -> None:
        found = read_one(tmp_path, f"{line}\nFN:x")
        assert (found.family_name, found.given_name) == expected

    def test_alternatives_of_one_property_count_once(self, tmp_path: Path) -> None:
        found = read_one(tmp_path, "FN;ALTID=1;LANGUAGE=de:Zoë Müller\nFN;ALTID=1;LANGUAGE=en:Zoe Mueller", "4.0")
        assert found.name == "Zoë Müller"
        assert len(found.lines) == 3

    def test_addresses_numbers_and_profiles_are_normalised_and_labelled(self, tmp_path: Path) -> None:
        found = read_one(
            tmp_path,
            "item1.EMAIL;type=INTERNET;type=pref:Zoe@Brot.example\nitem1.X-ABLabel:_$!<Work>!$_\n"
            "EMAIL;TYPE=HOME:mailto:zoe+x@gmail.com\nTEL;TYPE=CELL,VOICE:+49 151 23456789\n"
            "URL:http\\://www.linkedin.com/in/Zoe-M/\nX-SOCIALPROFILE;TYPE=github:https://github.com/zoe",
        )
        assert handles(found) == [
            ("email", "zoe@brot.example", "work"),
            ("email", "zoe@gmail.com", "home"),
            ("phone", "+4915123456789", "cell"),
            ("url", "linkedin.com/in/zoe-m", ""),
            ("url", "github.com/zoe", "github"),
        ]
        assert found.handles[0].value == "Zoe@Brot.example"

    def test_a_number_as_a_uri_with_extension_is_read(self, tmp_path: Path) -> None:
        found = read_one(tmp_path, 'FN:x\nTEL;VALUE=uri;TYPE="voice,cell";PREF=1:tel:+49-151-23456789;ext=1', "4.0")
        assert handles(found) == [("phone", "+4915123456789;ext=1", "cell")]

    def test_what_colleagues_share_is_no_handle(self, tmp_path: Path) -> None:
        lines = (
            "FN:x\nTEL;TYPE=WORK,FAX:+49 30 1234567\nURL:https://works.example\nURL:https://linkedin.com/company/works"
        )
        assert handles(read_one(tmp_path, lines)) == []
        assert len(read_one(tmp_path, lines).lines) == 5

    def test_what_is_no_address_or_number_stays_in_the_lines_only(self, tmp_path: Path) -> None:
        found = read_one(
            tmp_path, "FN:x\nEMAIL:/o=Org/cn=Recipients/cn=x\nTEL:BusinessPhone\nEMAIL:Zoë <zoe@brot.example>"
        )
        assert handles(found) == [("email", "zoe@brot.example", "")]
        assert "TEL:BusinessPhone" in found.lines

    def test_the_same_address_twice_is_one_handle(self, tmp_path: Path) -> None:
        assert len(read_one(tmp_path, "EMAIL:a@b.example\nEMAIL;TYPE=HOME:A@B.example").handles) == 1

    def test_jobs_pair_organisations_with_titles(self, tmp_path: Path) -> None:
        found = read_one(tmp_path, "FN:x\nORG:IBM;Accounting\nTITLE:Money Counter")
        assert found.jobs == (Job("IBM", "Money Counter"),)
        assert read_one(tmp_path, "FN:x\nORG:A\nORG:B\nTITLE:1\nTITLE:2").jobs == (Job("A", "1"), Job("B", "2"))
        assert read_one(tmp_path, "FN:x\nROLE:Gardener").jobs == (Job("", "Gardener"),)

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("BDAY:--1006", PartialDate(None, 10, 6)),
            ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-10-06", PartialDate(None, 10, 6)),
            ("BDAY:1604-10-06", PartialDate(None, 10, 6)),
            ("BDAY;X-APPLE-OMIT-YEAR=1900:1900-10-06", PartialDate(None, 10, 6)),
            ("BDAY;value=date:2012-06-06", PartialDate(2012, 6, 6)),
        ],
    )
    def test_birthdays_may_lack_their_year(self, tmp_path: Path, line: str, expected: PartialDate) -> None:
        assert read_one(tmp_path, f"FN:x\n{line}").dates == {"birthday": expected}

    def test_a_birthday_that_is_none_spoils_only_itself(self, tmp_path: Path) -> None:
        found = read_one(tmp_path, "FN:x\nBDAY:31.02.1999\nEMAIL:a@b.example")
        assert found.dates == {}
        assert len(found.handles) == 1

    def test_anniversaries_come_from_every_program(self, tmp_path: Path) -> None:
        apple = "FN:x\nitem3.X-ABDATE;type=pref:2011-05-01\nitem3.X-ABLabel:_$!<Anniversary>!$_\nX-ABDATE:1999-01-01"
        assert read_one(tmp_path, apple).dates == {"anniversary": PartialDate(2011, 5, 1)}
        assert read_one(tmp_path, "FN:x\nX-MS-ANNIVERSARY:20110113").dates["anniversary"] == PartialDate(2011, 1, 13)

    def test_tags_place_note_and_nicknames_are_read(self, tmp_path: Path) -> None:
        found = read_one(
            tmp_path,
            "FN:x\nCATEGORIES:VIP,myContacts\\, bakers\nADR;TYPE=HOME:;;Hauptstr. 1;Berlin;;10115;Germany\n"
            "NOTE:likes bread\\, rye\\nonly\nNOTE:two\nNICKNAME:Zo,Zette",
        )
        assert found.tags == ("VIP", "bakers")
        assert found.place == "Berlin, Germany"
        assert found.note == "likes bread, rye\nonly\n\ntwo"
        assert found.nicknames == ("Zo", "Zette")

    def test_groups_are_marked_and_places_counted(self, tmp_path: Path) -> None:
        assert read_one(tmp_path, "FN:Choir\nKIND:group\nMEMBER:urn:uuid:1", "4.0").is_group
        assert read_one(tmp_path, "FN:Choir\nX-ADDRESSBOOKSERVER-KIND:group").is_group
        assert not read_one(tmp_path, "FN:Ada\nKIND:individual", "4.0").is_group
        assert read(tmp_path, card("Town hall", "KIND:location"))[0] == Counted("not a person", "people.vcf, line 1")

    def test_a_nested_agent_is_not_a_person_of_the_file(self, tmp_path: Path) -> None:
        inner = "BEGIN:VCARD\r\nVERSION:2.1\r\nFN:Agent\r\nTEL:+49 30 7654321\r\nEND:VCARD\r\n"
        text = card("Boss").replace("FN:Boss\r\n", f"FN:Boss\r\nAGENT:\r\n{inner}TEL:+49 30 1234567\r\n")
        found = read(tmp_path, text + card("Next"))
        assert names(found) == ["Boss", "Next"]
        assert isinstance(found[0], Card)
        assert handles(found[0]) == [("phone", "+49301234567", "")]
        assert "FN:Agent" in found[0].lines

    def test_an_agent_without_an_end_costs_no_later_card(self, tmp_path: Path) -> None:
        text = card("Boss", "AGENT:", "BEGIN:VCARD", "FN:Agent") + card("Next") + card("Last")
        assert names(read(tmp_path, text)) == ["Boss", "Next", "Last"]

    def test_photos_are_kept_up_to_a_size_and_never_hurt(self, tmp_path: Path) -> None:
        found = read_one(tmp_path, "FN:x\nPHOTO:data:image/png;base64,iVBORw0KGgo=\nEMAIL:a@b.example", "4.0")
        assert "PHOTO:data:image/png;base64,iVBORw0KGgo=" in found.lines
        assert len(found.handles) == 1
        broken = read_one(tmp_path, b"FN:x\nPHOTO;ENCODING=b:\xff\xd8\x00:;\n\xfe!not base64\nEMAIL:a@b.example")
        assert (broken.name, len(broken.handles)) == ("x", 1)
        large = read_one(tmp_path, f"FN:x\nPHOTO;ENCODING=b:{'A' * (MAX_MEDIA + 1)}\nEMAIL:a@b.example")
        assert large.lines[2].startswith(f"{LEFT_OUT}:PHOTO")

    def test_a_broken_line_spoils_neither_the_card_nor_the_file(self, tmp_path: Path) -> None:
        found = read(tmp_path, card("Ada", "X-GARBAGE no colon", ";;;:::", "EMAIL:ada@b.example") + card("Bob"))
        assert names(found) == ["Ada", "Bob"]
        assert isinstance(found[0], Card)
        assert len(found[0].handles) == 1
        assert "X-GARBAGE no colon" in found[0].lines


class TestKeys:
    def test_the_uid_is_the_key_however_it_is_written(self, tmp_path: Path) -> None:
        one = read_one(tmp_path, "UID:urn:uuid:8B574C60-FD7F-4E99-B584-C5DB131AE687\nFN:x")
        two = read_one(tmp_path, "FN:y\nTEL:+49 30 1234567\nUID:urn:uuid:8b574c60-fd7f-4e99-b584-c5db131ae687")
        assert one.key == two.key

    def test_without_a_uid_the_content_is_the_key_in_any_order_and_revision(self, tmp_path: Path) -> None:
        one = read_one(tmp_path, "FN:x\nTEL:+49 30 1234567\nREV:2020\nPRODID:a\nPHOTO;ENCODING=b:AAAA")
        two = read_one(tmp_path, "TEL:+49 30 1234567\nFN:x\nREV:2021\nPRODID:b")
        assert one.key == two.key
        assert one.key != read_one(tmp_path, "FN:x\nTEL:+49 30 1234568").key

    def test_what_is_written_back_is_read_as_the_same_person(self, tmp_path: Path) -> None:
        body = (
            "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Zo=C3=AB\n"
            "FN:Zoë Müller\nTEL;CELL:0151 2345678\nORG:A, B;C"
        )
        before = read_one(tmp_path, body, "2.1")
        after = read(tmp_path, write_card(before.lines))[0]
        assert isinstance(after, Card)
        assert (after.name, after.family_name, after.handles, after.jobs) == (
            before.name, before.family_name, before.handles, before.jobs,
        )  # fmt: skip

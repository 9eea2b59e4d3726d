from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from kithbook.core.errors import Invalid, NotFound, Unavailable
from kithbook.core.records import Card, Counted, Handle, Job, PartialDate, Problem
from kithbook.sources import zips
from kithbook.sources.base import Record
from kithbook.sources.linkedin import LinkedInSource

HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
OLD_HEADER = "First Name,Last Name,Email Address,Company,Position,Connected On\n"
NOTES = 'Notes:\n"When exporting your connection data, you may notice that some are missing."\n\n'
ADA = "Ada,Fictional,https://www.linkedin.com/in/ada-fictional,Ada@Works.example,Works,Engineer,05 Mar 2024\n"
DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "exports" / "linkedin"


def read(folder: Path, content: str | bytes) -> list[Record]:
    path = folder / "Connections.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(LinkedInSource(path).records())


def read_one(folder: Path, row: str, header: str = HEADER) -> Card:
    found = read(folder, header + row)
    assert len(found) == 1
    assert isinstance(found[0], Card), found
    return found[0]


def pack(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


class TestTable:
    def test_a_connection_becomes_a_card(self, tmp_path: Path) -> None:
        found = read_one(tmp_path, ADA)
        assert (found.name, found.given_name, found.family_name) == ("Ada Fictional", "Ada", "Fictional")
        assert found.handles == (
            Handle("url", "https://www.linkedin.com/in/ada-fictional", "linkedin.com/in/ada-fictional", "linkedin"),
            Handle("email", "ada@works.example", "ada@works.example"),
        )
        assert found.jobs == (Job("Works", "Engineer"),)
        assert found.connected_on == PartialDate(2024, 3, 5)
        assert found.where == "Connections.csv, line 2"

    @pytest.mark.parametrize(
        "preamble",
        ["", NOTES, "﻿" + NOTES, '"Notes:"\n"one, two"\n\n', "﻿", '"Notes:"\n"over\nseveral, lines"\n\n\n'],
    )
    def test_the_header_is_found_by_its_content(self, tmp_path: Path, preamble: str) -> None:
        found = read(tmp_path, preamble + HEADER + ADA)
        assert [type(record) for record in found] == [Card]
        assert isinstance(found[0], Card)
        assert found[0].where == f"Connections.csv, line {preamble.count(chr(10)) + 2}"

    def test_the_older_table_has_no_url_column(self, tmp_path: Path) -> None:
        found = read_one(tmp_path, "Ada,Fictional,ada@works.example,Works,Engineer,05 Mar 2019\n", OLD_HEADER)
        assert [handle.kind for handle in found.handles] == ["email"]
        assert found.connected_on == PartialDate(2019, 3, 5)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    def test_every_encoding_that_a_spreadsheet_writes_is_read(self, tmp_path: Path, encoding: str) -> None:
        text = HEADER + ADA.replace("Ada,", "Zoë,").replace("Works,", "Müller,")
        found = read(tmp_path, text.replace("\n", "\r\n").encode(encoding))
        assert isinstance(found[0], Card)
        assert (found[0].given_name, found[0].jobs[0].organisation) == ("Zoë", "Müller")

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_separators_and_line_ends_of_spreadsheets_are_read(self, tmp_path: Path, separator: str, end: str) -> None:
        text = (HEADER + ADA + ADA.replace("ada-f", "bob-f")).replace(",", separator).replace("\n", end)
        assert [type(record) for record in read(tmp_path, text)] == [Card, Card]

    def test_hidden_members_are_counted_and_not_made(self, tmp_path: Path) -> None:
        assert read(tmp_path, HEADER + ",,,,,,07 Jun 2026\n" + ADA)[0] == Counted(
            "hidden member", "Connections.csv, line 2"
        )

    def test_blank_rows_and_spare_cells_are_nothing(self, tmp_path: Path) -> None:
        found = read(tmp_path, HEADER + "\n,,,,,,\n" + ADA.replace("2024", "2024,,,") + "\n\n")
        assert [type(record) for record in found] == [Card]

    def test_a_row_of_another_width_is_a_problem(self, tmp_path: Path) -> None:
        found = read(tmp_path, HEADER + "Ada,Fictional,x\n" + ADA)
        assert found[0] == Problem("Connections.csv, line 2", "This row has 3 cells where the header has 7.")
        assert isinstance(found[1], Card)

    def test_a_quote_that_never_closes_costs_one_row(self, tmp_path: Path) -> None:
        rows = '"Bob,Lee,,,,,05 Mar 2024\n' + ADA + 'Tim "T,Row,,,,,05 Mar 2024\n'
        found = read(tmp_path, HEADER + rows)
        assert [type(record) for record in found] == [Problem, Card, Card]

    def test_a_quoted_cell_may_hold_commas_quotes_and_lines(self, tmp_path: Path) -> None:
        found = read_one(tmp_path, 'Bob,,,,"Weaviate ""W"", Inc.","Head of\nSales",31 Dec 2019\n')
        assert found.jobs == (Job('Weaviate "W", Inc.', "Head of\nSales"),)
        assert found.name == "Bob"

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("08 Feb 2026", PartialDate(2026, 2, 8)),
            ("4-Apr-21", PartialDate(2021, 4, 4)),
            ("2021-04-08", PartialDate(2021, 4, 8)),
            ("08.02.2026", PartialDate(2026, 2, 8)),
            ("", None),
            ("some day", None),
        ],
    )
    def test_dates_are_read_in_linkedins_and_in_excels_form(
        self, tmp_path: Path, written: str, expected: PartialDate | None
    ) -> None:
        assert read_one(tmp_path, f"Ada,Fictional,,,,,{written}\n").connected_on == expected

    def test_credentials_and_emoji_go_out_of_the_name_into_tags(self, tmp_path: Path) -> None:
        found = read_one(tmp_path, '🚀 Zoë (Zo),"van der Berg, PhD",,,,,05 Mar 2024\n')
        assert (found.name, found.tags, found.nicknames) == ("Zoë van der Berg", ("PhD",), ("Zo",))

    def test_wrong_columns_are_named_beside_the_right_ones(self, tmp_path: Path) -> None:
        with pytest.raises(Invalid) as caught:
            read(tmp_path, "Name,Given Name,E-mail 1 - Value\nAda,Ada,ada@works.example\n")
        assert "Name, Given Name, E-mail 1 - Value" in caught.value.message
        assert "Connected On" in caught.value.message
        assert caught.value.hint

    def test_a_line_without_end_is_not_held_in_memory(self, tmp_path: Path) -> None:
        found = read(tmp_path, HEADER.encode() + b"x" * (3 << 20) + b"\n" + ADA.encode())
        assert [type(record) for record in found] == [Problem, Card]


class TestKeys:
    def test_the_profile_is_the_key_however_it_is_written(self, tmp_path: Path) -> None:
        written = ["https://www.linkedin.com/in/zo%C3%AB-berg-1", "http://de.linkedin.com/in/Zoë-Berg-1/?trk=x"]
        keys = {read_one(tmp_path, f"Zoë,Berg{number},{url},,,,\n").key for number, url in enumerate(written)}
        assert len(keys) == 1

    def test_without_a_profile_name_and_company_are_the_key(self, tmp_path: Path) -> None:
        def key(name: str, company: str, position: str) -> int:
            return read_one(tmp_path, f"{name},Fictional,,,{company},{position},05 Mar 2024\n").key

        assert key("Ada", "Works", "Engineer") == key("ADA", "works", "Director")
        assert len({key("Ada", "Works", ""), key("Ada", "Other", ""), key("Bob", "Works", "")}) == 3


class TestZip:
    FILES: dict[str, str | bytes] = {  # noqa: RUF012  never changed
        "Connections.csv": NOTES + HEADER + ADA,
        "Email Addresses.csv": "Email Address,Confirmed,Primary,Updated On\nOld@home.example,No,No,\n"
        'second@home.example,Yes,No,\nNettie@Home.example,Yes,Yes,"5/1/19, 2:22 PM"\n',
        "Profile.csv": 'First Name,Last Name,Maiden Name,Headline\nNettie,"Keeperton, MBA",,Baker\n',
        "messages.csv": "CONVERSATION ID\n",
    }

    def test_the_zip_gives_connections_and_the_owner(self, tmp_path: Path) -> None:
        source = LinkedInSource(pack(tmp_path / "Basic_LinkedInDataExport_11-02-2026.zip", self.FILES))
        assert [type(record) for record in source.records()] == [Card]
        assert source.owner_addresses() == ("nettie@home.example", "second@home.example")
        assert source.owner_name() == "Nettie Keeperton"

    def test_files_in_a_folder_of_the_zip_are_found(self, tmp_path: Path) -> None:
        files = {f"Export/{name}": content for name, content in self.FILES.items()}
        source = LinkedInSource(pack(tmp_path / "x.zip", files))
        assert len(list(source.records())) == 1
        assert source.owner_name() == "Nettie Keeperton"

    def test_an_unpacked_export_knows_its_owner_too(self, tmp_path: Path) -> None:
        for name, content in self.FILES.items():
            (tmp_path / name).write_text(str(content), encoding="utf-8")
        source = LinkedInSource(tmp_path / "Connections.csv")
        assert source.owner_addresses()[0] == "nettie@home.example"

    def test_without_these_files_the_owner_stays_unknown(self, tmp_path: Path) -> None:
        source = LinkedInSource(pack(tmp_path / "x.zip", {"Connections.csv": HEADER}))
        assert source.owner_addresses() == ()
        assert source.owner_name() == ""
        assert LinkedInSource(tmp_path / "none").owner_name() == ""

    def test_a_zip_without_connections_says_what_to_ask_linkedin_for(self, tmp_path: Path) -> None:
        with pytest.raises(Invalid) as caught:
            list(LinkedInSource(pack(tmp_path / "x.zip", {"Profile.csv": "x"})).records())
        assert "Connections" in caught.value.hint

    def test_a_zip_cut_off_anywhere_is_invalid_with_a_hint(self, tmp_path: Path) -> None:
        whole = pack(tmp_path / "x.zip", self.FILES).read_bytes()
        for length in range(4, len(whole), 13):
            (tmp_path / "x.zip").write_bytes(whole[:length])
            with pytest.raises(Invalid) as caught:
                list(LinkedInSource(tmp_path / "x.zip").records())
            assert "broken zip" in caught.value.message
            assert caught.value.hint

    def test_damage_inside_the_zip_is_a_clear_word_and_no_traceback(self, tmp_path: Path) -> None:
        rows = "".join(ADA.replace("Works", str(number * 7919 % 100_003)) for number in range(6000))
        whole = pack(tmp_path / "x.zip", {"Connections.csv": HEADER + rows}).read_bytes()
        outcomes = set()
        for place in range(40, len(whole), len(whole) // 12):
            (tmp_path / "x.zip").write_bytes(whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :])
            try:
                outcomes |= {type(record) for record in LinkedInSource(tmp_path / "x.zip").records()}
            except Invalid:
                outcomes.add(Invalid)
        assert {Card, Problem, Invalid} <= outcomes

    def test_a_zip_bomb_is_refused_before_it_is_unpacked(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(zips, "MAX_MEMBER", 1000)
        monkeypatch.setattr(zips.read_member, "__kwdefaults__", {"limit": 1000})
        with pytest.raises(Invalid) as caught:
            list(LinkedInSource(pack(tmp_path / "x.zip", {"Connections.csv": HEADER + ADA * 1000})).records())
        assert "would unpack to" in caught.value.message

    def test_a_locked_zip_says_so(self, tmp_path: Path) -> None:
        whole = bytearray(pack(tmp_path / "x.zip", {"Connections.csv": HEADER + ADA}).read_bytes())
        whole[6] |= 1
        whole[whole.rindex(b"PK\x01\x02") + 8] |= 1
        (tmp_path / "x.zip").write_bytes(whole)
        with pytest.raises(Invalid) as caught:
            list(LinkedInSource(tmp_path / "x.zip").records())
        assert "locked by a password" in caught.value.message


def test_missing_and_unreadable_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        list(LinkedInSource(tmp_path / "none.csv").records())
    with pytest.raises(Unavailable):
        list(LinkedInSource(tmp_path).records())


def test_a_member_that_lies_about_its_size_stops_at_the_limit() -> None:
    stream = zips._Bounded(io.BytesIO(b"x" * 100), 10)
    with pytest.raises(zips.DamagedZip):
        stream.read(100)


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data folder is not there")
class TestSamples:
    def test_the_new_sample_has_three_people_and_a_hidden_member(self) -> None:
        source = LinkedInSource(DATA / "Connections.csv")
        found = list(source.records())
        assert [record.name if isinstance(record, Card) else type(record).__name__ for record in found] == [
            "Ada Fictional", "Zoë van der Berg", "Counted", "Bob",
        ]  # fmt: skip
        assert isinstance(found[1], Card)
        assert found[1].handles[0].key == "linkedin.com/in/zoë-van-der-berg-1a2b3c"
        assert found[1].jobs == (Job('Weaviate "W", Inc.', "Account Executive"),)
        assert source.owner_addresses() == ("nettie@keeperton.example",)

    def test_the_old_sample_has_one_person(self) -> None:
        found = list(LinkedInSource(DATA / "Connections_old_no_url.csv").records())
        assert len(found) == 1
        assert isinstance(found[0], Card)
        assert found[0].connected_on == PartialDate(2019, 3, 5)

"""WhatsApp chats of all phones and languages: order of dates, clocks, names, notices of the app."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kithbook.core.errors import Invalid
from kithbook.core.records import Exchange
from kithbook.sources.base import Record, Source
from kithbook.sources.detect import detect, open_sources
from kithbook.sources.whatsapp import MonthFirst, WhatsAppSource
from tests.sources.conformance import FileConformance

LATEST = 1_800_000_000


def read(folder: Path, *lines: str, source: type[WhatsAppSource] = WhatsAppSource) -> list[Record]:
    path = folder / "chat.txt"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert detect(path).name == "whatsapp"
    return list(source(path, latest=LATEST).records())


def times(records: list[Record]) -> list[str]:
    return [f"{dt.datetime.fromtimestamp(r.at, dt.UTC):%Y-%m-%d %H:%M:%S}" for r in records if isinstance(r, Exchange)]


class TestWhatsAppConformance(FileConformance):
    kind = "whatsapp"
    name = "chat.txt"
    extras = (b"31.12.23, 21:40 - Nachrichten und Anrufe sind verschl\xc3\xbcsselt.\n",)
    expected = {"Exchange": 3, "Counted": 1}  # noqa: RUF012

    def piece(self, number: int) -> bytes:
        return (
            f"{number % 28 + 1:02d}.01.24, {number // 28 % 24:02d}:{number // 672:02d} - Ada: line {number}\n".encode()
        )

    def open(self, path: Path) -> Source:
        return WhatsAppSource(path, latest=LATEST)


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("12/31/23, 9:41\u202fPM - Ada: hi", "2023-12-31 21:41:00"),
        ("1/13/24, 12:05 AM - Ada: hi", "2024-01-13 00:05:00"),
        ("[31/12/2023, 21:41:09] Ada: hi", "2023-12-31 21:41:09"),
        ("31.12.23, 21:41 - Ada: hi", "2023-12-31 21:41:00"),
        ("[12.3.2022 klo 14.08.18] Ada: hi", "2022-03-12 14:08:18"),
        ("31/12/23, 9:41 p. m. - Ada: hi", "2023-12-31 21:41:00"),
        ("2024/01/28, 15:30 - Ada: hi", "2024-01-28 15:30:00"),
        ("2024-01-28 15:30 - Ada: hi", "2024-01-28 15:30:00"),
        ("28/01/2024 15:30 - Ada: hi", "2024-01-28 15:30:00"),
        ("\u200e[13/01/2024, 08:15:00] ~\u202fAda: hi", "2024-01-13 08:15:00"),
        ("13.06.18 21:25:15: Ada: hi", "2018-06-13 21:25:15"),
        ("13. 6. 2018. 21:25 - Ada: hi", "2018-06-13 21:25:00"),
        ("[2018. 6. 13. \uc624\ud6c4 9:25:00] Ada: hi", "2018-06-13 21:25:00"),
        ("2018\ub144 6\uc6d4 13\uc77c \uc624\uc804 9:25 - Ada: hi", "2018-06-13 09:25:00"),
        ("[2018/6/13 \u4e0b\u53489:25:00] Ada: hi", "2018-06-13 21:25:00"),
        (
            "\u200f\u0661\u0663\u200f/\u0666\u200f/\u0662\u0660\u0661\u0668\u060c \u0669:\u0662\u0665 \u0645 - Ada: hi",
            "2018-06-13 21:25:00",
        ),
        ("13.6.2018 \u0433., 21:25 \u0447. - Ada: hi", "2018-06-13 21:25:00"),
        ("13/6/18, 9:25 \u03bc.\u03bc. - Ada: hi", "2018-06-13 21:25:00"),
        ("21:25, 13/06/2018 - Ada: hi", "2018-06-13 21:25:00"),
        ("13/6/2561 21:25 - Ada: hi", "2018-06-13 21:25:00"),
        ("2018-06-13 21 h 25 - Ada: hi", "2018-06-13 21:25:00"),
    ],
)
def test_every_phones_way_to_write_a_time_is_read(tmp_path: Path, line: str, at: str) -> None:
    found = read(tmp_path, line)
    assert times(found) == [at]
    assert isinstance(found[0], Exchange)
    assert found[0].sender
    assert found[0].sender.name == "Ada"


def test_a_chat_quoted_in_a_message_is_no_part_of_the_chat(tmp_path: Path) -> None:
    lines = [
        "13.01.24, 10:00 - Ada: look:",
        "[09:00, 12/1/2024] Zoe: hi",
        "12.01.24 09:00: Zoe: hi",
        "[12.01.24, 09:00:00] Zoe: hi",
    ]
    assert times(read(tmp_path, *lines, "13.01.24, 10:05 - Bob: well")) == [
        "2024-01-13 10:00:00",
        "2024-01-13 10:05:00",
    ]


def test_a_group_and_what_the_app_says_in_somebodys_name_are_no_people(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "[13/01/2024, 10:00:00] Book Club: \u200eMessages and calls are end-to-end encrypted.",
        "[13/01/2024, 10:00:00] Book Club: \u200eYou were added",
        "[13/01/2024, 10:01:00] Ada: \u200eAda added Carla",
        "[13/01/2024, 10:02:00] Ada: hello",
        "[13/01/2024, 10:03:00] Bob: \u200eimage omitted",
        "[13/01/2024, 10:04:00] Carla: hi",
    )
    assert [type(record).__name__ for record in found] == ["Counted"] * 3 + ["Exchange"] * 3
    first = found[3]
    assert isinstance(first, Exchange)
    assert {party.name for party in first.others} == {"Bob", "Carla"}
    plain = read(
        tmp_path, "13.01.24, 10:00 - Club: Messages and calls are end-to-end encrypted.", "13.01.24, 10:01 - Ada: a"
    )
    assert [type(record).__name__ for record in plain] == ["Counted", "Exchange"]


def test_the_lines_of_a_programs_log_are_no_chat(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("[2024-01-13 10:00:00] app.INFO: started\n[2024-01-13 10:00:01] app.ERROR: failed\n")
    assert detect(path).name == "unknown"


def test_the_name_of_the_file_tells_who_exported_a_chat_of_two(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat with Ada Lum (1).txt"
    path.write_text("13.01.24, 10:00 - Ada Lum: hi\n13.01.24, 10:01 - Bob Owner: hello\n", "utf-8")
    theirs, mine = WhatsAppSource(path, latest=LATEST).records()
    assert isinstance(theirs, Exchange)
    assert isinstance(mine, Exchange)
    assert theirs.sender
    assert mine.sender
    assert (theirs.sender.is_me, mine.sender.is_me) == (False, True)
    path.rename(tmp_path / "chat.txt")
    assert not any(
        r.sender.is_me
        for r in WhatsAppSource(tmp_path / "chat.txt", latest=LATEST).records()
        if isinstance(r, Exchange) and r.sender
    )


def test_a_later_day_tells_the_order_of_an_earlier_one(tmp_path: Path) -> None:
    assert times(read(tmp_path, "1/2/24, 10:00 - Ada: a", "1/13/24, 10:00 - Ada: b"))[0] == "2024-01-02 10:00:00"
    assert times(read(tmp_path, "1/2/24, 10:00 - Ada: a", "13/2/24, 10:00 - Ada: b"))[0] == "2024-02-01 10:00:00"


def test_time_running_forward_tells_the_order_where_no_day_does(tmp_path: Path) -> None:
    lines = ("[01/02/2024, 10:00:00] Ada: a", "[03/02/2024, 10:00:00] Bob: b", "[02/03/2024, 10:00:00] Ada: c")
    assert times(read(tmp_path, *lines)) == ["2024-02-01 10:00:00", "2024-02-03 10:00:00", "2024-03-02 10:00:00"]


def test_a_date_that_can_be_read_both_ways_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="day or the month"):
        read(tmp_path, "[01/02/2024, 10:00:00] Ada: a")
    assert times(read(tmp_path, "[01/02/2024, 10:00:00] Ada: a", source=MonthFirst)) == ["2024-01-02 10:00:00"]
    (source,) = open_sources(tmp_path / "chat.txt", kind="whatsapp-dmy", latest=LATEST)
    assert times(list(source.records())) == ["2024-02-01 10:00:00"]


def test_notices_go_on_lines_and_colons_are_told_from_messages(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "13.01.24, 10:00 - Messages and calls are end-to-end encrypted.",
        "13.01.24, 10:01 - Ada: first",
        "second line: with a colon",
        "13.01.24, 10:02 - Bob: note: this",
        "13.01.24, 10:03 - Ada added Carla",
        "13.01.24, 10:03 - +43 664 1234567: <Media omitted>",
        "13.01.24, 25:03 - Ada: no such hour",
    )
    assert Counter(type(record).__name__ for record in found) == {"Counted": 2, "Exchange": 3, "Problem": 1}
    bob, number = (record for record in found if isinstance(record, Exchange) and record.sender != found[1].sender)  # type: ignore[union-attr]
    assert bob.sender
    assert bob.sender.name == "Bob"
    assert number.sender
    assert number.sender.handles[0].kind == "phone"
    assert {party.name for party in bob.others} == {"Ada", ""}


def test_the_same_words_twice_in_a_minute_are_two_and_stay_two(tmp_path: Path) -> None:
    lines = ["13.01.24, 10:00 - Ada: ok", "13.01.24, 10:00 - Ada: ok"]
    first, again = read(tmp_path, *lines), read(tmp_path, *lines, "13.01.24, 10:05 - Bob: well")
    keys = [record.key for record in first if isinstance(record, Exchange)]
    assert len(set(keys)) == 2
    assert keys == [record.key for record in again if isinstance(record, Exchange)][:2]


def test_times_are_those_of_the_owners_zone(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text("13.07.24, 10:00 - Ada: hi\n")
    (found,) = WhatsAppSource(path, latest=LATEST, zone=ZoneInfo("Europe/Vienna")).records()
    assert times([found]) == ["2024-07-13 08:00:00"]


def test_samples_of_nine_phones_are_read(shared_data: Path) -> None:
    folder = shared_data / "exports" / "whatsapp"
    counts = {
        path.stem: len(times(list(WhatsAppSource(path, latest=LATEST).records()))) for path in sorted(folder.iterdir())
    }
    assert counts == {
        "android_de": 2, "android_en_US_12h": 4, "android_es_pm": 2, "android_ja": 1, "android_pt_BR_nocomma": 1,
        "android_sv_iso": 1, "ios_ambiguous_all_below_13": 3, "ios_en_GB_24h": 3, "ios_fi": 2,
    }  # fmt: skip

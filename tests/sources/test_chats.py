"""Telegram, Facebook and phone logs: who, when, in which direction; broken ends and odd items spoil nothing else."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kithbook.core.records import Card, Counted, Exchange, Problem
from kithbook.sources.base import Record, Source
from kithbook.sources.detect import detect, open_sources
from kithbook.sources.facebook import FacebookSource, mend
from kithbook.sources.phonelog import PhoneLogSource
from kithbook.sources.telegram import TelegramSource
from tests.sources.conformance import FileConformance, SourceConformance

LATEST = 1_800_000_000
START = int(dt.datetime(2024, 1, 1, tzinfo=dt.UTC).timestamp())


def write(folder: Path, content: Any, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def kinds(records: list[Record]) -> dict[str, int]:
    return dict(Counter(type(record).__name__ for record in records))


def telegram_message(number: int, sender: str = "Ada", **more: object) -> dict[str, object]:
    plain = {"id": number, "type": "message", "date_unixtime": str(START + number), "from": sender, "text": "x",
             "from_id": {"Ada": "user7", "Me": "user1", "Bob": "user8"}.get(sender, "")}  # fmt: skip
    return plain | more


def telegram_chat(*messages: object, kind: str = "personal_chat", name: str = "Ada", key: int = 7) -> dict[str, object]:
    return {"name": name, "type": kind, "id": key, "messages": list(messages)}


def telegram_export(*chats: object) -> dict[str, object]:
    return {
        "personal_information": {"user_id": 1, "first_name": "Me"},
        "contacts": {"list": [{"first_name": "Ada", "last_name": "Quill", "phone_number": "0043 664 1234567"}]},
        "chats": {"about": "x", "list": list(chats)},
    }


class TestTelegramConformance(SourceConformance):
    kind = "telegram"
    expected = {"Exchange": 3, "Counted": 1, "Problem": 1, "Card": 1}  # noqa: RUF012

    def numbered(self, folder: Path, numbers: list[int], *others: object) -> Source:
        messages = [telegram_message(number) for number in numbers]
        path = write(folder, telegram_export(telegram_chat(*messages, *others)))
        return TelegramSource(path, latest=LATEST)

    def make(self, folder: Path) -> Source:
        return self.numbered(folder, [1, 2, 3], {"type": "service", "action": "pin_message"}, "no object")

    def make_reversed(self, folder: Path) -> Source:
        return self.numbered(folder, [3, 2, 1])

    def test_a_file_cut_off_anywhere_gives_a_problem(self, tmp_path: Path) -> None:
        whole = write(tmp_path, telegram_export(telegram_chat(*map(telegram_message, range(1, 4))))).read_bytes()
        for length in range(0, len(whole), 7):
            found = list(TelegramSource(write(tmp_path, whole[:length]), latest=LATEST).records())
            assert sum(isinstance(record, Problem) for record in found) == 1


def test_a_telegram_export_knows_its_owner(tmp_path: Path) -> None:
    group = telegram_chat(
        telegram_message(1, "Bob"), telegram_message(2, "Me"), telegram_message(3, "Ada"), kind="private_group", key=9
    )
    found = list(TelegramSource(write(tmp_path, telegram_export(group)), latest=LATEST).records())
    first, mine, _ = (record for record in found if isinstance(record, Exchange))
    assert first.sender
    assert first.sender.name == "Bob"
    assert [(party.name, party.is_me) for party in first.others] == [("Me", True), ("Ada", False)]
    assert mine.sender
    assert mine.sender.is_me


def test_calls_have_minutes_and_missed_ones_do_not_count(tmp_path: Path) -> None:
    call = {"type": "service", "action": "phone_call", "actor": "Ada", "actor_id": "user7"}
    chat = telegram_chat(
        {**call, "id": 1, "date_unixtime": str(START), "duration_seconds": 65},
        {**call, "id": 2, "date_unixtime": str(START), "discard_reason": "missed"},
    )
    found = list(TelegramSource(write(tmp_path, telegram_export(chat)), latest=LATEST).records())
    calls = [record for record in found if isinstance(record, Exchange)]
    assert [(call.channel, call.minutes, call.counts) for call in calls] == [("call", 2, True), ("call", None, False)]


def test_bots_channels_and_saved_messages_are_nobody(tmp_path: Path) -> None:
    chats = [telegram_chat(telegram_message(1), kind=kind) for kind in ("bot_chat", "saved_messages", "public_channel")]
    found = list(TelegramSource(write(tmp_path, telegram_export(*chats)), latest=LATEST).records())
    assert kinds(found) == {"Card": 1, "Counted": 3}


def test_a_single_old_chat_is_read_with_its_partner(tmp_path: Path) -> None:
    chat = telegram_chat(
        {"id": 1, "type": "message", "date": "2018-01-01T10:30:00", "from": "Ada", "from_id": 4321, "text": ""},
        {"id": 2, "type": "message", "date": "2018-01-01T10:31:00", "from": "Nettie", "from_id": 99, "text": ""},
    )
    assert detect(write(tmp_path, chat)).name == "telegram"
    (theirs, mine) = TelegramSource(tmp_path / "file", latest=LATEST).records()
    assert isinstance(theirs, Exchange)
    assert isinstance(mine, Exchange)
    assert theirs.sender
    assert not theirs.sender.is_me
    assert mine.sender
    assert mine.sender.is_me


def facebook_message(number: int, sender: str = "Ada") -> dict[str, object]:
    return {"sender_name": sender, "timestamp_ms": (START + number) * 1000, "content": "x"}


class TestFacebookConformance(SourceConformance):
    kind = "facebook"
    expected = {"Exchange": 3, "Counted": 1, "Problem": 1}  # noqa: RUF012

    def numbered(self, folder: Path, numbers: list[int], *others: object) -> Source:
        people = [{"name": "Ada"}, {"name": "Me"}]
        messages = [*map(facebook_message, numbers), *others]
        path = write(folder, {"participants": people, "messages": messages, "title": "Ada"})
        return FacebookSource(path, latest=LATEST)

    def make(self, folder: Path) -> Source:
        return self.numbered(folder, [1, 2, 3], {"timestamp_ms": 5}, {"sender_name": "Ada", "timestamp_ms": "x"})

    def make_reversed(self, folder: Path) -> Source:
        return self.numbered(folder, [3, 2, 1])


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Zo\u00c3\u00ab M\u00c3\u00bcller", "Zoë Müller"), ("Zoë", "Zoë"), ("田中", "田中"), (None, "")],
)
def test_double_encoding_is_undone(written: str | None, meant: str) -> None:
    assert mend(written) == meant


def test_an_export_of_encrypted_chats_is_read(tmp_path: Path) -> None:
    message = {"isUnsent": False, "senderName": "Zoë", "text": "x", "timestamp": START * 1000, "type": "text"}
    path = write(tmp_path, {"participants": ["Zoë", "Me"], "threadName": "Zoe_1", "messages": [message]})
    assert detect(path).name == "facebook"
    (found,) = FacebookSource(path, latest=LATEST).records()
    assert isinstance(found, Exchange)
    assert found.sender
    assert (found.sender.name, found.at, [party.name for party in found.others]) == ("Zoë", START, ["Me"])


def test_an_account_that_is_gone_is_nobody(tmp_path: Path) -> None:
    people = [{"name": "Facebook user"}, {"name": "Me"}]
    messages = [facebook_message(1, "Facebook user"), facebook_message(2, "Me")]
    first, second = FacebookSource(
        write(tmp_path, {"participants": people, "messages": messages}), latest=LATEST
    ).records()
    assert isinstance(first, Counted)
    assert isinstance(second, Exchange)
    assert second.others == ()


def test_an_export_saved_again_as_utf_16_is_read(tmp_path: Path) -> None:
    text = json.dumps({"participants": [{"name": "Ada"}, {"name": "Me"}], "messages": [facebook_message(1)]}, indent=1)
    path = write(tmp_path, text.encode("utf-16"))
    assert detect(path).name == "facebook"
    assert kinds(list(FacebookSource(path, latest=LATEST).records())) == {"Exchange": 1}


def test_levels_without_end_are_cut_off(tmp_path: Path) -> None:
    path = write(
        tmp_path, b'{"participants":[{"name":"A"}],"messages":[{"sender_name":"A","timestamp_ms":1},' + b"[" * 50_000
    )
    (told,) = (
        record for record in FacebookSource(path, latest=LATEST).records() if "levels" in getattr(record, "what", "")
    )
    assert isinstance(told, Problem)


def test_friends_become_people_and_followers_do_not(tmp_path: Path) -> None:
    friends = write(tmp_path, {"friends_v2": [{"name": "Zo\u00c3\u00ab", "timestamp": 1290000000}]}, "a.json")
    (card,) = FacebookSource(friends, latest=LATEST).records()
    assert isinstance(card, Card)
    assert card.name == "Zoë"
    for followers in (
        [{"title": "", "string_list_data": [{"value": "zoe"}]}],
        {"relationships_following": [{"string_list_data": [{"value": "zoe"}]}]},
    ):
        (counted,) = FacebookSource(write(tmp_path, followers, "b.json"), latest=LATEST).records()
        assert isinstance(counted, Counted)


class TestPhoneLogConformance(FileConformance):
    kind = "phone"
    name = "calls.xml"
    prefix = b"<?xml version='1.0' encoding='UTF-8'?><calls count='99'>"
    extras = (b'<call number="" duration="0" date="1704067600000" type="5" contact_name="(Unknown)" />',)
    expected = {"Exchange": 3, "Counted": 1, "Problem": 1}  # noqa: RUF012

    def piece(self, number: int) -> bytes:
        date = (START + number) * 1000
        return f'<call number="+436641234567" duration="61" date="{date}" type="1" contact_name="Ada" />'.encode()

    def open(self, path: Path) -> Source:
        return PhoneLogSource(path, latest=LATEST)


def phone(folder: Path, body: str) -> list[Record]:
    return list(PhoneLogSource(write(folder, f"<smses>{body}</smses>".encode()), latest=LATEST).records())


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ('<call number="+15550100" duration="120" date="1704067200000" type="2" contact_name="A"/>', (True, 2, True)),
        ('<call number="+15550100" duration="0" date="1704067200000" type="2" contact_name="A"/>', (True, None, False)),
        (
            '<call number="+15550100" duration="0" date="1704067200000" type="3" contact_name="A"/>',
            (False, None, False),
        ),
        (
            '<sms address="+15550100" date="1704067200000" type="1" body="&#55357;&#56832; &amp; x"/>',
            (False, None, True),
        ),
        ('<sms address="+15550100" date="1704067200000" type="2" body="x"/>', (True, None, True)),
        ('<sms address="+15550100" date="1704067200" type="2" body="seconds"/>', (True, None, True)),
    ],
)
def test_direction_length_and_whether_it_counts(tmp_path: Path, item: str, expected: tuple[object, ...]) -> None:
    (found,) = phone(tmp_path, item)
    assert isinstance(found, Exchange)
    assert found.sender
    assert (found.sender.is_me, found.minutes, found.counts, found.at) == (*expected, START)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ('<call number="-1" duration="9" date="1704067700000" type="2"/>', "unknown number"),
        ('<call number="+15550100" duration="0" date="1704067700000" type="6"/>', "blocked call"),
        ('<sms address="AX-BANK" date="1704067300000" type="1" body="x"/>', "service, not a person"),
        ('<sms address="50500" date="1704067300000" type="1" body="x"/>', "service, not a person"),
        ('<sms address="+15550100" date="1704067300000" type="3" body="x"/>', "draft or not sent"),
    ],
)
def test_who_is_no_person_is_counted(tmp_path: Path, item: str, reason: str) -> None:
    (found,) = phone(tmp_path, item)
    assert isinstance(found, Counted)
    assert found.reason == reason


def test_a_group_message_names_everybody_and_who_wrote_it(tmp_path: Path) -> None:
    addresses = '<addrs><addr address="+15550101" type="137"/><addr address="+15550100" type="151"/></addrs>'
    (found,) = phone(
        tmp_path,
        '<mms date="1704067400000" msg_box="1" address="+15550100~+15550101" m_id="7" contact_name="Ada, Bob">'
        f"{addresses}</mms>",
    )
    assert isinstance(found, Exchange)
    assert found.sender
    assert found.sender.name == "Bob"
    assert {(party.name, party.is_me) for party in found.others} == {("", True), ("Ada", False)}


def test_a_backup_saved_again_as_utf_16_is_read(tmp_path: Path) -> None:
    text = (
        "<?xml version='1.0' encoding='UTF-8'?><smses><sms address='+15550100' date='1704067200000' type='1'/></smses>"
    )
    assert kinds(list(PhoneLogSource(write(tmp_path, text.encode("utf-16")), latest=LATEST).records())) == {
        "Exchange": 1
    }


def test_a_document_type_is_refused_as_a_trap(tmp_path: Path) -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><calls><call number="&b;"/></calls>'
    )
    found = list(PhoneLogSource(write(tmp_path, bomb), latest=LATEST).records())
    assert kinds(found) == {"Problem": 1}


def test_samples_are_found_by_content_and_read(shared_data: Path) -> None:
    found: dict[str, dict[str, int]] = {}
    for folder in ("telegram", "facebook", "calls"):
        for path in sorted((shared_data / "exports" / folder).rglob("*.*")):
            if path.suffix in (".json", ".xml"):
                (source,) = open_sources(path, latest=LATEST)
                found[path.name] = kinds(list(source.records()))
    assert found == {
        "result_full.json": {"Card": 1, "Exchange": 2},
        "result_single_chat.json": {"Exchange": 1},
        "your_friends.json": {"Card": 1},
        "instagram_followers_1.json": {"Counted": 1},
        "instagram_following.json": {"Counted": 1},
        "message_1.json": {"Exchange": 2},
        "calls-20240105.xml": {"Exchange": 2, "Counted": 2},
        "sms-20240105.xml": {"Exchange": 2, "Counted": 1},
    }

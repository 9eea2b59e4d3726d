"""Real mail: the reader agrees with what three other readers agree on."""

from __future__ import annotations

import json
import lzma

import pytest

from kithbook.core.errors import Invalid
from kithbook.core.records import Mail, Problem
from kithbook.sources.eml import EmlSource
from kithbook.sources.mbox import MboxSource, looks_like_mbox
from tests.sources.mailfixtures import DATA, LATEST, emails, read

MAIL = DATA / "mail"
pytestmark = pytest.mark.skipif(not MAIL.is_dir(), reason=f"the real mail is not at {MAIL}")


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    path = tmp_path_factory.mktemp("real") / "list.mbox"
    with lzma.open(MAIL / "mips-d2k.mbox.xz") as file:
        return path, read(path, file.read())


@pytest.fixture(scope="module")
def expected():
    with (MAIL / "mips-d2k.expected.jsonl").open() as file:
        return [json.loads(line) for line in file]


def row(record: Mail) -> dict[str, object]:
    return {
        "offset": record.offset,
        "from": emails(record.sender),
        "to": emails(record.to),
        "cc": emails(record.cc),
        "ts": record.at,
        "mid": record.message_id,
    }


def test_two_thousand_real_mails_agree_row_by_row(real, expected):
    _, records = real
    assert [record.offset for record in records] == [one["offset"] for one in expected]
    for record, one in zip(records, expected, strict=True):
        if one.pop("agree") == 3:
            assert row(record) == one


def test_every_real_mail_has_its_own_key_and_its_own_date(real):
    _, records = real
    assert len({record.key for record in records}) == 2003
    assert {record.at_from for record in records} == {"date"}


def test_the_lists_of_the_real_mailbox_are_no_people(real):
    _, records = real
    bots = {address.key: address.bot for record in records for address in (*record.to, *record.cc)}
    assert bots["linux-mips@linux-mips.org"] == "list"
    assert bots["linux-kernel@vger.kernel.org"] == "list"
    assert bots["ralf@linux-mips.org"] == ""


def test_two_halves_of_the_real_mailbox_are_the_whole(real):
    path, records = real
    middle = path.stat().st_size // 2
    halves = [
        record
        for part in (MboxSource(path, latest=LATEST, stop=middle), MboxSource(path, latest=LATEST, start=middle))
        for record in part.records()
    ]
    assert [record.offset for record in halves] == [record.offset for record in records]
    assert [record.key for record in halves] == [record.key for record in records]


@pytest.mark.parametrize("name", ["content-length", "issue1189"])
@pytest.mark.parametrize("ending", ["unix", "dos"])
def test_mailboxes_are_split_where_another_reader_splits_them(tmp_path, name, ending):
    folder = MAIL / "eml" / "mimekit" / "UnitTests" / "TestData" / "mbox"
    content = (folder / f"{name}.mbox.txt").read_bytes().replace(b"\r\n", b"\n")
    content = content.replace(b"\n", b"\r\n") if ending == "dos" else content
    truth = json.loads((folder / f"{name}.{ending}-offsets.json").read_text())
    assert [record.offset for record in read(tmp_path / "a.mbox", content)] == [
        one["mboxMarkerOffset"] for one in truth
    ]


def test_broken_and_odd_mail_is_read_without_failing():
    read_well = refused = mailboxes = 0
    for path in sorted(path for path in (MAIL / "eml").rglob("*") if path.is_file()):
        assert all(
            isinstance(record, Mail | Problem) for record in MboxSource(path, latest=LATEST, check=False).records()
        )
        mailboxes += looks_like_mbox(path.read_bytes())
        try:
            (record,) = EmlSource(path, latest=LATEST).records()
            read_well += isinstance(record, Mail)
        except Invalid:
            refused += 1
    assert read_well >= 430
    assert refused <= 35
    assert mailboxes >= 14


def test_the_samples_of_exports_give_the_expected_messages():
    folder = DATA / "exports" / "mail"
    found = {path.name: list(MboxSource(path, latest=LATEST).records()) for path in folder.glob("*.mbox")}
    assert {name: len(records) for name, records in found.items()} == {
        "mboxcl2_content_length.mbox": 2,
        "takeout_tricky.mbox": 3,
        "thunderbird_bom_fromdash.mbox": 1,
    }
    first, second, third = found["takeout_tricky.mbox"]
    assert first.labels == ("Boîte de réception", "Important", "Ouvert")
    assert (first.sender[0].name, emails(first.to)) == ("Zoë Müller", ["nettie@gmail.com"])
    assert (emails(second.cc), second.subject) == (["zoe@brot.example", "bob@b.example"], "Re: hi été")
    assert (third.bulk, third.sender[0].bot, third.at_from, third.message_id) == ("bulk", "noreply", "separator", "")

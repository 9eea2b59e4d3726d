"""LinkedIn's messages, invitations, notes, recommendations and endorsements, alone and in the zip."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from kithbook.core.records import Counted, Deed, Exchange, Remark
from kithbook.sources.base import Record, Source
from kithbook.sources.detect import open_sources
from kithbook.sources.linkedinfiles import FILES, LinkedInFileSource
from tests.sources.conformance import FileConformance

LATEST = 1_800_000_000
ADA, ME, BOB = (f"https://www.linkedin.com/in/{name}" for name in ("ada", "me", "bob"))
HEAD = (
    "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER"
)
CONNECTIONS = (
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    f"Ada,Quill,{ADA},,Acme,Engineer,08 Feb 2026\n"
    f"Bob,Stone,{BOB},,Acme,Boss,08 Feb 2026\n"
    "Bob,Stone,https://www.linkedin.com/in/bob2,,Other,Boss,08 Feb 2026\n"
)


def read(folder: Path, **files: str) -> list[Record]:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return [record for source in open_sources(path, latest=LATEST) for record in source.records()]


def of_kind(records: list[Record], kind: type) -> list:
    return [record for record in records if isinstance(record, kind)]


class TestMessagesConformance(FileConformance):
    kind = "linkedin-messages"
    name = "messages.csv"
    prefix = f"{HEAD}\n".encode()
    extras = (
        f"c,,Ada,{ADA},Me,{ME},2025-06-01 14:03:22 UTC,,x,SPAM\n".encode(),
        f"c,,Ada,{ADA},Me,{ME},some day,,x,INBOX\n".encode(),
    )
    expected = {"Exchange": 3, "Counted": 1, "Problem": 1}  # noqa: RUF012

    def piece(self, number: int) -> bytes:
        at = dt.datetime(2025, 6, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=number)
        return f'c,,Ada,{ADA},Me,{ME},{at:%Y-%m-%d %H:%M:%S} UTC,,"line one, {number}",INBOX\n'.encode()

    def open(self, path: Path) -> Source:
        return LinkedInFileSource(path, FILES[0], latest=LATEST)


MESSAGES = (
    f"{HEAD},IS MESSAGE DRAFT\n"
    f'c1,,Ada Quill,{ADA},Me Myself,{ME},2025-06-01 14:03:22 UTC,,"Hi,\nlunch?",INBOX,No\n'
    f"c1,,Me Myself,{ME},Ada Quill,{ADA},2025-06-01 15:00:00 UTC,,yes,INBOX,No\n"
    f"c2,,Bob Stone,{BOB},Me Myself,{ME},2025-06-02 15:00:00 UTC,,hello,ARCHIVE,No\n"
    f"c2,,Me Myself,{ME},Bob Stone,{BOB},2025-06-03 15:00:00 UTC,,unsent,INBOX,Yes\n"
    f"c3,,LinkedIn Member,,Me Myself,{ME},2025-06-03 15:00:00 UTC,,gone,INBOX,No\n"
)


@pytest.mark.parametrize("profile", ["First Name,Last Name\nMe,Myself\n", None])
def test_the_owner_is_known_by_the_profile_or_by_being_in_every_conversation(
    tmp_path: Path, profile: str | None
) -> None:
    more = {"Profile": profile} if profile else {}
    found = read(tmp_path, Connections=CONNECTIONS, messages=MESSAGES, **more)
    exchanges = of_kind(found, Exchange)
    senders = [(one.sender.name, one.sender.is_me) for one in exchanges]
    assert senders == [("Ada Quill", False), ("Me Myself", True), ("Bob Stone", False)]
    assert exchanges[0].sender.handles[0].key == "linkedin.com/in/ada"
    assert Counter(one.reason for one in of_kind(found, Counted)) == {"draft": 1, "notice of LinkedIn": 1}


def test_in_one_lone_conversation_the_owner_is_who_is_no_connection(tmp_path: Path) -> None:
    lone = "\n".join(MESSAGES.split("\n")[:4]) + "\n"
    found = of_kind(read(tmp_path, Connections=CONNECTIONS, messages=lone), Exchange)
    assert [(one.sender.name, one.sender.is_me) for one in found] == [("Ada Quill", False), ("Me Myself", True)]


def test_one_lone_conversation_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "messages.csv"
    path.write_text("\n".join(MESSAGES.split("\n")[:3]).replace('"Hi,\n', '"Hi,') + "\n")
    (source,) = open_sources(path, latest=LATEST)
    list(source.records())
    assert source.names == ("Ada Quill", "Me Myself")  # type: ignore[attr-defined]


def test_an_invitation_has_a_direction_and_weighs_more_with_a_word(tmp_path: Path) -> None:
    head = "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n"
    rows = f'Ada,Me,"5/1/23, 2:22 PM",,INCOMING,{ADA},{ME}\nMe,Bob,"12/31/23, 12:05 AM",Hello,OUTGOING,{ME},{BOB}\n'
    theirs, mine = of_kind(read(tmp_path, Connections=CONNECTIONS, Invitations=head + rows), Exchange)
    assert (theirs.channel, theirs.sender.is_me, theirs.others[0].is_me) == ("like", False, True)
    assert (mine.channel, mine.sender.is_me, mine.others[0].handles[0].key) == ("message", True, "linkedin.com/in/bob")
    assert dt.datetime.fromtimestamp(mine.at, dt.UTC) == dt.datetime(2023, 12, 31, 0, 5, tzinfo=dt.UTC)


def test_praise_goes_to_the_bank_of_the_only_connection_it_can_mean(tmp_path: Path) -> None:
    head = "First Name,Last Name,Company,Job Title,Text,Creation Date,Status\n"
    rows = "Ada,Quill,Elsewhere,Boss,Great work.,2/3/24, 10:00 AM,VISIBLE\n".replace(
        "2/3/24, 10:00 AM", '"2/3/24, 10:00 AM"'
    )
    rows += 'Bob,Stone,Acme,Boss,Fine.,"2/3/24, 10:00 AM",VISIBLE\nBob,Stone,,Boss,Which?,"2/3/24, 10:00 AM",VISIBLE\n'
    rows += 'Ada,Quill,,,No.,"2/3/24, 10:00 AM",PENDING\n'
    found = read(
        tmp_path, Connections=CONNECTIONS, Recommendations_Received=head + rows, Recommendations_Given=head + rows
    )
    deeds = of_kind(found, Deed)
    assert [deed.person.handles[0].key for deed in deeds[:3]] == [
        "linkedin.com/in/ada", "linkedin.com/in/bob", "linkedin:bob stone",
    ]  # fmt: skip
    assert Counter(deed.direction for deed in deeds) == {"got": 3, "gave": 3}
    assert (deeds[0].kind, deeds[0].on, deeds[0].note) == ("praise", dt.date(2024, 2, 3), "Great work.")
    assert len({deed.key for deed in deeds}) == 6


def test_endorsements_are_small_praise_and_notes_are_remarks(tmp_path: Path) -> None:
    endorsed = (
        "Endorsement Date,Skill Name,Endorser First Name,Endorser Last Name,Endorser Public Url,Endorsement Status\n"
        f"2024/02/01 15:02:55 UTC,Python,Ada,Quill,{ADA},ACCEPTED\n"
    )
    notes = (
        "Connection First Name,Connection Last Name,Connection Profile URL,Note,Created On,Edited On\n"
        f"Ada,Quill,{ADA},Plays the cello.,2026-02-01 15:02:55 UTC,\n"
    )
    found = read(tmp_path, Connections=CONNECTIONS, Endorsement_Received_Info=endorsed, Notes=notes)
    (deed,) = of_kind(found, Deed)
    assert (deed.size, deed.note, deed.on) == (1, "Endorsed for Python", dt.date(2024, 2, 1))
    (remark,) = of_kind(found, Remark)
    assert (remark.text, remark.on) == ("Plays the cello.", dt.date(2026, 2, 1))


def test_samples_of_three_years_are_read(shared_data: Path) -> None:
    counts = {}
    for path in sorted((shared_data / "exports/linkedin").glob("*.csv")):
        if path.name.startswith(("messages", "Invit")):
            (source,) = open_sources(path, latest=LATEST)
            counts[path.name] = dict(Counter(type(record).__name__ for record in source.records()))
    assert counts == {
        "Invitations.csv": {"Exchange": 1},
        "messages_2023_10cols.csv": {"Exchange": 3, "Counted": 1},
        "messages_2025_12cols.csv": {"Exchange": 1, "Counted": 1},
        "messages_2026_12cols_archived.csv": {"Exchange": 1},
    }


def test_messages_of_2018_say_by_their_direction_who_the_owner_is(tmp_path: Path) -> None:
    path = tmp_path / "Messages.csv"
    path.write_text(
        "From,To,Date,Subject,Content,Direction,Folder\n"
        'Me Owner,Ada Quill,"8/13/18, 3:25 AM",,hello,OUTGOING,SENT\n'
        'Ada Quill,Me Owner,"8/14/18, 3:25 PM",,hello back,INCOMING,INBOX\n',
        "utf-8",
    )
    (source,) = open_sources(path, latest=LATEST)
    found = [record for record in source.records() if isinstance(record, Exchange)]
    assert [bool(record.sender and record.sender.is_me) for record in found] == [True, False]
    assert [str(dt.datetime.fromtimestamp(record.at, dt.UTC)) for record in found] == [
        "2018-08-13 03:25:00+00:00", "2018-08-14 15:25:00+00:00",
    ]  # fmt: skip


def test_an_unpacked_export_makes_nobody_of_certificates_courses_receipts_and_the_assistant(tmp_path: Path) -> None:
    for name, text in {
        "Connections.csv": "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Ada,Quill,https://www.linkedin.com/in/ada-quill,,,,08 Feb 2026\n",
        "Certifications.csv": "Name,Url,Authority,Started On,Finished On,License Number\nFirst Aid,https://x.example,,,,\n",
        "Courses.csv": "Name,Number\nAlgebra,MA 101\n",
        "Profile.csv": "First Name,Last Name,Maiden Name,Headline,Websites\nMe,Owner,,,\n",
        "Receipts.csv": "First Name,Last Name,Billing Country,Transaction Made At\nMe,Owner,AT,1/1/20\n",
        "coach_messages.csv": f"{HEAD}\nc1,,Coach,,Me Owner,,2025-06-01 14:03:22 UTC,,hi,INBOX\n",
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
    aside: list[str] = []
    sources = open_sources(tmp_path, latest=LATEST, aside=aside)
    assert [record.name for source in sources for record in source.records()] == ["Ada Quill"]  # type: ignore[union-attr]
    assert sorted(aside) == ["Certifications.csv", "Courses.csv", "Receipts.csv", "coach_messages.csv"]

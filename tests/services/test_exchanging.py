"""Meetings, calls and messages as exchanges: with whom, in which direction, once; taken back exactly."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kithbook.core.errors import Invalid
from kithbook.core.ids import to_text
from kithbook.core.records import Deed, Exchange, Handle, Party, Remark
from kithbook.services import batches, importing
from kithbook.sources.memory import MemorySource
from kithbook.store.models import Interaction, LedgerEntry, Owner, Participant, Person, SourceKey, Topic

ME = Party("Me", (Handle("email", "me@example.org", "me@example.org"),))
ANNA = Party("Anna Berger", (Handle("email", "anna@example.org", "anna@example.org"),))
BRUNO = Party("Bruno Costa", (Handle("phone", "+43 664 1234567", "436641234567"),))
AT = int(dt.datetime(2026, 11, 2, 10, tzinfo=dt.UTC).timestamp())


def exchange(key: int, sender: Party | None, *others: Party, **more: object) -> Exchange:
    return Exchange(key, "here", AT + key, str(more.pop("channel", "message")), sender, others, **more)  # type: ignore[arg-type]


def load(owner: Owner, *records: object, kind: str = "chat", me: tuple[str, ...] = ("me@example.org",)):
    return importing.run_sources(owner, [MemorySource(records, kind=kind, path="memory")], me=me)  # type: ignore[arg-type]


def roles(key: int) -> dict[str, str]:
    rows = Participant.objects.filter(interaction__external_key=key).values_list("person__name", "role")
    return dict(rows)


def test_direction_and_parts_follow_from_who_the_owner_is(owner: Owner) -> None:
    report = load(
        owner,
        exchange(1, ME, ANNA, BRUNO),
        exchange(2, ANNA, ME, BRUNO),
        exchange(3, None, ME, ANNA, channel="meeting"),
    )
    assert (report.records, report.interactions_added, report.people_added) == (3, 3, 2)
    assert dict(Interaction.objects.values_list("external_key", "direction")) == {1: 1, 2: -1, 3: 0}
    assert roles(1) == {"Anna Berger": "to", "Bruno Costa": "to"}
    assert roles(2) == {"Anna Berger": "from", "Bruno Costa": "also"}
    assert roles(3) == {"Anna Berger": "to"}


def test_who_only_reads_along_in_a_large_group_is_not_noted(owner: Owner) -> None:
    crowd = [Party(f"P{n}", (Handle("email", f"p{n}@example.org", f"p{n}@example.org"),)) for n in range(12)]
    load(owner, exchange(1, ANNA, ME, *crowd[:11]), exchange(2, ANNA, ME, *crowd))
    assert (len(roles(1)), roles(2)) == (12, {"Anna Berger": "from"})
    assert dict(Interaction.objects.values_list("external_key", "size")) == {1: 12, 2: 13}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (exchange(1, ANNA, BRUNO), "neither from you nor to you"),
        (exchange(1, None, ME), "nobody but you"),
        (exchange(1, None, ME._replace(declined=True), ANNA), "declined by you"),
        (exchange(1, Party("", (Handle("email", "noreply@shop.example", "noreply@shop.example"),)), ME),
         "automatic sender"),
    ],
)  # fmt: skip
def test_what_is_no_exchange_is_counted_with_its_reason(owner: Owner, record: Exchange, reason: str) -> None:
    report = load(owner, record)
    assert report.skipped == {reason: 1}
    assert not Interaction.objects.exists()
    assert not Person.objects.exists()


def test_the_same_again_adds_nothing_and_undo_leaves_nothing(owner: Owner) -> None:
    records = (
        exchange(1, ME, ANNA), Deed(7, "here", dt.date(2026, 1, 2), "got", "praise", ANNA, "Wrote about my work."),
        Remark(8, "here", dt.date(2026, 1, 2), "note", ANNA, "Plays the cello."),
    )  # fmt: skip
    first = load(owner, *records)
    again = load(owner, *records)
    assert (first.interactions_added, again.interactions_added, again.interactions_known) == (3, 0, 3)
    assert (LedgerEntry.objects.count(), Topic.objects.count()) == (1, 1)
    assert first.batch
    batches.undo(owner, first.batch)
    for table in (Interaction, LedgerEntry, Topic, SourceKey, Person):
        assert not table.objects.filter(owner=owner).exists(), table
    assert load(owner, *records).interactions_added == 3


def test_a_name_alone_is_the_owner_only_where_nothing_else_is_known(owner: Owner) -> None:
    chat = (Handle("chat", "whatsapp:alice", "whatsapp:alice"),)
    namesake = Party("Alice", (Handle("email", "alice@example.com", "alice@example.com"),))
    report = load(
        owner,
        exchange(1, Party("Alice", chat), ANNA),
        exchange(2, namesake, ANNA, ME),
        me=("me@example.org", "Alice"),
        kind="whatsapp",
    )
    assert report.interactions_added == 2
    assert roles(2)["Alice"] == "from"


CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1@x
DTSTART:20261102T100000Z
DURATION:PT45M
SUMMARY:Lunch
ORGANIZER:mailto:me@example.org
ATTENDEE;CN=Anna Berger:mailto:anna@example.org
ATTENDEE;CN=Bruno;PARTSTAT=DECLINED:mailto:bruno@example.org
END:VEVENT
END:VCALENDAR
"""


def test_a_calendar_file_becomes_meetings(owner: Owner, tmp_path: Path) -> None:
    path = tmp_path / "work.ics"
    path.write_text(CALENDAR)
    report = importing.run(owner, [path], me=["me@example.org"])
    assert report.files[0].kind == "calendar"
    row = Interaction.objects.get()
    assert (row.channel, row.minutes, row.direction, row.title) == ("meeting", 45, 0, "Lunch")
    assert [person.name for person in Person.objects.all()] == ["Anna Berger"]
    assert to_text(row.pk)


def test_a_chat_in_which_the_owner_is_not_known_is_asked_about(owner: Owner, tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text("13.01.24, 10:00 - Ada: hi\n13.01.24, 10:01 - Alice B.: hello\n")
    with pytest.raises(Invalid, match=r"“Ada”, “Alice B\.” in chat\.txt are you"):
        importing.run(owner, [path])
    assert not Person.objects.exists()
    assert importing.run(owner, [path], me=["Alice B."]).interactions_added == 2
    assert importing.run(owner, [path]).interactions_known == 2
    assert [person.name for person in Person.objects.all()] == ["Ada"]

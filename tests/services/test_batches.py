"""Taking back: one act at a time, exactly, once, and never what the owner added since."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kithbook.core.errors import KithbookError, NotFound, Refused
from kithbook.core.ids import to_text
from kithbook.core.records import Card, Handle
from kithbook.services import bank, batches, capturing, demo, editing, importing, touches, weeks
from kithbook.services.recording import start_batch
from kithbook.sources.memory import MemorySource
from kithbook.store.models import (
    Batch,
    Event,
    Group,
    Interaction,
    Membership,
    Objective,
    ObjectivePerson,
    Owner,
    Person,
    Tie,
)
from tests.services.factories import mail, person, talk
from tests.services.helpers import circle, snapshot


def log(owner: Owner) -> None:
    capturing.log(owner, "coffee with Anna yesterday 45m, promised a link by Friday, she is looking for a flat")


def met(owner: Owner) -> None:
    capturing.met(owner, "Zelda Quist", at="FinFest", through="Anna", interests=["maps"])


def entry(owner: Owner) -> None:
    bank.got(owner, "Anna", "referral")


def add(owner: Owner) -> None:
    editing.add(owner, "Yara Novak", "yara@example.org")


def touch(owner: Owner) -> None:
    touches.done(owner, weeks.budget(owner, minutes=600).touches[0].id)


def village(owner: Owner) -> None:
    demo.load(owner)


ACTS = [log, met, entry, add, touch, village]


@pytest.fixture
def anna(owner: Owner) -> Person:
    circle(owner, 4)
    row = person(owner, "Anna Berger")
    talk(owner, row, 100, 50)
    return row


def newest(owner: Owner) -> str:
    return batches.listing(owner)[0].id


@pytest.mark.parametrize("act", ACTS)
def test_every_act_is_taken_back_without_a_trace(owner: Owner, anna: Person, act: Callable[[Owner], None]) -> None:
    before = snapshot(owner)
    ties = {row.pk: bytes(row.state) for row in Tie.objects.of(owner)}
    act(owner)
    assert snapshot(owner) != before
    batches.undo(owner, newest(owner))
    assert snapshot(owner) == before
    assert {row.pk: bytes(row.state) for row in Tie.objects.of(owner)} == ties


@pytest.mark.parametrize("act", ACTS)
def test_the_same_act_is_not_taken_back_twice(owner: Owner, anna: Person, act: Callable[[Owner], None]) -> None:
    act(owner)
    batch = newest(owner)
    batches.undo(owner, batch)
    after = snapshot(owner)
    with pytest.raises(Refused, match="taken back already"):
        batches.undo(owner, batch)
    assert snapshot(owner) == after


def test_acts_are_taken_back_in_any_order(owner: Owner, anna: Person) -> None:
    before = snapshot(owner)
    made = []
    for act in (log, met, entry, add):
        act(owner)
        made.append(set(Batch.objects.of(owner).filter(state="done").values_list("pk", flat=True)) - set(made))
        made = [*made[:-1], *made[-1]]
    for pk in (made[1], made[3], made[0], made[2]):
        batches.undo(owner, to_text(pk))
    assert snapshot(owner) == before


def test_acts_of_one_second_are_listed_the_last_one_first(owner: Owner, anna: Person) -> None:
    titles = [f"act {number}" for number in range(12)]
    for title in titles:
        start_batch(owner, "log", title)
    assert [view.title for view in batches.listing(owner)[:12]] == titles[::-1]
    ids = sorted(Batch.objects.filter(owner=owner, kind="log", title__in=titles).values_list("pk", flat=True))
    assert min(later - earlier for earlier, later in pairwise(ids)) > 1 << 20  # and none can be guessed


def test_the_list_says_what_was_done_newest_first(owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    for hour, act in enumerate((log, met, entry)):
        monkeypatch.setenv("KITHBOOK_NOW", f"2026-11-21T1{hour}:00:00+00:00")
        act(owner)
    found = batches.listing(owner)
    assert [view.kind for view in found] == ["entry", "met", "log"]
    assert [view.title for view in found][:2] == ["got referral: Anna Berger", "met Zelda Quist"]
    batches.undo(owner, found[1].id)
    assert [view.state for view in batches.listing(owner)] == ["done", "undone", "done"]


def test_a_batch_is_found_by_the_beginning_of_its_id(owner: Owner, anna: Person) -> None:
    log(owner)
    row = Batch.objects.of(owner).get()
    assert batches.find_batch(owner, to_text(row.pk)[:6]) == row
    for text in ("", "zzzz", "0000000000000"):
        with pytest.raises(NotFound):
            batches.find_batch(owner, text)


@pytest.mark.parametrize("text", ["", "nonsense", "0000000000000", "💥"])
def test_what_is_no_batch_is_not_found(owner: Owner, text: str) -> None:
    with pytest.raises(NotFound):
        batches.undo(owner, text)


@pytest.mark.parametrize(
    "change",
    [
        lambda owner, who: editing.edit(owner, who, place="Graz"),
        lambda owner, who: editing.tag(owner, who, "chess"),
        lambda owner, who: editing.add_job(owner, who, "Example GmbH"),
        lambda owner, who: editing.note_topic(owner, who, "fact", "has a dog"),
        lambda owner, who: editing.add_identity(owner, who, "zq@example.net"),
        lambda owner, who: bank.gave(owner, who, "item"),
        lambda owner, who: capturing.spoke(owner, who),
        lambda owner, who: editing.archive(owner, who),
    ],
)
def test_people_whom_the_owner_added_to_stay(
    owner: Owner, anna: Person, change: Callable[[Owner, str], object]
) -> None:
    met(owner)
    batch = newest(owner)
    change(owner, "Zelda Quist")
    kept = batches.undo(owner, batch)
    assert (kept.people_removed, kept.people_kept) == (0, ["Zelda Quist"])
    row = Person.objects.of(owner).get(name="Zelda Quist")
    assert row.batch_id is None


def test_what_other_rows_name_stays_and_becomes_the_owners(owner: Owner, anna: Person) -> None:
    batch = Batch.objects.create(owner=owner, state="done", started_at=anna.created_at)
    made = {"owner": owner, "batch": batch}
    group, lone = Group.objects.create(name="Chess club", **made), Group.objects.create(name="Choir", **made)
    aim = Objective.objects.create(name="A book", created_at=anna.created_at, **made)
    event = Event.objects.create(name="FinFest", **made)
    Membership.objects.create(owner=owner, group=group, person=anna)
    Membership.objects.create(group=lone, person=anna, **made)
    ObjectivePerson.objects.create(owner=owner, objective=aim, person=anna)
    batches.undo(owner, to_text(batch.pk))
    assert list(Group.objects.of(owner).values_list("name", "batch")) == [("Chess club", None)]
    assert list(Objective.objects.of(owner).values_list("name", "batch")) == [("A book", None)]
    assert not Event.objects.of(owner).filter(pk=event.pk).exists()
    assert Membership.objects.of(owner).count() == 1


def test_somebody_revived_twice_is_let_go_again_only_by_the_first(owner: Owner, anna: Person) -> None:
    editing.archive(owner, "Anna")
    capturing.spoke(owner, "Anna")
    first = newest(owner)
    editing.edit(owner, "Anna", place="Graz")
    batches.undo(owner, first)
    anna.refresh_from_db()
    assert (anna.standing, anna.place) == ("archived", "Graz")


def test_a_failing_act_leaves_nothing(owner: Owner, anna: Person) -> None:
    before = snapshot(owner)
    for text in ("call with Anna tomorrow", "call with Nobody Atall today"):
        with pytest.raises(KithbookError):
            capturing.log(owner, text)
    assert snapshot(owner) == before


def test_a_stranger_takes_nothing_of_mine_back(owner: Owner, stranger: Owner, anna: Person) -> None:
    log(owner)
    before = snapshot(owner)
    assert batches.listing(stranger) == []
    with pytest.raises(NotFound):
        batches.undo(stranger, newest(owner))
    with pytest.raises(NotFound):
        batches.find_batch(stranger, newest(owner))
    assert snapshot(owner) == before


def test_undo_for_one_owner_leaves_the_others_rows(owner: Owner, stranger: Owner, anna: Person) -> None:
    person(stranger, "Anna Berger")
    for who in (owner, stranger):
        log(who)
    before = snapshot(stranger)
    batches.undo(owner, newest(owner))
    assert snapshot(stranger) == before
    assert Interaction.objects.of(stranger).count() == 1


def test_taking_back_an_import_asks_the_database_as_often_for_many_people_as_for_few(owner: Owner) -> None:
    """Names, places and stages of all whom the import changed come back in sets, to exactly what they were."""
    asked = []
    for count in (4, 40):
        emails = [f"p{count}.{number}@many.example" for number in range(count)]
        strangers = [mail(f"<{email}>", day="2026-10-01", subject=email) for email in emails]
        importing.run_sources(owner, [MemorySource(tuple(strangers), kind="mbox")], me=["me@example.org"])
        before = snapshot(owner)
        cards = [
            Card(count * 100 + number, "here", f"Ada Nr{'x' * number}", (Handle("email", email, email),), place="Graz")
            for number, email in enumerate(emails)
        ]
        replies = [mail("<me@example.org>", (email,), day="2026-11-01") for email in emails]
        sources = [MemorySource(tuple(cards), kind="vcard"), MemorySource(tuple(replies), kind="mbox")]
        batch = importing.run_sources(owner, sources).batch
        assert Person.objects.of(owner).filter(place="Graz", name__startswith="Ada").count() == count
        with CaptureQueriesContext(connection) as queries:
            batches.undo(owner, batch or "")
        assert snapshot(owner) == before
        asked.append(len(queries))
    assert asked[0] == asked[1]

"""The ladder: imports place low and never lower, the evidence proposes, the owner decides."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import to_text
from kithbook.services import bank, batches, capturing, editing, importing, ladder, people, recording
from kithbook.store.models import Batch, Owner, Person, StageEvent
from tests.services.factories import person, talk
from tests.services.helpers import key, place, set_clock

ME = ["me@example.org"]


def thread(folder: Path, name: str, rounds: int, start: int = 0) -> Path:
    """A mailbox in which somebody and I write to each other, a round a fortnight."""
    text = []
    for number in range(start, start + rounds):
        day = dt.date(2024, 1, 1) + dt.timedelta(days=14 * number)
        for out in (False, True):
            a, b = ("me@example.org", f"{name}@example.org") if out else (f"{name}@example.org", "me@example.org")
            text.append(
                f"From {a} Mon Nov  2 09:00:00 2026\nFrom: {name.title()} <{a}>\nTo: {b}\n"
                f"Date: {day:%d %b %Y} {9 + out:02}:00:00 +0000\nMessage-ID: <{name}{number}{out}@example.org>\n"
                f"Subject: {number}\n\nx\n\n"
            )
    path = folder / f"{name}{start}.mbox"
    path.write_text("".join(text), "utf-8")
    return path


def events(owner: Owner) -> list[tuple[int, int, str]]:
    rows = StageEvent.objects.of(owner).order_by("at", "pk")
    return list(rows.values_list("from_stage", "to_stage", "decision"))


def ready(owner: Owner) -> Person:
    """Somebody at Recognise with what Know wants."""
    row = person(owner, "Anna Berger")
    talk(owner, row, 120, 80, 40)
    editing.note_topic(owner, "Anna", "offer", "makes maps")
    editing.note_topic(owner, "Anna", "need", "a printer")
    return row


def test_an_import_places_at_most_at_like(owner: Owner, tmp_path: Path) -> None:
    importing.run(owner, [thread(tmp_path, "anna", 60), thread(tmp_path, "bruno", 1)], me=ME)
    stages = dict(Person.objects.of(owner).values_list("name", "stage"))
    assert max(stages.values()) == 3
    assert min(stages.values()) < 3
    moved = StageEvent.objects.of(owner)
    assert {row.decision for row in moved} == {"import"}
    assert all(row.why and row.to_stage > row.from_stage for row in moved)


def test_a_later_import_never_lowers(owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    importing.run(owner, [thread(tmp_path, "anna", 40)], me=ME)
    before = Person.objects.get().stage
    set_clock(monkeypatch, "2036-01-01T09:00:00+00:00")
    importing.run(owner, [thread(tmp_path, "anna", 1, start=41)], me=ME)
    assert Person.objects.get().stage >= before


def test_an_import_never_goes_over_the_owners_word(owner: Owner, tmp_path: Path) -> None:
    importing.run(owner, [thread(tmp_path, "anna", 1)], me=ME)
    ladder.place(owner, "anna@example.org", 2)
    ladder.place(owner, "anna@example.org", 1, "Not really")
    importing.run(owner, [thread(tmp_path, "anna", 60, start=2)], me=ME)
    assert Person.objects.get().stage == 1
    assert events(owner)[-1][2] == "placed"


def test_undo_of_an_import_takes_its_moves_back_and_leaves_the_owners(owner: Owner, tmp_path: Path) -> None:
    importing.run(owner, [thread(tmp_path, "anna", 1)], me=ME)
    first = Person.objects.get().stage
    report = importing.run(owner, [thread(tmp_path, "anna", 60, start=2)], me=ME)
    assert Person.objects.get().stage > first
    batches.undo(owner, report.batch or "")
    assert Person.objects.get().stage == first


def test_the_evidence_proposes_the_next_stage_with_its_reasons(owner: Owner) -> None:
    ready(owner)
    page = people.show(owner, "Anna")
    assert page.stage == 1
    assert page.proposal is not None
    assert (page.proposal.from_stage, page.proposal.to_stage) == (1, 2)
    assert page.proposal.why


def test_what_is_missing_is_named(owner: Owner) -> None:
    person(owner, "Bruno Costa")
    page = people.show(owner, "Bruno")
    assert page.proposal is None
    assert page.missing


def test_the_owner_confirms_one_step(owner: Owner) -> None:
    ready(owner)
    page = ladder.confirm(owner, "Anna")
    assert (page.stage, page.stage_name) == (2, "Know")
    assert events(owner) == [(1, 2, "confirmed")]
    assert page.stage_events[0].why


def test_a_proposal_said_no_to_rests_for_three_months(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(owner)
    page = ladder.decline(owner, "Anna")
    assert (page.stage, page.proposal) == (1, None)
    assert events(owner) == [(1, 2, "declined")]
    for act in (ladder.confirm, ladder.decline):
        with pytest.raises(Refused):
            act(owner, "Anna")
    set_clock(monkeypatch, "2027-02-18T09:00:00+00:00")
    assert people.show(owner, "Anna").proposal is None
    set_clock(monkeypatch, "2027-02-20T09:00:00+00:00")
    assert people.show(owner, "Anna").proposal is not None


def test_nothing_to_confirm_is_refused(owner: Owner) -> None:
    person(owner, "Bruno Costa")
    with pytest.raises(Refused, match="No move is proposed"):
        ladder.confirm(owner, "Bruno")
    assert not StageEvent.objects.exists()


def test_the_owner_places_as_they_judge(owner: Owner) -> None:
    person(owner, "Anna Berger")
    page = ladder.place(owner, "Anna", 7, "  An old friend ")
    assert (page.stage, page.stage_events[0].why) == (7, "An old friend")
    ladder.place(owner, "Anna", 7)
    ladder.place(owner, "Anna", 2)
    ladder.place(owner, "Anna", 4)
    assert events(owner) == [(1, 7, "placed"), (7, 2, "placed"), (2, 4, "placed")]


@pytest.mark.parametrize("stage", [0, 8, -1])
def test_there_are_seven_stages(owner: Owner, stage: int) -> None:
    person(owner, "Anna Berger")
    with pytest.raises(Invalid):
        ladder.place(owner, "Anna", stage)


def test_a_broken_promise_proposes_a_step_down(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, "2026-11-18T09:00:00+00:00")
    row = place(owner, ready(owner), 4)
    set_clock(monkeypatch, "2026-11-21T09:00:00+00:00")
    bank.gave(owner, "Anna", "promise_broken")
    page = people.show(owner, key(row))
    assert page.proposal is not None
    assert page.proposal.to_stage == 3


def test_silence_alone_lowers_no_stage(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    row = place(owner, ready(owner), 5)
    set_clock(monkeypatch, "2034-01-01T09:00:00+00:00")
    page = people.show(owner, key(row))
    assert page.stage == 5
    assert page.proposal is None or page.proposal.to_stage > 5


def test_events_are_only_ever_added(owner: Owner) -> None:
    ready(owner)
    kept: list[tuple[object, ...]] = []
    for act in (
        lambda: ladder.decline(owner, "Anna"),
        lambda: ladder.place(owner, "Anna", 3),
        lambda: recording.record_interaction(owner, [Person.objects.get()], "call"),
        lambda: ladder.place(owner, "Anna", 2),
        lambda: editing.archive(owner, "Anna"),
    ):
        act()
        now = list(StageEvent.objects.of(owner).order_by("at", "pk").values_list())
        assert set(kept) <= set(now)
        kept = now
    assert len(kept) == 3


def test_undo_of_a_sentence_leaves_the_owners_stage(owner: Owner) -> None:
    row = person(owner, "Anna Berger")
    for stage in (6, 2, 7, 3, 4):
        place(owner, row, stage)
    capturing.spoke(owner, "Anna")
    batches.undo(owner, to_text(Batch.objects.of(owner).get(kind="log").pk))
    row.refresh_from_db()
    assert row.stage == 4


def test_a_stranger_moves_nobody_of_mine(owner: Owner, stranger: Owner) -> None:
    row = ready(owner)
    for who in (key(row), "Anna"):
        for act in (ladder.confirm, ladder.decline):
            with pytest.raises(NotFound):
                act(stranger, who)
        with pytest.raises(NotFound):
            ladder.place(stranger, who, 5)
    assert not StageEvent.objects.exists()

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
from tests.services.test_growth import assert_constant_queries, rich, ten_more

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


def middling(owner: Owner, name: str, monkeypatch: pytest.MonkeyPatch, since: str = "2025-01-10") -> Person:
    """Somebody at Like since that day, with a promise kept by me and nothing by them."""
    set_clock(monkeypatch, f"{since}T09:00:00+00:00")
    row = place(owner, person(owner, name), 3)
    bank.gave(owner, name, "promise_kept")
    set_clock(monkeypatch, "2026-11-21T09:00:00+00:00")
    talk(owner, row, 90, 60, 30)
    return row


def test_the_overview_counts_everybody_by_stage_from_both_sides(owner: Owner) -> None:
    """R55, R108: how they see me and how I see them, counted by stage."""
    for name, stage in (("Anna Berger", 3), ("Bruno Costa", 3), ("Cara Diaz", 7)):
        place(owner, person(owner, name), stage)
    ladder.see(owner, "Anna", 4, "I would vouch for her")
    editing.archive(owner, "Bruno")
    view = ladder.overview(owner)
    assert [(count.stage, count.people, count.mine) for count in view.counts if count.people or count.mine] == [
        (3, 1, 0), (4, 0, 1), (7, 1, 0),
    ]  # fmt: skip
    assert view.people == 2


def test_all_proposals_are_listed_with_their_evidence_and_acted_on(owner: Owner) -> None:
    """R55, R65: every proposed move with dated reasons; confirmed or declined ones leave the list."""
    ready(owner)
    found = ladder.proposals(owner)
    assert [(move.person.name, move.to_stage) for move in found.moves] == [("Anna Berger", 2)]
    assert found.moves[0].why[0].startswith("3 exchanges went both ways")
    assert ladder.overview(owner).proposals == found.moves
    assert ladder.proposals(owner, limit=0).total == 1
    ladder.decline(owner, "Anna")
    assert ladder.proposals(owner).total == 0
    with pytest.raises(Invalid):
        ladder.proposals(owner, limit=-1)


def test_steps_up_come_before_steps_down_and_trust_before_the_rest(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(owner)
    row = middling(owner, "Bruno Costa", monkeypatch)
    bank.got(owner, key(row), "advice")
    low = middling(owner, "Cara Diaz", monkeypatch)
    bank.gave(owner, key(low), "promise_broken")
    assert [(move.person.name, move.to_stage) for move in ladder.proposals(owner).moves] == [
        ("Bruno Costa", 4), ("Anna Berger", 2), ("Cara Diaz", 2),
    ]  # fmt: skip


def test_more_than_a_year_at_like_is_named_with_what_is_missing_and_one_step(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R25, R65: stuck in the middle: usual duration, missing evidence, one next step."""
    middling(owner, "Anna Berger", monkeypatch, since="2025-11-21")
    assert ladder.stuck(owner).total == 0
    assert [one.person.name for one in ladder.overview(owner).promising] == ["Anna Berger"]
    set_clock(monkeypatch, "2026-11-22T09:00:00+00:00")
    (one,) = ladder.stuck(owner).people
    assert one.missing == ["a kept promise or favour by them"]
    assert one.next_step.startswith("Let them help with something small")
    assert one.pace == "At Like for 12 months. From Like to Trust usually takes 6 to 24 months."
    assert ladder.overview(owner).promising == []
    editing.edit(owner, "Anna", is_kin=True)
    assert ladder.stuck(owner).total == 0


def test_minutes_of_the_week_and_of_twelve_weeks_stand_beside_their_shares(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R4, R56, R64, R66: minutes and effort by stage, against target and floor."""
    row = middling(owner, "Anna Berger", monkeypatch)
    recording.record_interaction(owner, [row], "call", minutes=40)
    other = person(owner, "Bruno Costa")
    recording.record_interaction(owner, [row, other], "meeting", minutes=60)
    recording.record_interaction(owner, [row], "email", direction=recording.IN)
    week, quarter = ladder.overview(owner).week, ladder.overview(owner).quarter
    bands = {band.stage: band for band in week.bands}
    assert (bands[3].minutes, bands[3].target, bands[3].floor, bands[3].below_floor) == (70, 36, 12, False)
    assert (bands[1].minutes, bands[1].target, bands[4].below_floor) == (30, 6, True)
    assert (week.minutes, week.budget, week.effort, week.effort_budget) == (100, 120, 5.0, 12)
    assert (quarter.budget, quarter.weeks, quarter.since) == (1440, 12, dt.date(2026, 8, 31))
    assert quarter.minutes == 100 + 2 * 15


def test_how_i_see_somebody_is_a_history_of_its_own(owner: Owner) -> None:
    """R55: two estimates: what I say of them moves nothing of how they see me."""
    person(owner, "Anna Berger")
    view = ladder.see(owner, "Anna", 5, "She kept every word")
    assert (view.stage, view.my_stage) == (1, 5)
    ladder.see(owner, "Anna", 5)
    ladder.see(owner, "Anna", 2)
    rows = StageEvent.objects.of(owner).order_by("at").values_list("view", "from_stage", "to_stage", "why")
    assert list(rows) == [("me", 0, 5, "She kept every word"), ("me", 5, 2, "")]
    page = people.show(owner, "Anna")
    assert (page.stage, [event.view for event in page.stage_events]) == (1, ["me", "me"])
    with pytest.raises(Invalid):
        ladder.see(owner, "Anna", 0)


def test_friend_is_for_the_owner_to_say(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """R61: whoever I call a friend is proposed as one from Advocate on, and long silence lowers nothing there."""
    place(owner, person(owner, "Anna Berger"), 6)
    assert people.show(owner, "Anna").proposal is None
    ladder.see(owner, "Anna", 7)
    proposal = people.show(owner, "Anna").proposal
    assert proposal is not None
    assert (proposal.to_stage, proposal.why) == (7, ["You called them a friend on 21 November 2026."])
    ladder.confirm(owner, "Anna")
    set_clock(monkeypatch, "2036-11-21T09:00:00+00:00")
    page = people.show(owner, "Anna")
    assert (page.stage, page.proposal, page.missing) == (7, None, [])


def test_know_like_trust_and_their_side_are_told_per_person(owner: Owner) -> None:
    """R42, R107, R108: the facts for know, like and trust; who begins; steps that deepened the tie."""
    row = ready(owner)
    talk(owner, row, 200, 170, channel="email", direction=recording.OUT)
    talk(owner, row, 198, 20, channel="email", direction=recording.IN)
    view = ladder.show(owner, "Anna")
    assert [(fact.name, fact.state) for fact in view.knowing] == [
        ("know", "yes"), ("like", "partly"), ("trust", "not yet"),
    ]  # fmt: skip
    assert view.symmetry == ("Mostly you reach out: they began 1 of 3 exchanges, and 2 of your 2 were answered.")
    before = view.deepening
    editing.note_topic(owner, "Anna", "goal", "a marathon")
    ladder.confirm(owner, "Anna")
    bank.gave(owner, "Anna", "goal_help")
    assert ladder.show(owner, "Anna").deepening == before + 3
    assert {item.what: item.times for item in ladder.overview(owner).deepening}["stage"] == 1


def test_the_guard_says_until_when_and_why(owner: Owner) -> None:
    """R57, R60: after two unanswered nothing more is proposed, with the day in words."""
    row = place(owner, person(owner, "Anna Berger"), 3)
    talk(owner, row, 9, 4, channel="email", direction=recording.OUT)
    view = ladder.show(owner, "Anna")
    assert (view.guard_until, view.guard) == (
        dt.date(2027, 1, 16), "You wrote twice without an answer, last on 17 Nov."
    )  # fmt: skip
    (one,) = ladder.overview(owner).paused
    assert (one.person.name, one.until, one.why) == ("Anna Berger", view.guard_until, view.guard)
    talk(owner, row, 0, channel="email", direction=recording.IN)
    assert ladder.show(owner, "Anna").guard == ""
    assert ladder.overview(owner).paused == []


def test_the_overview_costs_the_same_for_ten_more_people(owner: Owner) -> None:
    rich(owner, "Anna Berger")
    assert_constant_queries(lambda: ladder.overview(owner), ten_more(owner))
    assert_constant_queries(lambda: ladder.proposals(owner), ten_more(owner, "Later"))


def test_a_stranger_sees_no_stage_of_mine(owner: Owner, stranger: Owner) -> None:
    row = ready(owner)
    assert ladder.overview(stranger).people == 0
    assert ladder.proposals(stranger).moves == []
    with pytest.raises(NotFound):
        ladder.see(stranger, key(row), 5)
    with pytest.raises(NotFound):
        ladder.show(stranger, key(row))
    assert not StageEvent.objects.exists()


def test_a_job_typed_in_later_is_dated_by_the_day_it_was_noted(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """R55: what they do was noted when it was noted, not when the person came into the book."""
    set_clock(monkeypatch, "2026-03-02T09:00:00+00:00")
    anna = person(owner, "Anna Berger")
    talk(owner, anna, 40, 10)
    editing.note_topic(owner, key(anna), "goal", "move to Lisbon")
    set_clock(monkeypatch, "2026-05-04T09:00:00+00:00")
    talk(owner, anna, 3)
    editing.add_job(owner, key(anna), "Harbour Radio", "editor")
    move = ladder.standing(owner, anna).proposal
    assert move and "What they do was noted on 4 May 2026." in move.why
    set_clock(monkeypatch, "2026-05-20T09:00:00+00:00")
    editing.add_job(owner, key(anna), "Harbour Radio", "editor")  # the same again notes nothing new
    move = ladder.standing(owner, anna).proposal
    assert move and "What they do was noted on 4 May 2026." in move.why

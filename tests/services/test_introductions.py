"""Introductions: from the idea to the thanks, in both roles, with the bank, the duties, undo and the gates."""

from __future__ import annotations

from typing import Any

import pytest

from kithbook.core.errors import Conflict, Invalid, NotFound, Refused
from kithbook.core.ids import to_text
from kithbook.services import batches, clock, duties, editing, introductions, people, touches, weeks
from kithbook.store.models import (
    Batch,
    Introduction,
    IntroductionStep,
    LedgerEntry,
    Owner,
    Person,
    Touch,
)
from tests.services.factories import person, talk
from tests.services.helpers import MONDAY, key, later, place, set_clock, snapshot
from tests.services.introductionhelp import day, entries, refs, walk


@pytest.fixture(autouse=True)
def _monday(_fixed_clock: None, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, MONDAY)


@pytest.fixture
def frank(owner: Owner) -> Person:
    row = place(owner, person(owner, "Frank Okafor"), 4)
    talk(owner, row, 100, 60, 20)
    return row


@pytest.fixture
def sarah(owner: Owner) -> Person:
    row = place(owner, person(owner, "Sarah Feldmann"), 3)
    talk(owner, row, 90, 50, 10)
    return row


@pytest.fixture
def pair(owner: Owner, frank: Person, sarah: Person) -> str:
    return introductions.add(owner, "Frank", "Sarah", purpose="a product role in health").card.id


ALL_THE_WAY = ("asked_first", "asked_second", "both_yes", "made", "acknowledged", "met", "outcome", "thanked", "closed")


def test_an_introduction_runs_from_the_idea_to_the_end(
    owner: Owner, pair: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R6, R7: who is brought together with whom, what for, each step with its day, and the outcome with its value."""
    for number, state in enumerate(ALL_THE_WAY, start=1):
        later(monkeypatch, number)
        more: dict[str, Any] = {"outcome": "Frank starts in May", "value": 60000.0} if state == "outcome" else {}
        page = introductions.move(owner, pair, state, **more)
        assert page.card.state == state
    assert [step.state for step in page.steps] == ["idea", *ALL_THE_WAY]
    assert [step.on for step in page.steps] == [day(n) for n in range(10)]
    assert (page.outcome, page.value, page.card.purpose) == ("Frank starts in May", 60000.0, "a product role in health")
    assert page.moves == []
    assert entries(owner) == [
        ("gave", "introduction", ["Frank Okafor", "Sarah Feldmann"]),
        ("gave", "thanks", ["Sarah Feldmann"]),
    ]


def test_an_introduction_wants_two_yes(owner: Owner, pair: str) -> None:
    with pytest.raises(Refused, match="both say yes first") as caught:
        introductions.move(owner, pair, "made")
    assert "asked_first" in caught.value.hint
    assert entries(owner) == []
    assert introductions.show(owner, pair).card.state == "idea"


def test_standing_permission_and_own_wish_skip_the_question(owner: Owner, frank: Person, sarah: Person) -> None:
    introductions.permit(owner, "Sarah")
    page = introductions.add(owner, "Frank", "Sarah", asked_by="Frank")
    assert (page.card.next, page.card.action) == ("Introduce Frank Okafor and Sarah Feldmann.", "made")
    introductions.permit(owner, "Sarah", standing=False)
    assert introductions.show(owner, page.card.id).card.action == "asked_second"


def test_the_same_two_are_not_begun_twice(owner: Owner, pair: str) -> None:
    with pytest.raises(Conflict, match="in an introduction already"):
        introductions.add(owner, "Sarah", "Frank")
    walk(owner, pair, "closed")
    assert introductions.add(owner, "Sarah", "Frank").card.state == "idea"
    with pytest.raises(Invalid, match="Both names mean"):
        introductions.add(owner, "Frank", "Frank Okafor")


def test_the_next_step_is_a_duty_until_it_is_done(owner: Owner, pair: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refs(owner) == [("Frank", "ask_first", day(7))]
    walk(owner, pair, "asked_first")
    assert refs(owner) == []
    later(monkeypatch, 4)
    assert refs(owner) == []
    later(monkeypatch, 5)
    assert refs(owner) == [("Frank", "again", day(5))]
    assert introductions.loops(owner)[0].text.endswith("Ask Frank Okafor once more.")
    walk(owner, pair, "again")
    assert refs(owner) == []
    later(monkeypatch, 25)
    assert not introductions.show(owner, pair).card.is_expired
    later(monkeypatch, 26)
    card = introductions.show(owner, pair).card
    assert (card.is_expired, card.column, card.due_on) == (True, "ended", day(26))
    assert refs(owner) == []


def test_the_reminders_of_a_made_introduction(owner: Owner, pair: str, monkeypatch: pytest.MonkeyPatch) -> None:
    walk(owner, pair, "both_yes")
    assert refs(owner) == [("Frank", "make", day(2))]
    walk(owner, pair, "made")
    for number, part in ((2, "check_acknowledged"), (14, "check_met"), (45, "check_outcome"), (120, "check_outcome")):
        later(monkeypatch, number - 1)
        assert refs(owner) == []
        later(monkeypatch, number)
        assert refs(owner) == [("Frank", part, day(number))]
        walk(owner, pair, "nudged")
        assert refs(owner) == []
    later(monkeypatch, 400)
    assert refs(owner) == []


def touch_of(owner: Owner, who: Person) -> Touch:
    weeks.week(owner)
    return Touch.objects.of(owner).get(person=who, state="open")


def test_doing_the_touch_moves_the_introduction_and_reopening_takes_the_step_back(
    owner: Owner, pair: str, frank: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, 7)
    before = snapshot(owner)
    touch = touch_of(owner, frank)
    assert f"intro:{pair}:ask_first" in touch.ref.split()
    touches.done(owner, to_text(touch.pk))
    assert introductions.show(owner, pair).card.state == "asked_first"
    assert refs(owner) == []
    touches.reopen(owner, to_text(touch.pk))
    assert introductions.show(owner, pair).card.state == "idea"
    assert refs(owner) == [("Frank", "ask_first", day(7))]
    assert snapshot(owner) == before


def test_a_touch_for_a_step_made_by_hand_meanwhile_does_no_harm(owner: Owner, pair: str, frank: Person) -> None:
    weeks.budget(owner, minutes=300)
    touch = touch_of(owner, frank)
    walk(owner, pair, "asked_first", "asked_second")
    touches.done(owner, to_text(touch.pk))
    assert introductions.show(owner, pair).card.state == "asked_second"


def test_being_introduced_gives_each_duty_once(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """R6, R99: who introduced me is kept with the person met, and answer, report, outcome and thanks follow."""
    priya = place(owner, person(owner, "Priya Raghunath"), 4)
    page = introductions.introduced(owner, "Priya", "Adaeze Obi", purpose="a talk")
    new = Person.objects.of(owner).get(name="Adaeze Obi")
    assert new.met_through_id == priya.pk
    assert entries(owner) == [("got", "introduction", ["Priya Raghunath"])]
    mine = [duty for duty in duties.gather(owner) if duty.person_id == priya.pk]
    assert [(duty.kind, duty.due_on) for duty in mine] == [("thanks", day(1))]
    key_ = page.card.id
    walk(owner, key_, "acknowledged")
    assert refs(owner) == [("Priya", "tell_progress", day(7))]
    later(monkeypatch, 3)
    walk(owner, key_, "met")
    assert refs(owner) == [("Priya", "tell_progress", day(5))]
    walk(owner, key_, "told")
    assert refs(owner) == [("Priya", "tell_progress", day(45))]
    later(monkeypatch, 20)
    walk(owner, key_, "outcome", note="I speak in May")
    assert refs(owner) == [("Priya", "tell_outcome", day(22))]
    walk(owner, key_, "reported")
    assert refs(owner) == [("Priya", "thank", day(22))]
    page = walk(owner, key_, "thanked")
    assert refs(owner) == []
    assert page.outcome == "I speak in May"
    assert sorted((direction, kind) for direction, kind, _ in entries(owner)) == [
        ("gave", "report"), ("gave", "thanks"), ("gave", "thanks"), ("got", "introduction"),
    ]  # fmt: skip
    causes = set(LedgerEntry.objects.of(owner).filter(direction="gave").values_list("cause_entry__kind", flat=True))
    assert causes == {"introduction"}


def test_telling_the_outcome_by_the_touch_reports_and_thanks_again(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    priya = place(owner, person(owner, "Priya Raghunath"), 4)
    page = introductions.introduced(owner, "Priya", "Adaeze Obi")
    walk(owner, page.card.id, "met", "outcome")
    weeks.budget(owner, minutes=300)
    touch = touch_of(owner, priya)
    assert "tell_outcome" in touch.ref
    touches.done(owner, to_text(touch.pk))
    assert introductions.show(owner, page.card.id).card.state == "thanked"
    touches.reopen(owner, to_text(touch.pk))
    assert introductions.show(owner, page.card.id).card.state == "outcome"
    assert [kind for _, kind, _ in entries(owner)] == ["introduction"]


def test_somebody_known_before_keeps_how_they_were_met(owner: Owner, frank: Person, sarah: Person) -> None:
    editing.add(owner, "Priya Raghunath")
    Person.objects.of(owner).filter(pk=frank.pk).update(met_at=clock.now())
    introductions.introduced(owner, "Priya", "Frank")
    frank.refresh_from_db()
    assert frank.met_through_id is None
    with pytest.raises(Invalid, match="Both names mean"):
        introductions.introduced(owner, "Priya", "Priya Raghunath")


def test_the_last_step_is_taken_back_with_its_entry(owner: Owner, pair: str) -> None:
    walk(owner, pair, "both_yes", "made")
    assert len(entries(owner)) == 1
    page = introductions.undo_step(owner, pair)
    assert (page.card.state, entries(owner)) == ("both_yes", [])
    assert introductions.undo_step(owner, pair).card.state == "idea"
    with pytest.raises(Conflict, match="where it began"):
        introductions.undo_step(owner, pair)


def test_undo_of_an_outcome_brings_words_and_value_back(owner: Owner, pair: str) -> None:
    walk(owner, pair, "both_yes", "made")
    first = introductions.move(owner, pair, "outcome", outcome="A first talk", value=0)
    assert first.value == 0
    batches.undo(owner, first.batch)
    page = introductions.show(owner, pair)
    assert (page.card.state, page.outcome, page.value) == ("made", "", None)


def test_a_step_that_others_stand_on_is_not_taken_back(owner: Owner, pair: str) -> None:
    batch = walk(owner, pair, "asked_first").batch
    walk(owner, pair, "asked_second")
    before = snapshot(owner)
    with pytest.raises(Refused, match="has gone on since"):
        batches.undo(owner, batch)
    assert snapshot(owner) == before


def test_taking_back_the_idea_leaves_nothing(owner: Owner, frank: Person, sarah: Person) -> None:
    page = introductions.add(owner, "Frank", "Sarah")
    batches.undo(owner, page.batch)
    assert not Introduction.objects.exists()
    assert not IntroductionStep.objects.exists()


def test_steps_of_the_demo_without_a_batch_can_be_taken_back(village: Owner) -> None:
    row = Introduction.objects.of(village).get(first__name="Marlene Fuchs")
    page = introductions.undo_step(village, to_text(row.pk))
    assert page.card.state == "asked_first"
    assert [step.state for step in page.steps] == ["idea", "asked_first"]


def test_a_day_before_the_last_step_or_ahead_is_refused(owner: Owner, pair: str) -> None:
    with pytest.raises(Invalid, match="still to come"):
        introductions.move(owner, pair, "asked_first", on=day(1))
    with pytest.raises(Invalid, match="The step before was on"):
        introductions.move(owner, pair, "asked_first", on=day(-1))
    page = introductions.introduced(owner, "Frank", "Sarah", on=day(-10))
    page = introductions.move(owner, page.card.id, "acknowledged", on=day(-9))
    assert [step.on for step in page.steps] == [day(-10), day(-9)]
    assert LedgerEntry.objects.of(owner).get(kind="thanks").on == day(-9)


@pytest.mark.parametrize("value", [-1.0, 1e12])
def test_a_value_that_cannot_be_kept_is_refused(owner: Owner, pair: str, value: float) -> None:
    walk(owner, pair, "both_yes", "made")
    with pytest.raises(Invalid):
        introductions.move(owner, pair, "outcome", value=value)
    assert introductions.show(owner, pair).card.state == "made"


def test_an_introduction_is_changed_in_words_and_feeling(owner: Owner, pair: str) -> None:
    """R19: opening a door may be its own reward: what it felt like is kept, and it can stay out of the balance."""
    with pytest.raises(Conflict, match="not made yet"):
        introductions.change(owner, pair, satisfaction="Good")
    walk(owner, pair, "both_yes", "made")
    gave = people.show(owner, "Frank").bank
    assert gave is not None
    assert gave.gave > 0
    page = introductions.change(owner, pair, satisfaction="Two good people found each other", outside_balance=True)
    assert (page.satisfaction, page.outside_balance) == ("Two good people found each other", True)
    after = people.show(owner, "Frank").bank
    assert after is not None
    assert after.gave == 0
    page = introductions.change(owner, pair, purpose="a better purpose", blurb="Frank is calm.", endorsement="met")
    assert (page.card.purpose, page.blurb, page.endorsement) == ("a better purpose", "Frank is calm.", "met")


def test_help_that_was_asked_for_is_marked_as_asked(owner: Owner, frank: Person, sarah: Person) -> None:
    page = introductions.add(owner, "Frank", "Sarah", asked_by="Frank")
    walk(owner, page.card.id, "both_yes", "made")
    assert LedgerEntry.objects.of(owner).get().was_asked


def test_the_owner_can_change_the_days(owner: Owner, pair: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner.settings = {"introductions": {"again": 3, "outcome": 30}}
    owner.save()
    walk(owner, pair, "asked_first")
    later(monkeypatch, 3)
    assert refs(owner) == [("Frank", "again", day(3))]


def test_reading_the_board_takes_as_many_queries_for_many(
    owner: Owner, pair: str, frank: Person, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        introductions.add(owner, key(frank), key(place(owner, person(owner, f"Zoe Nummer{number}"), 3)))
    with django_assert_max_num_queries(4):
        assert introductions.board(owner).total == 31
    with django_assert_max_num_queries(4):
        assert len(introductions.of_person(owner, key(frank))) == 31


def test_a_stranger_sees_and_moves_nothing(owner: Owner, stranger: Owner, pair: str) -> None:
    before = snapshot(owner)
    for act in (introductions.show, introductions.drafts, introductions.undo_step):
        with pytest.raises(NotFound):
            act(stranger, pair)
    with pytest.raises(NotFound):
        introductions.move(stranger, pair, "asked_first")
    with pytest.raises(NotFound):
        introductions.change(stranger, pair, purpose="mine")
    assert introductions.board(stranger).total == 0
    assert introductions.loops(stranger) == []
    assert introductions.connectors(stranger) == []
    assert snapshot(owner) == before


@pytest.mark.parametrize("text", ["", "zz", "0000000000000", "nothing"])
def test_no_introduction_is_found_for_what_names_none(owner: Owner, pair: str, text: str) -> None:
    with pytest.raises(NotFound):
        introductions.show(owner, text)


def test_the_beginning_of_an_id_is_enough(owner: Owner, pair: str) -> None:
    assert introductions.show(owner, pair[:10].upper()).card.id == pair


def test_every_act_is_a_batch_of_its_own(owner: Owner, pair: str) -> None:
    page = walk(owner, pair, "asked_first", note="wrote to him")
    assert page.steps[-1].note == "wrote to him"
    titles = Batch.objects.of(owner).filter(kind="introduction").values_list("title", flat=True)
    assert set(titles) == {
        "introduction: Frank Okafor and Sarah Feldmann", "asked first: Frank Okafor and Sarah Feldmann",
    }  # fmt: skip


def test_a_page_takes_the_same_few_queries_however_many_steps(
    owner: Owner, pair: str, django_assert_max_num_queries: Any
) -> None:
    walk(owner, pair, "asked_first", *["nudged"] * 20)
    with django_assert_max_num_queries(20):
        assert len(introductions.show(owner, pair).steps) == 22

"""Touches: done, later, not this person, and back again without a trace."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kithbook.core.errors import Conflict, Invalid, NotFound, Refused
from kithbook.core.ids import to_text
from kithbook.services import bank, batches, capturing, clock, editing, people, touches, weeks
from kithbook.services.views import TouchView
from kithbook.store.models import (
    Batch,
    EntryParty,
    Interaction,
    LedgerEntry,
    Owner,
    Participant,
    Person,
    Promise,
    Snooze,
    Tie,
    Touch,
)
from tests.services.factories import person, talk
from tests.services.helpers import MONDAY, circle, key, place, set_clock, snapshot


@pytest.fixture(autouse=True)
def _monday(_fixed_clock: None, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, MONDAY)


@pytest.fixture
def anna(owner: Owner) -> Person:
    row = place(owner, person(owner, "Anna Berger"), 3)
    talk(owner, row, 200, 120, 60)
    return row


def promise(owner: Owner, who: Person, text: str = "the slides") -> Promise:
    day = clock.today(owner)
    return Promise.objects.create(owner=owner, person=who, text=text, made_on=day - dt.timedelta(days=2), due_on=day)


def touch_of(owner: Owner, who: Person) -> TouchView:
    return next(touch for touch in weeks.week(owner).touches if touch.person.id == key(who))


def bare(owner: Owner, who: Person, number: int = 0, **fields: Any) -> Touch:
    """A touch of this week as the plan would write it."""
    plain: dict[str, Any] = {
        "week_of": clock.week_start(clock.today(owner)), "kind": "investment", "channel": "call", "minutes": 15,
        "why": ["It has been a while."], "ref": str(number) if number else "",
    }  # fmt: skip
    return Touch.objects.create(owner=owner, person=who, **(plain | fields))


def state(owner: Owner) -> tuple[Any, ...]:
    ties = {row.person_id: bytes(row.state) for row in Tie.objects.of(owner)}
    return snapshot(owner), ties, weeks.week(owner)


def test_done_writes_the_contact_down(owner: Owner, anna: Person) -> None:
    before = Interaction.objects.of(owner).count()
    touch = touch_of(owner, anna)
    view = touches.done(owner, touch.id, minutes=40)
    assert (view.state, view.minutes) == ("done", 40)
    assert Interaction.objects.of(owner).count() == before + 1
    row = Interaction.objects.of(owner).order_by("-at").first()
    assert row is not None
    assert (row.channel, row.minutes, row.batch.kind) == (touch.channel, 40, "touch")
    assert people.show(owner, key(anna)).last_contact_on == clock.today(owner)


def test_done_without_minutes_takes_the_planned_ones(owner: Owner, anna: Person) -> None:
    touch = touch_of(owner, anna)
    assert touches.done(owner, touch.id).minutes == touch.minutes


def test_done_keeps_the_promise(owner: Owner, anna: Person) -> None:
    row = promise(owner, anna)
    touches.done(owner, touch_of(owner, anna).id)
    row.refresh_from_db()
    assert (row.state, row.closed_on) == ("kept", clock.today(owner))
    assert people.show(owner, key(anna)).open_loops == []


def test_done_gives_the_thanks(owner: Owner, anna: Person) -> None:
    entry = bank.got(owner, key(anna), "referral", note="Dana's project")
    assert [loop.kind for loop in people.show(owner, key(anna)).open_loops] == ["thanks", "report"]
    touches.done(owner, touch_of(owner, anna).id)
    thanks = LedgerEntry.objects.of(owner).get(kind="thanks")
    assert (thanks.direction, to_text(thanks.cause_entry_id or 0)) == ("gave", entry.id)
    assert "thanks" not in [loop.kind for loop in people.show(owner, key(anna)).open_loops]


def test_a_useful_item_sent_is_something_given(owner: Owner, anna: Person) -> None:
    touches.done(owner, to_text(bare(owner, anna, channel="item").pk))
    given = LedgerEntry.objects.of(owner).get()
    assert (given.direction, given.kind, given.parties.get().person_id) == ("gave", "item", anna.pk)


def test_giving_back_with_an_item_is_entered_once(owner: Owner, anna: Person) -> None:
    entry = bank.got(owner, key(anna), "favour")
    row = bare(owner, anna, channel="item", kind="obligation", ref=f"help:{entry.id}:return")
    touches.done(owner, to_text(row.pk))
    assert list(LedgerEntry.objects.of(owner).filter(direction="gave").values_list("kind", flat=True)) == ["item"]


def test_a_call_with_no_duty_is_no_entry_in_the_bank(owner: Owner, anna: Person) -> None:
    touches.done(owner, to_text(bare(owner, anna).pk))
    assert not LedgerEntry.objects.exists()


def test_done_twice_is_refused(owner: Owner, anna: Person) -> None:
    touch = touch_of(owner, anna)
    touches.done(owner, touch.id)
    count = Interaction.objects.count()
    with pytest.raises(Refused, match="done already"):
        touches.done(owner, touch.id)
    for act in (touches.snooze, touches.skip):
        with pytest.raises(Refused):
            act(owner, touch.id)
    assert Interaction.objects.count() == count


@pytest.mark.parametrize("act", ["done", "snooze", "skip"])
def test_reopen_brings_back_exactly_the_state_before(owner: Owner, anna: Person, act: str) -> None:
    circle(owner, 4)
    promise(owner, anna)
    bank.got(owner, key(anna), "referral")
    touch = touch_of(owner, anna)
    before = state(owner)
    getattr(touches, act)(owner, touch.id)
    weeks.week(owner)
    assert state(owner) != before
    view = touches.reopen(owner, touch.id)
    assert view.state == "open"
    assert state(owner) == before


def test_taking_the_batch_of_a_touch_back_opens_promise_and_touch(owner: Owner, anna: Person) -> None:
    row = promise(owner, anna)
    touch = touch_of(owner, anna)
    before = state(owner)
    touches.done(owner, touch.id)
    batch = Batch.objects.of(owner).get(kind="touch")
    batches.undo(owner, to_text(batch.pk))
    row.refresh_from_db()
    assert (row.state, row.closed_on) == ("open", None)
    assert state(owner) == before


def test_reopen_never_takes_back_what_was_written_by_hand(owner: Owner) -> None:
    circle(owner, 6)
    touch = weeks.week(owner).touches[0]
    capturing.log(owner, f"call with {touch.person.name} today, she is looking for a flat")
    assert [item.id for item in weeks.week(owner).done] == [touch.id]
    before = snapshot(owner)
    with pytest.raises(Refused, match="You had contact"):
        touches.reopen(owner, touch.id)
    assert snapshot(owner) == before


def test_reopening_an_open_touch_is_refused(owner: Owner, anna: Person) -> None:
    with pytest.raises(Refused, match="open already"):
        touches.reopen(owner, touch_of(owner, anna).id)


def test_snooze_leaves_the_person_alone_until_the_day(owner: Owner, anna: Person) -> None:
    view = touches.snooze(owner, touch_of(owner, anna).id, days=10)
    assert view.state == "snoozed"
    row = Snooze.objects.of(owner).get()
    assert (row.person_id, row.until_on) == (anna.pk, clock.today(owner) + dt.timedelta(days=10))


@pytest.mark.parametrize("days", [0, -3, 367])
def test_a_snooze_of_no_days_or_of_years_is_refused(owner: Owner, anna: Person, days: int) -> None:
    with pytest.raises(Invalid):
        touches.snooze(owner, touch_of(owner, anna).id, days=days)
    assert not Snooze.objects.exists()


def test_skip_lasts_until_the_next_monday(owner: Owner, anna: Person) -> None:
    touches.skip(owner, touch_of(owner, anna).id)
    assert Snooze.objects.of(owner).get().until_on == dt.date(2026, 11, 30)


@pytest.mark.parametrize("minutes", [-1, 24 * 60 + 1])
def test_minutes_that_fit_no_day_change_nothing(owner: Owner, anna: Person, minutes: int) -> None:
    touch = touch_of(owner, anna)
    before = state(owner)
    with pytest.raises(Invalid):
        touches.done(owner, touch.id, minutes=minutes)
    assert state(owner) == before


def test_a_touch_is_found_by_number_beginning_and_id(owner: Owner) -> None:
    circle(owner, 8)
    shown = weeks.week(owner).touches
    assert [touch.number for touch in shown] == list(range(1, len(shown) + 1))
    for touch in shown:
        for text in (str(touch.number), touch.id, touch.id.upper(), f" {touch.id[:9]} "):
            assert to_text(touches.find_touch(owner, text).pk) == touch.id


def test_a_beginning_that_fits_several_is_refused(owner: Owner, anna: Person) -> None:
    bruno = person(owner, "Bruno Costa")
    bare(owner, anna, id=0x111222333)
    bare(owner, bruno, id=0x111222444)
    with pytest.raises(Conflict, match="begins 2 touches"):
        touches.done(owner, "00000")
    assert to_text(touches.find_touch(owner, to_text(0x111222444)).pk) == to_text(0x111222444)


@pytest.mark.parametrize("text", ["", "0", "99", "²", "zz", "nothing here", "0000000000000", "ab-cd", "😀" * 20])
def test_no_touch_is_found_for_what_names_none(owner: Owner, anna: Person, text: str) -> None:
    bare(owner, anna)
    with pytest.raises(NotFound) as caught:
        touches.find_touch(owner, text)
    assert caught.value.hint


def test_a_touch_of_last_week_is_found_by_its_id_only(owner: Owner, anna: Person) -> None:
    row = bare(owner, anna, week_of=clock.week_start(clock.today(owner)) - dt.timedelta(days=7))
    assert touches.find_touch(owner, to_text(row.pk)) == row
    with pytest.raises(NotFound):
        touches.find_touch(owner, to_text(row.pk)[:8])


def test_a_list_of_duties_too_long_to_be_kept_whole_still_closes_those_that_are_named(
    owner: Owner, anna: Person
) -> None:
    rows = [promise(owner, anna, f"part {number}") for number in range(16)]
    ref = " ".join(f"promise:{to_text(row.pk)}" for row in rows)[:300]
    touches.done(owner, to_text(bare(owner, anna, kind="obligation", ref=ref).pk))
    kept = Promise.objects.of(owner).filter(state="kept").count()
    assert kept == ref.count("promise:") - 1 == 13
    assert len(people.show(owner, key(anna)).open_loops) == 3


def test_a_duty_whose_reason_is_gone_does_no_harm(owner: Owner, anna: Person) -> None:
    row = promise(owner, anna)
    touch = touch_of(owner, anna)
    row.delete()
    assert touches.done(owner, touch.id).state == "done"


def test_a_touch_with_somebody_let_go_brings_them_back(owner: Owner, anna: Person) -> None:
    touch = touch_of(owner, anna)
    editing.archive(owner, key(anna))
    touches.done(owner, touch.id)
    assert people.show(owner, key(anna)).standing == "kept"


def test_a_touch_of_somebody_else_is_not_there(owner: Owner, stranger: Owner, anna: Person) -> None:
    touch = touch_of(owner, anna)
    before = state(owner)
    for act in (touches.done, touches.snooze, touches.skip, touches.reopen):
        for text in (touch.id, touch.id[:6], "1"):
            with pytest.raises(NotFound):
                act(stranger, text)
    assert state(owner) == before
    assert not Participant.objects.of(stranger).exists()
    assert not EntryParty.objects.of(stranger).exists()

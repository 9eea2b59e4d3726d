"""What is due: promises, thanks in their ranks, reports, giving back, dates, and the steps after meeting somebody."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from kithbook.core.records import PartialDate
from kithbook.services import (
    bank,
    capturing,
    clock,
    duties,
    editing,
    owners,
    people,
    promises,
    recording,
    touches,
    weeks,
)
from kithbook.store.models import LedgerEntry, Owner, Person, PersonDate, Promise, Referral
from tests.services.factories import person, talk
from tests.services.helpers import key, place, set_clock

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def anna(owner: Owner) -> Person:
    return place(owner, person(owner, "Anna Berger"), 3)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def parts(owner: Owner) -> list[str]:
    """The last word of each duty's name: thanks, report, return …"""
    return [duty.ref.rsplit(":", 1)[1] for duty in duties.gather(owner)]


def kinds(owner: Owner) -> list[str]:
    return [duty.kind for duty in duties.gather(owner)]


def thank(owner: Owner, who: Person, channel: str, days: int = 0, kind: str = "thanks") -> LedgerEntry:
    row = recording.record_interaction(owner, [who], channel, on=ago(days))
    return recording.record_entry(owner, [who], "gave", kind, on=ago(days), interaction=row)


def a_date(owner: Owner, who: Person, on: str, kind: str = "birthday") -> PersonDate:
    return PersonDate.objects.create(owner=owner, person=who, kind=kind, on=on)


def test_a_promise_of_mine_is_due_and_one_of_theirs_is_not(owner: Owner, anna: Person) -> None:
    Promise.objects.create(owner=owner, person=anna, text="the slides", made_on=ago(3), due_on=ago(-2))
    Promise.objects.create(owner=owner, person=anna, by_me=False, text="a map", made_on=ago(3))
    found = duties.gather(owner)
    assert [(duty.kind, duty.due_on) for duty in found] == [("promise", ago(-2))]
    assert found[0].why == ("On 18 November 2026 you promised the slides.",) or "the slides" in found[0].why[0]
    assert [loop.kind for loop in people.show(owner, "Anna").open_loops] == ["promise"]


def test_what_they_offered_without_a_day_is_kept_and_not_chased(owner: Owner, anna: Person) -> None:
    """R37: an offer of theirs is no open loop until it has a day."""
    promises.add(owner, key(anna), "lend me her tent", by_me=False)
    assert people.show(owner, "Anna").open_loops == []
    assert [one.text for one in people.show(owner, "Anna").promises] == ["lend me her tent"]
    promises.add(owner, key(anna), "the map", by_me=False, due_on=ago(-2))
    assert [(loop.kind, loop.text) for loop in people.show(owner, "Anna").open_loops] == [("their promise", "the map")]


@pytest.mark.parametrize("state", ["kept", "broken", "released"])
def test_a_promise_that_is_closed_is_not_due(owner: Owner, anna: Person, state: str) -> None:
    Promise.objects.create(owner=owner, person=anna, text="x", made_on=ago(3), state=state, closed_on=ago(1))
    assert duties.gather(owner) == []


def test_a_promise_without_a_day_is_due_after_a_week(owner: Owner, anna: Person) -> None:
    Promise.objects.create(owner=owner, person=anna, text="x", made_on=ago(3))
    assert [duty.due_on for duty in duties.gather(owner)] == [ago(-4)]


def test_help_wants_thanks_within_two_days(owner: Owner, anna: Person) -> None:
    bank.got(owner, "Anna", "advice", note="How to hire")
    duty = duties.gather(owner)[0]
    assert (duty.kind, duty.due_on) == ("thanks", TODAY + dt.timedelta(days=2))
    assert "How to hire" in duty.why[0]
    thank(owner, anna, "message")
    assert duties.gather(owner) == []


def test_an_item_in_passing_wants_no_formal_thanks(owner: Owner, anna: Person) -> None:
    bank.got(owner, "Anna", "item")
    bank.got(owner, "Anna", "favour", size=1)
    assert duties.gather(owner) == []


def test_an_email_alone_leaves_a_referral_partly_thanked(owner: Owner, anna: Person) -> None:
    bank.got(owner, "Anna", "referral", on=ago(5))
    assert parts(owner) == ["thanks", "report"]
    thank(owner, anna, "email", 4)
    assert parts(owner) == ["better-thanks", "report"]
    thank(owner, anna, "note", 1)
    assert parts(owner) == ["report"]


def test_an_email_is_thanks_enough_for_other_help(owner: Owner, anna: Person) -> None:
    bank.got(owner, "Anna", "advice", on=ago(5))
    thank(owner, anna, "email", 4)
    assert duties.gather(owner) == []


def test_a_report_puts_the_next_one_off(owner: Owner, anna: Person) -> None:
    bank.got(owner, "Anna", "referral", on=ago(40))
    thank(owner, anna, "call", 39)
    assert [(duty.kind, duty.due_on) for duty in duties.gather(owner)] == [("report", ago(10))]
    thank(owner, anna, "email", 5, kind="report")
    assert [(duty.kind, duty.due_on) for duty in duties.gather(owner)] == [("report", ago(5 - 90))]


def test_a_result_wants_thanks_once_more(owner: Owner, anna: Person) -> None:
    referral = Referral.objects.create(owner=owner, giver=anna, on=ago(60), outcome_on=ago(3), outcome="a contract")
    row = recording.record_entry(owner, [anna], "got", "referral", on=ago(60))
    LedgerEntry.objects.filter(pk=row.pk).update(referral=referral)
    thank(owner, anna, "call", 59)
    assert parts(owner) == ["result"]
    thank(owner, anna, "call", 1)
    assert parts(owner) == []


def test_help_is_given_back_within_the_year(owner: Owner, anna: Person) -> None:
    bank.got(owner, "Anna", "favour", on=ago(310))
    thank(owner, anna, "call", 309)
    assert [(duty.kind, duty.due_on) for duty in duties.gather(owner)] == [("loop", ago(310 - 365))]
    bank.gave(owner, "Anna", "introduction", on=ago(2))
    assert duties.gather(owner) == []


def test_thanks_for_one_help_leave_another_open(owner: Owner, anna: Person) -> None:
    first = recording.record_entry(owner, [anna], "got", "advice", on=ago(3))
    recording.record_entry(owner, [anna], "got", "praise", on=ago(3))
    assert parts(owner) == ["thanks", "thanks"]
    row = recording.record_interaction(owner, [anna], "call")
    recording.record_entry(owner, [anna], "gave", "thanks", interaction=row, cause=first)
    assert parts(owner) == ["thanks"]


def test_help_of_long_ago_is_let_rest(owner: Owner, anna: Person) -> None:
    bank.got(owner, "Anna", "referral", on=ago(800))
    assert duties.gather(owner) == []


@pytest.mark.parametrize("standing", ["archive", "trash"])
def test_nothing_is_due_towards_somebody_let_go(owner: Owner, anna: Person, standing: str) -> None:
    Promise.objects.create(owner=owner, person=anna, text="x", made_on=ago(3))
    bank.got(owner, "Anna", "referral")
    a_date(owner, anna, "--11-23")
    assert len(duties.gather(owner)) == 4
    getattr(editing, standing)(owner, "Anna")
    assert duties.gather(owner) == []


class TestDates:
    def test_a_birthday_is_due_in_the_week_before(self, owner: Owner, anna: Person) -> None:
        a_date(owner, anna, "1980-11-24")
        found = duties.gather(owner)
        assert [(duty.kind, duty.due_on, duty.earliest_on) for duty in found] == [("date", ago(-3), ago(-3))]
        assert "1980" in found[0].why[0]

    @pytest.mark.parametrize("on", ["--11-29", "--11-20", "1980", "1980-11", ""])
    def test_other_days_and_dates_without_a_day_are_not(self, owner: Owner, anna: Person, on: str) -> None:
        a_date(owner, anna, on)
        assert duties.gather(owner) == []

    def test_29_february_is_kept_on_the_28th_in_other_years(
        self, owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_date(owner, anna, "--02-29")
        for moment, due in (("2027-02-25", "2027-02-28"), ("2028-02-25", "2028-02-29")):
            set_clock(monkeypatch, f"{moment}T09:00:00+00:00")
            assert [duty.due_on.isoformat() for duty in duties.gather(owner)] == [due]

    def test_the_turn_of_the_year_is_no_wall(self, owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        a_date(owner, anna, "--01-02")
        set_clock(monkeypatch, "2026-12-30T09:00:00+00:00")
        assert [duty.due_on for duty in duties.gather(owner)] == [dt.date(2027, 1, 2)]

    def test_dates_matter_from_like_up_and_for_kin(self, owner: Owner) -> None:
        row = person(owner, "Bruno Costa")
        a_date(owner, row, "--11-23")
        assert duties.gather(owner) == []
        editing.edit(owner, "Bruno", is_kin=True)
        assert kinds(owner) == ["date"]

    def test_a_greeting_that_was_done_is_not_due_again(
        self, owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        set_clock(monkeypatch, "2026-11-24T09:00:00+00:00")
        a_date(owner, anna, "--11-26")
        touch = weeks.week(owner).touches[0]
        touches.done(owner, touch.id)
        assert duties.gather(owner) == []
        assert people.show(owner, "Anna").open_loops == []
        set_clock(monkeypatch, "2027-11-24T09:00:00+00:00")
        assert kinds(owner) == ["date"]

    def test_a_call_on_the_day_is_the_greeting(self, owner: Owner, anna: Person) -> None:
        a_date(owner, anna, "--11-21")
        talk(owner, anna, 0, channel="message", direction=-1)
        assert kinds(owner) == ["date"]
        capturing.spoke(owner, "Anna")
        assert duties.gather(owner) == []

    def test_a_call_the_day_before_is_not(self, owner: Owner, anna: Person) -> None:
        a_date(owner, anna, "--11-21")
        talk(owner, anna, 1)
        assert kinds(owner) == ["date"]

    def test_the_day_is_that_of_the_owners_place(self, owner: Owner, anna: Person) -> None:
        owners.change_settings(owner, time_zone="Pacific/Kiritimati")
        owner.refresh_from_db()
        a_date(owner, anna, "--11-21")
        assert [duty.due_on for duty in duties.gather(owner)] == [clock.today(owner)] == [TODAY]


class TestNewPeople:
    def at(self, owner: Owner, monkeypatch: pytest.MonkeyPatch, moment: str) -> list[str]:
        set_clock(monkeypatch, f"{moment}:00+00:00")
        return parts(owner)

    @pytest.fixture(autouse=True)
    def _met(self, owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
        set_clock(monkeypatch, "2026-11-16T12:00:00+00:00")
        capturing.met(owner, "Zelda Quist", at="FinFest")

    def test_the_first_step_is_due_within_a_day(self, owner: Owner) -> None:
        duty = duties.gather(owner)[0]
        assert (duty.kind, duty.due_on) == ("followup", dt.date(2026, 11, 17))
        assert "FinFest" in duty.why[0]

    def test_the_meeting_itself_completes_no_step(self, owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.at(owner, monkeypatch, "2026-11-17T09:00") == ["1"]

    def test_a_step_is_for_today_once_its_window_opens(self, owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
        """Twelve hours after the meeting, not one; the week has it from the beginning."""
        assert weeks.today(owner).touches == []
        assert [one.person.name for one in weeks.week(owner).touches] == ["Zelda Quist"]
        set_clock(monkeypatch, "2026-11-17T06:00:00+00:00")
        capturing.met(owner, "Yara Novak")
        opened = ["Yara Novak", "Zelda Quist"]
        for moment, expected in (("07:00", opened[1:]), ("17:59", opened[1:]), ("18:00", opened), ("23:59", opened)):
            set_clock(monkeypatch, f"2026-11-17T{moment}:00+00:00")
            assert {one.person.name for one in weeks.week(owner).touches} == set(opened)
            assert sorted(one.person.name for one in weeks.today(owner).touches) == expected

    def test_at_recognise_nothing_else_goes_out_while_the_steps_run(self, owner: Owner) -> None:
        """Method §2: the 24-7-30 steps, whenever the next is due; at Know only what is due speaks for the week."""
        (duty,) = duties.gather(owner)
        before = duty.due_on - dt.timedelta(days=1)
        assert (duty.stage, duty.kind) == (1, "followup")
        assert duties.spoken_for([duty], before) == {duty.person_id}
        assert duties.spoken_for([replace(duty, stage=2)], before) == frozenset()
        assert duties.spoken_for([replace(duty, stage=2)], duty.due_on) == {duty.person_id}

    def test_contact_in_the_window_completes_each_step(self, owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
        for moment, before, after in (
            ("2026-11-17T12:30", ["1"], ["2"]), ("2026-11-23T12:30", ["2"], ["3"]), ("2026-12-16T12:30", ["3"], []),
        ):  # fmt: skip
            assert self.at(owner, monkeypatch, moment) == before
            capturing.spoke(owner, "Zelda")
            assert parts(owner) == after

    def test_a_step_done_from_the_plan_is_not_proposed_again(
        self, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        set_clock(monkeypatch, "2026-11-17T12:30:00+00:00")
        touch = weeks.week(owner).touches[0]
        assert touch.kind == "new"
        touches.done(owner, touch.id)
        assert parts(owner) == ["2"]
        assert weeks.week(owner).touches == []

    def test_unanswered_steps_end_in_one_hello(self, owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
        for moment in ("2026-11-17T12:30", "2026-11-23T12:30"):
            set_clock(monkeypatch, f"{moment}:00+00:00")
            capturing.spoke(owner, "Zelda", channel="email")
        assert self.at(owner, monkeypatch, "2026-12-16T12:30") == ["4"]
        assert self.at(owner, monkeypatch, "2027-03-20T12:30") == []

    def test_people_of_an_import_have_no_steps(self, owner: Owner) -> None:
        person(owner, "Anna Berger", met_at=clock.now() - dt.timedelta(days=1))
        assert len(duties.gather(owner)) == 1


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1980-11-24", PartialDate(1980, 11, 24)), ("1980-11", PartialDate(1980, 11)), ("1980", PartialDate(1980)),
        ("--11-24", PartialDate(None, 11, 24)), ("", PartialDate()), ("soon", PartialDate()),
    ],
)  # fmt: skip
def test_stored_dates_are_read_in_all_forms(text: str, date: PartialDate) -> None:
    assert duties.to_partial(text) == date


def test_duties_of_some_people_only(owner: Owner, anna: Person) -> None:
    other = person(owner, "Bruno Costa")
    for row in (anna, other):
        bank.got(owner, key(row), "advice")
        Promise.objects.create(owner=owner, person=row, text="x", made_on=ago(3))
    assert {duty.person_id for duty in duties.gather(owner, [other.pk])} == {other.pk}
    assert duties.gather(owner, []) == []


def test_a_stranger_has_no_duties_of_mine(owner: Owner, stranger: Owner, anna: Person) -> None:
    bank.got(owner, "Anna", "referral")
    Promise.objects.create(owner=owner, person=anna, text="x", made_on=ago(3))
    a_date(owner, anna, "--11-23")
    assert duties.gather(owner)
    assert duties.gather(stranger) == duties.gather(stranger, [anna.pk]) == []


def test_friction_of_ones_own_waits_for_a_word_and_the_touch_mends_it(owner: Owner) -> None:
    """R109: a friction event is a task until an apology; theirs is no task of the owner's."""
    anna, bob = person(owner, "Anna Berger", stage=3), person(owner, "Bob Stone", stage=3)
    bank.gave(owner, key(anna), "friction", on=dt.date(2026, 11, 18))
    bank.got(owner, key(bob), "friction", on=dt.date(2026, 11, 18))
    (duty,) = duties.gather(owner)
    assert (duty.person_id, duty.kind, duty.due_on) == (anna.pk, "loop", dt.date(2026, 11, 25))
    assert "18 November 2026" in duty.why[0] or "18 Nov" in duty.why[0]
    bank.gave(owner, key(anna), "apology")
    assert duties.gather(owner) == []


def test_what_was_never_mended_in_half_a_year_is_not_brought_up_again(owner: Owner) -> None:
    anna = person(owner, "Anna Berger", stage=3)
    bank.gave(owner, key(anna), "friction", on=dt.date(2026, 5, 20))
    assert duties.gather(owner) == []


def test_the_week_says_how_to_thank_for_a_referral(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """R102, R103: the obligation names the thanks that fit, without gifts where none may be taken."""
    anna = person(owner, "Anna Berger")
    bank.got(owner, key(anna), "referral", note="told Dana about me")
    (thanks,) = [duty for duty in duties.gather(owner) if duty.kind == "thanks"]
    assert "small gift" in thanks.idea
    editing.edit(owner, key(anna), no_gifts=True)
    set_clock(monkeypatch, "2026-11-23T09:00:00+00:00")
    (touch,) = weeks.week(owner).touches
    assert touch.idea == "Thank them by call, then send a handwritten note (they take no gifts)."

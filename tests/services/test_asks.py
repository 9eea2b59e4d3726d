"""The right to ask from the database: verdicts, asks made and planned, the bank once, everybody at once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import to_text
from kithbook.core.ledger import balance
from kithbook.services import (
    asks,
    bank,
    batches,
    capturing,
    duties,
    editing,
    helping,
    ladder,
    people,
    recording,
    touches,
    weeks,
)
from kithbook.store.models import Ask, LedgerEntry, Owner, Person, Promise
from tests.services.factories import person, talk
from tests.services.helpers import key, place, set_clock

TODAY = dt.date(2026, 11, 21)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


@pytest.fixture
def anna(owner: Owner) -> Person:
    """Like, half a year of talks."""
    row = place(owner, person(owner, "Anna Berger"), 3)
    talk(owner, row, 300, 200, 120, 20)
    return row


def verdict(owner: Owner, size: int, who: str = "Anna") -> str:
    return asks.check(owner, who, size).verdict


class TestCheck:
    def test_deposits_come_before_withdrawals(self, owner: Owner, anna: Person) -> None:
        """R74, R79, R83: a small ask is possible, a larger one only after something was given."""
        assert [verdict(owner, size) for size in (1, 2, 3)] == ["ready", "ready", "deposit"]
        bank.gave(owner, "Anna", "advice", note="how to hire")
        assert [verdict(owner, size) for size in (3, 4, 5)] == ["ready", "ready", "deposit"]

    def test_reasons_are_facts_with_days(self, owner: Owner, anna: Person) -> None:
        """R81: what gives me the right lists what I invested."""
        bank.gave(owner, "Anna", "advice", note="how to hire", on=ago(10))
        found = asks.check(owner, "Anna", 1)
        assert [(reason.fact, reason.on) for reason in found.rights] == [
            ("You gave: answer or advice: how to hire.", ago(10)),
            ("You last spoke both ways on 1 November 2026.", ago(20)),
        ]
        assert found.say_yes

    def test_a_stranger_to_them_reintroduces_first(self, owner: Owner) -> None:
        """R71, R72: where, when and through whom they met is the line to use."""
        dana = person(owner, "Dana Fuchs")
        met = dt.datetime(2023, 5, 3, 10, tzinfo=dt.UTC)
        gone = person(owner, "Gregor Haas", met_where="FinFest", met_at=met, met_through=dana)
        talk(owner, gone, 1_000, 950)
        found = asks.check(owner, "Gregor", 2, kind="interview")
        assert found.verdict == "reintroduce"
        assert found.reminder == "Remind them: you met at FinFest on 3 May 2023, through Dana Fuchs."
        assert found.remedy.endswith("FinFest on 3 May 2023, through Dana Fuchs.")
        assert [flag.kind for flag in found.flags] == ["cold", "no_deposits"]

    def test_strong_ties_stay_ready(self, owner: Owner) -> None:
        """R63: somebody at Support, quiet for years, is ready for a modest ask."""
        old = place(owner, person(owner, "Old Friend"), 5)
        talk(owner, old, 4_000, 3_000)
        assert [verdict(owner, size, "Old Friend") for size in (1, 3)] == ["ready", "ready"]

    def test_unthanked_help_is_closed_first(self, owner: Owner, anna: Person) -> None:
        """R100, R101: no second ask before the thanks."""
        bank.gave(owner, "Anna", "referral", size=5)
        bank.got(owner, "Anna", "referral", note="told Dana about me", on=ago(40))
        found = asks.check(owner, "Anna", 1)
        assert (found.verdict, found.remedy) == ("close_loop", "Thank them first: referral (told Dana about me).")
        bank.gave(owner, "Anna", "thanks")
        assert verdict(owner, 1) == "ready"

    def test_a_promise_past_its_day_is_closed_first(self, owner: Owner, anna: Person) -> None:
        due = Promise.objects.create(owner=owner, person=anna, text="the slides", made_on=ago(9), due_on=TODAY)
        assert verdict(owner, 1) == "ready"
        Promise.objects.filter(pk=due.pk).update(due_on=ago(1))
        found = asks.check(owner, "Anna", 1)
        assert (found.verdict, found.remedy) == ("close_loop", "Keep your promise: the slides")
        Promise.objects.filter(pk=due.pk).update(due_on=None)
        assert verdict(owner, 1) == "close_loop"

    def test_an_introduction_they_made_without_a_report_is_closed_first(
        self, owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from kithbook.services import introductions

        dana = person(owner, "Dana Fuchs")
        introductions.introduced(owner, key(anna), key(dana), purpose="the new role", on=ago(20))
        set_clock(monkeypatch, "2026-12-05T09:00:00+00:00")
        found = asks.check(owner, "Anna", 1)
        assert found.verdict == "close_loop"
        assert "Dana Fuchs" in found.reasons[0].fact

    def test_contact_only_in_need_is_named(self, owner: Owner) -> None:
        """R73, R89: a need-only ratio for each person."""
        row = place(owner, person(owner, "Needy Tie"), 4)
        talk(owner, row, 400, 300)
        for days in (400, 300):
            asks.record(owner, key(row), 1, outcome="refused", on=ago(days))
        found = asks.check(owner, "Needy Tie", 1)
        assert found.need_only_share == 1.0
        assert {"need_only", "no_deposits"} <= {flag.kind for flag in found.flags}

    def test_no_figures_for_family(self, owner: Owner, anna: Person) -> None:
        assert asks.check(owner, "Anna", 4).balance == 0.0
        editing.edit(owner, "Anna", is_kin=True)
        found = asks.check(owner, "Anna", 4)
        assert found.balance is None
        assert "0.0" not in found.reasons[0].fact

    @pytest.mark.parametrize("size", [0, 6])
    def test_other_sizes_are_refused(self, owner: Owner, anna: Person, size: int) -> None:
        for call in (
            lambda: asks.check(owner, "Anna", size), lambda: asks.record(owner, "Anna", size),
            lambda: asks.plan(owner, "Anna", size, ago(-30)), lambda: asks.ready_many(owner, size),
        ):  # fmt: skip
            with pytest.raises(Invalid):
                call()

    @pytest.mark.parametrize("kind", ["interview", "help", "introduction", "reference", "sales", "job"])
    def test_all_kinds_are_judged_alike(self, owner: Owner, anna: Person, kind: str) -> None:
        """R71, R82: the rule applies to informational interviews and to selling as well."""
        assert asks.check(owner, "Anna", 3, kind=kind).verdict == "deposit"
        assert asks.record(owner, "Anna", 1, kind=kind).kind == kind


class TestRecord:
    @pytest.mark.parametrize("outcome", ["gladly", "reluctantly"])
    def test_a_granted_ask_is_in_the_bank_once_and_wants_thanks(self, owner: Owner, anna: Person, outcome: str) -> None:
        """R80, R111: the outcome is kept, the account goes down once, and thanks are due."""
        made = asks.record(owner, "Anna", 2, kind="reference", text="a reference", outcome=outcome)
        entry = LedgerEntry.objects.get()
        assert (entry.direction, entry.kind, entry.size, entry.note) == ("got", "ask", 2, "a reference")
        assert asks.check(owner, "Anna", 1).balance == -2
        (duty,) = duties.gather(owner)
        assert (duty.kind, duty.due_on) == ("thanks", TODAY + dt.timedelta(days=2))
        assert "two days" in made.message
        assert people.show(owner, "Anna").asks[0].outcome == outcome

    @pytest.mark.parametrize("outcome", ["refused", "silence", ""])
    def test_an_ask_that_was_not_granted_costs_nothing(self, owner: Owner, anna: Person, outcome: str) -> None:
        """R80: refused and silence are outcomes too."""
        asks.record(owner, "Anna", 2, outcome=outcome)
        assert not LedgerEntry.objects.exists()
        assert verdict(owner, 1) == ("ready" if outcome == "refused" else "wait")

    def test_the_outcome_can_come_later(self, owner: Owner, anna: Person) -> None:
        """R80: gladly."""
        made = asks.record(owner, "Anna", 2, on=ago(4))
        assert (made.outcome, verdict(owner, 1)) == ("", "wait")
        done = asks.outcome(owner, made.id, "gladly", on=ago(2))
        assert (done.outcome_on, LedgerEntry.objects.get().on) == (ago(2), ago(2))
        with pytest.raises(Refused):
            asks.outcome(owner, made.id, "refused")

    def test_an_entry_written_down_before_is_not_doubled(self, owner: Owner, anna: Person) -> None:
        bank.got(owner, "Anna", "ask", size=2)
        asks.record(owner, "Anna", 2, outcome="gladly")
        assert LedgerEntry.objects.count() == 1
        asks.record(owner, "Anna", 1, outcome="gladly")
        assert LedgerEntry.objects.count() == 2
        assert asks.check(owner, "Anna", 1).balance == -3

    def test_one_ask_of_the_village_counts_once(self, village: Owner) -> None:
        """The demo network holds each granted ask both as an ask and as an entry of the bank."""
        granted = Ask.objects.filter(outcome="gladly").select_related("person")
        assert granted.count() > 10
        for ask in granted:
            expected = balance(helping.whole(village, [ask.person_id])[ask.person_id], TODAY).net
            facts = asks.askfacts.facts_of(village, [ask.person])[ask.person_id]
            assert balance((*facts.entries, *facts.missing), TODAY).net == pytest.approx(expected)

    def test_an_ask_in_a_sentence_counts_and_wants_thanks(self, owner: Owner, anna: Person) -> None:
        """R111: an ask granted in a sentence is in the bank once and wants thanks."""
        capturing.log(owner, "asked Anna Berger for a reference yesterday, she said yes")
        assert Ask.objects.get().outcome == "gladly"
        facts = asks.askfacts.facts_of(owner, [anna])[anna.pk]
        assert [entry.kind for entry in facts.entries if entry.direction == "got"] == ["ask"]
        assert [duty.kind for duty in duties.gather(owner)] == ["thanks"]
        assert verdict(owner, 1) == "close_loop"
        assert asks.ready_many(owner, 1)[anna.pk] == "close_loop"
        touch = next(touch for touch in weeks.week(owner).touches if touch.person.id == key(anna))
        touches.done(owner, touch.id)
        assert duties.gather(owner) == []

    def test_all_of_it_is_taken_back_as_one_act(self, owner: Owner, anna: Person) -> None:
        made = asks.record(owner, "Anna", 2, outcome="gladly")
        batches.undo(owner, made.batch or "")
        assert not Ask.objects.exists()
        assert not LedgerEntry.objects.exists()

    def test_an_outcome_is_taken_back_alone(self, owner: Owner, anna: Person) -> None:
        made = asks.record(owner, "Anna", 2, on=ago(3))
        done = asks.outcome(owner, made.id, "gladly")
        batches.undo(owner, done.batch or "")
        row = Ask.objects.get()
        assert (row.asked_on, row.outcome, row.outcome_on) == (ago(3), "", None)
        assert not LedgerEntry.objects.exists()

    def test_what_is_said_wrong_is_refused(self, owner: Owner, anna: Person) -> None:
        made = asks.record(owner, "Anna", 2, on=ago(3))
        for call in (
            lambda: asks.record(owner, "Anna", 2, outcome="maybe"),
            lambda: asks.record(owner, "Anna", 2, on=ago(-1)),
            lambda: asks.outcome(owner, made.id, ""),
            lambda: asks.outcome(owner, made.id, "gladly", on=ago(4)),
            lambda: asks.outcome(owner, made.id, "gladly", on=ago(-1)),
            lambda: asks.plan(owner, "Anna", 2, TODAY),
        ):
            with pytest.raises(Invalid):
                call()
        with pytest.raises(Refused):
            asks.drop(owner, made.id)
        with pytest.raises(NotFound):
            asks.outcome(owner, "nothing", "gladly")

    def test_it_speaks_for_a_step_up(self, owner: Owner, anna: Person) -> None:
        """A granted ask is what Support wants."""
        place(owner, anna, 4)
        bank.gave(owner, "Anna", "advice")
        bank.got(owner, "Anna", "favour", on=ago(30))
        asks.record(owner, "Anna", 1, outcome="gladly")
        assert ladder.standing(owner, anna).missing == []


class TestPlanned:
    def test_its_deposits_are_scheduled_before_it(
        self, owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """R86, R87: “in May I will need a reference” puts something to give into the weeks before."""
        made = asks.plan(owner, "Anna", 4, dt.date(2027, 5, 3), kind="reference", text="a reference")
        assert [step.on for step in made.steps] == [dt.date(2027, 4, 9), dt.date(2027, 4, 19)]
        assert duties.gather(owner) == []
        set_clock(monkeypatch, "2027-04-05T09:00:00+00:00")
        talk(owner, anna, 2)
        (duty,) = duties.gather(owner)
        assert (duty.due_on, duty.person_id) == (dt.date(2027, 4, 9), anna.pk)
        assert "a reference" in duty.why[0]
        touch = next(one for one in weeks.week(owner).touches if one.person.id == key(anna))
        assert touch.kind == "obligation"
        touches.done(owner, touch.id)
        assert LedgerEntry.objects.get().kind == "advice"
        set_clock(monkeypatch, "2027-04-12T09:00:00+00:00")
        assert [duty.due_on for duty in duties.gather(owner)] == [dt.date(2027, 4, 19)]
        bank.gave(owner, "Anna", "advice")
        set_clock(monkeypatch, "2027-05-03T09:00:00+00:00")
        assert verdict(owner, 4) == "ready"
        (duty,) = duties.gather(owner)
        assert duty.ref.endswith(":ask")

    def test_making_it_from_the_plan_waits_for_the_answer(
        self, owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bank.gave(owner, "Anna", "advice")
        asks.plan(owner, "Anna", 1, dt.date(2026, 11, 24))
        set_clock(monkeypatch, "2026-11-24T09:00:00+00:00")
        touch = next(one for one in weeks.week(owner).touches if one.person.id == key(anna))
        touches.done(owner, touch.id)
        assert [item.asked_on for item in asks.listing(owner).open] == [dt.date(2026, 11, 24)]
        touches.reopen(owner, touch.id)
        assert [item.planned_on for item in asks.listing(owner).planned] == [dt.date(2026, 11, 24)]

    def test_writing_it_down_closes_the_plan(self, owner: Owner, anna: Person) -> None:
        made = asks.plan(owner, "Anna", 2, ago(-60), kind="job", text="the opening at Nord")
        done = asks.record(owner, "Anna", 2, ask=made.id, outcome="gladly")
        assert (done.id, done.kind, done.text) == (made.id, "job", "the opening at Nord")
        assert asks.listing(owner).planned == []
        batches.undo(owner, done.batch or "")
        assert [item.id for item in asks.listing(owner).planned] == [made.id]
        other = person(owner, "Bruno Costa")
        with pytest.raises(Refused):
            asks.record(owner, key(other), 2, ask=made.id)

    def test_dropped_is_gone(self, owner: Owner, anna: Person) -> None:
        made = asks.plan(owner, "Anna", 4, ago(-20))
        assert duties.gather(owner)
        asks.drop(owner, made.id)
        assert duties.gather(owner) == []
        assert asks.listing(owner).planned == []

    def test_a_day_too_soon_says_when(self, owner: Owner, anna: Person) -> None:
        made = asks.plan(owner, "Anna", 5, ago(-3))
        assert made.ready_on is not None
        assert made.ready_on > ago(-3)

    def test_somebody_let_go_is_not_planned(self, owner: Owner, anna: Person) -> None:
        asks.plan(owner, "Anna", 4, ago(-20))
        Person.objects.filter(pk=anna.pk).update(standing="archived")
        assert duties.gather(owner) == []


class TestMany:
    def test_everybody_is_judged_as_one_is(self, village: Owner) -> None:
        """R79, R83: one rule for one person and for all."""
        capturing.log(village, "asked Gregor Haas for a reference yesterday, he said yes")
        rows = list(Person.objects.of(village).filter(standing="kept"))
        for size in (1, 3, 5):
            many = asks.ready_many(village, size)
            assert set(many) == {row.pk for row in rows}
            for row in rows:
                assert asks.check(village, to_text(row.pk), size).verdict == many[row.pk], row.name
        assert len(set(many.values())) > 2

    def test_some_people_only(self, owner: Owner, anna: Person) -> None:
        other = person(owner, "Bruno Costa")
        assert asks.ready_many(owner, 1, [anna.pk]) == {anna.pk: "ready"}
        assert asks.remedies(owner, 3, [anna.pk])[anna.pk][0] == "deposit"
        assert asks.ready_many(owner, 1) == {anna.pk: "ready", other.pk: "reintroduce"}
        assert asks.ready_many(owner, 1, []) == asks.remedies(owner, 1, []) == {}

    def test_the_number_of_queries_does_not_grow(self, owner: Owner) -> None:
        def add(number: int) -> None:
            row = person(owner, f"Person {number}")
            talk(owner, row, 40)
            asks.record(owner, key(row), 1, outcome="gladly", on=ago(30))
            asks.plan(owner, key(row), 3, ago(-40))
            bank.got(owner, key(row), "referral", on=ago(9))
            Promise.objects.create(owner=owner, person=row, text="x", made_on=ago(30))

        def count() -> list[int]:
            counts = []
            for call in (lambda: asks.ready_many(owner, 3), lambda: asks.listing(owner), lambda: duties.gather(owner)):
                with CaptureQueriesContext(connection) as seen:
                    call()
                counts.append(len(seen))
            return counts

        add(0)
        few = count()
        for number in range(1, 8):
            add(number)
        assert count() == few

    def test_a_stranger_sees_nothing(self, owner: Owner, stranger: Owner, anna: Person) -> None:
        made = asks.record(owner, "Anna", 2)
        planned = asks.plan(owner, "Anna", 2, ago(-30))
        empty = asks.listing(stranger)
        assert (empty.open, empty.planned, empty.past, asks.ready_many(stranger, 1)) == ([], [], [], {})
        for call in (
            lambda: asks.check(stranger, key(anna), 1), lambda: asks.record(stranger, key(anna), 1),
            lambda: asks.outcome(stranger, made.id, "gladly"), lambda: asks.drop(stranger, planned.id),
        ):  # fmt: skip
            with pytest.raises(NotFound):
                call()
        assert asks.ready_many(stranger, 1, [anna.pk]) == {}
        assert asks.remedies(stranger, 1, [anna.pk]) == {}


def test_asks_of_somebody_trashed_are_not_listed(owner: Owner, anna: Person) -> None:
    asks.record(owner, "Anna", 2)
    Person.objects.filter(pk=anna.pk).update(standing="trashed")
    assert asks.listing(owner).open == []


def test_an_entry_of_two_people_is_read_for_each(owner: Owner, anna: Person) -> None:
    other = person(owner, "Bruno Costa")
    recording.record_entry(owner, [anna, other], "gave", "advice")
    facts = asks.askfacts.facts_of(owner, [anna, other])
    assert [len(found.entries) for found in facts.values()] == [1, 1]

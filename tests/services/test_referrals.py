"""Referrals both ways, thanks in their ranks, neglected referrers, doors opened, keeping up after an objective."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kithbook.core.errors import Invalid, KithbookError, NotFound, Refused
from kithbook.core.ids import to_text
from kithbook.core.ledger import Entry
from kithbook.services import (
    asks,
    bank,
    batches,
    duties,
    editing,
    helping,
    keepingup,
    people,
    referrals,
    touches,
    weeks,
)
from kithbook.store.models import (
    LedgerEntry,
    Objective,
    ObjectivePerson,
    Outcome,
    OutcomeParty,
    Owner,
    Person,
    Promise,
    Referral,
)
from tests.services.factories import person, talk
from tests.services.helpers import key, place, set_clock

TODAY = dt.date(2026, 11, 21)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


@pytest.fixture
def sabine(owner: Owner) -> Person:
    row = place(owner, person(owner, "Sabine Koestler"), 4)
    talk(owner, row, 300, 200, 60)
    return row


@pytest.fixture
def dana(owner: Owner) -> Person:
    return person(owner, "Dana Fuchs")


class TestReceived:
    def test_it_is_a_large_gift_with_duties(self, owner: Owner, sabine: Person, dana: Person) -> None:
        """R98, R102, R104: a referral received is a large gift in the bank and is to be thanked within two days."""
        made = referrals.received(owner, "Sabine", "client", "told Dana about me", about="Dana")
        entry = LedgerEntry.objects.get()
        assert (entry.direction, entry.kind, entry.size) == ("got", "referral", 4)
        assert entry.referral_id == Referral.objects.get().pk
        assert [(duty.kind, duty.due_on) for duty in duties.gather(owner)] == [
            ("thanks", TODAY + dt.timedelta(days=2)), ("report", TODAY + dt.timedelta(days=30)),
        ]  # fmt: skip
        (owed,) = referrals.thanks_owed(owner).owed
        assert (owed.state, owed.referral, owed.rank, owed.size) == ("due", made.id, 0, 4)

    def test_who_opened_the_door_is_kept_with_the_person(self, owner: Owner, sabine: Person, dana: Person) -> None:
        """R99: they did not remember who made the introduction."""
        made = referrals.received(owner, "Sabine", "client", "told Dana about me", about="Dana")
        dana.refresh_from_db()
        assert dana.met_through_id == sabine.pk
        assert [(door.opener.name, door.kind) for door in referrals.doors(owner, "Dana")] == [
            ("Sabine Koestler", "referral")
        ]
        batches.undo(owner, made.batch or "")
        dana.refresh_from_db()
        assert dana.met_through_id is None
        assert referrals.doors(owner) == []
        assert not LedgerEntry.objects.exists()

    def test_where_they_came_from_already_is_not_overwritten(self, owner: Owner, sabine: Person, dana: Person) -> None:
        other = person(owner, "Bruno Costa")
        Person.objects.filter(pk=dana.pk).update(met_through=other)
        referrals.received(owner, "Sabine", "client", about="Dana")
        dana.refresh_from_db()
        assert dana.met_through_id == other.pk

    def test_a_day_to_come_is_refused(self, owner: Owner, sabine: Person) -> None:
        with pytest.raises(Invalid):
            referrals.received(owner, "Sabine", on=ago(-1))
        with pytest.raises(NotFound):
            referrals.received(owner, "Sabine", about="nobody@example.org")


def test_a_referral_to_somebody_new_brings_them_into_the_book(owner: Owner, sabine: Person) -> None:
    """R99, R102: whom it leads to is made in the same act, with who opened the door, and goes with its undo."""
    view = referrals.received(owner, "Sabine", "client", "told her about me", about="Zoe Newman")
    zoe = Person.objects.of(owner).get(name="Zoe Newman")
    assert (view.about and view.about.id, zoe.met_through_id) == (key(zoe), sabine.pk)
    batches.undo(owner, view.batch or "")
    assert not Person.objects.of(owner).filter(name="Zoe Newman").exists()
    assert duties.gather(owner) == []


class TestThanks:
    @pytest.fixture
    def door(self, owner: Owner, sabine: Person) -> str:
        return referrals.received(owner, "Sabine", "client", "told Dana about me", on=ago(5)).id

    def state(self, owner: Owner) -> tuple[int, int, int]:
        found = referrals.thanks_owed(owner)
        return len(found.owed), len(found.partly), found.done_total

    def test_an_email_alone_is_half_a_thank_you(self, owner: Owner, door: str) -> None:
        """R103: e-mail < message or call < note < gift or lunch."""
        assert self.state(owner) == (1, 0, 0)
        assert "half a thank-you" in referrals.thank(owner, door, "email").message
        assert self.state(owner) == (0, 1, 0)
        referrals.thank(owner, door, "note", note="a card")
        assert self.state(owner) == (0, 0, 1)
        (done,) = referrals.thanks_owed(owner).done
        assert (done.rank, done.rank_words, [one.channel for one in done.thanked]) == (
            3, "a handwritten note", ["email", "note"],
        )  # fmt: skip

    def test_thanks_are_contact_and_an_entry_that_names_its_cause(self, owner: Owner, door: str) -> None:
        note = referrals.thank(owner, "Sabine", "meeting", note="lunch at the pier")
        entry = LedgerEntry.objects.get(kind="thanks")
        got = LedgerEntry.objects.get(kind="referral")
        assert (entry.cause_entry_id, entry.referral_id, entry.size) == (got.pk, got.referral_id, 2)
        assert people.show(owner, "Sabine").last_contact_on == TODAY
        batches.undo(owner, note.batch or "")
        assert self.state(owner) == (1, 0, 0)

    def test_thanks_for_one_thing_do_not_thank_for_another(self, owner: Owner, door: str) -> None:
        """R111: all help is thanked, each for itself."""
        other = bank.got(owner, "Sabine", "advice", on=ago(3))
        referrals.thank(owner, other.id, "call")
        assert [view.referral for view in referrals.thanks_owed(owner).owed] == [door]

    def test_by_person_the_oldest_is_thanked_first(self, owner: Owner, door: str) -> None:
        bank.got(owner, "Sabine", "advice", note="how to hire", on=ago(3))
        assert "told Dana" in referrals.thank(owner, "Sabine").message
        assert "how to hire" in referrals.thank(owner, "Sabine").message
        with pytest.raises(Refused):
            referrals.thank(owner, "Sabine")

    def test_no_gifts_are_proposed_to_who_takes_none(self, owner: Owner, door: str) -> None:
        """R103: some may not take gifts."""
        assert "small gift" in referrals.thanks_owed(owner).owed[0].next_step
        editing.edit(owner, "Sabine", no_gifts=True)
        (owed,) = referrals.thanks_owed(owner).owed
        assert owed.no_gifts
        assert "small gift" not in owed.next_step
        assert "no gifts" in referrals.thank(owner, door, "gift").message

    def test_the_result_is_reported_and_thanked_again(self, owner: Owner, door: str) -> None:
        """R102: thank whether it leads anywhere or not, and again at the result."""
        referrals.thank(owner, door, "call", on=ago(4))
        ended = referrals.outcome(owner, door, "signed for two years", on=ago(3), value="12,000.50")
        assert (ended.value, ended.outcome_on) == (Decimal("12000.50"), ago(3))
        assert asks.check(owner, "Sabine", 1).verdict == "close_loop"
        assert self.state(owner) == (1, 0, 0)
        assert [view.outcome for view in referrals.thanks_owed(owner).owed] == ["signed for two years"]
        referrals.report(owner, door, "told her everything")
        assert Referral.objects.get().reported_on == TODAY
        assert asks.check(owner, "Sabine", 1).verdict == "ready"
        referrals.thank(owner, door, "note")
        assert self.state(owner) == (0, 0, 1)

    def test_a_report_can_be_taken_back(self, owner: Owner, door: str) -> None:
        note = referrals.report(owner, door)
        batches.undo(owner, note.batch or "")
        assert Referral.objects.get().reported_on is None
        assert LedgerEntry.objects.count() == 1

    def test_helping_back_is_suggested_by_their_goals(self, owner: Owner, door: str) -> None:
        """R9, R106, R112: ask how you can help them reach what they want this year."""
        assert referrals.thanks_owed(owner).owed[0].help_back == [
            "Ask how you can help them with what they want to reach this year."
        ]
        editing.note_topic(owner, "Sabine", "goal", "a second shop in Graz")
        assert referrals.thanks_owed(owner).owed[0].help_back == [
            "Their goal: a second shop in Graz. Ask what would help."
        ]

    def test_done_from_the_plan_it_is_thanked(self, owner: Owner, door: str) -> None:
        """R87, R102: the thanks are a line of the week."""
        touch = next(one for one in weeks.week(owner).touches if one.person.name.startswith("Sabine"))
        assert touch.kind == "obligation"
        touches.done(owner, touch.id)
        assert self.state(owner) == (0, 0, 1)

    def test_thanks_received_are_kept(self, owner: Owner, sabine: Person) -> None:
        """R36: he said “thank you”."""
        bank.got(owner, "Sabine", "thanks", note="for the list")
        assert [(entry.direction, entry.kind) for entry in people.show(owner, "Sabine").ledger] == [("got", "thanks")]
        assert duties.gather(owner) == []

    def test_what_does_not_fit_is_refused(self, owner: Owner, door: str, dana: Person) -> None:
        for call in (
            lambda: referrals.thank(owner, door, "comment"),
            lambda: referrals.thank(owner, door, "call", on=ago(6)),
            lambda: referrals.outcome(owner, door, " "),
            lambda: referrals.outcome(owner, door, "x", on=ago(6)),
            lambda: referrals.outcome(owner, door, "x", value="a lot"),
            lambda: referrals.outcome(owner, door, "x", value="1e40"),
            lambda: referrals.outcome(owner, door, "x", went="well"),
        ):
            with pytest.raises(Invalid):
                call()
        with pytest.raises(NotFound):
            referrals.thank(owner, "Dana")


class TestMissing:
    def missing(self, owner: Owner, who: Person) -> list[Entry]:
        return [entry for entry in helping.whole(owner, [who.pk])[who.pk] if entry.kind == "unthanked_referral"]

    def test_missing_thanks_weigh_on_the_account_and_are_never_stored(
        self, owner: Owner, sabine: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """R98, R100, R101: overlooked, it sticks out; the referrer is listed until it is mended."""
        made = referrals.received(owner, "Sabine", "client", "told Dana about me")
        assert referrals.neglected(owner) == []
        set_clock(monkeypatch, "2026-11-24T09:00:00+00:00")
        assert [view.person.name for view in referrals.neglected(owner)] == ["Sabine Koestler"]
        assert self.missing(owner, sabine) == []
        set_clock(monkeypatch, "2027-03-21T09:00:00+00:00")
        (view,) = referrals.neglected(owner)
        assert view.missing == ["Not thanked yet: referral (told Dana about me), 21 November 2026."]
        assert "no second ask" in view.risk
        (grown,) = self.missing(owner, sabine)
        assert (grown.kind, grown.size) == ("unthanked_referral", 3)
        assert LedgerEntry.objects.count() == 1
        assert asks.check(owner, "Sabine", 1).balance == pytest.approx(-3, abs=0.2)
        referrals.thank(owner, made.id, "note")
        assert referrals.neglected(owner) == []
        assert self.missing(owner, sabine) == []
        assert asks.check(owner, "Sabine", 1).verdict == "ready"

    def test_one_written_down_by_hand_is_not_doubled(self, owner: Owner, sabine: Person) -> None:
        bank.got(owner, "Sabine", "referral", on=ago(200))
        bank.gave(owner, "Sabine", "unthanked_referral", on=ago(100))
        assert [entry.on for entry in self.missing(owner, sabine)] == [ago(100)]


class TestGiven:
    def test_a_referral_wants_a_word_on_how_far_one_vouches(self, owner: Owner, dana: Person) -> None:
        """R105: your name stands behind a referral."""
        with pytest.raises(Refused) as refused:
            referrals.given(owner, "Dana", "her new shop")
        assert "vouch=know_of" in refused.value.hint
        assert not Referral.objects.exists()
        made = referrals.given(owner, "Dana", "her new shop", vouch="know of")
        assert (made.is_mine, made.vouch) == (True, "know_of")
        entry = LedgerEntry.objects.get()
        assert (entry.direction, entry.kind, entry.referral_id) == ("gave", "referral", Referral.objects.get().pk)

    def test_the_level_comes_from_what_is_known(self, owner: Owner, sabine: Person) -> None:
        assert referrals.vouch(owner, "Sabine").level == "worked_with"
        assert referrals.given(owner, "Sabine", "her course").vouch == "worked_with"
        Promise.objects.create(
            owner=owner, person=sabine, by_me=False, text="x", made_on=ago(30), state="broken", closed_on=ago(9)
        )
        found = referrals.vouch(owner, "Sabine")
        assert (found.level, found.is_enough) == ("met", False)

    def test_the_outcome_tells_how_far_to_vouch_next(self, owner: Owner, sabine: Person) -> None:
        """R105: outcome feeds judgement."""
        made = referrals.given(owner, "Sabine", "her course")
        ended = referrals.outcome(owner, made.id, "did not turn up", went="badly")
        assert referrals.vouch(owner, "Sabine").level == "met"
        assert [entry.kind for entry in LedgerEntry.objects.filter(direction="got")] == ["friction"]
        batches.undo(owner, ended.batch or "")
        assert (Referral.objects.get().outcome, LedgerEntry.objects.count()) == ("", 1)
        referrals.outcome(owner, made.id, "they were delighted", went="well")
        assert referrals.vouch(owner, "Sabine").level == "vouch"

    def test_both_kinds_are_listed(self, owner: Owner, sabine: Person) -> None:
        referrals.given(owner, "Sabine", "her course", on=ago(3))
        referrals.received(owner, "Sabine", "client", "told Dana about me")
        assert [view.is_mine for view in referrals.listing(owner)] == [False, True]


def test_doors_of_all_kinds(owner: Owner, sabine: Person, dana: Person) -> None:
    """R99: provenance of people, introductions, referrals and outcomes."""
    from kithbook.services import introductions

    met = person(owner, "Bruno Costa", met_through=sabine)
    introductions.introduced(owner, key(sabine), key(dana), purpose="the new role", on=ago(20))
    referrals.received(owner, "Sabine", "client", "named me for a lecture", on=ago(9))
    job = Outcome.objects.create(owner=owner, on=ago(2), text="the lecture was given")
    OutcomeParty.objects.create(owner=owner, outcome=job, person=sabine)
    assert {door.kind for door in referrals.doors(owner)} == {"person", "introduction", "referral", "outcome"}
    assert [(door.opener.name, door.kind) for door in referrals.doors(owner, key(met))] == [
        ("Sabine Koestler", "person")
    ]
    assert [door.kind for door in referrals.doors(owner, key(dana))] == ["introduction"]
    assert len(referrals.doors(owner, "Sabine")) == 4


class TestKeepUp:
    @pytest.fixture
    def goal(self, owner: Owner, sabine: Person, dana: Person) -> Objective:
        row = Objective.objects.create(owner=owner, name="New job", created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        ObjectivePerson.objects.create(owner=owner, objective=row, person=dana)
        ObjectivePerson.objects.create(owner=owner, objective=row, person=sabine, is_helper=True)
        return row

    def reach(self, goal: Objective) -> None:
        Objective.objects.filter(pk=goal.pk).update(state="reached", ended_on=TODAY)

    def test_helpers_get_touches_instead_of_silence(
        self, owner: Owner, goal: Objective, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """R111, R112: those who helped hear from me when it is reached, and later."""
        assert duties.gather(owner) == []
        self.reach(goal)
        (duty,) = duties.gather(owner)
        assert (duty.due_on, duty.channel) == (TODAY + dt.timedelta(days=2), "call")
        assert "New job" in duty.why[0]
        views = referrals.keep_up(owner, "new job")
        assert [(view.on - TODAY).days for view in views] == [2, 30, 90, 180, 365]
        assert [view.is_next for view in views] == [True, False, False, False, False]
        set_clock(monkeypatch, "2026-11-23T09:00:00+00:00")
        touch = next(one for one in weeks.week(owner).touches if one.person.name.startswith("Sabine"))
        touches.done(owner, touch.id)
        assert duties.gather(owner) == []
        set_clock(monkeypatch, "2026-12-14T09:00:00+00:00")
        assert [duty.due_on for duty in duties.gather(owner)] == [TODAY + dt.timedelta(days=30)]
        assert referrals.keep_up(owner, to_text(goal.pk))[1].is_next

    def test_whoever_sent_a_referral_for_it_helped_too(self, owner: Owner, goal: Objective) -> None:
        other = person(owner, "Bruno Costa")
        made = referrals.received(owner, key(other), "job", "the opening")
        Referral.objects.update(objective=goal)
        self.reach(goal)
        assert keepingup.helpers_of(owner, [goal.pk])[goal.pk] == {other.pk, *goal.people.filter(is_helper=True)
                                                                  .values_list("person_id", flat=True)}  # fmt: skip
        assert made.person.name in {view.person.name for view in referrals.keep_up(owner, "New job")}

    def test_an_objective_of_somebody_else_is_not_there(self, stranger: Owner, goal: Objective) -> None:
        for wanted in ("New job", to_text(goal.pk)):
            with pytest.raises(NotFound):
                referrals.keep_up(stranger, wanted)


def test_the_number_of_queries_does_not_grow(owner: Owner) -> None:
    def add(number: int) -> None:
        row = person(owner, f"Person {number}")
        talk(owner, row, 40)
        made = referrals.received(owner, key(row), "client", "x", on=ago(9))
        referrals.thank(owner, made.id, "email", on=ago(8))
        referrals.received(owner, key(row), "client", "y", on=ago(7))
        editing.note_topic(owner, key(row), "goal", "a garden")

    def count() -> list[int]:
        counts = []
        for call in (referrals.thanks_owed, referrals.neglected, referrals.doors, referrals.listing):
            with CaptureQueriesContext(connection) as seen:
                call(owner)
            counts.append(len(seen))
        return counts

    add(0)
    few = count()
    for number in range(1, 6):
        add(number)
    assert count() == few


def test_a_stranger_sees_nothing(owner: Owner, stranger: Owner, sabine: Person) -> None:
    made = referrals.received(owner, "Sabine", "client", "x", on=ago(9))
    entry = to_text(LedgerEntry.objects.get().pk)
    empty = referrals.thanks_owed(stranger)
    assert (empty.owed, empty.partly, empty.done, empty.done_total) == ([], [], [], 0)
    assert referrals.neglected(stranger) == referrals.doors(stranger) == referrals.listing(stranger) == []
    for call in (
        lambda: referrals.outcome(stranger, made.id, "x"), lambda: referrals.thank(stranger, made.id),
        lambda: referrals.thank(stranger, entry), lambda: referrals.report(stranger, made.id),
        lambda: referrals.vouch(stranger, key(sabine)), lambda: referrals.received(stranger, key(sabine)),
        lambda: referrals.given(stranger, key(sabine), vouch="vouch"), lambda: referrals.doors(stranger, key(sabine)),
    ):  # fmt: skip
        with pytest.raises(KithbookError):
            call()
    assert (Referral.objects.count(), LedgerEntry.objects.count()) == (1, 1)

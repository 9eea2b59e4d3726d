"""24-7-30 as a user meets it: started by meeting, acted on in place, stopped, begun anew; and the first year."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import to_text
from kithbook.services import batches, capturing, clock, duties, editing, newcomers, owners, people, recording, weeks
from kithbook.services.ladderviews import NewcomerView
from kithbook.store.models import Attendance, Event, Interaction, LedgerEntry, Owner, Person, Snooze
from tests.services.factories import person, talk
from tests.services.helpers import key, later, set_clock, snapshot
from tests.services.test_growth import assert_constant_queries

MONDAY = "2026-11-02T12:00:00+00:00"


@pytest.fixture
def anna(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Met on Monday 2 November at noon."""
    set_clock(monkeypatch, MONDAY)
    capturing.met(owner, "Anna Berger", at="Care Evening", interests=["rowing"], needs=["a printer"])
    return Person.objects.get()


def at(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    later(monkeypatch, days, since=MONDAY)


def states(view: NewcomerView) -> list[str]:
    return [step.state for step in view.steps]


def only(owner: Owner) -> NewcomerView:
    (found,) = newcomers.board(owner).people
    return found


def test_meeting_somebody_puts_three_steps_on_the_board(owner: Owner, anna: Person) -> None:
    """R58, R75: the form of a meeting starts the three steps, and their ideas name what was noted there."""
    view = only(owner)
    assert view.person.name == "Anna Berger"
    assert [step.due_on for step in view.steps] == [dt.date(2026, 11, 3), dt.date(2026, 11, 9), dt.date(2026, 12, 2)]
    assert states(view) == ["upcoming"] * 3
    assert view.current == 1
    assert "rowing" in " ".join(step.idea for step in view.steps) or "a printer" in view.steps[0].idea
    assert view.line == "You met at Care Evening on 2 Nov 2026."


def test_every_step_takes_five_minutes_at_most(owner: Owner, anna: Person) -> None:
    """R59: the steps are light."""
    assert all(step.minutes <= 5 for step in only(owner).steps)


def test_a_step_done_is_contact_and_the_next_one_comes(
    owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R58, R4: done writes the exchange down with its minutes, and the week takes the step off."""
    at(monkeypatch, 1)
    assert [duty.kind for duty in duties.gather(owner)] == ["followup"]
    view = newcomers.done(owner, "Anna", channel="message", note="Thanks for the talk")
    assert states(view) == ["done", "upcoming", "upcoming"]
    row = Interaction.objects.exclude(channel="event").get()
    assert (row.channel, row.minutes, row.note, row.direction) == ("message", 5, "Thanks for the talk", 1)
    assert duties.gather(owner)[0].due_on == dt.date(2026, 11, 9)
    batches.undo(owner, view.batch or "")
    assert states(only(owner))[0] == "open"
    assert not Snooze.objects.exists()


def test_thanks_on_the_very_evening_complete_the_first_step(
    owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 0.3)
    assert states(newcomers.done(owner, "Anna"))[0] == "done"


def test_a_useful_item_is_a_deposit_too(owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """R77: the second step, something useful, is written into the bank."""
    at(monkeypatch, 6)
    view = newcomers.done(owner, "Anna", note="A rowing map")
    assert states(view)[1] == "done"
    entry = LedgerEntry.objects.get()
    assert (entry.direction, entry.kind, entry.note) == ("gave", "item", "A rowing map")


def test_a_step_left_out_is_skipped_and_the_next_one_stays(
    owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, 1)
    assert states(newcomers.skip(owner, "Anna")) == ["skipped", "upcoming", "upcoming"]
    assert duties.gather(owner)[0].due_on == dt.date(2026, 11, 9)
    assert not weeks.put_off(owner)
    assert states(newcomers.skip(owner, "Anna", step=3)) == ["skipped", "upcoming", "skipped"]
    with pytest.raises(Refused):
        newcomers.skip(owner, "Anna", step=3)


def test_an_unanswered_second_step_stops_the_third_and_leaves_one_hello(
    owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R57, R60, R90: after two unanswered steps only one check-in that asks nothing is left, in month three."""
    for days in (1, 7):
        at(monkeypatch, days)
        newcomers.done(owner, "Anna", channel="email")
    at(monkeypatch, 12)
    view = only(owner)
    assert states(view) == ["done", "done", "stopped", "upcoming"]
    assert (view.current, view.steps[3].due_on) == (4, dt.date(2027, 2, 1))
    assert not view.answered
    assert view.steps[3].what == "a hello that asks nothing"
    talk(owner, anna, 0, channel="email", direction=recording.IN)
    assert states(only(owner)) == ["done", "done", "upcoming"]


def test_an_answer_lets_the_third_step_come(owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 1)
    newcomers.done(owner, "Anna", channel="email")
    at(monkeypatch, 2)
    talk(owner, anna, 0, channel="email", direction=recording.IN)
    at(monkeypatch, 30)
    view = only(owner)
    assert view.answered
    assert states(view) == ["done", "lapsed", "open"]


def test_weekends_and_quiet_hours_of_the_owners_place_move_a_step(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R58: the window of a Friday evening in Vienna ends on Monday morning there."""
    owners.change_settings(owner, time_zone="Europe/Vienna")
    owner.refresh_from_db()
    set_clock(monkeypatch, "2026-11-06T17:00:00+00:00")
    capturing.met(owner, "Bruno Costa")
    first = only(owner).steps[0]
    assert first.due_at.isoformat() == "2026-11-09T08:00:00+01:00"


def test_stopping_leaves_the_person_and_takes_the_steps(owner: Owner, anna: Person) -> None:
    view = newcomers.stop(owner, "Anna")
    assert newcomers.board(owner).people == []
    assert duties.gather(owner) == []
    assert people.show(owner, "Anna").standing == "kept"
    with pytest.raises(Refused):
        newcomers.stop(owner, "Anna")
    batches.undo(owner, view.batch or "")
    assert only(owner).current == 1


def test_the_steps_start_for_somebody_known_before(owner: Owner) -> None:
    row = person(owner, "Carla Diaz")
    before = snapshot(owner)
    view = newcomers.start(owner, "Carla", on=dt.date(2026, 11, 20))
    assert view.begun_on == dt.date(2026, 11, 20)
    assert states(view) == ["open", "upcoming", "upcoming"]
    row.refresh_from_db()
    assert row.met_at == dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    batches.undo(owner, view.batch or "")
    assert snapshot(owner) == before


def test_meeting_again_begins_anew_and_keeps_the_first_meeting(owner: Owner) -> None:
    met_at = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)
    row = person(owner, "Carla Diaz", met_at=met_at, met_where="a fair", follows_up=False)
    view = newcomers.start(owner, key(row))
    assert (view.begun_on, view.current) == (dt.date(2026, 11, 21), 1)
    assert view.line == "You met at a fair on 1 May 2024."
    row.refresh_from_db()
    assert row.met_at == met_at
    assert duties.gather(owner)[0].kind == "followup"


def test_an_old_event_starts_nothing_that_is_asked_for(owner: Owner) -> None:
    person(owner, "Carla Diaz")
    view = newcomers.start(owner, "Carla", on=dt.date(2026, 7, 1))
    assert view.current == 0
    assert newcomers.board(owner).people == []
    with pytest.raises(Invalid):
        newcomers.start(owner, "Carla", on=dt.date(2026, 11, 22))
    with pytest.raises(Refused):
        newcomers.done(owner, "Carla")


def test_an_unknown_channel_is_refused(owner: Owner, anna: Person) -> None:
    with pytest.raises(Invalid):
        newcomers.done(owner, "Anna", channel="pigeon")


def test_conversations_at_events_count_in_the_first_year(
    owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R78: the plan of the first year counts conversations at events, and names the next one you share."""
    at(monkeypatch, 30)
    (first,) = newcomers.board(owner).first_year
    assert (first.conversations, first.wanted, first.until) == (0, 2, dt.date(2027, 11, 2))
    talk(owner, anna, 2, channel="event")
    held = Event.objects.create(owner=owner, name="Fair", held_on=clock.today(owner) - dt.timedelta(days=1))
    Attendance.objects.create(owner=owner, event=held, person=anna, met=True)
    coming = Event.objects.create(owner=owner, name="Winter Salon", held_on=dt.date(2026, 12, 10))
    Attendance.objects.create(owner=owner, event=coming, person=anna)
    (first,) = newcomers.board(owner).first_year
    assert first.conversations == 2
    Attendance.objects.filter(met=True).delete()
    (first,) = newcomers.board(owner).first_year
    assert "Winter Salon on 10 Dec" in first.advice
    at(monkeypatch, 366)
    assert newcomers.board(owner).first_year == []


def test_the_pipeline_says_how_far_new_people_have_come(
    owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R23: met, in the steps, answered, at Know, at Like."""
    capturing.met(owner, "Bruno Costa")
    at(monkeypatch, 2)
    talk(owner, anna, 0, channel="email", direction=recording.IN)
    Person.objects.filter(pk=anna.pk).update(stage=2)
    found = newcomers.board(owner).pipeline
    assert (found.met, found.in_steps, found.answered, found.known, found.liked) == (2, 2, 1, 1, 0)


def test_the_board_costs_the_same_for_ten_more(owner: Owner, anna: Person) -> None:
    def grow() -> None:
        for number in range(10):
            capturing.met(owner, f"Grower {'abcdefghij'[number] * 4}", at=f"Fair {number}", through="Anna")

    assert_constant_queries(lambda: newcomers.board(owner), grow)


def test_the_board_goes_by_the_next_step_and_leaves_out_who_is_let_go(owner: Owner, anna: Person) -> None:
    capturing.met(owner, "Bruno Costa", on=dt.date(2026, 10, 28))
    assert [view.person.name for view in newcomers.board(owner).people] == ["Anna Berger", "Bruno Costa"]
    editing.archive(owner, "Anna")
    assert [view.person.name for view in newcomers.board(owner).people] == ["Bruno Costa"]


def test_a_stranger_starts_and_sees_nothing_of_mine(owner: Owner, stranger: Owner, anna: Person) -> None:
    assert newcomers.board(stranger).people == []
    for act in (newcomers.start, newcomers.stop, newcomers.done, newcomers.skip):
        with pytest.raises(NotFound):
            act(stranger, to_text(anna.pk))
    assert not Snooze.objects.exists()

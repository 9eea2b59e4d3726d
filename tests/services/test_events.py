"""Events through the service: roster and brief, encounters, follow-up, and who is worth a coffee."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.errors import Conflict, Invalid, NotFound
from kithbook.core.ids import from_text
from kithbook.services import batches, duties, editing, events, groups, people, places, recording
from kithbook.store.models import Attendance, Interaction, Owner, Person, Promise, Topic
from tests.services.factories import person, talk
from tests.services.helpers import key, later, place, set_clock
from tests.services.test_growth import assert_constant_queries

TODAY = dt.date(2026, 11, 21)


def test_the_brief_says_who_they_are_what_is_open_and_what_to_ask(owner: Owner) -> None:
    """R46: before an event there is a brief on everybody: work, last talk, open loops, interests, what to ask."""
    ada = person(owner, "Ada Berg", place="Graz")
    talk(owner, ada, 40)
    editing.add_job(owner, key(ada), "Meridian", "head of design")
    editing.note_topic(owner, key(ada), "interest", "night trains")
    editing.note_topic(owner, key(ada), "goal", "write a book")
    Promise.objects.create(owner=owner, person=ada, text="send the chapter", made_on=TODAY - dt.timedelta(days=5))
    gathering = events.add(owner, "Design Week", on=dt.date(2026, 12, 3), place="Vienna")
    view = events.roster(owner, gathering.event.id, people=["Ada"])
    (one,) = view.roster
    assert (one.who, one.interests, one.met) == ("head of design, Meridian, Graz", ["night trains"], False)
    assert one.last_contact_on == dt.date(2026, 10, 12)
    assert any("send the chapter" in loop for loop in one.open_loops)
    assert one.ask == "Ask how it goes with their goal: write a book."


def test_a_pasted_list_is_read_before_anything_is_written(owner: Owner) -> None:
    """R46: who on the list of participants is known, whose name fits several, and who would be new."""
    ada = person(owner, "Ada Berg")
    first, second = person(owner, "Anna Stern"), person(owner, "Anna Stern")
    found = events.read_roster(owner, "1. Ada Berg - Meridian\nAnna Stern\nGrace Hopper <grace@example.org>\nAda Berg")
    assert [(match.name, [one.id for one in match.people]) for match in found] == [
        ("Ada Berg", [key(ada)]),
        ("Anna Stern", sorted([key(first), key(second)], key=from_text)),
        ("Grace Hopper", []),
    ]  # fmt: skip
    assert Person.objects.of(owner).count() == 3
    gathering = events.add(owner, "Design Week", on=dt.date(2026, 12, 3))
    view = events.roster(owner, gathering.event.id, people=[key(ada), key(first)], new=["Grace Hopper"])
    assert [one.person.name for one in view.roster] == ["Ada Berg", "Anna Stern", "Grace Hopper"]
    # Somebody only on a list was not met: nothing is asked for.
    assert duties.gather(owner) == []
    assert view.batch
    batches.undo(owner, view.batch)
    assert events.show(owner, "Design Week").roster == []
    assert Person.objects.of(owner).count() == 3


def test_meeting_somebody_new_starts_the_three_steps(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """R46, R75: the encounter keeps interests, needs, goals and the promise, and 24-7-30 begins."""
    gathering = events.add(owner, "Design Week", on=TODAY)
    view = events.encounter(
        owner, gathering.event.id, "Grace Hopper", note="Builds compilers", interests=["sailing"], needs=["a tester"],
        goals=["a new language"], promised="the paper", promised_for=dt.date(2026, 11, 27), new=True,
    )  # fmt: skip
    (one,) = view.roster
    assert (one.met, one.is_new, one.interests) == (True, True, ["sailing"])
    row = Person.objects.of(owner).get(pk=from_text(one.person.id))
    assert (row.follows_up, row.met_where) == (True, "Design Week")
    topics = {(topic.kind, topic.text, topic.year) for topic in Topic.objects.of(owner)}
    assert topics == {("interest", "sailing", None), ("need", "a tester", None), ("goal", "a new language", 2026)}
    assert set(Topic.objects.of(owner).values_list("source", flat=True)) == {"at Design Week"}
    later(monkeypatch, 0)
    assert {duty.kind for duty in duties.gather(owner)} >= {"followup", "promise"}
    page = people.show(owner, one.person.id)
    assert [(talk_.channel, talk_.note) for talk_ in page.interactions] == [("event", "Builds compilers")]


def test_somebody_on_the_list_of_whom_only_the_name_was_known_is_new_too(owner: Owner) -> None:
    gathering = events.add(owner, "Design Week", on=TODAY)
    who = events.roster(owner, gathering.event.id, new=["Grace Hopper"]).roster[0].person.id
    view = events.encounter(owner, gathering.event.id, who)
    assert Person.objects.of(owner).get(pk=from_text(who)).follows_up
    assert view.batch
    batches.undo(owner, view.batch)
    row = Person.objects.of(owner).get(pk=from_text(who))
    assert (row.follows_up, row.met_at, row.met_event_id, row.met_where) == (False, None, None, "")


def test_a_talk_with_somebody_known_keeps_the_tie_alive_without_new_steps(owner: Owner) -> None:
    """R46, R78: a conversation at an event counts as contact for people one knows."""
    ada = person(owner, "Ada Berg")
    talk(owner, ada, 200, 150)
    before = people.show(owner, key(ada)).warmth
    gathering = events.add(owner, "Design Week", on=TODAY)
    events.encounter(owner, gathering.event.id, "Ada", note="Tired but happy")
    page = people.show(owner, key(ada))
    assert page.warmth > before
    assert page.last_contact_on == TODAY
    assert not Person.objects.of(owner).get(pk=ada.pk).follows_up
    row = Interaction.objects.of(owner).get(channel="event")
    assert row.event_id == from_text(gathering.event.id)


def test_two_talks_of_one_day_are_one_exchange(owner: Owner) -> None:
    """R78: once a person and day, with both notes; another day is another conversation."""
    person(owner, "Ada Berg")
    gathering = events.add(owner, "Design Week", on=TODAY)
    events.encounter(owner, gathering.event.id, "Ada", note="In the queue")
    view = events.encounter(owner, gathering.event.id, "Ada", note="At dinner", interests=["opera"])
    assert [row.note for row in Interaction.objects.of(owner)] == ["In the queue\nAt dinner"]
    assert view.roster[0].note == "In the queue\nAt dinner"
    assert view.roster[0].interests == ["opera"]
    earlier = events.add(owner, "Warm-up", on=dt.date(2026, 11, 20))
    events.encounter(owner, earlier.event.id, "Ada")
    assert Interaction.objects.of(owner).count() == 2


def test_a_talk_can_be_taken_back_and_the_list_stays(owner: Owner) -> None:
    person(owner, "Ada Berg")
    gathering = events.add(owner, "Design Week", on=TODAY)
    events.roster(owner, gathering.event.id, people=["Ada"])
    events.encounter(owner, gathering.event.id, "Ada", interests=["opera"])
    view = events.take_back(owner, gathering.event.id, "Ada")
    assert [(one.met, one.interests) for one in view.roster] == [(False, [])]
    assert not Interaction.objects.of(owner).exists()
    with pytest.raises(NotFound, match="No talk with Ada Berg"):
        events.take_back(owner, gathering.event.id, "Ada")
    assert events.leave_out(owner, gathering.event.id, "Ada").roster == []


def test_nothing_is_noted_before_the_day(owner: Owner) -> None:
    person(owner, "Ada Berg")
    gathering = events.add(owner, "Design Week", on=dt.date(2026, 11, 22))
    with pytest.raises(Invalid, match="is on 22 November 2026"):
        events.encounter(owner, gathering.event.id, "Ada")
    assert not Attendance.objects.of(owner).exists()


@pytest.mark.parametrize(("days_after", "lost"), [(1, False), (14, False), (15, True), (None, True), (0, True)])
def test_an_event_counts_for_little_without_follow_up(owner: Owner, days_after: int | None, lost: bool) -> None:
    """R113: people met and no exchange in the fourteen days after: the event is on the list."""
    ada = person(owner, "Ada Berg")
    held = TODAY - dt.timedelta(days=30)
    gathering = events.add(owner, "Design Week", on=held)
    events.encounter(owner, gathering.event.id, "Ada")
    if days_after is not None:
        recording.record_interaction(owner, [ada], "email", on=held + dt.timedelta(days=days_after))
    found = events.without_follow_up(owner)
    assert [one.name for one in found] == (["Design Week"] if lost else [])
    assert ("nothing followed" in events.show(owner, "Design Week").event.text) == lost


def test_events_of_the_last_two_weeks_are_not_yet_lost(owner: Owner) -> None:
    for days, name, who in ((14, "Fresh", "Ada Berg"), (15, "Faded", "Bea Berg")):
        gathering = events.add(owner, name, on=TODAY - dt.timedelta(days=days))
        events.encounter(owner, gathering.event.id, who, new=True)
    assert [one.name for one in events.without_follow_up(owner)] == ["Faded"]
    events.add(owner, "Empty", on=TODAY - dt.timedelta(days=60))
    assert len(events.without_follow_up(owner)) == 1


def test_people_not_seen_for_six_months_are_worth_a_coffee(owner: Owner) -> None:
    """R45: in touch by phone but not seen: a coffee is proposed; those met lately, or hardly known, are left."""
    ada, bea, cem, dan = (person(owner, name) for name in ("Ada Berg", "Bea Berg", "Cem Berg", "Dan Berg"))
    for who in (ada, bea, cem):
        place(owner, who, 4)
        talk(owner, who, 60, 30, 10)
    talk(owner, ada, 183, channel="meeting")
    talk(owner, bea, 182, channel="video")
    talk(owner, dan, 10)
    gathering = events.add(owner, "Design Week", on=TODAY)
    events.encounter(owner, gathering.event.id, "Cem")
    assert events.last_seen(owner, [ada.pk, bea.pk, cem.pk, dan.pk]) == {
        ada.pk: dt.date(2026, 5, 22), bea.pk: dt.date(2026, 5, 23), cem.pk: TODAY,
    }  # fmt: skip
    (one,) = events.coffee(owner)
    assert (one.person.name, one.seen_on) == ("Ada Berg", dt.date(2026, 5, 22))
    assert one.idea == "Suggest a coffee or a lunch."


def test_a_coffee_with_somebody_far_away_is_a_video_call(owner: Owner) -> None:
    """R45: the proposal knows where both live."""
    ada = place(owner, person(owner, "Ada Berg", place="Lisbon"), 4)
    talk(owner, ada, 60, 30, 10)
    places.home(owner, "Wien")
    assert events.coffee(owner)[0].idea == "Suggest a video call, and a coffee when one of you is in Lisbon."
    places.home(owner, "Lisboa, Portugal")
    assert events.coffee(owner)[0].idea == "Suggest a coffee or a lunch."


def test_the_list_parts_what_is_ahead_from_what_is_past(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, day in (("Next", 3), ("Later", 9), ("Today", 0), ("Past", -1), ("Long past", -90)):
        events.add(owner, name, on=TODAY + dt.timedelta(days=day))
    view = events.listing(owner)
    assert [one.name for one in view.ahead] == ["Today", "Next", "Later"]
    assert [one.name for one in view.past] == ["Past", "Long past"]
    assert [one.name for one in events.listing(owner, limit=1, offset=1).past] == ["Long past"]
    set_clock(monkeypatch, "2026-11-22T09:00:00+00:00")
    assert events.listing(owner).past[0].name == "Today"


def test_an_event_is_changed_and_taken_away(owner: Owner) -> None:
    person(owner, "Ada Berg")
    groups.add(owner, "Design Circle")
    gathering = events.add(owner, "Design Week", on=TODAY, group="Design Circle")
    events.encounter(owner, gathering.event.id, "Ada")
    view = events.edit(owner, gathering.event.id, name="Design Days", place="Graz", group="")
    assert (view.event.name, view.event.place, view.event.group) == ("Design Days", "Graz", None)
    assert view.event.on == TODAY
    events.drop(owner, "Design Days")
    assert events.listing(owner).total == 0
    # What was said stays with the person.
    assert Interaction.objects.of(owner).get().event_id is None
    with pytest.raises(Invalid):
        events.add(owner, " ")


def test_events_of_one_name_are_told_apart_by_id(owner: Owner) -> None:
    first = events.add(owner, "Breakfast", on=TODAY)
    events.add(owner, "Breakfast", on=dt.date(2026, 10, 21))
    with pytest.raises(Conflict, match="fits 2"):
        events.show(owner, "breakfast")
    assert events.show(owner, first.event.id).event.on == TODAY


def test_a_stranger_sees_no_event(owner: Owner, stranger: Owner) -> None:
    ada = person(owner, "Ada Berg")
    gathering = events.add(owner, "Design Week", on=TODAY)
    events.encounter(owner, gathering.event.id, "Ada")
    assert events.listing(stranger).total == 0
    assert events.without_follow_up(stranger) == events.coffee(stranger) == []
    assert events.last_seen(stranger, [ada.pk]) == {}
    assert [match.people for match in events.read_roster(stranger, "Ada Berg")] == [[]]
    for act in (events.show, events.drop):
        with pytest.raises(NotFound):
            act(stranger, gathering.event.id)
    mine = events.add(stranger, "Mine", on=TODAY)
    with pytest.raises(NotFound):
        events.roster(stranger, mine.event.id, people=[key(ada)])


def test_lists_and_pages_cost_the_same_for_ten_more(owner: Owner) -> None:
    """Ten more events with people, and ten more people at one event, cost no more queries."""

    def add(number: int) -> None:
        name = f"Person {'abcdefghijkl'[number] * 3}"
        gathering = events.add(owner, f"Evening {number}", on=TODAY - dt.timedelta(days=20 + number))
        events.encounter(owner, gathering.event.id, name, interests=["maps"], promised="a link", new=True)
        events.encounter(owner, week.event.id, name)
        place(owner, Person.objects.of(owner).get(name=name), 4)

    week = events.add(owner, "Design Week", on=TODAY)
    add(0)
    grow = iter([range(1, 4), range(4, 8), range(8, 11)])
    for read in (
        lambda: events.listing(owner),
        lambda: events.show(owner, week.event.id),
        lambda: events.without_follow_up(owner),
    ):  # fmt: skip
        assert_constant_queries(read, lambda: [add(number) for number in next(grow)])

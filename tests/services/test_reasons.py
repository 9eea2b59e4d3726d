"""Reasons to write, gathered from everything that is written down; and the words of the weekly plan."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kithbook.core.errors import NotFound
from kithbook.services import capturing, clips, clock, editing, reasons, weeks
from kithbook.services.recording import record_interaction, start_batch
from kithbook.store.models import (
    Affiliation,
    Attendance,
    Batch,
    Event,
    Interaction,
    Owner,
    Person,
    PersonDate,
    Promise,
    Topic,
    Trip,
)
from tests.services.factories import person, talk
from tests.services.helpers import MONDAY, circle, key, place, set_clock

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def ada(owner: Owner) -> Person:
    return place(owner, person(owner, "Ada Berger", place="Porto, Portugal"), 3)


def said(owner: Owner, who: Person) -> dict[str, str]:
    return {one.kind: one.text for one in reasons.for_person(owner, key(who)).reasons}


def test_each_table_gives_its_reason(owner: Owner, ada: Person) -> None:
    """R44: interests, dates, promises, events, places, job news, goals, clips, in one list with names and dates."""
    for kind, text in (("need", "a tax adviser"), ("goal", "a marathon"), ("interest", "sailing"), ("offer", "law")):
        editing.note_topic(owner, key(ada), kind, text)
    PersonDate.objects.create(owner=owner, person=ada, kind="birthday", on="--11-24")
    Promise.objects.create(owner=owner, person=ada, text="the paper", made_on=TODAY)
    event = Event.objects.create(owner=owner, name="the fair", held_on=TODAY + dt.timedelta(days=9), place="Vienna")
    Attendance.objects.create(owner=owner, event=event, person=ada)
    Trip.objects.create(owner=owner, place="Porto", starts_on=TODAY + dt.timedelta(days=3))
    Affiliation.objects.create(owner=owner, person=ada, organisation="Meridian", role="CTO", started_on="2026-11-02")
    clips.add(owner, "https://example.org/x Sailing in winter")
    found = said(owner, ada)
    assert set(found) == {
        "promise", "date", "job", "place", "event", "clip", "need", "goal", "interest", "question", "checkin",
    }  # fmt: skip
    assert found["clip"] == "Ada is interested in sailing, noted 21 November."
    assert found["place"] == "You are in Porto from 24 November; Ada is there."
    assert found["job"] == "Ada has a new job: CTO at Meridian, since 2 November."
    assert found["event"] == "You are both at the fair in Vienna on 30 November."


def test_what_is_sensitive_or_over_is_no_reason(owner: Owner, ada: Person) -> None:
    Topic.objects.create(
        owner=owner, person=ada, kind="need", text="a divorce", noted_on=TODAY, is_sensitive=True
    )  # fmt: skip
    Topic.objects.create(owner=owner, person=ada, kind="need", text="a flat", noted_on=TODAY, ended_on=TODAY)
    past = Event.objects.create(owner=owner, name="the old fair", held_on=TODAY - dt.timedelta(days=1))
    Attendance.objects.create(owner=owner, event=past, person=ada)
    Trip.objects.create(owner=owner, place="Porto", starts_on=TODAY - dt.timedelta(days=9), ends_on=TODAY)
    Trip.objects.create(owner=owner, place="Lisbon", starts_on=TODAY)
    Promise.objects.create(owner=owner, person=ada, text="x", made_on=TODAY, state="kept")
    assert set(said(owner, ada)) == {"place", "checkin"}


def test_somebody_not_seen_for_six_months_is_asked_for_coffee(owner: Owner, ada: Person) -> None:
    """R45: they write, but no meeting or event brought the two together."""
    talk(owner, ada, 250, channel="meeting")
    talk(owner, ada, 20, channel="email", direction=-1)
    assert said(owner, ada)["absence"] == "You last met in person on 16 March."
    talk(owner, ada, 5, channel="event")
    assert "absence" not in said(owner, ada)


def test_a_hello_without_agenda_names_what_it_was_about_last(owner: Owner, ada: Person) -> None:
    """R43, R90: a suggestion without any trigger."""
    record_interaction(owner, [ada], "email", on=dt.date(2026, 10, 2), direction=-1, title="Re: AW: Lisbon launch")
    other = person(owner, "Bob Ander")
    record_interaction(owner, [ada, other], "email", on=dt.date(2026, 10, 9), title="To both of you")
    found = reasons.for_person(owner, "Ada").reasons[-1]
    assert found.text == "You last exchanged on 9 October, about “Lisbon launch”; no reason is needed to say hello."
    assert found.minutes == 2


@pytest.mark.parametrize(
    ("started_on", "ended_on", "news"),
    [
        ("2026-11-02", "", True), ("2026-11", "", True), ("2026-10", "", True), ("2026-09-22", "", True),
        ("2026-09-21", "", False), ("2026-08", "", False), ("2026", "", False), ("2026-11-02", "2026-11-20", False),
        ("2026-12-01", "", False), ("", "", False),
    ],
)  # fmt: skip
def test_a_job_is_news_for_sixty_days(owner: Owner, ada: Person, started_on: str, ended_on: str, news: bool) -> None:
    Affiliation.objects.create(
        owner=owner, person=ada, organisation="Meridian", started_on=started_on, ended_on=ended_on
    )
    assert ("job" in said(owner, ada)) is news


def test_a_job_that_a_later_import_brought_is_news_and_one_that_came_with_the_person_is_not(
    owner: Owner, ada: Person
) -> None:
    with_them = start_batch(owner, "import", "book")
    Affiliation.objects.create(owner=owner, person=ada, organisation="Old Firm", batch=with_them)
    assert "job" not in said(owner, ada)
    long_ago = clock.now() - dt.timedelta(days=200)
    Person.objects.of(owner).filter(pk=ada.pk).update(created_at=long_ago)
    Batch.objects.of(owner).filter(pk=with_them.pk).update(started_at=long_ago)
    lately = start_batch(owner, "import", "b")
    Affiliation.objects.create(owner=owner, person=ada, organisation="New Firm", batch=lately)
    assert said(owner, ada)["job"] == "Ada has a new job: at New Firm, noted 21 November."
    Batch.objects.of(owner).filter(pk=lately.pk).update(started_at=clock.now() - dt.timedelta(days=62))
    assert "job" not in said(owner, ada)


def test_a_draft_opens_in_the_mail_program_and_nothing_is_sent(owner: Owner, ada: Person) -> None:
    """R68: prompts for one person at a time; the program writes to nobody and keeps no text of its own."""
    editing.add_identity(owner, key(ada), "ada@example.org")
    editing.note_topic(owner, key(ada), "interest", "sailing")
    before = Interaction.objects.of(owner).count()
    first = reasons.for_person(owner, "Ada").reasons[0]
    assert first.mail.startswith("mailto:ada@example.org?subject=&body=Ada%2C")
    assert "[" in first.draft
    assert Interaction.objects.of(owner).count() == before
    bob = person(owner, "Bob Stumm")
    editing.note_topic(owner, key(bob), "interest", "sailing")
    other = reasons.for_person(owner, "Bob").reasons[0]
    assert other.mail == ""
    assert other.draft != first.draft


def test_several_people_at_once_cost_as_much_as_one(owner: Owner, ada: Person) -> None:
    def fill(who: Person) -> None:
        talk(owner, who, 200, 30)
        editing.note_topic(owner, key(who), "interest", "sailing")
        editing.add_job(owner, key(who), "Firm", "boss")
        PersonDate.objects.create(owner=owner, person=who, kind="birthday", on="--11-24")
        record_interaction(owner, [who], "email", title="Hello")
        Promise.objects.create(owner=owner, person=who, text="x", made_on=TODAY)

    def queries(ids: list[int]) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert len(reasons.for_many(owner, ids)) == len(ids)
        return len(seen)

    clips.add(owner, "Sailing in winter")
    Trip.objects.create(owner=owner, place="Porto", starts_on=TODAY)
    fill(ada)
    many = [person(owner, f"Viele {letter}") for letter in "abcdefghij"]
    for who in many:
        fill(who)
    assert queries([ada.pk]) == queries([who.pk for who in many]) <= 16
    assert len(reasons.for_people(owner, [key(who) for who in many])) == 10


def test_the_weekly_plan_says_the_best_reason_as_its_idea(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """R44: the plan's idea is an occasion where one is known."""
    set_clock(monkeypatch, MONDAY)
    for who in circle(owner, 6):
        editing.note_topic(owner, key(who), "goal", "a marathon")
    ideas = {touch.idea for touch in weeks.week(owner).touches}
    assert ideas == {"Ask how a marathon is coming along."}


def test_the_weekly_plan_falls_back_on_what_suits_the_channel(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, MONDAY)
    circle(owner, 6)
    assert all(touch.idea for touch in weeks.week(owner).touches)


def test_a_clip_for_somebody_is_the_idea_of_an_item(owner: Owner, ada: Person) -> None:
    from kithbook.services import ties

    editing.note_topic(owner, key(ada), "interest", "sailing")
    clips.add(owner, "https://example.org/s Sailing in winter")
    talk(owner, ada, 60, 30)
    one = ties.table(owner, ids=[ada.pk])
    assert reasons.Words(owner)(one, "item")[1].startswith("Send “Sailing in winter”")
    assert reasons.Words(owner)(one, "call")[1] == "Mention “Sailing in winter”, and offer to send it."
    assert len(reasons.Words(owner)(one, "call")[0]) == 2


def test_a_stranger_gets_no_reasons(owner: Owner, stranger: Owner, ada: Person) -> None:
    with pytest.raises(NotFound):
        reasons.for_person(stranger, key(ada))
    assert reasons.for_people(stranger, [key(ada)]) == []
    Trip.objects.create(owner=stranger, place="Porto", starts_on=TODAY)
    assert "place" not in said(owner, ada)


def test_a_sentence_that_is_written_down_becomes_a_reason(owner: Owner, ada: Person) -> None:
    capturing.log(owner, "promised Ada Berger the slides")
    assert said(owner, ada)["promise"].startswith("You promised on 21 November: the slides")

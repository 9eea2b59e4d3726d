"""Quick capture: understood, shown, written as one batch, never guessed, taken back without a trace."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kithbook.core.errors import Conflict, Invalid, KithbookError, NotFound
from kithbook.core.ids import to_text
from kithbook.services import batches, capturing, clock, duties, editing, people, requests
from kithbook.services.views import CaptureView
from kithbook.store.models import (
    Ask,
    Batch,
    Event,
    Interaction,
    LedgerEntry,
    Owner,
    Participant,
    Person,
    Promise,
    Tie,
    Topic,
)
from tests.services.factories import person, talk
from tests.services.helpers import key, place, snapshot

SENTENCE = "coffee with Frank yesterday 45m, promised intro to Dana by Friday, he is looking for fintech roles"
YESTERDAY, FRIDAY = dt.date(2026, 11, 20), dt.date(2026, 11, 27)


@pytest.fixture
def cast(owner: Owner) -> dict[str, Person]:
    """Frank, Dana and two Annas."""
    names = ("Frank Okafor", "Dana Reyes", "Anna Berger", "Anna Huber")
    return {name: person(owner, name) for name in names}


def undo(owner: Owner, view: CaptureView) -> None:
    batches.undo(owner, view.batch or "")


def test_the_sentence_of_the_contract_is_understood_and_written(owner: Owner, cast: dict[str, Person]) -> None:
    view = capturing.log(owner, SENTENCE)
    frank, dana = cast["Frank Okafor"], cast["Dana Reyes"]
    assert (view.channel, view.on, view.minutes, view.new_people, view.questions) == ("meeting", YESTERDAY, 45, [], [])
    row = Interaction.objects.of(owner).get()
    assert (row.channel, row.minutes, row.direction, row.note) == ("meeting", 45, 0, SENTENCE)
    assert row.at == clock.noon(owner, YESTERDAY)
    assert [part.person_id for part in row.participants.all()] == [frank.pk]
    promise = Promise.objects.of(owner).get()
    assert (promise.person_id, promise.about_id, promise.by_me, promise.due_on, promise.made_on) == (
        frank.pk, dana.pk, True, FRIDAY, YESTERDAY,
    )  # fmt: skip
    topic = Topic.objects.of(owner).get()
    assert (topic.person_id, topic.kind, topic.text) == (frank.pk, "need", "fintech roles")
    assert [loop.kind for loop in people.show(owner, "Frank").open_loops] == ["promise"]
    assert people.show(owner, "Frank").last_contact_on == YESTERDAY
    assert people.show(owner, "Dana").last_contact_on is None


def test_what_is_understood_is_shown_without_being_written(owner: Owner, cast: dict[str, Person]) -> None:
    before = snapshot(owner)
    view = capturing.understand(owner, SENTENCE)
    assert snapshot(owner) == before
    assert view.batch is None
    assert view.lines == [
        "Meeting: with Frank Okafor, Fri 20 Nov 2026, 45 minutes",
        "You promised Frank Okafor: intro to Dana, due Fri 27 Nov 2026",
        "Frank Okafor looks for: fintech roles",
    ]
    assert {part.meaning.split(":")[0] for part in view.parts} >= {"person", "channel", "date"}
    assert all(view.text[part.start : part.end] == part.text for part in view.parts)


def test_undo_of_the_sentence_leaves_no_trace(owner: Owner, cast: dict[str, Person]) -> None:
    talk(owner, cast["Frank Okafor"], 30, 60)
    before, ties = snapshot(owner), {row.pk: bytes(row.state) for row in Tie.objects.all()}
    undo(owner, capturing.log(owner, SENTENCE))
    assert snapshot(owner) == before
    assert {row.pk: bytes(row.state) for row in Tie.objects.all()} == ties


def test_two_annas_are_never_guessed(owner: Owner, cast: dict[str, Person]) -> None:
    before = snapshot(owner)
    for text in (
        "call with Anna today", "promised Anna a link", "got a referral from Anna and Frank",
        "coffee with Frank, promised intro to Anna", "met Zelda Quist at FinFest through Anna",
    ):  # fmt: skip
        with pytest.raises(Conflict, match="Which Anna") as caught:
            capturing.log(owner, text)
        view = caught.value.details["capture"]
        assert isinstance(view, CaptureView)
        offered = next(choice for choice in view.choices if choice.text == "Anna")
        assert [item.name for item in offered.candidates] == ["Anna Berger", "Anna Huber"]
    assert snapshot(owner) == before


def test_the_owner_says_which_anna(owner: Owner, cast: dict[str, Person]) -> None:
    huber = cast["Anna Huber"]
    view = capturing.log(owner, "call with Anna today", {"Anna": key(huber)})
    assert [item.id for item in view.people] == [key(huber)]
    assert Participant.objects.of(owner).get().person_id == huber.pk


def test_a_choice_by_name_or_address_is_as_good(owner: Owner, cast: dict[str, Person]) -> None:
    editing.add_identity(owner, key(cast["Anna Berger"]), "anna@example.org")
    for choice in ("Anna Berger", "anna@example.org"):
        view = capturing.log(owner, "call with Anna today", {"anna": choice})
        assert [item.name for item in view.people] == ["Anna Berger"]


def test_an_anna_can_be_a_new_one(owner: Owner, cast: dict[str, Person]) -> None:
    view = capturing.log(owner, "call with Anna today", {"Anna": "new"})
    assert view.new_people == ["Anna"]
    assert Person.objects.of(owner).filter(name="Anna", batch__kind="log").count() == 1


def test_the_sentence_of_the_contract_makes_people_who_are_new(owner: Owner) -> None:
    before = snapshot(owner)
    shown = capturing.understand(owner, SENTENCE)
    assert snapshot(owner) == before
    view = capturing.log(owner, SENTENCE)
    assert view.new_people == shown.new_people == ["Frank", "Dana"]
    assert view.lines[0] == shown.lines[0] == "New: Frank, Dana"
    assert Person.objects.of(owner).get(name="Frank").follows_up
    assert not Person.objects.of(owner).get(name="Dana").follows_up
    assert Promise.objects.of(owner).get().about.name == "Dana"
    undo(owner, view)
    assert snapshot(owner) == before


def test_a_name_like_a_known_one_is_asked_about_before_somebody_is_made(owner: Owner, cast: dict[str, Person]) -> None:
    with pytest.raises(Conflict, match="is this a new person, or Dana Reyes") as caught:
        capturing.log(owner, "coffee with Dana Quist yesterday")
    assert [item.name for item in caught.value.details["capture"].choices[0].candidates] == ["Dana Reyes"]
    assert not Person.objects.filter(name="Dana Quist").exists()
    capturing.log(owner, "coffee with Dana Quist yesterday", {"Dana Quist": "new"})
    assert Person.objects.of(owner).get(name="Dana Quist").follows_up


def test_two_names_of_one_person_are_one_participant(owner: Owner, cast: dict[str, Person]) -> None:
    anna = key(cast["Anna Berger"])
    view = capturing.log(owner, "got a referral from Anna and Annie today", {"Anna": anna, "Annie": anna})
    assert LedgerEntry.objects.of(owner).get(kind="referral").parties.count() == 1
    view = capturing.log(owner, "call with Anna and Annie today", {"Anna": anna, "Annie": anna})
    row = Interaction.objects.of(owner).get(batch__title=view.text)
    assert (row.size, row.participants.count()) == (1, 1)


def test_a_day_ahead_is_refused(owner: Owner, cast: dict[str, Person]) -> None:
    with pytest.raises(KithbookError, match="lies ahead"):
        capturing.log(owner, "coffee with Frank tomorrow")
    assert not Batch.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "\x00", "x" * 2_001, "lovely weather", "call yesterday"])
def test_what_says_nothing_is_refused_and_writes_nothing(owner: Owner, cast: dict[str, Person], text: str) -> None:
    with pytest.raises(KithbookError) as caught:
        capturing.log(owner, text)
    assert caught.value.message
    assert caught.value.hint
    assert not Batch.objects.exists()


def test_an_ask_of_mine_is_an_ask_and_one_of_theirs_a_need(owner: Owner, cast: dict[str, Person]) -> None:
    capturing.log(owner, "asked Frank for a reference, he said yes")
    ask = Ask.objects.of(owner).get()
    assert (ask.person_id, ask.outcome) == (cast["Frank Okafor"].pk, "gladly")


def test_someone_let_go_is_revived_and_undo_lets_them_go_again(owner: Owner, cast: dict[str, Person]) -> None:
    editing.archive(owner, "Frank")
    before = snapshot(owner)
    view = capturing.log(owner, "call with Frank today")
    assert people.show(owner, "Frank").standing == "kept"
    undo(owner, view)
    assert people.show(owner, "Frank").standing == "archived"
    assert snapshot(owner) == before


def test_a_new_person_who_was_written_about_since_stays(owner: Owner, cast: dict[str, Person]) -> None:
    first = capturing.log(owner, "coffee with Zelda Quist yesterday", {"Zelda Quist": "new"})
    capturing.log(owner, "call with Zelda today")
    report = batches.undo(owner, first.batch or "")
    assert report.people_kept == ["Zelda Quist"]
    assert Interaction.objects.of(owner).count() == 1


def test_met_starts_the_three_steps(owner: Owner, cast: dict[str, Person]) -> None:
    page = capturing.met(
        owner, "Zelda Quist", at="FinFest", through="Frank", interests=["chess", "maps"], needs=["a designer"],
        goals=["a book"], on=YESTERDAY,
    )  # fmt: skip
    row = Person.objects.of(owner).get(name="Zelda Quist")
    assert (row.follows_up, row.met_where, row.met_through_id) == (True, "FinFest", cast["Frank Okafor"].pk)
    event = Event.objects.of(owner).get()
    assert (event.name, event.held_on, row.met_event_id) == ("FinFest", YESTERDAY, event.pk)
    assert {(topic.kind, topic.text) for topic in page.topics} == {
        ("goal", "a book"), ("interest", "maps"), ("interest", "chess"), ("need", "a designer")
    }  # fmt: skip
    assert [loop.kind for loop in page.open_loops] == ["followup"]
    assert page.met_on == YESTERDAY


def test_the_steps_come_one_after_the_other(
    owner: Owner, monkeypatch: pytest.MonkeyPatch, cast: dict[str, Person]
) -> None:
    capturing.met(owner, "Zelda Quist", on=dt.date(2026, 11, 16))
    refs = []
    for moment in ("2026-11-17T10:00", "2026-11-23T10:00", "2026-12-16T10:00"):
        monkeypatch.setenv("KITHBOOK_NOW", f"{moment}:00+00:00")
        refs += [duty.ref.rsplit(":", 1)[1] for duty in duties.gather(owner)]
        capturing.spoke(owner, "Zelda", channel="call")
    assert refs == ["1", "2", "3"]
    assert duties.gather(owner) == []


def test_two_people_met_at_one_event_share_it_and_one_undo_leaves_it_to_the_other(owner: Owner) -> None:
    capturing.met(owner, "Zelda Quist", at="FinFest")
    capturing.met(owner, "Yara Novak", at=" finfest ")
    event = Event.objects.of(owner).get()
    first = Batch.objects.of(owner).get(title="met Zelda Quist")
    batches.undo(owner, to_text(first.pk))
    assert Person.objects.of(owner).get().met_event_id == event.pk
    assert not Event.objects.of(owner).get().batch_id
    second = Batch.objects.of(owner).get(title="met Yara Novak")
    batches.undo(owner, to_text(second.pk))
    assert not Person.objects.exists()


def test_undo_of_a_meeting_leaves_nothing(owner: Owner, cast: dict[str, Person]) -> None:
    before = snapshot(owner)
    capturing.met(owner, "Zelda Quist", at="FinFest", through="Frank", needs=["a designer"])
    batches.undo(owner, to_text(Batch.objects.of(owner).get().pk))
    assert snapshot(owner) == before


def test_a_meeting_to_come_or_without_a_name_is_refused(owner: Owner, cast: dict[str, Person]) -> None:
    with pytest.raises(Invalid, match="still to come"):
        capturing.met(owner, "Zelda Quist", on=dt.date(2026, 11, 22))
    with pytest.raises(Invalid):
        capturing.met(owner, "  ")
    with pytest.raises(NotFound):
        capturing.met(owner, "Zelda Quist", through="Nobody Atall")
    assert not Batch.objects.exists()


def test_writing_again_before_an_answer_is_logged_with_a_quiet_note(owner: Owner, cast: dict[str, Person]) -> None:
    """R60: past the ceiling it is written down all the same, and one sentence says that waiting may be kind."""
    first = capturing.log(owner, "emailed Frank yesterday")
    assert not any("wait for their answer" in line for line in first.lines)
    again = capturing.log(owner, "emailed Frank today")
    assert again.batch and Interaction.objects.of(owner).count() == 2
    assert again.lines[-1].startswith("You wrote on 20 Nov") and "kind to wait for their answer" in again.lines[-1]
    assert not any("wait for" in line for line in capturing.understand(owner, "called Frank today").lines)


def test_spoke_notes_a_contact_of_today_or_another_day(owner: Owner, cast: dict[str, Person]) -> None:
    note = capturing.spoke(owner, "Frank", channel="video", minutes=20, on=YESTERDAY)
    assert note.message == "Noted: video with Frank Okafor on 20 November 2026."
    row = Interaction.objects.of(owner).get()
    assert (row.channel, row.minutes) == ("video", 20)


@pytest.mark.parametrize(
    ("channel", "minutes", "on"),
    [("pigeon", None, None), ("call", -1, None), ("call", 1_441, None), ("call", 5, dt.date(2026, 11, 22))],
)
def test_spoke_refuses_what_cannot_be(
    owner: Owner, cast: dict[str, Person], channel: str, minutes: int | None, on: dt.date | None
) -> None:
    with pytest.raises(Invalid):
        capturing.spoke(owner, "Frank", channel, minutes, on)
    assert not Batch.objects.exists()
    assert not Interaction.objects.exists()


def test_a_stranger_knows_nobody_of_mine(owner: Owner, stranger: Owner, cast: dict[str, Person]) -> None:
    view = capturing.understand(stranger, "call with Frank today")
    assert view.people == []
    for choice in (key(cast["Frank Okafor"]), "Frank Okafor"):
        with pytest.raises(NotFound):
            capturing.log(stranger, "call with Frank today", {"Frank": choice})
    with pytest.raises(NotFound):
        capturing.spoke(stranger, key(cast["Frank Okafor"]))
    with pytest.raises(NotFound):
        capturing.met(stranger, "Zelda Quist", through=key(cast["Frank Okafor"]))
    assert not Interaction.objects.exists()
    assert not Batch.objects.exists()


WHO = st.sampled_from(["Frank", "Dana", "Zelda Quist", "Anna Berger", "Anna"])
CLAUSES = st.sampled_from([
    "coffee with {0} yesterday 45m", "call with {0} today", "got a referral from {0}", "gave {0} advice",
    "promised {0} a link by Friday", "{0} is looking for a flat", "{0} promised me the slides",
    "promised intro to {0}", "thanked {0}", "asked {0} for a reference, said yes", "met {0} at FinFest",
])  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.tuples(CLAUSES, WHO), min_size=1, max_size=3))
def test_undo_after_any_capture_restores_the_export(owner: Owner, parts: list[tuple[str, str]]) -> None:
    if not Person.objects.of(owner).exists():
        for number, name in enumerate(("Frank Okafor", "Dana Reyes", "Anna Berger", "Anna Huber")):
            talk(owner, place(owner, person(owner, name), 1 + number), 100, 50, 20)
        editing.archive(owner, "Dana Reyes")
    before = snapshot(owner)
    text = ", ".join(clause.format(who) for clause, who in parts)
    choices = {"Anna": "Anna Huber", "Zelda Quist": "new"}
    try:
        view = capturing.log(owner, text, choices)
    except KithbookError:
        assert snapshot(owner) == before
        return
    assert snapshot(owner) != before
    undo(owner, view)
    assert snapshot(owner) == before


def test_please_introduce_me_waits_in_the_inbox_and_is_taken_back_as_one_act(owner: Owner) -> None:
    """R5: a sentence in which somebody asks for a bridge becomes a request, shown before it is written."""
    frank, dana = person(owner, "Frank Weber"), person(owner, "Dana Ortiz")
    text = "coffee with Frank yesterday, he asked me to introduce him to Dana"
    assert "Frank Weber asked you for an introduction to Dana Ortiz" in capturing.understand(owner, text).lines
    assert requests.inbox(owner).open == []
    done = capturing.log(owner, text)
    (waiting,) = requests.inbox(owner).open
    assert (waiting.person.id, waiting.kind, waiting.asked_on) == (key(frank), "introduction", dt.date(2026, 11, 20))
    assert waiting.target and waiting.target.id == key(dana)
    assert people.show(owner, "Frank").topics == []  # it is no need beside
    batches.undo(owner, done.batch or "")
    assert requests.inbox(owner).open == []


def test_whoever_is_new_in_a_request_comes_into_the_book(owner: Owner) -> None:
    """R5: the one to be met need not be known yet."""
    person(owner, "Frank Weber")
    text = "Frank asked me for an introduction to Zoe Newman"
    capturing.log(owner, text, choices={"Zoe Newman": "new"})
    (waiting,) = requests.inbox(owner).open
    assert waiting.target and waiting.target.name == "Zoe Newman"


def test_help_that_somebody_asks_for_is_a_request_and_says_what_they_want(owner: Owner) -> None:
    """R5, R55: what they asked of me waits for an answer, and counts as knowing what they look for."""
    frank = person(owner, "Frank Weber")
    talk(owner, frank, 40, 10)
    editing.add_job(owner, key(frank), "Radio")
    capturing.log(owner, "Frank asked me for feedback on his book")
    assert [(one.kind, one.text) for one in requests.inbox(owner).open] == [("help", "feedback on his book")]
    move = people.show(owner, "Frank").proposal
    assert move and "What they want was noted on 21 November 2026." in move.why

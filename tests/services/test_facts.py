"""Facts about people: dated notes, what is old, what to learn next, and finding words again."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.errors import Invalid, NotFound
from kithbook.core.ids import from_text
from kithbook.services import bank, batches, capturing, editing, facts, weeks
from kithbook.services.recording import record_interaction
from kithbook.store.models import Owner, Promise, Topic, Touch
from tests.services.factories import person, talk
from tests.services.helpers import key, place
from tests.services.test_growth import assert_constant_queries, ten_more

TODAY = dt.date(2026, 11, 21)


def test_a_fact_has_its_day_and_source_and_can_be_taken_back(owner: Owner) -> None:
    """R110: fast notes, dated, with where they come from."""
    anna = person(owner, "Anna Berg")
    note = facts.note(owner, "Anna", "sings in a choir", source="lunch", on=dt.date(2026, 11, 3))
    (found,) = facts.of_person(owner, key(anna)).facts
    assert (found.about, found.text, found.noted_on, found.source) == (
        "fact", "sings in a choir", dt.date(2026, 11, 3), "lunch",
    )  # fmt: skip
    assert note.batch is not None
    batches.undo(owner, note.batch)
    assert facts.of_person(owner, key(anna)).facts == []


@pytest.mark.parametrize(
    "bad", [{"text": " "}, {"text": "x", "about": "secret"}, {"text": "x", "on": dt.date(2026, 11, 22)}]
)
def test_nonsense_is_refused(owner: Owner, bad: dict[str, object]) -> None:
    anna = person(owner, "Anna Berg")
    with pytest.raises(Invalid):
        facts.note(owner, key(anna), **bad)  # type: ignore[arg-type]
    assert not Topic.objects.of(owner).exists()


def test_old_facts_come_up_once_more_and_a_click_confirms_them(owner: Owner) -> None:
    """R110: older than two years: still true? Yes dates it today."""
    anna, ben = place(owner, person(owner, "Anna Berg"), 2), place(owner, person(owner, "Ben Stern"), 4)
    facts.note(owner, key(anna), "works on bridges", on=dt.date(2024, 11, 20))
    facts.note(owner, key(ben), "collects stamps", about="interest", on=dt.date(2024, 1, 1))
    facts.note(owner, key(ben), "a marathon", about="goal", on=dt.date(2020, 1, 1))
    facts.note(owner, key(ben), "has two sons", on=dt.date(2024, 11, 21))
    assert [one.text for one in facts.stale(owner)] == ["collects stamps", "works on bridges"]
    assert [one.text for one in facts.stale(owner, limit=1)] == ["collects stamps"]
    found = facts.confirm(owner, key(ben), facts.stale(owner)[0].id)
    assert (found.noted_on, found.source, found.is_stale) == (TODAY, "confirmed", False)
    assert [one.text for one in facts.stale(owner)] == ["works on bridges"]


def test_what_to_learn_next_shrinks_with_what_is_known(owner: Owner) -> None:
    """R110: what is missing, by stage, with a question for each."""
    anna = person(owner, "Anna Berg")
    assert [gap.code for gap in facts.learn_next(owner, key(anna))] == ["work", "met", "reach"]
    editing.add_job(owner, key(anna), "Example GmbH")
    editing.add_identity(owner, key(anna), "anna@example.org")
    assert [gap.code for gap in facts.learn_next(owner, key(anna))] == ["met", "need", "interest"]
    assert all(gap.question for gap in facts.learn_next(owner, key(anna)))


def test_words_are_found_in_every_kind_of_note_newest_first(owner: Owner) -> None:
    """R110: searchable: notes, facts, exchanges, bank entries, promises."""
    anna, ben = person(owner, "Anna Berg"), person(owner, "Ben Stern", note="Likes Café Jelinek.")
    facts.note(owner, key(anna), "meets friends at the cafe", on=dt.date(2026, 1, 1))
    record_interaction(owner, [anna], "call", on=dt.date(2026, 3, 1), note="talked about CAFÉS in Graz")
    record_interaction(owner, [ben], "email", on=dt.date(2026, 4, 1), title="Re: café opening")
    bank.gave(owner, key(ben), "item", note="list of cafes", on=dt.date(2026, 5, 1))
    Promise.objects.create(owner=owner, person=anna, text="show her the café", made_on=dt.date(2026, 6, 1))
    found = facts.search(owner, "CAFE")
    assert [(one.where, one.person.name) for one in found] == [
        ("promise", "Anna Berg"), ("bank", "Ben Stern"), ("exchange", "Ben Stern"), ("exchange", "Anna Berg"),
        ("fact", "Anna Berg"), ("note", "Ben Stern"),
    ]  # fmt: skip
    assert [one.where for one in facts.search(owner, "café graz")] == ["exchange"]
    assert [one.where for one in facts.search(owner, "cafe", limit=2)] == ["promise", "bank"]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("the Straße house", "strasse"), ("Łódź in winter", "lodz"), ("søren's boat", "SOREN"), ("100% sure", "100%"),
        ("snake_case", "snake_case"), ("a\\b path", "a\\b"), ("Елена звонила", "ЕЛЕНА"), ("Œuvre", "oeuvre"),
        ("What [now]?", "[now]?"), ("naïve* idea", "naive*"), ("it's; DROP TABLE", "it's;"),
    ],
)  # fmt: skip
def test_spelling_and_signs_do_not_hide_a_note(owner: Owner, text: str, query: str) -> None:
    anna = person(owner, "Anna Berg")
    facts.note(owner, key(anna), text)
    facts.note(owner, key(anna), "something else altogether")
    assert [one.text for one in facts.search(owner, query)] == [text]


@pytest.mark.parametrize("query", ["%", "_", "*", "?"])
def test_signs_with_a_meaning_of_their_own_are_only_signs(owner: Owner, query: str) -> None:
    facts.note(owner, key(person(owner, "Anna Berg")), "plain words")
    assert facts.search(owner, query) == []


def test_nothing_to_look_for_is_refused(owner: Owner) -> None:
    with pytest.raises(Invalid):
        facts.search(owner, "  ")
    with pytest.raises(Invalid):
        facts.search(owner, "x", limit=100_000)
    with pytest.raises(Invalid):
        facts.stale(owner, limit=-1)


def test_a_sensitive_fact_reaches_no_plan_and_leaves_ideas_made_before(owner: Owner) -> None:
    """R110: sensitive facts are never used in drafts and plans, also when they are marked afterwards."""
    anna = place(owner, person(owner, "Anna Berg"), 3)
    talk(owner, anna, 200, 150, 100, 40)
    note = facts.note(owner, key(anna), "a lawyer for her divorce", about="need")
    assert note.batch
    touch = weeks.budget(owner, minutes=300).touches[0]
    Touch.objects.of(owner).filter(pk=from_text(touch.id)).update(idea="Ask about a lawyer for her divorce.")
    (fact,) = facts.of_person(owner, key(anna)).facts
    assert facts.mark_sensitive(owner, key(anna), fact.id).is_sensitive
    week = weeks.budget(owner, minutes=300)
    assert week.touches
    assert "divorce" not in str([(one.idea, one.why) for one in week.touches])
    assert not facts.mark_sensitive(owner, key(anna), fact.id, sensitive=False).is_sensitive


def test_a_stranger_finds_and_changes_nothing(owner: Owner, stranger: Owner) -> None:
    anna = person(owner, "Anna Berg", note="choir")
    facts.note(owner, key(anna), "sings in a choir", on=dt.date(2020, 1, 1))
    capturing.spoke(owner, key(anna))
    (fact,) = facts.of_person(owner, key(anna)).facts
    assert facts.search(stranger, "choir") == []
    assert facts.stale(stranger) == []
    for act in (facts.confirm, facts.mark_sensitive):
        with pytest.raises(NotFound):
            act(stranger, key(anna), fact.id)
    mine = person(stranger, "Mine Alone")
    with pytest.raises(NotFound):
        facts.confirm(stranger, key(mine), fact.id)
    assert facts.of_person(owner, key(anna)).facts == [fact]


def test_searching_costs_the_same_for_ten_more_people(owner: Owner) -> None:
    ten_more(owner, "Early")()
    assert_constant_queries(lambda: facts.search(owner, "maps"), ten_more(owner))
    assert_constant_queries(lambda: facts.stale(owner), ten_more(owner, "Later"))

"""Objectives through the service: shares, people, minutes, before need, reaching and what follows."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.errors import Conflict, Invalid, NotFound, Refused
from kithbook.services import batches, duties, objectives, outcomes, roles, weeks
from kithbook.services.editing import note_topic
from kithbook.store.models import Ask, Objective, Owner
from tests.services.factories import person, talk
from tests.services.helpers import circle, key, later, place, set_clock
from tests.services.test_growth import assert_constant_queries


def test_an_objective_gets_its_share_of_the_plan(owner: Owner) -> None:
    """R67: people of an objective are planned for with its share, and the minutes are counted for it."""
    people = circle(owner, 8)
    aim = objectives.add(owner, "Five new clients", kind="sales", share=0.4, people=[key(people[0]), key(people[1])])
    assert (aim.objective.share, aim.objective.people) == (0.4, 2)
    week = weeks.budget(owner, minutes=200)
    planned = sum(touch.minutes for touch in week.touches if touch.person.id in {key(people[0]), key(people[1])})
    assert planned > 0
    view = objectives.show(owner, "five new clients")
    assert view.objective.minutes_planned == planned == week.by_objective["Five new clients"]


def test_shares_of_open_objectives_stay_within_the_whole(owner: Owner) -> None:
    """R67: the shares together are at most all strategic minutes; closing one frees its part."""
    objectives.add(owner, "Clients", share=0.7)
    with pytest.raises(Invalid, match="110 % of the strategic minutes"):
        objectives.add(owner, "Talk", share=0.4)
    assert Objective.objects.of(owner).count() == 1
    objectives.drop(owner, "Clients")
    talk_ = objectives.add(owner, "Talk", share=0.4)
    assert talk_.share_free == 1.0
    back = objectives.reopen(owner, "Clients")
    assert back.objective.share == 0.6
    assert objectives.listing(owner).share_free == 0.0


def test_changes_are_kept_and_what_is_left_out_stays(owner: Owner) -> None:
    aim = objectives.add(owner, "Clients", kind="sales", share=0.7, target="hospitals", due_on=dt.date(2027, 3, 1))
    changed = objectives.edit(owner, aim.objective.id, name="Three clients", share=0.9)
    assert (changed.objective.name, changed.objective.share, changed.target) == ("Three clients", 0.9, "hospitals")
    assert changed.objective.due_on == dt.date(2027, 3, 1)
    assert objectives.edit(owner, aim.objective.id, clear_due=True).objective.due_on is None
    objectives.add(owner, "Talk")
    with pytest.raises(Conflict, match="“Talk” already"):
        objectives.edit(owner, "Three clients", name="Talk")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": " "}, "needs a name"),
        ({"name": "A", "kind": "war"}, "not a kind"),
        ({"name": "A", "share": 2}, "outside"),
    ],
)
def test_nonsense_is_refused_in_words(owner: Owner, values: dict[str, object], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        objectives.add(owner, **values)  # type: ignore[arg-type]


def test_minutes_spent_are_those_since_the_opening(owner: Owner) -> None:
    ada = person(owner, "Ada Berg")
    talk(owner, ada, 30, 20)
    objectives.add(owner, "Clients", people=[key(ada)])
    assert objectives.show(owner, "Clients").objective.minutes_spent == 0
    talk(owner, ada, 0)
    assert objectives.show(owner, "Clients").objective.minutes_spent == 15


def test_what_was_invested_before_need_is_shown(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """R1: contact before the objective was opened, and before anything was asked, counts as invested before need."""
    ada, bea = person(owner, "Ada Berg"), person(owner, "Bea Berg")
    talk(owner, ada, 60, 40)
    talk(owner, bea, 60, 10)
    Ask.objects.create(owner=owner, person=bea, size=2, asked_on=dt.date(2026, 11, 1))
    objectives.add(owner, "A job", kind="job_search", people=[key(ada), key(bea)])
    later(monkeypatch, 1)
    talk(owner, ada, 0)
    view = objectives.show(owner, "A job")
    assert (view.before_need, view.contacts, view.before_need_share) == (3, 5, 0.6)
    assert "3 of 5 days" in view.before_need_text


def test_reaching_it_keeps_the_helpers_in_sight(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """R97, R3: after the goal every helper has dated touches for a year, and one of them becomes due by itself."""
    ada, bea = person(owner, "Ada Berg"), person(owner, "Bea Berg")
    talk(owner, ada, 20)
    objectives.add(owner, "A job", kind="job_search", people=[key(bea)])
    objectives.link(owner, "A job", key(ada), helper=True)
    view = objectives.reach(owner, "A job", outcome="Hired by Meridian")
    assert (view.objective.state, view.objective.ended_on) == ("reached", dt.date(2026, 11, 21))
    assert {step.person.id for step in view.keep_up} == {key(ada)}
    assert [step.on for step in view.keep_up][-1] == dt.date(2027, 11, 21)
    assert [party.person.id for party in view.outcomes[0].parties] == [key(ada)]
    set_clock(monkeypatch, "2026-12-20T09:00:00+00:00")
    due = [duty for duty in duties.gather(owner) if duty.ref.startswith("keepup:")]
    assert [duty.person_id for duty in due] == [ada.pk]
    with pytest.raises(Refused, match="reached already"):
        objectives.reach(owner, "A job")


def test_helpers_come_with_the_question_about_their_year(owner: Owner) -> None:
    """R106: for each helper there is their goal of this year, or the question what it is."""
    ada, bea, cem = (person(owner, name) for name in ("Ada Berg", "Bea Berg", "Cem Berg"))
    objectives.add(owner, "A job", people=[key(cem)])
    note_topic(owner, key(bea), "goal", "open a second clinic")
    for who in (ada, bea):
        objectives.helper(owner, "A job", key(who))
    prompts = {one.person.name: one.prompt for one in objectives.show(owner, "A job").people}
    assert "what they want to reach this year" in prompts["Ada Berg"]
    assert "open a second clinic" in prompts["Bea Berg"]
    assert prompts["Cem Berg"] == ""


def test_people_are_linked_marked_and_taken_off(owner: Owner) -> None:
    ada = person(owner, "Ada Berg")
    objectives.add(owner, "A job")
    assert not objectives.link(owner, "A job", "Ada").people[0].helper
    assert objectives.link(owner, "A job", "Ada", helper=True).people[0].helper
    assert not objectives.helper(owner, "A job", "Ada", helps=False).people[0].helper
    assert objectives.unlink(owner, "A job", "Ada").people == []
    with pytest.raises(NotFound, match="not linked"):
        objectives.unlink(owner, "A job", key(ada))


def test_taking_the_opening_back_leaves_no_trace(owner: Owner) -> None:
    ada = person(owner, "Ada Berg")
    view = objectives.add(owner, "A job", people=[key(ada)])
    assert view.batch
    batches.undo(owner, view.batch)
    assert objectives.listing(owner).objectives == []


def test_deleting_an_objective_keeps_what_came_of_it(owner: Owner) -> None:
    ada = person(owner, "Ada Berg")
    objectives.add(owner, "A job", people=[key(ada)])
    roles.give(owner, key(ada), "sponsor", objective="A job")
    outcomes.add(owner, "An interview", people=[key(ada)], objective="A job")
    objectives.delete(owner, "A job")
    assert roles.listing(owner) == []
    kept = outcomes.listing(owner).outcomes[0]
    assert (kept.text, kept.objective) == ("An interview", None)


def test_two_objectives_of_like_names_are_told_apart(owner: Owner) -> None:
    first = objectives.add(owner, "A talk in Vienna")
    objectives.add(owner, "A talk in Graz")
    with pytest.raises(Conflict, match="fits 2"):
        objectives.show(owner, "a talk")
    assert objectives.show(owner, "talk in vienna").objective.id == first.objective.id


def test_a_stranger_sees_no_objective(owner: Owner, stranger: Owner) -> None:
    view = objectives.add(owner, "A job", people=[key(person(owner, "Ada Berg"))])
    assert objectives.listing(stranger).objectives == []
    for act in (objectives.show, objectives.reach, objectives.drop, objectives.delete):
        with pytest.raises(NotFound):
            act(stranger, view.objective.id)


def test_the_list_costs_the_same_for_ten_more(owner: Owner) -> None:
    def add(number: int) -> None:
        who = place(owner, person(owner, f"Person {'abcdefghijkl'[number] * 3}"), 3)
        talk(owner, who, 20, 5)
        objectives.add(owner, f"Objective {number}", people=[key(who)])
        outcomes.add(owner, f"Outcome {number}", people=[key(who)], objective=f"Objective {number}")

    add(0)
    assert_constant_queries(lambda: objectives.listing(owner), lambda: [add(n) for n in range(1, 11)])


def test_the_page_costs_the_same_for_ten_more_people(owner: Owner) -> None:
    objectives.add(owner, "A job", kind="job_search")

    def add(name: str) -> None:
        who = person(owner, name)
        talk(owner, who, 300 if name.endswith("a") else 5)
        objectives.link(owner, "A job", key(who), helper=True)
        roles.give(owner, key(who), "sponsor")

    for name in ("Ada", "Bela", "Cid"):
        add(f"First {name}")
    more = [f"More {word}" for word in "Dora Emil Flora Gus Hanna Ivo Jana Karl Lena Max".split()]
    assert_constant_queries(lambda: objectives.show(owner, "A job"), lambda: [add(name) for name in more])


def test_an_objective_reached_by_luck_keeps_what_it_is_worth(owner: Owner) -> None:
    """R2, R7: value and luck are noted with the outcome, also where no words are given for it."""
    objectives.add(owner, "A job")
    objectives.reach(owner, "A job", value=52_000.0, unexpected=True)
    (found,) = outcomes.listing(owner, unexpected=True).outcomes
    assert (found.text, found.value, found.unexpected) == ("A job", 52_000, True)
    objectives.add(owner, "A gym")
    objectives.reach(owner, "A gym")
    assert outcomes.listing(owner).total == 1  # nothing said, nothing noted

"""The weekly review: what it says of a week with known contents, and what can be done with it."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.services import bank, clock, editing, ladder, preferences, review, social, weeks
from kithbook.services.recording import record_interaction
from kithbook.store.models import Ask, Objective, ObjectivePerson, Owner, Promise, Touch
from tests.services.factories import person, talk
from tests.services.helpers import circle, key, later, place
from tests.services.test_growth import assert_constant_queries, ten_more

MONDAY = dt.date(2026, 11, 16)


def names(views: list[object]) -> list[str]:
    return [view.person.name for view in views]  # type: ignore[attr-defined]


def test_minutes_are_summed_by_stage_and_objective_against_target(owner: Owner) -> None:
    """R31, R51: what was planned, what was spent, what the budget says."""
    anna, ben = place(owner, person(owner, "Anna Berg"), 3), place(owner, person(owner, "Ben Stern"), 5)
    aim = Objective.objects.create(owner=owner, name="A new job", share=0.5, created_at=clock.now())
    ObjectivePerson.objects.create(owner=owner, objective=aim, person=ben)
    record_interaction(owner, [anna], "call", minutes=25, on=MONDAY)
    record_interaction(owner, [anna, ben], "meeting", minutes=60, on=MONDAY + dt.timedelta(days=2))
    record_interaction(owner, [ben], "call", minutes=99, on=MONDAY - dt.timedelta(days=1))
    view = review.review(owner)
    assert view.week_of == MONDAY
    bands = {band.stage: band for band in view.bands}
    assert (bands[3].spent, bands[5].spent, view.minutes_spent) == (55, 30, 85)
    assert (bands[3].target, bands[5].target) == (36, 12)
    (found,) = view.objectives
    assert (found.name, found.spent, found.target) == ("A new job", 30, 18)


def test_planned_touches_count_with_what_became_of_them(owner: Owner) -> None:
    circle(owner, 6)
    touches = weeks.week(owner).touches
    row = Touch.objects.of(owner).filter(week_of=MONDAY).order_by("pk").first()
    Touch.objects.of(owner).filter(pk=row.pk).update(state="done", minutes_spent=5)
    view = review.review(owner)
    assert (view.touches_planned, view.touches_done) == (len(touches), 1)
    assert view.minutes_planned == sum(touch.minutes for touch in touches)


def test_contact_with_no_ask_around_it_is_invested_before_need(owner: Owner) -> None:
    """R1: the share of exchanges with no ask near, and a warning with names where they cluster round asks."""
    anna, ben = person(owner, "Anna Berg"), person(owner, "Ben Stern")
    talk(owner, anna, 1, 4, 7, 9)
    talk(owner, ben, 100)
    assert review.review(owner).before_need_half_year.share == 1.0
    assert review.review(owner).need_warning == ""
    Ask.objects.create(owner=owner, person=anna, size=2, asked_on=MONDAY)
    view = review.review(owner)
    assert (view.before_need_half_year.contacts, view.before_need_half_year.round_asks) == (5, 4)
    assert view.before_need_half_year.share == 0.2
    assert "4 of your 5 contacts" in view.need_warning
    assert names(view.clusters) == ["Anna Berg"]
    assert "16 Nov" in view.clusters[0].why


def test_who_wrote_first_is_counted(owner: Owner) -> None:
    """R43, R48: my initiation rate, in the week and in three months."""
    for number, way in enumerate((1, 1, -1)):
        talk(owner, person(owner, f"Person {'abc'[number] * 4}"), 2, direction=way, channel="email")
    talk(owner, person(owner, "Ben Stern"), 40, direction=-1, channel="email")
    view = review.review(owner)
    assert (view.initiation.mine, view.initiation.theirs, view.initiation.share) == (2, 1, 0.667)
    assert (view.initiation_quarter.mine, view.initiation_quarter.theirs) == (2, 2)


def test_a_tie_that_comes_back_is_named_with_its_silence(owner: Owner) -> None:
    """R48: revived ties, with names and dates."""
    old, fresh = person(owner, "Olga Alt"), person(owner, "Frida Neu")
    talk(owner, old, 900, 700, 500, 2)
    talk(owner, fresh, 2)
    view = review.review(owner)
    assert names(view.revived) == ["Olga Alt"]
    assert view.revived[0].last_on == dt.date(2026, 11, 21) - dt.timedelta(days=500)
    assert "16 months" in view.revived[0].why
    assert view.revived[0].warmth_after > view.revived[0].warmth_before


def test_a_tie_that_turned_cold_in_the_week_is_named_once(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """R48: lost ties: warmth fell through a quarter in that week, and in no other."""
    anna = person(owner, "Anna Berg")
    talk(owner, anna, 200, 160, 120, 80)
    found = []
    for week in range(1, 60):
        later(monkeypatch, 7 * week, since="2026-11-22T09:00:00+00:00")
        found += [(week, view) for view in review.review(owner).lost]
    assert [view.person.name for _, view in found] == ["Anna Berg"]
    assert found[0][1].warmth_before >= 0.25 > found[0][1].warmth_after
    assert "Last contact 2 Sep" in found[0][1].why


def test_a_week_long_past_is_seen_as_it_was_then(owner: Owner) -> None:
    """R48: contact since then makes nobody lost or revived in that week."""
    anna, ben = person(owner, "Anna Berg"), person(owner, "Ben Stern")
    talk(owner, anna, 900, 700, 500)
    talk(owner, ben, 900, 700, 500, 8)
    last_week = review.review(owner, MONDAY - dt.timedelta(days=7))
    talk(owner, anna, 2)
    again = review.review(owner, MONDAY - dt.timedelta(days=7))
    assert names(last_week.revived) == names(again.revived) == ["Ben Stern"]
    assert last_week.lost == again.lost == []


def test_moves_promises_and_gifts_of_the_week_are_there(owner: Owner) -> None:
    """R18: what was given, whom it helped; promises kept and broken; steps on the ladder."""
    anna, ben = person(owner, "Anna Berg"), person(owner, "Ben Stern")
    talk(owner, anna, 5)
    ladder.place(owner, key(anna), 3)
    bank.gave(owner, key(anna), "advice", note="on leases")
    bank.gave(owner, key(ben), "item", on=MONDAY - dt.timedelta(days=3))
    bank.got(owner, key(anna), "advice")
    for text, state, day in (("the link", "kept", 1), ("the photo", "broken", 2), ("the book", "kept", -1)):
        Promise.objects.create(
            owner=owner, person=ben, text=text, made_on=MONDAY, state=state, closed_on=MONDAY + dt.timedelta(days=day)
        )
    Promise.objects.create(owner=owner, person=ben, by_me=False, text="the address", made_on=MONDAY)
    view = review.review(owner)
    assert [(move.person.name, move.to_stage) for move in view.moves] == [("Anna Berg", 3)]
    assert [(one.text, one.state) for one in view.promises] == [("the link", "kept"), ("the photo", "broken")]
    (given,) = view.given
    assert (given.people[0].name, given.label, given.note) == ("Anna Berg", "answer or advice", "on leases")
    assert view.helped == 1
    assert [one.text for one in view.waiting_for] == ["the address"]


def test_what_is_open_comes_with_its_due_day(owner: Owner) -> None:
    anna = person(owner, "Anna Berg")
    Promise.objects.create(owner=owner, person=anna, text="the photos", made_on=MONDAY, due_on=dt.date(2026, 11, 23))
    bank.got(owner, key(anna), "referral", note="to Dana")
    found = review.review(owner).open
    assert {one.kind for one in found} >= {"promise", "thanks"}
    assert min(one.due_on for one in found if one.due_on) == dt.date(2026, 11, 23)


def test_the_one_thing_of_a_week_is_chosen_and_tracked(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """R18, R87: this week's action item: chosen in the review, done by giving, or by a click, and kept."""
    anna = person(owner, "Anna Berg")
    editing.note_topic(owner, key(anna), "need", "a designer")
    view = review.review(owner)
    assert [idea.person.name for idea in view.ideas if idea.person] == ["Anna Berg"]
    assert "a designer" in view.ideas[0].text
    review.choose_action(owner, view.ideas[0].text, key(anna), view.ahead.week_of)
    later(monkeypatch, 4)
    view = review.review(owner)
    assert view.action is not None
    assert view.action.done_on is None
    bank.gave(owner, key(anna), "introduction")
    found = review.review(owner).action
    assert found is not None
    assert found.done_on == dt.date(2026, 11, 27)
    assert review.review(owner).ideas == []


def test_a_thing_for_nobody_in_particular_is_done_by_a_click(owner: Owner) -> None:
    """R87: and can be opened again."""
    review.choose_action(owner, "write one recommendation")
    review.close_action(owner)
    action = review.review(owner).action
    assert action is not None
    assert action.done_on == dt.date(2026, 11, 21)
    review.close_action(owner, done=False)
    action = review.review(owner).action
    assert action is not None
    assert action.done_on is None


def test_ideas_leave_out_sensitive_needs_and_people_who_just_got_something(owner: Owner) -> None:
    from kithbook.services import facts

    anna, ben = person(owner, "Anna Berg"), person(owner, "Ben Stern")
    facts.note(owner, key(anna), "a lawyer for her divorce", about="need", sensitive=True)
    facts.note(owner, key(ben), "a flat", about="need")
    bank.gave(owner, key(ben), "item")
    assert review.review(owner).ideas == []


def test_done_for_this_week_is_stored_and_can_be_taken_back(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    review.finish(owner)
    assert review.review(owner).done_on == dt.date(2026, 11, 21)
    later(monkeypatch, 5)
    assert review.review(owner).done_on is None
    assert review.review(owner, MONDAY).done_on == dt.date(2026, 11, 21)
    review.reopen(owner, MONDAY)
    assert review.review(owner, MONDAY).done_on is None


def test_the_week_ahead_is_planned_without_writing_anything(owner: Owner) -> None:
    circle(owner, 8)
    view = review.review(owner)
    assert view.ahead.week_of == dt.date(2026, 11, 23)
    assert 0 < view.ahead.minutes_planned <= view.ahead.minutes_budget
    assert all(touch.day_on and touch.day_on >= view.ahead.week_of for touch in view.ahead.touches)
    assert not Touch.objects.of(owner).filter(week_of__gt=MONDAY).exists()


def test_early_in_the_week_the_last_one_is_reviewed_and_this_one_lies_ahead(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    circle(owner, 4)
    later(monkeypatch, 1)
    view = review.review(owner)
    assert (view.week_of, view.ahead.week_of) == (MONDAY, dt.date(2026, 11, 23))
    assert {touch.person.id for touch in view.ahead.touches} == {touch.person.id for touch in weeks.week(owner).touches}


def test_a_week_to_come_and_an_empty_thing_are_refused(owner: Owner) -> None:
    with pytest.raises(Invalid):
        review.review(owner, dt.date(2026, 11, 23))
    with pytest.raises(Invalid):
        review.choose_action(owner, "  ")
    with pytest.raises(Refused):
        review.close_action(owner)


def test_an_empty_network_has_nothing_to_review(owner: Owner) -> None:
    view = review.review(owner)
    assert view.is_empty
    assert (view.minutes_spent, view.before_need.share, view.lost, view.revived) == (0, None, [], [])


def test_a_stranger_sees_nothing_of_it(owner: Owner, stranger: Owner) -> None:
    anna = person(owner, "Anna Berg")
    talk(owner, anna, 2)
    bank.gave(owner, key(anna), "item")
    social.log(owner, 10)
    view = review.review(stranger)
    assert view.is_empty
    assert (view.people, view.given, view.social.minutes) == (0, [], 0)
    with pytest.raises(NotFound):
        review.choose_action(stranger, "something", key(anna))


def test_the_review_costs_the_same_for_ten_more_people(owner: Owner) -> None:
    ten_more(owner, "Early")()
    review.review(owner)
    # The tip of the week is remembered once, and the plan ahead is made anew for every change.
    from kithbook.services import reviewahead

    reviewahead._plans.clear()
    assert_constant_queries(lambda: review.review(owner), ten_more(owner))


def test_shares_that_the_owner_chose_are_the_targets(owner: Owner) -> None:
    preferences.change(owner, shares={str(n): "100" if n == 4 else "0" for n in range(1, 8)})
    targets = {band.stage: band.target for band in review.review(owner).bands}
    assert targets == {4: 120} | dict.fromkeys((1, 2, 3, 5, 6, 7), 0)

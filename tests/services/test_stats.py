"""The year in numbers, from a network whose numbers can be counted by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.services import bank, clock, facts, ladder, stats, weeks
from kithbook.services.recording import record_interaction
from kithbook.store.models import Ask, Introduction, Objective, Outcome, OutcomeParty, Owner, Plan, Referral
from tests.services.factories import person, talk
from tests.services.helpers import circle, key, later, place
from tests.services.test_growth import assert_constant_queries, ten_more

TODAY = dt.date(2026, 11, 21)


def test_depth_stands_above_counts(owner: Owner) -> None:
    """R94: how deep the network is: stages, moves, two-way ties, what is known of people."""
    for number in range(6):
        place(owner, person(owner, f"Person {'abcdef'[number] * 4}"), number + 1)
    anna = person(owner, "Anna Berg")
    ladder.place(owner, key(anna), 4)
    ladder.place(owner, key(anna), 3)
    talk(owner, anna, 400, 30)
    facts.note(owner, key(anna), "a flat", about="need")
    view = stats.overview(owner)
    assert (view.depth.close, view.depth.middle, view.depth.two_way, view.depth.known_wants) == (3, 3, 1, 1)
    assert (view.depth.moved_up, view.depth.moved_down) == (6, 1)
    assert view.depth.years == pytest.approx(400 / 365.25, abs=0.1)
    assert list(type(view).__dataclass_fields__)[1] == "depth"
    assert view.people == 7


def test_reach_outs_and_what_became_of_ties(owner: Owner) -> None:
    """R48, R43: reach-outs, ties kept alive, revived, lost and new over a year; who begins."""
    people = {name: person(owner, name) for name in ("Kept Alive", "Re Vived", "Lost Tie", "New One", "Old Cold")}
    talk(owner, people["Kept Alive"], *range(20, 800, 25))
    talk(owner, people["Re Vived"], 1800, 1700, 30, 20, 10, 5)
    talk(owner, people["Lost Tie"], *range(380, 800, 20))
    talk(owner, people["New One"], 60, 40, 20, 5)
    talk(owner, people["Old Cold"], 1500, 1400)
    talk(owner, people["New One"], 3, 2, 1, direction=1, channel="email")
    view = stats.overview(owner)
    assert (view.kept_alive, view.new, view.active) == (1, 1, 3)
    assert [one.name for one in view.revived] == ["Re Vived"]
    assert [one.name for one in view.lost] == ["Lost Tie"]
    assert view.reach_outs == 3
    assert view.active_share == 0.6


def test_minutes_and_results_by_stage_and_person(owner: Owner) -> None:
    """R31, R69: minutes a touch and a person, what came of it, results by stage."""
    anna, ben = place(owner, person(owner, "Anna Berg"), 4), place(owner, person(owner, "Ben Stern"), 2)
    record_interaction(owner, [anna], "meeting", minutes=90, on=TODAY - dt.timedelta(days=30))
    record_interaction(owner, [anna], "call", minutes=30, on=TODAY - dt.timedelta(days=20))
    record_interaction(owner, [ben], "call", minutes=40, on=TODAY - dt.timedelta(days=400))
    record_interaction(owner, [ben], "email", on=TODAY - dt.timedelta(days=3))
    outcome = Outcome.objects.create(owner=owner, on=TODAY, text="a contract")
    OutcomeParty.objects.create(owner=owner, outcome=outcome, person=anna)
    Referral.objects.create(owner=owner, giver=anna, on=TODAY, text="to Dana")
    Introduction.objects.create(owner=owner, introducer=anna, first=ben, state="made", created_at=clock.now())
    Introduction.objects.create(owner=owner, introducer=anna, first=ben, state="idea", created_at=clock.now())
    view = stats.overview(owner)
    trust = view.stages[3]
    assert (trust.people, trust.minutes, trust.outcomes, trust.introductions, trust.referrals) == (1, 120, 1, 1, 1)
    assert trust.results_per_10_hours == 15.0
    assert view.stages[1].minutes == 7
    assert [(one.person.name, one.minutes, one.touches, one.results) for one in view.effort] == [
        ("Anna Berg", 120, 2, 3), ("Ben Stern", 7, 1, 0),
    ]  # fmt: skip
    assert (view.minutes, view.minutes_per_touch, view.top_share) == (127, 42.3, 1.0)
    assert [month.minutes for month in view.months][-2:] == [90, 37]


def test_the_time_before_the_first_plan_stands_beside_the_time_since(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R69: before and after: minutes, the part at Like and Trust, results."""
    anna, ben = place(owner, person(owner, "Anna Berg"), 1), place(owner, person(owner, "Ben Stern"), 4)
    talk(owner, anna, 10, 20)
    weeks.week(owner)
    assert stats.overview(owner).before_after is None
    later(monkeypatch, 35, since="2026-11-21T09:00:00+00:00")
    talk(owner, ben, 5, 10)
    OutcomeParty.objects.create(
        owner=owner, person=ben, outcome=Outcome.objects.create(owner=owner, on=dt.date(2026, 12, 20), text="a job")
    )
    owner.refresh_from_db()
    found = stats.overview(owner).before_after
    assert found is not None
    assert found.since == dt.date(2026, 11, 16)
    before = found.before
    assert (before.days, before.minutes, before.middle_share, before.results) == (41, 30, 0.0, 0)
    assert (found.after.minutes, found.after.middle_share, found.after.results) == (30, 1.0, 1)
    assert found.after.minutes_per_result == 30


def test_circles_with_one_way_in_are_named(owner: Owner) -> None:
    """R32: redundancy: how many warm people in a place, an organisation, with a skill."""
    for number in range(3):
        who = person(owner, f"Person {'abc'[number] * 4}", place="Graz")
        if number == 0:
            talk(owner, who, 60, 30, 10)
    (circle_,) = stats.overview(owner).circles
    assert (circle_.kind, circle_.name, circle_.known, circle_.warm) == ("place", "Graz", 3, 1)


def test_the_share_before_need_and_replies_are_there(owner: Owner) -> None:
    """R1, R16: invested before need over the year, and how often the owner is answered."""
    anna = person(owner, "Anna Berg")
    talk(owner, anna, 100, 60, 10, channel="email", direction=1)
    talk(owner, anna, 98, channel="email", direction=-1)
    Ask.objects.create(owner=owner, person=anna, asked_on=TODAY - dt.timedelta(days=12))
    view = stats.overview(owner)
    assert (view.before_need.contacts, view.before_need.round_asks) == (3, 1)
    assert (view.replies.asked, view.replies.answered, view.replies.median_days) == (2, 1, 2.0)


def test_a_change_makes_the_numbers_anew(owner: Owner) -> None:
    anna = person(owner, "Anna Berg")
    assert stats.overview(owner).reach_outs == 0
    talk(owner, anna, 3, direction=1, channel="email")
    assert stats.overview(owner).reach_outs == 1


def test_an_empty_network_has_numbers_too(owner: Owner) -> None:
    view = stats.overview(owner)
    assert (view.people, view.active_share, view.minutes_per_touch, view.top_share) == (0, None, None, None)
    assert len(view.stages) == 7


def test_a_stranger_sees_none_of_it(owner: Owner, stranger: Owner) -> None:
    anna = person(owner, "Anna Berg", place="Graz")
    talk(owner, anna, 5)
    bank.gave(owner, key(anna), "item")
    Objective.objects.create(owner=owner, name="A job", created_at=clock.now())
    view = stats.overview(stranger)
    assert (view.people, view.minutes, view.effort, view.circles) == (0, 0, [], [])


def test_the_numbers_cost_the_same_for_ten_more_people(owner: Owner) -> None:
    ten_more(owner, "Early")()
    circle(owner, 2)
    Plan.objects.of(owner).delete()

    def read() -> None:
        stats._kept.clear()
        stats.overview(owner)

    assert_constant_queries(read, ten_more(owner))

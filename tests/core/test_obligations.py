"""Duties from dated facts: thanks, reports, promises, introductions, dates, 24-7-30 (method §§3, 6, 7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from kithbook.core.followups import Exchange, plan_steps
from kithbook.core.obligations import (
    Help,
    Introduced,
    Loop,
    Promised,
    SpecialDay,
    duties_of_day,
    duties_of_followups,
    duties_of_help,
    duties_of_introduction,
    duties_of_promise,
    duty_of_loop,
    next_date,
    sort_duties,
)
from kithbook.core.records import PartialDate

TODAY = date(2026, 11, 21)
REFERRAL = Help(1, 4, date(2026, 11, 10), "the referral to Dana", is_referral=True, ref="r9")


def parts(help_: Help, today: date = TODAY) -> dict[str, date]:
    return {duty.ref.partition(":")[2]: duty.due_on for duty in duties_of_help(help_, today)}


def test_a_referral_opens_thanks_in_two_days_and_a_report() -> None:
    assert parts(REFERRAL) == {"thanks": date(2026, 11, 12), "report": date(2026, 12, 10)}
    thanks = duties_of_help(REFERRAL, TODAY)[0]
    assert (thanks.kind, thanks.channel, thanks.minutes) == ("thanks", "call", 15)
    assert thanks.why == ("What you got on 10 Nov, the referral to Dana, has no thanks yet.",)


def test_an_email_alone_leaves_a_referral_partly_thanked() -> None:
    mailed = replace(REFERRAL, thanked=((date(2026, 11, 11), "email"),))
    assert parts(mailed)["better-thanks"] == date(2026, 11, 24)
    assert duties_of_help(mailed, TODAY)[0].channel == "note"


@pytest.mark.parametrize("channel", ["message", "call", "note", "gift", "meeting"])
def test_more_than_an_email_thanks_a_referral(channel: str) -> None:
    assert set(parts(replace(REFERRAL, thanked=((date(2026, 11, 11), channel),)))) == {"report"}


def test_an_email_thanks_small_help_and_nothing_has_to_be_reported() -> None:
    small = Help(1, 3, date(2026, 11, 10), "an answer about visas", thanked=((date(2026, 11, 11), "email"),))
    assert duties_of_help(small, TODAY) == []


def test_a_comment_thanks_nobody() -> None:
    assert "thanks" in parts(replace(REFERRAL, thanked=((date(2026, 11, 11), "comment"),)))


def test_a_result_wants_thanks_again() -> None:
    thanked = ((date(2026, 11, 11), "call"),)
    ended = replace(REFERRAL, thanked=thanked, result_on=date(2026, 11, 18))
    assert parts(ended) == {"result": date(2026, 11, 20)}
    twice = replace(ended, thanked=(*thanked, (date(2026, 11, 19), "note")))
    assert parts(twice) == {}


def test_progress_is_told_again_after_a_quarter() -> None:
    told = replace(REFERRAL, thanked=((TODAY, "call"),), reported_on=(date(2026, 12, 9),))
    assert parts(told) == {"report": date(2027, 3, 9)}


def test_giving_back_is_due_within_the_year_and_shown_two_months_before() -> None:
    old = Help(1, 4, date(2026, 1, 10), "the flat in Porto", thanked=((date(2026, 1, 11), "gift"),), ref="h1")
    assert parts(old, date(2026, 11, 10)) == {}
    assert parts(old, date(2026, 11, 11)) == {"return": date(2027, 1, 10)}
    assert parts(replace(old, returned_on=date(2026, 5, 1)), date(2026, 12, 1)) == {}


def test_a_promise_is_due_on_its_day_or_a_week_after_it_was_made() -> None:
    promised = Promised(2, 3, date(2026, 11, 18), "the list of schools", date(2026, 11, 25), ref="p1")
    (duty,) = duties_of_promise(promised)
    assert (duty.kind, duty.due_on, duty.ref) == ("promise", date(2026, 11, 25), "p1")
    assert duty.why == ("On 18 Nov you promised the list of schools.",)
    assert duties_of_promise(replace(promised, due_on=None))[0].due_on == date(2026, 11, 25)
    assert duties_of_promise(replace(promised, closed_on=TODAY)) == []


def test_an_introduction_is_acknowledged_reported_and_its_outcome_told() -> None:
    made = Introduced(3, 4, date(2026, 11, 16), "Dana", ref="i1")
    seen = replace(made, acknowledged_on=date(2026, 11, 16))
    met = replace(seen, met_on=date(2026, 11, 20))
    told = replace(met, reported_on=date(2026, 11, 21))
    ended = replace(told, outcome_on=date(2026, 11, 28))
    closed = replace(ended, outcome_reported_on=date(2026, 11, 29))
    found = [[(d.ref, d.due_on) for d in duties_of_introduction(x)] for x in (made, seen, met, told, ended, closed)]
    assert found == [
        [("i1:acknowledge", date(2026, 11, 17))],
        [("i1:report", date(2026, 11, 23))],
        [("i1:report", date(2026, 11, 22))],
        [],
        [("i1:outcome", date(2026, 11, 30))],
        [],
    ]


def test_a_loop_is_a_duty_as_it_stands() -> None:
    loop = Loop(4, 5, TODAY, "Say how the talk went.", 15, "call", "The talk in Bern.", "l1")
    duty = duty_of_loop(loop)
    assert (duty.kind, duty.minutes, duty.channel, duty.idea) == ("loop", 15, "call", "The talk in Bern.")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (PartialDate(1980, 11, 21), date(2026, 11, 21)),
        (PartialDate(1980, 11, 20), date(2027, 11, 20)),
        (PartialDate(None, 2, 29), date(2027, 2, 28)),
        (PartialDate(1980, None, 3), None),
        (PartialDate(1980, 3, None), None),
    ],
)
def test_dates_come_round(when: PartialDate, expected: date | None) -> None:
    assert next_date(when, TODAY) == expected


def test_a_birthday_is_due_on_its_day_and_not_twice() -> None:
    special = SpecialDay(5, 7, "birthday", PartialDate(1980, 11, 24), ref="b1")
    (duty,) = duties_of_day(special, TODAY)
    assert duty.due_on == duty.earliest_on == date(2026, 11, 24)
    assert duty.why == ("Their birthday (1980) is on 24 Nov.",)
    assert duties_of_day(replace(special, greeted_on=date(2026, 11, 20)), TODAY) == []
    assert duties_of_day(replace(special, when=PartialDate(1980)), TODAY) == []


def test_of_the_three_steps_only_the_next_is_a_duty() -> None:
    zone = ZoneInfo("Europe/Berlin")
    met_at = datetime(2026, 11, 16, 18, 0, tzinfo=zone)
    now = datetime(2026, 11, 17, 9, 0, tzinfo=zone)
    (duty,) = duties_of_followups(6, 1, plan_steps(met_at, (), now, zone), met_at, place="the fair", ref="m1")
    assert (duty.kind, duty.due_on, duty.earliest_on) == ("followup", date(2026, 11, 17), date(2026, 11, 17))
    assert (duty.ref, duty.minutes) == ("m1:1", 5)
    said = plan_steps(met_at, [Exchange(now, "out")], now, zone)
    assert duties_of_followups(6, 1, said, met_at, ref="m1")[0].ref == "m1:2"
    assert duties_of_followups(6, 1, (), met_at) == []


def test_duties_are_sorted_by_day() -> None:
    late = Loop(1, 1, date(2026, 12, 1), "b")
    early = Loop(2, 1, date(2026, 11, 1), "a")
    assert [d.person_id for d in sort_duties([duty_of_loop(late), duty_of_loop(early)])] == [2, 1]


def test_each_duty_for_help_says_what_to_do_by_the_ranks_of_thanks() -> None:
    """R102, R103: the plan names the fitting thanks, and no gift to those who take none."""
    mailed = replace(REFERRAL, thanked=((TODAY, "email"),))
    assert duties_of_help(REFERRAL, TODAY)[0].idea == (
        "Thank them by call, then send a handwritten note, a small gift, or suggest a lunch."
    )
    assert "gift, or" not in duties_of_help(REFERRAL, TODAY, no_gifts=True)[0].idea
    assert duties_of_help(mailed, TODAY)[0].idea.startswith("An e-mail alone is half a thank-you: send a handwritten")
    long_ago = replace(REFERRAL, on=date(2025, 11, 30), result_on=date(2026, 1, 5))
    assert all(duty.idea for help_ in (REFERRAL, mailed, long_ago) for duty in duties_of_help(help_, TODAY))
    assert len(duties_of_help(long_ago, TODAY)) == 3

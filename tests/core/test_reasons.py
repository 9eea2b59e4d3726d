"""Reasons to write: each occasion at its boundaries, their order, drafts and openers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from kithbook.core.clips import Fit, TopicOf
from kithbook.core.openers import BLANKS, Draft, draft, mail_link, reopen
from kithbook.core.reasons import (
    STRENGTH,
    ClipFit,
    Facts,
    Gathering,
    Journey,
    Match,
    NewJob,
    Noted,
    Owed,
    Reason,
    choose_idea,
    find_reasons,
)
from kithbook.core.records import PartialDate

TODAY = date(2026, 11, 21)
ADA = Facts("Ada", 3, last_on=date(2026, 10, 1), last_seen_on=date(2026, 9, 1))
FIT = Fit(TopicOf(1, "interest", "sailing", date(2026, 5, 3)), 0.9)
FULL = replace(
    ADA,
    topics=(
        Noted("need", "a tax adviser", date(2026, 11, 1)), Noted("goal", "a first marathon", date(2026, 2, 1)),
        Noted("interest", "sailing", date(2026, 5, 3)), Noted("offer", "pension law", date(2026, 1, 1)),
    ),
    clips=(ClipFit(7, "Sailing in winter", "https://example.org/s", FIT),),
    dates=(("birthday", PartialDate(None, 11, 24)),),
    promises=(Owed("the paper", True, date(2026, 11, 1), date(2026, 11, 20)),),
    events=(Gathering("Founders' evening", date(2026, 12, 1), "Vienna"),),
    journeys=(Journey("Porto", date(2026, 12, 3), date(2026, 12, 6)),),
    new_jobs=(NewJob("Meridian", "CTO", "1 November", date(2026, 11, 1)),),
    met_on=date(2023, 11, 25),
    met_where="the fair in Lisbon",
    last_seen_on=None,
    matches=(Match("Ben Ito", "he looks for somebody who knows pension law."),),
)  # fmt: skip


def kinds(facts: Facts) -> list[str]:
    return [reason.kind for reason in find_reasons(facts, TODAY)]


def text(facts: Facts, kind: str) -> str:
    return next(reason.text for reason in find_reasons(facts, TODAY) if reason.kind == kind)


def test_every_occasion_is_found_and_says_its_date_and_name() -> None:
    """R44: interests, dates, news, promises, events, places, anniversaries, introductions, goals, questions."""
    assert set(kinds(FULL)) == set(STRENGTH) - {"absence"}
    said = {reason.kind: reason.text for reason in find_reasons(FULL, TODAY)}
    assert said["interest"] == "Ada is interested in sailing, noted 3 May."
    assert said["promise"] == "You promised on 1 November: the paper, due 20 November."
    assert said["date"] == "Ada’s birthday is on 24 November."
    assert said["job"] == "Ada has a new job: CTO at Meridian, since 1 November."
    assert said["place"] == "You are in Porto from 3 December to 6 December; Ada is there."
    assert said["event"] == "You are both at Founders' evening in Vienna on 1 December."
    assert said["anniversary"] == "3 years since you met, 25 November 2023, the fair in Lisbon."
    assert said["checkin"] == "You last exchanged on 1 October; no reason is needed to say hello."


def test_what_is_promised_comes_first_and_the_hello_last() -> None:
    found = find_reasons(FULL, TODAY)
    assert found[0].kind == "promise"
    assert found[-1].kind == "checkin"
    assert [reason.strength for reason in found] == sorted((reason.strength for reason in found), reverse=True)


def test_without_any_fact_a_hello_with_nothing_asked_is_left() -> None:
    """R90: checking in from time to time needs no agenda."""
    (only,) = find_reasons(Facts("Ada", 1), TODAY)
    assert (only.kind, only.channel, only.idea) == ("checkin", "message", "Write a short hello, with nothing asked.")


@pytest.mark.parametrize(("days", "expected"), [(-1, False), (0, True), (14, True), (15, False)])
def test_dates_are_reasons_two_weeks_ahead(days: int, expected: bool) -> None:
    day = TODAY + timedelta(days=days)
    facts = replace(ADA, dates=(("birthday", PartialDate(1980, day.month, day.day)),))
    assert ("date" in kinds(facts)) is expected


@pytest.mark.parametrize(
    ("met_on", "expected"),
    [
        (date(2023, 11, 17), False), (date(2023, 11, 18), True), (date(2023, 12, 5), True), (date(2023, 12, 6), False),
        (date(2026, 11, 20), False), (date(2025, 11, 21), True), (date(2024, 2, 29), False),
    ],
)  # fmt: skip
def test_the_anniversary_of_meeting(met_on: date, expected: bool) -> None:
    """R44: from three days past to two weeks ahead, from the first year on."""
    assert ("anniversary" in kinds(replace(ADA, met_on=met_on))) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(ADA, last_seen_on=TODAY - timedelta(days=182)), False),
        (replace(ADA, last_seen_on=TODAY - timedelta(days=183)), True),
        (replace(ADA, last_seen_on=TODAY - timedelta(days=183), stage=1), False),
        (replace(ADA, last_seen_on=None, met_on=TODAY - timedelta(days=400)), True),
        (replace(ADA, last_seen_on=TODAY - timedelta(days=400), last_on=TODAY - timedelta(days=183)), False),
        (
            replace(
                ADA, last_seen_on=TODAY - timedelta(days=300),
                events=(Gathering("the fair", TODAY + timedelta(days=60), ""),),
            ),
            False,
        ),
    ],
    ids=["six months", "a day more", "met once only", "never since", "silent as well", "an event is near"],
)  # fmt: skip
def test_coffee_or_lunch_for_those_not_seen_for_six_months(facts: Facts, expected: bool) -> None:
    """R45: by the absence of co-presence."""
    assert ("absence" in kinds(facts)) is expected
    if expected:
        reason = next(one for one in find_reasons(facts, TODAY) if one.kind == "absence")
        assert (reason.channel, reason.idea) == ("meeting", "Suggest a coffee or a lunch.")


@pytest.mark.parametrize(
    ("trip", "expected"),
    [
        (Journey("Porto", TODAY + timedelta(days=60), None), True),
        (Journey("Porto", TODAY + timedelta(days=61), None), False),
        (Journey("Porto", TODAY - timedelta(days=3), TODAY), True),
        (Journey("Porto", TODAY - timedelta(days=3), TODAY - timedelta(days=1)), False),
        (Journey("Porto", TODAY - timedelta(days=3), None), False),
        (Journey("Porto", TODAY - timedelta(days=3), None, is_moving=True), True),
    ],
)
def test_a_place_i_travel_to(trip: Journey, expected: bool) -> None:
    assert ("place" in kinds(replace(ADA, journeys=(trip,)))) is expected


def test_an_old_need_is_asked_about_in_the_past() -> None:
    fresh = replace(ADA, topics=(Noted("need", "a flat", TODAY - timedelta(days=365)),))
    old = replace(ADA, topics=(Noted("need", "a flat", TODAY - timedelta(days=366)),))
    assert text(fresh, "need").startswith("Ada is looking for a flat")
    assert text(old, "need").startswith("Ada was looking for a flat")


def test_the_goal_of_a_year_that_is_over_is_no_reason() -> None:
    goals = (Noted("goal", "a book", TODAY, 2025), Noted("goal", "a house", TODAY, 2026))
    assert [r.text for r in find_reasons(replace(ADA, topics=goals), TODAY) if r.kind == "goal"] == [
        "Ada’s goal: a house, noted 21 November."
    ]


@pytest.mark.parametrize(
    ("channel", "expected"),
    [("item", "Send “Sailing in winter”"), ("call", "Mention “Sailing in winter”"), ("email", "Send “Sailing")],
)
def test_the_idea_suits_the_channel(channel: str, expected: str) -> None:
    facts = replace(ADA, clips=FULL.clips)
    assert choose_idea(find_reasons(facts, TODAY), channel)[1].startswith(expected)


def test_a_draft_is_a_prompt_with_blanks_for_one_person() -> None:
    """R44, R68: what is known stands in brackets beside what only the owner can say; no two are the same."""
    found = find_reasons(FULL, TODAY)
    bodies = [draft(reason, FULL, "Robin").body for reason in found]
    for reason, body in zip(found, bodies, strict=True):
        assert body.startswith("Ada,\n")
        assert BLANKS[reason.kind] in body
        assert body.endswith("Robin")
    assert len(set(bodies)) == len(bodies)
    assert set(BLANKS) == set(STRENGTH)


def test_the_draft_of_a_clip_carries_its_title_and_address() -> None:
    clip = next(reason for reason in find_reasons(FULL, TODAY) if reason.kind == "clip")
    written = draft(clip, FULL)
    assert written.subject == "Sailing in winter"
    assert "https://example.org/s" in written.body


def test_the_mail_program_opens_with_the_draft() -> None:
    link = mail_link("ada+x@example.org", Draft("Coffee & cake?", "Ada,\n[a line]\n"))
    parts = urlsplit(link)
    assert parts.path == "ada%2Bx@example.org"
    assert parse_qs(parts.query) == {"subject": ["Coffee & cake?"], "body": ["Ada,\r\n[a line]\r\n"]}
    assert mail_link("", Draft("", "x")) == ""
    assert len(mail_link("ada@example.org", Draft("", "é" * 5000))) <= 1800


def test_the_opener_after_years_says_when_and_asks_for_nothing() -> None:
    """R62: a way to begin again with a strong tie."""
    facts = replace(
        ADA, last_on=date(2020, 11, 20), last_title="Lisbon launch", topics=(Noted("goal", "a book", date(2020, 3, 1)),)
    )
    assert reopen(facts, TODAY) == (
        "Say plainly that it has been 6 years: you last exchanged on 20 November 2020, about “Lisbon launch”. "
        "Ask what has become of a book (noted 1 March 2020). Ask for nothing."
    )
    assert "Recall where you met: the fair." in reopen(replace(ADA, met_where="the fair"), TODAY)


def test_reasons_are_plain_records() -> None:
    assert isinstance(find_reasons(ADA, TODAY)[0], Reason)

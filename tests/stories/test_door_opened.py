"""The second story: a connector opened a door; and the same without a word of thanks."""

from __future__ import annotations

import pytest

from tests.stories.story import Story, day

SABINE, DANA = "Sabine Koestler", "Dana Ortiz"


def sabine_is_known(story: Story) -> None:
    """Met in January, in touch since, at Like by the owner's own judgement."""
    story.begins("2025-01-13")
    story.on("2025-01-14 14:00")
    story.meets(SABINE, at="Board lunch", goals="a second shop in Graz")
    story.on("2025-01-15 15:00")
    story.does_step(SABINE, "email", "thanks for the seat beside you")
    story.on("2025-01-17")
    story.writes_down("Sabine emailed me about her shop")
    story.on("2025-02-13")
    story.writes_down("coffee with Sabine 60m")
    story.places(SABINE, "Like", "we laugh a lot")


def test_thanked_reported_and_given_back_the_door_stays_open(story: Story) -> None:
    """R7, R9, R97, R98, R99, R102, R104, R106, R112: thanks, report, result and giving back on time."""
    sabine_is_known(story)
    aim = story.actor.aim("a product role", "job_search", 40, "head of product")
    the_door_is_opened_and_she_hears_of_it(story)
    the_job_is_landed(story, aim)
    she_is_helped_in_turn(story)


def the_door_is_opened_and_she_hears_of_it(story: Story) -> None:
    """Thanks on the next day by a call, progress after two weeks."""
    story.on("2025-03-04")
    story.gets_referral(SABINE, "job", "told Dana Ortiz to call me")
    story.thanks_are(SABINE, "due", due="2025-03-06", step="Thank them by call")
    story.has_open(SABINE, "thanks")
    assert [(one.kind, one.size) for one in story.actor.account(SABINE).entries] == [("referral", 4)]
    story.ask_is(SABINE, 2, "close_loop", "Not thanked yet")
    story.on("2025-03-05")
    story.thanks(SABINE, "call", "we speak on Friday")
    story.thanks_are(SABINE, "thanked", step="Tell them how it goes")
    story.on("2025-03-07")
    story.meets(DANA, at="a call", through=SABINE)
    story.door_was_opened(SABINE, DANA, "person")
    story.door_was_opened(SABINE, "", "referral")
    story.on("2025-03-20")
    story.reports(SABINE, "second interview with Dana on Monday")


def the_job_is_landed(story: Story, aim: str) -> None:
    """The result is told and thanked for again; the helper is not left in silence."""
    story.on("2025-05-20")
    story.referral_leads_to(SABINE, "head of product from July", "90000")
    story.thanks_are(SABINE, "partly", step="Tell them what came of it, and thank again.", due="2025-05-22")
    story.on("2025-05-23")
    story.thanks_are(SABINE, "overdue", step="Tell them what came of it")
    story.ask_is(SABINE, 2, "close_loop", "They have not heard what came of")
    story.thanks(SABINE, "meeting", "lunch on me")
    story.thanks_are(SABINE, "thanked")
    story.are_neglected()
    story.door_was_opened(SABINE, "", "referral", "head of product from July")

    story.actor.link(aim, SABINE, True)
    story.actor.reach(aim, "head of product at Ortiz")
    story.has_outcome("head of product at Ortiz", SABINE, objective="a product role")
    view = story.actor.objective(aim)
    assert view.objective.state == "reached"
    assert [step.on for step in view.keep_up][:3] == [day("2025-05-25"), day("2025-06-22"), day("2025-08-21")]
    story.has_open(SABINE, "loop")


def she_is_helped_in_turn(story: Story) -> None:
    """Her goal of the year; then a second referral is possible, and comes."""
    story.on("2025-09-10")
    assert "Their goal: a second shop in Graz. Ask what would help." in story.help_of(SABINE).help_back
    story.gives(SABINE, "goal_help", 3, "an afternoon on her lease in Graz")
    assert story.help_of(SABINE).returned_on == day("2025-09-10")
    story.ask_is(SABINE, 3, "ready", "an afternoon on her lease in Graz", kind="referral")
    story.are_neglected()
    story.on("2025-10-06")
    story.gets_referral(SABINE, "client", "sent a client with a shop in Linz")
    story.thanks_are(SABINE, "due", what="Linz", due="2025-10-08")
    story.on("2025-10-07")
    story.thanks(SABINE, "note", "a card from Linz", what="Linz")
    story.thanks_are(SABINE, "thanked", what="Linz")


def test_where_nobody_thanked_the_door_closes(story: Story) -> None:
    """R98, R100, R101, R103: late thanks neglect her, weigh more each month, and an e-mail is half a thank-you."""
    sabine_is_known(story)
    story.on("2025-03-04")
    before = story.balance(SABINE)
    story.gets_referral(SABINE, "job", "told Dana Ortiz to call me")
    story.thanks_are(SABINE, "due", due="2025-03-06")
    story.are_neglected()
    story.on("2025-03-07")
    story.thanks_are(SABINE, "overdue", due="2025-03-06")
    story.are_neglected(SABINE)
    story.is_in_week(SABINE, "obligation", "has no thanks yet")
    story.ask_is(SABINE, 1, "close_loop", "Not thanked yet", kind="referral")
    assert story.balance(SABINE) == pytest.approx(before, abs=0.05)

    story.on("2025-03-19")
    assert story.balance(SABINE) == pytest.approx(before - 1, abs=0.1)
    story.is_proposed(SABINE, "Know", "Help of 4 March 2025 has not been thanked.")
    story.on("2025-06-10")
    assert story.balance(SABINE) == pytest.approx(before - 3, abs=0.3)
    story.ask_is(SABINE, 1, "close_loop")

    story.thanks(SABINE, "email", "late, but thank you")
    story.thanks_are(SABINE, "partly", step="An e-mail alone is half a thank-you")
    assert story.balance(SABINE) >= before
    story.are_neglected()
    story.on("2025-06-12")
    story.thanks(SABINE, "note", "a card")
    story.thanks_are(SABINE, "thanked")

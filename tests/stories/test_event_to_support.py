"""The first story: met at an event, followed up lightly, and asked at the right time."""

from __future__ import annotations

from tests.stories.story import Story, day

NADIA = "Nadia Fehr"


def test_from_an_event_to_support(story: Story) -> None:
    """R58, R72, R75, R79, R80, R81, R83, R86, R111: met in March, asked when it was time, gladly granted."""
    story.begins("2025-03-03")
    she_is_met_and_followed_up(story)
    she_comes_to_know_and_like(story)
    the_ask_is_planned(story)
    trust_is_earned_both_ways(story)
    the_ask_is_made(story)


def she_is_met_and_followed_up(story: Story) -> None:
    """24 hours, 7 days, 30 days."""
    story.on("2025-03-06 20:00")
    story.meets(
        NADIA, at="Founders' evening", interests="beekeeping", needs="a part-time bookkeeper",
        promised="send the paper on pollen",
    )  # fmt: skip
    story.stands_at(NADIA, "Recognise")
    story.step_is(NADIA, 1, "upcoming", due="2025-03-07", window=("2025-03-07", "2025-03-08"))
    story.step_is(NADIA, 2, "upcoming", due="2025-03-13", window=("2025-03-11", "2025-03-15"))
    story.step_is(NADIA, 3, "upcoming", due="2025-04-04", window=("2025-03-31", "2025-04-12"))

    story.on("2025-03-07 17:00")
    story.step_is(NADIA, 1, "open")
    assert "beekeeping" in story.step(NADIA, 1).idea
    story.ask_is(NADIA, 1, "reintroduce", "Founders' evening on 6 March 2025")
    story.has_open(NADIA, "followup")
    story.does_step(NADIA, "email", "thanks for the honey story")
    story.step_is(NADIA, 1, "done")
    story.on("2025-03-10 10:00")
    story.writes_down("Nadia emailed me about the bookkeeper")

    story.on("2025-03-11 12:00")
    early = story.ask_is(NADIA, 3, "deposit")
    assert early.ready_on == day("2025-09-02"), early
    assert early.plan, early

    story.on("2025-03-13 11:00")
    story.step_is(NADIA, 2, "open", due="2025-03-13")
    story.writes_down("sent Nadia the article about city beekeeping")
    story.step_is(NADIA, 2, "done")
    story.keeps_promise(NADIA, "paper on pollen")

    story.on("2025-04-04 16:00")
    story.step_is(NADIA, 3, "open", due="2025-04-04")
    story.writes_down("coffee with Nadia 45m")
    story.has_no_steps(NADIA)


def she_comes_to_know_and_like(story: Story) -> None:
    """Evidence first, then the owner's word; one step at a time."""
    story.is_not_proposed(NADIA, "A note of what they do")
    story.knows_work(NADIA, "Alpine Data", "founder")
    story.is_proposed(NADIA, "Know", "4 exchanges went both ways, last on 4 April 2025.", "What they do was noted")
    story.confirms(NADIA, "Know")
    story.on("2025-05-12")
    story.writes_down("Nadia emailed me about her bees")
    story.on("2025-05-13")
    story.writes_down("emailed Nadia")
    story.is_not_proposed(NADIA, "Three exchanges that one of you began; so far there has been one")
    story.on("2025-06-16")
    story.writes_down("Nadia texted me about the swarm in her garden", "called Nadia for 20 min")
    story.on("2025-07-28")
    story.writes_down("emailed Nadia")
    story.on("2025-07-30")
    story.writes_down("Nadia emailed me about her first honey")
    story.is_proposed(NADIA, "Like", "they began", "Something personal was exchanged on 6 March 2025.")
    story.confirms(NADIA, "Like")
    story.is_not_proposed(NADIA, "favour by them")


def the_ask_is_planned(story: Story) -> None:
    """A reference in November wants deposits before it, on days of their own."""
    planned = story.plans_ask(NADIA, 5, "2025-11-10", "reference", "a reference for the board")
    assert planned.steps, planned
    assert all(story.today <= step.on <= day("2025-11-10") for step in planned.steps), planned
    assert planned.ready_on is not None and planned.ready_on <= day("2025-11-10"), planned
    assert [(step.on, step.size) for step in planned.steps] == [(day("2025-10-27"), 2)]
    before = story.ask_is(NADIA, 3, "deposit")
    assert before.ready_on == day("2025-09-02")
    story.on("2025-09-01")
    story.ask_is(NADIA, 3, "deposit")
    story.on("2025-09-02")
    story.ask_is(NADIA, 3, "ready", "You gave")
    story.ask_is(NADIA, 5, "deposit")
    story.on("2025-10-27")
    story.does_touch(NADIA, "obligation", "bookkeeper")
    assert story.planned_ask(NADIA).steps == []


def trust_is_earned_both_ways(story: Story) -> None:
    """She helps with something small and is thanked; then the deposits of the plan."""
    story.on("2025-10-29")
    story.writes_down("call with Nadia for 30 min", "Nadia gave me advice on pricing")
    story.thanks_are(NADIA, "due", due="2025-10-31")
    story.ask_is(NADIA, 3, "close_loop", "Not thanked yet")
    story.on("2025-10-30")
    story.thanks(NADIA, "message", "your advice raised two prices")
    story.thanks_are(NADIA, "thanked")
    story.is_proposed(NADIA, "Trust", "27 October 2025", "29 October 2025")
    story.confirms(NADIA, "Trust")


def the_ask_is_made(story: Story) -> None:
    """At the right time, gladly granted; thanked beyond an e-mail; Support."""
    story.on("2025-11-10")
    story.ask_is(NADIA, 5, "ready", kind="reference")
    story.asks_as_planned(NADIA)
    story.ask_is(NADIA, 1, "wait", "10 November 2025")
    story.on("2025-11-12 14:00")
    story.is_answered(NADIA, "gladly")
    story.thanks_are(NADIA, "due", what="reference", due="2025-11-14")
    story.has_open(NADIA, "thanks")
    story.is_proposed(NADIA, "Support", "12 November 2025")
    story.thanks(NADIA, "note", "a card", what="reference")
    story.confirms(NADIA, "Support")
    story.on("2028-01-10")
    story.ask_is(NADIA, 2, "ready")
    story.stands_at(NADIA, "Support")

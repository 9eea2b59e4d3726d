"""The fifth story: an introduction from the idea to the last thanks, one declined, and a connector asked too often."""

from __future__ import annotations

from tests.stories.story import Story

FRANK, SARAH, GRACE, MARTA = "Frank Okafor", "Sarah Feldmann", "Grace Kim", "Marta Nowak"


def two_could_help_each_other(story: Story) -> None:
    """Frank looks for what Sarah offers; both are known well enough."""
    story.begins("2025-04-01")
    story.on("2025-04-02 14:00")
    story.meets(FRANK, at="Payments day", needs="a product role in payments")
    story.meets(SARAH, at="Payments day")
    story.meets(GRACE, at="Payments day")
    story.notes(SARAH, "offer", "hires product managers for payments")
    story.knows_work(SARAH, "Paynova", "Head of product")
    story.on("2025-04-03 15:00")
    story.writes_down("emailed Frank", "emailed Sarah", "emailed Grace")
    story.on("2025-04-04")
    story.writes_down("Frank emailed me", "Sarah emailed me", "Grace emailed me")
    for name in (FRANK, SARAH, GRACE):
        story.places(name, "Like", "a long evening")


def test_an_introduction_from_the_idea_to_the_last_thanks(story: Story) -> None:
    """R6, R7, R13, R19, R34: suggested, both asked first, made, followed until thanked, with its timers."""
    two_could_help_each_other(story)
    story.on("2025-05-05")
    story.is_suggested(FRANK, SARAH, "payments")
    key = story.takes_suggestion(FRANK, SARAH)
    story.intro_is(key, "idea", who="you", next_step="Ask Frank Okafor first.", due="2025-05-12")
    story.draft_says(key, FRANK, "a product role in payments")
    both_are_asked(story, key)
    they_meet_and_it_leads_somewhere(story, key)


def both_are_asked(story: Story, key: str) -> None:
    """Double opt-in: no answer, asked again, yes; then the other side."""
    story.moves(key, "asked_first")
    story.intro_is(key, "asked_first", who=FRANK, next_step="Frank Okafor answers.", due="2025-05-10")
    story.on("2025-05-12")
    story.intro_is(key, "asked_first", who="you", next_step="Ask Frank Okafor once more.", due="2025-05-10", late=True)
    story.moves(key, "nudged")
    story.intro_is(key, "asked_first", who=FRANK, next_step="Frank Okafor answers.", due="2025-06-02")
    story.on("2025-05-14")
    story.moves(key, "asked_second", "Frank said yes at once")
    story.intro_is(key, "asked_second", who=SARAH, next_step="Sarah Feldmann answers.", due="2025-05-19")
    story.draft_says(key, SARAH, "Frank")
    story.on("2025-05-15")
    story.moves(key, "both_yes")
    story.intro_is(key, "both_yes", who="you", next_step="Introduce Frank Okafor and Sarah Feldmann.", due="2025-05-17")


def they_meet_and_it_leads_somewhere(story: Story, key: str) -> None:
    """Two days, two weeks, six weeks after it was made; then the duties at the end."""
    story.on("2025-05-16")
    story.moves(key, "made")
    story.intro_is(key, "made", who="they", next_step="They answer each other.", due="2025-05-18")
    story.on("2025-05-18")
    story.intro_is(
        key, "made", who="you", next_step="Ask Frank Okafor whether they found each other.", due="2025-05-18"
    )
    story.moves(key, "acknowledged")
    story.on("2025-05-31")
    story.intro_is(
        key, "acknowledged", who="you", next_step="Ask Frank Okafor whether they met.", due="2025-05-30", late=True
    )
    story.moves(key, "met")
    story.intro_is(key, "met", who="they", next_step="Something comes of it.", due="2025-06-30")
    story.on("2025-06-30")
    story.intro_is(key, "met", who="you", next_step="Ask Frank Okafor what came of it.", due="2025-06-30")
    story.ends_with(key, "Frank starts at Paynova in August")
    story.intro_is(key, "outcome", who="you", next_step="Thank Sarah Feldmann.", due="2025-07-07")
    story.moves(key, "reported")
    story.on("2025-07-02")
    story.moves(key, "thanked")
    story.moves(key, "closed")
    given = story.actor.account(FRANK).entries
    assert [(one.kind, one.direction) for one in given if one.kind == "introduction"] == [("introduction", "gave")]
    assert story.actor.introductions().mine == 0


def test_an_introduction_is_declined_gracefully(story: Story) -> None:
    """R5, R6: she asked for it; the no is passed on kindly, and nothing stays open."""
    two_could_help_each_other(story)
    story.on("2025-05-05")
    story.actor.request(GRACE, "to meet somebody who hires", "introduction", SARAH)
    request = story.actor.inbox().open[0]
    assert (request.person.name, request.target.name) == (GRACE, SARAH)
    key = story.actor.close_request(request.id, "passed_on", SARAH)
    story.intro_is(key, "idea", who="you", next_step="Ask Sarah Feldmann.", due="2025-05-12")
    story.moves(key, "asked_second")
    story.on("2025-05-08")
    story.moves(key, "declined", "no time this year")
    story.intro_is(key, "declined", who="you", next_step="Tell Grace Kim kindly that it will not be.", due="2025-05-10")
    story.draft_says(key, GRACE, "Sarah")
    story.moves(key, "told")
    story.intro_is(key, "declined", who="", next_step="Done.")
    story.moves(key, "closed")
    assert story.actor.inbox().open == []
    assert not [one for one in story.actor.account(GRACE).entries if one.kind == "introduction"]


def test_a_connector_is_asked_too_often(story: Story) -> None:
    """R8: what she did within a quarter is counted, and a pause is advised before more."""
    two_could_help_each_other(story)
    story.meets(MARTA, at="Payments day")
    for when, whom in (("2025-05-05", "Ida Holm"), ("2025-05-19", "Jan Novak"), ("2025-06-02", "Karl Brandt")):
        story.on(when)
        key = story.actor.introduced(MARTA, whom, "a talk")
        story.intro_is(key, "made", who="you", next_step="Answer, and thank Marta Nowak.")
        story.moves(key, "acknowledged")
    story.on("2025-06-10")
    (connector,) = story.actor.connectors()
    assert (connector.person.name, connector.introductions, connector.people_met) == (MARTA, 3, 3)
    assert connector.load.is_over
    assert "leave a pause" in connector.load.text
    story.notes(MARTA, "offer", "hires product managers for payments")
    suggested = story.is_suggested(FRANK, MARTA)
    assert any("leave a pause" in text for text in suggested.before), suggested
    assert not any("pause" in text for text in story.is_suggested(FRANK, SARAH).before)
    story.on("2025-09-20")
    assert not story.actor.connectors()[0].load.is_over

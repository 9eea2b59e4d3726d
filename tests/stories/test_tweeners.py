"""The third story: three people slip away; one is kept, one lightened, one let go and found again."""

from __future__ import annotations

from tests.stories.story import Story, day

TAMARA, URS, VERA = "Tamara Beck", "Urs Moser", "Vera Lang"


def test_a_tweener_is_rescued(story: Story) -> None:
    """R24, R26, R27, R29, R40: one is kept and warm again, one lightened, one let go and back."""
    story.begins("2025-01-07")
    three_are_met_and_forgotten(story)
    the_review_finds_them(story)
    the_one_kept_answers(story)
    the_others_rest(story)


def three_are_met_and_forgotten(story: Story) -> None:
    """A good beginning in winter, then nothing."""
    story.on("2025-01-08 18:00")
    for name, interest in ((TAMARA, "night trains"), (URS, "cheese"), (VERA, "chess")):
        story.meets(name, at="Winter fair", interests=interest)
    story.on("2025-01-09 16:00")
    for name in (TAMARA, URS, VERA):
        story.does_step(name, "email", "thanks for the talk")
    story.on("2025-01-13")
    story.writes_down("Tamara emailed me about night trains", "Urs emailed me about his dairy", "Vera texted me")
    story.on("2025-01-15")
    story.writes_down("sent Tamara the article about night trains", "sent Urs the article about alpine cheese")
    story.on("2025-02-07")
    story.writes_down("coffee with Tamara 45m", "called Urs for 15 min")
    story.changes(TAMARA, liking=5)
    story.review_offers()


def the_review_finds_them(story: Story) -> None:
    """In autumn all three are in between, each with a reason to write."""
    story.on("2025-10-06")
    story.is_warm(TAMARA, "cooling", "cold", "dormant")
    view = story.review_offers(TAMARA, URS, VERA)
    assert view.tweeners == 3
    assert view.candidates[0].person.name == TAMARA, "the one liked most comes first"
    first = view.candidates[0]
    assert first.why.startswith("Nothing since 7 February;"), first.why
    assert "night trains" in first.reason.text + first.reason.idea, first.reason
    assert {one.person.name: one.was_dropped for one in view.candidates}[VERA]


def the_one_kept_answers(story: Story) -> None:
    """Keeping puts a word into the plan; the answer makes the tie warm."""
    story.decides(TAMARA, "keep")
    story.is_in_week(TAMARA, "investment", "You decided to keep this tie.")
    story.decides(URS, "lighten")
    story.is_not_in_week(URS)
    story.decides(VERA, "let_go")
    story.is_not_in_week(VERA)
    view = story.review_offers()
    assert (view.kept, view.lightened, view.let_go) == (1, 1, 1)
    cold = story.is_warm(TAMARA, "cooling", "cold", "dormant")
    story.on("2025-10-07 11:00")
    story.does_touch(TAMARA, "investment", "night trains")
    story.on("2025-10-09")
    story.writes_down("Tamara emailed me about the train to Rome")
    assert story.is_warm(TAMARA, "alive") > cold
    story.on("2025-10-13")
    assert TAMARA in [one.person.name for one in story.actor.review(day("2025-10-06")).revived]
    story.review_offers()


def the_others_rest(story: Story) -> None:
    """Less of one, nothing of the other; search finds her, contact revives her."""
    story.on("2025-12-01")
    story.is_not_in_week(VERA)
    story.standing_is(VERA, "archived")
    story.standing_is(URS, "kept")
    assert [one.person.name for one in story.actor.between().gone] == [VERA]
    story.on("2026-02-10")
    story.finds("Vera", VERA)
    story.writes_down("Vera emailed me about a chess club")
    story.standing_is(VERA, "kept")
    assert story.actor.between().gone == []

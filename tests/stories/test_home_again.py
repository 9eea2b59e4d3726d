"""The fourth story: six years abroad, people kept lightly, and home again with a job, a gym and a violin teacher."""

from __future__ import annotations

from tests.stories.story import Story, day

REGULA, ANTON, BEAT, CARLA, MILO = "Regula Frei", "Anton Gut", "Beat Wyss", "Carla Diaz", "Milo Roth"


def test_home_after_six_years_abroad(story: Story) -> None:
    """R2, R49, R62, R93, R96, R97: a few words a year keep much, and old ties open doors nobody looked for."""
    story.begins("2019-01-07")
    a_circle_in_bern(story)
    she_moves_away_and_keeps_a_few(story)
    home_again = she_comes_back(story)
    doors_open(story, home_again)


def a_circle_in_bern(story: Story) -> None:
    """Five people, from Support to Recognise."""
    story.actor.home("Bern")
    story.on("2019-01-10 18:00")
    for name in (REGULA, ANTON, BEAT, CARLA, MILO):
        story.meets(name, at="Choir")
        story.changes(name, place="Bern")
    for when in ("2019-02-04", "2019-03-04", "2019-04-01", "2019-05-06"):
        story.on(when)
        story.writes_down("coffee with Regula 60m", "called Anton for 30 min", "lunch with Beat")
    story.writes_down("called Carla for 15 min")
    story.places(REGULA, "Support", "she found me my first job")
    story.places(ANTON, "Support", "he stood up for me")
    story.places(BEAT, "Like", "evenings at the river")
    story.places(CARLA, "Know", "from the choir")


def she_moves_away_and_keeps_a_few(story: Story) -> None:
    """Leaving for Lisbon: a goodbye, then a word now and then to one of them; nothing nags about the others."""
    story.on("2019-06-03")
    away = story.actor.trip("Lisbon", day("2019-07-01"), "moving")
    view = story.actor.journey(away)
    assert view.leaving == "Bern"
    assert {one.person.name for one in view.keep[:2]} == {REGULA, ANTON}, "closest first"
    assert view.keep[2].person.name == BEAT
    assert "Say goodbye in person" in view.keep[0].touch
    story.actor.keep_lightly(away)
    story.actor.home("Lisbon")
    for year in range(2019, 2025):
        story.on(f"{year}-12-12")
        story.writes_down("wrote a handwritten note to Regula")
        story.on(f"{year}-12-20")
        story.writes_down("Regula emailed me")
    story.on("2025-01-20")
    story.is_in_week(ANTON, "reconnect", "two such ties are offered a month")
    story.has_nothing_open(ANTON)
    story.has_nothing_open(BEAT)


def she_comes_back(story: Story) -> str:
    """Who is in Bern, the warm first, then those worth reviving; the old strong tie is offered with an opener."""
    story.on("2025-02-03")
    home_again = story.actor.trip("Bern", day("2025-04-01"), "moving")
    view = story.actor.journey(home_again)
    there = [[one.person.name for one in group] for group in (view.warm, view.worth_reviving, view.others)]
    assert there == [[REGULA], [ANTON, BEAT], [CARLA, MILO]], there
    assert "How you met: Choir." in view.worth_reviving[0].touch
    dormant = story.actor.between().dormant
    assert dormant[0].person.name == ANTON
    assert dormant[0].years == 5.7
    assert dormant[0].opener
    story.is_warm(ANTON, "cold", "dormant")
    story.stands_at(ANTON, "Support")
    years = {one.on.year for one in story.actor.person(REGULA).interactions}
    assert years == set(range(2019, 2025))
    story.ask_is(ANTON, 2, "ready", "the tie carries through silence")
    story.ask_is(BEAT, 1, "reintroduce", "Choir")
    return home_again


def doors_open(story: Story, home_again: str) -> None:
    """She writes, they answer; what came of it is in the log, also what was no business at all."""
    aim = story.actor.aim("work in Bern", "job_search", 50, "choir schools, music management")
    warned = story.actor.objective(aim).readiness
    assert warned.warning, "a search without warm cover is a bad start"
    assert story.actor.says(warned.warning)
    story.writes_down("emailed Anton", "emailed Beat", "emailed Carla")
    story.on("2025-02-06")
    story.writes_down("Anton emailed me about old times", "Beat emailed me", "Carla emailed me")
    story.is_warm(ANTON, "alive")
    story.is_warm(BEAT, "alive", "cooling")
    assert ANTON not in [one.person.name for one in story.actor.between().dormant]
    warm = [one.person.name for one in story.actor.journey(home_again).warm]
    assert warm[:2] == [REGULA, ANTON] or warm[:2] == [ANTON, REGULA], warm

    story.on("2025-04-07")
    story.actor.outcome("a gym round the corner", [CARLA], "", True)
    story.has_outcome("a gym round the corner", CARLA, unexpected=True)
    story.on("2025-04-22")
    story.actor.outcome("a violin teacher", [BEAT, CARLA], "", True)
    story.has_outcome("a violin teacher", BEAT, CARLA, unexpected=True)
    story.on("2025-05-12")
    story.actor.link(aim, ANTON, True)
    story.actor.reach(aim, "manager of the music school")
    story.has_outcome("manager of the music school", ANTON, objective="work in Bern")
    log = story.actor.outcomes()
    assert (log.total, log.unexpected) == (3, 2)
    assert {one.person.name: one.outcomes for one in log.contributors} == {CARLA: 2, BEAT: 1, ANTON: 1}
    helpers_are_not_left_in_silence(story, aim)


def helpers_are_not_left_in_silence(story: Story, aim: str) -> None:
    """Light touches over the year for whoever helped, and they come into the weeks."""
    view = story.actor.objective(aim)
    assert {step.person.name for step in view.keep_up} == {ANTON}
    assert [step.on for step in view.keep_up] == [
        day("2025-05-14"), day("2025-06-11"), day("2025-08-10"), day("2025-11-08"), day("2026-05-12"),
    ]  # fmt: skip
    story.on("2025-05-14")
    story.does_touch(ANTON, "obligation", "They helped you reach “work in Bern”.")
    following = [step.on for step in story.actor.objective(aim).keep_up if step.is_next]
    assert following == [day("2025-06-11")]
    story.on("2026-05-11")
    story.is_in_week(ANTON, "obligation", "a year ago their help made a difference")

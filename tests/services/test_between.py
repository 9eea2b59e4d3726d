"""The review of people in between: who comes up, what a decision does, and what is shown of the sleeping ties."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kithbook.core.errors import Invalid, NotFound
from kithbook.core.ids import to_text
from kithbook.services import batches, between, capturing, clock, editing, people, weeks
from kithbook.services.betweenviews import BetweenView
from kithbook.store.models import Owner, Person, ReviewDecision, Role, Touch
from tests.services.factories import person, talk
from tests.services.helpers import MONDAY, key, later, place, set_clock


@pytest.fixture(autouse=True)
def _monday(_fixed_clock: None, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, MONDAY)


def tweener(owner: Owner, name: str, *, quiet: int = 120, stage: int = 2, liking: int | None = None) -> Person:
    who = place(owner, person(owner, name, liking=liking), stage)
    talk(owner, who, *(quiet + 30 * n for n in range(6)))
    return who


def names(view: BetweenView) -> list[str]:
    return [one.person.name for one in view.candidates]


def test_a_few_a_week_come_up_with_a_reason_to_write(owner: Owner) -> None:
    """R24, R40: tweeners have a list, a counter and a weekly review."""
    for number in range(8):
        tweener(owner, f"Tia Nummer{number}")
    view = between.review(owner)
    assert (view.tweeners, view.waiting, len(view.candidates)) == (8, 8, between.A_WEEK)
    one = view.candidates[0]
    assert one.reason.text
    assert one.reason.idea
    assert one.why == "Nothing since 26 July; about 30 days between two were usual."
    assert len(between.review(owner, limit=20).candidates) == 8


def test_close_and_important_people_do_not_come_up(owner: Owner) -> None:
    """R22: most people keep up with these anyway."""
    tweener(owner, "Ada Mitte")
    editing.edit(owner, key(tweener(owner, "Kay Schluessel")), is_key=True)
    tweener(owner, "Sue Port", stage=5)
    client = tweener(owner, "Clio Kundin")
    Role.objects.create(owner=owner, person=client, role="Client")
    Role.objects.create(owner=owner, person=tweener(owner, "Mentor Nah"), role="mentor")
    assert sorted(names(between.review(owner))) == ["Ada Mitte", "Mentor Nah"]


def test_those_one_likes_come_before_those_who_are_useful(owner: Owner) -> None:
    """R29: liking and respect count by themselves; somebody of no business value is kept up with."""
    useful = tweener(owner, "Bea Nutzen", liking=3)
    liked = tweener(owner, "Liv Gern", liking=5)
    editing.edit(owner, key(useful), importance=3)
    editing.edit(owner, key(liked), importance=2)
    tweener(owner, "Max Unlieb", liking=2)
    assert names(between.review(owner)) == ["Liv Gern", "Bea Nutzen"]


def test_those_dropped_after_a_few_exchanges_are_marked(owner: Owner) -> None:
    """R26: no immediate value, and the tie was dropped."""
    who = place(owner, person(owner, "Dora Fallen"), 1)
    talk(owner, who, 200, 205, 210)
    view = between.review(owner)
    assert view.dropped == 1
    assert view.candidates[0].was_dropped
    assert view.candidates[0].why == "After 3 exchanges nothing followed; the last was on 7 May."


def test_the_forecast_has_a_day_and_a_consequence_for_both(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """R47: without initiative it withers; the day comes true if nothing happens."""
    who = place(owner, person(owner, "Vera Welk"), 3)
    talk(owner, who, 5, 19, 33, 47, 61, 75)
    view = between.forecast(owner, "Vera Welk")
    assert view.state in ("alive", "cooling")
    assert view.cold_on is not None
    assert view.dormant_on is not None
    assert clock.today(owner) < view.cold_on < view.dormant_on
    assert "both of you lose it" in view.text
    later(monkeypatch, (view.cold_on - clock.today(owner)).days + 1)
    assert people.show(owner, key(who)).state == "cold"
    assert str(view.cold_on.day) in view.text or str(view.cold_on.year) in view.text


def test_keep_puts_a_word_into_the_plan_and_asks_again_after_90_days(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R24: a decision is remembered, and a tie that stays gets a touch with a reason."""
    who = tweener(owner, "Kira Bleibt")
    editing.note_topic(owner, key(who), "interest", "sailing")
    done = between.keep(owner, "Kira Bleibt", why="funny")
    assert "this week" in done.message
    touch = next(one for one in weeks.week(owner).touches if one.person.id == key(who))
    assert "You decided to keep this tie." in touch.why
    assert touch.idea == "Send them something on sailing."
    view = between.review(owner)
    assert (names(view), view.kept, view.decided_this_week, view.waiting) == ([], 1, 1, 0)
    later(monkeypatch, 89)
    assert names(between.review(owner)) == []
    later(monkeypatch, 90)
    assert names(between.review(owner)) == ["Kira Bleibt"]


def test_keep_late_in_the_week_goes_into_the_next_plan(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    who = tweener(owner, "Kira Bleibt")
    later(monkeypatch, 4)
    assert "next week" in between.keep(owner, key(who)).message
    later(monkeypatch, 7)
    assert any("You decided to keep this tie." in one.why for one in weeks.week(owner).touches)


def test_keep_proposes_nothing_where_the_next_word_is_theirs(owner: Owner) -> None:
    who = tweener(owner, "Uli Stumm")
    talk(owner, who, 10, 3, channel="email", direction=1)
    assert "Nothing is proposed before" in between.keep(owner, key(who)).message
    assert not Touch.objects.of(owner).filter(person=who).exists()
    assert ReviewDecision.objects.of(owner).get().decision == "keep"


def test_keep_twice_in_a_week_makes_one_touch(owner: Owner) -> None:
    who = tweener(owner, "Kira Bleibt")
    between.keep(owner, key(who))
    assert "in the plan already" in between.keep(owner, key(who)).message
    assert Touch.objects.of(owner).filter(person=who).count() == 1


def test_lighten_makes_the_rhythm_longer_each_time(owner: Owner) -> None:
    """R41: a personal cadence."""
    who = tweener(owner, "Lena Leicht")
    assert "half a year" in between.lighten(owner, key(who)).message
    who.refresh_from_db()
    assert who.rhythm_days == 180
    assert "a year" in between.lighten(owner, key(who)).message
    between.lighten(owner, key(who), days=45)
    who.refresh_from_db()
    assert who.rhythm_days == 45


def test_let_go_is_without_guilt_found_by_search_and_revived_by_contact(owner: Owner) -> None:
    """R27: not everyone deserves time; nothing is proposed any more, nothing is lost."""
    who = tweener(owner, "Gerd Fort")
    between.let_go(owner, key(who), why="moved on")
    view = between.review(owner)
    assert (names(view), view.let_go, [one.person.name for one in view.gone]) == ([], 1, ["Gerd Fort"])
    assert view.gone[0].on == clock.today(owner)
    assert all(touch.person.id != key(who) for touch in weeks.week(owner).touches)
    assert [row.name for row in people.search(owner, "Gerd").people] == ["Gerd Fort"]
    capturing.log(owner, "call with Gerd Fort today")
    assert people.show(owner, key(who)).standing == "kept"
    assert between.review(owner).gone == []


@pytest.mark.parametrize("act", [between.keep, between.lighten, between.let_go])
def test_a_decision_is_taken_back_with_all_it_changed(owner: Owner, act: object) -> None:
    who = tweener(owner, "Rita Zurueck")
    editing.edit(owner, key(who), liking=4)
    before = names(between.review(owner))
    done = act(owner, key(who))  # type: ignore[operator]
    assert between.undo(owner, done.batch).message.startswith("Taken back")
    who.refresh_from_db()
    assert (who.standing, who.rhythm_days) == ("kept", None)
    assert not ReviewDecision.objects.of(owner).exists()
    assert not Touch.objects.of(owner).filter(person=who).exists()
    assert names(between.review(owner)) == before


def test_only_decisions_of_the_review_are_taken_back_here(owner: Owner) -> None:
    who = tweener(owner, "Rita Zurueck")
    note = capturing.log(owner, "call with Rita Zurueck today")
    with pytest.raises(NotFound):
        between.undo(owner, str(note.batch))
    assert people.show(owner, key(who)).interactions_total == 7


def test_nobody_is_decided_about_twice_while_let_go(owner: Owner) -> None:
    who = tweener(owner, "Gerd Fort")
    between.let_go(owner, key(who))
    with pytest.raises(Invalid):
        between.keep(owner, key(who))


def test_the_whole_list_is_gone_through_by_the_longest_silence(owner: Owner) -> None:
    """R40: a list review of everybody, those quiet for longest first; who was decided about rests."""
    tweener(owner, "Ann Lang", quiet=400)
    tweener(owner, "Bob Kurz", quiet=20)
    tweener(owner, "Eva Nah", quiet=10, stage=6)
    view = between.review(owner, scope="everyone", limit=10)
    assert names(view) == ["Ann Lang", "Bob Kurz", "Eva Nah"]
    between.keep(owner, "Ann Lang")
    assert names(between.review(owner, scope="everyone", limit=10)) == ["Bob Kurz", "Eva Nah"]


def test_a_rhythm_is_set_and_taken_back(owner: Owner) -> None:
    """R41: personal cadence per tie."""
    who = person(owner, "Rita Rhythmus")
    assert "every 60 days" in between.rhythm(owner, key(who), 60).message
    who.refresh_from_db()
    assert who.rhythm_days == 60
    between.rhythm(owner, key(who), 0)
    who.refresh_from_db()
    assert who.rhythm_days is None
    for days in (1, 4000, -5):
        with pytest.raises(Invalid):
            between.rhythm(owner, key(who), days)


def test_the_share_of_exchanges_that_i_began_is_shown(owner: Owner) -> None:
    """R43: am I the one who writes?"""
    who = person(owner, "Ida Initiative")
    for ago in (200, 150, 100):
        talk(owner, who, ago, channel="email", direction=1)
    talk(owner, who, 50, channel="email", direction=-1)
    assert between.review(owner).initiated == 0.75
    assert between.review(Owner.objects.create(user_name="x", created_at=clock.now())).initiated is None


def test_strong_ties_asleep_are_offered_two_at_a_time_with_an_opener(owner: Owner) -> None:
    """R62: strong ties resume after a decade; ranked, with a way to begin, and nothing is overdue."""
    for number, years in enumerate((4, 10, 6)):
        who = place(owner, person(owner, f"Otto Alt{number}", met_where="the choir"), 5)
        talk(owner, who, *(365 * years + 20 * n for n in range(12)))
    passing = person(owner, "Pia Vorbei")
    talk(owner, passing, 365 * 5)
    view = between.review(owner)
    assert [one.person.name for one in view.dormant] == ["Otto Alt1", "Otto Alt2"]
    assert view.more_dormant == 1
    assert view.dormant[0].opener.startswith("Say plainly that it has been 10 years")
    assert "the choir" in view.dormant[0].opener
    assert [one.rank for one in between.dormant(owner, limit=9)] == sorted(
        (one.rank for one in between.dormant(owner, limit=9)), reverse=True
    )
    assert names(view) == []


def test_light_touches_keep_in_sight_and_weigh_little(owner: Owner) -> None:
    """R53: a like or a comment is written down and warms far less than a call."""
    rows = [tweener(owner, f"Soz Ial{number}", quiet=100) for number in range(4)]
    before = people.show(owner, key(rows[0])).warmth
    warm = {}
    for who, channel in zip(rows[1:], ("like", "comment", "call"), strict=True):
        talk(owner, who, 1, channel=channel)
        warm[channel] = people.show(owner, key(who)).warmth
        assert people.show(owner, key(who)).interactions[0].channel == channel
    assert before == pytest.approx(warm["like"], abs=0.001)
    assert before < warm["comment"] < warm["call"]
    assert "Soz Ial1" in names(between.review(owner))


@pytest.mark.parametrize(("scope", "limit"), [("nobody", None), ("tweeners", -1), ("tweeners", 51)])
def test_nonsense_is_refused(owner: Owner, scope: str, limit: int | None) -> None:
    with pytest.raises(Invalid):
        between.review(owner, scope=scope, limit=limit)


def test_a_stranger_sees_and_decides_nothing(owner: Owner, stranger: Owner) -> None:
    who = tweener(owner, "Ada Mitte")
    done = between.keep(owner, key(who))
    view = between.review(stranger)
    assert (view.tweeners, view.kept, view.candidates, view.gone, view.dormant) == (0, 0, [], [], [])
    for act in (between.keep, between.lighten, between.let_go, between.rhythm, between.forecast):
        with pytest.raises(NotFound):
            act(stranger, key(who))
    with pytest.raises(NotFound):
        between.undo(stranger, done.batch)
    assert ReviewDecision.objects.of(owner).count() == 1


def test_the_review_costs_the_same_for_ten_more_people(owner: Owner) -> None:
    def queries() -> int:
        between.review(owner, limit=50)
        with CaptureQueriesContext(connection) as seen:
            between.review(owner, limit=50)
        return len(seen)

    tweener(owner, "Ada Erste")
    between.let_go(owner, key(tweener(owner, "Weg Erste")))
    few = queries()
    for number in range(10):
        tweener(owner, f"Mehr Leute{number}")
        between.let_go(owner, key(tweener(owner, f"Weg Leute{number}")))
    assert queries() <= few


def test_the_batch_list_takes_a_decision_back_as_well(owner: Owner) -> None:
    who = tweener(owner, "Gerd Fort")
    done = between.let_go(owner, key(who))
    batches.undo(owner, done.batch)
    assert people.show(owner, to_text(who.pk)).standing == "kept"


def test_the_village_has_people_in_between(village: Owner) -> None:
    view = between.review(village)
    assert len(view.candidates) == between.A_WEEK
    assert all(one.reason.draft and one.forecast.text for one in view.candidates)
    assert all(isinstance(one.last_contact_on, dt.date) for one in view.candidates)

"""`kith review`, its acts, and the operations behind it on the command line."""

from __future__ import annotations

from kithbook.services import review
from kithbook.store.models import Owner
from tests.faces.commanding import Run, assert_plain, assert_refused
from tests.services.factories import person, talk


def test_the_review_in_words_and_as_json(kith: Run, village: Owner) -> None:
    """R1, R43, R87: the same review as the page's."""
    said = kith("review")
    assert_plain(said)
    view = review.review(village)
    assert said.out.startswith("Week of Monday 16 November 2026")
    assert f"Exchanges begun: {view.initiation.mine} by you" in said.out
    for touch in view.ahead.touches:
        assert touch.person.name in said.out
    data = kith("review", "--json").data
    assert (data["week_of"], data["minutes_spent"]) == ("2026-11-16", view.minutes_spent)
    assert [band["stage"] for band in data["bands"]] == [1, 2, 3, 4, 5, 6, 7]


def test_one_thing_is_chosen_done_and_the_week_closed(kith: Run, village: Owner) -> None:
    """R18, R87: acted upon from the command line."""
    said = kith("review", "--action", "send the list of venues", "--for", "Luca Morandi")
    assert said.code == 0
    assert "Luca Morandi in the week of 23 November: send the list of venues" in said.out
    kith("op", "review", "choose-action", "--text", "write a recommendation")
    assert "Done." in kith("review", "--action-done").out
    assert "is closed" in kith("review", "--done").out
    assert "closed on 21 Nov 2026" in kith("review").out
    assert "write a recommendation (done 21 Nov 2026)" in kith("review").out


def test_an_earlier_week(kith: Run, village: Owner) -> None:
    assert kith("review", "--week", "2026-10-14").out.startswith("Week of Monday 12 October 2026")
    assert_refused(kith("review", "--week", "yesterday"), "yesterday", "not a date")
    assert_refused(kith("review", "--week", "2026-12-24"), "still to come")
    assert_refused(kith("review", "--for", "Luca Morandi"), "--action")


def test_the_mail_can_be_read_before_it_is_switched_on(kith: Run, village: Owner) -> None:
    """R70: a preview that sends nothing."""
    said = kith("review", "--mail")
    assert said.out.startswith("To: robin.vale@example.org · the mail is off")
    assert "Subject: Your week with people" in said.out
    assert_refused(kith("op", "mailer", "send-now"), "KITHBOOK_SMTP_HOST")


def test_an_empty_network(kith: Run, owner: Owner) -> None:
    assert "Nothing to look back at yet" in kith("review").out


def test_facts_and_social_minutes_on_the_command_line(kith: Run, owner: Owner) -> None:
    """R54, R110: noted, found, learnt next; minutes written down."""
    talk(owner, person(owner, "Anna Berg"), 3)
    assert kith("op", "facts", "note", "--person", "Anna", "--text", "sings in a choir").code == 0
    assert "sings in a choir" in kith("op", "facts", "search", "--text", "CHOIR").out
    assert "What are you working on" in kith("op", "facts", "learn-next", "--person", "Anna").out
    assert "10 of 30 minutes" in kith("op", "social", "log", "--minutes", "10").out
    assert kith("op", "briefs", "for-person", "--person", "Anna", "--json").data["person"]["name"] == "Anna Berg"
    assert kith("op", "stats", "overview", "--json").data["people"] == 1

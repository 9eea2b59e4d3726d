"""`kith intro`: from a suggestion to the outcome, in words and as JSON."""

from __future__ import annotations

import pytest

from kithbook.services import editing, introductions
from kithbook.store.models import Owner
from tests.faces.commanding import Run, assert_plain, assert_refused


@pytest.fixture
def two(owner: Owner) -> Owner:
    """Two people who could meet."""
    for name in ("Frank Okafor", "Sarah Feldmann"):
        editing.add(owner, name)
    return owner


def test_an_introduction_is_added_moved_shown_and_listed(kith: Run, two: Owner) -> None:
    """R6, R7: the whole way on the command line, with what came of it and its value."""
    made = kith("intro", "add", "Frank", "Sarah", "--purpose", "a product role", "--asked-by", "Frank", "--json")
    assert made.code == 0, made.err
    key = made.data["card"]["id"]
    assert (made.data["id"], made.data["state"]) == (key, "idea")
    assert made.data["card"]["next"] == "Ask Sarah Feldmann."
    assert kith("intro", "move", key, "asked_second").code == 0
    assert kith("intro", "move", key[:10], "both", "yes").code == 0
    assert kith("intro", "move", key, "made").code == 0
    moved = kith("intro", "move", key, "outcome", "--outcome", "Frank starts in May", "--value", "60000", "--json")
    assert (moved.data["outcome"], moved.data["value"]) == ("Frank starts in May", 60000.0)
    listed = kith("intro", "list")
    assert "Outcome known" in listed.out
    assert "Frank Okafor and Sarah Feldmann" in listed.out
    shown = kith("intro", "show", key)
    for word in ("a product role", "Outcome: Frank starts in May (worth 60,000.00)", f"kith intro move {key} thanked"):
        assert word in shown.out
    assert_plain(shown)
    assert kith("intro", "undo", key, "--json").data["card"]["state"] == "made"


def test_a_move_that_is_not_possible_names_those_that_are(kith: Run, two: Owner) -> None:
    key = introductions.add(two, "Frank", "Sarah").card.id
    assert_refused(kith("intro", "move", key, "made"), "both say yes first", "asked_first")
    assert_refused(kith("intro", "move", "nothing", "made"), "no introduction")
    assert_refused(kith("intro", "move", key, "asked_first", "--on", "soon"), "not a date")
    assert introductions.show(two, key).card.state == "idea"


def test_being_introduced_is_noted(kith: Run, two: Owner) -> None:
    answer = kith("intro", "introduced", "Sarah", "Adaeze Obi", "--purpose", "a talk", "--on", "2026-11-20")
    assert answer.code == 0, answer.err
    assert "Adaeze Obi, through Sarah Feldmann" in answer.out
    assert "Answer, and thank Sarah Feldmann. (by 21 Nov 2026)" in answer.out
    assert "A draft: " in answer.out


def test_suggestions_say_why_and_how_to_go_on(kith: Run, village: Owner) -> None:
    """R19, R34: who could help whom, in words, and only of one person where that is asked."""
    first = introductions.suggest(village, limit=1)[0]
    answer = kith("intro", "suggest", "--limit", "3")
    assert answer.code == 0, answer.err
    assert f"kith intro add {first.needs.id} {first.offers.id}" in answer.out
    found = kith("intro", "suggest", "--for", first.needs.name, "--json").data
    assert found
    assert all(first.needs.id in (one["needs"]["id"], one["offers"]["id"]) for one in found)
    assert_refused(kith("intro", "suggest", "--for", "Nobody Atall"), "nobody called")


def test_an_empty_list_says_how_to_begin(kith: Run, owner: Owner) -> None:
    assert "kith intro add A B" in kith("intro", "list").out

"""Whom to bring together: suggestions, what comes first, load, connectors, goals, drafts, and the board."""

from __future__ import annotations

import pytest

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import to_text
from kithbook.services import bank, editing, introductions
from kithbook.store.models import Ask, Introduction, Owner, Person, Topic
from tests.services.factories import person, talk
from tests.services.helpers import MONDAY, key, later, place, set_clock
from tests.services.introductionhelp import day, walk


@pytest.fixture(autouse=True)
def _monday(_fixed_clock: None, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, MONDAY)


@pytest.fixture
def frank(owner: Owner) -> Person:
    row = place(owner, person(owner, "Frank Okafor"), 4)
    talk(owner, row, 100, 60, 20)
    return row


@pytest.fixture
def sarah(owner: Owner) -> Person:
    row = place(owner, person(owner, "Sarah Feldmann"), 3)
    talk(owner, row, 90, 50, 10)
    return row


@pytest.fixture
def pair(owner: Owner, frank: Person, sarah: Person) -> str:
    return introductions.add(owner, "Frank", "Sarah", purpose="a product role in health").card.id


def test_vouching_is_checked_before_ones_name_is_put_to_it(owner: Owner, frank: Person, sarah: Person) -> None:
    """R105: an endorsement goes as far as the owner trusts that person, and history says how far that is."""
    with pytest.raises(Refused, match="below Trust"):
        introductions.add(owner, "Sarah", "Frank", endorsement="vouch")
    page = introductions.add(owner, "Frank", "Sarah", endorsement="vouch")
    assert page.endorsement == "vouch"
    assert "I vouch for Frank" in page.drafts[1].body
    with pytest.raises(Refused):
        introductions.vouch(owner, "Sarah", "vouch")
    assert introductions.vouch(owner, "Sarah", "know of").message == "Sarah Feldmann: know of."
    assert any("You know only of Sarah" in text for text in introductions.show(owner, page.card.id).cautions)
    introductions.vouch(owner, "Sarah")
    assert introductions.show(owner, page.card.id).cautions == []


def test_the_page_names_what_comes_first_and_the_load(owner: Owner, frank: Person) -> None:
    """R34: somebody gone silent is revived before they are called on for somebody else."""
    old = place(owner, person(owner, "Gregor Haas"), 2)
    talk(owner, old, 900, 880)
    page = introductions.add(owner, "Frank", "Gregor")
    assert [text for text in page.cautions if "Revive first: Gregor Haas, silent since June 2024." in text]
    assert [load.total for load in page.loads] == [0, 0]
    walk(owner, page.card.id, "asked_first")
    assert introductions.show(owner, page.card.id).cautions == []


def test_the_load_counts_who_was_asked_and_who_was_brought_in(
    owner: Owner, frank: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R8: how often somebody was asked within a quarter is shown, and above three a pause is advised."""
    others = [place(owner, person(owner, f"{name} Kreis"), 3) for name in ("Ada", "Bela", "Cleo")]
    pages = [introductions.add(owner, "Frank", key(row)) for row in others]
    assert introductions.load(owner, "Frank").total == 0
    walk(owner, pages[0].card.id, "asked_first")
    walk(owner, pages[1].card.id, "both_yes")
    found = introductions.load(owner, "Frank")
    assert (found.brought_in, found.asked, found.is_over) == (2, 0, False)
    assert introductions.load(owner, "Ada").total == 0
    assert introductions.load(owner, "Bela").total == 1
    Ask.objects.create(owner=owner, person=frank, kind="introduction", asked_on=day(0))
    found = introductions.load(owner, "Frank")
    assert (found.total, found.is_over) == (3, True)
    assert "leave a pause" in found.text
    later(monkeypatch, 90)
    assert introductions.load(owner, "Frank").total == 3
    later(monkeypatch, 91)
    assert introductions.load(owner, "Frank").total == 0


def test_connectors_are_those_who_opened_two_doors(owner: Owner, frank: Person, sarah: Person) -> None:
    """R8: who connects again and again is found, with how many doors they opened and whom one met through them."""
    introductions.introduced(owner, "Frank", "Ada Neu")
    assert introductions.connectors(owner) == []
    introductions.introduced(owner, "Frank", "Bela Neu")
    bank.got(owner, key(sarah), "referral")
    bank.got(owner, key(sarah), "introduction")
    bank.got(owner, key(frank), "referral")
    found = introductions.connectors(owner)
    assert [(one.person.name, one.introductions, one.referrals, one.people_met) for one in found] == [
        ("Frank Okafor", 2, 1, 2), ("Sarah Feldmann", 0, 2, 0),
    ]  # fmt: skip
    assert found[0].load.total == 2
    assert found[0].last_on == day(0)


def test_a_goal_can_have_several_introductions(owner: Owner, frank: Person, sarah: Person) -> None:
    """R35: the goal of a job-changer with all the people they were brought to for it."""
    editing.note_topic(owner, key(frank), "goal", "a product role in digital health")
    other = place(owner, person(owner, "Ngozi Adeyemi"), 3)
    first = introductions.add(owner, "Frank", "Sarah", goal="product role")
    introductions.add(owner, "Frank", key(other), goal=to_text(Topic.objects.get().pk))
    assert first.goal == "a product role in digital health"
    found = introductions.towards(owner, "Frank")
    assert [(goal.kind, goal.text, len(goal.introductions)) for goal in found] == [
        ("goal", "a product role in digital health", 2)
    ]
    assert {card.second.name for card in found[0].introductions if card.second} == {"Sarah Feldmann", "Ngozi Adeyemi"}
    with pytest.raises(NotFound, match="not one goal"):
        introductions.add(owner, key(other), "Sarah", goal="a boat")


def test_drafts_open_in_the_mail_program_of_the_user(owner: Owner, pair: str, frank: Person) -> None:
    """R68: drafts are texts to begin with, one for each side in its own words; nothing is sent by the program."""
    assert [draft.mailto for draft in introductions.drafts(owner, pair)] == ["", "", ""]
    editing.add_identity(owner, key(frank), "frank@example.org")
    first, second, _ = introductions.drafts(owner, pair)
    assert first.mailto.startswith("mailto:frank@example.org?subject=May%20I%20introduce%20you")
    assert [one.name for one in second.to] == ["Sarah Feldmann"]
    assert second.mailto == ""
    assert "a product role in health" in second.body
    assert "[" in second.body


def test_suggestions_name_both_why_and_what_comes_first(village: Owner) -> None:
    """R19, R34: doors that could be opened, in words, those that can be opened now before those that want a revival."""
    found = introductions.suggest(village, limit=20)
    assert found
    assert [bool(one.before) for one in found] == sorted(bool(one.before) for one in found)
    assert all(one.why and one.needs.id != one.offers.id and 0 <= one.strength <= 1 for one in found)
    begun = {frozenset(pair) for pair in Introduction.objects.of(village).values_list("first__name", "second__name")}
    assert not [one for one in found if frozenset((one.needs.name, one.offers.name)) in begun]
    ready = next(one for one in found if not one.before)
    page = introductions.add(village, ready.needs.id, ready.offers.id, purpose=ready.need)
    assert page.cautions == []
    again = introductions.suggest(village, limit=20)
    assert (ready.needs.id, ready.offers.id) not in {(one.needs.id, one.offers.id) for one in again}


def test_a_no_is_remembered(village: Owner) -> None:
    """R19: a suggestion that got a no does not come back."""
    first = introductions.suggest(village, limit=5)[0]
    introductions.feedback(village, first.needs.id, first.need, first.offers.id, "no")
    left = introductions.suggest(village, limit=50)
    assert (first.need, first.offers.id) not in {(one.need, one.offers.id) for one in left}


def test_suggestions_for_one_person_are_about_that_person(village: Owner) -> None:
    some = introductions.suggest(village, limit=10)[0]
    found = introductions.suggest(village, for_person=some.needs.id)
    assert found
    assert all(some.needs.id in (one.needs.id, one.offers.id) for one in found)
    with pytest.raises(Invalid):
        introductions.suggest(village, limit=0)


def test_the_board_has_everything_in_its_column(village: Owner) -> None:
    board = introductions.board(village)
    found = {column.key: [card.first.name for card in column.cards] for column in board.columns}
    assert found == {
        "idea": ["Frank Okafor"], "asked": ["Marlene Fuchs"], "both_yes": [], "made": ["Elif Demirci"],
        "met": ["Adaeze Obi"], "outcome": [], "to_thank": [], "ended": ["Tarek Mansour", "Andrej Novak"],
    }  # fmt: skip
    assert board.total == 6
    assert board.mine == 3
    assert {loop.person.name for loop in introductions.loops(village)} == {
        "Frank Okafor", "Ngozi Adeyemi", "Elif Demirci", "Priya Raghunath",
    }  # fmt: skip

"""What speaks against an introduction, and the words and drafts for one. Worked out by hand."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from kithbook.core.errors import Refused
from kithbook.core.introductiongates import (
    LEVELS,
    Side,
    check_endorsement,
    find_level,
    gates,
    is_loaded,
    is_warm_enough,
    read_level,
)
from kithbook.core.introductions import MINE, STATES, TO_ME, next_step, possible
from kithbook.core.introductionwords import Names, draft_all, given, mail_address, say_move, say_next, say_why
from tests.core.introductionfacts import MADE, at, facts

NAMES = Names("Frank Okafor", "Sarah Feldmann", asker="Tom Bauer", me="Robin")
ME = Names("Adaeze Obi", introducer="Priya Raghunath", me="Robin")


@pytest.mark.parametrize(
    ("stage", "warmth", "wanted"),
    [(3, 0.25, True), (3, 0.2499, False), (4, 0.0, False), (5, 0.0, True), (7, 0.1, True)],
)
def test_a_tie_is_warm_enough_from_a_quarter_or_from_support(stage: int, warmth: float, wanted: bool) -> None:
    assert is_warm_enough(stage, warmth) is wanted


def test_the_gates_say_what_comes_first() -> None:
    cold = Side("Gregor Haas", 2, 0.04, date(2024, 5, 7), "know_of", load=3)
    texts = [gate.text for gate in gates(cold)]
    assert [gate.kind for gate in gates(cold)] == ["revive", "vouch", "load"]
    assert texts[0] == "Revive first: Gregor Haas, silent since May 2024."
    assert "meet first" in texts[1]
    assert "3 introductions within three months" in texts[2]
    assert gates(Side("Anna Berger", 5, 0.1, date(2024, 5, 7), "met", load=2)) == []
    assert "no exchange is written down yet" in gates(Side("New One", 1, 0.0, None, "met"))[0].text


@pytest.mark.parametrize(
    ("said", "mine", "stage", "has_met", "level"),
    [
        ("", None, 1, False, "know_of"),
        ("", None, 1, True, "met"),
        ("", None, 2, False, "met"),
        ("", None, 4, False, "worked_with"),
        ("", 3, 3, True, "met"),
        ("", 4, 2, False, "vouch"),
        ("know_of", 5, 5, True, "know_of"),
        ("vouch", 4, 2, True, "vouch"),
        ("vouch", 3, 5, True, "worked_with"),
        ("vouch", None, 4, True, "vouch"),
    ],
)
def test_how_far_one_can_speak_for_somebody(said: str, mine: int | None, stage: int, has_met: bool, level: str) -> None:
    assert find_level(said, mine, stage, has_met=has_met) == level


def test_vouching_wants_trust_as_the_owner_sees_them() -> None:
    with pytest.raises(Refused, match="below Trust"):
        check_endorsement("vouch", "Frank", 3, 5)
    with pytest.raises(Refused):
        check_endorsement("vouch", "Frank", None, 3)
    check_endorsement("vouch", "Frank", 4, 1)
    check_endorsement("worked_with", "Frank", 1, 1)


def test_levels_are_read_with_spaces_and_nothing_else() -> None:
    assert [read_level(word.replace("_", " ")) for word in LEVELS] == list(LEVELS)
    assert read_level("  ") == ""
    with pytest.raises(Refused, match="best friend"):
        read_level("best friend")


def test_one_more_than_three_in_a_quarter_is_too_many() -> None:
    assert [is_loaded(n) for n in (0, 2, 3, 4)] == [False, False, True, True]


def test_every_move_and_every_next_step_has_words() -> None:
    for role, names in ((MINE, NAMES), (TO_ME, ME)):
        for state in STATES:
            for asker in ("", "first", "second", "other"):
                now = facts(state, MADE, (state, 0), role=role, asker=asker)
                assert all(say_move(to, now, names) for to in possible(now))
                for day in (0, 2, 5, 14, 21, 45, 120, 200):
                    step = next_step(now, at(day))
                    assert say_next(step, names).endswith(".")
                    if step.who == "me" and step.due_on:
                        assert say_why(step, now, names).endswith(".")


def test_words_name_the_side_that_answered() -> None:
    assert say_move("asked_second", facts("asked_first"), NAMES) == "Frank said yes, I asked Sarah"
    assert say_move("both_yes", facts("asked_second"), NAMES) == "Sarah said yes"
    assert say_move("both_yes", facts("asked_first", free_second=True), NAMES) == "Frank said yes"
    assert say_move("declined", facts("asked_second"), NAMES) == "Sarah said no"


def test_drafts_are_beginnings_with_purpose_and_names_and_gaps_for_own_words() -> None:
    """R68: a draft names the two and the purpose, and leaves gaps where only the owner's own words will do."""
    asks = draft_all(facts("idea"), NAMES, "a product role in health", "", "")
    assert [draft.kind for draft in asks] == ["ask_first", "ask_second", "blurb"]
    assert asks[1].to == ("second",)
    for word in ("Hi Sarah", "Frank Okafor", "a product role in health", "perfectly good answer", "Robin", "["):
        assert word in asks[1].body
    told = draft_all(facts("idea"), NAMES, "a product role", "Frank brought order into three products", "worked_with")
    assert "Frank brought order into three products. I have worked with Frank" in told[1].body
    assert len({draft.body for draft in asks}) == 3


@pytest.mark.parametrize(
    ("state", "asker", "kinds"),
    [
        ("asked_first", "", ["again", "ask_second"]),
        ("asked_first", "second", ["again", "ask_second", "decline"]),
        ("asked_second", "first", ["again", "blurb", "decline"]),
        ("both_yes", "", ["introduction", "blurb"]),
        ("made", "", ["check"]),
        ("met", "", ["check"]),
        ("outcome", "other", ["report", "thanks"]),
        ("reported", "", ["thanks"]),
        ("declined", "first", ["decline"]),
        ("closed", "", []),
    ],
)
def test_drafts_fit_the_state(state: str, asker: str, kinds: list[str]) -> None:
    assert [draft.kind for draft in draft_all(facts(state, asker=asker), NAMES, "x", "", "met")] == kinds


def test_drafts_of_one_who_is_introduced_go_to_the_introducer() -> None:
    assert draft_all(facts("made", MADE, role=TO_ME), ME, "a talk", "", "")[0].to == ("first", "introducer")
    result = draft_all(facts("outcome", MADE, role=TO_ME), ME, "a talk", "", "", "I speak in May")[0]
    assert (result.kind, result.to) == ("outcome", ("introducer",))
    assert "Hi Priya" in result.body
    assert "I speak in May." in result.body


def test_a_mail_link_is_encoded_whole() -> None:
    link = mail_address(["anna@example.org", "b&c@example.org"], "Anna & Bela: 50%?", "Hi,\n\nyes & no? #1")
    parts = urlsplit(link)
    assert parts.scheme == "mailto"
    assert unquote(parts.path) == "anna@example.org,b&c@example.org"
    found = parse_qs(parts.query, strict_parsing=True)
    assert found == {"subject": ["Anna & Bela: 50%?"], "body": ["Hi,\r\n\r\nyes & no? #1"]}
    assert not parts.fragment
    assert mail_address([], "x", "y") == ""


def test_one_calls_people_by_their_first_name() -> None:
    assert [given(name) for name in ("Dr. Ada Kreis", "Prof Dr. Bela", "Cleo", "Dr")] == ["Ada", "Bela", "Cleo", "Dr"]

"""`kith gave` and `kith got` with everything that can be said of an entry; the rest of the bank as plain operations."""

from __future__ import annotations

import pytest

from tests.faces.commanding import Run, assert_refused


@pytest.fixture
def anna(kith: Run) -> str:
    kith("met", "Anna Berger")
    kith("met", "Bo Lind")
    found: str = kith("person", "anna", "--json").data["id"]
    return found


def test_an_entry_takes_all_its_options(kith: Run, anna: str) -> None:
    """R4, R12, R19: minutes, private money, several people, what inspired it, how it felt."""
    source = kith("got", "bo", "advice", "--asked", "--json").data["id"]
    made = kith(
        "gave", "anna", "advice", "--size", "3", "--on", "2026-11-20", "--with", "bo", "--minutes", "45",
        "--money", "12.5", "--currency", "eur", "--meaningful", "yes", "--inspired-by", source,
        "--satisfaction", "a good hour", "--outside-balance", "--json",
    ).data  # fmt: skip
    assert (made["on"], made["size"]) == ("2026-11-20", 3)
    entry = kith("op", "bankbook", "entry", "--entry", made["id"], "--json").data
    assert [who["name"] for who in entry["people"]] == ["Anna Berger", "Bo Lind"]
    assert (entry["minutes"], entry["money"], entry["currency"], entry["meaningful"]) == (45, "12.50", "EUR", True)
    assert (entry["inspired_by"], entry["satisfaction"], entry["outside_balance"]) == (source, "a good hour", True)
    assert_refused(kith("gave", "anna", "advice", "--on", "soon"), "“soon” is not a date.")
    assert_refused(kith("gave", "anna", "advice", "--objective", "none"), "no objective called “none”")


def test_the_list_of_gifts_the_mirror_and_promises_are_operations(kith: Run, anna: str) -> None:
    """R18, R84, R85, R92: give to get, the account and promises on the command line."""
    kith("op", "ladder", "place", "--person", "anna", "--stage", "3")
    listed = kith("op", "bankbook", "give", "--json").data
    assert [one["person"]["name"] for one in listed["people"]] == ["Anna Berger"]
    promise = kith("op", "promises", "add", "--person", "anna", "--text", "call back", "--json").data
    assert kith("op", "promises", "keep", "--promise", promise["id"], "--json").data["state"] == "kept"
    account = kith("op", "bankbook", "account", "--person", "anna", "--json").data
    assert account["promises"]["my_reliability"] == 1.0
    assert kith("op", "bankbook", "give", "--json").data["total"] == 0


def test_stages_and_new_people_are_operations(kith: Run, anna: str) -> None:
    """R23, R55, R58: the board and the ladder on the command line."""
    board = kith("op", "newcomers", "board", "--json").data
    assert {one["person"]["name"] for one in board["people"]} == {"Anna Berger", "Bo Lind"}
    assert kith("op", "newcomers", "stop", "--person", "bo").code == 0
    assert len(kith("op", "newcomers", "board", "--json").data["people"]) == 1
    seen = kith("op", "ladder", "see", "--person", "anna", "--stage", "4", "--why", "kept her word", "--json").data
    assert (seen["stage"], seen["my_stage"]) == (1, 4)
    assert kith("op", "ladder", "overview", "--json").data["people"] == 2

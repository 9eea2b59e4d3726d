"""What people asked of the owner: kept until it was helped, passed on or declined, and taken back without a trace."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kithbook.core.errors import Conflict, Invalid, NotFound, Refused
from kithbook.services import bank, batches, introductions, requests
from kithbook.store.models import Introduction, LedgerEntry, Owner, Person, Request
from tests.services.factories import person
from tests.services.helpers import key, place, snapshot

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def frank(owner: Owner) -> Person:
    return place(owner, person(owner, "Frank Okafor"), 4)


@pytest.fixture
def dana(owner: Owner) -> Person:
    return place(owner, person(owner, "Dana Weiss"), 3)


def test_what_somebody_asks_for_waits_in_the_inbox(owner: Owner, frank: Person, dana: Person) -> None:
    """R5, R33: help asked of the owner and "please introduce me to Dana" wait, oldest first, for an answer."""
    requests.received(owner, "Frank", "a look at his slides", on=TODAY - dt.timedelta(days=2))
    requests.received(owner, "Frank", "", kind="introduction", target="Dana", on=TODAY - dt.timedelta(days=5))
    found = requests.inbox(owner)
    assert [(one.kind, one.text, one.asked_on) for one in found.open] == [
        ("introduction", "An introduction to Dana Weiss", dt.date(2026, 11, 16)),
        ("help", "a look at his slides", dt.date(2026, 11, 19)),
    ]
    assert found.open[0].target is not None
    assert found.open[0].target.name == "Dana Weiss"
    assert [one.text for one in requests.of_person(owner, "Frank")] == [one.text for one in found.open]
    assert requests.of_person(owner, "Dana") == []


@pytest.mark.parametrize(
    ("kind", "entry"), [("help", "favour"), ("question", "advice"), ("introduction", "introduction")]
)
def test_helped_is_a_deposit_with_its_minutes(owner: Owner, frank: Person, kind: str, entry: str) -> None:
    """R5, R33: help that was given is written into the bank with its effort, and the people served are counted."""
    asked = requests.received(owner, "Frank", "his slides", kind=kind)
    done = requests.close(owner, asked.id, "helped", note="Went through them", minutes=45)
    row = LedgerEntry.objects.of(owner).get()
    assert (row.kind, row.direction, row.minutes, row.was_asked, row.note) == (
        entry,
        "gave",
        45,
        True,
        "Went through them",
    )
    assert (done.state, done.closed_on, done.minutes) == ("helped", TODAY, 45)
    found = requests.inbox(owner)
    assert (found.open, [one.id for one in found.closed]) == ([], [asked.id])
    assert (found.people_served, found.minutes) == (1, 45)


def test_people_served_are_counted_once_and_within_a_year(owner: Owner, frank: Person, dana: Person) -> None:
    bank.gave(owner, key(frank), "advice")
    bank.gave(owner, key(frank), "favour")
    bank.gave(owner, key(dana), "advice", on=TODAY - dt.timedelta(days=366))
    bank.gave(owner, key(dana), "thanks")
    assert requests.inbox(owner).people_served == 1


def test_passed_on_becomes_the_idea_of_an_introduction(owner: Owner, frank: Person, dana: Person) -> None:
    """R5: "please introduce me to Dana" becomes an introduction in which Frank need not be asked any more."""
    asked = requests.received(owner, "Frank", "", kind="introduction", target="Dana")
    done = requests.close(owner, asked.id, "passed_on")
    page = introductions.show(owner, done.introduction)
    assert (page.card.first.name, page.card.second and page.card.second.name) == ("Frank Okafor", "Dana Weiss")
    assert page.card.asked_by is not None
    assert page.card.asked_by.name == "Frank Okafor"
    assert (page.card.next, page.card.purpose) == ("Ask Dana Weiss.", "An introduction to Dana Weiss")


def test_help_can_be_passed_on_to_anybody_but_not_to_nobody(owner: Owner, frank: Person, dana: Person) -> None:
    asked = requests.received(owner, "Frank", "somebody who knows tax")
    before = snapshot(owner)
    with pytest.raises(Invalid, match="to whom"):
        requests.close(owner, asked.id, "passed_on")
    with pytest.raises(Invalid, match="Frank Okafor asked for it"):
        requests.close(owner, asked.id, "passed_on", to="Frank")
    assert snapshot(owner) == before
    assert requests.close(owner, asked.id, "passed_on", to="Dana").introduction


def test_two_who_are_in_an_introduction_already_are_not_passed_on_again(
    owner: Owner, frank: Person, dana: Person
) -> None:
    introductions.add(owner, "Dana", "Frank")
    asked = requests.received(owner, "Frank", "", kind="introduction", target="Dana")
    with pytest.raises(Conflict):
        requests.close(owner, asked.id, "passed_on")
    assert requests.inbox(owner).open


@pytest.mark.parametrize("state", ["helped", "passed_on", "declined"])
def test_an_answer_is_taken_back_without_a_trace(owner: Owner, frank: Person, dana: Person, state: str) -> None:
    asked = requests.received(owner, "Frank", "", kind="introduction", target="Dana")
    before = [Request.objects.values().get(), Introduction.objects.count(), LedgerEntry.objects.count()]
    done = requests.close(owner, asked.id, state, minutes=5)
    assert not requests.inbox(owner).open
    batches.undo(owner, done.batch)
    assert [Request.objects.values().get(), Introduction.objects.count(), LedgerEntry.objects.count()] == before


def test_a_request_is_taken_back(owner: Owner, frank: Person) -> None:
    asked = requests.received(owner, "Frank", "his slides")
    batches.undo(owner, asked.batch)
    assert not Request.objects.exists()


def test_an_answered_request_is_not_answered_again(owner: Owner, frank: Person) -> None:
    asked = requests.received(owner, "Frank", "his slides")
    requests.close(owner, asked.id, "declined")
    with pytest.raises(Refused, match="declined already"):
        requests.close(owner, asked.id, "helped")
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"text": ""}, {"text": "x", "kind": "money"}, {"text": "x", "on": dt.date(2026, 11, 22)},
        {"text": "x", "kind": "introduction", "target": "Frank"},
    ],
)  # fmt: skip
def test_what_makes_no_request_is_refused(owner: Owner, frank: Person, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        requests.received(owner, "Frank", **given)
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    "given", [{"state": "open"}, {"state": "helped", "minutes": -1}, {"state": "helped", "minutes": 10**6}]
)
def test_what_closes_no_request_is_refused(owner: Owner, frank: Person, given: dict[str, Any]) -> None:
    asked = requests.received(owner, "Frank", "his slides")
    with pytest.raises(Invalid):
        requests.close(owner, asked.id, **given)
    assert requests.inbox(owner).open


def test_a_stranger_sees_and_closes_nothing(owner: Owner, stranger: Owner, frank: Person) -> None:
    asked = requests.received(owner, "Frank", "his slides")
    assert requests.inbox(stranger).open == []
    with pytest.raises(NotFound):
        requests.close(stranger, asked.id, "helped")
    with pytest.raises(NotFound):
        requests.received(stranger, "Frank", "mine")
    assert requests.inbox(owner).open
    assert not Request.objects.of(stranger).exists()


def test_the_inbox_takes_as_many_queries_for_many(
    owner: Owner, frank: Person, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        requests.received(owner, key(frank), f"question {number}", kind="question")
    with django_assert_max_num_queries(5):
        assert len(requests.inbox(owner).open) == 30

"""`kith bench pages`: every page is asked for, and the figures are those of the answers; the town behind it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import reverse

from kithbook.bench import pages
from kithbook.bench.imports import Run as Measured
from kithbook.core import town, village
from kithbook.core.ids import to_text
from kithbook.store.models import Owner, Person
from kithbook.web.context import NAV
from tests.faces.commanding import Run, assert_refused

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def application(village: Owner) -> Iterator[WSGIHandler]:
    """The whole application; the connection of the test is not closed when an answer is out."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_one_page_of_every_kind_is_found_by_following_links(application: WSGIHandler) -> None:
    found = dict(pages.find_pages(application))
    kinds = {pages.kind_of(address) for address in found}
    assert {place.view for group in NAV for place in group.places} <= kinds
    assert {"person", "brief", "event", "group", "objective", "introduction", "bank_entry_page", "stats"} <= kinds
    assert all(answer.status == 200 for answer in found.values())
    assert all(answer.queries for address, answer in found.items() if _is_about_people(address))


def _is_about_people(address: str) -> bool:
    return address.startswith(("/people", "/ladder", "/bank", "/week"))


def test_figures_are_counted_from_the_answers(village: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    spent = iter((0.2, 0.1, 0.4, 0.3))

    def ask(_application: Any, _address: str) -> pages.Answer:
        return pages.Answer(200, b"12345", next(spent), 7)

    monkeypatch.setattr(pages, "ask", ask)
    first = pages.Answer(200, b"", 1.5, 9)
    assert pages._figures("/people", first, 4, None) == {
        "page": "/people", "p50_ms": 250.0, "p95_ms": 400.0, "first_ms": 1500.0, "queries": 7, "bytes": 5,
    }  # fmt: skip


def test_queries_and_bytes_are_those_of_the_page(application: WSGIHandler, owner: Owner) -> None:
    empty = pages.ask(application, "/healthz")
    answer = pages.ask(application, reverse("people"))
    assert empty.queries < answer.queries
    somebody = Person.objects.of(owner).get(name="Frank Okafor")
    assert reverse("person", args=[to_text(somebody.pk)]).encode() in answer.body


def test_the_answer_is_printed_and_given_as_json(kith: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    page = {"page": "/people", "p50_ms": 12.0, "p95_ms": 20.0, "first_ms": 90.0, "queries": 8, "bytes": 45_000}
    found = {"people": 10, "interactions": 20, "runs": 3, "pages": [page], "slowest": "/people"}
    asked: list[list[str]] = []

    def measure(command: list[str], _environment: dict[str, str]) -> Measured:
        asked.append(command[-3:])
        return Measured(1.0, 1.0, 123.0, json.dumps(found))

    monkeypatch.setattr(pages, "measure", measure)
    answer = kith("bench", "pages", "--people", "150", "--interactions", "20", "--runs", "3", "--json")
    assert (answer.code, answer.data) == (0, {**found, "peak_mb": 123.0})
    assert asked == [["150", "20", "3"]]
    text = kith("bench", "pages").out
    assert "10 people, 20 exchanges, 3 answers a page" in text
    assert "/people" in text
    assert_refused(kith("bench", "pages", "--people", "0"), "--people can be 150 to 100,000, not 0.")


def test_a_town_is_the_village_many_times_under_other_names() -> None:
    one = village.build(TODAY)
    found = town.build(one, 750, 5_000)
    keys = {person.key for person in found.people}
    assert len(found.people) == len(keys) == len({person.name for person in found.people}) == 750
    addresses = [address for person in found.people for address, _ in person.emails]
    assert len(addresses) == len(set(addresses)) >= 750
    assert 5_000 <= len(found.exchanges) <= 5_100
    assert {who for exchange in found.exchanges for who, _ in exchange.people} <= keys
    assert {move.person for move in found.moves} <= keys
    assert len(found.gifts) == 2 * len(one.gifts)
    assert len({group.name for group in found.groups}) == 2 * len(one.groups)
    assert max(exchange.at for exchange in found.exchanges) <= max(exchange.at for exchange in one.exchanges)


def test_the_last_village_is_only_as_large_as_is_asked_for() -> None:
    one = village.build(TODAY)
    found = town.build(one, 190, 100_000)
    keys = {person.key for person in found.people}
    assert len(keys) == 190
    assert {who for exchange in found.exchanges for who, _ in exchange.people} <= keys
    assert {person.met_through for person in found.people} - {""} <= keys
    assert (found.objectives, found.gifts, found.events) == (one.objectives, one.gifts, one.events)

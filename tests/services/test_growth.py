"""Ten more rows of anything cost no more queries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

from kithbook.services import bank, batches, capturing, duties, editing, exporting, people, touches, weeks
from kithbook.store.models import Owner, Person
from tests.services.factories import person, talk
from tests.services.helpers import circle, key, snapshot


def assert_constant_queries(read: Callable[[], object], grow: Callable[[], object]) -> None:
    """Reading costs as many queries after growing as before; the first read warms what is kept."""
    counts = []
    for step in (None, grow):
        if step:
            step()
        read()
        with CaptureQueriesContext(connection) as log:
            read()
        counts.append(len(log))
    assert counts[1] <= counts[0], [query["sql"][:160] for query in log.captured_queries]


def rich(owner: Owner, name: str) -> Person:
    """Somebody with something in every table that lists read."""
    row = person(owner, name)
    who = key(row)
    talk(owner, row, 90, 60, 30)
    editing.add_identity(owner, who, f"{name.replace(' ', '.').lower()}@example.org")
    editing.add_job(owner, who, "Example GmbH", "Engineer")
    editing.tag(owner, who, "chess")
    editing.note_topic(owner, who, "interest", "maps")
    bank.got(owner, who, "referral")
    bank.gave(owner, who, "item")
    capturing.log(owner, f"promised {name} a link")
    return row


def ten_more(owner: Owner, first: str = "Grower") -> Callable[[], None]:
    def grow() -> None:
        for number in range(10):
            rich(owner, f"{first} {'abcdefghij'[number] * 4}")

    return grow


def test_search_costs_the_same_for_ten_more_people(owner: Owner) -> None:
    rich(owner, "Anna Berger")
    grow = ten_more(owner)
    assert_constant_queries(lambda: people.search(owner), grow)


def test_search_by_words_costs_the_same_for_ten_more_people(owner: Owner) -> None:
    rich(owner, "Anna Berger")
    assert_constant_queries(lambda: people.search(owner, "chess example", sort="name"), ten_more(owner))


def test_the_stored_week_costs_the_same_for_ten_more_people(owner: Owner) -> None:
    circle(owner, 2)
    assert_constant_queries(lambda: weeks.week(owner), ten_more(owner))


def test_today_costs_the_same_for_ten_more_people(owner: Owner) -> None:
    circle(owner, 2)
    assert_constant_queries(lambda: weeks.today(owner), ten_more(owner))


def test_duties_cost_the_same_for_ten_more_people(owner: Owner) -> None:
    rich(owner, "Anna Berger")
    assert_constant_queries(lambda: duties.gather(owner), ten_more(owner))


def test_the_page_of_a_person_costs_the_same_for_ten_more_of_everything(owner: Owner) -> None:
    row = rich(owner, "Anna Berger")

    def grow() -> None:
        others = [person(owner, f"Other {number}") for number in range(10)]
        for number, other in enumerate(others):
            capturing.log(owner, f"call with {row.name} and {other.name} today")
            editing.tag(owner, key(row), f"tag {number}")
            editing.add_job(owner, key(row), f"Firm {number}")
            editing.note_topic(owner, key(row), "fact", f"fact {number}")
            editing.add_identity(owner, key(row), f"anna{number}@example.org")
            bank.got(owner, key(row), "advice")
            bank.gave(owner, key(row), "thanks")
            capturing.log(owner, f"promised {row.name} thing {'abcdefghij'[number]}")

    assert_constant_queries(lambda: people.show(owner, key(row)), grow)


def test_the_list_of_batches_costs_the_same_for_ten_more(owner: Owner) -> None:
    rich(owner, "Anna Berger")
    assert_constant_queries(lambda: batches.listing(owner), ten_more(owner))


def test_understanding_a_sentence_costs_the_same_for_ten_more_people(owner: Owner) -> None:
    rich(owner, "Anna Berger")
    assert_constant_queries(lambda: capturing.understand(owner, "call with Anna Berger"), ten_more(owner))


def test_an_export_costs_the_same_for_ten_more_people(owner: Owner) -> None:
    rich(owner, "Anna Berger")
    assert_constant_queries(lambda: snapshot(owner), ten_more(owner))


def test_vcards_and_tables_cost_the_same_for_ten_more_people(owner: Owner, tmp_path: Path) -> None:
    rich(owner, "Anna Berger")
    for format, first in (("vcard", "Grower"), ("csv", "Later")):
        assert_constant_queries(
            lambda format=format: exporting.export(owner, tmp_path, format),  # type: ignore[misc]
            ten_more(owner, first),
        )


def test_finding_a_touch_costs_the_same_for_ten_more(owner: Owner) -> None:
    circle(owner, 3)
    touch = weeks.budget(owner, minutes=600).touches[0]

    def grow() -> None:
        circle(owner, 12)
        weeks.budget(owner, minutes=600)

    assert_constant_queries(lambda: touches.find_touch(owner, touch.id), grow)

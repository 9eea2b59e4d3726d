"""Clips: what a field says, what is the same thing, and whom a text suits by its words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.clips import TextIndex, TopicIndex, TopicOf, clip_key, explain, read_field, stem, stems, title_of
from kithbook.core.daywords import say_date

TODAY = date(2026, 11, 21)


def topic(person: int, text: str, kind: str = "interest", on: date = date(2026, 5, 3)) -> TopicOf:
    return TopicOf(person, kind, text, on)


INDEX = TopicIndex(
    [
        topic(1, "sailing"), topic(2, "EU payments regulation", "need"), topic(3, "maps of old towns"),
        topic(3, "sailing", on=date(2024, 1, 1)), topic(4, "sailing boats", "fact"), topic(5, "open data"),
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Why I sail in winter", [1, 3]),
        ("New EU rules on regulation of payment services", [2]),
        ("An old map", [3]),
        ("An old book", []),
        ("Old maps of towns", [3]),
        ("Chess openings for children", []),
        ("Data without fear", []),
        ("Open your data", [5]),
        ("Nothing that anybody cares about", []),
        ("", []),
    ],
)
def test_a_text_suits_people_whose_topic_it_holds(text: str, people: list[int]) -> None:
    """R76: matched by the stems of the telling words; facts are not matched."""
    assert sorted(fit.topic.person for fit in INDEX.find(text)) == sorted(people)


def test_the_best_and_newest_topic_of_a_person_counts_and_people_can_be_left_out() -> None:
    two = [
        topic(1, "sailing", on=date(2024, 1, 1)),
        topic(1, "sailing", on=date(2026, 1, 1)),
        topic(2, "a sail", "need"),
    ]
    fits = TopicIndex(two).find("Sailing")
    assert [(fit.topic.person, fit.topic.noted_on.year, fit.share) for fit in fits] == [(2, 2026, 1.0), (1, 2026, 0.9)]
    assert [fit.topic.person for fit in TopicIndex(two).find("Sailing", without={2})] == [1]
    assert len(TopicIndex(two).find("Sailing", most=1)) == 1


@given(st.lists(st.sampled_from(["sailing boats", "old maps", "maps", "tax law in Europe", "the and"]), max_size=6))
def test_both_sides_find_the_same(texts: list[str]) -> None:
    """Texts for one person's topics, and people for one text: one rule."""
    topics = [topic(1, "boats"), topic(1, "maps of old towns", "need"), topic(1, "European tax law", "goal")]
    from_person = TextIndex(texts).find(topics)
    for place, text in enumerate(texts):
        fits = TopicIndex(topics).find(text)
        assert [fit.share for fit in fits] == ([from_person[place].share] if place in from_person else [])


@pytest.mark.parametrize(
    ("words", "root"),
    [
        ("sailing sails sail", "sail"), ("stories story", "story"), ("planning planned plan", "plan"),
        ("payments payment", "pay"), ("class", "class"), ("bus", "bus"),
    ],
)  # fmt: skip
def test_words_lose_their_endings(words: str, root: str) -> None:
    found = {stem(word) for word in words.split()}
    assert len(found) == 1, found
    assert next(iter(found)).startswith(root)


def test_accents_and_common_words_do_not_matter() -> None:
    assert stems("Die Köchin über Crème") == stems("kochin creme") != frozenset()
    assert stems("the and with for you") == frozenset()


@pytest.mark.parametrize(
    ("field", "url", "title"),
    [
        ("https://example.org/a/winter-sailing.html", "https://example.org/a/winter-sailing.html",
         "Winter sailing (example.org)"),
        ("Read this: https://example.org/x.", "https://example.org/x", "Read this"),
        ("https://www.example.org/", "https://www.example.org/", "example.org"),
        ("https://example.org/2026/11/21/12345", "https://example.org/2026/11/21/12345", "example.org"),
        ("Ask Ben about ferries", "", "Ask Ben about ferries"),
        ("  ", "", ""),
        ("javascript:alert(1)", "", "javascript:alert(1)"),
    ],
)  # fmt: skip
def test_one_field_holds_a_link_a_title_or_both(field: str, url: str, title: str) -> None:
    """R77: one field is enough; the title is typed or taken from the address."""
    assert read_field(field) == (url, title)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://example.org/a", "http://www.example.org/a/", True),
        ("https://example.org/a?utm_source=x&id=3", "https://example.org/a?id=3", True),
        ("https://example.org/a#part", "https://example.org/a", True),
        ("https://example.org/a?id=3", "https://example.org/a?id=4", False),
        ("https://example.org:8443/a", "https://example.org/a", False),
        ("http://[", "http://[", True),
    ],
)
def test_the_same_page_is_the_same_clip(one: str, other: str, same: bool) -> None:
    assert (clip_key(one, "a") == clip_key(other, "b")) is same


def test_a_note_is_known_by_its_title() -> None:
    assert clip_key("", "Old  Ferries") == clip_key("", "old ferries")
    assert 0 <= clip_key("", "x") < 2**62


@given(st.text(max_size=300))
def test_no_field_is_too_odd(text: str) -> None:
    written = read_field(text)
    assert len(written.title) <= 300
    clip_key(written.url, written.title)
    INDEX.find(text)
    title_of("https://" + text)


def test_why_it_suits_somebody() -> None:
    """R76: "Ben is interested in sailing, noted 3 May"."""
    assert explain("Ben", topic(1, "sailing"), TODAY) == "Ben is interested in sailing, noted 3 May."
    assert explain("Ben", topic(1, "a flat.", "need"), TODAY) == "Ben is looking for a flat, noted 3 May."
    assert say_date(date(2025, 5, 3), TODAY) == "3 May 2025"


def test_the_example_of_the_docs_by_hand() -> None:
    index = TopicIndex([topic(1, "sailing"), topic(2, "EU payments regulation", "need"), topic(3, "maps of old towns")])
    assert [round(fit.share, 3) for fit in index.find("New EU rules on regulation of payment services")] == [1.0]
    assert [(fit.topic.person, round(fit.share, 3)) for fit in index.find("A map of the town")] == [(3, 0.6)]
    assert index.find("An old book") == []

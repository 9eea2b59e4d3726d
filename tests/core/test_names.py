"""Names: folded, found in a sentence, resolved from what is typed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithbook.core.names import Known, NameIndex, fold_name, match_names, resolve, spells
from kithbook.core.newnames import find_new_names

INDEX = NameIndex(
    (
        Known(1, "Frank Weber"),
        Known(2, "Anna Schmidt"),
        Known(3, "Anna Berg"),
        Known(4, "Zoë Müller"),
        Known(5, "Seán O'Brien", ("Shay",)),
        Known(6, "Li Sun"),
        Known(7, "Will Price"),
        Known(8, "Maria Luisa da Silva"),
        Known(9, "Dr. Tom Okafor, MBA", (), ("tom@example.org",)),
        Known(10, "Jean-Luc Martin"),
        Known(11, "April Jones"),
        Known(12, "Frank"),
        Known(13, "李明"),
    )
)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Zoë  Müller", "zoe muller"),
        ("Müller, Zoë", "zoe muller"),
        ("Dr. Tom Okafor, MBA", "tom okafor"),
        ("O'Brien", "obrien"),
        ("O’Brien", "obrien"),
        ("Jean-Luc", "jean luc"),
        ("Łukasz Strauß", "lukasz strauss"),
        ("Zoe\u0308", "zoe"),
        ("Anna (Acme) Berg", "anna berg"),
        ("İpek", "ipek"),
        ("李明", "李明"),
        ("", ""),
        ("...", ""),
    ],
)
def test_folding_keeps_what_identifies(name: str, folded: str) -> None:
    assert fold_name(name) == folded


def _hits(text: str) -> list[tuple[str, tuple[int, ...], str]]:
    return [(hit.text, hit.ids, hit.exactness) for hit in match_names(text, INDEX)]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("coffee with Anna", [("Anna", (2, 3), "short")]),
        ("coffee with Anna Berg", [("Anna Berg", (3,), "full")]),
        ("coffee with Berg, Anna", [("Berg", (3,), "surname"), ("Anna", (2, 3), "short")]),
        ("coffee with Anna B.", [("Anna B.", (3,), "short")]),
        ("Anna's talk", [("Anna", (2, 3), "short")]),
        ("zoe mueller wrote", [("zoe mueller", (4,), "full")]),
        ("met Sean OBrien", [("Sean OBrien", (5,), "full")]),
        ("Shay called", [("Shay", (5,), "short")]),
        ("Maria da Silva", [("Maria da Silva", (8,), "full")]),
        ("Dr. Okafor phoned", [("Dr. Okafor", (9,), "surname")]),
        ("mail tom@example.org now", [("tom@example.org", (9,), "email")]),
        ("mail tom+list@Example.org now", [("tom+list@Example.org", (9,), "email")]),
        ("mail frank@example.net", []),
        ("Jean-Luc Martin", [("Jean-Luc Martin", (10,), "full")]),
        ("will send it", []),
        ("Will send it", []),
        ("Will said yes", [("Will", (7,), "short")]),
        ("coffee with will", [("will", (7,), "short")]),
        ("on 3 April", []),
        ("in April", []),
        ("call April", [("April", (11,), "short")]),
        ("the Sun", []),
        ("see you on Sun", []),
        ("Sun Li wrote", [("Sun Li", (6,), "full")]),
        ("with 李明 today", [("李明", (13,), "short")]),
        ("Frankfurt", []),
        ("Weber, Frank", [("Weber", (1,), "surname"), ("Frank", (1, 12), "short")]),
    ],
)
def test_names_are_found_and_never_guessed(text: str, hits: list[tuple[str, tuple[int, ...], str]]) -> None:
    assert _hits(text) == hits


@pytest.mark.parametrize(
    ("text", "new", "kept"),
    [
        ("coffee with Anna Kowalska", ["Anna Kowalska"], []),
        ("coffee with Anna Friday", [], ["Anna"]),
        ("met Priya Nair at the fair", ["Priya Nair"], []),
        ("met Priya Weber", ["Priya Weber"], []),
        ("dinner with Frank and Joe", ["Joe"], ["Frank"]),
        ("call from x@example.net", ["x@example.net"], []),
        ("met Ludwig van Beethoven", ["Ludwig van Beethoven"], []),
        ("talked with IBM", [], []),
        ("Called Frank", [], ["Frank"]),
    ],
)
def test_unknown_names_are_told_apart_from_known_ones(text: str, new: list[str], kept: list[str]) -> None:
    hits, names = find_new_names(text, match_names(text, INDEX))
    assert ([name.text for name in names], [hit.text for hit in hits]) == (new, kept)


@pytest.mark.parametrize(
    ("query", "ids", "exactness"),
    [
        ("TOM@example.org", (9,), "email"),
        ("anna berg", (3,), "full"),
        ("Berg, Anna", (3,), "full"),
        ("Frank", (12,), "full"),
        ("Shay", (5,), "full"),
        ("anna", (2, 3), "short"),
        ("Berg", (3,), "surname"),
        ("ann", (2, 3), "prefix"),
        ("an sch", (2,), "prefix"),
        ("ober", (), "none"),
        ("rank", (1, 12), "part"),
        ("", (), "none"),
        ("?!", (), "none"),
    ],
)
def test_a_typed_name_ends_at_the_first_level_with_anybody(query: str, ids: tuple[int, ...], exactness: str) -> None:
    assert resolve(query, INDEX) == (ids, exactness)


def test_an_index_without_people_finds_nobody() -> None:
    empty = NameIndex(())
    assert match_names("coffee with Frank", empty) == []
    assert resolve("Frank", empty).ids == ()


@settings(max_examples=200)
@given(st.text(max_size=400), st.lists(st.text(max_size=30), max_size=6))
def test_any_text_and_any_names_give_hits_inside_the_text(text: str, names: list[str]) -> None:
    index = NameIndex([Known(at, name) for at, name in enumerate(names)])
    last = 0
    for hit in match_names(text, index):
        assert last <= hit.start < hit.end <= len(text)
        assert text[hit.start : hit.end] == hit.text
        assert hit.ids
        last = hit.end
    resolve(text, index)


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


def test_ten_thousand_people_are_indexed_once_and_found_at_once() -> None:
    people = [Known(at, f"Given{at % 97}x Family{at}") for at in range(10_000)]
    begun = time.process_time()
    index = NameIndex(people)
    built = time.process_time() - begun
    begun = time.process_time()
    for at in range(100):
        assert match_names(f"coffee with Given{at % 97}x Family{at} yesterday", index)[0].ids == (at,)
    assert built < 5
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize(
    ("local", "name", "expected"),
    [
        ("anna.berger", "Anna Berger", True),
        ("berger_anna", "Anna Berger", True),
        ("annaberger82", "Anna Berger", True),
        ("anna.berger", "Anna Maria Berger", True),
        ("anna", "Anna", False),
        ("a.berger", "Anna Berger", False),
        ("", "", False),
    ],
)
def test_an_address_spells_a_whole_name_or_none(local: str, name: str, expected: bool) -> None:
    assert spells(local, fold_name(name).split()) is expected

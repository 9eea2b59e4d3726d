"""Places: the same town however it is written, and how little keeps a tie when two live apart."""

from __future__ import annotations

import math

import pytest

from kithbook.core.places import COUNTRIES, NOWHERE, Place, is_same, keep_days, read_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", NOWHERE), ("  , ", NOWHERE), ("…", NOWHERE),
        ("Lyon", Place("lyon", "")), ("lyon, France", Place("lyon", "france")), ("LYON (FR)", Place("lyon", "france")),
        ("Lyon, Rhône-Alpes, France", Place("lyon", "france")), ("Greater Lyon Area", Place("lyon", "")),
        ("Greater Paris Metropolitan Region, France", Place("paris", "france")),
        ("Wien", Place("vienna", "")), ("Wien, Österreich", Place("vienna", "austria")),
        ("München", Place("munich", "")),
        ("France", Place("", "france")), ("Frankreich", Place("", "france")), ("UK", Place("", "united kingdom")),
        ("Cambridge, England", Place("cambridge", "united kingdom")),
        ("Cambridge, USA", Place("cambridge", "united states")), ("Springfield, Illinois", Place("springfield", "")),
        ("København / Malmö", Place("copenhagen", "")), ("Saint-Étienne", Place("saint-etienne", "")),
        ("Singapore", Place("", "singapore")), ("New York City, US", Place("new york", "united states")),
    ],
)  # fmt: skip
def test_places_as_people_write_them(text: str, place: Place) -> None:
    assert read_place(text) == place


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Lyon, France", "lyon", True), ("Wien", "Vienna, Austria", True), ("Lyon", "Paris", False),
        ("Cambridge, England", "Cambridge, USA", False), ("Cambridge", "Cambridge, USA", True),
        ("Lyon, France", "France", True), ("France", "Frankreich", True), ("Lyon", "France", False),
        ("", "Lyon", False), ("", "", False), ("Germany", "France", False),
    ],
)  # fmt: skip
def test_sameness_goes_both_ways(one: str, other: str, same: bool) -> None:
    """R49: who is in the place I am going to, however it was noted."""
    assert is_same(read_place(one), read_place(other)) == same
    assert is_same(read_place(other), read_place(one)) == same


def test_no_spelling_belongs_to_two_countries() -> None:
    spellings = [spelling for names in COUNTRIES.values() for spelling in names]
    assert len(spellings) == len(set(spellings))
    assert all(read_place(spelling).country for spelling in spellings)


@pytest.mark.parametrize(
    ("stage", "liking", "kin", "days"),
    [
        (7, math.nan, False, 182), (5, 1.0, False, 182), (1, 1.0, True, 182), (4, math.nan, False, 120),
        (3, 1.0, False, 90), (2, 4.0, False, 90), (2, 3.0, False, 365), (1, math.nan, False, 365), (2, 2.0, False, 0),
    ],
)  # fmt: skip
def test_surprisingly_little_keeps_a_tie(stage: int, liking: float, kin: bool, days: int) -> None:
    """R49: two to four words a year; nothing is asked for where one does not care."""
    assert keep_days(stage, liking, is_kin=kin) == days

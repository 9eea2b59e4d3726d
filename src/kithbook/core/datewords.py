"""Words of dates and durations per language; another language is another row of `DATE_WORDS`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from kithbook.core.namewords import word_set


class DateWords(NamedTuple):
    """The words of one language.

    `months` and `weekdays` (Monday = 0) by every spelling in small letters; `numbers` words to counts;
    `units` to "day", "week", "month", "year", "hour"; `unsafe` are spellings that are ordinary words or names too.
    """

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    numbers: Mapping[str, int]
    units: Mapping[str, str]
    unsafe: frozenset[str]


def _spelled(rows: str) -> dict[str, int]:
    return {word: number for number, row in enumerate(rows.split("|")) for word in row.split()}


_EN = DateWords(
    months={
        word: number + 1
        for word, number in _spelled(
            "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|"
            "october oct|november nov|december dec"
        ).items()
    },
    weekdays=_spelled(
        "monday mon|tuesday tue tues|wednesday wed|thursday thu thur thurs|friday fri|saturday sat|sunday sun"
    ),
    numbers={
        **_spelled("zero|one a an|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"),
        "fifteen": 15,
        "twenty": 20,
        "thirty": 30,
        "forty": 40,
        "forty-five": 45,
        "fifty": 50,
        "sixty": 60,
        "ninety": 90,
        "a couple of": 2,
        "a few": 3,
    },
    units={
        "day": "day",
        "week": "week",
        "fortnight": "fortnight",
        "month": "month",
        "year": "year",
        "hour": "hour",
        "minute": "hour",
        "min": "hour",
    },
    # Written alone and small these are verbs or names; they are dates only where the words around them say so.
    unsafe=word_set("mar march may mon sat sun wed"),
)

DATE_WORDS: Mapping[str, DateWords] = MappingProxyType({"en": _EN})

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.partialdates import parse_partial_date
from kithbook.core.records import PartialDate


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1980-03-22", (1980, 3, 22)),
        ("19800322", (1980, 3, 22)),
        ("20090808T1430-0500", (2009, 8, 8)),
        ("1985-04-12T10:22:00Z", (1985, 4, 12)),
        ("1985-04", (1985, 4, None)),
        ("1985", (1985, None, None)),
        ("--1006", (None, 10, 6)),
        (" --10-06", (None, 10, 6)),
        ("--0229", (None, 2, 29)),
        ("--10", (None, 10, None)),
        ("---06", (None, None, 6)),
        ("1604-10-06", (None, 10, 6)),
        ("16040101", (None, 1, 1)),
        ("0000-10-06", (None, 10, 6)),
        ("08 Feb 2026", (2026, 2, 8)),
        ("4-Apr-21", (2021, 4, 4)),
        ("4-Apr-2021", (2021, 4, 4)),
        ("4. März 2021", (2021, 3, 4)),
        ("Feb 8, 2026", (2026, 2, 8)),
        ("12.03.1985", (1985, 3, 12)),
        ("25/12/1990", (1990, 12, 25)),
        ("12/25/1990", (1990, 12, 25)),
        ("4/5/1990", (1990, None, None)),
        ("5/5/1990", (1990, 5, 5)),
    ],
)
def test_dates_are_read_as_far_as_they_are_known(
    text: str, expected: tuple[int | None, int | None, int | None]
) -> None:
    assert parse_partial_date(text) == PartialDate(*expected)


@pytest.mark.parametrize(
    "text", ["", "31.02.1999", "1999-13-01", "circa 2011", "05 Mar 20", "soon", "--", "1604", "x" * 99]
)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert parse_partial_date(text) is None


@given(st.text(alphabet="0123456789-./ TFebMär", max_size=14))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = parse_partial_date(text)
    assert found is None or any((found.year, found.month, found.day))

"""Ids: of 62 bits, not to be guessed, ascending within a run."""

from __future__ import annotations

import secrets
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.errors import NotFound
from kithbook.core.ids import from_text, is_id, to_text
from kithbook.store import ids as store_ids
from kithbook.store.ids import IdRun, new_id

BITS = 62


def test_single_ids_fill_62_bits_and_never_repeat() -> None:
    made = [new_id() for _ in range(20_000)]
    assert len(set(made)) == len(made)
    assert all(0 <= number < 2**BITS for number in made)
    for bit in range(BITS):
        share = sum(number >> bit & 1 for number in made) / len(made)
        assert 0.46 < share < 0.54, bit


def test_a_run_ascends_with_gaps_that_differ() -> None:
    run = IdRun()
    made = [run.next() for _ in range(20_000)]
    gaps = [after - before for before, after in pairwise(made)]
    assert min(gaps) >= 1
    assert max(gaps) <= 2**20
    assert len(set(gaps)) > 15_000
    assert made[-1] < 2**BITS


def test_runs_begin_anywhere() -> None:
    starts = [IdRun().next() for _ in range(2_000)]
    assert len(set(starts)) == 2_000
    assert min(starts) < 2**BITS // 16
    assert max(starts) > 2**BITS * 7 // 16


def test_the_highest_run_of_ten_million_rows_stays_within_62_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_ids.secrets, "randbits", lambda bits: 2**bits - 1)
    start = IdRun().next()
    assert start + 10_000_000 * 2**20 < 2**BITS


def test_randomness_is_the_systems_own() -> None:
    assert store_ids.secrets is secrets


@given(st.integers(0, 2**BITS - 1))
def test_an_id_is_written_in_13_letters_and_read_back(number: int) -> None:
    text = to_text(number)
    assert len(text) == 13
    assert is_id(text)
    assert from_text(text) == from_text(text.upper()) == number


@given(st.integers(0, 2**BITS - 1), st.integers(0, 2**BITS - 1))
def test_ids_sort_alike_as_numbers_and_as_text(first: int, second: int) -> None:
    assert (first < second) == (to_text(first) < to_text(second))


@pytest.mark.parametrize("text", ["", "0" * 12, "0" * 14, "u" * 13, "０" * 13, "0000000000 00", "💥" * 13])
def test_what_is_no_id_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        from_text(text)

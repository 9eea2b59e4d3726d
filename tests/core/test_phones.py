from __future__ import annotations

import random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.phones import normalise_phone


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("+49 151 23456789", "+4915123456789"),
        ("+49 (0)30 1234-567", "+49301234567"),
        ("+49 30 1234567", "+49301234567"),
        ("+49 030 1234567", "+49301234567"),
        ("tel:+49-151-23456789", "+4915123456789"),
        ("+1 (212) 555-2368", "+12125552368"),
        ("+39 06 12345678", "+390612345678"),
        ("00-1-212-555-7777", "+12125557777"),
        ("0049 30 1234567", "+49301234567"),
        ("＋49 30 1234567", "+49301234567"),  # a full-width plus
        ("+٤٩ ٣٠ ١٢٣٤٥٦٧", "+49301234567"),
    ],
)
def test_a_number_with_its_country_has_one_form(written: str, normal: str) -> None:
    assert normalise_phone(written) == normal


def test_a_number_without_a_country_keeps_its_digits_if_there_are_seven() -> None:
    assert normalise_phone("0151-234 56 789") == "015123456789"
    assert normalise_phone("555-1234") == "5551234"
    assert normalise_phone("110") == ""


def test_a_region_makes_a_local_number_international() -> None:
    assert normalise_phone("0151 23456789", "de") == "+4915123456789"
    assert normalise_phone("(212) 555-2368", "US") == "+12125552368"


@pytest.mark.parametrize("written", ["+49-30-1234567;ext=12", "+49 30 1234567 x12", "+49 30 1234567 ext. 12"])
def test_an_extension_tells_colleagues_apart(written: str) -> None:
    assert normalise_phone(written) == "+49301234567;ext=12"


def test_words_are_no_number() -> None:
    for text in ("", "  ", "BusinessPhone", "unknown", "+", "x12", "1" * 100):
        assert normalise_phone(text) == ""


def test_a_number_too_long_for_its_country_is_kept_as_digits() -> None:
    assert normalise_phone("+1 (212) 204-34456") == "121220434456"


def test_the_short_cut_agrees_with_the_library() -> None:
    chance = random.Random(7)
    compared = 0
    for country in "1 31 32 33 34 41 43 44 45 46 47 48 49 61 64 81 91 351 353".split():
        for _ in range(150):
            number = (
                f"+{country}{chance.randrange(1, 10)}{''.join(chance.choices('0123456789', k=chance.randrange(5, 11)))}"
            )
            parsed = phonenumbers.parse(number, None)
            if phonenumbers.is_possible_number(parsed):
                compared += 1
                expected = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
                assert normalise_phone(number) == expected, number
    assert compared > 1000


@given(st.text(max_size=80))
def test_any_text_gives_a_normal_form_that_stays_the_same(text: str) -> None:
    once = normalise_phone(text)
    assert not once or sum(char.isdigit() for char in once) >= 3
    assert normalise_phone(once) == once or ";ext=" in once

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.nametags import CleanName, clean_name


@pytest.mark.parametrize(
    ("given_name", "family_name", "expected"),
    [
        ("Zoë", "van der Berg, PhD", CleanName("Zoë", "van der Berg", tags=("PhD",))),
        ("🚀 Ada", "Fictional 🎉, MBA, CFA", CleanName("Ada", "Fictional", tags=("MBA", "CFA"))),
        ("Dr. Anna (Ania)", "Kowalska (She/Her)", CleanName("Anna", "Kowalska", ("Ania",), ("she/her", "Dr."))),
        ("Jane", "Doe | Speaker & Author", CleanName("Jane", "Doe", rest="Speaker & Author")),
        ("John", "Smith, Jr.", CleanName("John", "Smith Jr.")),
        ("Md", "Rahman MD", CleanName("Md", "Rahman", tags=("MD",))),
        ("Jack", "Ma", CleanName("Jack", "Ma")),
        ("Jack", "MA", CleanName("Jack", "MA")),
        ("Bob", "PhD", CleanName("Bob", "", tags=("PhD",))),
        ("𝗝𝗼𝗵𝗻", "Doe", CleanName("John", "Doe")),
        ("👩‍💻Eve", "O'Neil-Smith", CleanName("Eve", "O'Neil-Smith")),
        ("می‌خواهم", "", CleanName("می‌خواهم", "")),
        ("", "", CleanName("", "")),
    ],
)
def test_ornaments_go_out_of_the_name_and_are_not_lost(given_name: str, family_name: str, expected: CleanName) -> None:
    assert clean_name(given_name, family_name) == expected


def test_the_full_name_has_no_stray_blanks() -> None:
    assert clean_name("  Ada ", "").full == "Ada"
    assert clean_name("", "Lovelace").full == "Lovelace"


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_a_name(given_name: str, family_name: str) -> None:
    found = clean_name(given_name, family_name)
    assert found.full == found.full.strip()

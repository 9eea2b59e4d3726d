"""What is said of a failure, as one text."""

from __future__ import annotations

import pytest

from kithbook.core.errors import Invalid


@pytest.mark.parametrize(
    ("message", "hint", "told"),
    [
        ("x is not a mailbox", "A mailbox begins with From", "x is not a mailbox. A mailbox begins with From."),
        ("Which one are you?", "Say so.", "Which one are you? Say so."),
        ("“Really?”", "Try “coffee with Frank”", "“Really?” Try “coffee with Frank”."),
        ("Nothing came. ", "", "Nothing came."),
        ("", "", ""),
    ],
)
def test_message_and_hint_are_told_as_whole_sentences(message: str, hint: str, told: str) -> None:
    assert Invalid(message, hint).told == told

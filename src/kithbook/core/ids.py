"""Ids as people and programs see them: 13 letters and digits for a 62-bit number.

Crockford's base 32 (no i, l, o, u), so that an id can be read aloud; numbers this large would be rounded by
JavaScript, therefore ids leave the program as text.
"""

from __future__ import annotations

from kithbook.core.errors import NotFound

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 13
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)} | {"i": 1, "l": 1, "o": 0}


def to_text(number: int) -> str:
    """Write a non-negative id of at most 62 bits as 13 characters."""
    letters = []
    for _ in range(LENGTH):
        letters.append(ALPHABET[number & 31])
        number >>= 5
    return "".join(reversed(letters))


def is_id(text: str) -> bool:
    """Whether the text has the form of an id."""
    return len(text) == LENGTH and all(letter in _VALUES for letter in text.lower())


def from_text(text: str) -> int:
    """Read an id back; raises NotFound for anything that cannot be one."""
    if not is_id(text):
        raise NotFound(f"There is nothing with the id “{text[:40]}”.", "Ids have 13 letters and digits.")
    number = 0
    for letter in text.lower():
        number = number * 32 + _VALUES[letter]
    return number

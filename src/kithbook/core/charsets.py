"""Which of the old encodings a text is in that is no UTF-8, where its bytes say so clearly.

Western text has single accented letters among ASCII; in other scripts whole words are made of high bytes, and which
bytes those are tells the script apart (Unicode's mapping tables for code pages 932, 936, 949, 950, 1250, 1251, 1253).
"""

from __future__ import annotations

import re

_HIGH_RUNS = re.compile(rb"[\x80-\xff]+")
_PAIRS = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_POLISH = re.compile(r"[a-z][³¹¿]|[³¿][a-z]|\b£[a-z]")
_HIGH_WORDS = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")
_LEAST = 4
"""High bytes that are needed to say anything."""


def guess_charset(raw: bytes) -> str:
    """The code page ("cp1251", "cp932", …) of these bytes, "" where they are Western or too few to tell."""
    high = len(raw) - len(raw.translate(None, bytes(range(128, 256))))
    runs = [len(run) for run in _HIGH_RUNS.findall(raw)]
    if sum(length for length in runs if length > 1) < 0.6 * high or high < _LEAST:
        return "cp1250" if _POLISH.search(raw.decode("cp1252", "replace")) else ""
    return _guess_letters(raw, high) or _guess_pairs(raw)


def _guess_letters(raw: bytes, high: int) -> str:
    """Scripts of one byte a letter: most letters are small ones, which have a range of their own."""
    small = sum(byte >= 0xE0 for byte in raw)
    letters = sum(byte >= 0xC0 or byte in b"\xa8\xb8" for byte in raw)
    words = _HIGH_WORDS.findall(raw)
    mixed = sum(any(byte < 0x80 for byte in word) for word in words)
    if letters > 0.95 * high and small > 0.6 * high and mixed < 0.2 * len(words):
        return "cp1253" if _is_greek(raw) else "cp1251"
    return ""


def _is_greek(raw: bytes) -> bool:
    """Greek words end in s and vowels with marks; the byte of its final s is a rare letter in Cyrillic (т)."""
    ends = re.findall(rb"[\xc0-\xff]([\xc0-\xff])(?![\x80-\xff])", raw)
    return len(ends) > 1 and sum(end in b"\xf2\xf3\xe1\xe7\xdc\xde\xdf\xfc" for end in ends) > 0.7 * len(ends)


def _guess_pairs(raw: bytes) -> str:
    """Scripts of two bytes a character, by how common the characters are that each code page makes of them."""
    pairs = [pair for run in re.findall(rb"(?:[\x81-\xfe][\x40-\x7e\x80-\xfe])+", raw) for pair in _PAIRS.findall(run)]
    count = len(pairs) or 1
    if sum(0x81 <= pair[0] <= 0x9F for pair in pairs) > 0.3 * count and _fits(raw, "cp932"):
        return "cp932"
    low = sum(pair[1] < 0x80 for pair in pairs) > 0.1 * count
    if low and sum(0xA4 <= pair[0] <= 0xC6 for pair in pairs) > 0.7 * count and _fits(raw, "cp950"):
        return "cp950"
    if sum(0xB0 <= pair[0] <= 0xC8 and pair[1] >= 0xA1 for pair in pairs) > 0.9 * count and _fits(raw, "cp949"):
        return "cp949"
    common = sum(0xB0 <= pair[0] <= 0xD7 and pair[1] >= 0xA1 for pair in pairs) > 0.6 * count
    return "gb18030" if common and _fits(raw, "gb18030") else ""


def _fits(raw: bytes, charset: str) -> bool:
    """Whether these are whole characters of this code page."""
    try:
        raw.decode(charset)
    except UnicodeDecodeError:
        return False
    return True

"""Which of the old encodings a text is in that is no UTF-8, where its bytes say so clearly.

Western text has single accented letters among ASCII; in other scripts whole words are made of high bytes, and which
bytes those are tells the script apart (Unicode's mapping tables for code pages 932, 936, 949, 950, 1250 to 1255).
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterable

_HIGH_RUNS = re.compile(rb"[\x80-\xff]+")
_PAIRS = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_CENTRAL = re.compile(
    r"[a-z][³¹¿]|[³¿][a-z]|\b£[a-z]|[a-z]ñ(?:[bcdfghjklmnpqrstvwxz]|\b)"  # Polish: ł ą ż, and ń where no Spanish ñ is
    r"|iæ\b|øí|øá|[íáý]\w*ø"  # Croatian -ić; Czech ří, řá
)
_TURKISH, _ICELANDIC = re.compile(r"[ýþðÝÞÐ]"), re.compile(r"[áéíóúæÁÉÍÓÚÆ]")
"""Turkish ı, ş and ğ as Western text shows them; Icelandic, which has those letters, has these others as well."""
_CYRILLIC = frozenset(b"\xa1\xa2\xa5\xa8\xaa\xaf\xb2\xb3\xb4\xb8\xba\xbf")
"""Letters below the alphabet: Ukrainian, Belarusian, and the Russian ё."""
_SMALL_CYRILLIC = frozenset(b"\xa2\xb3\xb4\xb8\xba\xbf")
_HEBREW = re.compile(rb"[\xe0-\xfa]+")
_HEBREW_ENDS = re.compile(rb"[\xea\xed\xef\xf3\xf5](?=[\x80-\xff])")
"""Forms of letters that only end a word; they are among the most common letters of Cyrillic."""
_LEAST_HEBREW = 6
_HIGH_WORDS = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")
_LEAST = 4
"""High bytes that are needed to say anything."""

NAMES = {
    "": "Western (Windows-1252)", "cp1250": "Central European (Windows-1250)", "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)", "cp1254": "Turkish (Windows-1254)", "cp1255": "Hebrew (Windows-1255)",
    "cp932": "Japanese (Shift JIS)", "cp949": "Korean", "cp950": "Chinese (Big5)",
    "gb18030": "Chinese (GB 18030)",
}  # fmt: skip
"""What `guess_charset` answers, for people."""

_ENOUGH, _LONGEST_REST = 1 << 16, 1 << 20


def guess_charset(raw: bytes) -> str:
    """The code page ("cp1251", "cp932", …) of these bytes, "" where they are Western or too few to tell."""
    high = len(raw) - len(raw.translate(None, bytes(range(128, 256))))
    runs = [len(run) for run in _HIGH_RUNS.findall(raw)]
    if sum(length for length in runs if length > 1) < 0.6 * high or high < _LEAST:
        return _guess_latin(raw.decode("cp1252", "replace"))
    return _guess_letters(raw, high) or _guess_pairs(raw) or _guess_latin(raw.decode("cp1252", "replace"))


def _guess_latin(text: str) -> str:
    """Latin letters that Western text has not, or not in these places."""
    if _CENTRAL.search(text) or ("ì" in text and not set("šžý").isdisjoint(text)):  # Czech ě
        return "cp1250"
    return "cp1254" if len(_TURKISH.findall(text)) > 1 and not _ICELANDIC.search(text) else ""


def _guess_letters(raw: bytes, high: int) -> str:
    """Scripts of one byte a letter: most letters are small ones, which have a range of their own."""
    small = sum(byte >= 0xE0 or byte in _SMALL_CYRILLIC for byte in raw)
    letters = sum(byte >= 0xC0 or byte in _CYRILLIC for byte in raw)
    words = _HIGH_WORDS.findall(raw)
    mixed = sum(any(byte < 0x80 for byte in word) for word in words)
    if letters <= 0.95 * high or small <= 0.6 * high or mixed >= 0.2 * len(words):
        return ""
    if sum(map(len, _HEBREW.findall(raw))) == high >= _LEAST_HEBREW and not _HEBREW_ENDS.search(raw):
        return "cp1255"
    return "cp1253" if _is_greek(raw) else "cp1251"


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


def judge_charset(name: str, chunks: Iterable[bytes]) -> tuple[str, tuple[str, ...]]:
    """How to read what is no UTF-8 in a file of cards and says no charset, and the sentence for the report, if any is.

    `chunks` as `collect_strange` takes them.
    """
    strange = collect_strange(chunks)
    charset = guess_charset(strange)
    if not strange:
        return charset, ()
    return charset, (f"{name} does not say how its letters are encoded; they were read as {NAMES[charset]}.",)


def collect_strange(chunks: Iterable[bytes]) -> bytes:
    """The values of lines of cards that are no UTF-8 and say no charset, up to 64 KB: something for `guess_charset`.

    `chunks` are those of a file with one kind of line end. Values in quoted-printable are decoded.
    """
    found, rest = b"", b""
    for chunk in chunks:
        whole, _, rest = (rest + chunk).rpartition(b"\n")
        found += _strange_values(whole)
        rest = rest if len(rest) < _LONGEST_REST else b""
        if len(found) > _ENOUGH:
            return found
    return found + _strange_values(rest)


def _strange_values(block: bytes) -> bytes:
    is_quoted = b"quoted-printable" in block.lower()
    if not is_quoted and _is_utf8(block):
        return b""
    lines = (line for line in block.split(b"\n") if not line.isascii() or (is_quoted and b"quoted" in line.lower()))
    return b"".join(value + b"\n" for value in map(strange_value, lines) if value)


def strange_value(line: bytes) -> bytes:
    """The value of a line of a card, decoded from quoted-printable, if it is no UTF-8 and no charset is declared."""
    head, _, value = line.partition(b":")
    head = head.lower()
    if b"charset" in head:
        return b""
    if b"quoted-printable" in head:
        value = binascii.a2b_qp(value)
    return b"" if _is_utf8(value) or _is_nearly_utf8(value) else value


def _is_utf8(raw: bytes) -> bool:
    """Whether these bytes are UTF-8, as far as they go: the last character may be cut off."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        return False
    return True


def _is_nearly_utf8(raw: bytes) -> bool:
    """Whether they are but for a few characters, as where a program cut texts off by bytes."""
    text = raw.decode("utf-8", "replace")
    return sum(char > "\x7f" for char in text) > 4 * text.count("\ufffd")

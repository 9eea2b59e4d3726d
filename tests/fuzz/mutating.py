"""Changes good input a little or a lot, the same way for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

LARGEST = 200_000
ODD = (
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc3", b"\r", b"\n", b"\r\n", b"\n\n", b'"', b"'", b"\\",
    b",,,,", b";;;;", b":", b"=", b"=?utf-8?q?", b"?=", b"=?x?b?", b"%00", b"%FF", b"&#55357;", b"&x;", b"<", b">", b"]]>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"{", b"}", b"[", b"]", b"null", b"true", b"\\ud83d", b"\\u0000", b"&#0;", b"&#xD800;", b"=00", b"NaN", b"1e999", b"-1", b"0", b"9" * 30,
    b"99999999999999", b"-0000", b"0000-00-00", b"9999-99-99", b"31.02.1999", b"00010101T000000Z", b"99991231T235959",
    b"FREQ=SECONDLY", b"FREQ=YEARLY;INTERVAL=0", b"COUNT=999999999", b"UNTIL=00000000", b"DTSTART:", b"RRULE:FREQ=DAILY",
    b"PT99999999999H", b"BEGIN:VCARD", b"END:VCARD", b"BEGIN:VEVENT", b"END:VEVENT", b"From x@y Thu Jan  1 00:00:00 1970\n",
    b"\n ", b"\n\t", b"=\n", b"@", b"<@>", b"a@b <a@b>", b"(", b")" * 50, b"(" * 2000, b"[" * 5000, b'{"a":' * 2000,
    "İ".encode(), "\u202e".encode(), "\U0001f468\u200d\U0001f469".encode(), "²".encode(), "٣".encode(), "ﬁ".encode(),
    b"\x1b$B", b"ENCODING=QUOTED-PRINTABLE:=", b"CHARSET=utf-7:+", b"VERSION:2.1", b"VALUE=uri:", b"a" * 3000, b" " * 3000,
)  # fmt: skip
_WORDS = re.compile(rb"[A-Za-z0-9_-]+|\d+")
_NUMBERS = re.compile(rb"\d+")


def mutate(seeds: Sequence[bytes], rng: random.Random) -> bytes:
    """One of the seeds with one to six changes."""
    data = rng.choice(seeds)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        data = rng.choice(_WAYS)(data, seeds, rng)[:LARGEST]
    return data


def _place(data: bytes, rng: random.Random) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + int(rng.random() ** 3 * 200))


def _flip(data: bytes, _seeds: Sequence[bytes], rng: random.Random) -> bytes:
    if not data:
        return bytes([rng.randrange(256)])
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]


def _cut(data: bytes, _seeds: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _place(data, rng)
    return data[:start] + data[end:]


def _end(data: bytes, _seeds: Sequence[bytes], rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _repeat(data: bytes, _seeds: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _place(data, rng)
    return data[:start] + data[start:end] * rng.choice((2, 3, 50)) + data[end:]


def _insert(data: bytes, _seeds: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _place(data, rng)
    return data[:start] + rng.choice(ODD) + data[rng.choice((start, end)) :]


def _noise(data: bytes, _seeds: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _place(data, rng)
    return data[:start] + rng.randbytes(rng.randrange(1, 30)) + data[end:]


def _splice(data: bytes, seeds: Sequence[bytes], rng: random.Random) -> bytes:
    other = rng.choice(seeds)
    start, end = _place(other, rng)
    at = rng.randrange(len(data) + 1)
    return data[:at] + other[start : end + rng.choice((0, 400))] + data[at:]


def _lines(data: bytes, _seeds: Sequence[bytes], rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    first, second = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


def _number(data: bytes, _seeds: Sequence[bytes], rng: random.Random) -> bytes:
    return _swap(_NUMBERS, data, (b"0", b"-1", b"00", b"99", b"1e400", b"9" * rng.randrange(1, 25), b"\xd9\xa3"), rng)


def _word(data: bytes, _seeds: Sequence[bytes], rng: random.Random) -> bytes:
    words = [match[0] for match in _WORDS.finditer(data[:20_000])] or [b"x"]
    return _swap(_WORDS, data, (rng.choice(words), rng.choice(ODD)), rng)


def _swap(pattern: re.Pattern[bytes], data: bytes, news: Sequence[bytes], rng: random.Random) -> bytes:
    found = list(pattern.finditer(data[:20_000]))
    if not found:
        return data
    match = rng.choice(found)
    return data[: match.start()] + rng.choice(news) + data[match.end() :]


_WAYS: tuple[Callable[[bytes, Sequence[bytes], random.Random], bytes], ...] = (
    _flip, _cut, _end, _repeat, _insert, _insert, _noise, _splice, _lines, _number, _word, _word,
)  # fmt: skip

"""Text files of unknown encoding and line ends, brought to UTF-8 bytes with one kind of line end, in chunks."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

CHUNK = 1 << 18
_NO_TEXT = bytes(set(range(32)) - set(b"\t\n\f\r\x1b")) + b"\x7f"
_MOST_NOISE, _TELLING_BYTES, _MOST_NOISY_LINES = 0.04, 100, 300
_MARKS = (  # the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class NoiseWatch:
    """Tells where a text file stops being text: after so many lines in a row that are full of control characters."""

    def __init__(self) -> None:
        self._in_a_row = 0

    def is_noise(self, line: bytes) -> bool:
        """Whether this line, the next of its file, is no text."""
        is_noise = len(line) - len(line.translate(None, _NO_TEXT)) > len(line) * _MOST_NOISE
        self._in_a_row = self._in_a_row + 1 if is_noise else self._in_a_row if len(line) < _TELLING_BYTES else 0
        return is_noise

    @property
    def is_over(self) -> bool:
        """Whether no more text is to be expected."""
        return self._in_a_row > _MOST_NOISY_LINES


def clean_text(text: str) -> str:
    """Text as every database takes it: halves of a surrogate pair, which JSON and XML can spell, and NUL are gone."""
    if text.isascii():
        return text.replace("\0", "")
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def clean_values(value: Any) -> Any:
    """The same JSON value with `clean_text` done to all texts in it."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(name): clean_values(part) for name, part in value.items()}
    return [clean_values(part) for part in value] if isinstance(value, list) else value


def sniff_encoding(head: bytes) -> tuple[str, int]:
    """(wide encoding or "", length of the byte order mark); text without a mark shows UTF-16 by its zero bytes."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return ("" if name == "utf-8" else name), len(mark)
    if len(head) >= 4 and head[0] and head[2] and not head[1] and not head[3]:
        return "utf-16-le", 0
    if len(head) >= 4 and head[1] and head[3] and not head[0] and not head[2]:
        return "utf-16-be", 0
    return "", 0


def as_utf8(file: BinaryIO) -> BinaryIO:
    """A file just opened, behind its byte order mark and as UTF-8, for parsers that know no other encoding."""
    wide, mark = sniff_encoding(file.read(4))
    file.seek(mark)
    return cast("BinaryIO", codecs.EncodedFile(file, "utf-8", wide)) if wide else file


def read_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    r"""Yield (bytes with "\n" as the only line end, bytes of the file consumed so far).

    A byte order mark is taken off, UTF-16 and UTF-32 become UTF-8; bytes that are neither are handed on as they are.
    CR, CRLF and CRCRLF become one "\n" each; NUL bytes go.
    """
    raw = file.read(CHUNK)
    wide, mark = sniff_encoding(raw)
    decoder = codecs.getincrementaldecoder(wide)("replace") if wide else None
    done, held = len(raw), b""
    raw = raw[mark:]
    while raw or held:
        last = not raw
        data = decoder.decode(raw, last).encode("utf-8", "replace") if decoder else raw
        data = held + data
        body = data if last else data.rstrip(b"\r")  # a line end may go on in the next chunk
        held = data[len(body) :]
        if body:
            yield _one_line_end(body), done
        if last:
            return
        raw = file.read(CHUNK)
        done += len(raw)


def _one_line_end(data: bytes) -> bytes:
    if b"\0" in data:  # no text has it, and not every database takes it
        data = data.replace(b"\0", b"")
    if b"\r" not in data:
        return data
    return data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def read_lines(file: BinaryIO, *, limit: int) -> Iterator[tuple[bytes, int, bool]]:
    """Yield (line without its end, bytes consumed so far, whole) for each line.

    Of a line longer than `limit` bytes only the beginning is given, with whole=False. The last line has
    whole=True even if the file does not end with a line end.
    """
    rest, skipping, done = b"", False, 0
    for chunk, done in read_chunks(file):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if not skipping:
                yield line[:limit], done, len(line) <= limit
            skipping = False
        if len(rest) > limit:
            if not skipping:
                yield rest[:limit], done, False
            rest, skipping = b"", True
    if rest and not skipping:
        yield rest, done, True


def read_text_lines(file: BinaryIO, *, limit: int) -> Iterator[tuple[int, bytes, int]]:
    """Yield (number from 1, line, bytes consumed so far) of each line that is text, as `read_lines` cuts them.

    Ends where no more text is to be expected.
    """
    watch = NoiseWatch()
    for number, (line, done, _) in enumerate(read_lines(file, limit=limit), 1):
        if not watch.is_noise(line):
            yield number, line, done
        elif watch.is_over:
            return

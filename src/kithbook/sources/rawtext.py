"""Text files of unknown encoding and line ends, brought to UTF-8 bytes with one kind of line end, in chunks."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

CHUNK = 1 << 18
_MARKS = (  # the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


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

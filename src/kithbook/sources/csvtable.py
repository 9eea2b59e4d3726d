"""CSV files as programs and spreadsheets really write them: any encoding, line end and separator, broken rows."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from kithbook.core.charsets import guess_charset
from kithbook.core.mailwords import decode_bytes
from kithbook.sources.rawtext import NoiseWatch, read_lines

MAX_LINE = 1 << 20
_MAX_ROW_LINES = 100
_SEARCHED_ROWS = 30
_TELLING = 1 << 16
"""Bytes of lines in an unknown encoding after which it is taken for Western."""

_SEPARATORS = ",;\t"

Row = tuple[int, list[str] | None]


class Table(NamedTuple):
    """`columns` are the names in the header as written, `rows` gives (line number, cells) of each row after it.

    Cells are trimmed. A row that could not be read has None for cells. Rows that are blank are left out.
    """

    columns: tuple[str, ...]
    rows: Iterator[Row]


class _Lines:
    """Decoded lines with their numbers; lines can be given back."""

    def __init__(self, file: BinaryIO, consumed: Callable[[int], None]) -> None:
        self._raw = enumerate(read_lines(file, limit=MAX_LINE), start=1)
        self._waiting: deque[tuple[int, str, bool]] = deque()
        self._consumed = consumed
        self._watch = NoiseWatch()
        self._strange, self._charset = b"", ""

    def _decode(self, raw: bytes) -> str:
        """The text of a line; from lines that are no UTF-8 the encoding is guessed, until it is clear."""
        if not self._charset and len(self._strange) < _TELLING and not _is_utf8(raw):
            self._strange += raw + b"\n"
            self._charset = guess_charset(self._strange)
        return raw.decode(self._charset, "replace") if self._charset and not _is_utf8(raw) else decode_bytes(raw)

    def next(self) -> tuple[int, str, bool] | None:
        """(number, text, whole) of the next line; None at the end."""
        if self._waiting:
            return self._waiting.popleft()
        for number, (raw, done, whole) in () if self._watch.is_over else self._raw:
            self._consumed(done)
            if self._watch.is_noise(raw):
                return number, "", False  # rows that cannot be read, until it is clear that no more will follow
            return number, self._decode(raw), whole
        return None

    def give_back(self, lines: list[tuple[int, str, bool]]) -> None:
        """Put lines in front again."""
        self._waiting.extendleft(reversed(lines))


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read_row(lines: _Lines, separator: str) -> Row | None:
    """The next row, over several lines where a quoted cell has them."""
    taken: list[tuple[int, str, bool]] = []

    def feed() -> Iterator[str]:
        while len(taken) < _MAX_ROW_LINES:
            line = lines.next()
            if line is None:
                return
            taken.append(line)
            yield line[1] + "\n"

    try:
        cells: list[str] | None = next(csv.reader(feed(), delimiter=separator, strict=True), [])
    except csv.Error:  # a quote that never closes must not swallow the rows after it
        cells = None
        if taken:
            lines.give_back(taken[1:])
            del taken[1:]
            cells = _read_alone(taken[0][1], separator)
    if not taken:
        return None
    number, _, whole = taken[0]
    return number, [cell.strip() for cell in cells] if whole and cells is not None else None


def _read_alone(line: str, separator: str) -> list[str] | None:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return None


def read_table(
    file: BinaryIO, is_header: Callable[[frozenset[str]], bool], consumed: Callable[[int], None] = lambda _: None
) -> Table | tuple[str, ...]:
    """Find the header among the first rows by its content and read the table under it, one row at a time.

    `is_header` is asked with the lower-cased cells of a row. Without any such row the cells of the first row that
    has several are returned instead of a table, for the message. `consumed` is told how many bytes were read.
    """
    lines = _Lines(file, consumed)
    first: tuple[str, ...] = ()
    for _ in range(_SEARCHED_ROWS):
        line = lines.next()
        if line is None:
            break
        for separator in _SEPARATORS:
            columns = tuple(cell.strip() for cell in _read_alone(line[1], separator) or ())
            if line[2] and is_header(frozenset(cell.lower() for cell in columns)):
                return Table(columns, _rows(lines, separator))
            if not first and len(columns) > 1:
                first = columns
    return first


def _rows(lines: _Lines, separator: str) -> Iterator[Row]:
    while (row := _read_row(lines, separator)) is not None:
        if row[1] is None or any(row[1]):
            yield row

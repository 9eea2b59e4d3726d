"""The rows of a database dump: INSERT statements, read from the text alone. Nothing is ever executed.

Understood is what MySQL's and MariaDB's dump tools write, and what programs print themselves: one or many rows a
statement, with or without column names (those of CREATE TABLE then), quotes doubled or escaped by backslashes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import BinaryIO, NamedTuple

from kithbook.core.mailwords import decode_bytes
from kithbook.sources.rawtext import clean_text, read_chunks

LONGEST = 8 << 20
"""Bytes of one row, or of one text in what is skipped; what is longer is broken."""

MOST_BROKEN = 1_000
_NAME = rb"[`\"]?(?:[\w$-]+[`\"]?\.[`\"]?)?([\w$]+)[`\"]?"
_BETWEEN = re.compile(rb"(?:[\s;]++|#[^\n]*+\n|--(?=\s)[^\n]*+\n|/\*(?:[^*]++|\*(?!/))*+\*/)++")
_INSERT = re.compile(
    rb"(?:INSERT|REPLACE)\s+(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE|OR)\s+)*(?:INTO\s+)?"
    + _NAME
    + rb"\s*(?:\(([^()]*)\)\s*)?VALUES?\s*(?=\()",
    re.IGNORECASE,
)
_CREATE = re.compile(rb"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?" + _NAME + rb"\s*\(", re.IGNORECASE)
_COLUMN = re.compile(rb"(?:^|[,(])\s*[`\"](\w+)[`\"]\s")
_KNOWN = re.compile(
    rb"(?:INSERT|REPLACE|CREATE|SET|DROP|ALTER|LOCK|UNLOCK|USE|START|BEGIN|COMMIT|DELETE|UPDATE)\b", re.IGNORECASE
)
_STRING = rb"'(?:[^'\\]++|\\.|'')*+'"
_DOUBLE = rb"\"(?:[^\"\\]++|\\.|\"\")*+\""
_CELL = re.compile(
    rb"\s*(?:(?:[A-Za-z_]\w*\s*)?(" + _STRING + rb"|" + _DOUBLE + rb")|([^\s,()'\"]*+)(?:\([^()']*\))?)\s*([,)])",
    re.DOTALL,
)
_REST = re.compile(rb"(?:[^'\"`;]++|" + _STRING + rb"|" + _DOUBLE + rb"|`[^`]*+`)++", re.DOTALL)
_RESUME = re.compile(rb"\)\s*(?=[,;])")
_NEXT = re.compile(rb"\s*,\s*(?=\()")
_OPEN: Mapping[re.Pattern[bytes], tuple[bytes, ...]] = {_BETWEEN: (b"#", b"-", b"/"), _REST: (b"'", b'"', b"`")}
"""What may go on in the text that is not read yet."""

_ESCAPE = {b"'": re.compile(r"\\(.)|''", re.DOTALL), b'"': re.compile(r'\\(.)|""', re.DOTALL)}
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "0": "", "b": "", "Z": ""}


class Row(NamedTuple):
    """One row of a table: its cells as text by column, None for NULL; `cells` is None where it cannot be read.

    `number` counts the rows of the table from 1, `done` is how many bytes of the file were read.
    """

    table: str
    number: int
    cells: dict[str, str | None] | None
    done: int


class CutOff(Exception):
    """The dump ends in the middle of a row or is broken beyond hope; the rows before are good."""


def read_rows(file: BinaryIO, wanted: Mapping[str, Set[str]]) -> Iterator[Row]:
    """The rows of the wanted tables, each with its wanted columns only; numbers stay as they are written.

    Memory is bounded by the longest row. Raises CutOff.
    """
    text = _Text(file)
    columns: dict[str, Sequence[str]] = {}
    counts: dict[str, int] = {}
    broken = 0
    while text.skip(_BETWEEN) or not text.is_over:
        if found := text.take(_INSERT):
            table = found[1].decode().lower()
            names = _names(found[2]) or columns.get(table, ())
            for cells in _values(text, names, wanted[table]) if table in wanted and names else ():
                counts[table] = counts.get(table, 0) + 1
                broken += cells is None
                if broken > MOST_BROKEN:
                    raise CutOff
                yield Row(table, counts[table], cells, text.done)
            text.skip(_REST)
        elif found := text.take(_CREATE):
            columns[found[1].decode().lower()] = _columns(text)
        elif text.starts(_KNOWN):
            text.skip(_REST)
        else:
            text.skip_line()


def _names(listed: bytes | None) -> Sequence[str]:
    return [name.strip(b'`" \t\n').decode("utf-8", "replace").lower() for name in (listed or b"").split(b",") if name]


def _columns(text: _Text) -> Sequence[str]:
    found: list[str] = []
    text.skip(_REST, lambda part: found.extend(name.decode().lower() for name in _COLUMN.findall(part)))
    return found


def _values(text: _Text, names: Sequence[str], wanted: Set[str]) -> Iterator[dict[str, str | None] | None]:
    """The rows after VALUES; what is left of the statement stays in the text."""
    while text.peek() == b"(":
        raw = text.row()
        good = raw is not None and len(raw) == len(names)
        yield (
            {name: _read(cell) for name, cell in zip(names, raw or (), strict=True) if name in wanted} if good else None
        )
        if not text.take(_NEXT):
            return


def _read(cell: bytes) -> str | None:
    """The text of a cell; a number is the text that it is written as, so that a phone keeps its zeros."""
    if cell[:1] in _ESCAPE:
        return clean_text(_ESCAPE[cell[:1]].sub(_unescape, decode_bytes(cell[1:-1])))
    return None if cell.upper() == b"NULL" else cell.decode("utf-8", "replace")


def _unescape(match: re.Match[str]) -> str:
    letter = match[1]
    return match[0][0] if letter is None else _LETTERS.get(letter, match[0] if letter in "%_" else letter)


class _Text:
    """The text from here on, of which as much is in memory as is looked at."""

    def __init__(self, file: BinaryIO) -> None:
        self._chunks = read_chunks(file)
        self._held, self._at = b"", 0
        self._ended = False
        self.done = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._held) and not self._more()

    def peek(self) -> bytes:
        """The next byte, b"" at the end."""
        return b"" if self.is_over else self._held[self._at : self._at + 1]

    def starts(self, pattern: re.Pattern[bytes]) -> bool:
        """Whether this comes next."""
        return pattern.match(self._held, self._at) is not None

    def take(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """What comes next, if it is this; it may be as long as a list of columns."""
        while len(self._held) - self._at < 1 << 16 and self._more():
            pass
        found = pattern.match(self._held, self._at)
        if found:
            self._at = found.end()
        return found

    def skip(self, pattern: re.Pattern[bytes], told: Callable[[bytes], object] = lambda _: None) -> bool:
        """Leave out as much of this as there is; whether something was left out. `told` is given what it was."""
        skipped = False
        while True:
            found = pattern.match(self._held, self._at)
            if found and found.end() > self._at:
                told(found[0])
                self._at, skipped = found.end(), True
            left = len(self._held) - self._at
            if left and not self._held.startswith(_OPEN[pattern], self._at):
                return skipped
            if left <= LONGEST and self._more():
                continue
            if not left:
                return skipped
            self._at += 1  # what begins here never ends
            skipped = True

    def skip_line(self) -> None:
        """Leave out the rest of a line that is no SQL."""
        while True:
            end = self._held.find(b"\n", self._at)
            self._at = len(self._held) if end < 0 else end + 1
            if end >= 0 or not self._more():
                return

    def row(self) -> list[bytes] | None:
        """The cells of the row that begins here, None where it cannot be read. Raises CutOff where the text ends."""
        while True:
            cells, at = [], self._at + 1
            while found := _CELL.match(self._held, at):
                cells.append(found[1] or found[2])
                at = found.end()
                if found[3] == b")":
                    self._at = at
                    return cells
            if len(self._held) - self._at > LONGEST or not self._more():
                break
        found = _RESUME.search(self._held, at)
        if not found:
            raise CutOff
        self._at = found.end()
        return None

    def _more(self) -> bool:
        """Read on; False at the end."""
        if self._ended:
            return False
        found = next(self._chunks, None)
        if found is None:
            self._ended = True
            return False
        self._held, self.done = self._held[self._at :] + found[0], found[1]
        self._at = 0
        return True

"""Address books: one or many vCards in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from os import PathLike, fspath
from pathlib import Path
from typing import BinaryIO, NamedTuple

from kithbook.core.cardfields import card_from_lines
from kithbook.core.cards import logical_lines
from kithbook.core.charsets import judge_charset
from kithbook.core.records import Counted, Problem
from kithbook.sources.base import Progress, Record
from kithbook.sources.opening import told_plainly
from kithbook.sources.rawtext import read_chunks

MAX_CARD = 4 << 20
"""A card of more bytes than this is a Problem: no address book needs it, and the memory stays bounded."""

_EDGE = re.compile(rb"^(?:\xef\xbb\xbf)?(BEGIN|END)[ \t]*:[ \t]*VCARD[ \t]*$", re.IGNORECASE | re.MULTILINE)
_AGENT = re.compile(rb"(?:^|\n)(?:[^\n.:;]+\.)?AGENT[^\n:]*:\s*\Z", re.IGNORECASE)
_NOTHING = b" \t\n\x00\x1a\xef\xbb\xbf"


class _Piece(NamedTuple):
    """A stretch of the file; `what` is "card", "cut" (the file ends in it), "large" or "text" (outside of cards)."""

    what: str
    line: int
    body: bytes


class _Splitter:
    """Cuts a stream of chunks into cards, holding at most one card and one chunk."""

    def __init__(self) -> None:
        self.rest = b""
        self.scanned = 0  # up to here `rest` holds no edge
        self.line = 1  # line number at the start of `rest`
        self.opened = 0  # line of the BEGIN that is open, 0 outside of cards
        self.depth = 0
        self.skipping = False  # inside of a card that is too large, or of text already reported

    def feed(self, chunk: bytes) -> Iterator[_Piece]:
        """Take the next chunk; yield what is complete."""
        self.rest += chunk
        end = self.rest.rfind(b"\n") + 1
        start = 0
        for edge in _EDGE.finditer(self.rest, self.scanned, end):
            body = self.rest[start : edge.start()]
            begins = edge[1][:1] in b"Bb"
            if self.opened and (begins or self.depth) and self._is_nested(body, begins=begins):
                continue
            piece = self._close(body)
            if piece:
                yield piece
            self.line += body.count(b"\n")
            self.opened = self.line if begins else 0
            start = edge.end()
        self.rest = self.rest[start:]
        self.scanned = end - start
        yield from self._bound()

    def finish(self) -> Iterator[_Piece]:
        """The end of the file: what is still open."""
        yield from self.feed(b"")
        last = self.rest.rpartition(b"\n")[2].strip(_NOTHING)
        edge = _EDGE.match(last)
        if edge:
            self.rest = self.rest[: len(self.rest) - len(self.rest.rpartition(b"\n")[2])]
            self.scanned = 0
        if self.opened and last and not edge and not self.skipping:
            yield _Piece("cut", self.opened, self.rest[: len(self.rest) - len(self.rest.rpartition(b"\n")[2])])
        else:
            piece = self._close(self.rest)
            if piece:
                yield piece
        self.rest = b""

    def _is_nested(self, body: bytes, *, begins: bool) -> bool:
        if begins and _AGENT.search(body[-200:]):
            self.depth += 1
        elif not begins and self.depth:
            self.depth -= 1
        else:
            self.depth = 0
            return False
        return True

    def _close(self, body: bytes) -> _Piece | None:
        self.depth = 0
        if self.skipping:
            self.skipping = False
        elif self.opened:
            return _Piece("card" if len(body) <= MAX_CARD else "large", self.opened, body)
        elif body.strip(_NOTHING):
            return _Piece("text", self.line, b"")
        return None

    def _bound(self) -> Iterator[_Piece]:
        """Report and drop what has become too long to be held."""
        if not self.opened and self.scanned:
            outside = self.rest[: self.scanned]
            if outside.strip(_NOTHING) and not self.skipping:
                yield _Piece("text", self.line, b"")
                self.skipping = True
            self._drop(self.scanned)
        if len(self.rest) > MAX_CARD:
            if not self.skipping:
                yield _Piece("large" if self.opened else "text", self.opened or self.line, b"")
                self.skipping = True
            # A line that is not finished may yet be an edge only if it is short.
            self._drop(self.scanned if len(self.rest) - self.scanned < 100 else len(self.rest))

    def _drop(self, length: int) -> None:
        self.line += self.rest.count(b"\n", 0, length)
        self.rest = self.rest[length:]
        self.scanned = max(0, self.scanned - length)


class VcardSource:
    """The cards of one file, in its order.

    A card without anybody in it is Counted: "empty card", or "not a person" for places and devices. A broken line
    spoils only itself and stays in `Card.lines`. Text that is neither UTF-8 nor says what it is gets the encoding that
    all such text of the file looks like, and `notes` has a sentence about it. Raises NotFound or Unavailable where the
    file cannot be opened.
    """

    kind = "vcard"

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = fspath(path)
        self.notes: tuple[str, ...] = ()

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield a Card, Counted or Problem for each card; memory is bounded by the largest card allowed."""
        path = Path(self.path)
        with told_plainly(path):
            size = path.stat().st_size
            file = path.open("rb")
        cards, name = 0, path.name
        with file:
            splitter, charset = _Splitter(), ""
            try:
                charset = self._find_charset(file)
                for chunk, done in read_chunks(file):
                    for piece in splitter.feed(chunk):
                        cards += piece.what != "text"
                        yield _read_piece(piece, name, charset)
                    if progress:
                        progress(done, size)
            except OSError as error:
                yield Problem(name, f"Reading stopped: {error.strerror}.")
            for piece in splitter.finish():
                cards += piece.what != "text"
                yield _read_piece(piece, name, charset)
                if piece.what == "cut":
                    yield Problem(
                        f"{name}, line {piece.line}",
                        "The file ends in the middle of this card; its unfinished last line was left out.",
                    )
        if not cards:
            yield Problem(name, "There is no vCard in this file.")

    def _find_charset(self, file: BinaryIO) -> str:
        """The encoding of text that does not say it; read once for that, which costs little where all is UTF-8."""
        charset, self.notes = judge_charset(Path(self.path).name, (chunk for chunk, _ in read_chunks(file)))
        file.seek(0)
        return charset


def _read_piece(piece: _Piece, name: str, charset: str) -> Record:
    where = f"{name}, line {piece.line}"
    if piece.what == "text":
        return Problem(where, "Text outside of a card was left out.")
    if piece.what == "large":
        return Problem(where, f"This card is larger than {MAX_CARD >> 20} MB and was left out.")
    card = card_from_lines(logical_lines(piece.body, charset), where)
    return Counted("not a person" if card.name else "empty card", where) if card.hidden else card

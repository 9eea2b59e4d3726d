"""Large JSON files read piece by piece, so that memory does not grow with them."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import ijson

from kithbook.sources.base import Progress
from kithbook.sources.opening import told_plainly
from kithbook.sources.rawtext import as_utf8, clean_text

SCALARS = frozenset(("string", "number", "boolean", "null"))
LARGEST_ITEM = 200_000
"""Events of one item; a larger one is cut off there (a message has a few dozen)."""

LONGEST_STRING = 8 << 20
"""Bytes without a quotation mark after which it is no export; the parser would hold them all in memory."""

LONGEST_PREFIX = 1_000
"""Characters of the path to a value; each level of nesting adds to it, and every step of the parser copies it."""

BUFFER = 1 << 13
"""Bytes that the parser takes at once, and works off before anything here sees how deep it got."""

Piece = tuple[str, Mapping[str, Any], Any]
"""(prefix of the list, scalars read so far of the object around it, one item of the list)."""


class _Guarded:
    """A file whose bytes are handed on until a text in it grows too long."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._since = file, 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes; raises CutOff inside of an endless text."""
        data = self._file.read(size)
        last = data.rfind(b'"')
        self._since = self._since + len(data) if last < 0 else len(data) - last
        if self._since > LONGEST_STRING:
            raise CutOff(f"a text of more than {LONGEST_STRING >> 20} MB")
        return data


class CutOff(Exception):
    """The JSON ends early or is broken; what was yielded before is good."""


def stream_items(path: str, lists: Mapping[str, str], progress: Progress | None = None) -> Iterator[Piece]:
    """Yield the items of the lists with these prefixes; `lists` maps each to the prefix of the object around it.

    Raises CutOff where the JSON is broken, NotFound or Unavailable where the file cannot be opened.
    """
    with told_plainly(Path(path)):
        size = Path(path).stat().st_size
        opened = Path(path).open("rb")  # noqa: SIM115  closed below; only opening is told as the user's mistake
    with opened as file:
        try:
            yield from _items(as_utf8(file), lists, progress, size)
        except (ijson.JSONError, UnicodeDecodeError) as error:
            early = isinstance(error, ijson.IncompleteJSONError) and "premature" in str(error)
            raise CutOff("it ends too early" if early else "what follows is no JSON") from None


def head_items(head: bytes, lists: Mapping[str, str]) -> Iterator[Piece]:
    """The items that the first bytes of a file hold; see `stream_items`. What is cut off or broken just ends it."""
    with contextlib.suppress(ijson.JSONError, UnicodeDecodeError, CutOff):
        yield from _items(as_utf8(io.BytesIO(head)), lists, None, len(head))


def head_texts(head: bytes) -> Iterator[tuple[str, str]]:
    """(prefix, text) of each text among the first bytes of a file."""
    with contextlib.suppress(ijson.JSONError, UnicodeDecodeError, CutOff):
        for prefix, event, value in ijson.parse(_Guarded(as_utf8(io.BytesIO(head))), buf_size=BUFFER):
            if len(prefix) > LONGEST_PREFIX:
                return
            if event == "string":
                yield prefix, clean_text(value)


def _items(file: BinaryIO, lists: Mapping[str, str], progress: Progress | None, size: int) -> Iterator[Piece]:
    around: dict[str, dict[str, Any]] = {outer: {} for outer in lists.values()}
    builder: Any = None
    inside, events = "", 0
    wanted = {f"{prefix}.item".lstrip("."): prefix for prefix in lists}
    for prefix, event, raw in ijson.parse(_Guarded(file), buf_size=BUFFER, use_float=True):
        if len(prefix) > LONGEST_PREFIX:
            raise CutOff("more levels than any export has")
        value = clean_text(raw) if event == "string" else raw
        if builder is not None:
            events += 1
            if events < LARGEST_ITEM:
                builder.event(event, value)
            if prefix == inside and event in ("end_map", "end_array"):
                yield wanted[inside], around[lists[wanted[inside]]], builder.value
                builder = None
                if progress:
                    progress(min(file.tell(), size), size)
        elif prefix in wanted:
            if event in SCALARS:
                yield wanted[prefix], around[lists[wanted[prefix]]], value
            elif event in ("start_map", "start_array"):
                builder, inside, events = ijson.ObjectBuilder(), prefix, 0
                builder.event(event, value)
        elif event in SCALARS:
            outer, _, name = prefix.rpartition(".")
            if outer in around:
                around[outer][name] = value
        elif event == "start_map" and prefix in around:
            around[prefix] = {}

"""The port: what every source of records offers. One conformance suite tests all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from kithbook.core.records import Card, Counted, Deed, Exchange, Mail, Problem, Remark

Record = Mail | Card | Exchange | Deed | Remark | Counted | Problem
Progress = Callable[[int, int], None]
"""Called now and then with (bytes done, bytes in all)."""


class Source(Protocol):
    """Something that can be read from the beginning as often as wanted.

    `kind` names the format ("mbox", "maildir", "eml", "vcard", "linkedin").
    `records()` yields good records and Problems in order; it raises nothing for bad content.
    """

    @property
    def kind(self) -> str:
        """The name of the format."""
        ...

    @property
    def path(self) -> str:
        """Where it lies, for messages."""
        ...

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield everything in the source, one record at a time, in bounded memory."""
        ...

"""The smallest honest source: a list of records held in memory, for tests and for what a program makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kithbook.sources.base import Progress, Record


@dataclass(frozen=True)
class MemorySource:
    """Yields the given records."""

    items: Sequence[Record]
    kind: str = "memory"
    path: str = "memory"

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield the given records in their order."""
        for number, item in enumerate(self.items, start=1):
            yield item
            if progress:
                progress(number, len(self.items))

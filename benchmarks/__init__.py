"""Reproducible measurements: `python -m benchmarks` runs them all and prints one table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Figure(NamedTuple):
    """One line of the table: what was measured, the figure with its unit, and what it should be at most or at least."""

    what: str
    found: str
    ask: str = ""


def table(figures: Iterable[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [f"| {one.what} | {one.found} | {one.ask} |" for one in figures]
    return "\n".join(("| what | measured | ask |", "|---|---|---|", *rows))

"""What people type on the command line, read the same way by every command."""

from __future__ import annotations

import argparse
import datetime as dt

from kithbook.core.errors import Invalid


def read_day(text: str | None) -> dt.date | None:
    """A day like 2026-11-21, None where nothing was said; raises Invalid."""
    from kithbook.core.partialdates import FIRST_YEAR, LAST_YEAR

    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"“{text[:40]}” is not a date.", "Write it like 2026-11-21.") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid(f"{text} is too far away.", f"Give a day between {FIRST_YEAR} and {LAST_YEAR}.")
    return day


def read_stage(text: str) -> int:
    """The number of a stage from 1 to 7, or of its name; argparse reports anything else as wrong usage."""
    from kithbook.core.stages import STAGES

    for rule in STAGES:
        if text.strip().lower() in (str(rule.number), rule.name.lower()):
            return rule.number
    names = ", ".join(f"{rule.number} {rule.name}" for rule in STAGES)
    raise argparse.ArgumentTypeError(f"“{text[:40]}” is no stage: {names}")


def read_path(text: str) -> str:
    """A path that is not empty; raises Invalid."""
    if not text.strip():
        raise Invalid("A path is empty.", "Name the file or folder.")
    return text

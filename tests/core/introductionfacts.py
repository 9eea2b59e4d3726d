"""An introduction for tests of its rules: days counted from the day it was thought of."""

from __future__ import annotations

from datetime import date, timedelta

from kithbook.core.introductions import MINE, Facts

DAY = date(2026, 3, 2)


def at(days: int) -> date:
    return DAY + timedelta(days=days)


def facts(state: str, *steps: tuple[str, int], role: str = MINE, **more: object) -> Facts:
    """An introduction thought of on day 0, with steps (state, day)."""
    return Facts(role, state, DAY, tuple((name, at(day)) for name, day in steps), **more)  # type: ignore[arg-type]


MADE = ("made", 0)

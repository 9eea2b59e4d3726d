"""Server-side charts: points and sums for SVG templates. Every chart has its numbers as a table beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT = 600.0, 100.0
LABELS = 3
TABLE_ROWS = 13


def warmth_line(history: Sequence[tuple[dt.date, float]]) -> dict[str, Any] | None:
    """Points of warmth (0 to 1) over time in a box of 600 by 100, top is 1; None for fewer than two points.

    The box is stretched to its place, so text stands outside of it as HTML and keeps its size on phones.
    """
    if len(history) < 2:
        return None
    first, last = history[0][0], history[-1][0]
    days = max(1, (last - first).days)
    points = [(WIDTH * (day - first).days / days, HEIGHT * (1 - min(1.0, max(0.0, value)))) for day, value in history]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    labels = [first + dt.timedelta(days=round(days * step / (LABELS - 1))) for step in range(LABELS)]
    step = max(1, -(-len(history) // TABLE_ROWS))
    table = list(history[::-1][::step])
    return {"line": line, "area": f"0,{HEIGHT:.0f} {line} {WIDTH:.0f},{HEIGHT:.0f}", "labels": labels, "table": table}

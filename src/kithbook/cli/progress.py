"""A progress bar on standard error for what takes longer than a second."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from kithbook.cli.printing import visible

WIDTH = 30
FIRST_AFTER_S, AGAIN_AFTER_S = 1.0, 0.2


class Bar:
    """Shows how far a file is read; silent where standard error is no terminal or the work is quick."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._shown_at = 0.0
        self._is_terminal = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def step(self, name: str, done: int, total: int) -> None:
        """Say that `done` of `total` bytes of a file are read."""
        now = time.monotonic()
        if now - self._started < FIRST_AFTER_S or now - self._shown_at < AGAIN_AFTER_S or not self._is_terminal:
            return
        self._shown_at = now
        share = min(1.0, done / total) if total else 0.0
        filled = round(share * WIDTH)
        left = (now - self._started) * (1 - share) / share if share > 0.01 else 0
        bar = "█" * filled + "·" * (WIDTH - filled)
        sys.stderr.write(f"\r{visible(name[:30])}  {bar} {share:4.0%}  about {left:.0f} s left \x1b[K")
        sys.stderr.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown_at:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

"""Progress on standard error, where that is a terminal, for what takes longer than a second."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from types import TracebackType
from typing import Self

from kithbook.cli.printing import visible

WIDTH = 30
WIPE = "\x1b[K"
FIRST_AFTER_S, AGAIN_AFTER_S = 1.0, 0.2


class Waiting:
    """Says every second that a command is still at work; `what` is what it does."""

    def __init__(self, what: str = "At work") -> None:
        self._what = what
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._show, daemon=True) if sys.stderr.isatty() else None

    def __enter__(self) -> Self:
        if self._thread:
            self._thread.start()
        return self

    def _show(self) -> None:
        seconds = 0
        while not self._over.wait(FIRST_AFTER_S):
            seconds += 1
            _say(f"\r{self._what}: {seconds} s{WIPE}")
        if seconds:
            _say(f"\r{WIPE}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread:
            self._thread.join()


def _say(text: str) -> None:
    with contextlib.suppress(OSError):  # a terminal that was closed is nobody's fault
        sys.stderr.write(text)
        sys.stderr.flush()


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
        _say(f"\r{visible(name[:30])}  {bar} {share:4.0%}  about {left:.0f} s left {WIPE}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown_at:
            _say(f"\r{WIPE}")

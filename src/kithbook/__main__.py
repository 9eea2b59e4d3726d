"""`python -m kithbook` is `kith`."""

from __future__ import annotations

from kithbook.cli.main import run

run()

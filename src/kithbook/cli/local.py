"""The owner of this install, for commands."""

from __future__ import annotations

from typing import Any

from kithbook.services import starting


def local_owner() -> Any:
    """The local owner, with the database brought up to date first."""
    starting.ensure_schema()
    from kithbook.services import owners

    return owners.local_owner()

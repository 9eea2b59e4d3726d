"""A list of ids as one parameter of a statement.

Ids written into the text would make every statement a new one; the driver keeps the last hundred of them prepared,
which for lists of thousands is tens of megabytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import connection


def in_list() -> str:
    """What stands behind `column IN`; its one parameter is `as_list(ids)`."""
    if connection.vendor == "sqlite":
        return "(SELECT value FROM json_each(%s))"
    return "(SELECT unnest(%s::bigint[]))"


def as_list(ids: Sequence[int]) -> str | list[int]:
    """The parameter for these ids."""
    plain = [int(one) for one in ids]
    return json.dumps(plain) if connection.vendor == "sqlite" else plain

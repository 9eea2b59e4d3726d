"""Which people appeared side by side on one message."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from kithbook.store import contacts
from kithbook.store.listing import as_list, in_list

Pairs = Sequence[tuple[int, int]]


def appeared_together(owner_id: int, pairs: Pairs) -> frozenset[tuple[int, int]]:
    """Those of the pairs whose two people took part in one interaction."""
    found: set[tuple[int, int]] = set()
    for part in contacts.chunks(list(pairs), 500):  # type: ignore[arg-type]
        wanted = set(part)
        ids = sorted({person for pair in part for person in pair})  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT DISTINCT a.person_id, b.person_id FROM kith_participant a
                    JOIN kith_participant b ON b.owner_id = a.owner_id AND b.interaction_id = a.interaction_id
                      AND b.person_id > a.person_id
                    WHERE a.owner_id = %s AND a.person_id IN {in_list()} AND b.person_id IN {in_list()}""",
                [owner_id, as_list(ids), as_list(ids)],
            )
            found |= {pair for pair in cursor.fetchall() if pair in wanted}
    return frozenset(found)

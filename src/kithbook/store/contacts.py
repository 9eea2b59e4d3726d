"""Reads the log of interactions in bulk, as plain rows for arrays. No rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.db import connection

from kithbook.store.listing import as_list, in_list

CHUNK = 2_000
FETCHED = 5_000
ROWS = 50_000
"""So many rows of the log are looked at together, so that memory does not grow with the mailbox."""

Row = tuple[int, int, str, int, int, int | None, bool]
"""person id, epoch seconds, channel, direction, size, minutes, counts"""

_SQL = """
    SELECT p.person_id, i.at, i.channel, i.direction, i.size, i.minutes, i.counts
    FROM kith_participant p JOIN kith_interaction i ON i.id = p.interaction_id
    WHERE p.owner_id = %s AND p.role <> 'also' AND p.person_id IN {ids}
"""


def contact_rows(owner_id: int, person_ids: Sequence[int]) -> Iterator[list[Row]]:
    """Every interaction in which these people exchanged with the owner, unordered, some thousands at a time."""
    if not person_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(ids=in_list()), [owner_id, as_list(person_ids)])
        while rows := cursor.fetchmany(FETCHED):
            yield rows


def chunks(ids: Sequence[int], size: int = CHUNK) -> Iterator[Sequence[int]]:
    """The ids in runs short enough for one statement."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def runs_of_people(owner_id: int, people: Sequence[int]) -> Iterator[list[int]]:
    """The people in runs whose logs together have about 50,000 rows at most; somebody with more is a run alone."""
    run: list[int] = []
    rows = 0
    for part in chunks(people):
        counts = _count_rows(owner_id, part)
        for person in part:
            count = counts.get(person, 0)
            if run and (rows + count > ROWS or len(run) >= CHUNK):
                yield run
                run, rows = [], 0
            run.append(person)
            rows += count
    if run:
        yield run


def sample_of_people(owner_id: int, most_people: int, most_rows: int) -> list[int]:
    """Kept people with exchanges, in the order of their (random) ids, until there are so many of them or their rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT p.person_id, COUNT(*) FROM kith_participant p JOIN kith_person k ON k.id = p.person_id
               WHERE p.owner_id = %s AND k.standing = 'kept' GROUP BY p.person_id ORDER BY p.person_id""",
            [owner_id],
        )
        found: list[int] = []
        rows = 0
        for person, count in cursor.fetchall():
            if len(found) == most_people:
                break
            if rows + count <= most_rows or not found:
                found.append(person)
                rows += count
        return found


def _count_rows(owner_id: int, people: Sequence[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, COUNT(*) FROM kith_participant "
            f"WHERE owner_id = %s AND person_id IN {in_list()} GROUP BY person_id",
            [owner_id, as_list(people)],
        )
        return dict(cursor.fetchall())


def people_in_batch(owner_id: int, batch_id: int) -> set[int]:
    """People who exchanged with the owner in the interactions of one batch."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT p.person_id FROM kith_interaction i
               JOIN kith_participant p ON p.owner_id = i.owner_id AND p.interaction_id = i.id
               WHERE i.owner_id = %s AND i.batch_id = %s""",
            [owner_id, batch_id],
        )
        return {row[0] for row in cursor.fetchall()}


class Seen(NamedTuple):
    """How often somebody was on a mail, how often they wrote it, and how many different people wrote the mails."""

    mails: int
    written: int
    writers: int


def appearances(owner_id: int, people: Sequence[int]) -> dict[int, Seen]:
    """How these people appear in the log."""
    found: dict[int, Seen] = {}
    for part in chunks(people):
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT p.person_id, COUNT(*), SUM(CASE WHEN p.role = 'from' THEN 1 ELSE 0 END),
                           COUNT(DISTINCT w.person_id)
                    FROM kith_participant p LEFT JOIN kith_participant w
                      ON w.owner_id = p.owner_id AND w.interaction_id = p.interaction_id AND w.role = 'from'
                    WHERE p.owner_id = %s AND p.person_id IN {in_list()} GROUP BY p.person_id""",
                [owner_id, as_list(part)],
            )
            found |= {row[0]: Seen(*row[1:]) for row in cursor.fetchall()}
    return found


def save_ties(owner_id: int, version: int, states: Sequence[tuple[int, bytes]]) -> None:
    """Write the state of ties, replacing what is there."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO kith_tie (person_id, owner_id, version, state) VALUES (%s, %s, %s, %s)
               ON CONFLICT (person_id) DO UPDATE SET version = excluded.version, state = excluded.state""",
            [(person, owner_id, version, state) for person, state in states],
        )


def delete_ties(owner_id: int, person_ids: Sequence[int]) -> None:
    """Forget the states of these ties."""
    for part in chunks(person_ids):
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM kith_tie WHERE owner_id = %s AND person_id IN {in_list()}", [owner_id, as_list(part)]
            )


def load_ties(owner_id: int, person_ids: Sequence[int] | None = None) -> list[tuple[int, int, bytes]]:
    """Person id, version and state of every tie of the owner, or of the named people."""
    some, listed = ("", []) if person_ids is None else (f" AND person_id IN {in_list()}", [as_list(person_ids)])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT person_id, version, state FROM kith_tie WHERE owner_id = %s{some}", [owner_id, *listed])
        return cursor.fetchall()

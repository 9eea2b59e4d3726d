"""Reads the bank in bulk, as plain rows. No rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from kithbook.store.listing import as_list, in_list

_SQL = """
    SELECT p.person_id, e.id, e."on", e.direction, e.kind, e.size, e.was_asked, e.is_meaningful, e.outside_balance,
        e.cause_entry_id, i.channel, e.referral_id, r.outcome_on, e.note, e.turn
    FROM kith_entry_party p
    JOIN kith_ledger_entry e ON e.id = p.entry_id
    LEFT JOIN kith_interaction i ON i.id = e.interaction_id
    LEFT JOIN kith_referral r ON r.id = e.referral_id
    WHERE p.owner_id = %s{people}
    ORDER BY e."on", e.turn, e.id
"""


class LedgerRow(NamedTuple):
    """One entry with one of its people; `channel` is that of the exchange it belongs to, None where there is none."""

    person: int
    entry: int
    on: dt.date
    direction: str
    kind: str
    size: int
    asked: bool
    meaningful: bool | None
    outside: bool
    cause: int | None
    channel: str | None
    referral: int | None
    result_on: dt.date | None
    note: str
    turn: int


def read(owner_id: int, people: Sequence[int] | None = None) -> list[LedgerRow]:
    """Every entry with these people (with everybody if None), by day; one of several people once for each."""
    if people is not None and not people:
        return []
    part = "" if people is None else f" AND p.person_id IN {in_list()}"
    given = [owner_id] if people is None else [owner_id, as_list(people)]
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(people=part), given)
        return list(map(LedgerRow._make, cursor.fetchall()))

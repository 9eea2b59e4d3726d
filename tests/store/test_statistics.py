"""After many rows were written the database knows that its tables are no longer empty."""

from __future__ import annotations

import pytest
from django.db import connection

from kithbook.store import statistics
from kithbook.store.models import Owner

pytestmark = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite goes by its indexes alone")


def test_a_network_just_written_is_joined_as_what_it_is(village: Owner) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'kith_participant'")
        known = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM kith_participant")
        there = cursor.fetchone()[0]
    assert there > statistics.MANY
    assert known == pytest.approx(there, rel=0.1)


def test_a_few_rows_are_not_worth_a_look(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'kith_batch'")
        before = cursor.fetchone()[0]
        statistics.refresh(statistics.MANY - 1)
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'kith_batch'")
        assert cursor.fetchone()[0] == before

"""What is kept in memory: read once, anew after every change and every hour, never out of a transaction."""

from __future__ import annotations

import pytest

from kithbook.services import owners, preferences, remembering, ties
from kithbook.services.remembering import remembered
from kithbook.store.models import Owner
from tests.services.factories import person
from tests.services.helpers import set_clock


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no transaction was open, though every test runs in one."""

    class Connection:
        in_atomic_block = False

    monkeypatch.setattr(remembering, "connection", Connection())
    monkeypatch.setattr(remembering, "_kept", {})


@pytest.mark.usefixtures("outside")
def test_an_answer_is_kept_until_something_changes(
    owner: Owner, stranger: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, object]] = []

    @remembered
    def look(owner: Owner, what: object = "", *, how: str = "") -> int:
        asked.append((owner.pk, (what, how)))
        return len(asked)

    assert [look(owner), look(owner), look(owner, "x"), look(owner, "x"), look(owner, how="x")] == [1, 1, 2, 2, 3]
    assert look(stranger) == 4
    assert [look(owner, [7]), look(owner, [7]), look(owner, [7, 8]), look(owner, [7, 8])] == [5, 5, 6, 7]
    owners.touch_revision(owner)
    assert (look(owner), look(stranger)) == (8, 4)
    preferences.remember(owner, "tips", lambda _: {"a": "b"})
    assert look(owner) == 9
    set_clock(monkeypatch, "2026-11-21T10:00:00+00:00")
    assert look(owner) == 10


def test_inside_a_transaction_nothing_is_kept(owner: Owner) -> None:
    before = len(ties.table(owner))
    person(owner, "Ada Berg")
    Owner.objects.filter(pk=owner.pk).update(revision=0)
    assert len(ties.table(owner)) == before + 1


@pytest.mark.usefixtures("outside")
def test_a_table_that_is_shared_cannot_be_changed(owner: Owner) -> None:
    person(owner, "Ada Berg")
    table = ties.table(owner)
    assert table is ties.table(owner)
    with pytest.raises(ValueError, match="read-only"):
        table.stage[0] = 7

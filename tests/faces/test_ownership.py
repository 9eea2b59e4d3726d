"""Nobody reaches another owner's rows, whatever the operation; and whatever changes a row is seen at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from kithbook.core.errors import NotFound
from kithbook.services import (
    calling,
    registry,
)
from kithbook.store.models import Owner
from tests.faces.operations import NOBODY, NOUNS, OPERATIONS, leads, plausible, rows_of, told


@pytest.mark.parametrize("noun", NOUNS)
def test_a_stranger_finds_nothing_of_alices(noun: str, network: Owner, stranger: Owner, ids: dict[str, Any]) -> None:
    before = rows_of(network)
    for operation in (one for name, one in OPERATIONS.items() if name.startswith(f"{noun}.")):
        with transaction.atomic():
            ask_as_stranger(operation, stranger, ids)
            assert rows_of(network) == before, operation.name
            transaction.set_rollback(True)


def ask_as_stranger(operation: registry.Operation, stranger: Owner, ids: dict[str, Any]) -> None:
    """Run an operation as somebody else on Alice's ids: it finds none, or says nothing of hers."""
    leading = [argument.name for argument in operation.arguments if leads(argument)]
    values = {a.name: ids.get(a.name, NOBODY) if leads(a) else plausible(operation, a) for a in operation.arguments}
    # The optional arguments have rules of their own that might refuse first.
    given_names = [a.name for a in operation.arguments if a.is_required or leads(a)]
    checked = calling.check(calling.arguments_model(operation), {name: values[name] for name in given_names})
    if leading:
        with pytest.raises(NotFound):
            operation.run(stranger, **checked)
    else:
        shown = told(operation, stranger, checked)
        assert ids["person"] not in shown, operation.name
        assert ids["batch"] not in shown, operation.name


@pytest.mark.parametrize("noun", sorted({name.partition(".")[0] for name, one in OPERATIONS.items() if not one.reads}))
def test_what_is_kept_in_memory_is_read_anew_after_every_change(noun: str, network: Owner, ids: dict[str, Any]) -> None:
    """Every operation that changes a row counts the owner's revision up, by which `remembered` answers are told."""

    def rows() -> dict[str, list[Any]]:
        return {
            name: rows for name, rows in rows_of(network).items() if name not in ("Device", "ApiToken", "ColumnMapping")
        }

    before, revision = rows(), Owner.objects.get(pk=network.pk).revision
    for operation in (one for name, one in OPERATIONS.items() if name.startswith(f"{noun}.") and not one.reads):
        values = {a.name: ids.get(a.name, plausible(operation, a)) for a in operation.arguments if a.is_required}
        with transaction.atomic():
            told(operation, network, calling.check(calling.arguments_model(operation), values))
            if rows() != before:
                assert Owner.objects.get(pk=network.pk).revision > revision, operation.name
            transaction.set_rollback(True)

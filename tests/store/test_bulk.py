"""Bulk inserts write what the models would have written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from kithbook.store.bulk import Inserter, known_keys
from kithbook.store.fields import InstantField
from kithbook.store.ids import IdRun, new_id
from kithbook.store.models import Identity, Interaction, LedgerEntry, Owner, Participant, Person, Touch
from tests.services.factories import person

MOMENT = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)


def needed(model: type[models.Model]) -> dict[str, Any]:
    """A value for each column that has no default."""
    found: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name == "id" or (not field.has_default() and not field.null):
            found[field.name] = _value(field)
    return found


def _value(field: models.Field[Any, Any]) -> Any:
    if isinstance(field, models.ForeignKey) or field.primary_key:
        return new_id()
    if isinstance(field, models.DateField):
        return MOMENT.date()
    if isinstance(field, models.BinaryField):
        return b"x"
    if isinstance(field, InstantField):
        return MOMENT
    return 1 if isinstance(field, models.IntegerField) else "text"


MODELS = [model for model in apps.get_app_config("store").get_models() if model._meta.db_table != "kith_participant"]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_columns_that_are_left_out_get_the_models_defaults(owner: Owner, model: type[models.Model]) -> None:
    given = needed(model)
    if "owner" in given:
        given["owner"] = owner.pk
    plain = {model._meta.get_field(name).attname: value for name, value in given.items()}
    expected = model(**plain)
    Inserter(model, list(given)).insert_values([list(given.values())])
    row = model._default_manager.get(pk=expected.pk)
    for field in model._meta.concrete_fields:
        stored, wanted = getattr(row, field.attname), getattr(expected, field.attname)
        if field.name in ("external_key", "turn") and field.name not in given:
            continue
        assert (bytes(stored) if isinstance(field, models.BinaryField) else stored) == wanted, field.name
    row.delete() if model is Owner else model._default_manager.filter(pk=row.pk)._raw_delete("default")


def test_a_column_without_a_default_has_to_be_named() -> None:
    with pytest.raises(ValueError, match=r"Person\.created_at has no default"):
        Inserter(Person, ("id", "owner", "name", "folded_name"))


def test_signs_of_sql_are_plain_text(owner: Owner) -> None:
    text = "100 % of “it's”; DROP TABLE kith_person; %s \\ \n😀"
    Inserter(Person, ("id", "owner", "name", "folded_name", "created_at", "note")).insert_values(
        [(new_id(), owner.pk, text, text, MOMENT, text)]
    )
    row = Person.objects.get()
    assert (row.name, row.note, row.created_at) == (text, text, MOMENT)


def test_known_rows_are_left_as_they_are_where_that_is_wanted(owner: Owner) -> None:
    who = person(owner, "Anna Berger")
    columns = ("id", "owner", "person", "kind", "value", "key")
    row = (new_id(), owner.pk, who.pk, "email", "anna@example.org", "anna@example.org")
    Inserter(Identity, columns).insert([row])
    with pytest.raises(IntegrityError), transaction.atomic():
        Inserter(Identity, columns).insert([(new_id(), *row[1:])])
    again, new = (new_id(), *row[1:]), (new_id(), *row[1:5], "b@example.org")
    Inserter(Identity, columns, ignore_known=True).insert([again, new])
    assert set(Identity.objects.values_list("key", flat=True)) == {"anna@example.org", "b@example.org"}
    assert Identity.objects.filter(pk=row[0]).exists()


def test_no_rows_cost_no_query(owner: Owner, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        Inserter(Participant, ("owner", "interaction", "person")).insert([])


def test_known_keys_are_those_of_one_owner_and_source(owner: Owner, stranger: Owner) -> None:
    ids = IdRun()
    low = -(2**62)
    for who, source, external in ((owner, "mail", 5), (owner, "card", 6), (stranger, "mail", 7), (owner, "mail", low)):
        Interaction.objects.create(
            id=ids.next(), owner=who, at=MOMENT, channel="email", source=source, external_key=external
        )
    assert known_keys(Interaction, owner.pk, "mail", [5, 6, 7, low, 8]) == {5, low}
    assert known_keys(Interaction, stranger.pk, "mail", [5, 7]) == {7}
    assert known_keys(Interaction, owner.pk, "mail", []) == set()


def test_tables_and_columns_are_quoted(owner: Owner) -> None:
    """ "on" is a word of SQL and a column of the bank's."""
    with connection.cursor() as cursor:
        assert connection.ops.quote_name("on") == '"on"'
        cursor.execute('SELECT COUNT("on") FROM kith_ledger_entry')
    Inserter(LedgerEntry, ("id", "owner", "on", "direction", "kind")).insert_values(
        [(new_id(), owner.pk, MOMENT.date(), "gave", "item")]
    )
    assert LedgerEntry.objects.get().on == MOMENT.date()
    assert not Touch.objects.exists()

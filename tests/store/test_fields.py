"""Columns: instants as whole seconds, and dates of which a part may be unknown."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kithbook.store.fields import PARTIAL, InstantField, PartialDateField
from kithbook.store.models import Owner, Person, PersonDate
from tests.services.factories import person

MOMENT = dt.datetime(2026, 11, 21, 9, 0, 0, tzinfo=dt.UTC)


def test_an_instant_is_stored_as_whole_seconds_and_read_aware(owner: Owner) -> None:
    row = person(owner, "Anna Berger", met_at=MOMENT.replace(microsecond=999_999))
    with connection.cursor() as cursor:
        cursor.execute("SELECT met_at FROM kith_person WHERE id = %s", [row.pk])
        assert cursor.fetchone() == (int(MOMENT.timestamp()),)
    assert Person.objects.get(pk=row.pk).met_at == MOMENT
    assert Person.objects.get(pk=row.pk).met_at.tzinfo is dt.UTC


def test_an_instant_of_any_zone_is_the_same_moment(owner: Owner) -> None:
    there = MOMENT.astimezone(dt.timezone(dt.timedelta(hours=-7)))
    row = person(owner, "Anna Berger", met_at=there)
    assert Person.objects.get(met_at=MOMENT) == row
    assert Person.objects.get(met_at=int(MOMENT.timestamp())) == row
    assert Person.objects.get(pk=row.pk).met_at == there


def test_a_time_without_its_zone_is_refused(owner: Owner) -> None:
    with pytest.raises(ValidationError, match="time zone"), transaction.atomic():
        person(owner, "Anna Berger", met_at=dt.datetime(2026, 11, 21, 9))
    assert not Person.objects.exists()


def test_an_unknown_instant_is_none(owner: Owner) -> None:
    row = person(owner, "Anna Berger")
    assert Person.objects.get(pk=row.pk).met_at is None
    assert list(Person.objects.filter(met_at__isnull=True)) == [row]


def test_instants_sort_and_compare(owner: Owner) -> None:
    rows = [person(owner, f"P {n}", met_at=MOMENT + dt.timedelta(days=n)) for n in (3, -400, 0)]
    assert list(Person.objects.order_by("met_at")) == [rows[1], rows[2], rows[0]]
    assert Person.objects.filter(met_at__gte=MOMENT).count() == 2


@given(second=st.integers(-2_208_988_800, 253_402_300_799))
def test_every_second_survives_the_way_to_the_database_and_back(second: int) -> None:
    field = InstantField()
    moment = field.from_db_value(second, None, None)
    assert field.get_prep_value(moment) == second
    assert field.to_python(second) == moment == field.to_python(moment)
    assert field.get_prep_value(None) is field.to_python(None) is field.from_db_value(None, None, None) is None


@pytest.mark.parametrize("text", ["", "2021", "2021-04", "2021-04-07", "--04-07", "--04"])
def test_dates_of_which_a_part_is_unknown_are_kept_as_written(owner: Owner, text: str) -> None:
    row = PersonDate(owner=owner, person=person(owner, "Anna Berger"), kind="birthday", on=text)
    row._meta.get_field("on").clean(text, row)
    row.save()
    assert PersonDate.objects.get().on == text


@pytest.mark.parametrize("text", ["7.4.2021", "2021-4-7", "-04-07", "soon", "2021-04-07T00:00", "20210407"])
def test_other_forms_of_dates_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        PartialDateField().clean(text, None)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.from_regex(PARTIAL, fullmatch=True))
def test_what_fits_the_pattern_fits_the_column(text: str) -> None:
    assert len(text) <= PartialDateField().max_length

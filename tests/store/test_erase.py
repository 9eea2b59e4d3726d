"""Deleting follows the links within one owner, and links that lead nowhere are found."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from kithbook.services import bank, capturing, editing, recording
from kithbook.store import erase as erasing
from kithbook.store.erase import erase, links, orphans
from kithbook.store.models import (
    Batch,
    EntryParty,
    Event,
    Identity,
    Interaction,
    Introduction,
    IntroductionStep,
    LedgerEntry,
    Objective,
    Owner,
    Participant,
    Person,
    Promise,
    Tag,
    Tie,
)
from tests.services.factories import person, talk
from tests.services.helpers import snapshot


@pytest.fixture
def anna(owner: Owner) -> Person:
    """Somebody with rows in many tables."""
    row = person(owner, "Anna Berger")
    talk(owner, row, 100, 50)
    for act in (
        lambda: editing.add_identity(owner, "Anna", "anna@example.org"),
        lambda: editing.tag(owner, "Anna", "chess"),
        lambda: editing.add_job(owner, "Anna", "Example GmbH"),
        lambda: bank.gave(owner, "Anna", "item"),
        lambda: capturing.log(owner, "promised Anna a link"),
    ):
        act()
    return row


def test_what_hangs_on_a_person_goes_with_them(owner: Owner, anna: Person) -> None:
    assert erase(Person, owner.pk, [anna.pk]) > 5
    for model in (Identity, Tag, Participant, EntryParty, Promise, Tie):
        assert not model.objects.of(owner).exists(), model
    assert orphans() == []


def test_links_that_may_be_empty_are_emptied(owner: Owner, anna: Person) -> None:
    zelda = person(owner, "Zelda Quist", met_through=anna)
    promise = Promise.objects.create(owner=owner, person=zelda, about=anna, text="x", made_on="2026-11-01")
    erase(Person, owner.pk, [anna.pk])
    zelda.refresh_from_db()
    promise.refresh_from_db()
    assert (zelda.met_through_id, promise.about_id) == (None, None)
    assert orphans() == []


def test_links_of_links_are_followed(owner: Owner, anna: Person) -> None:
    bruno = person(owner, "Bruno Costa")
    made = Introduction.objects.create(owner=owner, first=anna, second=bruno, created_at=anna.created_at)
    IntroductionStep.objects.create(owner=owner, introduction=made, state="idea", at=anna.created_at)
    erase(Person, owner.pk, [bruno.pk])
    assert not Introduction.objects.exists()
    assert not IntroductionStep.objects.exists()
    assert Person.objects.filter(pk=anna.pk).exists()


def test_rows_that_name_each_other_are_deleted_together(owner: Owner, anna: Person) -> None:
    first = recording.record_entry(owner, [anna], "got", "favour")
    second = recording.record_entry(owner, [anna], "gave", "thanks", cause=first)
    LedgerEntry.objects.filter(pk=first.pk).update(inspired_by=second)
    erase(LedgerEntry, owner.pk, [first.pk, second.pk])
    assert not LedgerEntry.objects.filter(pk__in=[first.pk, second.pk]).exists()
    assert orphans() == []


def test_a_row_that_is_not_there_is_no_matter(owner: Owner, anna: Person) -> None:
    before = snapshot(owner)
    assert erase(Person, owner.pk, []) == erase(Person, owner.pk, [1, 2, 3]) == 0
    assert snapshot(owner) == before


def test_many_rows_go_in_parts(owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "CHUNK", 3)
    Tag.objects.bulk_create(Tag(owner=owner, person=anna, name=str(number)) for number in range(10))
    ids = list(Tag.objects.exclude(name="chess").values_list("pk", flat=True))
    assert erase(Tag, owner.pk, iter(ids)) == 10
    assert Tag.objects.get().name == "chess"


def test_nothing_of_a_stranger_is_ever_erased(owner: Owner, stranger: Owner, anna: Person) -> None:
    before = snapshot(owner)
    assert erase(Person, stranger.pk, [anna.pk]) == 0
    assert snapshot(owner) == before
    assert Tie.objects.of(owner).count() == 1
    other = person(stranger, "Charlie's Friend")
    lost = Tag.objects.create(owner=stranger, person_id=anna.pk, name="wrong")
    erase(Person, owner.pk, [anna.pk])
    assert Tag.objects.filter(pk=lost.pk).exists()
    assert Person.objects.get() == other
    lost.delete()


def test_a_link_to_nothing_is_found(owner: Owner, anna: Person) -> None:
    assert orphans() == []
    tag = Tag.objects.create(owner=owner, person_id=12345, name="lost")
    assert orphans() == ["kith_tag.person_id: 1 rows point at nothing"]
    tag.delete()


def test_a_link_to_somebody_elses_row_is_found(owner: Owner, stranger: Owner, anna: Person) -> None:
    tag = Tag.objects.create(owner=stranger, person=anna, name="wrong")
    assert orphans() == ["kith_tag.person_id: 1 rows point at nothing"]
    tag.delete()


@pytest.mark.parametrize("model", [Participant, Tie])
def test_links_of_tables_with_other_keys_are_looked_at_too(
    owner: Owner, anna: Person, model: type[models.Model]
) -> None:
    gone = person(owner, "Bruno Costa")
    talk(owner, gone, 3)
    Person.objects.filter(pk=gone.pk)._raw_delete("default")
    assert f"{model._meta.db_table}.person_id: 1 rows point at nothing" in orphans()
    Participant.objects.filter(person_id=gone.pk)._raw_delete("default")
    Tie.objects.filter(person_id=gone.pk)._raw_delete("default")
    assert orphans() == []


def test_every_link_between_owned_tables_is_known() -> None:
    """Erasing relies on the models' own declarations; each foreign key but the owner's is found once."""
    tables = list(apps.get_app_config("store").get_models())
    found = {(other, column.name) for model in tables for other, column in links(model)}
    declared = {
        (model, field.name)
        for model in tables
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.name != "owner"
    }
    assert found == declared
    assert len(found) > 50
    for target in (Batch, Event, Interaction, Objective, Person):
        assert any(links(target)), target

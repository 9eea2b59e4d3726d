"""Entries that are one person, in the browser."""

from __future__ import annotations

from django.test import Client

from kithbook.core.ids import to_text
from kithbook.services import merging, people
from kithbook.store.models import NotSame, Owner, Person
from tests.services.factories import person, talk


def two(owner: Owner) -> tuple[str, str]:
    first, second = person(owner, "Ada Quill", place="Graz"), person(owner, "Quill, Ada", place="Wien")
    talk(owner, first, 10)
    talk(owner, second, 30)
    return to_text(first.pk), to_text(second.pk)


def test_a_pair_is_shown_with_its_evidence_and_made_one_and_taken_back(owner: Owner, client: Client) -> None:
    first, second = two(owner)
    text = client.get("/duplicates").content.decode()
    assert "Quill, Ada" in text
    assert "the same name" in text
    client.post(f"/people/{first}/merge/now", {"other": second, "next": "/duplicates"})
    assert Person.objects.of(owner).count() == 1
    assert len(people.show(owner, first).interactions) == 2
    client.post(f"/merges/{merging.merges(owner)[0].id}/undo")
    assert Person.objects.of(owner).count() == 2
    assert len(people.show(owner, second).interactions) == 1


def test_fields_are_chosen_one_by_one(owner: Owner, client: Client) -> None:
    first, second = two(owner)
    text = client.get(f"/people/{first}/merge?with={second}").content.decode()
    assert "Graz" in text
    assert "Wien" in text
    client.post(f"/people/{first}/merge/now", {"other": second, "take": ["place"]})
    assert people.show(owner, first).place == "Wien"


def test_two_people_stay_two(owner: Owner, client: Client) -> None:
    first, second = two(owner)
    client.post(f"/people/{first}/keep-apart", {"other": second})
    assert NotSame.objects.of(owner).count() == 1
    assert "Nobody is here twice" in client.get("/duplicates").content.decode()

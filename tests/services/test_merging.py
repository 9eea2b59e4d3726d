"""Two entries made one and taken apart again: nothing dropped, nothing doubled, everything back."""

from __future__ import annotations

import json

import pytest

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import to_text
from kithbook.services import bank, duplicates, editing, exporting, merging, people
from kithbook.store.models import EntryParty, Interaction, MergeLog, NotSame, Owner, Participant, Person, Tag
from tests.services.factories import person, talk


def image(owner: Owner, tmp_path: object) -> dict[str, object]:
    """Everything of the owner's as an export holds it, without the log of merges."""
    exporting.export(owner, tmp_path)  # type: ignore[arg-type]
    tables = json.loads((tmp_path / "kithbook.json").read_text())["tables"]  # type: ignore[operator]
    del tables["merge_log"]
    return dict(tables)


def two(owner: Owner) -> tuple[Person, Person]:
    anna = person(owner, "Anna Berger", place="Graz", note="Met in Graz.")
    other = person(owner, "A. Berger", liking=4, note="Plays the cello.")
    editing.add_identity(owner, to_text(anna.pk), "anna@example.org")
    editing.add_identity(owner, to_text(other.pk), "anna.berger@example.com")
    for row in (anna, other):
        editing.tag(owner, to_text(row.pk), "music")
    editing.tag(owner, to_text(other.pk), "graz")
    talk(owner, anna, 30, 10)
    talk(owner, other, 200, 20)
    bank.gave(owner, to_text(other.pk), "advice")
    return anna, other


def test_everything_of_both_is_there_once(owner: Owner) -> None:
    anna, other = two(owner)
    merging.merge(owner, to_text(anna.pk), to_text(other.pk))
    page = people.show(owner, to_text(anna.pk))
    assert sorted(identity.value for identity in page.identities) == ["anna.berger@example.com", "anna@example.org"]
    assert page.tags == ["graz", "music"]
    assert len(page.interactions) == 4
    assert [entry.kind for entry in page.ledger] == ["advice"]
    assert page.note == "Met in Graz.\n\nPlays the cello."
    assert (page.place, page.liking, page.nicknames) == ("Graz", 4, ["A. Berger"])
    with pytest.raises(NotFound):
        people.show(owner, to_text(other.pk))


def test_undo_gives_back_exactly_what_was(owner: Owner, tmp_path) -> None:
    anna, other = two(owner)
    both = Interaction.objects.of(owner).filter(participants__person=other).first()
    Participant.objects.create(owner=owner, interaction=both, person=anna, role="also")
    person(owner, "Bruno Costa", met_through=other)
    carl = person(owner, "Carl Dietz")
    merging.keep_apart(owner, to_text(other.pk), to_text(carl.pk))
    before = image(owner, tmp_path)
    merged = merging.merge(owner, to_text(anna.pk), to_text(other.pk), take=["name", "note"])
    assert merged.kept.name == "A. Berger"
    assert NotSame.objects.of(owner).filter(first__in=(anna, carl), second__in=(anna, carl)).exists()
    assert image(owner, tmp_path) != before
    merging.undo(owner, merged.id)
    assert image(owner, tmp_path) == before
    assert MergeLog.objects.of(owner).get().undone_at is not None


def test_what_came_after_the_merge_stays_with_the_kept_one(owner: Owner) -> None:
    anna, other = two(owner)
    merged = merging.merge(owner, to_text(anna.pk), to_text(other.pk))
    editing.edit(owner, to_text(anna.pk), place="Wien")
    talk(owner, Person.objects.get(pk=anna.pk), 1)
    merging.undo(owner, merged.id)
    assert people.show(owner, to_text(anna.pk)).place == "Wien"
    assert len(people.show(owner, to_text(anna.pk)).interactions) == 3
    assert len(people.show(owner, to_text(other.pk)).interactions) == 2


def test_one_exchange_with_both_is_one_exchange(owner: Owner) -> None:
    anna, other = two(owner)
    exchange = Interaction.objects.of(owner).filter(participants__person=other).first()
    Participant.objects.create(owner=owner, interaction=exchange, person=anna, role="also")
    merging.merge(owner, to_text(anna.pk), to_text(other.pk))
    assert Participant.objects.of(owner).get(interaction=exchange, person=anna).role == "to"
    assert EntryParty.objects.of(owner).filter(person=anna).count() == 1
    assert Tag.objects.of(owner).filter(person=anna).count() == 2


def test_merges_are_taken_back_in_reverse(owner: Owner) -> None:
    anna, other = two(owner)
    third = person(owner, "Anni Berger")
    first = merging.merge(owner, to_text(anna.pk), to_text(other.pk))
    second = merging.merge(owner, to_text(anna.pk), to_text(third.pk))
    with pytest.raises(Refused):
        merging.undo(owner, first.id)
    merging.undo(owner, second.id)
    merging.undo(owner, first.id)
    assert Person.objects.of(owner).count() == 3
    with pytest.raises(Refused):
        merging.undo(owner, first.id)


def test_nobody_is_merged_with_themselves_or_with_a_strangers_people(owner: Owner, stranger: Owner) -> None:
    anna, _ = two(owner)
    theirs = person(stranger, "Anna Berger")
    with pytest.raises(Invalid):
        merging.merge(owner, to_text(anna.pk), to_text(anna.pk))
    with pytest.raises(NotFound):
        merging.merge(owner, to_text(anna.pk), to_text(theirs.pk))
    with pytest.raises(Invalid):
        merging.merge(owner, to_text(anna.pk), "A. Berger", take=["shoe_size"])


def test_pairs_are_found_with_evidence_and_no_is_remembered(owner: Owner, stranger: Owner) -> None:
    anna, other = two(owner)
    editing.add_job(owner, to_text(anna.pk), "Acme")
    editing.add_job(owner, to_text(other.pk), "Acme")
    found = duplicates.find(owner)
    assert found.total == 1
    assert any("initial" in text for text in found.pairs[0].evidence)
    assert duplicates.of_person(owner, to_text(anna.pk))[0].second.person.name in ("A. Berger", "Anna Berger")
    assert duplicates.find(stranger).total == 0
    merging.keep_apart(owner, to_text(other.pk), to_text(anna.pk))
    assert duplicates.find(owner).total == 0

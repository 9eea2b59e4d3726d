"""An entry that is two people divided, and made one again exactly."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import to_text
from kithbook.services import bank, batches, duplicates, editing, people, splitting
from kithbook.store.models import CardCopy, Interaction, NotSame, Owner, Participant, Person
from tests.services.factories import person, talk
from tests.services.helpers import key, snapshot

CARD = ["FN:Anna Berger", "EMAIL:anna@example.org", "EMAIL;TYPE=home:Annette@example.com", "X-COLOUR:blue"]


def mixed(owner: Owner) -> Person:
    """Anna and Annette Berger in one entry."""
    row = person(owner, "Anna Berger", place="Graz")
    who = key(row)
    for value in ("anna@example.org", "annette@example.com", "+43 1 555 77 88"):
        editing.add_identity(owner, who, value)
    editing.add_job(owner, who, "Example GmbH", "engineer")
    editing.add_job(owner, who, "Town School", "teacher")
    for tag in ("school", "work"):
        editing.tag(owner, who, tag)
    editing.note_topic(owner, who, "interest", "choir")
    talk(owner, row, 300, 200, 100, channel="email")
    talk(owner, row, 30, 20, channel="call")
    bank.gave(owner, who, "advice")
    CardCopy.objects.create(owner=owner, person=row, source="vcard", external_key=1, lines=CARD)
    return row


def tables(owner: Owner) -> dict[str, Any]:
    found: dict[str, Any] = snapshot(owner)["tables"]
    del found["batch"]
    return found


def test_what_is_chosen_goes_and_the_rest_stays(owner: Owner) -> None:
    row = mixed(owner)
    found = splitting.parts(owner, key(row))
    assert [(item.channel, item.count) for item in found.exchanges] == [("email", 3), ("call", 2)]
    choir = next(item.id for item in found.topics if item.text == "choir")
    done = splitting.split(
        owner, key(row), "Annette Berger", identities=["Annette@example.com"], jobs=["Town School"],
        tags=["school"], topics=[choir], channels=["call"],
    )  # fmt: skip
    assert (done.rows, done.exchanges) == (4, 2)
    new, old = people.show(owner, done.new.id), people.show(owner, key(row))
    assert [item.value for item in new.identities] == ["annette@example.com"]
    assert sorted(item.value for item in old.identities) == ["+43 1 555 77 88", "anna@example.org"]
    assert [job.organisation for job in new.affiliations] == ["Town School"]
    assert [job.organisation for job in old.affiliations] == ["Example GmbH"]
    assert (new.tags, old.tags) == (["school"], ["work"])
    assert ([topic.text for topic in new.topics], old.topics) == (["choir"], [])
    assert {item.channel for item in new.interactions} == {"call"}
    assert {item.channel for item in old.interactions} == {"email"}
    assert new.last_contact_on == dt.date(2026, 11, 1)
    assert old.last_contact_on == dt.date(2026, 8, 13)
    assert len(old.ledger) == 1
    assert CardCopy.objects.get().lines == [CARD[0], CARD[1], CARD[3]]
    assert duplicates.find(owner).total == 0


@pytest.mark.parametrize("way", ["own", "batches"])
def test_taking_it_back_gives_exactly_what_was(owner: Owner, way: str) -> None:
    row = mixed(owner)
    before = tables(owner)
    done = splitting.split(
        owner, key(row), "Annette Berger", identities=["annette@example.com"], tags=["school"], sources=["hand"],
        since=dt.date(2026, 10, 1),
    )  # fmt: skip
    assert tables(owner) != before
    if way == "own":
        splitting.undo(owner, done.batch)
    else:
        batches.undo(owner, done.batch)
    assert tables(owner) == before
    assert not NotSame.objects.exists()
    with pytest.raises((Refused, NotFound)):
        splitting.undo(owner, done.batch)


def test_what_was_added_since_comes_along_when_it_is_taken_back(owner: Owner) -> None:
    row = mixed(owner)
    done = splitting.split(owner, key(row), "Annette Berger", tags=["school"])
    new = Person.objects.get(name="Annette Berger")
    editing.tag(owner, done.new.id, "choir")
    editing.tag(owner, key(row), "school")
    talk(owner, new, 2)
    splitting.undo(owner, done.batch)
    page = people.show(owner, key(row))
    assert page.tags == ["choir", "school", "work"]
    assert page.last_contact_on == dt.date(2026, 11, 19)
    assert Person.objects.of(owner).count() == 1


def test_exchanges_are_chosen_by_day_words_and_company(owner: Owner) -> None:
    row, bruno = mixed(owner), person(owner, "Bruno Costa")
    first = Interaction.objects.of(owner).order_by("at").first()
    assert first
    first.title = "Parents’ evening at the school"
    first.save()
    last = Interaction.objects.of(owner).order_by("at").last()
    assert last
    Participant.objects.create(owner=owner, interaction=last, person=bruno, role="also")

    def moved(**chosen: Any) -> list[dt.date]:
        done = splitting.split(owner, key(row), "Annette Berger", **chosen)
        found = [item.on for item in people.show(owner, done.new.id).interactions]
        splitting.undo(owner, done.batch)
        return sorted(found)

    assert moved(containing="SCHOOL") == [dt.date(2026, 1, 25)]
    assert moved(containing="bruno") == [dt.date(2026, 11, 1)]
    assert moved(since=dt.date(2026, 8, 13), until=dt.date(2026, 10, 22)) == [
        dt.date(2026, 8, 13),
        dt.date(2026, 10, 22),
    ]
    assert moved(channels=["email"], until=dt.date(2026, 5, 5)) == [dt.date(2026, 1, 25), dt.date(2026, 5, 5)]


def test_an_exchange_with_both_stays_with_both(owner: Owner) -> None:
    """Somebody new in an exchange is never doubled."""
    row = mixed(owner)
    done = splitting.split(owner, key(row), "Annette Berger", channels=["call"])
    again = Participant.objects.of(owner).filter(person__name="Annette Berger")
    assert again.count() == 2
    assert not Participant.objects.of(owner).filter(person=row, interaction__in=again.values("interaction")).exists()
    assert done.exchanges == 2


def test_nonsense_is_refused(owner: Owner, stranger: Owner) -> None:
    row = mixed(owner)
    with pytest.raises(Invalid, match="Nothing was chosen"):
        splitting.split(owner, key(row), "Annette Berger")
    with pytest.raises(Invalid, match="needs a name"):
        splitting.split(owner, key(row), " ", tags=["school"])
    with pytest.raises(NotFound, match="has no “golf”"):
        splitting.split(owner, key(row), "Annette Berger", tags=["golf"])
    with pytest.raises(NotFound):
        splitting.split(stranger, key(row), "Annette Berger", tags=["school"])
    done = splitting.split(owner, key(row), "Annette Berger", tags=["school"])
    with pytest.raises(NotFound):
        splitting.undo(stranger, done.batch)
    editing.trash(owner, done.new.id)
    splitting.undo(owner, done.batch)
    assert to_text(Person.objects.of(owner).get().pk) == key(row)

"""Editing by hand: what the owner wrote is remembered as theirs, addresses belong to one person only."""

from __future__ import annotations

from pathlib import Path

import pytest

from kithbook.core.errors import Conflict, Invalid, NotFound
from kithbook.core.ids import to_text
from kithbook.services import batches, capturing, editing, importing, people
from kithbook.store import erase
from kithbook.store.models import Affiliation, Batch, Identity, Owner, Participant, Person, Tag, Topic
from tests.services.factories import MBOX, person, write_mbox
from tests.services.helpers import key, snapshot

ME = ["me@example.org"]
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Anna Maria Berger\nN:Berger;Anna Maria;;;\nEMAIL:anna@example.org\nEND:VCARD\n"


@pytest.fixture
def anna(owner: Owner) -> Person:
    return person(owner, "Anna Berger")


def card(folder: Path) -> Path:
    path = folder / "anna.vcf"
    path.write_text(CARD, "utf-8")
    return path


def test_a_person_is_added_with_what_is_known(owner: Owner) -> None:
    page = editing.add(owner, "  Anna   Berger ", "Anna@Example.org", "+43 1 5880 1234", place="Vienna", note="Maps")
    assert (page.name, page.given_name, page.family_name) == ("Anna Berger", "Anna", "Berger")
    assert (page.place, page.note, page.stage) == ("Vienna", "Maps", 1)
    assert {(i.kind, i.value) for i in page.identities} == {("email", "Anna@Example.org"), ("phone", "+43 1 5880 1234")}


def test_adding_is_undone_as_one_act(owner: Owner) -> None:
    before = snapshot(owner)
    editing.add(owner, "Anna Berger", "anna@example.org")
    batches.undo(owner, to_text(Batch.objects.of(owner).get().pk))
    assert snapshot(owner) == before


@pytest.mark.parametrize(
    ("name", "email"),
    [("", ""), ("  ", ""), ("\u200b\u200d", ""), ("\u2060 \ufeff", ""), ("Anna", "not an address"), ("Anna", "a@")],
)
def test_what_cannot_be_added_leaves_nothing(owner: Owner, name: str, email: str) -> None:
    with pytest.raises(Invalid) as caught:
        editing.add(owner, name, email)
    assert caught.value.hint
    assert not Person.objects.exists()
    assert not Batch.objects.exists()


def test_edited_fields_are_remembered(owner: Owner, anna: Person) -> None:
    page = editing.edit(
        owner, "Anna", name="Anna Huber", place="Graz", importance=5, is_kin=True, nicknames=["Anni", " "]
    )
    assert (page.name, page.given_name, page.family_name, page.place) == ("Anna Huber", "Anna", "Huber", "Graz")
    assert (page.importance, page.is_kin, page.nicknames) == (5, True, ["Anni"])
    anna.refresh_from_db()
    assert set(anna.edited) >= {"name", "place", "importance", "is_kin", "nicknames"}
    assert "note" not in anna.edited
    assert people.show(owner, "Anni").id == key(anna)


def test_no_import_writes_over_what_was_edited(owner: Owner, tmp_path: Path) -> None:
    importing.run(owner, [write_mbox(tmp_path)], me=ME)
    editing.edit(owner, "Anna Berger", name="Annerl")
    importing.run(owner, [card(tmp_path)])
    assert people.show(owner, "anna@example.org").name == "Annerl"


def test_what_is_left_out_stays(owner: Owner, anna: Person) -> None:
    editing.edit(owner, "Anna", note="Likes maps", liking=4)
    page = editing.edit(owner, "Anna", place="Graz")
    assert (page.note, page.liking, page.place) == ("Likes maps", 4, "Graz")


def test_a_rating_of_0_takes_it_back(owner: Owner, anna: Person) -> None:
    editing.edit(owner, "Anna", closeness=5)
    assert editing.edit(owner, "Anna", closeness=0).closeness is None


@pytest.mark.parametrize("rating", [-1, 6])
def test_ratings_outside_1_to_5_are_refused(owner: Owner, anna: Person, rating: int) -> None:
    with pytest.raises(Invalid):
        editing.edit(owner, "Anna", liking=rating, place="Graz")
    assert people.show(owner, "Anna").place == ""


def test_a_name_longer_than_any_column_is_cut(owner: Owner, anna: Person) -> None:
    page = editing.edit(owner, "Anna", name="x" * 500)
    assert (len(page.name), len(page.given_name)) == (300, 150)
    assert len(editing.add(owner, "y" * 500).name) == 300


def test_a_person_keeps_a_name(owner: Owner, anna: Person) -> None:
    with pytest.raises(Invalid):
        editing.edit(owner, "Anna", name=" ")
    assert people.show(owner, "Anna").name == "Anna Berger"


def test_an_address_belongs_to_one_person_only(owner: Owner, anna: Person) -> None:
    editing.add_identity(owner, "Anna", "anna@example.org", "home")
    person(owner, "Bruno Costa")
    with pytest.raises(Conflict, match="belongs to Anna Berger"):
        editing.add_identity(owner, "Bruno", "ANNA@example.org")
    with pytest.raises(Conflict):
        editing.add(owner, "Carla Diaz", "anna@example.org")
    assert not Person.objects.filter(name="Carla Diaz").exists()
    assert Identity.objects.of(owner).get().label == "home"


def test_the_same_address_twice_is_one(owner: Owner, anna: Person) -> None:
    editing.add_identity(owner, "Anna", "anna@example.org")
    assert len(editing.add_identity(owner, "Anna", "Anna@EXAMPLE.org").identities) == 1


@pytest.mark.parametrize(
    ("value", "kind"),
    [("anna@example.org", "email"), ("+43 1 5880 1234", "phone"), ("https://www.linkedin.com/in/anna-b/", "url")],
)
def test_an_identity_is_added_and_taken_away(owner: Owner, anna: Person, value: str, kind: str) -> None:
    assert [item.kind for item in editing.add_identity(owner, "Anna", value).identities] == [kind]
    assert editing.remove_identity(owner, key(anna), value).identities == []
    with pytest.raises(NotFound):
        editing.remove_identity(owner, key(anna), value)


class TestSomebodyOnlySeen:
    """Dora is only copied on a mail of the mailbox; then the owner says whose address it is."""

    @pytest.fixture(autouse=True)
    def _mail(self, owner: Owner, tmp_path: Path) -> None:
        importing.run(owner, [write_mbox(tmp_path)], me=ME)

    def test_they_are_taken_up_into_the_person_with_their_mails(self, owner: Owner) -> None:
        page = editing.add(owner, "Dora Nováková", "dora@example.org")
        assert [item.value for item in page.identities] == ["dora@example.org"]
        assert not Person.objects.of(owner).filter(standing="seen").exists()
        assert Participant.objects.of(owner).get(role="also").person_id == Person.objects.get(name="Dora Nováková").pk
        assert (page.last_contact_on, page.interactions_total) == (None, 0)
        assert people.search(owner, "dora").total == 1

    def test_mails_that_both_are_on_stay_once(self, owner: Owner) -> None:
        carla = Person.objects.of(owner).get(name="Carla Diaz")
        before = people.show(owner, "Carla")
        page = editing.add_identity(owner, "Carla", "dora@example.org", "private")
        assert {item.value for item in page.identities} == {"carla@example.org", "dora@example.org"}
        parts = Participant.objects.of(owner).filter(person=carla)
        assert [part.role for part in parts] == ["from"]
        assert (page.last_contact_on, page.interactions_total, page.warmth) == (
            before.last_contact_on, before.interactions_total, before.warmth,
        )  # fmt: skip

    def test_the_same_mailbox_again_changes_nothing(self, owner: Owner, tmp_path: Path) -> None:
        editing.add_identity(owner, "Bruno", "dora@example.org")
        before = snapshot(owner)["tables"]
        importing.run(owner, [write_mbox(tmp_path)], me=ME)
        after = snapshot(owner)["tables"]
        assert {name: rows for name, rows in after.items() if name != "batch"} == {
            name: rows for name, rows in before.items() if name != "batch"
        }

    def test_the_address_stays_where_the_import_is_taken_back(self, owner: Owner) -> None:
        editing.add_identity(owner, key(person(owner, "Dora Nováková")), "dora@example.org")
        batches.undo(owner, to_text(Batch.objects.of(owner).get(kind="import").pk))
        assert [item.value for item in people.show(owner, "Dora").identities] == ["dora@example.org"]
        assert not Participant.objects.of(owner).exists()

    def test_a_later_mail_of_theirs_is_the_persons(self, owner: Owner, tmp_path: Path) -> None:
        editing.add_identity(owner, key(person(owner, "Dora Nováková")), "dora@example.org")
        text = MBOX.split("\n\n", 1)[0].replace("anna@", "dora@").replace("Anna Berger", "Dora").replace("<1@", "<9@")
        path = tmp_path / "later.mbox"
        path.write_text(f"{text}\n\nHi\n", "utf-8")
        importing.run(owner, [path], me=ME)
        assert people.show(owner, "Dora Nováková").interactions_total == 1
        assert Person.objects.of(owner).filter(folded_name__startswith="dora").count() == 1

    def test_nothing_is_left_behind(self, owner: Owner) -> None:
        editing.add(owner, "Dora Nováková", "dora@example.org")
        assert erase.orphans() == []


def test_tags_jobs_and_topics_are_noted_once(owner: Owner, anna: Person) -> None:
    for _ in range(2):
        editing.tag(owner, "Anna", "  chess  club ")
        editing.add_job(owner, "Anna", "Example GmbH", "Engineer")
    assert (Tag.objects.count(), Affiliation.objects.count()) == (1, 1)
    assert people.show(owner, "Anna").tags == ["chess club"]
    page = editing.note_topic(owner, "Anna", "interest", "old maps")
    assert [(topic.kind, topic.text) for topic in page.topics] == [("interest", "old maps")]
    assert editing.untag(owner, "Anna", "chess club").tags == []


def test_empty_words_are_refused(owner: Owner, anna: Person) -> None:
    for act in (
        lambda: editing.tag(owner, "Anna", " "),
        lambda: editing.add_job(owner, "Anna", ""),
        lambda: editing.note_topic(owner, "Anna", "interest", " "),
        lambda: editing.note_topic(owner, "Anna", "gossip", "x"),
    ):
        with pytest.raises(Invalid):
            act()
    assert not (Tag.objects.exists() or Topic.objects.exists() or Affiliation.objects.exists())


def test_somebody_let_go_is_found_by_search_and_revived_by_contact(owner: Owner, anna: Person) -> None:
    assert editing.archive(owner, "Anna").standing == "archived"
    assert people.search(owner).total == 0
    assert [row.name for row in people.search(owner, "berger").people] == ["Anna Berger"]
    capturing.spoke(owner, "Anna")
    assert people.search(owner).total == 1
    editing.archive(owner, "Anna")
    assert editing.unarchive(owner, "Anna").standing == "kept"


def test_the_trash_hides_and_gives_back(owner: Owner, anna: Person) -> None:
    editing.add_identity(owner, "Anna", "anna@example.org")
    editing.trash(owner, "Anna")
    assert people.search(owner).total == people.search(owner, "anna").total == 0
    with pytest.raises(NotFound):
        people.show(owner, "Anna")
    anna.refresh_from_db()
    assert anna.trashed_at is not None
    assert editing.untrash(owner, key(anna)).standing == "kept"
    anna.refresh_from_db()
    assert anna.trashed_at is None
    assert people.show(owner, "Anna").identities[0].value == "anna@example.org"


def test_a_stranger_changes_nobody_of_mine(owner: Owner, stranger: Owner, anna: Person) -> None:
    editing.add_identity(owner, "Anna", "anna@example.org")
    before = snapshot(owner)
    for act in (
        lambda who: editing.edit(stranger, who, name="X"),
        lambda who: editing.tag(stranger, who, "x"),
        lambda who: editing.add_identity(stranger, who, "x@example.org"),
        lambda who: editing.remove_identity(stranger, who, "anna@example.org"),
        lambda who: editing.add_job(stranger, who, "X"),
        lambda who: editing.note_topic(stranger, who, "fact", "X"),
        lambda who: editing.archive(stranger, who),
        lambda who: editing.trash(stranger, who),
    ):
        for who in (key(anna), "Anna Berger", "anna@example.org"):
            with pytest.raises(NotFound):
                act(who)
    assert snapshot(owner) == before
    page = editing.add(stranger, "Anna of Charlie", "anna@example.org")
    assert page.identities[0].value == "anna@example.org"

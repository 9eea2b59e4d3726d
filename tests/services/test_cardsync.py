"""Address books both ways against a real Radicale: pull, push, conflicts, deletions, and the guard against losses."""

from __future__ import annotations

import pytest

from kithbook.core.errors import Conflict, NotFound, Refused
from kithbook.services import accounts, batches, editing
from kithbook.services.accountviews import AccountView
from kithbook.sources.dav import Dav
from kithbook.store.models import Account, Affiliation, Identity, Owner, Person, PersonDate, SyncItem
from tests.liveservers import Radicale
from tests.services.cardbooks import ANNA, AddressBook, look
from tests.services.factories import person, talk
from tests.services.helpers import key


def test_cards_become_people_once_and_the_server_is_left_alone(
    owner: Owner, book: AddressBook, account: AccountView
) -> None:
    book.put("Anna", *ANNA)
    before = book.lines("Anna")
    assert accounts.test(owner, account.id).usual == [book.name]
    page = look(owner, account)
    assert page.runs[0].summary == "1 person added." and page.account.people == 1
    assert look(owner, account).runs[0].summary == "Nothing new."
    editing.edit(owner, "Anna", note="Changed here")
    assert look(owner, account).runs[0].summary == "Nothing new."
    assert book.lines("Anna") == before


def test_what_changes_on_the_phone_arrives_here(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView
) -> None:
    more = ("EMAIL:anna@new.example", "NOTE:Likes coffee", "BDAY:--1006", "ORG:Beta", "TITLE:Chief")
    book.put("Anna", *more)
    assert look(owner, account).runs[0].summary == "1 person changed."
    anna.refresh_from_db()
    assert anna.note == "Likes coffee" and PersonDate.objects.get(person=anna).on == "--10-06"
    # What the card lost stays known: old mail is recognised by it.
    emails = set(Identity.objects.filter(person=anna, kind="email").values_list("value", flat=True))
    assert emails == {"anna@example.org", "anna@new.example"}
    work = {(row.organisation, row.role): row.ended_on for row in Affiliation.objects.filter(person=anna)}
    assert work == {("Acme", "Head"): "2026-11-21", ("Beta", "Chief"): ""}
    assert look(owner, account).runs[0].summary == "Nothing new."


def test_what_changes_here_arrives_on_the_phone_and_nothing_else_is_touched(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView
) -> None:
    before = book.lines("Anna")
    editing.edit(owner, key(anna), name="Anna Berger", note="Likes; coffee")
    editing.add_identity(owner, key(anna), "anna@new.example")
    assert look(owner, account).runs[0].summary == "1 card written to the server."
    after = book.lines("Anna")
    assert set(after) - set(before) == {
        "FN:Anna Berger",
        "N:Berger;Anna;;;",
        "NOTE:Likes\\; coffee",
        "EMAIL:anna@new.example",
    }
    assert set(before) - set(after) == {"FN:Anna", "N:;Anna;;;", "NOTE:Likes tea"}
    assert book.lines("Ben")[3] == "FN:Ben" or "FN:Ben" in book.lines("Ben")
    assert look(owner, account).runs[0].summary == "Nothing new."


def test_different_things_changed_on_both_sides_are_merged(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView
) -> None:
    editing.add_identity(owner, key(anna), "anna@mine.example")
    book.put("Anna", *ANNA[:3], "NOTE:From the phone", *ANNA[4:])
    page = look(owner, account)
    assert page.runs[0].summary == "1 person changed, 1 card written to the server." and not page.conflicts
    anna.refresh_from_db()
    assert anna.note == "From the phone"
    assert {"NOTE:From the phone", "EMAIL:anna@mine.example"} <= set(book.lines("Anna"))
    assert look(owner, account).runs[0].summary == "Nothing new."


@pytest.mark.parametrize(("keep", "note"), [("mine", "Here"), ("theirs", "There")])
def test_the_same_thing_changed_on_both_sides_waits_for_the_owner(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView, keep: str, note: str
) -> None:
    editing.edit(owner, key(anna), note="Here")
    book.put("Anna", *ANNA[:3], "NOTE:There", *ANNA[4:])
    page = look(owner, account)
    assert page.runs[0].summary == "1 card waits for your decision."
    (conflict,) = page.conflicts
    assert [(one.name, one.mine, one.theirs) for one in conflict.fields] == [("Note", "Here", "There")]
    look(owner, account)
    anna.refresh_from_db()
    assert anna.note == "Here" and "NOTE:There" in book.lines("Anna")
    accounts.resolve(owner, account.id, conflict.id, keep)
    page = look(owner, account)
    anna.refresh_from_db()
    assert anna.note == note and f"NOTE:{note}" in book.lines("Anna") and not page.conflicts
    assert {line.upper()[:20] for line in book.lines("Anna")} >= {"X-UNKNOWN;A=B:C\\;D", "ITEM1.X-ABLABEL:BOAT"}
    assert look(owner, account).runs[0].summary == "Nothing new."
    with pytest.raises(NotFound):
        accounts.resolve(owner, account.id, conflict.id, keep)


def test_a_card_deleted_on_the_phone_puts_into_the_trash_only_who_is_known_by_it_alone(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView
) -> None:
    book.delete("Ben")
    page = look(owner, account)
    assert page.runs[0].notes == ["The card of Ben was deleted on the server; Ben is in the trash."]
    book.put("Dora", "EMAIL:dora@example.org")
    look(owner, account)
    talk(owner, anna, 3)
    book.delete("Anna")
    page = look(owner, account)
    assert page.runs[0].notes == ["The card of Anna was deleted on the server; Anna stays here."]
    assert dict(Person.objects.values_list("name", "standing")) == {
        "Anna": "kept", "Ben": "trashed", "Cleo": "kept", "Dora": "kept",
    }  # fmt: skip


def test_who_is_put_into_the_trash_here_loses_the_card(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView
) -> None:
    editing.trash(owner, key(anna))
    assert look(owner, account).runs[0].summary == "1 card deleted on the server."
    assert book.names() == ["Ben", "Cleo"]


def test_changed_here_and_deleted_there_or_the_other_way_round_waits(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView
) -> None:
    editing.edit(owner, key(anna), note="Here")
    book.delete("Anna")
    (conflict,) = look(owner, account).conflicts
    assert conflict.what == "Changed here, deleted on the server."
    accounts.resolve(owner, account.id, conflict.id, "mine")
    look(owner, account)
    assert "NOTE:Here" in book.lines("Anna")
    ben = Person.objects.get(name="Ben")
    editing.trash(owner, key(ben))
    book.put("Ben", "EMAIL:ben@example.org", "NOTE:There")
    (conflict,) = look(owner, account).conflicts
    assert conflict.what == "In the trash here, changed on the server."
    accounts.resolve(owner, account.id, conflict.id, "theirs")
    look(owner, account)
    ben.refresh_from_db()
    assert (ben.standing, ben.note) == ("kept", "There")


def test_an_emptied_address_book_stops_everything_until_it_is_let_through(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView
) -> None:
    for name in book.names():
        book.delete(name)
    page = accounts.run_now(owner, account.id)
    assert page.account.error.startswith("3 of 3 cards are gone on the server, so nothing was changed.")
    assert Person.objects.filter(standing="kept").count() == 3
    accounts.let_loss_through(owner, account.id)
    assert look(owner, account).runs[0].summary == "3 people put into the trash."


def test_the_only_card_is_let_go_only_when_that_is_meant(owner: Owner, book: AddressBook, account: AccountView) -> None:
    book.put("Anna", "EMAIL:anna@example.org")
    look(owner, account)
    book.delete("Anna")
    told = accounts.run_now(owner, account.id).account.error
    assert told.startswith("The only card is gone on the server, so nothing was changed. If that is right")
    assert Person.objects.get().standing == "kept" and accounts.history(owner, account.id)[0].error == told


def test_a_trash_full_of_people_does_not_empty_the_address_book(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView
) -> None:
    for who in Person.objects.all():
        editing.trash(owner, key(who))
    page = accounts.run_now(owner, account.id)
    assert "3 of 3 cards are gone here" in page.account.error and book.names() == ["Anna", "Ben", "Cleo"]


def test_only_who_was_put_into_the_address_book_gets_a_card(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView
) -> None:
    dora = person(owner, "Dora Novak")
    editing.add_identity(owner, key(dora), "dora@example.org")
    look(owner, account)
    assert book.names() == ["Anna", "Ben", "Cleo"]
    assert (
        accounts.put_card(owner, account.id, key(dora)).message == "Dora Novak gets a card in Phone at the next look."
    )
    with pytest.raises(Conflict):
        accounts.put_card(owner, account.id, key(dora))
    assert look(owner, account).runs[0].summary == "1 card written to the server."
    name = f"kithbook-{key(dora)}"
    assert {"FN:Dora Novak", "EMAIL:dora@example.org"} <= set(book.lines(name))
    assert look(owner, account).runs[0].summary == "Nothing new."
    accounts.let_write(owner, account.id, on=False)
    with pytest.raises(Refused):
        accounts.put_card(owner, account.id, key(person(owner, "Emil")))


def test_taking_back_what_a_look_brought_deletes_nothing_on_the_server(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView
) -> None:
    batches.undo(owner, accounts.history(owner, account.id)[-1].batch)
    assert not Person.objects.exists()
    assert look(owner, account).runs[0].summary == "Nothing new."
    assert book.names() == ["Anna", "Ben", "Cleo"] and not Person.objects.exists()
    assert "tea" not in str(list(SyncItem.objects.values())), "what the cards said is forgotten"
    accounts.reread(owner, account.id)
    assert look(owner, account).runs[0].summary == "3 people added."


def test_a_card_changed_in_between_is_decided_anew(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program writes between our reading and our writing: If-Match fails, nothing of it is lost."""
    plain_put, done = Dav.put, []

    def put(self: Dav, href: str, text: str, etag: str) -> tuple[bool, str]:
        if not done:
            done.append(href)
            book.put("Anna", *ANNA, "NICKNAME:Annie", "EMAIL:late@example.org")
        return plain_put(self, href, text, etag)

    monkeypatch.setattr(Dav, "put", put)
    editing.edit(owner, key(anna), note="Here")
    look(owner, account)
    assert {"NOTE:Here", "NICKNAME:Annie", "EMAIL:late@example.org"} <= set(book.lines("Anna"))
    assert Identity.objects.filter(person=anna, value="late@example.org").exists()


def test_two_cards_of_one_person_do_not_get_mixed(owner: Owner, book: AddressBook, account: AccountView) -> None:
    book.put("Anna", "EMAIL:anna@example.org")
    look(owner, account)
    book.put("Anna B", "EMAIL:anna@example.org")
    page = look(owner, account)
    assert page.runs[0].notes == ["There are two cards of Anna B; the first one is kept in step."]
    assert SyncItem.objects.count() == 2 and Person.objects.count() == 1


def test_another_address_book_means_a_fresh_start(
    owner: Owner, server: Radicale, book: AddressBook, anna: Person, account: AccountView
) -> None:
    other = AddressBook(server)
    accounts.edit(owner, account.id, url=other.url)
    assert not SyncItem.objects.exists() and not Account.objects.get().writes
    look(owner, account)
    assert Person.objects.filter(standing="kept").count() == 3 and other.names() == []


def test_a_stranger_decides_nothing(owner: Owner, stranger: Owner, anna: Person, account: AccountView) -> None:
    for act in (accounts.let_loss_through, accounts.reread):
        with pytest.raises(NotFound):
            act(stranger, account.id)
    with pytest.raises(NotFound):
        accounts.put_card(stranger, account.id, key(anna))

"""Address books both ways: people who were erased, tags and towns, merged people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kithbook.core.errors import Unavailable
from kithbook.services import accounts, batches, cardsync, editing, merging, privacy
from kithbook.services.accountviews import AccountView
from kithbook.sources.dav import Dav, Item
from kithbook.store.models import Account, Identity, Owner, Person, SyncItem, SyncRun, Tag
from tests.services.cardbooks import ANNA, AddressBook, look
from tests.services.helpers import key, snapshot


def test_who_was_erased_does_not_come_back_and_their_card_is_left_alone(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView
) -> None:
    privacy.erase(owner, key(anna), sure=True, keep_out=True)
    book.put("Anna", *ANNA, "NICKNAME:Annie")  # the phone changes it, so that the server tells of it again
    book.put("Anna at work", "EMAIL:Anna@example.org", "NOTE:another card of hers")
    before = book.lines("Anna")
    assert look(owner, account).runs[0].summary == "2 left out, of people you erased."
    accounts.reread(owner, account.id)
    assert look(owner, account).runs[0].summary == "2 left out, of people you erased."
    assert book.lines("Anna") == before and "Anna at work" in book.names()
    assert not Person.objects.filter(name__startswith="Anna").exists()
    kept = str(list(SyncItem.objects.values())) + str(list(SyncRun.objects.values())) + str(Account.objects.values())
    assert "anna" not in kept.casefold()
    editing.add(owner, "Anna Berger", "anna@example.org")
    book.put("Anna", *ANNA)
    look(owner, account)
    assert SyncItem.objects.get(person__name="Anna Berger").href.endswith("/Anna.vcf")


def test_who_was_erased_comes_back_from_a_server_only_by_reading_it_from_the_start(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView
) -> None:
    privacy.erase(owner, key(anna), sure=True)
    book.put("Anna", *ANNA, "NICKNAME:Annie")
    row = Account.objects.get()
    row.cursor["token"] = "http://radicale.org/ns/sync/forgotten"
    row.save()
    assert look(owner, account).runs[0].summary == "1 left out, of somebody you erased."
    assert look(owner, account).runs[0].summary == "Nothing new."
    accounts.reread(owner, account.id)
    assert look(owner, account).runs[0].summary == "1 person added."


def test_who_is_erased_or_changed_while_the_server_is_asked_stays_so(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was decided here during the fetch counts: the comparison is made afterwards."""
    plain_fetch = Dav.fetch

    def fetch(self: Dav, url: str, hrefs: list[str]) -> Iterator[Item]:
        yield from plain_fetch(self, url, hrefs)
        if Person.objects.filter(name="Anna").exists():
            privacy.erase(owner, key(anna), sure=True, keep_out=True)
            editing.edit(owner, "Ben", note="Mine")

    book.put("Anna", *ANNA[:3], "NOTE:From the phone")
    book.put("Ben", "EMAIL:ben@example.org", "EMAIL:ben@new.example")
    monkeypatch.setattr(Dav, "fetch", fetch)
    assert look(owner, account).runs[0].summary.startswith("1 person changed")
    assert not Person.objects.filter(name="Anna").exists() and "NOTE:From the phone" in book.lines("Anna")
    assert Person.objects.get(name="Ben").note == "Mine" and "NOTE:Mine" in book.lines("Ben")


def test_tags_and_the_town_travel_both_ways_and_a_street_stays(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView
) -> None:
    street = "item2.ADR;TYPE=HOME:;;Main St 5;Graz;;8010;Austria"
    book.put("Anna", *ANNA, street, "CATEGORIES:chess,choir", "item2.X-ABLabel:Flat")
    assert look(owner, account).runs[0].summary == "1 person changed."
    anna.refresh_from_db()
    assert anna.place == "Graz, Austria" and tags(anna) == {"chess", "choir"}
    editing.edit(owner, key(anna), place="Lyon, France")
    editing.tag(owner, key(anna), "sailing")
    editing.untag(owner, key(anna), "chess")
    before = set(book.lines("Anna"))
    assert look(owner, account).runs[0].summary == "1 card written to the server."
    after = set(book.lines("Anna"))
    assert after - before == {"ADR:;;;Lyon;;;France", "CATEGORIES:choir,sailing"}
    assert before - after == {"CATEGORIES:chess,choir"}
    assert look(owner, account).runs[0].summary == "Nothing new."
    book.put("Anna", *ANNA, street, "CATEGORIES:sailing")
    look(owner, account)
    anna.refresh_from_db()
    assert anna.place == "Graz, Austria" and tags(anna) == {"sailing"}


def test_a_town_changed_on_both_sides_waits_and_either_can_stay(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView
) -> None:
    for number, keep in enumerate(("mine", "theirs")):
        editing.edit(owner, key(anna), place=f"Lyon {number}, France")
        book.put("Anna", *ANNA, f"ADR:;;Main St 5;Graz {number};;;")
        (conflict,) = look(owner, account).conflicts
        shown = [(one.name, one.mine, one.theirs) for one in conflict.fields]
        assert shown == [("Place", f"Lyon {number}, France", f"Graz {number}")]
        accounts.resolve(owner, account.id, conflict.id, keep)
        assert not look(owner, account).conflicts
        anna.refresh_from_db()
        assert anna.place == ("Lyon 0, France" if keep == "mine" else "Graz 1")
        there = {line for line in book.lines("Anna") if "ADR" in line}
        assert f"ADR:;;Main St 5;Graz {number};;;" in there and ("ADR:;;;Lyon 0;;;France" in there) == (keep == "mine")


def tags(who: Person) -> set[str]:
    return set(Tag.objects.filter(person=who).values_list("name", flat=True))


def test_two_cards_of_people_who_are_merged_here_come_to_rest(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView
) -> None:
    merging.merge(owner, key(anna), "Ben")
    for _ in range(3):
        page = look(owner, account)
    assert (page.runs[0].summary, page.conflicts) == ("Nothing new.", [])
    assert book.names() == ["Anna", "Ben", "Cleo"]
    assert {"X-UNKNOWN;A=b:c\\;d", "FN:Anna"} <= set(book.lines("Anna"))


CHANGED_ANNA = (
    "EMAIL:anna@new.example", "TEL:+43 664 1234567", "NOTE:From the phone", "BDAY:--1006", "ORG:Beta", "TITLE:Chief",
    "CATEGORIES:rowing", "ADR:;;;Linz;;;Austria",
)  # fmt: skip


TOLD = ("person", "identity", "affiliation", "tag", "person_date", "card_copy")


def known(owner: Owner) -> dict[str, list[dict[str, object]]]:
    """The rows that say who people are."""
    tables = snapshot(owner)["tables"]
    return {name: tables[name] for name in TOLD}


@pytest.mark.parametrize("writes", [False, True])
def test_what_a_card_on_the_server_changed_is_taken_back_with_the_look(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView, writes: bool
) -> None:
    """A look changes somebody known and brings somebody new: one act, taken back to the letter."""
    accounts.let_write(owner, account.id, on=writes)
    before = known(owner)
    book.put("Anna", *CHANGED_ANNA)
    book.put("Dora", "EMAIL:dora@example.org")
    assert look(owner, account).runs[0].summary == "1 person added, 1 person changed."
    assert known(owner) != before
    act, *others = batches.listing(owner)
    assert (act.people_added, act.title) == (1, "Phone")
    assert batches.undo(owner, act.id).people_removed == 1
    assert known(owner) == before
    look(owner, account)
    assert known(owner) == before
    # It stays away. With writing switched on it is a change of the owner's like any other, and the card has it too.
    assert ("NOTE:Likes tea" in book.lines("Anna")) is writes
    book.put("Anna", *CHANGED_ANNA, "URL:https://github.com/anna")
    look(owner, account)
    anna.refresh_from_db()
    assert anna.note == ("From the phone" if writes else "Likes tea")
    assert Identity.objects.filter(person=anna, kind="url").exists()
    assert len(batches.listing(owner)) == len(others) + 2


def test_a_look_that_fails_half_way_leaves_no_act(
    owner: Owner, book: AddressBook, anna: Person, account: AccountView, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.put("Anna", *CHANGED_ANNA)
    before, acts = known(owner), len(batches.listing(owner))

    def fail(*_: object) -> None:
        raise Unavailable("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(cardsync, "bring_new", fail)
        assert accounts.run_now(owner, account.id).account.error == "The disk is full."
    assert (known(owner), len(batches.listing(owner))) == (before, acts)
    assert SyncRun.objects.order_by("-started_at").first().batch_id is None
    assert look(owner, account).runs[0].summary == "1 person changed."

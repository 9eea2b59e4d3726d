"""What tests of address books share: a real server for each module, and a book of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kithbook.services import accounts
from kithbook.services.accountviews import AccountView
from kithbook.store.models import Owner, Person
from tests.liveservers import PASSWORD, USER, Radicale, radicale
from tests.services.cardbooks import ANNA, AddressBook, look


@pytest.fixture(scope="module")
def server() -> Iterator[Radicale]:
    with radicale() as found:
        yield found


@pytest.fixture
def book(server: Radicale) -> AddressBook:
    return AddressBook(server)


@pytest.fixture
def account(owner: Owner, book: AddressBook) -> AccountView:
    return accounts.add(owner, "carddav", book.url, USER, PASSWORD, name="Phone")


@pytest.fixture
def anna(owner: Owner, book: AddressBook, account: AccountView) -> Person:
    """Anna, whose card and those of two others were read, with writing switched on."""
    book.put("Anna", *ANNA)
    book.put("Ben", "EMAIL:ben@example.org")
    book.put("Cleo", "EMAIL:cleo@example.org")
    look(owner, account)
    accounts.let_write(owner, account.id, on=True)
    return Person.objects.get(name="Anna")

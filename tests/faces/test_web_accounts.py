"""Accounts in the browser: add one, try it, look now, history with Undo, pause, change, forget."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from kithbook.services import accounts, editing
from kithbook.store.models import Account, Interaction, Owner, Person
from tests.faces.pages import text_of
from tests.liveservers import PASSWORD, USER, Dovecot, dovecot, free_port, radicale

LETTER = (
    f"From: Anna Berger <anna@example.org>\nTo: {USER}\nDate: Mon, 2 Nov 2026 09:00:00 +0000\n"
    "Message-ID: <1@example.org>\nSubject: Lunch\n\nxyzzy\n"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as found:
        found.put(LETTER)
        yield found


def posted(client: Client, view: str, *args: str, **sent: str) -> str:
    answer = client.post(reverse(view, args=args), sent, follow=True)
    assert answer.status_code == 200
    text = html.unescape(answer.content.decode())
    assert PASSWORD not in text
    return text


def test_a_mailbox_is_added_tried_looked_at_and_what_it_brought_taken_back(
    client: Client, owner: Owner, server: Dovecot
) -> None:
    assert "No accounts yet" in text_of(client, reverse("accounts"))
    url = f"imap://127.0.0.1:{server.port}"
    page = posted(client, "account_add", kind="imap", url=url, user_name=USER, password=PASSWORD, name="Mine")
    assert "The login works; there are 5 folders. Read are: INBOX, Sent." in page and "It was not looked at yet" in page
    account = accounts.listing(owner)[0].id
    page = posted(client, "account_look", account)
    assert "1 person added, 1 exchange added." in page
    assert Person.objects.get().name == "Anna Berger"
    undo = re.search(r'href="(/batches/[^"]+/undo)"', page)
    assert undo
    client.post(undo[1])
    assert not Interaction.objects.exists()
    assert "taken back" in text_of(client, reverse("account", args=[account]))
    assert "Nothing new." in posted(client, "account_look", account)
    posted(client, "account_reread", account)
    assert "1 exchange added" in posted(client, "account_look", account)
    assert "Mine is forgotten" in posted(client, "account_remove", account)
    assert not Account.objects.exists() and Interaction.objects.exists()


def test_errors_are_one_sentence_on_the_page_and_in_the_list(client: Client, owner: Owner) -> None:
    url = f"imap://127.0.0.1:{free_port()}"
    page = posted(client, "account_add", kind="imap", url=url, user_name=USER, password=PASSWORD)
    assert "No mail server listens at 127.0.0.1 on this port. Check address and port." in page
    account = accounts.listing(owner)[0].id
    assert page.count("The last look failed.") == 0
    assert "The last look failed." in posted(client, "account_look", account)
    assert "No mail server listens" in text_of(client, reverse("accounts"))


def test_an_account_is_changed_and_paused_and_an_empty_password_field_keeps_the_password(
    client: Client, owner: Owner
) -> None:
    view = accounts.add(owner, "imap", "imaps://mail.example.org", USER, PASSWORD)
    sealed = Account.objects.get().secret
    page = posted(
        client, "account_edit", view.id, name="Work", url=view.url, user_name=USER, password="",
        every_minutes="15", places="INBOX\nWork",
    )  # fmt: skip
    row = Account.objects.get()
    assert "Work is changed." in page and "INBOX\nWork</textarea>" in page
    assert (row.name, row.every_minutes, row.settings["places"], row.secret) == ("Work", 15, ["INBOX", "Work"], sealed)
    posted(client, "account_edit", view.id, password="another")
    assert Account.objects.get().secret != sealed
    assert "Work is paused." in posted(client, "account_switch", view.id, on="0")
    assert accounts.listing(owner)[0].is_on is False


def test_a_password_that_cannot_be_used_is_not_repeated_on_the_page(client: Client) -> None:
    sent = {"kind": "imap", "url": "imaps://h", "user_name": USER, "password": PASSWORD * 90}
    answer = client.post(reverse("account_add"), sent)
    assert answer.status_code in {400, 422}
    assert PASSWORD not in answer.content.decode() and "cannot be used" in answer.content.decode()


def test_somebody_elses_account_is_not_found(client: Client, stranger: Owner) -> None:
    view = accounts.add(stranger, "imap", "imaps://mail.example.org", USER, PASSWORD)
    for name in ("account_look", "account_remove", "account_edit", "account_test", "account_switch"):
        assert client.post(reverse(name, args=[view.id])).status_code == 404
    assert client.get(reverse("account", args=[view.id])).status_code == 404
    assert Account.objects.count() == 1


def test_an_address_book_is_let_written_to_and_a_card_changed_twice_is_decided_on(client: Client, owner: Owner) -> None:
    def card(note: str) -> str:
        lines = ("BEGIN:VCARD", "VERSION:3.0", "UID:1", "FN:Ben Ito", "N:Ito;Ben;;;", f"NOTE:{note}", "END:VCARD", "")
        return "\r\n".join(lines)

    with radicale() as server:
        book = server.make("friends", "book")
        server.call("PUT", f"{book}1.vcf", card("x"), Content_Type="text/vcard")
        posted(client, "account_add", kind="carddav", url=book, user_name=USER, password=PASSWORD, name="Phone")
        account = accounts.listing(owner)[0].id
        assert "1 person added." in posted(client, "account_look", account)
        assert "This address book is only read." in text_of(client, reverse("account", args=[account]))
        assert "Kithbook may write to Phone now." in posted(client, "account_writes", account, on="1")
        editing.edit(owner, "Ben Ito", note="Here")
        server.call("PUT", f"{book}1.vcf", card("There"), Content_Type="text/vcard")
        page = posted(client, "account_look", account)
        assert "Note here" in page and "Note on the server" in page and "There" in page
        (conflict,) = accounts.show(owner, account).conflicts
        assert "Yours stays at the next look." in posted(client, "account_resolve", account, conflict.id, keep="mine")
        assert "1 card written to the server." in posted(client, "account_look", account)
        assert "NOTE:Here" in server.cards("friends")["1.vcf"]
        editing.add(owner, "Dora Novak")
        assert "Dora Novak gets a card in Phone" in posted(client, "account_put", account, person="Dora Novak")
        posted(client, "account_look", account)
        assert len(server.cards("friends")) == 2
        for name in server.cards("friends"):
            server.call("DELETE", f"{book}{name}")
        assert "2 of 2 cards are gone on the server" in posted(client, "account_look", account)
        assert "the loss of cards is let through" in posted(client, "account_loss", account)
        posted(client, "account_look", account)
        assert accounts.show(owner, account).account.people == 0

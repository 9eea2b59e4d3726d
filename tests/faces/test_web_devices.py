"""The page of phones: a password shown once, switching off, and taking a device's change back."""

from __future__ import annotations

import re

from django.test import Client

from kithbook.services import davcards, devices, tokens
from kithbook.store.models import Device, Owner, Person

CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna Berger\r\nEND:VCARD\r\n"


def test_without_a_device_the_page_says_that_nothing_is_offered(client: Client, owner: Owner) -> None:
    page = client.get("/devices").content.decode()
    assert "Until you add one, Kithbook offers no address book at all" in page
    assert "DAVx" in page
    assert "http://127.0.0.1/dav/" in page
    assert 'href="/devices"' in client.get("/settings").content.decode()


def test_a_device_is_added_and_its_password_is_shown_this_once(client: Client, owner: Owner) -> None:
    answer = client.post("/devices/add", {"name": "My phone", "writes": "1"})
    page = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    row = Device.objects.of(owner).get()
    password = re.search(r"<code>((?:[a-z2-9]{5}-){4}[a-z2-9]{5})</code>", page)
    assert password
    assert row.user_name in page
    assert devices.sign_in(row.user_name, password[1], "127.0.0.1") is not None
    again = client.get("/devices").content.decode()
    assert password[1] not in again
    assert "My phone" in again
    assert row.writes


def test_a_name_that_is_there_is_said_beside_the_form(client: Client, owner: Owner) -> None:
    client.post("/devices/add", {"name": "Phone"})
    answer = client.post("/devices/add", {"name": "Phone"})
    assert answer.status_code == 400
    assert "There is a device “Phone” already" in answer.content.decode()
    assert Device.objects.of(owner).count() == 1
    assert not Device.objects.of(owner).get().writes


def test_a_device_is_renamed_permitted_and_switched_off(client: Client, owner: Owner) -> None:
    view = devices.add(owner, "Phone", writes=False).device
    client.post(f"/devices/{view.id}/rename", {"name": "Old phone"})
    client.post(f"/devices/{view.id}/permit", {"writes": "1"})
    row = Device.objects.of(owner).get()
    assert (row.name, row.writes) == ("Old phone", True)
    assert client.post(f"/devices/{view.id}/remove", follow=True).redirect_chain[-1] == ("/devices", 303)
    assert not Device.objects.of(owner).exists()


def test_encryption_is_asked_for_until_the_owner_says_otherwise(client: Client, owner: Owner) -> None:
    client.post("/devices/plain", {"allowed": "1"})
    owner.refresh_from_db()
    assert devices.listing(owner).allows_plain
    client.post("/devices/plain", {"allowed": "0"})
    owner.refresh_from_db()
    assert not devices.listing(owner).allows_plain


def test_a_change_from_a_device_is_listed_and_taken_back(client: Client, owner: Owner) -> None:
    davcards.put(owner, "Phone", "anna.vcf", CARD)
    page = client.get("/devices").content.decode()
    assert "Anna Berger, Phone" in page
    undo = re.search(r'href="(/batches/[^"]+/undo)"', page)
    assert undo
    client.post(undo[1])
    assert not Person.objects.of(owner).exists()
    assert "taken back" in client.get("/devices").content.decode()


def test_charlies_devices_are_not_on_alices_page(client: Client, owner: Owner, stranger: Owner) -> None:
    view = devices.add(stranger, "Charlies phone").device
    assert "Charlies phone" not in client.get("/devices").content.decode()
    assert client.post(f"/devices/{view.id}/remove").status_code == 404
    assert Device.objects.of(stranger).exists()


def test_a_program_is_added_its_token_shown_this_once_and_taken_away(client: Client, owner: Owner) -> None:
    answer = client.post("/devices/programs/add", {"name": "Dashboard"})
    assert answer["Cache-Control"] == "no-store"
    token = re.search(r"<textarea[^>]* readonly[^>]*>(kith_[\w-]{43})</textarea>", answer.content.decode())
    assert token
    assert tokens.owner_of_token(token[1]) == (owner, False)
    page = client.get("/devices").content.decode()
    assert token[1] not in page
    assert f"{token[1][:13]}… · only reads" in page
    assert "last here 21 Nov, 09:00" in page
    remove = re.search(r'action="(/devices/programs/[^/"]+/remove)"', page)
    assert remove
    assert client.post(remove[1], follow=True).redirect_chain[-1] == ("/devices", 303)
    assert tokens.owner_of_token(token[1]) is None


def test_a_program_may_write_if_the_owner_says_so(client: Client, owner: Owner, stranger: Owner) -> None:
    theirs = tokens.add(stranger, "Charlies script").token
    client.post("/devices/programs/add", {"name": "Sync", "writes": "1"})
    again = client.post("/devices/programs/add", {"name": "Sync"})
    assert again.status_code == 400
    page = again.content.decode()
    assert "There is a token “Sync” already" in page
    assert "reads and writes" in page
    assert "Charlies script" not in page
    assert client.post(f"/devices/programs/{theirs.id}/remove").status_code == 404
    assert [row.writes for row in tokens.listing(owner)] == [True]
    assert tokens.listing(stranger) == [theirs]

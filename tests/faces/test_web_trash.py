"""Trash, erasing, dividing, everything about one person, and many people at once, in the browser."""

from __future__ import annotations

import json
import re

from django.test import Client
from django.urls import reverse

from kithbook.services import editing, people, splitting, trash
from kithbook.store.models import Owner, Person
from tests.faces.pages import source_of
from tests.services.factories import person, talk
from tests.services.helpers import key


def undo_of(page: str) -> str:
    """Where the notice of a page takes its act back."""
    found = re.search(r'class="notice done">.*?action="([^"]+)"', page, re.DOTALL)
    assert found
    return found[1]


def test_the_trash_shows_who_is_there_and_lets_them_out(owner: Owner, client: Client) -> None:
    row = person(owner, "Zora Quendel")
    assert "Nobody is in the trash" in source_of(client, reverse("trash_list"))
    client.post(reverse("trash", args=[key(row)]))
    page = source_of(client, reverse("trash_list"))
    assert "Zora Quendel" in page
    assert "since 21 Nov 2026 · erased on 21 Dec 2026" in page
    assert "Zora Quendel" not in source_of(client, reverse("people"))
    assert "Out of the trash" in source_of(client, reverse("person", args=[key(row)]))
    client.post(reverse("untrash", args=[key(row)]), {"next": reverse("trash_list")})
    assert "Zora Quendel" in source_of(client, reverse("people"))
    assert trash.listing(owner).total == 0


def test_the_trash_is_emptied_only_by_those_who_are_sure(owner: Owner, client: Client) -> None:
    trash.put_in(owner, key(person(owner, "Zora Quendel")))
    assert client.post(reverse("trash_empty")).status_code == 422
    assert trash.listing(owner).total == 1
    response = client.post(reverse("trash_empty"), {"sure": "yes"}, follow=True)
    assert "1 person is erased." in response.content.decode()
    assert not Person.objects.of(owner).exists()


def test_everything_is_saved_from_the_settings(owner: Owner, stranger: Owner, client: Client) -> None:
    person(owner, "Zora Quendel")
    person(stranger, "Hidden Person")
    for kind, name in (("", "kithbook.json"), ("?as=vcard", "kithbook.vcf"), ("?as=csv", "people.csv")):
        assert reverse("export_all") + kind in source_of(client, reverse("settings"))
        response = client.get(reverse("export_all") + kind)
        assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        text = response.content.decode()
        assert "Zora Quendel" in text
        assert "Hidden Person" not in text
    assert client.get(reverse("export_all") + "?as=x").status_code == 400


def test_the_days_are_changed_on_the_page(owner: Owner, client: Client) -> None:
    client.post(reverse("trash_days"), {"days": "7"})
    assert "After 7 days" in source_of(client, reverse("trash_list"))
    assert client.post(reverse("trash_days"), {"days": "x"}).status_code == 400
    owner.refresh_from_db()
    assert trash.listing(owner).days == 7


def test_somebody_is_erased_after_the_count_was_shown(owner: Owner, client: Client) -> None:
    row = person(owner, "Zora Quendel")
    editing.add_identity(owner, key(row), "zora@example.org")
    talk(owner, row, 30, 20)
    address = reverse("erase_person", args=[key(row)])
    assert address in source_of(client, reverse("person", args=[key(row)]))
    page = source_of(client, address)
    assert "exchanges with nobody else" in page
    assert '<td class="n">2</td>' in page
    assert client.post(address).status_code == 422
    assert people.show(owner, key(row)).name == "Zora Quendel"
    response = client.post(address, {"sure": "yes", "keep_out": "yes"}, follow=True)
    assert "No import brings them back." in response.content.decode()
    assert "Zora" not in response.content.decode()
    assert not Person.objects.of(owner).exists()
    owner.refresh_from_db()
    assert len(owner.settings["kept_out"]["keys"]) == 1


def test_everything_about_somebody_is_a_file(owner: Owner, client: Client, stranger: Owner) -> None:
    row = person(owner, "Zora Quendel")
    talk(owner, row, 30)
    response = client.get(reverse("person_export", args=[key(row)]))
    assert 'filename="kithbook-person.json"' in response["Content-Disposition"]
    found = json.loads(response.content)
    assert found["person"]["name"] == "Zora Quendel"
    assert len(found["tables"]["interaction"]) == 1
    card = client.get(reverse("person_export", args=[key(row)]) + "?as=vcard")
    assert card["Content-Type"].startswith("text/vcard")
    assert "FN:Zora Quendel" in card.content.decode()
    theirs = person(stranger, "Hidden Person")
    for name in ("person_export", "erase_person", "split"):
        assert client.get(reverse(name, args=[key(theirs)])).status_code == 404


def test_an_entry_is_divided_and_made_one_again(owner: Owner, client: Client) -> None:
    row = person(owner, "Anna Berger")
    editing.add_identity(owner, key(row), "anna@example.org")
    editing.add_identity(owner, key(row), "annette@example.com")
    talk(owner, row, 30, 20)
    talk(owner, row, 10, channel="email")
    address = reverse("split", args=[key(row)])
    page = source_of(client, address)
    assert "annette@example.com" in page
    wanted = next(item.id for item in splitting.parts(owner, key(row)).identities if "annette" in item.text)
    sent = {"name": "Annette Berger", "identities": [wanted], "channels": ["call"], "since": "2026-10-25", "until": ""}
    response = client.post(address, sent, follow=True)
    assert "Annette Berger" in response.content.decode()
    assert [item.value for item in people.show(owner, "Annette").identities] == ["annette@example.com"]
    assert len(people.show(owner, "Annette").interactions) == 1
    client.post(undo_of(response.content.decode()))
    assert Person.objects.of(owner).count() == 1
    assert len(people.show(owner, key(row)).interactions) == 3
    assert client.post(address, sent | {"since": "soon"}).status_code == 400


def test_several_people_are_chosen_and_changed_at_once(owner: Owner, client: Client) -> None:
    ids = [key(person(owner, name)) for name in ("Anna Berger", "Bruno Costa", "Carla Diaz")]
    assert 'name="people"' not in source_of(client, reverse("people"))
    page = source_of(client, reverse("people") + "?choose=all&sort=name")
    assert page.count('name="people"') == 3
    assert page.count(" checked") == 3
    sent = {"people": ids[:2], "do": "tag", "tag": "graz"}
    response = client.post(reverse("bulk"), sent, follow=True)
    assert [people.show(owner, who).tags for who in ids] == [["graz"], ["graz"], []]
    client.post(undo_of(response.content.decode()))
    assert [people.show(owner, who).tags for who in ids] == [[], [], []]
    client.post(reverse("bulk"), {"people": ids, "do": "importance", "rating": "4"})
    client.post(reverse("bulk"), {"people": ids[:1], "do": "let_go"})
    client.post(reverse("bulk"), {"people": ids[1:2], "do": "trash"})
    assert [(people.show(owner, who).importance, people.show(owner, who).standing) for who in ids] == [
        (4, "archived"), (4, "trashed"), (4, "kept"),
    ]  # fmt: skip


def test_nobody_chosen_and_nonsense_are_said_so(owner: Owner, client: Client) -> None:
    assert client.post(reverse("bulk"), {"do": "trash"}).status_code == 400
    who = key(person(owner, "Anna Berger"))
    assert client.post(reverse("bulk"), {"people": [who], "do": "sell"}).status_code == 400
    assert client.post(reverse("bulk"), {"people": [who], "do": "liking", "rating": "x"}).status_code == 400

"""The address book over a real server, spoken to as iPhones, DAVx5 and Thunderbird do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx2
import pytest

from tests.faces.commanding import environment, program
from tests.faces.test_serve import serving

DAV, CARD, CALENDARSERVER = "{DAV:}", "{urn:ietf:params:xml:ns:carddav}", "{http://calendarserver.org/ns/}"
PHOTO = "PHOTO;ENCODING=b;TYPE=JPEG:" + "QUJDREVG" * 20_000
STRANGER = """
import django, json
django.setup()
from kithbook.services import clock, devices
from kithbook.store.models import Owner
charlie = Owner.objects.create(user_name="charlie", name="Charlie", created_at=clock.now())
new = devices.add(charlie, "Phone")
print(json.dumps([new.device.user_name, new.password]))
"""
CARDS = """BEGIN:VCARD
VERSION:3.0
FN:Anna Berger
N:Berger;Anna;;;
EMAIL:anna@example.org
X-SPIRIT-ANIMAL:otter
UID:anna-1
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Bruno Costa
N:Costa;Bruno;;;
TEL:+43 1 5551234
END:VCARD
"""


@dataclass
class Device:
    """A program that reads the book, with nothing but an address, a user name and a password."""

    base: str
    user_name: str
    password: str

    def ask(self, method: str, path: str, body: str | bytes = b"", **headers: str) -> httpx2.Response:
        with httpx2.Client(timeout=60) as http:
            return http.request(
                method, f"{self.base}{path}", content=body, auth=(self.user_name, self.password),
                headers={name.replace("_", "-"): value for name, value in headers.items()},
            )  # fmt: skip

    def props(self, path: str, *names: str, depth: str = "0") -> dict[str, dict[str, ET.Element]]:
        """PROPFIND: the properties found, by href."""
        wanted = "".join(f'<x:{name.partition("}")[2]} xmlns:x="{name[1:].partition("}")[0]}"/>' for name in names)
        body = f'<?xml version="1.0"?><propfind xmlns="DAV:"><prop>{wanted}</prop></propfind>'
        answer = self.ask("PROPFIND", path, body, Depth=depth, Content_Type="application/xml")
        assert answer.status_code == 207, answer.text
        return by_href(answer.text)

    @property
    def book(self) -> str:
        """The book as discovery finds it."""
        principal = self.props("/dav/", f"{DAV}current-user-principal")["/dav/"]["current-user-principal"]
        where = principal.findtext(f"{DAV}href") or ""
        home = self.props(where, f"{CARD}addressbook-home-set")[where]["addressbook-home-set"]
        found = self.props(home.findtext(f"{DAV}href") or "", f"{DAV}resourcetype", depth="1")
        return next(
            href for href, props in found.items() if props["resourcetype"].find(f"{CARD}addressbook") is not None
        )

    def sync(self, token: str = "", wanted: str = "<getetag/>") -> tuple[str, dict[str, dict[str, ET.Element]]]:
        """sync-collection: the token to come back with, and what changed; gone cards have no properties."""
        answer = self.ask("REPORT", self.book, sync_body(token, wanted), Content_Type="application/xml")
        assert answer.status_code == 207, answer.text
        return ET.fromstring(answer.text).findtext(f"{DAV}sync-token") or "", by_href(answer.text)

    def names(self) -> dict[str, str]:
        """href by the name on the card."""
        _, found = self.sync(wanted=f'<getetag/><address-data xmlns="{CARD[1:-1]}"/>')
        texts = {href: props["address-data"].text or "" for href, props in found.items()}
        return {re.search(r"FN:([^\r\n]+)", text)[1]: href for href, text in texts.items()}  # type: ignore[index]


def sync_body(token: str, wanted: str = "<getetag/>") -> str:
    return (
        f'<sync-collection xmlns="DAV:"><sync-token>{token}</sync-token><sync-level>1</sync-level>'
        f"<prop>{wanted}</prop></sync-collection>"
    )


def by_href(text: str) -> dict[str, dict[str, ET.Element]]:
    found = {}
    for response in ET.fromstring(text).findall(f"{DAV}response"):
        props: dict[str, ET.Element] = {}
        for part in response.findall(f"{DAV}propstat"):
            if " 200 " in (part.findtext(f"{DAV}status") or ""):
                props |= {item.tag.partition("}")[2]: item for item in part.find(f"{DAV}prop") or ()}
        found[response.findtext(f"{DAV}href") or ""] = props
    return found


def add_device(home: Path, base: str, *words: str) -> Device:
    added = json.loads(program(home, "op", "devices", "add", "--json", *words).out)
    return Device(base, added["device"]["user_name"], added["password"])


def batches_of(home: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(program(home, "op", "batches", "listing", "--json").out)
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A home with two people, served."""
    home = tmp_path_factory.mktemp("carddav")
    (home / "cards.vcf").write_text(CARDS.replace("\n", "\r\n"), newline="")
    assert program(home, "import", home / "cards.vcf").code == 0
    with serving(home) as (port, _):
        base = f"http://127.0.0.1:{port}"
        for path in ("/dav/", "/.well-known/carddav"):  # off until there is a device
            assert httpx2.request("PROPFIND", base + path).status_code == 404
        yield home, base


@pytest.fixture(scope="module")
def phone(place: tuple[Path, str]) -> Device:
    return add_device(*place, "--name", "Phone")


def test_a_phone_finds_the_book_from_the_name_of_the_server_alone(phone: Device) -> None:
    answer = phone.ask("PROPFIND", "/.well-known/carddav")
    assert (answer.status_code, answer.headers["location"]) == (301, "/dav/")
    anonymous = httpx2.request("PROPFIND", f"{phone.base}/dav/")
    assert anonymous.status_code == 401
    assert anonymous.headers["www-authenticate"].startswith("Basic ")
    assert "addressbook" in phone.ask("OPTIONS", "/dav/").headers["dav"]
    assert phone.book == f"/dav/{phone.user_name}/people/"
    props = phone.props(
        phone.book, f"{DAV}displayname", f"{DAV}sync-token", f"{CALENDARSERVER}getctag", f"{DAV}supported-report-set",
        f"{DAV}current-user-privilege-set", f"{CARD}max-resource-size",
    )[phone.book]  # fmt: skip
    assert props["displayname"].text == "Kithbook"
    assert (props["sync-token"].text or "").startswith("urn:kithbook:sync:")
    assert props["getctag"].text
    reports = {item.tag for item in props["supported-report-set"].iter()}
    assert {f"{DAV}sync-collection", f"{CARD}addressbook-multiget", f"{CARD}addressbook-query"} <= reports
    assert f"{DAV}write" in {item.tag for item in props["current-user-privilege-set"].iter()}


def test_cards_are_listed_read_and_searched(phone: Device) -> None:
    names = phone.names()
    assert {"Anna Berger", "Bruno Costa"} <= set(names)
    etags = phone.props(phone.book, f"{DAV}getetag", f"{DAV}getcontenttype", depth="1")
    href = names["Anna Berger"]
    card = phone.ask("GET", href)
    assert card.headers["content-type"].startswith("text/vcard")
    assert card.headers["etag"] == etags[href]["getetag"].text
    assert "X-SPIRIT-ANIMAL:otter\r\n" in card.text
    assert phone.ask("HEAD", href).headers["etag"] == card.headers["etag"]
    multiget = (
        f'<C:addressbook-multiget xmlns="DAV:" xmlns:C="{CARD[1:-1]}"><prop><getetag/><C:address-data/></prop>'
        f"<href>{href}</href><href>{phone.book}nobody.vcf</href></C:addressbook-multiget>"
    )
    found = by_href(phone.ask("REPORT", phone.book, multiget).text)
    assert found[href]["address-data"].text == card.text.replace("\r\n", "\n") or found[href]["address-data"].text
    assert found[f"{phone.book}nobody.vcf"] == {}
    query = (
        f'<C:addressbook-query xmlns="DAV:" xmlns:C="{CARD[1:-1]}"><prop><getetag/></prop><C:filter>'
        '<C:prop-filter name="FN"><C:text-match>bruno</C:text-match></C:prop-filter></C:filter></C:addressbook-query>'
    )
    assert set(by_href(phone.ask("REPORT", phone.book, query).text)) == {names["Bruno Costa"]}


def test_a_change_on_the_phone_arrives_and_a_change_here_reaches_the_phone(
    place: tuple[Path, str], phone: Device
) -> None:
    home, _ = place
    token, _ = phone.sync()
    assert phone.sync(token) == (token, {})
    href = phone.names()["Anna Berger"]
    card = phone.ask("GET", href)
    etag = card.headers["etag"]
    text = card.text.replace("FN:Anna Berger", "FN:Anna Novak").replace("UID:", "NOTE:Sings\r\nUID:")
    put = phone.ask("PUT", href, text, If_Match=etag, Content_Type="text/vcard; charset=utf-8")
    assert put.status_code == 204
    assert phone.ask("GET", href).text == text
    assert put.headers["etag"] == phone.ask("GET", href).headers["etag"]
    shown = json.loads(program(home, "person", "anna@example.org", "--json").out)
    assert "Sings" in json.dumps(shown)
    assert "Anna Novak" in json.dumps(shown)
    assert phone.ask("PUT", href, text.replace("Sings", "Dances"), If_Match=etag).status_code == 412
    newer, changed = phone.sync(token)
    assert set(changed) == {href}
    assert program(home, "op", "editing", "edit", "--person", "anna@example.org", "--note", "Here").code == 0
    newest, changed = phone.sync(newer)
    assert set(changed) == {href}
    assert "NOTE:Here\r\n" in phone.ask("GET", href).text
    assert phone.sync(newest)[1] == {}


def test_a_new_card_is_made_once_and_taken_away_into_the_trash(place: tuple[Path, str], phone: Device) -> None:
    home, _ = place
    token, _ = phone.sync()
    href = f"{phone.book}5C1F-0A.vcf"
    text = (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cleo Diaz\r\nN:Diaz;Cleo;;;\r\nUID:5C1F-0A\r\n{fold(PHOTO)}\r\nEND:VCARD\r\n"
    )
    new = phone.ask("PUT", href, text, If_None_Match="*", Content_Type="text/vcard")
    assert new.status_code == 201, new.text
    assert phone.ask("GET", href).text == text
    assert phone.ask("PUT", href, text, If_None_Match="*").status_code == 412
    twice = phone.ask("PUT", f"{phone.book}other.vcf", text, If_None_Match="*")
    assert twice.status_code == 409
    assert "no-uid-conflict" in twice.text
    assert href in twice.text
    later, changed = phone.sync(token)
    assert set(changed) == {href}
    assert phone.ask("DELETE", href, If_Match='"another"').status_code == 412
    assert phone.ask("DELETE", href, If_Match=new.headers["etag"]).status_code == 200
    assert phone.ask("GET", href).status_code == 404
    assert phone.sync(later)[1] == {href: {}}
    assert phone.ask("DELETE", href).status_code == 404
    acts = [batch for batch in batches_of(home) if batch["title"] == "Cleo Diaz, Phone"]
    assert len(acts) == 2


def fold(line: str) -> str:
    """Fold as this server does, so that bytes can be compared."""
    return "\r\n ".join([line[:75], *(line[at : at + 74] for at in range(75, len(line), 74))])


def test_a_token_that_is_not_known_makes_the_phone_read_everything_anew(phone: Device) -> None:
    for token in ("urn:kithbook:sync:0000:1", "http://radicale.org/ns/sync/1", "nonsense"):
        answer = phone.ask("REPORT", phone.book, sync_body(token))
        assert answer.status_code == 403
        assert "valid-sync-token" in answer.text


def test_what_is_no_card_of_a_person_is_refused_in_the_words_of_the_protocol(phone: Device) -> None:
    href = f"{phone.book}junk.vcf"
    assert "valid-address-data" in phone.ask("PUT", href, "hello").text
    assert "supported-address-data" in phone.ask("PUT", href, "{}", Content_Type="application/json").text
    group = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Friends\r\nX-ADDRESSBOOKSERVER-KIND:group\r\nEND:VCARD\r\n"
    assert phone.ask("PUT", href, group).status_code == 403
    assert phone.ask("PUT", href, b"x" * (9 << 20)).status_code == 413
    for method in ("MKCOL", "MOVE", "PROPPATCH", "MKCALENDAR", "POST"):
        assert phone.ask(method, f"{phone.book}new/").status_code == 405
    assert phone.ask("DELETE", phone.book).status_code == 403
    assert phone.ask("PROPFIND", phone.book, "<broken").status_code == 400
    assert href not in phone.sync()[1]


def test_a_device_that_only_reads_changes_nothing(place: tuple[Path, str]) -> None:
    tablet = add_device(*place, "--name", "Tablet", "--no-writes")
    names = tablet.names()
    href = names["Bruno Costa"]
    privileges = tablet.props(tablet.book, f"{DAV}current-user-privilege-set")[tablet.book]
    assert f"{DAV}write" not in {item.tag for item in privileges["current-user-privilege-set"].iter()}
    text = tablet.ask("GET", href).text
    assert tablet.ask("PUT", href, text.replace("Bruno", "Brenda")).status_code == 403
    assert tablet.ask("PUT", f"{tablet.book}new.vcf", text).status_code == 403
    assert tablet.ask("DELETE", href).status_code == 403
    assert tablet.names() == names


def test_charlie_reads_nothing_of_alice_by_any_address(place: tuple[Path, str], phone: Device) -> None:
    home, base = place
    made = subprocess.run(
        [sys.executable, "-c", STRANGER], capture_output=True, text=True, check=True,
        env=environment(home) | {"DJANGO_SETTINGS_MODULE": "kithbook.config.settings"},
    )  # fmt: skip
    charlie = Device(base, *json.loads(made.stdout))
    href = phone.names()["Bruno Costa"]
    assert charlie.names() == {}
    for path in (phone.book, href, f"/dav/{phone.user_name}/"):
        for method in ("PROPFIND", "GET", "REPORT", "PUT", "DELETE"):
            answer = charlie.ask(method, path, sync_body("") if method == "REPORT" else b"")
            assert answer.status_code in (403, 404), (method, path)
            assert "Bruno" not in answer.text
    own = href.replace(phone.user_name, charlie.user_name)
    assert charlie.ask("GET", own).status_code == 404
    assert Device(base, phone.user_name, charlie.password).ask("PROPFIND", "/dav/").status_code == 401
    assert phone.ask("PROPFIND", "/dav/").status_code == 207


def test_a_device_that_was_switched_off_is_out_at_once(place: tuple[Path, str]) -> None:
    watch = add_device(*place, "--name", "Watch")
    assert watch.ask("PROPFIND", "/dav/").status_code == 207
    assert program(place[0], "op", "devices", "remove", "--device", "Watch").code == 0
    assert watch.ask("PROPFIND", "/dav/").status_code == 401


def test_only_encrypted_or_on_this_machine(place: tuple[Path, str], phone: Device) -> None:
    home, _ = place
    assert phone.ask("PROPFIND", "/dav/", X_Forwarded_For="203.0.113.9").status_code == 403
    assert phone.ask("PROPFIND", "/dav/", X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https").status_code == 207
    assert phone.ask("PROPFIND", "/dav/", Host="evil.example").status_code == 400
    vpn = add_device(*place, "--name", "Behind a VPN")
    program(home, "op", "devices", "allow-plain", "--allowed")
    assert vpn.ask("PROPFIND", "/dav/", X_Forwarded_For="203.0.113.9").status_code == 207
    program(home, "op", "devices", "allow-plain", "--no-allowed")
    assert vpn.ask("PROPFIND", "/dav/", X_Forwarded_For="203.0.113.9").status_code == 403


def test_a_script_name_from_outside_changes_no_address(phone: Device) -> None:
    answer = phone.ask("PROPFIND", "/dav/", X_Script_Name="/evil")
    assert "/evil" not in answer.text


def test_a_card_sent_in_pieces_arrives_whole(phone: Device) -> None:
    text = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Dora Novak\r\nEND:VCARD\r\n"
    href = f"{phone.base}{phone.book}dora.vcf"
    with httpx2.Client(timeout=60) as http:
        put = http.put(href, content=iter([text[:30], text[30:]]), auth=(phone.user_name, phone.password))
    assert put.status_code == 201
    assert "Dora Novak" in phone.names()


def test_guessing_is_slowed_down(place: tuple[Path, str]) -> None:
    guesser = Device(place[1], "phone-guess", "wrong")
    far = {"X_Forwarded_For": "198.51.100.4", "X_Forwarded_Proto": "https"}
    codes = [guesser.ask("PROPFIND", "/dav/", **far).status_code for _ in range(8)]
    assert codes[:6] == [401] * 6
    assert codes[-1] == 429
    answer = guesser.ask("PROPFIND", "/dav/", **far)
    assert int(answer.headers["retry-after"]) >= 1


def test_the_app_starts_without_loading_radicale(tmp_path: Path) -> None:
    words = "import sys, kithbook.config.asgi; print(sorted({'radicale', 'vobject'} & set(sys.modules)))"
    told = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, check=True, env=environment(tmp_path)
    )  # fmt: skip
    assert told.stdout.strip() == "[]", told.stderr

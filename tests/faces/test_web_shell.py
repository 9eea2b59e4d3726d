"""What every page shares: who may ask, the policy for scripts and styles, vendored files, errors as calm pages."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

import kithbook.web
from kithbook.core import errors as failures
from kithbook.services import editing, owners, weeks
from kithbook.store.models import Owner
from kithbook.web import errors

WEB = Path(kithbook.web.__file__).parent
VENDOR = WEB / "static" / "vendor"
ROWS = [
    [part.strip() for part in line.split("|")]
    for line in (VENDOR / "vendor.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_vendored_files_are_the_published_ones(row: list[str]) -> None:
    name, _package, version, licence, digest = row
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
    assert version
    assert licence.startswith(("0BSD", "OFL-1.1"))


def test_every_vendored_file_is_listed() -> None:
    there = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert there == {row[0] for row in ROWS} | {"vendor.txt"}


@pytest.mark.parametrize("path", sorted(WEB.glob("templates/web/**/*.html")), ids=lambda path: path.name)
def test_templates_hold_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text("utf-8")
    assert get_template(str(path.relative_to(WEB / "templates")))
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:|js:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert "http://" not in text
    assert "https://" not in text


@pytest.mark.parametrize(
    ("method", "headers", "status", "kind"),
    [
        ("get", {"host": "evil.example"}, 400, "invalid"),
        ("post", {"host": "evil.example"}, 400, "invalid"),
        ("post", {"sec-fetch-site": "cross-site"}, 403, "refused"),
        ("post", {"origin": "https://evil.example"}, 403, "refused"),
    ],
)
def test_programs_of_other_sites_are_refused_as_json(
    client: Client, caplog: pytest.LogCaptureFixture, method: str, headers: dict[str, str], status: int, kind: str
) -> None:
    response = getattr(client, method)("/api/v1/people/find", headers=headers)
    assert response.status_code == status
    assert response.json()["error"]["kind"] == kind
    assert [record for record in caplog.records if record.exc_info] == []


def test_own_files_ask_nothing_of_other_hosts() -> None:
    for path in (WEB / "static" / "web").iterdir():
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE), path.name


def test_icons_that_templates_use_are_in_the_sprite() -> None:
    sprite = Path(finders.find("web/icons.svg")).read_text("utf-8")
    used = {name for path in WEB.rglob("*.html") for name in re.findall(r'{% icon "(\w+)" %}', path.read_text("utf-8"))}
    assert used
    assert all(f'id="{name}"' in sprite for name in used)


def test_pages_carry_a_policy_without_anything_unsafe(client: Client) -> None:
    response = client.get(reverse("setup"))
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "https://127.0.0.1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_changes_from_another_site_or_port_are_refused(client: Client, headers: dict[str, str]) -> None:
    response = client.post(reverse("settings"), {"name": "Mallory"}, headers=headers)
    assert response.status_code == 403
    assert "Nothing was changed" in response.content.decode()
    assert owners.settings(owners.local_owner()).name == ""


@pytest.mark.parametrize("headers", [{}, {"origin": "http://127.0.0.1"}, {"sec-fetch-site": "same-origin"}])
def test_changes_from_the_page_itself_pass(client: Client, headers: dict[str, str]) -> None:
    sent = {"name": "Alice", "minutes_per_week": "90", "time_zone": "Europe/Vienna", "addresses": ""}
    assert client.post(reverse("settings"), sent, headers=headers).status_code == 303
    assert owners.settings(owners.local_owner()).name == "Alice"


def test_another_name_for_this_machine_reads_nothing(owner: Owner) -> None:
    response = Client().get(reverse("settings"), headers={"host": "rebound.example"})
    assert response.status_code == 400
    assert "could not be read" in response.content.decode()


def test_a_form_without_its_token_changes_nothing(owner: Owner) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    assert strict.post(reverse("settings"), {"name": "Mallory"}).status_code == 403
    assert owners.settings(owners.local_owner()).name == ""


def test_a_form_with_its_token_passes_the_check(owner: Owner) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    strict.get(reverse("settings"))
    sent = {"name": "Alice", "minutes_per_week": "90", "time_zone": "UTC", "addresses": ""}
    sent["csrfmiddlewaretoken"] = strict.cookies["kith_csrf"].value
    assert strict.post(reverse("settings"), sent).status_code == 303


@pytest.mark.parametrize(
    "kind", [failures.NotFound, failures.Invalid, failures.Conflict, failures.Refused, failures.Unavailable]
)
def test_each_kind_of_failure_has_its_status_and_words(
    client: Client, monkeypatch: pytest.MonkeyPatch, kind: type[failures.KithbookError]
) -> None:
    def fail(owner: Owner) -> None:
        raise kind("The garden is closed.", "Come back at nine.")

    monkeypatch.setattr(weeks, "week", fail)
    page = client.get(reverse("week"))
    assert page.status_code == errors.STATUS[kind.kind]
    assert "The garden is closed." in page.content.decode()
    assert "Come back at nine." in page.content.decode()
    assert "<main" in page.content.decode()


def test_a_failure_inside_an_open_page_becomes_a_notice(client: Client) -> None:
    response = client.get("/people/0000000000000", headers={"hx-request": "true"})
    assert response.status_code == 404
    assert response.headers["HX-Retarget"] == "#notices"
    assert "<html" not in response.content.decode()


def test_a_page_names_no_commands_and_no_ids(client: Client, owner: Owner) -> None:
    both = [editing.add(owner, "Anna Berg").id for _ in range(2)]
    sent = {"text": "the paper", "by": "me"}
    for headers in ({}, {"hx-request": "true"}):
        page = client.post(reverse("promise_add"), {**sent, "person": "Anna"}, headers=headers).content.decode()
        assert "“Anna” fits 2 people." in page
        assert all(reverse("person", args=[who]) in page for who in both)
        page = client.post(reverse("promise_add"), {**sent, "person": "Nobody"}, headers=headers).content.decode()
        assert "spelt differently" in page
        assert "`kith" not in page


def test_a_wrong_address_is_a_calm_page(client: Client) -> None:
    response = client.get("/nothing/here")
    assert response.status_code == 404
    assert "There is nothing at this address." in response.content.decode()


def test_a_fault_of_ours_shows_no_details(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(owner: Owner) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(weeks, "week", fail)
    client.raise_request_exception = False
    response = client.get(reverse("week"))
    assert response.status_code == 500
    assert "secret detail" not in response.content.decode()


def test_after_a_form_one_only_goes_to_pages_of_this_app(village: Owner, client: Client) -> None:
    touch = weeks.week(village).touches[0].id
    for evil in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        response = client.post(reverse("touch_later", args=[touch]), {"days": "1", "next": evil})
        assert response.headers["Location"] == "/"
        client.post(reverse("touch_reopen", args=[touch]))

"""The JSON API with a token: whose people are answered, what a read-only one may do, and who needs one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kithbook.core.ids import to_text
from kithbook.services import calendars, editing, tokens
from kithbook.store.models import Owner, Person

AFAR = {"host": "people.example.org", "X-Forwarded-For": "203.0.113.9"}
Ask = Callable[..., Any]


def bearer(text: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}", **more}


def people_of(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [person["name"] for person in answer.json()["people"]]


def failure(answer: Any, status: int) -> dict[str, str]:
    assert answer.status_code == status, answer.content
    error: dict[str, str] = answer.json()["error"]
    assert set(error) == {"kind", "message", "hint"}
    assert answer.has_header("WWW-Authenticate") == (status == 401)
    if status == 401:
        assert answer["WWW-Authenticate"] == "Bearer"
    return error


def add(client: Client, name: str, headers: dict[str, str]) -> Any:
    return client.post(
        "/api/v1/editing/add", json.dumps({"name": name}), content_type="application/json", headers=headers
    )


@pytest.fixture
def both(owner: Owner, stranger: Owner) -> None:
    """Alice knows Anna, Charlie knows Bo."""
    editing.add(owner, "Anna Berger")
    editing.add(stranger, "Bo Lind")


def test_the_answer_is_for_the_owner_of_the_token(client: Client, owner: Owner, stranger: Owner, both: None) -> None:
    mine, theirs = tokens.add(owner, "Mine").text, tokens.add(stranger, "Theirs").text
    find = "/api/v1/people/search"
    assert people_of(client.get(find)) == ["Anna Berger"]
    assert people_of(client.get(find, headers=bearer(mine))) == ["Anna Berger"]
    assert people_of(client.get(find, headers=bearer(theirs))) == ["Bo Lind"]
    assert tokens.listing(stranger)[0].used_at


def test_charlies_token_reaches_nothing_of_alices(client: Client, owner: Owner, stranger: Owner, both: None) -> None:
    anna = Person.objects.of(owner).get()
    program = tokens.add(owner, "Mine").token.id
    theirs = bearer(tokens.add(stranger, "Theirs", writes=True).text)
    for who in ("Anna Berger", to_text(anna.pk)):
        failure(client.get("/api/v1/people/show", {"person": who}, headers=theirs), 404)
    for path, body in (("trash/put_in", {"person": "Anna Berger"}), ("tokens/remove", {"token": program})):
        answer = client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=theirs)
        failure(answer, 404)
    assert [row["name"] for row in client.get("/api/v1/tokens/listing", headers=theirs).json()] == ["Theirs"]
    assert add(client, "Cleo Park", theirs).status_code == 200
    assert Person.objects.of(stranger).filter(name="Cleo Park").exists()
    assert not Person.objects.of(owner).filter(name="Cleo Park").exists()
    assert list(Person.objects.of(owner)) == [anna]


def test_a_token_that_only_reads_changes_nothing(client: Client, owner: Owner, both: None) -> None:
    reading, writing = tokens.add(owner, "Reader").text, tokens.add(owner, "Writer", writes=True).text
    assert failure(add(client, "Cleo Park", bearer(reading)), 403)["message"] == "This token only reads."
    assert Person.objects.of(owner).count() == 1
    assert add(client, "Cleo Park", bearer(writing)).status_code == 200
    assert Person.objects.of(owner).count() == 2


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Bearer kith_" + "A" * 43, "Basic YTpi", "Token {}", "{}", "Bearer {},{}"],
)
def test_what_is_no_token_is_refused_even_on_this_machine(client: Client, owner: Owner, header: str) -> None:
    text = tokens.add(owner, "Reader", writes=True).text
    headers = {"Authorization": header.replace("{}", text)}
    error = failure(client.get("/api/v1/people/search", headers=headers), 401)
    assert error["kind"] == "refused"
    assert text not in json.dumps(error)
    failure(add(client, "Cleo Park", headers), 401)
    assert not Person.objects.of(owner).exists()


def test_a_token_that_was_taken_away_opens_nothing(client: Client, owner: Owner) -> None:
    text = tokens.add(owner, "Reader").text
    tokens.remove(owner, "Reader")
    failure(client.get("/api/v1/people/search", headers=bearer(text)), 401)


def test_a_token_does_not_let_a_page_of_another_site_in(client: Client, owner: Owner) -> None:
    text = tokens.add(owner, "Reader").text
    headers = bearer(text, Origin="https://evil.example")
    failure(client.get("/api/v1/people/search", headers=headers), 403)


def test_from_elsewhere_the_api_needs_a_token(client: Client, owner: Owner, both: None, settings: Any) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "people.example.org"]
    for headers in (AFAR, {"host": AFAR["host"]}, {"X-Forwarded-For": "203.0.113.9"}, {"Forwarded": "for=203.0.113.9"}):
        assert "token" in failure(client.get("/api/v1/people/search", headers=headers), 401)["message"]
        failure(add(client, "Cleo Park", headers), 401)
    failure(client.get("/api/v1/people/search", REMOTE_ADDR="203.0.113.9"), 401)
    text = tokens.add(owner, "Reader").text
    assert people_of(client.get("/api/v1/people/search", headers=bearer(text, **AFAR))) == ["Anna Berger"]
    assert client.get("/healthz", headers=AFAR).status_code == 200


def test_from_elsewhere_no_page_is_shown(client: Client, owner: Owner, both: None, settings: Any) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "people.example.org"]
    feed = calendars.switch(owner, on=True).path
    person = f"/people/{to_text(Person.objects.of(owner).get().pk)}"
    for path in ("/", "/people", person, "/week", "/settings", "/devices", "/bank", "/more"):
        for more in ({}, {"HX-Request": "true"}):
            answer = client.get(path, headers={**AFAR, **more})
            assert answer.status_code == 403, path
            assert "no sign-in" in answer.content.decode()
            assert "Anna" not in answer.content.decode()
    assert client.post("/devices/programs/add", {"name": "Thief"}, headers=AFAR).status_code == 403
    assert tokens.listing(owner) == []
    assert client.get(feed, headers=AFAR).status_code == 200


def test_a_proxy_that_signs_people_in_may_pass_everything(client: Client, both: None, settings: Any) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "people.example.org"]
    settings.SIGN_IN_BY_PROXY = True
    assert "Anna Berger" in client.get("/people", headers=AFAR).content.decode()
    assert people_of(client.get("/api/v1/people/search", headers=AFAR)) == ["Anna Berger"]


def test_the_openapi_file_says_how_a_token_is_sent_and_that_none_is_needed_here(client: Client) -> None:
    listed = client.get("/api/v1/openapi.json").json()
    assert listed["components"]["securitySchemes"] == {"Token": {"type": "http", "scheme": "bearer"}}
    routes = [operation for item in listed["paths"].values() for operation in item.values()]
    assert all(operation["security"] == [{"Token": []}, {}] for operation in routes)
    assert reverse("api:tokens-listing") in listed["paths"]

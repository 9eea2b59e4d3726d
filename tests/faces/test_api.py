"""The JSON API as such, on a made-up list of operations: shapes of failures, strangers' pages, the OpenAPI file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from jsonschema import Draft202012Validator

from kithbook.api import guard
from kithbook.api.failures import READ_FAILURES, WRITE_FAILURES
from kithbook.services import calling
from kithbook.store.models import Owner
from tests.faces import fakes

JSON = "application/json"


@pytest.fixture
def caller(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Client:
    """A program on this machine; the made-up operations need no owner and no database."""
    monkeypatch.setattr(guard, "local_owner", lambda: "Alice")
    settings.ROOT_URLCONF = "tests.faces.fakes"
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
    return Client(headers={"host": "127.0.0.1:8765"})


def failure(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == JSON
    body = response.json()
    assert set(body) == {"error"}
    assert {"kind", "message", "hint"} <= set(body["error"])
    assert body["error"]["message"].endswith(".")
    return body["error"]


def post(caller: Client, verb: str, body: Any = None, **headers: str) -> Any:
    text = body if isinstance(body, str) else json.dumps({} if body is None else body)
    return caller.post(f"/api/v1/fakes/{verb}", text, content_type=JSON, headers=headers)


def test_a_read_takes_query_parameters(caller: Client) -> None:
    response = caller.get(
        "/api/v1/fakes/find",
        {"query": "Ä", "stage": "3", "tweeners": "true", "tags": ["a", "b"], "choices": '{"A": "new"}'},
    )
    assert response.json() == {
        "message": "('Ä', 3, 0.5, 'warmth', True, ['a', 'b'], {'A': 'new'}, None)",
        "batch": None,
    }
    assert response["Cache-Control"] == "no-store"


def test_a_write_takes_a_json_body(caller: Client) -> None:
    assert post(caller, "add", {"name": "Bo", "tags": ["x"]}).json() == {
        "message": "('Bo', ['x'], None, 1)",
        "batch": None,
    }


def test_a_write_that_needs_nothing_may_have_no_body(caller: Client) -> None:
    declared = caller.generic("POST", "/api/v1/fakes/rest_a_while", CONTENT_TYPE=JSON)
    assert declared.json() == {"message": "(7, None)", "batch": None}
    bare = caller.generic("POST", "/api/v1/fakes/rest_a_while", headers={"X-Kithbook": "1"})
    assert bare.json() == {"message": "(7, None)", "batch": None}


def test_a_list_is_answered_as_a_list(caller: Client) -> None:
    assert caller.get("/api/v1/fakes/listing").json()[0]["at"] == "2026-01-02T00:00:00+00:00"


@pytest.mark.parametrize(
    ("how", "status", "kind"),
    [
        ("not_found", 404, "not_found"),
        ("invalid", 422, "invalid"),
        ("refused", 403, "refused"),
        ("unavailable", 503, "unavailable"),
        ("locked", 503, "unavailable"),
        ("overlong", 422, "invalid"),
    ],
)
def test_each_kind_of_failure_has_its_status(caller: Client, how: str, status: int, kind: str) -> None:
    assert failure(post(caller, "fail", {"how": how}), status)["kind"] == kind


def test_an_ambiguous_name_lists_the_candidates(caller: Client) -> None:
    error = failure(caller.get("/api/v1/fakes/show", {"person": "Anna"}), 409)
    assert error["kind"] == "conflict"
    assert error["details"] == {"candidates": [{"id": "0000000000001", "name": "Anna B", "stage": 2}]}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "“query” is needed."),
        ("query=a&stage=x", "“stage” must be a whole number."),
        ("query=a&limit=5", "There is no parameter “limit”."),
        ("query=a&since_on=20", "“since_on” must be a date like 2026-11-21."),
        ("query=%00", "“query” holds a NUL character."),
        ("query=" + "x" * 10_001, "“query” is longer than 10,000 characters."),
    ],
)
def test_a_bad_parameter_is_refused_with_one_sentence(caller: Client, query: str, message: str) -> None:
    assert failure(caller.get(f"/api/v1/fakes/find?{query}"), 422)["message"] == message


@pytest.mark.parametrize("body", ["{", "nonsense", "[" * 100_000, '{"name": ' + "9" * 5_000 + "}", "\x00"])
def test_a_body_that_is_not_json_is_refused(caller: Client, body: str) -> None:
    assert failure(post(caller, "add", body), 400)["message"] == "The body is not JSON."


@pytest.mark.parametrize("body", ["[1]", '"x"', "null", "5"])
def test_a_body_that_is_not_an_object_is_refused(caller: Client, body: str) -> None:
    assert failure(post(caller, "add", body), 422)["message"] == "The arguments must be one JSON object."


def test_a_body_with_half_a_character_is_refused(caller: Client) -> None:
    assert failure(post(caller, "add", '{"name": "\\ud800"}'), 422)["message"] == "“name” holds half a character."


def test_arguments_of_a_write_do_not_belong_into_the_address(caller: Client) -> None:
    response = caller.post("/api/v1/fakes/add?size=3", '{"name": "Bo"}', content_type=JSON)
    assert failure(response, 422)["message"] == "There is no parameter “size”."


def test_a_body_in_chunks_is_refused_instead_of_being_taken_for_none(caller: Client) -> None:
    told = {"Transfer-Encoding": "chunked"}
    answer = caller.generic("POST", "/api/v1/fakes/rest_a_while", CONTENT_TYPE=JSON, headers=told)
    assert failure(answer, 411)["message"] == "The length of the body is missing."


def test_a_huge_body_is_refused(caller: Client) -> None:
    failure(post(caller, "add", {"name": "x" * 5_100_000}), 413)


def test_too_many_parameters_are_refused(caller: Client) -> None:
    failure(caller.get("/api/v1/fakes/find?" + "tags=a&" * 1_500), 400)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", ""]
)
def test_what_a_form_of_any_page_can_send_is_not_taken(caller: Client, kind: str) -> None:
    failure(caller.generic("POST", "/api/v1/fakes/add", '{"name": "Bo"}', content_type=kind), 415)
    # With a body the header alone does not help.
    told = {"X-Kithbook": "1"}
    failure(caller.generic("POST", "/api/v1/fakes/add", '{"name": "Bo"}', content_type=kind, headers=told), 415)
    failure(caller.generic("POST", "/api/v1/fakes/rest_a_while", content_type=kind), 415)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "http://127.0.0.1:8765.evil.example"},
        {"Origin": ""},
        {"Origin": "http://["},
        {"Origin": "ftp://127.0.0.1:8765"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_origin_can_neither_read_nor_write(caller: Client, headers: dict[str, str]) -> None:
    assert failure(post(caller, "add", {"name": "Bo"}, **headers), 403)["kind"] == "refused"
    failure(caller.get("/api/v1/fakes/listing", headers=headers), 403)


def test_a_page_of_ours_can_write(caller: Client) -> None:
    own = {"Origin": "http://127.0.0.1:8765", "Sec-Fetch-Site": "same-origin"}
    assert post(caller, "add", {"name": "Bo"}, **own).status_code == 200


def test_no_answer_invites_another_origin(caller: Client) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    response = caller.options("/api/v1/fakes/add", headers=asked)
    failure(response, 405)
    assert not [name for name in response.headers if name.lower().startswith("access-control")]


def test_a_wrong_method_and_an_unknown_address_answer_in_the_same_shape(caller: Client) -> None:
    wrong = caller.get("/api/v1/fakes/add")
    assert failure(wrong, 405)["message"] == "This address takes POST only."
    assert wrong["Allow"] == "POST"
    wrong = caller.delete("/api/v1/fakes/listing")
    assert failure(wrong, 405)["message"] == "This address takes GET only."
    assert wrong["Allow"] == "GET, HEAD"
    for address in ("/api/v1/", "/api/v1/fakes", "/api/v1/fakes/nothing/else"):
        failure(caller.get(address), 404)


def test_the_head_of_a_read_is_that_of_its_answer(caller: Client) -> None:
    asked, whole = caller.head("/api/v1/fakes/listing"), caller.get("/api/v1/fakes/listing")
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked["Content-Type"] == whole["Content-Type"] == JSON
    assert caller.head("/api/v1/fakes/add").status_code == 405


def test_below_api_every_failure_is_json(client: Client, owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    for nowhere in ("/api", "/api/", "/api/v2/people"):
        assert failure(client.get(nowhere), 404)["kind"] == "not_found"
    assert failure(client.get("/api/v1/people/search", headers={"Host": "evil.example"}), 400)["kind"] == "invalid"

    def break_down(*_args: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(calling, "run", break_down)
    client.raise_request_exception = False
    error = failure(client.get("/api/v1/people/search"), 500)
    assert error["kind"] == "unavailable"
    assert "fault of ours" not in error["message"] + error["hint"]


@pytest.fixture
def openapi(caller: Client) -> dict[str, Any]:
    return caller.get("/api/v1/openapi.json").json()


def schemas(node: Any) -> Iterator[Any]:
    """Every JSON schema that stands directly below a parameter, a body or an answer."""
    if isinstance(node, dict):
        if "schema" in node:
            yield node["schema"]
        for value in node.values():
            yield from schemas(value)
    elif isinstance(node, list):
        for value in node:
            yield from schemas(value)


def test_the_openapi_file_is_well_formed(openapi: dict[str, Any]) -> None:
    assert openapi["openapi"].startswith("3.1.")
    found = [*schemas(openapi["paths"]), *openapi["components"]["schemas"].values()]
    for schema in found:
        Draft202012Validator.check_schema(schema)
    text = json.dumps(openapi)
    for reference in {part.split('"')[0] for part in text.split('"$ref": "')[1:]}:
        assert reference.removeprefix("#/components/schemas/") in openapi["components"]["schemas"]


def test_the_openapi_file_is_written_once(caller: Client, openapi: dict[str, Any]) -> None:
    assert fakes.api.get_openapi_schema() is fakes.api.get_openapi_schema()
    assert json.loads(json.dumps(fakes.api.get_openapi_schema())) == openapi


def test_every_route_documents_its_failures(openapi: dict[str, Any]) -> None:
    assert len(openapi["paths"]) == len(fakes.OPERATIONS)
    for item in openapi["paths"].values():
        for method, operation in item.items():
            failures = READ_FAILURES if method == "get" else WRITE_FAILURES
            assert set(operation["responses"]) == {"200", *map(str, failures)}
            for status in failures:
                content = operation["responses"][str(status)]["content"][JSON]["schema"]
                assert content == {"$ref": "#/components/schemas/FailureBody"}


def test_the_openapi_file_is_as_precise_as_the_signature(openapi: dict[str, Any]) -> None:
    find = openapi["paths"]["/api/v1/fakes/find"]["get"]
    parameters = {item["name"]: item for item in find["parameters"]}
    assert parameters["query"]["required"]
    assert not parameters["stage"]["required"]
    assert parameters["sort"]["schema"]["enum"] == ["warmth", "name"]
    assert parameters["stage"]["schema"]["anyOf"][0]["minimum"] == -1_000_000
    assert parameters["since_on"]["schema"]["anyOf"][0]["format"] == "date"
    assert find["responses"]["200"]["content"][JSON]["schema"] == {"$ref": "#/components/schemas/Note"}
    add = openapi["paths"]["/api/v1/fakes/add"]["post"]
    body = openapi["components"]["schemas"]["FakesAddArguments"]
    assert add["requestBody"]["required"]
    assert body["required"] == ["name"]
    assert body["additionalProperties"] is False


def test_failures_fit_their_own_schema(caller: Client, openapi: dict[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/FailureBody", "components": openapi["components"]}
    for response in (caller.get("/api/v1/fakes/show?person=Anna"), post(caller, "fail", {"how": "refused"})):
        Draft202012Validator(schema).validate(response.json())


@pytest.mark.django_db
def test_health_says_ok(caller: Client) -> None:
    response = caller.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_health_says_when_the_database_does_not_answer(caller: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("no such file")

    monkeypatch.setattr(connection, "cursor", refuse)
    assert failure(caller.get("/healthz"), 503)["kind"] == "unavailable"

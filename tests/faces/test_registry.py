"""The list of operations: every face offers the same, nobody reaches another owner's rows, nothing ends in a crash."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kithbook.api.app import api
from kithbook.api.routes import route_of
from kithbook.cli import derived
from kithbook.mcp import tools
from kithbook.services import (
    registry,
)
from kithbook.services.views import as_json
from kithbook.store.models import Owner
from tests.faces.operations import JSON, NOUNS, OPERATIONS, bare, ids_of, leads, plausible, rows_of

EXAMPLES = int(os.environ.get("KITHBOOK_EXAMPLES", "12"))
"""Calls of each operation; always the same ones, more of them by hand."""
DOCS = Path(__file__).resolve().parents[2] / "docs"


def said(argument: registry.Argument) -> tuple[str, ...]:
    """An argument on the command line: a flag that says yes or no stands alone."""
    kind = bare(argument.type)
    if kind is bool:
        return (derived.flag_of(argument),)
    value = "2026-11-20" if kind is dt.date else "3=3" if get_origin(kind) is dict else "3"
    return derived.flag_of(argument), value


def test_api_tools_and_commands_are_the_same_list() -> None:
    openapi = api.get_openapi_schema(path_prefix="/")
    routes = {(method.upper(), path) for path, item in openapi["paths"].items() for method in item}
    listed = list(OPERATIONS.values())
    toolbox = tools.make_toolbox(listed, allow_writes=True)
    assert routes == {route_of(operation) for operation in listed}
    assert set(toolbox.tools) == {f"{operation.noun}_{operation.verb}" for operation in listed}
    parser = derived.build_parser(listed)
    for operation in listed:
        words = derived.command_of(operation).split()[2:]
        needed = [part for a in operation.arguments if a.is_required for part in said(a)]
        assert parser.parse_args([*words, *needed]).operation == operation


def test_every_operation_explains_itself() -> None:
    for operation in OPERATIONS.values():
        assert operation.text, operation.name
        assert operation.summary.endswith("."), operation.name


def test_the_registry_stays_small() -> None:
    source = Path(registry.__file__).read_text("utf-8")
    assert len(source.splitlines()) < 200


def test_answers_of_reads_fit_their_documented_schema(village: Owner, client: Client) -> None:
    known = ids_of(village)
    openapi = client.get("/api/v1/openapi.json").json()
    for operation in (entry for entry in OPERATIONS.values() if entry.reads):
        if any(a.is_required and leads(a) and a.name not in known for a in operation.arguments):
            continue  # accounts, clips and the like are not in the village; their own tests ask for them
        method, path = route_of(operation)
        answers = openapi["paths"][f"/api/v1{path}"][method.lower()]["responses"]
        schema = {**answers["200"]["content"][JSON]["schema"], "components": openapi["components"]}
        query = {a.name: known.get(a.name, plausible(operation, a)) for a in operation.arguments if a.is_required}
        response = client.get(f"/api/v1{path}", query)
        assert response.status_code == 200, response.content
        Draft202012Validator(schema).validate(response.json())


def test_a_page_of_another_origin_cannot_write(client: Client, owner: Owner) -> None:
    body = json.dumps({"name": "Mallory"})
    before = rows_of(owner)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        response = client.post("/api/v1/editing/add", body, content_type=JSON, headers=headers)
        assert response.status_code == 403
    assert client.post("/api/v1/editing/add", {"name": "Mallory"}).status_code == 415
    assert client.post("/api/v1/editing/add", body, content_type="text/plain").status_code == 415
    assert rows_of(owner) == before


def test_a_write_and_a_read_through_the_api(client: Client, owner: Owner) -> None:
    body = json.dumps({"name": "Berta Brandt", "email": "berta@example.org"})
    added = client.post("/api/v1/editing/add", body, content_type=JSON)
    assert added.status_code == 200, added.content
    shown = client.get("/api/v1/people/show", {"person": "berta@example.org"}).json()
    assert shown["id"] == added.json()["id"]
    assert client.get("/api/v1/people/show", {"person": "Zoe"}).json()["error"]["kind"] == "not_found"


TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", "Anna", "anna@", "%", "_", "*", "'; --", "\0", "\u202e", "İ", "\U0001f600", "x" * 9_000, "y" * 11_000]
    ),
    st.sampled_from(
        ["0000000000000", "zzzzzzzzzzzzz", "7" * 13, "1", "-1", "2026-11-21", "yesterday", "advice", "need"]
    ),
)
NUMBERS = st.integers(-3, 400) | st.integers() | st.sampled_from([10**6, -(10**6), 2**63, 7, 10**5])
DAYS = st.dates() | st.dates(dt.date(2026, 1, 1), dt.date(2027, 1, 1))
WRONG = st.none() | st.booleans() | NUMBERS | st.floats() | TEXTS | st.lists(TEXTS, max_size=2)


def fitting(kind: Any) -> st.SearchStrategy[Any]:
    """Values of the right type, sensible or not."""
    kind = bare(kind)
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return st.sampled_from(parts) | TEXTS
    if origin in (list, tuple):
        return st.lists(fitting(parts[0]), max_size=3)
    if origin is dict:
        return st.dictionaries(TEXTS, TEXTS, max_size=3)
    return {str: TEXTS, int: NUMBERS, float: st.floats(), bool: st.booleans(), dt.date: DAYS.map(str)}[kind]


def calls_of(operation: registry.Operation, known: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Two of three calls have values of the right type only, ids that exist among them; the third has nonsense too."""

    def right(argument: registry.Argument) -> st.SearchStrategy[Any]:
        sensible = as_json(known.get(argument.name, plausible(operation, argument)))
        return st.just(sensible) | fitting(argument.type)

    def call(values: Any) -> st.SearchStrategy[dict[str, Any]]:
        needed = {a.name: values(a) for a in operation.arguments if a.is_required}
        optional = {a.name: values(a) for a in operation.arguments if not a.is_required}
        return st.fixed_dictionaries(needed, optional=optional)

    return st.one_of(call(right), call(right), call(lambda argument: right(argument) | WRONG))


def query_of(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments as a query can carry them."""
    plain = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in arguments.items()}
    return {name: value for name, value in plain.items() if value is not None}


@pytest.mark.parametrize("noun", NOUNS)
def test_no_values_make_an_operation_crash(noun: str, ids: dict[str, Any], client: Client) -> None:
    for operation in (one for name, one in OPERATIONS.items() if name.startswith(f"{noun}.")):
        fire_at(operation, ids, client)


def fire_at(operation: registry.Operation, ids: dict[str, Any], client: Client) -> None:
    """Call an operation with values good and bad; what it answers is an answer or a failure in words."""
    method, path = route_of(operation)

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), database=None)
    @given(calls_of(operation, ids))
    def fire(arguments: dict[str, Any]) -> None:
        # A crash is raised by the test client; what an example wrote is taken back.
        with transaction.atomic():
            if method == "GET":
                response = client.get(f"/api/v1{path}", query_of(arguments))
            else:
                response = client.post(f"/api/v1{path}", json.dumps(arguments), content_type=JSON)
            transaction.set_rollback(True)
        body = response.json()
        if response.status_code != 200:
            assert response.status_code in {400, 403, 404, 409, 413, 422}, body
            assert body["error"]["message"]

    fire()


def test_the_page_of_operations_is_up_to_date() -> None:
    assert (DOCS / "reference" / "operations.md").read_text("utf-8") == generator().make_page(OPERATIONS.values())


def generator() -> Any:
    spec = importlib.util.spec_from_file_location("generate_operations", DOCS / "generate_operations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def words_in(text: str) -> Iterator[str]:
    yield from (line.removeprefix("### ") for line in text.splitlines() if line.startswith("### "))


def test_the_page_names_every_operation_once() -> None:
    named = [word for word in words_in(generator().make_page(OPERATIONS.values())) if "." in word]
    assert named == list(OPERATIONS)

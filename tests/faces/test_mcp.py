"""The assistant's tools: on a made-up list inside this process, and the real server with the library's own client."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mcp import Client, StdioServerParameters, stdio_client

from kithbook.core.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from kithbook.mcp import tools
from kithbook.mcp.protocol import build_server
from kithbook.services import registry
from kithbook.services.views import PersonBrief
from tests.faces import fakes

FIXED_NOW = "2026-11-21T09:00:00+00:00"


@pytest.fixture(autouse=True)
def _no_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    """The made-up operations need no owner and no database."""
    monkeypatch.setattr(tools, "local_owner", lambda: "Alice")


def toolbox(*, allow_writes: bool = False) -> tools.Toolbox:
    return tools.make_toolbox(fakes.OPERATIONS, allow_writes=allow_writes)


def test_only_reads_are_offered_unless_writes_are_allowed() -> None:
    assert set(toolbox().tools) == {"fakes_find", "fakes_show", "fakes_listing"}
    assert len(toolbox(allow_writes=True).tools) == len(fakes.OPERATIONS)


def test_a_withheld_tool_says_how_to_allow_it() -> None:
    with pytest.raises(Refused) as caught:
        tools.call(toolbox(), "fakes_add", {"name": "Bo"})
    assert "--allow-writes" in caught.value.hint
    with pytest.raises(NotFound):
        tools.call(toolbox(), "fakes_nothing", {})


def test_arguments_are_checked_as_everywhere() -> None:
    with pytest.raises(Invalid, match="“query” is needed"):
        tools.call(toolbox(), "fakes_find", {})
    answer = tools.call(toolbox(), "fakes_find", {"query": "a", "choices": {"Anna": "new"}})
    assert answer == {"message": "('a', None, 0.5, 'warmth', False, None, {'Anna': 'new'}, None)", "batch": None}


def test_an_answer_that_is_no_object_stands_under_result() -> None:
    tool = toolbox().tools["fakes_listing"]
    answer = tools.call(toolbox(), "fakes_listing", {})
    assert answer["result"][0]["id"] == "1"
    Draft202012Validator(tool.output_schema).validate(answer)


def test_schemas_are_well_formed_objects() -> None:
    for tool in toolbox(allow_writes=True).tools.values():
        for schema in (tool.input_schema, tool.output_schema):
            Draft202012Validator.check_schema(schema)
            assert schema["type"] == "object"


def test_a_failure_is_told_with_its_hint_and_the_candidates() -> None:
    anna = PersonBrief("0000000000001", "Anna B", 2)
    text = tools.failure_text(Conflict("Two people are called Anna.", "Say which.", candidates=[anna]))
    assert text == "Two people are called Anna. Say which.\n- Anna B (id 0000000000001)"
    assert tools.failure_text(Unavailable("The disk is full.")) == "The disk is full."


def test_the_librarys_own_client_lists_and_calls_tools() -> None:
    async def talk() -> None:
        async with Client(build_server(toolbox())) as client:
            listed = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(listed) == set(toolbox().tools)
            assert listed["fakes_find"].description == fakes.OPERATIONS[0].text
            assert listed["fakes_find"].annotations.read_only_hint
            answer = await client.call_tool("fakes_show", {"person": "Bo"})
            assert answer.structured_content == {"id": "0000000000000", "name": "Bo", "stage": 3}
            refused = await client.call_tool("fakes_show", {"person": "Anna"})
            assert refused.is_error
            assert "Anna B (id 0000000000001)" in refused.content[0].text

    asyncio.run(talk())


def test_every_operation_is_a_tool_and_nothing_else_is() -> None:
    everything = tools.make_toolbox(registry.operations().values(), allow_writes=True)
    assert set(everything.tools) == {name.replace(".", "_") for name in registry.operations()}


def serve_from(home: Path, *options: str) -> StdioServerParameters:
    environment = {**os.environ, "KITHBOOK_HOME": str(home), "KITHBOOK_NOW": FIXED_NOW}
    environment.pop("KITHBOOK_DATABASE", None)
    return StdioServerParameters(command=sys.executable, args=["-m", "kithbook.mcp", *options], env=environment)


def test_a_real_server_on_standard_input_and_output_writes_and_reads(tmp_path: Path) -> None:
    async def talk() -> None:
        async with Client(stdio_client(serve_from(tmp_path, "--allow-writes"))) as client:
            added = await client.call_tool("editing_add", {"name": "Berta Brandt", "email": "berta@example.org"})
            assert not added.is_error, added.content
            shown = await client.call_tool("people_show", {"person": "berta@example.org"})
            assert shown.structured_content["name"] == "Berta Brandt"
            lost = await client.call_tool("people_show", {"person": "Zoe"})
            assert lost.is_error

    asyncio.run(talk())


def test_a_real_server_offers_reads_only_by_default(tmp_path: Path) -> None:
    async def talk() -> set[str]:
        async with Client(stdio_client(serve_from(tmp_path))) as client:
            refused = await client.call_tool("editing_add", {"name": "Berta Brandt"})
            assert refused.is_error
            return {tool.name for tool in (await client.list_tools()).tools}

    reads = {tools.name_of(operation) for operation in registry.operations().values() if operation.reads}
    assert asyncio.run(talk()) == reads


def test_starting_the_module_loads_no_mcp_library() -> None:
    code = "import sys; import kithbook.mcp.server; sys.exit(bool({'mcp', 'django', 'pydantic'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def answer_of(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return tools.call(toolbox(allow_writes=True), name, arguments)


def test_a_database_that_does_not_answer_is_a_failure_and_no_crash() -> None:
    with pytest.raises(Unavailable):
        answer_of("fakes_fail", {"how": "locked"})

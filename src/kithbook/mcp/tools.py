"""Operations as an assistant's tools: name, schemas, and a call that always answers with a result.

Nothing here knows the MCP library, so that it can be tested and imported without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter

from kithbook.core.errors import KithbookError, NotFound, Refused
from kithbook.services import calling
from kithbook.services.owners import local_owner
from kithbook.services.registry import Operation
from kithbook.services.views import as_json


@dataclass(frozen=True, slots=True)
class Toolbox:
    """The tools on offer by name; `withheld` are names of those that would change something and are not."""

    tools: Mapping[str, Tool]
    withheld: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tool:
    """One operation as a tool. `wraps` says that its answer is no object and stands under "result"."""

    name: str
    operation: Operation
    model: type[BaseModel]
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
    wraps: bool


def make_toolbox(operations: Iterable[Operation], *, allow_writes: bool) -> Toolbox:
    """Tools for all reads, and for the writes too where they are allowed."""
    listed = list(operations)
    offered = [operation for operation in listed if operation.reads or allow_writes]
    withheld = frozenset(name_of(operation) for operation in listed) - {name_of(operation) for operation in offered}
    return Toolbox({name_of(operation): _make_tool(operation) for operation in offered}, withheld)


def name_of(operation: Operation) -> str:
    """`noun_verb`."""
    return f"{operation.noun}_{operation.verb}"


def call(toolbox: Toolbox, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Run a tool for the local owner and return its answer as a JSON object; raises KithbookError."""
    tool = toolbox.tools.get(name)
    if tool is None:
        if name in toolbox.withheld:
            raise Refused(
                f"{name} changes something and is not offered.", "Start `kith mcp --allow-writes` to allow it."
            )
        raise NotFound(f"There is no tool “{name[:60]}”.", "Ask for the list of tools.")
    values = calling.check(tool.model, arguments)
    answer = as_json(calling.run(tool.operation, local_owner(), values))
    return {"result": answer} if tool.wraps else answer


def failure_text(error: KithbookError) -> str:
    """Say a failure as an assistant reads it: what, what to do, and whom the words may have meant."""
    lines = [error.told]
    candidates = error.details.get("candidates")
    if isinstance(candidates, list | tuple):
        lines += [f"- {person.name} (id {person.id})" for person in candidates]
    return "\n".join(lines)


def _make_tool(operation: Operation) -> Tool:
    model = calling.arguments_model(operation)
    output = TypeAdapter(operation.returns).json_schema(mode="serialization")
    wraps = output.get("type") != "object"
    if wraps:
        definitions = output.pop("$defs", {})
        output = {"type": "object", "properties": {"result": output}, "required": ["result"], "$defs": definitions}
    return Tool(name_of(operation), operation, model, model.model_json_schema(), output, wraps)

"""Tools spoken over the Model Context Protocol, by the official library."""

from __future__ import annotations

import json
from typing import Any

import mcp_types as types
from asgiref.sync import sync_to_async
from django.db import close_old_connections
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from kithbook import __version__
from kithbook.core.errors import KithbookError
from kithbook.mcp.tools import Tool, Toolbox, call, failure_text
from kithbook.mcp.wire import Incoming, Outgoing

INSTRUCTIONS = """Kithbook keeps a person's professional relationships: whom they know, how warm each tie is and why,
who gave what, and a short plan of whom to get in touch with this week. Arguments called `person` take an id, a name,
part of one, or an e-mail address. If several people fit, the answer lists them: ask the user, never choose for them."""


def build_server(toolbox: Toolbox) -> Server[Any]:
    """Make the server of a toolbox."""
    listed = types.ListToolsResult(tools=[_describe(tool) for tool in toolbox.tools.values()])
    # One thread for all calls: a database connection belongs to the thread that opened it.
    call_in_thread = sync_to_async(_call_afresh, thread_sensitive=True)

    async def list_tools(_context: Any, _parameters: Any) -> types.ListToolsResult:
        return listed

    async def call_tool(_context: Any, parameters: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            answer = await call_in_thread(toolbox, parameters.name, parameters.arguments or {})
        except KithbookError as error:
            return types.CallToolResult(content=[_text(failure_text(error))], is_error=True)
        words = json.dumps(answer, ensure_ascii=False, allow_nan=False)
        return types.CallToolResult(content=[_text(words)], structured_content=answer)

    return Server(
        "kithbook", version=__version__, instructions=INSTRUCTIONS, on_list_tools=list_tools, on_call_tool=call_tool
    )


async def serve(server: Server[Any]) -> None:
    """Answer on standard input and output until the other side has closed and has its answers."""
    async with stdio_server() as (read, write):
        outgoing = Outgoing(write)
        await server.run(Incoming(read, outgoing), outgoing, server.create_initialization_options())


def _call_afresh(toolbox: Toolbox, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    # The server may run for days: a connection that the database has dropped is opened anew.
    close_old_connections()
    return call(toolbox, name, arguments)


def _text(words: str) -> types.TextContent:
    return types.TextContent(type="text", text=words)


def _describe(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        description=tool.operation.text,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=types.ToolAnnotations(read_only_hint=tool.operation.reads, open_world_hint=False),
    )

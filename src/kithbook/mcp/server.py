"""Start the assistant's server; importing this costs nothing."""

from __future__ import annotations

import asyncio

from kithbook.services.starting import ensure_schema


def run(allow_writes: bool) -> None:
    """Serve over standard input and output until the other side closes; raises Unavailable without a database.

    With `allow_writes` the tools that change something are on offer too.
    """
    ensure_schema()
    # Services hold Django's models, which can be imported only now; the MCP library takes 1.6 s of CPU to import.
    from kithbook.mcp.protocol import build_server, serve  # noqa: PLC0415
    from kithbook.mcp.tools import make_toolbox  # noqa: PLC0415
    from kithbook.services.registry import operations  # noqa: PLC0415

    toolbox = make_toolbox(operations().values(), allow_writes=allow_writes)
    asyncio.run(serve(build_server(toolbox)))

"""The two ends of the wire: every request gets its answer, bad lines and those before the other side closes included.

The library drops what is under way when its input ends, and lines that are no JSON-RPC. A program that writes all its
requests and closes its end, such as a shell pipe, would get neither answers nor a word about its mistakes.
"""

from __future__ import annotations

from collections import Counter
from types import TracebackType
from typing import Any, Self

import anyio
import mcp_types as types
from mcp.shared.message import SessionMessage
from pydantic import ValidationError


class _End:
    """A stream of the library's, closed with what stands around it."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def aclose(self) -> None:
        """Close the stream below."""
        await self._stream.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class Incoming(_End):
    """Messages of the other side; it ends when the other side has closed and all of its requests are answered."""

    def __init__(self, stream: Any, answers: Outgoing) -> None:
        super().__init__(stream)
        self._answers = answers

    @property
    def last_context(self) -> Any:
        """The sender's context variables of the last message; the library asks for them."""
        return getattr(self._stream, "last_context", None)

    async def receive(self) -> SessionMessage:
        """Give the next message; raises anyio.EndOfStream after the last."""
        while True:
            try:
                item = await self._stream.receive()
            except anyio.EndOfStream:
                await self._answers.all_sent()
                raise
            if isinstance(item, Exception):
                await self._answers.refuse(item)
                continue
            self._answers.expect(item.message)
            return item  # type: ignore[no-any-return]

    def __aiter__(self) -> Incoming:
        return self

    async def __anext__(self) -> SessionMessage:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None


class Outgoing(_End):
    """Messages to the other side; knows which requests still wait for their answer."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self._waiting: Counter[str] = Counter()
        self._settled = anyio.Event()

    def expect(self, message: Any) -> None:
        """Note a request that has to be answered, or that one was withdrawn."""
        if isinstance(message, types.JSONRPCRequest):
            self._waiting[str(message.id)] += 1
        elif isinstance(message, types.JSONRPCNotification) and message.method == "notifications/cancelled":
            self._settle((message.params or {}).get("requestId"))

    async def send(self, item: SessionMessage) -> None:
        """Send a message."""
        await self._stream.send(item)
        if isinstance(item.message, types.JSONRPCResponse | types.JSONRPCError):
            self._settle(item.message.id)

    async def refuse(self, error: Exception) -> None:
        """Answer a line that is no message of JSON-RPC; an empty one is none at all."""
        first = error.errors(include_url=False)[0] if isinstance(error, ValidationError) else {}
        if not str(first.get("input", "-")).strip():
            return
        is_json = first.get("type") != "json_invalid"
        code, words = (types.INVALID_REQUEST, "Invalid Request") if is_json else (types.PARSE_ERROR, "Parse error")
        data = types.ErrorData(code=code, message=words)
        await self._stream.send(SessionMessage(types.JSONRPCError(jsonrpc="2.0", id=None, error=data)))

    async def all_sent(self) -> None:
        """Wait until every request has its answer."""
        while self._waiting.total():
            self._settled = anyio.Event()
            await self._settled.wait()

    def _settle(self, request: Any) -> None:
        key = str(request)
        if self._waiting[key] > 0:
            self._waiting[key] -= 1
        self._settled.set()

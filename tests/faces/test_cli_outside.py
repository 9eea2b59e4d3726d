"""What somebody who knows the public contract only would try: words for kinds, stages by name, requests in a pipe."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

import pytest

from kithbook.cli import reading
from kithbook.cli.main import _unforeseen
from kithbook.core.errors import Invalid
from kithbook.core.ledger import KINDS, find_kind


def test_kinds_of_entries_are_found_by_key_label_and_the_words_of_the_method() -> None:
    for key, kind in KINDS.items():
        assert find_kind(key) == find_kind(kind.label) == find_kind(key.replace("_", " ").title()) == key
    said = {"outcome": "report", "group service": "service", "answer": "advice", "broken promise": "promise_broken"}
    assert {words: find_kind(words) for words in said} == said
    for words in ("", "banana", "help"):
        with pytest.raises(Invalid, match="is not a kind of entry"):
            find_kind(words)


def test_a_stage_is_read_by_number_and_by_name() -> None:
    assert [reading.read_stage(text) for text in ("3", "Like", " friend ")] == [3, 3, 7]
    for text in ("0", "8", "", "liked"):
        with pytest.raises(argparse.ArgumentTypeError):
            reading.read_stage(text)


def test_days_that_cannot_be_reckoned_with_are_refused() -> None:
    assert reading.read_day(None) is None
    assert reading.read_day("2026-02-28").isoformat() == "2026-02-28"  # type: ignore[union-attr]
    for text in ("2026-02-31", "0001-01-01", "9999-12-31", "10000-01-01", "tomorrow"):
        with pytest.raises(Invalid):
            reading.read_day(text)


@pytest.mark.parametrize(("said", "told"), [("database or disk is full", "room"), ("readonly database", "read only")])
def test_a_full_disk_does_not_send_anybody_to_their_backup(said: str, told: str) -> None:
    from django.db import OperationalError

    error = _unforeseen(OperationalError(said))
    assert told in error.message
    assert "restore" not in error.hint


def test_the_wire_answers_what_came_before_the_end_and_lines_that_are_no_messages() -> None:
    code = """
import asyncio, anyio, json, mcp_types as types
from mcp.shared.message import SessionMessage
from pydantic import ValidationError
from kithbook.mcp.wire import Incoming, Outgoing
async def run():
    put, read = anyio.create_memory_object_stream(9)
    write, got = anyio.create_memory_object_stream(9)
    out = Outgoing(write)
    incoming = Incoming(read, out)
    for line in ("nonsense", "[]", " ", '{"jsonrpc": "2.0", "id": 7, "method": "ping"}'):
        try:
            put.send_nowait(SessionMessage(types.jsonrpc_message_adapter.validate_json(line)))
        except ValidationError as error:
            put.send_nowait(error)
    put.close()
    order = []
    async def late():
        await anyio.sleep(0)
        order.append("answer")
        await out.send(SessionMessage(types.JSONRPCResponse(jsonrpc="2.0", id=7, result={})))
    async with anyio.create_task_group() as group:
        async for item in incoming:
            order.append(item.message.method)
            group.start_soon(late)
    order.append("end")
    codes = [got.receive_nowait().message.error.code for _ in range(2)]
    print(json.dumps([order, codes]))
asyncio.run(run())
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(answer.stdout) == [["ping", "answer", "end"], [-32700, -32600]]

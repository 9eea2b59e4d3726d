"""What somebody who knows the public contract only would try: words for kinds, stages by name, requests in a pipe."""

from __future__ import annotations

import argparse
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import kithbook
from kithbook.cli import reading, serving
from kithbook.cli.derived import flag_of
from kithbook.cli.main import build_parser, understood
from kithbook.core.errors import Invalid, Refused
from kithbook.core.ledger import KINDS, find_kind
from tests.faces.commanding import Run, assert_refused
from tests.faces.operations import OPERATIONS


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


@pytest.mark.parametrize(
    ("said", "told"),
    [("database or disk is full", "room"), ("readonly database", "read only"), ("disk I/O error", "The disk")],
)
def test_a_full_disk_does_not_send_anybody_to_their_backup(said: str, told: str) -> None:
    from django.db import OperationalError

    error = understood(OperationalError(said))
    assert told in error.message
    assert "restore" not in error.hint


def test_the_address_is_one_that_a_browser_opens_and_that_kithbook_answers() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert serving.address_of("127.0.0.1", port) == f"http://127.0.0.1:{port}/"
    with pytest.raises(Refused, match=r"does not answer at 127\.0\.0\.2"):
        serving.address_of("127.0.0.2", port)


@pytest.mark.parametrize("words", [("serve",), ("demo",)])
def test_a_server_started_with_json_says_nothing_but_json(
    words: tuple[str, ...], kith: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setattr("uvicorn.run", lambda *_a, **_k: None)
    monkeypatch.setattr("kithbook.services.jobs.start", lambda _address: None)
    monkeypatch.setattr("kithbook.services.demo.load", lambda _owner: None)
    said = kith(*words, "--port", port, "--json").data
    assert said["address"] == f"http://127.0.0.1:{port}/"
    assert ("touches" in said) == (words == ("demo",))
    assert kith(*words, "--port", port).out.endswith(f"Kithbook is at http://127.0.0.1:{port}/  (stop with Ctrl-C)\n")


def test_the_demo_does_not_mix_invented_people_with_yours(kith: Run) -> None:
    assert kith("met", "Anna Berger").code == 0
    assert_refused(kith("demo", "--no-serve"), "people of your own", "kith demo --home DIR")
    assert kith("people", "--json").data["total"] == 1


def words_told() -> Iterator[str]:
    """Every command that a hint, a docstring, a page or the documentation names between grave accents."""
    root = Path(kithbook.__file__).parent
    docs = root.parents[1] / "docs"
    for path in (*root.rglob("*.py"), *root.rglob("*.html"), *docs.rglob("*.md"), docs.parent / "README.md"):
        yield from re.findall(r"`kith ([^`{}]+)`", path.read_text("utf-8"))


def test_every_command_that_is_named_anywhere_is_there() -> None:
    commands = choices_of(build_parser())
    for line in sorted(set(words_told())):
        words = [word for word in line.split() if re.fullmatch(r"[a-z][a-z-]*", word)]
        if line.startswith("-") or not words:
            continue
        parser = commands[words[0]]
        if words[0] == "op":
            operation = OPERATIONS[".".join(words[1:3]).replace("-", "_")] if len(words) > 2 else None
            known = {flag_of(argument) for argument in operation.arguments} if operation else set()
        else:
            inner = choices_of(parser)
            parser = inner[words[1]] if inner and len(words) > 1 else parser
            known = set(parser._option_string_actions)
        told = set(re.findall(r"--[a-z-]+", line)) - {"--json", "--help", "--argument"}
        assert told <= known, line


def choices_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    return {
        name: child
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for name, child in action.choices.items()
    }


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

"""`kith serve` and `kith demo` as programs: what they answer, what they refuse, and that they stop when told."""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faces.commanding import assert_refused, finish, program, start

PATIENCE_S = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(port: int, path: str = "/", **headers: str) -> tuple[int, str]:
    """Status and text of one page."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(link):
        link.request("GET", path, headers=headers)
        answer = link.getresponse()
        return answer.status, answer.read().decode()


def is_up(port: int) -> bool:
    try:
        return fetch(port, "/healthz")[0] == 200
    except OSError:
        return False


@contextlib.contextmanager
def serving(home: Path, *words: object) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A server on a free port, up and running; killed at the end if it is there still."""
    port = free_port()
    process = start(home, *(words or ("serve",)), "--port", port)
    try:
        give_up_at = time.monotonic() + PATIENCE_S
        while not is_up(port):
            assert process.poll() is None, finish(process)
            assert time.monotonic() < give_up_at
            time.sleep(0.1)
        yield port, process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    home = tmp_path_factory.mktemp("served")
    assert program(home, "met", "Anna Berger").code == 0
    with serving(home) as (port, _):
        yield port, home


def test_the_app_and_the_api_answer(server: tuple[int, Path]) -> None:
    port, _ = server
    assert fetch(port, "/healthz")[0] == 200
    status, page = fetch(port, "/people")
    assert status == 200
    assert "Anna Berger" in page
    assert fetch(port, "/")[0] in (200, 302)
    status, listed = fetch(port, "/api/v1/openapi.json")
    assert status == 200
    assert json.loads(listed)["paths"]
    assert fetch(port, "/nowhere")[0] == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "192.0.2.1", ""])
def test_a_foreign_host_name_is_refused(host: str, server: tuple[int, Path]) -> None:
    for path in ("/", "/people", "/healthz", "/api/v1/openapi.json"):
        status, page = fetch(server[0], path, Host=host)
        assert status == 400, path
        assert "Anna" not in page
        assert "Traceback" not in page


def test_commands_and_the_server_work_side_by_side(server: tuple[int, Path]) -> None:
    port, home = server
    assert program(home, "met", "Bo Lind").code == 0
    assert "Bo Lind" in fetch(port, "/people")[1]


def test_a_taken_port_is_said_clearly(server: tuple[int, Path]) -> None:
    port, home = server
    assert_refused(program(home, "serve", "--port", port), f"Port {port} on 127.0.0.1 is not free.", "--port")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", "", "127.0.0.1 "])
def test_addresses_that_others_can_reach_are_refused(host: str, kith: Any) -> None:
    assert_refused(kith("serve", "--host", host), "other machines")


@pytest.mark.parametrize("port", [-1, 0, 65_536, 10**12])
def test_ports_that_do_not_exist_are_refused(port: int, kith: Any) -> None:
    assert_refused(kith("serve", "--port", port), f"There is no port {port}.")


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_the_server_stops_within_seconds_when_told(sign: signal.Signals, tmp_path: Path) -> None:
    with serving(tmp_path) as (port, process):
        link = http.client.HTTPConnection("127.0.0.1", port)
        link.request("GET", "/people")  # a browser that keeps its connection open
        link.getresponse().read()
        process.send_signal(sign)
        answer = finish(process)
        link.close()
    assert answer.code in (0, 1, -sign), answer
    assert f"http://127.0.0.1:{port}/" in answer.out
    assert "Traceback" not in answer.err


def test_the_demo_is_made_once_and_served(tmp_path: Path) -> None:
    first = program(tmp_path, "demo", "--no-serve", "--json")
    assert first.code == 0, first
    assert first.data["touches"]
    people = program(tmp_path, "people", "--json").data["total"]
    with serving(tmp_path, "demo") as (port, _):
        assert fetch(port, "/week")[0] == 200
    assert program(tmp_path, "people", "--json").data["total"] == people
    [batch] = program(tmp_path, "import", "list", "--json").data
    assert batch["kind"] == "demo"


def test_the_demo_without_a_home_gets_one_of_its_own(tmp_path: Path) -> None:
    private = {"KITHBOOK_HOME": "", "XDG_DATA_HOME": str(tmp_path), "HOME": str(tmp_path)}
    answer = program(tmp_path, "demo", "--no-serve", env=private)
    assert answer.code == 0, answer
    made = [path.parent for path in tmp_path.rglob("kithbook.sqlite3")]
    assert [path.name for path in made] == ["kithbook-demo"]

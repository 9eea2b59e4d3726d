"""A real server in its own process and home, and a real Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.sitemap import Sitemap, draw

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
KITH = [sys.executable, "-c", "from kithbook.cli.main import run; run()"]
STARTS_WITHIN_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "KITHBOOK_HOME": str(home),
        "KITHBOOK_NOW": "2026-11-21T09:00:00+00:00",
        "KITHBOOK_DATABASE": "",
    }


def run_server(home: Path) -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*KITH, "serve", "--port", str(port)], env=environment(home), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(address, server, home / "server.log")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address + "/healthz", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"The server did not start:\n{log.read_text('utf-8', 'replace')}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright, whose event loop must not run on below the tests of other folders."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed at /usr/bin/chromium (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[str]:
    """The address of a server that was never set up."""
    yield from run_server(tmp_path)


@pytest.fixture(scope="session")
def village_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the demo network, which no test changes."""
    yield from run_village(tmp_path_factory.mktemp("village"))


@pytest.fixture(scope="module")
def lived_in_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the demo network that the tests of a file may change."""
    yield from run_village(tmp_path_factory.mktemp("lived-in"))


def run_village(home: Path) -> Iterator[str]:
    code = (
        "from kithbook.services import starting; starting.ensure_schema();"
        "from kithbook.services import demo, owners; demo.load(owners.local_owner())"
    )
    subprocess.run([sys.executable, "-c", code], env=environment(home), check=True)
    yield from run_server(home)


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that was never set up, and that no test changes."""
    yield from run_server(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="session")
def village_site(village_server: str) -> Sitemap:
    """Its pages."""
    return draw(village_server)


@pytest.fixture(scope="session")
def fresh_site(empty_server: str) -> Sitemap:
    """Its pages."""
    return draw(empty_server)


class Console:
    """What a page complains about: errors of scripts, breaches of the policy, requests to other hosts."""

    def __init__(self, page: Any, address: str) -> None:
        self.complaints: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", lambda request: self._asked(request.url, address))

    def _said(self, message: Any) -> None:
        # Chromium reports every 4xx as an error; those are answers that tests ask for.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _asked(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:")):
            self.complaints.append(f"asked {url}")

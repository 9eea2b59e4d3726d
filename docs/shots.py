"""Screenshots of the demo, on phone and desktop, light and dark: `make shots` writes them to docs/shots/."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).resolve().parent / "shots"
SIZES = {"desktop": (1280, 860), "phone": (390, 844)}
PAGES = {"today": "/", "week": "/week"}
NOW = "2026-11-18T09:00:00+00:00"
BROWSER = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the app did not start")


def shoot(browser: Browser, url: str, person: str) -> None:
    for size, (width, height) in SIZES.items():
        for theme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
            page = context.new_page()
            for name, path in {**PAGES, "person": f"/people/{person}"}.items():
                page.goto(url + path)
                page.screenshot(path=FOLDER / f"{name}-{size}-{theme}.png", full_page=False)
            context.close()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "KITHBOOK_HOME": home, "KITHBOOK_NOW": NOW}
        port = free_port()
        kith = [sys.executable, "-m", "kithbook"]
        server = subprocess.Popen([*kith, "demo", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(url)
            found = subprocess.run(
                [*kith, "person", "Frank Okafor", "--json"], env=environment, capture_output=True, check=True
            )
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=BROWSER)
                shoot(browser, url, json.loads(found.stdout)["id"])
                browser.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()

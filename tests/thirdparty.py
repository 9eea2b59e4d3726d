"""vdirsyncer, a program that knows nothing of Kithbook, between a folder of cards and a server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CONFIG = """
[general]
status_path = "{folder}/status/"
[pair cards]
a = "folder"
b = "server"
collections = ["{name}"]
conflict_resolution = {wins}
[storage folder]
type = "filesystem"
path = "{folder}/cards/"
fileext = ".vcf"
[storage server]
type = "carddav"
url = "{url}"
username = "{user}"
password = "{password}"
"""


def configure(folder: Path, url: str, user: str, password: str, *, name: str, wins: str = "") -> None:
    """Say what to keep in step; `wins` is "a" for the folder, "b" for the server, else a conflict is an error."""
    rule = f'"{wins} wins"' if wins else "null"
    text = CONFIG.format(folder=folder, url=url, user=user, password=password, name=name, wins=rule)
    (folder / "config").write_text(text, "utf-8")


def vdirsyncer(folder: Path, *words: str, code: int = 0) -> str:
    """Run it; what it said."""
    program = "from vdirsyncer.cli import app; app()"
    done = subprocess.run(
        [sys.executable, "-c", program, "-c", str(folder / "config"), *words],
        capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "HOME": str(folder)}, input="y\ny\ny\n",
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr

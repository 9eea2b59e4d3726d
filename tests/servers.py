"""Loaded before Django: a throw-away data folder, and a real PostgreSQL where the run asks for one.

`KITHBOOK_TEST_DATABASE=postgres` starts a server on a socket in a temporary folder; nothing listens on the network.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("KITHBOOK_HOME", tempfile.mkdtemp(prefix="kithbook-test-"))
os.environ.setdefault("KITHBOOK_NOW", "2026-11-21T09:00:00+00:00")
os.environ.setdefault("OMP_NUM_THREADS", "1")


def _server_programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    program = shutil.which("initdb")
    if program is None:
        raise SystemExit("PostgreSQL is not installed: run tests/install-system-packages")
    return Path(program).parent


def _as_server_user(command: list[str], folder: Path) -> None:
    """PostgreSQL refuses to run as root: then it runs as the user that its package made."""
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)


def start_postgres() -> str:
    """Start the server, stop it when this process ends, and return its address."""
    programs = _server_programs()
    folder = Path(tempfile.mkdtemp(prefix="kithbook-pg-"))
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    data, log = str(folder / "data"), str(folder / "log")
    _as_server_user(
        [str(programs / "initdb"), "-D", data, "-U", "kith", "-A", "trust", "--no-sync", "-E", "UTF8"], folder
    )
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    _as_server_user([str(programs / "pg_ctl"), "-D", data, "-w", "-s", "-l", log, "-o", options, "start"], folder)

    def stop() -> None:
        _as_server_user([str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "-s", "stop"], folder)
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return f"postgresql://kith@/postgres?host={folder}"


# Workers of a parallel run inherit the address from the process that started the server.
if os.environ.get("KITHBOOK_TEST_DATABASE") == "postgres" and "KITHBOOK_DATABASE" not in os.environ:
    os.environ["KITHBOOK_DATABASE"] = start_postgres()


class Inbox:
    """What a mail server on loopback took: the envelopes, and what to answer to the next one."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []
        self.refuse = ""

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802  the name it calls
        """Take a mail, or refuse it."""
        if self.refuse:
            return self.refuse
        self.envelopes.append(envelope)
        return "250 taken"


@contextlib.contextmanager
def mail_server() -> Iterator[tuple[Inbox, int]]:
    """A real SMTP server on a free port of loopback; gives what it takes, and its port."""
    from aiosmtpd.controller import Controller

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield inbox, port
    finally:
        controller.stop()

"""`kith sync`: an account added without its password as an argument, looked at, killed at any moment."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kithbook.services import accounts
from kithbook.store.models import Interaction, Owner
from tests.faces.commanding import PROGRAM, in_process, start
from tests.faces.killing import database, kill_after, moments
from tests.liveservers import PASSWORD, USER, Dovecot, dovecot

MAILS, KILLS = 300, 8
LATER = "2026-11-21T09:10:00+00:00"


def letter(number: int) -> str:
    return (
        f"From: Anna {number % 20} <anna{number % 20}@example.org>\nTo: {USER}\nDate: Mon, 2 Nov 2026 09:00:00 +0000\n"
        f"Message-ID: <{number}@example.org>\nSubject: Hello {number}\n\nxyzzy\n"
    )


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as found:
        found.put(*map(letter, range(MAILS)))
        yield found


def test_an_account_is_added_and_looked_at(
    owner: Owner, server: Dovecot, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    url = f"imap://127.0.0.1:{server.port}"
    answer = in_process(capsys, "sync", "add", "imap", url, USER, "--name", "Mail")
    assert (answer.code, PASSWORD in answer.out + answer.err) == (0, False) and "not looked at yet" in answer.out
    answer = in_process(capsys, "sync", "Mail")
    assert answer.code == 0 and f"20 people added, {MAILS} exchanges added." in answer.out
    assert Interaction.objects.count() == MAILS
    assert "in order" in in_process(capsys, "sync").out
    assert in_process(capsys, "sync", "add", "imap").code != 0
    assert accounts.listing(owner)[0].name == "Mail"


def test_a_look_killed_at_any_moment_loses_and_doubles_nothing(server: Dovecot, tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    url = f"imap://127.0.0.1:{server.port}"
    words = ["sync", "add", "imap", url, USER, "--name", "Mail"]
    environment = {**os.environ, "KITHBOOK_HOME": str(origin)}
    subprocess.run(
        [*PROGRAM, *words], input=f"{PASSWORD}\n".encode(), env=environment, check=True, stdout=subprocess.DEVNULL
    )
    killed = 0
    for number, moment in enumerate(moments(KILLS, 2.5, "sync")):
        home = tmp_path / f"home{number}"
        shutil.copytree(origin, home)
        killed += kill_after(start(home, "sync", "Mail", stdout=subprocess.DEVNULL), moment)
        later = {**os.environ, "KITHBOOK_HOME": str(home), "KITHBOOK_NOW": LATER}
        done = subprocess.run([*PROGRAM, "sync", "Mail"], env=later, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        with database(home) as found:
            (mails,) = found.execute("SELECT count(*) FROM kith_interaction").fetchone()
            (batches,) = found.execute("SELECT count(*) FROM kith_batch").fetchone()
            (open_runs,) = found.execute("SELECT count(*) FROM kith_sync_run WHERE state = 'running'").fetchone()
        assert (mails, batches, open_runs) == (MAILS, 1, 0)
        for path in home.rglob("*"):
            assert not path.is_file() or PASSWORD.encode() not in path.read_bytes()
        shutil.rmtree(home)
    assert killed >= KILLS // 2

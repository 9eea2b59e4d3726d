"""`kith sync`: an account added without its password as an argument, looked at, killed at any moment."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kithbook.services import accounts
from kithbook.store.models import Interaction, Owner
from tests.faces.commanding import PROGRAM, assert_refused, environment, in_process, program
from tests.faces.killing import count, kills, timed
from tests.liveservers import PASSWORD, USER, Dovecot, dovecot, free_port

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


def test_an_account_that_is_not_there_is_said(owner: Owner, capsys: Any) -> None:
    assert_refused(in_process(capsys, "sync", "nope"), "nope")


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


def test_a_look_that_fails_is_one_line_and_a_row_of_the_history(
    owner: Owner, server: Dovecot, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, url, told in (
        ("Nowhere", f"imap://127.0.0.1:{free_port()}", "No mail server listens at 127.0.0.1 on this port."),
        ("Wrong", f"imap://127.0.0.1:{server.port}", "The mail server does not accept this user name and password."),
        ("Untrusted", f"imaps://127.0.0.1:{server.tls_port}", "The certificate of 127.0.0.1 cannot be trusted"),
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}-wrong\n"))
        assert in_process(capsys, "sync", "add", "imap", url, USER, "--name", name).code == 0
        assert_refused(in_process(capsys, "sync", name), f"{name}: {told}")
        assert told in accounts.history(owner, name)[0].error and told in in_process(capsys, "sync").out
    answer = in_process(capsys, "sync", "Nowhere", "--json")
    assert answer.code == 1 and "No mail server" in answer.error["message"] and PASSWORD not in answer.out + answer.err


def test_a_look_killed_at_any_moment_loses_and_doubles_nothing(server: Dovecot, tmp_path: Path) -> None:
    origin = tmp_path / "origin"
    add_account(origin, "imap", f"imap://127.0.0.1:{server.port}", "Mail")
    shutil.copytree(origin, tmp_path / "calm")
    _, length_s = timed(tmp_path / "calm", "sync", "Mail")
    for home in kills(origin, tmp_path, ("sync", "Mail"), KILLS, length_s):
        later = program(home, "sync", "Mail", env={"KITHBOOK_NOW": LATER})
        assert later.code == 0, later
        assert (count(home, "interaction"), count(home, "batch")) == (MAILS, 1)
        assert count(home, "sync_run", "state = 'running'") == 0
        for path in home.rglob("*"):
            assert not path.is_file() or PASSWORD.encode() not in path.read_bytes()


def add_account(home: Path, kind: str, url: str, name: str) -> None:
    words = ["sync", "add", kind, url, USER, "--name", name]
    subprocess.run(
        [*PROGRAM, *words], input=f"{PASSWORD}\n".encode(), env=environment(home), check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip

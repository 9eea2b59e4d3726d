"""Jobs: each in its own time, none stops another, one process of several runs them."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kithbook.core.errors import Unavailable
from kithbook.services import jobs
from kithbook.store.models import Owner
from tests.faces.commanding import environment

HOLDER = """
import sys, time
from kithbook.store.home import alone
with alone("jobs"):
    print(sys.argv[1], flush=True)
    time.sleep(60)
"""


def hold(home: Path, name: str) -> subprocess.Popen[bytes]:
    """A process that takes the place of the jobs, says its name and keeps the place."""
    return subprocess.Popen([sys.executable, "-c", HOLDER, name], env=environment(home), stdout=subprocess.PIPE)


def test_a_job_runs_when_its_time_has_come(owner: Owner, stranger: Owner) -> None:
    ran: list[int] = []
    table = (jobs.Job("count", 60, lambda one: ran.append(one.pk)),)
    last: dict[tuple[str, int], float] = {}
    for second in (0.0, 59.0, 60.0, 61.0):
        jobs.run_due(table, last, second)
    assert sorted(ran) == sorted([owner.pk, stranger.pk] * 2)


def test_a_job_that_fails_stops_nothing_and_is_forgotten_when_it_works_again(
    owner: Owner, caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[str] = []
    errors = [Unavailable("The server is away.", "Wait."), ValueError("secret detail"), None]

    def shaky(_owner: Owner) -> None:
        error = errors.pop(0)
        if error:
            raise error

    table = (jobs.Job("shaky", 1, shaky), jobs.Job("sound", 1, lambda _: ran.append("ran")))
    last: dict[tuple[str, int], float] = {}
    with caplog.at_level(logging.WARNING):
        first = jobs.run_due(table, last, 0)
        second = jobs.run_due(table, last, 1)
    assert [one.error for one in first] == ["The server is away. Wait."]
    assert "fault in Kithbook" in second[0].error
    assert "secret detail" not in caplog.text + second[0].error
    assert [one.job for one in jobs.troubles(Owner.objects.get(pk=owner.pk))] == ["shaky"]
    assert jobs.run_due(table, last, 2) == []
    assert jobs.troubles(Owner.objects.get(pk=owner.pk)) == []
    assert ran == ["ran"] * 3


def test_the_table_names_the_review_mail(owner: Owner) -> None:
    assert "review mail" in {job.name for job in jobs.JOBS}
    assert jobs.run_due(jobs.JOBS, {}, 0.0) == []


def test_one_process_runs_the_jobs_and_the_next_takes_over_when_it_is_killed(tmp_path: Path) -> None:
    """Safe against kill -9: the lock goes with the process."""
    first = hold(tmp_path, "first")
    assert first.stdout is not None
    assert first.stdout.readline() == b"first\n"
    second = hold(tmp_path, "second")
    try:
        time.sleep(1.0)
        assert second.poll() is None
        first.kill()
        assert second.stdout is not None
        assert second.stdout.readline() == b"second\n"
    finally:
        for process in (first, second):
            process.kill()
            process.communicate()

"""What happens by itself while `kith serve` runs: a table of jobs, carried out one after the other in one thread.

Of several processes on one data folder one runs the jobs: it holds a file lock until it ends, however it ends, and the
next takes over. Jobs must be safe to be run again; what must not happen twice claims its turn in the database.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import close_old_connections, connections

from kithbook.core.errors import KithbookError
from kithbook.services import clock, mailer, preferences
from kithbook.store.home import alone
from kithbook.store.models import Owner

log = logging.getLogger("kithbook.jobs")
TICK_S = 60.0
KEY = "jobs"
LONGEST = 300


class Job(NamedTuple):
    """`run` is called for each owner at most every `every_s` seconds."""

    name: str
    every_s: float
    run: Callable[[Owner], Any]


@dataclass(frozen=True, slots=True)
class Trouble:
    """The last error of a job as a sentence, and when it happened (ISO)."""

    job: str
    at: str
    error: str


def _refresh_feeds(owner: Owner) -> None:
    """Feeds whose time has come; the libraries they need are loaded when there is somebody to look for."""
    from kithbook.services import feeds

    feeds.refresh_due(owner)


def _look_at_accounts(owner: Owner) -> None:
    """Accounts on servers that are due."""
    from kithbook.services import syncing

    syncing.run_due(owner)


def _empty_trash(owner: Owner) -> None:
    """People whose days in the trash are over."""
    from kithbook.services import trash

    trash.empty_due(owner)


def _understand(owner: Owner) -> None:
    """What people need and offer is understood ahead, so that suggestions are there when somebody looks."""
    from kithbook.services import matchpairs, matchshelf

    matchpairs.candidates(owner, matchshelf.of(owner))


JOBS: tuple[Job, ...] = (
    Job("review mail", 300, mailer.send_due),
    Job("feeds", 900, _refresh_feeds),
    Job("accounts", 60, _look_at_accounts),
    Job("trash", 3_600, _empty_trash),
    Job("suggestions", 120, _understand),
)


def run_due(jobs: tuple[Job, ...], last: dict[tuple[str, int], float], now_s: float) -> list[Trouble]:
    """Run what is due for every owner; `last` holds when each ran (seconds of a steady clock) and is changed.

    A job that fails leaves its sentence with the owner and never stops the others.
    """
    troubles = []
    for owner in Owner.objects.order_by("pk"):
        for job in jobs:
            ran = last.get((job.name, owner.pk))
            if ran is not None and now_s - ran < job.every_s:
                continue
            last[job.name, owner.pk] = now_s
            error = _run(job, owner)
            if error:
                troubles.append(Trouble(job.name, clock.now().isoformat(), error))
    return troubles


def _run(job: Job, owner: Owner) -> str:
    try:
        job.run(owner)
    except KithbookError as error:
        sentence = error.told
    except Exception as error:  # the job loop: whatever happens, the server goes on
        log.warning("The job “%s” failed: %s", job.name, type(error).__name__)
        sentence = f"The job stopped because of a fault in Kithbook ({type(error).__name__})."
    else:
        sentence = ""
    _note(owner, job.name, sentence)
    return sentence


def _note(owner: Owner, name: str, sentence: str) -> None:
    """Keep the sentence, or forget the one of before; an unchanged state writes nothing."""
    known = owner.settings.get(KEY, {})
    if known.get(name, {}).get("error", "") == sentence[:LONGEST]:
        return

    def change(kept: dict[str, Any] | None) -> dict[str, Any]:
        found = {key: value for key, value in (kept or {}).items() if key != name}
        return {**found, name: {"at": clock.now().isoformat(), "error": sentence[:LONGEST]}} if sentence else found

    try:
        preferences.remember(owner, KEY, change)
    except Exception as error:  # the database itself may be what failed
        log.warning("The state of the job “%s” could not be kept: %s", name, type(error).__name__)


def troubles(owner: Owner) -> list[Trouble]:
    """What went wrong last with each job that does not work at present."""
    found = owner.settings.get(KEY, {})
    return [Trouble(name, item.get("at", ""), item.get("error", "")) for name, item in sorted(found.items())]


def start(address: str) -> threading.Event:
    """Run the jobs in a thread until the process ends or the event that is given back is set.

    `address` is where the app is served; links of mails lead there unless `KITHBOOK_URL` says otherwise.
    """
    os.environ.setdefault(mailer.URL, address)
    stop = threading.Event()
    threading.Thread(target=_loop, args=(stop,), name="jobs", daemon=True).start()
    return stop


def _loop(stop: threading.Event) -> None:
    last: dict[tuple[str, int], float] = {}
    with alone("jobs"):
        while not stop.is_set():
            try:
                close_old_connections()
                run_due(JOBS, last, time.monotonic())
            except Exception as error:  # an unreachable database must not end the jobs for good
                log.warning("The jobs could not run: %s", type(error).__name__)
            finally:
                connections.close_all()
            stop.wait(TICK_S)

"""Imports started from a page: one at a time in a thread of the server, with their progress to look at.

Progress lives in memory: the import itself is one transaction, which no other connection can look into.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections

from kithbook.core.errors import KithbookError, NotFound, Unavailable
from kithbook.core.ids import to_text
from kithbook.services import importing
from kithbook.services.views import ImportReport
from kithbook.store.ids import new_id
from kithbook.store.models import Owner

KEPT = 50
_pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import")
_jobs: dict[str, JobView] = {}
_lock = threading.Lock()


@dataclass(slots=True)
class JobView:
    """An import in the background. `state` is "running", "done" or "failed"; `done` of `total` bytes are read."""

    id: str
    owner_id: int
    title: str
    path: Path
    me: list[str]
    kind: str | None
    is_preview: bool
    state: str = "running"
    done: int = 0
    total: int = 0
    report: ImportReport | None = None
    error: dict[str, Any] | None = field(default=None)


def start_import(owner: Owner, path: Path, me: list[str], kind: str | None = None) -> str:
    """Import a file or folder in the background; returns the id of the job."""
    return _start(owner, path, me, kind, is_preview=False)


def preview_import(owner: Owner, path: Path, me: list[str], kind: str | None = None) -> str:
    """Find out in the background what an import would do; returns the id of the job."""
    return _start(owner, path, me, kind, is_preview=True)


def job(owner: Owner, job_id: str) -> JobView:
    """How an import stands; NotFound for anybody else's."""
    found = _jobs.get(job_id)
    if found is None or found.owner_id != owner.pk:
        raise NotFound("This import is not known any more.", "See the list of imports for what it did.")
    return found


def _start(owner: Owner, path: Path, me: list[str], kind: str | None, *, is_preview: bool) -> str:
    found = JobView(to_text(new_id()), owner.pk, path.name, path, me, kind, is_preview)
    with _lock:
        for old in [key for key, item in _jobs.items() if item.state != "running"][: max(0, len(_jobs) - KEPT)]:
            del _jobs[old]
        _jobs[found.id] = found
    _pool.submit(_run, found)
    return found.id


def _run(found: JobView) -> None:
    def step(_name: str, done: int, total: int) -> None:
        found.done, found.total = done, total

    try:
        owner = Owner.objects.get(pk=found.owner_id)
        found.report = importing.run(
            owner, [found.path], me=found.me, kind=found.kind, dry_run=found.is_preview, progress=step
        )
        found.state = "done"
    except KithbookError as error:
        _fail(found, error)
    except (DatabaseError, OSError, MemoryError) as error:
        _fail(found, Unavailable(f"The import stopped: {error}.", "Nothing was written. Try again."))
    except BaseException:
        _fail(found, Unavailable("The import stopped because of a fault in Kithbook.", "Nothing was written."))
        raise
    finally:
        connections.close_all()


def _fail(found: JobView, error: KithbookError) -> None:
    details: dict[str, Any] = {"kind": error.kind, "message": error.message, "hint": error.hint}
    details["columns"] = error.details.get("columns", [])
    found.error, found.state = details, "failed"

"""Imports in the background: their progress, their report, and what stopped them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kithbook.core.errors import NotFound
from kithbook.services import background, importing
from kithbook.services.background import JobView
from kithbook.store.models import Batch, Interaction, Owner, Person
from tests.services.factories import write_mbox

pytestmark = pytest.mark.django_db(transaction=True)
ME = ["me@example.org"]


def wait(owner: Owner, job_id: str, seconds: float = 30) -> JobView:
    """The job when it has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = background.job(owner, job_id)
        if found.state != "running":
            return found
        time.sleep(0.01)
    raise AssertionError("the import did not end")


def test_an_import_runs_and_reports(owner: Owner, tmp_path: Path) -> None:
    path = write_mbox(tmp_path)
    found = wait(owner, background.start_import(owner, path, ME))
    assert (found.state, found.error, found.title, found.is_preview) == ("done", None, "mail.mbox", False)
    assert found.report is not None
    assert found.report.interactions_added == 3
    assert (found.done, found.total) == (path.stat().st_size, path.stat().st_size)
    assert Batch.objects.of(owner).get().state == "done"


def test_a_preview_keeps_nothing(owner: Owner, tmp_path: Path) -> None:
    found = wait(owner, background.preview_import(owner, write_mbox(tmp_path), ME))
    assert found.is_preview
    assert found.report is not None
    assert (found.report.batch, found.report.people_added) == (None, 3)
    assert not (Person.objects.exists() or Batch.objects.exists())


def test_imports_run_one_after_the_other(owner: Owner, tmp_path: Path) -> None:
    path = write_mbox(tmp_path)
    jobs = [background.start_import(owner, path, ME) for _ in range(3)]
    reports = [wait(owner, job).report for job in jobs]
    assert [report.interactions_added for report in reports if report] == [3, 0, 0]
    assert [report.interactions_known for report in reports if report] == [0, 3, 3]
    assert Interaction.objects.of(owner).count() == 3


@pytest.mark.parametrize("kind", [None, "mbox"])
def test_a_file_that_cannot_be_read_fails_with_words(owner: Owner, tmp_path: Path, kind: str | None) -> None:
    path = tmp_path / "noise.mbox"
    path.write_bytes(b"\x00\x01\x02" * 1_000)
    found = wait(owner, background.start_import(owner, path, ME, kind))
    assert (found.state, found.report) == ("failed", None)
    assert found.error is not None
    assert found.error["kind"] == "invalid"
    assert found.error["message"]
    assert found.error["hint"]
    assert not Batch.objects.exists()


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), MemoryError(), ZeroDivisionError("x")])
def test_whatever_stops_an_import_ends_the_job(
    owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(importing, "run", stop)
    found = wait(owner, background.start_import(owner, write_mbox(tmp_path), ME))
    assert found.state == "failed"
    assert found.error is not None
    assert (found.error["kind"], found.error["message"][:19]) == ("unavailable", "The import stopped:") or (
        found.error["message"] == "The import stopped because of a fault in Kithbook."
    )


def test_a_failure_does_not_stop_the_next_one(owner: Owner, tmp_path: Path) -> None:
    first = background.start_import(owner, tmp_path / "nothing", ME)
    second = background.start_import(owner, write_mbox(tmp_path), ME)
    assert wait(owner, first).state == "failed"
    assert wait(owner, second).state == "done"


def test_progress_goes_up_to_the_whole(owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int, int]] = []
    real = importing.run

    def run(of: Owner, paths: list[Path], **options: object) -> object:
        step = options["progress"]

        def watched(name: str, done: int, total: int) -> None:
            step(name, done, total)  # type: ignore[operator]
            found = background.job(owner, job_id)
            seen.append((found.state, found.done, found.total))

        options["progress"] = watched
        started.wait(10)
        return real(of, paths, **options)  # type: ignore[arg-type]

    import threading

    started = threading.Event()
    monkeypatch.setattr(importing, "run", run)
    job_id = background.start_import(owner, write_mbox(tmp_path), ME)
    started.set()
    wait(owner, job_id)
    assert seen
    assert all(state == "running" and 0 <= done <= total for state, done, total in seen)
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)


def test_only_the_latest_jobs_are_remembered(owner: Owner, tmp_path: Path) -> None:
    first = background.start_import(owner, tmp_path / "nothing", ME)
    wait(owner, first)
    for _ in range(background.KEPT + 2):
        last = background.start_import(owner, tmp_path / "nothing", ME)
    wait(owner, last)
    with pytest.raises(NotFound):
        background.job(owner, first)
    assert background.job(owner, last).state == "failed"


def test_a_stranger_sees_no_job_of_mine(owner: Owner, stranger: Owner, tmp_path: Path) -> None:
    job = background.start_import(owner, write_mbox(tmp_path), ME)
    for who, text in ((stranger, job), (owner, "unknown"), (owner, "")):
        with pytest.raises(NotFound):
            background.job(who, text)
    wait(owner, job)
    assert Person.objects.of(stranger).count() == 0

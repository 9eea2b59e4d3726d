"""Looks at accounts: one at a time for each account, whoever starts them and however they end.

A look is claimed by a conditional UPDATE of `next_run_at`, which is its lease while it lasts: it is renewed now and
then, and a process that died loses it after some minutes. Everything a look writes is fenced by its own row still
being "running", so that one whose lease was taken over writes nothing more.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from kithbook.core.errors import Conflict, KithbookError
from kithbook.core.ids import from_text
from kithbook.core.syncplan import minutes_until_next
from kithbook.services import clock, importing
from kithbook.services.keepout import REASON
from kithbook.services.recording import start_batch
from kithbook.services.views import ImportReport
from kithbook.sources.base import Source
from kithbook.store.erase import erase
from kithbook.store.models import Account, Batch, CardCopy, Identity, Owner, SyncRun

LEASE = dt.timedelta(minutes=5)
BEAT_S = 30.0
KEPT = 100
NOTES = 50
STOPPED = "Kithbook was ended while it looked; what was read until then is kept."
LOST = "Another look at this account has begun."


@dataclass(slots=True)
class Run:
    """A claimed look. `counts` and `notes` become its report; `batch` is what it brought."""

    owner: Owner
    account: Account
    row: SyncRun
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    batch: Batch | None = None
    _beaten_at: float = field(default_factory=time.monotonic)

    def beat(self) -> None:
        """Renew the lease if it is time; raises Conflict where the look was taken over."""
        if time.monotonic() - self._beaten_at < BEAT_S:
            return
        self._beaten_at = time.monotonic()
        with transaction.atomic():
            self.hold()
            Account.objects.of(self.owner).filter(pk=self.account.pk).update(next_run_at=clock.now() + LEASE)

    def hold(self) -> None:
        """Inside a transaction: make sure that this look may still write; raises Conflict if not."""
        rows = SyncRun.objects.select_for_update().filter(owner=self.owner, pk=self.row.pk, state="running")
        if not rows.exists():
            raise Conflict(LOST, "Look at the account again in a moment.")

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that this look may still write in; what it began is forgotten where it fails."""
        begun = self.batch
        try:
            with transaction.atomic():
                self.hold()
                yield
        except BaseException:
            self.batch = begun
            raise

    def act(self) -> Batch:
        """The one act of what this look brings and changes, begun when it is needed first."""
        self.batch = self.batch or start_batch(self.owner, "import", self.account.name)
        return self.batch

    def keep_image(self) -> None:
        """Save what the act changed of people that were there before."""
        if self.batch:
            self.batch.save(update_fields=["before"])

    def count(self, **more: int) -> None:
        """Add to the counts of the report."""
        for name, number in more.items():
            self.counts[name] = self.counts.get(name, 0) + number

    def note(self, text: str) -> None:
        """Add a sentence to the report; after many it is full."""
        if len(self.notes) < NOTES:
            self.notes.append(text)

    def save_cursor(self, cursor: dict[str, Any]) -> None:
        """Keep where to go on; in the same transaction as what was read until there."""
        self.account.cursor = cursor
        self.account.save(update_fields=["cursor"])


def claim(owner: Owner, account: Account) -> Run | None:
    """Begin a look, unless one is under way. A look whose process died is closed with a sentence."""
    now = clock.now()
    with transaction.atomic():
        fresh = Account.objects.of(owner).filter(pk=account.pk).first()
        if fresh is None:
            return None
        running = SyncRun.objects.of(owner).filter(account=fresh, state="running")
        if running.exists() and fresh.next_run_at and fresh.next_run_at > now:
            return None
        lease = now + LEASE
        if lease == fresh.next_run_at:  # the UPDATE must change something, or two could do it
            lease += dt.timedelta(seconds=1)
        mine = Account.objects.of(owner).filter(pk=fresh.pk, next_run_at=fresh.next_run_at).update(next_run_at=lease)
        if not mine:
            return None
        running.update(state="failed", finished_at=now, error=STOPPED)
        row = SyncRun(owner=owner, account=fresh, started_at=_after_others(owner, fresh, now))
        row.save(force_insert=True)
    return Run(owner, fresh, row)


def _after_others(owner: Owner, account: Account, now: dt.datetime) -> dt.datetime:
    """Now, or a second after the last look: the times of looks are whole seconds and tell their order."""
    last = SyncRun.objects.of(owner).filter(account=account).order_by("-started_at").first()
    return now if last is None else max(now, last.started_at + dt.timedelta(seconds=1))


def finish(run: Run, error: KithbookError | None = None, *, again_now: bool = False) -> None:
    """End a look: its report, the error as one sentence, and when to look again."""
    now = clock.now()
    failures = min(run.account.failures + 1, 1_000) if error else 0
    refused = error is not None and error.kind == "refused"
    wait = dt.timedelta(minutes=minutes_until_next(run.account.every_minutes, failures, refused=refused))
    with transaction.atomic():
        mine = SyncRun.objects.of(run.owner).filter(pk=run.row.pk, state="running")
        written = mine.update(
            state="failed" if error else "done",
            finished_at=now,
            report={"counts": run.counts, "notes": run.notes[:NOTES]},
            error=sentence(error)[:500] if error else "",
            batch=run.batch,
        )
        if not written:
            return
        next_run_at = now if again_now and not error else now + wait
        Account.objects.of(run.owner).filter(pk=run.account.pk).update(failures=failures, next_run_at=next_run_at)
        _prune(run)


def sentence(error: KithbookError) -> str:
    """An error with its hint in one line."""
    return error.told


def _prune(run: Run) -> None:
    """Looks that brought nothing are kept for a while only; those with a batch stay, they lead to its Undo."""
    empty = SyncRun.objects.of(run.owner).filter(account=run.account, batch=None).order_by("-started_at", "-pk")
    erase(SyncRun, run.owner.pk, list(empty.values_list("pk", flat=True)[KEPT:]))


def was_taken_back(owner: Owner, account: Account) -> bool:
    """Whether the owner took back something that this account had brought: then nothing old is read again."""
    return bool(SyncRun.objects.of(owner).filter(account=account, batch__state="undone").exists())


def bring(run: Run, sources: Sequence[Source]) -> ImportReport | None:
    """Import, as part of the act of this look; None where all of it was known already, which makes no act."""
    with transaction.atomic():
        run.owner.refresh_from_db(fields=["settings"])  # somebody may have been erased since the look began
        report = importing.run_sources(run.owner, sources, batch=run.batch)
        batch = Batch.objects.of(run.owner).get(pk=from_text(report.batch or ""))
        if not _brought(run.owner, batch, report):
            transaction.set_rollback(True)
            batch = None
    run.count(problems=report.problems_count, known=report.interactions_known)
    run.count(kept_out=report.skipped.get(REASON, 0))
    if batch is None:
        return None
    run.batch = batch
    run.count(people=report.people_added, exchanges=report.interactions_added)
    return report


def _brought(owner: Owner, batch: Batch, report: ImportReport) -> bool:
    if report.people_added or report.interactions_added or batch.before.get("people"):
        return True
    return any(model.objects.of(owner).filter(batch=batch).exists() for model in (CardCopy, Identity))

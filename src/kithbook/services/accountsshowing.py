"""Rows of accounts and looks as views, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Max, Q

from kithbook.core.ids import to_text
from kithbook.services import clock
from kithbook.services.accountviews import AccountView, RunView
from kithbook.store.models import Account, Owner, SyncItem, SyncRun

WORDS = (
    ("people", "{n} person added", "{n} people added"),
    ("exchanges", "{n} exchange added", "{n} exchanges added"),
    ("changed", "{n} person changed", "{n} people changed"),
    ("trashed", "{n} person put into the trash", "{n} people put into the trash"),
    ("pushed", "{n} card written to the server", "{n} cards written to the server"),
    ("deleted", "{n} card deleted on the server", "{n} cards deleted on the server"),
    ("conflicts", "{n} card waits for your decision", "{n} cards wait for your decision"),
    ("kept_out", "{n} left out, of somebody you erased", "{n} left out, of people you erased"),
    ("problems", "{n} could not be used", "{n} could not be used"),
)


def view_of(owner: Owner, row: Account) -> AccountView:
    """One account."""
    return views_of(owner, [row])[0]


def views_of(owner: Owner, rows: Sequence[Account]) -> list[AccountView]:
    """These accounts with their last looks."""
    ids = [row.pk for row in rows]
    runs = SyncRun.objects.of(owner).filter(account__in=ids)
    newest = runs.values("account_id").annotate(run=Max("started_at"))
    looked = {entry["account_id"]: entry["run"] for entry in newest}
    last: dict[int, SyncRun] = {}
    for run in runs.filter(started_at__in=set(looked.values())).order_by("started_at", "pk"):
        if looked.get(run.account_id) == run.started_at:
            last[run.account_id] = run
    items = SyncItem.objects.of(owner).filter(account__in=ids).values("account_id")
    counted = items.annotate(people=Count("person", distinct=True), waiting=Count("pk", filter=Q(state="conflict")))
    counts = {entry["account_id"]: entry for entry in counted}
    return [_view(row, last.get(row.pk), counts.get(row.pk, {})) for row in rows]


def _view(row: Account, last: SyncRun | None, counts: dict[str, Any]) -> AccountView:
    alive = row.next_run_at is not None and row.next_run_at > clock.now()
    return AccountView(
        id=to_text(row.pk),
        kind=row.kind,
        name=row.name,
        url=row.url,
        user_name=row.user_name,
        has_password=bool(row.secret),
        is_on=row.is_on,
        writes=row.writes,
        every_minutes=row.every_minutes,
        next_run_at=row.next_run_at,
        last_run_at=last.started_at if last else None,
        is_running=last is not None and last.state == "running" and alive,
        failures=row.failures,
        error=last.error if last and last.state == "failed" else "",
        places=list(row.settings.get("places", [])),
        people=counts.get("people", 0),
        conflicts=counts.get("waiting", 0),
    )


def run_view(row: SyncRun) -> RunView:
    """One look; its batch has to be loaded with it."""
    undone = row.batch is not None and row.batch.state == "undone"
    counts = (row.report or {}).get("counts", {})
    return RunView(
        id=to_text(row.pk),
        state=row.state,
        started_at=row.started_at,
        finished_at=row.finished_at,
        summary=summary(counts) if row.state == "done" else "",
        notes=list((row.report or {}).get("notes", [])),
        error=row.error,
        batch=to_text(row.batch.pk) if row.batch is not None and not undone else "",
        is_undone=undone,
    )


def summary(counts: dict[str, int]) -> str:
    """What a look did, in a few words."""
    parts = [
        (one if counts[name] == 1 else many).format(n=f"{counts[name]:,}")
        for name, one, many in WORDS
        if counts.get(name)
    ]
    return f"{', '.join(parts)}." if parts else "Nothing new."

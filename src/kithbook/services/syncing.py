"""Looks at accounts that are due, one round after the other, within the time given."""

from __future__ import annotations

import importlib
import logging
import time
from typing import Any

from kithbook.core.errors import Conflict, KithbookError, Unavailable
from kithbook.services import clock
from kithbook.services.registry import operation
from kithbook.services.syncingruns import Run, claim, finish
from kithbook.services.views import Note
from kithbook.store.models import Account, Owner, SyncRun

log = logging.getLogger("kithbook.accounts")
READERS = {"imap": "livemail", "caldav": "syncingevents", "carddav": "cardsync"}
"""Module of services that has `look(account)` and `read(run)` for a kind of account."""
SECONDS = 240.0
"""For one account each time; a big mailbox goes on at the next tick."""


def reader(kind: str) -> Any:
    """The module that reads a kind of account."""
    return importlib.import_module(f"kithbook.services.{READERS[kind]}")


def run(owner: Owner, account: Account, *, seconds: float = SECONDS) -> list[SyncRun]:
    """Look at an account now, round after round until all is read or the time is over; gives the rows written.

    Errors are kept with the account and its history and not raised. Raises Conflict where a look is under way.
    """
    until = time.monotonic() + seconds
    rows: list[SyncRun] = []
    while True:
        found = claim(owner, account)
        if found is None:
            if rows:
                return rows
            raise Conflict("This account is being looked at just now.", "Look at it again in a moment.")
        is_complete = _round(found)
        found.row.refresh_from_db()
        rows.append(found.row)
        if is_complete or time.monotonic() >= until:
            return rows


def _round(found: Run) -> bool:
    """One round; returns whether to stop: all is read, or it failed."""
    try:
        is_complete = bool(reader(found.account.kind).read(found))
    except KithbookError as error:
        finish(found, error)
        return True
    except Exception as error:
        # What libraries say of an error may repeat the password: only its kind is told.
        log.warning("A look at an account failed: %s", type(error).__name__)
        finish(found, Unavailable(f"The look stopped because of a fault in Kithbook ({type(error).__name__})."))
        return True
    finish(found, again_now=not is_complete)
    return is_complete


def run_due(owner: Owner) -> int:
    """Look at the accounts whose time has come; called by the server's clock. Returns how many."""
    rows = Account.objects.of(owner).filter(is_on=True).order_by("next_run_at", "pk")
    now = clock.now()
    count = 0
    for row in rows:
        if row.next_run_at is not None and row.next_run_at > now:
            continue
        try:
            run(owner, row)
        except Conflict:  # another process was faster
            continue
        count += 1
    return count


@operation()
def run_all(owner: Owner) -> Note:
    """Look now at all accounts that are on and due, as the server does by itself while it runs."""
    count = run_due(owner)
    return Note(f"{count} accounts were looked at." if count != 1 else "One account was looked at.")

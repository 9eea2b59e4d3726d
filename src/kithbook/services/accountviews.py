"""Views of live accounts, of the looks at them, and of cards that both sides changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RunView:
    """One look at an account. `state` is "running", "done" or "failed"; `error` says why it failed.

    `batch` is what it brought, to be taken back with Undo; "" where it brought nothing or that was taken back.
    """

    id: str
    state: str
    started_at: dt.datetime
    finished_at: dt.datetime | None
    summary: str
    notes: list[str]
    error: str
    batch: str
    is_undone: bool


@dataclass(frozen=True, slots=True)
class ConflictField:
    """One thing that was changed on both sides; empty texts mean that it is not there."""

    name: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A card that was changed here and on the server in different ways and waits for a decision."""

    id: str
    name: str
    person: str
    what: str
    fields: list[ConflictField]


@dataclass(frozen=True, slots=True)
class AccountView:
    """A mailbox, calendar or address book on a server. The password is never shown, only whether there is one.

    `kind` is "imap", "caldav" or "carddav"; `error` is why the last look failed, "" after one that went well;
    `places` are the folders, calendars or the address book chosen, none chosen meaning the usual ones.
    """

    id: str
    kind: str
    name: str
    url: str
    user_name: str
    has_password: bool
    is_on: bool
    writes: bool
    every_minutes: int
    next_run_at: dt.datetime | None
    last_run_at: dt.datetime | None
    is_running: bool
    failures: int
    error: str
    places: list[str]
    people: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class AccountPage:
    """An account with the looks at it, newest first, and what waits for a decision."""

    account: AccountView
    runs: list[RunView]
    conflicts: list[ConflictView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AccountTest:
    """What a first look found: a sentence, and the folders, calendars or address books that are there."""

    message: str
    places: list[str]
    usual: list[str]

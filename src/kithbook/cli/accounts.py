"""`kith sync`: look at mailboxes, calendars and address books on servers, and add them."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from kithbook.cli import printing
from kithbook.cli.local import local_owner
from kithbook.core.errors import Invalid, Unavailable
from kithbook.services.accountviews import AccountPage, AccountView, RunView

SECONDS = 600


def run_sync(args: argparse.Namespace) -> Any:
    """Look at all, at one, or add one."""
    owner = local_owner()
    from kithbook.services import accounts, syncing

    if not args.words:
        syncing.run_due(owner)
        return accounts.listing(owner)
    if args.words[0] == "add":
        if len(args.words) != 4:
            raise Invalid("Kind, server and user name are needed.", "For example: kith sync add imap HOST USER.")
        kind, url, user_name = args.words[1:]
        return accounts.add(owner, kind, url, user_name, _password(), name=args.name, address=args.address)
    page = accounts.run_now(owner, " ".join(args.words), seconds=SECONDS)
    if page.account.error:
        raise Unavailable(f"{page.account.name}: {page.account.error}")
    return page


def _password() -> str:
    """Asked for, or the first line of what is piped in: never an argument, which other programs could read."""
    import getpass

    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")


def _account(view: AccountView) -> list[str]:
    """An account in words."""
    state = "paused" if not view.is_on else view.error or ("in order" if view.last_run_at else "not looked at yet")
    lines = [f"{view.name}  {view.kind}  {view.url}"]
    lines += printing.wrap(state, "  ")
    return [*lines, f"  {view.conflicts} cards wait for you"] if view.conflicts else lines


def _run(view: RunView) -> list[str]:
    text = view.error or view.summary
    return [
        line for part in (f"{view.started_at:%Y-%m-%d %H:%M} {text}", *view.notes) for line in printing.wrap(part, "  ")
    ]


def _page(view: AccountPage) -> list[str]:
    """An account with its last looks."""
    return [*_account(view.account), *(line for run in view.runs[:5] for line in _run(run))]


printing.PRINTERS |= {AccountView: _account, AccountPage: _page, RunView: _run}

"""Mailboxes on servers: one round of new headers becomes one import that can be taken back."""

from __future__ import annotations

from django.db import transaction

from kithbook.services import clock
from kithbook.services.sealing import unseal
from kithbook.services.syncingruns import Run, bring, was_taken_back
from kithbook.sources import imap
from kithbook.sources.imapclients import Folder, Mailbox, open_mailbox
from kithbook.sources.imapplace import place_of
from kithbook.store.models import Account


def look(account: Account) -> tuple[list[Folder], list[str]]:
    """The folders of a mailbox, and which of them are read; raises one of the five errors."""
    with open_mailbox(place_of(account.url), account.user_name, unseal(account.secret)) as box:
        folders = box.folders()
    return folders, imap.chosen(folders, account.settings.get("places", []))


def read(run: Run) -> bool:
    """Fetch a round outside of any transaction, then import it; returns whether nothing is left to fetch."""
    account = run.account
    spool = imap.ImapSpool()
    try:
        with open_mailbox(place_of(account.url), account.user_name, unseal(account.secret)) as box:
            found = _fetch(run, box, spool)
        with transaction.atomic():
            run.hold()
            if spool.mails:
                latest = int(clock.now().timestamp()) + 86_400
                bring(run, [imap.ImapSource(spool, account.name, latest=latest)])
            run.save_cursor({**account.cursor, "folders": found.cursor})
    finally:
        spool.close()
    run.count(read=spool.mails)
    run.notes += found.notes
    return found.is_complete


def _fetch(run: Run, box: Mailbox, spool: imap.ImapSpool) -> imap.Round:
    account = run.account
    wanted = account.settings.get("places", [])
    folders = box.folders()
    there = {folder.name for folder in folders}
    run.notes += [f"There is no folder {name} any more." for name in wanted if name not in there]
    return imap.fetch_round(
        box,
        [] if wanted and not there.intersection(wanted) else imap.chosen(folders, wanted),
        account.cursor.get("folders", {}),
        spool,
        skip_renumbered=was_taken_back(run.owner, account),
        beat=run.beat,
    )

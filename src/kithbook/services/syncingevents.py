"""Calendars on servers: what changed there and what took place since becomes one import that can be taken back."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kithbook.core.errors import Unavailable
from kithbook.services import clock
from kithbook.services.sealing import unseal
from kithbook.services.syncingruns import Run, bring, was_taken_back
from kithbook.sources.dav import EVENTS, Collection, Dav, open_dav
from kithbook.sources.davevents import DavEventSource, EventSpool, fetch_calendar
from kithbook.store.models import Account


def look(account: Account) -> tuple[list[Collection], list[str]]:
    """The calendars of an account, and the names of those that are read; raises one of the five errors."""
    with open_dav(account.url, account.user_name, unseal(account.secret), EVENTS) as dav:
        there = dav.collections()
    return there, [one.name for one in _chosen(account, there)]


def read(run: Run) -> bool:
    """Fetch outside of any transaction, then import; always reads everything there is to read."""
    account, now = run.account, clock.now()
    spool = EventSpool()
    try:
        with open_dav(account.url, account.user_name, unseal(account.secret), EVENTS) as dav:
            places = _fetch(run, dav, spool)
        with transaction.atomic():
            run.hold()
            if spool.events:
                latest = int(now.timestamp()) + 86_400
                source = DavEventSource(spool, account.name, latest=latest, zone=clock.zone(run.owner))
                bring(run, [source])
            run.save_cursor({**account.cursor, "calendars": places})
    finally:
        spool.close()
    run.count(read=spool.events)
    return True


def _fetch(run: Run, dav: Dav, spool: EventSpool) -> dict[str, Any]:
    there = dav.collections()
    chosen = _chosen(run.account, there)
    if not chosen:
        raise Unavailable("There is no calendar to read there.", "Try the login to see what is there.")
    before = run.account.cursor.get("calendars", {})
    skip_old = was_taken_back(run.owner, run.account)
    places = dict(before)
    for one in chosen:
        known = before.get(one.url, {})
        places[one.url] = fetch_calendar(dav, one, known, spool, clock.now(), skip_old=skip_old, beat=run.beat)
    return places


def _chosen(account: Account, there: list[Collection]) -> list[Collection]:
    wanted = set(account.settings.get("places", []))
    return [one for one in there if one.name in wanted or one.url in wanted] if wanted else there

"""Feeds that the owner added: looked at about hourly, each new entry becomes a clip."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from kithbook.core.clips import clip_key
from kithbook.core.errors import Conflict, Invalid, KithbookError, NotFound, Refused
from kithbook.core.feeds import MOST_KEPT, FeedEntry, FeedRead, Listed, clean_url, is_due
from kithbook.core.ids import from_text, to_text
from kithbook.services import clock
from kithbook.services.clipviews import FeedReport, FeedView, OpmlView
from kithbook.services.owners import touch_revision
from kithbook.services.recording import start_batch
from kithbook.services.registry import operation
from kithbook.services.views import Note
from kithbook.store.erase import erase
from kithbook.store.models import Batch, Clip, Feed, Owner

ALLOW_PRIVATE = "KITHBOOK_ALLOW_PRIVATE_FEEDS"
MOST_FEEDS = 200


@operation()
def add(owner: Owner, url: str, title: str = "") -> FeedView:
    """Add an RSS or Atom feed and look at it at once; only feeds that you add are ever fetched."""
    address = clean_url(url)
    if not address:
        raise Invalid("This is no address of a feed.", "It begins with https:// or http:// and has no password in it.")
    if Feed.objects.of(owner).filter(url=address).exists():
        raise Conflict("You have this feed already.", "See your feeds with `kith op feeds listing`.")
    _check_room(owner, 1)
    fetched, read = _fetch(address)
    with transaction.atomic():
        batch = start_batch(owner, "feed", read.title if read else address)
        row = Feed(owner=owner, url=address, title=title.strip()[:300], created_at=clock.now(), batch=batch)
        row.save(force_insert=True)
        _keep(owner, row, fetched, read, batch)
    return _view(_counted(owner).get(pk=row.pk))


@operation(reads=True)
def listing(owner: Owner) -> list[FeedView]:
    """Your feeds, with when each was fetched last and what went wrong."""
    return [_view(row) for row in _counted(owner).order_by("title", "url")]


@operation()
@transaction.atomic
def remove(owner: Owner, feed: str) -> Note:
    """Take a feed away with the clips it brought, except those that you have sent."""
    row = _find(owner, feed)
    unused = Clip.objects.of(owner).filter(feed=row).exclude(uses__state="sent")
    gone = erase(Clip, owner.pk, list(unused.values_list("pk", flat=True)))
    erase(Feed, owner.pk, [row.pk])
    touch_revision(owner)
    return Note(f"{row.title or row.url} is no longer fetched; {gone} clips went with it.")


@operation()
@transaction.atomic
def switch(owner: Owner, feed: str, on: bool) -> FeedView:
    """Pause a feed, or go on with it."""
    row = _find(owner, feed)
    row.is_on = on
    row.save(update_fields=["is_on"])
    return _view(_counted(owner).get(pk=row.pk))


@operation()
def refresh(owner: Owner, feed: str = "") -> FeedReport:
    """Look at your feeds now, or at one of them."""
    rows = [_find(owner, feed)] if feed.strip() else list(Feed.objects.of(owner).filter(is_on=True).order_by("pk"))
    return _refresh(owner, rows)


def refresh_due(owner: Owner) -> FeedReport:
    """Look at the feeds whose time has come: about hourly, later after failures. Called by the server's clock."""
    now = clock.now()
    rows = Feed.objects.of(owner).filter(is_on=True).order_by("pk")
    return _refresh(owner, [row for row in rows if is_due(row.fetched_at, row.failures, now)])


@operation()
@transaction.atomic
def import_opml(owner: Owner, text: str) -> FeedReport:
    """Add all feeds of an OPML list; they are fetched the next time feeds are looked at."""
    from kithbook.sources import opml

    listed = opml.parse(text.encode("utf-8", "replace"))
    known = set(Feed.objects.of(owner).values_list("url", flat=True))
    new = [one for one in listed if one.url not in known]
    _check_room(owner, len(new))
    batch = start_batch(owner, "feed", f"OPML: {len(new)} feeds")
    Feed.objects.bulk_create(
        Feed(owner=owner, url=one.url, title=one.title, created_at=clock.now(), batch=batch) for one in new
    )
    return FeedReport(feeds=len(new), new_clips=0, failed=[], batch=to_text(batch.pk))


@operation(reads=True)
def export_opml(owner: Owner) -> OpmlView:
    """Your feeds as an OPML list, for other readers."""
    from kithbook.sources import opml

    rows = [Listed(row.url, row.title) for row in Feed.objects.of(owner).order_by("title", "url")]
    return OpmlView(len(rows), opml.write(rows))


def _check_room(owner: Owner, more: int) -> None:
    if Feed.objects.of(owner).count() + more > MOST_FEEDS:
        raise Refused(f"There is room for {MOST_FEEDS} feeds.", "Take some away first.")


def _find(owner: Owner, feed: str) -> Feed:
    row: Feed | None = Feed.objects.of(owner).filter(pk=from_text(feed)).first()
    if row is None:
        raise NotFound("There is no such feed.", "See them with `kith op feeds listing`.")
    return row


def _fetch(url: str, row: Feed | None = None) -> tuple[Any, FeedRead | None]:
    """What the server says, and the feed unless nothing changed; raises one of the five errors."""
    from kithbook.sources import feedfetch, feeds

    limits = feedfetch.Limits(allow_private=os.environ.get(ALLOW_PRIVATE) == "1")
    fetched = feedfetch.fetch(url, row.etag if row else "", row.modified if row else "", limits)
    return fetched, None if fetched.data is None else feeds.parse(fetched.data)


def _refresh(owner: Owner, rows: Sequence[Feed]) -> FeedReport:
    """Fetch one after the other, outside of any transaction, and write what each brought."""
    new, failed = 0, []
    for row in rows:
        try:
            fetched, read = _fetch(row.url, row)
        except KithbookError as error:
            _fail(row, error)
            failed.append(f"{row.title or row.url}: {error.message}")
        else:
            with transaction.atomic():
                new += _keep(owner, row, fetched, read, None)
    return FeedReport(feeds=len(rows), new_clips=new, failed=failed)


def _fail(row: Feed, error: KithbookError) -> None:
    row.error, row.failures = error.told[:300], row.failures + 1
    row.fetched_at = clock.now()
    row.save(update_fields=["error", "failures", "fetched_at"])


def _keep(owner: Owner, row: Feed, fetched: Any, read: FeedRead | None, batch: Batch | None) -> int:
    """Write what a fetch brought; returns how many clips are new."""
    row.etag, row.modified = fetched.etag or row.etag, fetched.modified or row.modified
    row.error, row.failures, row.fetched_at = "", 0, clock.now()
    row.title = row.title or (read.title if read else "")
    row.save(update_fields=["etag", "modified", "error", "failures", "fetched_at", "title"])
    added = _add_clips(owner, row, read.entries, batch) if read else 0
    if added:
        touch_revision(owner)
    return added


def _add_clips(owner: Owner, row: Feed, entries: Sequence[FeedEntry], batch: Batch | None) -> int:
    now = clock.now()
    newest = sorted(entries, key=lambda one: one.published_at or now, reverse=True)[:MOST_KEPT]
    by_key = {clip_key(entry.url, entry.title): entry for entry in reversed(newest)}
    known = set(Clip.objects.of(owner).filter(key__in=list(by_key)).values_list("key", flat=True))
    made = [
        Clip(
            owner=owner, key=key, url=entry.url, title=entry.title, note=entry.summary, feed=row,
            published_at=entry.published_at, noted_at=min(entry.published_at or now, now), batch=batch,
        )
        for key, entry in by_key.items()
        if key not in known
    ]  # fmt: skip
    Clip.objects.bulk_create(made)
    unused = Clip.objects.of(owner).filter(feed=row, is_dismissed=False, uses=None).order_by("-noted_at", "pk")
    erase(Clip, owner.pk, list(unused.values_list("pk", flat=True)[MOST_KEPT:]))
    return len(made)


def _counted(owner: Owner) -> Any:
    """Feeds with the number of clips that are open."""
    return Feed.objects.of(owner).annotate(open_clips=Count("clips", filter=Q(clips__is_dismissed=False)))


def _view(row: Any) -> FeedView:
    return FeedView(
        id=to_text(row.pk),
        url=row.url,
        title=row.title or row.url,
        is_on=row.is_on,
        fetched_at=row.fetched_at,
        error=row.error,
        failures=row.failures,
        clips=row.open_clips,
    )

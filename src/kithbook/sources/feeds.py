"""RSS and Atom: bytes to entries. The parser is given bytes only and never fetches anything itself."""

from __future__ import annotations

import calendar
import datetime as dt
import io
import time
from typing import Any

from kithbook.core.errors import Invalid, KithbookError
from kithbook.core.feeds import FeedEntry, FeedRead, clean_url, plain_text
from kithbook.sources.rawtext import clean_text

LONGEST_TITLE, LONGEST_SUMMARY = 300, 500
MOST_ENTRIES = 1_000


def parse(data: bytes) -> FeedRead:
    """The entries of a feed; raises Invalid for what is no feed.

    A feed that is broken somewhere gives the entries that could be read. Entities of its own are refused: no feed
    needs them, and they are how a small file fills the memory.
    """
    if b"<!entity" in data.replace(b"\0", b"").lower():  # without the zeros of UTF-16
        raise Invalid("This feed declares entities of its own, which Kithbook does not read.")
    import feedparser

    try:
        # A broken feed can make this library raise anything, even when an entry is only looked at.
        found = feedparser.parse(io.BytesIO(data), resolve_relative_uris=False, sanitize_html=False)
        return _read(found, data)
    except KithbookError:
        raise
    except Exception:
        raise Invalid("This feed is broken and cannot be read.", "Try again later, or tell its author.") from None


def _read(found: Any, data: bytes) -> FeedRead:
    if not found.get("version") and not found.entries:
        is_page = b"<html" in data[:4096].lower() or b"<!doctype html" in data[:4096].lower()
        what = "This is a web page, not a feed." if is_page else "There is no RSS or Atom feed at this address."
        raise Invalid(what, "Look on the page for a link named RSS, Atom or feed.")
    entries = (_entry(item) for item in found.entries[:MOST_ENTRIES])
    title = plain_text(clean_text(str(found.feed.get("title", ""))), LONGEST_TITLE)
    return FeedRead(title, tuple(entry for entry in entries if entry is not None))


def _entry(item: Any) -> FeedEntry | None:
    url = clean_url(clean_text(str(item.get("link") or "")))
    title = plain_text(clean_text(str(item.get("title") or "")), LONGEST_TITLE)
    summary = plain_text(clean_text(str(item.get("summary") or "")), LONGEST_SUMMARY)
    title = title or plain_text(summary, 80)
    if not title:
        return None
    return FeedEntry(url, title, summary if summary != title else "", _moment(item))


def _moment(item: Any) -> dt.datetime | None:
    """When it appeared; years that no calendar of ours has count as unknown."""
    parts: time.struct_time | None = item.get("published_parsed") or item.get("updated_parsed")
    if not parts:
        return None
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(parts), dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None

"""OPML: the list of feeds that readers exchange. Read without entities or anything from outside, written by hand."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import quoteattr

from kithbook.core.errors import Invalid
from kithbook.core.feeds import Listed, clean_url

LARGEST_BYTES = 1_000_000
MOST_FEEDS = 500
LONGEST_TITLE = 300


def parse(data: bytes) -> list[Listed]:
    """The feeds of an OPML file, each address once, in order; raises Invalid for what is none."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(data) > LARGEST_BYTES:
        raise Invalid("This list of feeds is larger than 1 MB.", "Export it again with the feeds only.")
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Invalid("This is not an OPML file.", "Export the list of feeds from your reader as OPML.") from error
    if root.tag.rpartition("}")[2].lower() != "opml":
        raise Invalid("This is XML, but not OPML.", "Export the list of feeds from your reader as OPML.")
    found: dict[str, Listed] = {}
    for outline in root.iter():
        attributes = {name.lower(): value for name, value in outline.attrib.items()}
        url = clean_url(attributes.get("xmlurl", ""))
        if url and url not in found and len(found) < MOST_FEEDS:
            found[url] = Listed(url, _title(attributes))
    return list(found.values())


def _title(attributes: dict[str, str]) -> str:
    return " ".join((attributes.get("title") or attributes.get("text") or "").split())[:LONGEST_TITLE]


def write(feeds: Iterable[Listed]) -> str:
    """An OPML 2.0 document with these feeds."""
    lines = [
        f'    <outline type="rss" text={quoteattr(feed.title or feed.url)} xmlUrl={quoteattr(feed.url)}/>'
        for feed in feeds
    ]
    head = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    body = ["  <head><title>Feeds of Kithbook</title></head>", "  <body>", *lines, "  </body>"]
    return "\n".join([*head, *body, "</opml>", ""])

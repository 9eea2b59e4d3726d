"""Lists of feeds: read with every trap that XML has, written so that other readers understand them."""

from __future__ import annotations

import contextlib
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.errors import Invalid
from kithbook.core.feeds import Listed
from kithbook.sources import opml

NESTED = b"""<?xml version="1.0"?><opml version="1.1"><head><title>x</title></head><body>
<outline text="Boats"><outline type="rss" text="Sails &amp; masts" xmlUrl="https://example.org/sails.xml"/>
<outline TITLE="Upper" XMLURL="http://example.org/upper"/></outline>
<outline text="again" xmlUrl="https://example.org/sails.xml"/>
<outline text="a file" xmlUrl="file:///etc/passwd"/><outline text="no address"/></body></opml>"""
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><opml><body><outline text="&c;" xmlUrl="https://example.org/"/></body></opml>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<opml><body><outline text="&x;" xmlUrl="https://example.org/"/></body></opml>"""


def test_feeds_are_found_at_any_depth_once_each_and_only_web_addresses() -> None:
    assert opml.parse(NESTED) == [
        Listed("https://example.org/sails.xml", "Sails & masts"),
        Listed("http://example.org/upper", "Upper"),
    ]


@pytest.mark.parametrize(
    "data",
    [b"", b"no xml", LAUGHS, OUTSIDE, b"<opml>", b"<html/>", b"<rss version='2.0'/>", b"\xff\xfe<o", b"x" * 1_000_001],
)
def test_what_is_no_list_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        opml.parse(data)
    assert caught.value.message.endswith(".")
    assert caught.value.hint


def test_a_written_list_is_read_back() -> None:
    feeds = [Listed("https://example.org/a?b=1&c=2", 'Quotes " & <tags>'), Listed("https://example.org/d", "")]
    text = opml.write(feeds)
    assert ET.fromstring(text).get("version") == "2.0"
    assert opml.parse(text.encode()) == [feeds[0], Listed("https://example.org/d", "https://example.org/d")]


@given(st.binary(max_size=400))
def test_no_bytes_break_it(data: bytes) -> None:
    with contextlib.suppress(Invalid):
        opml.parse(data)

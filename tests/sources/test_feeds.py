"""Feeds against a real server: what is read, and what is refused because of where, how much or how long."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.errors import Invalid, KithbookError, Refused, Unavailable
from kithbook.core.feeds import clean_url, is_due, is_public, plain_text
from kithbook.sources import feedfetch, feeds
from kithbook.sources.feedfetch import Limits, fetch
from tests.sources.feedserver import ATOM, ETAG, RSS, serving

OPEN = Limits(allow_private=True)
QUICK = Limits(allow_private=True, seconds=0.6)


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    with serving() as running:
        yield running


def test_rss_gives_its_entries_as_plain_text() -> None:
    read = feeds.parse(RSS)
    assert read.title == "Boats & maps"
    assert [(e.title, e.url, e.summary) for e in read.entries] == [
        ("Sailing in winter", "https://example.org/winter", "Cold but clear."),
        ("Maps of old towns", "https://example.org/maps", ""),
        ("No title and no link, only words.", "", ""),
    ]
    assert read.entries[0].published_at == dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)


def test_atom_is_read_as_well() -> None:
    read = feeds.parse(ATOM)
    assert (read.title, read.entries[0].title, read.entries[0].summary) == (
        "Grüße", "Über Pensionen", "Was sich ändert",
    )  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<!doctype html><html><p>x</p></html>",
        b'<!DOCTYPE rss [<!ENTITY a "a"><!ENTITY b "&a;&a;">]><rss version="2.0"><channel><title>&b;</title></channel>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE r [<!ENTITY a "b">]><rss version="2.0"/>'.encode("utf-16"),
    ],
    ids=["nothing", "words", "a page", "entities", "entities in UTF-16"],
)
def test_what_is_no_feed_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        feeds.parse(data)
    assert caught.value.message.endswith(".")


def test_an_address_in_the_place_of_a_feed_is_never_fetched_or_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """feedparser would open what looks like a file or an address; it is only ever given bytes as a stream."""

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("the parser went out")

    monkeypatch.setattr(socket.socket, "connect", forbidden)
    for data in (b"http://127.0.0.1:9/feed", b"/etc/passwd", b"file:///etc/passwd"):
        with pytest.raises(Invalid):
            feeds.parse(data)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_parser(data: bytes) -> None:
    with contextlib.suppress(Invalid):
        feeds.parse(b"<rss version='2.0'><channel><item><title>" + data)


@pytest.mark.parametrize("path", ["rss", "plain", "gzip", "broken", "moved"])
def test_a_good_feed_is_fetched_however_it_is_served(server: Any, path: str) -> None:
    """Plain, packed, with a wrong content type, cut off at the end, or moved."""
    got = fetch(f"{server.url}/{path}", limits=OPEN)
    assert got.data is not None
    assert feeds.parse(got.data).entries[0].title == "Sailing in winter"


def test_what_did_not_change_is_not_sent_again(server: Any) -> None:
    first = fetch(f"{server.url}/rss", limits=OPEN)
    assert (first.etag, first.modified) == (ETAG, "Fri, 20 Nov 2026 08:00:00 GMT")
    again = fetch(f"{server.url}/rss", first.etag, first.modified, OPEN)
    assert again.data is None
    assert server.seen[-1][1]["If-Modified-Since"] == first.modified


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("missing", "answered with 404"), ("error", "answered with 500"), ("oversize", "larger than 2 MB"),
        ("gzip-bomb", "larger than 2 MB"), ("bad-gzip", "cannot be unpacked"), ("brotli", "was not asked for"),
        ("round", "leads on more than 3 times"),
    ],
)  # fmt: skip
def test_what_does_not_work_is_one_sentence(server: Any, path: str, words: str) -> None:
    with pytest.raises(Unavailable, match=words):
        fetch(f"{server.url}/{path}", limits=OPEN)


@pytest.mark.parametrize("path", ["slow-head", "slow-body"])
def test_no_server_holds_us_longer_than_the_limit(server: Any, path: str) -> None:
    """Neither a late answer nor one that drips."""
    begun = time.monotonic()
    with pytest.raises(Unavailable, match=r"did not answer within 0\.6 seconds"):
        fetch(f"{server.url}/{path}", limits=QUICK)
    assert time.monotonic() - begun < 2


def test_a_name_that_is_not_found_in_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(5) and [])
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        fetch("http://slow.example/", limits=Limits(seconds=0.3))
    assert time.monotonic() - begun < 2
    released.set()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"]
)
def test_the_own_machine_is_never_asked(server: Any, host: str) -> None:
    before = len(server.seen)
    with pytest.raises((Refused, Unavailable)) as caught:
        fetch(f"http://{host}:{server.server_address[1]}/rss")
    assert isinstance(caught.value, Refused) or "0x7f" in host
    assert len(server.seen) == before


def address_of(monkeypatch: pytest.MonkeyPatch, **hosts: list[str]) -> list[str]:
    """Names with addresses of our choosing; returns the list of names that were looked up."""
    asked: list[str] = []

    def look_up(host: str, port: int, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        found = [host] if host[0].isdigit() else hosts[host.partition(".")[0]]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_a_redirect_into_the_own_network_is_refused(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first address is let through as if it were public; where it leads is checked anew."""
    asked = address_of(monkeypatch, public=["127.0.0.1"], inside=["10.0.0.7"])
    monkeypatch.setattr(feedfetch, "is_public", lambda address: address == "127.0.0.1")
    port = server.server_address[1]
    assert fetch(f"http://public.example:{port}/rss").data == RSS
    with pytest.raises(Refused, match="private network"):
        fetch(f"http://public.example:{port}/into?http://inside.example:{port}/rss")
    assert "inside.example" in asked
    assert "10.0.0.7" not in asked


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    address_of(monkeypatch, mixed=["93.184.216.34", "192.168.1.1"])
    with pytest.raises(Refused):
        fetch("http://mixed.example/feed")


def test_the_connection_goes_to_the_address_that_was_checked(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers differently the second time gains nothing: it is looked up once, and that is used."""
    answers = iter([["127.0.0.1"], ["10.0.0.7"]])
    asked: list[str] = []

    def look_up(host: str, port: int, **_: object) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in next(answers)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(feedfetch, "is_public", lambda address: address == "127.0.0.1")
    connected: list[Any] = []
    monkeypatch.setattr(
        socket, "create_connection", lambda address, *_, **__: connected.append(address) or _direct(address)
    )
    port = server.server_address[1]
    assert fetch(f"http://rebind.example:{port}/rss").data == RSS
    assert asked == ["rebind.example"]
    assert connected == [("127.0.0.1", port)]
    assert server.seen[-1][1]["Host"] == f"rebind.example:{port}"


def _direct(address: tuple[str, int]) -> socket.socket:
    """A connection without a look-up."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.connect(address)
    return found


@pytest.mark.parametrize("path", ["into?file:///etc/passwd", "into?ftp://example.org/x", "into?gopher://example.org"])
def test_a_redirect_to_something_else_than_the_web_is_refused(server: Any, path: str) -> None:
    with pytest.raises((Refused, Unavailable)):
        fetch(f"{server.url}/{path}", limits=OPEN)


def test_nobody_there_is_a_sentence() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unavailable, match="could not be reached"):
        fetch(f"http://127.0.0.1:{port}/", limits=OPEN)


def test_the_proxy_of_the_environment_is_not_used(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert fetch(f"{server.url}/rss", limits=OPEN).data == RSS


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("10.0.0.1", False), ("172.16.5.4", False),
        ("192.168.0.1", False), ("127.0.0.1", False), ("169.254.169.254", False), ("100.64.0.1", False),
        ("0.0.0.0", False), ("224.0.0.1", False), ("240.0.0.1", False), ("255.255.255.255", False), ("::1", False),
        ("::", False), ("fe80::1%eth0", False), ("fc00::1", False), ("ff02::1", False), ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True), ("64:ff9b::a00:1", False), ("64:ff9b::5db8:d822", True),
        ("2002:a00:1::", False), ("2001:0:a00:1::", False), ("192.0.2.1", False), ("nonsense", False), ("", False),
    ],
)  # fmt: skip
def test_which_addresses_are_of_the_open_internet(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.org/feed", "https://example.org/feed"), (" example.org/feed ", "https://example.org/feed"),
        ("feed://example.org/x", "https://example.org/x"), ("feed:https://example.org/x", "https://example.org/x"),
        ("ftp://example.org", ""), ("file:///etc/passwd", ""), ("javascript:alert(1)", ""), ("https://", ""),
        ("https://me:secret@example.org/", ""), ("https://exa mple.org/", ""), ("http://[", ""),
        ("http://x:99999/", ""),
                ("https://example.org/" + "x" * 1000, ""), ("", ""), ("word", ""),
    ],
)  # fmt: skip
def test_which_texts_are_addresses_of_feeds(text: str, url: str) -> None:
    assert clean_url(text) == url


@pytest.mark.parametrize(
    ("failures", "hours", "due"),
    [(0, 0.99, False), (0, 1, True), (1, 1.9, False), (1, 2, True), (3, 7.9, False), (3, 8, True), (50, 168, True),
     (50, 167, False)],
)  # fmt: skip
def test_failures_make_the_visits_rarer(failures: int, hours: float, due: bool) -> None:
    now = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
    assert is_due(now - dt.timedelta(hours=hours), failures, now) is due
    assert is_due(None, failures, now)


def test_text_of_a_page_is_cut_at_a_word() -> None:
    assert plain_text("<p>one <i>two</i>&nbsp;three</p>", 100) == "one two three"
    assert plain_text("one two three", 8) == "one…"


def test_every_failure_is_one_of_the_five_errors(server: Any) -> None:
    for path in ("missing", "oversize", "round", "bad-gzip"):
        with pytest.raises(KithbookError):
            fetch(f"{server.url}/{path}", limits=OPEN)

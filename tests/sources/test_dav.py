"""The WebDAV client: against a real Radicale, and against servers that misbehave."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import ssl
import threading
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from kithbook.core.errors import Invalid, KithbookError, Refused, Unavailable
from kithbook.sources import dav as davs
from kithbook.sources.base import Source
from kithbook.sources.dav import CARDS, EVENTS, Dav, Item, check_url, open_dav
from kithbook.sources.davanswers import read_answers
from kithbook.sources.davcards import CardSource, CardSpool
from kithbook.sources.davevents import DavEventSource, EventSpool
from tests.liveservers import PASSWORD, USER, Radicale, free_port, make_certificate, radicale
from tests.sources.conformance import SourceConformance


def card(name: str, *more: str) -> str:
    lines = ("BEGIN:VCARD", "VERSION:3.0", f"UID:{name}", f"FN:{name}", f"N:;{name};;;", *more, "END:VCARD", "")
    return "\r\n".join(lines)


@pytest.fixture(scope="module")
def server() -> Iterator[Radicale]:
    with radicale() as found:
        yield found


@pytest.fixture
def book(server: Radicale, request: pytest.FixtureRequest) -> str:
    return server.make(f"book-{request.node.name[:40]}", "book")


@contextlib.contextmanager
def opened(url: str) -> Iterator[Dav]:
    with open_dav(url, USER, PASSWORD, CARDS) as found:
        yield found


def test_collections_are_found_from_the_server_the_principal_or_their_own_address(server: Radicale) -> None:
    book, calendar = server.make("friends", "book"), server.make("meetings", "calendar")
    for url in (server.root, server.url("").rstrip("/") + "/"):
        with opened(url) as dav:
            assert next(one for one in dav.collections() if one.name == "friends").url == book
        with open_dav(url, USER, PASSWORD, EVENTS) as dav:
            assert [(one.name, one.url) for one in dav.collections()] == [("meetings", calendar)]
    with opened(book) as dav:
        assert [(one.name, one.url) for one in dav.collections()] == [("friends", book)]


def test_only_what_changed_since_the_token_is_told(server: Radicale, book: str) -> None:
    for name in ("a", "b"):
        assert server.call("PUT", f"{book}{name}.vcf", card(name), Content_Type="text/vcard")[0] == 201
    with opened(book) as dav:
        first = dav.changes(book, "")
        assert first.whole and len(first.changed) == 2 and all(one.etag for one in first.changed)
        server.call("PUT", f"{book}c.vcf", card("c"), Content_Type="text/vcard")
        server.call("DELETE", f"{book}a.vcf")
        second = dav.changes(book, first.token)
        assert not second.whole and [one.href.rpartition("/")[2] for one in second.changed] == ["c.vcf"]
        assert [href.rpartition("/")[2] for href in second.gone] == ["a.vcf"]
        forgotten = dav.changes(book, "http://radicale.org/ns/sync/unknown")
        assert forgotten.whole and len(forgotten.changed) == 2
        texts = {
            item.href.rpartition("/")[2]: item.text for item in dav.fetch(book, [c.href for c in forgotten.changed])
        }
        assert set(texts) == {"b.vcf", "c.vcf"} and "FN:b" in texts["b.vcf"]


def test_writes_happen_only_to_what_was_read(server: Radicale, book: str) -> None:
    with opened(book) as dav:
        href = f"{book}new.vcf"
        written, etag = dav.put(href, card("new"), "")
        assert written and etag
        assert dav.put(href, card("new"), "") == (False, "")
        assert dav.put(href, card("new", "NOTE:x"), '"stale"') == (False, "")
        written, newer = dav.put(href, card("new", "NOTE:x"), etag)
        assert written and newer != etag
        assert dav.delete(href, etag) is False and dav.get(href) is not None
        assert dav.delete(href, newer) is True and dav.get(href) is None
        assert dav.delete(href, newer) is True


def test_a_wrong_password_and_a_wrong_address_are_told(server: Radicale) -> None:
    with (
        pytest.raises(Refused, match="does not accept this user name") as told,
        open_dav(server.root, USER, PASSWORD + "x", CARDS) as dav,
    ):
        dav.changes(server.url("friends"), "")
    assert PASSWORD not in told.value.message + told.value.hint
    with pytest.raises(Unavailable), opened(f"http://127.0.0.1:{free_port()}/") as dav:
        dav.collections()


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://dav.example.org/", Refused),
        ("imaps://dav.example.org/", Invalid),
        (f"https://alice:{PASSWORD}@dav.example.org/", Invalid),
        ("https://", Invalid),
        ("https://a b/", Invalid),
    ],
)
def test_an_address_to_which_no_password_may_go_is_refused(url: str, error: type[KithbookError]) -> None:
    with pytest.raises(error) as told:
        check_url(url)
    assert PASSWORD not in told.value.message + told.value.hint


@contextlib.contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler], None], tls: Path | None = None) -> Iterator[str]:
    """A server that answers like this; encrypted where `tls` is a folder with a certificate."""

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer(self)

        do_PROPFIND = do_REPORT = do_GET = do_PUT = handle_any  # noqa: N815

        def log_message(self, *_args: object) -> None:
            return

    found = HTTPServer(("127.0.0.1", 0), Handler)
    found.handle_error = lambda *_args: None  # type: ignore[method-assign]
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls / "cert.pem", tls / "key.pem")
        found.socket = context.wrap_socket(found.socket, server_side=True)
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{found.server_port}/"
    finally:
        found.shutdown()
        found.server_close()
        thread.join()


def reply(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    with contextlib.suppress(OSError):
        handler.wfile.write(body)


def drop(handler: BaseHTTPRequestHandler) -> None:
    """Break off in the middle of an answer."""
    handler.send_response(207)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"<multistatus")


def test_each_way_to_fail_has_its_own_sentence(
    server: Radicale, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(url: str) -> str:
        with pytest.raises((Refused, Unavailable)) as error, opened(url) as dav:
            dav.collections()
        assert PASSWORD not in f"{error.value.message} {error.value.hint}"
        assert error.value.hint
        return error.value.message

    assert told(f"http://127.0.0.1:{free_port()}/") == "No server listens at 127.0.0.1 on this port."
    assert told(f"https://127.0.0.1:{server.port}/") == "No encrypted connection to 127.0.0.1 came about."
    with answering(drop) as url:
        assert told(url) == "The connection to 127.0.0.1 broke off, or it did not answer as such servers do."
    make_certificate(tmp_path)
    with answering(lambda one: reply(one, 207), tmp_path) as url:
        assert told(url) == "The certificate of 127.0.0.1 cannot be trusted, so no password was sent."
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert told(url) == "The server did not answer as calendars and address books do."

    def unknown(*_args: object, **_more: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert told("https://dav.example.org/") == "There is no server dav.example.org."


@pytest.mark.parametrize(
    "body",
    [
        b"<html>hello</html>", b"", b"\xff\xfe", b"<multistatus",
        b'<!DOCTYPE x [<!ENTITY a "b">]><multistatus xmlns="DAV:">&a;</multistatus>',
    ],
)  # fmt: skip
def test_what_is_no_answer_of_such_a_server_is_told(body: bytes) -> None:
    with answering(lambda one: reply(one, 207, body)) as url, pytest.raises(Unavailable), opened(url) as dav:
        dav.collections()


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(davs, "LARGEST_ANSWER", 1000)
    with (
        answering(lambda one: reply(one, 207, b"x" * 5000)) as url,
        opened(url) as dav,
        pytest.raises(Unavailable, match="at once"),
    ):
        dav.collections()


def test_the_password_does_not_follow_a_server_to_another_site() -> None:
    for location in ("https://evil.example/", "http://192.0.2.1/", "ftp://127.0.0.1/"):
        with (
            answering(lambda one, to=location: reply(one, 301, Location=to)) as url,
            opened(url) as dav,
            pytest.raises(Refused),
        ):  # type: ignore[misc]
            dav.collections()


def test_a_server_that_leads_in_circles_is_told() -> None:
    with (
        answering(lambda one: reply(one, 301, Location="/again")) as url,
        opened(url) as dav,
        pytest.raises(Unavailable, match="without end"),
    ):
        dav.collections()


def test_a_server_without_sync_collection_gives_its_list() -> None:
    listed = (
        b'<multistatus xmlns="DAV:"><response><href>/b/</href><propstat><prop><resourcetype><collection/>'
        b"</resourcetype></prop><status>HTTP/1.1 200 OK</status>"
        b"</propstat></response><response><href>/b/x.vcf</href><propstat><prop>"
        b'<getetag>"1"</getetag></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>'
    )

    def answer(one: BaseHTTPRequestHandler) -> None:
        reply(one, 501) if one.command == "REPORT" else reply(one, 207, listed)

    with answering(answer) as url, opened(url) as dav:
        found = dav.changes(f"{url}b/", "")
    assert (found.whole, found.token, [(c.href, c.etag) for c in found.changed]) == (True, "", [("/b/x.vcf", '"1"')])


def test_a_list_in_parts_is_read_to_its_end() -> None:
    def part(number: int, status: str) -> bytes:
        return (
            f'<multistatus xmlns="DAV:"><response><href>/b/{number}.vcf</href><propstat><prop><getetag>"{number}"'
            f"</getetag></prop><status>HTTP/1.1 200 OK</status></propstat></response>{status}"
            f"<sync-token>t{number}</sync-token></multistatus>"
        ).encode()

    cut = "<response><href>/b/</href><status>HTTP/1.1 507 Insufficient Storage</status></response>"
    parts = iter([part(1, cut), part(2, "")])
    with answering(lambda one: reply(one, 207, next(parts))) as url, opened(url) as dav:
        found = dav.changes(f"{url}b/", "")
    assert ([c.href for c in found.changed], found.token) == (["/b/1.vcf", "/b/2.vcf"], "t2")


def test_properties_that_are_not_there_are_not_taken_for_texts() -> None:
    body = (
        b'<multistatus xmlns="DAV:"><response><href>https://h/x%20y</href><propstat><prop><displayname>no</displayname>'
        b"</prop><status>HTTP/1.1 404 Not Found</status></propstat></response></multistatus>"
    )
    ((answer,), token) = read_answers(body)
    assert (answer.href, answer.text("displayname"), token) == ("/x%20y", "", "")


LATEST = int(dt.datetime(2026, 11, 22, tzinfo=dt.UTC).timestamp())
CUT_OFF = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:9\r\nDTSTART:20261101T1000"
TASK = "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:8\r\nSUMMARY:Tidy up\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"


def event(number: int) -> str:
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:{number}\r\nDTSTART:20261102T100000Z\r\n"
        f"DTEND:20261102T110000Z\r\nATTENDEE;CN=Anna:mailto:anna{number}@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


class SpoolConformance(SourceConformance):
    """What every source promises, and that its memory does not grow with what the server holds."""

    def spooled(self, texts: Iterable[str]) -> Source:
        """The source of these, as the server gave them."""
        raise NotImplementedError

    def good(self, number: int, *, size: int = 0) -> str:
        """Something whole, of about this size."""
        raise NotImplementedError

    bad: tuple[str, ...] = ()

    def make(self, folder: Path) -> Source:
        return self.spooled([self.good(0), *self.bad, self.good(1), self.good(2)])

    def make_reversed(self, folder: Path) -> Source:
        return self.spooled([self.good(2), self.good(1), *self.bad, self.good(0)])

    def test_memory_does_not_grow_with_what_the_server_holds(self) -> None:
        peaks = []
        for count in (5, 50):
            tracemalloc.start()
            source = self.spooled(self.good(number, size=50_000) for number in range(count))
            if self.kind == "vcard":  # what reads calendars is tested with files
                assert sum(1 for _ in source.records()) == count
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert peaks[1] < peaks[0] + 500_000


class TestEvents(SpoolConformance):
    kind = "calendar"
    expected = {"Exchange": 3, "Problem": 2, "Counted": 1}  # noqa: RUF012
    bad = (CUT_OFF, "<html>Gateway timeout</html>", TASK)

    def good(self, number: int, *, size: int = 0) -> str:
        return event(number).replace("DTEND", f"DESCRIPTION:{'x' * size}\r\nDTEND")

    def spooled(self, texts: Iterable[str]) -> Source:
        spool = EventSpool()
        spool.add((Item(f"/c/{number}.ics", "", text) for number, text in enumerate(texts)), lambda: None)
        return DavEventSource(spool, "Meetings", latest=LATEST, zone=dt.UTC)


class TestCards(SpoolConformance):
    kind = "vcard"
    expected = {"Card": 3, "Problem": 2}  # noqa: RUF012
    bad = ("BEGIN:VCARD\r\nFN:Anna", "<html>Gateway timeout</html>")

    def good(self, number: int, *, size: int = 0) -> str:
        return card(f"Anna {number}", f"PHOTO;ENCODING=b:{'A' * size}")

    def spooled(self, texts: Iterable[str]) -> Source:
        spool = CardSpool()
        hrefs = []
        for number, text in enumerate(texts):
            hrefs.append(f"/b/{number}.vcf")
            spool.add(Item(hrefs[-1], "", text))
        return CardSource(spool, hrefs, "Phone")

"""A web server on loopback that answers like the good and the bad ones out there."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Boats &amp; maps</title>
<item><title>Sailing in winter</title><link>https://example.org/winter</link>
<description>&lt;p&gt;Cold &lt;b&gt;but&lt;/b&gt; clear.&lt;/p&gt;</description>
<pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate></item>
<item><title>Maps of old towns</title><link>https://example.org/maps</link>
<pubDate>Thu, 19 Nov 2026 08:00:00 GMT</pubDate></item>
<item><description>No title and no link, only words.</description></item><item></item></channel></rss>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Grüße</title>
<entry><title>Über Pensionen</title><link href="https://example.org/p"/><updated>2026-11-18T10:00:00Z</updated>
<summary>Was sich ändert</summary></entry></feed>""".encode()
ETAG = '"one"'


def rss_of(count: int, first: int = 0) -> bytes:
    """A feed with many entries, the newest first."""
    items = "".join(
        f"<item><title>Entry {n}</title><link>https://example.org/e/{n}</link></item>"
        for n in range(first, first + count)
    )
    return f'<rss version="2.0"><channel><title>Many</title>{items}</channel></rss>'.encode()


class Handler(BaseHTTPRequestHandler):
    """Paths say how to answer; what was asked is kept in `server.seen`."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        name = self.path.partition("?")[0].strip("/").replace("-", "_").partition("/")[0]
        getattr(self, f"say_{name}", self.say_missing)()

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for key, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def say_rss(self) -> None:
        if self.headers.get("If-None-Match") == ETAG:
            return self.answer(304, ETag=ETAG)
        return self.answer(
            200, RSS, Content_Type="application/rss+xml", ETag=ETAG, Last_Modified="Fri, 20 Nov 2026 08:00:00 GMT"
        )

    def say_atom(self) -> None:
        self.answer(200, ATOM, Content_Type="application/atom+xml")

    def say_many(self) -> None:
        self.answer(200, rss_of(300))

    def say_gzip(self) -> None:
        self.answer(200, gzip.compress(RSS), Content_Encoding="gzip")

    def say_gzip_bomb(self) -> None:
        self.answer(200, gzip.compress(b" " * 50_000_000), Content_Encoding="gzip")

    def say_bad_gzip(self) -> None:
        self.answer(200, b"not packed at all", Content_Encoding="gzip")

    def say_brotli(self) -> None:
        self.answer(200, b"xxxx", Content_Encoding="br")

    def say_plain(self) -> None:
        self.answer(200, RSS, Content_Type="text/plain")

    def say_page(self) -> None:
        self.answer(200, b"<!doctype html><html><body>Hello</body></html>", Content_Type="text/html")

    def say_broken(self) -> None:
        self.answer(200, RSS.replace(b"</channel></rss>", b"<item><title>Cut"))

    def say_nothing(self) -> None:
        self.answer(200, b"")

    def say_oversize(self) -> None:
        self.answer(200, b"<rss>" + b"x" * 2_100_000)

    def say_slow_head(self) -> None:
        time.sleep(3)

    def say_slow_body(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(30):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.1)

    def say_moved(self) -> None:
        self.answer(301, Location="/rss")

    def say_round(self) -> None:
        self.answer(302, Location="/round")

    def say_into(self) -> None:
        """Leads to whatever the query says."""
        self.answer(302, Location=self.path.partition("?")[2])

    def say_error(self) -> None:
        self.answer(500)

    def say_missing(self) -> None:
        self.answer(404)


@contextmanager
def serving() -> Iterator[Any]:
    """A running server; `.url` is its address, `.seen` the requests it had."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen, server.daemon_threads = [], True
    server.handle_error = lambda *_: None
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()

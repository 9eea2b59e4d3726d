"""Calendars and address books on servers: one small WebDAV client for CalDAV and CardDAV.

Sources: RFC 4918 (PROPFIND, ETag, If-Match), RFC 5397 (principal), RFC 6578 (sync-collection), RFC 4791 §7 and RFC 6352
§8 (multiget), RFC 6764 (well-known addresses). What a server says of an error is never passed on.
"""

from __future__ import annotations

import contextlib
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit
from xml.sax.saxutils import escape

from kithbook.core.errors import Invalid, KithbookError, NotFound, Refused, Unavailable
from kithbook.sources.connecting import told_plainly
from kithbook.sources.davanswers import Answer, read_answers
from kithbook.sources.imapplace import is_loopback, refuse_plain, split_plainly

CONNECT_S, READ_S, WHOLE_S = 10.0, 60.0, 120.0
LARGEST_ANSWER = 32 << 20
MULTIGET = 50
REDIRECTS = 5
PAGES = 1_000
_HINT = "Write it like https://dav.example.org/."
_XML = '<?xml version="1.0" encoding="utf-8"?>'
_NAMES = 'xmlns:D="DAV:" xmlns:C="{space}" xmlns:S="http://calendarserver.org/ns/"'


class Kind(NamedTuple):
    """What differs between calendars and address books."""

    space: str
    resource: str
    home: str
    multiget: str
    data: str
    well_known: str
    content_type: str


CARDS = Kind(
    "urn:ietf:params:xml:ns:carddav", "addressbook", "addressbook-home-set", "addressbook-multiget", "address-data",
    "/.well-known/carddav", "text/vcard; charset=utf-8",
)  # fmt: skip
EVENTS = Kind(
    "urn:ietf:params:xml:ns:caldav", "calendar", "calendar-home-set", "calendar-multiget", "calendar-data",
    "/.well-known/caldav", "text/calendar; charset=utf-8",
)  # fmt: skip


class Collection(NamedTuple):
    """A calendar or address book: its address, and the name that people gave it."""

    url: str
    name: str


class Change(NamedTuple):
    """Something that is there, by its path on the server."""

    href: str
    etag: str


class Changes(NamedTuple):
    """What changed since a sync-token; `whole` means that `changed` is all there is, and what is not in it is gone."""

    changed: list[Change]
    gone: list[str]
    token: str
    whole: bool


class Item(NamedTuple):
    """A card or an event as it lies on the server."""

    href: str
    etag: str
    text: str


def check_url(url: str) -> str:
    """The host of an address that a password may be sent to; raises Invalid or Refused."""
    parts = split_plainly(url.strip(), _HINT)
    if parts.scheme not in ("http", "https"):
        raise Invalid("This is no address of a calendar or address book server.", _HINT)
    if parts.scheme == "http":
        refuse_plain(parts.hostname or "")
    return parts.hostname or ""


class Dav:
    """An open connection to one server; see `open_dav`."""

    def __init__(self, client: Any, url: str, kind: Kind) -> None:
        self._client, self._url, self.kind = client, url, kind

    def collections(self) -> list[Collection]:
        """The calendars or address books to be found from the address given, by name.

        The address may be a collection itself, the owner's principal, or only the server.
        """
        found = self._propfind(self._url, 0)
        own = [answer for answer in found if self.kind.resource in answer.types]
        if own:
            return [Collection(self._url, own[0].text("displayname") or _last(self._url))]
        listed = [self._home(found) or "", self._url]
        for home in filter(None, listed):
            there = [answer for answer in self._propfind(home, 1) if self.kind.resource in answer.types]
            if there:
                made = [Collection(self.absolute(a.href), a.text("displayname") or _last(a.href)) for a in there]
                return sorted(made, key=lambda one: (one.name.lower(), one.url))
        return []

    def _home(self, found: Sequence[Answer]) -> str:
        """Where the owner's collections are, by way of the principal."""
        home = _first(found, self.kind.home)
        principal = _first(found, "current-user-principal")
        if not home and not principal:
            with contextlib.suppress(Unavailable, NotFound):
                principal = _first(
                    self._propfind(urljoin(self._url, self.kind.well_known), 0), "current-user-principal"
                )
        if not home and principal:
            home = _first(self._propfind(self.absolute(principal), 0), self.kind.home)
        return self.absolute(home) if home else ""

    def changes(self, url: str, token: str) -> Changes:
        """What changed in a collection since `token`; everything if there is none or the server forgot it.

        Servers without sync-collection give the list of what is there with its ETags.
        """
        found = self._sync(url, token)
        if found is None and token:
            found = self._sync(url, "")
        if found is not None:
            return found
        listed = [answer for answer in self._propfind(url, 1) if not self._is_self(url, answer)]
        changed = [Change(a.href, a.text("getetag")) for a in listed if "collection" not in a.types]
        return Changes(changed, [], "", whole=True)

    def _sync(self, url: str, token: str) -> Changes | None:
        changed: dict[str, Change] = {}
        gone: dict[str, None] = {}
        whole = not token
        for _page in range(PAGES):
            body = (
                f"<D:sync-token>{escape(token)}</D:sync-token><D:sync-level>1</D:sync-level>"
                "<D:prop><D:getetag/></D:prop>"
            )
            status, data = self._send("REPORT", url, self._xml("D:sync-collection", body), depth="0")
            if status != 207:
                return None
            answers, next_token = read_answers(data)
            is_cut = False
            for answer in answers:
                if self._is_self(url, answer):
                    is_cut = is_cut or answer.status == 507
                elif answer.status == 404:
                    changed.pop(answer.href, None)
                    gone[answer.href] = None
                else:
                    gone.pop(answer.href, None)
                    changed[answer.href] = Change(answer.href, answer.text("getetag"))
            if not is_cut or not next_token or next_token == token:
                return Changes(list(changed.values()), list(gone), next_token, whole)
            token = next_token
        raise Unavailable("The server gives its list in too many parts.")

    def fetch(self, url: str, hrefs: Sequence[str]) -> Iterator[Item]:
        """These cards or events, in parts; what is gone meanwhile is left out."""
        for start in range(0, len(hrefs), MULTIGET):
            part = hrefs[start : start + MULTIGET]
            asked = "".join(f"<D:href>{escape(href)}</D:href>" for href in part)
            body = f"<D:prop><D:getetag/><C:{self.kind.data}/></D:prop>{asked}"
            yield from self._items(url, self._xml(f"C:{self.kind.multiget}", body))

    def query(self, url: str, inner: str) -> Iterator[Item]:
        """What a filter finds; `inner` is the XML of the filter."""
        body = f"<D:prop><D:getetag/><C:{self.kind.data}/></D:prop>{inner}"
        yield from self._items(url, self._xml(f"C:{self.kind.resource}-query", body), depth="1")

    def _items(self, url: str, body: str, depth: str = "0") -> Iterator[Item]:
        status, data = self._send("REPORT", url, body, depth=depth)
        if status != 207:
            raise _told(status)
        for answer in read_answers(data)[0]:
            text = answer.text(self.kind.data)
            if text:
                yield Item(answer.href, answer.text("getetag"), text)

    def get(self, href: str) -> Item | None:
        """One card or event as it is now, None where it is gone."""
        status, data, headers = self._request("GET", self.absolute(href), "", {})
        if status in (404, 410):
            return None
        if status != 200:
            raise _told(status)
        return Item(href, headers.get("etag", ""), data.decode("utf-8", "replace"))

    def put(self, href: str, text: str, etag: str) -> tuple[bool, str]:
        """Write a card if it is still the one with this ETag, or, with "", if there is none yet.

        Returns whether it was written, and the new ETag where the server tells it.
        """
        guard = {"If-Match": etag} if etag else {"If-None-Match": "*"}
        headers = {"Content-Type": self.kind.content_type, **guard}
        status, _data, told = self._request("PUT", self.absolute(href), text, headers)
        if status in (412, 409, 404, 410):
            return False, ""
        if status not in (200, 201, 204):
            raise _told(status)
        return True, told.get("etag", "")

    def delete(self, href: str, etag: str) -> bool:
        """Delete a card if it is still the one with this ETag; gone already is as good."""
        status, _data, _told_headers = self._request("DELETE", self.absolute(href), "", {"If-Match": etag})
        if status == 412:
            return False
        if status not in (200, 202, 204, 404, 410):
            raise _told(status)
        return True

    def absolute(self, href: str) -> str:
        """The whole address of a path that the server gave; raises Refused for one on another site."""
        whole = urljoin(self._url, href)
        _same_site(self._url, whole)
        return whole

    def _is_self(self, url: str, answer: Answer) -> bool:
        return _path(answer.href) == _path(url)

    def _propfind(self, url: str, depth: int) -> list[Answer]:
        props = f"<D:resourcetype/><D:displayname/><D:getetag/><D:current-user-principal/><C:{self.kind.home}/>"
        status, data = self._send("PROPFIND", url, self._xml("D:propfind", f"<D:prop>{props}</D:prop>"), str(depth))
        if status != 207:
            raise _told(status)
        return read_answers(data)[0]

    def _xml(self, name: str, inner: str) -> str:
        return f"{_XML}<{name} {_NAMES.format(space=self.kind.space)}>{inner}</{name}>"

    def _send(self, method: str, url: str, body: str, depth: str) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/xml; charset=utf-8", "Depth": depth}
        status, data, _headers = self._request(method, url, body, headers)
        if status in (401, 407):
            raise _told(status)
        return status, data

    def _request(self, method: str, url: str, body: str, headers: dict[str, str]) -> tuple[int, bytes, Any]:
        until = time.monotonic() + WHOLE_S
        for _step in range(REDIRECTS + 1):
            request = self._client.build_request(method, url, content=body.encode("utf-8"), headers=headers)
            answer = self._client.send(request, stream=True)
            try:
                if answer.status_code in (301, 302, 303, 307, 308) and "location" in answer.headers:
                    url = urljoin(url, answer.headers["location"])
                    _same_site(self._url, url)
                    continue
                return answer.status_code, _body(answer, until), answer.headers
            finally:
                answer.close()
        raise Unavailable("The server leads on from one address to the next without end.")


def _body(answer: Any, until: float) -> bytes:
    parts, size = [], 0
    for part in answer.iter_bytes(65_536):
        size += len(part)
        if size > LARGEST_ANSWER:
            raise Unavailable(f"The server sent more than {LARGEST_ANSWER >> 20} MB at once.")
        if time.monotonic() > until:
            raise Unavailable("The server took too long to answer.", "It is tried again later.")
        parts.append(part)
    return b"".join(parts)


def _same_site(known: str, url: str) -> None:
    """Raise Refused where the password would go to another site, or unencrypted."""
    old, new = urlsplit(known), urlsplit(url)
    here, there = old.hostname or "", new.hostname or ""
    if new.scheme == "http":
        refuse_plain(there)
    related = here == there or (_is_name(here) and here.split(".")[-2:] == there.split(".")[-2:] and "." in here)
    if new.scheme not in ("http", "https") or not related:
        raise Refused("The server leads on to another site, which does not get the password.", "Enter that address.")


def _is_name(host: str) -> bool:
    return not is_loopback(host) and not re.fullmatch(r"[\d.]+|.*:.*", host)


def _path(url: str) -> str:
    """The path of an address in one spelling."""
    return quote(unquote(urlsplit(url).path)).rstrip("/")


def _last(url: str) -> str:
    return unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2] or "/"


def _first(answers: Sequence[Answer], name: str) -> str:
    return next((answer.links[name] for answer in answers if answer.links.get(name)), "")


def _told(status: int) -> KithbookError:
    if status in (401, 403, 407):
        return Refused(
            "The server does not accept this user name and password, or does not let them read this.",
            "Some providers want an app password that is made in their settings.",
        )
    if status in (404, 405, 410, 501):
        return Unavailable("There is no calendar or address book at this address.", "Check the address.")
    if status == 507:
        return Unavailable("The server has no room left.", "It is tried again later.")
    return Unavailable(f"The server answered with {status}.", "It is tried again later.")


@contextlib.contextmanager
def open_dav(url: str, user_name: str, password: str, kind: Kind) -> Iterator[Dav]:
    """Get ready to talk to a server; the login goes along with each request, only ever encrypted or on this machine.

    Raises Refused for a wrong password or a certificate that cannot be trusted, Unavailable for everything else that
    goes wrong on the way, also later while the connection is used.
    """
    import httpx2

    host = check_url(url)
    url = urlunsplit(urlsplit(url.strip()))
    timeout = httpx2.Timeout(READ_S, connect=CONNECT_S)
    login = httpx2.BasicAuth(user_name, password) if user_name or password else None
    try:
        with httpx2.Client(
            auth=login, timeout=timeout, verify=ssl.create_default_context(), trust_env=False,
            headers={"User-Agent": "Kithbook"},
        ) as client:  # fmt: skip
            yield Dav(client, url, kind)
    except KithbookError:
        raise
    except httpx2.TimeoutException:
        raise Unavailable(f"{host} did not answer in time.", "It is tried again later.") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
        raise told_plainly(host, error, "server") or Unavailable(
            f"The connection to {host} broke off, or it did not answer as such servers do.", "It is tried again later."
        ) from None

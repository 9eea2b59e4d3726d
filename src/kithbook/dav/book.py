"""Radicale's view of the address book: a principal for each device, one book in it, a card for each kept person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any

from radicale import pathutils
from radicale.auth import BaseAuth
from radicale.item import Item
from radicale.rights import BaseRights
from radicale.storage import BaseCollection, BaseStorage

from kithbook.services import davcards, davstore
from kithbook.services.davstore import ServedView
from kithbook.services.devices import Visit

BOOK = "people"
PROPERTIES = {
    "tag": "VADDRESSBOOK",
    "D:displayname": "Kithbook",
    "CR:addressbook-description": "The people you know",
}


@dataclass(slots=True)
class Request:
    """The request being answered: whose it is, and whether it wants to know what cards say."""

    visit: Visit
    wants_texts: bool = True


here: ContextVar[Request] = ContextVar("kithbook_dav_request")


class Auth(BaseAuth):  # type: ignore[misc]
    """The device has signed in before Radicale is asked."""

    def get_external_login(self, environ: Mapping[str, Any]) -> tuple[str, str]:
        """Its user name."""
        return here.get().visit.user_name, ""

    def _login(self, login: str, password: str) -> str:
        return str(login)


class Rights(BaseRights):  # type: ignore[misc]
    """A device sees its own principal and the book in it, nothing else; some only read."""

    def authorization(self, user: str, user_groups: set[str], path: str) -> str:
        """Radicale's letters: R for folders, r and w for the book."""
        visit = here.get().visit
        parts = pathutils.strip_path(path).split("/")
        if not user or user != visit.user_name:
            return ""
        if parts in ([""], [user]):
            return "R"
        if parts[:2] == [user, BOOK] and len(parts) <= 3:
            return "rw" if visit.writes else "r"
        return ""


class Storage(BaseStorage):  # type: ignore[misc]
    """Finds what a path names. Paths are /, /device/, /device/people/ and /device/people/card.vcf."""

    _supports_unicode = True
    _supports_problematic_chars = True
    _supports_trailing_whitespace = True

    def discover(
        self, path: str, depth: str = "0", child_context_manager: Any = None, user_groups: Any = None
    ) -> Iterator[Any]:
        """The folder, book or card of the path, and with a depth what is directly in it."""
        parts = [part for part in pathutils.strip_path(path).split("/") if part]
        visit = here.get().visit
        if parts and parts[0] != visit.user_name:
            return
        if len(parts) < 2:
            yield Folder("/".join(parts))
            if depth != "0":
                yield Book(visit) if parts else Folder(visit.user_name)
        elif parts[1] == BOOK and len(parts) == 2:
            book = Book(visit)
            yield book
            if depth != "0":
                yield from book.get_all()
        elif parts[1] == BOOK and len(parts) == 3:
            yield from (item for _, item in Book(visit).get_multi([parts[2]]) if item)

    @contextmanager
    def acquire_lock(self, mode: str, user: str = "", *args: Any, **options: Any) -> Iterator[None]:
        """The database keeps writers apart."""
        yield

    def verify(self) -> bool:
        """`kith doctor` looks at the data."""
        return True


class Folder(BaseCollection):  # type: ignore[misc]
    """The root, or a device's principal."""

    path = ""
    tag = ""
    etag = '"folder"'
    last_modified = format_datetime(dt.datetime(2000, 1, 1, tzinfo=dt.UTC), usegmt=True)

    def __init__(self, path: str) -> None:
        self.path = path

    def get_all(self) -> Iterator[Any]:
        """No cards."""
        return iter(())

    def get_multi(self, hrefs: Iterable[str]) -> Iterator[tuple[str, None]]:
        """No cards."""
        return ((href, None) for href in hrefs)

    def get_meta(self, key: str | None = None) -> Any:
        """No properties of its own."""
        return {} if key is None else None


class Book(BaseCollection):  # type: ignore[misc]
    """The owner's people as an address book."""

    path = ""
    tag = PROPERTIES["tag"]

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.path = f"{visit.user_name}/{BOOK}"

    @property
    def etag(self) -> str:
        """Another one after every change; also the ctag."""
        return f'"{davstore.state(self.visit.owner)}"'

    @property
    def last_modified(self) -> str:
        """When the last card changed."""
        return _moment(davstore.state(self.visit.owner))

    def sync(self, old_token: str = "") -> tuple[str, list[str]]:
        """The new token and the names of cards that changed or went; raises ValueError for a token to forget."""
        answer = davstore.sync(self.visit.owner, old_token)
        return answer.token, answer.hrefs

    def get_all(self) -> Iterator[Any]:
        """All cards."""
        views = davstore.listing(self.visit.owner)
        if here.get().wants_texts:
            views = list(davstore.some(self.visit.owner, [view.href for view in views]).values())
        return (self._item(view) for view in views)

    def get_multi(self, hrefs: Iterable[str]) -> Iterator[tuple[str, Any]]:
        """The named cards, None for those that are not there."""
        wanted = list(hrefs)
        found = davstore.some(self.visit.owner, wanted, texts=here.get().wants_texts)
        return ((href, self._item(found[href]) if href in found else None) for href in wanted)

    def get_filtered(self, filters: Any) -> Iterator[tuple[Any, bool]]:
        """All cards; Radicale tests the filters."""
        return ((item, not filters) for item in self.get_all())

    def delete(self, href: str | None = None) -> None:
        """Put the person behind a card into the trash; the book itself stays."""
        if href is not None:
            davcards.remove(self.visit.owner, self.visit.device, href)

    def get_meta(self, key: str | None = None) -> Any:
        """The book's properties."""
        return PROPERTIES if key is None else PROPERTIES.get(key)

    def _item(self, view: ServedView) -> Card:
        return Card(
            collection=self,
            href=view.href,
            last_modified=_moment(view.changed),
            text=view.text,
            etag=f'"{view.etag}"',
            name="VCARD",
            component_name="VCARD",
            time_range=(0, 0),
        )


class Card(Item):  # type: ignore[misc]
    """A card; for searches it is read by vobject, or as a card with a name alone where that fails."""

    @property
    def vobject_item(self) -> Any:
        """The card as Radicale's filters read it."""
        import vobject

        try:
            return vobject.readOne(self._text)
        except Exception:  # vobject raises whatever its helpers raise
            card = vobject.vCard()
            names = [line[3:] for line in str(self._text).split("\r\n") if line[:3].upper() == "FN:"]
            card.add("fn").value = names[0] if names else ""
            return card


def _moment(changed: int) -> str:
    return format_datetime(dt.datetime.fromtimestamp(changed // 1000, dt.UTC), usegmt=True)

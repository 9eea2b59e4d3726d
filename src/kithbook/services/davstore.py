"""The address book that devices read: which cards there are, what each says, and what changed since a token.

A served card remembers two digests: of its bytes (the ETag) and of the rows it was made from. When the owner's
revision moved, the rows are compared first, and only cards whose rows changed are written anew.
"""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from kithbook.core.errors import NotFound
from kithbook.core.ids import to_text
from kithbook.core.servedcards import digest
from kithbook.services import clock
from kithbook.services.vcards import card_texts
from kithbook.store.models import Owner, Person, ServedCard
from kithbook.store.servedrows import rows_behind_cards, update_served

CHUNK = 500
KEPT_DAYS = 180
"""So long a removed card is remembered; a device that was away longer reads everything anew."""
NAMESPACE = "urn:kithbook:sync"


_seen: dict[int, int] = {}  # the revision of each owner that this process has compared last
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class ServedView:
    """A card as devices get it; `etag` is the digest of its bytes, `changed` a time in milliseconds that only grows."""

    href: str
    etag: str
    changed: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class SyncAnswer:
    """The token to come back with, and the cards that changed or went since the last one."""

    token: str
    hrefs: list[str]


class TokenRefused(ValueError):
    """The token is of another book, of a time that is not remembered, or none: everything has to be read anew."""


def listing(owner: Owner) -> list[ServedView]:
    """All cards without their texts."""
    refresh(owner)
    rows = ServedCard.objects.of(owner).filter(is_gone=False).order_by("pk")
    return [ServedView(row.href, etag_of(row), row.changed) for row in rows]


def state(owner: Owner) -> int:
    """A number that grows with every change to any card."""
    refresh(owner)
    return _latest(owner)


def some(owner: Owner, hrefs: Iterable[str], *, texts: bool = True) -> dict[str, ServedView]:
    """The named cards that are there; `texts` says whether what they say is wanted."""
    wanted = list(dict.fromkeys(hrefs))
    found: dict[str, ServedView] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = ServedCard.objects.of(owner).filter(
            href__in=wanted[start : start + CHUNK], is_gone=False, person__standing="kept"
        )
        by_person = {row.person_id: row for row in rows}
        written = card_texts(owner, list(by_person)) if texts else {}
        for person, row in by_person.items():
            text = written.get(person, "")
            found[row.href] = ServedView(row.href, digest(text) if text else etag_of(row), row.changed, text)
    return found


def sync(owner: Owner, token: str = "") -> SyncAnswer:
    """What changed since the token, or everything without one; raises TokenRefused."""
    refresh(owner)
    latest = _latest(owner)
    rows = ServedCard.objects.of(owner).order_by("pk")
    if token:
        rows = rows.filter(changed__gt=_since(owner, token, latest))
    else:
        rows = rows.filter(is_gone=False)
    return SyncAnswer(f"{_book(owner)}:{latest}", list(rows.values_list("href", flat=True)))


def _book(owner: Owner) -> str:
    return f"{NAMESPACE}:{hashlib.blake2b(str(owner.pk).encode(), digest_size=8).hexdigest()}"


def _since(owner: Owner, token: str, latest: int) -> int:
    book, _, number = token.rpartition(":")
    if book != _book(owner) or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise TokenRefused("This sync-token is none of this address book.")
    since = int(number)
    # Of cards that went long ago only the last is remembered: before it nobody knows any more what went.
    if since > latest or since < _forgotten(owner):
        raise TokenRefused("This sync-token is of a time that is not remembered.")
    return since


def _old(owner: Owner) -> Any:
    limit = int(clock.now().timestamp() * 1000) - KEPT_DAYS * 86_400_000
    return ServedCard.objects.of(owner).filter(is_gone=True, changed__lt=limit)


def _forgotten(owner: Owner) -> int:
    return int(_old(owner).aggregate(last=Max("changed"))["last"] or 0)


def _latest(owner: Owner) -> int:
    return int(ServedCard.objects.of(owner).aggregate(last=Max("changed"))["last"] or 0)


def next_change(owner: Owner) -> int:
    """The number of a change made now: the time in milliseconds, later than any before."""
    return max(_latest(owner) + 1, int(clock.now().timestamp() * 1000))


def etag_of(row: ServedCard) -> str:
    """The digest of the card's bytes."""
    return row.etag.partition("-")[0]


def row_of(owner: Owner, href: str) -> ServedCard | None:
    """The served card of this name, gone ones included."""
    found: ServedCard | None = ServedCard.objects.of(owner).filter(href=href).first()
    return found


def stamp(owner: Owner, row: ServedCard, text: str) -> None:
    """Note what the card says now, as one change; the rows are compared at the next look."""
    row.etag, row.is_gone, row.changed = digest(text) if text else "", not text, next_change(owner)
    row.save()


# -- Keeping in step ----------------------------------------------------------------------------------------------


def refresh(owner: Owner) -> None:
    """Bring the served cards in step with the people, if anything of this owner's was written since."""
    revision = Owner.objects.values_list("revision", flat=True).get(pk=owner.pk)
    if _seen.get(owner.pk) == revision and not transaction.get_connection().in_atomic_block:
        return
    with _lock:  # one thread compares, the others wait for what it finds
        changes = _Changes(owner)
        with transaction.atomic():
            changes.write()
        _seen[owner.pk] = revision


class _Changes:
    """What has to be written so that the served cards are those of the people."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.prints = _fingerprints(owner)
        self.new: list[ServedCard] = []
        self.old: list[ServedCard] = []
        rows: dict[int | None, list[ServedCard]] = defaultdict(list)
        names = set()
        for row in ServedCard.objects.of(owner).order_by("pk"):
            rows[row.person_id].append(row)
            names.add(row.href)
        self.change = next_change(owner)
        self._leave(rows)
        stale = {}
        for person, mark in self.prints.items():
            served = _one_of(rows.get(person, ()))
            if served is None or served.is_gone or served.etag.partition("-")[2] != mark:
                stale[person] = served or ServedCard(owner=owner, href=_free_name(person, names), person_id=person)
        self._compose(stale)

    def _leave(self, rows: dict[int | None, list[ServedCard]]) -> None:
        """Cards of people who are not kept any more, and all but one of somebody's cards, are gone."""
        for person, served in rows.items():
            chosen = _one_of(served) if person in self.prints else None
            for row in served:
                if row is not chosen and not row.is_gone:
                    row.is_gone, row.etag, row.changed = True, "", self.change
                    self.old.append(row)

    def _compose(self, stale: dict[int, ServedCard]) -> None:
        ids = list(stale)
        for start in range(0, len(ids), CHUNK):
            for person, text in card_texts(self.owner, ids[start : start + CHUNK]).items():
                row, etag = stale[person], digest(text)
                if row.is_gone or etag_of(row) != etag:
                    row.changed = self.change
                self.new.append(row) if row._state.adding else self.old.append(row)
                row.etag, row.is_gone = f"{etag}-{self.prints[person]}", False

    def write(self) -> None:
        """Write it, and forget cards that went long ago."""
        ServedCard.objects.bulk_create(self.new, batch_size=CHUNK, ignore_conflicts=True)
        update_served(self.old)
        last = _forgotten(self.owner)
        if last:
            _old(self.owner).filter(changed__lt=last).delete()


def _one_of(rows: Sequence[ServedCard]) -> ServedCard | None:
    """Of several cards of one person, as a merge leaves them: the one still served, else the last."""
    return min(rows, key=lambda row: (row.is_gone, -row.changed, row.pk), default=None)


def _free_name(person: int, names: set[str]) -> str:
    name = f"{to_text(person)}.vcf"
    while name in names:
        name = f"{name.removesuffix('.vcf')}-.vcf"
    names.add(name)
    return name


def _fingerprints(owner: Owner) -> dict[int, str]:
    """A digest of the rows behind each kept person's card."""
    marks: dict[int, Any] = {}
    for person, values in rows_behind_cards(owner.pk):
        if values[0] == "person":
            marks[person] = hashlib.blake2b(digest_size=8)
        if person in marks:
            marks[person].update(repr(values).encode("utf-8", "replace"))
    return {person: mark.hexdigest() for person, mark in marks.items()}


# -- Texts --------------------------------------------------------------------------------------------------------


def person_named(owner: Owner, href: str) -> Person:
    """The kept person whose card has this name; raises NotFound."""
    row = row_of(owner, href)
    key = row.person_id if row and not row.is_gone else None
    person: Person | None = Person.objects.of(owner).known().filter(pk=key).first() if key else None
    if person is None:
        raise NotFound("There is no such card.", "Read the address book again.")
    return person

"""Cards that devices send: a change to somebody, somebody new, somebody taken away. Each is one act to take back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from kithbook.core.cardfields import card_from_lines
from kithbook.core.cards import read_properties, write_card
from kithbook.core.errors import Invalid, Refused
from kithbook.core.ids import from_text, is_id
from kithbook.core.names import fold_name
from kithbook.core.records import Card
from kithbook.core.servedcards import digest, exact_lines, modern, united
from kithbook.services import clock, davstore, vcards
from kithbook.services.cardchanges import CardChanges
from kithbook.services.carding import STRENGTH
from kithbook.services.editing import make_person
from kithbook.services.owners import address_keys, touch_revision
from kithbook.services.recording import start_batch
from kithbook.store.models import Batch, CardCopy, Identity, Owner, Person, ServedCard
from kithbook.store.servedrows import SOURCE

MAX_CARD = 4 << 20
"""A card of more bytes is refused."""
LONGEST_HREF = 255
KIND = "device"


@dataclass(frozen=True, slots=True)
class PutAnswer:
    """What became of a card: "created", "changed", "stale" (it is another one by now) or "taken" (its UID is in use).

    `etag` is set where the card was kept byte for byte; without it the device has to read the card again. `href` is
    the card that has the UID.
    """

    outcome: str
    etag: str = ""
    href: str = ""


@transaction.atomic
def put(owner: Owner, device: str, href: str, body: bytes, *, if_match: str = "", only_new: bool = False) -> PutAnswer:
    """Take a card from a device. Raises Invalid for what is no card, Refused for one of no person."""
    Owner.objects.select_for_update().get(pk=owner.pk)  # one write at a time, also on PostgreSQL
    lines, card = _read(owner, href, body)
    row = davstore.row_of(owner, href)
    person = _kept(owner, row)
    if person:
        served = vcards.card_lines(owner, [person.pk])[person.pk]
        if only_new or not _matches(if_match, digest(write_card(served))):
            return PutAnswer("stale")
        if _text(lines) == _text(served):
            return _answer(owner, person, body, "changed")
        _change(owner, device, person, served, lines)
        _stamp(owner, row, person)
        return _answer(owner, person, body, "changed")
    if if_match:
        return PutAnswer("stale")
    known, is_same = _recognise(owner, card)
    if known and is_same and known.standing == "kept":
        other = ServedCard.objects.of(owner).filter(person=known, is_gone=False).first()
        if other:
            return PutAnswer("taken", href=other.href)
    person = _add_to(owner, device, known, lines, card) if known else _add(owner, device, lines, card)
    _serve(owner, href, row, person)
    return _answer(owner, person, body, "created")


@transaction.atomic
def remove(owner: Owner, device: str, href: str) -> None:
    """Put the person behind a card into the trash, as one act to take back; raises NotFound."""
    row, person = davstore.row_of(owner, href), davstore.person_named(owner, href)
    changes = _begin(owner, device, person, person.name)
    changes.set(standing="trashed", trashed_at=clock.now())
    changes.save()
    if row:
        davstore.stamp(owner, row, "")
    touch_revision(owner)


def _read(owner: Owner, href: str, body: bytes) -> tuple[list[str], Card]:
    if len(href) > LONGEST_HREF:
        raise Invalid("The name of the card is too long.", "Names have 255 characters at most.")
    if len(body) > MAX_CARD:
        raise Invalid(f"The card is larger than {MAX_CARD >> 20} MB.", "Choose a smaller photo.")
    lines = exact_lines(body)
    if not lines:
        raise Invalid("This is no vCard.", "A card begins with BEGIN:VCARD and ends with END:VCARD.")
    card = card_from_lines(modern(lines))
    if card.is_group:
        raise Refused("Kithbook keeps people, not groups of cards.", "Use categories; they become tags.")
    if card.hidden:
        raise Refused("There is nobody in this card.", "Give a name, an e-mail or a phone number.")
    mine = address_keys(owner)
    if any(handle.kind == "email" and handle.key in mine for handle in card.handles):
        raise Refused("This is your own card.", "Kithbook keeps the people you know.")
    return lines, card


def _kept(owner: Owner, row: ServedCard | None) -> Person | None:
    if row is None or row.is_gone or row.person_id is None:
        return None
    found: Person | None = Person.objects.of(owner).known().filter(pk=row.person_id).first()
    return found


def _matches(if_match: str, etag: str) -> bool:
    return not if_match or any(part.strip() in ("*", f'"{etag}"') for part in if_match.split(","))


def _text(lines: Sequence[str]) -> str:
    return write_card(lines)


def _answer(owner: Owner, person: Person, body: bytes, outcome: str) -> PutAnswer:
    text = vcards.card_texts(owner, [person.pk])[person.pk]
    return PutAnswer(outcome, digest(text) if text.encode() == body else "")


def _begin(owner: Owner, device: str, person: Person, name: str, batch: Batch | None = None) -> CardChanges:
    return CardChanges(owner, batch or start_batch(owner, KIND, f"{name}, {device}"), person)


def _stamp(owner: Owner, row: ServedCard | None, person: Person) -> None:
    if row:
        davstore.stamp(owner, row, vcards.card_texts(owner, [person.pk])[person.pk])
    touch_revision(owner)


def _serve(owner: Owner, href: str, row: ServedCard | None, person: Person) -> None:
    """The card of this person has this name from now on; under another name it is gone."""
    for other in ServedCard.objects.of(owner).filter(person=person, is_gone=False).exclude(href=href):
        davstore.stamp(owner, other, "")
    row = row or ServedCard(owner=owner, href=href)
    row.person = person
    _stamp(owner, row, person)


def _change(owner: Owner, device: str, person: Person, served: list[str], lines: list[str]) -> None:
    old, new = card_from_lines(modern(served)), card_from_lines(modern(lines))
    changes = _begin(owner, device, person, person.name)
    changes.apply(old, new)
    changes.leave_urls(_urls(served) - _urls(lines))
    changes.keep_lines(lines, new.key)
    changes.save()


def _urls(lines: Sequence[str]) -> set[str]:
    return {found.text().strip() for found in read_properties(lines) if found.name == "URL"}


def _add(owner: Owner, device: str, lines: list[str], card: Card) -> Person:
    """Somebody new."""
    name = card.name or next((handle.value for handle in card.handles if handle.kind != "uid"), "No name")
    batch = start_batch(owner, KIND, f"{name}, {device}")
    batch.report = {"people_added": 1}
    batch.save(update_fields=["report"])
    person = make_person(owner, name, batch)
    changes = _begin(owner, device, person, name, batch)
    if card.name:
        changes.rename(card)
    changes.set(nicknames=list(card.nicknames), note=card.note, place=card.place[:200])
    _describe(changes, lines, card)
    changes.save(by_hand=False)
    return person


def _add_to(owner: Owner, device: str, person: Person, lines: list[str], card: Card) -> Person:
    """A new card of somebody known: they are kept, and what was not known is added; nothing is written over."""
    changes = _begin(owner, device, person, person.name)
    changes.set(standing="kept", trashed_at=None)
    if card.name and "@" in person.name:
        changes.rename(card)
    if card.nicknames and not person.nicknames:
        changes.set(nicknames=list(card.nicknames))
    if card.place and not person.place:
        changes.set(place=card.place[:200])
    if card.note and card.note not in person.note:
        changes.set(note="\n\n".join(filter(None, (person.note, card.note))))
    copies = CardCopy.objects.of(owner).filter(person=person, source=SOURCE).order_by("pk")
    before: list[str] = next((copy.lines for copy in copies if copy.lines), [])
    _describe(changes, united(lines, before), card)
    changes.save(by_hand=False)
    return person


def _describe(changes: CardChanges, lines: list[str], card: Card) -> None:
    changes.add_handles(card.handles)
    changes.add_jobs((job.organisation[:300], job.role[:300]) for job in card.jobs)
    changes.add_dates(card)
    changes.add_tags(card.tags)
    changes.keep_lines(lines, card.key)


def _recognise(owner: Owner, card: Card) -> tuple[Person | None, bool]:
    """Whom a new card describes, and whether its UID says so. Names alone never do.

    A phone number alone is not enough for somebody of quite another name: families share one.
    """
    for handle in sorted(card.handles, key=lambda handle: STRENGTH.get(handle.kind, 9)):
        person = _own_uid(owner, handle.value) if handle.kind == "uid" else None
        row = Identity.objects.of(owner).filter(kind=handle.kind, key=handle.key[:500]).select_related("person").first()
        person = person or (row.person if row else None)
        if person and (handle.kind != "phone" or _may_be(person.name, card.name)):
            return person, handle.kind == "uid"
    return None, False


def _own_uid(owner: Owner, uid: str) -> Person | None:
    """The person to whose card Kithbook itself gave this UID."""
    key = uid.removeprefix("kithbook-")
    if key == uid or not is_id(key) or from_text(key) >> 62:
        return None
    found: Person | None = Person.objects.of(owner).filter(pk=from_text(key)).first()
    return found


def _may_be(first: str, second: str) -> bool:
    words = set(fold_name(first).split())
    return not second or "@" in first or bool(words & set(fold_name(second).split()))

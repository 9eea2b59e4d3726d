"""Cards that were changed here and on the server in different ways: both versions side by side, and the decision."""

from __future__ import annotations

from typing import Any

from kithbook.core.cardmerge import CardFacts, Delta, facts_of_card, facts_of_plain, patch
from kithbook.core.errors import Invalid, NotFound
from kithbook.core.ids import from_text, to_text
from kithbook.core.servedcards import parsed, replaced
from kithbook.services.accountviews import ConflictField, ConflictView
from kithbook.services.cardsyncfacts import facts_of_people
from kithbook.services.owners import touch_revision
from kithbook.services.views import Note
from kithbook.sources.davcards import raw_lines
from kithbook.store.erase import erase
from kithbook.store.models import Account, Owner, Person, SyncItem

WORDS = {
    "name": "Name", "note": "Note", "birthday": "Birthday", "organisation": "Organisation", "role": "Role",
    "place": "Place",
}  # fmt: skip
BOTH = "Changed here and on the server in different ways."
DELETED_THERE = "Changed here, deleted on the server."
TRASHED_HERE = "In the trash here, changed on the server."


def waiting(owner: Owner, account: Account) -> list[ConflictView]:
    """The cards of an address book that wait for the owner, with what both sides say."""
    rows = SyncItem.objects.of(owner).filter(account=account, state="conflict", person__isnull=False)
    items = list(rows.select_related("person").order_by("person__folded_name", "pk"))
    mine = facts_of_people(owner, {item.person_id: _work(item) for item in items})
    return [
        _view(item, item.person, mine[item.person.pk])
        for item in items
        if item.person is not None and item.person.pk in mine
    ]


def _work(item: SyncItem) -> tuple[str, str]:
    texts = item.theirs.get("mine", {}).get("texts", {})
    return texts.get("organisation", ""), texts.get("role", "")


def _view(item: SyncItem, person: Person, mine: CardFacts) -> ConflictView:
    theirs = facts_of_card(raw_lines(item.theirs.get("text", "")))
    what = DELETED_THERE if item.theirs.get("gone") else TRASHED_HERE if item.theirs.get("trashed") else BOTH
    names = [name for name in item.theirs.get("fields", []) if name in WORDS]
    return ConflictView(
        id=to_text(item.pk),
        name=person.name,
        person=to_text(person.pk),
        what=what,
        fields=[ConflictField(WORDS[name], mine.text(name), theirs.text(name)) for name in names],
    )


def resolve(owner: Owner, account: Account, card: str, keep: str) -> Note:
    """Make one version the one that counts; the next look carries it out. Raises Invalid, NotFound."""
    if keep not in ("mine", "theirs"):
        raise Invalid("Which version is to stay is not clear.", "Say “mine” or “theirs”.")
    rows = SyncItem.objects.of(owner).filter(account=account, state="conflict").select_related("person")
    item = rows.filter(pk=from_text(card)).first()
    if item is None or item.person is None:
        raise NotFound("This card waits for no decision.", "See the account for those that do.")
    person: Person = item.person
    if item.theirs.get("gone"):
        return _deleted_there(owner, item, person, keep)
    if item.theirs.get("trashed"):
        return _trashed_here(owner, item, person, keep)
    mine = facts_of_people(owner, {person.pk: _work(item)})[person.pk]
    fields = [name for name in item.theirs.get("fields", []) if name in WORDS]
    if keep == "mine":
        # As if the card had always said what it says now: then only this side has changed.
        now = raw_lines(item.theirs.get("text", ""))
        theirs = facts_of_card(now)
        texts = {name: theirs.text(name) for name in fields if name != "place"}
        item.lines = patch(item.lines, Delta(texts), "", texts.get("name", ""))
        if "place" in fields:  # an address with a street is no text that could be patched
            addresses = [line for line, found in parsed(now) if found and found.name == "ADR"]
            item.lines = replaced(item.lines, ("ADR",), addresses)
    else:
        kept = facts_of_plain(item.theirs.get("mine", {}))
        base = CardFacts({**kept.texts, **{name: mine.text(name) for name in fields}}, kept.lists)
        item.theirs = {**item.theirs, "mine": base.plain()}
    _settle(item)
    whose = "Yours stays" if keep == "mine" else "That of the server is taken over"
    return Note(f"{person.name}: {whose} at the next look.")


def _deleted_there(owner: Owner, item: SyncItem, person: Person, keep: str) -> Note:
    if keep == "theirs":
        erase(SyncItem, owner.pk, [item.pk])
        return Note(f"{person.name} stays here, without a card on the server.")
    item.etag, item.lines, item.theirs = "", [], {}
    _settle(item)
    return Note(f"{person.name} gets a card on the server again at the next look.")


def _trashed_here(owner: Owner, item: SyncItem, person: Person, keep: str) -> Note:
    if keep == "theirs":
        Person.objects.of(owner).filter(pk=person.pk).update(standing="kept", trashed_at=None)
        touch_revision(owner)
        _settle(item)
        return Note(f"{person.name} is out of the trash; the card is read at the next look.")
    told: dict[str, Any] = item.theirs
    item.lines, item.etag = raw_lines(told.get("text", "")), told.get("etag", "")
    item.theirs = {"mine": told.get("mine", {})}
    _settle(item)
    return Note(f"The card of {person.name} is deleted on the server at the next look.")


def _settle(item: SyncItem) -> None:
    item.state = "same"
    item.save(update_fields=["lines", "etag", "theirs", "state"])

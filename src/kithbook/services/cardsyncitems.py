"""Both sides of an address book, loaded and compared with what they agreed on last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kithbook.core.cardmerge import CardFacts, facts_of_card, facts_of_plain
from kithbook.core.syncplan import CHANGED, GONE, NEVER, SAME
from kithbook.services.cardsyncfacts import Work, facts_of_people
from kithbook.sources.dav import Item
from kithbook.sources.davcards import kept_lines, raw_lines
from kithbook.store.models import Account, Owner, Person, SyncItem

LINKED = "linked"


@dataclass(slots=True)
class Known:
    """A card that belongs to somebody: what became of it here (`mine`) and there (`theirs`).

    `base_facts` is what the card said when both agreed, `card_facts` what it says now, `facts` what is known here.
    """

    item: SyncItem
    person: Person | None
    mine: str
    theirs: str
    facts: CardFacts | None
    base_facts: CardFacts
    card_facts: CardFacts
    text: str = ""
    etag: str = ""
    lines: list[str] = field(default_factory=list)

    def pulled(self) -> None:
        """What the card says now is what both agree on."""
        self.base_facts = self.card_facts


@dataclass(slots=True)
class Book:
    """Everything that is compared in one pass."""

    known: list[Known]
    new: list[Item]
    token: str


def remember(
    item: SyncItem, *, lines: list[str] | None = None, etag: str | None = None, mine: dict[str, Any] | None = None
) -> None:
    """Both sides agree on this now; a conflict there was is over."""
    if lines is not None:
        item.lines = lines
    if etag is not None:
        item.etag = etag[:300]
    item.theirs = {"mine": mine if mine is not None else item.theirs.get("mine", {})}
    item.state = "same"
    item.save(update_fields=["lines", "etag", "theirs", "state"])


def load(dav: Any, url: str, token: str, owner: Owner, account: Account, beat: Callable[[], Any]) -> Book:
    """Ask the server what changed, fetch that, and compare both sides with what they agreed on."""
    changes = dav.changes(url, token)
    etags = {change.href: change.etag for change in changes.changed}
    items = list(SyncItem.objects.of(owner).filter(account=account).select_related("person").order_by("pk"))
    theirs = {item.pk: _their_side(item, etags, set(changes.gone), changes.whole) for item in items}
    known_hrefs = {item.href for item in items}
    linked = [item for item in items if item.person_id is not None]
    wanted = [item.href for item in linked if theirs[item.pk] == CHANGED and item.href in etags]
    wanted += [href for href in etags if href not in known_hrefs]
    texts: dict[str, Item] = {}
    for one in dav.fetch(url, wanted):
        texts[one.href] = one
        beat()
    works = {item.person_id: _known_work(item) for item in linked}
    facts = facts_of_people(owner, works)
    known = [_known(item, theirs[item.pk], facts.get(item.person_id or 0), texts, etags) for item in linked]
    new = [texts[href] for href in etags if href not in known_hrefs and href in texts]
    # What was listed and not given is asked for again: the old token stays.
    is_whole = all(href in texts for href in wanted)
    return Book([one for one in known if one is not None], new, changes.token if is_whole else token)


def _their_side(item: SyncItem, etags: dict[str, str], gone: set[str], whole: bool) -> str:
    if item.href in etags:
        return SAME if item.etag and etags[item.href] == item.etag else CHANGED
    if not item.etag and not item.lines:
        return NEVER
    if item.theirs.get("gone") or item.href in gone or whole:
        return GONE
    return CHANGED if item.theirs.get("text") else SAME


def _known_work(item: SyncItem) -> Work:
    texts = item.theirs.get("mine", {}).get("texts", {})
    if texts:
        return texts.get("organisation", ""), texts.get("role", "")
    facts = facts_of_card(item.lines)
    return facts.text("organisation"), facts.text("role")


def _known(
    item: SyncItem, theirs: str, facts: CardFacts | None, texts: dict[str, Item], etags: dict[str, str]
) -> Known | None:
    """None for a card that was listed and could not be fetched: it is looked at in the next pass."""
    base = facts_of_card(item.lines)
    text, etag = item.theirs.get("text", ""), item.theirs.get("etag", "")
    if theirs == CHANGED and item.href in etags:
        if item.href not in texts:
            return None
        text, etag = texts[item.href].text, texts[item.href].etag or etags[item.href]
    lines = kept_lines(raw_lines(text)) if text else list(item.lines)
    now = facts_of_card(lines) if text else base
    person = item.person
    if person is not None and person.standing == "trashed":
        mine = GONE
    elif not item.etag and not item.lines:
        mine = CHANGED
    else:
        mine = SAME if facts == facts_of_plain(item.theirs.get("mine", {})) else CHANGED
    return Known(item, person, mine, theirs, facts, base, now, text, etag or item.etag, lines)

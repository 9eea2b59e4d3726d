"""Both sides of an address book, loaded and compared with what they agreed on last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kithbook.core.cardmerge import CardFacts, facts_of_card, facts_of_plain
from kithbook.core.syncplan import CHANGED, GONE, NEVER, SAME
from kithbook.services.cardsyncfacts import Work, facts_of_people
from kithbook.services.syncingruns import Run
from kithbook.sources.dav import Changes
from kithbook.sources.davcards import CardSpool, kept_lines, raw_lines
from kithbook.store.models import Account, Owner, Person, SyncItem

LINKED = "linked"


@dataclass(slots=True)
class Known:
    """A card that belongs to somebody: what became of it here (`mine`) and there (`theirs`).

    `base` are its lines when both agreed, `lines` those of now; `facts` is what is known here.
    """

    item: SyncItem
    person: Person | None
    mine: str
    theirs: str
    facts: CardFacts | None
    base: list[str]
    lines: list[str]
    etag: str = ""

    @property
    def base_facts(self) -> CardFacts:
        """What the card said when both agreed. Read when needed: most cards have not changed."""
        return facts_of_card(self.base)

    @property
    def card_facts(self) -> CardFacts:
        """What the card says now."""
        return facts_of_card(self.lines)

    def pulled(self) -> None:
        """What the card says now is what both agree on."""
        self.base = self.lines


@dataclass(slots=True)
class Book:
    """Everything that is compared in one pass; `new` are cards that were never seen."""

    known: list[Known]
    new: list[str]
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
    # Not `save`: whoever was erased meanwhile stays erased.
    SyncItem.objects.of(item.owner_id).filter(pk=item.pk).update(
        lines=item.lines, etag=item.etag, theirs=item.theirs, state=item.state
    )


@dataclass(frozen=True, slots=True)
class There:
    """What a server told: what changed since `token`, and the texts of what was `wanted` of it."""

    changes: Changes
    wanted: list[str]
    texts: CardSpool
    token: str

    @property
    def etags(self) -> dict[str, str]:
        """What is there or changed, by name."""
        return {change.href: change.etag for change in self.changes.changed}


def ask(dav: Any, url: str, token: str, spool: CardSpool, run: Run) -> There:
    """Ask the server what changed, and fetch what is new or linked to somebody into the spool."""
    there = There(dav.changes(url, token), [], spool, token)
    etags = there.etags
    items = list(SyncItem.objects.of(run.owner).filter(account=run.account).order_by("pk"))
    theirs = {item.href: _their_side(item, etags, set(), whole=False) for item in items}
    loose = {item.href for item in items if item.person_id is None}
    there.wanted.extend(href for href in etags if href not in loose and theirs.get(href, CHANGED) == CHANGED)
    for one in dav.fetch(url, there.wanted):
        spool.add(one)
        run.beat()
    return there


def compare(there: There, owner: Owner, account: Account) -> Book:
    """Both sides now against what they agreed on; inside the transaction that acts upon it."""
    etags, texts, changes = there.etags, there.texts, there.changes
    items = list(SyncItem.objects.of(owner).filter(account=account).select_related("person").order_by("pk"))
    gone, linked = set(changes.gone), [item for item in items if item.person_id is not None]
    theirs = {item.pk: _their_side(item, etags, gone, changes.whole) for item in linked}
    facts = facts_of_people(owner, {item.person_id: _known_work(item) for item in linked})
    known = [_known(item, theirs[item.pk], facts.get(item.person_id or 0), texts, etags) for item in linked]
    known_hrefs = {item.href for item in items}
    new = [href for href in etags if href not in known_hrefs and href in texts]
    # What was listed and not given is asked for again: the old token stays.
    is_whole = all(known) and all(href in texts for href in there.wanted)
    return Book([one for one in known if one is not None], new, changes.token if is_whole else there.token)


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
    item: SyncItem, theirs: str, facts: CardFacts | None, texts: CardSpool, etags: dict[str, str]
) -> Known | None:
    """None for a card that was listed and could not be fetched: it is looked at in the next pass."""
    text, etag = item.theirs.get("text", ""), item.theirs.get("etag", "")
    if theirs == CHANGED and item.href in etags:
        if item.href not in texts:
            return None
        one = texts.get(item.href)
        text, etag = one.text, one.etag or etags[item.href]
    lines = kept_lines(raw_lines(text)) if text else list(item.lines)
    person = item.person
    if person is not None and person.standing == "trashed":
        mine = GONE
    elif not item.etag and not item.lines:
        mine = CHANGED
    else:
        mine = SAME if facts == facts_of_plain(item.theirs.get("mine", {}), facts) else CHANGED
    return Known(item, person, mine, theirs, facts, list(item.lines), lines, etag or item.etag)

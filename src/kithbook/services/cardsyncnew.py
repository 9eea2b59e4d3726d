"""Cards that were never seen on a server: an import that can be taken back, and a link to whom each describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kithbook.core.records import Card
from kithbook.services.cardsyncfacts import NOTHING_KNOWN, facts_of_people
from kithbook.services.cardsyncitems import LINKED
from kithbook.services.keepout import LEFT, KeptOut
from kithbook.services.syncingruns import Run, bring
from kithbook.sources.davcards import CardSource, CardSpool, card_of, kept_lines, raw_lines
from kithbook.store.models import CardCopy, Identity, SyncItem


def bring_new(run: Run, spool: CardSpool, hrefs: Sequence[str]) -> None:
    """Import these cards and link them; those of people who were erased are left alone, without a trace of them."""
    if not hrefs:
        return
    # Of each card only what it says of a person: pictures would fill the memory.
    cards = {href: card_of(spool.get(href).text, href)._replace(lines=()) for href in hrefs}
    erased = _of_erased(run, cards)
    run.count(read=len(hrefs), kept_out=len(erased))
    new = [href for href in hrefs if href not in erased]
    if new:
        bring(run, [CardSource(spool, new, run.account.name)])
        _link(run, spool, {href: cards[href] for href in new})


def _of_erased(run: Run, cards: Mapping[str, Card]) -> set[str]:
    """The cards of people whom the owner erased and did not add again."""
    run.owner.refresh_from_db(fields=["settings"])
    kept_out, left = KeptOut(run.owner), KeptOut(run.account, LEFT)
    erased = {href for href, card in cards.items() if left.has("card", href[:1000]) or kept_out.have(card.handles)}
    keys = [handle.key for href in erased for handle in cards[href].handles]
    back = set(Identity.objects.of(run.owner).filter(key__in=keys).values_list("kind", "key")) if keys else set()
    return {href for href in erased if back.isdisjoint((one.kind, one.key) for one in cards[href].handles)}


def _link(run: Run, spool: CardSpool, cards: Mapping[str, Card]) -> None:
    """Remember what both sides agree on; a second card of somebody, and one of nobody, is known by its name only."""
    owner, account = run.owner, run.account
    keys = [card.key for card in cards.values()]
    copies = CardCopy.objects.of(owner).filter(source="vcard", external_key__in=keys)
    people = dict(copies.values_list("external_key", "person_id"))
    taken = set(SyncItem.objects.of(owner).filter(account=account).values_list("person_id", flat=True))
    described = ((people.get(card.key), card) for card in cards.values())
    facts = facts_of_people(owner, {person: _work_of(card) for person, card in described if person})
    rows = []
    for href, card in cards.items():
        person, one = people.get(card.key), spool.get(href)
        if person and person in taken:
            run.note(f"There are two cards of {card.name}; the first one is kept in step.")
            person = None
        taken.add(person)
        row = SyncItem(owner=owner, account=account, href=href[:1000], etag=one.etag[:300] or "unknown")
        if person:
            row.person_id, row.mine, row.lines = person, LINKED, kept_lines(raw_lines(one.text))
            row.theirs = {"mine": facts[person].plain()}
        rows.append(row)
    SyncItem.objects.bulk_create(rows, batch_size=200)


def _work_of(card: Card) -> tuple[str, str]:
    return (card.jobs[0].organisation, card.jobs[0].role) if card.jobs else NOTHING_KNOWN

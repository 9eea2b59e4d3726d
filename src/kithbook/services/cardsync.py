"""Address books on servers, both ways: what each side changed since both agreed reaches the other, and no more.

A pass decides everything first, stops where one side lost most of its cards, writes what changed here in one
transaction, and then writes to the server card by card, each guarded by its ETag. A card that somebody else changed
in between is decided anew in the next pass.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from typing import Any

from django.db import transaction

from kithbook.core.cardfields import card_from_lines
from kithbook.core.cardmerge import LISTS, Merged, facts_of_plain, merge, patch
from kithbook.core.errors import KithbookError, Refused, Unavailable
from kithbook.core.personnames import split_name
from kithbook.core.syncplan import (
    CHANGED,
    CONFLICT,
    DELETE_HERE,
    DELETE_THERE,
    FORGET,
    GONE,
    SAME,
    decide,
    find_loss,
)
from kithbook.services import clock, owners, vcards
from kithbook.services.cardchanges import CardChanges
from kithbook.services.cardsyncfacts import apply_to_person, facts_of_people, known_by_card_only
from kithbook.services.cardsyncitems import Book, Known, ask, compare, remember
from kithbook.services.cardsyncnew import bring_new
from kithbook.services.sealing import unseal
from kithbook.services.syncingruns import Run
from kithbook.sources.dav import CARDS, Collection, Dav, open_dav
from kithbook.sources.davcards import CardSpool, can_be_written, card_text, kept_lines, raw_lines
from kithbook.store.erase import erase
from kithbook.store.models import Account, Person, SyncItem

PASSES = 3


def look(account: Account) -> tuple[list[Collection], list[str]]:
    """The address books of an account, and the name of the one that is kept in step."""
    with open_dav(account.url, account.user_name, unseal(account.secret), CARDS) as dav:
        there = dav.collections()
    return there, [one.name for one in _chosen(account, there)[:1]]


def read(run: Run) -> bool:
    """Bring both sides into step."""
    account = run.account
    with open_dav(account.url, account.user_name, unseal(account.secret), CARDS) as dav:
        books = _chosen(account, dav.collections())
        if not books:
            raise Unavailable("There is no address book to read there.", "Try the login to see what is there.")
        sync(run, dav, books[0].url)
    return True


def _chosen(account: Account, there: list[Collection]) -> list[Collection]:
    wanted = set(account.settings.get("places", []))
    return [one for one in there if one.name in wanted or one.url in wanted] if wanted else there


def sync(run: Run, dav: Any, url: str) -> None:
    """Passes over one address book until nothing was changed under our hands; `dav` is a `Dav` or behaves like one."""
    for number in range(PASSES):
        one = _Pass(run, dav, url)
        token = one.run()
        if not one.again:
            with transaction.atomic():
                run.hold()
                run.save_cursor({"book": url, "token": token})
            break
        if number == PASSES - 1:
            names = ", ".join(sorted(one.again)[:5])
            run.note(f"The server does not take these cards at present, it is tried again: {names}.")
    waiting = SyncItem.objects.of(run.owner).filter(account=run.account, state="conflict").count()
    run.counts["conflicts"] = waiting


class _Pass:
    """One comparison of both sides and what follows from it."""

    def __init__(self, run: Run, dav: Dav, url: str) -> None:
        self.run_row, self.dav, self.url = run, dav, url
        self.owner, self.account = run.owner, run.account
        self.writes = run.account.writes
        self.again: set[str] = set()

    def run(self) -> str:
        """Everything in its order; returns the token from which the next look goes on."""
        cursor = self.account.cursor
        token = cursor.get("token", "") if cursor.get("book") == self.url else ""
        with closing(CardSpool()) as spool:
            there = ask(self.dav, self.url, token, spool, self.run_row)
            with self.run_row.writing():
                book = compare(there, self.owner, self.account)
                actions = {known.item.pk: decide(known.mine, known.theirs, writes=self.writes) for known in book.known}
                self._stop_at_a_loss(book)
                self._forget_permission()
                changed = sum(self._act_here(known, actions[known.item.pk]) for known in book.known)
                self.run_row.keep_image()
                bring_new(self.run_row, spool, book.new)
                self._forget_loose()
                if changed:
                    self.run_row.count(changed=changed)
                    owners.touch_revision(self.owner)
        if self.writes:
            self._act_there(book, actions)
        return book.token

    # -- Deciding -----------------------------------------------------------------------------------------------

    def _stop_at_a_loss(self, book: Book) -> None:
        """Raise Refused before anything is written where one side lost everything or most of it."""
        if self.account.settings.get("loss_is_meant"):
            return
        gone: Counter[str] = Counter()
        for known in book.known:
            if known.theirs == GONE and known.mine != GONE and known.item.state != "conflict":
                gone[DELETE_HERE] += 1
            elif known.mine == GONE and known.theirs != GONE and self.writes:
                gone[DELETE_THERE] += 1
        loss = find_loss(gone, len(book.known))
        if loss:
            where = "on the server" if loss.side == "there" else "here"
            what = f"{loss.gone} of {loss.known} cards are" if loss.known > 1 else "The only card is"
            raise Refused(
                f"{what} gone {where}, so nothing was changed.",
                "If that is right, let it through on the page of the account, or with"
                " `kith op accounts let-loss-through`.",
            )

    def _forget_permission(self) -> None:
        """A loss is let through once."""
        self.account.refresh_from_db(fields=["settings"])
        if self.account.settings.pop("loss_is_meant", None):
            self.account.save(update_fields=["settings"])

    def _forget_loose(self) -> None:
        """Of a card whose person was taken back or is in step with another card only the name is kept."""
        loose = SyncItem.objects.of(self.owner).filter(account=self.account, person=None)
        loose.exclude(lines=[]).update(lines=[], theirs={}, state="same")

    # -- Here ---------------------------------------------------------------------------------------------------

    def _act_here(self, known: Known, action: str) -> bool:
        """What an action means for our tables; returns whether a person was changed."""
        item = known.item
        if action == FORGET:
            erase(SyncItem, self.owner.pk, [item.pk])
        elif action == DELETE_HERE:
            self._let_go(known)
        elif action == CONFLICT and not self.writes:
            # The server is only read: what is gone there is let go, what is in the trash here stays there.
            if known.theirs == GONE:
                self._let_go(known)
            else:
                remember(item, lines=known.lines, etag=known.etag)
        elif action == CONFLICT:
            self._ask(known, ["card"])
        elif known.theirs == CHANGED and known.mine in (SAME, CHANGED):
            return self._take_in(known)
        return False

    def _take_in(self, known: Known) -> bool:
        """The card changed: merge it into the person, or ask."""
        item, person = known.item, known.person
        if person is None or known.facts is None:
            return False
        my_base = facts_of_plain(item.theirs.get("mine", {}), known.facts)
        merged: Merged = merge(known.base_facts, known.card_facts, my_base, known.facts)
        if merged.conflicts:
            self._ask(known, list(merged.conflicts))
            return False
        if merged.to_mine:
            card = card_from_lines(known.lines, item.href)
            changes = CardChanges(self.owner, self.run_row.act(), person)
            for note in apply_to_person(changes, merged.to_mine, known.facts, card):
                self.run_row.note(note)
            changes.keep()
            now = facts_of_people(self.owner, {person.pk: _work(known.card_facts)})[person.pk]
        else:
            now = known.facts
        known.facts = now
        # What waits to be pushed is what differs from this base.
        pending = merged.to_theirs
        base = {**now.plain()}
        for name in pending.texts:
            base["texts"][name] = my_base.text(name)
        for name in LISTS:
            values = {key: value for key, value in now.list(name).items() if key not in pending.added.get(name, {})}
            lost = {key: my_base.list(name).get(key, key) for key in pending.removed.get(name, ())}
            base["lists"][name] = {**values, **lost}
        remember(item, lines=known.lines, etag=known.etag, mine=base)
        known.pulled()
        return bool(merged.to_mine)

    def _ask(self, known: Known, fields: list[str]) -> None:
        """Keep both versions until the owner decides."""
        item = known.item
        item.state = "conflict"
        item.theirs = {
            "mine": item.theirs.get("mine", {}),
            "fields": fields,
            "gone": known.theirs == GONE,
            "trashed": known.mine == GONE,
            "text": card_text(known.lines) if known.theirs != GONE else "",
            "etag": known.etag,
        }
        item.save(update_fields=["state", "theirs"])

    def _let_go(self, known: Known) -> None:
        """Deleted on the server: who is known by that card only goes to the trash, everybody else stays."""
        person = known.person
        if person is not None and known.mine == SAME and known_by_card_only(self.owner, [person.pk]):
            Person.objects.of(self.owner).filter(pk=person.pk).update(standing="trashed", trashed_at=clock.now())
            owners.touch_revision(self.owner)
            self.run_row.count(trashed=1)
            self.run_row.note(f"The card of {person.name} was deleted on the server; {person.name} is in the trash.")
        elif person is not None:
            self.run_row.note(f"The card of {person.name} was deleted on the server; {person.name} stays here.")
        erase(SyncItem, self.owner.pk, [known.item.pk])

    # -- There --------------------------------------------------------------------------------------------------

    def _act_there(self, book: Book, actions: dict[int, str]) -> None:
        """Write to the server what changed here, one card after the other; what fails is tried in the next pass."""
        for known in book.known:
            item, action = known.item, actions[known.item.pk]
            if action in (FORGET, DELETE_HERE, CONFLICT) or item.state == "conflict" or known.person is None:
                continue
            self.run_row.beat()
            name = known.person.name
            if action == DELETE_THERE:
                self._delete(known, name)
            elif known.mine != GONE and known.facts is not None:
                self._push(known, name)

    def _delete(self, known: Known, name: str) -> None:
        if self.dav.delete(known.item.href, known.etag or known.item.etag):
            erase(SyncItem, self.owner.pk, [known.item.pk])
            self.run_row.count(deleted=1)
            self.run_row.note(f"The card of {name} was deleted on the server, as {name} is in the trash.")
        else:
            self.again.add(name)

    def _push(self, known: Known, name: str) -> None:
        item = known.item
        if not item.etag:
            self._create(known, name)
            return
        my_base, person = facts_of_plain(item.theirs.get("mine", {}), known.facts), known.person
        if person is None or known.facts is None or known.facts == my_base:
            return
        fresh = self.dav.get(item.href)
        if fresh is None or (fresh.etag and fresh.etag != item.etag):
            self.again.add(name)
            return
        lines = raw_lines(fresh.text)
        if not can_be_written(lines):
            self.run_row.note(f"The card of {name} is of an old kind (vCard 2.1) that is only read.")
            return
        base = known.base_facts
        delta = merge(base, base, my_base, known.facts).to_theirs
        if not delta:
            remember(item, mine=known.facts.plain())
            return
        given, family = person.given_name, person.family_name
        if not (given or family):
            given, family = split_name(person.name)
        self._put(known, name, patch(lines, delta, given, family), item.etag)

    def _create(self, known: Known, name: str) -> None:
        """The card of somebody who was put into this address book."""
        if known.person is None:
            return
        self._put(known, name, vcards.card_lines(self.owner, [known.person.pk])[known.person.pk], "")

    def _put(self, known: Known, name: str, lines: list[str], etag: str) -> None:
        if known.facts is None:
            return
        try:
            written, new_etag = self.dav.put(known.item.href, card_text(lines), etag)
        except KithbookError:
            # It may have arrived all the same: the next look compares before it writes anything.
            self.again.add(name)
            raise
        if not written:
            self.again.add(name)
            return
        # Without an ETag in the answer the card counts as changed there, and is compared at the next look.
        remember(known.item, lines=kept_lines(lines), etag=new_etag or "unknown", mine=known.facts.plain())
        self.run_row.count(pushed=1)


def _work(facts: Any) -> tuple[str, str]:
    return facts.text("organisation"), facts.text("role")

"""Both sides of an address book under all kinds of trouble: nothing is lost, nothing comes twice, both sides agree.

The server lives in memory and misbehaves as real ones do: it leaves ETags out, changes them without reason, forgets
sync-tokens, fails before or after it wrote, and is suddenly empty.
"""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kithbook.core.cardmerge import facts_of_card
from kithbook.core.errors import KithbookError, Unavailable
from kithbook.core.ids import to_text
from kithbook.services import accounts, cardsync, editing, privacy, syncingruns
from kithbook.services.cardsyncfacts import facts_of_people
from kithbook.sources.dav import Change, Changes, Item
from kithbook.sources.davcards import card_text, raw_lines
from kithbook.store import erase
from kithbook.store.models import Account, Identity, Owner, Person, SyncItem

URL = "https://dav.example.org/book/"
KINDS = ("note", "email", "place", "tag")
_owners = itertools.count()


class FakeServer:
    """An address book in memory, with the interface of `Dav`."""

    def __init__(self) -> None:
        self.cards: dict[str, tuple[str, str]] = {}
        self.log: list[tuple[str, bool]] = []
        self.versions = itertools.count(1)
        self.trouble = ""
        self.has_tokens = True

    def write(self, href: str, text: str) -> str:
        etag = f'"{next(self.versions)}"'
        self.cards[href] = (text, etag)
        self.log.append((href, True))
        return etag

    def remove(self, href: str) -> None:
        del self.cards[href]
        self.log.append((href, False))

    def changes(self, url: str, token: str) -> Changes:
        if not self.has_tokens:
            return Changes([Change(h, e) for h, (_, e) in self.cards.items()], [], "", whole=True)
        since = int(token) if token and self.trouble != "forgets tokens" else 0
        if not since:
            return Changes([Change(h, e) for h, (_, e) in self.cards.items()], [], str(len(self.log) or ""), whole=True)
        touched = dict.fromkeys(href for href, _ in self.log[since:])
        changed = [Change(href, self.cards[href][1]) for href in touched if href in self.cards]
        return Changes(changed, [href for href in touched if href not in self.cards], str(len(self.log)), whole=False)

    def fetch(self, url: str, hrefs: list[str]) -> list[Item]:
        return [Item(href, self._told(href), self.cards[href][0]) for href in hrefs if href in self.cards]

    def get(self, href: str) -> Item | None:
        return Item(href, self._told(href), self.cards[href][0]) if href in self.cards else None

    def put(self, href: str, text: str, etag: str) -> tuple[bool, str]:
        if self.trouble == "fails before":
            raise Unavailable("The server answered with 500.")
        if (self.cards[href][1] if href in self.cards else "") != etag:
            return False, ""
        new = self.write(href, text)
        if self.trouble == "fails after":
            raise Unavailable("The server answered with 500.")
        return True, "" if self.trouble == "no etags" else new

    def delete(self, href: str, etag: str) -> bool:
        if self.trouble == "fails before":
            raise Unavailable("The server answered with 500.")
        if href in self.cards and self.cards[href][1] != etag:
            return False
        if href in self.cards:
            self.remove(href)
        return True

    def _told(self, href: str) -> str:
        return "" if self.trouble == "no etags" else self.cards[href][1]


class Machine(RuleBasedStateMachine):
    """People here, cards there, edits on both sides, and looks in between."""

    def __init__(self) -> None:
        super().__init__()
        self.owner = Owner.objects.create(
            user_name=f"machine{next(_owners)}", created_at=Owner.objects.first().created_at
        )
        view = accounts.add(self.owner, "carddav", URL, "u", "p")
        self.account = view.id
        accounts.let_write(self.owner, self.account, on=True)
        self.server = FakeServer()
        self.words = itertools.count()
        self.emails: dict[str, set[str]] = {}  # card name -> all addresses ever put on it, on either side
        self.tags: dict[str, set[str]] = {}
        self.deleted: set[str] = set()
        self.erased: set[str] = set()
        self.texts: dict[str, dict[str, dict[str, str]]] = {}  # card name -> note or place -> side -> last said there

    # -- What people do -----------------------------------------------------------------------------------------

    def make_card(self) -> None:
        number = next(self.words)
        name = f"P{number}"
        lines = [
            "VERSION:3.0",
            f"UID:{name}",
            f"FN:{name}",
            f"N:;{name};;;",
            f"EMAIL:{name}@example.org",
            f"X-KEEP:{name}",
        ]
        self.server.write(f"/book/{name}.vcf", card_text(lines))
        self.emails[name] = {f"{name}@example.org".lower()}
        self.tags[name] = set()
        self.texts[name] = {"note": {}, "place": {}}

    @initialize(count=st.integers(4, 7), has_tokens=st.booleans())
    def begin(self, count: int, has_tokens: bool) -> None:
        self.server.has_tokens = has_tokens
        for _ in range(count):
            self.make_card()
        assert self.look() == ""

    @rule()
    def new_card_on_the_phone(self) -> None:
        self.make_card()

    @rule(data=st.data(), kind=st.sampled_from(KINDS))
    def edit_on_the_phone(self, data: st.DataObject, kind: str) -> None:
        there = sorted(self.server.cards)
        if not there:
            return
        href = data.draw(st.sampled_from(there))
        lines, word = raw_lines(self.server.cards[href][0]), next(self.words)
        name = next(line[7:] for line in lines if line.startswith("X-KEEP:"))
        if kind in ("note", "place"):
            start, value = ("NOTE", f"there{word}") if kind == "note" else ("ADR", f";;;there{word};;;")
            lines = [line for line in lines if not line.startswith(start)] + [f"{start}:{value}"]
            self.texts[name][kind]["there"] = f"there{word}"
        elif kind == "tag":
            lines.append(f"CATEGORIES:there{word}")
            self.tags[name].add(f"there{word}")
        else:
            lines.append(f"EMAIL:e{word}@there.example")
            self.emails[name].add(f"e{word}@there.example")
        self.server.write(href, card_text(lines))

    @rule(data=st.data(), kind=st.sampled_from(KINDS))
    def edit_here(self, data: st.DataObject, kind: str) -> None:
        people = self.people()
        if not people:
            return
        who, word = data.draw(st.sampled_from(people)), next(self.words)
        if kind in ("note", "place"):
            editing.edit(self.owner, to_text(who.pk), **{kind: f"here{word}"})
            self.texts[who.name][kind]["here"] = f"here{word}"
        elif kind == "tag":
            editing.tag(self.owner, to_text(who.pk), f"here{word}")
            self.tags[who.name].add(f"here{word}")
        else:
            editing.add_identity(self.owner, to_text(who.pk), f"e{word}@here.example")
            self.emails[who.name].add(f"e{word}@here.example")

    @rule(data=st.data())
    def delete_on_the_phone(self, data: st.DataObject) -> None:
        there = sorted(self.server.cards)
        if len(there) > 2:
            href = data.draw(st.sampled_from(there))
            self.deleted.add(href.split("/")[2].removesuffix(".vcf"))
            self.server.remove(href)

    @rule(data=st.data())
    def trash_here(self, data: st.DataObject) -> None:
        people = self.people()
        if len(people) > 2:
            who = data.draw(st.sampled_from(people))
            self.deleted.add(who.name)
            editing.trash(self.owner, to_text(who.pk))

    @precondition(lambda self: len(self.people()) > 2)
    @rule(data=st.data(), keep_out=st.booleans())
    def erase_here(self, data: st.DataObject, keep_out: bool) -> None:
        who = data.draw(st.sampled_from(self.people()))
        self.deleted.add(who.name)
        self.erased.add(who.name)
        privacy.erase(self.owner, to_text(who.pk), sure=True, keep_out=keep_out)

    # -- What servers do ----------------------------------------------------------------------------------------

    @rule(trouble=st.sampled_from(["", "no etags", "fails before", "fails after", "forgets tokens"]))
    def trouble_begins(self, trouble: str) -> None:
        self.server.trouble = trouble

    @rule(data=st.data())
    def an_etag_changes_for_no_reason(self, data: st.DataObject) -> None:
        if self.server.cards:
            href = data.draw(st.sampled_from(sorted(self.server.cards)))
            self.server.write(href, self.server.cards[href][0])

    @precondition(lambda self: len(self.server.cards) > 1)
    @rule()
    def the_server_is_suddenly_empty(self) -> None:
        self.settle()
        cards, log = dict(self.server.cards), list(self.server.log)
        before = sorted(Person.objects.of(self.owner).values_list("name", "standing", "note"))
        for href in cards:
            self.server.remove(href)
        told = self.look()
        assert "gone on the server, so nothing was changed" in told
        assert sorted(Person.objects.of(self.owner).values_list("name", "standing", "note")) == before
        self.server.cards, self.server.log = cards, log

    # -- Looking ------------------------------------------------------------------------------------------------

    @rule()
    def look_now(self) -> None:
        told = self.look()
        assert told == "" or "500" in told or "gone" in told, told

    def look(self) -> str:
        """One look as `syncing` makes it; the error as a sentence."""
        run = syncingruns.claim(self.owner, Account.objects.of(self.owner).get())
        assert run is not None
        try:
            cardsync.sync(run, self.server, URL)
        except KithbookError as error:
            syncingruns.finish(run, error)
            return syncingruns.sentence(error)
        syncingruns.finish(run)
        return ""

    def people(self) -> list[Person]:
        return list(Person.objects.of(self.owner).filter(standing="kept").order_by("name"))

    def settle(self) -> None:
        """No more trouble, all decisions taken: look until nothing happens."""
        self.server.trouble = ""
        for _ in range(8):
            if "gone" in self.look():
                accounts.let_loss_through(self.owner, self.account)
                assert self.look() == ""
            waiting = accounts.show(self.owner, self.account).conflicts
            for number, conflict in enumerate(waiting):
                accounts.resolve(self.owner, self.account, conflict.id, ("mine", "theirs")[number % 2])
            version = next(self.server.versions)
            if not waiting and self.look() == "" and next(self.server.versions) == version + 1:
                return
        raise AssertionError("both sides do not come to rest")

    @invariant()
    def who_was_erased_stays_away(self) -> None:
        assert not Person.objects.of(self.owner).filter(name__in=self.erased).exists()

    @invariant()
    def nobody_is_here_twice(self) -> None:
        names = [who.name for who in Person.objects.of(self.owner)]
        assert len(names) == len(set(names))
        linked = [pk for pk in SyncItem.objects.of(self.owner).values_list("person_id", flat=True) if pk]
        assert len(linked) == len(set(linked))

    def teardown(self) -> None:
        if not self.emails:
            return
        self.settle()
        people = {who.name: who for who in Person.objects.of(self.owner)}
        cards: dict[str, list[str]] = {}
        for text, _etag in self.server.cards.values():
            lines = raw_lines(text)
            (name,) = [line[7:] for line in lines if line.startswith("X-KEEP:")] or [facts_of_card(lines).text("name")]
            assert name not in cards, "a card is there twice"
            cards[name] = lines
        for name in set(self.emails) - self.deleted:
            assert people[name].standing == "kept" and name in cards
        linked = {item.person.name for item in SyncItem.objects.of(self.owner).select_related("person") if item.person}
        for name in linked:
            self.check_agreement(name, people[name], cards[name])

    def check_agreement(self, name: str, who: Person, lines: list[str]) -> None:
        mine = facts_of_people(self.owner, {who.pk: ("", "")})[who.pk]
        theirs = facts_of_card(lines)
        assert theirs.texts == mine.texts
        held = set(Identity.objects.of(self.owner).filter(person=who, kind="email").values_list("key", flat=True))
        # Whoever deletes a card deletes with it what it said since the last look.
        assert held <= self.emails[name]
        assert set(theirs.list("tag")) == set(mine.list("tag")) <= self.tags[name]
        if name not in self.deleted:
            assert held == self.emails[name]
            assert {key.lower() for key in theirs.list("email")} == held and f"X-KEEP:{name}" in lines
            assert set(mine.list("tag")) == self.tags[name]
            for kind, said in self.texts[name].items():
                assert mine.text(kind) in (said.values() or {""})


@pytest.mark.django_db
def test_nothing_is_lost_nothing_comes_twice_and_both_sides_agree(owner: Owner) -> None:
    """Hypothesis plays phones, users and broken servers against the two-way sync."""
    quick = settings(
        max_examples=32, stateful_step_count=20, suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),  # making a failure smaller takes many minutes
    )  # fmt: skip
    run_state_machine_as_test(Machine, settings=quick)
    assert erase.orphans() == []

"""Writes exchanges that are no mail (meetings, calls, messages), deeds and remarks, each once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from kithbook.core.cards import stable_key
from kithbook.core.errors import Invalid
from kithbook.core.ledger import KINDS
from kithbook.core.mail import BOTH, GROUP_SIZE, IN, NOT_YOURS, OUT
from kithbook.core.names import fold_name, spells
from kithbook.core.records import Deed, Exchange, Party, Remark
from kithbook.core.robots import bot_kind
from kithbook.services import clock
from kithbook.services.keepout import REASON
from kithbook.services.recognising import PersonBook
from kithbook.store.bulk import Inserter, known_keys
from kithbook.store.ids import IdRun
from kithbook.store.models import Batch, EntryParty, Interaction, LedgerEntry, Owner, Participant, SourceKey, Topic

CHUNK = 2_000
Rows = list[tuple[object, ...]]
ALONE = "nobody but you"
DECLINED = "declined by you"
ROBOT = "automatic sender"
INTERACTION_COLUMNS = (
    "id", "owner", "at", "channel", "direction", "size", "minutes", "counts", "title", "source", "external_key",
    "batch",
)  # fmt: skip
ENTRY_COLUMNS = ("id", "owner", "on", "direction", "kind", "size", "note", "batch")
TOPIC_COLUMNS = ("id", "owner", "person", "kind", "text", "noted_on", "source", "batch")


@dataclass(frozen=True, slots=True)
class Me:
    """How the owner can be recognised: keys of mail addresses, of phones, and folded names."""

    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def is_in(self, party: Party) -> bool:
        """Whether a party is the owner. A name alone decides only where the source gives no address or number."""
        if party.is_me:
            return True
        keys = {(handle.kind, handle.key) for handle in party.handles}
        if any(
            (kind == "email" and key in self.emails) or (kind == "phone" and key in self.phones) for kind, key in keys
        ):
            return True
        reachable = any(kind in ("email", "phone") for kind, _ in keys)
        return not reachable and bool(party.name) and self.is_called(party.name)

    def is_called(self, name: str) -> bool:
        """Whether that name is the owner's, or one of their addresses spells it."""
        folded = fold_name(name)
        words = folded.split()
        return folded in self.names or any(spells(key.partition("@")[0], words) for key in self.emails)


class ExchangeWriter:
    """Takes exchanges, deeds and remarks of one kind of source, writes them in chunks and counts them."""

    def __init__(self, owner: Owner, batch: Batch, book: PersonBook, source: str, me: Me) -> None:
        self.added = 0
        self.known = 0
        self.skipped: Counter[str] = Counter()
        self.affected: set[int] = set()
        self._owner, self._batch, self._book, self._source, self._me = owner, batch, book, source, me
        self._waiting: dict[int, Exchange] = {}
        self._told: dict[int, Deed | Remark] = {}
        self._ids = IdRun()
        self._interactions = Inserter(Interaction, INTERACTION_COLUMNS)
        self._participants = Inserter(Participant, ("owner", "interaction", "person", "role"))

    def add(self, record: Exchange | Deed | Remark) -> None:
        """Take one record."""
        if not isinstance(record, Exchange) and self._book.keeps_out(record.person.handles):
            self.skipped[REASON] += 1
            return
        waiting: dict[int, Exchange] | dict[int, Deed | Remark]
        waiting = self._waiting if isinstance(record, Exchange) else self._told
        if record.key in waiting:
            self.known += 1
            return
        waiting[record.key] = record  # type: ignore[assignment]
        if len(self._waiting) + len(self._told) >= CHUNK:
            self.flush()

    def check_owner(self, chats: Sequence[str], names: Collection[str]) -> None:
        """After chats with these writers were read: raises Invalid if the owner was nobody in any of them."""
        if names and self.skipped[NOT_YOURS] and not self.added and not self.known:
            shown = ", ".join(f"“{name}”" for name in list(names)[:6])
            where = chats[0] if len(chats) == 1 else f"{len(chats)} chats"
            raise Invalid(f"Which of {shown} in {where} are you?", "Say so with --me and your name as it stands there.")

    def flush(self) -> None:
        """Write what waits; what is there already adds nothing."""
        self._flush_exchanges()
        self._flush_told()

    def _flush_exchanges(self) -> None:
        known = self._known(self._waiting)
        told_to_others = self._told_to_others(known)
        self.known += len(known) - len(told_to_others)
        known_too = self._known(told_to_others)
        self.known += len(known_too)
        interactions: Rows = []
        participants: Rows = []
        for exchanges, there in ((self._waiting, known), (told_to_others, known_too)):
            for key, exchange in exchanges.items():
                if key not in there:
                    self._write(exchange, interactions, participants)
        self._interactions.insert(interactions)
        self._participants.insert(participants)
        self.added += len(interactions)
        self._waiting.clear()

    def _known(self, exchanges: Collection[int]) -> set[int]:
        return known_keys(Interaction, self._owner.pk, self._source, list(exchanges))

    def _told_to_others(self, known: Collection[int]) -> dict[int, Exchange]:
        """The owner's words that this act has from a chat with somebody else: one greeting to many in one minute.

        WhatsApp gives messages no ids and chats none, so their keys are the same.
        """
        alone = {key: one for key in known if len((one := self._waiting[key]).others) == 1 and one.sender}
        mine = {key: one for key, one in alone.items() if one.sender and self._me.is_in(one.sender)}
        if self._source != "whatsapp" or not mine:
            return {}
        rows = Participant.objects.of(self._owner).filter(
            interaction__batch=self._batch, interaction__source=self._source, interaction__external_key__in=list(mine)
        )
        heard: dict[int, set[int]] = defaultdict(set)
        for key, person in rows.values_list("interaction__external_key", "person_id"):
            heard[key].add(person)
        others: dict[int, Exchange] = {}
        for key, one in mine.items():
            handles = one.others[0].handles
            if key in heard and self._book.find(handles) not in heard[key]:
                again = stable_key("whatsapp", str(key), *(handle.key for handle in handles))
                others[again] = one._replace(key=again)
        return others

    def _write(
        self, exchange: Exchange, interactions: list[tuple[object, ...]], participants: list[tuple[object, ...]]
    ) -> None:
        split = self._split(exchange)
        if isinstance(split, str):
            self.skipped[split] += 1
            return
        direction, with_, also = split
        if self._book.kept_out:
            with_, also = (
                [party for party in part if not self._book.keeps_out(party.handles)] for part in (with_, also)
            )
            if not with_:
                self.skipped[REASON] += 1
                return
        row, owner = self._ids.next(), self._owner.pk
        size = max(1, len(with_) + len(also))
        if direction == IN and size > GROUP_SIZE:  # as with mail: a group of 200 would make 200 rows of each message
            also = []
        interactions.append((
            row, owner, exchange.at, exchange.channel, direction, size, exchange.minutes, exchange.counts,
            exchange.title[:200], self._source, exchange.key, self._batch.pk,
        ))  # fmt: skip
        there: set[int] = set()
        role = "from" if direction == IN else "to"
        for party, exchanged in [*((p, True) for p in with_), *((p, False) for p in also)]:
            person = self._book.party(party, exchanged=exchanged)
            if person not in there:
                there.add(person)
                participants.append((owner, row, person, role if exchanged else "also"))
                if exchanged:
                    self.affected.add(person)

    def _split(self, exchange: Exchange) -> tuple[int, list[Party], list[Party]] | str:
        """Direction, those who exchanged with the owner, those who only were there; or why it is no exchange."""
        everybody = [*([exchange.sender] if exchange.sender else []), *exchange.others]
        mine = [party for party in everybody if self._me.is_in(party)]
        if not mine:
            return NOT_YOURS
        if any(party.declined for party in mine):
            return DECLINED
        came = [party for party in exchange.others if not party.declined and not _is_robot(party)]
        people = [party for party in came if not self._me.is_in(party)]
        if exchange.sender is None:
            return (BOTH, people, []) if people else ALONE
        if self._me.is_in(exchange.sender):
            return (OUT, people, []) if people else ALONE
        return ROBOT if _is_robot(exchange.sender) else (IN, [exchange.sender], people)

    def _flush_told(self) -> None:
        known = known_keys(SourceKey, self._owner.pk, self._source, list(self._told))
        self.known += len(known)
        new = {key: record for key, record in self._told.items() if key not in known}
        owner, batch = self._owner.pk, self._batch.pk
        Inserter(SourceKey, ("id", "owner", "source", "external_key", "batch")).insert(
            [(self._ids.next(), owner, self._source, key, batch) for key in new]
        )
        self._write_deeds([record for record in new.values() if isinstance(record, Deed)])
        self._write_remarks([record for record in new.values() if isinstance(record, Remark)])
        self.added += len(new)
        self._told.clear()

    def _write_deeds(self, deeds: Iterable[Deed]) -> None:
        entries, parties = [], []
        today = clock.today(self._owner)
        for deed in deeds:
            row = self._ids.next()
            size = deed.size or KINDS[deed.kind].size
            on = min(deed.on or today, today)
            person = self._book.party(deed.person, exchanged=True)
            entries.append((row, self._owner.pk, on, deed.direction, deed.kind, size, deed.note, self._batch.pk))
            parties.append((self._ids.next(), self._owner.pk, row, person))
        Inserter(LedgerEntry, ENTRY_COLUMNS).insert_values(entries)
        Inserter(EntryParty, ("id", "owner", "entry", "person")).insert(parties)

    def _write_remarks(self, remarks: Iterable[Remark]) -> None:
        topics = []
        today = clock.today(self._owner)
        for remark in remarks:
            person = self._book.party(remark.person, exchanged=True)
            kind = "fact" if remark.kind == "note" else remark.kind
            row = (person, kind, remark.text[:500], min(remark.on or today, today), self._source, self._batch.pk)
            topics.append((self._ids.next(), self._owner.pk, *row))
        Inserter(Topic, TOPIC_COLUMNS).insert_values(topics)


def own_phones(values: Collection[str]) -> frozenset[str]:
    """The keys of phone numbers that the owner gave as their own."""
    from kithbook.core.phones import normalise_phone

    return frozenset(filter(None, (normalise_phone(value) for value in values if "@" not in value)))


def remember_names(owner: Owner, values: Collection[str]) -> frozenset[str]:
    """The owner's name and others they go by, folded; new ones are kept for the next import."""
    known = list(owner.settings.get("own_names", ()))
    new = [value.strip()[:200] for value in values if value.strip() and value.strip() not in known]
    if new:
        owner.settings = {**owner.settings, "own_names": [*known, *new]}
        Owner.objects.filter(pk=owner.pk).update(settings=owner.settings)
    return frozenset(filter(None, (fold_name(value) for value in (owner.name, *known, *new))))


def _is_robot(party: Party) -> bool:
    return any(handle.kind == "email" and bot_kind(handle.key, party.name) for handle in party.handles)

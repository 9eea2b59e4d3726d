"""Writes mails as interactions: only those between the owner and people, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from kithbook.core.mail import BOTH, NO_DATE, NO_SENDER, MailExchange, exchange_of
from kithbook.core.records import Handle, Mail, Problem
from kithbook.services.keepout import REASON
from kithbook.services.recognising import PersonBook
from kithbook.store.bulk import Inserter, known_keys
from kithbook.store.ids import IdRun
from kithbook.store.models import Batch, Interaction, Owner, Participant

SOURCE = "mail"
CHUNK = 2_000
INTERACTION_COLUMNS = (
    "id", "owner", "at", "channel", "direction", "size", "title", "source", "external_key", "batch",
)  # fmt: skip
PARTICIPANT_COLUMNS = ("owner", "interaction", "person", "role")


class MailWriter:
    """Takes mails one by one and writes them in chunks; counts what became of each."""

    def __init__(self, owner: Owner, batch: Batch, book: PersonBook, mine: Collection[str]) -> None:
        self.added = 0
        self.known = 0
        self.skipped: Counter[str] = Counter()
        self.affected: set[int] = set()
        self._owner, self._batch, self._book, self._mine = owner.pk, batch.pk, book, mine
        self._waiting: dict[int, tuple[Mail, MailExchange]] = {}
        self._ids = IdRun()
        self._interactions = Inserter(Interaction, INTERACTION_COLUMNS)
        self._participants = Inserter(Participant, PARTICIPANT_COLUMNS)

    def add(self, mail: Mail) -> Problem | None:
        """Take one mail; a Problem where it has no usable sender or date."""
        exchange = exchange_of(mail, self._mine)
        if type(exchange) is str:
            if exchange == NO_SENDER:
                return Problem(f"byte {mail.offset}", NO_SENDER)
            self.skipped[exchange] += 1
            return None
        if not mail.at:
            return Problem(f"byte {mail.offset}", NO_DATE)
        if mail.key in self._waiting:
            self.known += 1
            return None
        if self._book.kept_out:
            exchange = self._without_erased(exchange)  # type: ignore[arg-type]
            if not exchange.with_:
                self.skipped[REASON] += 1
                return None
        self._waiting[mail.key] = (mail, exchange)  # type: ignore[assignment]
        if len(self._waiting) >= CHUNK:
            self.flush()
        return None

    def _without_erased(self, exchange: MailExchange) -> MailExchange:
        """The exchange without people whom the owner erased for good."""
        with_, also = (
            tuple(a for a in part if not self._book.keeps_out([Handle("email", a.email, a.key)]))
            for part in (exchange.with_, exchange.also)
        )
        return exchange._replace(with_=with_, also=also)

    def flush(self) -> None:
        """Write what waits; mails that are there already add nothing."""
        known = known_keys(Interaction, self._owner, SOURCE, list(self._waiting))
        self.known += len(known)
        interactions: list[tuple[object, ...]] = []
        participants: list[tuple[object, ...]] = []
        owner, batch, next_id = self._owner, self._batch, self._ids.next
        for key, (mail, exchange) in self._waiting.items():
            if key in known:
                continue
            row = next_id()
            direction, with_, also, size, channel = exchange
            title = mail.subject[:200]
            interactions.append((row, owner, mail.at, channel, direction, size, title, SOURCE, key, batch))
            self._take_part(row, with_, also, "from" if direction < BOTH else "to", participants)
        self._interactions.insert(interactions)
        self._participants.insert(participants)
        self.added += len(interactions)
        self._waiting.clear()

    def _take_part(self, row: int, with_: tuple, also: tuple, role: str, out: list) -> None:  # type: ignore[type-arg]
        """Rows for everybody on a mail, each person once even with two addresses on it."""
        owner, mailer = self._owner, self._book.mailer
        there = set()
        for address in with_:
            person = mailer(address, exchanged=True)
            if person not in there:
                there.add(person)
                out.append((owner, row, person, role))
        self.affected |= there
        for address in also:
            person = mailer(address, exchanged=False)
            if person not in there:
                there.add(person)
                out.append((owner, row, person, "also"))

"""Help that the owner got, with what was thanked, reported and given back since; read by duties, asks and thanks."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kithbook.core.askrules import GRANTED, Asked, as_entry, unbooked
from kithbook.core.ids import to_text
from kithbook.core.ledger import KINDS, Entry
from kithbook.core.obligations import THANKS_RANKS, Help
from kithbook.core.thanks import missing_thanks
from kithbook.services import clock
from kithbook.services.remembering import remembered
from kithbook.store import ledgerrows
from kithbook.store.ledgerrows import LedgerRow
from kithbook.store.models import Ask, Owner

HELP_KINDS = frozenset(
    ("referral", "introduction", "favour", "advice", "praise", "hospitality", "gift", "ask", "goal_help")
)
RETURN_KINDS = HELP_KINDS | {"item", "service"}
LEAST_SIZE = 2
"""A useful item in passing wants no formal thanks; help of size 2 and more does, and whatever was asked for (d)."""
SPOKEN = "message"
"""Thanks without an exchange beside them count as a message or a word."""


@dataclass(frozen=True, slots=True)
class Received:
    """One thing that one person did for the owner. `entry` is its row in the bank, `ask` where only the ask is."""

    help: Help
    kind: str
    note: str
    entry: int | None = None
    referral: int | None = None
    ask: int | None = None
    turn: int = 0


@dataclass(frozen=True, slots=True)
class AskRow:
    """A recorded ask that was made."""

    id: int
    person: int
    asked: Asked
    turn: int = 0


def read(owner: Owner, people: Sequence[int] | None = None) -> defaultdict[int, list[LedgerRow]]:
    """The bank's rows by person, the oldest first; of everybody if None. One query."""
    return _by_person(owner, None if people is None else list(people))


@remembered
def _by_person(owner: Owner, people: list[int] | None) -> defaultdict[int, list[LedgerRow]]:
    """A page about one person reads them several times."""
    found: defaultdict[int, list[LedgerRow]] = defaultdict(list)
    for row in ledgerrows.read(owner.pk, people):
        found[row.person].append(row)
    return found


def ledger_rows(owner: Owner, people: Sequence[int] | None = None) -> list[LedgerRow]:
    """The bank's rows as they come, the oldest first; of everybody if None. One query."""
    return ledgerrows.read(owner.pk, people)


def of_interest(rows: Iterable[LedgerRow], asks: Mapping[int, Sequence[AskRow]]) -> dict[int, list[LedgerRow]]:
    """The rows of those with whom something may be open or waited for; of all others nothing is, by their last thanks.

    Thanks that name no cause are for everything before them, so that later help, referrals (their result may be
    untold) and asks are all that has to be looked at closely.
    """
    rows = list(rows)
    wanted = {person for person in asks if asks[person]}
    last_thanks: dict[int, dt.date] = {}
    for row in reversed(rows):  # the latest first
        if row.direction == "gave":
            if row.kind == "thanks" and row.cause is None and row.referral is None and _thanks(row):
                last_thanks.setdefault(row.person, row.on)
        elif is_help(row.kind, row.size) or row.asked:
            thanked_on = last_thanks.get(row.person)
            if row.asked or row.kind == "ask" or row.referral or thanked_on is None or row.on > thanked_on:
                wanted.add(row.person)
    found: dict[int, list[LedgerRow]] = {person: [] for person in wanted}
    for row in rows:
        if row.person in found:
            found[row.person].append(row)
    return found


def _thanks(row: LedgerRow) -> bool:
    return (row.channel or SPOKEN) in THANKS_RANKS


def read_asks(owner: Owner, people: Sequence[int] | None = None) -> defaultdict[int, list[AskRow]]:
    """The asks that were made, by person. One query."""
    return _asks_by_person(owner, None if people is None else list(people))


@remembered
def _asks_by_person(owner: Owner, people: list[int] | None) -> defaultdict[int, list[AskRow]]:
    rows = Ask.objects.of(owner).filter(asked_on__isnull=False)
    rows = rows if people is None else rows.filter(person__in=people)
    found: defaultdict[int, list[AskRow]] = defaultdict(list)
    columns = ("pk", "person_id", "asked_on", "size", "outcome", "outcome_on", "text", "kind", "turn")
    for pk, person, on, size, outcome, outcome_on, text, kind, turn in rows.order_by(
        "asked_on", "turn", "pk"
    ).values_list(*columns):
        found[person].append(AskRow(pk, person, Asked(on, size, outcome, outcome_on, text or kind), turn))
    return found


def whole(owner: Owner, people: Sequence[int]) -> dict[int, list[Entry]]:
    """Everything that counts in the bank with each of them: entries, granted asks it does not hold, missing thanks.

    The one place that puts these three together, so that no help is counted twice. Two queries.
    """
    rows, asks, day = read(owner, people), read_asks(owner, people), clock.today(owner)
    return {
        key: [
            *entries_of(rows[key]),
            *granted(rows[key], asks[key]),
            *missing_of(received(key, 1, rows[key], asks[key]), rows[key], day),
        ]
        for key in people
    }


def granted(rows: Iterable[LedgerRow], asks: Iterable[AskRow]) -> list[Entry]:
    """The asks they granted that the bank does not hold, as entries of it."""
    return [as_entry(ask) for ask in unbooked([one.asked for one in asks], entries_of(rows, outside=True))]


def entries_of(rows: Iterable[LedgerRow], *, outside: bool = False) -> list[Entry]:
    """The rows that count in the balance, as core reckons with them; with `outside` those left out of it too."""
    return [
        Entry(row.on, "gave" if row.direction == "gave" else "got", row.kind, row.size, bool(row.asked),
              None if row.meaningful is None else bool(row.meaningful))
        for row in rows if outside or not row.outside
    ]  # fmt: skip


def received(person: int, stage: int, rows: Sequence[LedgerRow], asks: Sequence[AskRow] = ()) -> list[Received]:
    """The help of one person among the bank's rows, and granted asks that the bank does not hold."""
    found = [
        Received(_help(row, stage, rows), row.kind, row.note, entry=row.entry, referral=row.referral,
                 turn=row.turn)
        for row in rows if row.direction == "got" and is_help(row.kind, row.size)
    ]  # fmt: skip
    said_yes = [row for row in asks if row.asked.outcome in GRANTED]
    if said_yes:
        left = {id(ask) for ask in unbooked([row.asked for row in said_yes], entries_of(rows, outside=True))}
        found += [_granted(person, stage, row, rows) for row in said_yes if id(row.asked) in left]
    return found


def is_help(kind: str, size: int) -> bool:
    """Whether what was got is help that is thanked."""
    return kind == "ask" or (kind in HELP_KINDS and size >= LEAST_SIZE)


def missing_of(helped: Iterable[Received], rows: Iterable[LedgerRow], day: dt.date) -> list[Entry]:
    """Those of one person. An "unthanked_referral" written down by hand since stands for one: none counts twice."""
    by_hand = sorted(row.on for row in rows if row.direction == "gave" and row.kind == "unthanked_referral")
    found = []
    for one in sorted(helped, key=lambda one: one.help.on):
        entry = missing_thanks(one.help, day)
        if entry is None:
            continue
        written = next((on for on in by_hand if on >= one.help.on), None)
        if written is None:
            found.append(entry)
        else:
            by_hand.remove(written)
    return found


def _help(row: LedgerRow, stage: int, rows: Sequence[LedgerRow]) -> Help:
    later = [other for other in rows if other.direction == "gave" and other.on >= row.on]
    answers = [other for other in later if _answers(other, row)]
    return Help(
        person_id=row.person,
        stage=stage,
        on=row.on,
        what=what(row.kind, row.note),
        is_referral=row.kind == "referral",
        thanked=_thanks_in(answers),
        reported_on=tuple(other.on for other in answers if other.kind == "report"),
        result_on=row.result_on,
        returned_on=next((other.on for other in later if other.kind in RETURN_KINDS), None),
        ref=f"help:{to_text(row.entry)}",
        size=row.size,
    )


def _granted(person: int, stage: int, row: AskRow, rows: Sequence[LedgerRow]) -> Received:
    on = row.asked.answered_on
    later = [other for other in rows if other.direction == "gave" and other.on >= on]
    answers = [other for other in later if other.cause is None]
    helped = Help(
        person, stage, on, what("ask", row.asked.what),
        thanked=_thanks_in(answers),
        reported_on=tuple(other.on for other in answers if other.kind == "report"),
        returned_on=next((other.on for other in later if other.kind in RETURN_KINDS), None),
        ref=f"asked:{to_text(row.id)}", size=row.asked.size,
    )  # fmt: skip
    return Received(helped, "ask", row.asked.what, ask=row.id, turn=row.turn)


def _answers(other: LedgerRow, row: LedgerRow) -> bool:
    """Whether thanks or a report are for this help: by their cause, else by the referral, else for all before it."""
    if other.cause is not None:
        return other.cause == row.entry
    return other.referral is None or other.referral == row.referral


def _thanks_in(answers: Iterable[LedgerRow]) -> tuple[tuple[dt.date, str], ...]:
    """By day, on one day the plainest first: ids are no order."""
    given = ((other.on, other.channel or SPOKEN) for other in answers if other.kind == "thanks")
    return tuple(sorted(given, key=lambda pair: (pair[0], THANKS_RANKS.get(pair[1], 0), pair[1])))


def what(kind: str, note: str) -> str:
    """Help in words that complete "for …"."""
    label = "help with your request" if kind == "ask" else KINDS[kind].label if kind in KINDS else kind
    first = note.strip().split("\n")[0]
    return f"{label} ({first[:80]})" if first else label

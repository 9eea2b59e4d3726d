"""The right to ask, as a rule on numbers (method §5): who may be asked for how much, and what stands before it.

The rule is written once, on columns: `decide` judges one person or ten thousand alike. `core.asks` turns one person's
dated facts into such a row and explains the verdict; `core.askplan` follows the rule into the future.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kithbook.core.ledger import Entry, add_months, balance, was_asked
from kithbook.core.stages import FORGOTTEN_MONTHS

REMEMBERED_MONTHS: Final = FORGOTTEN_MONTHS
"""After so many months without a two-way exchange somebody below Support may not know who calls (that day is in)."""
KNOWN_EXCHANGES: Final = 2
"""Fewer two-way exchanges than this: they may not place the name."""
REST_DAYS: Final = 30
"""Below Support nothing more is asked for so many days after an ask was granted; the last one is still in."""
UNANSWERED_DAYS: Final = 90
"""An ask that met with silence holds back the next one for so long; one of which no answer is noted has no end."""
LARGE_ASK: Final = 3
LARGE_CONVERSATIONS: Final = 2
LARGE_HISTORY_DAYS: Final = 180
"""Below Trust an ask of size 3 and more wants so many conversations and so many days of history."""
HEADROOM: Final = 2
TRUST_HEADROOM: Final = 4
"""Balance needed: size less 2 below Trust, size less 4 at Trust, none from Support up. All these are defaults (d)."""
TRUST: Final = 4
SUPPORT: Final = 5
SMALLEST, LARGEST = 1, 5

VERDICTS: Final = ("close_loop", "reintroduce", "wait", "deposit", "ready")
"""In the order in which they are looked at; the place of a word is its code."""
CLOSE_LOOP, REINTRODUCE, WAIT, DEPOSIT, READY = range(5)
KINDS: Final = (
    "interview",
    "help",
    "advice",
    "introduction",
    "reference",
    "referral",
    "sales",
    "job",
    "meeting",
)
"""Kinds of asks that are offered: the rule is the same for an informational interview and for selling."""
GRANTED: Final = frozenset(("gladly", "reluctantly"))
BOOKED_DAYS: Final = 7
"""An entry of the bank up to so many days after the answer is that same granted ask."""
_EPSILON: Final = 1e-9
_NO_DAY: Final = 0


class Loop(NamedTuple):
    """Something open between the two that is closed before anything is asked.

    `kind` is "thanks", "result", "introduction" or "promise"; `fact` a sentence about what happened on the day `on`;
    `remedy` what closes it; `gives` the kind of bank entry that closing it is.
    """

    kind: str
    fact: str
    on: date
    remedy: str
    gives: str = "thanks"


class Asked(NamedTuple):
    """An ask of the owner's: day, size, outcome ("" while there is none) and its day."""

    on: date
    size: int
    outcome: str = ""
    outcome_on: date | None = None
    what: str = ""

    @property
    def answered_on(self) -> date:
        """The day of the outcome, that of the ask where it is unknown."""
        return self.outcome_on or self.on


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known between the owner and one person.

    `entries` is the bank with each granted ask once (see `unbooked`), `missing` the withdrawals for thanks that are
    missing (they go when the loops are closed). `two_way`: exchanges in which both took part; `conversations`: days
    with one; `first_on`: the first exchange or meeting; `met` says where, when and through whom, as a clause.
    `ideas` are things to give that suit them, the best first; `given` what the owner gave, in words, the latest first.
    `exchanges` are days with contact, `exchanges_with_ask` those on which something was asked. `hides_balance`: no
    figures of the account are said.
    """

    stage: int
    entries: tuple[Entry, ...] = ()
    missing: tuple[Entry, ...] = ()
    asks: tuple[Asked, ...] = ()
    loops: tuple[Loop, ...] = ()
    two_way: int = 0
    conversations: int = 0
    first_on: date | None = None
    last_two_way_on: date | None = None
    met: str = ""
    ideas: tuple[str, ...] = ()
    given: tuple[tuple[date, str], ...] = ()
    exchanges: int = 0
    exchanges_with_ask: int = 0
    hides_balance: bool = False


class Standing(NamedTuple):
    """The facts as columns of equal length; days are ordinals, 0 where there is none.

    `waits_until` is the last day on which an earlier ask holds back the next, `net` the owner's account with them.
    """

    stage: NDArray[np.int64]
    loops: NDArray[np.int64]
    two_way: NDArray[np.int64]
    conversations: NDArray[np.int64]
    first_day: NDArray[np.int64]
    two_way_day: NDArray[np.int64]
    waits_until: NDArray[np.int64]
    net: NDArray[np.float64]


def decide(standing: Standing, size: int, on: date) -> NDArray[np.int64]:
    """The verdict for an ask of that size on that day, as places in `VERDICTS`, one for each row."""
    today = on.toordinal()
    below_support, below_trust = standing.stage < SUPPORT, standing.stage < TRUST
    needed = np.where(below_trust, size - HEADROOM, np.where(below_support, size - TRUST_HEADROOM, -np.inf))
    history = np.where(standing.first_day == _NO_DAY, 0, today - standing.first_day)
    young = (standing.conversations < LARGE_CONVERSATIONS) | (history < LARGE_HISTORY_DAYS)
    # From the last thing looked at to the first, so that the first one that holds is what stays.
    found = np.full(len(standing.stage), READY, dtype=np.int64)
    found[standing.net < needed - _EPSILON] = DEPOSIT
    if size >= LARGE_ASK:
        found[below_trust & young] = DEPOSIT
    found[today <= standing.waits_until] = WAIT
    found[below_support & is_strange(standing, on)] = REINTRODUCE
    found[standing.loops > 0] = CLOSE_LOOP
    return found


def is_strange(standing: Standing, on: date) -> NDArray[np.bool_]:
    """Whether they may not know who this is: too few exchanges ever, or none for 18 months."""
    forgotten = standing.two_way_day < remembered_since(on).toordinal()
    return np.asarray((standing.two_way < KNOWN_EXCHANGES) | forgotten)


def remembered_since(on: date) -> date:
    """The earliest day of a last exchange that is still remembered on the day `on`: day + 18 months ≥ `on`."""
    day = add_months(on, -REMEMBERED_MONTHS)
    while day < date.max and add_months(day, REMEMBERED_MONTHS) < on:  # the end of a shorter month, e.g. 29 February
        day += timedelta(days=1)
    while day > date.min and add_months(day - timedelta(days=1), REMEMBERED_MONTHS) >= on:
        day -= timedelta(days=1)
    return day


def needed_balance(stage: int, size: int) -> int | None:
    """What the account has to hold for an ask of that size; None from Support up, where it does not matter."""
    if stage >= SUPPORT:
        return None
    return size - (TRUST_HEADROOM if stage >= TRUST else HEADROOM)


def net(facts: Facts, on: date) -> float:
    """The owner's account with the person on that day."""
    return balance((*facts.entries, *facts.missing), on).net


def stand(facts: Facts, on: date) -> Standing:
    """The facts of one person as columns of length one; asks and entries of later days do not count yet."""

    def column(value: int) -> NDArray[np.int64]:
        return np.array([value], dtype=np.int64)

    known = facts.first_on is not None and facts.first_on <= on
    return Standing(
        stage=column(facts.stage),
        loops=column(sum(loop.on <= on for loop in facts.loops)),
        two_way=column(facts.two_way),
        conversations=column(facts.conversations),
        first_day=column(_ordinal(facts.first_on) if known else _NO_DAY),
        two_way_day=column(_ordinal(facts.last_two_way_on)),
        waits_until=column(_ordinal(waits_until(facts.asks, facts.stage, on))),
        net=np.array([net(facts, on)]),
    )


def verdict_code(facts: Facts, size: int, on: date) -> int:
    """`decide` for one person."""
    return int(decide(stand(facts, on), size, on)[0])


def waits_until(asks: Iterable[Asked], stage: int, on: date) -> date | None:
    """The last day that earlier asks ask to wait for; None where none does. It may lie in the past."""
    last = holding(asks, stage, on)
    return None if last is None else held_until(last)


def holding(asks: Iterable[Asked], stage: int, on: date) -> Asked | None:
    """The earlier ask that holds back longest: one without an answer, or below Support one that was granted."""
    past = [ask for ask in asks if ask.on <= on]
    open_ones = [ask for ask in past if is_open(ask) or ask.outcome == "silence"]
    granted = [ask for ask in past if ask.outcome in GRANTED] if stage < SUPPORT else []
    return max((*open_ones, *granted), key=held_until, default=None)


def held_until(ask: Asked) -> date:
    """The last day on which this ask holds back the next one; `date.max` until an answer is noted."""
    if is_open(ask):
        return date.max
    if ask.outcome in GRANTED:
        return ask.answered_on + timedelta(days=REST_DAYS)
    return ask.on + timedelta(days=UNANSWERED_DAYS)


def is_open(ask: Asked) -> bool:
    """Whether no answer is noted, not even that there was none."""
    return not ask.outcome


def unbooked(asks: Iterable[Asked], entries: Iterable[Entry]) -> list[Asked]:
    """The granted asks that the bank does not hold yet, so that none is counted twice.

    An entry ("got", "ask") stands for a granted ask when it lies between the ask and a week after its answer; each
    entry stands for one ask only.
    """
    booked = sorted(entry.on for entry in entries if entry.direction == "got" and entry.kind == "ask")
    left = []
    for ask in sorted((ask for ask in asks if ask.outcome in GRANTED), key=lambda ask: (ask.answered_on, ask.on)):
        last = max(ask.on, ask.answered_on) + timedelta(days=BOOKED_DAYS)
        match = next((day for day in booked if ask.on <= day <= last), None)
        if match is None:
            left.append(ask)
        else:
            booked.remove(match)
    return left


def as_entry(ask: Asked) -> Entry:
    """A granted ask as an entry of the bank."""
    return Entry(ask.answered_on, "got", "ask", ask.size, asked=True)


def all_asks(asks: Iterable[Asked], entries: Iterable[Entry]) -> tuple[Asked, ...]:
    """Recorded asks, and help in the bank that was asked for without an ask being recorded, each once, by day."""
    recorded = list(asks)
    helped = [entry for entry in entries if entry.direction == "got" and was_asked(entry)]
    taken = [ask for ask in recorded if ask.outcome in GRANTED]
    for entry in sorted(helped, key=lambda entry: entry.on):
        match = next((ask for ask in taken if _is_same(ask, entry)), None)
        if match is None:
            recorded.append(Asked(entry.on, entry.size, "gladly", entry.on))
        else:
            taken.remove(match)
    return tuple(sorted(recorded, key=lambda ask: (ask.on, ask.answered_on, ask.size)))


def _is_same(ask: Asked, entry: Entry) -> bool:
    return ask.on <= entry.on <= max(ask.on, ask.answered_on) + timedelta(days=BOOKED_DAYS)


def _ordinal(day: Any) -> int:
    return _NO_DAY if day is None else int(day.toordinal())

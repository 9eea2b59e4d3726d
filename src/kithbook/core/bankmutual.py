"""How mutual a tie is and how often it recurs, in words (method §4): measures of a tie, never a bill.

`rounds` counts how often value went both ways again: a round is complete when both sides have given since the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from kithbook.core.ledger import Balance, Entry, add_months, balance, gives_value, turned, was_asked

BOTH_WAYS = (1 / 3, 2 / 3)
ASK_DAYS = 30
NEED_ONLY = 0.5
LEAST_CONTACTS = 3


class Mutuality(NamedTuple):
    """`word` is "both ways", "mostly you", "mostly they" or "nothing yet"; `gap_days` the usual days between acts."""

    word: str
    rounds: int
    acts: int
    gap_days: int | None


class YearOfHelp(NamedTuple):
    """How often help went each way in one year."""

    year: int
    gave: int
    got: int


def measure_mutuality(entries: Iterable[Entry], on: date) -> Mutuality:
    """The direction by aged value, the rounds and the rhythm of everything up to that day."""
    acts = sorted((e for e in entries if gives_value(e) and e.on <= on), key=lambda e: e.on)
    if not acts:
        return Mutuality("nothing yet", 0, 0, None)
    days = sorted({entry.on for entry in acts})
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    word = _word(balance(acts, on), acts)
    return Mutuality(word, count_rounds(acts), len(acts), round(median(gaps)) if gaps else None)


def count_rounds(acts: Sequence[Entry]) -> int:
    """How often both sides had given something since the last round; `acts` are by day."""
    rounds, seen = 0, set[str]()
    for act in acts:
        seen.add(act.direction)
        if len(seen) == 2:
            rounds, seen = rounds + 1, set()
    return rounds


def list_years(entries: Iterable[Entry]) -> list[YearOfHelp]:
    """Help each way, year by year, the latest first; kept for ever, and years without any are left out."""
    found: dict[int, list[int]] = {}
    for entry in entries:
        if gives_value(entry):
            found.setdefault(entry.on.year, [0, 0])[entry.direction == "got"] += 1
    return [YearOfHelp(year, gave, got) for year, (gave, got) in sorted(found.items(), reverse=True)]


def count_asks(asked_on: Iterable[date], entries: Iterable[Entry]) -> int:
    """How often the owner asked one person: asks written down, and help got on request that no ask stands for.

    An entry stands for an ask of the thirty days before it (its answer), so that one wish is counted once.
    """
    open_asks = sorted(asked_on)
    count = len(open_asks)
    for entry in sorted(entries, key=lambda e: e.on):
        if entry.direction != "got" or not was_asked(entry):
            continue
        match = next((day for day in open_asks if 0 <= (entry.on - day).days <= ASK_DAYS), None)
        if match is None:
            count += 1
        else:
            open_asks.remove(match)
    return count


def say_need(contacts: int, asks: int, *, mine: bool) -> str:
    """In how many contacts something was asked for; from one in two it is said plainly. "" with too few to tell."""
    if contacts < LEAST_CONTACTS or asks > contacts:
        return ""
    share = asks / contacts
    if mine:
        head = f"You asked for something in {asks} of {contacts} contacts"
        return f"{head}: a check-in without a wish would do good." if share >= NEED_ONLY else f"{head}."
    head = f"They asked for something in {asks} of {contacts} contacts that they began"
    return f"{head}: they mostly come with a wish." if share >= NEED_ONLY else f"{head}."


def recent(entries: Iterable[Entry], on: date, months: int) -> list[Entry]:
    """Entries of the last months up to that day."""
    since = add_months(on, -months)
    return [entry for entry in entries if since <= entry.on <= on]


def count_their_asks(entries: Iterable[Entry], requested_on: Iterable[date]) -> int:
    """How often they asked the owner: the same count from the other side."""
    return count_asks(requested_on, turned(entries))


def _word(sums: Balance, acts: Sequence[Entry]) -> str:
    total = sums.gave + sums.got
    if total <= 0:
        gave = sum(act.direction == "gave" for act in acts)
        share = gave / len(acts)
    else:
        share = sums.gave / total
    if BOTH_WAYS[0] <= share <= BOTH_WAYS[1]:
        return "both ways"
    return "mostly you" if share > BOTH_WAYS[1] else "mostly they"

"""The reasons behind a verdict on an ask as dated facts, what gives the right, and what to be careful about."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final, NamedTuple

from kithbook.core.askplan import Way, follow_up
from kithbook.core.askrules import (
    CLOSE_LOOP,
    DEPOSIT,
    GRANTED,
    KNOWN_EXCHANGES,
    LARGE_ASK,
    LARGE_CONVERSATIONS,
    LARGE_HISTORY_DAYS,
    READY,
    REINTRODUCE,
    REST_DAYS,
    SUPPORT,
    TRUST,
    WAIT,
    Facts,
    held_until,
    holding,
    is_open,
    needed_balance,
    net,
)
from kithbook.core.daywords import write_date
from kithbook.core.ledger import gives_value
from kithbook.core.stages import stage_rule

SAY_YES: Final = "People say yes more often than those who ask expect."
"""Flynn & Lake (2008), J. Pers. Soc. Psychol. 95(1): askers underestimate how likely others are to agree."""
COLD_DAYS: Final = {1: 365, 2: 270, 3: 180, 4: 120, 5: 90}
"""An ask of that size after so many days without an exchange comes out of the blue, below Support (d)."""
COLD_DAYS_SUPPORT: Final = 3 * 365
NEED_ONLY_SHARE: Final = 0.5
NEED_ONLY_ASKS: Final = 2
"""Contact looks need-only when at least half of it, and at least two times, something was asked for (d)."""
GIFTS_SHOWN: Final = 4


class Reason(NamedTuple):
    """A sentence and the day it is about."""

    fact: str
    on: date


class Flag(NamedTuple):
    """Something to be careful about: `kind` is "cold", "no_deposits" or "need_only"."""

    kind: str
    text: str


def reasons(facts: Facts, size: int, on: date, code: int) -> tuple[Reason, ...]:
    """Why the verdict is what it is."""
    return tuple(_REASONS[code](facts, size, on))


def rights(facts: Facts, on: date) -> tuple[Reason, ...]:
    """What was invested before the ask, the latest first: things given, the last exchange, help granted before."""
    return tuple(sorted(_rights(facts, on), key=lambda reason: reason.on, reverse=True))


def remedy(facts: Facts, on: date, code: int, way: Way) -> str:
    """The smallest thing to do now."""
    if code == READY:
        return "Ask plainly for one thing, say what it is for, and make it easy to say no."
    if code == WAIT and (held := holding(facts.asks, facts.stage, on)):
        if is_open(held):
            return follow_up(held)
        day = write_date(held_until(held))
        if held.outcome in GRANTED:
            return f"Wait until {day}, and tell them meanwhile what came of their help."
        return f"Ask once how it stands; otherwise wait until {day}."
    return way.steps[0].deposit if way.steps else ""


def flags(facts: Facts, size: int, on: date) -> tuple[Flag, ...]:
    """What the ask may look like from their side."""
    return tuple(_flags(facts, size, on))


def need_only_share(facts: Facts) -> float | None:
    """The share of the days with contact on which something was asked for; None without contact."""
    return min(1.0, facts.exchanges_with_ask / facts.exchanges) if facts.exchanges else None


def is_cold(facts: Facts, size: int, on: date) -> bool:
    """Whether an ask of that size would come out of the blue, after that long a gap."""
    if facts.last_two_way_on is None:
        return facts.stage < SUPPORT
    longest = COLD_DAYS_SUPPORT if facts.stage >= SUPPORT else COLD_DAYS[size]
    return (on - facts.last_two_way_on).days > longest


def _closing(facts: Facts, _size: int, on: date) -> Iterator[Reason]:
    for loop in sorted((loop for loop in facts.loops if loop.on <= on), key=lambda loop: loop.on):
        yield Reason(loop.fact, loop.on)


def _strange(facts: Facts, _size: int, on: date) -> Iterator[Reason]:
    last = facts.last_two_way_on
    if last is None:
        yield Reason("No exchange that went both ways is noted.", on)
    elif facts.two_way < KNOWN_EXCHANGES:
        yield Reason(f"Only one exchange ever went both ways, on {write_date(last)}.", last)
    else:
        yield Reason(f"Nothing has gone both ways since {write_date(last)}; they may not place you at once.", last)
    if facts.met and facts.first_on:
        yield Reason(f"Where from: {facts.met}.", facts.first_on)


def _waiting(facts: Facts, _size: int, on: date) -> Iterator[Reason]:
    held = holding(facts.asks, facts.stage, on)
    if held is None:
        return
    what = f"“{held.what}”" if held.what else "something"
    if held.outcome in GRANTED:
        day = write_date(held.answered_on)
        yield Reason(f"They granted an ask of yours on {day} ({what}); leave {REST_DAYS} days.", held.answered_on)
    else:
        answer = "no answer is noted" if is_open(held) else "there was no answer"
        yield Reason(f"You asked for {what} on {write_date(held.on)}, and {answer}.", held.on)


def _short(facts: Facts, size: int, on: date) -> Iterator[Reason]:
    needed = needed_balance(facts.stage, size)
    have = net(facts, on)
    if needed is not None and have < needed:
        yield Reason(_account(facts, size, needed, have), on)
    if size < LARGE_ASK or facts.stage >= TRUST:
        return
    first = facts.first_on
    if facts.conversations < LARGE_CONVERSATIONS:
        count = "one conversation" if facts.conversations else "no conversation"
        yield Reason(f"So far there was {count}; an ask of size {size} wants {LARGE_CONVERSATIONS}.", first or on)
    if first is None or (on - first).days < LARGE_HISTORY_DAYS:
        since = f"You know each other since {write_date(first)}" if first else "You do not know each other yet"
        yield Reason(f"{since}; an ask of size {size} wants {LARGE_HISTORY_DAYS} days.", first or on)


def _account(facts: Facts, size: int, needed: int, have: float) -> str:
    if facts.hides_balance:
        return f"You have given less lately than an ask of size {size} draws on."
    name = stage_rule(facts.stage).name
    shown = math.floor(have * 10) / 10  # never rounded up to what is needed
    return f"Your account with them stands at {shown:.1f}; an ask of size {size} at {name} draws on at least {needed}."


def _ready(facts: Facts, size: int, on: date) -> Iterator[Reason]:
    found = rights(facts, on)
    if found:
        yield from found
    else:
        name = stage_rule(facts.stage).name
        yield Reason(f"You are at {name} with them; an ask of size {size} needs nothing more there.", on)


def _rights(facts: Facts, on: date) -> Iterator[Reason]:
    for day, what in [gift for gift in facts.given if gift[0] <= on][:GIFTS_SHOWN]:
        yield Reason(f"You gave: {what}.", day)
    granted = [ask for ask in facts.asks if ask.outcome in GRANTED and ask.answered_on <= on]
    if granted:
        last = max(granted, key=lambda ask: ask.answered_on)
        what = f": {last.what}" if last.what else ""
        yield Reason(f"They granted an ask before{what}.", last.answered_on)
    if facts.stage >= SUPPORT:
        name = stage_rule(facts.stage).name
        yield Reason(f"You are at {name} with them: the tie carries through silence.", on)
    if facts.last_two_way_on is not None and facts.last_two_way_on <= on:
        yield Reason(f"You last spoke both ways on {write_date(facts.last_two_way_on)}.", facts.last_two_way_on)


def _flags(facts: Facts, size: int, on: date) -> Iterator[Flag]:
    if is_cold(facts, size, on):
        since = facts.last_two_way_on
        gap = f"since {write_date(since)}" if since else "so far"
        yield Flag("cold", f"Out of the blue: nothing has gone both ways {gap}. Begin with them, not with the ask.")
    if not any(entry.direction == "gave" and gives_value(entry) and entry.on <= on for entry in facts.entries):
        yield Flag("no_deposits", "Nothing given yet: they would be asked for something for nothing.")
    share = need_only_share(facts)
    if share is not None and share >= NEED_ONLY_SHARE and facts.exchanges_with_ask >= NEED_ONLY_ASKS:
        text = f"On {facts.exchanges_with_ask} of {facts.exchanges} days with contact you asked for something."
        yield Flag("need_only", f"{text} Be in touch once without an ask.")


_REASONS: dict[int, Callable[[Facts, int, date], Iterator[Reason]]] = {
    CLOSE_LOOP: _closing, REINTRODUCE: _strange, WAIT: _waiting, DEPOSIT: _short, READY: _ready,
}  # fmt: skip

"""The everyday part of the bank and the ladder in the demo village: what each stage needs as evidence, and topics.

Help got is always thanked and given back here; the few loops that are open on purpose are told in `villagestory`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from kithbook.core.villagelife import Calendar
from kithbook.core.villagepeople import CIRCLES, Cast
from kithbook.core.villagetypes import Dice, Fact, Gift, Move, Request, Word
from kithbook.core.villagewords import (
    ASKS,
    ASKS_CLOSE,
    GAVE,
    GAVE_CLOSE,
    GOT,
    GOT_CLOSE,
    INTERESTS,
    KEPT_BY_ME,
    KEPT_BY_THEM,
    KEPT_CLOSE_BY_ME,
    KEPT_CLOSE_BY_THEM,
    MOVES,
    NEEDS,
    OFFERS,
)

LIKE, TRUST, SUPPORT, ADVOCATE = 3, 4, 5, 6
QUIET_DAYS = 60
"""The everyday bank ends here; what is more recent is told by hand."""
GIFTS_IN_HAND = ("gift", "hospitality")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was gathered, to be joined with the story."""

    gifts: list[Gift] = field(default_factory=list)
    promises: list[Word] = field(default_factory=list)
    asks: list[Request] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    topics: list[Fact] = field(default_factory=list)


def gather_evidence(
    cast: Sequence[Cast], spans: dict[str, tuple[datetime, datetime]], no_gifts: frozenset[str], calendar: Calendar
) -> Evidence:
    """Evidence for everybody's stage, dated inside `spans`: first and last exchange of each person."""
    found = Evidence()
    for one in cast:
        dice = calendar.dice(f"{one.key}:bank")
        if one.key not in spans:
            continue
        first, last = (moment.date() for moment in spans[one.key])
        last = min(last, calendar.day(QUIET_DAYS))
        _note_topics(one, first, found, dice)
        if last <= first:
            continue
        bank = _Bank(one, (first, last), found, dice, no_gifts=one.key in no_gifts)
        bank.fill()
        if one.circle == "family":
            found.moves.append(Move(one.key, 1, one.stage, spans[one.key][0], "Family.", decision="placed"))
        else:
            _climb(one, spans[one.key], last, found, dice)
    return found


class _Bank:
    """Writes the entries of one person between two days."""

    def __init__(self, one: Cast, span: tuple[date, date], found: Evidence, dice: Dice, *, no_gifts: bool) -> None:
        self.one, self.first, self.found, self.dice = one, span[0], found, dice
        self.days = (span[1] - span[0]).days
        self.is_close = not CIRCLES[one.circle].work
        given = GAVE_CLOSE if self.is_close else GAVE
        self.gave = [row for row in given if not (no_gifts and row[0] in GIFTS_IN_HAND)]

    def fill(self) -> None:
        """Entries by stage: small gifts from Like up, kept promises from Trust, a granted ask from Support."""
        stage = self.one.stage
        if stage < LIKE or self.days < 30:
            return
        busy = self.one.rhythm in ("close", "steady", "project")
        for _ in range(self.dice.whole(1, 3) + 2 * busy):
            self._give(self._day(0.05, 1.0))
        for _ in range(self.dice.whole(0, 1) + busy + (stage >= TRUST)):
            self._get(self._day(0.1, 0.85))
        if stage >= TRUST:
            self._keep_promises()
        if stage >= SUPPORT and self.one.circle != "family":
            self._ask(self._day(0.5, 0.7))
        if stage >= ADVOCATE and self.one.circle != "family":
            self._enter("got", "praise", 3, self._day(0.72, 0.8), "Recommended me to a colleague without being asked.")
            self._thank(self.found.gifts[-1].on)

    def _day(self, low: float, high: float) -> date:
        return self.first + timedelta(days=round(self.days * (low + (high - low) * self.dice.share())))

    def _enter(self, direction: str, kind: str, size: int, on: date, note: str, *, asked: bool = False) -> None:
        self.found.gifts.append(Gift(on, direction, kind, size, (self.one.key,), note, was_asked=asked))

    def _give(self, on: date) -> None:
        kind, size, note = self.dice.one_of(self.gave)
        self._enter("gave", kind, size, on, note)

    def _get(self, on: date) -> None:
        kind, size, note = self.dice.one_of(GOT_CLOSE if self.is_close else GOT)
        self._enter("got", kind, size, on, note)
        if size > 1:
            self._thank(on)

    def _thank(self, on: date) -> None:
        """Thanks within two days, and something back within the year."""
        note = self.dice.one_of(
            ("Thanked, and said what it changed.", "A short call to say thank you.", "Wrote a card.")
        )
        self._enter("gave", "thanks", 1, on + timedelta(days=self.dice.whole(0, 2)), note)
        back = min(on + timedelta(days=self.dice.whole(20, 250)), self.first + timedelta(days=self.days))
        self._enter("gave", "item", 1, max(back, on), "Sent something I knew they were looking for.")

    def _keep_promises(self) -> None:
        mine = KEPT_CLOSE_BY_ME if self.is_close else KEPT_BY_ME
        theirs = KEPT_CLOSE_BY_THEM if self.is_close else KEPT_BY_THEM
        for by_me, texts in ((True, mine), (False, theirs)):
            made = self._day(0.2, 0.6)
            due = made + timedelta(days=self.dice.whole(3, 14))
            closed = due - timedelta(days=self.dice.whole(0, 3))
            text = f"to {self.dice.one_of(texts)}"
            self.found.promises.append(Word(self.one.key, by_me, text, made, due, "kept", closed))
            self._enter("gave" if by_me else "got", "promise_kept", 2, closed, f"Promised {text}, and did.")

    def _ask(self, on: date) -> None:
        kind, size, text = self.dice.one_of(ASKS_CLOSE if self.is_close else ASKS)
        answered = on + timedelta(days=self.dice.whole(0, 4))
        self.found.asks.append(Request(self.one.key, kind, size, text, on, "gladly", answered))
        self._enter(
            "got", "ask", size, answered, f"I asked for {text}.".replace("asked for to", "asked them to"), asked=True
        )
        self._thank(answered)


def _climb(one: Cast, span: tuple[datetime, datetime], last: date, found: Evidence, dice: Dice) -> None:
    """One confirmed move for each step up to today's stage, spread over the time known."""
    first = span[0]
    days = (last - first.date()).days * 0.85
    for step in range(2, one.stage + 1):
        at = (first + timedelta(days=days * (step - 1) / one.stage)).replace(
            hour=17, minute=step, second=0, microsecond=0
        )
        found.moves.append(Move(one.key, step - 1, step, at, dice.one_of(MOVES[step])))


def _note_topics(one: Cast, first: date, found: Evidence, dice: Dice) -> None:
    """Interests of most people, offers and needs of some, noted within weeks of meeting."""
    if one.stage < 2 or one.circle in ("seen", "new"):
        return
    source = CIRCLES[one.circle].met_where
    on = first + timedelta(days=dice.whole(0, 25))
    for text in dice.some_of(INTERESTS[one.circle], dice.whole(0, 2)):
        found.topics.append(Fact(one.key, "interest", text, on, source))
    for kind, table, chance in (("offer", OFFERS, 0.4), ("need", NEEDS, 0.25)):
        if one.circle in table and dice.is_below(chance):
            found.topics.append(Fact(one.key, kind, dice.one_of(table[one.circle]), on, source))

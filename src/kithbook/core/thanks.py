"""Thanks, reports and giving back for help received, and what becomes of them when they are missing (method §7).

Nothing here is stored: how far something is thanked, and the withdrawal that missing thanks grow into, follow from the
dated facts of `obligations.Help` each time they are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, NamedTuple

from kithbook.core.askrules import Loop
from kithbook.core.daywords import write_date
from kithbook.core.ledger import Entry
from kithbook.core.obligations import THANKS_DAYS, THANKS_RANKS, Help, duties_of_help

RANK_WORDS: Final = ("nothing yet", "an e-mail", "a message or call", "a handwritten note", "a gift or lunch")
GROWTH: Final = ((14, 1), (45, 2), (90, 3))
"""Thanks missing for more than so many days are a withdrawal of that size; never larger than the help (d)."""
SMALL_HELP_DAYS: Final = 730
"""Small help (below size 4, no referral) that was never thanked is let rest after two years (d)."""
LARGE_HELP: Final = 4
KEEP_UP: Final = (
    (2, "call", "Tell them that it is reached, and thank them again."),
    (30, "message", "Say how it goes."),
    (90, "item", "Send one thing that is useful to them."),
    (180, "call", "Call to hear how they are, with nothing asked."),
    (365, "note", "A card: a year ago their help made a difference."),
)
"""Days after an objective was reached, channel, and what: light touches for those who helped (d)."""
STATES: Final = (
    ("thanks", "due", "overdue"),
    ("result", "partly", "overdue"),
    ("better-thanks", "partly", "partly"),
    ("report", "thanked", "thanked"),
    ("return", "thanked", "thanked"),
)
"""What is still to do, the first of it first, and what help counts as up to its day and after."""
KEEP_UP_EARLY_DAYS: Final = 14
"""Contact so long before a touch of the keep-up plan is that touch."""
KEEP_UP_LAPSES_DAYS: Final = 45


@dataclass(frozen=True, slots=True)
class Thanked:
    """How far help is thanked. `state`: "due", "overdue", "partly" or "thanked"; `rank` 0–4 the best thanks so far.

    The next step, its channel and day are empty where nothing is left to do.
    """

    state: str
    rank: int
    next_step: str = ""
    channel: str = ""
    due_on: date | None = None

    @property
    def rank_words(self) -> str:
        """The best thanks so far, in words."""
        return RANK_WORDS[self.rank]


class KeepUp(NamedTuple):
    """A light touch for somebody who helped to reach an objective."""

    number: int
    on: date
    channel: str
    what: str


def best_rank(got: Help, on: date) -> int:
    """The rank of the best thanks given by that day: e-mail 1, message or call 2, note 3, gift or lunch 4, none 0."""
    return max((THANKS_RANKS.get(channel, 0) for day, channel in got.thanked if day <= on), default=0)


def judge(got: Help, on: date, *, no_gifts: bool = False) -> Thanked:
    """How far this help is thanked on that day, and the next step."""
    rank = best_rank(got, on)
    # Named here so that the parts can be told apart, whatever the caller calls this help.
    named = duties_of_help(replace(got, ref="help"), on, no_gifts=no_gifts)
    due = {duty.ref.partition(":")[2]: duty for duty in named}
    for part, in_time, late in STATES:
        if part in due:
            step = due[part]
            return Thanked(late if on > step.due_on else in_time, rank, step.idea, step.channel, step.due_on)
    return Thanked("thanked", rank)


def missing_thanks(got: Help, on: date) -> Entry | None:
    """The withdrawal that missing thanks have grown into by that day, None while thanked or still in time.

    Size 1 after two weeks, 2 after 45 days, 3 after 90, at most the size of the help; it ages with the half-life of
    "unthanked_referral" (36 months) from the day it reached that size.
    """
    if best_rank(got, on) > 0:
        return None
    grown = [(days, size) for days, size in GROWTH if (on - got.on).days > days and size <= max(1, got.size)]
    if not grown:
        return None
    days, size = grown[-1]
    return Entry(got.on + timedelta(days=days + 1), "gave", "unthanked_referral", size)


def open_loops(helped: Iterable[Help], on: date) -> list[Loop]:
    """What of this help stands before another ask: no thanks yet, or a result they have not been told."""
    found = []
    for got in helped:
        if got.on > on:
            continue
        if best_rank(got, on) == 0 and not _rests(got, on):
            fact = f"Not thanked yet: {got.what}, {write_date(got.on)}."
            found.append(Loop("thanks", fact, got.on, f"Thank them first: {got.what}."))
        elif got.result_on is not None and _is_untold(got, got.result_on, on):
            known = write_date(got.result_on)
            fact = f"They have not heard what came of {got.what}; the result is known since {known}."
            remedy = f"Tell them what came of it, and thank again: {got.what}."
            found.append(Loop("result", fact, got.result_on, remedy))
    return found


def help_back(goals: Sequence[str], needs: Sequence[str]) -> list[str]:
    """How one could help somebody who helped: their goals of this year first, then what they look for."""
    found = [f"Their goal: {text.rstrip('.')}. Ask what would help." for text in goals]
    found += [f"They look for {text.rstrip('.')}. Whom or what do you know?" for text in needs]
    return found or ["Ask how you can help them with what they want to reach this year."]


def keep_up(reached_on: date) -> tuple[KeepUp, ...]:
    """The touches for a helper after an objective was reached."""
    return tuple(
        KeepUp(number, reached_on + timedelta(days=days), channel, what)
        for number, (days, channel, what) in enumerate(KEEP_UP, start=1)
    )


def next_keep_up(reached_on: date, spoken_on: Iterable[date], today: date) -> KeepUp | None:
    """The touch to do next: contact from two weeks before its day on has done it, after six weeks it lapses."""
    days = sorted(day for day in spoken_on if reached_on < day <= today)
    for touch in keep_up(reached_on):
        opens = max(touch.on - timedelta(days=KEEP_UP_EARLY_DAYS), reached_on + timedelta(days=1))
        ends = touch.on + timedelta(days=KEEP_UP_LAPSES_DAYS)
        if today <= ends and not any(opens <= day <= ends for day in days):
            return touch
    return None


def _rests(got: Help, on: date) -> bool:
    return not got.is_referral and got.size < LARGE_HELP and (on - got.on).days > SMALL_HELP_DAYS


def _is_untold(got: Help, result_on: date, on: date) -> bool:
    told = [day for day, _ in got.thanked] + list(got.reported_on)
    return on > result_on + timedelta(days=THANKS_DAYS) and not any(result_on <= day <= on for day in told)

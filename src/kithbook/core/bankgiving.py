"""Give to get: who has had nothing of yours lately, whom to help this week, what to put right (method §4).

Nobody is ranked by what they gave or did not give. Where most of the time goes comes first (Trust and Like), then who
has waited longest, then the name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from kithbook.core.daywords import write_date
from kithbook.core.ideas import find_idea
from kithbook.core.ledger import DEPOSIT_EVERY_DAYS, needs_deposit
from kithbook.core.stages import STAGES

LEAST_STAGE = 2
"""People at Recognise have their three first steps; gifts come when there is something to go by."""
HELP_CHOICE = 5
REPAIRS = frozenset(("friction", "missed_meeting", "promise_broken"))
REPAIR_WORDS = {
    "friction": "Something rubbed on {day}: say sorry, or clear up what was expected.",
    "missed_meeting": "You missed a meeting on {day}: apologise and offer another day.",
    "promise_broken": "You broke a promise on {day}: say so, apologise, and keep the next one.",
}
REPAIR_THEIRS = {
    "friction": "Something of theirs rubbed on {day}: say calmly what you had expected.",
}


GIFT_WORDS = {
    "need": "Ask how it goes with {text}, and whom you could point them to.",
    "goal": "Ask how you can help with {text}.",
    "interest": "Send them something on {text}.",
}


class Wish(NamedTuple):
    """What somebody looks for, wants this year or cares about: `kind` need, goal or interest."""

    kind: str
    text: str
    noted_on: date


class Receiver(NamedTuple):
    """Somebody who could be given something: the last deposit of the owner, None where there never was one."""

    person: int
    name: str
    stage: int
    last_on: date | None
    has_wish: bool = False


class Act(NamedTuple):
    """An entry with what repairs need: its id, day, direction and kind."""

    id: int
    on: date
    direction: str
    kind: str


class Repair(NamedTuple):
    """Something that went wrong and is not mended yet, and what would mend it."""

    entry: int
    on: date
    kind: str
    mine: bool
    what: str


def find_receivers(
    people: Iterable[Receiver], on: date, *, every_days: int = DEPOSIT_EVERY_DAYS, least_stage: int = LEAST_STAGE
) -> list[Receiver]:
    """Those without a deposit in the last `every_days` days (day 90 itself is recent), in the order of the list."""
    waiting = [
        one for one in people if one.stage >= least_stage and needs_deposit(one.last_on, on, every_days=every_days)
    ]
    return sorted(waiting, key=_order)


def find_gift(wishes: Sequence[Wish]) -> str:
    """One concrete thing to give: for the newest need, else goal, else interest, else what is useful to most."""
    usable = [wish for wish in wishes if wish.kind in GIFT_WORDS]
    if not usable:
        return find_idea(None, "item")
    kinds = list(GIFT_WORDS)
    best = min(usable, key=lambda wish: (kinds.index(wish.kind), -wish.noted_on.toordinal(), wish.text))
    return GIFT_WORDS[best.kind].format(text=best.text.rstrip("."))


def choose_for_week(receivers: Sequence[Receiver], week_of: date) -> Receiver | None:
    """The one person to help this week: among the first five with a wish that is known, another each week."""
    known = [one for one in receivers if one.has_wish][:HELP_CHOICE] or list(receivers[:HELP_CHOICE])
    return known[(week_of.toordinal() // 7) % len(known)] if known else None


def count_weeks_of_giving(days: Iterable[date], week_of: date, weeks: int) -> int:
    """In how many of the last weeks (this one included) something was given; `week_of` is a Monday."""
    since = week_of - timedelta(weeks=weeks - 1)
    until = week_of + timedelta(days=7)
    return len({(day - since).days // 7 for day in days if since <= day < until})


def find_repairs(acts: Iterable[Act]) -> list[Repair]:
    """What went wrong with one person and was not followed by an apology or a clear word.

    A breach of the owner's is mended by an apology or a clarification of theirs or the owner's on that day or later, a
    broken promise also by a kept one; friction of theirs by their apology or by a clear word of either.
    """
    rows = sorted(acts, key=lambda act: act.on)
    found = []
    for act in rows:
        mine = act.direction == "gave"
        words = REPAIR_WORDS if mine else REPAIR_THEIRS
        if act.kind in words and act.kind in REPAIRS and not any(_mends(later, act) for later in rows):
            what = words[act.kind].format(day=write_date(act.on))
            found.append(Repair(act.id, act.on, act.kind, mine, what))
    return found


def _mends(later: Act, breach: Act) -> bool:
    if later.on < breach.on or later.id == breach.id:
        return False
    if later.kind == "clarity":
        return True
    if later.direction != breach.direction:
        return False
    return later.kind == "apology" or (breach.kind == "promise_broken" and later.kind == "promise_kept")


def _order(one: Receiver) -> tuple[float, int, str, int]:
    waited = one.last_on.toordinal() if one.last_on else 0
    return -STAGES[min(max(one.stage, 1), 7) - 1].share, waited, one.name.casefold(), one.person

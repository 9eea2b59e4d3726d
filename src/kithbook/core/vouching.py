"""How far one can vouch for somebody before referring them: know of, met, worked with, vouch (method §7).

The level itself is that of introductions (`introductiongates.find_level`); referrals made before move it: a good
outcome up to "vouch", a bad one or a broken promise one step down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from kithbook.core.daywords import write_date
from kithbook.core.introductiongates import LEVELS, find_level
from kithbook.core.ledger import add_months

WORDS: Final = {
    "know_of": "you know of them", "met": "you have met", "worked_with": "you have worked together",
    "vouch": "you would put your name to it",
}  # fmt: skip
ENOUGH: Final = "worked_with"
"""From this level on a referral needs no second thought (d)."""
STALE_MONTHS: Final = 24
BREACH_MONTHS: Final = 36
"""A judgement from longer ago is named as old; a promise they broke counts for so long (d)."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the owner has seen of somebody. `said` is the owner's own word where given, one of `LEVELS`.

    `stage` is how they see the owner, `my_stage` how the owner sees them; `kept_on` the last promise they kept or ask
    they granted, `well_on`/`badly_on` the last referral to them that went well or badly, `broken_on` the last promise
    they broke, `last_on` the last contact.
    """

    said: str = ""
    stage: int = 1
    my_stage: int | None = None
    has_met: bool = False
    last_on: date | None = None
    kept_on: date | None = None
    well_on: date | None = None
    badly_on: date | None = None
    broken_on: date | None = None


class Vouch(NamedTuple):
    """The level, whether it is enough for a referral, and why."""

    level: str
    is_enough: bool
    why: tuple[str, ...]


def vouch(known: Known, on: date) -> Vouch:
    """The level from the owner's own word, else from what was seen; what went badly since takes one step off."""
    place = LEVELS.index(find_level(known.said, known.my_stage, known.stage, has_met=known.has_met))
    source = "You said so yourself" if known.said in LEVELS else "From what is noted"
    why = [f"{source}: {WORDS[LEVELS[place]]}."]
    if known.kept_on and place < LEVELS.index(ENOUGH) and known.said not in LEVELS:
        place = LEVELS.index(ENOUGH)
        why = [f"They kept their word to you on {write_date(known.kept_on)}."]
    doubt = _doubt(known, on)
    if doubt:
        place, why = max(0, place - 1), [*why, doubt]
    elif known.well_on:
        place, why = len(LEVELS) - 1, [*why, f"A referral to them went well on {write_date(known.well_on)}."]
    if known.last_on is not None and on > add_months(known.last_on, STALE_MONTHS):
        why.append(f"You last had contact on {write_date(known.last_on)}: ask how they are placed first.")
    return Vouch(LEVELS[place], place >= LEVELS.index(ENOUGH), tuple(why))


def _doubt(known: Known, on: date) -> str:
    if known.badly_on and (known.well_on is None or known.badly_on >= known.well_on):
        return f"A referral to them went badly on {write_date(known.badly_on)}."
    if known.broken_on and on <= add_months(known.broken_on, BREACH_MONTHS):
        return f"They broke a promise on {write_date(known.broken_on)}."
    return ""

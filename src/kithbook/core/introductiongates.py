"""What speaks against an introduction (method §6, §7): a tie gone cold, too little known, somebody asked too often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from kithbook.core.errors import Refused

WARM_ENOUGH = 0.25
SUPPORT, TRUST, KNOW = 5, 4, 2
MOST_PER_QUARTER = 3
QUARTER_DAYS = 91
LEVELS = ("know_of", "met", "worked_with", "vouch")
"""How far one can speak for somebody, from least to most."""
LEAST_LEVEL = "met"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two as the gates see them: `level` is how far the owner can speak for them, `load` see `is_loaded`."""

    name: str
    stage: int
    warmth: float
    last_on: date | None
    level: str
    load: int = 0


class Gate(NamedTuple):
    """What stands before an introduction: `kind` is "revive", "vouch" or "load", `text` a sentence."""

    kind: str
    text: str


def gates(side: Side) -> list[Gate]:
    """What speaks against bringing this person in now: a tie too cold, too little known, asked too often."""
    found = []
    if not is_warm_enough(side.stage, side.warmth):
        since = f"silent since {side.last_on:%B %Y}" if side.last_on else "no exchange is written down yet"
        found.append(Gate("revive", f"Revive first: {side.name}, {since}."))
    if not knows_enough(side.level):
        found.append(Gate("vouch", f"You know only of {side.name}: meet first, so that you can speak for them."))
    if is_loaded(side.load):
        found.append(Gate("load", f"{side.name} was in {side.load} introductions within three months: leave a pause."))
    return found


def is_warm_enough(stage: int, warmth: float) -> bool:
    """Whether one may turn to them for somebody else: warmth of .25 or more, or Support and above at any warmth."""
    return warmth >= WARM_ENOUGH or stage >= SUPPORT


def is_loaded(count: int) -> bool:
    """Whether one more introduction would be above three in a quarter."""
    return count >= MOST_PER_QUARTER


def knows_enough(level: str) -> bool:
    """Whether the owner can at least say who this is."""
    return LEVELS.index(level) >= LEVELS.index(LEAST_LEVEL)


def read_level(text: str) -> str:
    """A level of endorsement as stored, "" for none; raises Refused for a word that is none."""
    word = "_".join(text.strip().lower().replace("-", " ").split())
    if word and word not in LEVELS:
        raise Refused(f"“{text[:30]}” says nothing about how you know them.", f"Use one of: {', '.join(LEVELS)}.")
    return word


def find_level(said: str, my_stage: int | None, stage: int, *, has_met: bool = False) -> str:
    """How far the owner can speak for somebody: what they said themselves, else what history shows.

    Vouching wants Trust as the owner sees them (`my_stage`, else the stage of the tie), whatever was said before.
    """
    if said in LEVELS:
        return said if said != "vouch" or (my_stage or stage) >= TRUST else "worked_with"
    if my_stage is not None and my_stage >= TRUST:
        return "vouch"
    if stage >= TRUST:
        return "worked_with"
    return "met" if has_met or stage >= KNOW else "know_of"


def check_endorsement(wanted: str, name: str, my_stage: int | None, stage: int) -> None:
    """Raise Refused where the owner would vouch for somebody they do not trust yet."""
    if wanted == "vouch" and (my_stage or stage) < TRUST:
        raise Refused(
            f"Vouching for {name} puts your name to it, and you see them below Trust.",
            "Say “worked_with” or “met”, or place them at Trust first.",
        )

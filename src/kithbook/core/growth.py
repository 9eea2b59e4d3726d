"""How a tie grows: know, like and trust in facts, how long a stage usually takes, who begins (method §2).

Durations are judgement, given so that nobody takes a slow tie for a failed one: nothing is said about a tie before the
longer of the two has passed, and then only what would help.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from kithbook.core.daywords import write_date
from kithbook.core.ledger import add_months
from kithbook.core.stages import Evidence, Missing, Stage, missing, needs_of, stage_rule

EXPECTED_MONTHS: Mapping[int, tuple[int, int]] = MappingProxyType(
    {1: (1, 6), 2: (3, 12), 3: (6, 24), 4: (12, 36), 5: (12, 60), 6: (24, 120)}
)
"""Months that people usually stay at a stage before the next one, from – to (judgement)."""

KNOW_LIKE_TRUST = ((Stage.KNOW, "know"), (Stage.LIKE, "like"), (Stage.TRUST, "trust"))
EVEN = (0.35, 0.65)
LEAST_EXCHANGES = 3
PROMISING_MISSING = 1


class Fact(NamedTuple):
    """Know, like or trust: `state` "yes", "partly", "not yet" or "too early", and the dated facts that speak for it."""

    name: str
    state: str
    facts: tuple[str, ...]


class Growing(NamedTuple):
    """What the next stage still wants of somebody, and the one step to take now ("" where nothing is missing)."""

    missing: tuple[Missing, ...]
    next_step: str


def know_like_trust(evidence: Evidence) -> tuple[Fact, ...]:
    """People do business with those they know, like and trust: the facts for each, whatever the stage."""
    found = []
    for stage, name in KNOW_LIKE_TRUST:
        held = [need.holds(evidence) for need in needs_of(stage)]
        facts = tuple(sentence for sentence in held if sentence)
        early = any(need.early(evidence) for need in needs_of(stage))
        state = "yes" if all(held) else "partly" if facts else "too early" if early else "not yet"
        found.append(Fact(name, state, facts))
    return tuple(found)


def grow(evidence: Evidence, stage: int) -> Growing:
    """What is missing for the next stage, and the first of it as one thing to do."""
    wanted = missing(evidence, stage)
    return Growing(wanted, wanted[0].next_step if wanted else "")


def is_promising(evidence: Evidence, stage: int) -> bool:
    """Whether somebody at Like or Trust is one piece of evidence from the next stage."""
    return stage in (Stage.LIKE, Stage.TRUST) and len(missing(evidence, stage)) == PROMISING_MISSING


def say_pace(stage: int, since: date | None, today: date) -> str:
    """How long somebody has been at a stage beside how long it usually takes; "" where there is no next stage."""
    if stage not in EXPECTED_MONTHS or since is None or since > today:
        return ""
    low, high = EXPECTED_MONTHS[stage]
    months = count_months(since, today)
    name, following = stage_rule(stage).name, stage_rule(stage + 1).name
    usual = f"From {name} to {following} usually takes {low} to {high} months"
    if months < 1:
        return f"At {name} since {write_date(since)}. {usual}."
    return f"At {name} for {months} month{'s' if months != 1 else ''}. {usual}{_verdict(months, low, high)}."


def count_months(since: date, today: date) -> int:
    """Whole months from one day to a later one; the anniversary completes a month."""
    months = (today.year - since.year) * 12 + today.month - since.month
    return months - 1 if months > 0 and add_months(since, months) > today else max(0, months)


def say_symmetry(started_by_them: int, started_by_me: int, answered: int) -> str:
    """How much they put in, as their own view of the tie: who begins, and what becomes of what I begin."""
    begun = started_by_them + started_by_me
    if begun < LEAST_EXCHANGES:
        return "Too few exchanges so far to say who reaches out."
    share = started_by_them / begun
    if share > EVEN[1]:
        head = "Mostly they reach out"
    elif share >= EVEN[0]:
        head = "You reach out in turn"
    elif started_by_them:
        head = "Mostly you reach out"
    else:
        head = "So far only you have reached out"
    tail = f"they began {started_by_them} of {begun} exchanges"
    if started_by_me:
        tail += f", and {min(answered, started_by_me)} of your {started_by_me} were answered"
    return f"{head}: {tail}."


def share_of(part: Iterable[int], whole: Iterable[int]) -> float | None:
    """A share of sums, None where there is nothing to share."""
    total = sum(whole)
    return sum(part) / total if total else None


def _verdict(months: int, low: int, high: int) -> str:
    if months < low:
        return ": it is early"
    return "" if months <= high else ": it takes longer here, which happens"

"""Objectives: kinds and what each wants, shares of the minutes, what was invested before need, what follows success.

Method §8 and §10. An objective takes a share of the strategic minutes of a week; the shares of all open objectives
together are at most the whole. "Before need" is what was given to ties before anything was wanted of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from kithbook.core.channels import CHANNELS
from kithbook.core.errors import Invalid


class Kind(NamedTuple):
    """`roles` whom it needs, first the most wanted; `ask_size` 1–5 of the usual request; `is_push`: warned before."""

    label: str
    roles: tuple[str, ...]
    ask_size: int
    is_push: bool


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "job_search": Kind("job search", ("sponsor", "referrer", "connector", "mentor"), 3, is_push=True),
        "sales": Kind("sales", ("client", "referrer", "connector", "prospect"), 2, is_push=True),
        "move": Kind("move to another place", ("connector", "supporter"), 2, is_push=False),
        "project": Kind("project", ("adviser", "supporter", "sponsor"), 2, is_push=False),
        "other": Kind("something else", ("supporter", "mentor"), 2, is_push=False),
    }
)
OTHER = "other"
ROUNDING = 1e-6

CLUSTER_DAYS = 14
"""A touch so shortly before the first ask to that person is taken for part of the asking (d)."""


def kind_of(code: str) -> Kind:
    """The kind of that code; an empty or unknown one counts as something else."""
    return KINDS.get(code, KINDS[OTHER])


def check_share(share: float, others: Mapping[str, float]) -> None:
    """Raise Invalid where a share is not 0 to 1, or where it and those of the other open objectives exceed the whole.

    `others` maps the names of the other open objectives to their shares.
    """
    if not 0 <= share <= 1:
        raise Invalid(f"A share of {share:g} is outside 0 to 1.", "0.3 is thirty percent of the strategic minutes.")
    taken = math.fsum(others.values())
    if share and taken + share > 1 + ROUNDING:
        listed = ", ".join(f"{name} {_percent(part)}" for name, part in sorted(others.items()) if part > 0)
        raise Invalid(
            f"Together the objectives would take {_percent(taken + share)} of the strategic minutes ({listed}).",
            f"At most {_percent(max(0.0, 1 - taken))} is free for this one; lower another first if it is to have more.",
        )


def _percent(part: float) -> str:
    return f"{math.floor(part * 100 + 0.5)} %"


class BeforeNeed(NamedTuple):
    """Days of contact with the people of an objective: how many came before anything was wanted of them, of how many.

    `clustered` fall into the two weeks up to the first ask to that person.
    """

    before: int
    total: int
    clustered: int

    @property
    def share(self) -> float | None:
        """`before` of `total`, None where there was no contact."""
        return self.before / self.total if self.total else None


def count_before_need(
    touches: Iterable[tuple[int, date]], opened_on: date, first_ask_on: Mapping[int, date], today: date
) -> BeforeNeed:
    """Count the days of contact by (person id, day), up to `today`.

    A day lies before need where the objective was not yet open and nothing had been asked of that person. The day
    itself of the opening or of the ask no longer does. Several touches of one person and day are one.
    """
    days = {(person, day) for person, day in touches if day <= today}
    before = clustered = 0
    for person, day in days:
        asked_on = first_ask_on.get(person)
        before += day < min(opened_on, asked_on or date.max)
        clustered += asked_on is not None and asked_on - timedelta(days=CLUSTER_DAYS) <= day < asked_on
    return BeforeNeed(before, len(days), clustered)


def say_before_need(found: BeforeNeed) -> str:
    """One sentence, with a hint where contact clusters round asks."""
    if not found.total:
        return "No contact with these people is noted yet: everything you do now is invested before need."
    text = f"{found.before} of {found.total} days of contact with these people came before you needed anything."
    if found.clustered * 2 > found.total:
        text += f" {found.clustered} fell into the two weeks before an ask; begin earlier with the next one."
    return text


class Exchange(NamedTuple):
    """One counting exchange of the owner's with a person; `direction` −1 they to me; `minutes` None where unknown."""

    interaction_id: int
    person_id: int
    on: date
    channel: str
    direction: int
    minutes: int | None


def count_minutes(exchanges: Iterable[Exchange], opened_on: date, ended_on: date | None = None) -> int:
    """Minutes the owner spent from the opening to the end, both days included.

    What only came in takes none of the owner's time; an exchange with several people counts once, and one of unknown
    length takes its channel's usual minutes.
    """
    last = ended_on or date.max
    each = {
        one.interaction_id: CHANNELS[one.channel].minutes if one.minutes is None else one.minutes
        for one in exchanges
        if one.direction >= 0 and opened_on <= one.on <= last
    }
    return sum(each.values())

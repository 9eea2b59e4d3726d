"""The week in numbers (method §11): where minutes went, what was done before need, who began, what revived or was lost.

Everything is counted from contacts (one row a person and exchange) and from warmth at two moments. Nothing is stored.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kithbook.core.channels import CHANNELS
from kithbook.core.tierow import NEW_EXCHANGE_DAYS, SECONDS

ROUND_ASK_DAYS: Final = 14
"""A contact so many days before or after an ask to the same person is round that ask (d)."""
LEAST_CONTACTS: Final = 5
"""Below so many contacts a share says nothing."""
LEAST_BEFORE_NEED: Final = 2 / 3
"""A smaller share of contacts away from asks is worth a word (d)."""
LEAST_CLUSTER, CLUSTER_SHARE = 3, 2 / 3
"""Somebody met so often, and so much of it round asks, is named (d)."""

WARM: Final = 0.25
"""Warmth at which a tie turns from cooling to cold."""
LOST_SILENCE_DAYS: Final = 30
LOST_TWO_WAY: Final = 2
REVIVED_SILENCE_DAYS: Final = 90
LONG_SILENCE_DAYS: Final = 180

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Contact(NamedTuple):
    """One person in one exchange that counts.

    `on` is the local day, `at` epoch seconds, `direction` 1 me to them, -1 they to me, 0 both; `size` how many people
    it was addressed to, `minutes` what it took the owner if that was said.
    """

    person: int
    on: dt.date
    at: int
    channel: str
    direction: int
    size: int
    minutes: int | None


class BeforeNeed(NamedTuple):
    """Contacts of the owner's making (one a person and day), and how many of them lie round an ask."""

    contacts: int
    round_asks: int

    @property
    def share(self) -> float | None:
        """The share away from asks; None without contacts."""
        return (self.contacts - self.round_asks) / self.contacts if self.contacts else None


class Cluster(NamedTuple):
    """Somebody whom the owner is in touch with mostly round an ask: `near` of `contacts`, the ask nearest to them."""

    person: int
    near: int
    contacts: int
    ask_on: dt.date


class Initiation(NamedTuple):
    """Exchanges begun by the owner and by the others."""

    mine: int
    theirs: int

    @property
    def share(self) -> float | None:
        """The owner's share; None where nobody began anything."""
        return self.mine / (self.mine + self.theirs) if self.mine + self.theirs else None


def minutes_by_day(contacts: Iterable[Contact]) -> dict[tuple[int, dt.date], float]:
    """Minutes that each person took on each day.

    What came in costs nothing. Minutes that were said add up; where none were, the longest usual channel of the day
    counts once. What was shared with others is divided by their number.
    """
    said: dict[tuple[int, dt.date], float] = defaultdict(float)
    usual: dict[tuple[int, dt.date], float] = {}
    for one in contacts:
        if one.direction < 0:
            continue
        key, people = (one.person, one.on), max(one.size, 1)
        if one.minutes is not None:
            said[key] += one.minutes / people
        else:
            channel = CHANNELS.get(one.channel)
            usual[key] = max(usual.get(key, 0.0), channel.minutes / people if channel else 0.0)
    return {key: said[key] if key in said else usual[key] for key in [*said, *(k for k in usual if k not in said)]}


def minutes_by_person(contacts: Iterable[Contact]) -> dict[int, float]:
    """Minutes that each person took in all."""
    sums: dict[int, float] = defaultdict(float)
    for (person, _day), minutes in minutes_by_day(contacts).items():
        sums[person] += minutes
    return dict(sums)


def is_round_ask(on: dt.date, asks: Sequence[dt.date]) -> bool:
    """Whether a day lies within two weeks of one of the asks."""
    return any(abs((on - ask).days) <= ROUND_ASK_DAYS for ask in asks)


def before_need(contacts: Iterable[Contact], asks: Mapping[int, Sequence[dt.date]]) -> BeforeNeed:
    """How much of the owner's contact has no ask around it; `asks` are days by person, planned ones included."""
    days = {(one.person, one.on) for one in contacts if one.direction >= 0}
    return BeforeNeed(len(days), sum(is_round_ask(on, asks.get(person, ())) for person, on in days))


def find_clusters(contacts: Iterable[Contact], asks: Mapping[int, Sequence[dt.date]]) -> list[Cluster]:
    """People with three contacts or more, two thirds of them round an ask; the worst first."""
    by_person: dict[int, set[dt.date]] = defaultdict(set)
    for one in contacts:
        if one.direction >= 0 and one.person in asks:
            by_person[one.person].add(one.on)
    found = []
    for person, days in by_person.items():
        near = [on for on in days if is_round_ask(on, asks[person])]
        if len(near) >= LEAST_CLUSTER and len(near) / len(days) >= CLUSTER_SHARE:
            ask_on = min(asks[person], key=lambda ask: (min(abs((on - ask).days) for on in near), -ask.toordinal()))
            found.append(Cluster(person, len(near), len(days), ask_on))
    return sorted(found, key=lambda one: (-one.near / one.contacts, -one.near, one.person))


def is_late(found: BeforeNeed) -> bool:
    """Whether so much contact lies round asks that it is worth a word."""
    return found.share is not None and found.contacts >= LEAST_CONTACTS and found.share < LEAST_BEFORE_NEED


def who_began(contacts: Iterable[Contact], since: dt.date) -> Initiation:
    """Who wrote first in the exchanges that began on or after a day.

    An exchange begins after more than seven days of silence; what both began together (a meeting) counts for neither.
    `contacts` reach back seven days before `since`, so that one that goes on is told from a new one.
    """
    last: dict[int, int] = {}
    begun = {1: 0, -1: 0}
    for one in sorted(contacts, key=lambda row: (row.person, row.at, row.direction)):
        before = last.get(one.person)
        is_new = before is None or one.at - before > NEW_EXCHANGE_DAYS * SECONDS
        if is_new and one.direction and one.on >= since:
            begun[1 if one.direction > 0 else -1] += 1
        last[one.person] = one.at
    return Initiation(begun[1], begun[-1])


def find_lost(before: Floats, after: Floats, silence_days: Floats, two_way: NDArray[np.int32]) -> Mask:
    """Ties whose warmth fell through .25 between two moments; all arrays have length n.

    Only real ties (two exchanges that went both ways) that have been silent for 30 days at the end: what fades after
    one fresh word was never there to be lost.
    """
    fell = (before >= WARM) & (after < WARM)
    return np.asarray(fell & (silence_days >= LOST_SILENCE_DAYS) & (two_way >= LOST_TWO_WAY), dtype=np.bool_)


def find_revived(before: Floats, after: Floats, their_silence_days: Floats, took_part: Mask) -> Mask:
    """Ties that came back between two moments: they took part again after a long silence of theirs.

    Either after 180 days, whatever the warmth was, or after 90 days where it rose through .25. `their_silence_days` is
    since they last took part, infinite where they never had; `took_part` says that they did between the two moments.
    """
    known = np.isfinite(their_silence_days) & took_part
    rose = (before < WARM) & (after >= WARM) & (their_silence_days >= REVIVED_SILENCE_DAYS)
    return np.asarray(known & (rose | (their_silence_days >= LONG_SILENCE_DAYS)), dtype=np.bool_)


def review_week(today: dt.date) -> dt.date:
    """The Monday of the week to look back at: from Friday on the present one, before that the one that ended."""
    monday = today - dt.timedelta(days=today.weekday())
    return monday if today.weekday() >= 4 else monday - dt.timedelta(days=7)

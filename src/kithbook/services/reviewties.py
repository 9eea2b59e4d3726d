"""What the week did to ties: revived, lost, who began, what was done before need."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kithbook.core.daywords import say_day
from kithbook.core.review import (
    LEAST_BEFORE_NEED,
    REVIVED_SILENCE_DAYS,
    BeforeNeed,
    Contact,
    before_need,
    find_clusters,
    find_lost,
    find_revived,
    is_late,
    who_began,
)
from kithbook.services import clock, moments, ties
from kithbook.services.finding import brief
from kithbook.services.reviewviews import ClusterView, InitiationView, NeedView, TurnView
from kithbook.store.models import Ask, EntryParty, Owner, Person

HALF_YEAR_DAYS, QUARTER_DAYS, BEGIN_DAYS = 182, 91, 8
SHOWN = 12
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Turns:
    """Ties that came back and ties that faded, the warmest first."""

    revived: list[TurnView]
    lost: list[TurnView]


def asks_of(owner: Owner, since: dt.date) -> dict[int, list[dt.date]]:
    """Days of asks by person from that day on: made, planned, or help that had been asked for."""
    found: dict[int, list[dt.date]] = defaultdict(list)
    for person, asked_on, planned_on in Ask.objects.of(owner).values_list("person_id", "asked_on", "planned_on"):
        day = asked_on or planned_on
        if day and day >= since:
            found[person].append(day)
    rows = EntryParty.objects.of(owner).filter(entry__direction="got", entry__was_asked=True, entry__on__gte=since)
    for person, day in rows.values_list("person_id", "entry__on"):
        found[person].append(day)
    return dict(found)


def need_view(found: BeforeNeed) -> NeedView:
    """The share that is away from asks."""
    return NeedView(found.contacts, found.round_asks, None if found.share is None else round(found.share, 3))


def warn(found: BeforeNeed) -> str:
    """A calm sentence where much contact lies round asks, else nothing."""
    if not is_late(found):
        return ""
    return (
        f"{found.round_asks} of your {found.contacts} contacts in the last half-year lie within two weeks of an ask. "
        f"A word with nothing to ask, now and then, changes how the next ask is heard; two thirds "
        f"({LEAST_BEFORE_NEED:.0%}) away from asks is a good mark."
    )


def cluster_views(
    owner: Owner, contacts: Sequence[Contact], asks: Mapping[int, Sequence[dt.date]]
) -> list[ClusterView]:
    """People with whom the owner is in touch mostly round asks."""
    found = find_clusters(contacts, asks)[:SHOWN]
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=[one.person for one in found])}
    return [
        ClusterView(
            brief(people[one.person]),
            f"{one.near} of your {one.contacts} contacts in half a year lie round the ask of {say_day(one.ask_on)}.",
        )
        for one in found
        if one.person in people
    ]


def needs(
    contacts: Sequence[Contact], asks: Mapping[int, Sequence[dt.date]], monday: dt.date, last: dt.date
) -> tuple[BeforeNeed, BeforeNeed]:
    """Before need in the week, and in the half-year that ends with it."""
    week = [one for one in contacts if monday <= one.on <= last]
    return before_need(week, asks), before_need(contacts, asks)


def began(contacts: Sequence[Contact], since: dt.date) -> InitiationView:
    """Who began the exchanges since a day."""
    recent = [one for one in contacts if one.on >= since - dt.timedelta(days=BEGIN_DAYS)]
    found = who_began(recent, since)
    return InitiationView(found.mine, found.theirs, None if found.share is None else round(found.share, 3))


def turns(owner: Owner, table: ties.TieTable, contacts: Sequence[Contact], monday: dt.date, last: dt.date) -> Turns:
    """Revived and lost ties between the Monday and the end of the day `last` (or now)."""
    if not len(table):
        return Turns([], [])
    start = moments.epoch(owner, monday) - 1
    end = min(moments.epoch(owner, last + dt.timedelta(days=1)) - 1, int(clock.now().timestamp()))
    there = {one.person for one in contacts if one.direction <= 0 and monday <= one.on <= last}
    # Who was heard of not long before the week did not come back in it, and who was in touch in it was not lost;
    # of a week long past, what happened since has to be taken off all of them.
    lately = monday - dt.timedelta(days=REVIVED_SILENCE_DAYS)
    back = there - {one.person for one in contacts if one.direction <= 0 and lately <= one.on < monday}
    is_present = end == int(clock.now().timestamp())
    then = moments.table_at(owner, table, start, back if is_present else None)
    now = moments.table_at(owner, table, end)
    before, after = then.warmth(start), now.warmth(end)
    took_part = np.isin(table.ids, np.array(sorted(there), dtype=np.int64))
    heard = then.states["last_in_at"]
    theirs = np.where(heard > 0, (start - heard) / _DAY, np.inf)
    silence = np.where(now.states["days"] > 0, (end - now.states["last_at"]) / _DAY, np.inf)
    revived = find_revived(before, after, theirs, took_part)
    lost = find_lost(before, after, silence, now.states["two_way"])
    shown = np.flatnonzero(revived | lost)
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=[int(i) for i in table.ids[shown]])}
    found: tuple[list[TurnView], list[TurnView]] = ([], [])
    for row in sorted(shown, key=lambda i: -max(before[i], after[i])):
        person = people[int(table.ids[row])]
        quiet_since = _last_on(then if revived[row] else now, int(row))
        words = f"{float(before[row]):.0%} → {float(after[row]):.0%}"
        why = (
            f"In touch again after {_months(float(theirs[row]))}; warmth {words}."
            if revived[row]
            else f"Last contact {say_day(quiet_since) if quiet_since else 'long ago'}; warmth {words}."
        )
        view = TurnView(brief(person), quiet_since, round(float(before[row]), 3), round(float(after[row]), 3), why)
        found[0 if revived[row] else 1].append(view)
    return Turns(found[0], found[1])


def _last_on(table: ties.TieTable, row: int) -> dt.date | None:
    return ties.day_of(int(table.states["last_day"][row])) if table.states["days"][row] else None


def _months(days: float) -> str:
    months = round(days / 30.44)
    return f"{months} months" if months < 24 else f"{days / 365.25:.0f} years"

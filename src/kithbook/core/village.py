"""The demo village: about 150 invented people over five years around Robin Vale, with the hard cases on purpose.

Robin is a freelance service designer who moved from Lisbon to Vienna two years ago. The same day and seed give the same
village on every machine. Robin lives in "Europe/Vienna"; nothing of the past is later than yesterday 17:00 UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from kithbook.core.records import Job, PartialDate
from kithbook.core.villagebank import Evidence, gather_evidence
from kithbook.core.villageevents import BULK_MAIL, list_chats, list_events, list_groups, list_mail_to_many
from kithbook.core.villagelife import Calendar, list_exchanges
from kithbook.core.villagepeople import CIRCLES, Cast, list_cast
from kithbook.core.villagestory import (
    OWNER,
    ROLES,
    TRAITS,
    list_aims,
    list_asks,
    list_facts,
    list_gifts,
    list_introductions,
    list_promises,
    list_referrals,
    list_told_exchanges,
    list_told_moves,
)
from kithbook.core.villagetypes import Exchange, Village, Villager

FRIEND = 7
BIRTHDAY_SOON = ("leila-haddadi", 4)
"""Somebody whose birthday is in so many days, of a year unknown."""

Spans = dict[str, tuple[datetime, datetime]]


def build(today: date, seed: int = 7) -> Village:
    """The village as it stands in the morning of `today`."""
    calendar = Calendar(today, seed)
    cast = list_cast()
    events = list_events(cast, calendar)
    exchanges = [exchange for one in cast for exchange in list_exchanges(one, calendar)]
    exchanges += list_told_exchanges(calendar)
    exchanges += list_chats(events, {one.key: one for one in cast}, calendar)
    spans = _spans(exchanges)
    exchanges += list_mail_to_many(cast, calendar)
    people = tuple(_villager(one, number, spans, calendar) for number, one in enumerate(cast))
    evidence = gather_evidence(cast, spans, frozenset(p.key for p in people if p.no_gifts), calendar)
    village = _tell(calendar, people, evidence)
    return replace(village, groups=list_groups(cast), events=events, exchanges=_in_order(exchanges))


def _tell(calendar: Calendar, people: tuple[Villager, ...], evidence: Evidence) -> Village:
    """The people with gathered evidence and told stories, by date; life itself is added by `build`."""
    return Village(
        today=calendar.today,
        owner=OWNER,
        people=people,
        groups=(),
        events=(),
        exchanges=(),
        gifts=tuple(sorted([*evidence.gifts, *list_gifts(calendar)], key=lambda gift: gift.on)),
        promises=tuple(sorted([*evidence.promises, *list_promises(calendar)], key=lambda word: word.made_on)),
        asks=(*evidence.asks, *list_asks(calendar)),
        introductions=tuple(list_introductions(calendar)),
        referrals=tuple(list_referrals(calendar)),
        moves=tuple(sorted([*evidence.moves, *list_told_moves(calendar)], key=lambda move: move.at)),
        objectives=tuple(list_aims(calendar)),
        topics=(*evidence.topics, *list_facts(calendar)),
        roles=ROLES,
        bulk_mail=BULK_MAIL,
    )


def _in_order(exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    return tuple(sorted(exchanges, key=lambda one: (one.at, one.people, one.title)))


def _spans(exchanges: Sequence[Exchange]) -> Spans:
    """First and last exchange of everybody."""
    spans: Spans = {}
    for exchange in exchanges:
        for key, _ in exchange.people:
            first, last = spans.get(key, (exchange.at, exchange.at))
            spans[key] = (min(first, exchange.at), max(last, exchange.at))
    return spans


def _villager(one: Cast, number: int, spans: Spans, calendar: Calendar) -> Villager:
    dice = calendar.dice(f"{one.key}:person")
    facts = CIRCLES[one.circle]
    met_at = min(calendar.at(calendar.started(one), 16), spans.get(one.key, (calendar.latest,))[0])
    rated = one.stage > 2 and dice.is_below(0.6)
    fields: dict[str, Any] = {
        "emails": ((f"{one.key.replace('-', '.')}@{facts.domain}", "work" if facts.work else "home"),),
        # Numbers from the ranges that are kept free for drama, so that nobody's telephone rings.
        "phone": f"+44 20 7946 0{number + 100:03d}" if one.stage > 2 and dice.is_below(0.4) else "",
        "jobs": _jobs(one, met_at.year - dice.whole(0, 6)),
        "tags": (facts.tag,) if facts.tag else (),
        "birthday": _birthday(one, dice.whole(1955, 2001), dice.whole(1, 12), dice.whole(1, 28), calendar),
        "met_where": facts.met_where,
        "liking": dice.whole(3, 5) if rated else None,
        "importance": dice.whole(2, 5) if rated and facts.work else None,
        "closeness": {FRIEND: 5, FRIEND - 1: 4}.get(one.stage),
        "follows_up": one.rhythm.startswith("new"),
        "standing": "seen" if one.rhythm == "seen" else "kept",
    }
    fields.update(TRAITS.get(one.key, {}))
    return Villager(
        key=one.key, name=one.name, circle=one.circle, stage=one.stage, met_at=met_at, place=one.place, **fields
    )


def _jobs(one: Cast, year: int) -> tuple[Job, ...]:
    if not (one.organisation or one.role):
        return ()
    return (Job(one.organisation or "independent", one.role, PartialDate(year)),)


def _birthday(one: Cast, year: int, month: int, day: int, calendar: Calendar) -> PartialDate | None:
    """Known of about half of those who are closer; some without the year."""
    if one.key == BIRTHDAY_SOON[0]:
        soon = calendar.day(-BIRTHDAY_SOON[1])
        return PartialDate(None, soon.month, soon.day)
    if one.stage < 3 or day % 2:
        return None
    is_year_known = one.circle != "family" and year % 3
    return PartialDate(year if is_year_known else None, month, day)

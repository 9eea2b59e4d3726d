"""A town: the village many times over, under other names, for measuring at sizes that nobody's demo needs.

Every fourth village, the first among them, has everything; the others have their people, exchanges, moves and topics
only, so that what somebody writes by hand (gifts, promises, asks) stays at an amount that one person could have written
in five years.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

from kithbook.core.villagetypes import Bridge, Circle, Door, Exchange, Gathering, Gift, Village, Villager

STORIED = 4
"""One village in so many has its gifts, promises, asks, introductions, referrals and events."""
SHIFT = timedelta(hours=11)
"""Each village's exchanges lie this much before those of the one before, a month at most."""
SHIFTS = 60
KEPT_IN_PART = frozenset(("today", "owner", "people", "exchanges", "moves", "topics", "bulk_mail"))
"""What stays where only some of a village are taken; all else tells stories of several people."""
_STARTS, _ENDS = "bdfgklmnrstv", "aeio"


def build(village: Village, people: int, exchanges: int) -> Village:
    """A town of exactly `people`, those of the village at least, with about `exchanges` over everybody."""
    copies = [village, *(_copy(village, number) for number in range(1, -(-people // len(village.people))))]
    last = copies[-1]
    kept = frozenset(one.key for one in last.people[: people - len(village.people) * (len(copies) - 1)])
    copies[-1] = _only(last, kept) if len(kept) < len(last.people) else last
    storied = copies[::STORIED]
    all_exchanges = [one for copy in copies for one in copy.exchanges]
    return replace(
        village,
        people=tuple(one for copy in copies for one in copy.people),
        exchanges=_thinned(all_exchanges, exchanges),
        moves=tuple(one for copy in copies for one in copy.moves),
        topics=tuple(one for copy in copies for one in copy.topics),
        groups=tuple(one for copy in storied for one in copy.groups),
        events=tuple(one for copy in storied for one in copy.events),
        gifts=tuple(one for copy in storied for one in copy.gifts),
        promises=tuple(one for copy in storied for one in copy.promises),
        asks=tuple(one for copy in storied for one in copy.asks),
        introductions=tuple(one for copy in storied for one in copy.introductions),
        referrals=tuple(one for copy in storied for one in copy.referrals),
    )


def _thinned(exchanges: list[Exchange], most: int) -> tuple[Exchange, ...]:
    """Every so-manieth, and all that something else refers to."""
    if len(exchanges) <= most:
        return tuple(exchanges)
    share = most / len(exchanges)
    return tuple(one for n, one in enumerate(exchanges) if one.key or int((n + 1) * share) > int(n * share))


def _syllables(number: int) -> str:
    """A word of its own for each number: “ba”, “be” and so on."""
    found = ""
    while number:
        number, at = divmod(number - 1, len(_STARTS) * len(_ENDS))
        found = _STARTS[at // len(_ENDS)] + _ENDS[at % len(_ENDS)] + found
    return found


def _copy(village: Village, number: int) -> Village:
    """The same people under other names; what has a key or a name of its own gets another."""
    word = _syllables(number)
    back = SHIFT * (number % SHIFTS)

    def key(old: str) -> str:
        return old and f"{old}-{word}"

    def person(one: Villager) -> Villager:
        emails = tuple((f"{word}.{address}", label) for address, label in one.emails)
        return replace(
            one, key=key(one.key), name=f"{one.name} {word.title()}", emails=emails, phone="", nicknames=(),
            met_event="" if number % STORIED else key(one.met_event), met_through=key(one.met_through),
        )  # fmt: skip

    def exchange(one: Exchange) -> Exchange:
        event = "" if number % STORIED else key(one.event)
        people = tuple((key(who), role) for who, role in one.people)
        return replace(one, at=one.at - back, people=people, event=event, key=key(one.key))

    def gift(one: Gift) -> Gift:
        names: dict[str, Any] = {name: key(getattr(one, name)) for name in ("referral", "introduction", "exchange")}
        return replace(one, people=tuple(map(key, one.people)), **names)

    def bridge(one: Bridge) -> Bridge:
        names: dict[str, Any] = {
            name: key(getattr(one, name)) for name in ("key", "introducer", "first", "second", "asked_by")
        }
        return replace(one, steps=tuple(replace(s, person=key(s.person)) for s in one.steps), **names)

    def door(one: Door) -> Door:
        names: dict[str, Any] = {
            name: key(getattr(one, name)) for name in ("key", "giver", "receiver", "about", "introduction")
        }
        return replace(one, **names)

    def circle(one: Circle) -> Circle:
        members = tuple((key(who), role) for who, role in one.members)
        return replace(one, key=key(one.key), name=f"{one.name} {word.title()}", members=members)

    def gathering(one: Gathering) -> Gathering:
        there = tuple((key(who), met, note) for who, met, note in one.there)
        return replace(one, key=key(one.key), name=f"{one.name} {word.title()}", group=key(one.group), there=there)

    return replace(
        village,
        people=tuple(map(person, village.people)),
        groups=tuple(map(circle, village.groups)),
        events=tuple(map(gathering, village.events)),
        exchanges=tuple(map(exchange, village.exchanges)),
        gifts=tuple(map(gift, village.gifts)),
        promises=tuple(replace(one, person=key(one.person), about=key(one.about)) for one in village.promises),
        asks=tuple(replace(one, person=key(one.person)) for one in village.asks),
        introductions=tuple(map(bridge, village.introductions)),
        referrals=tuple(map(door, village.referrals)),
        moves=tuple(replace(one, person=key(one.person)) for one in village.moves),
        topics=tuple(replace(one, person=key(one.person)) for one in village.topics if one.person),
    )


def _only(village: Village, kept: frozenset[str]) -> Village:
    """Part of a village: some people, and of what happened only what is theirs; no stories."""
    nothing: dict[str, Any] = {field.name: () for field in fields(village) if field.name not in KEPT_IN_PART}
    return replace(
        village,
        people=tuple(
            replace(one, met_event="", met_through=one.met_through if one.met_through in kept else "")
            for one in village.people
            if one.key in kept
        ),
        exchanges=tuple(
            replace(one, event="") for one in village.exchanges if all(who in kept for who, _ in one.people)
        ),
        moves=tuple(one for one in village.moves if one.person in kept),
        topics=tuple(one for one in village.topics if one.person in kept or not one.person),
        **nothing,
    )

"""Views of events, groups, places and trips."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kithbook.services.personviews import PersonBrief


@dataclass(frozen=True, slots=True)
class EventBrief:
    """An event in a list: people on its list, those talked to, and those followed up within 14 days."""

    id: str
    name: str
    on: dt.date | None
    place: str
    group: str | None
    group_name: str
    people: int
    met: int
    followed: int
    text: str
    upcoming: bool


@dataclass(frozen=True, slots=True)
class AttendeeView:
    """Somebody at an event: who they are, when you last talked, what is open, and what to ask."""

    person: PersonBrief
    met: bool
    note: str
    who: str
    state: str
    last_contact_on: dt.date | None
    open_loops: list[str]
    interests: list[str]
    ask: str
    is_new: bool
    followed_on: dt.date | None


@dataclass(frozen=True, slots=True)
class EventView:
    """One event with its people."""

    event: EventBrief
    note: str
    roster: list[AttendeeView]
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class EventsView:
    """Events ahead, soonest first, and past ones, latest first."""

    ahead: list[EventBrief]
    past: list[EventBrief]
    total: int


@dataclass(frozen=True, slots=True)
class RosterMatch:
    """A name of a pasted list: `people` has the one meant, several it fits, or nobody (somebody new)."""

    name: str
    people: list[PersonBrief]


@dataclass(frozen=True, slots=True)
class UnseenView:
    """Somebody worth a coffee: not seen for six months."""

    person: PersonBrief
    state: str
    seen_on: dt.date | None
    last_contact_on: dt.date | None
    why: str
    idea: str


@dataclass(frozen=True, slots=True)
class MemberView:
    """Somebody's role in a group."""

    person: PersonBrief
    role: str
    state: str
    last_contact_on: dt.date | None


@dataclass(frozen=True, slots=True)
class StepUpView:
    """A group in which to step up: the next role, whom to ask, and why."""

    group: str
    group_name: str
    role: str
    ask: list[PersonBrief]
    why: str


@dataclass(frozen=True, slots=True)
class GroupBrief:
    """A group in a list; `warm` of its members have a tie that is alive or cooling."""

    id: str
    name: str
    kind: str
    my_role: str
    members: int
    warm: int
    events: int
    given: int
    since: dt.date | None


@dataclass(frozen=True, slots=True)
class GroupServiceView:
    """Something done for a group."""

    id: str
    on: dt.date
    text: str
    size: int
    batch: str | None


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group: my role, its members and theirs, its events, what I did for it."""

    group: GroupBrief
    note: str
    members: list[MemberView]
    events: list[EventBrief]
    given: list[GroupServiceView]
    step_up: StepUpView | None
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceBrief:
    """A place and how many people are there."""

    name: str
    people: int
    warm: int


@dataclass(frozen=True, slots=True)
class LocalView:
    """Somebody in a place; `touch` is a light thing to do, `every_days` how often a word is enough (0: not said)."""

    person: PersonBrief
    place: str
    state: str
    warmth: float
    last_contact_on: dt.date | None
    touch: str
    every_days: int = 0


@dataclass(frozen=True, slots=True)
class FriendView:
    """Somebody elsewhere who may know people in a place, and why."""

    person: PersonBrief
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Who is in a place, the warmest first."""

    place: str
    people: list[LocalView]
    total: int


@dataclass(frozen=True, slots=True)
class TripBrief:
    """A trip in a list."""

    id: str
    place: str
    kind: str
    starts_on: dt.date
    ends_on: dt.date | None
    note: str
    people: int
    over: bool


@dataclass(frozen=True, slots=True)
class PlacesView:
    """Trips to come, trips gone by, where the owner lives, and who is where."""

    home: str
    trips: list[TripBrief]
    past_trips: list[TripBrief]
    places: list[PlaceBrief]
    without_place: int


@dataclass(frozen=True, slots=True)
class TripView:
    """Whom to see at the place of a trip; when moving, also whom to keep at the old place."""

    trip: TripBrief
    warm: list[LocalView]
    worth_reviving: list[LocalView]
    others: list[LocalView]
    friends: list[FriendView]
    leaving: str
    keep: list[LocalView]
    batch: str | None = None

"""Views of help received, thanks, referrals and the doors that people opened."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kithbook.services.views import PersonBrief


@dataclass(frozen=True, slots=True)
class ThanksGiven:
    """One thank-you."""

    on: dt.date
    channel: str


@dataclass(frozen=True, slots=True)
class OwedView:
    """Help received and how far it is thanked: "due", "overdue", "partly" or "thanked".

    `id` names it for `thank` and `report`, `referral` is the id of the referral where it is one. `rank` is 0 (nothing)
    to 4 (gift or lunch). `next_step`, `channel` and `due_on` are what to do next, empty where nothing is left.
    """

    id: str
    referral: str | None
    person: PersonBrief
    kind: str
    what: str
    got_on: dt.date
    size: int
    state: str
    rank: int
    rank_words: str
    next_step: str
    channel: str
    due_on: dt.date | None
    thanked: list[ThanksGiven]
    reported_on: list[dt.date]
    outcome: str
    outcome_on: dt.date | None
    returned_on: dt.date | None
    help_back: list[str]
    no_gifts: bool


@dataclass(frozen=True, slots=True)
class ThanksView:
    """Thanks that are owed (due first), partly given, and done (the latest first); `done_total` counts all of these."""

    owed: list[OwedView]
    partly: list[OwedView]
    done: list[OwedView]
    done_total: int


@dataclass(frozen=True, slots=True)
class NeglectedView:
    """Somebody who opened a door and has not heard enough since. `missing` are sentences, `remedy` what mends it."""

    person: PersonBrief
    since: dt.date
    missing: list[str]
    remedy: str
    risk: str


@dataclass(frozen=True, slots=True)
class DoorView:
    """A door that somebody opened: `kind` "person", "introduction", "referral" or "outcome", and what came of it."""

    opener: PersonBrief
    kind: str
    what: str
    on: dt.date | None
    to: PersonBrief | None
    outcome: str
    value: float | None


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A referral. `is_mine`: the owner made it; `person` is the one on the other side. `vouch` is said for mine."""

    id: str
    is_mine: bool
    person: PersonBrief
    about: PersonBrief | None
    kind: str
    text: str
    on: dt.date
    vouch: str
    outcome: str
    outcome_on: dt.date | None
    reported_on: dt.date | None
    value: float | None
    message: str = ""
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class VouchView:
    """How far the owner can vouch for somebody, whether that is enough to refer them, and why."""

    person: PersonBrief
    level: str
    is_enough: bool
    why: list[str]


@dataclass(frozen=True, slots=True)
class KeepUpView:
    """A light touch for somebody who helped to reach an objective; `is_next` marks the one to do next."""

    person: PersonBrief
    on: dt.date
    channel: str
    minutes: int
    what: str
    is_next: bool

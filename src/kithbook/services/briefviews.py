"""Views of facts about people, of what was found in notes, and of the page before a meeting."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kithbook.services.personviews import AffiliationView, LoopView, PersonBrief, PromiseView
from kithbook.services.reviewviews import RepliesView


@dataclass(frozen=True, slots=True)
class FactView:
    """One thing noted about a person: kind, words, when and from where; old ones are worth asking again."""

    id: str
    person: PersonBrief
    about: str
    text: str
    noted_on: dt.date
    source: str
    is_sensitive: bool
    is_stale: bool


@dataclass(frozen=True, slots=True)
class LearnView:
    """Something still unknown about a person, with a question to learn it by."""

    code: str
    what: str
    question: str


@dataclass(frozen=True, slots=True)
class FoundView:
    """A note, fact, exchange, bank entry or promise that holds the words."""

    person: PersonBrief
    where: str
    text: str
    on: dt.date | None


@dataclass(frozen=True, slots=True)
class FactsView:
    """All that is noted about a person, and what to learn next."""

    person: PersonBrief
    facts: list[FactView]
    learn: list[LearnView]


@dataclass(frozen=True, slots=True)
class TalkView:
    """One earlier exchange: when, on which channel, how long, about what."""

    on: dt.date
    channel: str
    direction: int
    minutes: int | None
    text: str


@dataclass(frozen=True, slots=True)
class BriefView:
    """One page to read before meeting somebody. `may_ask` is a line on the right to ask, empty where unknown."""

    person: PersonBrief
    stage_name: str
    state: str
    warmth: float
    place: str
    affiliations: list[AffiliationView]
    tags: list[str]
    met: str
    note: str
    last_contact_on: dt.date | None
    talks: list[TalkView]
    replies: RepliesView
    mine_open: list[LoopView]
    theirs_open: list[PromiseView]
    wants: list[FactView]
    facts: list[FactView]
    give: list[str]
    ask_about: list[str]
    learn: list[LearnView]
    in_common: list[PersonBrief]
    dates: dict[str, str]
    may_ask: str

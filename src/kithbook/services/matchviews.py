"""Views of matching by meaning: suggestions, the answer to "who can help?", and how many could."""

from __future__ import annotations

from dataclasses import dataclass, field

from kithbook.services.personviews import PersonBrief


@dataclass(frozen=True, slots=True)
class MatchSide:
    """One side of a match: whose (None: the owner's), what kind of text (need, goal, offer, work, …), and the text."""

    person: PersonBrief | None
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """A need and an offer that fit.

    `strength` (0 to 1) is a rank: of ordinary needs and offers, the part that suits these two less than they suit each
    other. `why` says it in words; `gives_back` says what would come back, where both sides win. Nothing is ever sent.
    """

    need: MatchSide
    offer: MatchSide
    strength: float
    why: str
    gives_back: str = ""


@dataclass(frozen=True, slots=True)
class MatchList:
    """Matches, the best first."""

    matches: list[Match] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HelperView:
    """Somebody who can probably help: why, how warm the tie is now, and what was noted that fits."""

    person: PersonBrief
    why: str
    warmth: float
    state: str
    topics: list[str]
    place: str
    strength: float


@dataclass(frozen=True, slots=True)
class PathView:
    """Somebody who may know somebody."""

    through: PersonBrief
    why: str
    warmth: float
    state: str


@dataclass(frozen=True, slots=True)
class GoToView:
    """Who can help with something, and through whom others could be reached."""

    what: str
    place: str
    people: list[HelperView]
    paths: list[PathView]


@dataclass(frozen=True, slots=True)
class CoverView:
    """How many people there are for a skill, an industry or a place, and how many of them are warm."""

    kind: str
    name: str
    people: int
    warm: int
    names: list[str]


@dataclass(frozen=True, slots=True)
class CoverageView:
    """Redundancy of the network: people and warm people for each skill or industry and each place."""

    people: int
    warm: int
    skills: list[CoverView]
    places: list[CoverView]


@dataclass(frozen=True, slots=True)
class PeopleServedView:
    """How many people the owner has helped: by introductions, referrals and other help."""

    people: int
    last_year: int
    introductions: int
    referrals: int
    help: int


@dataclass(frozen=True, slots=True)
class SemanticView:
    """Which model takes the second look, and how many vectors of texts are stored."""

    model: str
    folder: str
    is_own: bool
    width: int
    stored: int
    message: str

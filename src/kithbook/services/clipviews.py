"""Views of clips, feeds and reasons to write."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from kithbook.services.personviews import PersonBrief


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """Somebody a clip suits, and why; `mail` opens a draft in the user's mail program, "" without their e-mail."""

    person: PersonBrief
    why: str
    strength: float
    mail: str = ""


@dataclass(frozen=True, slots=True)
class ClipUseView:
    """Whom a clip was sent to."""

    person: PersonBrief
    on: dt.date


@dataclass(frozen=True, slots=True)
class ClipView:
    """Something to pass on: a link or a note, whom it suits, and who has it already."""

    id: str
    title: str
    url: str
    note: str
    feed: str
    noted_on: dt.date
    is_dismissed: bool
    suggested: list[SuggestionView] = field(default_factory=list)
    sent: list[ClipUseView] = field(default_factory=list)
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class ClipsPage:
    """Clips, those that suit somebody first, then the newest; `suiting` of `total` suit somebody."""

    clips: list[ClipView]
    total: int
    suiting: int
    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class FeedView:
    """An RSS or Atom feed; `error` is why the last fetch failed, "" after one that went well."""

    id: str
    url: str
    title: str
    is_on: bool
    fetched_at: dt.datetime | None
    error: str
    failures: int
    clips: int


@dataclass(frozen=True, slots=True)
class FeedReport:
    """What a look at feeds brought."""

    feeds: int
    new_clips: int
    failed: list[str]
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class OpmlView:
    """The list of feeds as OPML, which other readers understand."""

    feeds: int
    text: str


@dataclass(frozen=True, slots=True)
class ReasonToWrite:
    """An occasion to get in touch: why, what to do, and a draft with blanks; nothing is sent.

    `mail` opens the draft in the user's mail program and is "" without an e-mail of theirs; `clip` is the clip to send.
    """

    kind: str
    text: str
    idea: str
    channel: str
    minutes: int
    strength: float
    subject: str
    draft: str
    mail: str
    clip: str | None = None


@dataclass(frozen=True, slots=True)
class ReasonsView:
    """All reasons to write to a person, the strongest first; `rhythm_days` is how often the owner wants contact."""

    person: PersonBrief
    reasons: list[ReasonToWrite]
    opener: str
    rhythm_days: int | None = None

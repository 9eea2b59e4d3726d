"""Views of objectives, roles, outcomes and readiness."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from kithbook.services.personviews import PersonBrief
from kithbook.services.thankviews import KeepUpView


@dataclass(frozen=True, slots=True)
class OutcomePartyView:
    """Somebody an outcome came from, and through which introduction or referral."""

    person: PersonBrief
    introduction: str | None
    referral: str | None


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """Something good that came of the network."""

    id: str
    on: dt.date
    text: str
    unexpected: bool
    value: float | None
    note: str
    objective: str | None
    objective_name: str
    parties: list[OutcomePartyView]
    batch: str | None


@dataclass(frozen=True, slots=True)
class ContributorView:
    """How many outcomes came from a person."""

    person: PersonBrief
    outcomes: int
    unexpected: int


@dataclass(frozen=True, slots=True)
class OutcomesView:
    """The log, newest first; `total`, `unexpected` and `value` are over all that fit, not only those listed."""

    outcomes: list[OutcomeView]
    total: int
    unexpected: int
    value: float
    contributors: list[ContributorView]


@dataclass(frozen=True, slots=True)
class RoleView:
    """What a person is to the owner; `objective` is None where it holds for everything."""

    person: PersonBrief
    role: str
    objective: str | None
    objective_name: str
    state: str


@dataclass(frozen=True, slots=True)
class RoleCoverView:
    """How many fit one role or need, how warm they are, and the word for it: ready, thin, cold, empty."""

    what: str
    word: str
    alive: int
    cooling: int
    cold: int
    dormant: int
    ready: int
    people: list[PersonBrief]


@dataclass(frozen=True, slots=True)
class CallView:
    """Somebody who could be called; `verdict` is that of the ask check, `step` what brings them nearer to ready."""

    person: PersonBrief
    state: str
    warmth: float
    last_contact_on: dt.date | None
    verdict: str
    ready: bool
    roles: list[str]
    why: str
    step: str


@dataclass(frozen=True, slots=True)
class HintView:
    """Somebody warm through whom others can be reached; `target` is the one whose tie is not warm, where it is one."""

    target: PersonBrief | None
    through: PersonBrief
    why: str


@dataclass(frozen=True, slots=True)
class ReadinessView:
    """If I needed X tomorrow. `warning` is set before a job search or sales push without good cover."""

    what: str
    objective: str | None
    objective_name: str
    word: str
    sentence: str
    warning: str
    cover: RoleCoverView
    covers: list[RoleCoverView]
    people: list[CallView]
    steps: list[CallView]
    hints: list[HintView]


@dataclass(frozen=True, slots=True)
class ObjectiveBrief:
    """An objective in a list; minutes are spent since it was opened, and planned in this week."""

    id: str
    name: str
    kind: str
    kind_label: str
    state: str
    share: float
    due_on: dt.date | None
    ended_on: dt.date | None
    opened_on: dt.date
    people: int
    helpers: int
    outcomes: int
    minutes_spent: int
    minutes_planned: int


@dataclass(frozen=True, slots=True)
class ObjectivesView:
    """All objectives, and what is left of the strategic minutes."""

    objectives: list[ObjectiveBrief]
    share_taken: float
    share_free: float


@dataclass(frozen=True, slots=True)
class ObjectivePersonView:
    """Somebody who matters to an objective; `prompt` is what to ask them, above all whom they help to reach it."""

    person: PersonBrief
    helper: bool
    roles: list[str]
    state: str
    warmth: float
    last_contact_on: dt.date | None
    goals: list[str]
    prompt: str


@dataclass(frozen=True, slots=True)
class ObjectiveView:
    """One objective with everything that belongs to it; `readiness` is looked up when it is shown and open."""

    objective: ObjectiveBrief
    target: str
    note: str
    people: list[ObjectivePersonView]
    before_need: int
    contacts: int
    before_need_share: float | None
    before_need_text: str
    asks: int
    outcomes: list[OutcomeView]
    readiness: ReadinessView | None
    share_free: float
    keep_up: list[KeepUpView] = field(default_factory=list)
    batch: str | None = None

"""Views of the weekly review, the statistics, social minutes, tips and the owner's choices."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kithbook.services.personviews import PersonBrief


@dataclass(frozen=True, slots=True)
class PreferencesView:
    """The owner's choices. Days are names, hours 0 to 23, shares whole percentages."""

    review_day: str
    review_hour: int
    review_mail: bool
    review_to: str
    social_minutes: int
    giving_share: int
    quiet_from: int
    quiet_until: int
    quiet_days: list[str]
    relationship_time: list[str]
    shares: dict[str, int]
    calendar_on: bool


@dataclass(frozen=True, slots=True)
class TipView:
    """A short explanation, shown once."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class BandView:
    """Minutes at one stage: planned, spent, and the stage's share of the week's budget."""

    stage: int
    name: str
    planned: int
    spent: int
    target: int


@dataclass(frozen=True, slots=True)
class AimMinutesView:
    """Minutes with the people of one objective, against its share of the strategic minutes."""

    name: str
    spent: int
    target: int


@dataclass(frozen=True, slots=True)
class NeedView:
    """Contacts of the owner's, how many lie within two weeks of an ask, and the share that does not."""

    contacts: int
    round_asks: int
    share: float | None


@dataclass(frozen=True, slots=True)
class ClusterView:
    """Somebody with whom the owner is in touch mostly round an ask, as a sentence with dates."""

    person: PersonBrief
    why: str


@dataclass(frozen=True, slots=True)
class InitiationView:
    """Exchanges that the owner began, and that others began."""

    mine: int
    theirs: int
    share: float | None


@dataclass(frozen=True, slots=True)
class ReviewMoveView:
    """A move on the ladder."""

    person: PersonBrief
    on: dt.date
    from_stage: int
    to_stage: int
    why: str


@dataclass(frozen=True, slots=True)
class TurnView:
    """A tie that was revived or lost: last contact before, warmth before and after, and a sentence."""

    person: PersonBrief
    last_on: dt.date | None
    warmth_before: float
    warmth_after: float
    why: str


@dataclass(frozen=True, slots=True)
class OpenView:
    """Something that waits for the owner: thanks, a report, a promise, a first step, a date."""

    person: PersonBrief
    kind: str
    text: str
    due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class WordView:
    """A promise that was settled, or one of theirs that is open."""

    id: str
    person: PersonBrief
    by_me: bool
    text: str
    state: str
    on: dt.date | None


@dataclass(frozen=True, slots=True)
class GivenView:
    """Something given."""

    people: list[PersonBrief]
    on: dt.date
    label: str
    size: int
    note: str


@dataclass(frozen=True, slots=True)
class ActionView:
    """The one thing to do for somebody in a week; `done_on` is the day it was done."""

    week_of: dt.date
    text: str
    person: PersonBrief | None
    done_on: dt.date | None


@dataclass(frozen=True, slots=True)
class SocialView:
    """Minutes on social media in a week against the cap, and what they achieved."""

    week_of: dt.date
    minutes: int
    cap: int
    over: int
    touches: int
    answers: int
    minutes_per_answer: float | None
    text: str


@dataclass(frozen=True, slots=True)
class AheadTouchView:
    """One line of the plan ahead."""

    person: PersonBrief
    kind: str
    channel: str
    minutes: int
    why: list[str]
    idea: str
    due_on: dt.date | None
    day_on: dt.date | None


@dataclass(frozen=True, slots=True)
class AheadView:
    """The plan of the week that comes, or of this week where the review looks back at the last one."""

    week_of: dt.date
    minutes_budget: int
    minutes_planned: int
    touches: list[AheadTouchView]


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The weekly look back and ahead. `done_on` is the day the owner closed it; `is_empty` where nothing is to say."""

    week_of: dt.date
    ends_on: dt.date
    done_on: dt.date | None
    is_empty: bool
    people: int
    minutes_budget: int
    minutes_planned: int
    minutes_spent: int
    touches_planned: int
    touches_done: int
    bands: list[BandView]
    objectives: list[AimMinutesView]
    before_need: NeedView
    before_need_half_year: NeedView
    need_warning: str
    clusters: list[ClusterView]
    initiation: InitiationView
    initiation_quarter: InitiationView
    moves: list[ReviewMoveView]
    revived: list[TurnView]
    lost: list[TurnView]
    open: list[OpenView]
    promises: list[WordView]
    waiting_for: list[WordView]
    given: list[GivenView]
    helped: int
    action: ActionView | None
    next_action: ActionView | None
    ideas: list[ActionView]
    tweeners: int
    social: SocialView
    ahead: AheadView
    tip: TipView | None


@dataclass(frozen=True, slots=True)
class MailView:
    """The review as a mail: to whom, subject and text; empty `to` where no own address is confirmed."""

    to: str
    subject: str
    text: str
    is_empty: bool
    is_on: bool
    is_ready: bool


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The calendar feed: whether it is on, and the path that calendar programs subscribe to."""

    is_on: bool
    path: str


@dataclass(frozen=True, slots=True)
class DepthView:
    """How deep the network is: numbers of people, moves in a year, years that ties have lasted (median)."""

    close: int
    middle: int
    moved_up: int
    moved_down: int
    two_way: int
    known_wants: int
    years: float | None


@dataclass(frozen=True, slots=True)
class StageStatsView:
    """One stage over a year: people, those of them who are warm, minutes, what came of them."""

    stage: int
    name: str
    people: int
    warm: int
    minutes: int
    share: float
    target: float
    outcomes: int
    introductions: int
    referrals: int
    results_per_10_hours: float | None


@dataclass(frozen=True, slots=True)
class EffortView:
    """One person over a year: minutes, days in touch, results that came of them."""

    person: PersonBrief
    minutes: int
    touches: int
    minutes_per_touch: float
    results: int


@dataclass(frozen=True, slots=True)
class CircleView:
    """A circle and how many warm people lead into it; fewer than two means that it hangs on one person or none."""

    kind: str
    name: str
    known: int
    warm: int


@dataclass(frozen=True, slots=True)
class MonthView:
    """One month: minutes and reach-outs."""

    month: dt.date
    minutes: int
    reach_outs: int


@dataclass(frozen=True, slots=True)
class PeriodView:
    """A stretch of time before or after the first plan."""

    days: int
    minutes: int
    middle_share: float | None
    results: int
    minutes_per_result: float | None
    before_need: float | None
    initiation: float | None


@dataclass(frozen=True, slots=True)
class BeforeAfterView:
    """The time before the first plan beside the time since."""

    since: dt.date
    before: PeriodView
    after: PeriodView


@dataclass(frozen=True, slots=True)
class RepliesView:
    """How often and how fast the owner is answered."""

    asked: int
    answered: int
    rate: float | None
    median_days: float | None


@dataclass(frozen=True, slots=True)
class StatsView:
    """The network over the last 365 days: depth first, then counts."""

    on: dt.date
    depth: DepthView
    stages: list[StageStatsView]
    people: int
    active: int
    active_share: float | None
    reach_outs: int
    initiation: InitiationView
    kept_alive: int
    revived: list[PersonBrief]
    lost: list[PersonBrief]
    new: int
    before_need: NeedView
    replies: RepliesView
    minutes: int
    minutes_per_touch: float | None
    top_share: float | None
    effort: list[EffortView]
    circles: list[CircleView]
    months: list[MonthView]
    before_after: BeforeAfterView | None

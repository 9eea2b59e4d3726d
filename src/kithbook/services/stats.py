"""The network over a year: depth before counts, where effort goes, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kithbook.core.review import WARM, Contact, before_need, minutes_by_day, minutes_by_person
from kithbook.core.stages import STAGES
from kithbook.core.stats import (
    CLOSE_STAGE,
    LEAST_AFTER_DAYS,
    MIDDLE,
    Change,
    compare,
    describe_period,
    find_circles,
    median,
    minutes_by_stage,
    reply_stats,
    top_share,
)
from kithbook.services import clock, moments, reviewties, ties
from kithbook.services.finding import brief
from kithbook.services.personviews import PersonBrief
from kithbook.services.preferences import stage_shares
from kithbook.services.registry import operation
from kithbook.services.reviewviews import (
    BeforeAfterView,
    CircleView,
    DepthView,
    EffortView,
    MonthView,
    PeriodView,
    RepliesView,
    StageStatsView,
    StatsView,
)
from kithbook.store.models import (
    Affiliation,
    Introduction,
    OutcomeParty,
    Owner,
    Person,
    Plan,
    Referral,
    StageEvent,
    Tag,
    Topic,
)

YEAR_DAYS = 365
SHOWN, CIRCLES_SHOWN, MONTHS = 10, 15, 12
MADE = ("made", "acknowledged", "met", "outcome", "reported", "thanked", "closed")
"""States in which an introduction has happened."""
WANTS = ("need", "interest", "goal")
_kept: dict[int, tuple[tuple[Any, ...], StatsView]] = {}


@operation(reads=True)
def overview(owner: Owner) -> StatsView:
    """Your network over the last year: how deep it is, how alive, where minutes went and what came of them."""
    owner.refresh_from_db(fields=["revision", "settings", "habits", "time_zone"])
    key = (owner.revision, clock.today(owner), str(owner.settings.get("shares")))
    found = _kept.get(owner.pk)
    if found and found[0] == key:
        return found[1]
    view = _Year.of(owner).view()
    if len(_kept) > 50:
        _kept.clear()
    _kept[owner.pk] = (key, view)
    return view


@dataclass(frozen=True, slots=True)
class _Results:
    """What came of people on a day: (person, day) of outcomes, introductions they made and referrals they gave."""

    outcomes: list[tuple[int, dt.date]]
    introductions: list[tuple[int, dt.date]]
    referrals: list[tuple[int, dt.date]]

    def all(self) -> list[tuple[int, dt.date]]:
        return [*self.outcomes, *self.introductions, *self.referrals]


@dataclass(frozen=True, slots=True)
class _Year:
    """Everything of the last year, read once."""

    owner: Owner
    today: dt.date
    since: dt.date
    table: ties.TieTable
    stage_of: dict[int, int]
    contacts: list[Contact]
    asks: dict[int, list[dt.date]]
    results: _Results

    @classmethod
    def of(cls, owner: Owner) -> _Year:
        """Read it."""
        today = clock.today(owner)
        since = today - dt.timedelta(days=YEAR_DAYS - 1)
        table = ties.table(owner)
        stage_of = dict(zip(table.ids.tolist(), table.stage.tolist(), strict=True))
        early = since - dt.timedelta(days=reviewties.BEGIN_DAYS)
        return cls(
            owner, today, since, table, stage_of,
            moments.contacts_between(owner, early, today, stage_of),
            reviewties.asks_of(owner, since - dt.timedelta(days=60)),
            _results(owner, since),
        )  # fmt: skip

    def view(self) -> StatsView:
        """The numbers."""
        year = [one for one in self.contacts if one.on >= self.since]
        minutes = minutes_by_person(year)
        now, start = int(clock.now().timestamp()), moments.epoch(self.owner, self.since) - 1
        warm = self.table.warmth(now) if len(self.table) else np.zeros(0)
        then = moments.table_at(self.owner, self.table, start)
        before = then.warmth(start) if len(then) else np.zeros(0)
        change = compare(before, warm, np.asarray(then.states["days"] > 0, dtype=np.bool_))
        contacted = int((self.table.states["days"] > 0).sum())
        touches = len(minutes_by_day(year))
        total = sum(minutes.values())
        replies = reply_stats(year, now)
        active = int((warm >= WARM).sum())
        top = top_share(minutes, SHOWN)
        return StatsView(
            on=self.today,
            depth=self._depth(warm),
            stages=self._stages(year, warm),
            people=len(self.table),
            active=active,
            active_share=round(active / contacted, 3) if contacted else None,
            reach_outs=len({(one.person, one.on) for one in year if one.direction > 0}),
            initiation=reviewties.began(self.contacts, self.since),
            kept_alive=int(change.kept.sum()),
            revived=self._named(change, "revived", warm),
            lost=self._named(change, "lost", before),
            new=int(change.new.sum()),
            before_need=reviewties.need_view(before_need(year, self.asks)),
            replies=RepliesView(
                replies.asked, replies.answered, _rounded(replies.rate), _rounded(replies.median_days, 1)
            ),
            minutes=round(total),
            minutes_per_touch=round(total / touches, 1) if touches else None,
            top_share=_rounded(top),
            effort=self._effort(year, minutes),
            circles=_circles(self.owner, self.table, warm),
            months=self._months(year),
            before_after=self._before_after(),
        )

    def _depth(self, warm: Any) -> DepthView:
        stage = self.table.stage
        moves = Counter(
            to_stage > from_stage
            for from_stage, to_stage in StageEvent.objects.of(self.owner)
            .filter(view="they", decision__in=("confirmed", "placed"), at__gte=moments.epoch(self.owner, self.since))
            .values_list("from_stage", "to_stage")
            if to_stage != from_stage
        )
        wants = Topic.objects.of(self.owner).filter(kind__in=WANTS, person__standing="kept", ended_on=None)
        two_way = self.table.states["last_two_way_at"] >= moments.epoch(self.owner, self.since)
        today = ties.day_number(self.today)
        alive = warm >= WARM
        years = median(((today - self.table.states["first_day"][alive]) / 365.25).tolist())
        return DepthView(
            close=int((stage >= CLOSE_STAGE).sum()),
            middle=int(np.isin(stage, MIDDLE).sum()),
            moved_up=moves[True],
            moved_down=moves[False],
            two_way=int(two_way.sum()),
            known_wants=wants.values("person_id").distinct().count(),
            years=_rounded(years, 1),
        )

    def _stages(self, year: Sequence[Contact], warm: Any) -> list[StageStatsView]:
        minutes = minutes_by_stage(year, self.stage_of)
        total, shares = sum(minutes.values()), stage_shares(self.owner)
        counts = {
            name: Counter(self.stage_of[person] for person, _ in getattr(self.results, name) if person in self.stage_of)
            for name in ("outcomes", "introductions", "referrals")
        }
        found = []
        for rule in STAGES:
            number, here = rule.number, self.table.stage == rule.number
            spent, results = minutes.get(number, 0.0), sum(count[number] for count in counts.values())
            found.append(
                StageStatsView(
                    number, rule.name, int(here.sum()), int((here & (warm >= WARM)).sum()), round(spent),
                    round(spent / total, 3) if total else 0.0, shares.get(number, rule.share),
                    counts["outcomes"][number], counts["introductions"][number], counts["referrals"][number],
                    round(results / spent * 600, 2) if spent >= 60 else None,
                )
            )  # fmt: skip
        return found

    def _named(self, change: Change, which: str, by: Any) -> list[PersonBrief]:
        rows = np.flatnonzero(getattr(change, which))
        return _briefs(self.owner, [int(self.table.ids[row]) for row in sorted(rows, key=lambda i: -by[i])])

    def _effort(self, year: Sequence[Contact], minutes: Mapping[int, float]) -> list[EffortView]:
        days = Counter(person for person, _ in minutes_by_day(year))
        results = Counter(person for person, _ in self.results.all())
        most = sorted(minutes, key=lambda person: (-minutes[person], person))[:SHOWN]
        people = {row.pk: row for row in Person.objects.of(self.owner).filter(pk__in=most)}
        return [
            EffortView(
                brief(people[one]), round(minutes[one]), days[one], round(minutes[one] / days[one], 1), results[one]
            )
            for one in most
            if one in people
        ]

    def _months(self, year: Sequence[Contact]) -> list[MonthView]:
        spent: dict[dt.date, float] = defaultdict(float)
        for (_, day), minutes in minutes_by_day(year).items():
            spent[day.replace(day=1)] += minutes
        out = Counter(day.replace(day=1) for _, day in {(one.person, one.on) for one in year if one.direction > 0})
        first = self.today.replace(day=1)
        months = [_months_back(first, back) for back in range(MONTHS - 1, -1, -1)]
        return [MonthView(month, round(spent.get(month, 0.0)), out[month]) for month in months]

    def _before_after(self) -> BeforeAfterView | None:
        """The time since the first plan beside as long a time before it; None while that is less than four weeks."""
        first = Plan.objects.of(self.owner).order_by("week_of").values_list("week_of", flat=True).first()
        if first is None or (self.today - first).days < LEAST_AFTER_DAYS:
            return None
        days = min((self.today - first).days + 1, YEAR_DAYS)
        start = first - dt.timedelta(days=days)
        early = start - dt.timedelta(days=reviewties.BEGIN_DAYS)
        contacts = moments.contacts_between(self.owner, early, self.today, self.stage_of)
        results = _results(self.owner, start).all()
        end = first + dt.timedelta(days=days - 1)
        return BeforeAfterView(
            since=first,
            before=self._period(contacts, results, start, first - dt.timedelta(days=1)),
            after=self._period(contacts, results, first, end),
        )

    def _period(
        self, contacts: Sequence[Contact], results: Iterable[tuple[int, dt.date]], first: dt.date, last: dt.date
    ) -> PeriodView:
        rows = [one for one in contacts if first <= one.on <= last]
        count = sum(first <= day <= last for _, day in results)
        found = describe_period(minutes_by_stage(rows, self.stage_of), count, (last - first).days + 1)
        upto = [one for one in contacts if one.on <= last]
        need = before_need(rows, self.asks)
        return PeriodView(
            found.days, round(found.minutes), _rounded(found.middle_share), found.results,
            _rounded(found.minutes_per_result, 0), _rounded(need.share), reviewties.began(upto, first).share,
        )  # fmt: skip


def _results(owner: Owner, since: dt.date) -> _Results:
    zone = clock.zone(owner)
    outcomes = OutcomeParty.objects.of(owner).filter(outcome__on__gte=since).values_list("person_id", "outcome__on")
    made = Introduction.objects.of(owner).filter(state__in=MADE, created_at__gte=moments.epoch(owner, since))
    given = Referral.objects.of(owner).filter(receiver=None, on__gte=since).exclude(giver=None)
    return _Results(
        list(outcomes),
        [
            (person, at.astimezone(zone).date())
            for person, at in made.exclude(introducer=None).values_list("introducer_id", "created_at")
        ],
        list(given.values_list("giver_id", "on")),
    )


def _circles(owner: Owner, table: ties.TieTable, warm: Any) -> list[CircleView]:
    """Places, organisations, tags and offers, with how many warm people lead into each."""
    is_warm = dict(zip(table.ids.tolist(), (warm >= WARM).tolist(), strict=True))
    members: list[tuple[str, str, int]] = []
    people = Person.objects.of(owner).filter(standing="kept").exclude(place="")
    members += (("place", place, person) for person, place in people.values_list("pk", "place"))
    jobs = Affiliation.objects.of(owner).filter(ended_on="")
    members += (("organisation", name, person) for person, name in jobs.values_list("person_id", "organisation"))
    members += (("tag", name, person) for person, name in Tag.objects.of(owner).values_list("person_id", "name"))
    offers = Topic.objects.of(owner).filter(kind="offer", is_sensitive=False).exclude(person=None)
    members += (("offer", text, person) for person, text in offers.values_list("person_id", "text"))
    found = find_circles(members, is_warm)
    return [CircleView(one.kind, one.name, one.known, one.warm) for one in found[:CIRCLES_SHOWN]]


def _briefs(owner: Owner, ids: Sequence[int]) -> list[PersonBrief]:
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=ids)}
    return [brief(people[key]) for key in ids if key in people]


def _months_back(first: dt.date, months: int) -> dt.date:
    index = first.year * 12 + first.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, 1)


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)

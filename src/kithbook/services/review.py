"""The weekly review: a look back and ahead that can be acted upon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from kithbook.core.errors import Invalid, Refused
from kithbook.core.ids import to_text
from kithbook.core.ledger import KINDS
from kithbook.core.plantypes import Rules
from kithbook.core.review import Contact, minutes_by_person, review_week
from kithbook.core.stages import STAGES
from kithbook.core.tweeners import find_tweeners
from kithbook.services import clock, duties, moments, reviewahead, reviewties, social, ties, tips
from kithbook.services.finding import brief, find_person
from kithbook.services.preferences import stage_shares
from kithbook.services.registry import operation
from kithbook.services.remembering import remembered
from kithbook.services.reviewviews import (
    AimMinutesView,
    BandView,
    GivenView,
    OpenView,
    ReviewMoveView,
    ReviewView,
    WordView,
)
from kithbook.services.views import Note
from kithbook.store.models import (
    EntryParty,
    Objective,
    Owner,
    Person,
    Plan,
    Promise,
    StageEvent,
    Touch,
)

WEEK = dt.timedelta(days=7)
OPEN_SHOWN = 60
PLANNED = ("open", "done", "lapsed")
MOVED = ("confirmed", "placed")


@operation(reads=True)
@remembered
def review(owner: Owner, week_of: dt.date | None = None) -> ReviewView:
    """The weekly review: minutes, stages, ties revived and lost, what is open, what was given, and the week ahead.

    `week_of` is any day of the week to look back at; by default the present week from Friday on, else the last one.
    """
    today = clock.today(owner)
    monday = _monday(owner, week_of)
    sunday = monday + dt.timedelta(days=6)
    table = ties.table(owner)
    stage_of = dict(zip(table.ids.tolist(), table.stage.tolist(), strict=True))
    half_year = moments.contacts_between(owner, sunday - dt.timedelta(days=reviewties.HALF_YEAR_DAYS), sunday, stage_of)
    week = [one for one in half_year if one.on >= monday]
    asks = reviewties.asks_of(owner, sunday - dt.timedelta(days=2 * reviewties.HALF_YEAR_DAYS))
    need, need_half_year = reviewties.needs(half_year, asks, monday, sunday)
    spent = minutes_by_person(week)
    touches = list(Touch.objects.of(owner).filter(week_of=monday, state__in=PLANNED).select_related("person"))
    budget = _budget(owner, monday)
    turned = reviewties.turns(owner, table, half_year, monday, sunday)
    given = _given(owner, monday, sunday)
    next_monday = max(monday + WEEK, clock.week_start(today))
    parts: dict[str, Any] = {
        "moves": _moves(owner, monday, sunday),
        "revived": turned.revived,
        "lost": turned.lost,
        "open": _open(owner),
        "promises": _settled(owner, monday, sunday),
        "given": given,
        "clusters": reviewties.cluster_views(owner, half_year, asks),
        "social": social.week(owner, monday),
        "ahead": reviewahead.ahead(owner, next_monday),
    }
    return ReviewView(
        week_of=monday,
        ends_on=sunday,
        done_on=_day(reviewahead.kept_of(owner, monday).get("done_on")),
        is_empty=not (week or touches or any(parts[name] for name in ("moves", "lost", "open", "promises", "given")))
        and not parts["ahead"].touches,
        people=len(table),
        minutes_budget=budget,
        minutes_planned=sum(row.minutes for row in touches),
        minutes_spent=round(sum(spent.values())),
        touches_planned=len(touches),
        touches_done=sum(row.state == "done" for row in touches),
        bands=_bands(owner, touches, spent, stage_of, budget),
        objectives=_aims(owner, spent, budget),
        before_need=reviewties.need_view(need),
        before_need_half_year=reviewties.need_view(need_half_year),
        need_warning=reviewties.warn(need_half_year),
        initiation=reviewties.began(half_year, monday),
        initiation_quarter=reviewties.began(half_year, sunday - dt.timedelta(days=reviewties.QUARTER_DAYS)),
        waiting_for=_theirs(owner),
        helped=len({person.id for entry in given for person in entry.people}),
        action=reviewahead.action(owner, monday),
        next_action=reviewahead.action(owner, next_monday),
        ideas=reviewahead.ideas(owner, next_monday),
        tweeners=_count_tweeners(table),
        tip=tips.current(owner, "review", _met(need_half_year.contacts, week, turned, given)),
        **parts,
    )


@operation()
def finish(owner: Owner, week_of: dt.date | None = None) -> Note:
    """Close the review of a week."""
    monday = _monday(owner, week_of)
    reviewahead.keep(owner, monday, done_on=clock.today(owner).isoformat())
    return Note(f"The week of {monday:%-d %B} is closed. The next look back is in a week.")


@operation()
def reopen(owner: Owner, week_of: dt.date | None = None) -> Note:
    """Open the review of a week again."""
    monday = _monday(owner, week_of)
    reviewahead.keep(owner, monday, done_on=None)
    return Note(f"The week of {monday:%-d %B} is open again.")


@operation()
def choose_action(owner: Owner, text: str, person: str | None = None, week_of: dt.date | None = None) -> Note:
    """Choose one thing to do for somebody in a week, this week by default; giving them something does it by itself."""
    monday = clock.week_start(week_of or clock.today(owner))
    chosen = reviewahead.choose(owner, monday, text, find_person(owner, person) if person else None)
    name = f" for {chosen.person.name}" if chosen and chosen.person else ""
    return Note(f"One thing{name} in the week of {monday:%-d %B}: {chosen.text if chosen else text}")


@operation()
def close_action(owner: Owner, done: bool = True, week_of: dt.date | None = None) -> Note:
    """Say that this week's one thing is done, or open again."""
    monday = clock.week_start(week_of or clock.today(owner))
    if reviewahead.action(owner, monday) is None:
        raise Refused("Nothing was chosen for that week.", "Choose one thing with `kith review --action TEXT`.")
    reviewahead.keep(owner, monday, action_done_on=clock.today(owner).isoformat() if done else None)
    return Note("Done. It is noted for that week." if done else "It is open again.")


def _monday(owner: Owner, week_of: dt.date | None) -> dt.date:
    today = clock.today(owner)
    monday = clock.week_start(week_of) if week_of else review_week(today)
    if monday > today:
        raise Invalid(f"The week of {monday:%-d %B %Y} is still to come.", "See its plan in the present review.")
    return monday


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _budget(owner: Owner, monday: dt.date) -> int:
    plan = Plan.objects.of(owner).filter(week_of=monday).first()
    return plan.minutes_budget if plan else owner.minutes_per_week


def _bands(
    owner: Owner, touches: Sequence[Touch], spent: Mapping[int, float], stage_of: Mapping[int, int], budget: int
) -> list[BandView]:
    planned: dict[int, int] = {}
    for row in touches:
        planned[row.person.stage] = planned.get(row.person.stage, 0) + row.minutes
    used: dict[int, float] = {}
    for person, minutes in spent.items():
        used[stage_of[person]] = used.get(stage_of[person], 0.0) + minutes
    shares = stage_shares(owner)
    return [
        BandView(
            rule.number, rule.name, planned.get(rule.number, 0), round(used.get(rule.number, 0.0)),
            round(budget * shares.get(rule.number, rule.share)),
        )
        for rule in STAGES
    ]  # fmt: skip


def _aims(owner: Owner, spent: Mapping[int, float], budget: int) -> list[AimMinutesView]:
    """Minutes with people of each open objective; one person's minutes count for every objective they matter to."""
    rows = Objective.objects.of(owner).filter(state="open").order_by("name")
    links: dict[int, float] = {}
    for aim, person in rows.values_list("pk", "people__person_id"):
        links[aim] = links.get(aim, 0.0) + spent.get(person, 0.0)
    strategic = Rules().strategic_part * budget
    return [AimMinutesView(row.name, round(links.get(row.pk, 0.0)), round(strategic * row.share)) for row in rows]


def _moves(owner: Owner, monday: dt.date, sunday: dt.date) -> list[ReviewMoveView]:
    rows = StageEvent.objects.of(owner).filter(
        view="they", decision__in=MOVED, person__standing="kept", at__gte=moments.epoch(owner, monday),
        at__lt=moments.epoch(owner, sunday + dt.timedelta(days=1)),
    )  # fmt: skip
    zone = clock.zone(owner)
    return [
        ReviewMoveView(brief(row.person), row.at.astimezone(zone).date(), row.from_stage, row.to_stage, row.why)
        for row in rows.select_related("person").order_by("at", "pk")
        if row.from_stage != row.to_stage
    ]


def _open(owner: Owner) -> list[OpenView]:
    found = duties.gather(owner)[:OPEN_SHOWN]
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in={duty.person_id for duty in found})}
    return [
        OpenView(brief(people[duty.person_id]), duty.kind, " ".join(duty.why), duty.due_on)
        for duty in found
        if duty.person_id in people
    ]


def _settled(owner: Owner, monday: dt.date, sunday: dt.date) -> list[WordView]:
    rows = Promise.objects.of(owner).filter(
        state__in=("kept", "broken"), closed_on__gte=monday, closed_on__lte=sunday, person__standing="kept"
    )
    return [_word(row, row.closed_on) for row in rows.select_related("person").order_by("closed_on", "turn", "pk")]


def _theirs(owner: Owner) -> list[WordView]:
    rows = Promise.objects.of(owner).filter(state="open", by_me=False, person__standing="kept")
    return [
        _word(row, row.due_on) for row in rows.select_related("person").order_by("due_on", "turn", "pk")[:OPEN_SHOWN]
    ]


def _word(row: Promise, on: dt.date | None) -> WordView:
    return WordView(to_text(row.pk), brief(row.person), row.by_me, row.text, row.state, on)


def _given(owner: Owner, monday: dt.date, sunday: dt.date) -> list[GivenView]:
    rows = EntryParty.objects.of(owner).filter(
        entry__direction="gave", entry__on__gte=monday, entry__on__lte=sunday, person__standing="kept"
    )
    entries: dict[int, GivenView] = {}
    for row in rows.select_related("entry", "person").order_by(
        "entry__on", "entry__turn", "entry_id", "person__folded_name"
    ):
        entry = row.entry
        kind = KINDS.get(entry.kind)
        if kind is not None and not kind.is_deposit:
            continue
        label = kind.label if kind else entry.kind
        view = entries.setdefault(entry.pk, GivenView([], entry.on, label, entry.size, entry.note))
        view.people.append(brief(row.person))
    return list(entries.values())


def _count_tweeners(table: ties.TieTable) -> int:
    now = int(clock.now().timestamp())
    return int(find_tweeners(table.states, table.stage, table.kept_up, table.liking, now).sum())


def _met(contacts: int, week: Sequence[Contact], turned: reviewties.Turns, given: Sequence[GivenView]) -> set[str]:
    """Which rules of the tips have come up in this review."""
    found: dict[str, Any] = {
        "before-need": contacts, "initiation": week, "lost": turned.lost, "revived": turned.revived, "bands": week,
        "help-one": not given, "loops": True, "social": True,
    }  # fmt: skip
    return {key for key, value in found.items() if value}

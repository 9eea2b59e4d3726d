"""Reads the ladder for everybody at once: proposals, who is stuck or nearly there, pauses, minutes by stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import numpy as np

from kithbook.core.bands import MINUTES_PER_EFFORT, Spent, make_bands, sum_effort, sum_minutes
from kithbook.core.growth import grow, is_promising, know_like_trust, say_pace, say_symmetry, share_of
from kithbook.core.ids import to_text
from kithbook.core.ledger import add_months
from kithbook.core.needy import Unanswered, check_outbound, find_allowed_days
from kithbook.core.plantypes import STAGE_SHARES
from kithbook.core.stages import Evidence, Proposal, Stage, is_stuck, propose
from kithbook.services import clock
from kithbook.services.evidence import DECLINED, Gathered, gather
from kithbook.services.finding import brief
from kithbook.services.ladderviews import (
    DatedFactView,
    DeepeningView,
    GrowthList,
    GrowthView,
    LadderView,
    MinutesView,
    MoveList,
    MoveView,
    PausedView,
    PersonLadderView,
    StageBandView,
    StageCount,
)
from kithbook.services.personviews import PersonBrief, ProposalView
from kithbook.store.models import EntryParty, Owner, Participant, Person, Promise, StageEvent, Topic, Touch

WEEKS = 12
PROMISING_SHOWN = 10
PAUSED_SHOWN = 25
YEAR_MONTHS = 12
HELP = frozenset(("goal_help", "favour", "advice", "introduction", "referral"))
_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()


def overview(owner: Owner, limit: int) -> LadderView:
    """Everything the page of stages shows."""
    found = gather(owner)
    today = clock.today(owner)
    moves, held_up = proposals(found, limit), stuck(found, today, limit)
    paused = _paused(found, today)
    states = found.table.states
    week_of = clock.week_start(today)
    return LadderView(
        counts=_counts(found),
        people=len(found.table),
        proposals=moves.moves,
        proposals_total=moves.total,
        stuck=held_up.people,
        stuck_total=held_up.total,
        promising=_promising(found, today),
        paused=paused[:PAUSED_SHOWN],
        paused_total=len(paused),
        week=_minutes(owner, week_of, 1),
        quarter=_minutes(owner, week_of - dt.timedelta(weeks=WEEKS - 1), WEEKS),
        deepening=_deepening(owner, today - dt.timedelta(weeks=WEEKS)),
        began_by_them=share_of(states["started_in"].tolist(), (states["started_in"] + states["started_out"]).tolist()),
        answered=share_of(
            np.minimum(states["started_out"], states["two_way"]).tolist(), states["started_out"].tolist()
        ),
    )


def proposals(found: Gathered, limit: int) -> MoveList:
    """Moves that are proposed: steps up first, Trust and Like before the rest, then by name."""
    rows = [(move, person) for person, move in _moves(found)]
    rows.sort(key=lambda row: (*_move_order(row[0]), found.names[row[1]].casefold(), row[1]))
    views = [
        MoveView(_brief(found, person, move.from_stage), int(move.to_stage), list(move.why))
        for move, person in rows[:limit]
    ]
    return MoveList(views, len(rows))


def stuck(found: Gathered, today: dt.date, limit: int) -> GrowthList:
    """People at Like or Trust for more than a year, the longest first; those with a proposal are there instead."""
    rows = [
        (evidence.stage_since, person, stage)
        for person, stage, evidence in _middle(found)
        if is_stuck(stage, evidence.stage_since, today) and not _proposed(found, person, stage, evidence)
    ]
    rows.sort(key=lambda row: (row[0] or today, found.names[row[1]].casefold(), row[1]))
    return GrowthList([_growth(found, person, stage, today) for _, person, stage in rows[:limit]], len(rows))


def of_person(owner: Owner, row: Person, found: Gathered) -> PersonLadderView:
    """One person on the ladder from both sides."""
    today = clock.today(owner)
    evidence = found.evidence[row.pk]
    paused = _paused(found, today)
    move = _proposed(found, row.pk, row.stage, evidence)
    return PersonLadderView(
        person=brief(row),
        stage=row.stage,
        my_stage=row.my_stage,
        since=evidence.stage_since,
        pace=say_pace(row.stage, evidence.stage_since, today),
        is_stuck=is_stuck(row.stage, evidence.stage_since, today),
        knowing=[DatedFactView(fact.name, fact.state, list(fact.facts)) for fact in know_like_trust(evidence)],
        symmetry=say_symmetry(evidence.started_by_them, evidence.outbound, evidence.answered),
        guard=paused[0].why if paused else "",
        guard_until=paused[0].until if paused else None,
        deepening=sum(item.times for item in _deepening(owner, add_months(today, -YEAR_MONTHS), row)),
        theirs_broken_on=found.theirs_broken.get(row.pk),
        proposal=ProposalView(int(move.from_stage), int(move.to_stage), list(move.why)) if move else None,
    )


def _middle(found: Gathered) -> Iterator[tuple[int, int, Evidence]]:
    """Those at Like and Trust whose next stage is a question at all: family are there for their own sake."""
    kin = set(found.table.ids[found.table.kin].tolist())
    return (row for row in _people(found) if row[1] in (Stage.LIKE, Stage.TRUST) and row[0] not in kin)


def _people(found: Gathered) -> Iterator[tuple[int, int, Evidence]]:
    """Id, stage and evidence of everybody in the table."""
    for person, stage in zip(found.table.ids.tolist(), found.table.stage.tolist(), strict=True):
        yield person, stage, found.evidence[person]


def _proposed(found: Gathered, person: int, stage: int, evidence: Evidence) -> Proposal | None:
    move = propose(evidence, stage)
    return None if move is None or (person, stage, int(move.to_stage)) in found.declined else move


def _moves(found: Gathered) -> Iterator[tuple[int, Proposal]]:
    for person, stage, evidence in _people(found):
        move = _proposed(found, person, stage, evidence)
        if move:
            yield person, move


def _move_order(move: Proposal) -> tuple[bool, float]:
    """Steps up before steps down; among them, where most of the time goes first."""
    return move.to_stage < move.from_stage, -STAGE_SHARES[int(move.from_stage)]


def _brief(found: Gathered, person: int, stage: int) -> PersonBrief:
    return PersonBrief(to_text(person), found.names[person], int(stage))


def _growth(found: Gathered, person: int, stage: int, today: dt.date) -> GrowthView:
    evidence = found.evidence[person]
    growing = grow(evidence, stage)
    return GrowthView(
        _brief(found, person, stage),
        evidence.stage_since,
        say_pace(stage, evidence.stage_since, today),
        [item.evidence for item in growing.missing],
        growing.next_step,
    )


def _promising(found: Gathered, today: dt.date) -> list[GrowthView]:
    """Those at Like and Trust who are one piece of evidence from the next stage, the most recently in touch first."""
    rows = [
        (-(evidence.last_two_way_on or dt.date.min).toordinal(), found.names[person].casefold(), person, stage)
        for person, stage, evidence in _middle(found)
        if is_promising(evidence, stage) and not is_stuck(stage, evidence.stage_since, today)
    ]
    return [_growth(found, person, stage, today) for _, _, person, stage in sorted(rows)[:PROMISING_SHOWN]]


def _counts(found: Gathered) -> list[StageCount]:
    by_stage = np.bincount(found.table.stage, minlength=8).tolist()
    kept = set(found.table.ids.tolist())
    mine = [stage for person, stage in found.my_stage.items() if stage and person in kept]
    return [StageCount(stage, by_stage[stage], mine.count(stage)) for stage in range(1, 8)]


def _paused(found: Gathered, today: dt.date) -> list[PausedView]:
    """Those to whom nothing more is proposed for now, the soonest free first."""
    table, states = found.table, found.table.states
    last = states["last_out_day"].astype(np.int64) + _EPOCH_ORDINAL
    allowed = find_allowed_days(table.stage, states["unanswered"].astype(np.int64), last)
    rows = []
    for place in np.flatnonzero(allowed > today.toordinal()).tolist():
        person, stage = int(table.ids[place]), int(table.stage[place])
        unanswered = Unanswered(int(states["unanswered"][place]), dt.date.fromordinal(int(last[place])))
        why = check_outbound(stage, unanswered).why
        until = dt.date.fromordinal(int(allowed[place]))
        rows.append((until, found.names[person].casefold(), person, stage, why))
    return [
        PausedView(_brief(found, person, stage), until, f"{why[:1].upper()}{why[1:]}.")
        for until, _, person, stage, why in sorted(rows)
    ]


def _minutes(owner: Owner, since: dt.date, weeks: int) -> MinutesView:
    """Minutes and effort of these weeks by stage: what you began or both took part in."""
    begun = dt.datetime.combine(since, dt.time(), clock.zone(owner))
    rows = Participant.objects.of(owner).filter(
        person__standing="kept", interaction__counts=True, interaction__direction__gte=0,
        interaction__at__gte=begun, interaction__at__lte=clock.now(),
    ).exclude(role="also")  # fmt: skip
    columns = ("person__stage", "interaction__channel", "interaction__minutes", "interaction__size")
    spent = [Spent(*row) for row in rows.values_list(*columns)]
    budget = owner.minutes_per_week * weeks
    minutes = sum_minutes(spent)
    shares = {int(key): float(value) for key, value in owner.settings.get("shares", STAGE_SHARES).items()}
    giving = Touch.objects.of(owner).filter(kind="giving", state="done", acted_at__gte=begun)
    return MinutesView(
        weeks=weeks,
        since=since,
        minutes=round(sum(minutes.values())),
        budget=budget,
        giving_minutes=sum(value or 0 for value in giving.values_list("minutes_spent", flat=True)),
        effort=round(sum_effort(spent), 1),
        effort_budget=round(owner.settings.get("effort_per_week", owner.minutes_per_week / MINUTES_PER_EFFORT) * weeks),
        bands=_band_views(minutes, budget, shares),
    )


def _band_views(minutes: dict[int, float], budget: float, shares: dict[int, float]) -> list[StageBandView]:
    return [StageBandView(*band) for band in make_bands(minutes, budget, shares)]


def _deepening(owner: Owner, since: dt.date, row: Person | None = None) -> list[DeepeningView]:
    """Steps that deepened ties since a day: moves up, promises kept, help with what they want, what was learnt."""
    mine: dict[str, object] = {"person": row} if row else {}
    begun = dt.datetime.combine(since, dt.time(), clock.zone(owner))
    moves = StageEvent.objects.of(owner).filter(view="they", at__gte=begun, **mine).exclude(decision=DECLINED)
    up = sum(to > came for came, to in moves.values_list("from_stage", "to_stage"))
    kept = Promise.objects.of(owner).filter(state="kept", closed_on__gte=since, **mine).count()
    helped = EntryParty.objects.of(owner).filter(entry__on__gte=since, entry__kind__in=HELP, **mine)
    noted = Topic.objects.of(owner).filter(person__isnull=False, noted_on__gte=since, **mine)
    kinds: Sequence[str] = list(noted.values_list("kind", flat=True))
    return [
        DeepeningView("stage", up),
        DeepeningView("promise", kept),
        DeepeningView("help", helped.count()),
        DeepeningView("goal", sum(kind in ("goal", "need") for kind in kinds)),
        DeepeningView("personal", sum(kind in ("fact", "interest") for kind in kinds)),
    ]

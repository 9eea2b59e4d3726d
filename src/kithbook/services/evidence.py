"""Every dated fact that speaks for or against a move on the ladder, for one person or for everybody at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from kithbook.core.stages import Evidence
from kithbook.core.tiestate import State
from kithbook.services import clock, ties
from kithbook.services.remembering import remembered
from kithbook.store.models import (
    Affiliation,
    Ask,
    EntryParty,
    Introduction,
    Owner,
    Person,
    Promise,
    Request,
    StageEvent,
    Topic,
)

DECLINED_DAYS = 90
"""A proposal said no to is not made again for so long (d)."""
FAVOURS = frozenset(
    ("favour", "introduction", "referral", "advice", "goal_help", "praise", "promise_kept", "gift", "hospitality")
)
MENDING = frozenset(("apology", "promise_kept", "thanks"))
UNASKED = frozenset(("praise", "referral", "introduction"))
THANKS_DAYS = 14
"""Help that is still unthanked after so long speaks against a step up (d)."""
DECLINED, FRIEND = "declined", 7
_TIE = ("days", "two_way", "first_day", "last_two_way_at", "started_out", "started_in", "count_out", "count_in")
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Evidence by person, with the table of ties it came from, who they are, and which moves were said no to lately.

    `theirs_broken`: the last promise each of them broke.
    """

    table: ties.TieTable
    names: dict[int, str]
    my_stage: dict[int, int | None]
    evidence: dict[int, Evidence]
    declined: set[tuple[int, int, int]]
    theirs_broken: dict[int, dt.date]


@remembered
def gather(owner: Owner, ids: list[int] | None = None) -> Gathered:
    """The evidence on everybody kept, or on those named: a fixed number of queries however many they are."""
    table = ties.table(owner, ids=ids)
    zone, today = clock.zone(owner), clock.today(owner)
    rows = Person.objects.of(owner)
    rows = rows.filter(standing="kept") if ids is None else rows.filter(pk__in=list(ids))
    people = list(rows.values_list("pk", "name", "my_stage", "met_at", "created_at"))
    facts: dict[int, Facts] = defaultdict(dict)
    theirs_broken = _bank_facts(owner, ids, today, facts)
    theirs_broken |= _word_facts(owner, ids, zone, facts)
    noted, moved = _topics(owner, ids), _moves(owner, ids, zone, facts)
    jobs = _jobs(owner, ids)
    tied = dict(zip(table.ids.tolist(), _tie_facts(table, zone), strict=True))
    evidence = {}
    for pk, _name, _mine, met_at, created_at in people:
        topics = noted.get(pk, {})
        found: Facts = {
            "met_on": met_at.astimezone(zone).date() if met_at else None,
            "does_on": _does_on(topics, jobs.get(pk, ()), created_at.astimezone(zone).date()),
            "wants_on": max(filter(None, (topics.get("need"), topics.get("goal"))), default=None),
            "personal_on": max(filter(None, (topics.get("fact"), topics.get("interest"))), default=None),
        }
        evidence[pk] = Evidence(on=today, **tied.get(pk, {}), **found, **facts.get(pk, {}))
    return Gathered(
        table,
        {row[0]: row[1] for row in people},
        {row[0]: row[2] for row in people},
        evidence,
        moved,
        theirs_broken,
    )


def of_tie(state: State, today: dt.date, zone: dt.tzinfo) -> Evidence:
    """What a tie alone shows. An exchange the owner began counts as answered when it became two-way."""
    return Evidence(on=today, **_of_tie([int(state[name]) for name in _TIE], zone))


def _tie_facts(table: ties.TieTable, zone: ZoneInfo) -> list[Facts]:
    columns = [table.states[name].tolist() for name in _TIE]
    return [_of_tie(row, zone) for row in zip(*columns, strict=True)] if len(table) else []


def _of_tie(row: Sequence[int], zone: dt.tzinfo) -> Facts:
    days, two_way, first_day, last_at, out, started_in, sent, came = row
    if not days:
        return {}
    return {
        "two_way": two_way,
        "first_two_way_on": ties.day_of(first_day) if two_way else None,
        "last_two_way_on": dt.datetime.fromtimestamp(last_at, zone).date() if last_at else None,
        "outbound": out,
        "answered": min(out, two_way),
        "started_by_them": started_in,
        "sent": sent,
        "came": came,
    }


def _only(rows: Any, ids: Sequence[int] | None, column: str = "person__in") -> Any:
    return rows if ids is None else rows.filter(**{column: list(ids)})


def _topics(owner: Owner, ids: Sequence[int] | None) -> dict[int, dict[str, dt.date]]:
    """The latest day on which each kind of topic was noted; what they asked of the owner is a need."""
    found: dict[int, dict[str, dt.date]] = defaultdict(dict)
    rows = _only(Topic.objects.of(owner).filter(person__isnull=False), ids).order_by("noted_on", "turn", "pk")
    for person, kind, day in rows.values_list("person_id", "kind", "noted_on"):
        found[person][kind] = day
    asked = _only(Request.objects.of(owner), ids).order_by("asked_on", "turn", "pk")
    for person, day in asked.values_list("person_id", "asked_on"):
        found[person]["need"] = max(day, found[person].get("need", day))
    return found


def _jobs(owner: Owner, ids: Sequence[int] | None) -> dict[int, list[dt.date | None]]:
    """The day on which each job of each person was noted, None where it came with the person."""
    found: dict[int, list[dt.date | None]] = defaultdict(list)
    for person, day in _only(Affiliation.objects.of(owner), ids).values_list("person_id", "noted_on"):
        found[person].append(day)
    return found


def _does_on(topics: dict[str, dt.date], jobs: Sequence[dt.date | None], created_on: dt.date) -> dt.date | None:
    """When it was last noted what they do: an offer of theirs, or a job."""
    return max((*filter(None, (topics.get("offer"),)), *(day or created_on for day in jobs)), default=None)


def _moves(
    owner: Owner, ids: Sequence[int] | None, zone: ZoneInfo, facts: dict[int, Facts]
) -> set[tuple[int, int, int]]:
    """The last move of each person, since when they are a friend by the owner's word, and what was said no to."""
    since = clock.now() - dt.timedelta(days=DECLINED_DAYS)
    declined = set()
    rows = _only(StageEvent.objects.of(owner), ids).order_by("at", "pk")
    for person, view, came, to, decision, at in rows.values_list(
        "person_id", "view", "from_stage", "to_stage", "decision", "at"
    ):
        if view == "me":
            facts[person]["friend_on"] = at.astimezone(zone).date() if to == FRIEND else None
        elif decision == DECLINED:
            if at >= since:
                declined.add((person, came, to))
        else:
            facts[person] |= {"stage_since": at.astimezone(zone).date(), "stepped_down": to < came}
    return declined


def _later(facts: Facts, name: str, day: dt.date | None) -> None:
    facts[name] = max(filter(None, (facts.get(name), day)), default=None)


def _bank_facts(owner: Owner, ids: Sequence[int] | None, today: dt.date, facts: dict[int, Facts]) -> dict[int, dt.date]:
    """Last favour each way, asks granted, what was broken, unthanked and mended; gives what they broke."""
    broken: dict[int, dt.date] = {}
    unthanked: dict[int, dt.date] = {}
    rows = _only(EntryParty.objects.of(owner), ids).order_by("entry__on", "entry__turn", "entry_id")
    for person, on, direction, kind, asked in rows.values_list(
        "person_id", "entry__on", "entry__direction", "entry__kind", "entry__was_asked"
    ):
        mine = facts[person]
        if kind in FAVOURS:
            mine["given_on" if direction == "gave" else "received_on"] = on
        if direction == "gave":
            if kind == "promise_broken":
                mine["promise_broken_on"] = on
            if kind in MENDING:
                mine["mended_on"] = on
            if kind == "thanks":
                unthanked.pop(person, None)
            continue
        if kind == "promise_broken":
            broken[person] = on
        if kind == "referral":
            unthanked.setdefault(person, on)
        if kind == "ask":
            mine["ask_granted_on"] = on
        if kind in UNASKED and not asked:
            mine["unasked_on"] = on
    for person, on in unthanked.items():
        if (today - on).days > THANKS_DAYS:
            facts[person]["unthanked_on"] = on
    return broken


def _word_facts(owner: Owner, ids: Sequence[int] | None, zone: ZoneInfo, facts: dict[int, Facts]) -> dict[int, dt.date]:
    """Promises kept and broken, asks granted, introductions of the owner made unasked; gives what they broke."""
    broken: dict[int, dt.date] = {}
    words = _only(Promise.objects.of(owner).filter(closed_on__isnull=False), ids).order_by("closed_on", "turn", "pk")
    for person, by_me, state, day in words.values_list("person_id", "by_me", "state", "closed_on"):
        if state == "kept":
            _later(facts[person], "given_on" if by_me else "received_on", day)
            if by_me:
                _later(facts[person], "mended_on", day)
        elif state == "broken" and by_me:
            _later(facts[person], "promise_broken_on", day)
        elif state == "broken":
            broken[person] = day
    asks = _only(Ask.objects.of(owner).filter(outcome__in=("gladly", "reluctantly")), ids)
    for person, asked_on, outcome_on in asks.values_list("person_id", "asked_on", "outcome_on"):
        _later(facts[person], "ask_granted_on", outcome_on or asked_on)
    opened = Introduction.objects.of(owner).filter(introducer__isnull=False, asked_by=None, second=None)
    for person, at in _only(opened, ids, "introducer__in").values_list("introducer_id", "created_at"):
        _later(facts[person], "unasked_on", at.astimezone(zone).date())
    return broken

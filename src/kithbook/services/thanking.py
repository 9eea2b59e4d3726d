"""Behind thanks: help received with its state, finding one by id or person, neglected referrers, vouching."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Max

from kithbook.core.askrules import GRANTED
from kithbook.core.errors import NotFound, Refused
from kithbook.core.ids import from_text, is_id, to_text
from kithbook.core.thanks import Thanked, help_back, judge, open_loops
from kithbook.core.vouching import Known, Vouch
from kithbook.core.vouching import vouch as judge_vouch
from kithbook.services import clock, helping, ties
from kithbook.services.finding import brief, find_person
from kithbook.services.helping import Received
from kithbook.services.thankviews import NeglectedView, OwedView, ThanksGiven, ThanksView
from kithbook.store.models import Ask, LedgerEntry, Owner, Person, Promise, Referral, Topic

DONE_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Found:
    """Help, the person who gave it, and its rows."""

    person: Person
    got: Received
    entry: LedgerEntry | None
    referral: Referral | None


def received(owner: Owner, people: Sequence[int] | None = None) -> list[tuple[Person, Received]]:
    """All help received from people who are kept or let go, the oldest first; a fixed number of queries."""
    rows, asked = helping.read(owner, people), helping.read_asks(owner, people)
    known = Person.objects.of(owner).filter(pk__in={*rows, *asked}, standing__in=("kept", "archived"))
    found = [
        (person, got) for person in known for got in helping.received(person.pk, person.stage, rows[person.pk],
                                                                      asked[person.pk])
    ]  # fmt: skip
    return sorted(found, key=lambda pair: (pair[1].help.on, pair[1].turn))


Judged = tuple[Person, Received, Thanked]


def listing(owner: Owner) -> ThanksView:
    """Help by how far it is thanked. A tie let go is not asked to be thanked again."""
    day = clock.today(owner)
    owed: list[Judged] = []
    partly: list[Judged] = []
    done: list[Judged] = []
    for person, got in received(owner):
        state = judge(got.help, day, no_gifts=person.no_gifts)
        if state.state == "thanked":
            done.append((person, got, state))
        elif person.standing == "kept":
            (partly if state.state == "partly" else owed).append((person, got, state))
    done.sort(key=lambda item: (item[1].help.on, item[1].turn), reverse=True)
    shown = done[:DONE_SHOWN]
    back = _help_back(owner, [item[0].pk for item in (*owed, *partly, *shown)])
    results = _results(owner, [item[1] for item in (*owed, *partly, *shown)])
    make = [[_view(*item, back=back, results=results) for item in items] for items in (owed, partly, shown)]
    for views in make[:2]:
        views.sort(key=lambda view: (view.due_on or dt.date.max, view.person.name))
    return ThanksView(make[0], make[1], make[2], len(done))


def neglected(owner: Owner) -> list[NeglectedView]:
    """Those who sent a referral, or gave large help, and have not been thanked in time or told the result."""
    day = clock.today(owner)
    by_person: dict[int, list[tuple[dt.date, str, str]]] = defaultdict(list)
    people: dict[int, Person] = {}
    for person, got in received(owner):
        if person.standing != "kept" or not (got.help.is_referral or got.kind == "introduction"):
            continue
        if judge(got.help, day).state != "overdue":
            continue
        people[person.pk] = person
        by_person[person.pk] += [(loop.on, loop.fact, loop.remedy) for loop in open_loops([got.help], day)]
    found = []
    for key, missing in by_person.items():
        missing.sort()
        risk = "Until then no second ask is advised, and no second referral is likely."
        found.append(
            NeglectedView(brief(people[key]), missing[0][0], [fact for _, fact, _ in missing], missing[0][2], risk)
        )
    return sorted(found, key=lambda view: (view.since, view.person.name))


def find(owner: Owner, text: str, *, thanked: bool = False) -> Found:
    """Help by the id of its entry, referral or ask; or by the person: what waits for thanks longest.

    With `thanked`, what was thanked already comes into question as well: the latest of it.
    """
    wanted = text.strip().lower()
    if is_id(wanted):
        key = from_text(wanted)
        for person, got in received(owner, _people_of(owner, key)):
            if key in (got.entry, got.referral, got.ask):
                return _found(owner, person, got)
    row = find_person(owner, text)
    mine = [got for _, got in received(owner, [row.pk])]
    day = clock.today(owner)
    waiting = [got for got in mine if judge(got.help, day).state != "thanked"]
    if waiting:
        return _found(owner, row, waiting[0])
    if thanked and mine:
        return _found(owner, row, mine[-1])
    if mine:
        raise Refused(f"{row.name} is thanked for everything that is written down.", "Nothing is left to do.")
    raise NotFound(f"No help from {row.name} is written down.", "Write it down with `kith got`, then thank them.")


def _people_of(owner: Owner, key: int) -> list[int]:
    """The people behind an id of an entry, a referral or an ask."""
    entry = LedgerEntry.objects.of(owner).filter(pk=key).first()
    if entry is None and (referral := Referral.objects.of(owner).filter(pk=key).first()):
        entry = referral.entries.filter(direction="got").first()
    if entry:
        return list(entry.parties.values_list("person_id", flat=True))
    return list(Ask.objects.of(owner).filter(pk=key).values_list("person_id", flat=True))


def vouch_for(owner: Owner, row: Person) -> Vouch:
    """How far the owner can vouch for a person, from their own word or from what is written down."""
    mine = Referral.objects.of(owner).filter(receiver=row, outcome_on__isnull=False)
    ended = [(one.outcome_on, {entry.kind for entry in one.entries.all()}) for one in mine.prefetch_related("entries")]
    promises = Promise.objects.of(owner).filter(person=row, by_me=False)
    kept = [promises.filter(state="kept").aggregate(day=Max("closed_on"))["day"]]
    kept.append(Ask.objects.of(owner).filter(person=row, outcome__in=GRANTED).aggregate(day=Max("outcome_on"))["day"])
    state = ties.table(owner, ids=[row.pk]).states[0]
    days = int(state["days"])
    known = Known(
        said=row.vouch, stage=row.stage, my_stage=row.my_stage, has_met=bool(row.met_at or int(state["two_way"])),
        last_on=ties.day_of(int(state["last_day"])) if days else None,
        kept_on=max(filter(None, kept), default=None),
        well_on=max((on for on, kinds in ended if on and "promise_kept" in kinds), default=None),
        badly_on=max((on for on, kinds in ended if on and "friction" in kinds), default=None),
        broken_on=promises.filter(state="broken").aggregate(day=Max("closed_on"))["day"],
    )  # fmt: skip
    return judge_vouch(known, clock.today(owner))


def _found(owner: Owner, person: Person, got: Received) -> Found:
    entry = LedgerEntry.objects.of(owner).filter(pk=got.entry).first() if got.entry else None
    referral = Referral.objects.of(owner).filter(pk=got.referral).first() if got.referral else None
    return Found(person, got, entry, referral)


def _view(
    person: Person, got: Received, state: Thanked, back: dict[int, list[str]], results: dict[int, str]
) -> OwedView:  # fmt: skip
    helped = got.help
    return OwedView(
        id=to_text(got.entry or got.ask or 0), referral=to_text(got.referral) if got.referral else None,
        person=brief(person), kind=got.kind, what=helped.what, got_on=helped.on, size=helped.size, state=state.state,
        rank=state.rank, rank_words=state.rank_words, next_step=state.next_step, channel=state.channel,
        due_on=state.due_on, thanked=[ThanksGiven(on, channel) for on, channel in helped.thanked],
        reported_on=list(helped.reported_on), outcome=results.get(got.referral or 0, ""), outcome_on=helped.result_on,
        returned_on=helped.returned_on, help_back=back.get(person.pk) or help_back((), ()), no_gifts=person.no_gifts,
    )  # fmt: skip


def _help_back(owner: Owner, people: Iterable[int]) -> dict[int, list[str]]:
    """What would help each of them: their goals of this year, then what they look for."""
    year = clock.today(owner).year
    goals: dict[int, list[str]] = defaultdict(list)
    needs: dict[int, list[str]] = defaultdict(list)
    rows = Topic.objects.of(owner).filter(
        person__in=set(people), kind__in=("goal", "need"), ended_on=None, is_sensitive=False
    )
    for person, kind, text, of_year in rows.order_by("-noted_on", "-turn", "-pk").values_list(
        "person_id", "kind", "text", "year"
    ):
        if kind == "need":
            needs[person].append(text)
        elif of_year is None or of_year == year:
            goals[person].append(text)
    return {person: help_back(goals[person][:2], needs[person][:2]) for person in {*goals, *needs}}


def _results(owner: Owner, helped: Iterable[Received]) -> dict[int, str]:
    keys = [got.referral for got in helped if got.referral]
    return dict(Referral.objects.of(owner).filter(pk__in=keys).values_list("pk", "outcome"))

"""The ladder of seven stages: placing after an import, proposals on evidence, and the owner's decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from kithbook.core.errors import Invalid, Refused
from kithbook.core.stages import Evidence, Missing, import_reason, initial_stage, missing, propose
from kithbook.core.tiestate import State
from kithbook.services import clock, ties
from kithbook.services.finding import find_person
from kithbook.services.owners import touch_revision
from kithbook.services.registry import operation
from kithbook.services.views import PersonPage, ProposalView
from kithbook.store import contacts
from kithbook.store.bulk import Inserter
from kithbook.store.ids import IdRun
from kithbook.store.models import Ask, Batch, EntryParty, Introduction, Owner, Person, Promise, StageEvent, Topic

DECLINED_DAYS = 90
"""A proposal said no to is not made again for so long (d)."""
FAVOURS = frozenset(
    ("favour", "introduction", "referral", "advice", "goal_help", "praise", "promise_kept", "gift", "hospitality")
)
MENDING = frozenset(("apology", "promise_kept", "thanks"))
THANKS_DAYS = 14
"""Help that is still unthanked after so long speaks against a step up (d)."""
IMPORT, CONFIRMED, DECLINED, PLACED = "import", "confirmed", "declined", "placed"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the evidence proposes for a person, and what the next stage still wants."""

    proposal: ProposalView | None
    missing: list[str]


def place_imported(owner: Owner, states: Mapping[int, State], batch: Batch | None) -> None:
    """Give people whom only imports know the stage that a mailbox can show; never lower, never over your word."""
    if batch is None or batch.kind != "import":
        return
    people = dict(Person.objects.of(owner).filter(pk__in=list(states)).values_list("pk", "stage"))
    decided = set(
        StageEvent.objects.of(owner)
        .filter(person__in=list(states))
        .exclude(decision=IMPORT)
        .values_list("person_id", flat=True)
    )
    zone, today = clock.zone(owner), clock.today(owner)
    events, ids, at = [], IdRun(), int(clock.now().timestamp())
    moved: dict[int, list[int]] = {}
    for person, stage in people.items():
        evidence = _tie_evidence(states[person], today, zone)
        found = int(initial_stage(evidence))
        if person not in decided and found > stage:
            events.append((ids.next(), owner.pk, person, stage, found, IMPORT, import_reason(evidence), at, batch.pk))
            moved.setdefault(found, []).append(person)
    for stage, chosen in moved.items():
        Person.objects.of(owner).filter(pk__in=chosen).update(stage=stage)
    columns = ("id", "owner", "person", "from_stage", "to_stage", "decision", "why", "at", "batch")
    Inserter(StageEvent, columns).insert(events)


def reset_stages(owner: Owner, people: Sequence[int]) -> None:
    """Set the stage of people to that of their last move that is left, Recognise where there is none."""
    for part in contacts.chunks(sorted(people)):
        last = dict.fromkeys(part, 1)
        events = StageEvent.objects.of(owner).filter(person__in=part, view="they").exclude(decision=DECLINED)
        last |= dict(events.order_by("at", "pk").values_list("person_id", "to_stage"))
        rows = Person.objects.of(owner).filter(pk__in=part).values_list("pk", "stage")
        for person, stage in rows:
            if stage != last[person]:
                Person.objects.of(owner).filter(pk=person).update(stage=last[person])


@operation()
@transaction.atomic
def confirm(owner: Owner, person: str) -> PersonPage:
    """Confirm the move on the ladder that is proposed for a person."""
    row = find_person(owner, person)
    proposal = _proposal(owner, row)
    if proposal is None:
        raise Refused(f"No move is proposed for {row.name}.", "Place them yourself with `kith op ladder place`.")
    _move(owner, row, proposal.to_stage, " ".join(proposal.why), CONFIRMED)
    return _page(owner, row)


@operation()
@transaction.atomic
def decline(owner: Owner, person: str) -> PersonPage:
    """Say no to the move that is proposed for a person; it is not proposed again for three months."""
    row = find_person(owner, person)
    proposal = _proposal(owner, row)
    if proposal is None:
        raise Refused(f"No move is proposed for {row.name}.", "There is nothing to say no to.")
    StageEvent.objects.create(
        owner=owner, person=row, from_stage=row.stage, to_stage=proposal.to_stage, decision=DECLINED,
        why=" ".join(proposal.why), at=_next_moment(owner, row),
    )  # fmt: skip
    touch_revision(owner)
    return _page(owner, row)


@operation()
@transaction.atomic
def place(owner: Owner, person: str, stage: int, why: str = "") -> PersonPage:
    """Place a person at a stage by your own judgement, 1 (Recognise) to 7 (Friend)."""
    row = find_person(owner, person)
    if not 1 <= stage <= 7:
        raise Invalid(f"There is no stage {stage}.", "Stages go from 1 (Recognise) to 7 (Friend).")
    if stage != row.stage:
        _move(owner, row, stage, why.strip()[:1000] or "You placed them here.", PLACED)
    return _page(owner, row)


def standing(owner: Owner, row: Person) -> Standing:
    """What is proposed for a person and what the next stage still wants, in words."""
    evidence = gather_evidence(owner, row)
    wanted = missing(evidence, row.stage)
    return Standing(_proposal(owner, row, evidence), [_say(item) for item in wanted])


def _say(item: Missing) -> str:
    return f"{item.evidence[:1].upper()}{item.evidence[1:].rstrip('.')}. {item.next_step}".strip()


def _page(owner: Owner, row: Person) -> PersonPage:
    from kithbook.services.personpage import page

    return page(owner, row)


def _move(owner: Owner, row: Person, stage: int, why: str, decision: str) -> None:
    StageEvent.objects.create(
        owner=owner, person=row, from_stage=row.stage, to_stage=stage, decision=decision, why=why,
        at=_next_moment(owner, row),
    )  # fmt: skip
    Person.objects.of(owner).filter(pk=row.pk).update(stage=stage)
    touch_revision(owner)


def _next_moment(owner: Owner, row: Person) -> dt.datetime:
    """Now, or the second after their last event: moves of one person are told apart by their time."""
    last: dt.datetime | None = (
        StageEvent.objects.of(owner).filter(person=row).order_by("-at").values_list("at", flat=True).first()
    )
    return max(clock.now(), last + dt.timedelta(seconds=1)) if last else clock.now()


def _proposal(owner: Owner, row: Person, evidence: Evidence | None = None) -> ProposalView | None:
    found = propose(evidence or gather_evidence(owner, row), row.stage)
    if found is None:
        return None
    since = clock.now() - dt.timedelta(days=DECLINED_DAYS)
    events = StageEvent.objects.of(owner).filter(person=row, decision=DECLINED, at__gte=since)
    if events.filter(from_stage=row.stage, to_stage=found.to_stage).exists():
        return None
    return ProposalView(int(found.from_stage), int(found.to_stage), list(found.why))


def _tie_evidence(state: State, today: dt.date, zone: dt.tzinfo) -> Evidence:
    """What the tie alone shows. An exchange the owner began counts as answered when it became two-way."""
    if not state["days"]:
        return Evidence(on=today)
    two_way_at = int(state["last_two_way_at"])
    two_way = int(state["two_way"])
    return Evidence(
        on=today,
        two_way=two_way,
        first_two_way_on=ties.day_of(int(state["first_day"])) if two_way else None,
        last_two_way_on=dt.datetime.fromtimestamp(two_way_at, zone).date() if two_way_at else None,
        outbound=int(state["started_out"]),
        answered=min(int(state["started_out"]), two_way),
        started_by_them=int(state["started_in"]),
    )


def gather_evidence(owner: Owner, row: Person) -> Evidence:
    """Every dated fact that speaks for or against a move of this person."""
    table = ties.table(owner, ids=[row.pk])
    zone, today = clock.zone(owner), clock.today(owner)
    tie = _tie_evidence(table.states[0], today, zone)
    topics = dict(Topic.objects.of(owner).filter(person=row).order_by("noted_on").values_list("kind", "noted_on"))
    last = StageEvent.objects.of(owner).filter(person=row).exclude(decision=DECLINED).order_by("-at", "-pk").first()
    facts: dict[str, Any] = {field: getattr(tie, field) for field in Evidence.__slots__}
    for more in (_bank_facts(owner, row, today), _word_facts(owner, row)):
        facts |= {name: _later(facts[name], day) for name, day in more.items()}
    facts |= {
        "met_on": row.met_at.astimezone(zone).date() if row.met_at else None,
        "does_on": topics.get("offer") or (today if row.affiliations.exists() else None),
        "wants_on": topics.get("need") or topics.get("goal") or topics.get("interest"),
        "personal_on": topics.get("fact") or topics.get("interest"),
        "stage_since": last.at.astimezone(zone).date() if last else None,
        "stepped_down": bool(last and last.to_stage < last.from_stage),
    }
    return Evidence(**facts)


def _later(first: dt.date | None, second: dt.date | None) -> dt.date | None:
    return max(filter(None, (first, second)), default=None)


def _bank_facts(owner: Owner, row: Person, today: dt.date) -> dict[str, dt.date | None]:
    """Last favour each way, asks granted, what was broken, unthanked and mended, from the bank."""
    facts: dict[str, dt.date | None] = {}
    parties = EntryParty.objects.of(owner).filter(person=row).select_related("entry").order_by("entry__on")
    unthanked: dt.date | None = None
    for party in parties:
        entry = party.entry
        if entry.kind == "promise_broken":
            facts["promise_broken_on"] = entry.on
        elif entry.direction == "gave" and entry.kind in MENDING:
            facts["mended_on"] = entry.on
            unthanked = None if entry.kind == "thanks" else unthanked
        if entry.kind in FAVOURS:
            facts["given_on" if entry.direction == "gave" else "received_on"] = entry.on
        if entry.direction == "got" and entry.kind == "referral" and unthanked is None:
            unthanked = entry.on
        if entry.direction == "got" and entry.kind == "ask":
            facts["ask_granted_on"] = entry.on
        if entry.direction == "got" and entry.kind in ("praise", "referral", "introduction") and not entry.was_asked:
            facts["unasked_on"] = entry.on
    if unthanked and (today - unthanked).days > THANKS_DAYS:
        facts["unthanked_on"] = unthanked
    return facts


def _word_facts(owner: Owner, row: Person) -> dict[str, dt.date | None]:
    """Promises kept and broken, asks granted, introductions made unasked."""
    facts: dict[str, dt.date | None] = {}
    for promise in Promise.objects.of(owner).filter(person=row, closed_on__isnull=False).order_by("closed_on"):
        if promise.state == "kept":
            facts["given_on" if promise.by_me else "received_on"] = promise.closed_on
        elif promise.state == "broken":
            facts["promise_broken_on"] = promise.closed_on
    granted = (
        Ask.objects.of(owner).filter(person=row, outcome__in=("gladly", "reluctantly")).order_by("-asked_on").first()
    )
    if granted:
        facts["ask_granted_on"] = granted.outcome_on or granted.asked_on
    opened = Introduction.objects.of(owner).filter(introducer=row, asked_by=None).order_by("-created_at").first()
    if opened:
        facts["unasked_on"] = opened.created_at.date()
    return facts

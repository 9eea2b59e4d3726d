"""The ladder of seven stages: placing after an import, proposals on evidence, and the owner's decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from kithbook.core.errors import Invalid, Refused
from kithbook.core.stages import Missing, import_reason, initial_stage, missing, propose
from kithbook.core.tiestate import State
from kithbook.services import clock, ladderbook
from kithbook.services.evidence import DECLINED, Gathered, gather, of_tie
from kithbook.services.finding import find_person
from kithbook.services.ladderviews import GrowthList, LadderView, MoveList, PersonLadderView
from kithbook.services.owners import touch_revision
from kithbook.services.registry import operation
from kithbook.services.remembering import remembered
from kithbook.services.views import PersonPage, ProposalView
from kithbook.store import contacts
from kithbook.store.bulk import Inserter, update_alike
from kithbook.store.ids import IdRun
from kithbook.store.models import Batch, Owner, Person, StageEvent

IMPORT, CONFIRMED, PLACED = "import", "confirmed", "placed"
THEY, ME = "they", "me"
LONGEST_WHY = 1000
MOST_LISTED = 1000


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
        .filter(person__in=list(states), view=THEY)
        .exclude(decision=IMPORT)
        .values_list("person_id", flat=True)
    )
    zone, today = clock.zone(owner), clock.today(owner)
    events, ids, at = [], IdRun(), int(clock.now().timestamp())
    moved: dict[int, list[int]] = {}
    for person, stage in people.items():
        evidence = of_tie(states[person], today, zone)
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
        events = StageEvent.objects.of(owner).filter(person__in=part, view=THEY).exclude(decision=DECLINED)
        last |= dict(events.order_by("at", "pk").values_list("person_id", "to_stage"))
        rows = Person.objects.of(owner).filter(pk__in=part).values_list("pk", "stage")
        update_alike(
            Person, owner.pk, {person: {"stage": last[person]} for person, stage in rows if stage != last[person]}
        )


@operation(reads=True)
@remembered
def overview(owner: Owner, limit: int = 20) -> LadderView:
    """The seven stages of your network: who stands where, what is proposed, who is stuck, where the minutes go."""
    return ladderbook.overview(owner, _limit(limit))


@operation(reads=True)
def proposals(owner: Owner, limit: int = 50) -> MoveList:
    """All moves on the ladder that the evidence proposes, with their dated reasons; you decide on each."""
    return ladderbook.proposals(gather(owner), _limit(limit))


@operation(reads=True)
def stuck(owner: Owner, limit: int = 50) -> GrowthList:
    """People at Like or Trust for more than a year, with what is still missing and one thing to do next."""
    return ladderbook.stuck(gather(owner), clock.today(owner), _limit(limit))


@operation(reads=True)
def show(owner: Owner, person: str) -> PersonLadderView:
    """One person on the ladder from both sides: know, like and trust in facts, who begins, what is proposed."""
    row = find_person(owner, person)
    return ladderbook.of_person(owner, row, gather(owner, [row.pk]))


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
    _check_stage(stage)
    if stage != row.stage:
        _move(owner, row, stage, why.strip()[:LONGEST_WHY] or "You placed them here.", PLACED)
    return _page(owner, row)


@operation()
@transaction.atomic
def see(owner: Owner, person: str, stage: int, why: str = "") -> PersonLadderView:
    """Say how you see a person, 1 (Recognise) to 7 (Friend): the other side of how they see you."""
    row = find_person(owner, person)
    _check_stage(stage)
    if stage != row.my_stage:
        StageEvent.objects.create(
            owner=owner, person=row, view=ME, from_stage=row.my_stage or 0, to_stage=stage, decision=PLACED,
            why=why.strip()[:LONGEST_WHY], at=_next_moment(owner, row),
        )  # fmt: skip
        Person.objects.of(owner).filter(pk=row.pk).update(my_stage=stage)
        touch_revision(owner)
        row.refresh_from_db()
    return ladderbook.of_person(owner, row, gather(owner, [row.pk]))


def standing(owner: Owner, row: Person) -> Standing:
    """What is proposed for a person and what the next stage still wants, in words."""
    found = gather(owner, [row.pk])
    wanted = missing(found.evidence[row.pk], row.stage)
    return Standing(_proposal(owner, row, found), [say_missing(item) for item in wanted])


def say_missing(item: Missing) -> str:
    """A piece of evidence still to earn, and the step that could earn it, as a sentence or two."""
    return f"{item.evidence[:1].upper()}{item.evidence[1:].rstrip('.')}. {item.next_step}".strip()


def _limit(limit: int) -> int:
    if not 0 <= limit <= MOST_LISTED:
        raise Invalid(f"A list of {limit} cannot be given.", f"Ask for 0 to {MOST_LISTED}.")
    return limit


def _check_stage(stage: int) -> None:
    if not 1 <= stage <= 7:
        raise Invalid(f"There is no stage {stage}.", "Stages go from 1 (Recognise) to 7 (Friend).")


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


def _proposal(owner: Owner, row: Person, found: Gathered | None = None) -> ProposalView | None:
    gathered = found or gather(owner, [row.pk])
    move = propose(gathered.evidence[row.pk], row.stage)
    if move is None or (row.pk, row.stage, int(move.to_stage)) in gathered.declined:
        return None
    return ProposalView(int(move.from_stage), int(move.to_stage), list(move.why))

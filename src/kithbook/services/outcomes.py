"""Outcomes: what good came of the network, sought or by luck, and whom it came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum

from kithbook.core.errors import Invalid, NotFound
from kithbook.core.ids import from_text, to_text
from kithbook.services import clock
from kithbook.services.finding import brief, find_person
from kithbook.services.lookup import find_objective, find_outcome
from kithbook.services.objectiveviews import ContributorView, OutcomePartyView, OutcomesView, OutcomeView
from kithbook.services.owners import touch_revision
from kithbook.services.recording import start_batch
from kithbook.services.registry import operation
from kithbook.services.views import Note, as_number
from kithbook.store.erase import erase
from kithbook.store.models import Introduction, Outcome, OutcomeParty, Owner, Person, Referral

MOST = 500
CONTRIBUTORS = 10
LARGEST_VALUE = 1_000_000_000


@operation()
@transaction.atomic
def add(
    owner: Owner,
    text: str,
    on: dt.date | None = None,
    people: list[str] | None = None,
    introduction: str = "",
    referral: str = "",
    objective: str = "",
    unexpected: bool = False,
    value: float | None = None,
    note: str = "",
) -> OutcomeView:
    """Note something good that came of your network: a job, a client, a gym, a violin teacher; and who opened the door.

    `people`, `introduction` and `referral` say whom it came from; `unexpected` marks luck you did not look for.
    """
    if not text.strip():
        raise Invalid("The outcome is empty.", "Say in a few words what came of it.")
    day = clock.past_day(owner, on)
    if value is not None and not 0 <= value <= LARGEST_VALUE:
        raise Invalid(f"A value of {value:g} cannot be noted.", "Leave it out, or give an amount from 0 on.")
    aim = find_objective(owner, objective) if objective.strip() else None
    doors = _doors(owner, introduction, referral)
    named = {row.pk: row for row in (find_person(owner, who) for who in people or ())}
    batch = start_batch(owner, "outcome", text.strip())
    row = Outcome.objects.create(
        owner=owner, on=day, text=text.strip()[:500], objective=aim, is_unexpected=unexpected,
        value=None if value is None else Decimal(str(round(value, 2))), note=note.strip(), batch=batch,
    )  # fmt: skip
    parties = {**dict.fromkeys(doors), **dict.fromkeys(named)}
    OutcomeParty.objects.bulk_create(
        OutcomeParty(owner=owner, outcome=row, person_id=person, **doors.get(person, {})) for person in parties
    )
    touch_revision(owner)
    return views_of(owner, [row])[0]


def _doors(owner: Owner, introduction: str, referral: str) -> dict[int, dict[str, Any]]:
    """Who opened the door by an introduction or a referral: person -> the columns that say so."""
    found: dict[int, dict[str, Any]] = {}
    if introduction.strip():
        bridge = Introduction.objects.of(owner).filter(pk=from_text(introduction.strip())).first()
        if bridge is None:
            raise NotFound(f"There is no introduction {introduction[:20]}.", "Leave it out, or give its id.")
        found.setdefault(bridge.introducer_id or bridge.first_id, {})["introduction"] = bridge
    if referral.strip():
        door = Referral.objects.of(owner).filter(pk=from_text(referral.strip())).first()
        if door is None:
            raise NotFound(f"There is no referral {referral[:20]}.", "Leave it out, or give its id.")
        opener = door.giver_id or door.receiver_id
        if opener:
            found.setdefault(opener, {})["referral"] = door
    return found


@operation(reads=True)
def listing(
    owner: Owner, person: str = "", objective: str = "", unexpected: bool = False, limit: int = 50
) -> OutcomesView:
    """What came of your network, newest first, and who opened the doors; only by luck with `unexpected`."""
    if not 1 <= limit <= MOST:
        raise Invalid(f"{limit} outcomes cannot be listed.", f"Ask for 1 to {MOST}.")
    rows = Outcome.objects.of(owner)
    if person.strip():
        mine = OutcomeParty.objects.of(owner).filter(person=find_person(owner, person))
        rows = rows.filter(pk__in=mine.values("outcome_id"))
    if objective.strip():
        rows = rows.filter(objective=find_objective(owner, objective))
    if unexpected:
        rows = rows.filter(is_unexpected=True)
    sums = rows.aggregate(total=Count("pk"), lucky=Count("pk", filter=Q(is_unexpected=True)), value=Sum("value"))
    return OutcomesView(
        outcomes=views_of(owner, rows.order_by("-on", "-turn", "-pk")[:limit]),
        total=sums["total"],
        unexpected=sums["lucky"],
        value=float(sums["value"] or 0),
        contributors=_contributors(owner, rows),
    )


def _contributors(owner: Owner, rows: Any) -> list[ContributorView]:
    parties = OutcomeParty.objects.of(owner).filter(outcome__in=rows.values("pk"))
    counts = parties.values_list("person_id").annotate(
        n=Count("outcome", distinct=True), lucky=Count("outcome", distinct=True, filter=Q(outcome__is_unexpected=True))
    )
    best = sorted(counts, key=lambda row: (-row[1], -row[2], row[0]))[:CONTRIBUTORS]
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=[key for key, _, _ in best])}
    return [ContributorView(brief(people[key]), n, lucky) for key, n, lucky in best]


@operation()
@transaction.atomic
def drop(owner: Owner, outcome: str) -> Note:
    """Take an outcome off the log."""
    row = find_outcome(owner, outcome)
    erase(Outcome, owner.pk, [row.pk])
    touch_revision(owner)
    return Note(f"Taken off the log: {row.text[:80]}.")


def views_of(owner: Owner, rows: Iterable[Outcome]) -> list[OutcomeView]:
    """Outcomes as faces show them, in the given order, with two queries however many there are."""
    listed: Sequence[Outcome] = list(rows)
    parties: dict[int, list[OutcomePartyView]] = {}
    links = OutcomeParty.objects.of(owner).filter(outcome__in=[row.pk for row in listed]).select_related("person")
    for link in links.order_by("person__folded_name", "pk"):
        parties.setdefault(link.outcome_id, []).append(
            OutcomePartyView(brief(link.person), _text(link.introduction_id), _text(link.referral_id))
        )
    names = dict(_objective_names(owner, listed))
    return [
        OutcomeView(
            id=to_text(row.pk), on=row.on, text=row.text, unexpected=row.is_unexpected,
            value=as_number(row.value), note=row.note, objective=_text(row.objective_id),
            objective_name=names.get(row.objective_id, ""), parties=parties.get(row.pk, []), batch=_text(row.batch_id),
        )
        for row in listed
    ]  # fmt: skip


def _objective_names(owner: Owner, rows: Sequence[Outcome]) -> Any:
    from kithbook.store.models import Objective

    wanted = {row.objective_id for row in rows if row.objective_id}
    return Objective.objects.of(owner).filter(pk__in=wanted).values_list("pk", "name")


def _text(key: int | None) -> str | None:
    return to_text(key) if key else None

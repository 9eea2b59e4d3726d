"""Staying in touch with those who helped to reach an objective, instead of silence: dated light touches."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from kithbook.core.askrules import GRANTED
from kithbook.core.channels import CHANNELS
from kithbook.core.ids import to_text
from kithbook.core.plantypes import Duty
from kithbook.core.thanks import KEEP_UP, KEEP_UP_LAPSES_DAYS, keep_up, next_keep_up
from kithbook.services import clock
from kithbook.services.finding import brief
from kithbook.services.thankviews import KeepUpView
from kithbook.store.models import (
    Ask,
    EntryParty,
    Introduction,
    Objective,
    ObjectivePerson,
    Owner,
    Participant,
    Person,
    Referral,
)

NOTICE_DAYS = 14
"""A touch shows up so many days before its day."""


def touches_after(owner: Owner, row: Objective) -> list[KeepUpView]:
    """The dated touches for everybody who helped with an objective, from the day it was reached (else today)."""
    reached_on = row.ended_on or clock.today(owner)
    people = _people(owner, helpers_of(owner, [row.pk])[row.pk])
    spoken = _spoken(owner, [person.pk for person in people], reached_on)
    found = []
    for person in people:
        following = next_keep_up(reached_on, spoken[person.pk], clock.today(owner))
        for step in keep_up(reached_on):
            minutes = CHANNELS[step.channel].minutes
            found.append(KeepUpView(brief(person), step.on, step.channel, minutes, step.what, step == following))
    return sorted(found, key=lambda view: (view.on, view.person.name))


def duties(owner: Owner, person_ids: Sequence[int] | None, day: dt.date) -> Iterable[Duty]:
    """The touch that is next for each helper of an objective reached within the last year."""
    oldest = day - dt.timedelta(days=KEEP_UP[-1][0] + KEEP_UP_LAPSES_DAYS)
    reached = Objective.objects.of(owner).filter(state="reached", ended_on__gte=oldest, ended_on__lte=day)
    goals = {row.pk: row for row in reached.order_by("-ended_on", "pk")}
    if not goals:
        return
    helped = helpers_of(owner, list(goals))
    wanted = {person for people in helped.values() for person in people}
    people = {row.pk: row for row in _people(owner, wanted if person_ids is None else wanted & set(person_ids))}
    spoken = _spoken(owner, list(people), oldest)
    seen = set()
    for key, goal in goals.items():
        for person in sorted(helped[key]):
            step = next_keep_up(goal.ended_on or day, spoken[person], day) if person in people else None
            if step is None or person in seen or (step.on - day).days > NOTICE_DAYS:
                continue
            seen.add(person)
            why = f"They helped you reach “{goal.name}”."
            ref = f"keepup:{to_text(key)}:{step.number}"
            yield Duty(
                person, "loop", step.on, CHANNELS[step.channel].minutes, step.channel, people[person].stage, (why,),
                step.what, ref,
            )  # fmt: skip


def helpers_of(owner: Owner, objectives: Sequence[int]) -> dict[int, set[int]]:
    """Who helped with each objective: marked as a helper, or gave a referral, an introduction or help for it."""
    found: dict[int, set[int]] = defaultdict(set)
    wanted = {"objective__in": list(objectives)}
    rows = [
        ObjectivePerson.objects.of(owner).filter(is_helper=True, **wanted).values_list("objective_id", "person_id"),
        Referral.objects.of(owner).filter(giver__isnull=False, **wanted).values_list("objective_id", "giver_id"),
        Introduction.objects.of(owner).filter(introducer__isnull=False, **wanted)
        .values_list("objective_id", "introducer_id"),
        Ask.objects.of(owner).filter(outcome__in=GRANTED, **wanted).values_list("objective_id", "person_id"),
        EntryParty.objects.of(owner).filter(entry__direction="got", entry__objective__in=list(objectives))
        .values_list("entry__objective_id", "person_id"),
    ]  # fmt: skip
    for pairs in rows:
        for objective, person in pairs:
            found[objective].add(person)
    return found


def _people(owner: Owner, ids: Iterable[int]) -> list[Person]:
    return list(Person.objects.of(owner).filter(pk__in=set(ids), standing="kept").order_by("folded_name", "pk"))


def _spoken(owner: Owner, people: Sequence[int], since: dt.date) -> dict[int, list[dt.date]]:
    """The days on which the owner was in touch with each of them, their own unanswered messages left out."""
    zone = clock.zone(owner)
    rows = Participant.objects.of(owner).filter(
        person__in=people, interaction__counts=True, interaction__at__gte=clock.noon(owner, since)
    )
    found: dict[int, list[dt.date]] = defaultdict(list)
    rows = rows.exclude(role="also").exclude(interaction__direction=-1)
    for person, at in rows.values_list("person_id", "interaction__at"):
        found[person].append(at.astimezone(zone).date())
    return found

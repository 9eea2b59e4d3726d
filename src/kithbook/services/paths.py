"""Ways to people whose tie is not warm, through people whose tie is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.db.models import Q

from kithbook.services.finding import brief
from kithbook.services.objectiveviews import HintView
from kithbook.services.persons import judge
from kithbook.store.models import Affiliation, Introduction, Membership, Owner, Person

HINTS = 5
TARGETS = 200
COMMON = 40
"""An organisation or group that so many share says little about who knows whom."""
WARM = ("alive", "cooling")


class _Way(NamedTuple):
    """Somebody who knows the target, and how; the lower the number, the surer."""

    target: int
    through: int
    why: str
    sureness: int


def hints(owner: Owner, targets: Sequence[int], most: int = HINTS) -> list[HintView]:
    """Ways to these people, the first of them first: who brought or introduced them, who shares their work or group."""
    wanted = list(targets[:TARGETS])
    if not wanted:
        return []
    ways = [
        *_brought(owner, wanted),
        *_introduced(owner, wanted),
        *_colleagues(owner, wanted),
        *_members(owner, wanted),
    ]
    ways = [way for way in ways if way.through != way.target]
    judged = judge(owner, sorted({way.through for way in ways}))
    warm = [way for way in ways if way.through in judged and judged[way.through].state in WARM]
    warm.sort(key=lambda way: (way.sureness, -judged[way.through].warmth, way.through))
    best: dict[int, _Way] = {}
    for way in warm:
        best.setdefault(way.target, way)
    chosen = [best[target] for target in wanted if target in best][:most]
    ids = {key for way in chosen for key in (way.target, way.through)}
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=ids, standing="kept")}
    return [
        HintView(brief(people[way.target]), brief(people[way.through]), way.why)
        for way in chosen
        if way.target in people and way.through in people
    ]


def _brought(owner: Owner, wanted: Sequence[int]) -> Iterator[_Way]:
    rows = Person.objects.of(owner).filter(pk__in=wanted, met_through__isnull=False)
    for target, through in rows.values_list("pk", "met_through_id"):
        yield _Way(target, through, "brought the two of you together", 0)


def _introduced(owner: Owner, wanted: Sequence[int]) -> Iterator[_Way]:
    both = set(wanted)
    rows = Introduction.objects.of(owner).filter(Q(first__in=wanted) | Q(second__in=wanted))
    for introducer, first, second in rows.values_list("introducer_id", "first_id", "second_id"):
        for target, other in ((first, second), (second, first)):
            if target not in both:
                continue
            if introducer:
                yield _Way(target, introducer, "introduced them before", 0)
            elif other:
                yield _Way(target, other, "was introduced to them", 1)


def _colleagues(owner: Owner, wanted: Sequence[int]) -> Iterator[_Way]:
    mine = Affiliation.objects.of(owner).filter(person__in=wanted).values_list("person_id", "organisation")
    works: dict[str, list[int]] = defaultdict(list)
    for person, organisation in mine:
        works[organisation].append(person)
    shared: dict[str, set[int]] = defaultdict(set)
    rows = Affiliation.objects.of(owner).filter(organisation__in=list(works), person__standing="kept")
    for person, organisation in rows.values_list("person_id", "organisation"):
        shared[organisation].add(person)
    yield from _pairs(works, shared, 2, {name: f"both at {name}" for name in works})


def _members(owner: Owner, wanted: Sequence[int]) -> Iterator[_Way]:
    rows = Membership.objects.of(owner).filter(person__in=wanted)
    groups: dict[int, list[int]] = defaultdict(list)
    names = {}
    for person, group, name in rows.values_list("person_id", "group_id", "group__name"):
        groups[group].append(person)
        names[group] = f"both in {name}"
    shared: dict[int, set[int]] = defaultdict(set)
    others = Membership.objects.of(owner).filter(group__in=list(groups), person__standing="kept")
    for person, group in others.values_list("person_id", "group_id"):
        shared[group].add(person)
    yield from _pairs(groups, shared, 3, names)


def _pairs(targets: Any, shared: Any, sureness: int, why: Any) -> Iterator[_Way]:
    for key, wanted in targets.items():
        if len(shared[key]) <= COMMON:
            for target in wanted:
                yield from (_Way(target, through, why[key], sureness) for through in sorted(shared[key]))

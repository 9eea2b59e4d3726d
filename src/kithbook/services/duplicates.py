"""Entries that may be one person, with the evidence for and against; the owner decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from kithbook.core.duplicates import Facts, Pair, find_pairs
from kithbook.services.finding import brief, find_person
from kithbook.services.registry import operation
from kithbook.services.views import PersonBrief
from kithbook.store.models import Affiliation, Identity, NotSame, Owner, Person, PersonDate
from kithbook.store.together import appeared_together

LIKELY = 0.85
CHUNK = 5_000
_found: dict[int, tuple[int, list[Pair]]] = {}


@dataclass(frozen=True, slots=True)
class DuplicateEntryView:
    """One of two entries: enough to tell them apart."""

    person: PersonBrief
    identities: list[str]
    organisations: list[str]
    place: str


@dataclass(frozen=True, slots=True)
class DuplicateView:
    """Two entries that may be one person: `chance` 0 to 1 by weighed evidence, strongest evidence first."""

    first: DuplicateEntryView
    second: DuplicateEntryView
    chance: float
    evidence: list[str]


@dataclass(frozen=True, slots=True)
class DuplicatesView:
    """All pairs there are, and some of them."""

    total: int
    likely: int
    pairs: list[DuplicateView]


@operation(reads=True)
def find(owner: Owner, limit: int = 50, offset: int = 0) -> DuplicatesView:
    """Which entries may be one person, the likeliest first, with the evidence."""
    pairs = _pairs(owner)
    shown = pairs[max(0, offset) : max(0, offset) + max(0, min(limit, 500))]
    return DuplicatesView(len(pairs), sum(pair.chance >= LIKELY for pair in pairs), _views(owner, shown))


@operation(reads=True)
def of_person(owner: Owner, person: str) -> list[DuplicateView]:
    """Who may be the same person as this one."""
    row = find_person(owner, person)
    return _views(owner, [pair for pair in _pairs(owner) if row.pk in pair[:2]])


def _pairs(owner: Owner) -> list[Pair]:
    """Looked for once for each state of the network."""
    revision = Owner.objects.values_list("revision", flat=True).get(pk=owner.pk)
    cached = _found.get(owner.pk)
    if cached and cached[0] == revision:
        return cached[1]
    apart = frozenset(NotSame.objects.of(owner).values_list("first_id", "second_id"))
    pairs = find_pairs(
        _facts(owner), not_same=apart, together=lambda found: appeared_together(owner.pk, found)
    )  # fmt: skip
    if len(_found) > 20:
        _found.clear()
    _found[owner.pk] = (revision, pairs)
    return pairs


def _facts(owner: Owner) -> Iterator[Facts]:
    """What is compared of each person; handles and jobs are let go of on the way."""
    handles: dict[tuple[int, str], list[str]] = defaultdict(list)
    identities = Identity.objects.of(owner).exclude(kind="uid").values_list("person_id", "kind", "key")
    for person, kind, key in identities.iterator(chunk_size=CHUNK):
        handles[person, kind].append(key)
    jobs: dict[int, list[str]] = defaultdict(list)
    affiliations = Affiliation.objects.of(owner).values_list("person_id", "organisation")
    for person, organisation in affiliations.iterator(chunk_size=CHUNK):
        jobs[person].append(organisation)
    birthdays = dict(PersonDate.objects.of(owner).filter(kind="birthday").values_list("person_id", "on"))
    columns = ("pk", "name", "nicknames", "place", "folded_name")
    people = Person.objects.of(owner).filter(standing__in=("kept", "archived")).values_list(*columns)
    for key, name, nicknames, place, folded in people.iterator(chunk_size=CHUNK):
        yield Facts(
            key,
            name,
            tuple(nicknames),
            emails=tuple(handles.pop((key, "email"), ())),
            phones=tuple(handles.pop((key, "phone"), ())),
            urls=tuple(handles.pop((key, "url"), ())),
            organisations=tuple(jobs.pop(key, ())),
            place=place,
            birthday=birthdays.get(key, ""),
            folded=folded,
        )


def _views(owner: Owner, pairs: list[Pair]) -> list[DuplicateView]:
    ids = {person for pair in pairs for person in pair[:2]}
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=ids)}
    handles: dict[int, list[str]] = defaultdict(list)
    for person, value in (
        Identity.objects.of(owner).filter(person__in=ids).exclude(kind="uid").order_by("kind", "pk")
        .values_list("person_id", "value")
    ):  # fmt: skip
        handles[person].append(value)
    jobs: dict[int, list[str]] = defaultdict(list)
    for person, name in Affiliation.objects.of(owner).filter(person__in=ids).values_list("person_id", "organisation"):
        jobs[person].append(name)

    def entry(key: int) -> DuplicateEntryView:
        return DuplicateEntryView(brief(people[key]), handles[key], sorted(set(jobs[key])), people[key].place)

    return [
        DuplicateView(entry(pair.first), entry(pair.second), pair.chance, list(pair.evidence))
        for pair in pairs
        if pair.first in people and pair.second in people
    ]

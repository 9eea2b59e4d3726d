"""Readiness: "if I needed X tomorrow, whom could I call, and is it warm?" and the warning before a push."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from kithbook.core.errors import Invalid
from kithbook.core.ids import from_text, to_text
from kithbook.core.objectives import kind_of
from kithbook.core.readiness import (
    Cover,
    Fit,
    judge_cover,
    judge_push,
    say_cover,
    smallest_steps,
    sort_callable,
    step_for,
    warn_before_push,
)
from kithbook.services import asks, goto, paths
from kithbook.services.finding import brief
from kithbook.services.lookup import find_objective
from kithbook.services.objectiveviews import CallView, HintView, ReadinessView, RoleCoverView
from kithbook.services.persons import Judged, judge
from kithbook.services.registry import operation
from kithbook.store.models import Objective, ObjectivePerson, Owner, Person, Role

WANTED = ("mentor", "supporter", "sponsor", "connector")
"""Roles that are looked at even where nobody has them: who lands something has these."""
ASK_SIZE = 2
MOST, SHOWN_NAMES, MATCHES, HINTS = 100, 5, 30, 6


@dataclass(slots=True)
class _Found:
    """People who fit, with the roles they have and why they fit; `by_role` holds ids for each role looked at.

    `matched` were found by what is noted about them, `ways` lead to others like them.
    """

    why: dict[int, str] = field(default_factory=dict)
    roles: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_role: dict[str, list[int]] = field(default_factory=dict)
    matched: set[int] = field(default_factory=set)
    ways: list[HintView] = field(default_factory=list)


@operation(reads=True)
def check(owner: Owner, what: str = "", objective: str = "", limit: int = 20) -> ReadinessView:
    """Say whom you could call if you needed something tomorrow, whether it is warm, and whom to warm up first.

    Name what you need in words, or an objective; with neither, the roles people have for you are looked at.
    """
    if not 1 <= limit <= MOST:
        raise Invalid(f"{limit} people cannot be listed.", f"Ask for 1 to {MOST}.")
    aim = find_objective(owner, objective) if objective.strip() else None
    kind = kind_of(aim.kind) if aim else None
    size = kind.ask_size if kind else ASK_SIZE
    need = " ".join(what.split()) or (aim.target if aim else "")
    found = _find(owner, need, aim)
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=list(found.why), standing="kept")}
    judged = judge(owner, list(people))
    fits = _fits(owner, people, judged, size)
    listed = sort_callable(fits.values())
    cover, waiting = judge_cover(listed), [person for person, _ in smallest_steps(listed)]
    by_role = {role: judge_cover(fits[i] for i in ids if i in fits) for role, ids in found.by_role.items()}
    is_push = kind is not None and kind.is_push
    if is_push:
        cover = judge_push(cover, by_role)
    fits |= _with_remedies(owner, [*listed[:limit], *(fits[key] for key in waiting)], size)
    calls = _Calls(people, judged, fits, found)
    return ReadinessView(
        what=need,
        objective=to_text(aim.pk) if aim else None,
        objective_name=aim.name if aim else "",
        word=cover.word,
        sentence=say_cover(cover, listed),
        warning=warn_before_push(kind.label, cover, listed, by_role) if kind and is_push else "",
        cover=calls.cover(need or (aim.name if aim else "all roles"), cover, listed),
        covers=[
            calls.cover(role, by_role[role], [fits[i] for i in ids if i in fits]) for role, ids in found.by_role.items()
        ],
        people=[calls.view(fits[one.person_id]) for one in listed[:limit]],
        steps=[calls.view(fits[person]) for person in waiting],
        hints=_hints(owner, [one for one in listed if not one.is_warm], found),
    )


def _hints(owner: Owner, cold: Sequence[Fit], found: _Found) -> list[HintView]:
    """Ways to those who are not warm, and to others who may fit; of those found by words the search knows the ways."""
    ways = [*paths.hints(owner, [one.person_id for one in cold if one.person_id not in found.matched]), *found.ways]
    return list({way.through.id: way for way in reversed(ways)}.values())[::-1][:HINTS]


def _find(owner: Owner, need: str, aim: Objective | None) -> _Found:
    """Who fits: by their role, by being linked to the objective, by what is noted about them."""
    found = _Found()
    rows = Role.objects.of(owner).filter(person__standing="kept").order_by("role", "person__folded_name", "person_id")
    if aim:
        rows = rows.filter(Q(objective=None) | Q(objective=aim))
    held: dict[str, list[int]] = defaultdict(list)
    for person, role, objective in rows.values_list("person_id", "role", "objective_id"):
        if person not in held[role]:
            held[role].append(person)
            found.roles[person].append(role)
        if aim and objective == aim.pk:
            found.why.setdefault(person, f"{role} for this objective")
    wanted = _wanted_roles(aim, need, held)
    found.by_role = {role: held.get(role, []) for role in wanted}
    if aim:
        links = ObjectivePerson.objects.of(owner).filter(objective=aim).values_list("person_id", "is_helper")
        for person, helps in links:
            found.why.setdefault(person, "helps with it" if helps else "linked to it")
    for role, ids in found.by_role.items():
        for person in ids:
            found.why.setdefault(person, role)
    if need:
        helped = goto.who_can_help(owner, need, limit=MATCHES)
        for one in helped.people:
            found.matched.add(key := from_text(one.person.id))
            found.why.setdefault(key, one.why)
        found.ways = [HintView(None, way.through, way.why) for way in helped.paths]
    return found


def _wanted_roles(aim: Objective | None, need: str, held: Mapping[str, Sequence[int]]) -> list[str]:
    """The roles to look at: those the kind of objective needs; without a need all in use and the four that carry."""
    if aim:
        return list(kind_of(aim.kind).roles)
    if need:
        words = set(need.casefold().split())
        return [role for role in held if role in words or f"{role}s" in words]
    return list(dict.fromkeys([*WANTED, *held]))


def _fits(owner: Owner, people: Mapping[int, Person], judged: Mapping[int, Judged], size: int) -> dict[int, Fit]:
    verdicts = asks.ready_many(owner, size, list(people)) if people else {}
    return {
        key: Fit(key, row.name, judged[key].state, verdicts.get(key, ""), judged[key].warmth)
        for key, row in people.items()
    }


def _with_remedies(owner: Owner, fits: Iterable[Fit], size: int) -> dict[int, Fit]:
    """The few who are shown, with the ask check's remedy where they are not ready."""
    shown = {one.person_id: one for one in fits}
    known = asks.remedies(owner, size, [key for key, one in shown.items() if not one.is_ready])
    return {key: one._replace(remedy=known[key][1] if key in known else "") for key, one in shown.items()}


@dataclass(frozen=True, slots=True)
class _Calls:
    """Makes views of people who fit."""

    people: Mapping[int, Person]
    judged: Mapping[int, Judged]
    fits: Mapping[int, Fit]
    found: _Found

    def view(self, one: Fit) -> CallView:
        """Somebody to call."""
        judged = self.judged[one.person_id]
        return CallView(
            person=brief(self.people[one.person_id]), state=one.state, warmth=judged.warmth,
            last_contact_on=judged.last_contact_on, verdict=one.verdict, ready=one.is_ready,
            roles=self.found.roles.get(one.person_id, []), why=self.found.why[one.person_id],
            step="" if one.is_ready else step_for(one),
        )  # fmt: skip

    def cover(self, what: str, cover: Cover, fits: Iterable[Fit]) -> RoleCoverView:
        """How well one need is covered, with the first names."""
        first = [brief(self.people[one.person_id]) for one in sort_callable(fits)[:SHOWN_NAMES]]
        return RoleCoverView(
            what, cover.word, cover.alive, cover.cooling, cover.cold, cover.dormant, cover.ready, first
        )  # fmt: skip

"""Whom to bring together: needs beside offers, what speaks against it now, how often people were asked."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q

from kithbook.core.ids import from_text
from kithbook.core.introductiongates import MOST_PER_QUARTER, QUARTER_DAYS, Gate, Side, find_level, gates, is_loaded
from kithbook.services import clock, matching
from kithbook.services.finding import brief
from kithbook.services.introviews import ConnectorView, IntroductionSuggestionView, LoadView
from kithbook.services.persons import judge
from kithbook.store.models import (
    Ask,
    Introduction,
    IntroductionStep,
    LedgerEntry,
    Owner,
    Participant,
    Person,
    Referral,
)

REACHED = ("asked_first", "asked_second", "both_yes", "made")
IN_PERSON = ("meeting", "video", "event", "call")
CONNECTS = 2
"""So many introductions or referrals make a connector (d)."""
DOORS = ("introduction", "referral")


def loads(owner: Owner, people: Sequence[Person]) -> dict[int, LoadView]:
    """How often each was brought in or asked within three months; a fixed number of queries."""
    ids = [row.pk for row in people]
    begun = clock.today(owner) - dt.timedelta(days=QUARTER_DAYS - 1)
    since = dt.datetime.combine(begun, dt.time(), clock.zone(owner))
    brought, asked = Counter[int](), Counter[int]()
    touched = IntroductionStep.objects.of(owner).filter(at__gte=since, state__in=REACHED).values("introduction")
    rows = Introduction.objects.of(owner).filter(pk__in=touched).filter(Q(first__in=ids) | Q(second__in=ids))
    reached = _reached(owner, rows, since)
    for key, first, second in rows.values_list("pk", "first_id", "second_id"):
        sides = reached[key]
        brought.update(person for side, person in (("first", first), ("second", second)) if side in sides)
    for (person,) in _favours(owner, ids, begun, since):
        asked[person] += 1
    return {row.pk: _load_view(row, brought[row.pk], asked[row.pk]) for row in people}


def _reached(owner: Owner, rows: Any, since: dt.datetime) -> dict[int, set[str]]:
    """Which sides of each introduction were asked or introduced since then."""
    found: dict[int, set[str]] = defaultdict(set)
    steps = IntroductionStep.objects.of(owner).filter(introduction__in=rows.values("pk"), at__gte=since)
    both = {"first", "second"}
    sides = {"asked_first": {"first"}, "asked_second": {"second"}, "both_yes": both, "made": both}
    for key, state in steps.values_list("introduction_id", "state"):
        found[key] |= sides.get(state, set())
    return found


def _favours(owner: Owner, ids: Sequence[int], begun: dt.date, since: dt.datetime) -> Iterable[tuple[int]]:
    """Introductions people were asked for, and those they made of the owner."""
    yield from Ask.objects.of(owner).filter(
        person__in=ids, asked_on__gte=begun, kind__in=DOORS
    ).values_list("person_id")  # fmt: skip
    yield from Introduction.objects.of(owner).filter(
        introducer__in=ids, created_at__gte=since
    ).values_list("introducer_id")  # fmt: skip


def _load_view(row: Person, brought: int, asked: int) -> LoadView:
    total = brought + asked
    if not total:
        text = f"{row.name} was in no introduction within three months."
    else:
        times = "once" if total == 1 else f"{total} times"
        text = f"{row.name} was asked or brought in {times} within three months"
        text += f"; more than {MOST_PER_QUARTER} is a lot, leave a pause." if is_loaded(total) else "."
    return LoadView(brief(row), brought, asked, total, MOST_PER_QUARTER, is_loaded(total), text)


@dataclass(frozen=True, slots=True)
class Sides:
    """People as the gates see them, with their load in words."""

    rows: dict[int, Person]
    sides: dict[int, Side]
    loads: dict[int, LoadView]

    def before(self, person: int) -> list[Gate]:
        """What comes first with this person."""
        return gates(self.sides[person])


def sides_of(owner: Owner, people: Sequence[Person]) -> Sides:
    """What the gates need to know of people; a fixed number of queries."""
    rows = {row.pk: row for row in people}
    judged = judge(owner, list(rows))
    found = loads(owner, list(rows.values()))
    talked = set(
        Participant.objects.of(owner)
        .filter(person__in=list(rows), interaction__channel__in=IN_PERSON, interaction__counts=True)
        .exclude(role="also")
        .values_list("person_id", flat=True)
        .distinct()
    )
    sides = {}
    for key, row in rows.items():
        one = judged.get(key)
        level = find_level(row.vouch, row.my_stage, row.stage, has_met=bool(row.met_at) or key in talked)
        sides[key] = Side(
            row.name, row.stage, one.warmth if one else 0.0, one.last_contact_on if one else None, level,
            found[key].total,
        )  # fmt: skip
    return Sides(rows, sides, found)


def suggestions(owner: Owner, person: Person | None, limit: int) -> list[IntroductionSuggestionView]:
    """Pairs of a need and an offer, those that can be made now first, then the best."""
    pairs = matching.need_offer_pairs(owner, for_person=person.pk if person else None, limit=limit * 3)
    briefs = {side.person.id for pair in pairs for side in (pair.need, pair.offer) if side.person}
    people = Person.objects.of(owner).filter(pk__in=[from_text(key) for key in briefs])
    known = sides_of(owner, list(people))
    goals = Counter(
        (person_id, text)
        for person_id, text in Introduction.objects.of(owner)
        .filter(goal__person__in=list(known.rows))
        .values_list("goal__person_id", "goal__text")
    )
    found = [_suggestion(known, pair, goals) for pair in pairs if pair.need.person and pair.offer.person]
    found.sort(key=lambda one: (bool(one.before), -one.strength))
    return found[:limit]


def _suggestion(known: Sides, pair: Any, goals: Counter[tuple[int, str]]) -> IntroductionSuggestionView:
    needs, offers = pair.need.person, pair.offer.person
    keys = from_text(needs.id), from_text(offers.id)
    return IntroductionSuggestionView(
        needs=needs,
        need=pair.need.text,
        need_kind=pair.need.kind,
        offers=offers,
        offer=pair.offer.text,
        strength=pair.strength,
        why=pair.why,
        gives_back=pair.gives_back,
        before=[gate.text for key in keys for gate in known.before(key)],
        load=known.loads[keys[1]].text if known.loads[keys[1]].total else "",
        goal_introductions=goals[keys[0], pair.need.text],
    )


def find_connectors(owner: Owner, limit: int) -> list[ConnectorView]:
    """People who opened two doors or more, most doors first, each with how often they were asked lately."""
    made = _counted(Introduction.objects.of(owner).exclude(introducer=None), "introducer_id", "created_at")
    sent = _counted(Referral.objects.of(owner).exclude(giver=None).filter(introduction=None), "giver_id", "on")
    for person, (count, day) in _told(owner).items():
        old, last = sent.get(person, (0, None))
        sent[person] = (old + count, max(filter(None, (last, day))))
    doors = Counter({key: made.get(key, (0, None))[0] + sent.get(key, (0, None))[0] for key in {*made, *sent}})
    ids = [key for key, count in doors.items() if count >= CONNECTS]
    people = sorted(
        Person.objects.of(owner).filter(pk__in=ids, standing="kept"), key=lambda row: (-doors[row.pk], row.folded_name)
    )[:limit]
    load = loads(owner, people)
    through = Counter(
        Person.objects.of(owner)
        .filter(met_through__in=[row.pk for row in people], standing="kept")
        .values_list("met_through_id", flat=True)
    )
    found = []
    for row in people:
        (introductions, first), (referrals, second) = made.get(row.pk, (0, None)), sent.get(row.pk, (0, None))
        last = max((day for day in (first, second) if day), default=None)
        found.append(
            ConnectorView(brief(row), introductions, referrals, through[row.pk], last, load[row.pk])
        )  # fmt: skip
    return found


def _counted(rows: Any, person: str, day: str) -> dict[int, tuple[int, dt.date | None]]:
    found = rows.values_list(person).annotate(count=Count("pk"), last=Max(day)).order_by()
    return {key: (count, last.date() if isinstance(last, dt.datetime) else last) for key, count, last in found}


def _told(owner: Owner) -> dict[int, tuple[int, dt.date | None]]:
    """Introductions and referrals that were only written into the bank."""
    rows = LedgerEntry.objects.of(owner).filter(
        direction="got", kind__in=DOORS, introduction=None, referral=None, parties__person__isnull=False
    )
    return _counted(rows, "parties__person_id", "on")

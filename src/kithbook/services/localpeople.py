"""People by place: who is there, who is worth reviving or keeping, and who may know somebody there."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Q

from kithbook.core.places import Place, is_same, keep_days, read_place
from kithbook.core.warmth import state_word
from kithbook.services import clock, ties
from kithbook.services.eventviews import FriendView, LocalView
from kithbook.services.finding import brief
from kithbook.store.models import Affiliation, Attendance, Membership, Owner, Person, Tag, Topic

WARM = 0.25
LEAST_STAGE, LEAST_TWO_WAY = 3, 3
FRIENDS = 10
LEAST_TOWN = 3
"""Shorter names of towns occur inside too many other words."""


class Everybody:
    """All kept people who have a place, with the warmth of their ties; made once for each answer."""

    def __init__(self, owner: Owner, table: ties.TieTable | None = None) -> None:
        table = table or ties.table(owner)
        warmth = table.warmth(int(clock.now().timestamp()))
        texts = dict(Person.objects.of(owner).filter(standing="kept").exclude(place="").values_list("pk", "place"))
        read = {text: read_place(text) for text in set(texts.values())}
        self.text = {person: text for person, text in texts.items() if read[text].key}
        self.place = {person: read[text] for person, text in self.text.items()}
        self.without_place = len(table) - len(self.place)
        self.table = table
        self.row = {int(key): i for i, key in enumerate(table.ids)}
        self.warmth = {int(key): float(value) for key, value in zip(table.ids, warmth, strict=True)}

    def at(self, wanted: Place) -> list[int]:
        """Ids of the people there, the warmest first."""
        same = {place for place in set(self.place.values()) if is_same(place, wanted)}
        found = [person for person, place in self.place.items() if place in same]
        return sorted(found, key=lambda person: (-self.warmth[person], person))

    def is_warm(self, person: int) -> bool:
        """Alive or cooling."""
        return self.warmth[person] >= WARM

    def worth_reviving(self, people: Sequence[int]) -> list[int]:
        """Those who are not warm but were close, or exchanged often: by stage, then by how often."""
        kept = [one for one in people if self._stage(one) >= LEAST_STAGE or self._two_way(one) >= LEAST_TWO_WAY]
        return sorted(kept, key=lambda one: (-self._stage(one), -self._two_way(one), one))

    def worth_keeping(self, people: Sequence[int]) -> list[int]:
        """Those whom a word now and then keeps, closest first."""
        kept = [one for one in people if self.every_days(one) and self.table.states["days"][self.row[one]]]
        return sorted(kept, key=lambda one: (-self._stage(one), -self.warmth[one], one))

    def every_days(self, person: int) -> int:
        """How often a word is enough when the two live apart."""
        i = self.row[person]
        return keep_days(int(self.table.stage[i]), float(self.table.liking[i]), is_kin=bool(self.table.kin[i]))

    def last_on(self, person: int) -> dt.date | None:
        """The day of the last contact."""
        state = self.table.states[self.row[person]]
        return ties.day_of(int(state["last_day"])) if state["days"] else None

    def name_of(self, people: Sequence[int]) -> str:
        """What most of these people's notes call the place; the shorter of equals."""
        counts = Counter(str(self.text[person]).split(",")[0].strip() for person in people)
        return min((str(text) for text in counts), key=lambda text: (-counts[text], len(text), text))

    def where_most_are_warm(self) -> str:
        """The town where most warm ties are; "" where there are none."""
        towns: dict[str, list[int]] = defaultdict(list)
        for person, place in self.place.items():
            if place.town and self.is_warm(person):
                towns[place.town].append(person)
        best = min(towns, key=lambda town: (-len(towns[town]), town), default="")
        return self.name_of(towns[best]) if best else ""

    def _stage(self, person: int) -> int:
        return int(self.table.stage[self.row[person]])

    def _two_way(self, person: int) -> int:
        return int(self.table.states["two_way"][self.row[person]])


def views(
    owner: Owner, everybody: Everybody, people: Sequence[int], *, before: dt.date | None = None, is_left: bool = False
) -> list[LocalView]:
    """These people for a page, in this order; `before` the day of a trip, `is_left` where the owner moves away."""
    rows = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=list(people))}
    found = []
    for key in people:
        state = state_word(everybody.warmth[key])
        days = everybody.every_days(key) if is_left else 0
        touch = _parting(days) if is_left else light_touch(state, before, rows[key])
        found.append(
            LocalView(
                brief(rows[key]),
                rows[key].place,
                state,
                round(everybody.warmth[key], 4),
                everybody.last_on(key),
                touch,
                days,
            )
        )
    return found


def light_touch(state: str, before: dt.date | None, row: Person) -> str:
    """A light thing to do for somebody at a place, by how warm the tie is; before a trip, or just so."""
    when = f"around {before:%-d %B}" if before else "when you are there next"
    if state == "alive":
        return f"Suggest a coffee {when}."
    if state == "cooling":
        return f"Say that you will be in town {when}, and ask how they are." if before else "A short hello."
    where = f" How you met: {row.met_where}." if row.met_where else ""
    return f"Write a line first: where you know each other from, and one question.{where}"


def _parting(days: int) -> str:
    often = {90: "four times a year", 120: "three times a year", 182: "twice a year", 365: "once a year"}[days]
    return f"Say goodbye in person; then a word {often} is enough."


def friends(owner: Owner, everybody: Everybody, there: Place, known: frozenset[int]) -> list[FriendView]:
    """Warm people elsewhere of whom something with that place is noted: they may know people there."""
    if len(there.town) < LEAST_TOWN:
        return []
    why: dict[int, str] = {}
    for person, said in _mentions(owner, there.town):
        if person not in known and everybody.warmth.get(person, 0.0) >= WARM:
            why.setdefault(person, said)
    best = sorted(why, key=lambda person: (-everybody.warmth[person], person))[:FRIENDS]
    rows = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=best)}
    return [FriendView(brief(rows[key]), state_word(everybody.warmth[key]), why[key]) for key in best]


def _mentions(owner: Owner, town: str) -> Iterator[tuple[int, str]]:
    topics = Topic.objects.of(owner).filter(text__icontains=town, is_sensitive=False, person__isnull=False)
    for person, text in topics.order_by("-noted_on", "-turn", "-pk").values_list("person_id", "text"):
        yield person, f"You noted: {text}"
    jobs = Affiliation.objects.of(owner).filter(Q(organisation__icontains=town) | Q(role__icontains=town))
    for person, organisation in jobs.order_by("ended_on", "pk").values_list("person_id", "organisation"):
        yield person, f"Work: {organisation}"
    members = Membership.objects.of(owner).filter(group__name__icontains=town)
    for person, name in members.order_by("pk").values_list("person_id", "group__name"):
        yield person, f"In {name}"
    there = Attendance.objects.of(owner).filter(Q(event__place__icontains=town) | Q(event__name__icontains=town))
    for person, name in there.order_by("-event__held_on", "pk").values_list("person_id", "event__name"):
        yield person, f"Was at {name}"
    tags = Tag.objects.of(owner).filter(name__icontains=town).order_by("name", "pk")
    yield from ((person, f"Tag {name}") for person, name in tags.values_list("person_id", "name"))
    people = Person.objects.of(owner).filter(Q(note__icontains=town) | Q(met_where__icontains=town), standing="kept")
    for person, where in people.order_by("pk").values_list("pk", "met_where"):
        yield person, f"How you met: {where}" if where else "Their note names it"

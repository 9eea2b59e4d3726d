"""The facts behind reasons to write, for many people with a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Max, Q

from kithbook.core import reasons
from kithbook.core.clips import TextIndex, TopicOf
from kithbook.core.daywords import say_date, write_month
from kithbook.core.names import fold_name
from kithbook.core.reasons import ClipFit, Facts, Gathering, Journey, NewJob, Noted, Owed
from kithbook.services import clock
from kithbook.services.duties import to_partial
from kithbook.store.models import (
    Affiliation,
    Attendance,
    Clip,
    ClipUse,
    Event,
    Identity,
    Owner,
    Participant,
    Person,
    PersonDate,
    Promise,
    Topic,
    Trip,
)

CLIPS_LOOKED_AT, CLIP_DAYS = 400, 120
IN_PERSON = ("meeting", "event")
SETTLED = dt.timedelta(days=1)
"""A job that came with the person themselves, in the same import, is no news."""

Columns = dict[int, list[Any]]


@dataclass(frozen=True, slots=True)
class Known:
    """Facts about one person, with what faces need beside them."""

    person: Person
    facts: Facts
    email: str


@dataclass
class Gatherer:
    """Gathers facts. What belongs to the owner and not to one person (clips, trips) is read once."""

    owner: Owner
    today: dt.date = field(init=False)

    def __post_init__(self) -> None:
        self.today = clock.today(self.owner)

    def gather(self, ids: Sequence[int]) -> dict[int, Known]:
        """Facts by person, for those of the ids that are the owner's."""
        people = {row.pk: row for row in Person.objects.of(self.owner).filter(pk__in=ids)}
        tables = self._tables(list(people))
        return {
            key: Known(row, self._facts(row, tables), next((value for (value,) in tables["emails"].get(key, [])), ""))
            for key, row in people.items()
        }

    def _tables(self, ids: list[int]) -> dict[str, Columns]:
        mine: dict[str, Any] = {"owner": self.owner, "person__in": ids}
        topics = Topic.objects.filter(**mine, ended_on=None, is_sensitive=False).order_by("-noted_on", "-turn", "-pk")
        going = Attendance.objects.filter(**mine, event__in=self._events) if self._events else Attendance.objects.none()
        emails = Identity.objects.filter(**mine, kind="email").order_by("pk")
        uses = ClipUse.objects.filter(**mine) if self._clips else ClipUse.objects.none()
        dates = PersonDate.objects.filter(**mine).order_by("kind")
        promises = Promise.objects.filter(**mine, state="open").order_by("due_on", "turn", "pk")
        jobs = Affiliation.objects.filter(**mine).order_by("-started_on", "pk")
        job_columns = ("person_id", "organisation", "role", "started_on", "ended_on", "batch__started_at")
        event_columns = ("person_id", "event__name", "event__held_on", "event__place")
        return {
            "topics": _by_person(topics.values_list("person_id", "kind", "text", "noted_on", "year", "pk")),
            "dates": _by_person(dates.values_list("person_id", "kind", "on")),
            "promises": _by_person(promises.values_list("person_id", "text", "by_me", "made_on", "due_on")),
            "jobs": _by_person(jobs.values_list(*job_columns)),
            "events": _by_person(going.order_by("event__held_on").values_list(*event_columns)),
            "emails": _by_person(emails.values_list("person_id", "value")),
            "uses": _by_person(uses.values_list("person_id", "clip_id")),
            **self._last(ids),
        }

    def _last(self, ids: list[int]) -> dict[str, Columns]:
        """The day of the last exchange of each, of the last meeting in person, and what the last mail was about."""
        rows = Participant.objects.filter(owner=self.owner, person__in=ids).exclude(role="also")
        at, counts = "interaction__at", Q(interaction__counts=True)
        alone = Q(interaction__size=1) & ~Q(interaction__title="")
        found = rows.filter(interaction__at__lte=clock.now()).values_list("person_id").annotate(
            last=Max(at, filter=counts),
            seen=Max(at, filter=counts & Q(interaction__channel__in=IN_PERSON)),
            titled=Max(at, filter=alone),
        )  # fmt: skip
        zone = clock.zone(self.owner)
        last: Columns = {}
        seen: Columns = {}
        titled: dict[int, dt.datetime] = {}
        for person, last_at, seen_at, titled_at in found:
            last[person] = [last_at.astimezone(zone).date()] if last_at else []
            seen[person] = [seen_at.astimezone(zone).date()] if seen_at else []
            if titled_at:
                titled[person] = titled_at
        titles: Columns = {}
        named = rows.filter(alone, interaction__at__in=list(titled.values())) if titled else rows.none()
        for person, moment, title in named.values_list("person_id", at, "interaction__title"):
            if titled.get(person) == moment:
                titles[person] = [plain_title(title)]
        return {"last": last, "seen": seen, "titles": titles}

    def _facts(self, row: Person, tables: dict[str, Columns]) -> Facts:
        mine = {name: columns.get(row.pk, []) for name, columns in tables.items()}
        zone = clock.zone(self.owner)
        topics = [TopicOf(row.pk, kind, text, on, key) for kind, text, on, _year, key in mine["topics"]]
        return Facts(
            first=row.given_name or row.name.partition(" ")[0],
            stage=row.stage,
            topics=tuple(Noted(kind, text, on, year) for kind, text, on, year, _key in mine["topics"]),
            clips=self._fitting(topics, {clip for (clip,) in mine["uses"]}),
            dates=tuple((what, to_partial(on)) for what, on in mine["dates"]),
            promises=tuple(Owed(*promise) for promise in mine["promises"]),
            events=tuple(Gathering(*event) for event in mine["events"]),
            journeys=tuple(trip for trip in self._trips if lives_in(row.place, trip.place)),
            new_jobs=tuple(self._new_jobs(row, mine["jobs"])),
            work=_work(mine["jobs"]),
            met_on=row.met_at.astimezone(zone).date() if row.met_at else None,
            met_where=row.met_where,
            last_seen_on=next(iter(mine["seen"]), None),
            last_on=next(iter(mine["last"]), None),
            last_title=next(iter(mine["titles"]), ""),
        )

    @cached_property
    def _events(self) -> list[int]:
        """Events of the next weeks; without any, nobody's attendance is looked up."""
        until = self.today + dt.timedelta(days=reasons.EVENT_AHEAD_DAYS)
        rows = Event.objects.of(self.owner).filter(held_on__gte=self.today, held_on__lte=until)
        return list(rows.values_list("pk", flat=True))

    @cached_property
    def _clips(self) -> list[tuple[int, str, str, str]]:
        """Clips that are still fresh: id, title, address, and the text that is matched."""
        since = clock.now() - dt.timedelta(days=CLIP_DAYS)
        rows = Clip.objects.of(self.owner).filter(is_dismissed=False, noted_at__gte=since).order_by("-noted_at", "pk")
        columns = rows.values_list("pk", "title", "url", "note")[:CLIPS_LOOKED_AT]
        return [(key, title, url, f"{title} {note}") for key, title, url, note in columns]

    @cached_property
    def _texts(self) -> TextIndex:
        return TextIndex([text for _, _, _, text in self._clips])

    def _fitting(self, topics: Sequence[TopicOf], used: set[int]) -> tuple[ClipFit, ...]:
        found = []
        for place, fit in self._texts.find(topics).items():
            key, title, url, _ = self._clips[place]
            found += [ClipFit(key, title, url, fit)] if key not in used else []
        return tuple(sorted(found, key=lambda one: (-one.fit.share, one.title))[: reasons.CLIPS_MOST])

    @cached_property
    def _trips(self) -> list[Journey]:
        until = self.today + dt.timedelta(days=reasons.TRIP_AHEAD_DAYS)
        rows = Trip.objects.of(self.owner).filter(starts_on__lte=until).exclude(ends_on__lt=self.today)
        return [Journey(t.place, t.starts_on, t.ends_on, t.kind == "moving") for t in rows.order_by("starts_on", "pk")]

    def _new_jobs(self, row: Person, jobs: Sequence[Any]) -> Iterable[NewJob]:
        """Work that began within 60 days, or that a later import brought to somebody known before."""
        since = self.today - dt.timedelta(days=reasons.JOB_DAYS)
        for organisation, role, started_on, ended_on, noted_at in jobs:
            if ended_on:
                continue
            began = to_partial(started_on)
            if began.year and began.month:
                day = dt.date(began.year, began.month, began.day or 1)
                if since - dt.timedelta(days=0 if began.day else 30) <= day <= self.today:
                    words = say_date(day, self.today) if began.day else write_month(day)
                    yield NewJob(organisation, role, words, max(day, since))
            elif noted_at and not began.year and noted_at - row.created_at > SETTLED:
                noted_on = noted_at.astimezone(clock.zone(self.owner)).date()
                if noted_on >= since:
                    yield NewJob(organisation, role, "", noted_on)


def _by_person(rows: Iterable[Sequence[Any]]) -> Columns:
    found: Columns = defaultdict(list)
    for person, *rest in rows:
        found[person].append(tuple(rest))
    return found


def _work(jobs: Sequence[Any]) -> str:
    """What somebody does now, completing "Ada …"."""
    for organisation, role, _started, ended_on, _noted in jobs:
        if not ended_on:
            return f"is {role} at {organisation}" if role else f"works at {organisation}"
    return ""


def lives_in(place: str, trip: str) -> bool:
    """Whether a person's place names the place of a trip: "Porto, Portugal" is in "Porto" and in "Portugal"."""
    words = [fold_name(part) for part in trip.split(",") if part.strip()]
    home = [fold_name(part) for part in place.replace("/", ",").split(",") if part.strip()]
    return bool(words) and words[0] in home


def plain_title(title: str) -> str:
    """A subject without "Re:" and the like, short enough for a sentence."""
    words = title.split()
    while words and words[0].rstrip(":").casefold() in ("re", "aw", "fw", "fwd", "wg", "sv", "tr", "antw"):
        words.pop(0)
    text = " ".join(words)
    return text if len(text) <= 60 else f"{text[:57].rstrip()}…"

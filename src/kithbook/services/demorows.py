"""Writes a village as rows of one owner, all of one batch, with one prepared statement a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from kithbook.core.addresses import normalise_email
from kithbook.core.names import fold_name
from kithbook.core.partialdates import partial_text
from kithbook.core.personnames import split_name
from kithbook.core.phones import normalise_phone
from kithbook.core.villagetypes import Village, Villager
from kithbook.store.bulk import Inserter
from kithbook.store.ids import IdRun
from kithbook.store.models import (
    Affiliation,
    Ask,
    Attendance,
    Batch,
    EntryParty,
    Event,
    Group,
    Identity,
    Interaction,
    Introduction,
    IntroductionStep,
    LedgerEntry,
    Membership,
    Objective,
    ObjectivePerson,
    Owner,
    Participant,
    Person,
    PersonDate,
    Promise,
    Referral,
    Role,
    StageEvent,
    Tag,
    Topic,
)

SOURCE = "demo"
INTERACTION_COLUMNS = (
    "owner", "batch", "id", "at", "channel", "direction", "size", "minutes", "title", "note", "source", "external_key",
    "event",
)  # fmt: skip
PLAIN = (
    "name", "stage", "my_stage", "place", "met_at", "met_where", "note", "importance", "liking", "closeness",
    "is_kin", "is_key", "is_bridge", "no_gifts", "standing_permission", "follows_up", "standing",
)  # fmt: skip
"""Fields of a person that are called the same in the village and in the store."""


class VillageWriter:
    """One village into the tables of one owner; `people`, `objectives`, `bridges`, `doors` map its keys to row ids."""

    def __init__(self, owner: Owner, batch: Batch, village: Village) -> None:
        self.village = village
        self._owner, self._batch = owner.pk, batch.pk
        self._new = IdRun().next
        self.people = self._ids(one.key for one in village.people)
        self.objectives = self._ids(aim.name for aim in village.objectives)
        self._groups = self._ids(group.key for group in village.groups)
        self._events = self._ids(event.key for event in village.events)
        self._exchanges = self._ids(one.key for one in village.exchanges if one.key)
        self.bridges = self._ids(one.key for one in village.introductions)
        self.doors = self._ids(one.key for one in village.referrals)

    def write(self) -> None:
        """Write everything."""
        self._write_people()
        self._write_gatherings()
        self._write_exchanges()
        self._write_bank()
        self._write_bridges()
        self._write_aims()

    def _ids(self, keys: Iterable[str]) -> dict[str, int]:
        return {key: self._new() for key in keys}

    def _insert(self, model: type[Any], columns: str, rows: Iterable[Sequence[Any]], *, batched: bool = True) -> None:
        """Rows of the named columns, with owner and, where the table has one, the batch put before them."""
        fixed: tuple[Any, ...] = (self._owner, self._batch) if batched else (self._owner,)
        names = ("owner", "batch") if batched else ("owner",)
        Inserter(model, (*names, *columns.split())).insert_values([(*fixed, *row) for row in rows])

    def _many(self, rows_of: Callable[[Villager], Iterable[Sequence[Any]]]) -> list[tuple[Any, ...]]:
        """Rows that hang on people: id and person put before each."""
        return [(self._new(), self.people[one.key], *row) for one in self.village.people for row in rows_of(one)]

    def _write_people(self) -> None:
        given = (self._person_row(one) for one in self.village.people)
        more = "folded_name given_name family_name nicknames created_at met_event met_through id"
        self._insert(Person, f"{' '.join(PLAIN)} {more}", given)
        self._insert(Identity, "id person kind value key label", self._many(_identities))
        jobs = self._many(
            lambda one: [
                (j.organisation, j.role, partial_text(j.started_on), partial_text(j.ended_on)) for j in one.jobs
            ]
        )
        self._insert(Affiliation, "id person organisation role started_on ended_on", jobs)
        self._insert(Tag, "id person name", self._many(lambda one: [(tag,) for tag in one.tags]))
        birthdays = self._many(lambda one: [("birthday", partial_text(one.birthday))] if one.birthday else [])
        self._insert(PersonDate, "id person kind on", birthdays)
        moves = [
            (self._new(), self.people[m.person], m.view, m.from_stage, m.to_stage, m.decision, m.why, m.at)
            for m in self.village.moves
        ]
        self._insert(StageEvent, "id person view from_stage to_stage decision why at", moves)
        topics = [
            (self._new(), self.people.get(t.person), t.kind, t.text, t.year, t.noted_on, t.source, t.is_sensitive)
            for t in self.village.topics
        ]
        self._insert(Topic, "id person kind text year noted_on source is_sensitive", topics)

    def _person_row(self, one: Villager) -> tuple[Any, ...]:
        given, family = split_name(one.name)
        event, through = self._events.get(one.met_event), self.people.get(one.met_through)
        plain = tuple(getattr(one, name) for name in PLAIN)
        return (
            *plain,
            fold_name(one.name),
            given,
            family,
            list(one.nicknames),
            one.met_at,
            event,
            through,
            self.people[one.key],
        )

    def _write_gatherings(self) -> None:
        groups, events, new = self.village.groups, self.village.events, self._new
        self._insert(
            Group,
            "id name kind my_role note",
            [(self._groups[g.key], g.name, g.kind, g.my_role, g.note) for g in groups],
        )
        members = [(new(), self._groups[g.key], self.people[who], role) for g in groups for who, role in g.members]
        self._insert(Membership, "id group person role", members)
        rows = [(self._events[e.key], e.name, e.held_on, e.place, e.note, self._groups.get(e.group)) for e in events]
        self._insert(Event, "id name held_on place note group", rows)
        there = [
            (new(), self._events[e.key], self.people[who], met, note) for e in events for who, met, note in e.there
        ]
        self._insert(Attendance, "id event person met note", there)

    def _write_exchanges(self) -> None:
        """By far the most rows: given in the database's own form, which spares half the time of loading."""
        owner, batch = self._owner, self._batch
        rows: list[tuple[Any, ...]] = []
        parts: list[tuple[Any, ...]] = []
        for number, one in enumerate(self.village.exchanges, start=1):
            row = self._exchanges.get(one.key) or self._new()
            at, event = int(one.at.timestamp()), self._events.get(one.event)
            said = (one.channel, one.direction, one.size, one.minutes, one.title, one.note)
            rows.append((owner, batch, row, at, *said, SOURCE, number, event))
            parts.extend((owner, row, self.people[who], role) for who, role in one.people)
        Inserter(Interaction, INTERACTION_COLUMNS).insert(rows)
        Inserter(Participant, ("owner", "interaction", "person", "role")).insert(parts)

    def _write_bank(self) -> None:
        new, person = self._new, self.people
        entries: list[tuple[Any, ...]] = []
        parties: list[tuple[Any, ...]] = []
        for one in self.village.gifts:
            row = new()
            links = (
                self._exchanges.get(one.exchange),
                self.doors.get(one.referral),
                self.bridges.get(one.introduction),
            )
            entries.append(
                (
                    row,
                    one.on,
                    one.direction,
                    one.kind,
                    one.size,
                    one.minutes,
                    one.was_asked,
                    one.is_meaningful,
                    one.note,
                    *links,
                )
            )
            parties.extend((new(), row, person[who]) for who in one.people)
        columns = "id on direction kind size minutes was_asked is_meaningful note interaction referral introduction"
        self._insert(LedgerEntry, columns, entries)
        self._insert(EntryParty, "id entry person", parties, batched=False)
        words = [
            (new(), person[w.person], w.by_me, w.text, w.made_on, w.due_on, w.state, w.closed_on, person.get(w.about))
            for w in self.village.promises
        ]
        self._insert(Promise, "id person by_me text made_on due_on state closed_on about", words)
        asks = [
            (
                new(),
                person[a.person],
                a.kind,
                a.size,
                a.text,
                a.planned_on,
                a.asked_on,
                a.outcome,
                a.outcome_on,
                self.objectives.get(a.objective),
            )
            for a in self.village.asks
        ]
        self._insert(Ask, "id person kind size text planned_on asked_on outcome outcome_on objective", asks)

    def _write_bridges(self) -> None:
        person, aim_of = self.people.get, self.objectives.get
        bridges: list[tuple[Any, ...]] = []
        steps: list[tuple[Any, ...]] = []
        for one in self.village.introductions:
            row, aim = self.bridges[one.key], aim_of(one.objective)
            parties = (person(one.introducer), person(one.first), person(one.second), person(one.asked_by))
            texts = (one.purpose, one.blurb, one.endorsement, one.state, one.outcome)
            bridges.append((row, *parties, *texts, one.steps[0].at, aim))
            steps.extend((self._new(), row, step.state, person(step.person), step.note, step.at) for step in one.steps)
        columns = "id introducer first second asked_by purpose blurb endorsement state outcome created_at objective"
        self._insert(Introduction, columns, bridges)
        self._insert(IntroductionStep, "id introduction state person note at", steps, batched=False)
        doors = [
            (self.doors[d.key], person(d.giver), person(d.receiver), person(d.about), d.kind, d.text, d.on, d.vouch,
             d.outcome, d.outcome_on, d.reported_on, aim_of(d.objective), self.bridges.get(d.introduction))
            for d in self.village.referrals
        ]  # fmt: skip
        columns = "id giver receiver about kind text on vouch outcome outcome_on reported_on objective introduction"
        self._insert(Referral, columns, doors)

    def _write_aims(self) -> None:
        aims = self.village.objectives
        rows = [
            (self.objectives[aim.name], aim.name, aim.kind, aim.target, aim.note, aim.share, aim.state, aim.due_on,
             aim.ended_on, aim.created_at)
            for aim in aims
        ]  # fmt: skip
        self._insert(Objective, "id name kind target note share state due_on ended_on created_at", rows)
        people = [
            (self._new(), self.objectives[aim.name], self.people[who], helps)
            for aim in aims
            for who, helps in aim.people
        ]
        self._insert(ObjectivePerson, "id objective person is_helper", people)
        roles = [
            (self._new(), self.people[who], role, self.objectives.get(aim)) for who, role, aim in self.village.roles
        ]
        self._insert(Role, "id person role objective", roles)


def _identities(one: Villager) -> Iterable[Sequence[Any]]:
    for value, label in one.emails:
        yield "email", value, normalise_email(value), label
    if one.phone:
        yield "phone", one.phone, normalise_phone(one.phone), "mobile"

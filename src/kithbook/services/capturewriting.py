"""Writes an understood sentence: the exchange, the bank, promises, topics, asks and new people, all in one batch."""

from __future__ import annotations

from collections.abc import Sequence

from kithbook.core.capture import Understood
from kithbook.services import asks, clock, requests
from kithbook.services.editing import make_person
from kithbook.services.owners import touch_revision
from kithbook.services.recording import record_entry, record_interaction
from kithbook.store.models import Ask, Batch, Interaction, Owner, Person, Promise, Topic

FIRST_MEETING = ("meeting", "event", "video")


class Writer:
    """Turns one reading into rows. `chosen` are the people of the reading: rows, or names of new ones."""

    def __init__(self, owner: Owner, batch: Batch, found: Understood, chosen: Sequence[Person | str | None]) -> None:
        self.owner, self.batch, self.found = owner, batch, found
        self.day = found.happened_on or clock.today(owner)
        self.people = [self._person(who, number) for number, who in enumerate(chosen)]
        self._link_through()

    def _person(self, who: Person | str | None, number: int) -> Person:
        if isinstance(who, Person):
            return who
        mention = self.found.people[number]
        was_met = mention.role == "with" and self.found.channel in FIRST_MEETING
        return make_person(
            self.owner, who or mention.text, self.batch,
            met_at=clock.noon(self.owner, self.day) if was_met else None,
            met_where=self.found.event[:300] if was_met else "", follows_up=was_met,
        )  # fmt: skip

    def _link_through(self) -> None:
        """Someone new whom another person introduced keeps who opened the door."""
        door = next((p for p, m in zip(self.people, self.found.people, strict=True) if m.role == "through"), None)
        for person, mention in zip(self.people, self.found.people, strict=True):
            if door and mention.is_new and mention.role == "with" and person.batch_id == self.batch.pk:
                person.met_through = door
                person.save(update_fields=["met_through"])

    def write(self, text: str) -> None:
        """Write everything the sentence says; the sentence itself is the note of the exchange."""
        interaction = self._interaction(text)
        for given in self.found.ledger:
            people = self._at(given.who)
            if people:
                record_entry(
                    self.owner, people, given.direction, given.kind, size=given.size, on=self.day, note=given.text,
                    interaction=interaction, batch=self.batch,
                )  # fmt: skip
        self._promises(interaction)
        self._topics()
        self._asks(interaction)
        if interaction is None and self.found.note:
            self._note()
        touch_revision(self.owner)

    def _at(self, positions: Sequence[int]) -> list[Person]:
        return [self.people[position] for position in positions]

    def _interaction(self, text: str) -> Interaction | None:
        if not self.found.channel:
            return None
        mentions = zip(self.people, self.found.people, strict=True)
        with_ = [person for person, mention in mentions if mention.role == "with"] or self.people[:1]
        return record_interaction(
            self.owner, list({person.pk: person for person in with_}.values()), self.found.channel, on=self.day,
            direction=self.found.direction, minutes=self.found.minutes, note=text, batch=self.batch,
        )  # fmt: skip

    def _promises(self, interaction: Interaction | None) -> None:
        for promised in self.found.promises:
            about = self._at(promised.about)
            for person in self._at(promised.who):
                Promise.objects.create(
                    owner=self.owner, person=person, by_me=promised.by == "me", text=promised.text[:500],
                    made_on=self.day, due_on=promised.due_on, about=about[0] if about else None,
                    interaction=interaction, batch=self.batch,
                )  # fmt: skip

    def _topics(self) -> None:
        for topic in self.found.topics:
            for person in self._at(topic.who):
                Topic.objects.create(
                    owner=self.owner, person=person, kind=topic.kind, text=topic.text[:500], noted_on=self.day,
                    source="you wrote it down", batch=self.batch,
                )  # fmt: skip

    def _asks(self, interaction: Interaction | None) -> None:
        """An ask of mine, in the bank if they said yes; one of theirs is a request, with whom they want to meet."""
        for asked in self.found.asks:
            for person in self._at(asked.who):
                if asked.by == "me":
                    row = Ask.objects.create(
                        owner=self.owner, person=person, size=asked.size, text=asked.text[:500], asked_on=self.day,
                        outcome=asked.outcome, outcome_on=self.day if asked.outcome else None,
                        interaction=interaction, batch=self.batch,
                    )  # fmt: skip
                    asks.book(self.owner, row, self.day, self.batch)
                    continue
                targets: Sequence[Person | None] = self._at(asked.target) or [None]
                for target in targets:
                    requests.take(self.owner, person, asked.kind, asked.text, self.day, self.batch, target=target)

    def _note(self) -> None:
        """Words without an exchange are kept with the person as a dated fact."""
        for person in self.people[:1]:
            Topic.objects.create(
                owner=self.owner, person=person, kind="fact", text=self.found.note[:500], noted_on=self.day,
                source="you wrote it down", batch=self.batch,
            )  # fmt: skip

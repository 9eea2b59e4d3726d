"""Quick capture: one sentence is understood, shown, and written down as one batch that can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property

from django.db import transaction

from kithbook.core.capture import Mention, Understood
from kithbook.core.capture import understand as read
from kithbook.core.daywords import write_date
from kithbook.core.errors import Conflict, Invalid
from kithbook.core.ids import from_text, is_id, to_text
from kithbook.core.mail import OUT
from kithbook.core.needy import quiet_note
from kithbook.services import clock, ties
from kithbook.services.capturewriting import Writer
from kithbook.services.finding import brief, find_person, name_index
from kithbook.services.personpage import page
from kithbook.services.recording import BOTH_WAYS, record_interaction, start_batch
from kithbook.services.registry import operation
from kithbook.services.saying import lines_of
from kithbook.services.views import CaptureView, ChoiceView, Note, PartView, PersonPage
from kithbook.store.models import Batch, Event, Owner, Person, Promise, Topic

LONGEST = 2_000
NEW = "new"


@operation(reads=True)
def understand(owner: Owner, text: str, choices: dict[str, str] | None = None) -> CaptureView:
    """Show how a sentence is understood, without writing anything down.

    `choices` says who is meant where a name fits several or nobody: the name as written -> a person's id, or "new".
    """
    return _read(owner, text, choices or {}).view()


@operation()
@transaction.atomic
def log(owner: Owner, text: str, choices: dict[str, str] | None = None) -> CaptureView:
    """Write a sentence down: what happened, promises, needs, what was given; refused while anything is unclear.

    A name that nobody has, nor one like it, is a new person: in `new_people`, and taken back with the rest.
    """
    reading = _read(owner, text, choices or {})
    view = reading.view()
    if view.questions or view.choices:
        unclear = view.questions or [f"It is not clear who {item.text} is." for item in view.choices]
        raise Conflict(" ".join(unclear), "Say it more precisely, or choose.", capture=view)
    if not (view.people or view.new_people):
        raise Invalid("It is not clear whom this is about.", "Name the person, e.g. “call with Anna Berger yesterday”.")
    batch = start_batch(owner, "log", text.strip())
    Writer(owner, batch, reading.understood, reading.chosen).write(text.strip())
    return reading.view(batch=batch.pk)


@operation()
@transaction.atomic
def spoke(
    owner: Owner,
    person: str,
    channel: str = "call",
    minutes: int | None = None,
    on: dt.date | None = None,
    note: str = "",
) -> Note:
    """Note that you spoke with a person, today unless `on` says otherwise; `note` says about what."""
    row = find_person(owner, person)
    batch = start_batch(owner, "log", f"{channel} with {row.name}")
    record_interaction(owner, [row], channel, minutes=minutes, on=on, note=note.strip()[:5000], batch=batch)
    return Note(f"Noted: {channel} with {row.name} on {write_date(on or clock.today(owner))}.", to_text(batch.pk))


@operation()
@transaction.atomic
def met(
    owner: Owner,
    name: str,
    at: str = "",
    through: str = "",
    interests: list[str] | None = None,
    needs: list[str] | None = None,
    goals: list[str] | None = None,
    on: dt.date | None = None,
    promised: str = "",
    email: str = "",
    phone: str = "",
) -> PersonPage:
    """Note that you met somebody: three light steps follow, within a day, after a week and after a month."""
    from kithbook.services.editing import attach, make_person

    day = clock.past_day(owner, on, "Write down whom you have met.")
    batch = start_batch(owner, "met", f"met {name}")
    known = through and find_person(owner, through)
    event = event_of(owner, at, day, batch) if at.strip() else None
    row = make_person(
        owner, name, batch, met_at=clock.noon(owner, day), met_where=at.strip()[:300], met_event=event,
        met_through=known or None, follows_up=True,
    )  # fmt: skip
    for value in filter(None, (email.strip(), phone.strip())):
        attach(owner, row, value, "", batch)
    record_interaction(
        owner, [row], "event" if event else "meeting", on=day, note=f"First met {at}".strip(), batch=batch
    )
    for kind, texts in (("interest", interests), ("need", needs), ("goal", goals)):
        for text in texts or ():
            Topic.objects.create(
                owner=owner,
                person=row,
                kind=kind,
                text=text.strip()[:500],
                noted_on=day,
                source="when you met",
                batch=batch,
            )
    if promised.strip():
        Promise.objects.create(owner=owner, person=row, text=promised.strip()[:500], made_on=day, batch=batch)
    return page(owner, row)


def event_of(owner: Owner, name: str, day: dt.date, batch: Batch) -> Event:
    """The event of that name and day, made if it is not there."""
    clean = " ".join(name.split())[:300]
    found = Event.objects.of(owner).filter(name__iexact=clean, held_on=day).first()
    return found or Event.objects.create(owner=owner, name=clean, held_on=day, batch=batch)


class Reading:
    """A sentence as understood, with the people it means."""

    def __init__(self, owner: Owner, text: str, understood: Understood, choices: Mapping[str, str]) -> None:
        self.owner, self.text, self.understood = owner, text, understood
        self.choices = {name.casefold(): value for name, value in choices.items()}
        ids = {key for mention in understood.people for key in (*mention.ids, *mention.near)}
        self.rows = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=ids)}
        self.chosen: list[Person | str | None] = [self._who(mention) for mention in understood.people]

    def _who(self, mention: Mention) -> Person | str | None:
        """The person, the name of a new one, or None while that is open."""
        choice = self.choices.get(mention.text.casefold(), "")
        if choice == NEW:
            return mention.text
        if choice:
            return find_person(self.owner, choice) if not is_id(choice) else self._by_id(choice)
        if len(mention.ids) == 1:
            return self.rows.get(mention.ids[0])
        expected = mention.is_new and not any(
            q.startswith(f"Nobody called “{mention.text}”") for q in self.understood.questions
        )
        return mention.text if expected else None

    def _by_id(self, choice: str) -> Person:
        return self.rows.get(from_text(choice)) or find_person(self.owner, choice)

    def questions(self) -> list[str]:
        """What is still unclear, those about names that were chosen left out."""
        settled = [
            mention.text for mention, who in zip(self.understood.people, self.chosen, strict=True) if who is not None
        ]
        answered = tuple(start for text in settled for start in (f"Which {text}:", f"Nobody called “{text}”"))
        return [question for question in self.understood.questions if not (answered and question.startswith(answered))]

    @cached_property
    def _quiet_note(self) -> str:
        """What the needy guard says to an exchange of the owner's making, seen before it is written down."""
        known = [who for who in self.chosen if isinstance(who, Person)]
        if len(known) != 1 or self.understood.direction != OUT or self.understood.channel in BOTH_WAYS:
            return ""
        day = self.understood.happened_on or clock.today(self.owner)
        return quiet_note(known[0].stage, ties.unanswered(self.owner, known[0]), day)

    def view(self, batch: int | None = None) -> CaptureView:
        """The reading as faces show it."""
        found, new = self.understood, [who for who in self.chosen if isinstance(who, str)]
        return CaptureView(
            text=self.text,
            people=[brief(who) for who in self.chosen if isinstance(who, Person)],
            new_people=new,
            channel=found.channel,
            on=found.happened_on or (clock.today(self.owner) if found.channel else None),
            minutes=found.minutes,
            lines=([f"New: {', '.join(new)}"] if new else [])
            + lines_of(
                found,
                [_name(who, m) for who, m in zip(self.chosen, found.people, strict=True)],
                clock.today(self.owner),
            )
            + ([self._quiet_note] if self._quiet_note else []),
            questions=self.questions(),
            choices=[self._choice(m) for m, who in zip(found.people, self.chosen, strict=True) if who is None],
            parts=[
                PartView(p.start, p.end, self.text[p.start : p.end], p.meaning)
                for p in sorted(found.parts, key=lambda p: p.start)
            ],
            batch=to_text(batch) if batch else None,
        )

    def _choice(self, mention: Mention) -> ChoiceView:
        candidates = [brief(self.rows[key]) for key in mention.ids or mention.near if key in self.rows]
        return ChoiceView(mention.text, mention.role, sorted(candidates, key=lambda item: item.name)[:LISTED])


LISTED = 12


def _name(who: Person | str | None, mention: Mention) -> str:
    return who.name if isinstance(who, Person) else who or mention.text


def _read(owner: Owner, text: str, choices: Mapping[str, str]) -> Reading:
    clean = text.strip().replace("\x00", "")
    if not clean:
        raise Invalid("There is nothing to write down.", "Try “coffee with Frank yesterday 45m”.")
    if len(clean) > LONGEST:
        raise Invalid(f"A sentence of {len(clean)} characters is too long.", "Put long notes on the person's page.")
    return Reading(owner, clean, read(clean, index=name_index(owner), today=clock.today(owner)), choices)

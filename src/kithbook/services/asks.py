"""The right to ask: checking it, asks made and their outcome, asks planned with the deposits before them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from kithbook.core import askplan, asks, askwords
from kithbook.core.askrules import GRANTED, LARGEST, SMALLEST, VERDICTS, Facts, decide
from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import from_text, is_id, to_text
from kithbook.services import askfacts, clock, rowchanges
from kithbook.services.askviews import AskCheckView, AskFlag, AskItem, AskReason, AskSizeView, AskStep, AsksView
from kithbook.services.finding import brief, find_person
from kithbook.services.owners import touch_revision
from kithbook.services.recording import record_entry, start_batch
from kithbook.services.registry import operation
from kithbook.services.views import Note
from kithbook.store.erase import erase
from kithbook.store.models import Ask, Batch, EntryParty, Owner, Person

OUTCOMES = ("gladly", "reluctantly", "refused", "silence")
PAST_SHOWN = 100
LONGEST_TEXT = 500


@operation(reads=True)
def check(owner: Owner, person: str, size: int, kind: str = "") -> AskCheckView:
    """Am I ready to ask this person for something of size 1 to 5? Verdict, dated reasons, what to do first."""
    row = find_person(owner, person)
    _check_size(size)
    return check_view(row, askfacts.facts_of(owner, [row])[row.pk], size, clock.today(owner), _word(kind))


@operation(reads=True)
def sizes(owner: Owner, person: str) -> list[AskSizeView]:
    """What you may ask a person now: for each size from 1 to 5 the verdict, its first reason and what to do."""
    row = find_person(owner, person)
    facts, today = askfacts.facts_of(owner, [row])[row.pk], clock.today(owner)
    found = []
    for size in range(SMALLEST, LARGEST + 1):
        answer = asks.check(facts, size, today)
        found.append(AskSizeView(size, answer.verdict, answer.reasons[0].fact, answer.remedy, answer.ready_on))
    return found


@operation()
@transaction.atomic
def record(
    owner: Owner, person: str, size: int, kind: str = "", text: str = "", outcome: str = "", on: dt.date | None = None,
    ask: str | None = None,
) -> AskItem:  # fmt: skip
    """Write down that you asked, with the outcome if you know it: gladly, reluctantly, refused or silence."""
    row = find_person(owner, person)
    _check_size(size)
    day = clock.past_day(owner, on, "Plan the ask for that day instead.")
    result = _outcome(outcome)
    batch = start_batch(owner, "ask", f"Asked {row.name}")
    what, words = _word(kind), " ".join(text.split())[:LONGEST_TEXT]
    told: dict[str, Any] = {"size": size, "asked_on": day, "outcome": result, "outcome_on": day if result else None}
    if ask:
        made = _planned_row(owner, ask, row)
        rowchanges.change(batch, made, kind=what or made.kind, text=words or made.text, **told)
    else:
        made = Ask(owner=owner, person=row, batch=batch, kind=what, text=words, **told)
        made.save(force_insert=True)
    message = book(owner, made, day, batch)
    touch_revision(owner)
    return _item(made, message=message, batch=batch)


@operation()
@transaction.atomic
def outcome(owner: Owner, ask: str, outcome: str, on: dt.date | None = None) -> AskItem:
    """Say what came of an ask: gladly, reluctantly, refused or silence."""
    row = find_ask(owner, ask)
    result = _outcome(outcome)
    if not result:
        raise Invalid("An outcome is missing.", f"Use one of: {', '.join(OUTCOMES)}.")
    if row.asked_on is None:
        raise Refused("This ask is only planned.", "Write down first that you asked.")
    if row.outcome in GRANTED:
        raise Refused(f"They said yes ({row.outcome}) on {row.outcome_on or row.asked_on}.", "Take that back first.")
    day = clock.past_day(owner, on, "Plan the ask for that day instead.")
    if day < row.asked_on:
        raise Invalid("The answer cannot be older than the ask.", f"You asked on {row.asked_on:%-d %B %Y}.")
    batch = start_batch(owner, "ask", f"Answer of {row.person.name}")
    rowchanges.change(batch, row, outcome=result, outcome_on=day)
    message = book(owner, row, day, batch)
    touch_revision(owner)
    return _item(row, message=message, batch=batch)


@operation()
@transaction.atomic
def plan(owner: Owner, person: str, size: int, on: dt.date, kind: str = "", text: str = "") -> AskItem:
    """Plan an ask for a day to come; what is given before it appears in the weeks before."""
    row = find_person(owner, person)
    _check_size(size)
    today = clock.today(owner)
    if on <= today:
        raise Invalid(f"{on:%-d %B %Y} is not ahead.", "Give a day to come, or write down that you asked.")
    batch = start_batch(owner, "ask", f"Ask planned: {row.name}")
    made = Ask(
        owner=owner, person=row, size=size, kind=_word(kind), text=" ".join(text.split())[:LONGEST_TEXT],
        planned_on=on, batch=batch,
    )  # fmt: skip
    made.save(force_insert=True)
    touch_revision(owner)
    return _item(made, askplan.schedule(askfacts.facts_of(owner, [row])[row.pk], size, today, on), batch=batch)


@operation(reads=True)
def listing(owner: Owner) -> AsksView:
    """Your asks: without an answer yet, planned with the steps before them, and past ones with their outcome."""
    rows = Ask.objects.of(owner).exclude(person__standing="trashed").select_related("person")
    planned = list(rows.filter(asked_on=None).order_by("planned_on", "turn", "pk"))
    made = rows.filter(asked_on__isnull=False).order_by("-asked_on", "-turn", "-pk")
    ended = list(made.exclude(outcome="").values_list("outcome", flat=True))
    ways = ways_to(owner, planned)
    return AsksView(
        open=[_item(row) for row in made.filter(outcome="")],
        planned=[_item(row, ways[row.pk]) for row in planned],
        past=[_item(row) for row in made.exclude(outcome="")[:PAST_SHOWN]],
        outcomes={word: ended.count(word) for word in OUTCOMES},
    )


@operation()
@transaction.atomic
def drop(owner: Owner, ask: str) -> Note:
    """Drop an ask that is planned; nothing more is scheduled for it."""
    row = find_ask(owner, ask)
    if row.asked_on is not None:
        raise Refused("You have asked this already.", "Say what came of it instead.")
    erase(Ask, owner.pk, [row.pk])
    touch_revision(owner)
    return Note(f"Dropped: the ask to {row.person.name}.")


def ready_many(owner: Owner, size: int, ids: Sequence[int] | None = None) -> dict[int, str]:
    """The verdict for an ask of that size to each of these people, or to everybody kept; a fixed number of queries.

    The reasons of one of them are those of `check`.
    """
    _check_size(size)
    people, standing = askfacts.standings(owner, ids)
    codes = decide(standing, size, clock.today(owner))
    return {person: VERDICTS[code] for person, code in zip(people.tolist(), codes.tolist(), strict=True)}


def remedies(owner: Owner, size: int, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Verdict and remedy for each of a few people; a fixed number of queries."""
    _check_size(size)
    today = clock.today(owner)
    people = list(Person.objects.of(owner).filter(pk__in=list(ids)))
    found = {}
    for person, facts in askfacts.facts_of(owner, people).items():
        answer = asks.check(facts, size, today)
        found[person] = (answer.verdict, answer.remedy)
    return found


def ways_to(owner: Owner, rows: Sequence[Ask]) -> dict[int, askplan.Way]:
    """The steps before each of these planned asks, from the facts as they are now."""
    if not rows:
        return {}
    facts = askfacts.facts_of(owner, list({row.person_id: row.person for row in rows}.values()))
    today = clock.today(owner)
    return {
        row.pk: askplan.schedule(facts[row.person_id], row.size, today, max(row.planned_on or today, today))
        for row in rows
    }


def check_view(row: Person, facts: Facts, size: int, day: dt.date, kind: str = "") -> AskCheckView:
    """The answer of core as faces show it."""
    found = asks.check(facts, size, day)
    hides = facts.hides_balance or found.needed is None
    share = askwords.need_only_share(facts)
    return AskCheckView(
        person=brief(row), size=size, kind=kind, on=day, verdict=found.verdict,
        reasons=[AskReason(*reason) for reason in found.reasons], remedy=found.remedy,
        plan=[_step(step) for step in found.plan], ready_on=found.ready_on,
        rights=[AskReason(*reason) for reason in found.rights],
        flags=[AskFlag(*flag) for flag in found.flags],
        reminder=f"Remind them: {facts.met}." if facts.met else "", say_yes=found.say_yes,
        balance=None if hides else round(found.net, 2), needed=found.needed,
        need_only_share=None if share is None else round(share, 3),
    )  # fmt: skip


def find_ask(owner: Owner, text: str) -> Ask:
    """An ask by its id, or by an unambiguous beginning of it; NotFound for anybody else's."""
    wanted = text.strip().lower()
    rows = Ask.objects.of(owner).select_related("person")
    if is_id(wanted):
        row = rows.filter(pk=from_text(wanted)).first()
    else:
        fits = [one for one in rows if len(wanted) > 2 and to_text(one.pk).startswith(wanted)]
        row = fits[0] if len(fits) == 1 else None
    if row is None:
        raise NotFound(f"There is no ask “{text[:30]}”.", "See them with `kith ask list`.")
    found: Ask = row
    return found


def _planned_row(owner: Owner, text: str, person: Person) -> Ask:
    row = find_ask(owner, text)
    if row.asked_on is not None or row.person_id != person.pk:
        raise Refused("This is not an ask planned with them.", "Leave it out to write down a new one.")
    return row


def book(owner: Owner, row: Any, day: dt.date, batch: Batch) -> str:
    """A granted ask is in the bank once: an entry that was written down for it before is left as it is."""
    if row.outcome not in GRANTED:
        return ""
    mine = EntryParty.objects.of(owner).filter(person=row.person, entry__direction="got", entry__kind="ask")
    written = mine.filter(entry__on__gte=row.asked_on, entry__on__lte=day).count()
    others = Ask.objects.of(owner).filter(person=row.person, outcome__in=GRANTED, outcome_on__gte=row.asked_on)
    if written <= others.filter(outcome_on__lte=day).exclude(pk=row.pk).count():
        record_entry(owner, [row.person], "got", "ask", on=day, size=row.size, note=row.text or row.kind, batch=batch)
    return "They said yes. Thank them within two days, whatever comes of it."


def _check_size(size: int) -> None:
    if not SMALLEST <= size <= LARGEST:
        raise Invalid(f"A size of {size} is outside 1 to 5.", "1 is a quick question, 5 changes a career.")


def _outcome(text: str) -> str:
    word = text.strip().lower()
    if word and word not in OUTCOMES:
        raise Invalid(f"“{text[:30]}” is not an outcome.", f"Use one of: {', '.join(OUTCOMES)}.")
    return word


def _word(kind: str) -> str:
    return " ".join(kind.split()).lower()[:40]


def _step(step: askplan.Step) -> AskStep:
    return AskStep(step.on, step.deposit, step.size, step.kind)


def _item(row: Any, way: askplan.Way | None = None, *, message: str = "", batch: Batch | None = None) -> AskItem:
    return AskItem(
        id=to_text(row.pk), person=brief(row.person), size=row.size, kind=row.kind, text=row.text,
        asked_on=row.asked_on, planned_on=row.planned_on, outcome=row.outcome, outcome_on=row.outcome_on,
        steps=[_step(step) for step in way.steps] if way else [], ready_on=way.ready_on if way else None,
        message=message, batch=to_text(batch.pk) if batch else None,
    )  # fmt: skip

"""Introductions: from the idea to the thanks, whether you bring two people together or are introduced yourself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from kithbook.core.errors import Conflict, Invalid, NotFound
from kithbook.core.ids import to_text
from kithbook.core.introductiongates import check_endorsement, read_level
from kithbook.core.introductions import ENDED, NOTES, read_state
from kithbook.core.introductions import move as moved
from kithbook.services import clock, editing, introducing, introsuggesting, matching
from kithbook.services.finding import brief, find_person
from kithbook.services.intropages import board_of, card_of, drafts_of, loop_of, page_of
from kithbook.services.introviews import (
    ConnectorView,
    DraftView,
    GoalView,
    IntroductionBoard,
    IntroductionCard,
    IntroductionLoop,
    IntroductionPage,
    IntroductionSuggestionView,
    LoadView,
    SpeakingView,
)
from kithbook.services.owners import touch_revision
from kithbook.services.recording import record_entry, start_batch
from kithbook.services.registry import operation
from kithbook.services.views import Note
from kithbook.store.erase import erase
from kithbook.store.models import (
    Batch,
    Introduction,
    IntroductionStep,
    LedgerEntry,
    Owner,
    Person,
    Topic,
)

LONGEST_PURPOSE = 500
LONGEST_BLURB = 4_000
SHORTEST_PREFIX = 4
MOST_SUGGESTIONS = 100
LARGEST_VALUE = 10**11


@operation(reads=True)
def suggest(owner: Owner, for_person: str = "", limit: int = 10) -> list[IntroductionSuggestionView]:
    """Suggest two people who could help each other, from needs and offers by meaning, with what comes first."""
    if not 1 <= limit <= MOST_SUGGESTIONS:
        raise Invalid(f"{limit} suggestions cannot be given.", "Ask for 1 to 100.")
    person = find_person(owner, for_person) if for_person.strip() else None
    return introsuggesting.suggestions(owner, person, limit)


@operation()
@transaction.atomic
def feedback(owner: Owner, needs: str, need: str, offers: str, verdict: str, why: str = "") -> Note:
    """Say yes or no to a suggestion: `offers` for the need of `needs`; a no is not suggested again."""
    return matching.decide(owner, need, offers, verdict, needs=needs, why=why)


@operation()
@transaction.atomic
def add(
    owner: Owner, a: str, b: str, purpose: str = "", asked_by: str = "", endorsement: str = "", goal: str = "",
    blurb: str = "",
) -> IntroductionPage:  # fmt: skip
    """Note the idea to bring two people together; `goal` is a need or goal of one of them that it serves."""
    first, second = find_person(owner, a), find_person(owner, b)
    if first.pk == second.pk:
        raise Invalid(f"Both names mean {first.name}.", "Name two people.")
    level = read_level(endorsement)
    check_endorsement(level, first.name, first.my_stage, first.stage)
    asker = find_person(owner, asked_by) if asked_by.strip() else None
    batch = start_batch(owner, "introduction", f"introduction: {first.name} and {second.name}")
    row = begin(
        owner, first, second, batch, asked_by=asker, purpose=purpose.strip()[:LONGEST_PURPOSE], endorsement=level,
        blurb=blurb.strip()[:LONGEST_BLURB], goal=_find_goal(owner, goal, (first, second)),
    )  # fmt: skip
    return page_of(owner, _row(owner, row.pk), batch)


@operation()
@transaction.atomic
def introduced(owner: Owner, by: str, to: str, purpose: str = "", on: dt.date | None = None) -> IntroductionPage:
    """Note that somebody introduced you: answer within a day, tell them how it went, thank twice."""
    introducer = find_person(owner, by)
    day = clock.past_day(owner, on)
    batch = start_batch(owner, "introduction", f"introduced by {introducer.name}: {to.strip()}")
    whom = editing.find_or_make(owner, to, batch, through=introducer)
    if whom.pk == introducer.pk:
        raise Invalid(f"Both names mean {whom.name}.", "Name who introduced you, and whom you met through them.")
    at = clock.noon(owner, day)
    row = Introduction.objects.create(
        owner=owner, introducer=introducer, first=whom, purpose=purpose.strip()[:LONGEST_PURPOSE], state="made",
        created_at=at, batch=batch,
    )  # fmt: skip
    IntroductionStep.objects.create(owner=owner, introduction=row, state="made", at=at)
    entry = record_entry(
        owner, [introducer], "got", "introduction", on=day, note=f"Introduced you to {whom.name}", batch=batch
    )
    LedgerEntry.objects.of(owner).filter(pk=entry.pk).update(introduction=row)
    touch_revision(owner)
    return page_of(owner, _row(owner, row.pk), batch)


@operation()
@transaction.atomic
def move(
    owner: Owner,
    introduction: str,
    to: str,
    note: str = "",
    on: dt.date | None = None,
    outcome: str = "",
    value: float | None = None,
) -> IntroductionPage:
    """Move an introduction on: asked_first, asked_second, both_yes, made, acknowledged, met, outcome or reported.

    Also thanked, declined and closed, and two notes that leave its state: nudged (asked again) and told (said where
    it stands).
    """
    row = find_introduction(owner, introduction)
    wanted = read_state(to)
    moved(introducing.facts_of(owner, [row])[row.pk], wanted)
    _check_day(owner, row, on)
    batch = start_batch(owner, "introduction", f"{wanted.replace('_', ' ')}: {_title(row)}")
    introducing.record_step(owner, row, wanted, batch=batch, note=note.strip(), on=on)
    if wanted == "outcome" or outcome.strip() or value is not None:
        _set_outcome(owner, row, outcome.strip() or (note.strip() if wanted == "outcome" else ""), value)
    touch_revision(owner)
    return page_of(owner, _row(owner, row.pk), batch)


@operation()
@transaction.atomic
def undo_step(owner: Owner, introduction: str) -> IntroductionPage:
    """Take the last step of an introduction back, with what was written into the bank for it."""
    from kithbook.services import batches

    row = find_introduction(owner, introduction)
    steps = list(IntroductionStep.objects.of(owner).filter(introduction=row).order_by("at", "pk"))
    if len(steps) < 2:
        raise Conflict("There is no step to take back: this is where it began.", "Close it, or take its batch back.")
    batch = introducing.batch_of_step(owner, steps[-1].pk)
    if batch:
        batches.undo(owner, to_text(batch.pk))
    else:
        state = next(step.state for step in reversed(steps[:-1]) if step.state not in NOTES)
        erase(IntroductionStep, owner.pk, [steps[-1].pk])
        Introduction.objects.of(owner).filter(pk=row.pk).update(state=state)
        touch_revision(owner)
    return page_of(owner, _row(owner, row.pk), None)


@operation()
@transaction.atomic
def change(
    owner: Owner,
    introduction: str,
    purpose: str | None = None,
    blurb: str | None = None,
    endorsement: str | None = None,
    goal: str | None = None,
    satisfaction: str | None = None,
    outside_balance: bool | None = None,
) -> IntroductionPage:
    """Change the words of an introduction, what it felt like to open that door, or keep it out of the balance."""
    row = find_introduction(owner, introduction)
    if purpose is not None:
        row.purpose = purpose.strip()[:LONGEST_PURPOSE]
    if blurb is not None:
        row.blurb = blurb.strip()[:LONGEST_BLURB]
    if endorsement is not None:
        row.endorsement = read_level(endorsement)
        check_endorsement(row.endorsement, row.first.name, row.first.my_stage, row.first.stage)
    if goal is not None:
        row.goal = _find_goal(owner, goal, tuple(filter(None, (row.first, row.second))))
    row.save(update_fields=["purpose", "blurb", "endorsement", "goal"])
    felt: dict[str, Any] = {}
    if satisfaction is not None:
        felt["satisfaction"] = satisfaction.strip()[:200]
    if outside_balance is not None:
        felt["outside_balance"] = outside_balance
    if felt and not LedgerEntry.objects.of(owner).filter(introduction=row, kind="introduction").update(**felt):
        raise Conflict("This introduction is not made yet.", "Say what it felt like when it is.")
    touch_revision(owner)
    return page_of(owner, _row(owner, row.pk), None)


@operation(reads=True)
def show(owner: Owner, introduction: str) -> IntroductionPage:
    """Show one introduction: its steps, what can follow, who acts next, and drafts."""
    return page_of(owner, find_introduction(owner, introduction), None)


@operation(reads=True)
def board(owner: Owner) -> IntroductionBoard:
    """Show all introductions by how far they are, with who acts next and until when."""
    return board_of(owner, list(introducing.rows_with_people(owner).order_by("created_at", "pk")))


@operation(reads=True)
def loops(owner: Owner) -> list[IntroductionLoop]:
    """List what is on you from introductions: to whom, what, until when."""
    found = introducing.duties(owner)
    people = Person.objects.of(owner).in_bulk({duty.person_id for duty in found})
    today = clock.today(owner)
    return [loop_of(duty, people[duty.person_id], today) for duty in sorted(found, key=lambda one: one.due_on)]


@operation(reads=True)
def drafts(owner: Owner, introduction: str) -> list[DraftView]:
    """Give texts to begin with for the next thing to write; nothing is ever sent."""
    row = find_introduction(owner, introduction)
    return drafts_of(owner, row, introducing.facts_of(owner, [row])[row.pk])


@operation(reads=True)
def load(owner: Owner, person: str) -> LoadView:
    """Show how often a person was asked or brought in within three months."""
    row = find_person(owner, person)
    return introsuggesting.loads(owner, [row])[row.pk]


@operation(reads=True)
def connectors(owner: Owner, limit: int = 20) -> list[ConnectorView]:
    """List people who opened two doors or more, and how often they were asked lately."""
    return introsuggesting.find_connectors(owner, max(1, min(limit, MOST_SUGGESTIONS)))


@operation(reads=True)
def towards(owner: Owner, person: str) -> list[GoalView]:
    """List the goals and needs of a person with the introductions made for each."""
    row = find_person(owner, person)
    topics = list(Topic.objects.of(owner).filter(person=row, kind__in=("goal", "need"), ended_on=None))
    rows = list(introducing.rows_with_people(owner).filter(goal__in=topics).order_by("created_at"))
    cards = dict(zip((one.goal_id for one in rows), ([] for _ in rows), strict=True))
    for one, card in zip(rows, cards_of(owner, rows), strict=True):
        cards[one.goal_id].append(card)
    ordered = sorted(topics, key=lambda topic: (topic.kind, topic.noted_on, topic.turn, topic.pk))
    return [GoalView(to_text(topic.pk), topic.kind, topic.text, cards.get(topic.pk, [])) for topic in ordered]


@operation()
@transaction.atomic
def permit(owner: Owner, person: str, standing: bool = True) -> Note:
    """Note that a person need not be asked before an introduction, or take that back."""
    row = find_person(owner, person)
    Person.objects.of(owner).filter(pk=row.pk).update(standing_permission=standing)
    touch_revision(owner)
    need = "need not be asked first" if standing else "is asked first again"
    return Note(f"{row.name} {need}.", None)


@operation()
@transaction.atomic
def vouch(owner: Owner, person: str, level: str = "") -> Note:
    """Say how far you speak for a person: know_of, met, worked_with or vouch; empty lets history decide."""
    row = find_person(owner, person)
    word = read_level(level)
    check_endorsement(word, row.name, row.my_stage, row.stage)
    Person.objects.of(owner).filter(pk=row.pk).update(vouch=word)
    touch_revision(owner)
    return Note(f"{row.name}: {word.replace('_', ' ') or 'as history shows'}.", None)


@operation(reads=True)
def speaking(owner: Owner, person: str) -> SpeakingView:
    """Show how far you can speak for a person, and whether they want to be asked before an introduction."""
    row = find_person(owner, person)
    side = introsuggesting.sides_of(owner, [row]).sides[row.pk]
    return SpeakingView(brief(row), row.standing_permission, row.vouch, side.level)


def cards_of(owner: Owner, rows: Sequence[Introduction]) -> list[IntroductionCard]:
    """Introductions as cards, in this order."""
    facts = introducing.facts_of(owner, rows)
    today, rules = clock.today(owner), introducing.timers(owner)
    return [card_of(owner, row, facts[row.pk], today, rules) for row in rows]


def of_person(owner: Owner, person: str) -> list[IntroductionCard]:
    """The introductions in which a person has a part, newest first."""
    row = find_person(owner, person)
    part = Q(first=row) | Q(second=row) | Q(introducer=row) | Q(asked_by=row)
    return cards_of(owner, list(introducing.rows_with_people(owner).filter(part).order_by("-created_at", "-pk")))


def find_introduction(owner: Owner, text: str) -> Introduction:
    """One introduction by its id or an unambiguous beginning of it."""
    wanted = text.strip().lower()
    keys = Introduction.objects.of(owner).values_list("pk", flat=True)
    found = [key for key in keys if len(wanted) >= SHORTEST_PREFIX and to_text(key).startswith(wanted)]
    if len(found) > 1:
        raise Conflict(f"“{wanted}” begins {len(found)} introductions.", "Give more letters of the id.")
    if not found:
        raise NotFound(f"There is no introduction “{text[:30]}”.", "See them with `kith intro list`.")
    return _row(owner, found[0])


def _row(owner: Owner, key: int) -> Introduction:
    row: Introduction = introducing.rows_with_people(owner).select_related("goal").get(pk=key)
    return row


def _title(row: Introduction) -> str:
    return f"{row.first.name} and {row.second.name if row.second else 'you'}"


def begin(owner: Owner, first: Person, second: Person, batch: Batch, **fields: Any) -> Introduction:
    """An idea as a row with its first step; raises Conflict while the two are in another introduction."""
    _refuse_second(owner, first, second)
    now = clock.now()
    row = Introduction(owner=owner, first=first, second=second, state="idea", created_at=now, batch=batch, **fields)
    row.save(force_insert=True)
    IntroductionStep.objects.create(owner=owner, introduction=row, state="idea", at=now)
    touch_revision(owner)
    return row


def _refuse_second(owner: Owner, first: Person, second: Person) -> None:
    pair = (first.pk, second.pk)
    rows = Introduction.objects.of(owner).filter(first__in=pair, second__in=pair).exclude(state__in=ENDED)
    if open_one := rows.first():
        raise Conflict(
            f"{first.name} and {second.name} are in an introduction already.",
            f"Go on with it: `kith intro show {to_text(open_one.pk)}`.",
        )


def _find_goal(owner: Owner, text: str, people: Sequence[Person]) -> Topic | None:
    """The goal or need of one of these people, by its id or by its words."""
    wanted = text.strip()
    if not wanted:
        return None
    rows = Topic.objects.of(owner).filter(person__in=[row.pk for row in people], kind__in=("goal", "need"))
    found = [row for row in rows if to_text(row.pk) == wanted.lower()]
    found = found or [row for row in rows if wanted.casefold() in row.text.casefold()]
    if len(found) != 1:
        known = "; ".join(row.text for row in rows[:5])
        hint = f"They have: {known}." if known else "Note one on their page first."
        raise NotFound(f"“{wanted[:60]}” is not one goal or need of theirs.", hint)
    goal: Topic = found[0]
    return goal


def _check_day(owner: Owner, row: Introduction, on: dt.date | None) -> None:
    """Steps have their order: none in the future, none before the one before it."""
    if on is None:
        return
    clock.past_day(owner, on)
    last = IntroductionStep.objects.of(owner).filter(introduction=row).order_by("-at", "-pk").first()
    before = last.at.astimezone(clock.zone(owner)).date() if last else on
    if on < before:
        raise Invalid(f"The step before was on {before:%-d %B %Y}.", "Give that day or a later one.")


def _set_outcome(owner: Owner, row: Introduction, outcome: str, value: float | None) -> None:
    """What came of it, with its value in the owner's own money if that can be said."""
    changes: dict[str, Any] = {}
    if outcome:
        changes["outcome"] = outcome[:500]
    if value is not None:
        if not 0 <= value < LARGEST_VALUE:
            raise Invalid(f"A value of {value:g} cannot be kept.", "Give it in whole money, e.g. 12000.")
        changes["value"] = round(value, 2)
    if changes:
        Introduction.objects.of(owner).filter(pk=row.pk).update(**changes)

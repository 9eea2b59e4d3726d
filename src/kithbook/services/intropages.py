"""Turns introductions into what faces show: cards, the board, a page with its drafts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kithbook.core.ids import to_text
from kithbook.core.introductiongates import Gate
from kithbook.core.introductions import MINE, MOVES_OF_ACTS, Facts, Timers, entered_on, next_step, possible
from kithbook.core.introductionwords import LABELS, draft_all, mail_address, say_move, say_next, say_step
from kithbook.core.plantypes import Duty
from kithbook.services import clock, introducing, introsuggesting
from kithbook.services.finding import brief
from kithbook.services.introviews import (
    ColumnView,
    DraftView,
    IntroductionBoard,
    IntroductionCard,
    IntroductionLoop,
    IntroductionMoveView,
    IntroductionPage,
    IntroductionStepView,
)
from kithbook.services.views import PersonBrief, as_number
from kithbook.store.models import Batch, Identity, Introduction, IntroductionStep, LedgerEntry, Owner, Person

COLUMNS = (
    ("idea", "Ideas", ("idea",)),
    ("asked", "Asked", ("asked_first", "asked_second")),
    ("both_yes", "Both said yes", ("both_yes",)),
    ("made", "Introduced", ("made", "acknowledged")),
    ("met", "Met", ("met",)),
    ("outcome", "Outcome known", ("outcome",)),
    ("to_thank", "To thank", ("reported",)),
    ("ended", "Done, declined or at rest", ("thanked", "closed", "declined")),
)
DRAFT_TITLES = {
    "ask_first": "Ask the first", "ask_second": "Ask the second", "blurb": "Lines to pass on",
    "introduction": "The introduction", "again": "Once more", "check": "How did it go?", "decline": "A kind no",
    "report": "What came of it", "thanks": "Thanks", "acknowledge": "Answer and thanks", "outcome": "What came of it",
}  # fmt: skip


def column_of(state: str, *, is_expired: bool) -> str:
    """The column of the board in which an introduction stands; one without an answer rests."""
    if is_expired:
        return "ended"
    return next(key for key, _, states in COLUMNS if state in states)


def card_of(owner: Owner, row: Introduction, facts: Facts, today: dt.date, rules: Timers) -> IntroductionCard:
    """An introduction as a card."""
    names = introducing.names_of(owner, row)
    step = next_step(facts, today, rules)
    who = {"me": "you", "first": row.first.name, "second": names.second, "both": "they", "": ""}[step.who]
    action = MOVES_OF_ACTS.get(step.act, "") if step.who == "me" else ""
    return IntroductionCard(
        id=to_text(row.pk),
        role=facts.role,
        first=brief(row.first),
        second=_brief(row.second),
        introducer=_brief(row.introducer),
        asked_by=_brief(row.asked_by),
        purpose=row.purpose,
        state=row.state,
        state_name=say_step(row.state, facts, names) if facts.role != MINE else LABELS[row.state],
        column=column_of(row.state, is_expired=step.is_expired),
        who=who,
        next=say_next(step, names),
        due_on=step.due_on,
        is_overdue=step.is_overdue,
        is_expired=step.is_expired,
        action=action,
        action_label=say_move(action, facts, names) if action else "",
        created_on=facts.created_on,
        since=entered_on(facts),
    )


def board_of(owner: Owner, rows: Sequence[Introduction]) -> IntroductionBoard:
    """All introductions in their columns: what is on the owner first, then by day."""
    facts = introducing.facts_of(owner, rows)
    today, rules = clock.today(owner), introducing.timers(owner)
    cards = [card_of(owner, row, facts[row.pk], today, rules) for row in rows]
    cards.sort(key=lambda card: (card.who != "you", card.due_on or dt.date.max, card.id))
    columns = []
    for key, title, _ in COLUMNS:
        mine = [card for card in cards if card.column == key]
        if key == "ended":
            mine.sort(key=lambda card: card.since, reverse=True)
        columns.append(ColumnView(key, title, mine))
    due = [card for card in cards if card.who == "you" and card.due_on and card.due_on <= today]
    return IntroductionBoard(columns, len(cards), len(due))


def page_of(owner: Owner, row: Introduction, batch: Batch | None) -> IntroductionPage:
    """Everything about one introduction."""
    facts = introducing.facts_of(owner, [row])[row.pk]
    names = introducing.names_of(owner, row)
    sides = introsuggesting.sides_of(owner, [person for person in (row.first, row.second) if person])
    entry = LedgerEntry.objects.of(owner).filter(introduction=row, kind="introduction").first()
    zone = clock.zone(owner)
    steps = IntroductionStep.objects.of(owner).filter(introduction=row).order_by("at", "pk")
    return IntroductionPage(
        id=to_text(row.pk),
        state=row.state,
        card=card_of(owner, row, facts, clock.today(owner), introducing.timers(owner)),
        blurb=row.blurb,
        endorsement=row.endorsement.replace(" ", "_"),
        outcome=row.outcome,
        value=as_number(row.value),
        goal=row.goal.text if row.goal else "",
        satisfaction=entry.satisfaction if entry else "",
        outside_balance=bool(entry and entry.outside_balance),
        steps=[
            IntroductionStepView(s.state, say_step(s.state, facts, names), s.at.astimezone(zone).date(), s.note)
            for s in steps
        ],
        moves=[IntroductionMoveView(to, say_move(to, facts, names)) for to in possible(facts)],
        loads=[sides.loads[key] for key in sides.rows] if facts.role == MINE else [],
        cautions=[gate.text for gate in _cautions(row, sides)],
        drafts=drafts_of(owner, row, facts),
        batch=to_text(batch.pk) if batch else "",
    )


def _cautions(row: Introduction, sides: introsuggesting.Sides) -> list[Gate]:
    """What speaks against asking now; once somebody is asked, the time for that is over."""
    if row.state != "idea" or row.second_id is None:
        return []
    return [gate for key in sides.rows for gate in sides.before(key)]


def drafts_of(owner: Owner, row: Introduction, facts: Facts) -> list[DraftView]:
    """The drafts for an introduction, with the addresses of those they go to."""
    names = introducing.names_of(owner, row)
    level = row.endorsement.replace(" ", "_")
    found = []
    addresses = _addresses(owner, row)
    for draft in draft_all(facts, names, row.purpose, row.blurb, level, row.outcome):
        people = [person for role in draft.to if (person := introducing.person_of(row, role))]
        mail = [addresses[person.pk] for person in people if person.pk in addresses]
        link = mail_address(mail, draft.subject, draft.body) if len(mail) == len(people) else ""
        title = DRAFT_TITLES[draft.kind]
        found.append(DraftView(draft.kind, title, [brief(one) for one in people], draft.subject, draft.body, link))
    return found


def _addresses(owner: Owner, row: Introduction) -> dict[int, str]:
    """The first mail address of everybody who takes part."""
    people = [key for key in (row.first_id, row.second_id, row.introducer_id, row.asked_by_id) if key]
    rows = Identity.objects.of(owner).filter(person__in=people, kind="email").order_by("-pk")
    return dict(rows.values_list("person_id", "value"))


def loop_of(duty: Duty, person: Person, today: dt.date) -> IntroductionLoop:
    """A duty from an introduction as an open loop."""
    key = duty.ref.split(":")[1]
    return IntroductionLoop(key, brief(person), " ".join((*duty.why, duty.idea)), duty.due_on, today > duty.due_on)


def _brief(person: Person | None) -> PersonBrief | None:
    return brief(person) if person else None

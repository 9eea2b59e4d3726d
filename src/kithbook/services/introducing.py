"""The rows behind introductions: what the rules need to know of them, steps written and taken back, duties."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from kithbook.core.errors import Refused
from kithbook.core.ids import from_text, to_text
from kithbook.core.introductions import (
    MINE,
    MOVES_OF_ACTS,
    NOTES,
    TO_ME,
    Facts,
    Next,
    Timers,
    as_introduced,
    next_step,
)
from kithbook.core.introductionwords import Names, say_next, say_why
from kithbook.core.obligations import duties_of_introduction
from kithbook.core.plantypes import Duty
from kithbook.services import clock
from kithbook.services.recording import record_entry
from kithbook.store.erase import erase
from kithbook.store.models import (
    Batch,
    Interaction,
    Introduction,
    IntroductionStep,
    LedgerEntry,
    Owner,
    Person,
    Request,
)

PARTIES = ("first", "second", "introducer", "asked_by")
PERSON_COLUMNS = ("name", "stage", "my_stage", "standing", "standing_permission", "vouch", "met_at", "met_through")
"""What is read of the people on a board; a person has many columns, and a board four people a line."""
RECENT_DAYS = 31
ACTS = ("introduction", "touch", "request")
"""Kinds of batches that can hold steps."""
KINDS_OF_ACTS = {"thank": "thanks", "acknowledge": "thanks", "report": "report", "tell_progress": "report",
                 "tell_outcome": "report"}  # fmt: skip
"""Kinds of duties by what is to do; all else is a loop."""


def timers(owner: Owner) -> Timers:
    """The days after which something is due, as the owner set them."""
    own: dict[str, Any] = owner.settings.get("introductions", {})
    usual = Timers()
    return Timers(
        **{name: int(own.get(name, getattr(usual, name))) for name in Timers.__slots__ if name != "outcome"},
        outcome=(int(own.get("outcome", usual.outcome[0])), int(own.get("outcome_again", usual.outcome[1]))),
    )


def rows_with_people(owner: Owner) -> Any:
    """Introductions with all who take part."""
    own = [column.name for column in Introduction._meta.concrete_fields]
    needed = [f"{party}__{column}" for party in PARTIES for column in PERSON_COLUMNS]
    return Introduction.objects.of(owner).select_related(*PARTIES).only(*own, *needed)


def facts_of(owner: Owner, rows: Sequence[Introduction]) -> dict[int, Facts]:
    """What the rules need to know of each introduction; one query for all their steps."""
    zone = clock.zone(owner)
    steps: dict[int, list[tuple[str, dt.date]]] = defaultdict(list)
    found = IntroductionStep.objects.of(owner).filter(introduction__in=[row.pk for row in rows])
    for key, state, at in found.order_by("at", "pk").values_list("introduction_id", "state", "at"):
        steps[key].append((state, at.astimezone(zone).date()))
    return {row.pk: _facts(row, steps[row.pk], row.created_at.astimezone(zone).date()) for row in rows}


def _facts(row: Introduction, steps: Sequence[tuple[str, dt.date]], created_on: dt.date) -> Facts:
    asker = ""
    if row.asked_by_id:
        asker = {row.first_id: "first", row.second_id: "second"}.get(row.asked_by_id, "other")
    return Facts(
        role=MINE if row.second_id else TO_ME,
        state=row.state,
        created_on=created_on,
        steps=tuple(steps),
        asker=asker,
        free_first=asker == "first" or row.first.standing_permission,
        free_second=asker == "second" or bool(row.second and row.second.standing_permission),
    )


def names_of(owner: Owner, row: Introduction) -> Names:
    """Who takes part, by name."""
    first, second, introducer, asker = (getattr(row, column) for column in PARTIES)
    return Names(
        first=first.name, second=second.name if second else "", introducer=introducer.name if introducer else "",
        asker=asker.name if asker else "", me=owner.name,
    )  # fmt: skip


def person_of(row: Introduction, role: str) -> Person | None:
    """The person behind "first", "second", "introducer", "asker"; of "both" the one who wanted it."""
    wanted = {"asker": "asked_by", "both": "first"}.get(role, role)
    found: Person | None = getattr(row, wanted) if wanted else None
    return found


def duties(owner: Owner, person_ids: Sequence[int] | None = None) -> list[Duty]:
    """Every introduction whose next move is the owner's and has a day; of some people only where they are named."""
    day, rules = clock.today(owner), timers(owner)
    rows = list(_waiting(owner, person_ids))
    facts = facts_of(owner, rows)
    found = []
    for row in rows:
        step = next_step(facts[row.pk], day, rules)
        person = person_of(row, step.to)
        if step.who != "me" or step.due_on is None or person is None or person.standing != "kept":
            continue
        if person_ids is None or person.pk in person_ids:
            found.append(_duty(owner, row, facts[row.pk], step, person))
    return found


def _waiting(owner: Owner, person_ids: Sequence[int] | None) -> Any:
    since = clock.now() - dt.timedelta(days=RECENT_DAYS)
    declined = IntroductionStep.objects.of(owner).filter(state="declined", at__gte=since).values("introduction")
    rows = (
        rows_with_people(owner)
        .exclude(state__in=("thanked", "closed"))
        .filter(~Q(state="declined") | Q(pk__in=declined))
    )
    if person_ids is None:
        return rows
    wanted = list(person_ids)
    return rows.filter(
        Q(first__in=wanted) | Q(second__in=wanted) | Q(introducer__in=wanted) | Q(asked_by__in=wanted)
    )  # fmt: skip


def _duty(owner: Owner, row: Introduction, facts: Facts, step: Next, person: Person) -> Duty:
    ref, names = f"intro:{to_text(row.pk)}", names_of(owner, row)
    due = step.due_on or facts.created_on
    owed = duties_of_introduction(as_introduced(facts, person.pk, person.stage, row.first.name, ref))
    why = owed[0].why if facts.role == TO_ME and owed else (say_why(step, facts, names),)
    waits = step.act in ("tell_progress", "meet") and facts.state != "made"
    return Duty(
        person.pk, KINDS_OF_ACTS.get(step.act, "loop"), due, step.minutes, step.channel, person.stage, why,
        say_next(step, names), f"{ref}:{step.act}", earliest_on=due if waits else None,
    )  # fmt: skip


def fulfil(owner: Owner, key: str, act: str, interaction: Interaction, batch: Batch) -> None:
    """Doing the touch of a duty moves its introduction; one that was moved by hand meanwhile stays as it is."""
    row = rows_with_people(owner).filter(pk=from_text(key)).first()
    if row is None:
        return
    step = next_step(facts_of(owner, [row])[row.pk], clock.today(owner), timers(owner))
    if step.who != "me" or step.act != act:
        return
    moves = ("reported", "thanked") if act == "tell_outcome" else (MOVES_OF_ACTS[act],)
    for to in moves:
        record_step(owner, row, to, batch=batch, interaction=interaction)


def record_step(
    owner: Owner,
    row: Introduction,
    to: str,
    *,
    batch: Batch,
    note: str = "",
    on: dt.date | None = None,
    interaction: Interaction | None = None,
) -> IntroductionStep:
    """Write a step that is possible, the entries of the bank that follow, and into the batch what was before."""
    last = IntroductionStep.objects.of(owner).filter(introduction=row).order_by("-at", "-pk").first()
    at = clock.now() if on is None or on == clock.today(owner) else clock.noon(owner, on)
    if last and at <= last.at:
        at = last.at + dt.timedelta(seconds=1)
    step = IntroductionStep.objects.create(
        owner=owner, introduction=row, state=to, person=_answering(row, to), note=note[:500], at=at
    )
    kept = batch.before.setdefault("introductions", [])
    kept.append([row.pk, step.pk, row.state, row.outcome, str(row.value) if row.value is not None else None])
    batch.save(update_fields=["before"])
    if to not in NOTES:
        row.state = to
        row.save(update_fields=["state"])
    _write_entries(owner, row, to, batch, on, interaction)
    return step


def _answering(row: Introduction, to: str) -> Person | None:
    """Whose answer a step is: leaving *asked* is an answer of the side that was asked."""
    if to in ("asked_second", "both_yes", "declined") and row.state in ("asked_first", "asked_second"):
        side: Person | None = row.first if row.state == "asked_first" else row.second
        return side
    return None


def _write_entries(
    owner: Owner, row: Introduction, to: str, batch: Batch, on: dt.date | None, interaction: Interaction | None
) -> None:
    """Made is a deposit with both; thanks and reports are written down as what they are, each once."""
    people, kind = _entry_of(row, to)
    if not people:
        return
    cause = None
    if row.second_id is None:
        cause = LedgerEntry.objects.of(owner).filter(introduction=row, direction="got").first()
    entry = record_entry(
        owner, people, "gave", kind, on=on, note=row.purpose, interaction=interaction, cause=cause, batch=batch
    )
    asked = kind == "introduction" and row.asked_by_id in (row.first_id, row.second_id)
    LedgerEntry.objects.of(owner).filter(pk=entry.pk).update(introduction=row, was_asked=asked)


def _entry_of(row: Introduction, to: str) -> tuple[list[Person], str]:
    """With whom, and what; nobody where the step is no entry."""
    if row.second_id is None:
        kind = {"acknowledged": "thanks", "reported": "report", "thanked": "thanks"}.get(to, "")
        return ([row.introducer] if kind and row.introducer else []), kind
    if to == "made":
        return [row.first, row.second], "introduction"
    if to == "reported":
        return ([row.asked_by] if row.asked_by else [row.first, row.second]), "report"
    return ([row.second] if to == "thanked" else []), "thanks"


def entries(owner: Owner) -> frozenset[int]:
    """Entries of the bank for introductions of the owner: their thanks and reports are duties of the introduction."""
    rows = LedgerEntry.objects.of(owner).filter(direction="got", introduction__isnull=False)
    return frozenset(rows.values_list("pk", flat=True))


def take_back(owner: Owner, before: dict[str, Any]) -> None:
    """Take back the steps that a batch wrote, latest first, and open the requests it closed.

    Refused while later steps stand on them.
    """
    for key, step, state, outcome, value in reversed(before.get("introductions", [])):
        row = rows_with_people(owner).filter(pk=key).first()
        last = IntroductionStep.objects.of(owner).filter(introduction=key).order_by("-at", "-pk").first()
        if row is None or last is None:
            continue
        if last.pk != step:
            raise Refused(
                f"The introduction of {row.first.name} has gone on since.", "Take its later steps back first."
            )
        erase(IntroductionStep, owner.pk, [step])
        Introduction.objects.of(owner).filter(pk=key).update(state=state, outcome=outcome, value=value)
    reopened = Request.objects.of(owner).filter(pk__in=before.get("requests", []))
    reopened.update(state="open", closed_on=None, entry=None, introduction=None)


def batch_of_step(owner: Owner, step: int) -> Batch | None:
    """The act that wrote a step, None for one that came with an import or the demo."""
    rows: Iterable[Batch] = Batch.objects.of(owner).filter(state="done", kind__in=ACTS).order_by("-started_at")
    for row in rows:
        if any(item[1] == step for item in row.before.get("introductions", [])):
            return row
    return None

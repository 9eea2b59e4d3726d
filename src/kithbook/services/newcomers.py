"""24-7-30: the three light steps with somebody new, their board, and the first year."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from kithbook.core.channels import CHANNELS
from kithbook.core.errors import Invalid, Refused
from kithbook.core.followups import Decision, Exchange, FollowUp, find_current, plan_steps, remember_line
from kithbook.core.ids import to_text
from kithbook.services import clock
from kithbook.services.finding import brief, find_person
from kithbook.services.ladderviews import BoardView, NewcomerView, StepView
from kithbook.services.owners import touch_revision
from kithbook.services.preferences import quiet_times
from kithbook.services.recording import record_entry, record_interaction, start_batch
from kithbook.services.registry import operation
from kithbook.services.remembering import remembered
from kithbook.store.models import Batch, Owner, Participant, Person, Snooze, Topic

FOLLOW_UP_DAYS = 100
"""After so many days the steps of a meeting are history."""
FROM, STEP = "followup:from", "followup:step:"
"""Rows of `Snooze` that keep what was decided by hand: a series begun on another day than the meeting (its day in
`until_on`), and single steps done or skipped (the word in `why`). They put nobody off: their day is never ahead."""
DEPOSITS = frozenset(("item", "gift"))
WAYS = {1: "out", -1: "in", 0: "both"}


@dataclass(frozen=True, slots=True)
class Series:
    """The steps with one person. `begun_at` is the meeting, or the later day from which they were started anew."""

    person: Person
    begun_at: dt.datetime
    steps: tuple[FollowUp, ...]
    answered: bool = False


@dataclass(slots=True)
class _Decided:
    """What was decided by hand about one person."""

    begun_on: dt.date | None = None
    steps: list[tuple[int, Decision]] = field(default_factory=list)


@operation(reads=True)
@remembered
def board(owner: Owner) -> BoardView:
    """Everybody in 24-7-30 with their steps, the first year with new people, and how far they have come."""
    from kithbook.services import firstyear

    running = [one for one in series(owner) if find_current(one.steps)]
    running.sort(key=lambda one: (_next_at(one), one.person.folded_name, one.person.pk))
    topics = _topics(owner, [one.person.pk for one in running])
    first = firstyear.listing(owner, running)
    return BoardView(
        people=[_view(owner, one, topics) for one in running],
        first_year=first.people,
        first_year_total=first.total,
        pipeline=first.pipeline,
    )


@operation()
@transaction.atomic
def start(owner: Owner, person: str, on: dt.date | None = None) -> NewcomerView:
    """Start 24-7-30 with somebody: three light steps counted from `on`, the day you met or met again (today).

    Somebody without a day of meeting gets this one. Steps whose time is over are shown as such and never asked for.
    """
    row = find_person(owner, person)
    day = clock.past_day(owner, on, "Start the steps when you have met.")
    batch = start_batch(owner, "newcomer", f"24-7-30: {row.name}")
    _begin(owner, row, day, batch)
    touch_revision(owner)
    row.refresh_from_db()
    return _one(owner, row, batch)


@operation()
@transaction.atomic
def stop(owner: Owner, person: str) -> NewcomerView:
    """Stop following up with somebody new: no more steps are proposed; the person is kept."""
    row = find_person(owner, person)
    if not row.follows_up:
        raise Refused(f"No steps are running with {row.name}.", "Start them with `kith op newcomers start`.")
    batch = start_batch(owner, "newcomer", f"no more steps: {row.name}")
    found = _one(owner, row, batch)
    _change(row, batch, {"follows_up": False})
    touch_revision(owner)
    return found


@operation()
@transaction.atomic
def done(
    owner: Owner, person: str, channel: str = "", minutes: int | None = None, note: str = "", step: int | None = None
) -> NewcomerView:
    """Mark the present step with somebody new as done: it is written down as contact on that channel."""
    row = find_person(owner, person)
    current = _step_of(owner, row, step)
    way = channel or current.channel
    if way not in CHANNELS:
        raise Invalid(f"“{way[:30]}” is not a channel.", f"Use one of: {', '.join(CHANNELS)}.")
    batch = start_batch(owner, "newcomer", f"{current.what}: {row.name}")
    spent = current.minutes if minutes is None else minutes
    interaction = record_interaction(owner, [row], way, minutes=spent, note=note.strip(), batch=batch)
    if way in DEPOSITS:
        record_entry(owner, [row], "gave", way, note=note.strip(), interaction=interaction, batch=batch)
    _decide(owner, row, current.number, "done", batch)
    return _one(owner, row, batch)


@operation()
@transaction.atomic
def skip(owner: Owner, person: str, step: int | None = None) -> NewcomerView:
    """Leave one step with somebody new out; the next one comes in its own time."""
    row = find_person(owner, person)
    current = _step_of(owner, row, step)
    batch = start_batch(owner, "newcomer", f"without {current.what}: {row.name}")
    _decide(owner, row, current.number, "skipped", batch)
    return _one(owner, row, batch)


def series(owner: Owner, person_ids: Sequence[int] | None = None) -> list[Series]:
    """The steps of everybody in 24-7-30, or of those named; three queries however many they are."""
    now, zone = clock.now(), clock.zone(owner)
    decided = _decided(owner, now)
    recent = Q(met_at__gte=now - dt.timedelta(days=FOLLOW_UP_DAYS), met_at__lte=now)
    again = [key for key, what in decided.items() if what.begun_on]
    rows = Person.objects.of(owner).filter(recent | Q(pk__in=again), standing="kept", follows_up=True)
    rows = rows.select_related("met_through")
    people = list(rows if person_ids is None else rows.filter(pk__in=list(person_ids)))
    begun = {row.pk: _begun_at(owner, row, decided.get(row.pk), now) for row in people}
    exchanges = _exchanges(owner, [row.pk for row in people], now)
    quiet = quiet_times(owner)
    found = []
    for row in sorted(people, key=lambda row: row.pk):
        start_at = begun[row.pk]
        mine = decided.get(row.pk, _Decided()).steps
        words = {
            number: what for number, what in mine if what.at.astimezone(zone).date() >= _local_day(owner, start_at)
        }
        log = exchanges.get(row.pk, [])
        steps = plan_steps(start_at, log, now, zone, quiet, words)
        answered = any(one.direction != "out" and one.at > start_at + dt.timedelta(hours=1) for one in log)
        found.append(Series(row, start_at, steps, answered))
    return found


def _begun_at(owner: Owner, row: Person, decided: _Decided | None, now: dt.datetime) -> dt.datetime:
    """The later of the meeting and the day from which the steps were started anew."""
    again = clock.noon(owner, decided.begun_on) if decided and decided.begun_on else None
    return max(filter(None, (row.met_at, again)), default=now)


def _local_day(owner: Owner, at: dt.datetime) -> dt.date:
    return at.astimezone(clock.zone(owner)).date()


def _decided(owner: Owner, now: dt.datetime) -> dict[int, _Decided]:
    since = now - dt.timedelta(days=FOLLOW_UP_DAYS)
    rows = Snooze.objects.of(owner).filter(ref__startswith="followup:", made_at__gte=since).order_by("made_at", "pk")
    found: dict[int, _Decided] = defaultdict(_Decided)
    for person, ref, why, day, at in rows.values_list("person_id", "ref", "why", "until_on", "made_at"):
        if ref == FROM:
            found[person].begun_on = day
        elif ref.startswith(STEP):
            found[person].steps.append((int(ref.removeprefix(STEP)), Decision(why, at)))
    return found


def _exchanges(owner: Owner, people: Sequence[int], now: dt.datetime) -> dict[int, list[Exchange]]:
    found: dict[int, list[Exchange]] = defaultdict(list)
    rows = Participant.objects.of(owner).filter(
        person__in=people, interaction__counts=True, interaction__at__gte=now - dt.timedelta(days=FOLLOW_UP_DAYS + 1)
    )
    columns = ("person_id", "interaction__at", "interaction__direction")
    for person, at, direction in rows.exclude(role="also").values_list(*columns):
        found[person].append(Exchange(at, WAYS[direction]))
    return found


def _begin(owner: Owner, row: Person, day: dt.date, batch: Batch) -> None:
    changes: dict[str, object] = {"follows_up": True}
    if row.met_at is None:
        changes["met_at"] = clock.noon(owner, day)
    elif _local_day(owner, row.met_at) != day:
        _keep(owner, row, FROM, "", batch, day)
    _change(row, batch, changes)


def _change(row: Person, batch: Batch, changes: dict[str, object]) -> None:
    """Write fields of a person; the batch keeps what was, so that undo finds it."""
    kept = batch.before.setdefault("people", {}).setdefault(str(row.pk), {})
    for name, value in changes.items():
        old = getattr(row, name)
        if old != value:
            kept[name] = [_plain(old), _plain(value)]
            setattr(row, name, value)
    row.save(update_fields=list(changes))
    batch.save(update_fields=["before"])


def _plain(value: object) -> object:
    return int(value.timestamp()) if isinstance(value, dt.datetime) else value


def _keep(owner: Owner, row: Person, ref: str, why: str, batch: Batch, day: dt.date) -> None:
    Snooze.objects.create(
        owner=owner, person=row, until_on=day, ref=ref, why=why, made_at=clock.now(), batch=batch
    )  # fmt: skip


def _decide(owner: Owner, row: Person, number: int, word: str, batch: Batch) -> None:
    _keep(owner, row, f"{STEP}{number}", word, batch, clock.today(owner))
    touch_revision(owner)


def _step_of(owner: Owner, row: Person, number: int | None) -> FollowUp:
    """The step that is meant: the present one, or the one of that number while it is not over."""
    found = series(owner, [row.pk])
    current = find_current(found[0].steps) if found else None
    if found and number is not None:
        current = next(
            (s for s in found[0].steps if s.number == number and s.state in ("open", "late", "upcoming")), None
        )
    if current is None:
        raise Refused(f"No such step is open with {row.name}.", "Start anew with `kith op newcomers start`.")
    return current


def _one(owner: Owner, row: Person, batch: Batch) -> NewcomerView:
    found = series(owner, [row.pk])
    one = found[0] if found else Series(row, row.met_at or clock.now(), ())
    return _view(owner, one, _topics(owner, [row.pk]), batch)


def _next_at(one: Series) -> dt.datetime:
    current = find_current(one.steps)
    return current.due_at if current else dt.datetime.max.replace(tzinfo=dt.UTC)


def _topics(owner: Owner, people: Sequence[int]) -> dict[int, list[str]]:
    rows = Topic.objects.of(owner).filter(
        person__in=people, kind__in=("interest", "need", "goal"), ended_on=None, is_sensitive=False
    )
    noted = rows.order_by("-noted_on", "-turn", "-pk").values_list("person_id", "kind", "text")
    found: dict[int, list[str]] = defaultdict(list)
    # What they care about is the easiest thing to write about; what they need or want comes after it.
    for person, _kind, text in sorted(noted, key=lambda row: row[1] != "interest"):
        found[person].append(text)
    return found


def _view(owner: Owner, one: Series, topics: dict[int, list[str]], batch: Batch | None = None) -> NewcomerView:
    row = one.person
    name = row.met_through.name if row.met_through else ""
    current = find_current(one.steps)
    met_on = _local_day(owner, row.met_at) if row.met_at else None
    return NewcomerView(
        person=brief(row),
        begun_on=_local_day(owner, one.begun_at),
        line=remember_line(met_on, row.met_where, name),
        answered=one.answered,
        current=current.number if current else 0,
        steps=[_step_view(step, topics.get(row.pk, [])) for step in one.steps],
        batch=to_text(batch.pk) if batch else None,
    )


def _step_view(step: FollowUp, topics: Sequence[str]) -> StepView:
    return StepView(
        number=step.number,
        what=step.what,
        channel=step.channel,
        minutes=step.minutes,
        opens_on=step.opens_at.date(),
        due_on=step.due_at.date(),
        due_at=step.due_at,
        closes_on=step.closes_at.date(),
        state=step.state,
        done_on=step.done_at.astimezone(step.due_at.tzinfo).date() if step.done_at else None,
        why=step.why,
        idea=_idea(step, topics),
    )


def _idea(step: FollowUp, topics: Sequence[str]) -> str:
    """One concrete thing for a step, from what they said they care about."""
    known = f"“{topics[0]}”" if topics else ""
    if step.number == 1:
        return f"Thank them, with a word about {known}." if known else "Thank them for one thing they said."
    if step.number == 2:
        return f"Send something on {known}." if known else "Send one thing that is useful to them."
    if step.number == 3:
        return f"Ask about {known}, or suggest a coffee." if known else "Ask how they are, or suggest a coffee."
    return "A short hello; ask for nothing."

"""In between: the weekly review of tweeners, dormant ties worth a word, and people who were let go."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from kithbook.core import reconnect, tweeners, warmth
from kithbook.core import rhythm as rhythms
from kithbook.core.errors import Invalid, NotFound
from kithbook.core.ids import to_text
from kithbook.core.worth import tie_values
from kithbook.services import betweenrows, clock, ties
from kithbook.services.betweenviews import BetweenView, DecisionView, DormantView, ForecastView
from kithbook.services.finding import brief, find_person
from kithbook.services.owners import touch_revision
from kithbook.services.recording import start_batch
from kithbook.services.registry import operation
from kithbook.services.remembering import remembered
from kithbook.services.views import Note
from kithbook.store.erase import erase
from kithbook.store.models import Batch, Owner, Person, ReviewDecision, Touch

A_WEEK = 5
ASKED_AGAIN_DAYS = 90
SCOPES = ("tweeners", "everyone")
MOST = 50


@operation(reads=True)
@remembered
def review(owner: Owner, scope: str = "tweeners", limit: int | None = None) -> BetweenView:
    """Who is in between: a few people a week to keep, lighten or let go, each with a reason to write.

    `scope` "everyone" goes through your whole list instead, those first whom you have not looked at for longest.
    """
    if scope not in SCOPES:
        raise Invalid(f"“{scope[:30]}” cannot be gone through.", f"Use one of: {', '.join(SCOPES)}.")
    if limit is not None and not 0 <= limit <= MOST:
        raise Invalid(f"{limit} people are too many at once.", f"Ask for at most {MOST}.")
    now = int(clock.now().timestamp())
    today = clock.today(owner)
    week_of = clock.week_start(today)
    people = ties.table(owner)
    between = tweeners.find_tweeners(people.states, people.stage, people.kept_up, people.liking, now)
    asked = _asked_since(owner, today - dt.timedelta(days=ASKED_AGAIN_DAYS))
    fresh = ~np.isin(people.ids, np.fromiter(asked, np.int64, len(asked)))
    decisions = _decisions(owner)
    this_week = sum(1 for _, on, _ in decisions if on >= week_of)
    room = max(0, A_WEEK - this_week) if limit is None else limit
    order = _order(people, between & fresh if scope == "tweeners" else fresh, scope, now)
    counts = Counter(decision for decision, _, _ in decisions)
    dropped = tweeners.find_dropped(people.states, between)
    rows = order[:room]
    dormant, more = betweenrows.dormant(owner, people, now)
    return BetweenView(
        week_of=week_of,
        scope=scope,
        candidates=betweenrows.candidates(owner, people.part(rows), dropped[rows], between[rows], now),
        tweeners=int(between.sum()),
        dropped=int(dropped.sum()),
        waiting=int((between & fresh).sum()) if scope == "tweeners" else int(fresh.sum()),
        a_week=A_WEEK,
        decided_this_week=this_week,
        kept=counts["keep"],
        lightened=counts["lighten"],
        let_go=counts["let_go"],
        reviewed_on=max((on for _, on, _ in decisions), default=None),
        initiated=_initiated(people),
        dormant=dormant,
        more_dormant=more,
        gone=betweenrows.let_go(owner),
    )


@operation(reads=True)
def dormant(owner: Owner, limit: int = reconnect.A_MONTH) -> list[DormantView]:
    """Ties that were strong and have been silent for years, the most worth reviving first, with a way to begin."""
    if not 0 <= limit <= MOST:
        raise Invalid(f"{limit} people are too many at once.", f"Ask for at most {MOST}.")
    now = int(clock.now().timestamp())
    return betweenrows.dormant(owner, ties.table(owner), now, limit)[0]


@operation(reads=True)
def forecast(owner: Owner, person: str) -> ForecastView:
    """When a tie turns cold and falls asleep if neither of you writes, and what that means."""
    row = find_person(owner, person)
    one = ties.table(owner, ids=[row.pk])
    return betweenrows.forecasts(owner, one, [row], int(clock.now().timestamp()))[row.pk]


@operation()
@transaction.atomic
def keep(owner: Owner, person: str, why: str = "") -> DecisionView:
    """Keep somebody: a touch with a reason is put into the plan soon, and the review asks again in 90 days."""
    row = find_person(owner, person)
    batch = _decide(owner, row, "keep", why)
    touch, text = betweenrows.propose(owner, row)
    if touch is not None:
        batch.report = {"touch": to_text(touch.pk)}
        batch.save(update_fields=["report"])
    return _decided(owner, row, "keep", batch, f"{row.name} stays. {text}")


@operation()
@transaction.atomic
def lighten(owner: Owner, person: str, days: int | None = None, why: str = "") -> DecisionView:
    """Keep somebody with less effort: a longer rhythm, half a year or what you say, then a year."""
    row = find_person(owner, person)
    wanted = rhythms.lighter(row.rhythm_days) if days is None else _checked(days)
    batch = _decide(owner, row, "lighten", why)
    _change(row, batch, rhythm_days=wanted)
    # What this week's plan had for them rests too; obligations are another matter.
    planned = Touch.objects.of(owner).filter(person=row, state="open", ref="")
    erase(Touch, owner.pk, [touch.pk for touch in planned])
    return _decided(owner, row, "lighten", batch, f"{row.name} is proposed again after {_say_days(wanted)} of silence.")


@operation()
@transaction.atomic
def let_go(owner: Owner, person: str, why: str = "") -> DecisionView:
    """Let somebody go without guilt: nothing more is proposed, search still finds them, any contact takes them back."""
    row = find_person(owner, person)
    batch = _decide(owner, row, "let_go", why)
    _change(row, batch, standing="archived")
    text = f"{row.name} is let go: nothing more is proposed, search still finds them, any contact takes them back."
    return _decided(owner, row, "let_go", batch, text)


@operation()
@transaction.atomic
def undo(owner: Owner, batch: str) -> Note:
    """Take a decision of the review back, with what it changed."""
    from kithbook.services import batches

    row = batches.find_batch(owner, batch)
    if row.kind != "review":
        raise NotFound("This is no decision of the review.", "Take other things back with `kith op batches undo`.")
    title, proposed = row.title, (row.report or {}).get("touch", "")
    batches.undo(owner, to_text(row.pk))
    open_touches = Touch.objects.of(owner).filter(state="open", ref="")
    erase(Touch, owner.pk, [touch.pk for touch in open_touches if to_text(touch.pk) == proposed])
    return Note(f"Taken back: {title}.")


@operation()
@transaction.atomic
def rhythm(owner: Owner, person: str, days: int = 0) -> Note:
    """Set how many days you want between two contacts with a person; 0 leaves it to the plan again."""
    row = find_person(owner, person)
    row.rhythm_days = _checked(days) if days else None
    row.save(update_fields=["rhythm_days"])
    touch_revision(owner)
    if not days:
        return Note(f"{row.name} has no rhythm of their own any more.")
    return Note(f"{row.name} is proposed every {days} days at most.")


def _order(people: ties.TieTable, wanted: NDArray[np.bool_], scope: str, now: int) -> NDArray[np.int64]:
    """Positions of those to decide about: what a word would change for those you like most comes first."""
    rows = np.flatnonzero(wanted)
    if scope == "everyone":
        return rows[np.lexsort((people.ids[rows], people.states["last_at"][rows]))]
    part = people.part(rows)
    nobody = np.zeros(len(part), dtype=np.bool_)
    value = tie_values(part.stage, part.importance, part.liking, part.key, part.bridge, nobody)
    touched = warmth.after_touch(part.states, now=now, channel="email")
    high, low = (
        warmth.warmth(states, now=now, horizon_days=part.horizon, level=part.level, slow=part.slow)
        for states in (touched, part.states)
    )
    return np.asarray(rows[np.lexsort((part.ids, -value * (high - low)))], dtype=np.int64)


def _asked_since(owner: Owner, day: dt.date) -> set[int]:
    return set(ReviewDecision.objects.of(owner).filter(on__gt=day).values_list("person_id", flat=True))


def _decisions(owner: Owner) -> list[tuple[str, dt.date, int]]:
    return list(ReviewDecision.objects.of(owner).values_list("decision", "on", "person_id"))


def _initiated(people: ties.TieTable) -> float | None:
    mine, theirs = int(people.states["started_out"].sum()), int(people.states["started_in"].sum())
    return round(mine / (mine + theirs), 3) if mine + theirs else None


def _decide(owner: Owner, row: Person, decision: str, why: str) -> Batch:
    """Write the decision; raises Invalid for somebody who is not kept."""
    if row.standing != "kept":
        raise Invalid(f"{row.name} is not among those you keep.", "Take them back first.")
    title = {"keep": "keep {}", "lighten": "lighten {}", "let_go": "let go of {}"}[decision].format(row.name)
    batch = start_batch(owner, "review", title)
    ReviewDecision.objects.create(
        owner=owner, person=row, on=clock.today(owner), decision=decision, why=why.strip()[:200], batch=batch
    )
    touch_revision(owner)
    return batch


def _change(row: Person, batch: Batch, **changes: Any) -> None:
    """Change a person so that the batch can put back what was."""
    before = {field: [getattr(row, field), value] for field, value in changes.items()}
    batch.before = {"people": {str(row.pk): before}}
    batch.save(update_fields=["before"])
    for field, value in changes.items():
        setattr(row, field, value)
    row.save(update_fields=list(changes))


def _decided(owner: Owner, row: Person, decision: str, batch: Batch, message: str) -> DecisionView:
    return DecisionView(brief(row), decision, clock.today(owner), message, to_text(batch.pk))


def _checked(days: int) -> int:
    if not rhythms.SHORTEST_DAYS <= days <= rhythms.LONGEST_DAYS:
        raise Invalid(f"{days} days are no rhythm.", "Give 7 to 3650 days.")
    return days


def _say_days(days: int) -> str:
    return {180: "half a year", 365: "a year"}.get(days, f"{days} days")

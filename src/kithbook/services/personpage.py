"""The page of one person: everything that is known, and why the tie is as warm as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np

from kithbook.core import tiestate, warmreasons, warmth
from kithbook.core.ids import to_text
from kithbook.core.stages import stage_rule
from kithbook.services import clock, habits, helping, ladder, ties
from kithbook.services.bank import ledger_view
from kithbook.services.finding import brief
from kithbook.services.persons import (
    affiliation_view,
    bank_view,
    identity_view,
    judge,
    net_balance,
    open_loops,
)
from kithbook.services.views import (
    AskView,
    InteractionView,
    IntroductionView,
    PersonBrief,
    PersonPage,
    PromiseView,
    ProspectView,
    ReasonView,
    StageEventView,
    TopicView,
)
from kithbook.store.models import (
    Affiliation,
    Ask,
    Identity,
    Introduction,
    LedgerEntry,
    Owner,
    Participant,
    Person,
    PersonDate,
    Promise,
    StageEvent,
    Tag,
    Topic,
)

TIMELINE = 200
PROSPECT_DAYS = 30.0
PROSPECTS = (
    ("If nothing happens", ""),
    ("If you write and they answer", "email"),
    ("If you call and they answer", "call"),
)
HISTORY_MONTHS = 24


def page(owner: Owner, row: Person) -> PersonPage:
    """Everything about one person."""
    row.refresh_from_db()
    today = clock.today(owner)
    judged = judge(owner, [row.pk])[row.pk]
    entries = helping.whole(owner, [row.pk])[row.pk]
    standing = ladder.standing(owner, row)
    one = ties.table(owner, ids=[row.pk])
    zone = clock.zone(owner)
    return PersonPage(
        id=to_text(row.pk),
        name=row.name,
        stage=row.stage,
        stage_name=stage_rule(row.stage).name,
        warmth=judged.warmth,
        state=judged.state,
        balance=net_balance(row, entries, today),
        last_contact_on=judged.last_contact_on,
        tweener=judged.tweener,
        open_loops=open_loops(owner, [row.pk]).get(row.pk, []),
        interactions=timeline(owner, row, TIMELINE),
        introductions=_introductions(owner, row),
        why=why(one),
        what_if=what_if(one),
        given_name=row.given_name,
        family_name=row.family_name,
        nicknames=list(row.nicknames),
        place=row.place,
        note=row.note,
        standing=row.standing,
        importance=row.importance,
        liking=row.liking,
        closeness=row.closeness,
        is_kin=row.is_kin,
        is_key=row.is_key,
        no_gifts=row.no_gifts,
        met_on=row.met_at.astimezone(zone).date() if row.met_at else None,
        met_where=row.met_where,
        interactions_total=Participant.objects.of(owner).filter(person=row).exclude(role="also").count(),
        bank=bank_view(row, entries, today),
        proposal=standing.proposal,
        missing=standing.missing,
        warmth_history=history(owner, row, today),
        **_lists(owner, row),
    )


def _lists(owner: Owner, row: Person) -> dict[str, Any]:
    """What is written down about a person, table by table."""
    mine: dict[str, Any] = {"owner": owner, "person": row}
    zone = clock.zone(owner)
    entries = LedgerEntry.objects.of(owner).filter(parties__person=row).order_by("-on", "-turn", "-pk")
    return {
        "identities": [
            identity_view(i) for i in Identity.objects.filter(**mine).exclude(kind="uid").order_by("kind", "pk")
        ],
        "affiliations": [affiliation_view(a) for a in Affiliation.objects.filter(**mine).order_by("ended_on", "pk")],
        "tags": list(Tag.objects.filter(**mine).order_by("name").values_list("name", flat=True)),
        "ledger": [ledger_view(entry) for entry in entries],
        "stage_events": [
            StageEventView(e.at, e.at.astimezone(zone).date(), e.view, e.from_stage, e.to_stage, e.decision, e.why)
            for e in StageEvent.objects.filter(**mine).order_by("-at", "-pk")
        ],
        "promises": [promise_view(p) for p in Promise.objects.filter(**mine).order_by("-made_on", "-turn", "-pk")],
        "topics": [
            TopicView(to_text(t.pk), t.kind, t.text, t.noted_on)
            for t in Topic.objects.filter(**mine).order_by("kind", "-noted_on", "-turn", "-pk")
        ],
        "asks": [
            AskView(to_text(a.pk), a.size, a.text, a.asked_on, a.planned_on, a.outcome)
            for a in Ask.objects.filter(**mine).order_by("-asked_on", "-turn", "-pk")
        ],
        "dates": dict(PersonDate.objects.filter(**mine).order_by("kind").values_list("kind", "on")),
    }


def why(one: ties.TieTable) -> list[ReasonView]:
    """At most five named reasons for the warmth of one tie (a table of one), the strongest first."""
    reasons = warmreasons.reasons(
        one.states[0],
        now=int(clock.now().timestamp()),
        horizon_days=float(one.horizon[0]),
        level=float(one.level[0]),
        slow=bool(one.slow[0]),
        rating=float(one.closeness[0]),
    )
    return [ReasonView(as_sentence(reason.text), round(reason.effect, 3)) for reason in reasons]


def what_if(one: ties.TieTable) -> list[ProspectView]:
    """What 30 days from now looks like after a call or a message that is answered today, and after nothing."""
    if not one.states["days"][0]:
        return []
    now = int(clock.now().timestamp())
    found = []
    for text, channel in PROSPECTS:
        states = warmth.after_touch(one.states, now=now, channel=channel) if channel else one.states
        later = warmth.curve(
            states, now=now, taus_days=np.array([PROSPECT_DAYS]), horizon_days=one.horizon, level=one.level,
            slow=one.slow, rating=one.closeness,
        )  # fmt: skip
        value = round(float(later[0, 0]), 3)
        found.append(ProspectView(text, value, warmth.state_word(value)))
    return found


def as_sentence(text: str) -> str:
    """A reason with a capital and a full stop."""
    clean = text.strip()
    return clean[:1].upper() + clean[1:] + ("" if clean.endswith((".", "!", "?")) else ".")


def timeline(owner: Owner, row: Person, limit: int, offset: int = 0) -> list[InteractionView]:
    """Exchanges with a person, newest first; what they only share a mail in is left out."""
    parts = Participant.objects.of(owner).filter(person=row).exclude(role="also").select_related("interaction")
    shown = list(
        parts.order_by("-interaction__at", "-interaction__external_key", "-interaction_id")[offset : offset + limit]
    )
    others = _others(owner, row, [part.interaction_id for part in shown])
    zone = clock.zone(owner)
    return [
        InteractionView(
            id=to_text(part.interaction_id),
            at=part.interaction.at,
            on=part.interaction.at.astimezone(zone).date(),
            channel=part.interaction.channel,
            direction=part.interaction.direction,
            role=part.role,
            size=part.interaction.size,
            minutes=part.interaction.minutes,
            counts=part.interaction.counts,
            title=part.interaction.title,
            note=part.interaction.note,
            others=others.get(part.interaction_id, []),
            batch=to_text(part.interaction.batch_id) if part.interaction.batch_id else None,
        )
        for part in shown
    ]


def _others(owner: Owner, row: Person, interactions: Sequence[int]) -> dict[int, list[PersonBrief]]:
    found: dict[int, list[PersonBrief]] = {}
    parts = (
        Participant.objects.of(owner).filter(interaction__in=interactions, person__standing="kept").exclude(person=row)
    )
    for part in parts.select_related("person").order_by("person__folded_name"):
        found.setdefault(part.interaction_id, []).append(brief(part.person))
    return found


def promise_view(row: Promise) -> PromiseView:
    """A promise as faces show it."""
    return PromiseView(to_text(row.pk), row.by_me, row.text, row.made_on, row.due_on, row.state)


def _introductions(owner: Owner, row: Person) -> list[IntroductionView]:
    found = {}
    for column in ("first", "second", "introducer"):
        for item in (
            Introduction.objects.of(owner).filter(**{column: row}).select_related("first", "second", "introducer")
        ):
            people = [brief(person) for person in (item.introducer, item.first, item.second) if person]
            found[item.pk] = (item.created_at, IntroductionView(to_text(item.pk), people, item.state, item.purpose))
    return [view for _, view in sorted(found.values(), key=lambda pair: pair[0], reverse=True)]


def history(owner: Owner, row: Person, today: dt.date) -> list[tuple[dt.date, float]]:
    """Warmth at the first of each of the last 24 months and today, from what had happened by then."""
    days = [_months_back(today, back) for back in range(HISTORY_MONTHS, 0, -1)] + [today]
    log = ties.log_of(owner, [row.pk])
    horizon = ties.horizon_of(np.array([row.stage]))
    level = habits.levels(owner, horizon)
    slow = np.array([row.is_kin or row.stage >= ties.SUPPORT])
    rating = np.array([np.nan if row.closeness is None else float(row.closeness)])
    found = []
    for day in days:
        moment = int(clock.noon(owner, day).timestamp())
        state = tiestate.replay_many(*log, 1, until_at=moment)
        value = warmth.warmth(state, now=moment, horizon_days=horizon, level=level, slow=slow, rating=rating)
        found.append((day, round(float(value[0]), 3)))
    return found


def _months_back(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, 1)

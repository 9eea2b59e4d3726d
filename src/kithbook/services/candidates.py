"""Whom the week could be spent on: every (person, channel) pair with its worth, as columns for the planner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kithbook.core import reconnect, rhythm, touchgain
from kithbook.core.channels import CHANNELS
from kithbook.core.needy import find_allowed_days
from kithbook.core.plantable import CHANNEL_CODES, CHANNEL_NAMES, KINDS, CandidateTable
from kithbook.core.worth import tie_values
from kithbook.services import clock, ties
from kithbook.services.habits import Replies, reply_model
from kithbook.store.models import Objective, ObjectivePerson, Owner, ReviewDecision, Touch

LADDER_CHANNELS: dict[int, tuple[str, ...]] = {
    1: ("email", "message"),
    2: ("email", "item"),
    3: ("call", "item", "email", "meeting"),
    4: ("call", "item", "email", "meeting"),
    5: ("call", "message", "meeting"),
    6: ("call", "message", "note"),
    7: ("call", "message", "meeting"),
}
"""What is proposed at each stage: light early, a conversation where it deepens (method §§2, 9)."""

OBJECTIVES_MOST = 62
MONTH_DAYS = 28
SHORTLIST = 200
"""So many people of each stage and objective are looked at closely; a week holds a dozen."""
STRONGEST = "meeting"
RECONNECT_CHANNEL = "email"
RECONNECT_WARM_DAYS = 30.0
"""What reviving the best dormant tie is reckoned to bring, to place it among the others (judgement)."""
HELD = "The last message is recent or unanswered, or your own rhythm with them is slower"
_DAY = 86_400
_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()


class Words(Protocol):
    """Says why and how to get in touch."""

    def __call__(self, one: ties.TieTable, channel: str) -> tuple[tuple[str, ...], str]:
        """Reasons and an idea for one tie on a channel."""
        ...

    def look_up(self, people: Sequence[int]) -> None:
        """Read at once what will be asked of these people."""
        ...


Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Piece:
    """One channel for some of the people: `rows` are positions in the table of people."""

    rows: Rows
    channel: str
    kind: str
    gain: Numbers
    reply: Numbers


def find(owner: Owner, busy: frozenset[int], week_of: dt.date, words: Words) -> CandidateTable:
    """Candidates for this week; `busy` people have had or will have their touch, or were put off.

    `words(tie, channel)` gives reasons and an idea; it is called for the chosen only.
    """
    people = ties.table(owner)
    now = int(clock.now().timestamp())
    begun = int(dt.datetime.combine(week_of, dt.time(), clock.zone(owner)).timestamp())
    # One contact a person and week is enough, whoever began it.
    rested = (people.states["days"] > 0) & (people.states["last_at"] < begun)
    free = rested & ~np.isin(people.ids, np.fromiter(busy, np.int64, len(busy)))
    asleep = reconnect.is_long_silent(people.states, now)
    objective_ids, bits = _objectives(owner, people.ids)
    value = tie_values(people.stage, people.importance, people.liking, people.key, people.bridge, bits > 0)
    replies = reply_model(owner)
    rows = _shortlist(people, np.flatnonzero(free & ~asleep), now, value, bits, replies)
    pieces = [
        *_investments(people, rows, now, replies),
        *_reconnections(owner, people, free, now, week_of, replies),
    ]
    return _stack(people, pieces, value, bits, objective_ids, words, _lightened(owner, people.ids))


def _shortlist(people: ties.TieTable, free: Rows, now: int, value: Numbers, bits: Rows, replies: Replies) -> Rows:
    """Those who can matter this week: per stage, and per objective, the best by an estimate of what a touch can gain.

    Over a length τ a touch adds at most about τ times what it adds at once; the gain is made of two such areas, the
    silence and half a year long: one look at each tie in place of fourteen a channel.
    """
    if len(free) <= SHORTLIST:
        return free
    part = people.part(free)
    ahead = touchgain.look_ahead(
        part.states, now=now, horizon_days=part.horizon, level=part.level, slow=part.slow, days=np.zeros(1)
    )
    at_once = (touchgain.touched_warmth(ahead, STRONGEST) - ahead.warmth)[:, 0]
    silence = touchgain.unheard_days(part.states, now)
    reply = touchgain.own_reply(replies(silence, STRONGEST), part.states["unanswered"])
    estimate = value[free] * reply * silence ** (1 - touchgain.ADDED_SHARE) * at_once
    groups = [part.stage == stage for stage in LADDER_CHANNELS]
    groups += [(bits[free] & (1 << place)) > 0 for place in range(int(bits.max(initial=0)).bit_length())]
    kept = np.zeros(len(free), dtype=np.bool_)
    for group in groups:
        rows = np.flatnonzero(group)
        kept[rows[np.lexsort((part.ids[rows], -estimate[rows]))[:SHORTLIST]]] = True
    return free[kept]


def _investments(people: ties.TieTable, free: Rows, now: int, replies: Replies) -> list[_Piece]:
    everybody, pieces = people.part(free), []
    ahead = touchgain.look_ahead(
        everybody.states, now=now, horizon_days=everybody.horizon, level=everybody.level, slow=everybody.slow
    )
    for channel in sorted({name for names in LADDER_CHANNELS.values() for name in names}):
        stages = [stage for stage, names in LADDER_CHANNELS.items() if channel in names]
        here = np.flatnonzero(np.isin(everybody.stage, stages))
        part = everybody.part(here)
        gain = touchgain.touch_gain(
            part.states, now=now, horizon_days=part.horizon, channel=channel, level=part.level, slow=part.slow,
            ahead=ahead.part(here),
        )  # fmt: skip
        silence = np.maximum(now - part.states["last_at"], 0) / _DAY
        reply = touchgain.own_reply(replies(silence, channel), part.states["unanswered"])
        pieces.append(_Piece(free[here], channel, "investment", gain, reply))
    return pieces


def _reconnections(
    owner: Owner, people: ties.TieTable, free: NDArray[np.bool_], now: int, week_of: dt.date, replies: Replies
) -> list[_Piece]:
    """The best dormant ties, as many as the month still has room for; those on this week's list stay on it."""
    since = week_of - dt.timedelta(days=MONTH_DAYS)
    offered = Touch.objects.of(owner).filter(kind="reconnect", week_of__gt=since, week_of__lt=week_of)
    room = max(0, reconnect.A_MONTH - offered.count())
    rank = np.where(free, reconnect.rank(people.states, people.stage, people.liking, now), 0.0)
    best = np.lexsort((people.ids, -rank))[:room]
    rows = best[rank[best] > 0]
    silence = np.maximum(now - people.states["last_at"][rows], 0) / _DAY
    reply = replies(silence, RECONNECT_CHANNEL)
    return [_Piece(rows, RECONNECT_CHANNEL, "reconnect", RECONNECT_WARM_DAYS * rank[rows], reply)]


def _objectives(owner: Owner, ids: NDArray[np.int64]) -> tuple[tuple[int, ...], NDArray[np.int64]]:
    """Open objectives, and for each person a bit for each that they matter to."""
    rows = Objective.objects.of(owner).filter(state="open").order_by("created_at", "pk")
    keys = tuple(rows.values_list("pk", flat=True)[:OBJECTIVES_MOST])
    bits = np.zeros(len(ids), dtype=np.int64)
    place = {key: number for number, key in enumerate(keys)}
    links = ObjectivePerson.objects.of(owner).filter(objective__in=keys).values_list("person_id", "objective_id")
    for person, objective in links:
        where = int(np.searchsorted(ids, person))
        if where < len(ids) and ids[where] == person:
            bits[where] |= 1 << place[objective]
    return keys, bits


def _lightened(owner: Owner, ids: Rows) -> Rows:
    """The day (ordinal) on which each was last lightened in a review, 0 for never; shape (n,)."""
    rows = ReviewDecision.objects.of(owner).filter(decision="lighten").order_by("on")
    days = {person: on.toordinal() for person, on in rows.values_list("person_id", "on")}
    return np.fromiter((days.get(person, 0) for person in ids.tolist()), np.int64, len(ids))


def _stack(
    people: ties.TieTable,
    pieces: list[_Piece],
    value: Numbers,
    bits: Rows,
    objective_ids: tuple[int, ...],
    words: Words,
    lightened: Rows,
) -> CandidateTable:
    earliest = find_allowed_days(
        people.stage,
        people.states["unanswered"].astype(np.int64),
        people.states["last_out_day"].astype(np.int64) + _EPOCH_ORDINAL,
    )
    # Whoever was lightened after a long silence is left alone from that day on, not asked about at once.
    last = np.maximum(people.states["last_day"].astype(np.int64) + _EPOCH_ORDINAL, lightened)
    earliest = np.maximum(earliest, rhythm.earliest_days(last, people.rhythm, people.states["days"] > 0))
    rows = np.concatenate([piece.rows for piece in pieces]).astype(np.int64)
    channel = np.concatenate([np.full(len(p.rows), CHANNEL_CODES[p.channel], np.int64) for p in pieces])
    # A useful item to somebody who serves no objective is given for its own sake.
    giving = (channel == CHANNEL_CODES["item"]) & (bits[rows] == 0)
    return CandidateTable(
        person=people.ids[rows],
        stage=people.stage[rows],
        channel=channel,
        minutes=np.array([c.minutes for c in CHANNELS.values()], dtype=np.int64)[channel],
        value=value[rows],
        gain=np.concatenate([piece.gain for piece in pieces]),
        reply=np.concatenate([piece.reply for piece in pieces]),
        giving=giving,
        social=np.zeros(len(rows), dtype=np.bool_),
        kind=np.concatenate([np.full(len(p.rows), KINDS.index(p.kind), np.int64) for p in pieces]),
        objectives=bits[rows],
        earliest=earliest[rows],
        objective_ids=objective_ids,
        words=lambda row: words(people.part(rows[row : row + 1]), CHANNEL_NAMES[int(channel[row])]),
        held=lambda _row: HELD,
        foresee=lambda chosen: words.look_up(people.ids[rows[chosen]].tolist()),
    )

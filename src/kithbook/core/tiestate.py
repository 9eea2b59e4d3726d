"""Sufficient statistics of one tie: what warmth needs to know of a log, in one fixed row.

One new contact updates the row in O(1) (`fold`); replaying a whole log gives the same row (`replay`, `replay_many`).
The power kernel of the model, Σ 1/(ago/H + 0.1), is kept for every horizon H at once as a short sum of exponentials:

    1/(x/H + 0.1) = H ∫ e^(−s (x + 0.1 H)) ds  ≈  Σ_k w_k(H) e^(−s_k x),   w_k(H) = H ln(ρ) s_k e^(−0.1 H s_k)

with rates s_k in a geometric row of ratio ρ = 3 (trapezoid in ln s; the error is below 1 % from H = 30 up). Each sum
Σ_j weight_j e^(−s_k (last_day − day_j)) is one number. Several contacts on one calendar day count once, the heaviest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from .tiereplay import fold_many, replay_many
from .tierow import (
    ANSWER_DAYS,
    CHANNEL_CODES,
    GAP_EDGES,
    NEW_EXCHANGE_DAYS,
    RATES,
    RATIO,
    SECONDS,
    STATE,
    STATE_VERSION,
    Contact,
    Ints,
    Log,
    State,
    States,
    evidence_weight,
    is_light,
)

__all__ = [
    "CHANNEL_CODES",
    "GAP_EDGES",
    "RATES",
    "RATIO",
    "STATE",
    "STATE_VERSION",
    "Contact",
    "Ints",
    "Log",
    "State",
    "States",
    "contact_order",
    "empty",
    "evidence_weight",
    "fold",
    "fold_many",
    "replay",
    "replay_many",
]


def empty() -> State:
    """The state of a tie without any contact."""
    state: State = np.zeros(1, STATE)[0]
    return state


def fold(state: State, contact: Contact) -> State:
    """The state after one more contact that is not older than the last one (O(1)); the given state is left alone."""
    new: State = state.copy()
    if not contact.counts:
        return new
    if is_light(contact):
        new["light"] += 1
        new["last_light_at"] = contact.at if int(new["light"]) == 1 else max(contact.at, int(new["last_light_at"]))
        return new
    weight = evidence_weight(contact)
    known = int(new["days"]) > 0
    if known and contact.at < int(new["last_at"]):
        raise ValueError("fold takes contacts in the order of time; use replay for a log in any order")
    day = max(contact.day, int(new["last_day"])) if known else contact.day
    _fold_direction(new, contact, day, known)
    if known and day == int(new["last_day"]):
        more = max(0.0, weight - float(new["day_weight"]))
        new["sums"] += more
        new["day_weight"] += more
    else:
        _fold_day(new, day, weight, known)
    new["direct_sum"] += 1.0 / max(contact.size, 1)
    new["count_group"] += contact.size > 1
    new["last_at"] = contact.at
    return new


def _fold_day(new: Any, day: int, weight: float, known: bool) -> None:
    """A contact on a new day: fade the sums to it, note the gap."""
    if known:
        gap = day - int(new["last_day"])
        new["sums"] *= np.exp(-RATES * gap)
        new["gap_log_sum"] += math.log(gap + 0.5)
        new["gap_log_squares"] += math.log(gap + 0.5) ** 2
        new["gaps"][np.searchsorted(GAP_EDGES, gap, side="right")] += 1
    else:
        new["first_day"] = day
    new["sums"] += weight
    new["day_weight"] = weight
    new["last_day"] = day
    new["days"] += 1


def _fold_direction(new: Any, contact: Contact, day: int, known: bool) -> None:
    """Who wrote to whom: counts, starts of exchanges, answers, the run of unanswered days."""
    way = contact.direction
    if way and (not known or contact.at - int(new["last_at"]) > NEW_EXCHANGE_DAYS * SECONDS):
        new["started_out" if way > 0 else "started_in"] += 1
    soon = known and contact.at - int(new["last_at"]) <= ANSWER_DAYS * SECONDS
    if way == 0 or (soon and way == -int(new["last_direction"])):
        new["two_way"] += 1
        new["last_two_way_at"] = contact.at
    if way > 0:
        if int(new["unanswered"]) == 0 or day != int(new["last_out_day"]):
            new["unanswered"] += 1
        new["last_out_day"] = day
    else:
        new["unanswered"] = 0
    if way >= 0:
        new["last_out_at"] = contact.at
    if way <= 0:
        new["last_in_at"] = contact.at
    new[("count_both", "count_out", "count_in")[way]] += 1
    new["last_direction"] = way


def contact_order(contact: Contact) -> tuple[int, int, int, int]:
    """The order in which contacts are folded: by time, then by what tells simultaneous ones apart."""
    return contact.at, contact.direction, CHANNEL_CODES[contact.channel], contact.size


def replay(contacts: Iterable[Contact], *, until_at: int | None = None) -> State:
    """The state of one log, in any order; contacts after `until_at` (epoch seconds) never happened."""
    rows = [c for c in contacts if c.counts and (until_at is None or c.at <= until_at)]
    state = empty()
    for contact in sorted(rows, key=contact_order):
        state = fold(state, contact)
    return state

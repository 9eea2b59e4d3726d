"""Replaying and folding many ties at once: the array form of `tiestate.fold`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .tierow import (
    ANSWER_DAYS,
    GAP_EDGES,
    NEW_EXCHANGE_DAYS,
    RATES,
    SECONDS,
    STATE,
    Contact,
    Ints,
    States,
    evidence_weight,
    evidence_weights,
    light,
)


def replay_many(
    tie_index: Ints,
    at: Ints,
    day: Ints,
    channel_code: Ints,
    direction: Ints,
    size: Ints,
    minutes: NDArray[np.floating[Any]] | None,
    counts: NDArray[np.bool_],
    n: int,
    *,
    until_at: int | None = None,
) -> States:
    """The states (n,) of n ties from the columns of one `Log`, in any order, without contacts after `until_at`."""
    states = np.zeros(n, STATE)
    keep = np.asarray(counts, bool) if until_at is None else np.asarray(counts, bool) & (at <= until_at)
    thin = light(channel_code, np.asarray(size))
    _replay_light(states, tie_index[keep & thin], at[keep & thin])
    rows = np.flatnonzero(keep & ~thin)
    rows = rows[_log_order(tie_index[rows], at[rows], direction[rows], channel_code[rows], size[rows])]
    if not len(rows):
        return states
    tie = np.asarray(tie_index[rows], np.int64)
    starts = np.flatnonzero(np.r_[True, tie[1:] != tie[:-1]])
    here = tie[starts]
    length = np.full(len(rows), np.nan) if minutes is None else np.asarray(minutes[rows], float)
    sizes = np.asarray(size[rows], np.int64)
    weights = evidence_weights(channel_code[rows], length)
    new_day, days = _calendar_days(tie, np.asarray(day[rows], np.int64), starts)
    ends = np.r_[starts[1:], len(rows)] - 1
    states["last_at"][here] = at[rows][ends]
    states["direct_sum"][here] = np.add.reduceat(1.0 / np.maximum(sizes, 1), starts)
    states["count_group"][here] = np.add.reduceat((sizes > 1).astype(np.int64), starts)
    _replay_days(states, tie, days, weights, new_day)
    way = np.asarray(direction[rows], np.int64)
    states["last_out_day"][tie[way > 0]] = days[way > 0]
    states["last_direction"][here] = way[ends]
    _replay_directions(states, tie, np.asarray(at[rows], np.int64), way)
    _count_unanswered(states, tie, way, starts, new_day)
    return states


def _replay_light(states: States, tie: Ints, at: Ints) -> None:
    """Count the contacts that are none."""
    states["light"] = np.bincount(tie, minlength=len(states))
    latest = np.full(len(states), np.iinfo(np.int64).min)
    np.maximum.at(latest, tie, at)
    states["last_light_at"] = np.where(states["light"] > 0, latest, 0)


def _log_order(tie: Ints, at: Ints, direction: Ints, code: Ints, size: Ints) -> NDArray[np.intp]:
    """The order by tie, then `contact_order`."""
    if not len(tie):
        return np.zeros(0, np.intp)
    sign = np.asarray(direction, np.int64) + 1
    same_second = (sign << 40) + (np.asarray(code, np.int64) << 34) + np.minimum(size, 1 << 33)
    return np.lexsort((same_second, at, tie))


def _calendar_days(tie: Ints, day: Ints, starts: NDArray[np.intp]) -> tuple[NDArray[np.bool_], Ints]:
    """Which contacts open a new day of their tie, and the days made non-decreasing within each tie."""
    span = int(day.max() - day.min()) + 1
    rank = np.cumsum(np.r_[False, tie[1:] != tie[:-1]]).astype(np.int64)
    days = np.maximum.accumulate(day - day.min() + rank * span) - rank * span + day.min()
    new_day = np.r_[True, (days[1:] != days[:-1])]
    new_day[starts] = True
    return new_day, days


def _replay_days(
    states: States, tie: Ints, days: Ints, weights: NDArray[np.float64], new_day: NDArray[np.bool_]
) -> None:
    """Everything that counts contact-days: sums of exponentials and gaps."""
    opens = np.flatnonzero(new_day)
    heaviest = np.maximum.reduceat(weights, opens)
    owner, day = tie[opens], days[opens]
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    ends = np.r_[starts[1:], len(owner)] - 1
    here = owner[starts]
    states["first_day"][here], states["last_day"][here] = day[starts], day[ends]
    states["day_weight"][here] = heaviest[ends]
    states["days"][here] = ends - starts + 1
    ago = (np.repeat(day[ends], ends - starts + 1) - day).astype(float)
    for k, rate in enumerate(RATES):
        states["sums"][here, k] = np.add.reduceat(heaviest * np.exp(-rate * ago), starts)
    follows = owner[1:] == owner[:-1]
    gap, of = np.diff(day)[follows], owner[1:][follows]
    n = len(states)
    logs = np.log(gap + 0.5)
    states["gap_log_sum"] = np.bincount(of, logs, n)
    states["gap_log_squares"] = np.bincount(of, logs**2, n)
    bins = len(GAP_EDGES) + 1
    where = of * bins + np.searchsorted(GAP_EDGES, gap, side="right")
    states["gaps"] = np.bincount(where, minlength=n * bins).reshape(n, bins)


def _replay_directions(states: States, tie: Ints, at: Ints, way: Ints) -> None:
    """Everything that looks at who wrote: the array form of `_fold_direction`."""
    n = len(states)
    first = np.r_[True, tie[1:] != tie[:-1]]
    silence = np.r_[0, np.diff(at)]
    begins = first | (silence > NEW_EXCHANGE_DAYS * SECONDS)
    turned = np.r_[0, way[:-1]] == -way
    two_way = (way == 0) | (~first & turned & (silence <= ANSWER_DAYS * SECONDS))
    for name, mask in (
        ("count_in", way < 0),
        ("count_out", way > 0),
        ("count_both", way == 0),
        ("two_way", two_way),
        ("started_in", begins & (way < 0)),
        ("started_out", begins & (way > 0)),
    ):
        states[name] = np.bincount(tie[mask], minlength=n)
    for name, mask, what in (
        ("last_in_at", way <= 0, at),
        ("last_out_at", way >= 0, at),
        ("last_two_way_at", two_way, at),
    ):
        states[name][tie[mask]] = what[mask]


def _count_unanswered(
    states: States, tie: Ints, way: Ints, starts: NDArray[np.intp], new_day: NDArray[np.bool_]
) -> None:
    """Days with only my messages since the last contact that was not mine."""
    ends = np.r_[starts[1:], len(tie)] - 1
    opens = (way > 0) & (new_day | np.r_[True, way[:-1] <= 0])
    opens[starts] = way[starts] > 0
    sofar = np.cumsum(opens)
    last_reset = np.maximum.accumulate(np.where(way <= 0, np.arange(len(way)), -1))[ends]
    base = np.where(last_reset >= starts, sofar[last_reset], sofar[starts] - opens[starts])
    states["unanswered"][tie[starts]] = sofar[ends] - base


def fold_many(states: States, *, at: Ints, day: Ints, channel: str) -> States:
    """The states after one answered contact each: me at `at` on `day` on that channel, one to one, and they back.

    It is `fold` of two contacts at the same second for every tie, for at and day not before the last.
    """
    new = states.copy()
    known = states["days"] > 0
    silence = np.where(known, at - states["last_at"], 0)
    fresh = ~known | (day > states["last_day"])
    gap = np.where(known & fresh, day - states["last_day"], 0)
    one = Contact(0, 0, channel, 1, 1, None, True)
    weight = np.where(fresh, evidence_weight(one), np.maximum(0.0, evidence_weight(one) - states["day_weight"]))
    new["sums"] = states["sums"] * np.exp(-np.multiply.outer(gap, RATES)) + weight[:, None]
    new["day_weight"] = np.where(fresh, 0.0, states["day_weight"]) + weight
    again = known & fresh
    logs = np.where(again, np.log(gap + 0.5), 0.0)
    new["gap_log_sum"] += logs
    new["gap_log_squares"] += logs**2
    rows = np.flatnonzero(again)
    new["gaps"][rows, np.searchsorted(GAP_EDGES, gap[rows], side="right")] += 1
    new["first_day"] = np.where(known, states["first_day"], day)
    new["last_day"] = np.where(fresh, day, states["last_day"])
    new["days"] += fresh
    begins = ~known | (silence > NEW_EXCHANGE_DAYS * SECONDS)
    turned = known & (states["last_direction"] == -1) & (silence <= ANSWER_DAYS * SECONDS)
    new["started_out"] += begins
    new["two_way"] += 1 + turned
    new["last_direction"] = -1
    new["unanswered"] = 0
    new["last_out_day"] = new["last_day"]
    new["direct_sum"] += 2.0
    for name in ("count_in", "count_out"):
        new[name] += 1
    for name in ("last_at", "last_in_at", "last_out_at", "last_two_way_at"):
        new[name] = at
    return new

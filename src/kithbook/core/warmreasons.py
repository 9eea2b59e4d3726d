"""Why a tie is as warm as it is: at most five reasons in words, whose effects add up to the log-odds."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from .daywords import day_words
from .tiefeatures import TERMS, Floats, features, silence_days
from .tiestate import State, States
from .warmth import INTERCEPT, MET_ONCE, NEVER, SLOW_FACTOR, WEIGHTS, rating_floor

USUAL: Final = np.array([0.0, 0.0, 0.0, math.log(365.0), -math.sqrt(1.5)])
"""Where a term says nothing: a year from first to last contact, gaps as uneven as they usually are."""


class Reason(NamedTuple):
    """One reason: `name` for programs, `text` for people, `effect` in log-odds (positive: warmer)."""

    name: str
    text: str
    effect: float


def reasons(
    state: State,
    *,
    now: int,
    horizon_days: float,
    level: float = 0.0,
    slow: bool = False,
    rating: float | None = None,
) -> list[Reason]:
    """At most five reasons, the strongest first; their effects sum to ln(p/(1−p)) of `warmth` with the same inputs."""
    one = np.array([state], dtype=state.dtype)
    if int(state["days"]) == 0:
        found = [Reason("history", _never_text(state), _logit(NEVER))]
    else:
        found = _parts(one, now, horizon_days, slow)
        if level:
            found.append(Reason("level", _level_text(level), level))
    p = 1 / (1 + math.exp(-sum(reason.effect for reason in found)))
    floor = 0.0 if rating is None else float(rating_floor(np.array([rating], float))[0])
    if floor > p:
        found = _without_regularity(found)
        found.append(Reason("rating", f"you rate this tie {rating:g} of 5", _logit(floor) - _logit(p)))
    return sorted(found, key=lambda reason: -abs(reason.effect))


def _parts(one: States, now: int, horizon_days: float, slow: bool) -> list[Reason]:
    """What the tie itself says: history, silence, how long, how evenly."""
    state, silence = one[0], silence_days(one, now)
    counted = silence * SLOW_FACTOR if slow else silence
    fresh, today = (features(one, days, horizon_days)[0] for days in (np.zeros(1), counted))
    fixed: Floats = WEIGHTS * (fresh - USUAL)
    span, evenness = float(fixed[TERMS.index("span")]), float(fixed[TERMS.index("regularity")])
    base = INTERCEPT + float(WEIGHTS @ USUAL) + float(fixed[:3].sum()) + (MET_ONCE if int(state["days"]) == 1 else 0.0)
    found = [
        Reason("history", _history_text(state), base),
        Reason("silence", _silence_text(state, float(silence[0]), slow), float(WEIGHTS @ (today - fresh))),
        Reason("span", _span_text(state), span),
    ]
    if int(state["days"]) > 2:
        found.append(Reason("regularity", "at even intervals" if evenness > 0 else "at uneven intervals", evenness))
    else:
        found[0] = found[0]._replace(effect=base + evenness)
    return found


def _without_regularity(found: list[Reason]) -> list[Reason]:
    """The reasons with evenness counted as history, to make room for one more."""
    extra = sum(reason.effect for reason in found if reason.name == "regularity")
    return [
        reason._replace(effect=reason.effect + extra) if reason.name == "history" else reason
        for reason in found
        if reason.name != "regularity"
    ]


def _logit(p: float) -> float:
    return math.log(p / (1 - p))


def _never_text(state: State) -> str:
    return "mail to groups only" if int(state["light"]) else "no exchange yet"


def _history_text(state: State) -> str:
    days = int(state["days"])
    if days == 1:
        return "one day of contact only"
    if days == 2:
        return "two days of contact only"
    usual = math.exp(float(state["gap_log_sum"]) / (days - 1))
    return f"you usually talk every {words_for_days(usual)}, {days} days of contact in all"


def _silence_text(state: State, silence: float, slow: bool) -> str:
    ago = "less than a day ago" if silence < 1 else f"{words_for_days(silence)} ago"
    text = f"last exchange {day_words(int(state['last_day']))}, {ago}"
    return text + " (a tie that fades slowly)" if slow else text


def _span_text(state: State) -> str:
    days = int(state["last_day"]) - int(state["first_day"])
    return f"in touch for {words_for_days(days)}" if days >= 1 else f"first met {day_words(int(state['first_day']))}"


def _level_text(level: float) -> str:
    return (
        "your contacts went on more than their histories promised"
        if level > 0
        else ("your contacts went on less than their histories promised")
    )


def words_for_days(days: float) -> str:
    """A length of time in words: days, then weeks, months, years."""
    for unit, length, least in (("year", 365.25, 700), ("month", 30.44, 75), ("week", 7.0, 14)):
        if days >= least:
            return f"{round(days / length)} {unit}s"
    count = max(1, round(days))
    return "1 day" if count == 1 else f"{count} days"

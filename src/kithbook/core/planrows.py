"""From the table of candidates to the problem of the week: who may be chosen, under which caps and floors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kithbook.core.planduties import Agenda
from kithbook.core.planproblem import Cap, Floor, Problem, Rows, most_minutes
from kithbook.core.plantable import CandidateTable
from kithbook.core.plantypes import DAYS

GIVING_WEIGHT = 2
"""Giving comes before the other floors where they compete (method §10, order of the plan)."""


@dataclass(frozen=True, slots=True)
class Chance:
    """The problem, the table rows behind its rows, and the factor from its worth back to warm-days."""

    problem: Problem
    rows: Rows
    scale: float


def gather_rows(table: CandidateTable, agenda: Agenda) -> Chance:
    """The rows that may still be chosen, in canonical order, with every limit of the week."""
    worth = table.worth()
    rows = _canonical(table, np.flatnonzero(_eligible(table, agenda, worth)), worth)
    minutes = np.maximum(table.minutes[rows], 1)
    scale = float((worth[rows] / minutes).max(initial=0.0)) or 1.0
    first_day = np.clip(table.earliest[rows] - agenda.week_of.toordinal(), 0, DAYS - 1)
    bare = Problem(
        person=table.person[rows],
        minutes=minutes,
        worth=worth[rows] / scale,
        first_day=first_day,
        budget=min(agenda.minutes_left, sum(agenda.room)),
        touches=agenda.touches_left,
        room=tuple(agenda.room),
    )
    problem = Problem(
        bare.person, bare.minutes, bare.worth, bare.first_day, bare.budget, bare.touches, bare.room,
        caps=_caps(table, agenda, bare, rows), floors=_floors(table, agenda, rows),
    )  # fmt: skip
    return Chance(problem, rows, scale)


def _eligible(table: CandidateTable, agenda: Agenda, worth: NDArray[np.float64]) -> NDArray[np.bool_]:
    free = [day for day, room in enumerate(agenda.room) if room > 0]
    if not free or agenda.minutes_left <= 0 or not len(table):
        return np.zeros(len(table), dtype=np.bool_)
    last_open = agenda.week_of.toordinal() + max(free)
    fits = (table.minutes <= min(max(agenda.room), agenda.minutes_left)) & (table.earliest <= last_open)
    eligible = (worth > 0) & fits
    if agenda.busy:
        eligible &= ~np.isin(table.person, np.array(sorted(agenda.busy), dtype=np.int64))
    return eligible


def _canonical(table: CandidateTable, rows: Rows, worth: NDArray[np.float64]) -> Rows:
    """Order by person and channel, so that the order of the input does not matter."""
    person, channel = table.person[rows], table.channel[rows]
    step = np.diff(person)
    if bool(np.all((step > 0) | ((step == 0) & (np.diff(channel) > 0)))):
        return rows
    keys = (-worth[rows], table.minutes[rows], table.kind[rows], table.giving[rows], channel, person)
    return rows[np.lexsort(keys)]


def _caps(table: CandidateTable, agenda: Agenda, bare: Problem, rows: Rows) -> tuple[Cap, ...]:
    rules, done = agenda.rules, agenda.done
    giving, social = table.giving[rows], table.social[rows]
    linked = (table.objectives[rows] != 0) & ~giving
    given = done.giving_minutes + sum(t.minutes for t in agenda.touches if t.giving)
    most_given = int(rules.giving_ceiling * rules.minutes) - given
    if not given and giving.any() and rules.giving_ceiling > 0:
        most_given = max(most_given, int(bare.minutes[giving].min()))
    browsed = done.social_minutes + sum(t.minutes for t in agenda.touches if t.social)
    caps = [Cap("social", social, max(0, rules.social_minutes - browsed)), Cap("giving", giving, max(0, most_given))]
    if linked.any():
        served = sum(done.by_objective.values()) + sum(t.minutes for t in agenda.touches if t.objective_ids)
        strategic = int(rules.strategic_ceiling * rules.minutes) - served
        caps.append(Cap("strategic", linked, max(0, strategic, bare.budget - most_minutes(bare, ~linked))))
    return tuple(cap for cap in caps if cap.rows.any())


def _floors(table: CandidateTable, agenda: Agenda, rows: Rows) -> tuple[Floor, ...]:
    rules, stage = agenda.rules, table.stage[rows]
    floors = [
        Floor(
            f"stage:{band}",
            stage == band,
            _in_touches(int(rules.floor_part * share * rules.minutes), table.minutes[rows[stage == band]])
            - agenda.minutes_of_stage(band),
        )
        for band, share in sorted(rules.shares.items())
    ]
    given = agenda.done.giving_minutes + sum(t.minutes for t in agenda.touches if t.giving)
    floors.append(Floor("giving", table.giving[rows], int(rules.giving_floor * rules.minutes) - given, GIVING_WEIGHT))
    strategic = rules.strategic_part * rules.minutes
    for objective, share in sorted(rules.objective_shares.items()):
        if objective in table.objective_ids:
            serves = (table.objectives[rows] >> table.objective_ids.index(objective) & 1).astype(np.bool_)
            floors.append(
                Floor(f"objective:{objective}", serves, int(share * strategic) - agenda.minutes_of_objective(objective))
            )
    return tuple(floor for floor in floors if floor.minutes > 0 and floor.rows.any())


def _in_touches(minutes: int, possible: Rows) -> int:
    """A stage's floor, 0 where it is less than half of the shortest touch there: the week is too short for it."""
    return minutes if len(possible) and 2 * minutes >= int(possible.min()) else 0

"""Who came close and is not in the plan, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from kithbook.core import planwords
from kithbook.core.planchoice import Choice
from kithbook.core.planduties import Agenda
from kithbook.core.planproblem import Rows
from kithbook.core.planrows import Chance
from kithbook.core.plantable import CandidateTable
from kithbook.core.plantypes import LeftOut

LEFT_OUT_SHOWN = 10
ROWS_PER_PERSON = 16


def explain_left(
    table: CandidateTable, agenda: Agenda, chance: Chance, choice: Choice, names: Mapping[int, str]
) -> list[LeftOut]:
    """The next best people by worth per minute, best first, with why they are not in the plan."""
    chosen = np.array(sorted(choice.days), dtype=np.int64)
    shown = _next_best(table, agenda, set(chance.problem.person[chosen].tolist()), LEFT_OUT_SHOWN)
    judge = _Judge(table, agenda, chance, chosen, names)
    return [LeftOut(int(table.person[row]), judge.why(row)) for row in shown]


def _next_best(table: CandidateTable, agenda: Agenda, taken: set[int], most: int) -> list[int]:
    if not len(table):
        return []
    index = table.worth() / np.maximum(table.minutes, 1)
    gone = np.array(sorted(taken | agenda.busy), dtype=np.int64)
    index[np.isin(table.person, gone)] = 0.0
    rows = np.flatnonzero(index > 0)
    near = min(len(rows), most * ROWS_PER_PERSON)
    if near < len(rows):
        rows = rows[index[rows] >= np.partition(index[rows], len(rows) - near)[len(rows) - near]]
    rows = rows[np.lexsort((table.channel[rows], table.person[rows], -index[rows]))]
    first: dict[int, int] = {}
    for row in rows.tolist():
        first.setdefault(int(table.person[row]), row)
        if len(first) >= most:
            break
    return list(first.values())


class _Judge:
    """Finds the first limit that keeps a row out."""

    def __init__(
        self, table: CandidateTable, agenda: Agenda, chance: Chance, chosen: Rows, names: Mapping[int, str]
    ) -> None:
        self.table, self.agenda, self.chance, self.names = table, agenda, chance, names
        problem = chance.problem
        self.index = table.worth() / np.maximum(table.minutes, 1) / chance.scale
        self.chosen = chosen[np.lexsort((chosen, problem.index[chosen]))]
        self.left = agenda.minutes_left - int(problem.minutes[chosen].sum())
        self.full = len(chosen) >= problem.touches
        self.caps = {
            cap.name: cap.minutes - int(problem.minutes[chosen][cap.rows[chosen]].sum()) for cap in problem.caps
        }

    def why(self, row: int) -> str:
        """One sentence."""
        table, minutes = self.table, max(1, int(self.table.minutes[row]))
        if int(table.earliest[row]) > self.agenda.ends_on.toordinal():
            return planwords.explain_held(table.held(row), date.fromordinal(int(table.earliest[row])))
        for name, inside in self._parts(row):
            if inside and self.caps.get(name, minutes) < minutes:
                return planwords.CAP_REASONS[name]
        rival = self._rival(row)
        if rival:
            return rival
        longest = max(self.agenda.room)
        if minutes > longest and self.agenda.minutes_left >= minutes:
            return planwords.explain_no_day(minutes, longest)
        if self.full and minutes <= self.left:
            return planwords.explain_touches(self.agenda.rules.max_touches)
        return planwords.explain_full(minutes, self.left)

    def _parts(self, row: int) -> tuple[tuple[str, bool], ...]:
        giving = bool(self.table.giving[row])
        linked = bool(self.table.objectives[row]) and not giving
        return ("social", bool(self.table.social[row])), ("giving", giving), ("strategic", linked)

    def _rival(self, row: int) -> str:
        """The chosen touch with the least worth per minute that still gains more than this row."""
        problem = self.chance.problem
        for position in self.chosen.tolist():
            if problem.index[position] >= self.index[row]:
                person = int(problem.person[position])
                channel = self.table.channel_of(int(self.chance.rows[position]))
                return planwords.explain_less(self.names.get(person, "another person"), channel)
        return ""

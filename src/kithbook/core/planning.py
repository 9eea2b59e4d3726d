"""The weekly plan: obligations first, then giving, then what the time changes most (method §10).

`plan_week` is the whole of it. Sizes: 100,000 people × 3 channels in well under two seconds (see benchmarks).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from kithbook.core.planchoice import Choice, choose_rows
from kithbook.core.planduties import Agenda, place_duties
from kithbook.core.planleft import explain_left
from kithbook.core.planrows import Chance, gather_rows
from kithbook.core.plantable import KINDS, CandidateTable, table_of
from kithbook.core.plantypes import Candidate, Done, Duty, LeftOut, Planned, Rules, Week
from kithbook.core.planwords import RECONNECT, explain_floor, explain_now

__all__ = ["Candidate", "CandidateTable", "Done", "Duty", "LeftOut", "Planned", "Rules", "Week", "plan_week"]

NOBODY_DONE = Done()
NO_NAMES: Mapping[int, str] = {}


def plan_week(
    candidates: Sequence[Candidate] | CandidateTable,
    duties: Sequence[Duty],
    rules: Rules,
    week_of: date,
    *,
    pinned: Sequence[Planned] = (),
    done: Done = NOBODY_DONE,
    names: Mapping[int, str] = NO_NAMES,
    objective_names: Mapping[int, str] = NO_NAMES,
    time_limit_s: float = 2.0,
) -> Week:
    """Choose whom to spend this week's minutes on, and say why.

    `week_of` is the Monday. Duties due by Sunday are placed first, by due date; what does not fit is in `left_out`.
    `pinned` touches stay as they are (a duty towards the same person is added to them). `done` is what already
    happened this week; days that are over have 0 in `rules.per_day_minutes`. `names` are used in reasons only.
    The same input in any order gives the same plan.
    """
    table = candidates if isinstance(candidates, CandidateTable) else table_of(candidates)
    agenda = Agenda(rules, week_of, tuple(pinned), done)
    place_duties(agenda, duties)
    chance = gather_rows(table, agenda)
    choice = choose_rows(chance.problem, time_limit_s)
    chosen = _planned(table, chance, choice, week_of, objective_names)
    touches = sorted([*agenda.touches, *chosen], key=lambda t: (t.on, t.due_on is None, t.due_on or t.on, t.person_id))
    left = [*agenda.left_out, *explain_left(table, agenda, chance, choice, names)]
    return Week(
        week_of=week_of,
        minutes_budget=rules.minutes,
        minutes_planned=sum(t.minutes for t in touches),
        touches=tuple(touches),
        left_out=tuple(left),
        proven_optimal=choice.proven,
        by_stage=_sum_by_stage(touches),
        by_objective=_sum_by_objective(touches),
        value=choice.value * chance.scale,
        bound=choice.bound * chance.scale,
        missing_floor_minutes=choice.missing,
    )


def _planned(
    table: CandidateTable, chance: Chance, choice: Choice, week_of: date, objective_names: Mapping[int, str]
) -> list[Planned]:
    planned = []
    table.foresee(chance.rows[list(choice.days)])
    for position, day in choice.days.items():
        row = int(chance.rows[position])
        why, idea = table.words(row)
        is_reconnect = KINDS[int(table.kind[row])] == "reconnect"
        # What reviving a tie after years brings is a judgement, not an estimate: no figures there.
        reasons = [*why, RECONNECT if is_reconnect else explain_now(*_gist(table, row))]
        if table.giving[row]:
            reasons.append(explain_floor("giving", objective_names))
        elif position in choice.for_floor:
            reasons.append(explain_floor(choice.for_floor[position], objective_names))
        planned.append(
            Planned(
                person_id=int(table.person[row]),
                stage=int(table.stage[row]),
                kind="giving" if table.giving[row] else KINDS[int(table.kind[row])],
                channel=table.channel_of(row),
                minutes=int(chance.problem.minutes[position]),
                on=week_of + timedelta(days=day),
                value=float(chance.problem.worth[position]) * chance.scale,
                why=tuple(reasons),
                idea=idea,
                objective_ids=table.objectives_of(row),
                giving=bool(table.giving[row]),
                social=bool(table.social[row]),
            )
        )
    return planned


def _gist(table: CandidateTable, row: int) -> tuple[str, float, float]:
    return table.channel_of(row), float(table.gain[row]), float(table.reply[row])


def _sum_by_stage(touches: Sequence[Planned]) -> dict[int, int]:
    minutes: dict[int, int] = {}
    for touch in touches:
        minutes[touch.stage] = minutes.get(touch.stage, 0) + touch.minutes
    return dict(sorted(minutes.items()))


def _sum_by_objective(touches: Sequence[Planned]) -> dict[int, int]:
    minutes: dict[int, int] = {}
    for touch in touches:
        for objective in touch.objective_ids:
            minutes[objective] = minutes.get(objective, 0) + touch.minutes
    return dict(sorted(minutes.items()))

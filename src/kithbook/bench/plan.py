"""`kith bench plan`: the same time spent by rules of thumb and by Kithbook's planner, in worlds that are not its own.

Worlds: villages whose kernel is fitted to real logs (where they are given), a made-up village of the same kind, and
two second generators. The planner acts as in the product, with the shipped constants, wherever it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from kithbook.bench.planlogs import find_logs, fit_kernel, read_events, village_of
from kithbook.bench.planpolicies import POLICIES, TOUCH_MINUTES
from kithbook.bench.plansim import WEEKS, simulate
from kithbook.bench.planworlds import (
    MISTAKES,
    MakeWorld,
    Mistake,
    Village,
    draw_village,
    make_fading_world,
    make_kernel_world,
    make_two_state_world,
)

BUDGETS = (0.5, 1.6, 4.2)
"""Touches per tie and year."""
CADENCE = "fixed cadence"
GUARDED = "cadence, guarded"
OURS = "kithbook"
LEAST = 0.97
"""No cell may fall below this share of what fixed cadence reaches."""
PEOPLE, OWNERS = 100, 3
DEFAULT_POLICIES = (
    "nothing", CADENCE, GUARDED, "most overdue", "coldest first", "stalest first", "random", "plain index", OURS,
)  # fmt: skip
VILLAGES: dict[str, MakeWorld] = {
    "village, own kind": make_kernel_world,
    "village, fading": make_fading_world,
    "village, two states": make_two_state_world,
}


class Place(NamedTuple):
    """A village, how its world is made, and whether its past has to be made up there."""

    name: str
    village: Village
    make_world: MakeWorld
    made_up: bool


def make_places(seed: int, egos: int, logs: Path | None, worlds: Sequence[str] = ()) -> list[Place]:
    """The made-up villages, and one for each log that is long enough; `worlds` keeps those whose name begins so."""

    def wanted(name: str) -> bool:
        return not worlds or name.startswith(tuple(worlds))

    rng = np.random.default_rng((seed, 0))
    made = draw_village("village", egos, PEOPLE, rng)
    places = [Place(name, made, make, True) for name, make in VILLAGES.items() if wanted(name)]
    found = {f"log: {name}": path for name, path in find_logs(logs).items()} if logs is not None else {}
    for name, path in found.items():
        if wanted(name) and (place := _log_place(name, path, egos, rng)) is not None:
            places.append(place)
    return places


def _log_place(name: str, path: Path, egos: int, rng: np.random.Generator) -> Place | None:
    events = read_events(path)
    own = fit_kernel([events])
    village = village_of(name, events, egos, rng)
    if own is None or village is None:
        return None
    return Place(name, village, partial(make_kernel_world, a=own.a, b=own.b), False)


def run(
    seed: int = 7,
    egos: int = OWNERS,
    logs: Path | None = None,
    *,
    weeks: int = WEEKS,
    budgets: Sequence[float] = BUDGETS,
    mistakes: Sequence[str] | None = None,
    policies: Sequence[str] | None = DEFAULT_POLICIES,
    worlds: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Simulate every place × mistake × budget × policy.

    Returns {"summary": [one dict a budget, see `summarise`], "seed", "weeks", "ties", "seconds", "cells": [{"world",
    "mistake", "touches_per_tie_year", "policy", "ratio", "ratio_guarded", the `standard_error` of each, and the fields
    of `plansim.Outcome`}]}. `ratio` is warmth against fixed cadence with the same touches and the same luck in the same
    cell, `ratio_guarded` against cadence under the needy guard. `egos`: owners in each world. `logs` is a folder with
    the logs of ties; without it only the made-up villages are run. `policies` None: all of them. `worlds`: see
    `make_places`.
    """
    started = time.perf_counter()
    names = [name for name in POLICIES if policies is None or name in policies or name in (CADENCE, GUARDED)]
    places = make_places(seed, egos, logs, worlds)
    chosen = [m for m in MISTAKES if mistakes is None or m.name in mistakes]
    todo = [(place, mistake, budget) for place in places for mistake in chosen for budget in budgets]
    cells: list[dict[str, Any]] = []
    for number, (place, mistake, budget) in enumerate(todo):
        cells.extend(_cells(place, mistake, budget, names, seed, weeks))
        if progress is not None:
            progress(number + 1, len(todo))
    return {
        "summary": [summarise(cells, budget) for budget in budgets],
        "seed": seed,
        "weeks": weeks,
        "ties": {place.name: len(place.village) for place in places},
        "seconds": round(time.perf_counter() - started, 1),
        "cells": cells,
    }


def _cells(
    place: Place, mistake: Mistake, budget: float, names: Sequence[str], seed: int, weeks: int
) -> list[dict[str, Any]]:
    """All policies in one place, with one mistake and one budget."""
    found = {
        name: simulate(
            place.village, place.make_world, mistake, POLICIES[name], per_tie_and_year=budget, seed=seed, weeks=weeks,
            made_up=place.made_up,
        )
        for name in names
    }  # fmt: skip
    base, guarded = found[CADENCE], found[GUARDED]
    head = {"world": place.name, "mistake": mistake.name, "touches_per_tie_year": budget}
    return [
        {
            **head, "policy": name, "ratio": outcome.warmth / base.warmth,
            "ratio_guarded": outcome.warmth / guarded.warmth, "error": standard_error([(outcome.each, base.each)]),
            "error_guarded": standard_error([(outcome.each, guarded.each)]), **outcome._asdict(),
        }
        for name, outcome in found.items()
    ]  # fmt: skip


def standard_error(cells: Sequence[tuple[Sequence[float], Sequence[float]]]) -> float | None:
    """The standard error of the mean ratio of some cells, by leaving out one owner at a time; None with one owner.

    A cell is (warmth of each owner, the same with what it is compared to): both ways meet the same luck, so most of
    what differs between owners cancels. Owner k is left out of all cells at once.
    """
    most = max(len(ours) for ours, _ in cells)
    if most < 2:
        return None
    left = np.array([[_ratio_without(ours, base, k) for ours, base in cells] for k in range(most)]).mean(axis=1)
    return float(np.sqrt((most - 1) / most * ((left - left.mean()) ** 2).sum()))


def _ratio_without(ours: Sequence[float], base: Sequence[float], owner: int) -> float:
    """Mean of `ours` to mean of `base` without that owner, where there is one, and another beside."""
    kept = [k for k in range(len(ours)) if k != owner or len(ours) == 1]
    return float(sum(ours[k] for k in kept) / sum(base[k] for k in kept))


def summarise(cells: Sequence[dict[str, Any]], budget: float) -> dict[str, Any]:
    """What Kithbook and the others reached with one budget.

    `mean_ratio` and `median_ratio` over all cells (where cadence reaches next to nothing a single cell can lift the
    mean), `error` the standard error of the mean (`standard_error`), `worst_cell`, `cells_below_0.97` as a share, and
    `surely_below_0.97` of those that are so by two errors: to fixed cadence, which is free of the needy guard that
    Kithbook keeps, and in `guarded` to fixed cadence under that guard. `wasted_minutes` and `alive` of Kithbook and of
    fixed cadence, the first per tie and year; `others`: the mean ratio of each other way.
    """
    here = [cell for cell in cells if cell["touches_per_tie_year"] == budget]
    by_policy = {name: [c for c in here if c["policy"] == name] for name in dict.fromkeys(c["policy"] for c in here)}
    others = {name: _mean(own, "ratio") for name, own in by_policy.items() if name not in (OURS, CADENCE)}
    ours, cadence = by_policy.get(OURS, []), by_policy[CADENCE]
    if not ours:
        return {"touches_per_tie_year": budget, "others": others}
    return {
        "touches_per_tie_year": budget,
        "cells": len(ours),
        **_ratios(ours, cadence, "ratio", "error"),
        "guarded": _ratios(ours, by_policy[GUARDED], "ratio_guarded", "error_guarded"),
        "wasted_minutes": {OURS: _wasted(ours), CADENCE: _wasted(cadence)},
        "alive": {OURS: _mean(ours, "alive"), CADENCE: _mean(cadence, "alive")},
        "proven": _mean(ours, "proven"),
        "others": others,
    }


def _ratios(ours: Sequence[dict[str, Any]], base: Sequence[dict[str, Any]], key: str, error: str) -> dict[str, Any]:
    worst = min(ours, key=lambda cell: cell[key])
    whole = standard_error([(cell["each"], other["each"]) for cell, other in zip(ours, base, strict=True)])
    sure = [cell[error] is not None and cell[key] + 2 * cell[error] < LEAST for cell in ours]
    return {
        "mean_ratio": _mean(ours, key),
        "error": None if whole is None else round(whole, 3),
        "median_ratio": round(float(np.median([cell[key] for cell in ours])), 3),
        "worst_cell": {**{name: worst[name] for name in ("world", "mistake")}, "ratio": round(worst[key], 3)},
        "cells_below_0.97": round(float(np.mean([cell[key] < LEAST for cell in ours])), 3),
        "surely_below_0.97": round(float(np.mean(sure)), 3),
    }


def _mean(cells: Sequence[dict[str, Any]], key: str) -> float:
    return round(float(np.mean([cell[key] for cell in cells])), 3)


def _wasted(cells: Sequence[dict[str, Any]]) -> float:
    """Minutes per tie and year spent on ties that needed none."""
    return round(float(np.mean([cell["wasted"] * cell["touches"] * TOUCH_MINUTES for cell in cells])), 2)


def tabulate(result: dict[str, Any], mistake: str, worlds: str = "") -> list[list[str]]:
    """Rows for one mistake over the worlds named so: policy, mean ratio per budget, shares alive, wasted, answered."""
    cells = [c for c in result["cells"] if c["mistake"] == mistake and c["world"].startswith(worlds)]
    budgets = list(dict.fromkeys(c["touches_per_tie_year"] for c in cells))
    rows = []
    for name in dict.fromkeys(c["policy"] for c in cells):
        own = [c for c in cells if c["policy"] == name]
        ratios = [f"{np.mean([c['ratio'] for c in own if c['touches_per_tie_year'] == b]):.2f}" for b in budgets]
        rest = [f"{np.mean([c[key] for c in own]):.2f}" for key in ("alive", "wasted", "answered")]
        rows.append([name, *ratios, *rest])
    return rows

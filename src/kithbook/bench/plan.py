"""`kith bench plan`: the same time spent by rules of thumb and by Kithbook's planner, in worlds that are not its own.

Worlds: villages whose kernel is fitted to real logs (where they are given), a made-up village of the same kind, and
two second generators. The planner believes in constants fitted to the *other* logs, or in the default model.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from kithbook.bench.planadvice import DEFAULT
from kithbook.bench.planlogs import Events, Fitted, find_logs, fit_kernel, read_events, village_of
from kithbook.bench.planpolicies import POLICIES
from kithbook.bench.plansim import WEEKS, MakeWorld, simulate
from kithbook.bench.planworlds import (
    MISTAKES,
    Village,
    draw_village,
    make_fading_world,
    make_kernel_world,
    make_two_state_world,
)

BUDGETS = (0.5, 1.6, 4.2)
"""Touches per tie and year."""
CADENCE = "fixed cadence"
OURS = "kithbook"
PEOPLE = 100


class Place(NamedTuple):
    """A village, how its world is made, and what the planner believes there."""

    name: str
    village: Village
    make_world: MakeWorld
    believed: Fitted


def make_places(seed: int, egos: int, logs: Path | None) -> list[Place]:
    """The made-up villages, and one for each log that is long enough."""
    rng = np.random.default_rng((seed, 0))
    made = draw_village("village", egos, PEOPLE, rng)
    places = [
        Place("village, own kind", made, make_kernel_world, DEFAULT),
        Place("village, fading", made, make_fading_world, DEFAULT),
        Place("village, two states", made, make_two_state_world, DEFAULT),
    ]
    events = {name: read_events(path) for name, path in find_logs(logs).items()} if logs is not None else {}
    return places + [place for name in events if (place := _log_place(name, events, egos, rng)) is not None]


def _log_place(name: str, events: dict[str, Events], egos: int, rng: np.random.Generator) -> Place | None:
    own = fit_kernel([events[name]])
    others = fit_kernel([other for key, other in events.items() if key != name]) or DEFAULT
    village = village_of(name, events[name], egos, rng)
    if own is None or village is None:
        return None
    return Place(f"log: {name}", village, partial(make_kernel_world, a=own.a, b=own.b), others)


def run(
    seed: int = 7,
    egos: int = 3,
    logs: Path | None = None,
    *,
    weeks: int = WEEKS,
    budgets: Sequence[float] = BUDGETS,
    mistakes: Sequence[str] | None = None,
    policies: Sequence[str] | None = None,
    worlds: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Simulate every place × mistake × budget × policy.

    Returns {"cells": [{"world", "mistake", "touches_per_tie_year", "policy", "warmth", "ratio", "alive", "wasted",
    "answered", "touches", "proven"}], "summary": {…}, "seconds"}. `ratio` is warmth against fixed cadence with the same
    touches in the same cell. `logs` is a folder with the logs of ties; without it only the made-up villages are run.
    `worlds` keeps those whose name begins so.
    """
    started = time.perf_counter()
    names = [name for name in POLICIES if policies is None or name in policies or name == CADENCE]
    places = [place for place in make_places(seed, egos, logs) if place.name.startswith(worlds)]
    chosen = [m for m in MISTAKES if mistakes is None or m.name in mistakes]
    cells: list[dict[str, Any]] = []
    todo = [(place, mistake, budget) for place in places for mistake in chosen for budget in budgets]
    for number, (place, mistake, budget) in enumerate(todo):
        found = {
            name: simulate(
                place.village, place.make_world, mistake, POLICIES[name], per_tie_and_year=budget, seed=seed,
                weeks=weeks, believed=place.believed,
            )
            for name in names
        }  # fmt: skip
        base = found[CADENCE].warmth
        cells.extend(
            {"world": place.name, "mistake": mistake.name, "touches_per_tie_year": budget, "policy": name,
             "ratio": outcome.warmth / base, **outcome._asdict()}
            for name, outcome in found.items()
        )  # fmt: skip
        if progress is not None:
            progress(number + 1, len(todo))
    ties = {place.name: len(place.village) for place in places}
    return {
        "seed": seed, "weeks": weeks, "ties": ties, "cells": cells, "summary": summarise(cells),
        "seconds": round(time.perf_counter() - started, 1),
    }  # fmt: skip


def summarise(cells: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Mean ratio per policy and budget, and the worst cell of Kithbook."""
    means = {
        f"{name} at {budget}": round(float(np.mean([c["ratio"] for c in cells if _is(c, name, budget)])), 3)
        for name in dict.fromkeys(c["policy"] for c in cells)
        for budget in dict.fromkeys(c["touches_per_tie_year"] for c in cells)
    }
    ours = [cell for cell in cells if cell["policy"] == OURS]
    if not ours:
        return {"mean_ratio": means}
    worst = min(ours, key=lambda cell: cell["ratio"])
    return {
        "mean_ratio": means,
        "worst": {key: worst[key] for key in ("world", "mistake", "touches_per_tie_year", "ratio")},
        "cells": len(ours),
        "cells_below_0.97": sum(cell["ratio"] < 0.97 for cell in ours),
        "proven": round(float(np.mean([cell["proven"] for cell in ours])), 4),
    }


def _is(cell: dict[str, Any], policy: str, budget: float) -> bool:
    return bool(cell["policy"] == policy and cell["touches_per_tie_year"] == budget)


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

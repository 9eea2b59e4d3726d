"""`kith bench plan` on real logs, planned with constants of warmth fitted without the family of the log.

    python benchmarks/plan_families.py [--data ../shared/data/ties] [--seeds 7 8 9] [--egos 3] [--out FILE.json]

The shipped constants were fitted on the `clear/` logs; here each log that is a world is left out with its whole family,
so that the model never saw the world it acts in. Prints Markdown tables: ratios to fixed cadence by log, and by what
the planner does not know.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from ties_fit import examples, gather
from tiesets import DATA, SETS

from kithbook.bench import plan
from kithbook.core import warmlevel, warmth
from kithbook.core.fitting import fit_shift, fit_warmth, predict, task_weights
from kithbook.core.tiefeatures import TERMS

WORLDS = ("edison", "moritz", "eu_email", "w3c")
MISTAKES = ("as assumed", "replies halved", "touch worth 0.3", "people tire")
SHOWN = ("cadence, guarded", "plain index", "perfect knowledge", "kithbook")


def fit_without(found: dict[Any, Any], family: str) -> dict[str, Any]:
    """Constants from the freely licensed logs of all other families, made as `make fit` makes the shipped ones."""
    keys = [key for key in found if SETS[key[0]].family != family]
    parameters = fit_warmth(examples(found, keys))
    once = examples(found, [key for key in keys if key[2] == "train"], once=True)
    p = predict(parameters, once)
    return {**parameters, "met_once": fit_shift(np.log(p / (1 - p)), once.y, task_weights(once.task))}


def use(parameters: dict[str, Any]) -> None:
    """Plan with these constants from now on, in this process."""
    warmth.WEIGHTS[:] = [parameters["weights"][term] for term in TERMS]
    warmth.INTERCEPT, warmth.MET_ONCE = parameters["intercept"], parameters["met_once"]
    warmlevel.LEVEL_WEIGHTS[:] = parameters["level"]


def simulate(data: Path, seeds: Sequence[int], egos: int, mistakes: Sequence[str]) -> list[dict[str, Any]]:
    """All cells of all worlds, each planned with constants that do not know its family."""
    found = gather(data, [name for name in SETS if name.startswith("clear/")])
    cells = []
    for world in WORLDS:
        family = next(chosen.family for name, chosen in SETS.items() if name.endswith("/" + world))
        use(fit_without(found, family))
        for seed in seeds:
            result = plan.run(seed, egos, data, mistakes=mistakes, policies=SHOWN, worlds=(f"log: {world}",))
            cells += [{**cell, "seed": seed} for cell in result["cells"]]
            print(world, seed, file=sys.stderr, flush=True)
    return cells


def tabulate(cells: list[dict[str, Any]], key: str) -> None:
    """Mean ratios by world or mistake: each way free of the guard, and Kithbook against cadence under the guard."""
    budgets = list(dict.fromkeys(cell["touches_per_tie_year"] for cell in cells))
    print(f"| {key} |", " | ".join(SHOWN), "| kithbook to guarded cadence | worst cell |")
    print("|---" * (len(SHOWN) + 3) + "|")
    for name in (*dict.fromkeys(cell[key] for cell in cells), "all"):
        here = [cell for cell in cells if name in (cell[key], "all")]
        ours = [cell for cell in here if cell["policy"] == plan.OURS]

        def means(some: list[dict[str, Any]], ratio: str = "ratio") -> str:
            each = ([c[ratio] for c in some if c["touches_per_tie_year"] == b] for b in budgets)
            return " ".join(f"{np.mean(values):.2f}" for values in each)

        shown = [means([c for c in here if c["policy"] == policy]) for policy in SHOWN]
        worst = min(cell["ratio"] for cell in ours)
        print(f"| {name} |", " | ".join(shown), f"| {means(ours, 'ratio_guarded')} | {worst:.2f} |")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--seeds", type=int, nargs="*", default=[7, 8, 9])
    parser.add_argument("--egos", type=int, default=3)
    parser.add_argument("--mistakes", nargs="*", default=list(MISTAKES))
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    cells = simulate(options.data, options.seeds, options.egos, options.mistakes)
    for key in ("world", "mistake"):
        tabulate(cells, key)
    if options.out:
        options.out.write_text(json.dumps(cells))


if __name__ == "__main__":
    main()

"""`make fit`: fit the constants of warmth on clear/ and write src/kithbook/core/params/warmth.py.

    python benchmarks/ties_fit.py [--data ../shared/data/ties] [--date 2026-11-21] [--out FILE] [--report FILE.json]

Also leaves one family out at a time over all ten sets, which is what the numbers of docs/explanation/warmth.md are.
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
from tiesets import DATA, SETS, tasks

from kithbook.bench.tiedata import DAY, Snapshot
from kithbook.bench.tiemetrics import Scored, measure
from kithbook.core.fitting import Examples, fit_shift, fit_warmth, predict, task_weights
from kithbook.core.tiefeatures import features, silence_days
from kithbook.core.tiestate import replay_many
from kithbook.core.warmlevel import count_level, level_terms

OUT = Path(__file__).resolve().parents[1] / "src" / "kithbook" / "core" / "params" / "warmth.py"
METRICS = ("auc", "auc_within_ego", "auc_active", "log_loss", "brier", "ece")


def describe(cut: Snapshot, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Terms and level parts of the ties `which` of a snapshot."""
    states = replay_many(*cut.log, len(cut.ego))[which]
    counts = count_level(
        cut.log, len(cut.ego), now=cut.cutoff, horizon_days=cut.horizon_days, owner=cut.owner, owners=cut.owners
    )
    terms = features(states, silence_days(states, cut.cutoff), cut.horizon_days)
    return terms, level_terms(counts)[cut.owner[which]]


def gather(data: Path, names: Sequence[str] = tuple(SETS)) -> dict[tuple[str, int, str], dict[str, Any]]:
    """Examples of every (set, horizon, split) of the named sets, and the ties met on one day only."""
    found = {}
    for name, chosen in ((name, SETS[name]) for name in names):
        for horizon in chosen.horizons:
            for split, cuts in tasks(name, horizon, data).items():
                parts = []
                for cut in cuts:
                    once = once_met(cut) if split == "train" else np.zeros(len(cut.y), bool)
                    which = cut.scored | once
                    terms, level = describe(cut, which)
                    parts.append((terms, level, cut.y[which], once[which], scored_of(cut, which)))
                if parts:
                    found[name, horizon, split] = join(parts)
        print(name, file=sys.stderr, flush=True)
    return found


def once_met(cut: Snapshot) -> np.ndarray:
    """Ties in sight with a single contact-day."""
    days = replay_many(*cut.log, len(cut.ego))["days"]
    return (days == 1) & (cut.silence <= max(365, 4 * cut.horizon_days)) & ~cut.scored


def scored_of(cut: Snapshot, which: np.ndarray) -> Scored:
    moment = np.full(int(which.sum()), cut.cutoff // DAY)
    active = cut.silence[which] <= cut.horizon_days
    return Scored(cut.ego[which], cut.alter[which], moment, moment * 10**6 + cut.ego[which], cut.y[which], active)


def join(parts: list[Any]) -> dict[str, Any]:
    terms, level, y, once = (np.concatenate([part[k] for part in parts]) for k in range(4))
    scored = Scored(*(np.concatenate(columns) for columns in zip(*(part[4] for part in parts), strict=True)))
    return {"terms": terms, "level": level, "y": y, "once": once, "scored": scored}


def examples(found: dict[Any, Any], keys: list[Any], *, once: bool = False) -> Examples:
    """The chosen (set, horizon, split)s as one table; a task is a set and a horizon."""
    number = {task: i for i, task in enumerate(sorted({key[:2] for key in keys}))}
    picks = [(key, found[key]["once"] == once) for key in keys]
    return Examples(
        np.concatenate([found[key]["terms"][pick] for key, pick in picks]),
        np.concatenate([found[key]["level"][pick] for key, pick in picks]),
        np.concatenate([found[key]["y"][pick] for key, pick in picks]),
        np.concatenate([np.full(int(pick.sum()), number[key[:2]]) for key, pick in picks]),
    )


def score(found: dict[Any, Any], parameters: dict[str, Any], name: str) -> dict[tuple[str, int], dict[str, float]]:
    """Metrics of the test split of each horizon of one set."""
    table = {}
    for key in found:
        if key[0] == name and key[2] == "test":
            p = predict(parameters, examples(found, [key]))
            table[key[:2]] = measure(found[key]["scored"], p)
    return table


def mean(table: dict[Any, dict[str, float]]) -> dict[str, float]:
    return {m: round(float(np.mean([row[m] for row in table.values()])), 4) for m in METRICS}


def evaluate(found: dict[Any, Any]) -> dict[str, Any]:
    """Leave one family out; and constants from clear/ alone on every set."""
    left_out, shipped_like = {}, {}
    clear = fit_warmth(examples(found, [key for key in found if key[0].startswith("clear/")]))
    for family in sorted({chosen.family for chosen in SETS.values()}):
        fitted = fit_warmth(examples(found, [key for key in found if SETS[key[0]].family != family]))
        for name in (name for name, chosen in SETS.items() if chosen.family == family):
            left_out.update(score(found, fitted, name))
    for name in SETS:
        shipped_like.update(score(found, clear, name))
    tuning = [key for key in left_out if key[0].startswith("tuning_only/")]
    return {
        "left_out": left_out,
        "left_out_mean": mean(left_out),
        "clear_only": shipped_like,
        "clear_only_on_tuning": mean({key: shipped_like[key] for key in tuning}),
        "left_out_on_tuning": mean({key: left_out[key] for key in tuning}),
    }


def ship(found: dict[Any, Any]) -> dict[str, Any]:
    """The constants that ship: clear/ only."""
    keys = [key for key in found if key[0].startswith("clear/")]
    parameters = fit_warmth(examples(found, keys))
    once = examples(found, [key for key in keys if key[2] == "train"], once=True)
    p = predict(parameters, once)
    parameters["met_once"] = fit_shift(np.log(p / (1 - p)), once.y, task_weights(once.task))
    parameters["examples"] = sum(int((~found[key]["once"]).sum()) for key in keys)
    return parameters


def write(path: Path, parameters: dict[str, Any], result: dict[str, Any], date: str) -> None:
    clear = {name: chosen.licence for name, chosen in SETS.items() if name.startswith("clear/")}
    lines = [
        '"""The shipped constants of warmth. Written by `make fit` (benchmarks/ties_fit.py); do not edit by hand."""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import Any, Final",
        "",
        "PARAMETERS: Final[dict[str, Any]] = {",
        f'    "intercept": {parameters["intercept"]:.4f},',
        '    "weights": {',
        *(f'        "{term}": {weight:.4f},' for term, weight in parameters["weights"].items()),
        "    },",
        f'    "level": ({", ".join(f"{weight:.4f}" for weight in parameters["level"])}),',
        f'    "met_once": {parameters["met_once"]:.4f},',
        '    "never_met": 0.02,',
        "}",
        '"""Weights of `tiefeatures.TERMS`; `level` of `warmlevel.level_terms`; `met_once` is added to the log-odds',
        'of a tie met on one day only; `never_met` is the warmth of a tie without contact (a convention)."""',
        "",
        "FITTED: Final[dict[str, Any]] = {",
        f'    "date": "{date}",',
        f'    "examples": {parameters["examples"]},',
        '    "data": {',
        *(f'        "{name}": "{licence}",' for name, licence in clear.items()),
        "    },",
        *metric_lines("leave_one_family_out", result["left_out_mean"]),
        *metric_lines("clear_only_on_tuning_only", result["clear_only_on_tuning"]),
        *metric_lines("leave_one_family_out_on_tuning_only", result["left_out_on_tuning"]),
        "}",
        '"""What the constants were fitted on, under whose notices, and means over the test tasks of the ten sets."""',
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def metric_lines(name: str, metrics: dict[str, float]) -> list[str]:
    return [f'    "{name}": {{', *(f'        "{metric}": {value},' for metric, value in metrics.items()), "    },"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--date", default="2026-11-21")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--report", type=Path)
    options = parser.parse_args()
    found = gather(options.data)
    result = evaluate(found)
    parameters = ship(found)
    write(options.out, parameters, result, options.date)
    for (name, horizon), row in result["left_out"].items():
        print(f"{name:28s}{horizon:5d}", *(f"{row[m]:.3f}" for m in METRICS))
    for title in ("left_out_mean", "left_out_on_tuning", "clear_only_on_tuning"):
        print(f"{title:33s}", *(f"{result[title][m]:.4f}" for m in METRICS))
    print(json.dumps(parameters))
    if options.report:
        rows = {f"{n} {h}": row for (n, h), row in result["left_out"].items()}
        options.report.write_text(json.dumps({"left_out": rows, "mean": result["left_out_mean"]}, indent=1))


if __name__ == "__main__":
    main()

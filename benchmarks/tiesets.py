"""The ten public interaction logs under ../shared/data/ties, and the thirty-task protocol of their README.

Train: half of the egos at early cut-offs; test: the others at cut-offs after every training label window.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kithbook.bench.tiedata import DAY, Snapshot, View, read_events, snapshot, view_of

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "ties"


class TieSet(NamedTuple):
    """One log: its family (fitted or held out together), licence, usable days, horizons and number of cut-offs.

    `side` says whose view counts: "all" nodes', the "writer"'s own rows only, or the one "hub".
    """

    family: str
    licence: str
    window: tuple[int, int]
    horizons: tuple[int, ...]
    cutoffs: int = 4
    side: str = "all"


SETS: dict[str, TieSet] = {
    "clear/schnitzler_diary": TieSet(
        "schnitzler", "CC BY-SA 4.0, Arthur Schnitzler Tagebuch", (3600, 19206), (30, 90, 180, 365), 10, "writer"
    ),
    "clear/schnitzler_letters": TieSet(
        "schnitzler", "CC BY 4.0, Schnitzler Briefe", (2400, 11000), (180, 365), 10, "hub"
    ),
    "clear/edison": TieSet("edison", "public domain, Edison Papers", (8500, 14000), (180, 365), 6),
    "clear/moritz": TieSet("saw_leipzig", "CC BY 4.0, SAW Leipzig", (3500, 7783), (90, 180, 365), 6),
    "clear/spener": TieSet("saw_leipzig", "CC BY 4.0, SAW Leipzig", (1000, 11000), (180, 365), 8, "hub"),
    "clear/enron": TieSet("enron", "US public record", (350, 1260), (30, 90, 180)),
    "tuning_only/eu_email": TieSet("eu_email", "none stated", (0, 525), (30, 90, 180)),
    "tuning_only/w3c": TieSet("w3c", "none stated", (900, 3340), (90, 180, 365), 6),
    "tuning_only/radoslaw": TieSet("radoslaw", "none stated", (0, 271), (30, 90)),
    "tuning_only/collegemsg": TieSet("collegemsg", "none stated", (0, 193), (30,)),
}


@lru_cache(maxsize=16)
def load(name: str, data: Path = DATA) -> tuple[View, int, NDArray[np.int64]]:
    """The view that counts, the epoch second of the first event, and the number of each node in the file."""
    path = data / f"{name}.csv.gz"
    events = read_events(path)
    first = int(events.at.min())
    ids = np.array([int(node) for node in events.names])
    view, side = view_of(events), SETS[name].side
    if side == "all":
        return view, first, ids
    keep = view.out if side == "writer" else view.ego == np.bincount(view.ego).argmax()
    return View(*(column[keep] for column in view)), first, ids


def moments(name: str, horizon: float) -> dict[str, list[float]] | None:
    """Training and test cut-offs in days since the first event; None where the horizon does not fit."""
    chosen = SETS[name]
    start, end = chosen.window
    early = start + max(45, 0.2 * (end - start), 0.5 * horizon)
    slack = (end - horizon) - early - horizon
    if slack < 0:
        return None
    train = early + np.linspace(0, 0.45 * slack, chosen.cutoffs)
    test = early + 0.45 * slack + horizon + np.linspace(0, 0.55 * slack, chosen.cutoffs)
    least = min(7, horizon / 4)

    def spaced(times: NDArray[np.float64]) -> list[float]:
        return [float(t) for i, t in enumerate(times) if i == 0 or t - times[i - 1] >= least]

    return {"train": spaced(train), "test": spaced(test)}


def _half(ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """A fixed half of the ids."""
    mixed = (ids.astype(np.uint64) * np.uint64(2654435761) + np.uint64(12345)) % np.uint64(1 << 32)
    return np.asarray((mixed >> np.uint64(8)) % np.uint64(1000) < 500)


def tasks(name: str, horizon: float, data: Path = DATA) -> dict[str, list[Snapshot]]:
    """The snapshots of training and test, `scored` only where they belong to the split."""
    times = moments(name, horizon)
    if times is None:
        return {}
    view, first, ids = load(name, data)
    found: dict[str, list[Snapshot]] = {}
    for split, days in times.items():
        found[split] = []
        for day in days:
            cut = snapshot(view, int(first + day * DAY), horizon)
            side = _half(ids[cut.alter if cut.owners < 8 else cut.ego])
            mine = cut.scored & (side if split == "train" else ~side)
            if mine.any():
                found[split].append(cut._replace(scored=mine))
    return found

"""`kith bench ties`: score the shipped warmth model on an interaction log, next to five rules of thumb.

Protocol of the data README: at six cut-offs the model sees the ego's own log so far and says how probable a contact in
the coming horizon is. Shipped constants, nothing is fitted on the file.
"""

from __future__ import annotations

import csv
import time
from pathlib import Path
from typing import Any

import numpy as np

from kithbook.core.errors import Invalid, NotFound, Unavailable
from kithbook.core.tiefeatures import Floats
from kithbook.core.tiestate import replay_many
from kithbook.core.warmlevel import count_level, levels
from kithbook.core.warmth import warmth

from .tiebaselines import baselines
from .tiedata import DAY, Bools, Events, Snapshot, cutoffs, default_horizon, read_events, snapshot, view_of
from .tiemetrics import Scored, auc, interval, log_loss, measure, resample


def run(
    path: str | Path,
    horizon: float | None = None,
    egos: str | Path | None = None,
    predictions: str | Path | None = None,
) -> dict[str, Any]:
    """The JSON of the contract for one log, with `confidence` (95 %, bootstrap over egos) and the cut-offs added.

    `horizon` in days (default: the largest of 30, 90, 180, 365 that fits five times into the span); `egos` a file of
    ids, one a line, whose views count; `predictions` a CSV to write. Raises NotFound, Invalid or Unavailable.
    """
    started = time.perf_counter()
    events = read_events(Path(path))
    first, last = int(events.at.min()), int(events.at.max())
    if horizon is not None and not 0 < horizon < 100_000:
        raise Invalid("The horizon must be a number of days above 0.", "For example --horizon 90.")
    days = float(horizon if horizon is not None else default_horizon((last - first) / DAY))
    view = view_of(events, None if egos is None else _wanted(events, Path(egos)))
    cuts = [snapshot(view, moment, days) for moment in cutoffs(first, last, days)]
    cuts = [cut for cut in cuts if cut.scored.any()]
    if not cuts:
        raise Invalid(
            "Nobody in this log can be scored.",
            "An ego needs 30 events before a cut-off, five ties of two contact-days, and events around the cut-off.",
        )
    scored, model = _joined(cuts), np.concatenate([predict(cut) for cut in cuts])
    rivals = [baselines(cut) for cut in cuts]
    others = {name: np.concatenate([rival[name] for rival in rivals]) for name in rivals[0]}
    if predictions is not None:
        _write(Path(predictions), events, scored, days, model)
    return {
        "ties": len(scored.y),
        "egos": len(np.unique(scored.ego)),
        "base_rate": float(scored.y.mean()),
        "horizon_days": int(days) if days == int(days) else days,
        "model": measure(scored, model),
        "baselines": {name: measure(scored, p) for name, p in others.items()},
        "confidence": _confidence(scored, model, others),
        "cutoffs": [cut.cutoff for cut in cuts],
        "rows_skipped": events.skipped,
        "seconds": round(time.perf_counter() - started, 3),
    }


def predict(cut: Snapshot) -> Floats:
    """Warmth of the scored ties at the cut-off: states and level from the past only."""
    states = replay_many(*cut.log, len(cut.ego))[cut.scored]
    counts = count_level(
        cut.log, len(cut.ego), now=cut.cutoff, horizon_days=cut.horizon_days, owner=cut.owner, owners=cut.owners
    )
    level = levels(counts)[cut.owner[cut.scored]]
    return warmth(states, now=cut.cutoff, horizon_days=cut.horizon_days, level=level)


def _wanted(events: Events, path: Path) -> Bools:
    """One flag a node: whether it is listed in the file."""
    if not path.is_file():
        raise NotFound(f"There is no file {path}.", "Give a file with one id a line.")
    try:
        ids = {line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()} - {""}
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path.name} cannot be read as text.", "Give a file with one id a line.") from error
    wanted = np.array([name in ids for name in events.names], bool)
    if not wanted.any():
        raise Invalid(
            f"None of the ids in {path.name} occurs in the log.", "Give ids as they stand in source or target."
        )
    return wanted


def _joined(cuts: list[Snapshot]) -> Scored:
    """The scored ties of all cut-offs."""
    parts = []
    for k, cut in enumerate(cuts):
        which = cut.scored
        ego, n = cut.ego[which], int(which.sum())
        active = cut.silence[which] <= cut.horizon_days
        group = np.int64(k) * (1 << 40) + ego
        parts.append((ego, cut.alter[which], np.full(n, cut.cutoff), group, cut.y[which], active))
    return Scored(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _confidence(scored: Scored, model: Floats, others: dict[str, Floats]) -> dict[str, Any]:
    """Middle 95 % over resampled egos: the model's AUC and log-loss, and how far its AUC is ahead of each baseline."""
    samples = resample(scored)
    own = [auc(scored.y[rows], model[rows]) for rows in samples]
    ahead = {}
    for name, p in others.items():
        theirs = [auc(scored.y[rows], p[rows]) for rows in samples]
        ahead[name] = interval([a - b for a, b in zip(own, theirs, strict=True) if a is not None and b is not None])
    losses: list[float | None] = [log_loss(scored.y[rows], model[rows]) for rows in samples]
    return {"auc": interval(own), "log_loss": interval(losses), "auc_ahead_of": ahead, "resamples": len(samples)}


def _write(path: Path, events: Events, scored: Scored, horizon: float, p: Floats) -> None:
    """`ego,alter,cutoff,horizon_days,p,active,y`, ids as in the file, cut-off in epoch seconds."""
    names, days = events.names, f"{horizon:g}"
    try:
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["ego", "alter", "cutoff", "horizon_days", "p", "active", "y"])
            columns = (scored.ego, scored.alter, scored.cutoff, p, scored.active, scored.y)
            for ego, alter, moment, chance, active, y in zip(*(c.tolist() for c in columns), strict=True):
                writer.writerow([names[ego], names[alter], moment, days, repr(chance), int(active), int(y)])
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}.", "Choose another place.") from error

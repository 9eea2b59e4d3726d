"""Reading an interaction log and cutting it as the tie benchmark's protocol says.

A log is a CSV (or CSV.gz) with at least `source,target,unix_time`: one directed message, call or meeting a row; several
rows with the same source and time are one message to several people. Every node is an ego with its own view of the log.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kithbook.core.errors import Invalid, NotFound
from kithbook.core.tiestate import CHANNEL_CODES, Log

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DAY = 86_400
HORIZONS = (30, 90, 180, 365)
SPANS_NEEDED = 5
CUTOFFS = 6
MIN_EVENTS = 30
MIN_TIES = 5
BROADCAST = 10
MAIL_KINDS = ("", "mail", "email", "e-mail")


class Events(NamedTuple):
    """The rows of a file: node numbers into `names`, epoch seconds, people addressed; broadcasts are gone."""

    source: Ints
    target: Ints
    at: Ints
    size: Ints
    names: list[str]
    skipped: int


class View(NamedTuple):
    """Every event twice, once for each side, sorted by ego, alter and time; exact duplicates are gone."""

    ego: Ints
    alter: Ints
    at: Ints
    out: Bools
    size: Ints


class Snapshot(NamedTuple):
    """What the eligible egos know at the cut-off, and what came after.

    One element a tie: ego and alter (node numbers), `owner` (0 … owners−1), label `y`, `scored` (is it asked about),
    `silence` (days). `log` holds the past of all ties of these egos, nothing after the cut-off.
    """

    cutoff: int
    horizon_days: float
    ego: Ints
    alter: Ints
    owner: Ints
    owners: int
    y: Floats
    scored: Bools
    silence: Floats
    log: Log


def read_events(path: Path) -> Events:
    """The events of a CSV or CSV.gz file; rows that make no sense are counted and left out.

    Raises NotFound for a missing file and Invalid for one that is no such log.
    """
    rows, skipped = [], 0
    for row in _rows(path):
        if row is None:
            skipped += 1
        else:
            rows.append(row)
    if not rows:
        raise Invalid(f"{path.name} has no usable row.", "Each row needs source, target and unix_time (seconds).")
    names, codes = np.unique([name for row in rows for name in row[:2]], return_inverse=True)
    source, target = codes.astype(np.int64).reshape(-1, 2).T
    at = np.array([row[2] for row in rows], np.int64)
    mail = np.array([row[3] for row in rows], bool)
    size = np.where(mail, _recipients(source, target, at), 1)
    keep = size <= BROADCAST
    if not keep.any():
        raise Invalid(f"{path.name} holds broadcasts only.", "Mail to more than ten people is no contact between two.")
    return Events(source[keep], target[keep], at[keep], size[keep], [str(name) for name in names], skipped)


def _rows(path: Path) -> Iterator[tuple[str, str, int, bool] | None]:
    """(source, target, time, is it mail) of each row, None for one that cannot be used."""
    if not path.is_file():
        raise NotFound(f"There is no file {path}.", "Give the path of a CSV or CSV.gz file.")
    try:
        with _open(path) as lines:
            reader = csv.reader(lines)
            header = [name.strip().lower() for name in next(reader, [])]
            missing = [name for name in ("source", "target", "unix_time") if name not in header]
            if missing:
                raise Invalid(
                    f"{path.name} lacks the column {missing[0]}.", "The header needs source,target,unix_time."
                )
            places = [header.index(name) for name in ("source", "target", "unix_time")]
            kind = header.index("kind") if "kind" in header else None
            for row in reader:
                if row:
                    yield _row(row, places, kind)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise Invalid(f"{path.name} cannot be read as CSV: {error}.", "Is the file complete?") from error


def _open(path: Path) -> io.TextIOBase:
    if path.open("rb").read(2) == b"\x1f\x8b":
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _row(row: list[str], places: list[int], kind: int | None) -> tuple[str, str, int, bool] | None:
    try:
        source, target, at = (row[place].strip() for place in places)
        seconds = int(at) if at.lstrip("-").isdigit() else int(float(at))
    except (IndexError, ValueError, OverflowError):
        return None
    if not source or not target or source == target or abs(seconds) > 1 << 40:
        return None
    what = row[kind].strip().lower() if kind is not None and kind < len(row) else ""
    return source, target, seconds, what in MAIL_KINDS


def _recipients(source: Ints, target: Ints, at: Ints) -> Ints:
    """To how many different people the message of each row went."""
    order = np.lexsort((target, at, source))
    s, t, r = source[order], at[order], target[order]
    message = np.r_[True, (s[1:] != s[:-1]) | (t[1:] != t[:-1])]
    person = message | np.r_[True, r[1:] != r[:-1]]
    group = np.cumsum(message) - 1
    size = np.empty(len(source), np.int64)
    size[order] = np.bincount(group, person).astype(np.int64)[group]
    return size


def view_of(events: Events, egos: Bools | None = None) -> View:
    """The events from each side; `egos` (one flag a node) says whose side is wanted."""
    n = len(events.source)
    ego, alter = np.r_[events.source, events.target], np.r_[events.target, events.source]
    at, size, out = np.r_[events.at, events.at], np.r_[events.size, events.size], np.arange(2 * n) < n
    if egos is not None:
        keep = egos[ego]
        ego, alter, at, size, out = ego[keep], alter[keep], at[keep], size[keep], out[keep]
    order = np.lexsort((out, at, alter, ego))
    ego, alter, at, size, out = ego[order], alter[order], at[order], size[order], out[order]
    fresh = np.ones(len(ego), bool)
    fresh[1:] = (np.diff(ego) != 0) | (np.diff(alter) != 0) | (np.diff(at) != 0) | (out[1:] != out[:-1])
    return View(ego[fresh], alter[fresh], at[fresh], out[fresh], size[fresh])


def default_horizon(span_days: float) -> int:
    """The largest horizon that fits five times into the span."""
    fitting = [horizon for horizon in HORIZONS if SPANS_NEEDED * horizon <= span_days]
    if not fitting:
        raise Invalid(
            f"The log spans {span_days:.0f} days; the shortest horizon of 30 days needs {SPANS_NEEDED * 30}.",
            "Give a longer log.",
        )
    return fitting[-1]


def cutoffs(first: int, last: int, horizon_days: float) -> list[int]:
    """Six moments evenly spaced between 40 % of the span and the last one that leaves a full horizon."""
    start, end = first + 0.4 * (last - first), last - horizon_days * DAY
    if end < start:
        raise Invalid("The horizon is too long for this log.", "Give a shorter --horizon.")
    return [int(moment) for moment in np.linspace(start, end, CUTOFFS)]


def snapshot(view: View, cutoff: int, horizon_days: float) -> Snapshot:
    """The ties of the egos that are eligible at the cut-off (data/ties README), their past and their labels."""
    window = int(horizon_days * DAY)
    past, future = view.at <= cutoff, (view.at > cutoff) & (view.at <= cutoff + window)
    nodes = int(view.ego.max(initial=-1)) + 1
    last = np.full(nodes, np.iinfo(np.int64).min)
    np.maximum.at(last, view.ego, view.at)
    eligible = np.bincount(view.ego[past], minlength=nodes) >= MIN_EVENTS
    eligible &= np.bincount(view.ego[past & (view.at > cutoff - window)], minlength=nodes) > 0
    eligible &= last >= cutoff + 0.75 * window
    rows = np.flatnonzero(past & eligible[view.ego])
    ego, alter, at = view.ego[rows], view.alter[rows], view.at[rows]
    begins = np.ones(len(rows), bool)
    begins[1:] = (np.diff(ego) != 0) | (np.diff(alter) != 0)
    tie = np.cumsum(begins) - 1
    n, ties_ego, ties_alter = int(begins.sum()), ego[begins], alter[begins]
    width = int(max(view.alter.max(initial=0), view.ego.max(initial=0))) + 1
    answers = np.unique(view.ego[future] * width + view.alter[future])
    y = np.isin(ties_ego * width + ties_alter, answers).astype(float)
    ago = (cutoff - at) // DAY
    new_day = begins.copy()
    new_day[1:] |= np.diff(ago) != 0
    days = np.bincount(tie[new_day], minlength=n)
    silence = np.zeros(n)
    silence[tie] = (cutoff - at) / DAY
    scored = (days >= 2) & (silence <= max(365.0, 4 * horizon_days))
    scored &= np.bincount(ties_ego, scored, nodes)[ties_ego] >= MIN_TIES
    owners, owner = np.unique(ties_ego, return_inverse=True)
    return Snapshot(
        cutoff, horizon_days, ties_ego, ties_alter, owner, len(owners), y, scored, silence, _log(view, rows, tie)
    )


def _log(view: View, rows: NDArray[np.intp], tie: Ints) -> Log:
    """The past as the model takes it; days are UTC, since these logs do not say where anybody lived."""
    at = view.at[rows]
    way = np.where(view.out[rows], 1, -1)
    channel = np.full(len(rows), CHANNEL_CODES["email"])
    return Log(tie, at, at // DAY, channel, way, view.size[rows], None, np.ones(len(rows), bool))

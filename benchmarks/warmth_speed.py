"""How long warmth takes: evaluation of n ties from their states, replaying n interactions; growth curves.

    python benchmarks/warmth_speed.py

Processor milliseconds of the best of five runs, on one core (set OPENBLAS_NUM_THREADS=1).
Asks: 100,000 ties < 50 ms; 1,000,000 interactions < 3 s.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from kithbook.core.tiestate import Log, States, replay_many
from kithbook.core.warmth import gain, warmth

NOW = 1_790_000_000
DAY = 86_400


def log_of(n: int, ties: int, seed: int = 0) -> Log:
    """n interactions over ten years among so many ties."""
    generator = np.random.default_rng(seed)
    at = NOW - generator.integers(0, 3650 * DAY, n)
    return Log(
        generator.integers(0, ties, n),
        at,
        at // DAY,
        generator.integers(0, 9, n),
        generator.integers(-1, 2, n),
        generator.integers(1, 8, n),
        None,
        np.ones(n, bool),
    )


def best(work: Callable[[], object], runs: int = 5) -> float:
    """Processor milliseconds of the fastest run."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return 1000 * min(times)


def main() -> None:
    print("interactions  replay_many ms")
    for n in (10_000, 100_000, 1_000_000):
        log = log_of(n, max(n // 50, 1))
        print(f"{n:12,d}  {best(lambda log=log, n=n: replay_many(*log, max(n // 50, 1)), 3):14.1f}")
    print("ties     warmth ms  two horizons ms  gain ms")
    for n in (1_000, 10_000, 100_000):
        states: States = replay_many(*log_of(10 * n, n), n)
        horizons = np.where(np.arange(n) % 3 == 0, 365.0, 90.0)
        one = best(lambda s=states: warmth(s, now=NOW, horizon_days=90.0))
        two = best(lambda s=states, h=horizons: warmth(s, now=NOW, horizon_days=h))
        touch = best(lambda s=states: gain(s, now=NOW, horizon_days=90.0, channel="call"), 2)
        print(f"{n:7,d}  {one:9.1f}  {two:15.1f}  {touch:7.1f}")


if __name__ == "__main__":
    main()

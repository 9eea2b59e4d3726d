"""How long a week takes to plan as the network grows: `python benchmarks/plan_speed.py [--repeat N]`.

Three channels a person, six duties, five objectives, giving and needy holds; wall and CPU seconds of `plan_week` on one
core, without the first import of the solver (shown apart). Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import os
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from kithbook.core.planning import Duty, Rules, plan_week
from kithbook.core.plantable import CHANNEL_CODES, CandidateTable, make_table

MONDAY = date(2026, 11, 16)
SIZES = (100, 1_000, 10_000, 100_000)
CHANNELS = ("call", "email", "message")


def make_candidates(people: int, seed: int) -> CandidateTable:
    """A heavy-tailed network: most at Recognise and Know, gains and values lognormal, every tenth on hold."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(people), len(CHANNELS))
    each = lambda values: np.repeat(values, len(CHANNELS))  # noqa: E731
    stage = each(rng.choice(np.arange(1, 8), people, p=[0.40, 0.30, 0.12, 0.08, 0.05, 0.03, 0.02]))
    channel = np.tile([CHANNEL_CODES[name] for name in CHANNELS], people)
    gain = each(rng.gamma(1.5, 20, people)) * np.tile([1.0, 0.6, 0.4], people)
    reply = np.clip(np.tile([0.5, 0.6, 0.65], people) * each(rng.uniform(0.6, 1.3, people)), 0, 1)
    held = np.where(each(rng.random(people)) < 0.1, MONDAY.toordinal() + 30, 0)
    table = make_table(
        person, stage, channel, value=each(rng.lognormal(0, 0.7, people)), gain=gain, reply=reply, earliest=held
    )
    giving = each(rng.random(people) < 0.2) & (table.channel == CHANNEL_CODES["message"])
    objectives = np.where(each(rng.random(people)) < 0.3, 1 << each(rng.integers(0, 5, people)), 0)
    return replace(table, giving=giving, objectives=objectives, objective_ids=(1, 2, 3, 4, 5))


def make_duties(people: int) -> list[Duty]:
    """Six short duties over two weeks."""
    return [
        Duty(k % people, "promise", MONDAY + timedelta(days=2 * k), 2, "message", 3, ("Promised.",), ref=str(k))
        for k in range(6)
    ]


def measure(people: int, rules: Rules, repeat: int) -> tuple[float, float, int]:
    """Median wall and CPU seconds and how many of the plans were proven best."""
    wall, cpu, proven = [], [], 0
    for seed in range(repeat):
        table, duties = make_candidates(people, seed), make_duties(people)
        began, spent = time.perf_counter(), time.process_time()
        week = plan_week(table, duties, rules, MONDAY)
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - spent)
        proven += week.proven_optimal
    return float(np.median(wall)), float(np.median(cpu)), proven


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    began = time.process_time()
    import highspy  # noqa: F401

    print(f"solver import: {time.process_time() - began:.2f} s of CPU, once a process\n")
    shares = dict.fromkeys(range(1, 6), 0.2)
    for name, touches, minutes in (("short plan", 12, 120), ("long plan", 60, 300)):
        rules = Rules(minutes=minutes, max_touches=touches, objective_shares=shares, per_day_minutes=(90,) * 5 + (0, 0))
        print(f"{name}: {minutes} minutes, at most {touches} touches\n")
        print("| people | rows | wall s | CPU s | proven best |\n|---|---|---|---|---|")
        for people in SIZES:
            wall, cpu, proven = measure(people, rules, repeat)
            print(f"| {people:,} | {people * len(CHANNELS):,} | {wall:.3f} | {cpu:.3f} | {proven} of {repeat} |")
        print()


if __name__ == "__main__":
    main()

"""Perfect knowledge of a kernel world: how far better beliefs could take a plan. Nobody has it; it is a bound."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kithbook.bench.plangain import GRID_DAYS, Curves, find_place, gain_at_price, gain_of_cycle
from kithbook.bench.planworlds import FADE, HORIZON_DAYS, Floats, KernelWorld, Log, Rows, Village, doublings, fade_of


class Truth(NamedTuple):
    """What only the world knows: its kernel with the lasting trait of each tie, and each tie's chance of an answer."""

    world: KernelWorld
    answers: Floats


class Knowledge:
    """The index with a price on later touches (`plangain`), from the true curves of a kernel world."""

    def __init__(self, village: Village, truth: Truth) -> None:
        self.truth = truth
        self.owner = village.owner
        self.value = village.value
        self.price = np.full(int(village.owner.max()) + 1, np.nan)

    def curve(self, log: Log, ahead: Floats, with_contact: bool) -> Floats:
        """Warmth (n, len(ahead)) in so many days, without any exchange from now on or with one now."""
        world = self.truth.world
        ago = np.where(np.isfinite(log.ago), log.ago, 1e9)
        scale = HORIZON_DAYS * world.time
        out = np.empty((len(ago), len(ahead)))
        for k, days in enumerate(ahead):
            kernel = (log.weight / ((ago + days) / scale + 0.1)).sum(axis=1)
            if with_contact:
                kernel += 1 / (days / scale + 0.1)
            out[:, k] = 1 / (1 + np.exp(-(world.a + world.b * np.log(kernel) + world.trait)))
        return out

    def reply(self, log: Log) -> Floats:
        """Chance of an answer per tie now."""
        answers = self.truth.answers
        return np.asarray(np.where(answers >= 1, 1.0, answers * fade_of(log)))

    def worth(self, log: Log) -> Floats:
        """Value · chance of an answer · gain of a touch now.

        The gain is the mean of the index and of the gain at the price of touches that each owner saw lately. Where on
        its curve a tie stands is read off its silence and off its warmth, half and half: the first is right where a
        contact wipes out the past, the second where the past adds up. Without a price yet it is the index.
        """
        warmth = self.curve(log, GRID_DAYS, True)
        silence = log.silence
        index = gain_of_cycle(warmth, silence)
        level = self.reply(log) / fade_of(log)
        reply = np.clip(level[:, None] * FADE ** doublings(GRID_DAYS)[None, :], 0.01, 1.0)
        price = self.price[self.owner]
        known = np.isfinite(price)
        places = silence, find_place(warmth, self.curve(log, np.zeros(1), False)[:, 0])
        curves = Curves(warmth, reply, HORIZON_DAYS)
        priced = sum(gain_at_price(curves, np.where(known, price, 0.0) / self.value, place) for place in places) / 2
        return np.asarray(self.value * self.reply(log) * np.where(known, (index + priced) / 2, index))

    def learn_price(self, worth: Floats, rows: Rows, touches: Rows) -> None:
        """Move each owner's price towards what the best tie left out would have gained."""
        free = np.ones(len(worth), dtype=np.bool_)
        free[rows] = False
        for owner in np.flatnonzero(touches).tolist():
            rest = worth[(self.owner == owner) & free]
            if len(rest):
                seen = float(rest.max())
                old = self.price[owner]
                self.price[owner] = seen if np.isnan(old) else old + 0.1 * (seen - old)

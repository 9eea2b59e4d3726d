"""Perfect knowledge of a world: how far better beliefs could take a plan. Nobody has it; it shows the room there is."""

from __future__ import annotations

import numpy as np

from kithbook.bench.plangain import GRID_DAYS, Curves, gain_at_price, gain_of_cycle
from kithbook.bench.planworlds import (
    FADE,
    HORIZON_DAYS,
    FadingWorld,
    Floats,
    KernelWorld,
    Log,
    Mistake,
    Rows,
    TwoStateWorld,
    Village,
    World,
    doublings,
    fade_if,
)

AHEAD_DAYS = 180.0
_STEPS = np.linspace(0.0, 1.0, 7) ** 2
_SIMPSON = np.array([1, 4, 2, 4, 2, 4, 1]) / 18.0 * 2.0 * np.sqrt(_STEPS)


class Knowledge:
    """What a touch is worth to whoever knows the world, the state and trait of each tie, and its chance of an answer.

    Where the past adds up (`KernelWorld`) the gain is the area that a touch adds over half a year. Where a contact
    wipes out the past it is the gain at the price of touches that each owner saw lately (`plangain`).
    """

    def __init__(self, village: Village, world: World, mistake: Mistake) -> None:
        self.village, self.world, self.mistake = village, world, mistake
        self.owner, self.value = village.owner, village.value
        self.price = np.full(int(village.owner.max()) + 1, np.nan)

    def reply(self, log: Log) -> Floats:
        """Chance of an answer per tie now."""
        return np.asarray(self.village.answers * fade_if(self.mistake, log))

    def worth(self, log: Log) -> Floats:
        """Value · chance of an answer · gain of a touch now."""
        if isinstance(self.world, KernelWorld):
            gain = self._added(self.world, log)
        elif isinstance(self.world, FadingWorld):
            x = np.maximum(self.world.x, 1e-9)
            gain = self._priced(_fading_curve(self.world), -np.log(x) / self.world.fade)
        elif isinstance(self.world, TwoStateWorld):
            asleep = np.where(self.world.alive, 0.0, GRID_DAYS[-1])
            gain = self._priced(_two_state_curve(self.world), asleep)
        else:
            raise TypeError(f"nothing is known of {type(self.world).__name__}")
        return np.asarray(self.value * self.reply(log) * gain)

    def _added(self, world: KernelWorld, log: Log) -> Floats:
        taus = AHEAD_DAYS * _STEPS
        more = kernel_curve(world, log, taus, True) - kernel_curve(world, log, taus, False)
        return np.asarray(more @ _SIMPSON * AHEAD_DAYS)

    def _priced(self, warmth: Floats, place_days: Floats) -> Floats:
        """`gain_at_price` of ties so far down their curves; without a price yet the index of the cycle."""
        fade = 1.0 if np.isinf(self.mistake.reply) else FADE
        reply = np.clip(self.village.answers[:, None] * fade ** doublings(GRID_DAYS)[None, :], 0.01, 1.0)
        price = self.price[self.owner]
        known = np.isfinite(price)
        curves = Curves(warmth, reply, HORIZON_DAYS)
        priced = gain_at_price(curves, np.where(known, price, 0.0) / self.value, place_days)
        return np.where(known, priced, gain_of_cycle(warmth, place_days))

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


def kernel_curve(world: KernelWorld, log: Log, ahead: Floats, with_contact: bool) -> Floats:
    """Warmth (n, len(ahead)) in so many days, without any exchange from now on or with one now."""
    ago = np.where(np.isfinite(log.ago), log.ago, 1e9)
    scale = HORIZON_DAYS * world.time
    out = np.empty((len(ago), len(ahead)))
    for k, days in enumerate(ahead):
        kernel = (log.weight / ((ago + days) / scale + 0.1)).sum(axis=1)
        if with_contact:
            kernel += 1 / (days / scale + 0.1)
        out[:, k] = 1 / (1 + np.exp(-(world.a + world.b * np.log(kernel) + world.trait)))
    return out


def _fading_curve(world: FadingWorld) -> Floats:
    """Warmth on `GRID_DAYS` after a contact that made a tie as close as can be."""
    rate, fade = world.rate[:, None], world.fade[:, None]
    x = np.exp(-fade * GRID_DAYS)
    return np.asarray(1 - np.exp(-rate * x * (1 - np.exp(-fade * HORIZON_DAYS)) / fade))


def _two_state_curve(world: TwoStateWorld) -> Floats:
    """Mean warmth on `GRID_DAYS` of ties that are alive at first."""
    leaving = world.sleep / 7.0
    total = world.rate + leaving
    alive = world.rate / total * (1 - np.exp(-total * HORIZON_DAYS))
    return np.asarray(alive[:, None] * np.exp(-leaving[:, None] * GRID_DAYS))

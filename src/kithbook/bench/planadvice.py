"""What the planner believes in the simulation: warmth, what an answered touch buys, and the chance of an answer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kithbook.bench.plangain import GRID_DAYS, Curves, find_place, gain_at_price, gain_of_cycle
from kithbook.bench.planlogs import Fitted
from kithbook.bench.planworlds import HORIZON_DAYS, Floats, Log, Rows, Village

DEFAULT = Fitted(-2.07, 1.12, 0)
"""The default model: logistic on activation alone, as fitted on thirty tasks; no village here was part of them."""

PRIOR_REPLY = 0.6
PRIOR_FADE = 0.8
PRIOR_WEIGHT = 8.0
OWN_WEIGHT = 4.0
BINS = 6


def doublings(silence_days: Floats) -> Floats:
    """How often two weeks of silence have doubled."""
    return np.asarray(np.log2(np.maximum(silence_days, 14.0) / 14.0))


def fade_of(log: Log) -> Floats:
    """How silence lowers the chance of an answer: × 0.8 per doubling beyond two weeks (as public logs show)."""
    return np.asarray(PRIOR_FADE ** doublings(log.silence))


class Truth(NamedTuple):
    """What only the world knows of a tie: its lasting trait, how slowly it fades, its own chance of an answer."""

    trait: Floats
    time: float
    answers: Floats


class Advice:
    """Beliefs of all owners of a village. The curve is σ(a + b·ln Σ 1/(ago/H + 0.1)), constants from elsewhere.

    The chance of an answer is learnt while the simulation runs: per owner and doubling of silence, starting from 60 %
    and × 0.8 per doubling, and per tie against what was expected of it. With a `truth` nothing has to be learnt.
    """

    def __init__(self, village: Village, believed: Fitted = DEFAULT, truth: Truth | None = None) -> None:
        self.truth = truth
        owners = int(village.owner.max()) + 1
        self.owner = village.owner
        self.a, self.b = believed.a, believed.b
        self.asked = np.zeros((owners, BINS))
        self.answered = np.zeros((owners, BINS))
        self.own_answered = np.zeros(len(village))
        self.own_expected = np.zeros(len(village))
        self.price = np.full(owners, np.nan)

    def curve(self, log: Log, ahead: Floats, with_contact: bool) -> Floats:
        """Warmth (n, len(ahead)) in so many days, without any exchange from now on or with one now."""
        ago = np.where(np.isfinite(log.ago), log.ago, 1e9)
        scale = HORIZON_DAYS * (self.truth.time if self.truth else 1.0)
        trait = self.truth.trait if self.truth else 0.0
        out = np.empty((len(ago), len(ahead)))
        for k, days in enumerate(ahead):
            kernel = (1 / ((ago + days) / scale + 0.1)).sum(axis=1)
            if with_contact:
                kernel += 1 / (days / scale + 0.1)
            out[:, k] = 1 / (1 + np.exp(-(self.a + self.b * np.log(kernel) + trait)))
        return out

    def warmth(self, log: Log) -> Floats:
        """Warmth now."""
        return self.curve(log, np.zeros(1), False)[:, 0]

    def gain(self, log: Log) -> Floats:
        """∫₀^τ R(u)du − τ·R(τ), R the curve after a contact now and τ the days of silence (method §10)."""
        return gain_of_cycle(self.curve(log, GRID_DAYS, True), log.silence)

    def priced_gain(self, log: Log, value: Floats) -> Floats:
        """The mean of the index and of the gain at the price of touches that each owner saw lately.

        Where on its curve a tie stands is read off its silence and off its warmth, half and half: the first is right
        where a contact wipes out the past, the second where the past adds up. Without a price yet it is the index.
        """
        warmth = self.curve(log, GRID_DAYS, True)
        silence = log.silence
        index = gain_of_cycle(warmth, silence)
        level = self.reply(log) / fade_of(log)
        reply = np.clip(level[:, None] * PRIOR_FADE ** doublings(GRID_DAYS)[None, :], 0.01, 1.0)
        price = self.price[self.owner]
        known = np.isfinite(price)
        places = silence, find_place(warmth, self.warmth(log))
        curves = Curves(warmth, reply, HORIZON_DAYS)
        priced = sum(gain_at_price(curves, np.where(known, price, 0.0) / value, place) for place in places) / 2
        return np.asarray(np.where(known, (index + priced) / 2, index))

    def reply(self, log: Log) -> Floats:
        """Chance of an answer per tie now."""
        if self.truth is not None:
            return np.asarray(np.where(self.truth.answers >= 1, 1.0, self.truth.answers * fade_of(log)))
        own = (OWN_WEIGHT + self.own_answered) / (OWN_WEIGHT + self.own_expected)
        return np.asarray(np.clip(self._expected(log) * own, 0.01, 1.0))

    def learn(self, log: Log, rows: Rows, answered: NDArray[np.bool_]) -> None:
        """Take in what came of these touches."""
        expected = self._expected(log)[rows]
        where = self.owner[rows], self._bins(log)[rows]
        np.add.at(self.own_expected, rows, expected)
        np.add.at(self.own_answered, rows, answered.astype(float))
        np.add.at(self.asked, where, 1.0)
        np.add.at(self.answered, where, answered.astype(float))

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

    def _bins(self, log: Log) -> Rows:
        return np.clip(doublings(log.silence), 0, BINS - 1).astype(np.int64)

    def _expected(self, log: Log) -> Floats:
        """Per owner and doubling: what was seen, drawn towards the prior scaled to the owner's level."""
        prior = PRIOR_REPLY * PRIOR_FADE ** (np.arange(BINS) + 0.5)
        level = (self.answered.sum(axis=1) + PRIOR_WEIGHT) / ((self.asked * prior).sum(axis=1) + PRIOR_WEIGHT)
        scaled = np.clip(level[:, None] * prior[None, :], 0.01, 1.0)
        rate = (self.answered + PRIOR_WEIGHT * scaled) / (self.asked + PRIOR_WEIGHT)
        return np.asarray(rate[self.owner, self._bins(log)])

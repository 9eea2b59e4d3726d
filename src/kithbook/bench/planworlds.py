"""Worlds in which the ways to spend one's time can be compared: ties whose warmth is known because we made it.

A world starts from a log of exchanges per tie, decides week by week who exchanges by themselves, and answers touches.
`KernelWorld` is fitted to a real log (or drawn), with what the planner does not know added to each tie. `FadingWorld`
(closeness that halves) and `TwoStateWorld` (alive or asleep) are second generators on purpose: they are not our model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

HORIZON_DAYS = 90.0
WEEK_DAYS = 7.0
MEMORY = 48
"""Exchanges that are kept per tie; older ones weigh next to nothing."""
PAST_WEEKS = 156
PAST_TOUCHES = 1.0
"""Touches per tie and year in the past of a made-up village."""
FADE = 0.8
"""Silence lowers the chance of an answer by this factor per doubling beyond two weeks (as public logs show)."""


def doublings(silence_days: Floats) -> Floats:
    """How often two weeks of silence have doubled."""
    return np.asarray(np.log2(np.maximum(silence_days, 14.0) / 14.0))


@dataclass(frozen=True, slots=True)
class Mistake:
    """What the planner does not know about a world.

    `time` stretches how slowly ties fade, `reply` multiplies the chance of an answer (`inf`: everybody answers),
    `worth` is what an answered touch counts against an exchange that came by itself. `patience` multiplies the chance
    of an answer for each message in a row that they did not answer (`Patience`); 1: nobody minds.
    """

    name: str
    time: float = 1.0
    reply: float = 1.0
    worth: float = 1.0
    patience: float = 1.0


MISTAKES: tuple[Mistake, ...] = (
    Mistake("as assumed"),
    Mistake("fades twice as slowly", time=2.0),
    Mistake("fades twice as fast", time=0.5),
    Mistake("replies halved", reply=0.5),
    Mistake("replies doubled", reply=2.0),
    Mistake("everyone answers", reply=np.inf),
    Mistake("touch worth 0.3", worth=0.3),
    Mistake("people tire", patience=0.8),
)


@dataclass(frozen=True, slots=True)
class Village:
    """The ties of several owners at the start.

    Row i: `owner` (0..), `value` v, `answers` the tie's own chance of an answer after two weeks of silence; `ages`
    (n, MEMORY) days before the start of each exchange (inf: none).
    """

    name: str
    owner: Rows
    value: Floats
    answers: Floats
    ages: Floats

    def __len__(self) -> int:
        return len(self.owner)


class Log:
    """What owner and planner can see: the days since the last exchanges of each tie, each with its weight."""

    def __init__(self, village: Village) -> None:
        n = len(village)
        self.at: Floats = -village.ages.copy()
        self.weight: Floats = np.ones((n, MEMORY))
        self.touched: Floats = np.full(n, -np.inf)
        self.unanswered: Rows = np.zeros(n, dtype=np.int64)
        self.now = 0.0

    @property
    def ago(self) -> Floats:
        """Days since each kept exchange (inf where there is none)."""
        return np.asarray(self.now - self.at)

    @property
    def silence(self) -> Floats:
        """Days since the last exchange."""
        return self.now - np.asarray(self.at.max(axis=1))

    @property
    def quiet(self) -> Floats:
        """Days since the last exchange or touch, answered or not: what an app that counts from the last log shows."""
        return np.asarray(self.now - np.maximum(self.at.max(axis=1), self.touched))

    def touch(self, rows: Rows) -> None:
        """Note that the owner wrote now."""
        self.touched[rows] = self.now
        self.unanswered[rows] += 1

    def add(self, rows: Rows, weight: float) -> None:
        """Note an exchange now; the oldest one is forgotten."""
        oldest = self.at[rows].argmin(axis=1)
        self.at[rows, oldest] = self.now
        self.weight[rows, oldest] = weight
        self.unanswered[rows] = 0


def fade_of(log: Log) -> Floats:
    """What silence has left of each tie's chance of an answer."""
    return np.asarray(FADE ** doublings(log.silence))


def fade_if(mistake: Mistake, log: Log) -> Floats:
    """Silence lowers the chance of an answer, but not where everybody answers."""
    return np.ones(len(log.silence)) if np.isinf(mistake.reply) else fade_of(log)


PATIENCE_DAYS = 90.0
"""In so many days half of what people have had too much of is forgotten."""


class Patience:
    """How tired people are of messages they did not answer: one more for each, forgotten by halves, 0 after an answer.

    Three within a month halve the chance of an answer where `Mistake.patience` is 0.8.
    """

    def __init__(self, n: int, share: float) -> None:
        self.share = share
        self.tired: Floats = np.zeros(n)

    def left(self) -> Floats:
        """What is left of each tie's chance of an answer."""
        return np.asarray(self.share**self.tired)

    def note(self, rows: Rows, answered: NDArray[np.bool_]) -> None:
        """This week's messages, and which of them were answered."""
        self.tired[rows] = np.where(answered, 0.0, self.tired[rows] + 1.0)

    def advance(self) -> None:
        """A week passes."""
        self.tired *= 0.5 ** (WEEK_DAYS / PATIENCE_DAYS)


class World(Protocol):
    """The truth that only the simulation knows."""

    def warmth(self, log: Log, /) -> Floats:
        """The chance of an exchange within 90 days if nothing special is done, per tie."""
        ...

    def weekly(self, log: Log, /) -> Floats:
        """The chance that a tie exchanges by itself in the coming week."""
        ...

    def note(self, rows: Rows, worth: float, luck: Floats, /) -> None:
        """An exchange happened (`worth` 1) or a touch was answered (`worth` of the mistake)."""
        ...

    def advance(self, luck: Floats, /) -> None:
        """A week passes."""
        ...


class KernelWorld:
    """P(exchange within H) = σ(a + b·ln Σ weight/(ago/H + 0.1) + u), u a lasting trait of the tie nobody knows."""

    def __init__(self, a: float, b: float, trait: Floats, time: float) -> None:
        self.a, self.b, self.trait, self.time = a, b, trait, time

    def warmth(self, log: Log) -> Floats:
        """See the class."""
        kernel = (log.weight / (log.ago / (HORIZON_DAYS * self.time) + 0.1)).sum(axis=1)
        logit = self.a + self.b * np.log(kernel + 1e-9) + self.trait
        return np.asarray(1 / (1 + np.exp(-logit)))

    def weekly(self, log: Log) -> Floats:
        """The hazard that gives this warmth over the horizon."""
        return np.asarray(1 - (1 - np.minimum(self.warmth(log), 0.999)) ** (WEEK_DAYS / HORIZON_DAYS))

    def note(self, _rows: Rows, _worth: float, _luck: Floats) -> None:
        """Nothing beside the log."""

    def advance(self, _luck: Floats) -> None:
        """Nothing beside the log."""


class FadingWorld:
    """Closeness x halves in a time of the tie's own; exchanges come at rate·x and bring x back towards 1."""

    def __init__(self, closeness: Floats, half_life_days: Floats, rate_per_day: Floats) -> None:
        self.x = closeness.copy()
        self.fade = np.log(2) / half_life_days
        self.rate = rate_per_day

    def _within(self, days: float) -> Floats:
        return np.asarray(1 - np.exp(-self.rate * self.x * (1 - np.exp(-self.fade * days)) / self.fade))

    def warmth(self, _log: Log) -> Floats:
        """See the class."""
        return self._within(HORIZON_DAYS)

    def weekly(self, _log: Log) -> Floats:
        """See the class."""
        return self._within(WEEK_DAYS)

    def note(self, rows: Rows, worth: float, _luck: Floats) -> None:
        """Closeness makes up `worth` of what is missing to 1."""
        self.x[rows] += worth * (1 - self.x[rows])

    def advance(self, _luck: Floats) -> None:
        """A week of fading."""
        self.x *= np.exp(-self.fade * WEEK_DAYS)


class TwoStateWorld:
    """Ties are alive and exchange at a rate of their own, or asleep: by chance they doze off, a touch can wake them."""

    def __init__(self, alive: NDArray[np.bool_], rate_per_day: Floats, sleep_per_week: Floats) -> None:
        self.alive = alive.copy()
        self.rate = rate_per_day
        self.sleep = sleep_per_week

    def _within(self, days: float) -> Floats:
        leaving = self.sleep / WEEK_DAYS
        total = self.rate + leaving
        return np.where(self.alive, self.rate / total * (1 - np.exp(-total * days)), 0.0)

    def warmth(self, _log: Log) -> Floats:
        """See the class."""
        return self._within(HORIZON_DAYS)

    def weekly(self, _log: Log) -> Floats:
        """See the class."""
        return self._within(WEEK_DAYS)

    def note(self, rows: Rows, worth: float, luck: Floats) -> None:
        """An answered touch wakes with chance `worth`; what comes by itself comes from the living."""
        self.alive[rows] |= luck[rows] < worth

    def advance(self, luck: Floats) -> None:
        """Some fall asleep."""
        self.alive &= luck >= self.sleep


MakeWorld = Callable[[Village, Mistake, np.random.Generator], World]


def draw_people(owners: int, people: int, rng: np.random.Generator) -> tuple[Rows, Floats, Floats]:
    """Owner, value (1, 2 or 4: half, three and two of ten) and chance of an answer (mean .6) of each tie."""
    n = owners * people
    value = rng.choice([1.0, 2.0, 4.0], n, p=[0.5, 0.3, 0.2])
    return np.repeat(np.arange(owners), people), value, rng.beta(6, 4, n)


def draw_village(name: str, owners: int, people: int, rng: np.random.Generator) -> Village:
    """Ties that began at some time in the last three years; what happened since, `live` finds out in a world."""
    owner, value, answers = draw_people(owners, people, rng)
    ages = np.full((len(owner), MEMORY), np.inf)
    ages[:, 0] = rng.uniform(WEEK_DAYS, PAST_WEEKS * WEEK_DAYS, len(owner))
    return Village(name, owner, value, answers, ages)


def live(village: Village, make_world: MakeWorld, mistake: Mistake, rng: np.random.Generator) -> tuple[Village, World]:
    """Three years in a world, from the beginning of each tie: a history of the world's own making.

    The owner writes now and then, to anybody (`PAST_TOUCHES`), and is answered as in the years to come.
    """
    n = len(village)
    begins = np.floor(PAST_WEEKS - village.ages[:, 0] / WEEK_DAYS).astype(np.int64)
    log = Log(replace(village, ages=np.full((n, MEMORY), np.inf)))
    world = make_world(village, mistake, rng)
    for week in range(PAST_WEEKS):
        own, wrote, answer, wake, fall = rng.random((5, n))
        known = begins < week
        answered = known & (wrote < PAST_TOUCHES * WEEK_DAYS / 365) & (answer < village.answers * fade_if(mistake, log))
        for happened, worth in (
            (begins == week, 1.0),
            (answered, mistake.worth),
            (known & (own < world.weekly(log)), 1.0),
        ):
            rows = np.flatnonzero(happened)
            world.note(rows, worth, np.where(begins == week, 0.0, wake))
            log.add(rows, worth)
        world.advance(fall)
        log.now += WEEK_DAYS
    return replace(village, ages=np.maximum(log.ago, 0.5)), world


def make_kernel_world(
    village: Village, mistake: Mistake, rng: np.random.Generator, a: float = -2.07, b: float = 1.12
) -> KernelWorld:
    """Constants a and b as fitted to the log, plus a trait of each tie (sd .7)."""
    return KernelWorld(a, b, rng.normal(0, 0.7, len(village)), mistake.time)


def make_fading_world(village: Village, mistake: Mistake, rng: np.random.Generator) -> FadingWorld:
    """Nobody is close yet; half-lives around four months (log-sd .7), a close tie exchanges every month or two."""
    n = len(village)
    half = np.exp(rng.normal(np.log(120), 0.7, n)) * mistake.time
    rate = np.exp(rng.normal(np.log(1 / 45), 0.5, n))
    return FadingWorld(np.zeros(n), half, rate)


def make_two_state_world(village: Village, mistake: Mistake, rng: np.random.Generator) -> TwoStateWorld:
    """All are asleep yet; the living exchange every month or two, and fall asleep once in nine months on average."""
    n = len(village)
    rate = np.clip(np.exp(rng.normal(np.log(1 / 45), 0.7, n)), 1 / 200, 1 / 7)
    sleep = np.clip(WEEK_DAYS / (270 * mistake.time) * np.exp(rng.normal(0, 0.5, n)), 0.002, 0.5)
    return TwoStateWorld(np.zeros(n, dtype=np.bool_), rate, sleep)


def scale_answers(village: Village, mistake: Mistake) -> Village:
    """The same village with its answers changed by the mistake."""
    if np.isinf(mistake.reply):
        return replace(village, answers=np.ones(len(village)))
    return replace(village, answers=np.minimum(1.0, village.answers * mistake.reply))

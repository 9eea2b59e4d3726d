"""Readiness: "if I needed X tomorrow, whom could I call, and is it warm?" (method §8).

Cover is counted over the people who fit: how warm each tie is (method §1) and what the right to ask says (method §5).
The words: *empty* nobody fits; *cold* nobody who fits is alive or cooling; *thin* fewer than two are alive, or nobody
alive or cooling is ready to be asked; *ready* otherwise. Before a job search or sales push, fewer than two of its roles
with somebody warm make good cover thin as well, and anything less than *ready* is warned of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

EMPTY, COLD, THIN, READY = "empty", "cold", "thin", "ready"
STATES = ("alive", "cooling", "cold", "dormant")
LEAST_ALIVE = 2
"""One warm person is a hope, two are cover (d)."""
LEAST_ROLES = 2
"""A push stands on more than one kind of help: so many of its roles need somebody warm (d)."""
STEPS_SHOWN = 5
ROLES = (
    "mentor", "supporter", "sponsor", "connector", "adviser", "client", "prospect", "referrer", "colleague", "partner",
)  # fmt: skip
"""What somebody can be to the owner; any other short word will do."""


class Fit(NamedTuple):
    """Somebody who fits: the state of the tie and the verdict of the ask check ("" where it was not asked for).

    `warmth` 0 to 1; `last_on` and `remedy` are words for the smallest step.
    """

    person_id: int
    name: str
    state: str
    verdict: str
    warmth: float
    remedy: str = ""

    @property
    def is_warm(self) -> bool:
        """Alive or cooling."""
        return self.state in STATES[:2]

    @property
    def is_ready(self) -> bool:
        """To be asked without anything in between; strong ties keep that right through silence."""
        return self.verdict == READY


class Cover(NamedTuple):
    """How many fit by state, how many of them could be asked tomorrow, and the word for it."""

    alive: int
    cooling: int
    cold: int
    dormant: int
    ready: int
    word: str

    @property
    def people(self) -> int:
        """All who fit."""
        return self.alive + self.cooling + self.cold + self.dormant


def judge_cover(people: Iterable[Fit]) -> Cover:
    """Count the people, each once, and find the word."""
    each = {one.person_id: one for one in people}.values()
    counts = Counter(one.state for one in each)
    ready = sum(one.is_ready for one in each)
    alive, cooling, cold, dormant = (counts[state] for state in STATES)
    if not each:
        word = EMPTY
    elif not alive + cooling:
        word = COLD
    elif alive < LEAST_ALIVE or not any(one.is_ready and one.is_warm for one in each):
        word = THIN
    else:
        word = READY
    return Cover(alive, cooling, cold, dormant, ready, word)


def judge_push(cover: Cover, roles: Mapping[str, Cover]) -> Cover:
    """The cover of a job search or sales push, given that of each role it needs."""
    held = sum(role.alive + role.cooling > 0 for role in roles.values())
    return cover._replace(word=THIN) if cover.word == READY and held < LEAST_ROLES else cover


def sort_callable(people: Iterable[Fit]) -> list[Fit]:
    """Whom to call first: ready ones, then the warmest; ties by name, then id."""
    return sorted(people, key=lambda one: (not one.is_ready, -one.warmth, one.name.casefold(), one.person_id))


def smallest_steps(people: Iterable[Fit], most: int = STEPS_SHOWN) -> list[tuple[int, str]]:
    """(person id, what to do) for those who are not ready, the nearest to it first; at most `most`."""
    waiting = [one for one in sort_callable(people) if not one.is_ready]
    return [(one.person_id, step_for(one)) for one in waiting[: max(0, most)]]


def step_for(one: Fit) -> str:
    """The smallest step that brings somebody nearer to being asked."""
    if one.verdict not in ("", READY) and one.remedy:
        return one.remedy
    if one.state == "alive":
        return "Give something small before you ask."
    if one.state == "cooling":
        return "A short hello this week, with nothing asked."
    if one.state == "cold":
        return "Write and say where you know each other from; ask how they are, nothing else."
    return "Begin again: a line on what you last did together, and one question about them."


def say_cover(cover: Cover, people: Sequence[Fit]) -> str:
    """The verdict in one sentence, with names."""
    first = sort_callable(people)[:3]
    if cover.word == EMPTY:
        return "Nobody in your network is noted for this yet."
    if cover.word == COLD:
        right = f" {cover.ready} could be asked all the same." if cover.ready else ""
        return f"{_plural(cover.people)}, but no tie is warm: {_names(first)}.{right}"
    warm = [one for one in first if one.is_warm]
    if cover.word == THIN:
        asked = f"{cover.ready} could be asked tomorrow" if cover.ready else "nobody could be asked tomorrow"
        return f"{_plural(cover.people)}, {cover.alive} with a tie that is alive; {asked}. Nearest: {_names(warm)}."
    ready = [one for one in first if one.is_ready]
    return f"{_plural(cover.people)}; {cover.ready} could be asked tomorrow, first {_names(ready)}."


def warn_before_push(label: str, cover: Cover, people: Sequence[Fit], roles: Mapping[str, Cover]) -> str:
    """What to know before a job search or sales push, given the cover of its roles; "" where all is well."""
    if cover.word == READY:
        return ""
    said = [f"Cover for this {label} is {cover.word}.", say_cover(cover, people)]
    lacking = [role for role, found in roles.items() if not found.alive + found.cooling]
    if lacking:
        said.append(f"Nobody warm is a {_any_of(lacking)} for you.")
    waiting = [one for one in sort_callable(people) if not one.is_ready]
    if waiting:
        said.append(f"Give these ties some weeks before you ask: {_names(waiting[:3])}.")
    else:
        said.append("Before you begin, note who could help, or give them a role.")
    return " ".join(said)


def _any_of(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def _plural(count: int) -> str:
    return "1 person fits" if count == 1 else f"{count} people fit"


def _names(people: Sequence[Fit]) -> str:
    names = [one.name for one in people]
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)

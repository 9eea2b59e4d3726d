"""Help that travels: passed on to others, come back by another way, returned (method §4, "pay it forward").

A deed may name the one that inspired it. Where it does not, help from somebody who was met through a person the owner
had helped is attributed to that person and marked as inferred. Nobody is expected to return anything: chains are shown
because they are a pleasure to see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

PASSED_ON, CAME_ROUND, GAVE_BACK, CAME_BACK, LED_ON = "passed_on", "came_round", "gave_back", "came_back", "led_on"
LEAST_SIZE = 2
"""Only help of some size is attributed without being told (d)."""


class Deed(NamedTuple):
    """One entry of the bank that gave somebody something: `source` is the deed that inspired or caused it."""

    id: int
    on: date
    direction: str
    people: frozenset[int]
    size: int = 1
    source: int | None = None


class Link(NamedTuple):
    """Two deeds that belong together: `kind` as above; `inferred` where nobody said so."""

    first: int
    then: int
    kind: str
    inferred: bool = False


def find_links(deeds: Iterable[Deed], through: Mapping[int, int] | None = None) -> list[Link]:
    """Every link, by the day of the later deed; deeds of one day come in the order in which they were entered.

    `through` says through whom somebody was met (person → person).
    """
    by_id = {deed.id: deed for deed in deeds}
    told = [
        Link(deed.source, deed.id, _kind(by_id[deed.source], deed))
        for deed in by_id.values()
        if deed.source in by_id and deed.source != deed.id
    ]
    named = {link.then for link in told}
    inferred = [link for link in _infer(by_id.values(), through or {}) if link.then not in named]
    place = {deed: number for number, deed in enumerate(by_id)}
    return sorted([*told, *inferred], key=lambda link: (by_id[link.then].on, place[link.then]))


def find_chains(links: Sequence[Link]) -> list[tuple[int, ...]]:
    """The chains from their first deed to each last one, at least two deeds long; a circle is cut where it closes."""
    following: dict[int, list[int]] = {}
    for link in links:
        following.setdefault(link.first, []).append(link.then)
    later = {link.then for link in links}
    starts = [one for one in following if one not in later] or list(following)[:1]
    chains: list[tuple[int, ...]] = []
    for start in starts:
        _walk((start,), following, chains)
    return chains


def _walk(path: tuple[int, ...], following: Mapping[int, list[int]], chains: list[tuple[int, ...]]) -> None:
    """Depth first without recursion; a deed that is on the path already ends it."""
    waiting = [path]
    while waiting:
        here = waiting.pop()
        steps = [one for one in following.get(here[-1], ()) if one not in here]
        if not steps and len(here) > 1:
            chains.append(here)
        waiting.extend((*here, one) for one in reversed(steps))


def _kind(first: Deed, then: Deed) -> str:
    same = bool(first.people & then.people)
    if first.direction == "got" and then.direction == "gave":
        return GAVE_BACK if same else PASSED_ON
    if first.direction == "gave" and then.direction == "got":
        return CAME_BACK if same else CAME_ROUND
    return LED_ON


def _infer(deeds: Iterable[Deed], through: Mapping[int, int]) -> Iterable[Link]:
    """Help got from somebody met through a person who had been helped before: the latest such help is the root."""
    given: dict[int, tuple[int, int]] = {}
    for place, deed in enumerate(sorted(deeds, key=lambda deed: deed.on)):
        if deed.direction == "gave" and deed.size >= LEAST_SIZE:
            given |= dict.fromkeys(deed.people, (place, deed.id))
            continue
        doors = {through[person] for person in deed.people if person in through} - deed.people
        roots = [given[door] for door in doors if door in given]
        if deed.direction == "got" and deed.size >= LEAST_SIZE and roots:
            yield Link(max(roots)[1], deed.id, CAME_ROUND, inferred=True)

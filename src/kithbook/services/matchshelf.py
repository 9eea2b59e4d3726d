"""The shelves of an owner: what people offer, and what they need, as texts with their quick vectors.

Made once for each state of the network; after a change only texts that are new are understood anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kithbook.core import meaning as core
from kithbook.core import meaningvectors
from kithbook.core.meaningplaces import Place
from kithbook.core.meaningwords import Heard, english, hear, place_named, strip_asking
from kithbook.services import meaning
from kithbook.store.models import Affiliation, Owner, Person, Request, Tag, Topic

OFFERS = ("offer", "work", "past work", "tag", "fact", "note")
NEEDS = ("need", "goal", "request", "interest")
KINDS = (*OFFERS, *NEEDS)
OPEN_NEEDS = ("need", "goal", "request")
PRIVATE = frozenset(("fact", "note"))
"""Never said to third people: only the owner's own search looks at them."""
LESS = {"past work": 0.02, "tag": 0.03, "fact": 0.05, "note": 0.08, "goal": 0.01}
"""What is only a hint counts so much less than an offer."""
KEPT = 6
NOTE_MOST = 300


class Line(NamedTuple):
    """One text of a person (0: the owner)."""

    person: int
    kind: str
    text: str


class Known(NamedTuple):
    """What names and places of people are needed to speak about matches."""

    name: str
    stage: int
    place: str


@dataclass(frozen=True, slots=True)
class Stock:
    """Lines beside the shelf with their vectors; `less` is taken off each value; `kind` is a number in KINDS.

    `heard` is what each text says by itself; on the shelf, offers that name no place are where their person is.
    """

    lines: tuple[Line, ...]
    shelf: core.Shelf
    heard: tuple[Heard, ...]
    person: NDArray[np.int64]
    kind: NDArray[np.int64]
    less: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shelves:
    """Everything that matching reads of an owner. `employers` are folded names, `firms` tells how they are written."""

    revision: int
    people: dict[int, Known]
    offers: Stock
    needs: Stock
    employers: dict[int, frozenset[str]]
    firms: dict[str, str]


_shelves: dict[int, Shelves] = {}


def of(owner: Owner) -> Shelves:
    """The shelves of an owner as the network stands; five queries after a change, one otherwise."""
    revision = int(Owner.objects.values_list("revision", flat=True).get(pk=owner.pk))
    old = _shelves.pop(owner.pk, None)
    if old is None or old.revision != revision:
        old = _build(owner, revision, old)
    while len(_shelves) >= KEPT:
        _shelves.pop(next(iter(_shelves)))
    _shelves[owner.pk] = old
    return old


def _build(owner: Owner, revision: int, old: Shelves | None) -> Shelves:
    rows = Person.objects.of(owner).filter(standing="kept")
    people: dict[int, Known] = {}
    offers: list[Line] = []
    for key, name, stage, place, note in rows.order_by("pk").values_list("pk", "name", "stage", "place", "note"):
        people[key] = Known(name, stage, place)
        offers += [Line(key, "note", part) for part in _sentences(note)]
    topics = _topics(owner, people)
    employers, firms, work = _work(owner, people)
    offers += work
    offers += [line for line in topics if line.kind in OFFERS]
    needs = [line for line in topics if line.kind in NEEDS]
    for key, name in Tag.objects.of(owner).order_by("pk").values_list("person_id", "name"):
        if key in people and not find_places(name):  # a tag “Lisbon” says where somebody is, not what they can do
            offers.append(Line(key, "tag", name))
    asked = Request.objects.of(owner).filter(state="open", kind="help").order_by("pk")
    needs += [Line(key, "request", text) for key, text in asked.values_list("person_id", "text") if key in people]
    return Shelves(
        revision,
        people,
        _stock(offers, people, old.offers if old else None, asking=False),
        _stock(needs, people, old.needs if old else None, asking=True),
        employers,
        firms,
    )


def _topics(owner: Owner, people: dict[int, Known]) -> list[Line]:
    """Topics that hold, the sensitive ones left out; the owner's own have person 0."""
    rows = Topic.objects.of(owner).filter(ended_on=None, is_sensitive=False).order_by("pk")
    found = rows.values_list("person_id", "kind", "text")
    return [Line(key or 0, kind, text) for key, kind, text in found if key is None or key in people]


def _work(owner: Owner, people: dict[int, Known]) -> tuple[dict[int, frozenset[str]], dict[str, str], list[Line]]:
    firms: dict[str, str] = {}
    employers: dict[int, set[str]] = defaultdict(set)
    lines = []
    rows = Affiliation.objects.of(owner).order_by("pk")
    for key, firm, role, ended in rows.values_list("person_id", "organisation", "role", "ended_on"):
        if key in people:
            lines.append(Line(key, "past work" if ended else "work", f"{role}, {firm}" if role else firm))
            if firm:
                employers[key].add(firm.casefold())
                firms.setdefault(firm.casefold(), firm)
    return {key: frozenset(names) for key, names in employers.items()}, firms, lines


def _sentences(note: str) -> list[str]:
    """The first sentences of a note, a few words at least."""
    parts = note[:NOTE_MOST].replace("\n", ". ").split(". ")
    return [part.strip() for part in parts if len(part.split()) >= 2]


def _stock(lines: Iterable[Line], people: dict[int, Known], old: Stock | None, *, asking: bool) -> Stock:
    kept = tuple(lines)
    if old is not None and old.lines == kept:
        return old
    known = _known(old)
    texts = list(dict.fromkeys(line.text for line in kept if line.text not in known))
    told = meaning.quick()
    heard_new = [hear(told.lexicon, text) for text in texts]
    if asking:
        stripped = [strip_asking(text) for text in texts]
        said = zip(heard_new, stripped, strict=True)
        plain = [english(told.lexicon, text) if one.plain else text for one, text in said]
    else:
        plain = [one.plain or text for one, text in zip(heard_new, texts, strict=True)]
    vectors = meaningvectors.embed(told.vectors, [told.pieces.encode(text) for text in plain])
    known |= zip(texts, zip(vectors, heard_new, strict=True), strict=True)
    heard = tuple(known[line.text][1] for line in kept)
    # A need that names no place may be met anywhere; an offer that names none is where its person is.
    placed = heard if asking else [_placed(one, people.get(line.person)) for one, line in zip(heard, kept, strict=True)]
    quick = np.array([known[line.text][0] for line in kept], np.float32).reshape(len(kept), told.vectors.shape[1])
    return Stock(
        kept,
        core.shelve(told.lexicon, [line.text for line in kept], quick, placed),
        heard,
        np.array([line.person for line in kept], np.int64),
        np.array([KINDS.index(line.kind) for line in kept], np.int64),
        np.array([LESS.get(line.kind, 0.0) for line in kept], np.float32),
    )


def stock_of(lines: Sequence[Line]) -> Stock:
    """A stock of texts beside the people's own: names of groups, events, mails."""
    return _stock(lines, {}, None, asking=False)


def _known(old: Stock | None) -> dict[str, tuple[NDArray[np.float32], Heard]]:
    """What was understood before, by text."""
    if old is None:
        return {}
    rows = {line.text: row for row, line in enumerate(old.lines)}
    return {text: (old.shelf.quick[row], old.heard[row]) for text, row in rows.items()}


def _placed(heard: Heard, person: Known | None) -> Heard:
    """A text that names no place is where its person is."""
    if person is None or not person.place or heard.where.places:
        return heard
    places = find_places(person.place)
    return heard._replace(where=heard.where._replace(places=places)) if places else heard


@lru_cache(maxsize=20_000)
def find_places(text: str) -> tuple[Place, ...]:
    """The places that a field "place" names, whatever its capitals."""
    lexicon = meaning.quick().lexicon
    whole = place_named(lexicon, text)
    if whole:
        return (whole,)
    parts = [place_named(lexicon, part) for part in text.replace("/", ",").split(",")]
    named = tuple(place for place in parts if place)
    return named[:1] or hear(lexicon, f"in {text.title()}").where.places


def lines_of(stock: Stock, kinds: Sequence[str], persons: Iterable[int] | None = None) -> NDArray[np.int64]:
    """The rows of lines of these kinds, perhaps only of some people."""
    found = np.isin(stock.kind, [KINDS.index(kind) for kind in kinds])
    if persons is not None:
        found &= np.isin(stock.person, np.array(sorted(set(persons)), np.int64))
    return np.flatnonzero(found)

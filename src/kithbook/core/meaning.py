"""How well a need and an offer fit, by what the words mean: a quick look at all, a second one at the best.

    quick  = cos(quick vectors) + 0.25 · shared concepts + 0.15 · places and languages
    second = max cos(MiniLM vectors, plain or with rare words explained) − 0.5 · mean cos(offer, reference needs)
             + 0.12 · shared concepts + 0.2 · fields in common + 0.15 · places and languages

What is shown to people is no cosine but a rank, `strength`: how many of the reference needs this offer suits less, and
of the reference offers suit this need less, the smaller of the two; places and languages put in order, but nothing
suits because of its place alone. Constants were chosen on the development pairs
(docs/explanation/matching.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kithbook.core import meaningvectors
from kithbook.core.meaningplaces import NOWHERE, Where, agree
from kithbook.core.meaningtokens import WordPieces
from kithbook.core.meaningwords import Heard, Lexicon, english, hear, strip_asking

Floats = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Floats]

QUICK_CONCEPTS, QUICK_PLACES = 0.25, 0.15
DEEP_CONCEPTS, DEEP_PLACES = 0.12, 0.15
CROWD = 0.5
"""Offers that are near to everything (a list of many trades) lose this part of their mean nearness."""
FIELDS, SHARPNESS = 0.2, 0.03
"""What it is worth to be near to the same concepts; a concept 0.03 farther away counts a third (1/e) as much."""
SECOND_LOOKS = 40
FITS, FITS_UNASKED, FITS_WELL = 0.95, 0.98, 0.99
"""Strengths: worth showing when asked, worth suggesting unasked, "fits well"."""
SHARED_MOST = 1.5
TOGETHER = 128
"""So many needs are compared with all offers at a time, so that memory does not grow with both."""


class Meaning(NamedTuple):
    """What understanding needs: the pieces, the quick vectors (weighted, one row a piece) and the explicit words."""

    pieces: WordPieces
    vectors: Floats
    lexicon: Lexicon


class Shelf(NamedTuple):
    """Texts with what is known of each: quick vectors (n, width), explicit words, concepts (n, all concepts).

    `spots` are the different places and languages that occur, `spot` (n,) which of them each text names.
    """

    texts: tuple[str, ...]
    quick: Floats
    heard: tuple[Heard, ...]
    concepts: NDArray[np.bool_]
    spots: tuple[Where, ...]
    spot: NDArray[np.int64]


class Reference(NamedTuple):
    """Vectors of ordinary needs and ordinary offers, one a concept, under one model: what ranks are counted against.

    `fields` are those of the concepts with some of their words.
    """

    needs: Floats
    offers: Floats
    fields: Floats

    def turned(self) -> Reference:
        """As seen from an offer: needs and offers change places."""
        return self._replace(needs=self.offers, offers=self.needs)


NO_REFERENCE = Reference(*3 * [np.zeros((0, 0), np.float32)])


class Looked(NamedTuple):
    """One number an offer: `values` puts in order; `meant` leaves places and languages out, for the strength."""

    values: Floats
    meant: Floats


class Found(NamedTuple):
    """An offer (its place on the shelf), its order value, and its strength 0 … 1."""

    row: int
    value: float
    strength: float


def stock(meaning: Meaning, texts: Sequence[str], heard: Sequence[Heard] | None = None) -> Shelf:
    """A shelf of offers; `heard` where it is known already."""
    known = tuple(heard) if heard is not None else tuple(hear(meaning.lexicon, text) for text in texts)
    quick = meaningvectors.embed(
        meaning.vectors, [meaning.pieces.encode(one.plain or text) for one, text in zip(known, texts, strict=True)]
    )
    return shelve(meaning.lexicon, texts, quick, known)


def shelve(lexicon: Lexicon, texts: Sequence[str], quick: Floats, heard: Sequence[Heard]) -> Shelf:
    """A shelf of texts whose vectors are made already."""
    concepts = np.zeros((len(texts), len(lexicon.names)), np.bool_)
    rows = np.repeat(np.arange(len(texts)), np.array([len(one.concepts) for one in heard], np.int64))
    numbers = np.fromiter(chain.from_iterable(one.concepts for one in heard), np.int64, len(rows))
    concepts[rows, numbers] = True
    spots: dict[Where, int] = {NOWHERE: 0}
    spot = np.array([spots.setdefault(one.where, len(spots)) for one in heard], np.int64)
    return Shelf(tuple(texts), quick, tuple(heard), concepts, tuple(spots), spot)


def embed_needs(meaning: Meaning, texts: Sequence[str]) -> Floats:
    """Quick vectors of needs, without "I am looking for" and with words of other tongues said in English."""
    plain = [english(meaning.lexicon, strip_asking(text)) for text in texts]
    return meaningvectors.embed(meaning.vectors, [meaning.pieces.encode(text) for text in plain])


def reference(lexicon: Lexicon, needs: Embed, offers: Embed) -> Reference:
    """The reference of a model: each concept as a need, as an offer, and with its words."""
    asked = needs([f"looking for {name}" for name in lexicon.names])
    return Reference(asked, offers(lexicon.names), offers(lexicon.described))


def agreements(
    lexicon: Lexicon, need: Heard, shelf: Shelf, rows: NDArray[np.int64] | None = None
) -> tuple[Floats, Floats]:
    """(shared concepts 0 … 1.5, places and languages −0.4 … 2) of a need with each offer, or those in `rows`."""
    chosen = np.arange(len(shelf.texts)) if rows is None else rows
    shared = np.zeros(len(chosen), np.float32)
    if need.concepts:
        numbers = sorted(need.concepts)
        weights = np.array([lexicon.specific[number] for number in numbers], np.float32)
        named = shelf.concepts[:, numbers] if rows is None else shelf.concepts[chosen][:, numbers]
        shared = named @ weights / max(1.0, float(np.sqrt(weights.sum())))
    places = agree_places(lexicon, need, shelf)[chosen]
    return np.minimum(shared, SHARED_MOST).astype(np.float32), places


def agree_places(lexicon: Lexicon, need: Heard, shelf: Shelf) -> Floats:
    """How places and languages of every text on the shelf suit a need's."""
    if need.where == NOWHERE:
        return np.zeros(len(shelf.texts), np.float32)
    values = np.array([agree(lexicon.gazetteer, need.where, where) for where in shelf.spots], np.float32)
    found: Floats = values[shelf.spot]
    return found


def quick_look(lexicon: Lexicon, vector: Floats, need: Heard, shelf: Shelf) -> Looked:
    """The quick value of every offer for one need."""
    shared, places = agreements(lexicon, need, shelf)
    meant = shelf.quick @ vector + QUICK_CONCEPTS * shared
    return Looked(meant + QUICK_PLACES * places, meant)


def best_rows(values: Floats, most: int) -> NDArray[np.int64]:
    """The places of the largest values, the largest first; equal ones in the order of the shelf."""
    if len(values) > most:
        some = np.sort(np.argpartition(-values, most - 1)[:most])
    else:
        some = np.arange(len(values))
    return some[np.argsort(-values[some], kind="stable")]


def second_look(
    lexicon: Lexicon, need: Heard, vector: Floats, shelf: Shelf, rows: NDArray[np.int64], offers: Floats, plain: Floats,
    ordinary: Reference,
) -> list[Found]:  # fmt: skip
    """The offers in `rows` by the stronger model, the best first.

    `vector` is the need's; `offers` and `plain` are those of the rows as they stand and with rare words explained
    (the same where there are none).
    """
    shared, places = agreements(lexicon, need, shelf, rows)
    concepts = DEEP_CONCEPTS * shared
    near = np.maximum(offers @ vector, plain @ vector)
    mean_need = ordinary.needs.mean(axis=0)
    crowd = np.maximum(offers @ mean_need, plain @ mean_need)
    common = fields_in_common(vector, offers, plain, ordinary.fields)
    values = near - CROWD * crowd + concepts + FIELDS * common + DEEP_PLACES * places
    usual = np.maximum(offers @ ordinary.needs.T, plain @ ordinary.needs.T)
    strengths = strength(near + concepts, usual, ordinary.offers @ vector)
    order = np.argsort(-values, kind="stable")
    return [Found(int(rows[i]), float(values[i]), float(strengths[i])) for i in order]


def fields_in_common(vector: Floats, offers: Floats, plain: Floats, fields: Floats) -> Floats:
    """How alike the concepts are that a need and each offer are near to, 0 … 1 (Bhattacharyya), said in them or not."""
    asked = _nearness(vector @ fields.T)
    offered = _nearness(np.maximum(offers @ fields.T, plain @ fields.T))
    common: Floats = np.sqrt(offered) @ np.sqrt(asked)
    return common


def _nearness(cosines: Floats) -> Floats:
    """Shares of each field, 1 together: the softmax of cosines."""
    raised = np.exp((cosines - cosines.max(axis=-1, keepdims=True)) / SHARPNESS)
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def strength(values: Floats, of_offers: Floats, of_need: Floats) -> Floats:
    """The rank of each value: among the offer's with ordinary needs (n, r) and the need's with ordinary offers (r,)."""
    by_offer = (values[:, None] > of_offers).mean(axis=1)
    by_need = (values[:, None] > of_need[None, :]).mean(axis=1)
    ranks: Floats = np.minimum(by_offer, by_need).astype(np.float32)
    return ranks


def quick_found(
    vector: Floats, shelf: Shelf, looked: Looked, rows: NDArray[np.int64], ordinary: Reference
) -> list[Found]:
    """The offers in `rows` with their strength by the quick look alone."""
    ranks = strength(looked.meant[rows], shelf.quick[rows] @ ordinary.needs.T, ordinary.offers @ vector)
    return [Found(int(row), float(looked.values[row]), float(rank)) for row, rank in zip(rows, ranks, strict=True)]


def match_all(
    lexicon: Lexicon, needs: Shelf, offers: Shelf, ordinary: Reference, most: int = SECOND_LOOKS
) -> list[list[Found]]:
    """The best offers of each need by the quick look: what a second look then orders anew.

    The vectors of `needs` are those of `embed_needs`.
    """
    found: list[list[Found]] = []
    for start in range(0, len(needs.texts), TOGETHER):
        heard = needs.heard[start : start + TOGETHER]
        vectors = needs.quick[start : start + TOGETHER]
        near = vectors @ offers.quick.T + QUICK_CONCEPTS * _shared_all(lexicon, heard, offers)
        for number, need in enumerate(heard):
            looked = Looked(near[number], near[number])
            if need.where.places or need.where.languages:
                looked = Looked(looked.meant + QUICK_PLACES * agree_places(lexicon, need, offers), looked.meant)
            found.append(quick_found(vectors[number], offers, looked, best_rows(looked.values, most), ordinary))
    return found


def take(shelf: Shelf, rows: NDArray[np.int64]) -> Shelf:
    """Some texts of a shelf."""
    chosen = rows.tolist()
    return Shelf(
        tuple(shelf.texts[row] for row in chosen),
        shelf.quick[rows],
        tuple(shelf.heard[row] for row in chosen),
        shelf.concepts[rows],
        shelf.spots,
        shelf.spot[rows],
    )


def _shared_all(lexicon: Lexicon, heard: Sequence[Heard], shelf: Shelf) -> Floats:
    """Shared concepts of many needs with all offers at once: (needs, offers)."""
    weights = np.array(lexicon.specific, np.float32)
    asked = np.zeros((len(heard), len(weights)), np.float32)
    for row, one in enumerate(heard):
        numbers = list(one.concepts)
        asked[row, numbers] = weights[numbers] / max(1.0, float(np.sqrt(weights[numbers].sum())))
    named = np.flatnonzero(asked.any(axis=0))
    found: Floats = np.minimum(asked[:, named] @ shelf.concepts[:, named].T.astype(np.float32), SHARED_MOST)
    return found

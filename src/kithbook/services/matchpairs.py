"""Suggests pairs of people: all open needs against all offers, the best pairs looked at again, ways back found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kithbook.core import meaning as core
from kithbook.core.meaningwords import hear
from kithbook.services import meaning, ranking
from kithbook.services.matchshelf import OFFERS, OPEN_NEEDS, PRIVATE, Line, Shelves, Stock, lines_of
from kithbook.services.matchviews import Match
from kithbook.services.matchwords import shortened, side, why
from kithbook.store.models import Introduction, Owner

NEEDS_MOST = 2_000
PER_NEED, PER_HELPER = 2, 3
LOOKED_AT = 60
QUICK_FLOOR = 0.96
NEW_MOST = 160
"""So many texts are read by the stronger model for one list (about a second, once)."""
KEPT = 6
THIRD_PARTY = tuple(kind for kind in OFFERS if kind not in PRIVATE)
BOTH_WIN = 0.005
"""Where both win, a pair stands before equal ones."""
Rows = NDArray[np.int64]


class Pair(NamedTuple):
    """A need and an offer that fit by the quick look."""

    need: Line
    offer: Line
    strength: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """Good quick pairs of one state of the stocks: by need, all in order, and by who needs and who offers."""

    needs: Stock
    offers: Stock
    by_need: dict[Line, tuple[Pair, ...]]
    pairs: tuple[Pair, ...]
    between: dict[tuple[int, int], Pair]


_candidates: dict[int, Candidates] = {}


def candidates(owner: Owner, shelves: Shelves) -> Candidates:
    """Good quick pairs of needs (of people and the owner's own) and offers of people; only new texts are compared."""
    old = _candidates.pop(owner.pk, None)
    if old is None or old.needs is not shelves.needs or old.offers is not shelves.offers:
        old = _renewed(shelves, old)
    while len(_candidates) >= KEPT:
        _candidates.pop(next(iter(_candidates)))
    _candidates[owner.pk] = old
    return old


def _renewed(shelves: Shelves, old: Candidates | None) -> Candidates:
    needs, offers = shelves.needs, shelves.offers
    need_rows = lines_of(needs, OPEN_NEEDS)[-NEEDS_MOST:]
    offer_rows = lines_of(offers, THIRD_PARTY)
    known = old.by_need if old else {}
    before = set(old.offers.lines) if old else set()
    there = {offers.lines[row] for row in offer_rows.tolist()}
    fresh_offers = np.array([row for row in offer_rows.tolist() if offers.lines[row] not in before], np.int64)
    fresh_needs = np.array([row for row in need_rows.tolist() if needs.lines[row] not in known], np.int64)
    old_needs = np.array([row for row in need_rows.tolist() if needs.lines[row] in known], np.int64)
    by_need = _compared(shelves, fresh_needs, offer_rows) | _compared(shelves, old_needs, fresh_offers)
    for row in old_needs.tolist():
        line = needs.lines[row]
        kept = [pair for pair in known[line] if pair.offer in there]
        merged = sorted([*kept, *by_need.get(line, ())], key=lambda pair: -pair.strength)
        by_need[line] = tuple(merged[: core.SECOND_LOOKS])
    ordered = sorted((pair for best in by_need.values() for pair in best), key=lambda pair: (-pair.strength, pair))
    between: dict[tuple[int, int], Pair] = {}
    for pair in ordered:
        between.setdefault((pair.need.person, pair.offer.person), pair)
    return Candidates(needs, offers, by_need, tuple(ordered), between)


def _compared(shelves: Shelves, need_rows: Rows, offer_rows: Rows) -> dict[Line, tuple[Pair, ...]]:
    """The good pairs of some needs with some offers."""
    needs, offers = shelves.needs, shelves.offers
    if not len(need_rows) or not len(offer_rows):
        return {needs.lines[row]: () for row in need_rows.tolist()}
    found = core.match_all(
        meaning.quick().lexicon,
        core.take(needs.shelf, need_rows),
        core.take(offers.shelf, offer_rows),
        meaning.quick_reference(),
    )
    return {
        needs.lines[need]: tuple(
            Pair(needs.lines[need], offers.lines[int(offer_rows[one.row])], one.strength)
            for one in best
            if one.strength >= QUICK_FLOOR
        )
        for need, best in zip(need_rows.tolist(), found, strict=True)
    }


def pairs(
    owner: Owner, shelves: Shelves, for_person: int | None, limit: int, refused: set[tuple[int, int]]
) -> list[Match]:
    """Matches between two people other than the owner, the best first."""
    quick = candidates(owner, shelves)
    introduced = _introduced(owner)
    chosen: list[Pair] = []
    by_need: Counter[Line] = Counter()
    by_helper: Counter[int] = Counter()
    for pair in quick.pairs:
        if for_person is not None and for_person not in (pair.need.person, pair.offer.person):
            continue
        if by_need[pair.need] >= PER_NEED or by_helper[pair.offer.person] >= PER_HELPER:
            continue
        if not _may_meet(shelves, pair.need, pair.offer, introduced):
            continue
        if (meaning.text_key(pair.need.text), pair.offer.person) in refused:
            continue
        by_need[pair.need] += 1
        by_helper[pair.offer.person] += 1
        chosen.append(pair)
        if len(chosen) == max(LOOKED_AT, limit):
            break
    good = [pair for pair in _again(owner, shelves, chosen) if pair.strength >= core.FITS_UNASKED]
    found = [_match(shelves, pair, quick) for pair in good]
    found.sort(key=lambda match: -match.strength - BOTH_WIN * bool(match.gives_back))
    return _once(found)[:limit]


def _introduced(owner: Owner) -> set[frozenset[int]]:
    rows = Introduction.objects.of(owner).exclude(second=None).values_list("first_id", "second_id")
    return {frozenset(pair) for pair in rows}


def _may_meet(shelves: Shelves, need: Line, offer: Line, introduced: set[frozenset[int]]) -> bool:
    """Whether both are people, and do not know each other from the same organisation or an introduction."""
    if not need.person or not offer.person or need.person == offer.person:
        return False
    if frozenset((need.person, offer.person)) in introduced:
        return False
    return not shelves.employers.get(need.person, frozenset()) & shelves.employers.get(offer.person, frozenset())


def _again(owner: Owner, shelves: Shelves, chosen: list[Pair]) -> list[Pair]:
    """The pairs with their strength by the stronger model, where its vectors are there or can be made now."""
    if not chosen:
        return []
    model = meaning.deep(owner)
    need_rows, offer_rows = _rows(shelves.needs, chosen), _rows(shelves.offers, chosen)
    rows = [offer_rows[pair.offer] for pair in chosen]
    texts = [*(pair.need.text for pair in chosen), *ranking.texts_of(shelves.offers, rows)]
    vectors = meaning.deep_vectors(owner, model, texts, NEW_MOST)
    found = []
    for pair, row in zip(chosen, rows, strict=True):
        heard = shelves.needs.shelf.heard[need_rows[pair.need]]
        one = np.array([row], np.int64)
        looked = ranking.look_again(pair.need.text, heard, shelves.offers, one, vectors, model.ordinary)
        found.append(pair._replace(strength=looked[0].strength) if looked else pair)
    return found


def _rows(stock: Stock, chosen: list[Pair]) -> dict[Line, int]:
    """Where the lines of these pairs stand in a stock."""
    people = sorted({person for pair in chosen for person in (pair.need.person, pair.offer.person)})
    return {stock.lines[row]: row for row in np.flatnonzero(np.isin(stock.person, people)).tolist()}


def _match(shelves: Shelves, pair: Pair, quick: Candidates) -> Match:
    need, offer = pair.need, pair.offer
    lexicon = meaning.quick().lexicon
    reason = why(shelves, need, hear(lexicon, need.text), offer, hear(lexicon, offer.text))
    back = _way_back(shelves, need.person, offer.person, quick)
    return Match(side(shelves, need), side(shelves, offer), round(pair.strength, 3), reason, back)


def _way_back(shelves: Shelves, helped: int, helper: int, quick: Candidates) -> str:
    """What the helped person could do for the helper, or either for the owner; empty for nothing."""
    names = shelves.people
    back = quick.between.get((helper, helped))
    if back:
        return (
            f"{names[helped].name} could help in return with {names[helper].name}'s {back.need.kind} "
            f"“{shortened(back.need.text)}”."
        )
    own = [pair for person in (helped, helper) if (pair := quick.between.get((0, person)))]
    if own:
        best = max(own, key=lambda pair: pair.strength)
        return (
            f"{names[best.offer.person].name} could also help with your {best.need.kind} “{shortened(best.need.text)}”."
        )
    return ""


def _once(found: list[Match]) -> list[Match]:
    """One line for each two people, whoever helps whom."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for match in found:
        sides = tuple(one.person.id for one in (match.need, match.offer) if one.person)
        key = (sides[0], sides[-1])
        if key not in seen:
            seen |= {key, key[::-1]}
            kept.append(match)
    return kept


def given(owner: Owner, shelves: Shelves, own: list[str], limit: int) -> list[Match]:
    """Needs of people that offers of the owner's own fit."""
    rows: NDArray[np.int64] = lines_of(shelves.needs, OPEN_NEEDS)
    rows = rows[shelves.needs.person[rows] != 0]
    found = []
    for text in own:
        heard = ranking.understand(text)
        offer = Line(0, "offer", text)
        for one in ranking.rank(owner, text, heard, shelves.needs, rows, asking=False):
            need = shelves.needs.lines[one.row]
            if one.strength >= core.FITS:
                reason = why(shelves, need, shelves.needs.shelf.heard[one.row], offer, heard)
                found.append(Match(side(shelves, need), side(shelves, offer), round(one.strength, 3), reason))
    return sorted(found, key=lambda match: -match.strength)[:limit]

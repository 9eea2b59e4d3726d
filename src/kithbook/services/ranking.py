"""Puts texts of people in order for one need (or one offer): the quick look, then the stronger model at the best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kithbook.core import meaning as core
from kithbook.core import meaningvectors
from kithbook.core.meaningplaces import Place
from kithbook.core.meaningwords import Heard, english, hear
from kithbook.services import meaning
from kithbook.services.matchshelf import Stock
from kithbook.store.models import Owner

PER_PERSON = 3
LOOKED_AT = 400


def understand(text: str, places: Sequence[Place] = ()) -> Heard:
    """What a text says, with places asked for beside it."""
    heard = hear(meaning.quick().lexicon, text)
    named = tuple(dict.fromkeys((*places, *heard.where.places)))
    return heard._replace(where=heard.where._replace(places=named))


def rank(
    owner: Owner,
    text: str,
    heard: Heard,
    stock: Stock,
    rows: NDArray[np.int64],
    *,
    asking: bool = True,
    titles: bool = False,
) -> list[core.Found]:
    """The best of the lines in `rows` for a need, the best first; with `asking` off, the best needs for an offer.

    At most three lines a person. `titles` are texts of nobody's (groups, events, mails): the quick look does.
    """
    if not len(rows):
        return []
    told = meaning.quick()
    if asking:
        vector = core.embed_needs(told, [text])[0]
    else:
        vector = meaningvectors.embed(told.vectors, [told.pieces.encode(english(told.lexicon, text))])[0]
    looked = core.quick_look(told.lexicon, vector, heard, stock.shelf)
    looked = core.Looked(looked.values - stock.less, looked.meant - stock.less)
    values = looked.values[rows]
    chosen = rows[core.best_rows(values, core.SECOND_LOOKS) if titles else _spread(stock, rows, values)]
    quick = core.quick_found(vector, stock.shelf, looked, chosen, _turned(meaning.quick_reference(), asking))
    found = [] if titles else second_look(owner, text, heard, stock, chosen, asking=asking)
    seen = {one.row for one in found}
    return found + [one for one in quick if one.row not in seen]


def _spread(stock: Stock, rows: NDArray[np.int64], values: NDArray[np.float32]) -> NDArray[np.int64]:
    """Places of the best values, at most three a person."""
    order = core.best_rows(values, LOOKED_AT)
    taken: Counter[int] = Counter()
    chosen = []
    for place in order.tolist():
        person = int(stock.person[rows[place]])
        if taken[person] < PER_PERSON:
            taken[person] += 1
            chosen.append(place)
        if len(chosen) == core.SECOND_LOOKS:
            break
    return np.array(chosen, np.int64)


def second_look(
    owner: Owner, text: str, heard: Heard, stock: Stock, rows: NDArray[np.int64], *, asking: bool = True
) -> list[core.Found]:
    """Those of the rows whose vectors there are or could be made now, ordered by the stronger model."""
    model = meaning.deep(owner)
    vectors = meaning.deep_vectors(owner, model, [text, *texts_of(stock, rows.tolist())])
    return look_again(text, heard, stock, rows, vectors, _turned(model.ordinary, asking))


def texts_of(stock: Stock, rows: Iterable[int]) -> list[str]:
    """What the stronger model has to read of some lines: their texts, and those with rare words explained."""
    return [text for row in rows for text in (stock.lines[row].text, stock.heard[row].plain) if text]


def look_again(
    text: str,
    heard: Heard,
    stock: Stock,
    rows: NDArray[np.int64],
    vectors: Mapping[str, NDArray[np.float32]],
    ordinary: core.Reference,
) -> list[core.Found]:
    """Those of the rows whose vectors are known, ordered by them."""
    texts = {row: (stock.lines[row].text, stock.heard[row].plain or stock.lines[row].text) for row in rows.tolist()}
    known = [row for row, pair in texts.items() if all(part in vectors for part in pair)]
    if text not in vectors or not known:
        return []
    offers = np.array([vectors[texts[row][0]] for row in known], np.float32)
    plain = np.array([vectors[texts[row][1]] for row in known], np.float32)
    chosen = np.array(known, np.int64)
    lexicon = meaning.quick().lexicon
    found = core.second_look(lexicon, heard, vectors[text], stock.shelf, chosen, offers, plain, ordinary)
    lessened = [one._replace(value=one.value - float(stock.less[one.row])) for one in found]
    return sorted(lessened, key=lambda one: -one.value)


def _turned(ordinary: core.Reference, asking: bool) -> core.Reference:
    """The reference as seen from the text: needs and offers change places where the text is the offer."""
    return ordinary if asking else ordinary.turned()

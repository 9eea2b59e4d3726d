"""`kith bench match`: needs and the offers that answer them; how high each right offer stands, beside BM25 and TF-IDF.

A file of pairs is JSON: `{"pairs": [[need, offer], …], "distract": [offer, …]}`. Every need is compared with all offers
and distractors. Equal values share their mean rank, so that a method that knows nothing gains nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kithbook.bench.matchwords import bm25, tfidf
from kithbook.core import meaning as core
from kithbook.core.errors import Invalid, NotFound
from kithbook.core.meaningwords import hear
from kithbook.services import meaning, meaningfiles

Scores = NDArray[np.float64]
BELOW = 100.0
"""Offers that got no second look stand below those that did."""


class Pairs(NamedTuple):
    """Needs, and the pool of offers: that of need i is offer i, the rest are distractors."""

    needs: list[str]
    offers: list[str]


def run(path: str | Path | None = None, model: str | Path | None = None) -> dict[str, Any]:
    """Top-1, hit@3, hit@5 and mean reciprocal rank of this program and of two baselines on a file of pairs.

    Without a file, on the packaged test pairs; `model` is a folder with a BERT for the second look (default: the
    packaged one). Raises NotFound or Invalid.
    """
    pairs = read_pairs(path)
    deep = _deep(model)
    meaning.quick_reference()
    methods: dict[str, Callable[[Pairs], Scores]] = {
        "kithbook": lambda given: second_scores(given, deep),
        "kithbook, quick look only": quick_scores,
        "bm25": lambda given: bm25(given.needs, given.offers),
        "tfidf": lambda given: tfidf(given.needs, given.offers),
    }
    found, seconds = {}, {}
    for name, method in methods.items():
        started = time.process_time()
        found[name] = measure(method(pairs))
        seconds[name] = round(time.process_time() - started, 3)
    return {
        "file": str(path) if path else "packaged test pairs",
        "pairs": len(pairs.needs),
        "pool": len(pairs.offers),
        "model": deep.tag,
        "methods": found,
        "seconds": seconds,
    }


def read_pairs(path: str | Path | None) -> Pairs:
    """The pairs of a file, or the packaged ones."""
    try:
        if path is None:
            text = (resources.files("kithbook") / "data" / "pairs.json").read_text("utf-8")
        else:
            text = Path(path).read_text("utf-8")
        given = json.loads(text)
        needs = [str(need) for need, _ in given["pairs"]]
        offers = [str(offer) for _, offer in given["pairs"]] + [str(other) for other in given.get("distract", [])]
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.", "Give a JSON file with pairs.") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(
            f"{path} does not hold pairs.", 'Write {"pairs": [["need", "offer"], …], "distract": ["offer", …]}.'
        ) from error
    if not needs:
        raise Invalid(f"{path} holds no pairs.", "Give at least one need with its offer.")
    return Pairs(needs, offers)


def _deep(model: str | Path | None) -> meaning.Deep:
    if model is None:
        return meaning.packaged()
    folder = Path(model).expanduser().absolute()
    meaningfiles.read_folder(folder)
    return meaning.supplied(str(folder), meaningfiles.fingerprint(folder))


def quick_scores(pairs: Pairs) -> Scores:
    """The quick look: (needs, offers)."""
    told = meaning.quick()
    shelf = core.stock(told, pairs.offers)
    vectors = core.embed_needs(told, pairs.needs)
    heard = [hear(told.lexicon, need) for need in pairs.needs]
    rows = [core.quick_look(told.lexicon, vectors[i], one, shelf).values for i, one in enumerate(heard)]
    return np.array(rows, np.float64)


def second_scores(pairs: Pairs, deep: meaning.Deep) -> Scores:
    """What the product does: the best forty of the quick look, put in order by the stronger model: (needs, offers)."""
    told = meaning.quick()
    shelf = core.stock(told, pairs.offers)
    quick = quick_scores(pairs)
    needs, offers = deep.embed(pairs.needs), deep.embed(pairs.offers)
    plain = offers.copy()
    rare = [row for row, heard in enumerate(shelf.heard) if heard.plain]
    if rare:
        plain[rare] = deep.embed([shelf.heard[row].plain for row in rare])
    found = quick - BELOW
    for i, need in enumerate(pairs.needs):
        rows = core.best_rows(quick[i].astype(np.float32), core.SECOND_LOOKS)
        heard = hear(told.lexicon, need)
        looked = core.second_look(
            told.lexicon, heard, needs[i], shelf, rows, offers[rows], plain[rows], deep.ordinary
        )  # fmt: skip
        for one in looked:
            found[i, one.row] = one.value
    return found


def measure(scores: Scores) -> dict[str, float]:
    """Top-1, hit@3, hit@5 and mean reciprocal rank; the right offer of need i is column i."""
    ranks = ranks_of(scores)
    return {
        "top_1": round(float(np.mean(ranks <= 1)), 3),
        "hit_3": round(float(np.mean(ranks <= 3)), 3),
        "hit_5": round(float(np.mean(ranks <= 5)), 3),
        "mrr": round(float(np.mean(1 / ranks)), 3),
    }


def ranks_of(scores: Scores) -> Scores:
    """The rank of each right offer, from 1; among equals the middle of their places."""
    right = np.diagonal(scores)[:, None]
    return np.asarray(1 + (scores > right).sum(axis=1) + ((scores == right).sum(axis=1) - 1) / 2, np.float64)


def lines_of(found: dict[str, Any]) -> list[str]:
    """The answer as a table, for people."""
    head = f"{found['pairs']} needs, {found['pool']} offers each ({found['file']}; second look: {found['model']})"
    rows: Sequence[str] = [
        f"{name:28}{row['top_1']:8.2f}{row['hit_3']:8.2f}{row['hit_5']:8.2f}{row['mrr']:8.2f}{found['seconds'][name]:9.2f}"
        for name, row in found["methods"].items()
    ]
    return [head, "", f"{'':28}{'top-1':>8}{'hit@3':>8}{'hit@5':>8}{'MRR':>8}{'CPU s':>9}", *rows]

"""Two baselines that compare words only: BM25 and TF-IDF, both with a light stemmer and without stop words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
K1, B = 1.5, 0.75
STOP = frozenset(
    "a an and are as at be been but by can do for from has have he her his how i in into is it its me my no not of on "
    "or our she so some someone than that the their them they this to too us want wants was we who will with you your "
    "look looking need needs".split()
)
_ENDINGS = ("ations", "ation", "ings", "ing", "ers", "er", "ies", "ed", "es", "s", "e", "y")


def words_of(text: str) -> list[str]:
    """Stems of the words that say something."""
    return [stem(word) for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in STOP]


def stem(word: str) -> str:
    """A word without a common ending, where three letters stay."""
    return next((word[: -len(end)] for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= 3), word)


def bm25(needs: Sequence[str], offers: Sequence[str]) -> Scores:
    """Okapi BM25 (Robertson & Zaragoza 2009, k1 1.5, b 0.75): (needs, offers)."""
    bags = [Counter(words_of(text)) for text in offers]
    mean = sum(bag.total() for bag in bags) / len(bags) or 1.0
    known = Counter(word for bag in bags for word in bag)
    found = np.zeros((len(needs), len(offers)))
    for i, need in enumerate(needs):
        for word in words_of(need):
            if word in known:
                rare = math.log(1 + (len(bags) - known[word] + 0.5) / (known[word] + 0.5))
                for j, bag in enumerate(bags):
                    if word in bag:
                        found[i, j] += rare * bag[word] * (K1 + 1) / (bag[word] + K1 * (1 - B + B * bag.total() / mean))
    return found


def tfidf(needs: Sequence[str], offers: Sequence[str]) -> Scores:
    """Cosine of term frequency × inverse document frequency, with logarithms of both: (needs, offers)."""
    bags = [Counter(words_of(text)) for text in offers]
    known = Counter(word for bag in bags for word in bag)
    column = {word: number for number, word in enumerate(known)}

    def rows(texts: Sequence[Counter[str]]) -> Scores:
        table = np.zeros((len(texts), len(column)))
        for row, bag in enumerate(texts):
            for word, count in bag.items():
                if word in column:
                    table[row, column[word]] = (1 + math.log(count)) * (
                        1 + math.log((1 + len(bags)) / (1 + known[word]))
                    )
        return table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12)

    return rows([Counter(words_of(text)) for text in needs]) @ rows(bags).T

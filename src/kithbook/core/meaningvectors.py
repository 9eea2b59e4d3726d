"""The quick look at a text: the mean of one fixed vector a piece, rare pieces counting more (SIF).

Arora, Liang & Ma, "A simple but tough-to-beat baseline for sentence embeddings" (2017): weight 10⁻³ / (10⁻³ + p).
The vectors are fitted so that this mean comes close to what MiniLM says (docs/explanation/matching.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
TOGETHER = 256
"""So many texts are summed at a time: their pieces then fit the cache of a processor."""


def embed(vectors: Floats, texts: Sequence[Sequence[int]]) -> Floats:
    """Vectors of length 1, zeros for texts without pieces: (texts, width).

    `vectors` has one row a piece, already times the weight of the piece.
    """
    found = np.zeros((len(texts), vectors.shape[1]), np.float32)
    filled = [i for i, text in enumerate(texts) if len(text)]
    for begin in range(0, len(filled), TOGETHER):
        some = filled[begin : begin + TOGETHER]
        lengths = np.array([len(texts[i]) for i in some])
        pieces = np.fromiter(chain.from_iterable(texts[i] for i in some), np.int64, int(lengths.sum()))
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        sums = np.add.reduceat(vectors[pieces], starts, axis=0)
        found[some] = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return found

"""The quick look at a text: the mean of one fixed vector a piece, rare pieces counting more (SIF).

Arora, Liang & Ma, "A simple but tough-to-beat baseline for sentence embeddings" (2017): weight 10⁻³ / (10⁻³ + p).
The vectors are fitted so that this mean comes close to what MiniLM says (docs/explanation/matching.md).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def embed(vectors: Floats, texts: Sequence[Sequence[int]]) -> Floats:
    """Vectors of length 1, zeros for texts without pieces: (texts, width).

    `vectors` has one row a piece, already times the weight of the piece.
    """
    width = vectors.shape[1]
    found = np.zeros((len(texts), width), np.float32)
    filled = [i for i, text in enumerate(texts) if len(text)]
    if not filled:
        return found
    lengths = np.array([len(texts[i]) for i in filled])
    pieces = np.concatenate([np.asarray(texts[i], np.int64) for i in filled])
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    sums = np.add.reduceat(vectors[pieces], starts, axis=0)
    found[filled] = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return found

"""A small BERT in numpy: texts as numbers of pieces in, one vector of length 1 a text out.

The layers are those of Devlin et al., "BERT" (2019): attention, a wide layer with GELU, each with a residual and a
layer norm after it. The vector of a text is the mean over its pieces (or the first piece, as some models want).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
BATCH = 32


class Shape(NamedTuple):
    """How the model is built; `first_piece` says that the first piece stands for the whole text."""

    layers: int
    heads: int
    longest: int
    epsilon: float = 1e-12
    first_piece: bool = False


class Model(NamedTuple):
    """Weights by their usual names; `look_up` gives the vectors of pieces, `ids.shape + (width,)`."""

    weights: Mapping[str, Floats]
    look_up: Callable[[NDArray[np.int64]], Floats]
    width: int
    shape: Shape


def embed(model: Model, texts: Sequence[Sequence[int]]) -> Floats:
    """Vectors of texts, each with its start and end signs: (texts, width), cut at the longest the model takes."""
    found = np.zeros((len(texts), model.width), np.float32)
    longest = model.shape.longest
    cut = [[*text[: longest - 1], text[-1]] if len(text) > longest else list(text) for text in texts]
    order = sorted(range(len(cut)), key=lambda i: len(cut[i]))
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        found[rows] = _batch(model, [cut[i] for i in rows])
    return found


def _batch(model: Model, texts: list[list[int]]) -> Floats:
    weights, shape, longest = model.weights, model.shape, max(map(len, texts))
    ids = np.array([text + [0] * (longest - len(text)) for text in texts], np.int64)
    there = np.array([[1.0] * len(text) + [0.0] * (longest - len(text)) for text in texts], np.float32)
    state = (
        model.look_up(ids)
        + weights["embeddings.position_embeddings.weight"][:longest]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    state = _norm(state, weights, "embeddings.LayerNorm", shape.epsilon)
    mask = (there - 1)[:, None, None, :] * np.float32(1e9)
    for layer in range(shape.layers):
        state = _layer(state, mask, weights, f"encoder.layer.{layer}.", shape)
    if shape.first_piece:
        pooled = state[:, 0]
    else:
        pooled = (state * there[:, :, None]).sum(axis=1) / there.sum(axis=1, keepdims=True)
    lengths = np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-9)
    unit: Floats = (pooled / lengths).astype(np.float32)
    return unit


def _layer(state: Floats, mask: Floats, weights: Mapping[str, Floats], name: str, shape: Shape) -> Floats:
    texts, pieces, width = state.shape
    split = (texts, pieces, shape.heads, width // shape.heads)
    query, key, value = (
        _line(state, weights, f"{name}attention.self.{part}").reshape(split).transpose(0, 2, 1, 3)
        for part in ("query", "key", "value")
    )
    looks = query @ key.transpose(0, 1, 3, 2) / np.float32(math.sqrt(split[3])) + mask
    looks = np.exp(looks - looks.max(axis=-1, keepdims=True))
    looks /= looks.sum(axis=-1, keepdims=True)
    seen = (looks @ value).transpose(0, 2, 1, 3).reshape(state.shape)
    seen = state + _line(seen, weights, f"{name}attention.output.dense")
    state = _norm(seen, weights, f"{name}attention.output.LayerNorm", shape.epsilon)
    wide = _gelu(_line(state, weights, f"{name}intermediate.dense"))
    return _norm(state + _line(wide, weights, f"{name}output.dense"), weights, f"{name}output.LayerNorm", shape.epsilon)


def _line(state: Floats, weights: Mapping[str, Floats], name: str) -> Floats:
    matrix = weights[f"{name}.weight"]
    flat = state.reshape(-1, state.shape[-1]) @ matrix.T + weights[f"{name}.bias"]
    return flat.reshape(*state.shape[:-1], matrix.shape[0])


def _norm(state: Floats, weights: Mapping[str, Floats], name: str, epsilon: float) -> Floats:
    state = state - state.mean(axis=-1, keepdims=True)
    spread = np.sqrt((state * state).mean(axis=-1, keepdims=True) + np.float32(epsilon))
    normed: Floats = state / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return normed


def _gelu(x: Floats) -> Floats:
    """The input times Φ of it, with the error function of Abramowitz & Stegun 7.1.26 (off by at most 1.5e-7)."""
    size = np.abs(x) * np.float32(math.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * size)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    error = 1 - series * np.exp(-size * size)
    done: Floats = 0.5 * x * (1 + np.copysign(error, x))
    return done

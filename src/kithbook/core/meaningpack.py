"""Numbers in few bits: each run of numbers of a row has one scale, each number a whole step of it.

A value is `(step + 1/2) · scale` with steps from −2^(bits−1) to 2^(bits−1) − 1. With 5 bits in runs of 32 a sentence
vector keeps a cosine of .99 to the one from full numbers (docs/explanation/matching.md).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
SHRINKS = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75)
"""Scales tried, as parts of the one that reaches the largest value; the one with the least squared error is kept."""


class Packed(NamedTuple):
    """`steps` as a stream of bits, `scales` one a run (float16)."""

    steps: NDArray[np.uint8]
    scales: NDArray[np.float16]


def pack(values: Floats, bits: int, run: int) -> Packed:
    """Pack an array whose size is a multiple of `run`."""
    rows = np.asarray(values, np.float32).reshape(-1, run)
    half = 1 << (bits - 1)
    largest = np.abs(rows).max(axis=1, keepdims=True)
    best = np.full((len(rows), 1), np.inf, np.float32)
    steps, scales = np.zeros(rows.shape, np.int16), np.zeros((len(rows), 1), np.float32)
    for shrink in SHRINKS:
        scale = np.maximum(largest * shrink / (half - 0.5), 1e-7).astype(np.float16).astype(np.float32)
        scale = np.maximum(scale, 6e-8)
        tried = np.clip(np.floor(rows / scale), -half, half - 1)
        error = (((tried + 0.5) * scale - rows) ** 2).sum(axis=1, keepdims=True)
        better = error < best
        best, scales = np.where(better, error, best), np.where(better, scale, scales)
        steps = np.where(better, tried.astype(np.int16), steps)
    unsigned = (steps + half).astype(np.uint8)
    digits = np.unpackbits(unsigned.reshape(-1, 1), axis=1)[:, 8 - bits :]
    return Packed(np.packbits(digits.reshape(-1)), scales.reshape(-1).astype(np.float16))


def unpack(packed: Packed, shape: tuple[int, ...], bits: int, run: int) -> Floats:
    """The values again, nearly; their number is a multiple of 8."""
    bytes_of_eight = packed.steps.reshape(-1, bits).astype(np.uint64)
    words = np.zeros(len(bytes_of_eight), np.uint64)
    for column in range(bits):
        words = words << np.uint64(8) | bytes_of_eight[:, column]
    steps = np.empty((len(words), 8), np.float32)
    mask = np.uint64((1 << bits) - 1)
    for place in range(8):
        steps[:, place] = words >> np.uint64(bits * (7 - place)) & mask
    values = steps.reshape(-1, run)
    values -= np.float32((1 << (bits - 1)) - 0.5)
    values *= packed.scales.astype(np.float32)[:, None]
    return values.reshape(shape)


def unpack_rows(packed: Packed, rows: NDArray[np.int64], width: int, bits: int, run: int) -> Floats:
    """Some rows of a packed matrix of so many columns: `rows.shape + (width,)`."""
    flat = rows.reshape(-1)
    steps = packed.steps.reshape(-1, width * bits // 8)[flat]
    scales = packed.scales.reshape(-1, width // run)[flat]
    return unpack(Packed(steps.reshape(-1), scales.reshape(-1)), (*rows.shape, width), bits, run)

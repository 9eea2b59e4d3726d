"""The parts of matching by meaning: pieces, packing, the model, the quick vectors."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core import meaningmodel, meaningpack, meaningvectors
from kithbook.core.meaningtokens import WordPieces, split_words

VOCABULARY = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "play",
    "##ing",
    "##s",
    "un",
    "##play",
    "cafe",
    "-",
    "c",
    "##a",
    "the",
]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Playing", ["play", "##ing"]),
        ("unplays", ["un", "##play", "##s"]),
        ("CAFÉ", ["cafe"]),
        ("the-café", ["the", "-", "cafe"]),
        ("zebra", ["[UNK]"]),
        ("ca", ["c", "##a"]),
        ("", []),
        ("the\tplay", ["the", "play"]),
        ("play" * 40, ["[UNK]"]),
    ],
)
def test_words_are_cut_into_the_longest_known_beginnings(text: str, pieces: list[str]) -> None:
    assert [VOCABULARY[number] for number in WordPieces(VOCABULARY).encode(text)] == pieces


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_the_short_way_for_plain_text_splits_as_the_long_one(text: str) -> None:
    assert split_words(text) == split_words(text + "\u0301")


def test_signs_of_chinese_stand_alone() -> None:
    assert split_words("ab東京c") == ["ab", "東", "京", "c"]


@pytest.mark.parametrize("bits", [3, 4, 5, 6, 8])
def test_packed_numbers_come_back_within_half_a_step(bits: int) -> None:
    values = np.random.default_rng(1).normal(size=(16, 64)).astype(np.float32)
    packed = meaningpack.pack(values, bits, 32)
    back = meaningpack.unpack(packed, values.shape, bits, 32)
    steps = packed.scales.astype(np.float32).reshape(16, 2).repeat(32, axis=1)
    inside = np.abs(values) < steps * (2 ** (bits - 1) - 0.5)
    assert packed.steps.nbytes == values.size * bits // 8
    assert np.all(np.abs(back - values)[inside] <= steps[inside] * 0.501)
    assert np.corrcoef(back.ravel(), values.ravel())[0, 1] > 1 - 0.5**bits


def test_rows_can_be_unpacked_alone() -> None:
    values = np.random.default_rng(2).normal(size=(10, 64)).astype(np.float32)
    packed = meaningpack.pack(values, 3, 32)
    whole = meaningpack.unpack(packed, values.shape, 3, 32)
    rows = meaningpack.unpack_rows(packed, np.array([[7, 0], [3, 3]]), 64, 3, 32)
    assert np.array_equal(rows, whole[np.array([[7, 0], [3, 3]])])


WIDTH, WIDE = 8, 16


def tiny_model(layers: int = 2, *, first_piece: bool = False) -> meaningmodel.Model:
    """Random weights in the right places."""
    rng = np.random.default_rng(3)

    def some(*size: int) -> np.ndarray:  # type: ignore[type-arg]
        return rng.normal(scale=0.4, size=size).astype(np.float32)

    weights = {
        "embeddings.position_embeddings.weight": some(12, WIDTH),
        "embeddings.token_type_embeddings.weight": some(2, WIDTH),
        "embeddings.LayerNorm.weight": some(WIDTH), "embeddings.LayerNorm.bias": some(WIDTH),
    }  # fmt: skip
    for layer in range(layers):
        name = f"encoder.layer.{layer}."
        for part in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            weights |= {f"{name}{part}.weight": some(WIDTH, WIDTH), f"{name}{part}.bias": some(WIDTH)}
        weights |= {f"{name}intermediate.dense.weight": some(WIDE, WIDTH), f"{name}intermediate.dense.bias": some(WIDE)}
        weights |= {f"{name}output.dense.weight": some(WIDTH, WIDE), f"{name}output.dense.bias": some(WIDTH)}
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            weights |= {f"{name}{part}.weight": some(WIDTH), f"{name}{part}.bias": some(WIDTH)}
    shape = meaningmodel.Shape(layers, 2, 12, first_piece=first_piece)
    return meaningmodel.Model(weights, some(20, WIDTH).__getitem__, WIDTH, shape)


def slow_embed(model: meaningmodel.Model, ids: list[int]) -> list[float]:
    """The same model for one text, number by number, as the paper has it."""
    w = {name: value.astype(float) for name, value in model.weights.items()}

    def norm(row: np.ndarray, name: str) -> np.ndarray:  # type: ignore[type-arg]
        return (row - row.mean()) / math.sqrt(row.var() + 1e-12) * w[f"{name}.weight"] + w[f"{name}.bias"]

    def line(row: np.ndarray, name: str) -> np.ndarray:  # type: ignore[type-arg]
        return (
            np.array([sum(a * b for a, b in zip(row, out, strict=True)) for out in w[f"{name}.weight"]])
            + w[f"{name}.bias"]
        )

    rows = [
        norm(
            model.look_up(np.array([number]))[0] + w["embeddings.position_embeddings.weight"][place]
            + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm",
        )
        for place, number in enumerate(ids)
    ]  # fmt: skip
    for layer in range(model.shape.layers):
        name, size = f"encoder.layer.{layer}.", WIDTH // 2
        asked, keys, values = ([line(r, f"{name}attention.self.{p}") for r in rows] for p in ("query", "key", "value"))
        seen = []
        for one in asked:
            heads = []
            for head in (slice(0, size), slice(size, WIDTH)):
                looks = [math.exp(float(one[head] @ key[head]) / math.sqrt(size)) for key in keys]
                heads.append(sum(look / sum(looks) * value[head] for look, value in zip(looks, values, strict=True)))
            seen.append(np.concatenate(heads))
        rows = [
            norm(row + line(part, f"{name}attention.output.dense"), f"{name}attention.output.LayerNorm")
            for row, part in zip(rows, seen, strict=True)
        ]
        wide = [line(row, f"{name}intermediate.dense") for row in rows]
        wide = [np.array([x * 0.5 * (1 + math.erf(x / math.sqrt(2))) for x in row]) for row in wide]
        rows = [
            norm(row + line(part, f"{name}output.dense"), f"{name}output.LayerNorm")
            for row, part in zip(rows, wide, strict=True)
        ]
    mean = rows[0] if model.shape.first_piece else sum(rows) / len(rows)
    return list(mean / np.linalg.norm(mean))


@pytest.mark.parametrize("first_piece", [False, True])
def test_the_model_reckons_as_the_paper_says_whatever_else_is_in_the_batch(first_piece: bool) -> None:
    model = tiny_model(first_piece=first_piece)
    texts = [[2, 5, 9, 3], [2, 3], [2, 7, 7, 1, 4, 8, 3]]
    found = meaningmodel.embed(model, texts)
    for row, text in zip(found, texts, strict=True):
        assert row == pytest.approx(slow_embed(model, text), abs=2e-5)


def test_texts_too_long_for_the_model_keep_their_end_sign() -> None:
    model = tiny_model()
    long = [2, *range(4, 18), 3]
    assert meaningmodel.embed(model, [long])[0] == pytest.approx(meaningmodel.embed(model, [[*long[:11], 3]])[0])


def test_the_quick_vector_is_the_unit_mean_of_its_pieces() -> None:
    table = np.array([[3, 0], [0, 4], [0, 0]], np.float32)
    found = meaningvectors.embed(table, [[0], [], [0, 1], [1, 1, 0]])
    assert found[0] == pytest.approx([1, 0])
    assert found[1] == pytest.approx([0, 0])
    assert found[2] == pytest.approx([0.6, 0.8])
    assert found[3] == pytest.approx([3 / math.sqrt(73), 8 / math.sqrt(73)])
    assert meaningvectors.embed(table, []).shape == (0, 2)

"""Reads model weights from files: safetensors and the packed arrays of this package. numpy only."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kithbook.core import meaningmodel, meaningpack
from kithbook.core.errors import Invalid, NotFound
from kithbook.core.meaningtokens import WordPieces

Floats = NDArray[np.float32]
MODEL_FILES = ("model.safetensors", "vocab.txt")
WORD_TABLE = "embeddings.word_embeddings.weight"
LONGEST = 128
_HEADER_MOST = 50_000_000
_KINDS = {"F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4"}


def read_safetensors(path: Path) -> dict[str, Floats]:
    """All arrays of a safetensors file as float32; raises Invalid for a file that is none."""
    try:
        with path.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            if not 2 <= size <= _HEADER_MOST:
                raise ValueError("no header")
            header: dict[str, Any] = json.loads(file.read(size))
            body = np.frombuffer(file.read(), np.uint8)
        header.pop("__metadata__", None)
        return {name: _array(body, entry) for name, entry in header.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(f"{path.name} cannot be read as safetensors.", "Give the model's own file, unchanged.") from error


def _array(body: NDArray[np.uint8], entry: dict[str, Any]) -> Floats:
    start, end = entry["data_offsets"]
    raw = body[start:end]
    if entry["dtype"] == "BF16":
        wide = raw.view("<u2").astype(np.uint32) << 16
        return np.frombuffer(wide.tobytes(), np.float32).reshape(entry["shape"])
    return np.frombuffer(raw.tobytes(), _KINDS[entry["dtype"]]).astype(np.float32).reshape(entry["shape"])


class PackedRows(NamedTuple):
    """A matrix that stays packed; its rows are unpacked when they are asked for."""

    packed: meaningpack.Packed
    width: int
    bits: int
    run: int

    def rows(self, numbers: NDArray[np.int64]) -> Floats:
        """These rows: `numbers.shape + (width,)`."""
        return meaningpack.unpack_rows(self.packed, numbers, self.width, self.bits, self.run)


def read_packed(file: Any, by_row: str = "") -> tuple[dict[str, Floats], PackedRows | None]:
    """The arrays of an .npz whose large ones are packed in few bits; the one named `by_row` stays packed."""
    found: dict[str, Floats] = {}
    rows = None
    with np.load(file) as arrays:
        for name in arrays.files:
            if name.endswith(":how"):
                plain = name.removesuffix(":how")
                *shape, bits, run = (int(number) for number in arrays[name])
                packed = meaningpack.Packed(arrays[f"{plain}:steps"], arrays[f"{plain}:scales"])
                if plain == by_row:
                    rows = PackedRows(packed, shape[1], bits, run)
                else:
                    found[plain] = meaningpack.unpack(packed, tuple(shape), bits, run)
            elif ":" not in name:
                found[name] = arrays[name].astype(np.float32)
    return found, rows


def is_model(folder: Path) -> bool:
    """Whether a folder has the files of a model."""
    return all((folder / name).is_file() for name in MODEL_FILES)


def read_folder(folder: Path) -> tuple[meaningmodel.Model, WordPieces]:
    """A BERT model as its makers publish it: `model.safetensors`, `vocab.txt` and, if there, `config.json`.

    Raises NotFound for a folder without them, Invalid for files that are not such a model.
    """
    if not is_model(folder):
        raise NotFound(
            f"{folder} does not hold a model.", f"Name a folder with {' and '.join(MODEL_FILES)} in it (BERT, uncased)."
        )
    weights = {_plain(name): value for name, value in read_safetensors(folder / MODEL_FILES[0]).items()}
    try:
        pieces = WordPieces((folder / MODEL_FILES[1]).read_text("utf-8").split("\n"))
        config = _json(folder / "config.json")
        pooling = _json(folder / "1_Pooling" / "config.json")
        table = weights.pop(WORD_TABLE)
        layers = sum(name.endswith("attention.self.query.weight") for name in weights)
        shape = meaningmodel.Shape(
            layers=layers,
            heads=int(config.get("num_attention_heads", 12)),
            longest=min(LONGEST, len(weights["embeddings.position_embeddings.weight"])),
            epsilon=float(config.get("layer_norm_eps", 1e-12)),
            first_piece=bool(pooling.get("pooling_mode_cls_token", False)),
        )
        model = meaningmodel.Model(weights, table.__getitem__, table.shape[1], shape)
        meaningmodel.embed(model, [[pieces.start, *pieces.encode("a test"), pieces.end]])
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise Invalid(
            f"The files in {folder} are not a BERT model that Kithbook can run.", "all-MiniLM-L6-v2 is known to work."
        ) from error
    return model, pieces


def fingerprint(folder: Path) -> str:
    """A tag for the vectors of the model in a folder, from its weights."""
    digest = hashlib.blake2b(digest_size=10)
    with (folder / MODEL_FILES[0]).open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return f"own-{digest.hexdigest()}"


def _plain(name: str) -> str:
    return name.removeprefix("bert.").removeprefix("model.")


def _json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {}

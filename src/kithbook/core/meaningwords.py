"""Words handled explicitly: concepts (industries, roles, pastimes), rare words for people, places, languages."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from kithbook.core.meaningplaces import NOWHERE, Gazetteer, Place, Where, agree, find_where
from kithbook.core.meaningtongues import Tongues, read_tongues

LONGEST = 3
REMEMBERED = 50_000
_WORD = re.compile(r"[^\W_]+(?:['’.&+-][^\W_]+)*\+*", re.UNICODE)
_ASKING = re.compile(
    r"^(?:(?:she|he|they|i|we|who|is|are|am|be|also|now|still|urgently|currently)\s+)*"
    r"(?:(?:looking|searching|hoping|trying|planning|seeking|interested|needs?|wants?|seeks?|wishes|hopes|follows?|"
    r"would\s+like|would\s+love|in\s+search|considering|thinking|has|have|help|get|find|meet)\s+)+"
    r"(?:(?:to|for|in|of|about|on|with|a|an|the|some|somebody|someone|people|who|that|find|get|meet|help)\s+)*",
    re.IGNORECASE,
)

_SMALL = frozenset(("", "for", "to", "in", "of", "about", "on", "with"))


class Told(NamedTuple):
    """What is known of one word: whether a phrase or place may begin with it, and what a rare word for people means."""

    folded: str
    may_start: bool
    is_foreign: bool
    role: str


class Lexicon(NamedTuple):
    """`concepts` phrase → numbers, `names` by number, `specific` weight by number, `roles` rare word → plain words.

    `starts` has the first word of every phrase and place, `longer` those of phrases of several words: most words are
    passed over at once. `memo` keeps what was found out of single words.
    """

    concepts: Mapping[str, tuple[int, ...]]
    names: tuple[str, ...]
    specific: tuple[float, ...]
    roles: Mapping[str, str]
    gazetteer: Gazetteer
    starts: frozenset[str]
    longer: frozenset[str]
    tongues: Tongues
    memo: dict[str, Told]


class Heard(NamedTuple):
    """What a text says explicitly; `plain` is the text with rare words said in plain ones, empty without any."""

    concepts: frozenset[int] = frozenset()
    where: Where = NOWHERE
    plain: str = ""


def fold(text: str) -> str:
    """Small letters without accents; "ø" and "ß" too."""
    low = text.casefold().replace("ø", "o").replace("ł", "l").replace("ı", "i").replace("’", "'")
    return "".join(c for c in unicodedata.normalize("NFD", low) if unicodedata.category(c) != "Mn")


def read_lexicon(
    concepts: Iterable[str], roles: Iterable[str], gazetteer: Gazetteer, tongues: Iterable[str] = ()
) -> Lexicon:
    """Lines "name: word, word" of concepts, "word: plain words" of roles, and words of other tongues."""
    names: list[str] = []
    sizes: list[int] = []
    found: dict[str, tuple[int, ...]] = {}
    for line in concepts:
        if not line.strip() or line.startswith("#"):
            continue
        name, _, words = line.partition(":")
        phrases = dict.fromkeys(fold(word).strip() for word in words.split(","))
        for phrase in filter(None, phrases):
            found[phrase] = (*found.get(phrase, ()), len(names))
        names.append(name.strip())
        sizes.append(len(phrases))
    plain = dict(_pair(line) for line in roles if line.strip() and not line.startswith("#"))
    specific = tuple(min(1.0, 3 / math.sqrt(size)) for size in sizes)
    starts = frozenset(phrase.partition(" ")[0] for phrase in found) | gazetteer.starts
    longer = frozenset(phrase.partition(" ")[0] for phrase in found if " " in phrase)
    return Lexicon(
        found,
        tuple(names),
        specific,
        plain,
        gazetteer,
        starts,
        longer,
        read_tongues(tongues, found.keys() | plain.keys()),
        {},
    )


def _pair(line: str) -> tuple[str, str]:
    word, _, text = line.partition(":")
    return word.strip(), text.strip()


def strip_asking(text: str) -> str:
    """A need without "she is looking for …"; the whole text where nothing would be left."""
    rest = _ASKING.sub("", text.strip(), count=1)
    return text.strip() if rest.casefold() in _SMALL else rest


def hear(lexicon: Lexicon, text: str) -> Heard:
    """Concepts, places and languages of a text."""
    given, told = text, _told_words(lexicon, text)
    if any(word.is_foreign for word, _ in told):
        text = english(lexicon, text)
        told = _told_words(lexicon, text)
    words = [word.folded for word, _ in told]
    concepts: set[int] = set()
    start, is_somewhere = 0, False
    while start < len(words):
        if told[start][0].may_start:
            is_somewhere = True
            start += max(1, _longest(lexicon, words, start, concepts))
        else:
            start += 1
    plain = [word.role for word, _ in told if word.role]
    apart: list[tuple[str, bool]] = []
    if is_somewhere:
        apart = [(piece, capital) for word, capital in told for piece in (word.folded, *_parts(word.folded))]
    where = find_where(lexicon.gazetteer, text, apart)
    said = f"{text} ({'; '.join(plain)})" if plain else text
    return Heard(frozenset(concepts), where, "" if said == given else said)


def _told_words(lexicon: Lexicon, text: str) -> list[tuple[Told, bool]]:
    """What is known of each word, and whether it has a capital inside the text."""
    memo = lexicon.memo
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        told = memo.get(word) or _remember(lexicon, word)
        found.append((told, word[0].isupper() and match.start() > 0))
    return found


def _remember(lexicon: Lexicon, word: str) -> Told:
    folded = fold(word)
    role = lexicon.roles.get(folded) or lexicon.roles.get(_singular(folded)) or ""
    told = Told(folded, _may_start(lexicon, folded), bool(lexicon.tongues.say(folded)), role)
    if len(lexicon.memo) >= REMEMBERED:
        lexicon.memo.clear()
    lexicon.memo[word] = told
    return told


def english(lexicon: Lexicon, text: str) -> str:
    """The text with words of other tongues said in English, as far as they are known."""
    return lexicon.tongues.english(text, _folded)


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return fold(word)


def _may_start(lexicon: Lexicon, word: str) -> bool:
    if word in lexicon.starts or _singular(word) in lexicon.starts:
        return True
    return "-" in word and not lexicon.starts.isdisjoint(_parts(word))


def _longest(lexicon: Lexicon, words: list[str], start: int, found: set[int]) -> int:
    """Adds the concepts of the longest phrase that begins here; returns how many words it took."""
    most = LONGEST if words[start] in lexicon.longer else 1
    for length in range(min(most, len(words) - start), 0, -1):
        head, last = words[start : start + length - 1], words[start + length - 1]
        for spelt in (last, _singular(last), *(_parts(last) if length == 1 else ())):
            numbers = lexicon.concepts.get(" ".join((*head, spelt)))
            if numbers:
                found.update(numbers)
                return length
    return 0


def _parts(word: str) -> list[str]:
    return word.split("-") if "-" in word else []


@lru_cache(maxsize=50_000)
def _singular(word: str) -> str:
    if word.endswith("'s"):
        return word[:-2]
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def shared_concepts(lexicon: Lexicon, need: Heard, offer: Heard) -> list[int]:
    """Concepts of both, the most specific first."""
    return sorted(need.concepts & offer.concepts, key=lambda number: (-lexicon.specific[number], number))


def agreement(lexicon: Lexicon, need: Heard, offer: Heard) -> tuple[float, float]:
    """(what they share of concepts, 0 … about 1; how places and languages suit, −0.4 … 2)."""
    shared = shared_concepts(lexicon, need, offer)
    common = sum(lexicon.specific[number] for number in shared)
    size = max(1.0, math.sqrt(sum(lexicon.specific[number] for number in need.concepts)))
    return min(1.5, common / size), agree(lexicon.gazetteer, need.where, offer.where)


def place_named(lexicon: Lexicon, text: str) -> Place | None:
    """The place that a text is the name of, whatever its capitals."""
    return lexicon.gazetteer.places.get(" ".join(fold(text).split()))

"""Words handled explicitly: concepts (industries, roles, pastimes), rare words for people, places, languages."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from kithbook.core.meaningplaces import NOWHERE, Gazetteer, Place, Where, agree, find_where
from kithbook.core.meaningspellings import forms, parts, singular, spellings
from kithbook.core.meaningtongues import Tongues, read_tongues

DESCRIBED = 8
"""So many words of a concept describe it for a model."""
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
    """What is known of one word: concepts it names alone, and what a rare word for people means.

    Phrases of up to `longest` words may begin with it, and the name of a place or language with it or a part of it
    (`starts_name`); `is_foreign` words can be said in English.
    """

    folded: str
    concepts: tuple[int, ...] = ()
    longest: int = 1
    starts_name: bool = False
    is_foreign: bool = False
    role: str = ""


class Lexicon(NamedTuple):
    """`concepts` phrase → numbers, `names` by number, `specific` weight by number, `roles` rare word → plain words.

    `described` has the name of each concept with its first words, `longest` tells how many words the longest phrase has
    that begins with a word: most words are passed over at once. `memo` keeps what was found out of single words.
    """

    concepts: Mapping[str, tuple[int, ...]]
    names: tuple[str, ...]
    described: tuple[str, ...]
    specific: tuple[float, ...]
    roles: Mapping[str, str]
    gazetteer: Gazetteer
    longest: Mapping[str, int]
    tongues: Tongues
    memo: dict[str, Told]


class Heard(NamedTuple):
    """What a text says explicitly; `plain` is the text with rare words said in plain ones, empty without any."""

    concepts: frozenset[int] = frozenset()
    where: Where = NOWHERE
    plain: str = ""


def fold(text: str) -> str:
    """Small letters without accents; "ø" and "ß" too."""
    if text.isascii():  # the same, at once
        return text.lower()
    low = text.casefold().replace("ø", "o").replace("ł", "l").replace("ı", "i").replace("’", "'")
    return "".join(c for c in unicodedata.normalize("NFD", low) if unicodedata.category(c) != "Mn")


def read_lexicon(
    concepts: Iterable[str], roles: Iterable[str], gazetteer: Gazetteer, tongues: Iterable[str] = ()
) -> Lexicon:
    """Lines "name: word, word" of concepts, "word: plain words" of roles, and words of other tongues.

    A line "+name: word, word" has more words of a concept, names of firms for instance, that make it no less specific.
    """
    found: dict[str, tuple[int, ...]] = {}
    numbers: dict[str, int] = {}
    described: dict[str, str] = {}
    sizes: list[int] = []
    for line in concepts:
        if not line.strip() or line.startswith("#"):
            continue
        name, words = _pair(line)
        phrases = list(dict.fromkeys(filter(None, (" ".join(_WORD.findall(fold(word))) for word in words.split(",")))))
        if not name.startswith("+"):
            described[name] = f"{name}: {', '.join(phrases[:DESCRIBED])}"
            sizes.append(len(phrases))
        number = numbers.setdefault(name.removeprefix("+"), len(numbers))
        for way in dict.fromkeys(way for phrase in phrases for way in spellings(phrase)):
            found[way] = (*found.get(way, ()), number)
    plain = dict(_pair(line) for line in roles if line.strip() and not line.startswith("#"))
    return Lexicon(
        found,
        tuple(described),
        tuple(described.values()),
        tuple(min(1.0, 3 / math.sqrt(size)) for size in sizes),
        plain,
        gazetteer,
        {phrase.partition(" ")[0]: size for size, phrase in sorted((one.count(" ") + 1, one) for one in found)},
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
    given = text
    words, told = _told_words(lexicon, text)
    if any(one.is_foreign for one in told):
        text = english(lexicon, text)
        words, told = _told_words(lexicon, text)
    named: list[tuple[str, bool]] = []
    if any(one.starts_name for one in told):
        for place, (word, one) in enumerate(zip(words, told, strict=True)):
            capital = word[0].isupper() and (place > 0 or not text.startswith(word))
            named += [(piece, capital) for piece in (one.folded, *parts(one.folded))]
    where = find_where(lexicon.gazetteer, text, named)
    roles = [one.role for one in told if one.role]
    said = f"{text} ({'; '.join(roles)})" if roles else text
    return Heard(_concepts(lexicon, told), where, "" if said == given else said)


def _told_words(lexicon: Lexicon, text: str) -> tuple[list[str], list[Told]]:
    """The words of a text and what is known of each."""
    words, memo = _WORD.findall(text), lexicon.memo
    return words, [memo.get(word) or _remember(lexicon, word) for word in words]


def _remember(lexicon: Lexicon, word: str) -> Told:
    if word.isdecimal():
        return Told(word)
    folded = fold(word)
    role = lexicon.roles.get(folded) or lexicon.roles.get(singular(folded)) or ""
    told = _tell(lexicon, folded)._replace(role=role)
    if role and not told.concepts:
        explained = _concepts(lexicon, [_tell(lexicon, fold(other)) for other in _WORD.findall(role)])
        told = told._replace(concepts=tuple(sorted(explained)))
    if len(lexicon.memo) >= REMEMBERED:
        lexicon.memo.clear()
    lexicon.memo[word] = told
    return told


def _tell(lexicon: Lexicon, folded: str) -> Told:
    """What is known of a folded word without its explanation."""
    alone = _named(lexicon, folded)
    for part in () if alone else parts(folded):
        alone += _named(lexicon, part)
    names = lexicon.gazetteer.starts
    is_name = folded in names or not names.isdisjoint(parts(folded))
    return Told(folded, alone, lexicon.longest.get(folded, 1), is_name, bool(lexicon.tongues.say(folded)))


def _named(lexicon: Lexicon, words: str) -> tuple[int, ...]:
    """Concepts that these words name, however the last of them is written."""
    head, space, last = words.rpartition(" ")
    return next(filter(None, (lexicon.concepts.get(f"{head}{space}{form}") for form in forms(last))), ())


def _concepts(lexicon: Lexicon, told: list[Told]) -> frozenset[int]:
    """Concepts of a text: those of the longest phrase that begins at a word, else those of the word."""
    found: list[int] = []
    start = 0
    while start < len(told):
        length, numbers, longest = 1, told[start].concepts, told[start].longest
        for most in range(min(longest, len(told) - start), 1, -1) if longest > 1 else ():
            phrase = _named(lexicon, " ".join(one.folded for one in told[start : start + most]))
            if phrase:
                length, numbers = most, phrase
                break
        found += numbers
        start += length
    return frozenset(found)


def english(lexicon: Lexicon, text: str) -> str:
    """The text with words of other tongues said in English, as far as they are known."""
    return lexicon.tongues.english(text, _folded)


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return fold(word)


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

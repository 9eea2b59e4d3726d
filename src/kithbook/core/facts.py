"""Good notes (method §8): what is known about somebody, what may have changed, and what to learn next."""

from __future__ import annotations

import datetime as dt
import functools
import unicodedata
from typing import Final, NamedTuple

from kithbook.core.ledger import add_months

STALE_MONTHS: Final = 24
"""A fact older than this is worth asking again (d)."""
ABOUT: Final = ("fact", "interest", "need", "goal", "offer")
LASTING: Final = frozenset(("offer", "interest", "fact", "need"))
"""What is asked again when it is old; goals belong to their year and are asked anew instead."""

_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})
_PAIRS: Final = {"ss": "ß", "ae": "æ", "oe": "œ", "th": "þ"}


class Known(NamedTuple):
    """What is noted about a person: yes or no for each thing one could know, and their stage."""

    stage: int
    work: bool = False
    place: bool = False
    met: bool = False
    birthday: bool = False
    interest: bool = False
    need: bool = False
    goal: bool = False
    offer: bool = False
    personal: bool = False
    reach: bool = False


class Gap(NamedTuple):
    """One thing still unknown: a code, what is missing, and a question to learn it by in passing."""

    code: str
    what: str
    question: str


GAPS: Final[tuple[tuple[str, int, str, str], ...]] = (
    ("work", 1, "what they do", "What are you working on these days?"),
    ("met", 1, "where and through whom you met", "Where was it, and who brought you together?"),
    ("reach", 1, "how to reach them", "What is the best way to reach you?"),
    ("need", 1, "what they look for", "Is there anything or anybody you are looking for just now?"),
    ("interest", 2, "what they care about", "What do you do when you are not working?"),
    ("place", 2, "where they live", "Where are you based now?"),
    ("goal", 2, "what they want to reach this year", "What would make this a good year for you?"),
    ("personal", 3, "something personal", "How is everybody at home?"),
    ("offer", 3, "what they like to help with", "What do people come to you for?"),
    ("birthday", 4, "their birthday", "When is your birthday?"),
)  # fmt: skip
"""Code, the stage from which it matters, what is missing, a question."""


def learn_next(known: Known, most: int = 3) -> list[Gap]:
    """At most so many things to learn next: what belongs to their stage first, in the order above."""
    missing = [
        (stage > known.stage, number, Gap(code, what, question))
        for number, (code, stage, what, question) in enumerate(GAPS)
        if stage <= known.stage + 1 and not getattr(known, code)
    ]
    return [gap for _, _, gap in sorted(missing)[:most]]


def is_stale(about: str, noted_on: dt.date, today: dt.date) -> bool:
    """Whether a note is more than two years old and of a kind that may have changed; the day itself is not yet."""
    return about in LASTING and today > add_months(noted_on, STALE_MONTHS)


def help_with(about: str, text: str) -> str:
    """One small thing to do for somebody about a need or goal of theirs."""
    words = text.strip().rstrip(".")
    if about == "goal":
        return f"They want {words}: one name, article or hint that helps."
    return f"They look for {words}: whom could you point them to?"


def fold_text(text: str) -> str:
    """Fold a text for finding words in it: small letters without accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def accent_classes(word: str) -> list[list[str]]:
    """Ways to write a folded word: for each place the letters that `fold_text` makes the same, capitals included.

    A second way has the letters that stand for two (ß, æ, œ, þ) where the word may mean them.
    """
    short = word
    for pair, one in _PAIRS.items():
        short = short.replace(pair, one)
    return [[_variants().get(letter, letter) for letter in way] for way in dict.fromkeys((word, short))]


@functools.cache
def _variants() -> dict[str, str]:
    """Each folded letter with all that fold to it, itself first; the Latin of Europe, Greek and Cyrillic."""
    found: dict[str, str] = {}
    for number in (*range(0x41, 0x5B), *range(0xB5, 0x180), *range(0x370, 0x530)):
        letter = chr(number)
        folded = fold_text(letter)
        if len(folded) == 1 and letter.isalpha():
            found.setdefault(folded, folded)
            found[folded] += letter if letter != folded else ""
    return found | {one: one + one.upper() for one in _PAIRS.values()}

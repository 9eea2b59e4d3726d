"""Words for work in German, French and Spanish, said in English, so that English vectors and concepts see them.

A word is looked up as it stands, then without the endings of plurals and of women ("Lehrerinnen", "traductrices"), and
a long German word as the known words it is put together of ("Kirchenmusiker": church, musician). What is not known is
left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ELISION = re.compile(r"^(?:d|l|qu)'")
_ENDINGS = ("innen", "in", "en", "n", "es", "s", "e")
_LINKS = ("", "s", "n", "en", "es", "er", "e")
"""Letters that join the parts of a German compound."""
LEAST_PART, LEAST_COMPOUND, LEAST_STEM = 3, 8, 5
REMEMBERED = 50_000


class Tongues:
    """Folded words with what they are in English; `parts` only within German compounds; `kept` are left as they are."""

    __slots__ = ("_kept", "_memo", "_parts", "_words")

    def __init__(self, words: Mapping[str, str], parts: Mapping[str, str], kept: Container[str] = ()) -> None:
        self._words, self._parts, self._kept = words, {**words, **parts}, kept
        self._memo: dict[str, str] = {}

    def english(self, text: str, fold: Callable[[str], str]) -> str:
        """The text with the words that are known said in English; `fold` gives a word small and without accents."""
        return _WORD.sub(lambda found: self.say(fold(found.group())) or found.group(), text)

    def say(self, word: str) -> str:
        """A folded word in English, empty where it is not known."""
        said = self._memo.get(word)
        if said is None:
            plain = _ELISION.sub("", word)
            said = "" if word in self._kept else self._find(plain, self._words) or self._compound(plain)
            if len(self._memo) >= REMEMBERED:
                self._memo.clear()
            self._memo[word] = said
        return said

    def _find(self, word: str, known: Mapping[str, str]) -> str:
        if word in known:
            return known[word]
        for ending in _ENDINGS:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) >= LEAST_STEM and stem in known:
                return known[stem]
        return ""

    def _compound(self, word: str) -> str:
        """All of the word as known words, the longest first part first; "" where something is left over."""
        if len(word) < LEAST_COMPOUND:
            return ""
        for cut in range(len(word) - LEAST_PART, LEAST_PART - 1, -1):
            head = self._parts.get(word[:cut], "")
            for link in _LINKS if head else ():
                if word[cut:].startswith(link):
                    rest = word[cut + len(link) :]
                    tail = self._find(rest, self._parts) or self._compound(rest)
                    if tail:
                        return f"{head} {tail}"
        return ""


def read_tongues(lines: Iterable[str], kept: Container[str] = ()) -> Tongues:
    """Lines "english: word, word" of folded words, the first that has a word counts; "~" before parts of compounds.

    `kept` are words that mean something in English already.
    """
    words: dict[str, str] = {}
    parts: dict[str, str] = {}
    for line in lines:
        if line.strip() and not line.startswith("#"):
            said, _, known = line.partition(":")
            for word in known.split(","):
                (parts if said.startswith("~") else words).setdefault(word.strip(), said.strip().removeprefix("~"))
    return Tongues(words, parts, kept)

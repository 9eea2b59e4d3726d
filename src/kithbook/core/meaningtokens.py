"""WordPiece: cuts a text into the pieces of a vocabulary, as the uncased BERT family does.

Lower case, accents dropped, punctuation and CJK signs by themselves; then the longest known beginning of each word,
again and again. Agrees with the reference tokenizer (tests/core/test_meaning_tokens.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

UNKNOWN, START, END = "[UNK]", "[CLS]", "[SEP]"
LONGEST_WORD = 100
REMEMBERED = 50_000
_PLAIN = re.compile(r"[a-z0-9]+|[^a-z0-9\s]")
_CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2FA1F), (0xF900, 0xFAFF))


def split_words(text: str) -> list[str]:
    """Words and single signs, folded."""
    if text.isascii() and text.isprintable():  # the same, ten times as fast
        return _PLAIN.findall(text.lower())
    found: list[str] = []
    word: list[str] = []
    for letter in unicodedata.normalize("NFD", text.lower()):
        kind = unicodedata.category(letter)
        if kind == "Mn" or letter in "\0\ufffd" or (kind[0] == "C" and letter not in "\t\n\r"):
            continue
        alone = _stands_alone(letter, kind)
        if (alone or letter.isspace()) and word:
            found.append("".join(word))
            word = []
        if alone:
            found.append(letter)
        elif not letter.isspace():
            word.append(letter)
    if word:
        found.append("".join(word))
    return found


def _stands_alone(letter: str, kind: str) -> bool:
    code = ord(letter)
    if kind[0] == "P" or 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126:
        return True
    return any(low <= code <= high for low, high in _CJK)


class WordPieces:
    """A vocabulary; `encode` gives the numbers of the pieces of a text, without start and end signs."""

    __slots__ = ("_known", "_memo", "end", "start", "unknown")

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._known = {piece: number for number, piece in enumerate(vocabulary)}
        self._memo: dict[str, tuple[int, ...]] = {}
        self.unknown, self.start, self.end = (self._known[sign] for sign in (UNKNOWN, START, END))

    def encode(self, text: str) -> list[int]:
        """Numbers of the pieces."""
        memo = self._memo
        found: list[int] = []
        for word in split_words(text):
            found += memo.get(word) or self._pieces(word)
        return found

    def vocabulary(self) -> list[str]:
        """All pieces, by number."""
        return list(self._known)

    def is_whole(self, word: str) -> bool:
        """Whether the vocabulary has the word as one piece."""
        return word in self._known

    def _pieces(self, word: str) -> tuple[int, ...]:
        found = self._cut(word)
        if len(self._memo) >= REMEMBERED:
            self._memo.clear()
        self._memo[word] = found
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST_WORD:
            return (self.unknown,)
        numbers, start = [], 0
        while start < len(word):
            end, prefix = len(word), "##" if start else ""
            while end > start and prefix + word[start:end] not in self._known:
                end -= 1
            if end == start:
                return (self.unknown,)
            numbers.append(self._known[prefix + word[start:end]])
            start = end
        return tuple(numbers)

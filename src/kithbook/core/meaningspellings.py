"""Ways a word is written: singular, verb, British and American, with and without hyphens."""

from __future__ import annotations

import re
from functools import lru_cache

LEAST_STEM = 3
REMEMBERED = 50_000
_AMERICAN = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"(?<=\w{3})our\b", "or"),
        (r"(?<=\w{3})is(e|er|ing|ation)\b", r"iz\1"),
        (r"(?<=\w)ae(?=\w)", "e"),
        (r"(?<=[tb])re\b", "er"),
        (r"(?<=l)l(ing|or|er)\b", r"\1"),
        (r"\b(program)me\b", r"\1"),
        (r"\b(lic|def)ence\b", r"\1ense"),
        (r"\bjewellery\b", "jewelry"),
        (r"\bmould", "mold"),
        (r"\bplough", "plow"),
    )
)
_BRITISH = re.compile("our|is[ei]|isation|ae|[tb]re|ll|programme|ence|jewellery|mould|plough")
"""Phrases without any of this, most of them, need no other look."""
_AS_THEY_ARE = frozenset(("retired", "united", "used", "being"))
"""Words that are something else than their verb: a retired baker is no matter of retirement."""
_LINKS = frozenset(("in", "of", "to", "the", "and", "by", "de"))


def spellings(phrase: str) -> list[str]:
    """A folded British phrase, the same as Americans write it, and both without hyphens or with spaces for them."""
    american = phrase
    for pattern, said in _AMERICAN if _BRITISH.search(phrase) else ():
        american = pattern.sub(said, american)
    ways = [phrase, american]
    ways += [way.replace("-", sign) for way in ways if "-" in way for sign in ("", " ")]
    return list(dict.fromkeys(ways))


def parts(word: str) -> list[str]:
    """The words of one with hyphens; none of "mother-in-law", which says nothing of law."""
    found = word.split("-") if "-" in word else []
    return [] if _LINKS.intersection(found) else found


@lru_cache(maxsize=REMEMBERED)
def forms(word: str) -> tuple[str, ...]:
    """A folded word as it stands, then in the singular, without its hyphens, and the verb of "teaching", "planned"."""
    ways = [word, singular(word)]
    if "-" in word:
        ways += [way.replace("-", sign) for way in ways for sign in ("", " ")]
    for ending in () if word in _AS_THEY_ARE else ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= LEAST_STEM:
            ways += _verbs(stem, ending)
    return tuple(dict.fromkeys(ways))


def _verbs(stem: str, ending: str) -> list[str]:
    """What "runn", "marri", "translat", "paint" may come from."""
    ways = [f"{stem}e"]
    if stem[-1] == stem[-2]:
        ways.insert(0, stem[:-1])
    if ending == "ed" and stem.endswith("i"):
        ways.insert(0, f"{stem[:-1]}y")
    return [*ways, stem] if len(stem) > LEAST_STEM else ways


@lru_cache(maxsize=REMEMBERED)
def singular(word: str) -> str:
    """A folded English noun without the ending of plurals, or a word without "'s"."""
    if word.endswith("'s"):
        return word[:-2]
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word

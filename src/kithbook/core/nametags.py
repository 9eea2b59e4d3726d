"""Names as people write them in profiles: the name proper, and what they put around it."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_CREDENTIALS = frozenset(
    "phd ph.d ph.d. dphil md m.d. mba emba msc m.sc. bsc ma mph mpa llm ll.m. jd j.d. esq esq. cpa cfa cma acca fca "
    "aca frm pmp psm cspo csm cissp cisa cism pe p.e. rn dds dvm edd ed.d. dba mbbs frcs mrcs faia aia shrm-cp "
    "shrm-scp sphr phr cfp cipd mcipd fcipd pcc acc mcc ceng meng beng dipl.-ing. dipl.-kfm. mrics frics csc ctp cfe "
    "togaf itil".split()
)
_TITLES = frozenset("dr dr. prof prof. professor mr mr. mrs mrs. ms ms. ir ir. ing. dipl.-ing.".split())
_PART_OF_NAME = frozenset("jr jr. sr sr. ii iii iv".split())
_PRONOUNS = re.compile(r"(?:she|he|they|xe|ze|elle|il|sie|er|ella|él|hij|zij)\b[/ ,&a-zé]*\Z", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*")
_HEADLINE = re.compile(r"\s*(?:\||•|–|—|\s-\s).*\Z", re.DOTALL)
_JOINERS = re.compile("[\u200d\ufe0e\ufe0f\u20e3\U000e0020-\U000e007f\U0001f3fb-\U0001f3ff]")
_ORNAMENTS = frozenset(("So", "Cn", "Co", "Cs", "Cc"))  # symbols, unassigned, private, halves, control
_MAX_TAG = 24


class CleanName(NamedTuple):
    """`given` and `family` without ornaments; what was taken off is in `nicknames`, `tags` and `rest`."""

    given: str
    family: str
    nicknames: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    rest: str = ""

    @property
    def full(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}".strip()


def clean_name(given: str, family: str) -> CleanName:
    """Take credentials, titles, pronouns, second names in brackets, headlines and emoji off a name.

    Credentials and titles ("PhD", "Dr.") and pronouns become tags, a name in brackets a nickname, everything
    else `rest`, so that nothing but emoji is lost. "Jr." and "III" are part of a name and stay.
    """
    tags: list[str] = []
    nicknames: list[str] = []
    rest: list[str] = []
    given = _cut(_plain(given), nicknames, tags, rest)
    family = _cut(_plain(family), nicknames, tags, rest)
    given = _strip_titles(given, tags)
    family = _strip_credentials(family, tags, keep_last=not given)
    given = _strip_credentials(given, tags, keep_last=True)
    unique = dict.fromkeys
    return CleanName(given, family, tuple(unique(nicknames)), tuple(unique(tags)), "; ".join(unique(rest)))


def _plain(text: str) -> str:
    """Without emoji and control characters, letters of mathematical alphabets as plain letters, blanks single."""
    if not text.isascii():
        styled = any("\U0001d400" <= char <= "\U0001d7ff" for char in text)
        text = unicodedata.normalize("NFKC" if styled else "NFC", text)
        cleaned = "".join(" " if unicodedata.category(char) in _ORNAMENTS else char for char in text)
        # A joiner belongs to letters in Persian and Indic names; only next to emoji it is an ornament.
        text = _JOINERS.sub("", cleaned) if cleaned != text else cleaned
    return " ".join(text.split())


def _cut(text: str, nicknames: list[str], tags: list[str], rest: list[str]) -> str:
    for inside in _BRACKETS.findall(text):
        inside = inside.strip()
        if _PRONOUNS.match(inside):
            tags.append(inside.lower())
        elif inside:
            (nicknames if inside.replace(" ", "").isalpha() and len(inside) <= _MAX_TAG else rest).append(inside)
    text = _BRACKETS.sub(" ", text).strip()
    headline = _HEADLINE.search(text)
    if headline and headline.start():
        rest.append(headline[0].strip(" |•–—-"))
        text = text[: headline.start()]
    name, *extras = (part.strip() for part in text.split(","))
    for extra in extras:
        if extra.lower() in _PART_OF_NAME:
            name = f"{name} {extra}"
        elif extra:
            (tags if len(extra) <= _MAX_TAG else rest).append(extra)
    return name.strip()


def _strip_titles(text: str, tags: list[str]) -> str:
    words = text.split()
    while len(words) > 1 and words[0].lower() in _TITLES:
        tags.append(words.pop(0))
    return " ".join(words)


def _strip_credentials(text: str, tags: list[str], *, keep_last: bool) -> str:
    """Take known credentials off the end; small letters as in "Ma" are a name."""
    words = text.split()
    found: list[str] = []
    while words and _is_credential(words[-1]):
        if len(words) == 1 and (keep_last or len(words[0]) <= 2):  # "Jack MA" has a family name
            break
        found.insert(0, words.pop())
    tags += found
    return " ".join(words)


def _is_credential(word: str) -> bool:
    return word.lower() in _CREDENTIALS and not word.islower() and not (word.istitle() and len(word) < 4)

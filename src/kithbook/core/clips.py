"""Clips: what somebody could be sent, and whom it suits, by the words that a text and a topic share (method §8).

A topic fits a text if the text holds more than half of the topic's words, and at least two of them where it has two.
Words are compared by their stem; common ones are left out. What is meant without being said is found by
`services.matching`, which takes longer and is asked for one clip at a time.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

import numpy as np

from kithbook.core.daywords import say_date

LEAST_SHARE, LEAST_WORDS = 0.5, 2
"""The text holds more than this part of a topic, and so many of its words."""
KIND_WEIGHTS: Mapping[str, float] = {"need": 1.0, "goal": 0.95, "interest": 0.9}
"""What of a person is matched, and how much it says (judgement)."""
_URL = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_COMMON = frozenset(
    """a about after all also am an and any are as at be been best better but by can could do does each few for from get
    give good great had has have he her here him his how i if in into is it its job just know less like look
    looking make many me more most much my need needs new next no not now of off on one only or other our out over
    own people person really she should show so some somebody someone something such than that the their them then
    there these they thing things this those through to too top two under up use using very want wants was way we
    week well were what when where which while who whom why will with without work working would year years you
    your http https www com org net der die das und oder mit von fur ein eine einen im in den dem zu zum zur auf
    aus bei nach uber wie was wer ist sind le la les un une des du de et ou pour avec dans sur el los las y con
    para por il lo gli di da per una che""".split()
)
_TRACKING = re.compile(r"(?:utm_[a-z]+|fbclid|gclid|mc_[ce]id|ref_src)=[^&]*&?", re.IGNORECASE)
_ENDINGS = tuple("ization isation ations ation ments ment ings ing ies ers er ed es s".split())
LONGEST_TITLE = 300


class TopicOf(NamedTuple):
    """A need, goal or interest of a person; `person` and `key` are ids."""

    person: int
    kind: str
    text: str
    noted_on: date
    key: int = 0


class Fit(NamedTuple):
    """A topic that a text fits; `share`, 0 to 1, is the part of the topic in the text times the weight of its kind."""

    topic: TopicOf
    share: float


class Written(NamedTuple):
    """What one field says: an address, if one is in it, and a title."""

    url: str
    title: str


@lru_cache(maxsize=100_000)
def stems(text: str) -> frozenset[str]:
    """The stems of the telling words of a text, without accents; common words and single letters left out."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = (word.partition("'")[0].partition("’")[0] for word in _WORD.findall(plain))
    return frozenset(stem(word) for word in words if word not in _COMMON and len(word) > 1)


def stem(word: str) -> str:
    """A word without its ending, as far as four letters stay (three before an s): "sailing" becomes "sail"."""
    for ending in _ENDINGS:
        least = 3 if ending == "s" else 4
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith(("ss", "us", "is")):
            base = word[: -len(ending)]
            if ending == "ies":
                return f"{base}y"
            doubled = ending in ("ing", "ings", "ed", "er", "ers") and base[-1] == base[-2] and base[-1] not in "ls"
            return base[:-1] if doubled else base.rstrip("e") if len(base) > 4 else base
    return word.rstrip("e") if len(word) > 4 else word


def share_of(held: int, words: int, kind: str) -> float:
    """How well a text fits that holds so many of a topic's words; 0 where it does not."""
    fits = held > LEAST_SHARE * words and held >= min(LEAST_WORDS, words)
    return held / words * KIND_WEIGHTS.get(kind, 0.0) if fits else 0.0


class TopicIndex:
    """All topics by the stems in them: what a text could suit is found without looking at everybody."""

    def __init__(self, topics: Iterable[TopicOf]) -> None:
        self._topics = [topic for topic in topics if topic.kind in KIND_WEIGHTS]
        found = [stems(topic.text) for topic in self._topics]
        having: dict[str, list[int]] = defaultdict(list)
        for number, some in enumerate(found):
            for one in some:
                having[one].append(number)
        self._having = {one: np.array(numbers, dtype=np.int64) for one, numbers in having.items()}
        self._words = np.array([max(1, len(some)) for some in found], dtype=np.int64)
        self._weight = np.array([KIND_WEIGHTS[topic.kind] for topic in self._topics], dtype=np.float64)
        self._person = np.array([topic.person for topic in self._topics], dtype=np.int64)
        self._day = np.array([topic.noted_on.toordinal() for topic in self._topics], dtype=np.int64)

    def __len__(self) -> int:
        return len(self._topics)

    def find(self, text: str, most: int = 50, without: Collection[int] = ()) -> list[Fit]:
        """The best topic of each person that the text fits, best first; people in `without` are left out."""
        hits = [self._having[one] for one in stems(text) if one in self._having]
        if not hits:
            return []
        rows, held = np.unique(np.concatenate(hits), return_counts=True)
        words = self._words[rows]
        fits = (held > LEAST_SHARE * words) & (held >= np.minimum(LEAST_WORDS, words))
        if without:
            fits &= ~np.isin(self._person[rows], np.fromiter(without, np.int64, len(without)))
        rows, share = rows[fits], (held / words * self._weight[rows])[fits]
        order = np.lexsort((self._person[rows], -self._day[rows], -share))
        found: dict[int, Fit] = {}
        for place in order:
            topic = self._topics[int(rows[place])]
            found.setdefault(topic.person, Fit(topic, float(share[place])))
            if len(found) >= most:
                break
        return list(found.values())


class TextIndex:
    """Texts by the stems in them: which of them suit the topics of one person, by the same rule."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._having: dict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(texts):
            for one in stems(text):
                self._having[one].append(number)

    def find(self, topics: Iterable[TopicOf]) -> dict[int, Fit]:
        """The best fit of each text that suits one of the topics, by its place."""
        best: dict[int, Fit] = {}
        for topic in topics:
            words = stems(topic.text)
            held = Counter(number for one in words for number in self._having.get(one, ()))
            for number, count in held.items():
                share = share_of(count, len(words), topic.kind)
                if share > (best[number].share if number in best else 0.0):
                    best[number] = Fit(topic, share)
        return best


def read_field(text: str, title: str = "") -> Written:
    """Take one field apart: the first address in it, and the words beside it as the title, or a title from the address.

    A text without an address is a note: its first line is the title.
    """
    found = _URL.search(text)
    url = found[0].rstrip(".,;:!?)»”'") if found else ""
    rest = " ".join(text.replace(url, " ", 1).split()).strip(" .:,;–-") if url else " ".join(text.split())
    words = " ".join(title.split()) or rest or (title_of(url) if url else "")
    return Written(url, words[:LONGEST_TITLE])


def title_of(url: str) -> str:
    """A title from an address: its last telling part in words, with the site; nothing is fetched."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url[:LONGEST_TITLE]
    site = (parts.hostname or url).removeprefix("www.")
    pieces = [unquote(piece) for piece in parts.path.split("/") if piece]
    for piece in reversed(pieces):
        words = re.sub(r"[-_+.]+", " ", re.sub(r"\.(?:html?|php|aspx?|pdf)$", "", piece, flags=re.IGNORECASE)).strip()
        if sum(letter.isalpha() for letter in words) >= 4:
            return f"{words[:1].upper()}{words[1:]} ({site})"[:LONGEST_TITLE]
    return site


def clip_key(url: str, title: str) -> int:
    """A number of 62 bits for the same thing: by its address without tracking and fragment, else by its title."""
    text = same_address(url) if url else "title:" + " ".join(title.casefold().split())
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 2


def same_address(url: str) -> str:
    """An address in the form in which two links to the same page are equal."""
    try:
        parts = urlsplit(url.strip())
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:  # no address at all, however it begins
        return url.strip()
    host = (parts.hostname or "").removeprefix("www.")
    query = _TRACKING.sub("", parts.query).rstrip("&")
    return urlunsplit(("web", host + port, parts.path.rstrip("/"), query, ""))


def explain(name: str, topic: TopicOf, today: date) -> str:
    """Why a clip suits somebody: "Ben is interested in sailing, noted 3 May."."""
    text = topic.text.strip().rstrip(".")
    says = {"need": f"{name} is looking for {text}", "goal": f"{name}’s goal: {text}"}
    return f"{says.get(topic.kind, f'{name} is interested in {text}')}, noted {say_date(topic.noted_on, today)}."

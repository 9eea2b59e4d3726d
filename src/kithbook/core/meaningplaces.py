"""Places, countries and languages in a text, and how well two texts agree in them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

NEAR_KM, REGION_KM, FAR_KM = 60.0, 180.0, 400.0
SAME_PLACE, IN_COUNTRY, SAME_COUNTRY, OTHER_PLACE = 1.0, 0.7, 0.4, -0.4
SAME_LANGUAGE, LANGUAGE_OF_COUNTRY = 1.0, 0.5
LONGEST = 3
_PAIR_OF_CODES = re.compile(r"\b([A-Z]{2})\s?(?:[-–—/>→]|<->|↔)\s?([A-Z]{2})\b")


class Place(NamedTuple):
    """A city, a region or a whole country (without a position). `country` is its two-letter code, empty for none."""

    name: str
    kind: str
    country: str
    latitude: float = 0.0
    longitude: float = 0.0


class Gazetteer(NamedTuple):
    """Folded names to places; `guarded` names are ordinary words too and count only with a capital inside a text.

    `languages` names languages; `spoken` tells the languages of a country; `starts` has the first word of every name.
    """

    places: Mapping[str, Place]
    guarded: frozenset[str]
    languages: Mapping[str, str]
    codes: frozenset[str]
    spoken: Mapping[str, tuple[str, ...]]
    starts: frozenset[str]


class Where(NamedTuple):
    """What a text says of places and languages."""

    places: tuple[Place, ...] = ()
    languages: frozenset[str] = frozenset()


NOWHERE = Where()


def read_gazetteer(lines: Iterable[str]) -> Gazetteer:
    """Lines of `kind|country|latitude|longitude|name;other name`, kinds city, region, country, language.

    A "!" before a name guards it. A language has its code in the place of the country, and a country has the codes of
    its languages in the place of the latitude.
    """
    places: dict[str, Place] = {}
    guarded: set[str] = set()
    languages: dict[str, str] = {}
    spoken: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        kind, country, first, second, names = line.rstrip("\n").split("|")
        title = names.split(";")[0].lstrip("!")
        if kind == "country":
            spoken[country] = tuple(filter(None, first.split(",")))
        at = (float(first or 0), float(second or 0)) if kind in ("city", "region") else (0.0, 0.0)
        for name in names.split(";"):
            key = name.lstrip("!").casefold()
            if name.startswith("!"):
                guarded.add(key)
            if kind == "language":
                languages.setdefault(key, country)
            else:
                places.setdefault(key, Place(title, kind, country, *at))
    codes = frozenset(code.upper() for code in languages.values())
    starts = frozenset(name.partition(" ")[0] for name in (*places, *languages))
    return Gazetteer(places, frozenset(guarded), languages, codes, spoken, starts)


def find_where(gazetteer: Gazetteer, text: str, words: list[tuple[str, bool]]) -> Where:
    """Places and languages in a text; `words` are its folded words, each with whether it has a capital inside."""
    places: list[Place] = []
    languages: set[str] = set()
    for first, second in _PAIR_OF_CODES.findall(text):
        if {first, second} <= gazetteer.codes:
            languages |= {first.lower(), second.lower()}
    start = 0
    while start < len(words):
        most = LONGEST if words[start][0] in gazetteer.starts else 0
        for length in range(min(most, len(words) - start), 0, -1):
            part = words[start : start + length]
            name = " ".join(word for word, _ in part)
            if name in gazetteer.languages:
                languages.add(gazetteer.languages[name])
            if name in gazetteer.places and (name not in gazetteer.guarded or all(capital for _, capital in part)):
                places.append(gazetteer.places[name])
                start += length - 1
                break
        start += 1
    return Where(tuple(dict.fromkeys(places)), frozenset(languages)) if places or languages else NOWHERE


def agree(gazetteer: Gazetteer, need: Where, offer: Where) -> float:
    """How well an offer's places and languages suit a need's: −0.4 elsewhere … 2 both the same; 0 where unsaid."""
    total = 0.0
    if need.places and offer.places:
        best = max(agree_places(a, b) for a in need.places for b in offer.places)
        total += best
    if need.languages and offer.languages:
        shared = len(need.languages & offer.languages) / len(need.languages)
        total += SAME_LANGUAGE * shared
    elif need.languages and offer.places:
        spoken = {code for place in offer.places for code in gazetteer.spoken.get(place.country, ())}
        total += LANGUAGE_OF_COUNTRY * bool(need.languages & spoken)
    elif offer.languages and need.places:
        spoken = {code for place in need.places for code in gazetteer.spoken.get(place.country, ())}
        total += LANGUAGE_OF_COUNTRY * bool(offer.languages & spoken)
    return total


@lru_cache(maxsize=50_000)
def agree_places(a: Place, b: Place) -> float:
    """How near two places are: the same or within an hour, in the same country, or elsewhere."""
    if "country" in (a.kind, b.kind):
        return IN_COUNTRY if a.country == b.country else OTHER_PLACE
    apart = distance_km(a, b)
    if apart <= (REGION_KM if "region" in (a.kind, b.kind) else NEAR_KM):
        return SAME_PLACE
    if a.country == b.country:
        return SAME_COUNTRY if apart <= FAR_KM else 0.0
    return OTHER_PLACE


def distance_km(a: Place, b: Place) -> float:
    """Along the great circle."""
    lat_a, lat_b = math.radians(a.latitude), math.radians(b.latitude)
    across = math.radians(b.longitude - a.longitude)
    h = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(across / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(h)))

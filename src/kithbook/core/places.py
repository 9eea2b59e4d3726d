"""Places as people write them: "Lyon, France", "lyon" and "Greater Lyon Area" are one (method §8).

No gazetteer: the first part is the town, a known country at the end is the country. Towns with two common spellings
and countries with several names are in two short tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

COUNTRIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        name: (name, *other.split("|")) if other else (name,)
        for name, _, other in (
            line.strip().partition(": ")
            for line in """
            argentina: argentinien
            australia: australien
            austria: osterreich|at|autriche
            belgium: be|belgie|belgique|belgien
            brazil: brasil|brasilien
            bulgaria
            canada: kanada
            chile
            china
            colombia: kolumbien
            croatia: hrvatska|kroatien
            cyprus
            czechia: czech republic|cesko|tschechien
            denmark: dk|danmark|danemark
            egypt: agypten
            estonia: eesti|estland
            finland: fi|suomi|finnland
            france: fr|frankreich|francia
            germany: deutschland|allemagne|de
            ghana
            greece: hellas|griechenland
            hungary: magyarorszag|ungarn
            iceland: island
            india: indien
            indonesia
            ireland: ie|eire|irland
            israel
            italy: it|italia|italien
            japan
            kenya: kenia
            latvia: lettland
            lithuania: litauen
            luxembourg: luxemburg
            malaysia
            malta
            mexico: mexiko
            morocco: maroc|marokko
            netherlands: the netherlands|nederland|holland|niederlande|nl
            new zealand: neuseeland|nz
            nigeria
            norway: norge|norwegen
            pakistan
            peru
            philippines
            poland: pl|polska|polen
            portugal: pt
            romania: rumanien
            rwanda
            saudi arabia
            serbia: srbija|serbien
            singapore: singapur
            slovakia: slovensko|slowakei
            slovenia: slovenija|slowenien
            south africa: sudafrika
            south korea: korea
            spain: es|espana|spanien
            sweden: se|sverige|schweden
            switzerland: schweiz|suisse|svizzera|ch
            taiwan
            thailand
            tunisia
            turkey: turkiye|turkei
            ukraine
            united arab emirates: uae
            united kingdom: uk|great britain|england|scotland|wales|gb
            united states: usa|us|united states of america|america
            vietnam
            """.strip().splitlines()
        )
    }
)
_COUNTRY_OF = {spelling: name for name, spellings in COUNTRIES.items() for spelling in spellings}
SPELLINGS: Mapping[str, str] = MappingProxyType(
    {
        "wien": "vienna", "munchen": "munich", "koln": "cologne", "praha": "prague", "prag": "prague",
        "roma": "rome", "rom": "rome", "milano": "milan", "mailand": "milan", "lisboa": "lisbon", "lissabon": "lisbon",
        "bruxelles": "brussels", "brussel": "brussels", "kobenhavn": "copenhagen", "kopenhagen": "copenhagen",
        "geneve": "geneva", "genf": "geneva", "zurich": "zurich", "warszawa": "warsaw", "warschau": "warsaw",
        "athens": "athens", "athina": "athens", "den haag": "the hague", "venezia": "venice", "firenze": "florence",
        "nurnberg": "nuremberg", "goteborg": "gothenburg", "new york city": "new york", "nyc": "new york",
    }
)  # fmt: skip
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})
_AROUND = re.compile(r"^(?:greater|metro|city of|region of|canton of)\s+|\s+(?:metropolitan|metro|area|region|city)$")


class Place(NamedTuple):
    """`town` and `country` in normal form; either may be empty."""

    town: str
    country: str

    @property
    def key(self) -> str:
        """What places are gathered by: the town, else the country."""
        return self.town or self.country


NOWHERE = Place("", "")


def read_place(text: str) -> Place:
    """A place in normal form, `NOWHERE` for an empty text."""
    parts = [word for part in re.split(r"[,;/(]", text) if (word := _fold(part))]
    if not parts:
        return NOWHERE
    if len(parts) == 1:
        country = _COUNTRY_OF.get(parts[0], "")
        return Place("", country) if country else Place(_town(parts[0]), "")
    country = next((_COUNTRY_OF[part] for part in reversed(parts[1:]) if part in _COUNTRY_OF), "")
    return Place(_town(parts[0]), country)


def is_same(one: Place, other: Place) -> bool:
    """Whether two places are one: the same town in countries that do not differ; a bare country holds all its towns."""
    if not (one.key and other.key):
        return False
    if one.town and other.town:
        return one.town == other.town and (one.country == other.country or not (one.country and other.country))
    return bool(one.country) and one.country == other.country


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s'-]", " ", letters).split())


def _town(folded: str) -> str:
    before = ""
    while before != folded:
        before, folded = folded, _AROUND.sub("", folded)
    return SPELLINGS.get(folded, folded)


def keep_days(stage: int, liking: float, *, is_kin: bool) -> int:
    """How often a tie left behind wants a word, in days: surprisingly seldom; 0 where none is asked for.

    Friends, family and Support and above twice a year, Trust three times, Like and whoever is liked 4 of 5 or more
    four times, the rest once a year where they are liked 3 of 5 at least or unrated (`liking` NaN).
    """
    if is_kin or stage >= 5:
        return 182
    if stage == 4:
        return 120
    if stage == 3 or liking >= 4:
        return 90
    return 0 if liking < 3 else 365

"""Address books as tables: what each column means, guessed from its name and changed by the owner.

Google's and Outlook's exports in all their versions are tables like any other: their column names are in the same
list, in the languages that Outlook writes them in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kithbook.core.cards import stable_key

MEANINGS = (
    "name", "given", "middle", "family", "nickname", "email", "phone", "url", "organisation", "role", "city", "country",
    "note", "tag", "birthday", "birth_year", "birth_month", "birth_day", "anniversary", "met_on", "met_through",
    "interest", "label", "id", "ignore",
)  # fmt: skip
"""What a column can hold. `label` says what kind the column right of it is (work, mobile); `ignore` is left out."""

# Column names, folded, by meaning. A number in a name is left out: "E-mail 2 Address" is "e-mail address".
_WORDS: Mapping[str, str] = {
    "name": "name|full name|display name|contact name|file as|vollstandiger name|anzeigename|nom complet|"
    "nombre completo|nome completo|person|contact",
    "given": "first|first name|given name|firstname|forename|vorname|prenom|nombre|nome|voornaam|imie",
    "middle": "middle|middle name|additional name|weitere vornamen|zweiter vorname|deuxieme prenom|segundo nombre",
    "family": "last|last name|family name|surname|lastname|nachname|familienname|nom|apellido|apellidos|cognome|"
    "achternaam|nazwisko",
    "nickname": "nickname|spitzname|surnom|apodo|soprannome|rufname|short name",
    "email": "e-mail address|email address|email|e-mail|mail|e-mail value|email value|e-mail-adresse|adresse e-mail|"
    "adresse de messagerie|direccion de correo electronico|correo electronico|indirizzo di posta elettronica|emails|"
    "e-mail address address|work email|home email|private e-mail|courriel",
    "phone": "phone|phone value|telephone|tel|mobile|mobile phone|cell|cell phone|home phone|business phone|"
    "primary phone|other phone|car phone|phone number|telefon|telefon geschaftlich|telefon privat|mobiltelefon|handy|"
    "haupttelefon|weiteres telefon|telephone domicile|telephone bureau|telephone professionnel|telephone mobile|"
    "tel mobile|telefono|telefono movil|telefono particular|telefono del trabajo|cellulare|telefono cellulare|phones|"
    "work phone|number|rufnummer|telefonnummer|callback",
    "url": "personal web page|personal website|business website|sites|websites|profiles|linkedin profile|website url|"
    "linkedin profile url|person linkedin url|url|website|web page|website value|profile|profile url|linkedin|"
    "linkedin url|homepage|webseite|page web|pagina web|web|site web",
    "organisation": "company name|organisation name|account name|associated company|companies|current company|"
    "company|organization|organisation|organization name|firma|unternehmen|entreprise|societe|empresa|organizacion|"
    "organizzazione|societa|employer|business|bedrijf",
    "role": "job title|title|position|role|organization title|occupation|position title|funktion|beruf|titre|"
    "fonction|cargo|puesto|posizione|professione|profession|functie",
    "city": "mailing city|work city|city|home city|business city|other city|town|place|location|address city|ort|"
    "ort privat|ort geschaftlich|ville|ville domicile|ville bureau|ciudad|citta|stadt|woonplaats",
    "country": "mailing country|work country|country|home country|business country|other country|address country|"
    "land|land privat|land geschaftlich|pays|pais|paese|land/region privat|land/region geschaftlich|"
    "pays/region bureau|country/region|home country/region|business country/region",
    "note": "notes|note|comment|comments|description|notizen|bemerkungen|remarques|commentaires|notas|opmerkingen|memo",
    "tag": "category|labels|group membership|categories|tags|groups|kategorien|gruppen|etiketten|etiquettes|"
    "categorias|categoria|keywords|stichworter|tag|group|relationship",
    "birthday": "birthday|date of birth|birth date|geburtstag|anniversaire|date de naissance|cumpleanos|compleanno|"
    "dob|bday|verjaardag",
    "birth_year": "birth year|year of birth",
    "birth_month": "birth month|month of birth",
    "birth_day": "birth day|day of birth",
    "anniversary": "anniversary|wedding anniversary|jahrestag|hochzeitstag|aniversario|anniversario",
    "met_on": "connected on|met on|date met|added on|kennengelernt am|since",
    "met_through": "referred by|met through|introduced by|empfohlen von|recommande par|recomendado por|vermittelt von",
    "interest": "hobby|hobbies|interests|hobbys|interessen|loisirs|aficiones|interessi",
    "label": "e-mail type|e-mail label|email type|phone type|phone label|address type|address label|"
    "organization type|website type|website label|event label|event type|relation label|custom field label|"
    "e-mail type type",
    "id": "id|record id|uid|uuid|external id|contact id",
    "ignore": "photo|business fax|home fax|other fax|fax|priority|private|sensitivity|mileage|initials|gender|"
    "name prefix|name suffix|suffix|billing information|directory server|language|subject|telex|pager|isdn|spouse|"
    "children|company main phone|assistants phone|telefon firma",
}
_BY_WORD = {word: meaning for meaning, words in _WORDS.items() for word in words.split("|")}
LONGEST = 200
"""Characters of a column's name that are looked at."""
_NUMBER = re.compile(r"\s*\b\d{1,2}\b\s*|\s*-\s*(?=value|type|label|city|country|name|title|formatted)")
_SALUTATIONS = frozenset(("title", "titre"))
_LIKE = (
    ("email", re.compile(r"(?:[\w -]* )?(?:e-?mails?|e-?mail address(?:es)?|e-?mail adresse|mail address)\Z")),
    ("phone", re.compile(
        r"(?!.*\b(?:company|main|assistant\w*|manager\w*|radio|tty|fax|pager)\b)"
        r"(?:(?:[\w -]* )?(?:(?:tele)?phone|mobile|cell)(?: (?:no|nr|numbers?))?\Z"
        r"|(?:telefono?|telephone|tel|movil|mobil)\b)"
    )),
)  # fmt: skip
"""What a column is by a part of its name where the whole name is not known: "Primary Email", "Mobile Number"."""

_YAHOO = frozenset(("yahoo phone", "messenger id"))
_YAHOO_PHONES = frozenset(("home", "work", "other", "primary"))
_NOT_PEOPLE = tuple(
    map(frozenset, (("duration",), ("maiden name", "headline"), ("verification type",), ("transaction made at",)))
)
"""Columns of a list of calls, and of the pages about the owner in LinkedIn's export."""

_PUNCTUATION = str.maketrans({"_": " ", "'": "", ":": " ", "(": " ", ")": " "})
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_EMAIL_CELL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")


class Guess(NamedTuple):
    """`columns` maps positions to meanings; `is_people`: enough is known to make people of the rows."""

    columns: dict[int, str]
    is_people: bool


def fold_column(name: str) -> str:
    """A column's name for comparing: no case, accents, numbers and separators."""
    words = _CAMEL.sub(" ", name[:LONGEST].replace("LinkedIn", "Linkedin"))
    plain = unicodedata.normalize("NFKD", " ".join(words.lower().lstrip("\ufeff").split()))
    plain = "".join(char for char in plain if not unicodedata.combining(char)).translate(_PUNCTUATION)
    return " ".join(_NUMBER.sub(" ", plain).split())


def guess_columns(names: Sequence[str], samples: Sequence[Sequence[str]] = ()) -> Guess:
    """What the columns mean, by their names and, where a name says nothing, by cells that are mail addresses."""
    folded = [fold_column(name) for name in names]
    found = {place: what for place, name in enumerate(folded) if (what := _meaning(name))}
    if any(what == "role" and folded[place] not in _SALUTATIONS for place, what in found.items()):
        # Outlook's "Title" is "Dr." where it has a "Job Title" as well.
        found = {place: what for place, what in found.items() if folded[place] not in _SALUTATIONS}
    if _YAHOO.issubset(folded):
        found |= {place: "phone" for place, name in enumerate(folded) if name in _YAHOO_PHONES}
    for place in range(len(names)):
        cells = [row[place] for row in samples if place < len(row) and row[place]]
        if place not in found and cells and all(_EMAIL_CELL.match(cell) for cell in cells):
            found[place] = "email"
    return Guess(found, not any(marks.issubset(folded) for marks in _NOT_PEOPLE) and _is_people(found, folded))


def _is_people(found: Mapping[int, str], folded: Sequence[str]) -> bool:
    meanings = set(found.values())
    if {"given", "family"} <= meanings or ("email" in meanings and len(folded) <= 3):
        return True
    profiles = {"url"} if any("linkedin" in name or "profile" in name for name in folded) else set()
    reachable = meanings & {"email", "phone", "organisation", "birthday", *profiles}
    return bool(meanings & {"name", "given", "family"} and reachable)


def _meaning(name: str) -> str:
    if name in _BY_WORD:
        return _BY_WORD[name]
    return next((what for what, like in _LIKE if like.match(name)), "")


def signature(names: Sequence[str]) -> int:
    """A number for these columns in whatever order, the same for every file of the same program."""
    return stable_key("columns", *sorted(filter(None, map(fold_column, names))))

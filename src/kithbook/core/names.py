"""Names of known people: folded, found in a sentence, and resolved from what somebody typed.

`NameIndex` is built once per network (10,000 people) and looked up per token, longest name first. What fits several
people keeps all of them: nothing here chooses between two Annas.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from kithbook.core import namewords as nw
from kithbook.core.addresses import normalise_email
from kithbook.core.datewords import DATE_WORDS

Forms = dict[tuple[str, ...], dict[int, int]]
"""Folded tokens of one way to say a name -> person id -> rank in `EXACTNESS`."""

EXACTNESS = ("email", "full", "short", "surname", "prefix", "part", "none")
FULL, SHORT, SURNAME = 1, 2, 3
MAX_TOKENS = 6
MAX_NAME_CHARS = 200

# An apostrophe joins ("O'Brien") unless what follows is an ending: "Frank's", "Dana'll".
_PLAIN_WORDS = re.compile(r"[A-Za-z ]*\Z")
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f]|['’ʼ](?!(?:s|ll|d|re|ve|m|t)\b)(?=[^\W\d_]))*", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_DAY_BEFORE = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?$", re.IGNORECASE)
_DAY_AFTER = re.compile(r"\.?\s+(?:the\s+)?\d{1,4}\b")
_BRACKETED = re.compile(r"[(\[][^)\]]*[)\]]")
LOCAL_PARTS = re.compile(r"[._+\-\d]+")
_APOSTROPHES = "'’ʼ"
_EXTRA: dict[int, str | None] = {
    **dict(zip(map(ord, "øłđæœðþı"), ("o", "l", "d", "ae", "oe", "d", "th", "i"), strict=True)),
    **dict.fromkeys(code for code in range(0x300, 0x370) if unicodedata.combining(chr(code))),
    **dict.fromkeys(map(ord, _APOSTROPHES)),
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})


class Known(NamedTuple):
    """One person of the network as the index wants them; e-mails in their normal form."""

    id: int
    name: str
    nicknames: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


class NameHit(NamedTuple):
    """A known name at text[start:end] (without a possessive 's); `ids` are all who fit equally well, ascending.

    `exactness` is "email", "full", "short" (first name, nickname, "Anna S.") or "surname".
    """

    start: int
    end: int
    text: str
    ids: tuple[int, ...]
    exactness: str


class Resolved(NamedTuple):
    """Who is meant by a query: all `ids` that fit at the best level found, and that level (`EXACTNESS`)."""

    ids: tuple[int, ...]
    exactness: str


class Token(NamedTuple):
    """One word of a text: where it stands, as written, and folded."""

    start: int
    end: int
    text: str
    folded: str


@lru_cache(maxsize=8192)
def fold_token(text: str) -> str:
    """Casefolded, without accents: "Zoë" -> "zoe", "Łukasz" -> "lukasz"."""
    if text.isascii():
        return text.lower().replace("'", "")
    lowered = unicodedata.normalize("NFKD", text.casefold()).translate(_EXTRA)
    if lowered.isascii():
        return lowered
    return "".join(char for char in lowered if not unicodedata.combining(char) and char not in _APOSTROPHES)


def fold_name(name: str) -> str:
    """Fold a name for comparing: no case, accents, punctuation, titles, brackets; "Last, First" put in order."""
    return " ".join(_name_tokens(name))


def spells(local: str, name: Sequence[str]) -> bool:
    """Whether the part of an address before the @ spells a whole name of two words or more: anna.berger."""
    if len(name) < 2:
        return False
    plain = LOCAL_PARTS.sub("", local)
    return plain in {"".join(name), "".join(reversed(name)), name[0] + name[-1]}


def blank(text: str, spans: Iterable[tuple[int, int]], char: str = " ") -> str:
    """Give the text with those places overwritten by one character, so that all other places stay where they are."""
    pieces, done = [], 0
    for start, end in sorted(spans):
        if start >= done:
            pieces += [text[done:start], char * (end - start)]
            done = end
    return "".join([*pieces, text[done:]])


def find_emails(text: str) -> list[tuple[int, int]]:
    """Where e-mail addresses stand in the text, in order."""
    return [match.span() for match in _EMAIL.finditer(text)]


def tokenize(text: str) -> list[Token]:
    """Give the words of a text with their places; the s of a possessive is left out."""
    tokens: list[Token] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if (
            match.group() in {"s", "S"}
            and start
            and text[start - 1] in _APOSTROPHES
            and tokens
            and tokens[-1].end == start - 1
        ):
            continue
        tokens.append(Token(start, end, match.group(), fold_token(match.group())))
    return tokens


class NameIndex:
    """The names of a network, ready to be found. Immutable after building; building is linear in the people."""

    def __init__(self, people: Iterable[Known]) -> None:
        self._forms: Forms = {}
        self._longest: dict[str, int] = {}
        self._emails: dict[str, set[int]] = {}
        self._names: dict[int, str] = {}
        self._folded: list[tuple[int, tuple[str, ...], str]] = []
        for known in people:
            self._add(known)

    def name_of(self, person_id: int) -> str:
        """Give the name as kept, "" for an id that is not in the index."""
        return self._names.get(person_id, "")

    def ids_by_email(self, email: str) -> tuple[int, ...]:
        """All who have that address."""
        return tuple(sorted(self._emails.get(_email_key(email), ())))

    def lookup(self, tokens: Sequence[str]) -> tuple[tuple[int, ...], int] | None:
        """Give the people called exactly so, only those of the best rank, and that rank."""
        found = self._forms.get(tuple(tokens))
        if not found:
            return None
        best = min(found.values())
        return tuple(sorted(person for person, rank in found.items() if rank == best)), best

    def longest(self, first: str) -> int:
        """How many tokens the longest name starting with that token has; 0 for none."""
        return self._longest.get(first, 0)

    def entries(self) -> Sequence[tuple[int, tuple[str, ...], str]]:
        """(id, folded tokens, folded name) of every name and nickname."""
        return self._folded

    def _add(self, known: Known) -> None:
        self._names[known.id] = known.name
        for email in known.emails:
            self._emails.setdefault(_email_key(email), set()).add(known.id)
        if "@" in known.name:
            self._emails.setdefault(_email_key(known.name), set()).add(known.id)
            self._folded.append((known.id, (known.name.strip().casefold(),), known.name.strip().casefold()))
            return
        for position, name in enumerate((known.name, *known.nicknames)):
            for spelling in _spellings(name):
                tokens = _name_tokens(spelling)
                if not tokens:
                    continue
                self._folded.append((known.id, tokens, " ".join(tokens)))
                for form, rank in _forms_of(tokens) if position == 0 else [(tokens, SHORT)]:
                    self._put(form, known.id, rank)

    def _put(self, form: tuple[str, ...], person: int, rank: int) -> None:
        form = form[:MAX_TOKENS]
        ranks = self._forms.setdefault(form, {})
        ranks[person] = min(rank, ranks.get(person, rank))
        self._longest[form[0]] = max(len(form), self._longest.get(form[0], 0))


def match_names(text: str, index: NameIndex) -> list[NameHit]:
    """All known people named in the text, longest name first at each place, in order, not overlapping."""
    emails = find_emails(text)
    hits = [
        NameHit(start, end, text[start:end], index.ids_by_email(text[start:end]), "email")
        for start, end in emails
        if index.ids_by_email(text[start:end])
    ]
    tokens = tokenize(blank(text, emails))
    position = 0
    while position < len(tokens):
        hit, used = _match_at(text, tokens, position, index)
        if hit:
            hits.append(hit)
        position += max(1, used)
    return sorted(hits)


def resolve(query: str, index: NameIndex) -> Resolved:
    """Who is meant by a typed name: address, then exact name, then a name part, then prefixes, then any part.

    The first level with anybody ends the search; all people of that level come back, so several mean "ask".
    """
    wanted = query.strip()
    by_email = index.ids_by_email(wanted)
    if by_email:
        return Resolved(by_email, "email")
    tokens = _name_tokens(wanted)
    folded = " ".join(tokens)
    if not folded:
        return Resolved((), "none")
    exact = {person for person, _, name in index.entries() if name == folded}
    if exact:
        return Resolved(tuple(sorted(exact)), "full")
    named = index.lookup(tokens)
    if named:
        return Resolved(named[0], EXACTNESS[named[1]])
    prefixed = {person for person, names, _ in index.entries() if _is_prefix(tokens, names)}
    if prefixed:
        return Resolved(tuple(sorted(prefixed)), "prefix")
    part = {person for person, _, name in index.entries() if folded in name}
    return Resolved(tuple(sorted(part)), "part" if part else "none")


def _email_key(email: str) -> str:
    return normalise_email(email) or email.strip().casefold()


def _match_at(text: str, tokens: list[Token], position: int, index: NameIndex) -> tuple[NameHit | None, int]:
    reach = min(index.longest(tokens[position].folded), len(tokens) - position)
    for size in range(reach, 0, -1):
        run = tokens[position : position + size]
        found = index.lookup([token.folded for token in run])
        if not found or not _hangs_together(text, run) or not _reads_as_name(text, tokens, position, size, found[1]):
            continue
        start, end = run[0].start, run[-1].end
        if len(run[-1].text) == 1 and size > 1 and text[end : end + 1] == ".":
            end += 1
        if (
            position
            and tokens[position - 1].folded in nw.TITLES
            and text[tokens[position - 1].end : start] in {" ", ". "}
        ):
            start = tokens[position - 1].start
        return NameHit(start, end, text[start:end], found[0], EXACTNESS[found[1]]), size
    return None, 0


def _hangs_together(text: str, run: list[Token]) -> bool:
    """Tell whether only a space, hyphen, apostrophe or the dot of an initial parts the words."""
    return all(
        len(gap) <= 3 and not gap.strip(" .-’'ʼ\u00a0‐")
        for gap in (text[left.end : right.start] for left, right in pairwise(run))
    )


def _reads_as_name(text: str, tokens: list[Token], position: int, size: int, rank: int) -> bool:
    """Whether words that could be a name are meant as one: written large, or small where nothing else fits."""
    first = tokens[position]
    before = tokens[position - 1].folded if position else ""
    if size == 1 and (_is_date_word(text, first, before, rank) or (rank > FULL and before in nw.ARTICLES)):
        return False
    if size == 1 and rank == SURNAME and first.folded in nw.WORD_SURNAMES and _starts_sentence(text, first.start):
        return False
    if size == 1 and rank != FULL and first.text.islower():
        if rank == SURNAME:
            return before in nw.TITLES
        return first.folded not in nw.WORD_NAMES or before in nw.LEADS
    if size == 1 and first.text.islower() and first.folded in nw.WORD_NAMES:
        return before in nw.LEADS
    if size == 1 and first.folded in nw.AUXILIARIES and _starts_sentence(text, first.start):
        after = tokens[position + 1].folded if position + 1 < len(tokens) else ""
        return after in nw.AFTER_AUXILIARY or after.endswith("ed") or text[first.end : first.end + 1] in _APOSTROPHES
    return True


def _is_date_word(text: str, token: Token, before: str, rank: int) -> bool:
    """Tell that "in May", "3 April" and "on Sun" are dates even where somebody is called so."""
    dates = DATE_WORDS["en"]
    if token.folded in dates.weekdays:
        return before in nw.DATE_LEADS
    if token.folded not in dates.months:
        return False
    if before in nw.DATE_LEADS and (rank == SURNAME or before != "by"):
        return True
    return bool(
        _DAY_BEFORE.search(text[max(0, token.start - 12) : token.start])
        or _DAY_AFTER.match(text[token.end : token.end + 6])
    )


def _starts_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start].rstrip()
    return not before or before[-1] in ".!?;:\n"


def _name_tokens(name: str) -> tuple[str, ...]:
    plain = _BRACKETED.sub(" ", name[:MAX_NAME_CHARS])
    family, comma, given = plain.partition(",")
    if comma:
        rest = _fold_words(given)
        plain = f"{given} {family}" if any(word not in nw.SUFFIXES for word in rest) else family
    words = _fold_words(plain)
    kept = [word for word in words if word not in nw.TITLES and word not in nw.SUFFIXES]
    return tuple(kept or words)


def _fold_words(text: str) -> list[str]:
    if _PLAIN_WORDS.match(text):
        return text.lower().split()
    # A single "s" after an apostrophe is part of a name here ("D's"), so the tokens are taken as they are.
    return [fold_token(match.group()) for match in _WORD.finditer(unicodedata.normalize("NFKD", text))]


def _spellings(name: str) -> Iterator[str]:
    yield name
    spelled = unicodedata.normalize("NFC", name.casefold()).translate(_UMLAUTS)
    if spelled != unicodedata.normalize("NFC", name.casefold()):
        yield spelled


def _forms_of(tokens: tuple[str, ...]) -> list[tuple[tuple[str, ...], int]]:
    """All ways to say a name, with their rank: whole, reversed, first + last, first name, "Anna S.", surname."""
    if len(tokens) == 1:
        return [(tokens, SHORT)]
    cut = next((at for at in range(1, len(tokens) - 1) if tokens[at] in nw.PARTICLES), len(tokens) - 1)
    first, last = tokens[0], tokens[-1]
    forms = [
        (tokens, FULL),
        ((*tokens[cut:], *tokens[:cut]), FULL),
        ((first, last), FULL),
        ((first, *tokens[cut:]), FULL),
    ]
    forms += [((first,), SHORT), ((first, tokens[cut][0]), SHORT), ((first, last[0]), SHORT)]
    forms += [(tokens[cut:], SURNAME), ((last,), SURNAME)]
    if cut > 1:
        forms.append((tokens[:cut], SHORT))
    return forms


def _is_prefix(query: Sequence[str], names: Sequence[str]) -> bool:
    """Each typed word begins a word of the name, in order: "an schm" fits "anna maria schmidt"."""
    at = 0
    for word in query:
        while at < len(names) and not names[at].startswith(word):
            at += 1
        if at == len(names):
            return False
        at += 1
    return True

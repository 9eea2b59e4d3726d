"""Names in a sentence that nobody has yet: "met Priya Nair", "coffee with Anna Kowalska" (no Kowalska is known)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kithbook.core import capturewords as words
from kithbook.core import namewords as nw
from kithbook.core.datewords import DATE_WORDS
from kithbook.core.names import NameHit, Token, find_emails, tokenize

MAX_NEW_TOKENS = 4


class NewName(NamedTuple):
    """An unknown name at text[start:end]; `is_expected` after "met" and "introduced me to", where new is normal."""

    start: int
    end: int
    text: str
    is_expected: bool


def find_new_names(text: str, hits: Sequence[NameHit]) -> tuple[list[NameHit], list[NewName]]:
    """Give the known names that remain and the unknown ones: "Anna Kowalska" is not the Anna that is known."""
    tokens = tokenize(text)
    by_start = {token.start: at for at, token in enumerate(tokens)}
    kept, found = [], []
    for hit in hits:
        wider = _widen(text, hit, tokens, by_start)
        if wider:
            found.append(wider)
        else:
            kept.append(hit)
    spans = [(hit.start, hit.end) for hit in kept] + [(name.start, name.end) for name in found]
    taken = {at for start, end in spans for at in range(start, end)}
    for start, end in find_emails(text):
        if start not in taken:
            found.append(NewName(start, end, text[start:end], is_expected=False))
            taken.update(range(start, end))
    for start in _places(text):
        name = _name_at(text, tokens, by_start.get(start), taken, small=_all_small(text))
        if name:
            found.append(name)
            taken.update(range(name.start, name.end))
    return kept, sorted(_with_lists(text, tokens, by_start, taken, found))


def _widen(text: str, hit: NameHit, tokens: Sequence[Token], by_start: dict[int, int]) -> NewName | None:
    at = by_start.get(hit.start)
    if at is None or hit.exactness not in {"short", "surname"} or " " in hit.text.strip() or not hit.text[0].isupper():
        return None
    first = last = at
    if hit.exactness == "surname":
        if not (at and _is_name_word(tokens[at - 1]) and _apart(text, tokens, at - 1) == " "):
            return None
        first = at - 1
    elif at + 1 < len(tokens) and _is_name_word(tokens[at + 1]) and _apart(text, tokens, at) == " ":
        last = at + 1
    if first == last:
        return None
    start, end = tokens[first].start, tokens[last].end
    return NewName(
        start, end, text[start:end], is_expected=bool(nw.EXPECTED_NEW.search(text[max(0, start - 40) : start]))
    )


def _places(text: str) -> list[int]:
    places = [match.end() for match in nw.NEW_NAME_LEADS.finditer(text)]
    for match in nw.NEW_NAME_SUBJECT.finditer(text):
        is_whole = " " in match["name"] and match["name"].split()[1][0].isupper()
        if is_whole or match["verb"].lower().split()[0] not in {"needs", "wants", "loves", "is"}:
            places.append(match.start("name"))
    return sorted(places)


def _name_at(
    text: str, tokens: Sequence[Token], at: int | None, taken: set[int], *, small: bool = False
) -> NewName | None:
    if at is None or tokens[at].start in taken:
        return None
    expected = bool(nw.EXPECTED_NEW.search(text[max(0, tokens[at].start - 40) : tokens[at].start]))
    end = at
    while end < len(tokens) and end - at < MAX_NEW_TOKENS and tokens[end].start not in taken:
        if end > at and _apart(text, tokens, end - 1) not in {" ", "-", "'", "’"}:
            break
        particle = end > at and tokens[end].folded in nw.PARTICLES and _continues(tokens, end + 1)
        if not (_is_name_word(tokens[end], small=small and expected) or particle):
            break
        end += 1
    if end == at:
        return None
    start, stop = tokens[at].start, tokens[end - 1].end
    return NewName(start, stop, text[start:stop], expected)


def _with_lists(
    text: str, tokens: Sequence[Token], by_start: dict[int, int], taken: set[int], found: list[NewName]
) -> list[NewName]:
    """Names joined to a name: "with Priya and Joe", "with Frank & Joe"."""
    for at, token in enumerate(tokens):
        before = token.start - 1
        gap = text[tokens[at - 1].end : token.start].strip() if at else ""
        joined = gap == "&" and tokens[at - 1].end - 1 in taken
        if token.folded == "and" and at + 1 < len(tokens) and before > 0 and text[before - 1 : before + 1].strip():
            joined = before - 1 in taken
            token = tokens[at + 1]
        if not joined:
            continue
        name = _name_at(text, tokens, by_start.get(token.start), taken)
        if name and not _has_verb_after(text, name.end):
            found.append(name)
            taken.update(range(name.start, name.end))
    return found


def _has_verb_after(text: str, end: int) -> bool:
    return bool(words.SUBJECT_VERB.match(words.NAME_HEAD + text[end : end + 30]))


def _continues(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and (_is_name_word(tokens[at]) or tokens[at].folded in nw.PARTICLES)


def _apart(text: str, tokens: Sequence[Token], at: int) -> str:
    return text[tokens[at].end : tokens[at + 1].start]


def _is_name_word(token: Token, *, small: bool = False) -> bool:
    """Tell whether a word is written large and no day, month, acronym or other common word at that place."""
    dates = DATE_WORDS["en"]
    if token.folded in nw.NOT_A_NAME or token.folded in dates.weekdays or token.text[0].isdigit():
        return False
    if token.folded in dates.months and token.folded not in dates.unsafe:
        return False
    if small:
        return token.text.isalpha()
    return token.text[0].isupper() and not (len(token.text) > 1 and token.text.isupper())


def _all_small(text: str) -> bool:
    return text == text.lower()

"""Cutting a sentence into clauses, on text with the names hidden; and what stands around a place in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from kithbook.core import capturewords as words
from kithbook.core.capturetypes import Clause, Draft, Name
from kithbook.core.spans import DateSpan, find_dates

MAX_CLAUSE_CHARS = 400
LOOK_BACK_CHARS = 160
_CONJUNCTIONS = re.compile(r"(?:\s|(?:and|but|then|so|also|that|because)\b)*", re.IGNORECASE)


def split_clauses(masked: str) -> list[Clause]:
    """Give the clauses in order, without the signs between; none is over 400 characters (linear time)."""
    cuts: list[tuple[int, int]] = []
    cuts += [match.span() for match in words.HARD_STOP.finditer(masked) if not _keeps_together(masked, match)]
    stops = [0, *(end for _, end in cuts)]
    cuts += [match.span() for match in words.AND_SPLIT.finditer(masked) if not _joins_subjects(masked, match, stops)]
    for rule in (words.WHO_SPLIT, words.PROMISE_SPLIT):
        cuts += [match.span() for match in rule.finditer(masked)]
    cuts += [match.span("cut") for match in words.SAID_SPLIT.finditer(masked)]
    pieces, start = [], 0
    for cut_start, cut_end in [*sorted(cuts), (len(masked), len(masked))]:
        if cut_start >= start:
            pieces += _short(masked, start, cut_start)
            start = cut_end
    return [clause for clause in (_trimmed(masked, *piece) for piece in pieces) if clause]


def _keeps_together(masked: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    if match.group() == ":":
        return masked[max(0, start - 3) : start].lower().strip() == "re"
    if match.group() == ".":
        return bool(words.ABBREVIATION.search(masked[max(0, start - 8) : start]))
    if match.group() != "," or masked[start - 1 : start] not in {words.NAME_HEAD, words.NAME_TAIL}:
        return False
    return bool(words.LIST_GOES_ON.match(masked, end)) and not words.SUBJECT_VERB.match(masked[end : end + 80].lstrip())


def _joins_subjects(masked: str, match: re.Match[str], stops: list[int]) -> bool:
    """Tell whether the "and" joins two names that do the same: "Dana and Frank are looking for a flat"."""
    if masked[match.start() - 1] not in {words.NAME_HEAD, words.NAME_TAIL} or masked[match.end()] != words.NAME_HEAD:
        return False
    if words.PLURAL_NEXT.match(masked, match.end()):
        return True
    stop = stops[bisect_right(stops, match.start()) - 1]
    return match.start() - stop < MAX_CLAUSE_CHARS and bool(words.ONLY_PEOPLE.match(masked, stop, match.start()))


def _short(masked: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces = []
    while end - start > MAX_CLAUSE_CHARS:
        gap = masked.rfind(" ", start + 1, start + MAX_CLAUSE_CHARS)
        middle = gap if gap > 0 else start + MAX_CLAUSE_CHARS
        pieces.append((start, middle))
        start = middle
    return [*pieces, (start, end)]


def _trimmed(masked: str, start: int, end: int) -> Clause | None:
    found = _CONJUNCTIONS.match(masked, start, end)
    start = found.end() if found else start
    while end > start and masked[end - 1].isspace():
        end -= 1
    return Clause(start, end, end) if end > start else None


def before(draft: Draft, clause: Clause, place: int) -> str:
    """Up to 160 characters of the clause that stand before a place."""
    return draft.masked[max(clause.start, place - LOOK_BACK_CHARS) : place]


def subject_before(draft: Draft, clause: Clause, place: int) -> tuple[str, tuple[int, ...]]:
    """Who does what stands at `place`: ("me", ()), ("them", who), or ("", ()) where no subject is written."""
    found = words.SUBJECT.search(before(draft, clause, place))
    if not found:
        return "", ()
    word = found["subject"].lower()
    offset = place - len(found.string)
    if word[0] == words.NAME_HEAD:
        names = draft.names_in(offset + found.start("subject"), offset + found.end("subject"))
        return "them", _unique(name.who for name in names)
    if word in {"i", "we"} or word.split()[0] in {"my", "our"}:
        return "me", ()
    return "them", people_of_pronoun(draft, word.split()[0], offset + found.start("subject"))


def subject_start(draft: Draft, clause: Clause, place: int) -> int:
    """Give where a subject begins that is no bare name ("her startup is hiring"), else `place` itself."""
    found = words.SUBJECT.search(before(draft, clause, place))
    if not found or (found["subject"][0] == words.NAME_HEAD and "'" not in found["subject"]):
        return place
    return place - len(found.string) + found.start("subject")


def people_of_pronoun(draft: Draft, word: str, place: int) -> tuple[int, ...]:
    """Whom a pronoun means: the nearest person who takes part; two at once are asked, "they" means all of them."""
    if word == "who":
        nearest = [name for name in draft.names if name.end <= place]
        return (nearest[-1].who,) if nearest else ()
    if len(draft.current) == 1 or (draft.current and word in {"they", "them", "their"}):
        return draft.current
    if draft.current:
        draft.ask(f"Who is “{word}”: {' or '.join(draft.people[who].text for who in draft.current)}?")
    elif draft.people:
        draft.ask(f"Who is “{word}”?")
    return ()


def people_of(draft: Draft, start: int, end: int) -> tuple[int, ...]:
    """Give the people named by text[start:end], be it names or a pronoun; empty for me and us."""
    names = draft.names_in(start, end)
    if names:
        return _unique(name.who for name in names)
    word = draft.masked[start:end].strip().lower()
    return () if word in {"me", "us", ""} else people_of_pronoun(draft, word, start)


def is_introduced(draft: Draft, clause: Clause, name: Name) -> bool:
    """Whether the name is the one that somebody is introduced to."""
    return bool(words.INTRO_BEFORE.search(before(draft, clause, name.start)))


def dates_in(draft: Draft, start: int, end: int, *, ahead: bool) -> list[DateSpan]:
    """Find the dates of text[start:end], with places in the whole text."""
    return [
        span._replace(start=span.start + start, end=span.end + start)
        for span in find_dates(draft.masked[start:end], today=draft.today, ahead=ahead)
    ]


def words_of(draft: Draft, start: int, end: int, without: list[tuple[int, int]]) -> str:
    """Give the original words of text[start:end] without some spans, tidied."""
    pieces, place = [], start
    for gap_start, gap_end in sorted(without):
        if gap_end > place and gap_start < end:
            pieces.append(draft.text[place : max(place, gap_start)])
            place = gap_end
    pieces.append(draft.text[place : max(place, end)])
    return " ".join(" ".join(pieces).split()).strip(" ,.;:!-–—")


def take_date(draft: Draft, span: DateSpan) -> date | None:
    """Give the day of a span; its question goes into the draft."""
    draft.ask(span.question)
    return span.on


def _unique(whos: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(whos))

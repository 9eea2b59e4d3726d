"""Quick capture: one typed sentence -> what happened, what was promised, what was learnt.

The names are found and hidden first, then the sentence is cut into clauses, and each clause is read by the rules of
`core.capturerules` and by the ones for what happened here. Words live in `core.capturewords`. What no rule takes stays
as a note; what fits two people or two days comes back as a question. Time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from kithbook.core import capturewords as words
from kithbook.core.capturerules import read_ask, read_giving, read_outcome, read_plea, read_promise, read_topic
from kithbook.core.capturetypes import (
    Asked,
    Clause,
    Draft,
    Given,
    Mention,
    Name,
    Noticed,
    Part,
    Promised,
    Somebody,
    Understood,
)
from kithbook.core.clauses import before, dates_in, is_introduced, split_clauses, subject_before, take_date, words_of
from kithbook.core.datereadings import write_day
from kithbook.core.duplicates import similar_names
from kithbook.core.names import NameHit, NameIndex, blank, match_names
from kithbook.core.newnames import NewName, find_new_names
from kithbook.core.spans import DateSpan, DurationSpan, find_durations

__all__ = ["Asked", "Given", "Mention", "Noticed", "Part", "Promised", "Understood", "understand"]

MAX_CHARS = 10_000
SHOWN_CHOICES = 5
# Words that make an exchange at an event: "met Priya at the meetup", but not "coffee with Frank at the conference".
_AT_EVENT = re.compile(r"(?:for\s+)?(?:met|saw|spoke|talked|chatted|chat|talk|ran|bumped)\b", re.IGNORECASE)
_BY = re.compile(r"(?:by|via|over|per)\b", re.IGNORECASE)
_PRIVATE = re.compile(r"[\ue000-\uf8ff\x00-\x08\x0b-\x1f]")
_WORD = re.compile(r"[\w&'-]+")


def understand(text: str, *, index: NameIndex, today: date) -> Understood:
    """Tell what the sentence says, relative to the owner's local day. Never raises, whatever the text is.

    Text beyond 10,000 characters is kept as a note unread.
    """
    plain, places = _collapse(text[:MAX_CHARS])
    draft = _draft(plain, index, today)
    for clause in split_clauses(draft.masked):
        _read_clause(draft, clause)
    if text[MAX_CHARS:].strip():
        draft.notes.append(text[MAX_CHARS:].strip())
    _ask_what_is_open(draft)
    return _finish(draft, places)


def _collapse(text: str) -> tuple[str, list[int]]:
    """Give the text with each run of white space as one sign, and where each sign of it stands in the original."""
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if not char.isspace():
            chars.append(char)
        elif not chars or not chars[-1].isspace():
            chars.append("\n" if char == "\n" else " ")
        else:
            chars[-1] = "\n" if char == "\n" else chars[-1]
            continue
        places.append(place)
    return "".join(chars), places


def _draft(text: str, index: NameIndex, today: date) -> Draft:
    plain = _PRIVATE.sub(" ", text).replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    hits, new = find_new_names(plain, match_names(plain, index))
    draft = Draft(plain, "", today, index, [], [])
    positions: dict[tuple[int, ...] | str, int] = {}
    everybody: list[NameHit | NewName] = [*hits, *new]
    for found in sorted(everybody, key=lambda found: found.start):
        ids = found.ids if isinstance(found, NameHit) else ()
        key = ids or found.text.casefold()
        if key not in positions:
            positions[key] = len(draft.people)
            near = similar_names(found.text, index) if isinstance(found, NewName) and not found.is_expected else ()
            draft.people.append(Somebody(found.start, found.end, found.text, ids, not ids, near=near))
            draft.ask(_question_about(found, near, index))
        possessive = plain[found.end : found.end + 2].lower() == "'s"
        draft.names.append(Name(found.start, found.end, positions[key], possessive))
        draft.parts.append(Part(found.start, found.end, "person"))
    spans = [(name.start, name.end) for name in draft.names]
    tails = blank(plain, spans, words.NAME_TAIL)
    heads = {start for start, _ in spans}
    draft.masked = "".join(words.NAME_HEAD if at in heads else char for at, char in enumerate(tails))
    return draft


def _question_about(found: NameHit | NewName, near: tuple[int, ...], index: NameIndex) -> str:
    if isinstance(found, NewName):
        if found.is_expected or not (near or "@" in found.text):
            return ""
        other = f", or {_named(near, index)}" if near else ""
        return f"Nobody called “{found.text}” is known yet: is this a new person{other}?"
    return f"Which {found.text}: {_named(found.ids, index)}?" if len(found.ids) > 1 else ""


def _named(ids: tuple[int, ...], index: NameIndex) -> str:
    names = [index.name_of(person) for person in ids[:SHOWN_CHOICES]]
    more = f" or {len(ids) - SHOWN_CHOICES} others" if len(ids) > SHOWN_CHOICES else ""
    return f"{' or '.join(names)}{more}"


def _read_clause(draft: Draft, clause: Clause) -> None:
    if read_outcome(draft, clause):
        return
    if words.NEGATED.search(draft.masked, clause.start, clause.end):
        _give_open_roles(draft, clause)
        draft.notes.append(words_of(draft, clause.start, clause.end, []))
        return
    rules = (read_promise, read_plea, read_topic, read_ask)
    found = any(rule(draft, clause) for rule in rules)
    _read_event(draft, clause, has_more=found)
    _give_open_roles(draft, clause)
    _keep_rest(draft, clause)


def _read_event(draft: Draft, clause: Clause, *, has_more: bool) -> None:
    """Read what happened in the clause before its promise, topic or ask: giving, channel, place, day, length."""
    dates = [span for span in dates_in(draft, clause.start, clause.limit, ahead=False) if span.lead != "since"]
    lengths = [
        span._replace(start=span.start + clause.start, end=span.end + clause.start)
        for span in find_durations(draft.masked[clause.start : clause.limit])
    ]
    channel = _find_channel(draft, clause)
    ways = [channel[1].span()] if channel and _BY.match(channel[1].group()) else []
    times = [(span.start, span.end) for span in dates] + [(span.start, span.end) for span in lengths]
    read_giving(draft, clause, times + ways)
    if channel:
        _take_channel(draft, clause, *channel)
    alone = not has_more and not clause.has_event and _is_only(draft, clause, [*dates, *lengths])
    if clause.has_event or alone or (has_more and clause.limit > clause.start):
        _take_times(draft, clause, dates, lengths)


def _find_channel(draft: Draft, clause: Clause) -> tuple[words.ChannelWord, re.Match[str]] | None:
    """Find the first word of a channel in the clause, unless "by email" says it expressly."""
    found = [
        (word, match)
        for word in words.CHANNEL_WORDS
        for match in [word.pattern.search(draft.masked, clause.start, clause.limit)]
        if match
    ]
    if not found:
        return None
    return min(found, key=lambda item: (not _BY.match(item[1].group()), item[1].start(), -item[1].end()))


def _take_channel(draft: Draft, clause: Clause, word: words.ChannelWord, match: re.Match[str]) -> None:
    if clause.giving_kind == "missed_meeting":
        return
    inside = clause.giving_at is not None and match.start() >= clause.giving_at
    if (
        inside
        and clause.giving_kind != "hospitality"
        and not _BY.match(match.group())
        and match.start() != clause.giving_at
    ):
        return
    if draft.channel and draft.channel not in {"item", "gift"}:
        _ask_about_second(draft, clause)
        return
    place = words.EVENT.search(draft.masked, clause.start, clause.limit)
    at_event = bool(place and _AT_EVENT.match(match.group()))
    draft.channel = "event" if at_event else word.channel
    if word.one_way and clause.giving_at is not None:
        draft.direction = -1 if draft.ledger[-1].direction == "got" else 1
    elif word.one_way:
        draft.direction = -1 if _comes_from_them(draft, clause, match) else 1
    elif word.channel == "call" and re.match(r"called|phoned|rang", match.group(), re.IGNORECASE):
        draft.direction = -1 if subject_before(draft, clause, match.start())[0] == "them" else 0
    else:
        draft.direction = 0
    if place:
        draft.event = words_of(draft, *place.span("event"), [])
        draft.use(clause, *place.span(), "event")
    clause.has_event = True
    for same in word.pattern.finditer(draft.masked, match.start(), clause.limit):
        draft.use(clause, *same.span(), f"channel: {draft.channel}")


def _comes_from_them(draft: Draft, clause: Clause, match: re.Match[str]) -> bool:
    if re.match(r"[^.;]{0,20}?\bfrom\b", draft.masked[match.end() : clause.limit], re.IGNORECASE):
        return True
    return subject_before(draft, clause, match.start())[0] == "them"


def _ask_about_second(draft: Draft, clause: Clause) -> None:
    others = [name for name in draft.names_in(clause.start, clause.limit) if name.who not in draft.current]
    if others:
        text = draft.text[clause.start : clause.end]
        draft.ask(f"Two things happened here; only the first was taken. Log the other one by itself: “{text}”.")


def _take_times(draft: Draft, clause: Clause, dates: Sequence[DateSpan], lengths: Sequence[DurationSpan]) -> None:
    if dates and draft.happened_on is None:
        draft.happened_on = take_date(draft, dates[0])
        draft.use(clause, *dates[0][:2], "date")
    if lengths and draft.minutes is None:
        draft.minutes = lengths[0].minutes
        draft.use(clause, *lengths[0][:2], "duration")


def _is_only(draft: Draft, clause: Clause, spans: Sequence[DateSpan | DurationSpan]) -> bool:
    """Whether the clause holds nothing but times and names: "yesterday, 45m"."""
    taken = [span[:2] for span in spans] + [(name.start, name.end) for name in draft.names]
    rest = words_of(draft, clause.start, clause.limit, taken)
    return bool(spans) and all(word.lower() in words.FILLER for word in _WORD.findall(rest))


def _give_open_roles(draft: Draft, clause: Clause) -> None:
    present = []
    for name in draft.names_in(clause.start, clause.end):
        text = before(draft, clause, name.start)
        if words.THROUGH_BEFORE.search(text):
            draft.give_role((name.who,), "through")
        elif is_introduced(draft, clause, name):
            draft.give_role((name.who,), "to")
        elif name.is_possessive or words.ABOUT_BEFORE.search(text):
            draft.give_role((name.who,), "about")
            if name.is_possessive and words.WITH_BEFORE.search(text):
                _ask_about_relative(draft, name)
        elif not draft.people[name.who].role:
            draft.give_role((name.who,), "with")
        if draft.people[name.who].role == "with" and name.start < clause.limit:
            present.append(name.who)
    if present:
        draft.current = tuple(dict.fromkeys(present))


def _ask_about_relative(draft: Draft, name: Name) -> None:
    other = re.match(r"'s\s+[\w-]+", draft.text[name.end : name.end + 40])
    if other:
        draft.ask(
            f"Who is “{draft.text[name.start : name.end]}{other.group()}”? Add them to log this exchange as theirs."
        )


def _keep_rest(draft: Draft, clause: Clause) -> None:
    """Keep what no rule took as a note: the whole clause where nothing was taken, else the words between."""
    if not clause.used:
        whole = words_of(draft, clause.start, clause.end, [])
        names = [(name.start, name.end) for name in draft.names_in(clause.start, clause.end)]
        rest = words_of(draft, clause.start, clause.end, names)
        if any(word.lower() not in words.CONNECTIVES for word in _WORD.findall(rest)):
            draft.notes.append(whole)
        return
    names = [(one.start, one.end) for one in draft.names_in(clause.start, clause.end) if not one.is_possessive]
    place = clause.start
    for start, end in [*sorted([*clause.used, *names]), (clause.end, clause.end)]:
        if start > place and _has_content(draft.text[place:start]):
            draft.notes.append(_tidy(draft.text[place:start]))
        place = max(place, end)


def _has_content(text: str) -> bool:
    return any(word.lower() not in words.FILLER for word in _WORD.findall(text))


def _tidy(text: str) -> str:
    parts = text.strip(" ,.;:!-–—&").split()
    while parts and parts[0].lower() in words.STRIP_LEFT:
        parts.pop(0)
    while parts and parts[-1].lower() in words.STRIP_RIGHT:
        parts.pop()
    return " ".join(parts)


def _ask_what_is_open(draft: Draft) -> None:
    if not draft.people:
        draft.ask("Whom is this about?")
    if draft.happened_on and draft.happened_on > draft.today:
        draft.ask(f"{write_day(draft.happened_on)} lies ahead: has this not happened yet?")
    told = draft.channel or draft.ledger or draft.asks
    if draft.people and not told and (draft.happened_on or draft.minutes):
        draft.ask("How was it: a meeting, a call, a message?")


def _finish(draft: Draft, places: Sequence[int]) -> Understood:
    return Understood(
        people=tuple(
            Mention(
                places[one.start], places[one.end - 1] + 1, one.text, one.ids, one.role or "about", one.is_new, one.near
            )
            for one in draft.people
        ),
        channel=draft.channel,
        direction=draft.direction,
        happened_on=draft.happened_on,
        minutes=draft.minutes,
        event=draft.event,
        ledger=tuple(draft.ledger),
        promises=tuple(draft.promises),
        topics=tuple(draft.topics),
        asks=tuple(draft.asks),
        note="; ".join(note for note in draft.notes if note),
        questions=tuple(draft.questions),
        parts=tuple(
            Part(places[part.start], places[part.end - 1] + 1, part.meaning)
            for part in sorted(draft.parts, key=lambda part: (part.start, -part.end))
        ),
    )

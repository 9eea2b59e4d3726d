"""The rules of quick capture for one clause: promises, topics, asks, and what was given or got.

Each `read_*` takes the draft and a clause, fills the draft, and says whether it found anything.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kithbook.core import capturewords as words
from kithbook.core import givingwords as giving
from kithbook.core.capturetypes import Asked, Clause, Draft, Given, Name, Noticed, Promised, Side
from kithbook.core.clauses import (
    before,
    dates_in,
    is_introduced,
    people_of,
    subject_before,
    subject_start,
    take_date,
    words_of,
)
from kithbook.core.ledger import KINDS, Direction

_ARTICLE = re.compile(r"^(?:an?|the|some)\s+(?=\S)", re.IGNORECASE)
_TO = re.compile(r"^(?:to|that)\s+(?=\S)", re.IGNORECASE)
_ME = re.compile(r"\s*(?:to\s+)?(?:me|us)\b\s*(?=\S)", re.IGNORECASE)
_AHEAD = frozenset({"by", "until", "till", "before", "due", "no later than"})
# Kinds of which the words that follow describe nothing: the kind says it all.
_WORDLESS = frozenset({"promise_kept", "promise_broken", "missed_meeting"})


def read_outcome(draft: Draft, clause: Clause) -> bool:
    """Read the answer to an ask told before: "she said yes", "no answer yet"."""
    if not draft.asks or draft.asks[-1].outcome:
        return False
    text = draft.masked[clause.start : clause.end]
    for outcome, pattern in words.OUTCOMES:
        if pattern.search(text):
            last = draft.asks[-1]
            draft.asks[-1] = replace(last, outcome=outcome)
            draft.use(clause, clause.start, clause.end, f"outcome: {outcome}")
            return True
    return False


def read_promise(draft: Draft, clause: Clause) -> bool:
    """Read what one side said it would do: "promised …", "I'll send …", "I owe Ken a reply", "Frank will …"."""
    masked, start, end = draft.masked, clause.start, clause.end
    mine = words.I_WILL.match(masked, start, end) or words.OWE.match(masked, start, end)
    if mine:
        return _promise(draft, clause, mine, by_me=True, who=())
    found = words.OWES.search(masked, start, end)
    if found:
        return _promise(draft, clause, found, by_me=False, who=subject_before(draft, clause, found.start())[1])
    found = words.PROMISED.search(masked, start, end)
    if found:
        side, who = ("me", ()) if found["me"] else subject_before(draft, clause, found.start())
        return _promise(draft, clause, found, by_me=side != "them", who=who)
    found = words.WILL.search(masked, start, end)
    if found:
        side, who = subject_before(draft, clause, found.start())
        if side:
            return _promise(draft, clause, found, by_me=side == "me", who=who)
    return False


def _promise(draft: Draft, clause: Clause, found: re.Match[str], *, by_me: bool, who: tuple[int, ...]) -> bool:
    start, end = found.span("rest")
    dates = dates_in(draft, start, end, ahead=True)[:1]
    whole = words_of(draft, start, end, [span[:2] for span in dates])
    if not whole:
        return False
    if by_me:
        start, who = _recipient(draft, clause, start, end)
    else:
        told = _ME.match(draft.masked, start, end)
        start = told.end() if told else start
    text = _TO.sub("", words_of(draft, start, end, [span[:2] for span in dates]))
    others = [name for name in draft.names_in(start, end) if name.who not in who]
    for name in others:
        draft.give_role((name.who,), "to" if is_introduced(draft, clause, name) else "about")
    draft.give_role(who, "with")
    about = tuple(dict.fromkeys(name.who for name in others))
    due_on = take_date(draft, dates[0]) if dates else None
    if by_me and not who:
        draft.ask(f"To whom did you promise “{text}”?")
    draft.promises.append(Promised("me" if by_me else "them", text, who, due_on, about))
    clause.limit = min(clause.limit, found.start())
    draft.use(clause, found.start(), end, "promise")
    if (by_me and who and not draft.current) or (not by_me and who):
        draft.current = who
    return True


def _recipient(draft: Draft, clause: Clause, start: int, end: int) -> tuple[int, tuple[int, ...]]:
    """Where the promised thing begins, and to whom it was promised: said first, else who gets it, else who is there."""
    first = words.RECIPIENT.match(draft.masked, start, end)
    if first:
        who = people_of(draft, *first.span("whom"))
        if who:
            return first.end(), who
    for found in words.OBJECT.finditer(draft.masked, start, end):
        names = draft.names_in(*found.span("whom"))
        if names and not is_introduced(draft, clause, names[0]):
            return start, tuple(dict.fromkeys(name.who for name in names))
    return start, draft.current


def read_topic(draft: Draft, clause: Clause) -> bool:
    """Read what they look for, can give, care about or want; the owner's own wishes stay a note."""
    found = [(word.kind, word.pattern.search(draft.masked, clause.start, clause.end)) for word in words.TOPIC_WORDS]
    matches = [
        (match.start("topic"), kind, match) for kind, match in found if match and _is_topic(draft, clause, match)
    ]
    if not matches:
        return False
    start, kind, match = min(matches, key=lambda item: item[0])
    side, who = subject_before(draft, clause, match.start())
    if side == "me" or (not side and _is_about_things(draft, clause, match.start())):
        return False
    if not side:
        who = draft.current
        if len(who) > 1:
            draft.ask(f"Whose {kind} is “{draft.text[start : clause.end]}”?")
            who = ()
    text = _ARTICLE.sub("", words_of(draft, start, clause.end, []))
    if not text:
        return False
    for name in draft.names_in(start, clause.end):
        draft.give_role((name.who,), "to" if is_introduced(draft, clause, name) else "about")
    if who:
        subject = [name for name in draft.names_in(clause.start, match.start()) if name.who in who]
        draft.give_role(who, "about" if any(_owns(draft, name.end) for name in subject) else "with")
        draft.current = who
    draft.topics.append(Noticed(kind, text, who))
    clause.limit = min(clause.limit, match.start())
    draft.use(clause, subject_start(draft, clause, match.start()), clause.end, kind)
    return True


def _is_about_things(draft: Draft, clause: Clause, place: int) -> bool:
    """Tell a topic of things from one of people: in "the roof needs fixing" nobody stands before the verb."""
    if draft.names_in(clause.start, place):
        return False
    return any(word.lower() not in words.FILLER for word in draft.masked[clause.start : place].split())


def _is_topic(draft: Draft, clause: Clause, match: re.Match[str]) -> bool:
    text = match.group()
    if not text.strip().lower().startswith("into"):
        return True
    place = match.start() + len(text) - len(text.lstrip())
    return bool(words.INTO_IS_INTEREST.search(before(draft, clause, place)))


def _owns(draft: Draft, end: int) -> bool:
    """Tell whether a possessive with a thing follows: in "Dana's firm needs a CFO" Dana need not be there."""
    return bool(
        re.match(
            r"'s\s+(?!looking|hiring|into|interested|searching|really|very|also|planning|hoping)\w",
            draft.masked[end : end + 40],
        )
    )


def read_ask(draft: Draft, clause: Clause) -> bool:
    """Read a request: "asked Anna for a reference", or theirs: "Ken asked me for feedback"."""
    found = words.ASKED.search(draft.masked, clause.start, clause.end)
    if not found:
        return False
    side, subject = subject_before(draft, clause, found.start())
    named = people_of(draft, *found.span("whom")) if found["whom"] else ()
    by_them = side == "them"
    if by_them and named:
        return False
    who = subject if by_them else named or draft.current
    start, end = found.span("ask")
    dates = [span for span in dates_in(draft, start, end, ahead=False) if span.lead not in _AHEAD][:1]
    text = words_of(draft, start, end, [span[:2] for span in dates])
    for span in dates:
        draft.happened_on = draft.happened_on or take_date(draft, span)
    _add_ask(draft, clause, "them" if by_them else "me", who, text, (start, end))
    clause.limit = min(clause.limit, found.start())
    draft.use(clause, found.start(), end, "ask")
    return True


def read_plea(draft: Draft, clause: Clause) -> bool:
    """Read the wish to be introduced: "please introduce me to Dana", "he wants me to introduce him to Dana"."""
    said = words.PLEA.search(draft.masked, clause.start, clause.end)
    found = said or words.WISH_TO_MEET.search(draft.masked, clause.start, clause.end)
    if not found:
        return False
    start, end = found.span("ask") if found["ask"] else found.span("met")
    side, who = subject_before(draft, clause, found.start())
    asked = words.ASKED_BEFORE.search(draft.masked[: found.start()])
    by_me = bool(said) and (side == "me" or bool(asked) or draft.direction > 0)
    if side == "me" and not said:
        return False
    if asked and by_me:
        who = people_of(draft, *asked.span("whom"))
    who = who or tuple(one.who for one in draft.names_in(clause.start, found.start())) or draft.current
    text = words_of(draft, start, end, [])
    _add_ask(draft, clause, "me" if by_me else "them", who, text if found["ask"] else f"be {text}", (start, end))
    clause.limit = min(clause.limit, found.start())
    draft.use(clause, found.start(), end, "ask")
    return True


def _add_ask(draft: Draft, clause: Clause, by: Side, who: tuple[int, ...], text: str, span: tuple[int, int]) -> None:
    for name in draft.names_in(*span):
        if name.who not in who:
            draft.give_role((name.who,), "to" if is_introduced(draft, clause, name) else "about")
    draft.give_role(who, "with")
    if not who and draft.people:
        draft.ask(f"Who was asked: “{text}”?" if by == "me" else f"Who asked: “{text}”?")
    meets = bool(words.TO_MEET.search(draft.masked, *span))
    others = dict.fromkeys(name.who for name in draft.names_in(*span) if name.who not in who)
    met = tuple(one for one in others if meets and draft.people[one].role == "to")
    kind = "introduction" if meets else "help"
    draft.asks.append(Asked(by, text, who, KINDS["ask"].size, "", kind, met))
    draft.current = who or draft.current


def read_giving(draft: Draft, clause: Clause, removed: list[tuple[int, int]]) -> bool:
    """Read what was given or got; `removed` are the spans (dates, "by email") that are no part of its words."""
    got = giving.RECEIVED.search(draft.masked, clause.start, clause.limit)
    if got and got["noun"].lower() in giving.RECEIVED_NOUNS:
        return _give(draft, clause, got, giving.RECEIVED_NOUNS[got["noun"].lower()], removed, received=True)
    for word in giving.GIVING_WORDS:
        found = word.pattern.search(draft.masked, clause.start, clause.limit)
        if not found or (word.kind in {"item", "gift"} and giving.MESSAGE_NOUNS.match(found["rest"])):
            continue
        return _give(draft, clause, found, word.kind, removed, received=False)
    return False


def _give(
    draft: Draft, clause: Clause, found: re.Match[str], kind: str, removed: list[tuple[int, int]], *, received: bool
) -> bool:
    whom = found.groupdict().get("whom") or ""
    side, subject = subject_before(draft, clause, found.start())
    to_me = whom.strip().lower() in {"me", "us"}
    named = people_of(draft, *found.span("whom")) if whom and not to_me else ()
    is_theirs = (
        received or to_me or side == "them" or (kind == "apology" and not whom and not side and _was_wronged(draft))
    )
    if side == "them" and named and not received:
        return False  # "Tom introduced Frank to Dana" is theirs, not the owner's
    rest_start, rest_end = found.span("rest")
    later = [name for name in draft.names_in(rest_start, rest_end) if not received]
    taker = [name for name in later if draft.masked[: name.start].rstrip().lower().endswith((" to", " for"))]
    if is_theirs:
        who = named if received else subject or draft.current
    elif kind == "introduction":
        who = (*(named or draft.current), *(name.who for name in taker))
    else:
        who = named or tuple(name.who for name in taker[:1]) or draft.current
    skipped = list(removed) + _taker_words(draft, kind, taker, named, is_theirs=is_theirs)
    text = "" if kind in _WORDLESS else _without_me(words_of(draft, rest_start, rest_end, skipped))
    _tell_roles(draft, clause, kind, who, (rest_start, rest_end), to_me=to_me or received)
    direction: Direction = "got" if is_theirs else "gave"
    draft.ledger.append(Given(direction, kind, KINDS[kind].size, tuple(dict.fromkeys(who)), text))
    clause.giving_at, clause.giving_kind, clause.has_event = found.start(), kind, True
    draft.use(clause, found.start(), rest_end, f"{direction}: {kind}")
    if kind in {"item", "gift"} and not draft.channel:
        draft.channel, draft.direction = kind, -1 if is_theirs else 1
    return True


def _was_wronged(draft: Draft) -> bool:
    """Tell who says sorry in "Sam forgot our meeting, apologised": the one who let the other down."""
    return bool(draft.ledger) and draft.ledger[-1].direction == "got" and not KINDS[draft.ledger[-1].kind].is_deposit


def _taker_words(
    draft: Draft, kind: str, taker: list[Name], named: tuple[int, ...], *, is_theirs: bool
) -> list[tuple[int, int]]:
    """Find "to Grace" in "sent the article to Grace": told by `who` already, but of an introduction the content."""
    if kind == "introduction" or is_theirs or named or not taker:
        return []
    name = taker[0]
    start = draft.masked.rfind(" ", 0, name.start - 1)
    return [(max(0, start), name.end)]


def _without_me(text: str) -> str:
    return re.sub(r"(?:^(?:to\s+)?(?:me|us)\s+|\s*\bto\s+(?:me|us)$)", "", text, flags=re.IGNORECASE).strip()


def _tell_roles(
    draft: Draft, clause: Clause, kind: str, who: tuple[int, ...], rest: tuple[int, int], *, to_me: bool
) -> None:
    through = kind == "introduction" and to_me
    introduced = tuple(name.who for name in draft.names_in(*rest) if is_introduced(draft, clause, name))
    draft.give_role(tuple(one for one in who if one not in introduced), "through" if through else "with")
    draft.give_role(introduced, "to")
    others = tuple(name.who for name in draft.names_in(*rest) if name.who not in who and name.who not in introduced)
    draft.give_role(others, "about")
    present = introduced if through and introduced else tuple(one for one in who if one not in introduced) or who
    draft.current = present or draft.current

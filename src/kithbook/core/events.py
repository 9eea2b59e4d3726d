"""Events: what one was worth, who is missed, what to ask next (method §8).

An event counts for little without follow-up: of the people met there, those with another counting exchange in the
fourteen days after it. People not seen for six months are worth a coffee. Being in one place is worth more than words:
meetings, video calls and chats at events count as seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

FOLLOW_UP_DAYS = 14
"""Days after an event in which an exchange counts as its follow-up (d)."""
UNSEEN_DAYS = 182
"""Six months: a coffee or lunch is proposed to people not seen for longer (d)."""
SEEN_CHANNELS = frozenset(("meeting", "video", "event"))


class Followed(NamedTuple):
    """People met at an event, those followed up, and whether the time for it is over."""

    met: int
    followed: int
    is_over: bool

    @property
    def share(self) -> float | None:
        """Followed of met; None where nobody was met."""
        return self.followed / self.met if self.met else None

    @property
    def is_lost(self) -> bool:
        """People were met, the fourteen days are over, and nobody heard from the owner or wrote."""
        return self.is_over and self.met > 0 and not self.followed


def first_follow_up(days: Iterable[date], held_on: date) -> date | None:
    """The first day after the event and within fourteen days of it, of days on which the two exchanged."""
    last = held_on + timedelta(days=FOLLOW_UP_DAYS)
    return min((day for day in days if held_on < day <= last), default=None)


def judge_event(held_on: date, met: Iterable[int], exchanges: Mapping[int, Iterable[date]], today: date) -> Followed:
    """Count the people met (ids) and those with an exchange in time; `exchanges` are days by person."""
    people = set(met)
    followed = sum(first_follow_up(exchanges.get(person, ()), held_on) is not None for person in people)
    return Followed(len(people), followed, today > held_on + timedelta(days=FOLLOW_UP_DAYS))


def say_event(found: Followed) -> str:
    """What the event was worth, in one sentence."""
    if not found.met:
        return "You noted nobody you talked to there."
    met = "1 person" if found.met == 1 else f"{found.met} people"
    if found.followed:
        return f"You talked to {met}; {found.followed} heard from you, or wrote, within two weeks."
    if found.is_over:
        return f"You talked to {met}; nothing followed in the two weeks after. Without follow-up an event fades."
    return f"You talked to {met}; the next days decide what it is worth."


def is_unseen(seen_on: date | None, today: date) -> bool:
    """Whether somebody was not seen for six months or was never seen."""
    return seen_on is None or (today - seen_on).days > UNSEEN_DAYS


class Noted(NamedTuple):
    """A topic: `kind` need, offer, interest, goal or fact."""

    kind: str
    text: str


ASK_ABOUT = {
    "goal": "Ask how it goes with their goal: {text}.",
    "need": "Ask whether they still look for {text}.",
    "interest": "Ask what is new in {text}.",
    "offer": "Ask what they hear about {text}.",
}


def ask_next(topics: Sequence[Noted], their_promises: Sequence[str] = (), *, is_new: bool = False) -> str:
    """One thing to ask somebody at the event: what they promised, then the first goal, need, interest or offer."""
    if their_promises:
        return f"They wanted to {their_promises[0].rstrip('.')}: ask kindly how it went."
    for kind, words in ASK_ABOUT.items():
        text = next((topic.text for topic in topics if topic.kind == kind), "")
        if text:
            return words.format(text=text.rstrip("."))
    if is_new:
        return "Ask what they are working on, and what they care about."
    return "Ask what they want to reach this year, and how you could help."


WRITE_ABOUT = {
    "interest": "Send them something on {text}.",
    "need": "Think whom or what you know for {text}, and say so.",
    "goal": "Ask how it goes with their goal: {text}.",
    "offer": "Ask for their view on {text}.",
}


def follow_up(topics: Sequence[Noted], note: str = "") -> str:
    """One thing to write within two weeks of the event: on their interest, need, goal or offer, or on the talk."""
    for kind, words in WRITE_ABOUT.items():
        text = next((topic.text for topic in topics if topic.kind == kind), "")
        if text:
            return words.format(text=text.rstrip("."))
    return "Write a line on what you talked about." if note else "Write that you enjoyed the talk."


def read_names(pasted: str, most: int = 500) -> list[str]:
    """Names of a pasted list: one a line, or separated by semicolons or, on a single line, by commas.

    Bullets, numbers in front, e-mails in angle brackets and what stands after a dash, a tab or a comma ("Ada Lovelace,
    Analytical Engines") are left out; repeated names are given once. At most `most`.
    """
    lines = [line for part in pasted.replace(";", "\n").splitlines() if (line := part.strip())]
    if len(lines) == 1 and "," in lines[0]:
        lines = lines[0].split(",")
    found: dict[str, str] = {}
    for line in lines:
        name = _name_in(line)
        if name:
            found.setdefault(name.casefold(), name)
    return list(found.values())[:most]


_BEHIND = re.compile(r"[\t<(,]| [-–—] ")
"""What begins the part of a line that is no name."""


def _name_in(line: str) -> str:
    bare = line.lstrip("-–•*·#0123456789.) \u00a0")
    text = _BEHIND.split(bare, maxsplit=1)[0].strip(" \"'“”")
    return " ".join(text.split())[:300] if any(letter.isalpha() for letter in text) else ""

"""Words for introductions: what is to do, and drafts to start from. A draft is a beginning, never a finished mass text.

Where a sentence must be the owner's own, the draft holds a gap in square brackets that says what belongs there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from kithbook.core.daywords import say_day
from kithbook.core.introductions import MINE, Facts, Next, day_of, decline_told_to

LABELS = {
    "idea": "idea", "asked_first": "first side asked", "asked_second": "second side asked", "both_yes": "both said yes",
    "made": "you introduced them", "acknowledged": "they answered", "met": "they met", "outcome": "outcome known",
    "reported": "told", "thanked": "thanked", "closed": "closed", "declined": "declined", "nudged": "asked again",
    "told": "told where it stands",
}  # fmt: skip
"""What a step is called in a list."""
LABELS_TO_ME = {"made": "they introduced you", "acknowledged": "you answered", "met": "you met"}
ENDORSEMENTS = {
    "know_of": "I do not know {name} well, but what I have heard made me think of you.",
    "met": "I have met {name} and would gladly meet again.",
    "worked_with": "I have worked with {name} and can tell you more if you like.",
    "vouch": "I vouch for {name}.",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Who takes part, by full name, "" where there is nobody; `me` is how the owner signs."""

    first: str
    second: str = ""
    introducer: str = ""
    asker: str = ""
    me: str = ""

    def of(self, role: str) -> str:
        """The name behind "first", "second", "introducer" or "asker"."""
        return {"first": self.first, "second": self.second, "introducer": self.introducer, "asker": self.asker}[role]


class Draft(NamedTuple):
    """A text to begin with: `to` names the roles it goes to, `kind` what it is for."""

    kind: str
    to: tuple[str, ...]
    subject: str
    body: str


TITLES = frozenset(("dr", "prof", "mr", "ms", "mrs", "di"))


def given(name: str) -> str:
    """What one calls them: the first word of a name, a title left out."""
    words = [word for word in name.split() if word.rstrip(".").casefold() not in TITLES]
    return words[0] if words else name


def say_step(state: str, facts: Facts, names: Names) -> str:
    """A step in the list of what happened."""
    if facts.role == MINE and state in ("asked_first", "asked_second"):
        return f"you asked {names.first if state == 'asked_first' else names.second}"
    if facts.role != MINE and state in LABELS_TO_ME:
        return LABELS_TO_ME[state]
    return LABELS.get(state, state.replace("_", " "))


def say_move(state: str, facts: Facts, names: Names) -> str:
    """A move as the words on a button."""
    return (_move_of_mine if facts.role == MINE else _move_to_me)(state, facts, names)


def _move_of_mine(state: str, facts: Facts, names: Names) -> str:
    a, b = given(names.first), given(names.second)
    asked_first, asked_second = facts.state == "asked_first", facts.state == "asked_second"
    if state == "asked_second":
        return f"{a} said yes, I asked {b}" if asked_first else f"I asked {b}"
    if state == "both_yes" and (asked_second or (asked_first and facts.free_second)):
        return f"{b if asked_second else a} said yes"
    if state == "declined":
        return f"{a if asked_first else b} said no" if asked_first or asked_second else "One of them said no"
    return {
        "asked_first": f"I asked {a}", "both_yes": "Both said yes", "made": "I introduced them",
        "acknowledged": "They answered", "met": "They met", "outcome": "I know what came of it",
        "reported": f"I told {given(names.asker) or 'them'}", "thanked": f"I thanked {b}",
        "nudged": "I asked again", "told": "I passed the no on kindly", "closed": "Close it",
    }[state]  # fmt: skip


def _move_to_me(state: str, _facts: Facts, names: Names) -> str:
    a, who = given(names.first), given(names.introducer)
    return {
        "acknowledged": "I answered and thanked", "met": f"I met {a}", "outcome": "I know what came of it",
        "reported": f"I told {who} what came of it", "thanked": f"I thanked {who} again",
        "told": f"I told {who} where it stands", "declined": "I said no, kindly", "closed": "Close it",
    }[state]  # fmt: skip


def say_next(step: Next, names: Names) -> str:
    """Who acts next and what, as a short sentence."""
    who = names.of(step.who) if step.who in ("first", "second") else ""
    to = names.of(step.to) if step.to in ("first", "second", "introducer", "asker") else ""
    pair = f"{names.first} and {names.second}" if names.second else names.first
    return {
        "ask_first": f"Ask {to} first.", "ask_second": f"Ask {to}.", "answer": f"{who} answers.",
        "again": f"Ask {to} once more.", "expired": f"No answer from {to}; it rests.", "make": f"Introduce {pair}.",
        "acknowledged": "They answer each other.", "met": "They meet.", "outcome": "Something comes of it.",
        "check_acknowledged": f"Ask {to} whether they found each other.",
        "check_met": f"Ask {to} whether they met.", "check_outcome": f"Ask {to} what came of it.",
        "report": f"Tell {to} what came of it.", "thank": f"Thank {to}.",
        "tell": f"Tell {to} kindly that it will not be.", "acknowledge": f"Answer, and thank {to}.",
        "tell_progress": f"Tell {to} where it stands.", "meet": f"Meet {to}.",
        "tell_outcome": f"Tell {to} what came of it, and thank again.", "rest": "Nothing presses.",
        "finish": "Done; close it when you like.", "": "Done.",
    }[step.act]  # fmt: skip


def say_why(step: Next, facts: Facts, names: Names) -> str:
    """Why this is due, as a dated fact: the reason that the plan of the week shows."""
    since = say_day(day_of(facts, facts.state) or facts.created_on)
    made = say_day(day_of(facts, "made") or facts.created_on)
    pair = f"{names.first} and {names.second}"
    if step.act.startswith("ask_") or (step.act == "make" and facts.state == "idea"):
        return f"On {say_day(facts.created_on)} you thought of bringing {pair} together."
    if step.act.startswith("check_"):
        return f"You introduced {pair} on {made}; {_open_question(step.act)}."
    if facts.role != MINE:
        return f"{names.introducer} introduced you to {names.first} on {made}; {_open_with_me(step.act)}."
    return {
        "again": f"On {since} you asked about introducing {pair}; no answer yet.",
        "make": f"{pair} both said yes on {since}.",
        "report": f"What came of {pair} is known since {since}; {names.asker} wanted it.",
        "thank": f"{names.second} gave {names.first} time; what came of it is known since {since}.",
        "tell": f"The introduction of {pair} was declined on {since}.",
    }[step.act]


def _open_question(act: str) -> str:
    return {
        "check_acknowledged": "it is not known whether they found each other",
        "check_met": "it is not known whether they met", "check_outcome": "it is not known what came of it",
    }[act]  # fmt: skip


def _open_with_me(act: str) -> str:
    return {
        "meet": "you have not met yet", "thank": "they know what came of it: thank them again",
        "tell_progress": "they have not heard how it goes",
    }.get(act, "it is open")  # fmt: skip


def draft_all(facts: Facts, names: Names, purpose: str, blurb: str, endorsement: str, outcome: str = "") -> list[Draft]:
    """The drafts that fit the state, the one for the next thing first."""
    if facts.role != MINE:
        return _drafts_to_me(facts, names, purpose, outcome)
    text = _Texts(names, purpose, blurb, endorsement, outcome)
    waits = decline_told_to(facts)
    no = [text.decline(waits)] if waits else []
    first, second, lines = text.ask("first"), text.ask("second"), text.blurb_draft()
    return {
        "idea": [second, first, lines] if facts.free_first else [first, second, lines],
        "asked_first": [text.again("first"), second, *no], "asked_second": [text.again("second"), lines, *no],
        "both_yes": [text.introduction(), lines], "made": [text.check(facts)], "acknowledged": [text.check(facts)],
        "met": [text.check(facts)], "outcome": [text.report(facts), text.thanks()], "reported": [text.thanks()],
        "declined": no,
    }.get(facts.state, [])  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Texts:
    """Drafts of one who introduces."""

    names: Names
    purpose: str
    blurb: str
    endorsement: str
    outcome: str

    def _why(self) -> str:
        return f"It is about this: {_end(self.purpose)}" if self.purpose else "[Why the two of you, in one sentence.]"

    def _speak(self, name: str) -> str:
        known = ENDORSEMENTS.get(self.endorsement, "[How you know them, in one sentence.]").format(name=given(name))
        return f"{_end(self.blurb)} {known}" if self.blurb else f"{known} [What you value in them, in your words.]"

    def _sign(self) -> str:
        return f"\n\n{self.names.me}".rstrip()

    def ask(self, side: str) -> Draft:
        """May I introduce you? To one side alone, with an easy way out."""
        other = "second" if side == "first" else "first"
        me, you = self.names.of(other), given(self.names.of(side))
        about = self._speak(me) if side == "second" else f"[Who {given(me)} is, in one sentence.]"
        body = (
            f"Hi {you},\n\nmay I introduce you to {me}? {self._why()}\n\n{about}\n\n"
            f"I have not said anything to {given(me)} on your behalf, and no is a perfectly good answer."
        )
        if side == "second":
            body = body.replace(f"I have not said anything to {given(me)} on your behalf, and no", "No")
        return Draft(f"ask_{side}", (side,), f"May I introduce you to {me}?", body + self._sign())

    def blurb_draft(self) -> Draft:
        """A few lines that can be passed on as they are."""
        who = self.names.first
        return Draft("blurb", (), f"About {who}", f"{who}: {self._speak(who)}\n{self._why()}")

    def introduction(self) -> Draft:
        """The introduction itself: who is who, why, and whose move it is."""
        a, b = self.names.first, self.names.second
        body = (
            f"{given(b)}, meet {a}. {self._speak(a)}\n\n"
            f"{given(a)}, meet {b}. [What {given(a)} should know of {given(b)}.]\n\n"
            f"{self._why()}\n\nI leave it to you two from here. {given(a)}, would you suggest a day?"
        )
        return Draft("introduction", ("first", "second"), f"{given(a)} and {given(b)}", body + self._sign())

    def again(self, side: str) -> Draft:
        """Once more, lightly."""
        other = self.names.of("second" if side == "first" else "first")
        body = (
            f"Hi {given(self.names.of(side))},\n\nonly in case it slipped by: shall I introduce you to {other}? "
            "If this is not the time, one word is enough and I will not ask again."
        )
        return Draft("again", (side,), f"Once more: {other}", body + self._sign())

    def check(self, facts: Facts) -> Draft:
        """How it went."""
        side = facts.asker if facts.asker in ("first", "second") else "first"
        other = self.names.of("second" if side == "first" else "first")
        asked = {"made": "have you two found each other?", "acknowledged": "have you two met by now?"}
        question = asked.get(facts.state, "what came of it? I am curious, whatever it was.")
        body = f"Hi {given(self.names.of(side))},\n\nyou and {other}: {question}"
        return Draft("check", (side,), f"You and {other}", body + self._sign())

    def decline(self, to: str) -> Draft:
        """A no, passed on kindly and without reasons that are not the owner's to give."""
        role = "asker" if to == "other" else to
        other = self.names.of("second" if role == "first" else "first")
        body = (
            f"Hi {given(self.names.of(role))},\n\nI asked, and it does not fit for {other} at the moment. "
            "It says nothing about you.\n\n[Somebody else, or another way you could help?]"
        )
        return Draft("decline", (role,), f"About {other}", body + self._sign())

    def report(self, facts: Facts) -> Draft:
        """What came of it, to the one who wanted it."""
        role = "asker" if facts.asker == "other" else facts.asker or "first"
        what = _end(self.outcome) if self.outcome else "[What came of it.]"
        pair = f"{given(self.names.first)} and {given(self.names.second)}"
        body = f"Hi {given(self.names.of(role))},\n\n{pair}: {what} I thought you would like to know."
        return Draft("report", (role,), pair, body + self._sign())

    def thanks(self) -> Draft:
        """To the side that gave its time."""
        a, b = self.names.first, self.names.second
        what = f" {_end(self.outcome)}" if self.outcome else ""
        meant = f"[What it meant, to {given(a)} or to you.]"
        body = f"Hi {given(b)},\n\nthank you for taking the time for {a}.{what} {meant}"
        return Draft("thanks", ("second",), f"Thank you for {given(a)}", body + self._sign())


def _drafts_to_me(facts: Facts, names: Names, purpose: str, outcome: str) -> list[Draft]:
    by, whom, sign = given(names.introducer), names.first, f"\n\n{names.me}".rstrip()
    about = f" ({purpose.rstrip('.')})" if purpose else ""
    answer = Draft(
        "acknowledge", ("first", "introducer"), f"{given(whom)} and {names.me or 'me'}",
        f"Thank you, {by}. (You are out of the next mails.)\n\nHi {given(whom)}, good to meet you{about}. "
        f"[One sentence on why it matters to you.] Would [two days that suit you] work for a call?{sign}",
    )  # fmt: skip
    where = Draft(
        "report", ("introducer",), f"Where {given(whom)} and I stand",
        f"Hi {by},\n\na word on {whom}, whom you introduced me to: [where it stands: a day is fixed, you met, "
        f"or there was no answer yet]. Thank you for opening that door.{sign}",
    )  # fmt: skip
    told = f"{_end(outcome)}" if outcome else "[what came of it, be it nothing]"
    result = Draft(
        "outcome", ("introducer",), f"What came of {given(whom)}",
        f"Hi {by},\n\nyou introduced me to {whom}. What came of it: {told}\n\nThank you again. "
        f"[What it changed for you, and is there something you could do for {by}?]{sign}",
    )  # fmt: skip
    no = Draft(
        "decline", ("introducer",), f"About {given(whom)}",
        f"Hi {by},\n\nthank you for thinking of me and {whom}. I cannot do it well at the moment, and would rather "
        f"say so now. [A better time, or somebody it suits more.]{sign}",
    )  # fmt: skip
    return {
        "made": [answer, no], "acknowledged": [where, no], "met": [where, result], "outcome": [result],
        "reported": [result], "declined": [no],
    }.get(facts.state, [])  # fmt: skip


def mail_address(addresses: list[str], subject: str, body: str) -> str:
    """A mailto: link with everything percent-encoded (RFC 6068), "" without an address."""
    if not addresses:
        return ""
    to = ",".join(quote(one, safe="@") for one in addresses)
    text = body.replace("\r\n", "\n").replace("\n", "\r\n")
    return f"mailto:{to}?subject={quote(subject, safe='')}&body={quote(text, safe='')}"


def _end(text: str) -> str:
    clean = text.strip()
    return clean if clean.endswith((".", "!", "?")) else f"{clean}."

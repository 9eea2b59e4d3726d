"""Introductions (method §6): which moves are possible, who acts next and until when, and what speaks against one.

Two roles. "mine": the owner brings `first` and `second` together. "to_me": somebody introduced the owner to `first`.
All days are the owner's local days; a timer of n days is due on the n-th day after its start, overdue the day after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from kithbook.core.channels import CHANNELS
from kithbook.core.errors import Refused
from kithbook.core.obligations import Introduced, duties_of_introduction

MINE, TO_ME = "mine", "to_me"
STATES = (
    "idea", "asked_first", "asked_second", "both_yes", "made", "acknowledged", "met", "outcome", "reported", "thanked",
    "closed", "declined",
)  # fmt: skip
NUDGED, TOLD = "nudged", "told"
NOTES = (NUDGED, TOLD)
"""Steps that are written down without a move: asked again, or told somebody where it stands."""
ENDED = frozenset(("closed", "declined"))
ALIASES = {
    "asked": "asked_first", "asked_a": "asked_first", "asked_b": "asked_second", "yes": "both_yes",
    "ask_again": NUDGED, "again": NUDGED, "asked_again": NUDGED, "done": "closed", "introduced": "made",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timers:
    """Days after which something is due; all defaults (d). `outcome` are two looks back, counted from *made*."""

    idea: int = 7
    again: int = 5
    expire: int = 21
    make: int = 2
    acknowledged: int = 2
    met: int = 14
    outcome: tuple[int, int] = (45, 120)
    report: int = 2
    thank: int = 7


DEFAULT_TIMERS = Timers()


@dataclass(frozen=True, slots=True)
class Facts:
    """One introduction as the rules see it: `steps` are (state, day), oldest first.

    `asker` is who wanted it: "first", "second", "other" or "" (the owner's own idea). `free_first` and `free_second`
    say that this side need not be asked: they wanted it themselves, or gave a standing permission.
    """

    role: str
    state: str
    created_on: date
    steps: tuple[tuple[str, date], ...] = ()
    asker: str = ""
    free_first: bool = False
    free_second: bool = False


class Next(NamedTuple):
    """Who acts next, and what.

    `who` is "me", "first", "second", "both" or "" (nobody); `act` what they do; `to` whom the owner turns to; `due_on`
    the day for it (while others act: the day on which it comes back to the owner), None where nothing presses.
    """

    who: str
    act: str
    to: str = ""
    due_on: date | None = None
    is_overdue: bool = False
    channel: str = "email"
    minutes: int = 7
    is_expired: bool = False


_AFTER_MADE = {
    "made": ("acknowledged", "met", "outcome"), "acknowledged": ("met", "outcome"), "met": ("outcome",),
    "outcome": ("reported", "thanked"), "reported": ("thanked",), "thanked": (), "closed": (),
}  # fmt: skip
MOVES_OF_ACTS = {
    "ask_first": "asked_first", "ask_second": "asked_second", "again": NUDGED, "make": "made",
    "check_acknowledged": NUDGED, "check_met": NUDGED, "check_outcome": NUDGED, "report": "reported",
    "thank": "thanked", "tell": TOLD, "acknowledge": "acknowledged", "tell_progress": TOLD, "meet": "met",
    "tell_outcome": "reported",
}  # fmt: skip
"""What doing the next thing means for the introduction."""


def read_state(text: str) -> str:
    """The state a user means: "both yes", "Asked-A" and "again" are understood; anything else comes back as written."""
    word = "_".join(text.strip().lower().replace("-", " ").split())
    return ALIASES.get(word, word)


def possible(facts: Facts) -> tuple[str, ...]:
    """Moves that are possible now, the natural one first; "nudged" and "told" are notes that leave the state."""
    if facts.state == "declined":
        return (TOLD, "closed") if decline_told_to(facts) else ("closed",)
    if facts.role == TO_ME:
        return _possible_to_me(facts.state)
    if facts.state == "idea":
        return _possible_from_idea(facts)
    if facts.state == "asked_first":
        answered = ("both_yes",) if facts.free_second else ("asked_second", "both_yes")
        return (*answered, "declined", NUDGED, "closed")
    if facts.state == "asked_second":
        return ("both_yes", "declined", NUDGED, "closed")
    if facts.state == "both_yes":
        return ("made", "declined", "closed")
    onward = _AFTER_MADE.get(facts.state, ())
    note = (NUDGED,) if facts.state in ("made", "acknowledged", "met") else ()
    return (*onward, *note, *(() if facts.state == "closed" else ("closed",)))


def _possible_from_idea(facts: Facts) -> tuple[str, ...]:
    if facts.free_first and facts.free_second:
        return ("made", "both_yes", "closed")
    return ("asked_second" if facts.free_first else "asked_first", "both_yes", "closed")


def _possible_to_me(state: str) -> tuple[str, ...]:
    onward = ("reported",) if state == "outcome" else _AFTER_MADE.get(state, ())
    note = (TOLD,) if state in ("made", "acknowledged", "met") else ()
    end = {"closed": (), "made": ("declined", "closed"), "acknowledged": ("declined", "closed")}.get(state, ("closed",))
    return (*onward, *note, *end)


def move(facts: Facts, to: str) -> str:
    """The state after that move; raises Refused for an impossible one, naming those that are possible."""
    wanted = read_state(to)
    choices = possible(facts)
    if wanted in choices:
        return facts.state if wanted in NOTES else wanted
    said = _say(facts.state)
    hint = f"Possible now: {', '.join(choices)}." if choices else "It is over; start a new one for these two."
    if wanted in ("made", "both_yes") and facts.role == MINE and facts.state in ("idea", "asked_first", "asked_second"):
        raise Refused(f"From “{said}” it cannot go to “{_say(wanted)}”: both say yes first.", hint)
    raise Refused(f"From “{said}” it cannot go to “{_say(wanted)[:40]}”.", hint)


def next_step(facts: Facts, on: date, timers: Timers = DEFAULT_TIMERS) -> Next:
    """Who acts next, what, and until when."""
    if facts.state == "closed":
        return Next("", "")
    if facts.state == "declined":
        return _after_decline(facts, on, timers)
    if facts.role == TO_ME:
        return _next_to_me(facts, on, timers)
    if facts.state == "idea":
        return _next_of_idea(facts, on, timers)
    if facts.state in ("asked_first", "asked_second"):
        return _next_of_asked(facts, on, timers)
    if facts.state == "both_yes":
        return _mine("make", "both", entered_on(facts) + timedelta(days=timers.make), on)
    if facts.state in ("made", "acknowledged", "met"):
        return _next_of_made(facts, on, timers)
    return _next_of_outcome(facts, on, timers)


def entered_on(facts: Facts) -> date:
    """The day the present state was reached."""
    return day_of(facts, facts.state) or facts.created_on


def day_of(facts: Facts, state: str) -> date | None:
    """The last day of a step to that state, None if there was none."""
    return max((day for name, day in facts.steps if name == state), default=None)


def decline_told_to(facts: Facts) -> str:
    """Who waits for a word after a no: the one who had asked, else the side that had said yes already."""
    if facts.role == TO_ME:
        return "introducer"
    if facts.asker:
        return facts.asker
    return "first" if any(state == "asked_second" for state, _ in facts.steps) else ""


def asked_side(facts: Facts) -> str:
    """Whose answer an asked introduction waits for."""
    return "first" if facts.state == "asked_first" else "second"


def _mine(act: str, to: str, due: date | None, on: date, channel: str = "email") -> Next:
    late = due is not None and on > due
    return Next("me", act, to, due, late, channel, max(1, CHANNELS[channel].minutes))


def _next_of_idea(facts: Facts, on: date, timers: Timers) -> Next:
    """An idea may rest: after three weeks nothing presses any more."""
    due: date | None = facts.created_on + timedelta(days=timers.idea)
    if (on - facts.created_on).days >= timers.expire:
        due = None
    if facts.free_first and facts.free_second:
        return _mine("make", "both", due, on)
    return _mine(*(("ask_second", "second") if facts.free_first else ("ask_first", "first")), due, on)


def _next_of_asked(facts: Facts, on: date, timers: Timers) -> Next:
    """Their answer; asked again once after five days, expired three weeks after the last time they were asked."""
    side, asked_on = asked_side(facts), entered_on(facts)
    again = max((day for name, day in facts.steps if name == NUDGED and day >= asked_on), default=None)
    expires = (again or asked_on) + timedelta(days=timers.expire)
    if on >= expires:
        return Next("", "expired", side, expires, is_expired=True)
    due = asked_on + timedelta(days=timers.again)
    if again is None and on >= due:
        return _mine("again", side, due, on)
    return Next(side, "answer", side, expires if again else due)


def _next_of_made(facts: Facts, on: date, timers: Timers) -> Next:
    """Looks after them: have they found each other, met, and what came of it. A note settles all that was due."""
    made_on = day_of(facts, "made") or facts.created_on
    looks = [("acknowledged", timers.acknowledged), ("met", timers.met), *(("outcome", n) for n in timers.outcome)]
    skip = {"made": 0, "acknowledged": 1, "met": 2}[facts.state]
    noted = max((day for name, day in facts.steps if name == NUDGED), default=None)
    days = [(what, made_on + timedelta(days=n)) for what, n in looks[skip:]]
    waiting = [(what, day) for what, day in days if noted is None or noted < day]
    if not waiting:
        return Next("both", "rest")
    passed = [pair for pair in waiting if pair[1] <= on]
    what, day = passed[-1] if passed else waiting[0]
    if passed:
        to = facts.asker if facts.asker in ("first", "second") else "first"
        return _mine(f"check_{what}", to, day, on, "message")
    return Next("both", what, "", day)


def _next_of_outcome(facts: Facts, on: date, timers: Timers) -> Next:
    if facts.state == "thanked":
        return Next("", "finish")
    if facts.state == "outcome" and facts.asker == "other":
        return _mine("report", "asker", entered_on(facts) + timedelta(days=timers.report), on)
    return _mine("thank", "second", entered_on(facts) + timedelta(days=timers.thank), on, "message")


def _after_decline(facts: Facts, on: date, timers: Timers) -> Next:
    """A kind word to the one who waits, soon or not at all."""
    ended, to = entered_on(facts), decline_told_to(facts)
    told = any(name == TOLD and day >= ended for name, day in facts.steps)
    if not to or told or (on - ended).days >= timers.expire:
        return Next("", "")
    return _mine("tell", "asker" if to == "other" else to, ended + timedelta(days=timers.report), on)


def as_introduced(facts: Facts, person_id: int = 0, stage: int = 1, whom: str = "", ref: str = "") -> Introduced:
    """An introduction of the owner in the form of `core.obligations`.

    What was told before the meeting does not stand for the report after it.
    """
    met, outcome = day_of(facts, "met"), day_of(facts, "outcome")
    told = day_of(facts, TOLD)
    closing = day_of(facts, "reported") or day_of(facts, "thanked")
    return Introduced(
        person_id=person_id, stage=stage, on=day_of(facts, "made") or facts.created_on, whom=whom, ref=ref,
        acknowledged_on=None if facts.state == "made" else day_of(facts, "acknowledged") or met or entered_on(facts),
        met_on=met, reported_on=told if told and (met is None or told >= met) else None,
        outcome_on=outcome or closing, outcome_reported_on=closing,
    )  # fmt: skip


def _next_to_me(facts: Facts, on: date, timers: Timers) -> Next:
    """The duties of one who was introduced; the program's own words for them are in `core.obligations`."""
    owed = duties_of_introduction(as_introduced(facts, ref="it"))
    if owed:
        part = owed[0].ref.rpartition(":")[2]
        act = {"acknowledge": "acknowledge", "report": "tell_progress", "outcome": "tell_outcome"}[part]
        return _mine(act, "introducer", owed[0].due_on, on)
    made_on = day_of(facts, "made") or facts.created_on
    if facts.state == "acknowledged":
        return _mine("meet", "first", made_on + timedelta(days=timers.met), on, "call")
    if facts.state == "met":
        return _to_look_back(facts, made_on, on, timers)
    if facts.state == "reported":
        return _mine("thank", "introducer", entered_on(facts) + timedelta(days=timers.report), on, "message")
    return Next("", "finish")


def _to_look_back(facts: Facts, made_on: date, on: date, timers: Timers) -> Next:
    told = day_of(facts, TOLD)
    days = [made_on + timedelta(days=n) for n in timers.outcome]
    waiting = [day for day in days if told is None or told < day]
    if not waiting:
        return Next("me", "rest")
    passed = [day for day in waiting if day <= on]
    return _mine("tell_progress", "introducer", passed[-1] if passed else waiting[0], on)


def _say(state: str) -> str:
    return state.replace("_", " ")

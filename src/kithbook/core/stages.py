"""The seven stages (method §2): their rules, and what the evidence proposes. The owner confirms every move.

The program moves nobody by itself (the one exception, the first stage after an import, is written down as such), one
step at a time, and names the dated facts. Silence lowers warmth; it never proposes a lower stage from Support up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Literal, NamedTuple

from kithbook.core.daywords import write_date
from kithbook.core.ledger import add_months


class StageRule(NamedTuple):
    """What a stage asks of the owner's time.

    `ceiling_days`: at most one outbound contact per so many days (None = no ceiling); `gap_days`: target gap from–to;
    `share`: of the weekly minutes; `silent_step_down`: whether long silence may propose a step down.
    """

    number: int
    name: str
    ceiling_days: int | None
    gap_days: tuple[int, int]
    share: float
    silent_step_down: bool


class Stage(IntEnum):
    """The stages by number."""

    RECOGNISE = 1
    KNOW = 2
    LIKE = 3
    TRUST = 4
    SUPPORT = 5
    ADVOCATE = 6
    FRIEND = 7


STAGES: tuple[StageRule, ...] = (
    StageRule(1, "Recognise", 60, (90, 180), 0.05, silent_step_down=False),
    StageRule(2, "Know", 21, (60, 90), 0.10, silent_step_down=True),
    StageRule(3, "Like", 10, (30, 45), 0.30, silent_step_down=True),
    StageRule(4, "Trust", 7, (30, 60), 0.35, silent_step_down=True),
    StageRule(5, "Support", None, (90, 120), 0.10, silent_step_down=False),
    StageRule(6, "Advocate", None, (120, 180), 0.05, silent_step_down=False),
    StageRule(7, "Friend", None, (180, 365), 0.05, silent_step_down=False),
)

KNOW_TWO_WAY = 2
LIKE_SHARE = 1 / 3
LEAST_BEGUN = 3
"""One answer to one letter is no habit: with fewer exchanges begun the share says nothing yet (judgement)."""
LIVELY_TWO_WAY = 6
"""From so many two-way exchanges on, messages tell what few beginnings cannot: a lively exchange never pauses long
enough to be begun anew (judgement)."""
IMPORT_LIKE_TWO_WAY = 6
IMPORT_LIKE_DAYS = 90
IMPORT_LIKE_STARTED = 2
FORGOTTEN_MONTHS = 18
STUCK_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Evidence:
    """The dated facts about one person up to the day `on` (local dates; counts are whole numbers, dates None if never).

    `two_way`: exchanges in which both sides took part, `first_two_way_on`/`last_two_way_on` their ends; `outbound`:
    contacts the owner began, `answered` how many of them came back, `started_by_them`: contacts they began; `sent` and
    `came`: messages each way, whoever began.
    `does_on`/`wants_on`: when it was noted what they do, what they look for or want; `personal_on`: something personal
    exchanged. `given_on`/`received_on`: last kept promise or favour by the owner / by them. `ask_granted_on`: they
    granted an ask; `unasked_on`: they recommended or introduced the owner unasked; `friend_on`: the owner said so.
    `promise_broken_on`: last promise the owner broke (what they broke changes how the owner sees them, not this),
    `unthanked_on`: day of help that is still unthanked past its time; `mended_on`: last apology, kept promise or
    thanks after such a thing.
    `stage_since`: day of the last stage event; `stepped_down`: that event was a step down.
    """

    on: date
    met_on: date | None = None
    two_way: int = 0
    first_two_way_on: date | None = None
    last_two_way_on: date | None = None
    outbound: int = 0
    answered: int = 0
    started_by_them: int = 0
    sent: int = 0
    came: int = 0
    does_on: date | None = None
    wants_on: date | None = None
    personal_on: date | None = None
    given_on: date | None = None
    received_on: date | None = None
    ask_granted_on: date | None = None
    unasked_on: date | None = None
    friend_on: date | None = None
    promise_broken_on: date | None = None
    unthanked_on: date | None = None
    mended_on: date | None = None
    stage_since: date | None = None
    stepped_down: bool = False

    def begun(self) -> int:
        """Exchanges that either side began."""
        return self.outbound + self.started_by_them

    def share(self) -> float:
        """How often they answer or begin: (answered + begun by them) / (begun by either side), 0 without any."""
        begun = self.begun()
        return min(1.0, (self.answered + self.started_by_them) / begun) if begun else 0.0


class Proposal(NamedTuple):
    """A move by one step and its reasons, sentences with dates; the owner confirms or not."""

    from_stage: int
    to_stage: int
    why: tuple[str, ...]


class Missing(NamedTuple):
    """One piece of evidence still to earn, and a step that could earn it."""

    evidence: str
    next_step: str


class Need(NamedTuple):
    """One condition for a stage: the sentence if it holds, else "", and what to say where it does not.

    `early` says it instead while there is too little to judge by, None where there is enough.
    """

    holds: Callable[[Evidence], str]
    missing: str
    next_step: str
    early: Callable[[Evidence], Missing | None] = lambda _evidence: None


def stage_rule(stage: int) -> StageRule:
    """Give the rule of a stage 1–7; anything outside is read as the nearest."""
    return STAGES[min(max(stage, 1), 7) - 1]


def propose(evidence: Evidence, stage: int) -> Proposal | None:
    """Propose a step down for an unmended breach or (Know to Trust) long silence, or up with all its evidence."""
    stage = stage_rule(stage).number
    breach = _breach(evidence)
    if breach:
        is_new = evidence.stage_since is None or breach[0] > evidence.stage_since
        return Proposal(stage, stage - 1, (breach[1],)) if is_new and stage > Stage.RECOGNISE else None
    silence = _silence(evidence, stage)
    if silence:
        return Proposal(stage, stage - 1, (silence,)) if stage_rule(stage).silent_step_down else None
    if stage == Stage.FRIEND or not _is_fresh(evidence):
        return None
    why = [need.holds(evidence) for need in _NEEDS[stage + 1]]
    return Proposal(stage, stage + 1, tuple(why)) if all(why) else None


def missing(evidence: Evidence, stage: int) -> tuple[Missing, ...]:
    """List what the next stage still wants; empty where everything is there and for Friend."""
    stage = stage_rule(stage).number
    if stage == Stage.FRIEND:
        return ()
    breach = _breach(evidence)
    first = (
        (Missing("mended: " + breach[1], "Put it right first: thank, apologise or keep the word."),) if breach else ()
    )
    return first + tuple(
        need.early(evidence) or Missing(need.missing, need.next_step)
        for need in _NEEDS[stage + 1]
        if not need.holds(evidence)
    )


def initial_stage(evidence: Evidence) -> int:
    """Give the stage an import alone may give: at most Like, as a mailbox shows no favours.

    Know: ≥ 2 two-way exchanges. Like: ≥ 6 of them over ≥ 90 days, they answer or begin ≥ 1/3 of the time and began
    at least twice themselves; a lively exchange is hardly ever begun anew, there a third of its messages counts
    instead. After 18 months without any, Know at most: they may have to be reminded who writes.
    """
    if evidence.two_way < KNOW_TWO_WAY:
        return Stage.RECOGNISE
    if _is_forgotten(evidence) or evidence.two_way < IMPORT_LIKE_TWO_WAY:
        return Stage.KNOW
    lasts = _days(evidence.first_two_way_on, evidence.last_two_way_on) >= IMPORT_LIKE_DAYS
    begins = evidence.share() >= LIKE_SHARE and evidence.started_by_them >= IMPORT_LIKE_STARTED
    is_lively = evidence.begun() < LEAST_BEGUN and bool(_message_sentence(evidence))
    return Stage.LIKE if lasts and (begins or is_lively) else Stage.KNOW


def import_reason(evidence: Evidence) -> str:
    """Why an import gave that stage, as the text of its stage event."""
    stage = initial_stage(evidence)
    if stage == Stage.RECOGNISE:
        return "From import: fewer than two exchanges that went both ways."
    seen = _two_way_sentence(evidence)
    if stage == Stage.KNOW:
        return f"From import: {seen}"
    return f"From import: {seen} {_share_sentence(evidence)}".rstrip()


def is_stuck(stage: int, since: date | None, today: date) -> bool:
    """Whether somebody has been at Like or Trust for more than a year (the anniversary itself is not yet more)."""
    return stage in {Stage.LIKE, Stage.TRUST} and since is not None and today > add_months(since, STUCK_MONTHS)


def needs_of(stage: int) -> tuple[Need, ...]:
    """The conditions for a stage; none for Recognise."""
    return _NEEDS.get(stage, ())


def _is_forgotten(evidence: Evidence) -> bool:
    last = evidence.last_two_way_on
    return last is not None and evidence.on > add_months(last, FORGOTTEN_MONTHS)


def _silence(evidence: Evidence, stage: int) -> str:
    """Long silence below Support, counted from the last stage event too: one step, then eighteen months again."""
    if stage >= Stage.SUPPORT or not _is_forgotten(evidence) or evidence.last_two_way_on is None:
        return ""
    since = max(evidence.last_two_way_on, evidence.stage_since or evidence.last_two_way_on)
    if evidence.on <= add_months(since, FORGOTTEN_MONTHS):
        return ""
    return f"Nothing has gone both ways since {write_date(evidence.last_two_way_on)}; they may not place you at once."


def _breach(evidence: Evidence) -> tuple[date, str] | None:
    """Find the latest broken promise or unthanked help that was not mended since."""
    broken, unthanked = evidence.promise_broken_on, evidence.unthanked_on
    open_ones: list[tuple[date, str]] = []
    if broken and not _mended_since(evidence, broken):
        open_ones.append((broken, f"A promise was broken on {write_date(broken)}."))
    if unthanked and not _mended_since(evidence, unthanked):
        open_ones.append((unthanked, f"Help of {write_date(unthanked)} has not been thanked."))
    return max(open_ones, default=None)


def _mended_since(evidence: Evidence, day: date) -> bool:
    return evidence.mended_on is not None and evidence.mended_on >= day


def _is_fresh(evidence: Evidence) -> bool:
    """After a step down something two-way must have happened since; nobody rises on a silence of 18 months."""
    last = evidence.last_two_way_on
    if evidence.friend_on is not None and (evidence.stage_since is None or evidence.friend_on >= evidence.stage_since):
        return True
    if _is_forgotten(evidence):
        return False
    return not (evidence.stepped_down and evidence.stage_since and (last is None or last <= evidence.stage_since))


def _days(first: date | None, last: date | None) -> int:
    return (last - first).days if first and last else 0


def _two_way_sentence(evidence: Evidence) -> str:
    if evidence.two_way < KNOW_TWO_WAY:
        return ""
    last = f", last on {write_date(evidence.last_two_way_on)}" if evidence.last_two_way_on else ""
    return f"{evidence.two_way} exchanges went both ways{last}."


def _share_sentence(evidence: Evidence) -> str:
    begun = evidence.begun()
    if begun < LEAST_BEGUN:
        return _message_sentence(evidence)
    if evidence.share() < LIKE_SHARE:
        return ""
    return (
        f"Of {begun} contacts they began {evidence.started_by_them} and answered {evidence.answered} "
        f"({round(100 * evidence.share())} %)."
    )


def _too_few_begun(evidence: Evidence) -> Missing | None:
    """With one or two exchanges begun nobody can say how often they answer, nor that the owner writes too much."""
    begun = evidence.begun()
    if begun >= LEAST_BEGUN or evidence.two_way >= LIVELY_TWO_WAY:
        return None
    so_far = ("there has been none", "there has been one", "there have been two")[begun]
    return Missing(
        f"three exchanges that one of you began; so far {so_far}",
        "Begin another when there is a reason to: after three it shows who comes back.",
    )


def _message_sentence(evidence: Evidence) -> str:
    """For a lively exchange that was hardly ever begun anew: the part of its messages that came from them."""
    messages = evidence.sent + evidence.came
    if evidence.two_way < LIVELY_TWO_WAY or evidence.came < LIKE_SHARE * messages or not messages:
        return ""
    return f"Of {messages} messages {evidence.came} came from them ({round(100 * evidence.came / messages)} %)."


def _dated(
    field: Literal[
        "does_on", "wants_on", "personal_on", "given_on", "received_on", "ask_granted_on", "unasked_on", "friend_on"
    ],
    words: str,
) -> Callable[[Evidence], str]:
    def sentence(evidence: Evidence) -> str:
        day: date | None = getattr(evidence, field)
        return f"{words} {write_date(day)}." if day and day <= evidence.on else ""

    return sentence


_NEEDS: dict[int, tuple[Need, ...]] = {
    2: (
        Need(
            _two_way_sentence,
            "two exchanges that go both ways",
            "Write something they can easily answer, about what you talked of.",
        ),
        Need(
            _dated("does_on", "What they do was noted on"),
            "a note of what they do",
            "Ask what they are working on, and note it.",
        ),
        Need(
            _dated("wants_on", "What they want was noted on"),
            "a note of what they want or look for",
            "Ask what they hope for this year, and note it.",
        ),
    ),
    3: (
        Need(
            _share_sentence,
            "they answer or begin at least one time in three",
            "Write less often and closer to what they care about.",
            _too_few_begun,
        ),
        Need(
            _dated("personal_on", "Something personal was exchanged on"),
            "something personal exchanged",
            "Talk about something besides work: a call or a coffee does more than a mail.",
        ),
    ),
    4: (
        Need(
            _dated("given_on", "You kept a promise or did a favour on"),
            "a kept promise or favour by you",
            "Promise one small thing that helps them, and keep it.",
        ),
        Need(
            _dated("received_on", "They kept a promise or did you a favour on"),
            "a kept promise or favour by them",
            "Let them help with something small, and tell them what came of it.",
        ),
    ),
    5: (
        Need(
            _dated("ask_granted_on", "They granted an ask on"),
            "an ask that they granted",
            "When you are ready to ask, ask for something of size 1 or 2.",
        ),
    ),
    6: (
        Need(
            _dated("unasked_on", "They recommended or introduced you unasked on"),
            "a recommendation or introduction you did not ask for",
            "This cannot be asked for: keep them up to date with what you do, and help them first.",
        ),
    ),
    7: (
        Need(
            _dated("friend_on", "You called them a friend on"),
            "your own word that this is a friend",
            "Only you know: say so when the tie exists for its own sake.",
        ),
    ),
}

"""The dated steps that lead to an ask (method §5): which loops to close, when to be in touch, what to give before.

`plan` is the shortest way from today; `schedule` leads to an ask that is planned for a day. Both are reckoned from the
facts alone, so that a plan made again after a step was done goes on where it was; nothing is stored.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final, NamedTuple

from kithbook.core.askrules import (
    DEPOSIT,
    KNOWN_EXCHANGES,
    LARGE_ASK,
    LARGE_CONVERSATIONS,
    LARGE_HISTORY_DAYS,
    READY,
    REINTRODUCE,
    TRUST,
    WAIT,
    Asked,
    Facts,
    Loop,
    is_open,
    needed_balance,
    net,
    remembered_since,
    verdict_code,
    waits_until,
)
from kithbook.core.daywords import write_date
from kithbook.core.ledger import Entry, last_deposit_on, needs_deposit
from kithbook.core.stages import stage_rule

AFTER_DEPOSIT_DAYS: Final = 7
"""Nothing is asked for within a week of something given or a loop closed: it would look like the price (d)."""
UNHURRIED_DAYS: Final = 30
"""Days between steps where the stage sets no ceiling of its own (d)."""
BEFORE_ASK_DAYS: Final = 14
"""The last deposit before a planned ask lies at least so many days before it (d)."""
LARGEST_GIFT: Final = 3
USUAL_GIFT: Final = 2
MOST_STEPS: Final = 400
SETTLING: Final = ("close", "answer")
"""Kinds of steps that settle what is open and are no contact by themselves."""
GIVES: Final = {0: "", 1: "item", 2: "advice", 3: "goal_help"}
"""The kind of bank entry that a step of each size usually is."""
DEPOSITS: Final = {
    1: "Send one thing that is useful to them.",
    2: "Give an answer, a piece of advice or half an hour of help.",
    3: "Help with one of their goals, or introduce them to somebody they want to meet.",
}


class Step(NamedTuple):
    """One step: the day, what to do, the size of what is given (0 where nothing is).

    `kind` is "close", "introduce", "answer" (find out what came of an earlier ask), "talk" or "deposit"; `gives` the
    kind of bank entry it makes, "" for none.
    """

    on: date
    deposit: str
    size: int
    kind: str
    gives: str = ""


class Way(NamedTuple):
    """The steps, and the first day on which the ask is ready after them; None where no such day was found."""

    steps: tuple[Step, ...]
    ready_on: date | None


def plan(facts: Facts, size: int, on: date) -> Way:
    """The shortest way to an ask of that size, beginning on the day `on`; no steps where it is ready already."""
    steps, now, day = _close_all(facts, on)
    last = last_deposit_on(facts.entries, on)
    gap = timedelta(days=step_days(facts.stage))
    for _ in range(MOST_STEPS):
        code = verdict_code(now, size, day)
        if code == READY:
            return Way(tuple(steps), day)
        if code == WAIT and (open_ones := _settle(now, day)):
            steps += open_ones
            now, day = apply(now, open_ones[0]), day + timedelta(days=AFTER_DEPOSIT_DAYS)
            continue
        if code == WAIT:
            until = waits_until(now.asks, now.stage, day)
            day = (until or day) + timedelta(days=1)
            continue
        if code == DEPOSIT and _only_too_young(now, size, day) and any(step.kind not in SETTLING for step in steps):
            day = _history_on(now)
            continue
        step = _next_step(now, size, max(day, last + gap) if last else day, code)
        steps.append(step)
        now, last = apply(now, step), step.on
        day = step.on + timedelta(days=AFTER_DEPOSIT_DAYS)
    return Way(tuple(steps), None)


def schedule(facts: Facts, size: int, on: date, by: date) -> Way:
    """The steps before an ask that is planned for the day `by`, as late as they may be.

    The last lies two weeks before it, the others a stage's usual gap apart. Somebody who has not had anything for
    ninety days by then gets one thing even where the ask is ready without. Where the time is too short the
    way from today is given, and `ready_on` says when it would be.
    """
    closing, now, _ = _close_all(facts, on)
    if open_ones := _settle(now, on):
        closing, now = [*closing, *open_ones], apply(now, open_ones[0])
    spacing = timedelta(days=step_days(facts.stage))
    last = by - timedelta(days=BEFORE_ASK_DAYS)
    for count in range(MOST_STEPS):
        days = [last - spacing * back for back in range(count - 1, -1, -1)]
        if days and days[0] < on and not (count == 1 and last < on):
            break
        steps, later = _steps_on(now, size, [max(day, on) for day in days])
        if verdict_code(later, size, by) == READY and not _is_bare(later, by):
            return Way((*closing, *steps), by)
    way = plan(facts, size, on)
    return way if way.steps else Way((_give(facts, 1, on),), way.ready_on)


def apply(facts: Facts, step: Step) -> Facts:
    """The facts after a step was done on its day, and answered where it is a word with them."""
    entries = facts.entries
    if step.gives:
        entries = (*entries, Entry(step.on, "gave", step.gives, max(1, step.size)))
    if step.kind == "close":
        return replace(facts, entries=entries, loops=(), missing=())
    if step.kind == "answer":
        return replace(facts, asks=tuple(ask for ask in facts.asks if not is_open(ask) or ask.on > step.on))
    talked = step.kind in ("introduce", "talk")
    return replace(
        facts,
        entries=entries,
        two_way=facts.two_way + talked,
        conversations=facts.conversations + talked,
        last_two_way_on=step.on if talked else facts.last_two_way_on,
        first_on=facts.first_on or (step.on if talked else None),
    )


def step_days(stage: int) -> int:
    """Days between two steps: the stage's ceiling on being in touch, a month where it has none."""
    return max(AFTER_DEPOSIT_DAYS, stage_rule(stage).ceiling_days or UNHURRIED_DAYS)


def _close_all(facts: Facts, on: date) -> tuple[list[Step], Facts, date]:
    """Close every loop on the first day, one step each; the next thing may follow a week later."""
    open_ones = [loop for loop in facts.loops if loop.on <= on]
    if not open_ones:
        return [], facts, on
    steps = [_close(loop, on) for loop in open_ones]
    now = facts
    for step in steps:
        now = apply(now, step)
    return steps, now, on + timedelta(days=AFTER_DEPOSIT_DAYS)


def _close(loop: Loop, on: date) -> Step:
    return Step(on, loop.remedy, 2 if loop.gives == "promise_kept" else 1, "close", loop.gives)


def _settle(facts: Facts, on: date) -> list[Step]:
    """One step for each ask of which no answer is noted; that they said neither yes nor no since is assumed."""
    open_ones = sorted(ask for ask in facts.asks if is_open(ask) and ask.on <= on)
    return [Step(on, follow_up(ask), 0, "answer") for ask in open_ones]


def follow_up(ask: Asked) -> str:
    """What to do about an ask of which no answer is noted."""
    return f"Note what came of {named(ask)}, or ask once how it stands."


def named(ask: Asked) -> str:
    """The ask in its own words, else by its day."""
    return f"“{ask.what}”" if ask.what else f"your ask of {write_date(ask.on)}"


def _next_step(facts: Facts, size: int, on: date, code: int) -> Step:
    if code == REINTRODUCE:
        return _introduce(facts, on)
    if _wants_talk(facts, size):
        return _talk(facts, on)
    return _give(facts, _gift_size(facts, size, on), on)


def _gift_size(facts: Facts, size: int, on: date) -> int:
    """The smallest gift that is enough a week later; the largest usual one where none is."""
    needed = needed_balance(facts.stage, size) or 0
    for gift in range(1, LARGEST_GIFT + 1):
        step = _give(facts, gift, on)
        if net(apply(facts, step), on + timedelta(days=AFTER_DEPOSIT_DAYS)) >= needed:
            return gift
    return LARGEST_GIFT


def _steps_on(facts: Facts, size: int, days: list[date]) -> tuple[list[Step], Facts]:
    """Fill the days: first the words with them that are missing, then gifts."""
    steps = []
    for day in days:
        if _has_to_introduce(facts, day):
            step = _introduce(facts, day)
        elif _wants_talk(facts, size):
            step = _talk(facts, day)
        else:
            step = _give(facts, USUAL_GIFT if facts.stage < TRUST else 1, day)
        steps.append(step)
        facts = apply(facts, step)
    return steps, facts


def _has_to_introduce(facts: Facts, day: date) -> bool:
    return verdict_code(facts, 1, day) == REINTRODUCE


def _is_bare(facts: Facts, by: date) -> bool:
    """Nothing was given in the ninety days before."""
    return needs_deposit(last_deposit_on(facts.entries, by), by)


def _wants_talk(facts: Facts, size: int) -> bool:
    return size >= LARGE_ASK and facts.stage < TRUST and facts.conversations < LARGE_CONVERSATIONS


def _only_too_young(facts: Facts, size: int, day: date) -> bool:
    """Nothing is missing but days of history."""
    needed = needed_balance(facts.stage, size)
    return not _wants_talk(facts, size) and needed is not None and net(facts, day) >= needed


def _history_on(facts: Facts) -> date:
    return (facts.first_on or date.min) + timedelta(days=LARGE_HISTORY_DAYS)


def _introduce(facts: Facts, on: date) -> Step:
    silent = facts.last_two_way_on is not None and facts.last_two_way_on < remembered_since(on)
    if facts.two_way == 0 and not facts.met:
        text = "Have somebody you both know introduce you, or introduce yourself with something useful to them."
    elif facts.two_way + 1 < KNOWN_EXCHANGES or silent or not facts.two_way:
        text = f"Write and say who you are: {facts.met or 'where and when you met'}."
    else:
        text = "Talk once more, with nothing asked."
    return Step(on, text, 0, "introduce")


def _talk(facts: Facts, on: date) -> Step:
    return Step(on, f"Have a conversation with nothing asked. {facts.ideas[0]}" if facts.ideas else
                "Have a conversation with nothing asked: what are they working on?", 0, "talk")  # fmt: skip


def _give(facts: Facts, gift: int, on: date) -> Step:
    given = sum(entry.direction == "gave" and entry.on >= on - timedelta(days=365) for entry in facts.entries)
    # Sending something is a small gift; help of size 2 and more goes by what they ask or want.
    ideas = [idea for idea in facts.ideas if gift == 1 or not idea.startswith("Send")]
    idea = ideas[given % len(ideas)] if ideas else ""
    text = idea if idea and gift == 1 else f"{DEPOSITS[gift]} {idea}".rstrip()
    return Step(on, text, gift, "deposit", GIVES[gift])

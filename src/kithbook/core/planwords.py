"""Why something is in the plan, or not, in one or two plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kithbook.core.channels import CHANNELS
from kithbook.core.daywords import say_day
from kithbook.core.stages import STAGES

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
STAGE_NAMES: Mapping[int, str] = {rule.number: rule.name for rule in STAGES}
CAP_REASONS: Mapping[str, str] = {
    "social": "This week's minutes for social media are used up.",
    "giving": "This week's time for giving without a purpose is used up.",
    "strategic": "People linked to your objectives have their part of the week; the rest is for those you like.",
}
RECONNECT = "Once close, quiet for years: two such ties are offered a month."
ANOTHER_TOUCH = "You have one touch with them this week already; this one waits for the next."


def say_channel(channel: str) -> str:
    """The name of a channel for a sentence."""
    return CHANNELS[channel].label if channel in CHANNELS else channel


def say_minutes(minutes: int) -> str:
    """Say minutes: "1 minute", "15 minutes"."""
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def explain_now(channel: str, gain: float, reply: float) -> str:
    """What the time changes: the warm days that this touch is expected to buy."""
    days = gain * reply
    chance = f"{round(100 * reply)} % chance of an answer"
    amount = f"about {round(days)} warm days" if days >= 1.5 else "about a warm day"
    return f"One {say_channel(channel)} now buys {amount}, with a {chance}."


def explain_floor(name: str, objective_names: Mapping[int, str]) -> str:
    """Why a touch is taken although others gain more per minute: a floor keeps time for it."""
    kind, _, what = name.partition(":")
    if kind == "stage":
        return f"Part of the week is kept for people at {STAGE_NAMES[int(what)]}."
    if kind == "objective":
        return f"Part of the week is kept for {objective_names.get(int(what), 'this objective')}."
    return "Part of the week is kept for giving without a purpose."


def explain_overdue(due_on: date) -> str:
    """Said of a duty whose day has passed."""
    return f"It was due on {say_day(due_on)}."


def explain_held(reason: str, until: date) -> str:
    """Said of somebody to whom nothing may be proposed before a day."""
    reason = reason[:1].upper() + reason[1:]
    return f"{reason}: paused until {say_day(until)}." if reason else f"Paused until {say_day(until)}."


def explain_no_day(minutes: int, longest: int) -> str:
    """Said of what is longer than any free day."""
    if longest <= 0:
        return f"It needs {say_minutes(minutes)}, and no day has time left."
    return f"It needs {say_minutes(minutes)}; the longest free day has {longest}."


def explain_full(minutes: int, left: int) -> str:
    """Said of what no longer fits into the week."""
    return f"No time left this week: it needs {say_minutes(minutes)}, {max(0, left)} left."


def explain_less(name: str, channel: str) -> str:
    """Said of what gains less per minute than somebody who is in the plan."""
    return f"Less gained per minute than the {say_channel(channel)} for {name}."


def explain_touches(touches: int) -> str:
    """Said where the plan has as many lines as the owner wants."""
    return f"The plan is kept to {touches} touches, and these gain more together."
